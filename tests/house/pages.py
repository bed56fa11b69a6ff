"""The manuals are sound mdoc, are installed, and name pages that exist."""

import re
import shutil

import house


def main():
    if not shutil.which("mandoc"):
        house.skip("no mandoc")
    pages = sorted((house.TOP / "man").glob("*.[1-8]"))
    lint = house.run("mandoc", "-T", "lint", *pages)
    for line in lint.stdout.splitlines():
        # Which other manuals are installed here is not our affair.
        if (re.match(r"mandoc: \S+:\d+:\d+: ", line) and
                "referenced manual not found" not in line):
            house.problem(line)
    installed = house.read("man/meson.build")
    for page in pages:
        if f"'{page.name}'" not in installed:
            house.problem(f"{page.name}: not in man/meson.build")
        for name, section in re.findall(r"^\.(?:It )?Xr (\S*nvt\S*) (\d)",
                                        page.read_text(encoding="utf-8"),
                                        re.M):
            if not (house.TOP / f"man/{name}.{section}").is_file():
                house.problem(f"{page.name}: there is no {name}({section})")
    house.finish(len(pages))


main()
