"""CODE-MAP names every file of the tree, once, and none that is not there.

A line that begins with a name ending in / opens a folder; an indented line
names a file in it and says what it is.  A folder without such lines stands
for all that is in it: seeds, recordings.
"""

import house


def read_map():
    """The files named, and the folders named as a whole."""
    files, folders = [], {}
    current = None
    for number, line in enumerate(house.read("CODE-MAP").splitlines(), 1):
        words = line.split(None, 1)
        if line[:1] in (" ", "\t"):
            if current is None or len(words) < 2:
                house.problem(f"CODE-MAP:{number}: a file without a folder "
                              "above it, or without a word about it")
                continue
            files.append(current + words[0])
            folders[current] = False
        elif words and words[0].endswith("/"):
            current = words[0].removeprefix("./")
            folders.setdefault(current, True)
    return files, tuple(name for name, whole in folders.items() if whole)


def main():
    tree = house.tree()
    if tree is None:
        house.skip("not a git checkout")
    files, folders = read_map()
    for name in sorted({name for name in files if files.count(name) > 1}):
        house.problem(f"{name}: twice in CODE-MAP")
    for name in sorted(set(files) - set(tree)):
        house.problem(f"{name}: in CODE-MAP, but not in the tree")
    for folder in folders:
        if not any(name.startswith(folder) for name in tree):
            house.problem(f"{folder}: in CODE-MAP, but empty")
    for name in tree:
        if name not in files and not (folders and name.startswith(folders)):
            house.problem(f"{name}: not in CODE-MAP")
    house.finish(len(tree))


main()
