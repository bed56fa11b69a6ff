"""The old clients against the old daemons.

They are known to get on with one another, so a failure here is one of the
test bench, and says that failures elsewhere are not to be believed yet.
"""

import pytest

import clients
import machine


@pytest.mark.parametrize("name", clients.CLIENTS)
def test_log_in_and_leave(server, name, tmp_path):
    client = clients.CLIENTS[name]
    with clients.running(name, server.port, tmp_path) as terminal:
        terminal.log_in()
        if client.size:
            assert terminal.ask("stty size") == "33 101"
        assert terminal.ask("echo $TERM") == term_at(server, client)
        terminal.leave()
        assert machine.PASSWORD.encode() not in terminal.transcript()


def test_wrong_password(server, tmp_path):
    with clients.running("inetutils", server.port, tmp_path) as terminal:
        terminal.log_in(password="wrong")
        terminal.expect_exact("Login incorrect")


def term_at(server, client):
    if server.name.startswith("busybox"):
        return "of-the-daemon"
    return client.term.lower()
