"""Which file of the project an import in Python means, and which files a program loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lintscale.code.files import Files, parent_of
from lintscale.syntax.regex import regex

_IMPORT = regex(
    rb"^[ \t]*(?:from[ \t]+(?P<base>[.\w]{1,200})[ \t]+import[ \t]*"
    rb"(?P<names>\([^)]{0,4000}\)|[^\n;#]{1,1000})"
    rb"|import[ \t]+(?P<modules>[^\n;#]{1,1000}))",
    re.MULTILINE,
)
"""Says which files are worth parsing, so that thousands need not be: what an import means in a file
that is parsed, its syntax tree says."""

_NAMED_IN_TEXT = regex(rb"[\"']([A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,6})[\"']")
"""Django finds its settings, and Celery its tasks, by the module's name."""

_SOURCE_FOLDERS = ("", "src/", "app/", "backend/")
"""Folders that are put on Python's path, seen from where the program starts."""


def find(files: Files, importer: str, module: str) -> str:
    """The file that ``import module`` means in a file: one of the project's, looked for from its
    folder upwards; "" when it is none of them. Dots in front are relative, as Python writes."""
    return find_in(files, parent_of(importer), module)


def find_in(files: Files, folder: str, module: str) -> str:
    """Likewise, from a folder."""
    return files.derived("Python modules", _Modules).find(folder, module)


def loaded(files: Files, name: str) -> Iterator[str]:
    """The files that a file loads, as far as imports, and names of modules in quotes, tell: by its
    text alone, since most of them say nothing of pools."""
    modules = files.derived("Python modules", _Modules)
    folder = parent_of(name)
    for module in _mentioned(files.data(name)):
        found = modules.find(folder, module)
        if found and found != name:
            yield found
            yield from modules.packages(found)


class _Modules:
    def __init__(self, files: Files) -> None:
        self._names = frozenset(name for name in files.sorted if name.endswith(".py"))
        self._heads = frozenset(head for name in self._names for head in _heads(name))
        self._found: dict[tuple[str, str], str] = {}

    def find(self, folder: str, module: str) -> str:
        if not module.startswith(".") and module.partition(".")[0] not in self._heads:
            return ""
        key = (folder, module)
        if key not in self._found:
            self._found[key] = next(self._candidates(folder, module), "")
        return self._found[key]

    def _candidates(self, folder: str, module: str) -> Iterator[str]:
        path = module.lstrip(".").replace(".", "/").strip("/")
        level = len(module) - len(module.lstrip("."))
        if level:
            for _ in range(level - 1):
                folder = parent_of(folder)
            yield from self._in(f"{folder}/" if folder else "", path)
            return
        while True:
            prefix = f"{folder}/" if folder else ""
            # The inside of a package is on nobody's path.
            if f"{prefix}__init__.py" not in self._names:
                for source in _SOURCE_FOLDERS:
                    yield from self._in(prefix + source, path)
            if not folder:
                return
            folder = parent_of(folder)

    def _in(self, prefix: str, path: str) -> Iterator[str]:
        whole = prefix + path if path else prefix.rstrip("/")
        for name in (f"{whole}.py", f"{whole}/__init__.py"):
            if name in self._names:
                yield name

    def packages(self, name: str) -> Iterator[str]:
        """A package is loaded before what is in it."""
        folder = parent_of(name)
        while folder and f"{folder}/__init__.py" in self._names:
            yield f"{folder}/__init__.py"
            folder = parent_of(folder)


def _heads(name: str) -> Iterable[str]:
    """What an import of the file may begin with."""
    parts = name[: -len(".py")].split("/")
    return parts[:-1] if parts[-1] == "__init__" else parts


def _mentioned(data: bytes) -> Iterator[str]:
    """Names of modules, as imports write them."""
    for match in _IMPORT.finditer(data):
        if match["modules"] is not None:
            for part in match["modules"].split(b","):
                yield from _word(part, b"")
            continue
        base = match["base"]
        yield base.decode("utf-8", "replace")
        for part in match["names"].strip(b"()").replace(b"\n", b",").split(b","):
            yield from _word(part, base)
    for match in _NAMED_IN_TEXT.finditer(data):
        dotted = match[1].decode("utf-8", "replace")
        yield dotted
        # "shop.celery.app" may be an attribute of the module.
        yield dotted.rpartition(".")[0]


def _word(part: bytes, base: bytes) -> Iterator[str]:
    words = part.split()
    if words:
        name = base + (b"" if not base or base.endswith(b".") else b".") + words[0]
        yield name.decode("utf-8", "replace")
