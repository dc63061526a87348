"""Which file of the project a path in Rust means (doc.rust-lang.org/reference, "Modules")."""

from __future__ import annotations

import tomllib

from lintscale.code.files import Files, joined, parent_of
from lintscale.code.units import Unit


def files_of(files: Files, importer: str, module: str) -> list[str]:
    """The file of a module as another file names it: ``crate.db.pool``. None of one of a
    library."""
    head, *rest = module.split(".")
    root = _root_of(files, importer)
    if head == "crate":
        return _module_file(files, root, rest)
    if head == "self":
        return _module_file(files, _children_of(importer), rest)
    if head == "super":
        folder = parent_of(_children_of(importer))
        while rest[:1] == ["super"]:
            folder, rest = parent_of(folder), rest[1:]
        return _module_file(files, folder, rest)
    own = crates(files).get(head)
    if own is not None:
        return _module_file(files, own, rest)
    children = _children_of(importer)
    return _module_file(files, children, [head, *rest]) or (
        [] if rest else _module_file(files, children, [head])
    )


def is_of_the_project(unit: Unit, path: str) -> bool:
    """Whether a type is defined by the project: it is neither imported from a library nor written
    with a library's path."""
    head = path.partition(".")[0]
    imported = unit.imports.get(head)
    module = imported.module if imported is not None else head if "." in path else ""
    if not module:
        return True
    first = module.partition(".")[0]
    return first in ("crate", "self", "super") or first in crates(unit.sources.files)


def _children_of(name: str) -> str:
    """The folder of a file's modules."""
    folder, _, last = name.rpartition("/")
    stem = last.removesuffix(".rs")
    return folder if stem in ("main", "lib", "mod") else joined(folder, stem)


def _module_file(files: Files, folder: str, path: list[str]) -> list[str]:
    if not path:
        found = [joined(folder, f"{name}.rs") for name in ("lib", "main", "mod")]
        return [name for name in found if name in files][:1]
    inner = joined(folder, "/".join(path))
    return [name for name in (f"{inner}.rs", f"{inner}/mod.rs") if name in files][:1]


def _root_of(files: Files, name: str) -> str:
    """The folder of the crate's root: ``src`` of the nearest package."""
    folder = parent_of(name)
    while folder and not any(joined(folder, f"{root}.rs") in files for root in ("main", "lib")):
        folder = parent_of(folder)
    return folder


def crates(files: Files) -> dict[str, str]:
    """The source folders of the project's packages by their names in Rust."""
    return files.derived("packages of Cargo.toml", _crates)


def _crates(files: Files) -> dict[str, str]:
    found = {}
    for name in files.sorted:
        if name.rpartition("/")[2] == "Cargo.toml":
            try:
                package = tomllib.loads(files.text(name)).get("package", {})
            except (ValueError, RecursionError):
                continue
            if isinstance(package, dict) and isinstance(package.get("name"), str):
                found[package["name"].replace("-", "_")] = joined(parent_of(name), "src")
    return found
