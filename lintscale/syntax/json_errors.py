"""What is wrong with a JSON text: the position, what was expected, what was found. Called once for
a text, so that the reader itself is small and fast."""

from __future__ import annotations

import re
from typing import Literal

from lintscale.model.location import Span
from lintscale.syntax.nodes import Mapping, Sequence
from lintscale.syntax.readers import BrokenError, excerpt
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

Where = Literal["key", "value", "after value", "second value"]

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


def explain(
    where: Where, positions: Positions, at: int, parent: Mapping | Sequence | None
) -> BrokenError:
    """What is wrong ``at`` an offset: where a key or a value of ``parent`` is due, after such a
    value, or after the one value that a JSON text is."""
    text = positions.text
    if where in ("key", "value") and text.startswith('"', at):
        end = _string_end(positions, at)
        if isinstance(end, BrokenError):
            return end
        return _unexpected(positions, _skip(text, end), "“:” after a key")
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


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _span(positions: Positions, start: int, end: int) -> Span:
    line, column = positions.at(start)
    return Span(line, column, line, column + end - start)
