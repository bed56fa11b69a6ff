"""The code is laid out as .clang-format says."""

import shutil

import house


def main():
    if not shutil.which("clang-format"):
        house.skip("no clang-format")
    checked = house.run("scripts/format", "--check")
    if checked.returncode != 0:
        house.problem(checked.stdout + "run scripts/format")
    house.finish(1)


main()
