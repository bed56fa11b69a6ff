"""The terminal of nvt serve: type, size, keys, bytes both ways."""

import hashlib
import os

import pytest

from conftest import PROMPT
from rawtelnet import (ABORT, AO, AYT, BINARY, BRK, DM, DO, DONT, EC, ECHO, EL,
                       EOF, IP, LOGOUT, NAWS, NOP, SGA, SUSP, TTYPE, WILL, WONT,
                       command, naws, quote, ttype)

# Says when it can be interrupted, whoever is in the foreground by then.
SLEEP = b"sh -c 'echo begun; exec sleep 1000'"


def ask(peer, line):
    """What a command prints, between its echo and the next prompt."""
    peer.line(line)
    peer.until(line + b"\r\n")
    return peer.until(PROMPT)[:-len(PROMPT)]


@pytest.mark.parametrize("said, term", [
    (b"XTERM-256COLOR", b"xterm-256color"),
    (b"xterm", b"xterm"),
    (b"Eterm", b"Eterm"),
    (b"VT220", b"vt220"),
    (b"", b"dumb"),
    (b"../../etc/passwd\n\x1b]0;x", b"dumb"),
    (b"a..b", b"dumb"),
    (b"-x", b"dumb"),
    (b"x" * 41, b"dumb"),
    (b"x" * 3000, b"dumb"),
    (b"a b", b"dumb"),
    (b"\xff\xff", b"dumb"),
    (b"%n%s", b"dumb"),
])
def test_term(shells, said, term):
    with shells.connect() as peer:
        peer.answer(term=said)
        peer.until(PROMPT)
        assert ask(peer, b"echo $TERM") == term + b"\r\n"


def test_term_refused(shells):
    with shells.connect() as peer:
        peer.send(command(DO, ECHO), command(DO, SGA), command(WONT, SGA),
                  command(WONT, TTYPE), command(WONT, NAWS))
        peer.until(PROMPT)
        assert ask(peer, b"echo $TERM; stty size") == b"dumb\r\n0 0\r\n"


def test_size(shell):
    assert ask(shell, b"stty size") == b"24 80\r\n"


def test_size_with_a_255_in_it(shells):
    with shells.connect() as peer:
        peer.answer(size=(255, 65535))
        peer.until(PROMPT)
        assert ask(peer, b"stty size") == b"65535 255\r\n"


def test_resize(shell):
    # By a shell without job control: all of it is in the foreground.
    shell.line(b"sh -c 'trap \"stty size\" WINCH; echo begun; "
               b"while :; do sleep 0.05; done'")
    shell.until(b"\r\nbegun\r\n")
    shell.send(naws(101, 33))
    shell.until(b"33 101\r\n")
    # What is not said stays.
    shell.send(naws(0, 44))
    shell.until(b"44 101\r\n")


@pytest.mark.parametrize("typed, shown", [
    (b"\x03", b"^C"), (command(IP), b"^C"), (command(BRK), b"^C"),
    (command(ABORT), b"^\\"),
], ids=["^C", "IP", "BRK", "ABORT"])
def test_interrupts(shell, typed, shown):
    shell.line(SLEEP)
    shell.until(b"\r\nbegun\r\n")
    shell.send(typed)
    shell.until(shown)
    shell.until(PROMPT)


def test_suspends(shell):
    shell.line(SLEEP)
    shell.until(b"\r\nbegun\r\n")
    shell.send(command(SUSP))
    shell.until(b"Stopped")
    shell.until(PROMPT)


def test_end_of_file(shell):
    shell.line(b"cat; echo read all")
    shell.line(b"some text")
    shell.until(b"some text\r\nsome text\r\n")
    shell.send(command(EOF))
    shell.until(b"read all\r\n")


def test_erases(shell):
    shell.send(b"no such thing", command(EL), b"echo onex", command(EC),
               b" two\r\0")
    shell.until(b"\r\none two\r\n")


def test_keys_as_the_terminal_has_them(shell):
    ask(shell, b"stty intr ^G erase x kill ^B")
    shell.send(b"no such thing", command(EL), b"echo oneb", command(EC),
               b"\r\0")
    shell.until(b"\r\none\r\n" + PROMPT)
    shell.line(SLEEP)
    shell.until(b"\r\nbegun\r\n")
    shell.send(command(IP))
    shell.until(b"^G")
    shell.until(PROMPT)
    ask(shell, b"stty intr undef")
    shell.send(command(IP), b"echo unharmed\r\0")
    shell.until(b"\r\nunharmed\r\n")


def test_are_you_there(shell):
    shell.send(command(AYT))
    assert shell.until(b"[Yes]\r\n") == b"\r\n[Yes]\r\n"


def test_abort_output(shell):
    shell.line(b"sh -c 'echo begun; exec yes'")
    shell.until(b"\r\nbegun\r\n")
    shell.until(b"y\r\n")
    shell.send(command(AO))
    shell.until_command(DM)
    shell.send(command(IP))
    shell.until(PROMPT)


def test_interrupts_behind_what_nobody_reads(shell):
    """As the terminal's own ^C it takes the place of what was typed."""
    shell.line(SLEEP)
    shell.until(b"\r\nbegun\r\n")
    shell.send(b"nobody reads this\r\0" * 1000, command(IP))
    shell.until(PROMPT)
    shell.text.clear()
    assert ask(shell, b"echo well") == b"well\r\n"


def test_synch_gets_through(shell):
    """The text before an urgent DM is dropped, the IP with it is not."""
    shell.line(SLEEP)
    shell.until(b"\r\nbegun\r\n")
    shell.send(b"nobody reads this\r\0" * 1000, command(IP), command()[:1])
    shell.socket.send(bytes((DM,)), 1)  # MSG_OOB
    shell.until(PROMPT)
    shell.text.clear()
    assert ask(shell, b"echo well") == b"well\r\n"


def test_no_operation(shell):
    shell.send(b"ec", command(NOP), b"ho ", command(NOP), b"x\r\0")
    shell.until(b"\r\nx\r\n")


def test_log_out(shells, shell):
    shell.send(command(DO, LOGOUT))
    shell.until_closed()
    shell.close()
    shells.until("closed: peer asked to log out")


def test_echo_follows_the_peer(shells):
    with shells.connect() as peer:
        peer.answer(more=command(DONT, ECHO))
        peer.until(PROMPT)
        peer.line(b"echo one")
        assert peer.until(PROMPT) == b"one\r\n" + PROMPT
        peer.send(command(DO, ECHO))
        peer.until_command(WILL, ECHO)
        peer.line(b"echo two")
        peer.until(b"echo two\r\ntwo\r\n")


def test_silent_peer_is_not_waited_for_long(shells):
    """A peer that answers no negotiation gets its session all the same."""
    with shells.connect() as peer:
        peer.until(PROMPT)
        assert ask(peer, b"echo $TERM") == b"dumb\r\n"


def test_environment_is_ours_alone(start, me):
    os.environ["NVT_TEST_SECRET"] = "leaked"
    serve = start("--no-login", "--user", me, "--env", "LANG=C.UTF-8",
                  "--env", "PATH=/bin", "--", "/usr/bin/env")
    del os.environ["NVT_TEST_SECRET"]
    with serve.connect() as peer:
        peer.answer()
        found = dict(line.split("=", 1) for line in
                     peer.until_closed().decode().splitlines() if line)
    assert sorted(found) == ["HOME", "LANG", "LOGNAME", "PATH", "REMOTEHOST",
                             "SHELL", "TERM", "USER"]
    assert found["REMOTEHOST"] == "127.0.0.1"
    assert found["USER"] == found["LOGNAME"] == me
    assert found["TERM"] == "xterm"
    assert found["LANG"] == "C.UTF-8"
    assert found["PATH"] == "/bin"


def test_arguments_are_ours_alone(start, me):
    serve = start("--no-login", "--user", me, "--", "/usr/bin/printf",
                  "<%s>", "-f root", "$(id)", "%u", "")
    with serve.connect() as peer:
        peer.answer()
        assert peer.until_closed() == b"<-f root><$(id)><%u><>"


def test_descriptors_are_three(shell):
    # The fourth is the folder itself.
    assert ask(shell, b"ls -x /proc/self/fd").split() == [
        b"0", b"1", b"2", b"3"]


def test_signals_are_as_new(start, nvt, me):
    """Not even one that was ignored when the server was started stays so."""
    serve = start("--no-login", "--user", me, "--", "/bin/sh", "-c",
                  "grep -e SigIgn -e SigBlk /proc/self/status")
    with serve.connect() as peer:
        peer.answer()
        for line in peer.until_closed().split(b"\r\n")[:-1]:
            assert int(line.split()[1], 16) == 0


def binary(peer):
    peer.send(command(WILL, BINARY), command(DO, BINARY))
    peer.until_command(DO, BINARY)
    peer.until_command(WILL, BINARY)


ALL_BYTES = bytes(range(256)) * 400 + b"\xff" * 500 + b"\r\n\r\0\r\r\n\n" * 100


def test_bytes_both_ways(start, me):
    serve = start("--no-login", "--user", me, "--", "/bin/sh", "-c",
                  f"stty raw -echo; echo go; head -c {len(ALL_BYTES)}; "
                  "echo done; sleep 1000")
    with serve.connect() as peer:
        peer.answer()
        binary(peer)
        peer.until(b"go\n")
        peer.socket.setblocking(False)
        sent, data = 0, quote(ALL_BYTES)
        while len(peer.text) < len(ALL_BYTES):
            if sent < len(data):
                try:
                    sent += peer.socket.send(data[sent:sent + 65536])
                except BlockingIOError:
                    pass
            peer.receive()
        assert peer.take(len(ALL_BYTES)) == ALL_BYTES
        peer.until(b"done\n")


def test_bytes_out_without_binary(start, me, tmp_path):
    """No line end gains a byte: the program's CR LF is Telnet's."""
    data = os.urandom(200000).replace(b"\r", b"") + b"line\n" * 1000
    file = tmp_path / "data"
    file.write_bytes(data)
    serve = start("--no-login", "--user", me, "--", "/bin/sh", "-c",
                  f"stty raw; cat {file}")
    with serve.connect() as peer:
        peer.answer()
        before = peer.received - len(peer.text)
        assert peer.until_closed() == data
        assert peer.received - before == len(data) + data.count(b"\xff")


def test_lines_out_gain_nothing(start, me):
    serve = start("--no-login", "--user", me, "--", "seq", "20000")
    with serve.connect() as peer:
        peer.answer()
        before = peer.received - len(peer.text)
        text = b"".join(b"%d\r\n" % i for i in range(1, 20001))
        assert peer.until_closed() == text
        assert peer.received - before == len(text)


def test_slow_reader_loses_nothing(start, me):
    """Output of a program that ended long before it is read."""
    serve = start("--no-login", "--user", me, "--", "seq", "200000")
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"1\r\n")
        digest = hashlib.sha256(b"1\r\n" + peer.until_closed()).hexdigest()
    text = b"".join(b"%d\r\n" % i for i in range(1, 200001))
    assert digest == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize("program", [
    "/no/such/program", "no-such-program", "/etc/passwd", "/etc"])
def test_program_that_is_not_there(nvt, me, program):
    """Found out before anyone connects."""
    ended = nvt("serve", "-p", "0", "--no-login", "--user", me, "--", program)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"nvt: serve: cannot run {program}: ")
    assert ended.stdout == ""


def test_program_in_a_path_of_ours(start, tmp_path, me):
    program = tmp_path / "a-program"
    program.write_text("#!/bin/sh\necho here\n")
    program.chmod(0o755)
    tmp_path.chmod(0o755)
    serve = start("--no-login", "--user", me, "--env",
                  f"PATH=/nowhere:{tmp_path}", "--", "a-program")
    with serve.connect() as peer:
        peer.answer()
        assert peer.until_closed() == b"here\r\n"


def test_program_that_cannot_run(start, tmp_path, me):
    """The log says why; the peer hears no more than it has to."""
    program = tmp_path / "program"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o755)
    serve = start("--no-login", "--user", me, "--", program)
    with serve.connect() as peer:
        peer.answer()
        assert peer.until_closed() == b"No session can be had now\r\n"
    log = serve.until("closed: no session\n")
    assert (f"no session: cannot run {program}: No such file or directory\n"
            in log)
