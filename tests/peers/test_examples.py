"""The examples, unchanged, log in to the old daemons.

Each goes through a relay, so that the same runs show what they send: whole
commands, in order, and an end to it.
"""

import os
import re
import socket
import subprocess

import pytest

import machine
import relay
import servers

UPTIME = re.compile(r"up .* load average: ")
GIVING_UP = "Username and password failed - giving up"
NEGOTIATION_AT_MOST = 400     # bytes; inetutils, the most talkative, asks 13

REAL_LOGIN = "NVT_TEST_REAL_LOGIN"


def run(example, port, user=machine.USER, password=machine.PASSWORD,
        cut=None):
    """Run an example through a relay; return how it ended, and the relay."""
    program = machine.find_built("NVT_EXAMPLES", example)
    environment = machine.environment(
        TERM="xterm-256color", NVT_USER=user, NVT_PASSWORD=password)
    with relay.Relay(port, cut) as between:
        ended = subprocess.run(
            [program, "127.0.0.1", str(between.port)], env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            errors="replace", timeout=20)
    assert not machine.SANITIZER.search(ended.stderr), ended.stderr
    return ended, between


def check_the_wire(between):
    faults = relay.faults(between, "client")
    assert not faults, f"{faults}\n{between}"
    negotiated = sum(
        3 if command.option is not None else 2
        for side, command in between.commands() if side == "client")
    assert negotiated <= NEGOTIATION_AT_MOST, f"{negotiated} bytes\n{between}"


@pytest.mark.parametrize("example", ["telnet_login", "telnet_codes"])
def test_says_who_is_missing(example):
    environment = machine.environment()
    environment.pop("NVT_USER", None)
    program = machine.find_built("NVT_EXAMPLES", example)
    ended = subprocess.run([program, "127.0.0.1", "1"], env=environment,
                           capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2, ended
    assert "NVT_USER" in ended.stderr, ended
    assert "NVT_PASSWORD" in ended.stderr, ended


@pytest.mark.parametrize("example", ["poll_loop", "interact"])
def test_says_how_it_is_used(example):
    program = machine.find_built("NVT_EXAMPLES", example)
    ended = subprocess.run([program], capture_output=True, text=True,
                           timeout=20)
    assert ended.returncode == 2, ended
    assert ended.stderr.startswith(f"usage: {example} host"), ended


def test_awaits_two_at_once(server):
    with relay.Relay(server.port, None) as between:
        where = ["127.0.0.1", str(between.port)]
        ended = subprocess.run(
            [machine.find_built("NVT_EXAMPLES", "poll_loop"), *where,
             "127.0.0.1", "1"], env=machine.environment(),
            capture_output=True, text=True, timeout=20)
    lines = ended.stdout.splitlines()
    assert f"{' '.join(where)}: login:" in lines, ended
    assert "127.0.0.1 1: cannot connect" in ended.stdout, ended
    assert ended.returncode == 0, ended


def test_sends_what_is_piped():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)
    client = subprocess.Popen(
        [machine.find_built("NVT_EXAMPLES", "interact"), "127.0.0.1",
         str(listener.getsockname()[1])], env=machine.environment(TERM="vt52"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with listener, listener.accept()[0] as peer:
        peer.settimeout(20)
        peer.sendall(b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0hello")
        assert client.stdout.read(5) == b"hello"
        client.stdin.write(b"\x1dmore\n")
        client.stdin.close()
        heard = b"".join(iter(lambda: peer.recv(4096), b""))
    assert client.wait(20) == 0
    assert heard == (b"\xff\xfb\x18\xff\xfa\x18\x00vt52\xff\xf0"
                     b"\x1dmore\r\n")


def test_logs_in(server):
    ended, between = run("telnet_login", server.port)
    assert UPTIME.search(ended.stdout), ended
    assert ended.returncode == 0, ended
    check_the_wire(between)


def test_logs_in_byte_by_byte(server):
    ended, between = run("telnet_login", server.port, cut="server")
    assert UPTIME.search(ended.stdout), ended
    assert ended.returncode == 0, ended
    check_the_wire(between)


def test_gives_up_on_a_wrong_password(server):
    ended, between = run("telnet_login", server.port, password="wrong")
    assert GIVING_UP in ended.stdout + ended.stderr, ended
    assert ended.returncode == 1, ended
    check_the_wire(between)


def test_answers_with_its_own_terminal_type(server):
    ended, between = run("telnet_codes", server.port)
    if server.name.startswith("busybox"):
        # It never asks for the type: the shell has the daemon's own.
        assert "of-the-daemon" in ended.stdout.split(), ended
    else:
        assert "mypython" in ended.stdout.split(), ended
        assert ended.returncode == 0, ended
        check_it_refused_all_but_the_terminal_type(between)
    check_the_wire(between)


def check_it_refused_all_but_the_terminal_type(between):
    agreed = {(command.verb, command.option)
              for side, command in between.commands() if side == "client"
              and command.verb in (relay.WILL, relay.DO)}
    assert agreed == {(relay.WILL, 24)}, str(between)


def test_password_is_nowhere_to_be_seen(server):
    ended, _ = run("telnet_login", server.port)
    assert machine.PASSWORD not in ended.stdout + ended.stderr


@pytest.fixture
def account():
    """An account of the machine's own, made and removed; only if asked."""
    if os.environ.get(REAL_LOGIN) != "1":
        pytest.skip(f"{REAL_LOGIN}=1 is not set: it makes and removes a user")
    if os.geteuid() != 0:
        pytest.skip("only root can make a user")
    name = f"nvttest{os.getpid()}"
    subprocess.run(["useradd", "-m", "-s", "/bin/bash", name], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{name}:{machine.PASSWORD}",
                       text=True, check=True)
        yield name
    finally:
        subprocess.run(["userdel", "-r", name], check=True,
                       stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("name", servers.REAL_LOGIN)
def test_logs_in_with_the_real_login(name, account, tmp_path):
    login = servers.REAL_LOGIN[name]
    with servers.running(name, tmp_path, login=login) as server:
        ended, between = run("telnet_login", server.port, user=account)
        assert UPTIME.search(ended.stdout), ended
        assert ended.returncode == 0, ended
        check_the_wire(between)
        ended, _ = run("telnet_login", server.port, user=account,
                       password="wrong")
        assert GIVING_UP in ended.stdout + ended.stderr, ended
        assert ended.returncode == 1, ended
