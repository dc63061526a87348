"""Three columns: what something is called, what it is, and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale._record import record
from lintscale.reports.styled import Row
from lintscale.reports.text import cells, printable, wrap

INDENT = 2

_LONGEST = 400
"""Characters of a value that are shown: enough to recognise any command."""

_GAP = 2


@record
class Line:
    """One value. ``assumed``: nobody wrote it, so it is shown fainter. ``depth`` indents the
    label below the one that it belongs to."""

    label: str
    value: str
    origin: str = ""
    assumed: bool = False
    depth: int = 0


def three_columns(lines: Sequence[Line], width: int) -> Iterator[Row]:
    """The lines with their columns under one another, each wrapped within itself; how wide they
    are is what takes the fewest rows."""
    if not lines:
        return
    label = max(cells(_label(line)) for line in lines)
    room = max(width - INDENT - label - 2 * _GAP, 30)
    widest = max(cells(printable(line.value[:_LONGEST])) for line in lines)
    # A place is worth its room: broken in two it cannot be clicked.
    places = [cells(printable(line.origin.split(" ")[0])) for line in lines]
    most = min(widest, room - min(max(places), room // 2))
    laid_out = [
        [row for line in lines for row in _line(line, label, value, room - value)]
        for value in sorted({min(most, room * share // 10) for share in (4, 5, 6)})
    ]
    yield from min(laid_out, key=len)


def _label(line: Line) -> str:
    return "  " * line.depth + printable(line.label)


def _line(line: Line, label: int, value: int, origin: int) -> Iterator[Row]:
    values = _broken(line.value, value)
    origins = _broken(_shortened(line.origin, origin), origin) if line.origin else []
    for number in range(max(len(values), len(origins))):
        first = _label(line) if number == 0 else ""
        text = values[number] if number < len(values) else ""
        where = origins[number] if number < len(origins) else ""
        yield [
            (" " * INDENT + _padded(first, label) + " " * _GAP, "place"),
            (_padded(text, value) + " " * _GAP, "dim" if line.assumed else ""),
            (where, "dim"),
        ]


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cells(text), 0)


def _shortened(origin: str, width: int) -> str:
    """A place that is wider than its column keeps its end, where file and line stand."""
    where, space, reason = origin.partition(" ")
    where = printable(where)
    if cells(where) > width and ":" in where:
        while cells(where) >= width:
            where = where[1:]
        where = f"…{where}"
    return f"{where}{space}{reason}"


def _broken(text: str, width: int) -> list[str]:
    """Wrapped; a word that is longer than the column (a path, a command) is broken inside."""
    lines = []
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    for line in wrap(printable(text), width):
        rest = line
        while cells(rest) > width:
            cut = width
            while cells(rest[:cut]) > width:
                cut -= 1
            # Paths break best after a slash.
            slash = rest.rfind("/", width // 2, cut) + 1
            cut = slash or max(cut, 1)
            lines.append(rest[:cut])
            rest = rest[cut:]
        lines.append(rest)
    return lines
