"""The manuals of section 3 and the public headers say the same.

Every function stands in its header's page, in NAME and with its prototype,
and every structure, member and constant is spoken of; what a page shows of a
structure is all of it.  A page names no function and no constant that is not
there.  nvt_wire(3) and nvt_error(3) give
the numbers and texts that the headers give.
"""

import re

import house

# Where a walk over a payload is, the codec alone has to know.
WALKS = {"nvt_environ", "nvt_status"}

PROTOTYPE = re.compile(r"^NVT_API\b\s*([^;(]*?)\b(nvt_\w+)\(([^;]*)\);",
                       re.M | re.S)


def plain(text):
    """A type or an argument, its spaces as the headers have them."""
    return re.sub(r"\*\s+", "*", " ".join(text.split()))


def prototypes(text):
    """What a header declares: name to return type and arguments."""
    return {name: (plain(kind), tuple(plain(part)
                                      for part in arguments.split(",")))
            for kind, name, arguments in PROTOTYPE.findall(text)}


def words(line):
    """The arguments of an mdoc macro; quotes keep words together."""
    return [quoted or bare
            for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', line)]


def synopsis(page):
    """What a page's SYNOPSIS declares, in the form of prototypes()."""
    section = re.search(r"^\.Sh SYNOPSIS\n(.*?)^\.Sh ", page, re.S | re.M)
    found, kind, name, arguments = {}, None, None, []
    for line in section.group(1).splitlines():
        macro, *rest = words(line) or [""]
        if macro == ".Ft":
            kind = plain(" ".join(rest))
        elif macro == ".Fo":
            name, arguments = rest[0], []
        elif macro == ".Fa":
            arguments += [plain(word) for word in rest]
        elif macro == ".Fc":
            found[name] = (kind, tuple(arguments))
        elif macro == ".Fn":
            found[rest[0]] = (kind, tuple(plain(word) for word in rest[1:]))
    return found


def compound(text):
    """Every struct and enum that a header defines: name to its members."""
    made = house.run(*house.compiler(), "-E", "-P", f"-I{house.TOP}/include",
                     "-x", "c", "-", input=text)
    members = {}
    for kind, name, body in re.findall(
            r"\b(struct|enum)\s+(nvt_\w+)\s*\{(.*?)\n?\};", made.stdout, re.S):
        if kind == "enum":
            members[f"enum {name}"] = re.findall(r"\bNVT_\w+(?=\s*[=,}]|\s*$)",
                                                 body)
        else:
            members[f"struct {name}"] = re.findall(
                r"(\w+)(?:\[\w+\])?\s*;", body)
    return members


def constants(text):
    """Every macro of a header that a program may write."""
    return [name for name in re.findall(r"^#define (NVT_\w+)", text, re.M)
            if not name.endswith(("_H", "_ENUM", "_API"))]


def check_page(header, page, where):
    text = house.without_comments(header.read_text(encoding="utf-8"))
    declared, shown = prototypes(text), synopsis(page)
    named = set(re.findall(r"^\.Nm (\w+)", page, re.M))
    for name, prototype in declared.items():
        if name not in shown:
            house.problem(f"{where}: {name} is not in SYNOPSIS")
        elif shown[name] != prototype:
            house.problem(f"{where}: {name} is {prototype} in the header, and "
                          f"{shown[name]} in SYNOPSIS")
        if name not in named:
            house.problem(f"{where}: {name} is not in NAME")
        description = page[page.index(".Sh DESCRIPTION"):]
        if not re.search(rf"\b{name}\b", description):
            house.problem(f"{where}: {name} is not described")
    for name, members in own_compound(header, text).items():
        for word in [name.split()[1]] + members:
            if not re.search(rf"\b{word}\b", page):
                house.problem(f"{where}: {name}: no word about {word}")
    for name in constants(text):
        if name not in page:
            house.problem(f"{where}: no word about {name}")
    return len(declared)


def own_compound(header, text):
    """compound(), without what the header only includes."""
    defined = set(re.findall(r"\b(?:struct|enum) (nvt_\w+) \{", text))
    unit = f"#include <nvt/{header.name}>\n"
    return {name: members for name, members in compound(unit).items()
            if name.split()[1] in defined}


def definitions(text):
    """The structures defined in C: name to definition, spaces made one."""
    return {name: plain(body) for body, name in re.findall(
        r"^(struct (nvt_\w+) \{.*?^\};)", text, re.S | re.M)}


def check_structures(header, page, where):
    """A structure is shown as its header has it, unless it is for walking."""
    shown = definitions(page)
    for name, body in definitions(house.without_comments(
            header.read_text(encoding="utf-8"))).items():
        if name in shown and shown[name] != body:
            house.problem(f"{where}: struct {name} is not the header's")
        if name not in shown and name not in WALKS:
            house.problem(f"{where}: struct {name} is not shown")


def check_names(page, where, functions, known):
    """No page speaks of what is not there."""
    for name in re.findall(r"^\.(?:Fn|Fo) (nvt_\w+)(?![\w*])", page, re.M):
        if name not in functions:
            house.problem(f"{where}: there is no {name}()")
    environment = set(re.findall(r'getenv\("(\w+)"\)', page))
    for name in set(re.findall(r"\bNVT_[A-Z0-9_]*[A-Z0-9]\b(?!\.\.\.)", page)):
        if name not in known | environment:
            house.problem(f"{where}: there is no {name}")


def table(header, macro):
    """The rows of an X macro, as lists of words."""
    text = (house.TOP / "include/nvt" / header).read_text(encoding="utf-8")
    body = re.search(rf"#define {macro}\(X\)(.*?)\n\n", text, re.S).group(1)
    return [[quoted or bare for quoted, bare
             in re.findall(r'"([^"]*)"|([^\s,]+)', row)]
            for row in re.findall(r"X\((.*?)\)\s*(?:\\|$)", body, re.M)]


def check_tables():
    wire, error = house.read("man/nvt_wire.3"), house.read("man/nvt_error.3")
    for page, prefix, rows in (
            (wire, "NVT_CMD_", table("wire.h", "NVT_COMMANDS")),
            (wire, "NVT_OPT_", table("wire.h", "NVT_OPTIONS")),
            (error, "NVT_ERR_", table("error.h", "NVT_ERRORS"))):
        for row in rows:
            line = f".It Dv {prefix}" + " Ta ".join(row)
            if line not in page:
                house.problem(f"not in its table: {line}")
    for name, text in table("wire.h", "NVT_FAULTS"):
        item = f".It Dv NVT_FAULT_{name}\n{text[0].upper()}{text[1:]}."
        if item not in wire:
            house.problem(f"not in nvt_wire(3): {item}")


def main():
    checked, known = 0, set()
    for header in house.HEADERS:
        text = header.read_text(encoding="utf-8")
        known |= set(constants(text)) | {"NVT_API"} | {header.stem.upper()}
        known.add("NVT_" + header.stem.upper())
        for members in own_compound(header, text).values():
            known |= set(members)
    for header in house.HEADERS:
        where = f"man/nvt_{header.stem}.3"
        if not (house.TOP / where).is_file():
            house.problem(f"{where} is missing")
            continue
        checked += check_page(header, house.read(where), where)
        check_structures(header, house.read(where), where)
    for path in sorted((house.TOP / "man").glob("*.3")):
        check_names(path.read_text(encoding="utf-8"), f"man/{path.name}",
                    house.api(), known)
    check_tables()
    house.finish(checked)


main()
