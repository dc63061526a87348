"""Offsets to lines and columns, as an editor counts them.

A line ends with LF, CRLF or a lone CR and with nothing else: U+2028 and its like are characters.
"""

from __future__ import annotations

from bisect import bisect_right

from lintscale.model.location import Span
from lintscale.syntax.regex import regex

_LINE_BREAK = regex(r"\r\n?|\n")


def line_starts(text: str) -> list[int]:
    """The offset of each line's first character; 0 is always the first of them."""
    if "\r" in text:
        return [0, *[match.end() for match in _LINE_BREAK.finditer(text)]]
    starts = [0]
    at = text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


class Positions:
    """Where offsets of one text stand."""

    __slots__ = ("starts",)

    def __init__(self, text: str) -> None:
        self.starts = line_starts(text)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        return Span(*self.at(start), *self.at(end))

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both from 1; clamped to the lines that exist."""
        line = min(max(line, 1), len(self.starts))
        return self.starts[line - 1] + max(column, 1) - 1
