"""The test bench itself: what the relay says of bytes that are known."""

import pytest

import relay

BYTE_BY_BYTE = [("client", bytes([byte])) for byte in b"\xff\xfb\x18"]


class Written:
    """A record without a connection."""
    commands = relay.Relay.commands

    def __init__(self, record):
        self.record = record


def ours(text):
    return "client", bytes.fromhex(text)


def theirs(text):
    return "server", bytes.fromhex(text)


@pytest.mark.parametrize("record, expected", [
    ([theirs("fffd18"), ours("fffb18"), theirs("fffa1801fff0"),
      ours("fffa18007674fff0")], []),
    ([ours("ffff41ffff42"), ours("ff"), ours("ff")], []),
    ([ours("fffd03 fffb18 6c6f67")], []),
    (BYTE_BY_BYTE, ["WILL TTYPE (split): not in one write"]),
    ([ours("fffb1f fffa1f00500018fff0"), theirs("fffd1f")],
     ["SB NAWS 00500018: the option is not on"]),
    ([theirs("fffd1f"), ours("fffb1f"), ours("fffa1f00ffff0018fff0")], []),
    ([theirs("fffd18"), ours("fffb18"), ours("fffa18007674fff0")],
     ["SB TTYPE 007674: nobody asked"]),
    ([ours("fffb01")] * 9, ["WILL ECHO: said over and over"]),
])
def test_faults_of_a_record(record, expected):
    assert relay.faults(Written(record), "client") == expected


def test_pieces_make_no_difference_to_the_commands():
    stream = bytes.fromhex("61fffd18ffff62fffa1801fff0fff1fffa1fff"
                           "ff00ff ff18 fff0 63")
    whole = [str(c) for _, c in Written([("server", stream)]).commands()]
    cut = [str(c).replace(" (split)", "") for _, c in Written(
        [("server", bytes([byte])) for byte in stream]).commands()]
    assert whole == ["DO TTYPE", "SB TTYPE 01", "241", "SB NAWS ff00ff18"]
    assert cut == whole
