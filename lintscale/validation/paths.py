"""Key paths as messages name them, and documents with misplaced keys at their intended paths."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.location import PathKey
from lintscale.syntax.document import Document, Problem, derived
from lintscale.syntax.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Step,
    is_null,
    node_at,
    walk,
)
from lintscale.syntax.regex import regex

_WORD = regex(r"(?!\d+\Z)[\w./@-]{1,60}\Z")


class ItemName(str):
    """The name of a list's item, in place of its index in a path."""

    __slots__ = ()


def named(document: Document, path: tuple[PathKey, ...]) -> tuple[PathKey, ...]:
    """The path with each index replaced by the item's name where that is unique in its list: the
    message then does not depend on the order of items."""
    return tuple(_named(step) for step in walk(document.root, path))


def _named(step: Step) -> PathKey:
    if not isinstance(step.parent, Sequence) or step.node is None:
        return step.key
    name = _name(step.node)
    is_unique = name and [_name(item) for item in step.parent.items].count(name) == 1
    return ItemName(name) if is_unique else step.key


def _name(item: Node) -> str:
    """The name of an item; "" where it has none, or none that is a plain word."""
    for key in ("name", "key"):
        entry = item.entry(key) if isinstance(item, Mapping) else None
        if entry is not None and isinstance(entry.value, Scalar):
            return entry.value.text if _WORD.match(entry.value.text) else ""
    return ""


def corrected(document: Document, problems: Iterable[Problem]) -> Document:
    """The document with each misspelt or misplaced key at its intended path, where that is known;
    a copy, in which aliases are shared as in the original."""
    moves = [(each.path, each.intended) for each in problems if each.intended]
    if not moves:
        return document
    copy = derived(document)
    for old, new in moves:
        _move(copy, old, new)
    return copy


def _move(document: Document, old: tuple[PathKey, ...], new: tuple[PathKey, ...]) -> None:
    source = document.node(old[:-1])
    entry = source.entry(old[-1]) if isinstance(source, Mapping) else None
    if not isinstance(source, Mapping) or entry is None:
        return
    target = source if new[:-1] == old[:-1] else _mapping_at(document, new[:-1], entry)
    if target is None or target.entry(new[-1]) is not None:
        return
    key = Scalar(new[-1], str(new[-1]), entry.key.span, entry.key.quoted)
    moved = Entry(key, entry.value)
    before = list(source.entries.items())
    source.entries.clear()
    for name, each in before:
        if each is not entry:
            source.entries[name] = each
        elif target is source:
            source.entries[key.value] = moved
    if target is not source:
        target.entries[key.value] = moved


def _mapping_at(document: Document, path: tuple[PathKey, ...], entry: Entry) -> Mapping | None:
    """The mapping at ``path``, added where it is missing; None where something else is."""
    node = document.root
    for key in path:
        if not isinstance(node, Mapping):
            node = node_at(node, (key,))
            continue
        below = node.entry(key)
        if below is None or is_null(below.value):
            label = below.key if below else Scalar(key, str(key), entry.key.span)
            below = node.entries[label.value] = Entry(label, Mapping({}, entry.key.span))
        node = below.value
    return node if isinstance(node, Mapping) else None
