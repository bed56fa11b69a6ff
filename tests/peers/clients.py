"""The telnet clients of others, each in a terminal of 33 by 101."""

import contextlib
import dataclasses
import re
import signal
import typing

import pexpect

import machine

ROWS, COLUMNS = 33, 101
TERM = "xterm-256color"


@dataclasses.dataclass
class Client:
    """How to start a client, and what it tells the server."""
    command: typing.Callable      # port -> argv
    term: str = TERM              # what it sends as its terminal type
    size: bool = True             # it sends its window's size
    resize: bool = True           # and sends it again when it changes


def inetutils(port):
    program = machine.find_peer("inetutils-telnet", "usr/bin/inetutils-telnet")
    return [program, "127.0.0.1", str(port)]


def netkit(port):
    program = machine.find_peer("telnet-ssl", "usr/bin/telnet-ssl")
    return [program, "127.0.0.1", str(port)]


def busybox(port):
    return [machine.find_busybox("telnet"), "telnet", "127.0.0.1", str(port)]


def plink(port):
    program = machine.find_peer("putty-tools", "usr/bin/plink")
    return [program, "-telnet", "-P", str(port), "127.0.0.1"]


def libtelnet(port):
    program = machine.find_peer("libtelnet-utils", "usr/bin/telnet-client")
    return [program, "127.0.0.1", str(port)]


CLIENTS = {
    "inetutils": Client(inetutils, term=TERM.upper()),
    "netkit": Client(netkit),
    "busybox": Client(busybox, resize=False),
    "plink": Client(plink, term="XTERM"),
    "libtelnet": Client(libtelnet, size=False, resize=False),
}


class Terminal(pexpect.spawn):
    """A client at work; keeps all that it ever showed."""

    def __init__(self, argv, folder):
        super().__init__(
            argv[0], argv[1:], dimensions=(ROWS, COLUMNS), timeout=15,
            env=machine.environment(TERM=TERM, HOME=str(folder)))
        self.delaybeforesend = None
        self.shown = open(folder / "shown", "w+b", buffering=0)
        self.logfile_read = self.shown

    def transcript(self):
        self.shown.seek(0)
        return self.shown.read()

    def type(self, text):
        """Type a line and press Enter."""
        self.send(text + "\r")

    def log_in(self, user=machine.USER, password=machine.PASSWORD):
        self.expect_exact("ogin: ")
        self.type(user)
        self.expect_exact("assword: ")
        self.type(password)

    def ask(self, command):
        """What a command prints, whatever the prompt and the echo.

        The marks are written so that the echo of the command line is
        not taken for its output.
        """
        self.type(f"echo '<''<'; {command}; echo '>''>'")
        self.expect(rb"<<\r*\n(.*?)\r*\n?>>\r*\n")
        return re.sub(rb"\r+\n", b"\n", self.match.group(1)).decode()

    def leave(self):
        """The client ends by itself once the shell does."""
        self.type("exit")
        self.expect(pexpect.EOF)
        self.wait()
        assert self.signalstatus is None, "the client was killed"


@contextlib.contextmanager
def running(name, port, folder):
    terminal = Terminal(CLIENTS[name].command(port), folder)
    try:
        yield terminal
    finally:
        if terminal.isalive():
            terminal.kill(signal.SIGKILL)
        terminal.close(force=True)
        terminal.shown.close()
