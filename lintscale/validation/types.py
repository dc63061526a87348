"""JSON's types, of nodes."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale.syntax.field import has_placeholder
from lintscale.syntax.nodes import Mapping, Node, Scalar, ScalarValue
from lintscale.syntax.regex import regex


def fits(value: ScalarValue, wanted: str | Sequence[str]) -> bool:
    """Is a scalar's value of one of the JSON Schema types? 2.0 is an integer, as there."""
    if wanted == "string":
        return isinstance(value, str)
    if isinstance(wanted, str):
        return _is(value, wanted)
    return any(_is(value, name) for name in wanted)


def _is(value: ScalarValue, name: str) -> bool:
    if name == "string":
        return isinstance(value, str)
    if name == "boolean":
        return isinstance(value, bool)
    if name == "null":
        return value is None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if name == "integer":
        return isinstance(value, int) or value.is_integer()
    return name == "number"


def takes(node: Node, wanted: str | Sequence[str] | None) -> bool:
    """Like :func:`fits`, for any node; true of null, which is as good as absent, and where no type
    is ``wanted``."""
    if wanted is None:
        return True
    if isinstance(node, Scalar):
        return node.value is None or fits(node.value, wanted)
    return ("object" if isinstance(node, Mapping) else "array") in wanted


def is_placeholder(node: Node) -> bool:
    """Will a deploy script put something else here, of whatever type?"""
    return isinstance(node, Scalar) and isinstance(node.value, str) and has_placeholder(node.text)


_CAPITALS = regex(r"[A-Z][A-Z0-9_]{2,60}\Z")


def may_be_filled_in(node: Node) -> bool:
    """Where this is no value at all, is it a word for one: PORT, {port} or {{ port }}? To YAML the
    latter two are mappings with a key and nothing behind it."""
    if isinstance(node, Scalar):
        return isinstance(node.value, str) and _CAPITALS.match(node.value) is not None
    if not isinstance(node, Mapping) or not node.flow or len(node.entries) != 1:
        return False
    key, value = next(iter(node.entries.values()))
    bare = not key.quoted or key.text == "{…}"
    return bare and isinstance(value, Scalar) and value.value is None
