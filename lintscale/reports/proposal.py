"""What a fix makes of the lines around it, as a diff for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lintscale.engine.finding import Edit, Fix
from lintscale.model.location import Span
from lintscale.reports.diff import CONTEXT, INKS, hunks
from lintscale.reports.frame import VEIL, Listing, Mark, one_line
from lintscale.reports.ink import Row
from lintscale.reports.listings import Listings
from lintscale.reports.secrets import MASK
from lintscale.syntax.positions import Positions

_MOST_CHARACTERS = 20_000
"""Of lines around a fix; longer ones are a machine's, whose diff nobody reads."""


def proposal(fix: Fix, listings: Listings, width: int) -> Iterator[tuple[str, list[Row]]]:
    """For each file that the fix changes, the diff, without secrets and no wider than ``width``
    cells. Nothing of a file whose text is not known, or where the lines are too long."""
    for file in sorted({edit.file for edit in fix.edits}):
        listing = listings.of(file)
        if listing is None:
            continue
        edits = sorted((e for e in fix.edits if e.file == file), key=lambda edit: edit.start)
        rows: list[Row] = []
        grown = 0
        for near in _near(edits):
            first = max(min(near[0].start[0], listing.last) - CONTEXT, 1)
            last = min(near[-1].end[0] + CONTEXT, len(listing.starts))
            if listing.size(first, last) <= _MOST_CHARACTERS:
                window = _Window(listing.veiled(first, last), near, first)
                rows += [_row(line) for line in window.lines(width, grown)]
            grown += sum(edit.text.count("\n") + edit.start[0] - edit.end[0] for edit in near)
        if rows:
            yield file, rows


def _row(line: str) -> Row:
    ink = INKS.get(line[0])
    return [(line, ink)] if ink else [(line[0], "gutter"), (line[1:], "context")]


def _near(edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits in groups whose surroundings do not meet."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.start[0] - groups[-1][-1].end[0] <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


class _Window:
    """The lines around edits, before and after, and in both where the edits stand."""

    def __init__(self, text: str, edits: Sequence[Edit], first: int) -> None:
        self.first = first
        positions = Positions(text)
        pieces, here, there = [], [], []
        at = size = 0
        for edit in edits:
            start, end = (
                min(positions.offset(line - self.first + 1, column), len(text))
                for line, column in (edit.start, edit.end)
            )
            pieces += [text[at:start], edit.text]
            size += start - at
            here.append((start, end))
            there.append((size, size + len(edit.text)))
            size += len(edit.text)
            at = end
        self.before = Listing(text)
        self.after = Listing("".join([*pieces, text[at:]]))
        self.here, self.there = here, there

    def lines(self, width: int, grown: int) -> Iterator[str]:
        """The diff's lines; what stands before has ``grown`` by so many lines."""
        old = _shown(self.before, self.here, width - 1)
        new = _shown(self.after, self.there, width - 1)
        for line in hunks(old, new, (self.first - 1, self.first - 1 + grown)):
            yield re.sub(f"{VEIL}+", MASK, line)


def _shown(listing: Listing, places: Sequence[tuple[int, int]], room: int) -> list[str]:
    """The lines as they are shown, a long one where the first of the places is in it."""
    positions = Positions(listing.text)
    marks: dict[int, list[Mark]] = {}
    for start, end in places:
        span = positions.span(start, end)
        marks.setdefault(span.line, []).append(Mark(span, ""))
        if span.end_line != span.line:
            rest = Span(span.end_line, 1, span.end_line, span.end_column)
            marks.setdefault(span.end_line, []).append(Mark(rest, ""))
    if not listing.text:
        return []
    return [
        f"{one_line(listing, number, room, marks.get(number, ()))}\n"
        for number in range(1, listing.last + 1)
    ]
