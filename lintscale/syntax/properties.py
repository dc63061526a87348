"""Java's .properties files, as ``java.util.Properties.load`` reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lintscale.model.location import Span
from lintscale.syntax.text import Positions

_BLANKS = " \t\f"
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


class Property(NamedTuple):
    key: str
    value: str
    span: Span
    """The value's; on the first of its lines."""


def parse_properties(text: str) -> Iterator[Property]:
    """The properties in the order in which they stand; of one that is set twice the last holds."""
    lines = Positions(text).lines()
    number = 0
    while number < len(lines):
        start, line = number, lines[number].lstrip(_BLANKS)
        number += 1
        if not line or line[0] in "#!":
            continue
        first = lines[start]
        while _continues(line) and number < len(lines):
            line = line[:-1] + lines[number].lstrip(_BLANKS)
            number += 1
        key, at = _key(line)
        column = min(len(first) - len(first.lstrip(_BLANKS)) + at, len(first)) + 1
        end = max(column + 1, len(first) + 1)
        yield Property(key, _unescaped(line[at:]), Span(start + 1, column, start + 1, end))


def _continues(line: str) -> bool:
    """Whether an odd number of backslashes ends the line."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _key(line: str) -> tuple[str, int]:
    """The key, and the offset of the value."""
    end = 0
    while end < len(line) and line[end] not in _BLANKS + "=:":
        end += 2 if line[end] == "\\" else 1
    at = end
    while at < len(line) and line[at] in _BLANKS:
        at += 1
    if at < len(line) and line[at] in "=:":
        at += 1
        while at < len(line) and line[at] in _BLANKS:
            at += 1
    return _unescaped(line[:end]), min(at, len(line))


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    parts: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character != "\\":
            parts.append(character)
            at += 1
            continue
        following = text[at + 1 : at + 2]
        digits = text[at + 2 : at + 6]
        if (
            following == "u"
            and len(digits) == 4
            and all(c in "0123456789abcdefABCDEF" for c in digits)
        ):
            parts.append(chr(int(digits, 16)))
            at += 6
        else:
            parts.append(_ESCAPES.get(following, following))
            at += 2
    return "".join(parts)
