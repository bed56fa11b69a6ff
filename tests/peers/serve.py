"""nvt serve, with one account: whoever runs the tests."""

import os
import pwd
import re
import subprocess

import machine

LISTENING = re.compile(rb"^nvt: listening on (\S+) port (\d+)$")

USER = pwd.getpwuid(os.geteuid()).pw_name


class Serve:
    """nvt serve with one account and a shell that has no start-up files."""

    def __init__(self, folder):
        nvt = machine.find_built("NVT")
        accounts = folder / "accounts"
        accounts.write_bytes(subprocess.run(
            [nvt, "passwd", "--password-fd", "0", USER],
            input=machine.PASSWORD.encode() + b"\n", stdout=subprocess.PIPE,
            check=True, timeout=20).stdout)
        accounts.chmod(0o600)
        self.log = open(folder / "log", "w+b", buffering=0)
        self.process = subprocess.Popen(
            [nvt, "serve", "--accounts", str(accounts), "-p", "0",
             "--", "/bin/sh"],
            env=machine.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self.log, start_new_session=True)
        self.port = self._where()

    def _where(self):
        for line in self.process.stdout:
            match = LISTENING.match(line)
            if match and match.group(1) != b"::1":
                return int(match.group(2))
        self.log.seek(0)
        raise AssertionError(f"nvt serve did not start: {self.log.read()}")

    def sessions(self):
        """Its children: at least one for each session, until it is buried."""
        return machine.children(self.process.pid)

    def close(self):
        """End it as an administrator would; it must have nothing to hide."""
        ended = self.process.poll()
        self.process.terminate()
        try:
            status = self.process.wait(10)
        finally:
            machine.end(self.process)
            self.process.stdout.close()
            self.log.seek(0)
            log = self.log.read().decode(errors="replace")
            self.log.close()
        assert ended is None, f"it ended by itself with {ended}: {log}"
        assert status == 0, f"it was told to end, and did with {status}: {log}"
        assert not machine.SANITIZER.search(log), log
