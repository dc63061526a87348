"""The files of one folder, taken apart into their blocks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from posixpath import join, normpath
from typing import TYPE_CHECKING, NamedTuple

from lintscale.platforms.terraform.evaluate import Scope
from lintscale.platforms.terraform.values import Unknown, Value
from lintscale.syntax.hcl import (
    Source,
    attributes,
    blocks,
    call_parts,
    literal,
    lost_names,
    object_entries,
    unwrapped,
)

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

_TOP_LEVEL = frozenset({"resource", "data", "variable", "locals", "module", "output"})


class Block:
    """A block of a file: its attributes, and what its text leaves unknown."""

    def __init__(
        self, source: Source, kind: str, labels: tuple[str, ...], node: Tree, body: Tree | None
    ) -> None:
        self.source = source
        self.kind = kind
        self.labels = labels
        self.node = node
        self.body = body

    @property
    def label(self) -> str:
        return self.labels[-1] if self.labels else ""

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        found = {
            name: Attribute(key, value, trusted)
            for name, key, value, trusted in attributes(self.source, self.body)
        }
        if self.body is not None and self.body.has_error:
            for name in lost_names(self.source, self.body):
                known = found.get(name)
                found[name] = Attribute(
                    known.key if known else self.node.children[0],
                    known.value if known else self.node.children[0],
                    False,
                )
        return found

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(self.source, kind, labels, node, body)
            for kind, labels, node, body in blocks(self.source, self.body)
            if not (kind in _TOP_LEVEL and labels)
        ]


class Attribute(NamedTuple):
    key: Tree
    value: Tree
    trusted: bool


class Folder:
    """The files of one folder, taken apart."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, tuple[Block, Attribute]] = {}
        self.resources: dict[tuple[str, str, str], Block] = {}
        self.calls: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}

    def add(self, source: Source) -> None:
        root = source.root
        # Where nothing fits together the root itself is the error, and holds what does parse.
        pending = [each for each in root.children if each.type == "body"] if root else []
        if root is not None and root.is_error:
            pending.append(root)
        while pending:
            inside = pending.pop()
            for kind, labels, node, inner in blocks(source, inside):
                self._add(Block(source, kind, labels, node, inner))
                if inner is not None and (node.has_error or kind in _TOP_LEVEL):
                    pending.append(inner)  # what a broken block before it has swallowed

    def _add(self, block: Block) -> None:
        kind, labels = block.kind, block.labels
        if kind in ("resource", "data") and len(labels) == 2:
            self.resources.setdefault((kind, labels[0], labels[1]), block)
        elif kind == "variable" and labels:
            self.variables.setdefault(block.label, block)
        elif kind == "module" and labels:
            self.calls.setdefault(block.label, block)
        elif kind == "output" and labels:
            self.outputs.setdefault(block.label, block)
        elif kind == "locals" and not labels:
            for name, attribute in block.attributes.items():
                self.locals.setdefault(name, (block, attribute))

    @property
    def called(self) -> Iterator[str]:
        """The folders of the modules that it calls."""
        for block in self.calls.values():
            folder = local_source(block, self.path)
            if folder is not None:
                yield folder


def local_source(block: Block, folder: str) -> str | None:
    """The folder of a module in the repository; None for any other."""
    attribute = block.attributes.get("source")
    if attribute is None:
        return None
    _, text = literal(block.source, attribute.value)
    if not isinstance(text, str) or not text.startswith(("./", "../")):
        return None
    path = normpath(join(folder, text))
    return "" if path == "." else path


def registry_source(block: Block) -> str:
    """The source of a module that is kept elsewhere; "" for one of the repository."""
    attribute = block.attributes.get("source")
    text = literal(block.source, attribute.value)[1] if attribute is not None else None
    return text if isinstance(text, str) and not text.startswith(("./", "../")) else ""


def attribute_value(scope: Scope, attribute: Attribute) -> Value:
    if not attribute.trusted:
        return Value(Unknown("${" + "what does not parse" + "}"), scope.place(attribute.key))
    return scope.evaluate(attribute.value)


def is_example(name: str) -> bool:
    base = name.rpartition("/")[2].lower()
    return "example" in base or "sample" in base or "template" in base


def body_of_file(source: Source) -> Tree | None:
    root = source.root
    return next((each for each in root.children if each.type == "body"), None) if root else None


def with_defaults(scope: Scope, value: Value, kind: Tree) -> Value:
    """A value with what its type's optional(…) gives to what is left out."""
    source, inner = scope.source, unwrapped(kind)
    if inner.type != "function_call":
        return value
    name, arguments = call_parts(source, inner)
    if not arguments:
        return value
    if name == "optional":
        return with_defaults(scope, value, arguments[0])
    if name in ("list", "set") and isinstance(value.data, list):
        items = [with_defaults(scope, item, arguments[0]) for item in value.data]
        return value._replace(data=items)
    if name == "map" and isinstance(value.data, dict):
        entries = {
            key: with_defaults(scope, item, arguments[0]) for key, item in value.data.items()
        }
        return value._replace(data=entries)
    shape = unwrapped(arguments[0])
    if name != "object" or not isinstance(value.data, dict) or shape.type != "object":
        return value
    entries = dict(value.data)
    for key, _, item in object_entries(source, shape):
        if key is None:
            continue
        part = unwrapped(item)
        is_optional = False
        if part.type == "function_call":
            called, parts = call_parts(source, part)
            is_optional = called == "optional"
        given = entries.get(key)
        if is_optional and (given is None or given.data is None):
            entries[key] = scope.evaluate(parts[1]) if len(parts) > 1 else Value(None)
        if key in entries:
            entries[key] = with_defaults(scope, entries[key], item)
    return value._replace(data=entries)
