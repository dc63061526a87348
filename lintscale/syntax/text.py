"""A file's text: decoded from bytes, encoded again, and its offsets as lines and columns."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable

from lintscale.model.location import Span
from lintscale.syntax.document import Problem
from lintscale.syntax.regex import regex

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    # UTF-32's marks begin as UTF-16's do.
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_LINE_BREAK = regex(r"\r\n?|\n")
_LINE_FEED = regex(r"\n")
_UNIT_BYTES = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}

TextRange = tuple[int, int]
"""The offsets of a first character and of the one after the last."""


class Positions:
    """The lines of one text, and its offsets as lines and columns. Both count from 1, columns in
    Unicode characters. A line ends with LF, CRLF or a lone CR, as in editors: U+2028 and its like
    are characters. ``starts`` are the offsets of the lines."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        line_break = _LINE_BREAK if "\r" in text else _LINE_FEED
        self.starts = [0, *[match.end() for match in line_break.finditer(text)]]

    def at(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets."""
        return Span(*self.at(start), *self.at(end))

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; clamped to the lines that exist."""
        line = min(max(line, 1), len(self.starts))
        return self.starts[line - 1] + max(column, 1) - 1

    def line_end(self, line: int) -> int:
        """The offset after a line's break."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def line(self, line: int) -> str:
        """A line without its break; "" where there is none."""
        if not 0 < line <= len(self.starts):
            return ""
        return self.text[self.starts[line - 1] : self.line_end(line)].rstrip("\r\n")

    def lines(self) -> list[str]:
        """All lines without their breaks."""
        return [self.line(number) for number in range(1, len(self.starts) + 1)]

    def units(self, line: int, column: int, encoding: str) -> int:
        """The code units before a column of a line, in "utf-8", "utf-16-le" or "utf-32-le"."""
        if not 0 < line <= len(self.starts):
            return 0
        start = self.starts[line - 1]
        before = self.text[start : min(start + max(column - 1, 0), self.line_end(line))]
        return len(before.encode(encoding, "surrogatepass")) // _UNIT_BYTES[encoding]


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The one of the ``known`` names that has ``name`` as a word ("sqs" of "aws-sqs-queue"), else
    the most similar one by difflib's ratio; "" where none reaches it."""
    from difflib import get_close_matches

    names = list(known)
    having = [each for each in names if name.lower() in re.split(r"[-_.]", each.lower())]
    if len(having) == 1 and len(name) > 2:
        return having[0]
    return next(iter(get_close_matches(name, names, n=1, cutoff=cutoff)), "")


def decode(data: bytes) -> tuple[str, Problem | None]:
    """The text of a file without its byte order mark, and what is wrong with it: bytes that are
    invalid in the file's encoding (U+FFFD stands for them), or NUL bytes.

    The encoding is that of the byte order mark, UTF-8 without one.
    """
    for mark, encoding, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding, name)
    return _decode(data, "utf-8", "")


def encode(text: str, like: bytes) -> bytes:
    """The text in the encoding of ``like``, with its byte order mark if it has one. Raises
    UnicodeEncodeError for characters that the encoding does not have."""
    for mark, encoding, _ in _BYTE_ORDER_MARKS:
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode("utf-8")


def _decode(data: bytes, encoding: str, marked: str) -> tuple[str, Problem | None]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, errors="replace")
        if "\0" in text:
            return text, _binary(text)
        before = data[: error.start].decode(encoding)
        return text, _undecodable(before, data[error.start], marked)
    return text, _binary(text) if "\0" in text else None


def _undecodable(before: str, byte: int, marked: str) -> Problem:
    message = f"the byte 0x{byte:02X} is not valid UTF-8; the file must be UTF-8"
    if marked and marked != "UTF-8":
        message = f"the byte 0x{byte:02X} is not valid {marked}, which the byte order mark declares"
    return _problem(message, before, len(before))


def _binary(text: str) -> Problem:
    return _problem("a binary file: it holds a NUL byte", text, text.index("\0"))


def _problem(message: str, text: str, offset: int) -> Problem:
    line, column = Positions(text).at(offset)
    return Problem("syntax-error", message, Span(line, column, line, column + 1))
