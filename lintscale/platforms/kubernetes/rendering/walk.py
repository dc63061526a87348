"""From a key path in a rendered object to the same value in one of its sources.

Mappings are walked by key. A list's entry has another index in each source: it is found by what
kustomize merges such lists by, or by being equal.
"""

from __future__ import annotations

from itertools import takewhile

from lintscale.model.location import PathKey
from lintscale.syntax import nodes
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Node, Scalar, Sequence, is_null, to_plain, walk

Path = tuple[PathKey, ...]

_MERGE_KEYS = ("name", "containerPort", "port", "mountPath", "devicePath", "topologyKey", "ip")
"""The patchMergeKey of the lists in k8s.io/api/core/v1/types.go (read Aug 2026), ``name`` first
as most have it."""

_MOST_COMPARED = 200
"""Entries of one list that are compared as a whole."""


def existing(root: Node | None, path: Path) -> int:
    """How many steps of the path there are in the tree."""
    steps = takewhile(lambda step: step.node is not None, walk(root, path))
    return sum(not is_null(step.node) for step in steps)


def node_at(root: Node | None, path: Path) -> Node | None:
    """The node at a path; None for one that is absent or null."""
    node = nodes.node_at(root, path)
    return None if is_null(node) else node


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
    for step in walk(rendered, path):
        if isinstance(step.key, int):
            if not isinstance(step.parent, Sequence) or not isinstance(source.node, Sequence):
                return None
            position = _position(source.node, step.parent, step.key, lists)
            if position is None:
                return None
            source = source.at((position,))
        else:
            source = source.get(step.key)
        if not source.present:
            return None
    return source


def _position(items: Sequence, rendered: Sequence, index: int, lists: Lists) -> int | None:
    wanted = node_at(rendered, (index,))
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
