"""The lower layers compile with one line, depend on nothing, and are small."""

import pathlib
import re
import tempfile

import house

LINE = "cc -std=c11 -Iinclude -Ilib -c lib/base/*.c lib/wire/*.c lib/telnet/*.c"
TEXT_MAX = 64 << 10  # an engine for firmware

# The C library's functions that the engine may call: a firmware has these.
LIBC = {
    "abort", "calloc", "free", "malloc", "realloc",
    "memchr", "memcmp", "memcpy", "memmem", "memmove", "memrchr", "memset",
    "strchr", "strcmp", "strlen", "strncmp", "strtoul",
    "snprintf", "vsnprintf",
}

# What compilers call on their own account.
COMPILER = re.compile(r"_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__\w+_chk")


def compile_in(folder):
    words = LINE.split()
    files = [path for word in words if "*" in word
             for path in sorted(house.TOP.glob(word))]
    flags = [f"-I{house.TOP / word[2:]}" if word.startswith("-I") else word
             for word in words[1:] if "*" not in word]
    made = house.run(*house.compiler(), "-O2", *flags, *files, cwd=folder)
    if made.returncode != 0 or made.stdout:
        house.problem(f"{LINE}\n{made.stdout}")
    return sorted(pathlib.Path(folder).glob("*.o"))


def check_undefined(objects):
    """Everything that is called stands in the objects, or in LIBC."""
    have, want = set(), set()
    listing = house.run("nm", "-P", *objects)
    for line in listing.stdout.splitlines():
        row = line.split()
        if len(row) > 1:
            (want if row[1] in "Uw" else have).add(row[0])
    for name in sorted(want - have - LIBC):
        if not COMPILER.fullmatch(name):
            house.problem(f"{name}: called from base, wire or telnet, and "
                          "neither theirs nor on the short list of libc's")


def check_size(objects):
    rows = house.run("size", *objects).stdout.splitlines()[1:]
    text = sum(int(row.split()[0]) for row in rows)
    print(f"base, wire and telnet: {text} bytes of text")
    if text > TEXT_MAX:
        house.problem(f"that is over {TEXT_MAX}")


def main():
    for page in ("CONTRIBUTING.md", "README.md"):
        if LINE not in house.read(page):
            house.problem(f"{page} does not give the line: {LINE}")
    with tempfile.TemporaryDirectory() as folder:
        objects = compile_in(folder)
        if objects:
            check_undefined(objects)
            check_size(objects)
    house.finish(len(objects))


main()
