"""The login dialogue of nvt serve."""

import pytest

from conftest import PASSWORD, PROMPT, SHELL
from rawtelnet import (BINARY, DO, DONT, EC, ECHO, EL, EOF, IP, SGA, WILL, WONT,
                       Closed, command)

WORD = PASSWORD.encode()


def test_opening(serve):
    with serve.connect() as peer:
        assert peer.until(b"login: ") == b"box login: "
        assert (WILL, ECHO) in peer.commands
        assert (WILL, SGA) in peer.commands


def test_right_password(serve):
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", WORD)
        peer.until(PROMPT)
        peer.line(b"echo $((6 * 7))")
        peer.until(b"\r\n42\r\n")
        peer.line(b"exit 5")
        peer.until_closed()
    log = serve.until("closed: program ended")
    assert 'login of "demo" as user ' in log
    assert "program ended with 5" in log


@pytest.mark.parametrize("end", [b"\r\0", b"\r\n", b"\r", b"\n"],
                         ids=["CR NUL", "CR LF", "CR", "LF"])
def test_every_end_of_line(serve, end):
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", WORD, end)
        peer.until(PROMPT)
        peer.line(b"echo got it", end)
        peer.until(b"\r\ngot it\r\n")
        # No end of line counts twice.
        assert peer.until(PROMPT) == PROMPT


@pytest.mark.parametrize("late", [b"", b"\n"], ids=["at once", "late"])
def test_end_of_line_in_binary(serve, late):
    """The LF of the password's CR LF is not the shell's, even if it is late."""
    with serve.connect() as peer:
        peer.answer(more=command(WILL, BINARY) + command(DO, BINARY))
        peer.until_command(DO, BINARY)
        peer.log_in(b"demo", WORD, b"\r" if late else b"\r\n")
        peer.until(PROMPT)
        peer.send(late)
        peer.line(b"echo got it", b"\r")
        assert peer.until(PROMPT) == b"echo got it\r\ngot it\r\n" + PROMPT


def test_end_of_line_in_two_pieces(serve):
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        peer.line(b"demo", b"\r")
        peer.until(b"Password: ")
        peer.line(b"\n" + WORD, b"\r")
        peer.until(PROMPT)
        peer.send(b"\n")
        peer.line(b"echo got it")
        assert peer.until(PROMPT) == b"echo got it\r\ngot it\r\n" + PROMPT


def test_typed_ahead(serve):
    with serve.connect() as peer:
        peer.answer(more=b"demo\r\n" + WORD + b"\r\necho got it\r\n")
        peer.until(b"got it\r\n")


def test_echo_of_the_name_alone(serve):
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        peer.send(b"d\xc3\xa9x\x1b")
        peer.until(b"d??x?")
        peer.line(b"")
        assert peer.until(b"Password: ") == b"\r\nPassword: "
        peer.line(b"visible")
        assert peer.until(b"login: ") == b"\r\nLogin incorrect\r\nbox login: "


def test_no_echo_for_a_peer_that_echoes(serve):
    with serve.connect() as peer:
        peer.send(command(DONT, ECHO), command(WONT, SGA))
        peer.until(b"login: ")
        peer.line(b"demo")
        assert peer.until(b"Password: ") == b"\r\nPassword: "


@pytest.mark.parametrize("user, password", [
    (b"demo", b"secret-42"),
    (b"demo", b""),
    (b"demo", WORD + b"x"),
    (b"demo", b"x" * 1000),
    (b"nobody.here", WORD),
    (b"d" * 1000, WORD),
    (b"-f root", WORD),
    (b"demo:x", WORD),
])
def test_wrong(serve, user, password):
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(user, password)
        peer.until(b"Login incorrect\r\nbox login: ")
        peer.line(b"demo")
        peer.until(b"Password: ")
        peer.line(WORD)
        peer.until(PROMPT)


def test_three_tries(serve):
    with serve.connect() as peer:
        peer.answer()
        for _ in range(3):
            peer.log_in(b"demo", b"wrong")
            peer.until(b"Login incorrect\r\n")
        assert peer.until_closed() == b""
    log = serve.until("closed: too many wrong logins\n")
    assert log.count('login of "demo" refused') == 3
    assert "wrong\"" not in log
    assert log.endswith("closed: too many wrong logins\n"), "no session"


def test_delay_before_the_answer(start, accounts, me):
    import time
    serve = start("--accounts", accounts, "--user", me, "--fail-delay", "0.4",
                  *SHELL)
    with serve.connect() as peer:
        peer.answer()
        begun = time.monotonic()
        peer.log_in(b"demo", b"wrong")
        peer.until(b"Login incorrect")
        # The server counts in whole milliseconds.
        assert time.monotonic() - begun >= 0.399


def test_grace(start, accounts, me):
    serve = start("--accounts", accounts, "--user", me, "--login-grace",
                  "0.3", *SHELL)
    with serve.connect() as peer:
        peer.until(b"login: ")
        assert b"Login timed out\r\n" in peer.until_closed()
    serve.until("closed: no login in time")


def test_grace_holds_for_a_drip(start, accounts, me):
    """Whatever drips in, the time is one for the whole login."""
    serve = start("--accounts", accounts, "--user", me, "--login-grace",
                  "0.5", *SHELL)
    with serve.connect() as peer:
        peer.until(b"login: ")
        with pytest.raises((Closed, OSError)):
            while True:
                peer.send(b"x")
                peer.until(b"x")


@pytest.mark.parametrize("typed", [
    b"demx\x7fo", b"demx\x08o", b"wrong\x15demo", b"wrong\x03demo",
    b"\x7f\x7f\x08demo", b"\rdemo", b"demo\0",
    b"demx" + command(EC) + b"o", b"wrong" + command(EL) + b"demo",
    b"wrong" + command(IP) + b"demo",
    command(EC) + command(EL) + command(IP) + b"demo",
], ids=repr)
def test_editing(serve, typed):
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        peer.send(typed, b"\r\0")
        peer.until(b"Password: ")
        peer.send(b"wrong", command(EL), WORD[:-1], b"x\x7f", WORD[-1:],
                  b"\r\0")
        peer.until(PROMPT)
    assert 'login of "demo"' in serve.until("login of")


@pytest.mark.parametrize("typed", [b"\x04", command(EOF)], ids=repr)
def test_giving_up(serve, typed):
    with serve.connect() as peer:
        peer.answer()
        peer.until(b"login: ")
        peer.send(typed)
        peer.until_closed()
    serve.until("closed: login given up")


def test_banner(start, accounts, tmp_path):
    banner = tmp_path / "banner"
    banner.write_bytes(b"Welcome\nto \xff\n\n")
    serve = start("--accounts", accounts, "--banner", banner, "-n", "box")
    with serve.connect() as peer:
        assert peer.until(b"login: ") == (
            b"Welcome\r\nto \xff\r\n\r\nbox login: ")


def test_locked(start, account_line, tmp_path, me):
    file = tmp_path / "accounts"
    file.touch(0o600)
    file.write_text(account_line("demo").replace(":", ":!"))
    serve = start("--accounts", file, "--user", me, "--fail-delay", "0",
                  *SHELL)
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", WORD)
        peer.until(b"Login incorrect")


def test_accounts_are_read_at_each_login(start, account_line, tmp_path, me):
    file = tmp_path / "accounts"
    file.touch(0o600)
    serve = start("--accounts", file, "--user", me, "--fail-delay", "0",
                  *SHELL)
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", WORD)
        peer.until(b"Login incorrect")
        file.write_text(account_line("demo"))
        peer.log_in(b"demo", WORD)
        peer.until(PROMPT)


@pytest.mark.parametrize("mode, lines, words", [
    (0o644, "", "others may read or write it (mode 644)"),
    (0o620, "", "others may read or write it (mode 620)"),
    (0o600, "demo\n", "line 1 is not USER:HASH"),
    (0o600, "# x\n\ndemo:\n", "line 3 is not USER:HASH"),
    (0o600, "demo:secret\n", "line 1 is not USER:HASH"),
    (0o600, "demo:$y$j9T$x$y:more\n", "line 1 is not USER:HASH"),
    (0o600, "-f:!\n", "line 1 is not USER:HASH"),
])
def test_bad_accounts(nvt, tmp_path, mode, lines, words):
    file = tmp_path / "accounts"
    file.touch(0o600)
    file.write_text(lines)
    file.chmod(mode)
    ended = nvt("serve", "-p", "0", "--accounts", str(file))
    assert ended.returncode == 1
    assert words in ended.stderr


def test_accounts_that_are_no_file(nvt, tmp_path):
    import os
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo, 0o600)
    ended = nvt("serve", "-p", "0", "--accounts", str(fifo))
    assert "not a regular file" in ended.stderr
    none = tmp_path / "none"
    ended = nvt("serve", "-p", "0", "--accounts", str(none))
    assert ended.stderr == (
        f"nvt: serve: {none}: no such file of accounts; nvt passwd --file "
        f"{none} NAME makes one\n")
    assert ended.returncode == 1


def test_password_typed_as_the_name(serve):
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(WORD, b"")
        peer.until(b"Login incorrect")
    log = serve.until("login of an unknown name refused")
    assert PASSWORD not in log


def test_logs_no_password(serve, logged_in):
    assert PASSWORD not in serve.until("session on a terminal")
