"""Which files an import in Go means, and which programs a folder holds."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lintscale.code.commands import invocations
from lintscale.code.dockerfiles import instructions_in
from lintscale.code.files import Files, parent_of, prefix_of
from lintscale.code.tree import named, part, text
from lintscale.code.units import Sources, Unit
from lintscale.syntax.grammars import parse

BUILT_IN = frozenset(
    {"any", "append", "bool", "byte", "cap", "close", "complex", "copy", "delete", "error", "false",
     "float32", "float64", "imag", "int", "int16", "int32", "int64", "int8", "iota", "len", "make",
     "max", "min", "new", "nil", "panic", "print", "println", "real", "recover", "rune", "string",
     "true", "uint", "uint16", "uint32", "uint64", "uint8", "uintptr", "_", ""}
)  # fmt: skip
"""go.dev/ref/spec, "Predeclared identifiers", Dec 2026."""

_MOST_PACKAGES = 500
_MOST_HEADER = 16 * 1024


def module_of(path: str) -> str:
    """An import path without its major version (go.dev/ref/mod, "Major version suffixes")."""
    parts = path.split("/")
    found = [part for part in parts if not (part[:1] == "v" and part[1:].isdigit())]
    if found and parts[0] == "gopkg.in":
        found[-1] = found[-1].partition(".v")[0]
    return "/".join(found)


def package_units(sources: Sources, module: str) -> Iterator[Unit]:
    """The files of the project's package that an import means."""
    folder = folder_of(sources.files, module)
    for name in packages(sources.files).get(folder, ()) if folder is not None else ():
        unit = sources.unit(name)
        if unit is not None:
            yield unit


def defining(unit: Unit, name: str) -> Iterator[Unit]:
    """The other files of a unit's package in which a name is defined at the top."""
    sources, needle = unit.sources, name.rpartition(".")[2].encode()
    for other in packages(sources.files).get(unit.folder, ()):
        if other != unit.name and needle in sources.files.data(other):
            found = sources.unit(other)
            if found is not None and (
                name in found.functions or name in found.classes or name in found.top.bindings
            ):
                yield found


def packages(files: Files) -> dict[str, list[str]]:
    """The files of each folder that are built into a program."""
    return files.derived("packages of .go", _packages)


def _packages(files: Files) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in files.sorted:
        if name.endswith(".go") and not name.endswith("_test.go"):
            found.setdefault(parent_of(name), []).append(name)
    return found


def folder_of(files: Files, module: str) -> str | None:
    """The folder of an import path; None for one of another project."""
    for path, folder in files.derived("modules of go.mod", _modules):
        if module == path:
            return folder
        if module.startswith(f"{path}/"):
            return prefix_of(folder) + module[len(path) + 1 :]
    return None


def _modules(files: Files) -> list[tuple[str, str]]:
    """The paths of the project's modules with their folders, the longest first."""
    found = []
    for name in files.sorted:
        if name.rpartition("/")[2] == "go.mod":
            for line in files.text(name).splitlines():
                words = line.split("//")[0].split()
                if words[:1] == ["module"] and len(words) > 1:
                    found.append((module_of(words[1].strip('"`')), parent_of(name)))
                    break
    return sorted(found, key=lambda entry: (-len(entry[0]), entry))


def mentions(data: bytes, name: bytes) -> bool:
    """Whether a file may use a function: by a line that neither defines it nor is a comment."""
    if name not in data:
        return False
    for line in data.split(b"\n"):
        if name in line and not line.lstrip().startswith(b"//"):
            head, found, rest = line.partition(b"func ")
            if not found or head.strip() or rest.count(name) > 1:
                return True
            defined = rest.partition(b") ")[2] if rest.startswith(b"(") else rest
            if not defined.startswith((name + b"(", name + b"[")):
                return True
    return False


# -- programs -------------------------------------------------------------------------------------


class GoProgram(NamedTuple):
    """A main package's folder, and the files that are built into its program."""

    folder: str
    files: tuple[str, ...]


def programs_of(
    files: Files, folder: str, command: str, dockerfile: str, is_aside: Callable[[str], bool]
) -> list[GoProgram]:
    """The programs of a folder that the start command may mean: the one it names, that which its
    image builds, or all. Without any the files of the folder are one."""
    inside = packages(files)
    prefix = prefix_of(folder)
    mains = [
        each
        for each in inside
        if (each == folder or f"{each}/".startswith(prefix)) and not is_aside(f"{each}/x.go")
    ]
    mains = [each for each in mains if any(_is_main(files, name) for name in inside[each])]
    chosen = _named(mains, folder, command, _builds(files, dockerfile)) or mains
    found = [GoProgram(main, _reached(files, main)) for main in chosen]
    if not found:
        own = tuple(name for name in files.below(folder) if name.endswith(".go"))
        found = [GoProgram(folder, own)] if own else []
    return found


def _is_main(files: Files, name: str) -> bool:
    data = files.data(name)
    return b"\npackage main" in b"\n" + data and not _is_left_out(data)


def _is_left_out(data: bytes) -> bool:
    """Whether a file is in no usual build (go.dev/cmd/go, "Build constraints"), or is generated and
    only used by what somebody wrote (go.dev/s/generatedcode)."""
    head = data[:_MOST_HEADER]
    return b"\n//go:build ignore" in b"\n" + head or b"// Code generated " in head[:500]


def _named(mains: list[str], folder: str, command: str, builds: dict[str, str]) -> list[str]:
    """The main packages that a command starts, by what is run or built."""
    if len(mains) < 2:
        return mains
    names = _started(command)
    for name in names:
        target = builds.get(posixpath.basename(name))
        if target is not None:
            found = [main for main in mains if _is_at(main, folder, target)]
            if found:
                return found
    for name in names:
        last = posixpath.basename(posixpath.normpath(name))
        found = [main for main in mains if _is_at(main, folder, name)]
        found = found or [main for main in mains if posixpath.basename(main) == last]
        if len(found) == 1:
            return found
    targets = set(builds.values())
    found = [main for main in mains if any(_is_at(main, folder, each) for each in targets)]
    return found if len(found) == 1 else []


def _is_at(main: str, folder: str, target: str) -> bool:
    path = posixpath.normpath(target)
    path = "" if path == "." else path.lstrip("/")
    if path.endswith(".go"):
        path = parent_of(path)
    return main in (path, (prefix_of(folder) + path).rstrip("/"))


def _started(command: str) -> list[str]:
    """The programs of a command, and what ``go run`` runs."""
    names: list[str] = []
    for run in invocations(command):
        if run.program == "go" and run.arguments[:1] == ("run",):
            names.extend(each for each in run.arguments[1:] if not each.startswith("-"))
        else:
            names.append(run.program)
    return names


def _builds(files: Files, dockerfile: str) -> dict[str, str]:
    """What ``go build`` in an image makes: the package by the name of its program."""
    found: dict[str, str] = {}
    instructions = instructions_in(files.text(dockerfile))[0] if dockerfile else []
    for instruction in instructions:
        if instruction.name != "RUN":
            continue
        script = "\n".join((" ".join(instruction.words), *(h.text for h in instruction.heredocs)))
        for run in invocations(script):
            if run.program == "go" and run.arguments[:1] in (("build",), ("install",)):
                words = list(run.arguments[1:])
                output = ""
                if "-o" in words[:-1]:
                    at = words.index("-o")
                    output = posixpath.basename(words[at + 1].rstrip("/"))
                    del words[at : at + 2]
                target = next(
                    (word for word in reversed(words) if word.startswith((".", "cmd/", "/"))), "."
                )
                name = posixpath.basename(posixpath.normpath(target).removesuffix(".go"))
                found.setdefault(output or name, target)
    return found


def _reached(files: Files, main: str) -> tuple[str, ...]:
    """The files of a main package and of all the project's packages that it imports."""
    seen, stack, found = {main}, [main], []
    while stack and len(seen) < _MOST_PACKAGES:
        for name in packages(files).get(stack.pop(), ()):
            if _is_left_out(files.data(name)):
                continue
            found.append(name)
            for module in _imports(files, name):
                folder = folder_of(files, module)
                if folder is not None and folder not in seen:
                    seen.add(folder)
                    stack.append(folder)
    return tuple(sorted(found))


def _imports(files: Files, name: str) -> Iterable[str]:
    return files.derived(f"imports of {name}", lambda files: _read_imports(files.data(name)))


def _read_imports(data: bytes) -> list[str]:
    """Imports stand before all declarations."""
    end = min(at for at in (data.find(b"\nfunc "), data.find(b"\ntype "), _MOST_HEADER) if at >= 0)
    found: list[str] = []
    root = parse("go", data[:end])
    for declaration in named(root):
        if declaration.type == "import_declaration":
            for listed in named(declaration):
                specifications = named(listed) if listed.type == "import_spec_list" else [listed]
                found += [text(part(each, "path")).strip('"`') for each in specifications]
    return [module_of(path) for path in found]
