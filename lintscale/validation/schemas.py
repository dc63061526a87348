"""The shipped schema files, read when a document needs them, and the JSON types they name."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingABC
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lintscale.model.location import PathKey
from lintscale.syntax.document import Document
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.nodes import Mapping, Node, Scalar, ScalarValue
from lintscale.syntax.regex import regex

_PACKAGE = Path(__file__).parent.parent

KeyPath = tuple[PathKey, ...]
Schema = dict[str, Any]


class LocatedSchema(NamedTuple):
    """A schema and its file, by which its references are resolved."""

    schema: Schema
    file: SchemaFile


class SchemaFile:
    """A schema file. Each reference is resolved once."""

    __slots__ = ("_resolved", "name", "root")

    def __init__(self, name: str, root: Schema) -> None:
        self.name = name
        self.root = root
        self._resolved: dict[str, LocatedSchema] = {}

    def resolve(self, reference: str) -> LocatedSchema:
        """What ``$ref`` says: "#/$defs/name" of this file, or "other.json#/$defs/name" of one in
        the same folder. Raises KeyError when there is no such thing."""
        located = self._resolved.get(reference)
        if located is None:
            name, _, pointer = reference.partition("#")
            file = self
            if name:
                folder = self.name.rpartition("/")[0]
                file = schema_file(f"{folder}/{name.removesuffix('.json')}".removeprefix("/"))
            target: Any = file.root
            for part in pointer.strip("/").split("/") if pointer.strip("/") else ():
                target = target[part.replace("~1", "/").replace("~0", "~")]
            located = self._resolved[reference] = LocatedSchema(target, file)
        return located

    def plain(self, schema: Schema) -> LocatedSchema:
        """The schema itself, or what it refers to."""
        located = LocatedSchema(schema, self)
        while "$ref" in located.schema:
            located = located.file.resolve(located.schema["$ref"])
        return located


def shipped_folder(name: str) -> Path:
    """The folder ``rules`` or ``schemas``: inside the package in a wheel, beside it in a
    checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@cache
def schema_file(name: str) -> SchemaFile:
    """The file ``schemas/<name>.json``. Raises OSError or ValueError: what ships is broken."""
    text = (shipped_folder("schemas") / f"{name}.json").read_text(encoding="utf-8")
    return SchemaFile(name, json.loads(text))


def find(name: str) -> LocatedSchema:
    """The schema that :attr:`SchemaChoice.name` means."""
    file, _, pointer = name.partition("#")
    return schema_file(file).resolve(f"#{pointer}")


def inline(schema: MappingABC[str, Any]) -> LocatedSchema:
    """A schema that is in no file."""
    return LocatedSchema(dict(schema), SchemaFile("", dict(schema)))


class Ancestor(NamedTuple):
    """A mapping that holds the node being checked, with its schema."""

    node: Mapping
    schema: Schema
    file: SchemaFile
    path: KeyPath
    document: Document


# -- types -----------------------------------------------------------------------------------------


def fits(value: ScalarValue, wanted: str | Sequence[str]) -> bool:
    """Is a scalar's value of one of the JSON Schema types? 2.0 is an integer, as there."""
    if isinstance(wanted, str):
        return _is(value, wanted)
    return any(_is(value, name) for name in wanted)


def _is(value: ScalarValue, name: str) -> bool:
    if name == "string":
        return isinstance(value, str)
    if name == "boolean":
        return isinstance(value, bool)
    if name == "null":
        return value is None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if name == "integer":
        return isinstance(value, int) or value.is_integer()
    return name == "number"


def takes(node: Node, wanted: str | Sequence[str] | None) -> bool:
    """Like :func:`fits`, for any node; true of null, which is as good as absent, and where no type
    is ``wanted``."""
    if wanted is None:
        return True
    if isinstance(node, Scalar):
        return node.value is None or fits(node.value, wanted)
    return ("object" if isinstance(node, Mapping) else "array") in wanted


def is_placeholder(node: Node) -> bool:
    """Is it replaced by a deploy script with a value of any type?"""
    return isinstance(node, Scalar) and isinstance(node.value, str) and has_placeholder(node.text)


_CAPITALS = regex(r"[A-Z][A-Z0-9_]{2,60}\Z")


def may_be_filled_in(node: Node) -> bool:
    """Is it a name for a value: PORT, {port} or {{ port }}? YAML reads the latter two as mappings
    with a key and no value."""
    if isinstance(node, Scalar):
        return isinstance(node.value, str) and _CAPITALS.match(node.value) is not None
    if not isinstance(node, Mapping) or not node.flow or len(node.entries) != 1:
        return False
    key, value = next(iter(node.entries.values()))
    bare = not key.quoted or key.text == "{…}"
    return bare and isinstance(value, Scalar) and value.value is None
