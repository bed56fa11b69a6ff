"""The examples in the manuals of section 3 compile, without a warning.

A display in EXAMPLES is a whole program, or functions, or statements; what is
not in it is an include of its SYNOPSIS, or of the C library's.  One whose first
comment names a file of examples/ is that file, word for word.
"""

import re

import house

FLAGS = ["-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra",
         "-Wno-unused", "-Werror", "-fsyntax-only"]
USUAL = ["err.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "unistd.h"]


def displays(page):
    """The literal displays of EXAMPLES, as a reader sees them."""
    section = re.search(r"^\.Sh EXAMPLES\n(.*?)(?=^\.Sh )", page, re.S | re.M)
    if not section:
        return
    for text in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", section.group(1),
                           re.S | re.M):
        text = re.sub(r"^\\&", "", text, flags=re.M)
        yield text.replace("\\e", "\\").replace("\\-", "-")


def check_against_file(where, display):
    named = re.match(r"/\*\s(?: \* )?(\w+\.c)\b", display)
    if not named:
        return
    path = house.TOP / "examples" / named.group(1)
    if not path.is_file() or display != path.read_text(encoding="utf-8"):
        house.problem(f"{where}: what it calls {path.name} is not "
                      f"examples/{path.name}, word for word")


def unit(page, display):
    """A file to compile."""
    own = re.findall(r"^\.In (\S+)", page, re.M)
    includes = "".join(f"#include <{name}>\n" for name in USUAL + own)
    if re.search(r"^\w+\(.*\n\{", display, re.M):
        return includes + display
    return f"{includes}void example(void);\nvoid\nexample(void)\n{{\n{display}}}\n"


def main():
    checked = 0
    for path in sorted((house.TOP / "man").glob("*.3")):
        page = path.read_text(encoding="utf-8")
        for display in displays(page):
            checked += 1
            check_against_file(path.name, display)
            made = house.run(*house.compiler(), *FLAGS, "-Iinclude",
                             "-x", "c", "-", input=unit(page, display))
            if made.returncode != 0:
                house.problem(f"{path.name}: {made.stdout}\nin\n{display}")
    house.finish(checked)


main()
