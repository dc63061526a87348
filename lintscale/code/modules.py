"""Python files of an application: which of them import which, and what a name means in one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lintscale.code.files import Files, parent_of
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

MOST_PARSED_BYTES = 3 * 1024 * 1024
"""Source of one project that is parsed; at half a megabyte a second this is the most that a person
waits for."""

MOST_STEPS = 200_000
"""Expressions that are looked at in one project, and a tenth of it in one file: the names of a
hostile source can lead to one another in more ways than anybody can follow."""

_MOST_HOPS = 10
"""Files through which a name is followed from import to import."""

_IMPORT = regex(
    rb"^[ \t]*(?:from[ \t]+(?P<base>[.\w]{1,200})[ \t]+import[ \t]*"
    rb"(?P<names>\([^)]{0,4000}\)|[^\n;#]{1,1000})"
    rb"|import[ \t]+(?P<modules>[^\n;#]{1,1000}))",
    re.MULTILINE,
)
_NAMED_IN_TEXT = regex(rb"[\"']([A-Za-z_]\w{0,60}(?:\.\w{1,60}){1,6})[\"']")
"""Django finds its settings, and Celery its tasks, by the module's name."""

_SOURCE_FOLDERS = ("", "src/", "app/", "backend/")
"""Folders that are put on Python's path, seen from where the program starts."""

Binding = list[tuple[ast.expr, "Scope"]]

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Modules:
    """The Python files of a project. Each is parsed once, when something asks for it."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._names = frozenset(name for name in files.sorted if name.endswith(".py"))
        self._heads = frozenset(head for name in self._names for head in _heads(name))
        self._parsed: dict[str, Module | None] = {}
        self._found: dict[tuple[str, str, int], str] = {}
        self._reached: dict[str, frozenset[str]] = {}
        self._parsed_bytes = 0
        self._steps = MOST_STEPS
        self._steps_here = 0

    # -- effort -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """One more file is looked at: it may take a tenth of the steps that are left for all."""
        self._steps_here = MOST_STEPS // 10

    def step(self) -> bool:
        """Whether one more expression may be looked at."""
        self._steps -= 1
        self._steps_here -= 1
        return self._steps > 0 and self._steps_here > 0

    # -- files ------------------------------------------------------------------------------------

    def module(self, name: str) -> Module | None:
        """The module in a file; None when it cannot be parsed, or too much has been already."""
        if name not in self._parsed:
            data = self.files.data(name)
            self._parsed_bytes += len(data)
            tree = None
            if data and self._parsed_bytes <= MOST_PARSED_BYTES:
                tree = _parse(data.decode("utf-8", "replace"))
            self._parsed[name] = Module(name, tree, self) if tree is not None else None
        return self._parsed[name]

    def imported(self, dotted: str, level: int, importer: str) -> Module | None:
        """The module that ``import dotted`` means in the file ``importer``."""
        name = self.find(dotted, level, parent_of(importer))
        return self.module(name) if name and name != importer else None

    def find(self, dotted: str, level: int, folder: str) -> str:
        """The file that ``import dotted`` means in a file of ``folder``: one of the project's,
        looked for from that folder upwards; "" when it is none of them."""
        if not level and dotted.partition(".")[0] not in self._heads:
            return ""
        key = (folder, dotted, level)
        if key not in self._found:
            self._found[key] = next(self._candidates(dotted, level, folder), "")
        return self._found[key]

    def _candidates(self, dotted: str, level: int, folder: str) -> Iterator[str]:
        path = dotted.replace(".", "/").strip("/")
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

    # -- what a program loads ---------------------------------------------------------------------

    def reached(self, start: str) -> frozenset[str]:
        """The files that a program loads which starts with this one, as far as imports, and names
        of modules in quotes, tell. Found by the text alone: most of them say nothing of pools."""
        if start not in self._reached:
            found = {start}
            stack = [start]
            while stack:
                for name in self._loads(stack.pop()):
                    if name not in found:
                        found.add(name)
                        stack.append(name)
            self._reached[start] = frozenset(found)
        return self._reached[start]

    def _loads(self, name: str) -> Iterator[str]:
        folder = parent_of(name)
        for dotted, level in _mentioned(self.files.data(name)):
            found = self.find(dotted, level, folder)
            if found and found != name:
                yield found
                yield from self._packages(found)

    def _packages(self, name: str) -> Iterator[str]:
        """A package is loaded before what is in it."""
        folder = parent_of(name)
        while folder and f"{folder}/__init__.py" in self._names:
            yield f"{folder}/__init__.py"
            folder = parent_of(folder)


def _heads(name: str) -> Iterable[str]:
    """What an import of the file may begin with."""
    parts = name[: -len(".py")].split("/")
    return parts[:-1] if parts[-1] == "__init__" else parts


def _mentioned(data: bytes) -> Iterator[tuple[str, int]]:
    """Names of modules, with the number of dots in front of them."""
    for match in _IMPORT.finditer(data):
        if match["modules"] is not None:
            for part in match["modules"].split(b","):
                yield from _words(part, b"", 0)
            continue
        base = match["base"].lstrip(b".")
        level = len(match["base"]) - len(base)
        yield base.decode("utf-8", "replace"), level
        for part in match["names"].strip(b"()").replace(b"\n", b",").split(b","):
            yield from _words(part, base, level)
    for match in _NAMED_IN_TEXT.finditer(data):
        dotted = match[1].decode("utf-8", "replace")
        yield dotted, 0
        # "shop.celery.app" may be an attribute of the module.
        yield dotted.rpartition(".")[0], 0


def _words(part: bytes, base: bytes, level: int) -> Iterator[tuple[str, int]]:
    words = part.split()
    if words:
        dotted = base + b"." + words[0] if base else words[0]
        yield dotted.decode("utf-8", "replace"), level


def _parse(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class Imported(NamedTuple):
    module: str
    level: int
    name: str


class Module:
    """One parsed file: what its top level binds."""

    def __init__(self, name: str, tree: ast.Module, modules: Modules) -> None:
        self.name = name
        self.tree = tree
        self.modules = modules
        self.bindings: dict[str, list[ast.expr]] = {}
        self.imports: dict[str, Imported] = {}
        self.stars: list[Imported] = []
        self.classes: dict[str, ast.ClassDef] = {}
        self.functions: dict[str, _Function] = {}
        self.pending: set[tuple[int, str]] = set()
        """Names whose values are being looked for, so that a circle ends."""
        self._locals: dict[int, dict[str, list[ast.expr]]] = {}
        self._lines: list[str] | None = None
        for statement in statements(tree.body):
            self._bind(statement)
        for node in ast.walk(tree):
            # Imports within functions mean the same as those above them.
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._bind_import(node)

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = Positions(self.modules.files.text(self.name)).lines()
        return self._lines

    def origin(self, dotted: str) -> str:
        """The full name of what a dotted name means in the module ("sa.create_engine" is
        "sqlalchemy.create_engine"); "" when it is nothing that was imported, or is the project's
        own."""
        head, _, tail = dotted.partition(".")
        imported = self.imports.get(head)
        if imported is None or imported.level:
            return ""
        found = self.modules.find(imported.module, 0, parent_of(self.name))
        if found and found != self.name:
            return ""
        return ".".join(part for part in (imported.module, imported.name, tail) if part)

    def scope(self, function: _Function | None = None) -> Scope:
        return Scope(self, function)

    def locals_of(self, function: _Function) -> dict[str, list[ast.expr]]:
        """What a function assigns to names of its own; the default of a parameter counts."""
        known = self._locals.get(id(function))
        if known is None:
            known = self._locals[id(function)] = _locals(function)
        return known

    def _bind(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            for name, value in assigned(statement):
                self.bindings.setdefault(name, []).append(value)
        elif isinstance(statement, ast.ClassDef):
            self.classes.setdefault(statement.name, statement)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            self.functions.setdefault(statement.name, statement)

    def _bind_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            if isinstance(statement, ast.ImportFrom):
                name = alias.asname or alias.name
                origin = Imported(statement.module or "", statement.level, alias.name)
                if alias.name == "*":
                    self.stars.append(origin)
                    continue
            else:
                # "import a.b" binds a; what is written behind it is found from there.
                name = alias.asname or alias.name.partition(".")[0]
                origin = Imported(alias.name if alias.asname else name, 0, "")
            self.imports.setdefault(name, origin)


def assigned(statement: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, ast.expr]]:
    """The plain names that a statement gives a value."""
    if statement.value is None:
        return
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, statement.value


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and of the conditions and attempts in it, not of functions."""
    stack = [*reversed(body)]
    while stack:
        statement = stack.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.AsyncWith | ast.For | ast.While):
            inner = list(statement.body)
            if isinstance(statement, ast.Try):
                inner += [part for handler in statement.handlers for part in handler.body]
            if not isinstance(statement, ast.With | ast.AsyncWith):
                inner += statement.orelse
            if isinstance(statement, ast.Try):
                inner += statement.finalbody
            stack.extend(reversed(inner))


class Scope(NamedTuple):
    """Where a name is looked up: in a function first, then at its module's top level, then in
    the modules of the application that it imports from."""

    module: Module
    function: _Function | None

    def find(self, name: str, hops: int = _MOST_HOPS) -> Binding | None:
        """What is assigned to the name, everywhere it is; None when that is not to be known."""
        module = self.module
        if self.function is not None:
            own = module.locals_of(self.function).get(name)
            if own is not None:
                return [(value, self) for value in own]
        if name in module.bindings:
            return [(value, module.scope()) for value in module.bindings[name]]
        for source, inner in self._sources(name):
            found = source.scope().find(inner, hops - 1) if hops > 0 else None
            if found is not None:
                return found
        return None

    def find_module(self, name: str) -> Module | None:
        """The module of the application that a name stands for."""
        imported = self.module.imports.get(name)
        if imported is None:
            return None
        dotted = ".".join(part for part in (imported.module, imported.name) if part)
        return self.module.modules.imported(dotted, imported.level, self.module.name)

    def find_class(self, name: str, hops: int = _MOST_HOPS) -> tuple[ast.ClassDef, Scope] | None:
        module = self.module
        if name in module.classes:
            return module.classes[name], module.scope()
        for source, inner in self._sources(name):
            found = source.scope().find_class(inner, hops - 1) if hops > 0 else None
            if found is not None:
                return found
        return None

    def find_function(self, name: str, hops: int = _MOST_HOPS) -> tuple[_Function, Scope] | None:
        module = self.module
        if name in module.functions:
            return module.functions[name], Scope(module, module.functions[name])
        for source, inner in self._sources(name):
            found = source.scope().find_function(inner, hops - 1) if hops > 0 else None
            if found is not None:
                return found
        return None

    def _sources(self, name: str) -> Iterator[tuple[Module, str]]:
        """The modules of the application that a name is imported from, and its name there."""
        head, _, tail = name.partition(".")
        module = self.module
        imported = module.imports.get(head)
        if imported is not None:
            if tail and "." not in tail:
                source, inner = self.find_module(head), tail
            elif imported.name and not tail:
                source = module.modules.imported(imported.module, imported.level, module.name)
                inner = imported.name
            else:
                return
            if source is not None:
                yield source, inner
            return
        if not tail:
            for star in module.stars:
                source = module.modules.imported(star.module, star.level, module.name)
                if source is not None:
                    yield source, name


def _locals(function: _Function) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for statement in statements(function.body):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            for name, value in assigned(statement):
                found.setdefault(name, []).append(value)
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*defaults, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        values = found.setdefault(argument.arg, [])
        if default is not None:
            values.append(default)
    return found
