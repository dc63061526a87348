"""TOML to a located document: tomllib's values at the positions that toml_shape finds."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from lintscale.model.location import Span
from lintscale.syntax.document import Document, ParseResult, Problem
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, ScalarValue, Sequence
from lintscale.syntax.readers import (
    MAX_DEPTH,
    MAX_DIGITS,
    TOO_DEEP,
    BrokenError,
    duplicate_key,
    excerpt,
)
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions, TextRange
from lintscale.syntax.toml_shape import Array, Duplicate, Scan, Shape, Table, TooDeepError

_MAX_BITS = MAX_DIGITS * 10 // 3
_MAX_PYTHON_DIGITS = 4300  # sys.int_info.default_max_str_digits: int() refuses more
_LONG_NUMBER = regex(rf"[0-9][0-9_]{{{_MAX_PYTHON_DIGITS},}}")
_AT = regex(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_SAYS_DUPLICATE = ("Cannot overwrite a value", "Cannot declare", "Duplicate inline table key")
_FOUND = regex(r"[^\s,#\]]+")


def parse_toml(text: str, file: str) -> ParseResult:
    """Read a TOML text. A text without any key is a document without a root. A key that is
    assigned twice is a duplicate-key problem, and the last assignment is what is read."""
    result = ParseResult()
    text = text.removeprefix("\ufeff")
    positions = Positions(text)
    try:
        found = Scan(text)
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            if not _is_duplicate(error, found, positions, text):
                result.problems.append(_problem(error, positions, text))
                return result
            result.problems += [_duplicate(one, text, positions) for one in found.duplicates]
            text = _without_first(text, found.duplicates)
            found = Scan(text)
            data = tomllib.loads(text)
        root = _Builder(text, positions).root(data, found.root)
        span = root.span if root is not None else Span(1, 1, 1, 1)
        result.documents.append(Document(file, 0, "toml", root, span))
    except TooDeepError as error:
        result.problems.append(Problem("syntax-error", TOO_DEEP, positions.span(*error.at)))
    except RecursionError:
        result.problems.append(Problem("syntax-error", TOO_DEEP, Span(1, 1, 1, 2)))
    except BrokenError as broken:
        result.problems.append(broken.problem())
    except ValueError as error:
        # What is left of the duplicates' other kinds, and integers that Python will not convert.
        if not result.problems:
            result.problems.append(_problem(error, positions, text))
    return result


def _is_duplicate(error: ValueError, found: Scan, positions: Positions, text: str) -> bool:
    """Whether tomllib's complaint is about the first of the duplicates that the scanner saw."""
    if not found.duplicates or not str(error).startswith(_SAYS_DUPLICATE):
        return False
    return found.duplicates[0].key[0] <= positions.offset(*_place(error, positions, text))


def _duplicate(duplicate: Duplicate, text: str, positions: Positions) -> Problem:
    key = _key(duplicate.name, duplicate.key, text, positions)
    first = _key(duplicate.name, duplicate.first.key, text, positions)
    return duplicate_key(key, first, duplicate.path)


def _without_first(text: str, duplicates: list[Duplicate]) -> str:
    """The text with the first of each two assignments blanked, everything else in its place."""
    pieces: list[str] = []
    at = 0
    statements = [one.first.statement for one in duplicates if one.first.statement is not None]
    for start, end in sorted(statements):
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\r\n]", " ", text[start:end])]
            at = end
    return "".join(pieces) + text[at:]


def _problem(error: ValueError, positions: Positions, text: str) -> Problem:
    message = str(error)
    place = _AT.search(message)
    if place is None:
        long = _LONG_NUMBER.search(text)
        start = long.start() if long is not None else 0
        span = positions.span(start, start + 1)
        return Problem("syntax-error", f"a number of more than {_MAX_PYTHON_DIGITS} digits", span)
    line, column = _place(error, positions, text)
    message = message[: place.start()]
    message = message[:1].lower() + message[1:]
    end_column = column + 1
    found = _FOUND.match(text, positions.offset(line, column))
    if message == "invalid value" and found is not None:
        message += f" “{excerpt(found[0])}” (text is in quotes)"
        end_column = column + len(found[0])
    if place[1] is None:
        message += ", at the end of the file"
    return Problem("syntax-error", f"invalid TOML: {message}", Span(line, column, line, end_column))


def _place(error: ValueError, positions: Positions, text: str) -> tuple[int, int]:
    place = _AT.search(str(error))
    if place is None or place[1] is None:
        return positions.at(len(text.rstrip()))
    return int(place[1]), int(place[2])


def _key(name: str, at: TextRange, text: str, positions: Positions) -> Scalar:
    return Scalar(name, name, positions.span(*at), text[at[0]] in "\"'")


class _Builder:
    """Makes one tree of tomllib's data and the scanner's shape of it. What the shape lacks has the
    span of its parent."""

    def __init__(self, text: str, positions: Positions) -> None:
        self.text = text
        self.positions = positions

    def root(self, data: dict[str, Any], shape: Table) -> Node | None:
        if not data:
            return None
        node = self._node(data, shape, Span(1, 1, 1, 1), 0)
        assert isinstance(node, Mapping)  # noqa: S101 - as the data is
        start = min(min(entry.key.span, entry.value.span)[:2] for entry in node.entries.values())
        node.span = Span(*start, *node.span[2:])
        return node

    def _node(self, data: Any, shape: Shape | None, around: Span, depth: int) -> Node:
        if depth >= MAX_DEPTH and isinstance(data, (dict, list)):
            raise BrokenError(TOO_DEEP, around)
        span = around if shape is None else self.positions.span(*shape.at)
        if isinstance(data, dict):
            table = shape if isinstance(shape, Table) else None
            entries: dict[ScalarValue, Entry] = {}
            for name, value in data.items():
                pair = table.pairs.get(name) if table else None
                key = Scalar(name, name, span)
                if pair:
                    key = _key(name, pair.key, self.text, self.positions)
                below = self._node(value, pair.value if pair else None, key.span, depth + 1)
                entries[name] = Entry(key, below)
            nodes = [entry.value for entry in entries.values()]
            return Mapping(entries, _around(span, nodes), table is not None and table.inline)
        if isinstance(data, list):
            array = shape if isinstance(shape, Array) else Array((0, 0))
            fits = len(array.items) == len(data)
            items = array.items if fits else [None] * len(data)
            nodes = [self._node(*each, span, depth + 1) for each in zip(data, items, strict=True)]
            return Sequence(nodes, _around(span, nodes), not array.of_tables)
        return _scalar(data, self.text[slice(*shape.at)] if shape else "", span)


def _around(span: Span, nodes: list[Node]) -> Span:
    """The span, up to the end of the last of the nodes."""
    return Span(*span[:2], *max([span[2:], *(node.span[2:] for node in nodes)]))


def _scalar(value: Any, raw: str, span: Span) -> Scalar:
    if isinstance(value, str):
        return Scalar(value, value, span, True)
    if isinstance(value, bool):
        return Scalar(value, raw or str(value).lower(), span)
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        value = float("inf") if value > 0 else float("-inf")
    if isinstance(value, (int, float)):
        return Scalar(value, raw or str(value), span)
    text = raw or str(value)  # a date, a time or both
    return Scalar(text, text, span)
