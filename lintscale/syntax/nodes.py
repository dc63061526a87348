"""The tree that all three formats are read into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lintscale.model.location import Span

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


class Sequence:
    __slots__ = ("flow", "items", "span")

    def __init__(self, items: list[Node], span: Span, flow: bool = False) -> None:
        self.items = items
        self.span = span
        self.flow = flow


Node = Scalar | Mapping | Sequence


def scalars(node: Node | None) -> Iterator[Scalar]:
    """All values below a node that are no collections."""
    todo = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, Scalar):
            yield here
        elif isinstance(here, Mapping):
            todo += [entry.value for entry in here.entries.values()]
        elif here is not None:
            todo += here.items


def to_plain(node: Node | None) -> Any:
    """The tree as dict, list and scalars. Aliases are expanded: bounded by the reader."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: to_plain(entry.value) for key, entry in node.entries.items()}
    return [to_plain(item) for item in node.items]
