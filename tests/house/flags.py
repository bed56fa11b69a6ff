"""`nvt help COMMAND` and the manuals name the same commands and flags.

Argument: the program.
"""

import os
import re
import sys

import house

FLAG = re.compile(r"(?<![\w-])(--[a-z][\w-]*|-[A-Za-z0-9?])(?![\w])")


def commands(nvt):
    """The names that `nvt help` lists: the first words of indented lines."""
    listing = house.run(nvt, "help").stdout
    return re.findall(r"^\s+([a-z]+)\s{2,}\S", listing, re.M)


def help_of(nvt, command):
    """The flags of a command, and the page that its help refers to."""
    text = house.run(nvt, "help", command).stdout
    page = re.search(r"^See ([\w-]+)\((\d)\)\.$", text, re.M)
    if not page:
        house.problem(f"`nvt help {command}` does not say which page to see")
    return set(FLAG.findall(text)), ".".join(page.groups()) if page else None


def documented(page):
    """The flags that a page lists."""
    flags = set()
    for line in re.findall(r"^\.It Fl.*$", page, re.M):
        for name in re.findall(r"\bFl ((?:\\-|-)?[A-Za-z0-9?][\w-]*)", line):
            flags.add("-" + name.replace("\\-", "-"))
    return flags


def main():
    nvt = os.path.abspath(sys.argv[1])
    names = commands(nvt)
    overview = house.read("man/nvt.1")
    # nvt(1) has the flags of nvt itself, and of help.
    shown = {"nvt.1": set(FLAG.findall(house.run(nvt, "help").stdout))}
    for command in names:
        if not re.search(rf"\b{command}\b", overview):
            house.problem(f"man/nvt.1 does not name {command}")
        flags, page = help_of(nvt, command)
        if page:
            shown.setdefault(page, set()).update(flags)
    for page, flags in shown.items():
        if not (house.TOP / "man" / page).is_file():
            house.problem(f"man/{page} is missing")
            continue
        told = documented(house.read(f"man/{page}"))
        for flag in sorted(flags - told):
            house.problem(f"man/{page} does not have {flag}")
        for flag in sorted(told - flags):
            # nvt(1) has a few that nvt takes without a word in its help.
            if page != "nvt.1" or house.run(nvt, flag).returncode != 0:
                house.problem(f"`nvt help` does not have {flag} of man/{page}")
    for path in (house.TOP / "man").glob("nvt*.1"):
        if path.name not in shown:
            house.problem(f"{path.name}: no command's help refers to it")
    house.finish(sum(map(len, shown.values())))


main()
