"""The identity of a finding over several runs, whatever moved in its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

from lintscale._record import replace
from lintscale.engine.finding import Finding
from lintscale.model.location import Location
from lintscale.syntax import Mapping as MappingNode
from lintscale.syntax import Node, Scalar, Sequence, SourceFile
from lintscale.syntax.nodes import walk

_NAMES = ("name", "key", "id")
_ENDINGS = ("name", "id")
_DEPTH = 2
"""Levels below an item that are searched for a name: a Kubernetes metric's name is in the mapping
``metric`` of its source."""


def identified(
    finding: Finding, files: Mapping[str, SourceFile], own: Location | None = None
) -> Finding:
    """The finding with its fingerprint, 16 hexadecimal digits of rule, file, key path and
    workload, and with its subject, the same without the file. List items count by their names, so
    that their order does not matter. ``own``: its place, where it is reported at another."""
    own = own or finding.location
    path = "/".join(stable_path(own, files))
    workload = finding.workload or ""
    return replace(
        finding,
        fingerprint=_digits(finding.rule, own.file, path, workload),
        subject=_digits(finding.rule, path, workload),
    )


def _digits(*parts: str) -> str:
    return digest("\0".join(parts))[:16]


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits."""
    return str(_sha256()(text.encode()).hexdigest())


@cache
def _sha256() -> Any:
    """From the module that needs no OpenSSL, which takes longer to load than all rules; the
    standard library's ``random`` does the same."""
    for module in ("_sha2", "_sha256"):
        with suppress(ImportError):
            return import_module(module).sha256
    return import_module("hashlib").sha256


def stable_path(location: Location, files: Mapping[str, SourceFile]) -> Iterator[str]:
    """The key path with list indices replaced by the items' names; for an item without a name, its
    type with the names in it."""
    source = files.get(location.file)
    document = source.document(location.document) if source else None
    for step in walk(document.root if document else None, location.path):
        name = ""
        if isinstance(step.parent, Sequence) and isinstance(step.node, MappingNode):
            item = step.node
            name = _own_name(item) or " ".join((*_kinds(item), *_inner_names(item, _DEPTH)))
        yield name or str(step.key)


def _own_name(item: MappingNode) -> str:
    """Its ``name``, ``key`` or ``id``, or what ends in one of these (``PolicyName``)."""
    exact = (_text(item.get(name)) for name in _NAMES)
    return next((text for text in exact if text), "") or next(
        (
            text
            for ending in _ENDINGS
            for key, value in _entries(item)
            if key.endswith(ending) and (text := _text(value))
        ),
        "",
    )


def _kinds(item: MappingNode) -> Iterator[str]:
    """The values of its keys that end in ``type``."""
    for key, value in _entries(item):
        if key.endswith("type") and _text(value):
            yield _text(value)


def _inner_names(item: MappingNode, depth: int) -> Iterator[str]:
    for _, inner in _entries(item):
        if not isinstance(inner, MappingNode):
            continue
        name = _own_name(inner)
        if name:
            yield name
        elif depth > 1:
            yield from _kinds(inner)
            yield from _inner_names(inner, depth - 1)


def _entries(item: MappingNode) -> list[tuple[str, Node]]:
    """Sorted by key: their order in the file does not matter."""
    entries = [(str(key).lower(), entry.value) for key, entry in item.entries.items()]
    return sorted(entries, key=lambda entry: entry[0])


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and node.value is not None else ""
