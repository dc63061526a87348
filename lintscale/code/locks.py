"""Which versions lock files hold: what is installed, where a manifest allows several.

A lock file is read only for packages whose pool depends on the version.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lintscale.syntax import parse
from lintscale.syntax.document import Format
from lintscale.syntax.nodes import to_plain

Versions = dict[str, tuple[int, ...]]

MAX_LOCK_BYTES = 16 * 1024 * 1024
"""Longer lock files are not read; that of a monorepo with thousands of packages has 3 MB."""


def locked_versions(name: str, text: str, packages: Iterable[str]) -> Versions:
    """The versions of ``packages`` in the lock file ``name``. Never raises: of a file that cannot
    be read nothing is known."""
    read = LOCK_FILES.get(name.rpartition("/")[2])
    if read is None:
        return {}
    wanted = frozenset(packages)
    found: Versions = {}
    try:
        for package, version in read(text):
            plain = package if "@" in package else package.lower()
            numbers = version_numbers(version)
            if plain in wanted and numbers:
                # Of several versions the root's own comes first.
                found.setdefault(plain, numbers)
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        return {}
    return found


def version_numbers(version: str) -> tuple[int, ...]:
    """ "7.1.0(typescript@5.9)" has 7, 1, 0."""
    match = re.match(r"[=v^~ ]*(\d{1,6}(?:\.\d{1,6}){0,3})", version)
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def _package_lock(text: str) -> Iterator[tuple[str, str]]:
    """docs.npmjs.com/cli/v11/configuring-npm/package-lock-json: "packages" since version 2."""
    plain = json.loads(text)
    packages: dict[str, Any] = plain.get("packages", {})
    for path, entry in packages.items():
        if path.startswith("node_modules/") and "node_modules/" not in path[13:]:
            yield path[13:], str(entry.get("version", ""))
    for package, entry in plain.get("dependencies", {}).items():
        yield package, str(entry.get("version", ""))


def _pnpm(text: str) -> Iterator[tuple[str, str]]:
    """Top-level ``importers`` (the root is "."), then ``dependencies`` of older versions; what
    follows ``packages`` is not needed."""
    head = re.split(r"(?m)^(?:packages|snapshots):", text, maxsplit=1)[0]
    for plain in _documents(head, "yaml"):
        importers = plain.get("importers") or {}
        root = importers.get(".", {})
        for holder in (root, plain, *importers.values()):
            for table in ("dependencies", "devDependencies"):
                for package, entry in (holder.get(table) or {}).items():
                    version = entry.get("version", "") if isinstance(entry, dict) else entry
                    yield package, str(version)


def _yarn(text: str) -> Iterator[tuple[str, str]]:
    """Both versions of its format: lines without indentation name what is asked for, indented ones
    what is installed (classic.yarnpkg.com/docs/yarn-lock)."""
    packages: list[str] = []
    for line in text.splitlines():
        if line and not line[0].isspace() and line.endswith(":") and not line.startswith("#"):
            wanted = line[:-1].replace('"', "").split(", ")
            packages = [each[: each.rfind("@", 1)] for each in wanted if "@" in each[1:]]
            packages = [each.partition("@npm:")[0] for each in packages]
        elif packages and line.strip().startswith("version"):
            version = line.strip()[len("version") :].strip(' :"')
            yield packages[0], version
            packages = []


def _bun(text: str) -> Iterator[tuple[str, str]]:
    """bun.sh/docs/install/lockfile: JSON with trailing commas; "packages" maps a name to
    ["name@version", …]."""
    for plain in _documents(text, "json"):
        for package, entry in plain.get("packages", {}).items():
            if isinstance(entry, list) and entry and isinstance(entry[0], str):
                yield package, entry[0].rpartition("@")[2]


def _documents(text: str, form: Format) -> Iterator[dict[str, Any]]:
    for document in parse(text, "", form).documents:
        plain = to_plain(document.root)
        if isinstance(plain, dict):
            yield plain


def _toml_packages(text: str) -> Iterator[tuple[str, str]]:
    """poetry.lock, uv.lock, pdm.lock and Cargo.lock: an array of tables "package"."""
    for entry in tomllib.loads(text).get("package", ()):
        yield re.sub(r"[-_.]+", "-", str(entry.get("name", ""))), str(entry.get("version", ""))


def _pipfile(text: str) -> Iterator[tuple[str, str]]:
    for package, entry in json.loads(text).get("default", {}).items():
        yield package, str(entry.get("version", ""))


def _gemfile(text: str) -> Iterator[tuple[str, str]]:
    """bundler.io: in "specs", what is installed stands at four spaces, what it needs at six."""
    for line in text.splitlines():
        if line.startswith("    ") and line[4:5].strip() and line.endswith(")"):
            package, _, version = line.strip()[:-1].partition(" (")
            yield package, version


LOCK_FILES: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "package-lock.json": _package_lock,
    "npm-shrinkwrap.json": _package_lock,
    "pnpm-lock.yaml": _pnpm,
    "yarn.lock": _yarn,
    "bun.lock": _bun,
    "uv.lock": _toml_packages,
    "poetry.lock": _toml_packages,
    "pdm.lock": _toml_packages,
    "Pipfile.lock": _pipfile,
    "Gemfile.lock": _gemfile,
}
