"""What has broken other servers does no harm here.

Each is sent to a server on which another session is open already; that one
must live on, and the one that sent it be served or closed.
"""

import os
import select
import socket

import pytest

from conftest import PASSWORD, PROMPT, children, wait_until
from rawtelnet import (AYT, DM, DO, DONT, EC, ECHO, EL, ENVIRON, IAC, LINEMODE,
                       NAWS, SB, SE, SGA, TTYPE, WILL, WONT, Closed, command, naws,
                       sub, ttype)

GROWTH_MAX_KB = 1024

# All but EOF, which ends a login.
COMMANDS = [command(code) for code in range(237, 250)]
ALL_OPTIONS = b"".join(command(verb, option) for option in range(256)
                       for verb in (WILL, WONT, DO, DONT)
                       if option not in (ECHO, 18))  # LOGOUT is obeyed

# Bytes and a name; none of them may end the session.
HARMLESS = {
    **{f"command {piece[1]} first": piece for piece in COMMANDS},
    "all commands": b"".join(COMMANDS),
    "all options": ALL_OPTIONS,
    "all options, again and again": ALL_OPTIONS * 3,
    "SLC flood": command(WILL, LINEMODE) + b"".join(
        sub(LINEMODE, b"\x03" + b"\x64\x02\x00" * n) for n in (60, 150, 1300)),
    "SLC of 255": sub(LINEMODE, b"\x03" + bytes((1, 42, 255)) * 80),
    "NEW-ENVIRON": command(WILL, ENVIRON) + sub(
        ENVIRON, b"\0\0USER\1-f root\3LD_PRELOAD\1/tmp/x.so\0TERMCAP\1/etc/x"
        b"\3CREDENTIALS_DIRECTORY\1/tmp\0PATH\1/tmp\0IFS\1/"),
    "many variables": sub(ENVIRON, b"\0" + b"".join(
        b"\0V%d\1x" % i for i in range(20000))),
    "OLD-ENVIRON": sub(36, b"\0" + b"\3X" * 100) * 40,
    "XDISPLOC": sub(35, b"\0evil:0;rm"),
    "TSPEED": sub(32, b"\0" + b"9" * 600),
    "AUTH": sub(37, b"\3" + b"A" * 5000),
    "ENCRYPT": (sub(38, b"\7" + b"K" * 200) + sub(38, b"\x08" + b"K" * 200) +
                sub(38, b"\0\1" + b"K" * 64)),
    "short NAWS": b"".join(sub(NAWS, b"\1" * n) for n in (0, 1, 3, 5, 50)),
    "empty subnegotiations": (command(SB) + command(SE) + command(SB, IAC) +
                              command(SE)) * 20,
    "long subnegotiation": command(SB, 99) + b"x" * 100000 + command(SE),
    "interrupted subnegotiation": command(SB, TTYPE) + b"\0x" + command(
        DO, 99) + command(SE),
    "STATUS": command(DO, 5) + sub(5, b"\1") * 40 + b"\xff\xf5" + sub(
        5, b"\1") * 40 + b"\xff\xf5",
    "MCCP1 marker": bytes.fromhex("fffa55fbf0") + command(SE),
    "undefined commands": b"".join(command(i) for i in range(236)),
    "NULs": bytes(1000),
    "ping-pong": command(DO, ECHO) * 5000 + command(WILL, 99) * 5000,
}


def memory(pid):
    """In kB; a sanitizer keeps what was freed, so there it is no use."""
    if "NVT_SANITIZED" in os.environ:
        return 0
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


@pytest.fixture
def bystander(serve):
    """Logged in before, and well afterwards."""
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", PASSWORD.encode())
        peer.until(PROMPT)
        yield peer
        peer.line(b"echo $((6 * 7))")
        peer.until(b"\r\n42\r\n")


def sent_while_reading(peer, data):
    """Send it all, reading what comes so that nobody waits for the other."""
    peer.socket.setblocking(False)
    while data:
        _, writable, _ = select.select([], [peer.socket], [], 0)
        if writable:
            try:
                data = data[peer.socket.send(data[:4096]):]
                continue
            except BlockingIOError:
                pass
        peer.receive()
    peer.socket.setblocking(True)


@pytest.mark.parametrize("name", HARMLESS)
def test_before_login(serve, bystander, name):
    """Then the dialogue still works, and TERM is what was said."""
    with serve.connect() as peer:
        sent_while_reading(peer, HARMLESS[name])
        peer.send(command(EL), b"\r\0")
        peer.send(command(DO, ECHO), command(DO, SGA), command(WILL, SGA),
                  command(WILL, TTYPE), command(WILL, NAWS), naws(80, 24),
                  ttype(b"VT100"))
        peer.send(b"\x15demo\r\0")
        peer.until(b"Password: ")
        peer.send(b"\x15", PASSWORD.encode(), b"\r\0")
        peer.until(PROMPT)
        peer.line(b"echo $USER$LD_PRELOAD$TERMCAP$IFS.$DISPLAY.")
        peer.until(b"\r\n")
        assert b"root$" not in peer.until(b".\r\n")


@pytest.mark.parametrize("name", HARMLESS)
def test_in_a_session(serve, bystander, name):
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", PASSWORD.encode())
        peer.until(PROMPT)
        peer.line(b"sh -c 'trap : INT QUIT TSTP; stty raw -isig; echo begun; "
                  b"exec cat >/dev/null'")
        peer.until(b"begun")
        sent_while_reading(peer, HARMLESS[name])
        peer.text.clear()
        peer.send(command(AYT))
        peer.until(b"[Yes]")


@pytest.mark.parametrize("piece", [
    command(AYT) * 20000, command(DO, 1) + command(DONT, 1),
    sub(5, b"\1"), b"x",
], ids=["AYT", "DO DONT", "STATUS", "echo"])
def test_flood_without_reading(serve, bystander, piece):
    """What waits for a peer that does not read is bounded, and so is what is
    read from it: in the end it is the peer that cannot send."""
    with serve.connect() as peer:
        peer.answer()
        peer.send(command(DO, 5))
        peer.until(b"login: ")
        peer.line(b"nobody")
        peer.until(b"Password: ")
        peer.line(b"")
        peer.until(b"login: ")
        pid = newest(serve)
        before = memory(pid)
        peer.socket.setblocking(False)
        sent, data = 0, piece * (1 + 65536 // len(piece))
        while sent < 20 << 20:
            if not select.select([], [peer.socket], [], 0.5)[1]:
                break
            try:
                sent += peer.socket.send(data)
            except BlockingIOError:
                pass
        if piece != b"x":
            assert sent < 20 << 20
        assert memory(pid) - before < GROWTH_MAX_KB


def newest(serve):
    """The process of the connection that was made last."""
    return max(children(serve.process.pid))


def test_endless_subnegotiation(serve, bystander):
    with serve.connect() as peer:
        peer.until(b"login: ")
        pid = newest(serve)
        before = memory(pid)
        peer.send(command(SB, 24), b"x" * (8 << 20))
        assert memory(pid) - before < GROWTH_MAX_KB
        peer.send(command(SE), b"demo\r\0")
        peer.until(b"Password: ")


def test_endless_line(serve, bystander):
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        pid = newest(serve)
        before = memory(pid)
        sent_while_reading(peer, b"x" * (1 << 20))
        assert memory(pid) - before < GROWTH_MAX_KB
        peer.send(b"\r\0")
        peer.until(b"Password: ")


@pytest.mark.parametrize("user", [
    b"-f root", b"root -f", b"-froot", b"--", b"a b", b"%u%n%s", b"$(id)",
    b"../../x", b"x" * 100, b"\x1b]0;owned", b"\xff\xfe",
], ids=repr)
def test_user_names(serve, bystander, user):
    """Refused, and one clean line of the log."""
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(user.replace(b"\xff", b"\xff\xff"), PASSWORD.encode())
        peer.until(b"Login incorrect")
    log = serve.until("refused: no such name and password")
    line = next(line for line in log.splitlines() if "refused" in line)
    assert line.isprintable()
    assert line.isascii()


def test_urgent(serve, bystander):
    """Urgent data that no DM follows is thrown away up to a bound."""
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        peer.socket.send(b"!", socket.MSG_OOB)
        peer.send(b"x" * (80 << 10), command(DM))
        peer.send(b"\x15demo\r\0")
        peer.until(b"Password: ")


def test_cut_at_every_byte(serve, bystander):
    """The same, however the network cuts it."""
    script = (command(DO, ECHO) + command(DO, SGA) + command(WILL, SGA) +
              command(WILL, TTYPE) + command(WILL, NAWS) + naws(255, 24) +
              ttype(b"VT100") + b"demo\r\n" + PASSWORD.encode() +
              b"\r\0echo $TERM; stty size; exit\r\0")
    for size in (1, 2, 3, 7):
        with serve.connect() as peer:
            for at in range(0, len(script), size):
                peer.send(script[at:at + size])
            peer.until(b"vt100\r\n24 255\r\n")


def test_reset_after_each_byte(serve, bystander):
    script = (command(DO, ECHO) + command(WILL, TTYPE) + ttype(b"VT100") +
              b"demo\r\n" + PASSWORD.encode() + b"\r\0")
    for end in range(len(script) + 1):
        peer = serve.connect()
        peer.send(script[:end])
        peer.reset()
    bystander.line(b"echo waited")
    bystander.until(b"\r\nwaited\r\n")
    wait_until(lambda: len(children(serve.process.pid)) == 1)


def test_crowd(start, accounts, me):
    """Those beyond --max are sent away; there is room again once they go."""
    serve = start("--accounts", accounts, "--user", me, "--max", "8")
    peers = [serve.connect() for _ in range(40)]
    for peer in peers[:8]:
        peer.until(b"login: ")
    for peer in peers[8:]:
        assert peer.until_closed() == b"Too many connections\r\n"
    for peer in peers:
        peer.close()
    serve.until_alone()
    with serve.connect() as peer:
        peer.until(b"login: ")
