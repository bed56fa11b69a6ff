"""Every public header compiles by itself, as C99 and as C++11."""

import shutil
import tempfile

import house

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
          "-Werror", "-fsyntax-only"]


def languages():
    """Compiler and flags of each that is here."""
    yield "C99", house.compiler() + ["-x", "c", "-std=c99"]
    for name in ("g++", "clang++"):
        if shutil.which(name):
            yield f"C++11 ({name})", [name, "-x", "c++", "-std=c++11"]


def main():
    checked = 0
    spoken = list(languages())
    if len(spoken) == 1:
        house.problem("neither g++ nor clang++ is here")
    for header in house.HEADERS:
        for language, command in spoken:
            checked += 1
            with tempfile.NamedTemporaryFile("w", suffix=".c") as unit:
                # Twice, so that the guard is seen to work.
                unit.write(f"#include <nvt/{header.name}>\n" * 2)
                unit.flush()
                made = house.run(*command, *STRICT,
                                 f"-I{house.TOP / 'include'}", unit.name)
            if made.returncode != 0:
                house.problem(f"{header.name} as {language}:\n{made.stdout}")
    house.finish(checked)


main()
