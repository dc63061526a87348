"""Places as the protocol counts them: lines from 0, columns from 0 in UTF-16 code units."""

from __future__ import annotations

from lsprotocol import types

from lintscale.model import Span


def units(text: str) -> int:
    """UTF-16 code units of a text; halves of characters count as one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def position(lines: list[str], line: int, column: int) -> types.Position:
    """``line`` and ``column`` count from 1, the column in Unicode characters."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return types.Position(max(line - 1, 0), units(text[: max(column - 1, 0)]))


def span_range(lines: list[str], span: Span) -> types.Range:
    return types.Range(
        position(lines, span.line, span.column), position(lines, span.end_line, span.end_column)
    )


def covers(outer: types.Range, inner: types.Range) -> bool:
    """Whether the two have a place in common."""
    start, end = (outer.start.line, outer.start.character), (outer.end.line, outer.end.character)
    first = (inner.start.line, inner.start.character)
    last = (inner.end.line, inner.end.character)
    return first <= end and start <= last
