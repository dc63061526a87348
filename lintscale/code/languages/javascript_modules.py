"""Which file of the project an import in JavaScript or TypeScript means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lintscale.code.files import Files, joined, parent_of
from lintscale.code.tree import text
from lintscale.syntax.grammars import parse
from lintscale.syntax.regex import regex

_ENDINGS = (
    "", ".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx",
    "/index.ts", "/index.js", "/index.mjs", "/index.cjs", "/index.tsx",
)  # fmt: skip
_DEEPEST = 20
_COMPILED = (".js", ".mjs", ".cjs", ".jsx")
"""An import of TypeScript names the file that it is compiled to."""


_LOADS = regex(rb"\b(?:from|require|import)\s{0,20}\(?\s{0,20}[\"'`]([^\"'`\n]{1,300})[\"'`]")
"""Says which files are worth parsing, so that thousands need not be: what an import means in a file
that is parsed, its syntax tree says."""


def loaded(files: Files, name: str) -> Iterator[str]:
    """The files that a file loads, as far as imports in its text tell."""
    for module in _LOADS.findall(files.data(name)):
        found = file_of(files, name, module.decode("utf-8", "replace"))
        if found and found != name:
            yield found


def file_of(files: Files, importer: str, module: str) -> str:
    """The file of the project that an import means; "" for none."""
    known: dict[tuple[str, str], str] = files.derived("imports of JavaScript", lambda files: {})
    key = (parent_of(importer), module)
    if key not in known:
        sources = (name for name in candidates(files, importer, module) if name.endswith(_SOURCES))
        known[key] = next(sources, "")
    return known[key]


def started(files: Files, folder: str, path: str) -> Iterator[str]:
    """The files that ``node path`` in a folder may start with: of a file that is built, its
    source."""
    yield from (name for name in in_folder(files, joined(folder, path)) if name in files)
    package = packages(files).get(joined(folder, path)) if "." not in path.strip("./") else None
    for entry in _entries(package) if package is not None else ():
        yield from started(files, joined(folder, path), entry)
    output, root = _built(files, folder)
    plain = joined("", path)
    head, _, rest = plain.partition("/")
    if not rest or head not in (*_OUTPUTS, output):
        return
    for base in dict.fromkeys((root, "src", "")):
        yield from in_folder(files, joined(folder, f"{base}/{rest}"))


_SOURCES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_OUTPUTS = ("dist", "build", "lib", "out")
"""Where TypeScript is compiled to, as a rule; tsconfig's ``outDir`` says it."""


def _built(files: Files, folder: str) -> tuple[str, str]:
    """``outDir`` and ``rootDir`` of a folder's tsconfig.json."""
    for name in ("tsconfig.build.json", "tsconfig.json"):
        config = joined(folder, name)
        if config in files:
            options = _options(files, config)
            output, root = options.get("outDir"), options.get("rootDir")
            if isinstance(output, str):
                return joined("", output), joined("", root) if isinstance(root, str) else ""
    return "", ""


def _options(files: Files, config: str) -> dict[str, Any]:
    plain = files.derived(config, lambda files: _plain(files.data(config)))
    options = plain.get("compilerOptions")
    return options if isinstance(options, dict) else {}


def candidates(files: Files, importer: str, module: str) -> Iterator[str]:
    """The files that may be meant, the likeliest first."""
    folder = parent_of(importer)
    if module.startswith("."):
        yield from in_folder(files, joined(folder, module))
        return
    yield from _by_alias(files, folder, module)
    yield from workspace_files(files, module)


def in_folder(files: Files, path: str) -> Iterator[str]:
    """The files that ``require(path)`` reads, seen from the project's root."""
    for ending in _ENDINGS:
        if path + ending in files:
            yield path + ending
    for ending in _COMPILED:
        if path.endswith(ending):
            stem = path.removesuffix(ending)
            yield from (
                stem + each for each in (".ts", ".tsx", ".mts", ".cts") if stem + each in files
            )


def workspace_files(files: Files, module: str) -> Iterator[str]:
    """The entry of a package of the project, or a file of it."""
    for folder, package in packages(files).items():
        name = package.get("name")
        if not isinstance(name, str) or not name:
            continue
        if module == name:
            for entry in _entries(package):
                yield from in_folder(files, joined(folder, entry))
                # What is built from src/ is imported from dist/.
                for built in ("dist/", "lib/", "build/", "out/"):
                    plain = entry.removeprefix("./")
                    if plain.startswith(built):
                        yield from in_folder(files, joined(folder, "src/" + plain[len(built) :]))
            yield from in_folder(files, joined(folder, "src/index"))
            yield from in_folder(files, joined(folder, "index"))
        elif module.startswith(f"{name}/"):
            inner = module[len(name) + 1 :]
            exported = package.get("exports")
            target = exported.get(f"./{inner}") if isinstance(exported, dict) else None
            for entry in _texts(target):
                yield from in_folder(files, joined(folder, entry))
            yield from in_folder(files, joined(folder, inner))
            yield from in_folder(files, joined(folder, f"src/{inner}"))


def workspace_folders(files: Files, folder: str) -> list[str]:
    """The folders of the project's packages that the one in a folder depends on, at any remove."""
    names = {str(package.get("name")): where for where, package in packages(files).items()}
    found: list[str] = []
    stack = [folder]
    while stack:
        package = packages(files).get(stack.pop(), {})
        for key in ("dependencies", "devDependencies"):
            listed = package.get(key)
            for name in listed if isinstance(listed, dict) else ():
                where = names.get(name)
                if where is not None and where not in (folder, *found):
                    found.append(where)
                    stack.append(where)
    return found


def packages(files: Files) -> dict[str, dict[str, Any]]:
    """The package.json files of the project by their folders."""
    return files.derived("package.json", _packages)


def _packages(files: Files) -> dict[str, dict[str, Any]]:
    found = {}
    for name in files.sorted:
        if name.rpartition("/")[2] == "package.json":
            try:
                package = json.loads(files.text(name))
            except (ValueError, RecursionError):
                continue
            if isinstance(package, dict):
                found[parent_of(name)] = package
    return found


def _entries(package: dict[str, Any]) -> Iterator[str]:
    exported = package.get("exports")
    if isinstance(exported, dict):
        yield from _texts(exported.get(".", exported))
    yield from _texts(exported if isinstance(exported, str) else None)
    for key in ("source", "module", "main", "types"):
        yield from _texts(package.get(key))


def _texts(target: Any, depth: int = 4) -> Iterator[str]:
    if isinstance(target, str):
        yield target
    elif isinstance(target, dict) and depth:
        for value in target.values():
            yield from _texts(value, depth - 1)


def _by_alias(files: Files, folder: str, module: str) -> Iterator[str]:
    """``paths`` of the nearest tsconfig.json, and the usual ``@/`` and ``~/`` for the source."""
    while True:
        for name in ("tsconfig.json", "tsconfig.base.json", "jsconfig.json"):
            config = joined(folder, name)
            if config in files:
                yield from _by_paths(files, folder, config, module)
        for prefix in ("@/", "~/"):
            if module.startswith(prefix):
                for source in ("src/", ""):
                    yield from in_folder(files, joined(folder, source + module[2:]))
        if not folder:
            return
        folder = parent_of(folder)


def _by_paths(files: Files, folder: str, config: str, module: str) -> Iterator[str]:
    options = _options(files, config)
    base = options.get("baseUrl")
    base = joined(folder, base) if isinstance(base, str) else folder
    paths = options.get("paths")
    for pattern, targets in paths.items() if isinstance(paths, dict) else ():
        head, star, tail = pattern.partition("*")
        if star and module.startswith(head) and module.endswith(tail):
            inner = module[len(head) : len(module) - len(tail) or None]
        elif module == pattern:
            inner = ""
        else:
            continue
        for target in targets if isinstance(targets, list) else ():
            if isinstance(target, str):
                yield from in_folder(files, joined(base, target.replace("*", inner)))
    if "baseUrl" in options:
        yield from in_folder(files, joined(base, module))


def _plain(data: bytes) -> dict[str, Any]:
    """A JSON file with comments and trailing commas, as plain values: an expression of
    JavaScript."""
    root = parse("javascript", b"(" + data + b"\n)")
    value = _value(root, 0) if root is not None and not root.has_error else None
    return value if isinstance(value, dict) else {}


def _value(node: Any, depth: int) -> Any:
    """Numbers and other constants say nothing about files, and are None."""
    parts = [part for part in node.named_children if part.type != "comment"]
    if depth > _DEEPEST:
        return None
    if node.type == "object":
        pairs = (part for part in parts if part.type == "pair")
        return {
            str(_value(pair.child_by_field_name("key"), depth + 1)): _value(
                pair.child_by_field_name("value"), depth + 1
            )
            for pair in pairs
        }
    if node.type == "array":
        return [_value(part, depth + 1) for part in parts]
    if node.type == "string":
        return "".join(text(part) for part in parts)
    return _value(parts[0], depth + 1) if len(parts) == 1 else None
