"""Schemas, values and paths in the words of messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lintscale.model.location import PathKey
from lintscale.syntax.document import Document
from lintscale.syntax.nodes import Mapping, Node, Scalar, Step, walk
from lintscale.syntax.nodes import Sequence as Items
from lintscale.syntax.readers import excerpt
from lintscale.syntax.regex import regex
from lintscale.validation.schemas import Schema

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "null",
}
_MOST_CHOICES = 8
"""Values of an enumeration that a message lists."""

_LONGEST_KEY = 80
"""Characters of a key in a message."""

_PLAIN_KEY = regex(r"[A-Za-z_$][\w$-]*\Z")


_WORD = regex(r"(?!\d+\Z)[\w./@-]{1,60}\Z")


class ItemName(str):
    """The name of a list's item, in place of its index in a path."""

    __slots__ = ()


def named(document: Document, path: tuple[PathKey, ...]) -> tuple[PathKey, ...]:
    """The path with each index replaced by the item's name where that is unique in its list: the
    message then does not depend on the order of items."""
    return tuple(_named(step) for step in walk(document.root, path))


def _named(step: Step) -> PathKey:
    if not isinstance(step.parent, Items) or step.node is None:
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


def key_path(path: Iterable[PathKey]) -> str:
    """``spec.containers[shop].image``; a key that is not a plain word is in quotes."""
    text = ""
    for key in path:
        if isinstance(key, (int, ItemName)):
            text += f"[{key}]"
        elif _PLAIN_KEY.match(key):
            text += f".{key}"
        else:
            text += f'["{shown_key(key)}"]'
    return text.removeprefix(".")


def shown_key(key: str) -> str:
    """A key, shortened for a message."""
    return key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}…"


def listed(words: Sequence[str], last: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def types_of(schema: Schema) -> tuple[str, ...]:
    wanted = schema.get("type", ())
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def expected(schema: Schema, types: Sequence[str] = ()) -> str:
    """The expected value, to follow "must be"."""
    if "x-expected" in schema:
        return str(schema["x-expected"])
    names = [_TYPES[name] for name in types or types_of(schema) if name != "null"]
    return listed(list(dict.fromkeys(names)) or ["something else"])


def found(node: Node, *, hidden: bool = False) -> str:
    """The node, to follow "not"; only its type if ``hidden``, since free text may be a secret."""
    if not isinstance(node, Scalar):
        return "a mapping" if isinstance(node, Mapping) else "a list"
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return _plain(node)
    if isinstance(value, str):
        return "text" if hidden else f"the text “{excerpt(value)}”"
    return "a number" if hidden else f"the number {excerpt(node.text)}"


def value(node: Scalar) -> str:
    """A scalar of the right type, to follow "not"."""
    return f"“{excerpt(node.value)}”" if isinstance(node.value, str) else _plain(node)


def _plain(node: Scalar) -> str:
    word = str(node.value).lower() if isinstance(node.value, bool) else ""
    if word and node.text.lower() != word:
        return f"{node.text}, which YAML reads as {word}"
    return excerpt(node.text) or "null"


def choices(values: Sequence[Any]) -> str:
    words = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
    words = [word for word in words if word]
    if len(words) <= _MOST_CHOICES:
        return listed(words)
    return f"one of {', '.join(words[:_MOST_CHOICES])}, …"


def bounds(schema: Schema) -> str:
    """The allowed range of a number."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"between {low} and {high}"
    if low is not None:
        return f"at least {low}"
    if high is not None:
        return f"at most {high}"
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    return f"greater than {above}" if above is not None else f"less than {below}"


def remedy(node: Node, types: Sequence[str]) -> str:
    """How to write the value so that it has the right type; "" where that is not clear."""
    if not isinstance(node, Scalar) or node.value is None:
        return ""
    if isinstance(node.value, str):
        text = node.text.strip()
        whole = re.fullmatch(r"[+-]?\d{1,18}", text)
        if (whole and {"integer", "number"} & set(types)) or (
            "boolean" in types and text.lower() in ("true", "false")
        ):
            return f"Write {text} without quotes."
        return ""
    return "Put it in quotes." if "string" in types else ""
