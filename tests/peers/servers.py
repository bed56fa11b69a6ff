"""The telnet daemons of others, each on a free port of 127.0.0.1."""

import contextlib
import selectors
import socket
import subprocess
import threading

import machine


class Inetd:
    """A listener on port 0 that starts one program for each connection.

    The daemons expect the socket itself as descriptor 0, as inetd and
    socat's nofork hand it over; being our own inetd, we know the port
    before anyone else can take it and how every session ended.
    """

    def __init__(self, command, env):
        self.command, self.env = command, env
        self.sessions = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.wake, self.stopped = socket.socketpair()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.listener, selectors.EVENT_READ)
            waiting.register(self.stopped, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in waiting.select()]
                if self.stopped in ready:
                    return
                connection, _ = self.listener.accept()
                with connection:
                    self.sessions.append(subprocess.Popen(
                        self.command, env=self.env, stdin=connection,
                        stdout=connection, stderr=connection,
                        start_new_session=True))

    def close(self):
        self.wake.close()
        self.thread.join()
        self.listener.close()
        self.stopped.close()
        for session in self.sessions:
            machine.end(session)


class Busybox:
    """busybox telnetd by itself: one process for all sessions.

    It cannot be told to take any free port, so one is found first and
    another if someone takes that in between.
    """

    def __init__(self, command, env):
        for attempt in range(10):
            with socket.create_server(("127.0.0.1", 0)) as probe:
                self.port = probe.getsockname()[1]
            self.process = subprocess.Popen(
                command + ["-b", f"127.0.0.1:{self.port}"], env=env,
                stderr=subprocess.DEVNULL, start_new_session=True)
            machine.wait_until(self._settled, "busybox telnetd to listen")
            if self.process.poll() is None:
                return
        raise OSError("busybox telnetd found no free port")

    def _settled(self):
        return self.process.poll() is not None or self._listens()

    def _listens(self):
        # Connecting instead would start a session nobody wants.
        with open("/proc/net/tcp") as table:
            return any(f":{self.port:04X} 00000000:0000 0A" in line
                       for line in table)

    def close(self):
        machine.end(self.process)


def make_certificate(folder):
    """A key and its certificate in one file; the key has to be RSA."""
    pem = folder / "telnetd.pem"
    if not pem.exists():
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", "-", "-out", "-"],
            capture_output=True, check=True)
        pem.write_bytes(made.stdout)
        pem.chmod(0o600)
    return str(pem)


# What the daemon itself has in its environment: busybox hands it on.
ENV = machine.environment(TERM="of-the-daemon")


def inetutils(folder, login=("-E", machine.LOGIN)):
    telnetd = machine.find_peer("inetutils-telnetd", "usr/sbin/telnetd")
    return Inetd([telnetd, *login], ENV)


def netkit(folder, login=("-L", machine.LOGIN)):
    telnetd = machine.find_peer("telnetd-ssl", "usr/sbin/in.telnetd")
    pem = make_certificate(folder)
    return Inetd([telnetd, "-z", f"cert={pem}", "-z", f"key={pem}", *login],
                 ENV)


def busybox(folder, login=("-l", machine.LOGIN)):
    command = [machine.find_busybox("telnetd"), "telnetd", "-F", *login]
    return Busybox(command, ENV)


def busybox_inetd(folder, login=("-l", machine.LOGIN)):
    command = [machine.find_busybox("telnetd"), "telnetd", "-i", *login]
    return Inetd(command, ENV)


SERVERS = {
    "inetutils": inetutils,
    "netkit": netkit,
    "busybox": busybox,
    "busybox-inetd": busybox_inetd,
}

# How each starts the machine's own login(1) instead.
REAL_LOGIN = {
    "inetutils": ("-h",),
    "netkit": ("-h", "-L", "/bin/login"),
    "busybox": ("-l", "/bin/login"),
    "busybox-inetd": ("-l", "/bin/login"),
}


@contextlib.contextmanager
def running(name, folder, **options):
    server = SERVERS[name](folder, **options)
    try:
        yield server
    finally:
        server.close()
