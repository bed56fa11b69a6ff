"""waiting_telnetlib.py until|expect BYTES PORT - the wait of waiting.c, by
CPython's telnetlib.  Prints one JSON object."""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

import telnetlib

PROMPT = b"router1#"
PATTERNS = [rb"(?m)login: ?$", rb"assword:", rb"(?m)^[\w.-]+[>#] ?$"]
WARM_BYTES = 4096


def wait(tn, how, size):
    tn.write(b"%d\n" % size)
    if how == "until":
        return tn.read_until(PROMPT)
    which, _, text = tn.expect(PATTERNS)
    assert which == 2, which
    return text


def main():
    how, size, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with telnetlib.Telnet("127.0.0.1", port) as tn:
        wait(tn, how, WARM_BYTES)
        begin, cpu = time.monotonic(), time.process_time()
        kept = len(wait(tn, how, size))
        seconds = time.monotonic() - begin
        cpu = time.process_time() - cpu
    print(json.dumps({"bytes": size, "seconds": seconds, "cpu": cpu,
                      "kept": kept}))


main()
