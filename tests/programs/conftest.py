"""What the tests of the program share: nvt itself, and nvt serve running."""

import contextlib
import os
import pwd
import select
import signal
import subprocess
import time

import pytest

import rawtelnet

TIME_OUT = 60
PASSWORD = "Secret-42"
PROMPT = b"ready> "
SHELL = ("--env", f"PS1={PROMPT.decode()}", "--", "/bin/sh")


def pytest_collection_modifyitems(config, items):
    if config.pluginmanager.hasplugin("timeout"):
        for item in items:
            item.add_marker(pytest.mark.timeout(TIME_OUT), append=False)


def pytest_sessionfinish(session, exitstatus):
    """Meson shows a test as skipped if it exits with 77."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter and not reporter.stats.get("passed"):
        session.exitstatus = 77


@pytest.fixture(scope="session")
def nvt():
    """Run nvt with arguments; the completed process, its output as text."""
    program = os.environ.get("NVT")
    if not program:
        pytest.skip("NVT is not set: run this with meson test")

    def run(*args, **options):
        return subprocess.run([program, *args], capture_output=True,
                              text=True, timeout=TIME_OUT, **options)

    run.program = program
    return run


@pytest.fixture(scope="session")
def me():
    """The name of whoever runs the tests; programs run as that."""
    return pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture(scope="session")
def account_line(nvt):
    """A line of a file of accounts; hashing is not what is tested here."""
    def make(user, password=PASSWORD):
        made = nvt("passwd", "--cost", "1", "--password-fd", "0", user,
                   input=password + "\n")
        assert made.returncode == 0, made.stderr
        return made.stdout

    return make


@pytest.fixture(scope="session")
def accounts(account_line, tmp_path_factory):
    """A file with the account demo."""
    path = tmp_path_factory.mktemp("accounts") / "accounts"
    path.touch(0o600)
    path.write_text("# for the tests\n\n" + account_line("demo"))
    return path


def children(pid):
    """The processes that one has started, zombies too."""
    found = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += map(int, file.read().split())
    return found


def descendants(pid):
    """And those that these have started."""
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def wait_until(happened, seconds=10):
    """For what no descriptor tells of; all else waits on one."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"not within {seconds} s"
        select.select([], [], [], 0.01)


def wait_for_end(pid, seconds=10):
    """Until a process that need not be ours has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended = select.select([fd], [], [], seconds)[0]
    finally:
        os.close(fd)
    assert ended, f"process {pid} is still there"


def start_afresh(before):
    """What nohup(1) may have set for the tests is not for the server."""
    for sign in (signal.SIGHUP, signal.SIGINT):
        signal.signal(sign, signal.SIG_DFL)
    if before is not None:
        before()


class Serve:
    """nvt serve on a free port."""

    def __init__(self, program, *args, host="127.0.0.1", env=None,
                 before=None):
        self.host = host
        log_end, log = os.pipe()
        self.log_file = os.fdopen(log_end, "rb", buffering=0)
        self.process = subprocess.Popen(
            [program, "serve", "--listen", host, "--port", "0", *args],
            stdout=subprocess.PIPE, stderr=log, env=env,
            preexec_fn=lambda: start_afresh(before))
        os.close(log)
        self.log = ""
        self.said = self.process.stdout.readline().decode()
        words = self.said.split()
        assert words[:4] == ["nvt:", "listening", "on", host], self.rest()
        self.port = int(words[5])

    def connect(self):
        return rawtelnet.Peer(self.port, self.host)

    def children(self):
        return descendants(self.process.pid)

    def rest(self):
        """What is still to come in the log, once the server has ended."""
        self.log += self.log_file.read().decode()
        return self.log

    def until(self, wanted, seconds=10):
        """The log, as soon as it has the words."""
        end = time.monotonic() + seconds
        while wanted not in self.log:
            left = max(0, end - time.monotonic())
            assert select.select([self.log_file], [], [], left)[0], self.log
            data = os.read(self.log_file.fileno(), 65536)
            assert data, self.log
            self.log += data.decode()
        return self.log

    def until_alone(self):
        """No process is left but the listener."""
        for pid in self.children():
            wait_for_end(pid)
        # What has ended may still have to be buried.
        wait_until(lambda: not self.children())

    def stop(self, sign=signal.SIGTERM):
        """How the server ends, and that nothing of it stays."""
        left = self.children()
        if self.process.poll() is None:
            self.process.send_signal(sign)
        status = self.process.wait(20)
        for pid in left:
            wait_for_end(pid)
        return status

    def close(self):
        try:
            assert self.stop() == 0, self.rest()
            assert "Sanitizer" not in self.rest(), self.log
            assert "runtime error" not in self.log, self.log
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.log_file.close()


@pytest.fixture
def start(nvt):
    """Start servers that end with the test."""
    with contextlib.ExitStack() as stack:
        def start_one(*args, **options):
            server = Serve(nvt.program, *map(str, args), **options)
            stack.callback(server.close)
            return server

        yield start_one


@pytest.fixture
def serve(start, accounts, me):
    """A server that asks for a password and gives a plain shell."""
    return start("--accounts", accounts, "--user", me, "--name", "box",
                 "--fail-delay", "0.05", *SHELL)


@pytest.fixture
def shells(start, me):
    """A server that gives a plain shell to whoever comes."""
    return start("--no-login", "--user", me, *SHELL)


@pytest.fixture
def shell(shells):
    """A peer with its prompt in front of it."""
    with shells.connect() as peer:
        peer.answer()
        peer.until(PROMPT)
        yield peer


@pytest.fixture
def logged_in(serve):
    """A peer that has logged in."""
    with serve.connect() as peer:
        peer.answer()
        peer.log_in(b"demo", PASSWORD.encode())
        peer.until(PROMPT)
        yield peer
