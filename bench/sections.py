"""sections.py - what is measured: each section yields rows for the table.

Ours and the peer's take turns within each round, so that what else the machine
does falls on both.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from rows import Row, Target, rate_row, time_row

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = "/usr/bin/python3"
KIB, MIB = 1 << 10, 1 << 20

# What the project promises.  A row whose name begins so is held to it.
DECODE_TARGETS = {
    "decode text, binary": Target("ratio", ">=", 10),
    "decode text, NVT": Target("ratio", ">=", 5),
    "decode command each 64 bytes, NVT, 4 KiB, decoder":
        Target("ratio", ">=", 3),
    "decode command each 64 bytes, NVT, 64 KiB, decoder":
        Target("ratio", ">=", 3),
    "decode random": Target("ratio", ">=", 5),
}
SPEED_TARGETS = {
    "until": Target("ours", ">=", 1.0),
    "expect": Target("ours", ">=", 0.5),
}
LINEAR_TARGET = Target("ratio", "<=", 1.1)
MEMORY_TARGET = Target("ours", "<=", 1.2)
SESSION_TARGET = Target("ratio", "<=", 1.15)
ENGINE_TARGET = Target("ours", "<=", 64)
FOOTPRINT_TARGETS = {
    "heap, negotiated and idle": Target("ours", "<=", 2),
    "allocations": Target("ours", "<=", 0),
}


def target_of(targets, what):
    for prefix, target in targets.items():
        if what.startswith(prefix):
            return target
    return None


class Runner:
    def __init__(self, build, quick):
        self.bench, self.quick = Path(build) / "bench", quick

    def rounds(self, full):
        return min(full, 3) if self.quick else full

    def program(self, name):
        return self.bench / f"bench-{name}"

    def lines(self, *command, cpu=None):
        """What a benchmark says: one object a line."""
        done = subprocess.run([str(c) for c in command], check=True, text=True,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, preexec_fn=pin(cpu))
        return [json.loads(line) for line in done.stdout.splitlines()
                if line.startswith("{")]

    def one(self, *command, cpu=None):
        return self.lines(*command, cpu=cpu)[-1]


# Two processes that talk are put on two cores, or both on one, for the
# scheduler's choice changes the figures more than anything that is measured.
CPUS = sorted(os.sched_getaffinity(0))
CLIENT_CPU, SERVER_CPU = CPUS[0], CPUS[-1]


def pin(cpu):
    return (lambda: os.sched_setaffinity(0, {cpu})) if cpu is not None \
        else None


class Server:
    """A program that prints its port, and ends when its input does."""

    def __init__(self, path, cpu):
        self.process = subprocess.Popen([str(path)], text=True,
                                        stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE,
                                        preexec_fn=pin(cpu))

    def __enter__(self):
        return int(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


# ---- the codec --------------------------------------------------------------

def codec(run, program, targets):
    for got in run.lines(run.program(program), run.rounds(9)):
        peer = got.get("peer", {}).get("seconds")
        yield rate_row(got["row"], "GB/s", got["bytes"] / 1e9,
                       got["ours"]["seconds"], "libtelnet", peer,
                       target_of(targets, got["row"]))


def decode(run):
    return codec(run, "decode", DECODE_TARGETS)


def encode(run):
    return codec(run, "encode", {})


# ---- waiting ----------------------------------------------------------------

WAITS = {"until": "read_until", "expect": "expect, 3 patterns"}


def all_of(key, results):
    return [r[key] for r in results]


def per_byte(results):
    return [r["cpu"] / r["bytes"] for r in results]


def wait(run, *args):
    """One wait; one that is over in milliseconds, the median of five."""
    program, size = run.program("waiting"), args[1]
    tries = [run.one(program, *args, cpu=CLIENT_CPU)
             for _ in range(5 if size <= 4 * MIB else 1)]
    return sorted(tries, key=lambda r: r["seconds"])[len(tries) // 2]


def linear_row(what, small, large):
    """Cost is CPU time: a long wait is interrupted more often than a short."""
    return time_row(f"{what}, a byte of 64 MB to one of 1 MB", "ns/byte", 1e9,
                    per_byte(large), "1 MB", per_byte(small), LINEAR_TARGET)


def memory_waits(run, how):
    """nvt_expect alone, fed from memory."""
    small, large = [], []
    for _ in range(run.rounds(9)):
        small.append(wait(run, how, MIB))
        large.append(wait(run, how, 64 * MIB))
    yield rate_row(f"{WAITS[how]}, 64 MB, no socket", "GB/s", 64 * MIB / 1e9,
                   all_of("seconds", large))
    yield linear_row(f"{WAITS[how]}, no socket", small, large)


def socket_waits(run, how, port):
    """Sessions fed from a process of its own, in turns with recv() alone."""
    sizes = (1, 4, 16, 64)
    ours, floor = {n: [] for n in sizes}, {n: [] for n in sizes}
    for _ in range(run.rounds(9)):
        for n in sizes:
            floor[n].append(wait(run, "floor", n * MIB, port))
            ours[n].append(wait(run, how, n * MIB, port))
    for n in sizes:
        yield rate_row(f"{WAITS[how]}, {n} MB", "GB/s", n * MIB / 1e9,
                       all_of("seconds", ours[n]), "recv alone",
                       all_of("seconds", floor[n]),
                       SPEED_TARGETS[how] if n == 64 else None)
    yield rate_row(f"{WAITS[how]}, 64 MB, of our CPU time", "GB/s",
                   64 * MIB / 1e9, all_of("cpu", ours[64]),
                   target=SPEED_TARGETS[how])
    yield linear_row(WAITS[how], ours[1], ours[64])
    yield Row(f"{WAITS[how]}, 64 MB, memory to text kept", "x",
              [r["grown_kib"] * KIB / r["kept"] for r in ours[64]],
              target=MEMORY_TARGET)


def peer_waits(run, how, port, name, command, size):
    ours, peer = [], []
    for _ in range(run.rounds(5)):
        peer.append(run.one(*command, how, size, port, cpu=CLIENT_CPU))
        ours.append(wait(run, how, size, port))
    return rate_row(f"{WAITS[how]}, {size // KIB} KiB", "MB/s", size / 1e6,
                    all_of("seconds", ours), name, all_of("seconds", peer))


def peers_waits(run, how, port):
    """The peers take time by the square of the text: small ones only."""
    telnetlib = (PYTHON, HERE / "waiting_telnetlib.py")
    size = 256 * KIB if how == "until" else 64 * KIB
    yield peer_waits(run, how, port, "telnetlib", telnetlib, size)
    if shutil.which("expect"):
        expect = ("expect", HERE / "waiting.tcl")
        yield peer_waits(run, how, port, "Tcl Expect", expect, MIB)
    else:
        yield rate_row(f"{WAITS[how]}, {MIB // KIB} KiB", "MB/s", MIB / 1e6,
                       [wait(run, how, MIB, port)["seconds"]], "Tcl Expect")


def waiting(run):
    for how in WAITS:
        yield from memory_waits(run, how)
        with Server(run.program("feeder"), SERVER_CPU) as port:
            yield from socket_waits(run, how, port)
            yield from peers_waits(run, how, port)


# ---- sessions ---------------------------------------------------------------

SESSIONS = 100  # a turn: short, so that both sides see the same weather


def per_session(run, client, port, cpu):
    program, more = client
    got = run.one(*program, SESSIONS, port, *more, cpu=cpu)
    return got["seconds"] / got["count"]


def sessions_row(run, what, peer_name, peer, port, cpu, target=None):
    ours_seconds, peer_seconds = [], []
    ours = ((run.program("login_nvt"),), ())
    for i in range(run.rounds(25)):
        turns = [(ours_seconds, ours), (peer_seconds, peer)]
        for times, client in turns if i % 2 else reversed(turns):
            times.append(per_session(run, client, port, cpu))
    return time_row(what, "us", 1e6, ours_seconds, peer_name, peer_seconds,
                    target)


def sessions(run):
    """On one core all work shows; on two most of the time is wake-ups."""
    bare = ((run.program("login_bare"),), ())
    polling = ((run.program("login_bare"),), ("poll",))
    telnetlib = ((PYTHON, HERE / "login_telnetlib.py"), ())
    with Server(run.program("device"), CLIENT_CPU) as port:
        what = "login session, one core"
        yield sessions_row(run, what, "bare C", bare, port, CLIENT_CPU,
                           SESSION_TARGET)
        yield sessions_row(run, what, "bare C with poll()", polling, port,
                           CLIENT_CPU)
        yield sessions_row(run, what, "telnetlib", telnetlib, port,
                           CLIENT_CPU)
    with Server(run.program("device"), SERVER_CPU) as port:
        yield sessions_row(run, "login session, two cores", "bare C", bare,
                           port, CLIENT_CPU)


# ---- size -------------------------------------------------------------------

def engine_kib(optimise):
    """Text of base, wire and telnet, compiled as a vendor would."""
    sources = sorted(str(path) for layer in ("base", "wire", "telnet")
                     for path in (ROOT / "lib" / layer).glob("*.c"))
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["cc", "-std=c11", optimise, f"-I{ROOT}/include",
                        f"-I{ROOT}/lib", "-c", *sources], cwd=out, check=True)
        objects = sorted(str(path) for path in Path(out).glob("*.o"))
        listing = subprocess.run(["size", "-t", *objects], check=True,
                                 text=True, stdout=subprocess.PIPE).stdout
    return int(listing.splitlines()[-1].split()[0]) / KIB


def size(run):
    for optimise in ("-Os", "-O2"):
        yield Row(f"engine, text segment, {optimise}", "KiB",
                  [engine_kib(optimise)], target=ENGINE_TARGET)
    for got in run.lines(run.program("footprint")):
        unit, value = ("KiB", got["bytes"] / KIB) if "bytes" in got \
            else ("calls", got["count"])
        yield Row(got["row"], unit, [value],
                  target=target_of(FOOTPRINT_TARGETS, got["row"]))


SECTIONS = {
    "decode": decode,
    "encode": encode,
    "waiting": waiting,
    "sessions": sessions,
    "size": size,
}
