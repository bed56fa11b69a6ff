"""table.py - measure a build, and print one table.  scripts/bench calls it.

A target that is missed is printed so and is no failure: times are no test.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys

from rows import Row
from sections import SECTIONS, Runner


def machine():
    """What it ran on, as far as it matters to a reader elsewhere."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as f:
            kind = "virtual machine" if " hypervisor" in f.read() \
                else "machine"
    except OSError:
        kind = "machine"
    return f"{os.cpu_count()}-core {platform.machine()} {kind}"


class Others:
    """What share of the processors' time went to other work meanwhile."""

    def __init__(self):
        self.before = self.now()

    @staticmethod
    def now():
        with open("/proc/stat", encoding="ascii") as f:
            user, nice, system, idle, iowait, irq, softirq, steal = map(
                int, f.readline().split()[1:9])
        busy = user + nice + system + irq + softirq + steal
        ours = sum(u.ru_utime + u.ru_stime for u in map(
            resource.getrusage,
            (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
        return busy + idle + iowait, busy - ours * os.sysconf("SC_CLK_TCK")

    def share(self):
        total, others = (b - a for a, b in zip(self.before, self.now()))
        return max(0.0, others / total) if total > 0 else 0.0


def print_table(rows):
    table = [Row.HEAD] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in table)
              for i in range(len(Row.HEAD))]
    for n, line in enumerate(table):
        print("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip())
        if n == 0:
            print("  ".join("-" * w for w in widths))


def print_summary(rows):
    judged = [row for row in rows if row.target is not None]
    missed = [row.what for row in judged if row.met() is not True]
    print(f"\n{len(judged) - len(missed)} of {len(judged)} targets met"
          + "".join(f"\n  not: {what}" for what in missed))


def measure(names, run):
    for name in names:
        print(f"bench: {name}", file=sys.stderr)
        try:
            yield from SECTIONS[name](run)
        except (subprocess.CalledProcessError, OSError) as err:
            print(f"bench: {name}: {err}", file=sys.stderr)
            yield Row(f"{name}: FAILED", "", [0])


def main():
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true",
                        help="three rounds of each")
    parser.add_argument("--json", action="store_true",
                        help="one object instead of the table")
    parser.add_argument("section", nargs="*",
                        help=f"of {', '.join(SECTIONS)}; all by default")
    args = parser.parse_args()
    for name in args.section:
        if name not in SECTIONS:
            parser.error(f"no section {name}")
    others = Others()
    rows = list(measure(args.section or SECTIONS,
                        Runner(args.build, args.quick)))
    share = others.share()
    if args.json:
        print(json.dumps({"machine": machine(), "quick": args.quick,
                          "other_work": share,
                          "rows": [row.as_json() for row in rows]}, indent=1))
        return
    print(f"On a {machine()}, release build{', quick' * args.quick}; other "
          f"work took {share:.0%} of the processors meanwhile.\n")
    print_table(rows)
    print_summary(rows)


main()
