"""login_telnetlib.py COUNT PORT - the sessions of login_nvt.c, by CPython's
telnetlib.  Prints one JSON object."""

import json
import re
import sys
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

import telnetlib

TIMEOUT = 10
PROMPT = [re.compile(rb"Login incorrect"), re.compile(rb"[>#] $")]


def session(port):
    with telnetlib.Telnet("127.0.0.1", port, TIMEOUT) as tn:
        tn.read_until(b"login:", TIMEOUT)
        tn.write(b"admin\r\n")
        tn.read_until(b"assword:", TIMEOUT)
        tn.write(b"secret\r\n")
        assert tn.expect(PROMPT, TIMEOUT)[0] == 1
        tn.write(b"show interfaces\r\n")
        assert tn.expect(PROMPT, TIMEOUT)[0] == 1
        tn.write(b"exit\r\n")
        tn.read_all()


def main():
    count, port = int(sys.argv[1]), int(sys.argv[2])
    session(port)
    begin, cpu = time.monotonic(), time.process_time()
    for _ in range(count):
        session(port)
    print(json.dumps({"count": count, "seconds": time.monotonic() - begin,
                      "cpu": time.process_time() - cpu}))


main()
