"""What is installed is all that a program needs, by pkg-config alone.

Argument: the build folder.
"""

import os
import pathlib
import shutil
import sys
import tempfile

import house

PROGRAM = "examples/telnet_login.c"


def pkg_config(dest, *flags):
    """What it says of the libnvt below dest."""
    folder = next(dest.rglob("libnvt.pc")).parent
    said = house.run(
        "pkg-config", *flags, "libnvt",
        env=dict(os.environ, PKG_CONFIG_PATH=str(folder),
                 PKG_CONFIG_SYSROOT_DIR=str(dest)))
    if said.returncode != 0:
        house.problem(said.stdout)
    # Other libraries' folders are not below dest.
    return [word for word in said.stdout.split()
            if not word.startswith(("-I", "-L")) or
            pathlib.Path(word[2:]).is_dir()]


def link(dest, name, *flags):
    program = dest / name
    made = house.run(*house.compiler(), "-o", program, PROGRAM,
                     *pkg_config(dest, "--cflags"),
                     *pkg_config(dest, "--libs", *flags))
    if made.returncode != 0:
        house.problem(made.stdout)
        return
    ran = house.run(program, env={"LD_LIBRARY_PATH":
                                  str(next(dest.rglob("libnvt.so")).parent)})
    if "usage" not in ran.stdout:
        house.problem(f"{name} without arguments: {ran.stdout!r}")


def main():
    build = os.path.abspath(sys.argv[1])
    meson = shutil.which("meson")
    if not meson or not shutil.which("pkg-config"):
        house.skip("no meson or no pkg-config in PATH")
    with tempfile.TemporaryDirectory() as folder:
        dest = pathlib.Path(folder)
        installed = house.run(meson, "install", "-C", build, "--no-rebuild",
                              "--quiet", "--destdir", dest)
        if installed.returncode != 0:
            house.problem(installed.stdout)
            house.finish(1)
        files = {path.name for path in dest.rglob("*")}
        wanted = {header.name for header in house.HEADERS} | {"nvt"} | {
            page.name for page in (house.TOP / "man").glob("*.[1-8]")}
        for name in sorted(wanted - files):
            house.problem(f"{name} is not installed")
        link(dest, "shared")
        house.finish(len(wanted))


main()
