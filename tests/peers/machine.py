"""Where the peers are on this machine, and how programs are ended on it."""

import ctypes
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PEERS = pathlib.Path(
    os.environ.get("NVT_PEERS") or HERE.parent.parent / "build-peers")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

USER = "teltest"
PASSWORD = "Secret-42"
LOGIN = str(HERE / "fakelogin.sh")
INTERRUPTED = HERE / "interrupted.sh"

# What a program that was built to find its faults writes when it does.
SANITIZER = re.compile("Sanitizer|runtime error:")


def find_peer(package, path):
    """The program of a Debian package, unpacked or installed, or skip."""
    unpacked = PEERS / package / path
    if unpacked.exists():
        return str(unpacked)
    installed = shutil.which(os.path.basename(path), path=PATH)
    if installed:
        return installed
    pytest.skip(f"{package} is neither installed nor in {PEERS}: "
                "see scripts/fetch-peers")


def find_busybox(applet):
    """A busybox that has the applet: Debian's plain one has no telnetd."""
    busybox = find_peer("busybox-static", "bin/busybox")
    applets = subprocess.run([busybox, "--list"], capture_output=True,
                             text=True, check=True).stdout.split()
    if applet not in applets:
        pytest.skip(f"{busybox} has no {applet}: see scripts/fetch-peers")
    return busybox


def find_built(variable, name=""):
    """A program under test, which the build names in the environment."""
    where = os.environ.get(variable)
    if not where:
        pytest.skip(f"{variable} is not set: run this with meson test")
    program = os.path.join(where, name) if name else where
    assert os.access(program, os.X_OK), f"{program} is not built"
    return program


def environment(**more):
    """An environment that owes nothing to whoever runs the tests.

    Only what the build tells the sanitizers and malloc goes through.
    """
    told = {name: value for name, value in os.environ.items()
            if name.endswith("SAN_OPTIONS") or name == "MALLOC_PERTURB_"}
    return {"PATH": PATH, "HOME": "/", "LC_ALL": "C.UTF-8", **told, **more}


def wait_until(happened, what, seconds=10):
    """For what no descriptor tells of; all else waits on one."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        select.select([], [], [], 0.01)


def end(process, seconds=5):
    """End a process and its group; return how it ended by itself, or None."""
    by_itself = process.poll()
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.wait(seconds)
    return by_itself


def adopt_orphans():
    """Become the parent of what our daemons leave, to see that they do not."""
    PR_SET_CHILD_SUBREAPER = 36
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury_orphans():
    """Whether all that we started or were left with has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return True
    return False


def children(of):
    """The pids of a process's children, the unburied included."""
    found = []
    for task in pathlib.Path("/proc", str(of), "task").iterdir():
        try:
            found += map(int, (task / "children").read_text().split())
        except FileNotFoundError:  # a thread that has just ended
            pass
    return found
