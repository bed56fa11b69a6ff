"""A folder includes only from folders above it in CONTRIBUTING.md's list."""

import re

import house

# Whose layer a public header speaks for.
HEADER_LAYER = {
    "error.h": "lib/base/",
    "wire.h": "lib/wire/",
    "telnet.h": "lib/telnet/",
    "expect.h": "lib/expect/",
    "session.h": "lib/session/",
}

# Only lib/ and its own tests may see the library's inside.
PUBLIC_ONLY = ("src/", "python/", "examples/")


def layers():
    """The folders of the list, from the top."""
    text = house.read("CONTRIBUTING.md")
    block = re.search(r"^## Layout\n.*?```\n(.*?)```", text, re.S | re.M)
    words = [line.split()[0] for line in block.group(1).splitlines()]
    return [word for word in words if word.endswith("/")]


LAYERS = layers()


def layer(path):
    """Where path's folder stands in the list; src/<noun>/ is any of src/."""
    for rank, folder in enumerate(LAYERS):
        if path.startswith(folder):
            return rank
    if path.startswith("src/"):
        return LAYERS.index("src/<noun>/")
    return len(LAYERS)


def folder(path):
    return path.rpartition("/")[0]


def resolve(including, name):
    """The file that #include "name" means, as the build's -I flags have it."""
    for root in (folder(including), "lib", "src", "."):
        path = f"{root}/{name}"
        if (house.TOP / path).is_file():
            return str((house.TOP / path).resolve().relative_to(house.TOP))
    return None


def check_private(path, name):
    target = resolve(path, name)
    if target is None:
        house.problem(f'{path}: "{name}" is nowhere to be found')
        return
    if path.startswith(PUBLIC_ONLY) and target.startswith("lib/"):
        house.problem(f"{path}: includes {target}, which is not public")
    elif folder(target) != folder(path) and layer(target) >= layer(path):
        if path.startswith(("lib/", "src/", "include/")):
            house.problem(f"{path}: includes {target}, which is not above it")


def check_public(path, name):
    if name not in HEADER_LAYER:
        house.problem(f"{path}: <nvt/{name}> is not a public header")
        return
    if path.startswith("include/nvt/"):
        own = layer(HEADER_LAYER[path.rpartition("/")[2]])
    elif path.startswith("lib/"):
        own = layer(path)
    else:
        return
    if layer(HEADER_LAYER[name]) > own:
        house.problem(f"{path}: includes <nvt/{name}>, which is below it")


def main():
    for header in house.HEADERS:
        if header.name not in HEADER_LAYER:
            house.problem(f"{header.name}: say whose layer it is")
    includes = 0
    for path in house.sources("include", "lib", "src", "python", "examples"):
        text = house.without_comments(house.read(path))
        for kind, name in re.findall(
                r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', text, re.M):
            includes += 1
            if kind == '"':
                check_private(path, name)
            elif name.startswith("nvt/"):
                check_public(path, name[len("nvt/"):])
    house.finish(includes)


main()
