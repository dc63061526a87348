"""Nodes by their paths, and entries moved to where they are meant to stand."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.location import PathKey
from lintscale.syntax.document import Document, Problem
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, ScalarValue, Sequence
from lintscale.syntax.regex import regex

_WORD = regex(r"(?!\d+\Z)[\w./@-]{1,60}\Z")


def place(document: Document, path: tuple[PathKey, ...]) -> Field:
    """The field at a path, keys by their text. Unlike with :meth:`Field.get`, a null is
    something that stands there."""
    here = Field.root(document)
    for key in path:
        node = here.node
        if isinstance(node, Sequence) and isinstance(key, int) and key < len(node.items):
            here = Field(document, (*here.path, key), node.items[key], here.anchor())
            continue
        entry = entry_of(node, key) if isinstance(node, Mapping) else None
        if entry is None:
            return here.get(str(key))
        here = Field(document, (*here.path, key), entry.value, here.anchor(), entry.key.span)
    return here


class Item(str):
    """A list's entry by its name, as a step of a path that people read."""

    __slots__ = ()


def named(document: Document, path: tuple[PathKey, ...]) -> tuple[PathKey, ...]:
    """The path with each index replaced by the entry's name, where it has one that no other entry
    of the list has: what is said of it then holds in whatever order they stand."""
    here: Node | None = document.root
    steps: list[PathKey] = []
    for key in path:
        if isinstance(key, int) and isinstance(here, Sequence):
            names = [_name(item) for item in here.items]
            here = here.items[key] if key < len(here.items) else None
            name = names[key] if here is not None else ""
            steps.append(Item(name) if name and names.count(name) == 1 else key)
        else:
            entry = entry_of(here, key) if isinstance(here, Mapping) else None
            here = entry.value if entry is not None else None
            steps.append(key)
    return tuple(steps)


def _name(item: Node) -> str:
    """What an entry calls itself; "" for one that does not, or not in a plain word."""
    for key in ("name", "key"):
        entry = entry_of(item, key) if isinstance(item, Mapping) else None
        if entry is not None and isinstance(entry.value, Scalar):
            return entry.value.text if _WORD.match(entry.value.text) else ""
    return ""


def node_at(document: Document, path: tuple[PathKey, ...]) -> Node | None:
    """The node at a path, keys by their text."""
    here = document.root
    for key in path:
        if isinstance(here, Sequence) and isinstance(key, int) and key < len(here.items):
            here = here.items[key]
            continue
        entry = entry_of(here, key) if isinstance(here, Mapping) else None
        if entry is None:
            return None
        here = entry.value
    return here


def entry_of(mapping: Mapping, key: PathKey) -> Entry | None:
    """The entry whose key reads so, be it a text, a number or a boolean."""
    entry = mapping.entries.get(key)
    if entry is not None and entry.key.text == key:
        return entry
    return next((each for each in mapping.entries.values() if each.key.text == key), None)


def read_as_meant(document: Document, problems: Iterable[Problem]) -> None:
    """Move the entries whose place or name can only be a mistake to where they are meant to be,
    in the tree and not in the text, so that whatever reads the document finds them there."""
    for problem in problems:
        if problem.meant:
            _move(document, problem.path, problem.meant)


def _move(document: Document, old: tuple[PathKey, ...], new: tuple[PathKey, ...]) -> None:
    source = node_at(document, old[:-1])
    entry = entry_of(source, old[-1]) if isinstance(source, Mapping) else None
    if not isinstance(source, Mapping) or entry is None:
        return
    target: Mapping | None = source if new[:-1] == old[:-1] else None
    if target is None:
        target = _mapping_at(document, new[:-1], entry)
    if target is None or entry_of(target, new[-1]) is not None:
        return
    right = Scalar(new[-1], str(new[-1]), entry.key.span, entry.key.quoted)
    moved = Entry(right, entry.value)
    before = list(source.entries.items())
    source.entries.clear()
    for key, each in before:
        if each is not entry:
            source.entries[key] = each
        elif target is source:
            source.entries[right.value] = moved
    if target is not source:
        target.entries[right.value] = moved


def _mapping_at(document: Document, path: tuple[PathKey, ...], entry: Entry) -> Mapping | None:
    """The mapping at ``path``, made where it is missing; None where something else stands."""
    here = document.root
    for key in path:
        if isinstance(here, Sequence) and isinstance(key, int):
            here = here.items[key] if key < len(here.items) else None
            continue
        if not isinstance(here, Mapping):
            return None
        below = entry_of(here, key)
        if below is None or (isinstance(below.value, Scalar) and below.value.value is None):
            made = Mapping({}, entry.key.span)
            name: ScalarValue = below.key.value if below else key
            label = below.key if below else Scalar(key, str(key), entry.key.span)
            here.entries[name] = Entry(label, made)
            here = made
        else:
            here = below.value
    return here if isinstance(here, Mapping) else None
