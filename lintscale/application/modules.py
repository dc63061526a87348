"""Python files of an application, and what a name means in one of them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import NamedTuple

_DOTTED = re.compile(r"\A[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){1,6}\Z")

MAX_FILE_BYTES = 1_000_000
"""Longer sources are generated; they are not read."""

Binding = list[tuple[ast.expr, "Scope"]]

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Modules:
    """The Python files below one folder. ``read`` gives the text of a file by its name (relative
    to the project, forward slashes), None when there is none; each file is parsed once."""

    def __init__(self, names: frozenset[str], read: Callable[[str], str | None]) -> None:
        self.names = names
        self._read = read
        self._parsed: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        """The module in a file; None when it cannot be parsed."""
        if name not in self._parsed:
            self._parsed[name] = None  # a circle of imports ends here
            text = self._read(name)
            tree = _parse(text) if text is not None else None
            if text is not None and tree is not None:
                self._parsed[name] = Module(name, tree, text.split("\n"), self)
        return self._parsed[name]

    def imported(self, dotted: str, level: int, importer: str) -> Module | None:
        """The module that ``import dotted`` means in the file ``importer``: one of these files,
        looked for upwards from its folder."""
        parts = [part for part in dotted.split(".") if part]
        folder = PurePosixPath(importer).parent
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            starts = [folder]
        else:
            starts = [folder, *folder.parents]
        for start in starts:
            for candidate in _files(start, parts):
                if candidate in self.names and candidate != importer:
                    return self.module(candidate)
            for source in ("src", "app", "backend"):
                for candidate in _files(start / source, parts):
                    if not level and candidate in self.names and candidate != importer:
                        return self.module(candidate)
        return None


def _files(folder: PurePosixPath, parts: list[str]) -> list[str]:
    path = folder.joinpath(*parts)
    found = [str(path / "__init__.py")]
    if parts:
        found.insert(0, f"{path}.py")
    return found


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

    def __init__(self, name: str, tree: ast.Module, lines: list[str], modules: Modules) -> None:
        self.name = name
        self.tree = tree
        self.lines = lines
        self.modules = modules
        self.bindings: dict[str, list[ast.expr]] = {}
        self.imports: dict[str, Imported] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.functions: dict[str, _Function] = {}
        for statement in _statements(tree.body):
            self._bind(statement)
        for node in ast.walk(tree):
            # Imports within functions mean the same as those above them.
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._bind(node)

    def origin(self, dotted: str) -> str:
        """The full name of what a dotted name stands for here ("sa.create_engine" is
        "sqlalchemy.create_engine"); "" when it is nothing that was imported."""
        head, _, tail = dotted.partition(".")
        imported = self.imports.get(head)
        if imported is None or imported.level:
            return ""
        return ".".join(part for part in (imported.module, imported.name, tail) if part)

    def reaches(self) -> list[Module]:
        """The modules of the application that this one imports, in no particular order."""
        found: dict[str, Module] = {}
        for node in ast.walk(self.tree):
            wanted: list[tuple[str, int]] = []
            if isinstance(node, ast.ImportFrom):
                base = node.module or ""
                wanted.append((base, node.level))
                wanted += [
                    (".".join(part for part in (base, alias.name) if part), node.level)
                    for alias in node.names
                ]
            elif isinstance(node, ast.Import):
                wanted += [(alias.name, 0) for alias in node.names]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                # Django is told its settings, and Celery its tasks, by the module's name.
                wanted += [(name, 0) for name in _DOTTED.findall(node.value[:200])][:1]
            for name, level in wanted:
                module = self.modules.imported(name, level, self.name)
                if module is not None and module is not self:
                    found[module.name] = module
        return list(found.values())

    def scope(self, function: _Function | None = None) -> Scope:
        return Scope(self, function)

    def _bind(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self.bindings.setdefault(target.id, []).append(statement.value)
        elif isinstance(statement, ast.AnnAssign):
            if isinstance(statement.target, ast.Name) and statement.value is not None:
                self.bindings.setdefault(statement.target.id, []).append(statement.value)
        elif isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                name = alias.asname or alias.name
                origin = Imported(statement.module or "", statement.level, alias.name)
                self.imports.setdefault(name, origin)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                # "import a.b" binds a; what is written behind it is found from there.
                name = alias.asname or alias.name.partition(".")[0]
                module = alias.name if alias.asname else name
                self.imports.setdefault(name, Imported(module, 0, ""))
        elif isinstance(statement, ast.ClassDef):
            self.classes.setdefault(statement.name, statement)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            self.functions.setdefault(statement.name, statement)


def _statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a block and of the conditions and attempts in it, not of functions."""
    found: list[ast.stmt] = []
    for statement in body:
        found.append(statement)
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner = list(statement.body)
            if not isinstance(statement, ast.With):
                inner += statement.orelse
            if isinstance(statement, ast.Try):
                inner += [part for handler in statement.handlers for part in handler.body]
                inner += statement.finalbody
            found += _statements(inner)
    return found


class Scope(NamedTuple):
    """Where a name is looked up: in a function first, then at its module's top level, then in
    the modules of the application that it imports from."""

    module: Module
    function: _Function | None

    def find(self, name: str) -> Binding | None:
        """What is assigned to the name, everywhere it is; None when that is not to be known."""
        if self.function is not None:
            own = _local(self.function, name)
            if own is not None:
                return [(value, self) for value in own]
        module = self.module
        if name in module.bindings:
            return [(value, module.scope()) for value in module.bindings[name]]
        imported = module.imports.get(name)
        if imported is None or not imported.name:
            return None
        source = module.modules.imported(imported.module, imported.level, module.name)
        return source.scope().find(imported.name) if source is not None else None

    def find_module(self, name: str) -> Module | None:
        """The module of the application that a name stands for."""
        imported = self.module.imports.get(name)
        if imported is None:
            return None
        dotted = ".".join(part for part in (imported.module, imported.name) if part)
        return self.module.modules.imported(dotted, imported.level, self.module.name)

    def find_class(self, name: str) -> tuple[ast.ClassDef, Scope] | None:
        module = self.module
        if name in module.classes:
            return module.classes[name], module.scope()
        source, inner = self._imported_from(name)
        return source.scope().find_class(inner) if source is not None else None

    def find_function(self, name: str) -> tuple[_Function, Scope] | None:
        module = self.module
        if name in module.functions:
            return module.functions[name], Scope(module, module.functions[name])
        source, inner = self._imported_from(name)
        return source.scope().find_function(inner) if source is not None else None

    def _imported_from(self, name: str) -> tuple[Module | None, str]:
        head, _, tail = name.partition(".")
        imported = self.module.imports.get(head)
        if imported is None:
            return None, ""
        if tail and "." not in tail:
            return self.find_module(head), tail
        if not imported.name or tail:
            return None, ""
        modules = self.module.modules
        return modules.imported(imported.module, imported.level, self.module.name), imported.name


def _local(function: _Function, name: str) -> list[ast.expr] | None:
    """What a function assigns to a name of its own; the default of a parameter counts."""
    found: list[ast.expr] = []
    for statement in _statements(function.body):
        if isinstance(statement, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == name for t in statement.targets):
                found.append(statement.value)
        elif (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.target.id == name
            and statement.value is not None
        ):
            found.append(statement.value)
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*defaults, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if argument.arg == name:
            return [*found, default] if default is not None else found or []
    return found or None
