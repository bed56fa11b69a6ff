"""A man in the middle who writes down what each side sends, and how."""

import collections
import dataclasses
import selectors
import socket
import threading

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
VERBS = {DONT: "DONT", DO: "DO", WONT: "WONT", WILL: "WILL", SB: "SB"}
OPTIONS = {0: "BINARY", 1: "ECHO", 3: "SGA", 5: "STATUS", 6: "TM",
           24: "TTYPE", 31: "NAWS", 32: "TSPEED", 33: "LFLOW",
           34: "LINEMODE", 35: "XDISPLOC", 36: "ENVIRON", 37: "AUTH",
           38: "ENCRYPT", 39: "NEW-ENVIRON"}


@dataclasses.dataclass
class Command:
    verb: int
    option: int = None
    payload: bytes = b""
    whole: bool = True        # it came in one piece

    def __str__(self):
        words = [VERBS.get(self.verb, str(self.verb))]
        if self.option is not None:
            words.append(OPTIONS.get(self.option, str(self.option)))
        if self.payload:
            words.append(self.payload.hex())
        return " ".join(words) + ("" if self.whole else " (split)")


class Decoder:
    """Takes one side's pieces; returns the commands that end in each."""

    def __init__(self):
        self.held = bytearray()

    def feed(self, piece):
        carried = len(self.held)
        self.held += piece
        at, commands = 0, []
        while (at := self.held.find(IAC, at)) >= 0:
            command, end = self._command_at(at)
            if command is None:
                break
            command.whole = at >= carried
            if command.verb != IAC:
                commands.append(command)
            at = end
        del self.held[:len(self.held) if at < 0 else at]
        return commands

    def _command_at(self, at):
        held = self.held
        if len(held) < at + 2:
            return None, at
        verb = held[at + 1]
        if verb not in VERBS:
            return Command(verb), at + 2
        if len(held) < at + 3:
            return None, at
        if verb != SB:
            return Command(verb, held[at + 2]), at + 3
        end = at + 3
        while (end := held.find(IAC, end)) >= 0 and end + 1 < len(held):
            if held[end + 1] == SE:
                payload = held[at + 3:end].replace(b"\xff\xff", b"\xff")
                return Command(SB, held[at + 2], bytes(payload)), end + 2
            end += 2
        return None, at


class Relay:
    """Passes one connection on to a port, and keeps a record of it.

    The record is a list of (side, bytes), side "client" or "server", one
    entry for each piece as it arrived.  What the side named by cut sends is
    passed on byte by byte.
    """

    def __init__(self, port, cut=None):
        self.target = port
        self.cut = cut
        self.record = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.wake, self.stopped = socket.socketpair()
        self.thread = threading.Thread(target=self._relay, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wake.close()
        self.thread.join()
        self.listener.close()
        self.stopped.close()

    def _relay(self):
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.listener, selectors.EVENT_READ)
            waiting.register(self.stopped, selectors.EVENT_READ)
            if self.stopped in [key.fileobj for key, _ in waiting.select()]:
                return
        client, _ = self.listener.accept()
        with client, socket.create_connection(
                ("127.0.0.1", self.target)) as server:
            for end in client, server:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._copy(client, server)

    def _copy(self, client, server):
        ways = {client: ("client", server), server: ("server", client)}
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.stopped, selectors.EVENT_READ)
            for end in ways:
                waiting.register(end, selectors.EVENT_READ)
            while ways:
                for key, _ in waiting.select():
                    if key.fileobj is self.stopped:
                        return
                    side, other = ways[key.fileobj]
                    piece = receive(key.fileobj)
                    if piece:
                        self.record.append((side, piece))
                        send(other, piece, 1 if side == self.cut else None)
                        continue
                    waiting.unregister(key.fileobj)
                    del ways[key.fileobj]
                    half_close(other)

    def commands(self):
        """What was negotiated, as (side, Command), in the order seen."""
        decoders = collections.defaultdict(Decoder)
        return [(side, command) for side, piece in list(self.record)
                for command in decoders[side].feed(piece)]

    def __str__(self):
        return "\n".join(f"{'>' if side == 'client' else '<'} {piece.hex()}"
                         for side, piece in self.record)


def receive(end):
    try:
        return end.recv(65536)
    except ConnectionError:
        return b""


def send(end, piece, at_once=None):
    step = at_once or len(piece)
    try:
        for start in range(0, len(piece), step):
            end.sendall(piece[start:start + step])
    except ConnectionError:
        pass


def half_close(end):
    try:
        end.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def faults(relay, side):
    """What a side did that old peers would not have survived, in words."""
    found = []
    said = collections.Counter()
    asked = set()
    for who, command in relay.commands():
        other = "server" if side == "client" else "client"
        if who != side:
            asked.add((other, command.verb, command.option))
            if command.verb == SB and command.payload[:1] == b"\1":
                asked.add((other, "SEND", command.option))
            continue
        if not command.whole:
            found.append(f"{command}: not in one write")
        if command.verb == SB:
            found += subnegotiation_faults(command, side, other, asked)
        elif command.verb in VERBS:
            said[command.verb, command.option] += 1
            if said[command.verb, command.option] == 4:
                found.append(f"{command}: said over and over")
        asked.add((side, command.verb, command.option))
    return found


def subnegotiation_faults(command, side, other, asked):
    option = command.option
    sender = {(side, WILL, option), (other, DO, option)} <= asked
    receiver = {(side, DO, option), (other, WILL, option)} <= asked
    if not sender and not receiver:
        return [f"{command}: the option is not on"]
    # TTYPE, TSPEED, XDISPLOC and NEW-ENVIRON answer a SEND and are not
    # volunteered; NEW-ENVIRON alone has an INFO, which is.
    if (sender and option in (24, 32, 35, 39) and command.payload[:1] == b"\0"
            and (other, "SEND", option) not in asked):
        return [f"{command}: nobody asked"]
    return []
