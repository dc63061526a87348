"""The tree that all three formats are read into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lintscale.model.location import PathKey, Span

ScalarValue = str | int | float | bool | None


class Scalar:
    """A leaf. ``value`` is typed as the format types it; ``text`` is the scalar's content as a
    string, whatever its type; ``quoted`` tells "70" from 70."""

    __slots__ = ("quoted", "span", "text", "value")

    def __init__(self, value: ScalarValue, text: str, span: Span, quoted: bool = False) -> None:
        self.value = value
        self.text = text
        self.span = span
        self.quoted = quoted


class Supplied(Scalar):
    """A value that no file holds: what the program that carries a document adds to it, and why.
    ``chosen``: somebody chose it for what is carried, such as the author of a module; it is then no
    default of the platform."""

    __slots__ = ("chosen", "reason")

    def __init__(
        self, value: ScalarValue, text: str, span: Span, reason: str, chosen: bool = False
    ) -> None:
        super().__init__(value, text, span)
        self.reason = reason
        self.chosen = chosen


class Entry(NamedTuple):
    key: Scalar
    value: Node


class Mapping:
    """``entries`` by the key's value; the last of duplicate keys wins, as in every parser that
    platforms use. Keys may be numbers, booleans or None; a key that is itself a collection is
    held under its text."""

    __slots__ = ("entries", "flow", "span")

    def __init__(self, entries: dict[ScalarValue, Entry], span: Span, flow: bool = False) -> None:
        self.entries = entries
        self.span = span
        self.flow = flow

    def get(self, key: ScalarValue) -> Node | None:
        entry = self.entries.get(key)
        return entry.value if entry is not None else None

    def entry(self, key: PathKey) -> Entry | None:
        """The entry whose key has this text, whether the key is text, a number or a boolean."""
        entry = self.entries.get(key)
        if entry is not None and entry.key.text == key:
            return entry
        return next((each for each in self.entries.values() if each.key.text == key), None)


class Sequence:
    __slots__ = ("flow", "items", "span")

    def __init__(self, items: list[Node], span: Span, flow: bool = False) -> None:
        self.items = items
        self.span = span
        self.flow = flow


Node = Scalar | Mapping | Sequence


class Step(NamedTuple):
    """One key of a path. ``parent`` is the node it is looked up in, ``node`` what it leads to,
    ``entry`` that node with its key if the parent is a mapping; None where the path leads
    nowhere."""

    parent: Node | None
    key: PathKey
    entry: Entry | None
    node: Node | None


def walk(root: Node | None, path: Iterable[PathKey]) -> Iterator[Step]:
    """The steps of a path through a tree, one for each of its keys."""
    parent = root
    for key in path:
        entry: Entry | None = None
        node: Node | None = None
        if isinstance(parent, Mapping):
            entry = parent.entry(key)
            node = entry.value if entry is not None else None
        elif isinstance(parent, Sequence) and isinstance(key, int) and 0 <= key < len(parent.items):
            node = parent.items[key]
        yield Step(parent, key, entry, node)
        parent = node


def node_at(root: Node | None, path: Iterable[PathKey]) -> Node | None:
    """The node at a path."""
    node = root
    for step in walk(root, path):
        node = step.node
    return node


def is_null(node: Node | None) -> bool:
    """Is it a null value? That is as good as an absent key to every platform's decoder."""
    return isinstance(node, Scalar) and node.value is None


def scalars(node: Node | None) -> Iterator[Scalar]:
    """All scalar values at and below a node."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Mapping):
            pending += [entry.value for entry in node.entries.values()]
        elif node is not None:
            pending += node.items


def to_plain(node: Node | None) -> Any:
    """The tree as dict, list and scalars. Aliases are expanded: bounded by the reader."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: to_plain(entry.value) for key, entry in node.entries.items()}
    return [to_plain(item) for item in node.items]
