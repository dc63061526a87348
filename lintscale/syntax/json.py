"""JSON to a located document.

More lenient than RFC 8259 where repositories are: // and /* */ comments and trailing commas are
skipped, and a value may be a bare placeholder (``"cpu": ${CPU}``). Python's json knows no
positions.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING

from lintscale.model.location import PathKey, Span
from lintscale.syntax.document import Document, ParseResult
from lintscale.syntax.field import PLACEHOLDER
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, ScalarValue, Sequence
from lintscale.syntax.readers import (
    MAX_DEPTH,
    MAX_DIGITS,
    TOO_DEEP,
    BrokenError,
    duplicate_key,
    paused_collector,
)
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

if TYPE_CHECKING:
    from lintscale.syntax.json_errors import Where

_SPACE = r"[ \t\r\n]*+(?:(?://[^\r\n]*+|/\*(?s:.*?)\*/)[ \t\r\n]*+)*+"
_STRING = r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"'
_WORD_END = r"(?![0-9A-Za-z_.+\-])"

_VALUE = regex(
    rf"{_SPACE}(?:{_STRING}"
    r"|(\[|\{(?!\{)|\])"
    rf"|(-?(?:0|[1-9][0-9]*+)){_WORD_END}"
    rf"|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?){_WORD_END}"
    rf"|(true|false|null){_WORD_END})"
)
_IS_STRING, _IS_BRACKET, _IS_INTEGER, _IS_FLOAT, _IS_WORD = range(1, 6)
_KEY = regex(rf"{_SPACE}(?:{_STRING}{_SPACE}:|(}}))")
_AFTER = regex(rf"{_SPACE}([,}}\]])")
_BETWEEN = regex(_SPACE)
_PLACEHOLDER_END = regex(rf"{_SPACE}(?:[,}}\]]|\Z)")

_WORDS: dict[str, ScalarValue] = {"true": True, "false": False, "null": None}

_HALF_PAIR = regex("[\ud800-\udfff]")


def parse_json(text: str, file: str) -> ParseResult:
    """Read one JSON value. An empty text is a document without a root; of several values one
    after another the first is read, and the second is the error."""
    result = ParseResult()
    reader = _Reader(text.removeprefix("\ufeff"), result)
    try:
        with paused_collector():
            reader.read()
    except BrokenError as broken:
        result.problems.append(broken.problem())
        if reader.root is None:
            return result
    span = reader.root.span if reader.root is not None else Span(1, 1, 1, 1)
    result.documents.append(Document(file, 0, "json", reader.root, span))
    return result


class _Reader:
    """One pass over the text. ``root`` is set once its last bracket is closed."""

    def __init__(self, text: str, result: ParseResult) -> None:
        self.text = text
        self.result = result
        self.positions = Positions(text)
        self.root: Node | None = None

    def read(self) -> None:  # noqa: PLR0915
        # One long loop with everything in locals: a call per value would double the time.
        text, starts, new = self.text, self.positions.starts, tuple.__new__
        stack: list[tuple[Mapping | Sequence | None, Scalar | None]] = []
        parent: Mapping | Sequence | None = None
        entries: dict[ScalarValue, Entry] | None = None  # of the parent, when it is a mapping
        key: Scalar | None = None
        at = self._skip(0)
        if at == len(text):
            return

        while True:
            node: Node | None = None  # stays None where the parent closes
            closes = False
            if entries is not None:
                match = _KEY.match(text, at)
                if match is None:
                    raise self._wrong("key", at, parent)
                at = match.end()
                closes = match.lastindex != 1
                if not closes:
                    body = match[1]
                    start = match.start(1) - 1
                    line = bisect_right(starts, start)
                    column = start - starts[line - 1] + 1
                    span = new(Span, (line, column, line, column + len(body) + 2))
                    if "\\" in body:
                        body = _unescape(body)
                    key = Scalar(body, body, span, True)

            if not closes:
                match = _VALUE.match(text, at)
                if match is None:
                    node, at = self._placeholder(self._skip(at), parent)
                else:
                    kind = match.lastindex
                    assert kind is not None  # noqa: S101 - every alternative is a group
                    start, at = match.start(kind), match.end()
                    raw = match[kind]
                    if kind == _IS_STRING:
                        start -= 1
                    line = bisect_right(starts, start)
                    column = start - starts[line - 1] + 1
                    span = new(Span, (line, column, line, column + at - start))
                    if kind == _IS_STRING:
                        if "\\" in raw:
                            raw = _unescape(raw)
                        node = Scalar(raw, raw, span, True)
                    elif kind != _IS_BRACKET:
                        node = Scalar(_value(kind, raw), raw, span)
                    elif raw != "]":
                        if len(stack) >= MAX_DEPTH:
                            raise BrokenError(TOO_DEEP, span)
                        stack.append((parent, key))
                        if raw == "{":
                            entries = {}
                            parent = Mapping(entries, span, True)
                        else:
                            entries = None
                            parent = Sequence([], span, True)
                        continue
                    elif entries is not None or parent is None:
                        raise self._wrong("value", start, parent)

            while True:
                if node is None:
                    assert parent is not None  # noqa: S101 - something is open
                    node = parent
                    line = bisect_right(starts, at - 1)
                    column = at - starts[line - 1] + 1
                    node.span = new(Span, (*node.span[:2], line, column))
                    parent, key = stack.pop()
                    entries = parent.entries if isinstance(parent, Mapping) else None
                if entries is not None:
                    assert key is not None  # noqa: S101 - read before its value
                    if key.value in entries:
                        first = entries[key.value].key
                        self.result.problems.append(duplicate_key(key, first, _path(stack)))
                    entries[key.value] = new(Entry, (key, node))
                elif parent is not None:
                    parent.items.append(node)  # type: ignore[union-attr]
                else:
                    self.root = node
                    at = self._skip(at)
                    if at < len(text):
                        raise self._wrong("second value", at, parent)
                    return
                match = _AFTER.match(text, at)
                if match is None:
                    raise self._wrong("after value", at, parent)
                mark = match[1]
                if mark == ",":
                    at = match.end()
                    break
                if (mark == "}") != (entries is not None):
                    raise self._wrong("after value", at, parent)
                at = match.end()
                node = None

    def _skip(self, at: int) -> int:
        match = _BETWEEN.match(self.text, at)
        return match.end() if match is not None else at

    def _wrong(self, where: Where, at: int, parent: Mapping | Sequence | None) -> BrokenError:
        from lintscale.syntax import json_errors

        at = self._skip(at)
        return json_errors.explain(where, self.positions, at, parent)

    def _placeholder(self, at: int, parent: Mapping | Sequence | None) -> tuple[Scalar, int]:
        """An unquoted placeholder in place of a value."""
        match = PLACEHOLDER.match(self.text, at) if parent is not None else None
        if match is None or not _PLACEHOLDER_END.match(self.text, match.end()):
            raise self._wrong("value", at, parent)
        if "\n" in match[0] or "\r" in match[0]:
            raise self._wrong("value", at, parent)
        span = self.positions.span(at, match.end())
        return Scalar(match[0], match[0], span), match.end()


def _value(kind: int, raw: str) -> ScalarValue:
    if kind == _IS_WORD:
        return _WORDS[raw]
    if kind == _IS_INTEGER and len(raw) <= MAX_DIGITS:
        return int(raw)
    return float(raw)


def _path(stack: list[tuple[Mapping | Sequence | None, Scalar | None]]) -> tuple[PathKey, ...]:
    """The path of the innermost value in progress."""
    path: list[PathKey] = []
    for parent, key in stack:
        if isinstance(parent, Sequence):
            path.append(len(parent.items))
        elif parent is not None and key is not None:
            path.append(key.text)
    return tuple(path)


def _unescape(body: str) -> str:
    # Half a surrogate pair is no character; Go's encoding/json puts U+FFFD there too.
    return _HALF_PAIR.sub("\ufffd", json.loads(f'"{body}"'))
