"""What the tests of the house share: the tree, its headers, a verdict."""

import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted((TOP / "include/nvt").glob("*.h"))
SKIP = 77  # what Meson takes for "skipped"

problems = []


def problem(text):
    problems.append(text)


def finish(checked):
    """Print the verdict on so many things checked, and exit with it."""
    for text in problems:
        print(text)
    if not checked:
        print("nothing was checked")
    print(f"{checked} checked, {len(problems)} wrong")
    sys.exit(1 if problems or not checked else 0)


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(SKIP)


def read(path):
    return (TOP / path).read_text(encoding="utf-8")


def run(*command, **kwargs):
    """The finished process, its output as text."""
    kwargs.setdefault("cwd", TOP)
    return subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs)


def tree():
    """Every file that belongs to the tree, as git sees it; None without git."""
    try:
        listed = run("git", "-c", f"safe.directory={TOP}", "ls-files",
                     "--cached", "--others", "--exclude-standard")
    except FileNotFoundError:
        return None
    if listed.returncode != 0:
        return None
    return sorted(name for name in set(listed.stdout.splitlines())
                  if (TOP / name).is_file())


def sources(*folders, suffixes=(".c", ".h")):
    """The files below these folders, relative to the top."""
    return sorted(str(path.relative_to(TOP))
                  for folder in folders
                  for path in (TOP / folder).rglob("*")
                  if path.suffix in suffixes and path.is_file())


def without_comments(text):
    """C without its comments, lines kept where they are."""
    def blank(match):
        return "\n" * match.group().count("\n")
    return re.sub(r"/\*.*?\*/", blank, text, flags=re.S)


def functions(header):
    """The functions that a public header declares NVT_API."""
    text = without_comments(header.read_text(encoding="utf-8"))
    return re.findall(r"^NVT_API\b[^;(]*?\b(nvt_\w+)\(", text, flags=re.M)


def api():
    return {name for header in HEADERS for name in functions(header)}


def compiler():
    return os.environ.get("CC", "cc").split()
