"""A peer for nvt serve that says exactly what a test tells it to."""

import select
import socket
import struct
import time

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
NOP, DM, BRK, IP, AO, AYT, EC, EL, GA = range(241, 250)
EOF, SUSP, ABORT = 236, 237, 238
BINARY, ECHO, SGA, LOGOUT, TTYPE, NAWS, LINEMODE, ENVIRON = (
    0, 1, 3, 18, 24, 31, 34, 39)

VERBS = (WILL, WONT, DO, DONT)
WAIT = 10


def command(*codes):
    return bytes((IAC, *codes))


def quote(data):
    return data.replace(b"\xff", b"\xff\xff")


def sub(option, payload):
    return command(SB, option) + quote(payload) + command(SE)


def naws(cols, rows):
    return sub(NAWS, struct.pack(">HH", cols, rows))


def ttype(name):
    return sub(TTYPE, b"\0" + name)


class Closed(Exception):
    """The server closed before what was waited for came."""


class Decoder:
    """Bytes to text and commands; knows CR NUL unless in BINARY."""

    def __init__(self):
        self.text = bytearray()
        self.commands = []
        self.binary = False
        self._step = self._data
        self._cr = False
        self._sub = bytearray()

    def feed(self, data):
        for byte in data:
            self._step = self._step(byte)

    def _data(self, byte):
        if byte == IAC:
            return self._command
        if byte == 0 and self._cr and not self.binary:
            self._cr = False
            return self._data
        self._cr = byte == 13
        self.text.append(byte)
        return self._data

    def _command(self, byte):
        if byte == IAC:
            self._cr = False
            self.text.append(byte)
            return self._data
        if byte == SB:
            self._sub.clear()
            return self._in_sub
        if byte in VERBS:
            self._verb = byte
            return self._option
        self.commands.append((byte,))
        return self._data

    def _option(self, byte):
        self.commands.append((self._verb, byte))
        if byte == BINARY and self._verb in (WILL, WONT):
            self.binary = self._verb == WILL
        return self._data

    def _in_sub(self, byte):
        if byte == IAC:
            return self._sub_command
        self._sub.append(byte)
        return self._in_sub

    def _sub_command(self, byte):
        if byte == IAC:
            self._sub.append(byte)
            return self._in_sub
        assert byte == SE, f"IAC {byte} inside a subnegotiation"
        self.commands.append((SB, bytes(self._sub)))
        return self._data


class Peer:
    """A connection: says what it is told, and nothing by itself."""

    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Urgent data in line, as Telnet has it.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        self.decoder = Decoder()
        self.received = 0
        self.eof = False

    @property
    def text(self):
        return self.decoder.text

    @property
    def commands(self):
        return self.decoder.commands

    def send(self, *pieces):
        self.socket.sendall(b"".join(pieces))

    def line(self, text, end=b"\r\0"):
        self.send(quote(text), end)

    def receive(self, timeout=WAIT):
        """One read; False at the end of the stream."""
        if not select.select([self.socket], [], [], timeout)[0]:
            raise TimeoutError(self.so_far())
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.received += len(data)
        self.decoder.feed(data)
        self.eof = not data
        return bool(data)

    def so_far(self):
        return f"only {bytes(self.text[-300:])!r}, {self.commands[-20:]}"

    def wait(self, happened):
        end = time.monotonic() + WAIT
        while not happened():
            if not self.receive(max(0, end - time.monotonic())):
                raise Closed(self.so_far())

    def until(self, wanted):
        """The text up to and with wanted, which is taken."""
        self.wait(lambda: wanted in self.text)
        at = self.text.index(wanted) + len(wanted)
        taken = bytes(self.text[:at])
        del self.text[:at]
        return taken

    def until_command(self, *wanted):
        self.wait(lambda: wanted in self.commands)

    def until_closed(self):
        """All text that is left."""
        while self.receive():
            pass
        return bytes(self.text)

    def take(self, count):
        """So many bytes of text."""
        self.wait(lambda: len(self.text) >= count)
        taken = bytes(self.text[:count])
        del self.text[:count]
        return taken

    def answer(self, term=b"XTERM", size=(80, 24), more=b""):
        """What a client says to the opening requests, at once."""
        self.send(command(DO, ECHO), command(DO, SGA), command(WILL, SGA),
                  command(WILL, TTYPE), command(WILL, NAWS), naws(*size),
                  more)
        self.until_command(SB, bytes((TTYPE, 1)))
        self.send(ttype(term))

    def log_in(self, user, password, end=b"\r\0"):
        self.until(b"login: ")
        self.line(user, end)
        self.until(b"Password: ")
        self.line(password, end)

    def reset(self):
        """Close with a RST instead of a FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
