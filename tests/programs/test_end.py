"""Ends: of programs, of peers, of nvt serve; and what is left of them."""

import contextlib
import os
import pwd
import select
import signal
import socket
import stat
import subprocess

import pytest

from conftest import (PASSWORD, PROMPT, SHELL, children, wait_for_end,
                      wait_until)
import rawtelnet
from rawtelnet import IAC


def phases(peer, last):
    """Up to a point in the life of a connection."""
    if last == "nothing":
        return
    peer.until(b"login: ")
    if last == "opening":
        return
    peer.answer()
    peer.line(b"demo")
    peer.until(b"Password: ")
    if last == "name":
        return
    if last == "delay":
        peer.line(b"wrong")
        return
    peer.line(PASSWORD.encode())
    if last == "password":
        return
    peer.until(PROMPT)
    if last == "flood":
        peer.line(b"yes")
        peer.until(b"y\r\ny\r\n")
    if last == "unread":
        peer.line(b"sh -c 'stty raw; echo begun; exec sleep 1000'")
        peer.until(b"begun\n")
        peer.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            while True:
                peer.socket.send(bytes(65536))
    if last == "half a command":
        peer.send(bytes((IAC,)))


PHASES = ("nothing", "opening", "name", "delay", "password", "shell", "flood",
          "unread", "half a command")


@pytest.mark.parametrize("last", PHASES)
@pytest.mark.parametrize("how", ["close", "reset", "half"])
def test_peer_goes(serve, how, last):
    if (how, last) == ("half", "unread"):
        pytest.skip("its end cannot reach us behind what nobody reads")
    with serve.connect() as peer:
        phases(peer, last)
        if how == "half":
            peer.socket.shutdown(socket.SHUT_WR)
        else:
            getattr(peer, how)()
        serve.until("closed: ")
        serve.until_alone()


def to_the_prompt(peer):
    peer.answer()
    peer.until(PROMPT)


def test_hangs_up(shells, tmp_path):
    """A program hears of it by SIGHUP."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with shells.connect() as peer:
        peer.answer()
        peer.until(PROMPT)
        peer.line(b"sh -c 'trap \"echo hung up >%s; exit\" HUP; echo begun; "
                  b"while :; do sleep 0.05; done'" % bytes(fifo))
        peer.until(b"\r\nbegun\r\n")
    with open(fifo) as told:
        assert told.read() == "hung up\n"
    shells.until_alone()


def test_program_that_does_not_listen(shells):
    """It is killed when it does not heed SIGHUP."""
    with shells.connect() as peer:
        peer.answer()
        peer.until(PROMPT)
        peer.line(b"trap '' HUP; sh -c 'echo begun; exec sleep 1000'")
        peer.until(b"\r\nbegun\r\n")
    shells.until("program ended by signal 9")
    shells.until_alone()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT,
                                  signal.SIGHUP])
def test_server_stops(start, accounts, me, sign):
    serve = start("--accounts", accounts, "--user", me, *SHELL)
    peers = []
    for last in ("opening", "name", "shell", "flood"):
        peers.append(serve.connect())
        phases(peers[-1], last)
    left = serve.children()
    assert len(left) >= 6
    assert serve.stop(sign) == 0
    for pid in left:
        wait_for_end(pid)
    for peer in peers:
        peer.until_closed()
        peer.close()
    assert "ending, with 4 connections" in serve.rest()


def held(*numbers):
    """For a server that is started with these signals held."""
    return lambda: signal.pthread_sigmask(signal.SIG_BLOCK, numbers)


def test_signals_held_at_the_start(start, me):
    serve = start("--no-login", "--user", me, *SHELL,
                  before=held(signal.SIGTERM, signal.SIGCHLD))
    with serve.connect() as peer:
        to_the_prompt(peer)
        serve.stop(signal.SIGTERM)
        peer.until_closed()
    assert "ending, with 1 connection\n" in serve.rest()


def test_ignored_hangup_stays_ignored(start, me):
    """As nohup has it; programs have it back."""
    serve = start(
        "--no-login", "--user", me, *SHELL,
        before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    serve.process.send_signal(signal.SIGHUP)
    with serve.connect() as peer:
        to_the_prompt(peer)
        peer.line(b"trap 'echo hung up' HUP; kill -HUP $PPID; kill -HUP $$")
        peer.until(b"\r\nhung up\r\n")
        peer.line(b"exit")
        peer.until_closed()
    serve.until("closed: program ended")


def to_nobody():
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)


def test_memory_is_not_for_sessions(start):
    """They have our user if we are not root, and passwords were in it."""
    try:
        serve = start("--no-login", *SHELL, before=to_nobody)
    except PermissionError:
        pytest.skip("the program is not for everybody")
    with serve.connect() as peer:
        to_the_prompt(peer)
        pid, = children(serve.process.pid)
        assert os.stat(f"/proc/{pid}/mem").st_uid == 0


def test_log_is_not_typed_into_a_session(nvt, me):
    """Not even if it has no place else to go: descriptor 2 is closed."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'exec "$0" "$@" 2>&-', nvt.program, "serve",
         "--no-login", "--user", me, "-l", "127.0.0.1:0", *SHELL],
        stdout=subprocess.PIPE, text=True)
    try:
        port = int(process.stdout.readline().split()[5])
        with rawtelnet.Peer(port) as peer, rawtelnet.Peer(port) as other:
            peer.answer()
            other.answer()
            assert peer.until(PROMPT) == PROMPT
            assert other.until(PROMPT) == PROMPT
            other.line(b"exit")
            other.until_closed()
            peer.line(b"echo done")
            assert peer.until(PROMPT) == b"echo done\r\ndone\r\n" + PROMPT
            peer.line(b"exit")
            assert peer.until_closed() == b"exit\r\n"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()


def fill(pipe):
    """A pipe of which we have the end to read from."""
    fd = os.open(f"/proc/self/fd/{pipe.fileno()}", os.O_WRONLY | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(fd, b"." * 4096)
    os.close(fd)


def test_log_that_nobody_reads(start, me):
    """Neither the listener nor a session waits for it; the loss is told."""
    serve = start("--no-login", "--user", me, "--max", "1", *SHELL)
    fill(serve.log_file)
    with serve.connect() as peer:
        to_the_prompt(peer)
        for _ in range(3):
            with serve.connect() as other:
                assert other.until_closed() == b"Too many connections\r\n"
        while select.select([serve.log_file], [], [], 0)[0]:
            os.read(serve.log_file.fileno(), 65536)
        with serve.connect() as other:
            other.until_closed()
        serve.until("3 lines of the log were lost\n")
        serve.until("refused, too many connections\n")


def test_port_file_of_another_server_stays(start, tmp_path, me):
    file = tmp_path / "ports"
    servers = [start("--no-login", "--user", me, "--port-file", file, "--",
                     "/bin/true") for _ in range(2)]
    text = file.read_text()
    assert str(servers[1].port) in text
    assert servers[0].stop() == 0
    assert file.read_text() == text
    assert servers[1].stop() == 0
    assert not file.exists()


def test_port_file_that_cannot_be(nvt, me):
    """Nobody is told that it listens before the file is there."""
    ended = nvt("serve", "--no-login", "--user", me, "-p", "0", "--port-file",
                "/no/such/folder/ports", "--", "/bin/true")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "--port-file /no/such/folder/ports: No such" in ended.stderr


def test_one_killed_is_one_session(shells):
    with shells.connect() as one, shells.connect() as other:
        for peer in one, other:
            peer.answer()
            peer.until(PROMPT)
        one.line(b"echo $PPID")
        one.until(b"echo $PPID\r\n")
        first = int(one.until(b"\r\n"))
        os.kill(first, signal.SIGKILL)
        one.until_closed()
        shells.until(f"process {first} ended by signal 9")
        other.line(b"echo alive")
        other.until(b"\r\nalive\r\n")


def test_output_before_the_end_is_whole(start, me):
    """The last bytes of a program arrive, though it has ended."""
    serve = start("--no-login", "--user", me, "--", "/bin/sh", "-c",
                  "stty raw; head -c 60000 /dev/zero | tr '\\0' x; printf end")
    for _ in range(5):
        with serve.connect() as peer:
            peer.answer()
            assert peer.until_closed() == b"x" * 60000 + b"end"


def test_terminal_kept_open_by_another(start, me):
    """A child in the background does not keep the connection."""
    serve = start("--no-login", "--user", me, "--", "/bin/sh", "-c",
                  "trap '' HUP; sleep 1000 & echo $!")
    with serve.connect() as peer:
        peer.answer()
        kept = int(peer.until_closed())
    try:
        serve.until("closed: program ended")
    finally:
        os.kill(kept, signal.SIGKILL)


def test_too_many(start, me):
    serve = start("--no-login", "--user", me, "--max", "2", *SHELL)
    with serve.connect() as one, serve.connect() as two:
        for peer in one, two:
            peer.answer()
            peer.until(PROMPT)
        with serve.connect() as three:
            assert three.until_closed() == b"Too many connections\r\n"
        one.line(b"exit")
        one.until_closed()
        one.close()
        serve.until("closed: program ended")
        wait_until(lambda: len(children(serve.process.pid)) == 1)
        with serve.connect() as three:
            three.answer()
            three.until(PROMPT)


def test_says_where(nvt, tmp_path, me):
    """A line for each address; the file has the same, and goes at the end."""
    file = tmp_path / "ports"
    process = subprocess.Popen(
        [nvt.program, "serve", "--no-login", "--user", me, "-p", "0",
         "--port-file", str(file), "--", "/bin/true"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        words = process.stdout.readline().split()
        assert words[:4] == ["nvt:", "listening", "on", "127.0.0.1"]
        port = words[5]
        addresses = ["127.0.0.1"]
        with contextlib.suppress(OSError):
            socket.create_connection(("::1", int(port))).close()
            words = process.stdout.readline().split()
            assert words == ["nvt:", "listening", "on", "::1", "port", port]
            addresses.append("::1")
        assert file.read_text() == "".join(f"{a} {port}\n" for a in addresses)
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        process.stdout.close()
    assert not file.exists()
    assert os.listdir(tmp_path) == []


def test_ipv6(start, me):
    try:
        serve = start("--no-login", "--user", me, "--", "/usr/bin/env",
                      host="::1")
    except AssertionError:
        pytest.skip("no ::1 here")
    with serve.connect() as peer:
        peer.answer()
        assert b"REMOTEHOST=::1\r\n" in peer.until_closed()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only as root")


@needs_root
def test_runs_as_the_user(start, account_line, tmp_path):
    """As the account's own user, in his groups alone, and for good."""
    user = next(entry for entry in pwd.getpwall()
                if entry.pw_uid not in (0, 65534) and entry.pw_gid != 0)
    groups = os.getgrouplist(user.pw_name, user.pw_gid)
    file = tmp_path / "accounts"
    file.touch(0o600)
    file.write_text(account_line(user.pw_name))
    serve = start("--accounts", file, "--", "/bin/sh", "-c",
                  "id -ru; id -u; id -rg; id -g; id -G; stat -c '%U %a' "
                  "$(tty); grep -e CapEff -e CapPrm /proc/self/status; "
                  "echo $HOME $USER $LOGNAME $SHELL; pwd; exec sleep 1000")
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(user.pw_name.encode(), PASSWORD.encode())
        peer.until(b"\r\n")
        lines = [peer.until(b"\r\n").decode().strip() for _ in range(9)]
    uid, gid = str(user.pw_uid), str(user.pw_gid)
    assert lines[:4] == [uid, uid, gid, gid]
    assert sorted(map(int, lines[4].split())) == sorted(groups)
    assert 0 not in groups
    assert lines[5] == f"{user.pw_name} 620"
    assert all(int(line.split()[1], 16) == 0 for line in lines[6:8])
    assert lines[8] == (f"{user.pw_dir} {user.pw_name} {user.pw_name} "
                        f"{user.pw_shell}")


@needs_root
def test_root_is_not_given_to_strangers(start, accounts):
    """demo is no user of this system; without --user it has no identity."""
    serve = start("--accounts", accounts, "--fail-delay", "0", *SHELL)
    assert "account demo cannot log in: no user of this system" in (
        serve.until("cannot log in"))
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", PASSWORD.encode())
        peer.until(b"Login incorrect")


def test_login_shell(start, account_line, tmp_path, me):
    """Without a program it is the user's shell, as a login shell, at home."""
    entry = pwd.getpwnam(me)
    if os.path.basename(entry.pw_shell) not in ("sh", "bash", "dash"):
        pytest.skip(f"{entry.pw_shell} may not know $0")
    file = tmp_path / "accounts"
    file.touch(0o600)
    file.write_text(account_line(me))
    serve = start("--accounts", file)
    with serve.connect() as peer:
        peer.answer(term=b"DUMB")
        peer.log_in(me.encode(), PASSWORD.encode())
        peer.line(b"echo one$0two")
        name = os.path.basename(entry.pw_shell)
        peer.until(f"one-{name}two".encode())
