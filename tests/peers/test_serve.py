"""The clients of others log in to nvt serve."""

import signal
import socket

import pytest

import clients
import machine
import relay
from serve import USER

NEGOTIATION_AT_MOST = 400     # bytes, which is about 100 commands
# What the clients send by themselves, which they do on port 23 alone.
OPENINGS = {
    "inetutils": "fffd26 fffb26 fffd03 fffb18 fffb1f fffb20 fffb21 fffb22"
                 "fffb27 fffd05 fffb23",
    "netkit": "fffb27 fffb25 fffd03 fffb18 fffb1f fffb20 fffb21 fffb22"
              "fffd05 fffb23",
}
WINDOW_CHANGED = "until [ \"$(stty size)\" = '40 132' ]; do :; done"


@pytest.fixture(params=clients.CLIENTS)
def name(request):
    """Each of the old clients in turn."""
    return request.param


@pytest.fixture
def logged_in(serve, name, tmp_path):
    with clients.running(name, serve.port, tmp_path) as terminal:
        terminal.log_in(USER)
        yield terminal


def check_the_wire(between):
    faults = relay.faults(between, "server")
    assert not faults, f"{faults}\n{between}"
    negotiated = sum(
        3 if command.option is not None else 2
        for side, command in between.commands() if side == "server")
    assert negotiated <= NEGOTIATION_AT_MOST, f"{negotiated} bytes\n{between}"


@pytest.mark.parametrize("opening", OPENINGS)
def test_answers_an_opening(serve, opening):
    with relay.Relay(serve.port) as between:
        with socket.create_connection(("127.0.0.1", between.port), 15) as peer:
            peer.sendall(bytes.fromhex(OPENINGS[opening]))
            # It ends with WILL XDISPLOC, which is refused.
            seen = b""
            while b"\xff\xfe\x23" not in seen:
                piece = peer.recv(4096)
                assert piece, str(between)
                seen += piece
        answered = [(command.verb in (relay.WILL, relay.WONT), command.option)
                    for side, command in between.commands()
                    if side == "server" and command.verb in relay.VERBS]
    asked = bytes.fromhex(OPENINGS[opening])
    for verb, option in zip(asked[1::3], asked[2::3]):
        # SGA is answered by the offer that crosses it on the way.
        assert (verb == relay.DO, option) in answered, str(between)
    check_the_wire(between)


@pytest.mark.parametrize("cut", [None, "client"])
def test_log_in_and_leave(serve, name, cut, tmp_path):
    client = clients.CLIENTS[name]
    with relay.Relay(serve.port, cut) as between:
        with clients.running(name, between.port, tmp_path) as terminal:
            terminal.log_in(USER)
            if client.size:
                assert terminal.ask("stty size") == "33 101"
            assert terminal.ask("echo $TERM") == client.term.lower()
            terminal.leave()
            shown = terminal.transcript()
        assert machine.PASSWORD.encode() not in shown
        assert shown.count(USER.encode() + b"\r") == 1, "echoed once"
    check_the_wire(between)


def test_wrong_password(serve, name, tmp_path):
    with clients.running(name, serve.port, tmp_path) as terminal:
        terminal.log_in(USER, password="wrong")
        terminal.expect_exact("Login incorrect")


def test_window_changes(serve, name, tmp_path):
    if not clients.CLIENTS[name].resize:
        pytest.skip(f"{name}'s client never tells")
    with clients.running(name, serve.port, tmp_path) as terminal:
        terminal.log_in(USER)
        assert terminal.ask("stty size") == "33 101"
        terminal.type(f"{WINDOW_CHANGED}; echo resi''zed")
        terminal.setwinsize(40, 132)
        terminal.expect_exact("resized\r\n")


def test_interrupt(logged_in):
    logged_in.type(str(machine.INTERRUPTED))
    logged_in.expect_exact("waiting for it")
    logged_in.send("\x03")
    logged_in.expect_exact("was interrupted")
    assert logged_in.ask("echo still here") == "still here"


def test_long_output(logged_in):
    numbers = "".join(f"{n}\n" for n in range(1, 20001))
    assert logged_in.ask("seq 1 20000") + "\n" == numbers


def test_shell_ends_when_the_client_does(serve, logged_in):
    assert logged_in.ask("echo here") == "here"
    logged_in.kill(signal.SIGKILL)
    logged_in.close(force=True)
    machine.wait_until(lambda: not serve.sessions(), "the shell to end")
