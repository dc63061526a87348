"""JSON to a located document.

More lenient than RFC 8259 where repositories are: // and /* */ comments and trailing commas are
skipped, and a value may be a bare placeholder (``"cpu": ${CPU}``). Python's json knows no
positions.
"""

from __future__ import annotations

import json
import re
from typing import Literal

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
    excerpt,
    paused_collector,
)
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

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
        text, new = self.text, tuple.__new__
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
                    line, column = self.positions.at(start)
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
                    line, column = self.positions.at(start)
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
                    line, column = self.positions.at(at - 1)
                    node.span = new(Span, (*node.span[:2], line, column + 1))
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

    def _wrong(self, where: _Where, at: int, parent: Mapping | Sequence | None) -> BrokenError:
        return _explained(where, self.positions, self._skip(at), parent)

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


# -- what is wrong with a text ---------------------------------------------------------------------

_Where = Literal["key", "value", "after value", "second value"]

_A_KEY = "a key in double quotes or “}”"
_STRING_PARTS = regex(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_TOKEN = regex(r'"(?:[^"\\\r\n]++|\\.)*+"?|[\w.+\-$]+|[^\w\s]', re.ASCII)
_BARE_KEY = regex(r"[A-Za-z_$][\w$-]*\s*:")

_HINTS = {
    "True": "JSON writes true",
    "False": "JSON writes false",
    "None": "JSON writes null",
    "undefined": "JSON writes null",
    "nil": "JSON writes null",
    "NaN": "JSON has no such number",
    "Infinity": "JSON has no such number",
    "-Infinity": "JSON has no such number",
    "'": "JSON strings are in double quotes",
    "`": "JSON strings are in double quotes",
    "#": "comments start with //",
}


def _explained(
    where: _Where, positions: Positions, at: int, parent: Mapping | Sequence | None
) -> BrokenError:
    """What is wrong ``at`` an offset: where a key or a value of ``parent`` is due, after such a
    value, or after the one value that a JSON text is."""
    text = positions.text
    if where in ("key", "value") and text.startswith('"', at):
        end = _string_end(positions, at)
        if isinstance(end, BrokenError):
            return end
        return _unexpected(positions, _after_blanks(text, end), "“:” after a key")
    if where == "value" and text.startswith("{{", at):
        return _unexpected(positions, at + 1, _A_KEY)
    if where == "key":
        hint = "keys are in double quotes" if _BARE_KEY.match(text, at) else ""
        return _unexpected(positions, at, _A_KEY, hint)
    if where == "value":
        expected = "a value or “]”" if isinstance(parent, Sequence) else "a value"
        return _unexpected(positions, at, expected, opened=parent)
    if where == "after value":
        bracket = "}" if isinstance(parent, Mapping) else "]"
        return _unexpected(positions, at, f"“,” or “{bracket}” after a value", opened=parent)
    hint = "a JSON file holds one value" if text[at] in '{["' else ""
    return _unexpected(positions, at, "the end of the file", hint)


def _unexpected(
    positions: Positions,
    at: int,
    expected: str,
    hint: str = "",
    *,
    opened: Mapping | Sequence | None = None,
) -> BrokenError:
    text = positions.text
    if text.startswith("/*", at):
        return BrokenError(
            "the comment that starts here is never closed", _span(positions, at, at + 2)
        )
    match = _TOKEN.match(text, at)
    token = match[0] if match is not None else text[at : at + 1]
    message = f"expected {expected}, found {_named(token)}"
    if expected.startswith("a value"):
        hint = hint or _number_hint(token)
    hint = hint or _HINTS.get(token, "")
    if not token:
        # What is missing is missing after the last word, not on an empty line after it.
        at = len(text.rstrip())
    if not token and opened is not None:
        bracket = "{" if isinstance(opened, Mapping) else "["
        hint = f"the “{bracket}” of line {opened.span.line} is never closed"
    if hint:
        message += f" ({hint})"
    return BrokenError(message, _span(positions, at, at + max(len(token), 1)))


def _named(token: str) -> str:
    if not token:
        return "the end of the file"
    token = excerpt(token)
    if token.isprintable() and not token.isspace():
        return f"“{token}”"
    return _character(token[0])


def _character(character: str) -> str:
    import unicodedata

    name = {"\t": "a tab", "\n": "a line break", "\r": "a line break"}.get(character)
    if name is not None:
        return name
    name = unicodedata.name(character, "")
    return f"the character U+{ord(character):04X}" + (f" ({name})" if name else "")


def _number_hint(token: str) -> str:
    number = token.lstrip("+-")
    if not number[:1].isdigit() and not (number[:1] == "." and number[1:2].isdigit()):
        return ""
    if token.startswith("+"):
        return "a number has no plus sign"
    if number.startswith("0") and number[1:].isdigit():
        return "a number has no leading zeros"
    if number.startswith(".") or number.endswith("."):
        return "a number has digits on both sides of its point"
    return "not a JSON number; text is in double quotes"


def _string_end(positions: Positions, at: int) -> int | BrokenError:
    """The offset after the string at ``at``, or what is wrong in it."""
    text = positions.text
    match = _STRING_PARTS.match(text, at)
    end = match.end() if match is not None else at + 1
    found = text[end : end + 1]
    if found == '"':
        return end + 1
    if found == "\\":
        escape = text[end : end + (6 if text.startswith("\\u", end) else 2)]
        escape = re.split(r'[\s"]', escape[1:])[0] if escape[1:2] == "u" else escape[1:]
        what = "four hexadecimal digits follow \\u" if escape.startswith("u") else ""
        message = f"the string holds “\\{escape}”, which is no JSON escape"
        if not what:
            what = "a backslash itself is written \\\\"
        return BrokenError(f"{message} ({what})", _span(positions, end, end + 1 + len(escape)))
    if not found or found in "\r\n":
        where = "before the end of the file" if not found else "on its line"
        return BrokenError(
            f"the string that starts here is not closed {where}", _span(positions, at, end)
        )
    named = _character(found)
    written = "\\t" if found == "\t" else f"\\u{ord(found):04x}"
    return BrokenError(
        f"the string holds {named}, which JSON writes as {written}", _span(positions, end, end + 1)
    )


def _after_blanks(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _span(positions: Positions, start: int, end: int) -> Span:
    line, column = positions.at(start)
    return Span(line, column, line, column + end - start)
