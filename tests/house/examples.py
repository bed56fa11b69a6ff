"""The examples are short, and README's first program is one of them."""

import re

import house

LINES_MAX = 60


def main():
    examples = house.sources("examples", suffixes=(".c", ".py", ".lua"))
    for path in examples:
        lines = house.read(path).count("\n")
        if lines > LINES_MAX:
            house.problem(f"{path}: {lines} lines, {LINES_MAX} allowed")
    blocks = re.findall(r"```c\n(.*?)```", house.read("README.md"), re.S)
    if not blocks:
        house.problem("README.md shows no program")
    elif blocks[0] != house.read("examples/telnet_login.c"):
        house.problem("README.md's first program is not "
                      "examples/telnet_login.c, word for word")
    house.finish(len(examples))


main()
