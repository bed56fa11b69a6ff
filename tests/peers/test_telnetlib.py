"""Python's telnetlib logs in to nvt serve: text only, every option refused."""

import random
import socket
import time
import warnings

import pytest

import machine
from serve import USER

PIECE = 100 * 1024
IAC_IP = b"\xff\xf4"


@pytest.fixture
def telnet(serve):
    """Python's own telnetlib, logged in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        telnetlib = pytest.importorskip("telnetlib")
    with telnetlib.Telnet("127.0.0.1", serve.port, timeout=15) as telnet:
        telnet.read_until(b"ogin: ", 15)
        telnet.write(USER.encode() + b"\r\n")
        telnet.read_until(b"assword: ", 15)
        telnet.write(machine.PASSWORD.encode() + b"\r\n")
        yield telnet


def noise(without=b""):
    wanted = bytes(set(range(256)) - set(without))
    return bytes(random.Random(854).choices(wanted, k=PIECE))


def test_telnetlib_gets_every_byte(telnet, tmp_path):
    # telnetlib itself loses NUL and ^Q.
    sent = noise(without=b"\0\x11")
    (tmp_path / "noise").write_bytes(sent)
    telnet.write(b"stty -opost; echo '<''<'; cat %s; echo '>''>'; exit\r\n"
                 % bytes(tmp_path / "noise"))
    telnet.read_until(b"<<\n", 15)
    got = telnet.read_all()
    assert len(got.removesuffix(b">>\n")) == len(sent)
    assert got == sent + b">>\n"


def send_raw(telnet, sent, path):
    """Send bytes into a raw terminal; return those that came there."""
    telnet.write(b"stty raw -echo; echo rea''dy; head -c %d >%s; stty sane; "
                 b"echo do''ne\r\n" % (len(sent), bytes(path)))
    assert b"ready" in telnet.read_until(b"ready", 15)
    # telnetlib doubles IAC; that a CR needs company is left to its user.
    telnet.write(sent.replace(b"\r", b"\r\0"))
    telnet.read_until(b"done", 5)
    return path.read_bytes()


def test_telnetlib_sends_every_byte(telnet, tmp_path):
    sent = noise().replace(b"\r\n", b"\r.")
    assert send_raw(telnet, sent, tmp_path / "noise") == sent


def test_telnetlib_sends_a_line_feed_after_a_return(telnet, tmp_path):
    sent = b"\r\n.\r\r\n"
    assert send_raw(telnet, sent, tmp_path / "noise") == sent


def test_telnetlib_interrupts(telnet):
    telnet.write(bytes(machine.INTERRUPTED) + b"\r\n")
    assert b"waiting" in telnet.read_until(b"waiting for it", 15)
    telnet.sock.sendall(IAC_IP)
    assert b"interrupted" in telnet.read_until(b"was interrupted", 15)


def test_telnetlib_sees_the_end(telnet):
    telnet.write(b"exec echo fare''well\r\n")
    assert telnet.read_all().rstrip().endswith(b"farewell")


def test_first_prompt_does_not_wait_for_a_silent_client(serve):
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", serve.port)) as silent:
        silent.settimeout(10)
        seen = b""
        while b"ogin: " not in seen:
            seen += silent.recv(4096)
    assert time.monotonic() - began < 3
