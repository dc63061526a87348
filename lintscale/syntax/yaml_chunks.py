"""Where the documents of a YAML stream begin and end, known without parsing any of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lintscale.syntax.regex import regex

_MARKER_END = r"(?=[ \t\r\n]|\Z)"
# That a line begins there is asked last: beginning with it costs three times as much.
_START_OF_DOCUMENT = rf"---(?<![^\r\n]---){_MARKER_END}"
_END_OF_DOCUMENT = rf"\.\.\.(?<![^\r\n]\.\.\.){_MARKER_END}[^\r\n]*(?:\r\n?|\n|\Z)"
_BOUNDARY = regex(rf"{_START_OF_DOCUMENT}|{_END_OF_DOCUMENT}")
_MARKER = regex(_START_OF_DOCUMENT)
_DIRECTIVE = regex(r"(?<![^\r\n])%")
_QUIET_LINE = rf"(?:%[^\r\n]*+|(?:(?:---|\.\.\.){_MARKER_END})?[ \t]*+(?:#[^\r\n]*+)?)"
_QUIET = regex(rf"{_QUIET_LINE}(?:[\r\n]{_QUIET_LINE})*+")


def chunks(text: str) -> Iterator[tuple[int, int, int]]:
    """(start offset, end offset, lines before) of each chunk of a stream: from one ``---`` to the
    next, or to the ``...`` that ends it. Directives belong to the marker that follows them."""
    bounds = [0]
    for match in _BOUNDARY.finditer(text):
        bound = match.start() if match[0].startswith("-") else match.end()
        if bounds[-1] < bound < len(text):
            bounds.append(bound)
    bounds.append(len(text))
    first = lines = 0
    for start, end in pairwise(bounds):
        if text.startswith("---", end) and _holds_directives(text[start:end]):
            continue
        yield first, end, lines
        lines += _line_breaks(text, first, end)
        first = end


def says_nothing(chunk: str) -> bool:
    """Whether there is nothing but comments, directives and markers in it."""
    return _QUIET.fullmatch(chunk) is not None


def has_marker(chunk: str) -> bool:
    return _MARKER.search(chunk) is not None


def _holds_directives(chunk: str) -> bool:
    return (
        "%" in chunk
        and _DIRECTIVE.search(chunk) is not None
        and says_nothing(chunk)
        and not has_marker(chunk)
    )


def _line_breaks(text: str, start: int, end: int) -> int:
    """Line breaks as an editor counts them: LF, CRLF and a lone CR."""
    count = text.count("\n", start, end)
    if text.find("\r", start, end) >= 0:
        count += text.count("\r", start, end) - text.count("\r\n", start, end)
    return count
