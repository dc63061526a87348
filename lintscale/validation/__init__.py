"""Documents against the JSON Schemas of ``schemas/``.

A checker of our own, for four reasons. It takes three milliseconds at start, schemas included,
where the libraries take 25 (jsonschema-rs) and 90 (jsonschema) to be imported, and most runs look
at one small file. It works on located nodes, so that every problem has its line and column. It
knows what is not known: a placeholder is of any type. And it gives one answer for one mistake,
where a library gives one for each branch that does not fit. The tests hold it against jsonschema,
keyword by keyword.
"""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.location import PathKey
from lintscale.platforms.base import SchemaChoice
from lintscale.syntax.document import Document, Problem, derived
from lintscale.syntax.nodes import Entry, Mapping, Scalar, is_null, node_at
from lintscale.validation.checker import problems

__all__ = ["SchemaChoice", "check", "corrected", "problems"]


def check(document: Document, choices: Iterable[SchemaChoice]) -> tuple[list[Problem], Document]:
    """The problems of a document under its schemas, and the document to read: the same, or a copy
    that has misspelt and misplaced keys at their intended paths."""
    found: dict[tuple[object, ...], Problem] = {}
    for choice in choices:
        own = problems(document, choice)
        document = corrected(document, own)
        for each in own:
            # Two schemas may report the same of one value.
            found.setdefault((each.kind, each.span, each.path[-1:]), each)
    return list(found.values()), document


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
