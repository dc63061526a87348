"""From a key path in a rendered object to the same value in one of its sources.

Mappings are walked by key. A list's entry has another index in each source: it is found by what
kustomize merges such lists by, or by being equal.
"""

from __future__ import annotations

from lintscale.model import PathKey, Span
from lintscale.source.field import Field
from lintscale.source.nodes import Mapping, Node, Scalar, Sequence, to_plain

Path = tuple[PathKey, ...]

_MERGE_KEYS = ("name", "containerPort", "port", "mountPath", "devicePath", "topologyKey", "ip")
"""The patchMergeKey of the lists in k8s.io/api/core/v1/types.go (read Aug 2026), ``name`` first
as most have it."""


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


def counterpart(source: Field, rendered: Node | None, path: Path) -> Field | None:
    """Where ``source`` writes what stands at ``path`` below ``rendered``; None where it does not
    speak of it."""
    for key in path:
        if isinstance(key, int):
            if not isinstance(rendered, Sequence):
                return None
            found = _entry(source, rendered, key)
            if found is None:
                return None
            source = found
        else:
            source = source.get(key)
        if not source.present:
            return None
        rendered = child(rendered, key)
    return source


def _entry(source: Field, rendered: Sequence, index: int) -> Field | None:
    wanted = child(rendered, index)
    candidates = list(source.items())
    if isinstance(wanted, Mapping):
        for key in _MERGE_KEYS:
            value = wanted.get(key)
            if isinstance(value, Scalar):
                named = [c for c in candidates if c.get(key).string() == value.text]
                if len(named) == 1:
                    return named[0]
                if named:
                    candidates = named
                    break
    equal = [candidate for candidate in candidates if same(candidate.node, wanted)]
    if equal:
        return equal[0]
    # A list without keys is replaced as a whole: the same place in it is the same entry.
    if isinstance(source.node, Sequence) and len(source.node.items) == len(rendered.items):
        at_index = list(source.items())[index]
        return at_index if type(at_index.node) is type(wanted) else None
    return None


def same(one: Node | None, other: Node | None) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text or one.value == other.value
    return bool(to_plain(one) == to_plain(other))


def underlined(root: Field) -> dict[Span, Path]:
    """The key path of what each stretch of text is the place of: the inverse of
    ``Field.location.span``. Of a mapping in a list and its first entry, the entry."""
    found: dict[Span, Path] = {}
    pending = [root]
    while pending:
        here = pending.pop()
        if here.present and here.path:
            span = here.location.span
            known = found.get(span)
            if known is None or len(known) < len(here.path):
                found[span] = here.path
        pending.extend(here.items())
        pending.extend(value for _, value in here.entries())
    return found
