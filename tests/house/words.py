"""No call that has hurt others, nothing left open, no path of one machine."""

import re

import house

# Unbounded copies, shells, the stack at a peer's mercy.
CALLS = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|sscanf|gets|system|"
                   r"popen|alloca|strtok|mktemp|tmpnam)\s*\(")
OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")


def main():
    checked = house.sources("include", "lib", "src", "examples", "fuzz",
                            "bench", "tests", "python")
    for path in checked:
        text = house.read(path)
        for kind, pattern, part in (
                ("calls", CALLS, house.without_comments(text)),
                ("leaves open", OPEN, text)):
            for match in pattern.finditer(part):
                line = part.count("\n", 0, match.start()) + 1
                house.problem(f"{path}:{line}: {kind} {match.group(1)}")
    # A path of one folder, such as /nvt, may be anything.
    here = re.compile(re.escape(str(house.TOP).encode()) + rb"\b")
    for path in house.tree() or []:
        if (len(house.TOP.parts) > 2 and
                here.search((house.TOP / path).read_bytes())):
            house.problem(f"{path}: speaks of {house.TOP}")
    house.finish(len(checked))


main()
