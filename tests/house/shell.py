"""The scripts are sound sh, and say at their top what they do."""

import re
import shutil

import house


def is_script(path):
    return house.read(path).startswith("#!/bin/sh")


def main():
    scripts = [path for path in house.tree() or []
               if path.startswith(("scripts/", ".ci/", "tests/"))
               and (house.TOP / path).suffix in ("", ".sh")
               and is_script(path)]
    for path in scripts:
        first = house.read(path).splitlines()[1]
        name = path.rpartition("/")[2]
        if not re.match(rf"# {re.escape(name)}\b.* - \w", first):
            house.problem(f"{path}: its second line should be "
                          f'"# {name} - what it does"')
    if not scripts:
        house.skip("not a git checkout")
    if not shutil.which("shellcheck"):
        house.skip("no shellcheck")
    # SC2154: that top is not assigned; lib.sh does it.
    lint = house.run("shellcheck", "-S", "warning", "-e", "SC2154", *scripts)
    if lint.returncode != 0:
        house.problem(lint.stdout)
    house.finish(len(scripts))


main()
