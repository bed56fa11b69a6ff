"""The libraries show the names that the headers declare, and no others.

Arguments: the shared library, the static library.
"""

import os
import re
import sys

import house

# What a compiler adds by itself: sanitizers, coverage.
INSTRUMENTS = re.compile(
    r"__(asan|ubsan|odr_asan|sanitizer|gcov|llvm|start|stop)_|asan\.|_*gcov")


def defined(library, *flags):
    listing = house.run("nm", "-P", "--defined-only", *flags, library)
    if listing.returncode != 0:
        house.problem(listing.stdout)
        return set()
    rows = [line.split() for line in listing.stdout.splitlines()]
    return {row[0] for row in rows
            if len(row) > 2 and not INSTRUMENTS.match(row[0])}


def main():
    shared, static = map(os.path.abspath, sys.argv[1:])
    declared = house.api()
    exported = defined(shared, "-D")
    for name in sorted(exported - declared):
        house.problem(f"{name}: exported, but no public header declares it")
    for name in sorted(declared - exported):
        house.problem(f"{name}: declared NVT_API, but not exported")
    names = defined(static, "-g")
    for name in sorted(names):
        if not re.match(r"nvt__?[a-z0-9]", name):
            house.problem(f"{name}: a global of libnvt.a without nvt_")
        elif not name.startswith("nvt__") and name not in declared:
            house.problem(f"{name}: global, not public, and not nvt__")
    house.finish(len(declared) + len(names))


main()
