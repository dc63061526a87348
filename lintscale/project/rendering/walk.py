"""From a key path in a rendered object to the same value in one of its sources.

Mappings are walked by key. A list's entry has another index in each source: it is found by what
kustomize merges such lists by, or by being equal.
"""

from __future__ import annotations

from lintscale.model.location import PathKey
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Node, Scalar, Sequence, to_plain

Path = tuple[PathKey, ...]

_MERGE_KEYS = ("name", "containerPort", "port", "mountPath", "devicePath", "topologyKey", "ip")
"""The patchMergeKey of the lists in k8s.io/api/core/v1/types.go (read Aug 2026), ``name`` first
as most have it."""

_MOST_COMPARED = 200
"""Entries of one list that are compared as a whole."""


def existing(root: Node | None, path: Path) -> int:
    """How many steps of the path there are in the tree."""
    here = root
    for number, key in enumerate(path):
        here = child(here, key)
        if here is None:
            return number
    return len(path)


def child(node: Node | None, key: PathKey) -> Node | None:
    """None for what is absent or null."""
    found: Node | None = None
    if isinstance(node, Mapping) and isinstance(key, str):
        found = node.get(key)
    elif isinstance(node, Sequence) and isinstance(key, int) and 0 <= key < len(node.items):
        found = node.items[key]
    return None if isinstance(found, Scalar) and found.value is None else found


def node_at(root: Node | None, path: Path) -> Node | None:
    here = root
    for key in path:
        here = child(here, key)
    return here


class Lists:
    """Entries of lists by what they are merged by, each list looked through once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[tuple[str, str], list[int]]] = {}

    def named(self, items: Sequence, key: str, text: str) -> list[int]:
        """The positions of the entries with that text under that key."""
        found = self._known.get(id(items))
        if found is None:
            found = {}
            for position, item in enumerate(items.items):
                for each in _MERGE_KEYS if isinstance(item, Mapping) else ():
                    value = item.get(each)  # type: ignore[union-attr]
                    if isinstance(value, Scalar):
                        found.setdefault((each, value.text), []).append(position)
            self._known[id(items)] = found
        return found.get((key, text), [])


def counterpart(source: Field, rendered: Node | None, path: Path, lists: Lists) -> Field | None:
    """Where ``source`` writes what stands at ``path`` below ``rendered``; None where it does not
    speak of it."""
    for key in path:
        if isinstance(key, int):
            items = source.node
            if not isinstance(rendered, Sequence) or not isinstance(items, Sequence):
                return None
            position = _position(items, rendered, key, lists)
            if position is None:
                return None
            node = items.items[position]
            source = Field(source.document, (*source.path, position), node, source.anchor())
        else:
            source = source.get(key)
        if not source.present:
            return None
        rendered = child(rendered, key)
    return source


def _position(items: Sequence, rendered: Sequence, index: int, lists: Lists) -> int | None:
    wanted = child(rendered, index)
    candidates: list[int] | range = range(len(items.items))
    if isinstance(wanted, Mapping):
        for key in _MERGE_KEYS:
            value = wanted.get(key)
            named = lists.named(items, key, value.text) if isinstance(value, Scalar) else []
            if len(named) == 1:
                return named[0]
            if named:
                candidates = named
                break
    for position in candidates[:_MOST_COMPARED]:
        if same(items.items[position], wanted):
            return position
    # A list without keys is replaced as a whole: the same place in it is the same entry.
    if len(items.items) == len(rendered.items) and type(items.items[index]) is type(wanted):
        return index
    return None


def same(one: Node | None, other: Node | None) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text or one.value == other.value
    return bool(to_plain(one) == to_plain(other))


def field_at(root: Field, path: Path) -> Field:
    """The field at a path; absent where the path leads nowhere."""
    here = root
    for key in path:
        if isinstance(key, str):
            here = here.get(key)
            continue
        node = child(here.node, key)
        here = Field(here.document, (*here.path, key), node, here.anchor())
    return here
