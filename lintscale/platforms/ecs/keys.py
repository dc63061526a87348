"""Keys in either case of the first letter.

ECS writes camelCase, Application Auto Scaling PascalCase, and people write both for both.
"""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.nodes import Mapping, Node, Scalar

_MAX_TEXT = 2048
"""No name, ARN or other word of AWS is as long; longer texts are not searched."""


def flipped(key: str) -> str:
    """The key with the case of its first letter changed."""
    first = key[:1]
    return (first.lower() if first.isupper() else first.upper()) + key[1:]


def child(field: Field, *keys: str) -> Field:
    """The field at ``keys`` below ``field``, each in either case. Where one is absent, its path
    has the case that its neighbours have: that is how a person would write it there."""
    here = field
    for key in keys:
        here = here.get(_as_written(here, key))
    return here


def first_child(field: Field, *keys: str) -> Field:
    """The first of these keys that is written, in either case; the first one, absent, when none
    is."""
    for key in keys:
        found = child(field, key)
        if found.present:
            return found
    return child(field, keys[0])


def _as_written(field: Field, key: str) -> str:
    node = field.node
    if not isinstance(node, Mapping):
        return _in_style_of([part for part in field.path if isinstance(part, str)][-1:], key)
    entries = node.entries
    if key in entries:
        return key
    other = flipped(key)
    return other if other in entries else _in_style_of(entries, key)


def _in_style_of(names: Iterable[object], key: str) -> str:
    """The key with its first letter in the case that most of the names have."""
    balance = 0
    for name in names:
        if isinstance(name, str):
            first = name[:1]
            balance += first.isupper() - first.islower()
    if balance == 0:
        return key
    return key[:1].upper() + key[1:] if balance > 0 else key[:1].lower() + key[1:]


def key_set(node: Node | None) -> frozenset[str]:
    """The string keys of a mapping that hold something, first letters in lower case; empty for
    anything else."""
    if not isinstance(node, Mapping):
        return frozenset()
    return frozenset(
        key[:1].lower() + key[1:]
        for key, entry in node.entries.items()
        if isinstance(key, str)
        and not (isinstance(entry.value, Scalar) and entry.value.value is None)
    )


def known_text(field: Field) -> str:
    """The scalar's text; "" when there is none or a placeholder hides it."""
    text = field.string()
    if text is None or len(text) > _MAX_TEXT or has_placeholder(text):
        return ""
    return text


def items_or_one(field: Field) -> list[Field]:
    """The items of a sequence, or the single mapping that stands where a sequence should."""
    if field.is_mapping:
        return [field]
    return list(field.items())


def tags(field: Field) -> dict[str, str]:
    """Tags as a mapping, from ECS's list of key and value or from a plain mapping."""
    if field.is_mapping:
        return field.labels()
    found = {}
    for item in field.items():
        key, value = child(item, "key").string(), child(item, "value").string()
        if key and value is not None:
            found[key] = value
    return found
