"""Code frames: lines of a file with their numbers, and marks under what is spoken of.

A frame is made of rows of styled pieces, so that one layout serves terminals with and without
colour, and pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale._record import record, replace
from lintscale.model.location import Span
from lintscale.reports.ink import Piece, Row
from lintscale.reports.secrets import MASK, secret_columns, value_after_flag
from lintscale.reports.text import cells, commands, printable, wrap
from lintscale.syntax.positions import line_starts

CODE = "code"
MARKED = "marked-"
"""Styles of a marked line, and with the mark's own style behind it, of what is marked in it."""

TAB = "    "
VEIL = "\ue000"
"""Of private use, so that it stands in no file but by chance, where it is shown as a secret."""

LINES_BEFORE = 2
LINES_AFTER = 1

_NEAR_CHARACTERS = 1500
"""How far from a mark a line is looked at: wider than any terminal, far less than a minified
file, whose one line may have millions of characters."""

_NARROWEST_LABEL = 24
"""Cells beside a mark that are worth writing a label into."""


@record
class Mark:
    """Something to underline. ``style`` names the style of the mark and its label; the primary
    mark of a finding is drawn with "^", others with "-"."""

    span: Span
    style: str
    label: str = ""
    primary: bool = True


class Listing:
    """A file's text by lines, and the stretches of it that must not be shown."""

    __slots__ = ("secrets", "starts", "text")

    def __init__(self, text: str, secrets: Sequence[Span] = ()) -> None:
        self.text = text
        self.secrets = secrets
        self.starts = line_starts(text)

    @property
    def last(self) -> int:
        """The number of the last line that is no more than the end of the one before."""
        ends_clean = len(self.starts) > 1 and self.starts[-1] == len(self.text)
        return len(self.starts) - 1 if ends_clean else len(self.starts)

    def line(self, number: int, around: int) -> tuple[str, int]:
        """What stands near a column (from 0) of a line, without its end, and the column at which
        that begins."""
        start, end = self.starts[number - 1], self._end(number)
        first = max(start, start + around - _NEAR_CHARACTERS)
        near = self.text[first : min(end, start + around + _NEAR_CHARACTERS)]
        return near.rstrip("\r\n"), first - start

    def within(self, mark: Mark) -> Mark:
        """The mark, or where it lies beyond the last line, one at that line's end."""
        if mark.span.line <= self.last:
            return mark
        line = self.last
        end = len(self.text[self.starts[line - 1] :].rstrip("\r\n")) + 1
        return replace(mark, span=Span(line, end, line, end))

    def hidden(self, number: int, near: str, first: int) -> Iterator[tuple[int, int]]:
        """The columns of ``near`` (from 0) that hold secrets."""
        yield from secret_columns(near)
        if number > 1 and first == 0:
            yield from value_after_flag(self.line(number - 1, 0)[0], near)
        for span in self.secrets:
            if span.line <= number <= span.end_line:
                start = span.column - 1 - first if number == span.line else 0
                end = span.end_column - 1 - first if number == span.end_line else len(near)
                if number > span.line:
                    start = len(near) - len(near.lstrip())
                yield max(start, 0), min(end, len(near))

    def size(self, first: int, last: int) -> int:
        """How many characters these lines have together."""
        return self._end(last) - self.starts[first - 1]

    def veiled(self, first: int, last: int) -> str:
        """The text of these lines, in which each character of a secret is a VEIL."""
        lines = []
        for number in range(first, last + 1):
            line = self.text[self.starts[number - 1] : self._end(number)]
            hidden = self.hidden(number, line.rstrip("\r\n"), 0)
            for start, end in hidden:
                if start < end:
                    line = line[:start] + VEIL * (end - start) + line[end:]
            lines.append(line)
        return "".join(lines)

    def _end(self, number: int) -> int:
        return self.starts[number] if number < len(self.starts) else len(self.text)


def frame(
    listing: Listing, marks: Sequence[Mark], width: int, gutter: int, before: int = LINES_BEFORE
) -> Iterator[Row]:
    """The marked lines with ``before`` lines before and one after them; "..." stands for a gap.
    ``gutter`` is how many cells the line numbers have. Nothing for an empty text."""
    marked = sorted(
        (listing.within(mark) for mark in marks if listing.text),
        key=lambda mark: (mark.span.line, not mark.primary, mark.span.column),
    )
    by_line: dict[int, list[Mark]] = {}
    for mark in marked:
        by_line.setdefault(mark.span.line, []).append(mark)
    if not by_line:
        return
    room = max(width - gutter - 3, 20)
    yield [(f"{'':{gutter}} |", "gutter")]
    previous = 0
    for number in _shown_lines(by_line, listing.last, before):
        if previous and number > previous + 1:
            yield [("...", "gutter")]
        previous = number
        yield from _line(listing, number, by_line.get(number, []), room, gutter)
    yield [(f"{'':{gutter}} |", "gutter")]


def one_line(listing: Listing, number: int, room: int, marks: Sequence[Mark] = ()) -> str:
    """A line as a frame shows it: printable, without secrets, cut to ``room`` cells, so that the
    first of the marks is among them."""
    near, first = listing.line(number, marks[0].span.column - 1 if marks else 0)
    shown = _Shown.of(near, first, list(listing.hidden(number, near, first)))
    left, right = shown.window(marks, room)
    return shown.cut(left, right, room)


def gutter_width(listing: Listing | None, marks: Sequence[Mark]) -> int:
    """Cells that the numbers of the frame's lines need."""
    if listing is None or not marks:
        return 1
    return len(str(min(max(mark.span.line for mark in marks) + LINES_AFTER, listing.last)))


def _shown_lines(by_line: dict[int, list[Mark]], last: int, before: int) -> list[int]:
    shown: set[int] = set()
    for line in by_line:
        shown.update(range(max(1, line - before), min(last, line + LINES_AFTER) + 1))
    for line in list(shown):
        # A gap of one line takes as much room as the line.
        if line + 2 in shown:
            shown.add(line + 1)
    return sorted(shown)


def _line(
    listing: Listing, number: int, marks: Sequence[Mark], room: int, gutter: int
) -> Iterator[Row]:
    around = marks[0].span.column - 1 if marks else 0
    near, first = listing.line(number, around)
    shown = _Shown.of(near, first, list(listing.hidden(number, near, first)))
    left, right = shown.window(marks, room)
    number_style = "number-marked" if marks else "number"
    code = shown.cut(left, right, room)
    under = [(mark, *shown.under(mark.span, left, right)) for mark in marks]
    yield [
        (f"{number:>{gutter}}", number_style),
        (" |", "gutter"),
        *(_stretches(code, under) if marks else [(f" {code}" if code else "", "context")]),
    ]
    for mark, start, size in under:
        yield from _underline(mark, start, size, room, gutter)


def _stretches(code: str, under: Sequence[tuple[Mark, int, int]]) -> Iterator[Piece]:
    """A line's code, apart what stands over a mark, of which the cell where it begins and how
    many it has are given."""
    text, style, at = " " if code else "", CODE, 0
    for character in code:
        marks = (mark.style for mark, start, size in under if start <= at < start + size)
        over = next((f"{MARKED}{mark}" for mark in marks), CODE)
        if over != style:
            yield text, style
            text, style = "", over
        text += character
        at += cells(character)
    yield text, style


def _underline(mark: Mark, start: int, size: int, room: int, gutter: int) -> Iterator[Row]:
    margin: Piece = (f"{'':{gutter}} |", "gutter")
    underline = ("^" if mark.primary else "-") * size
    label = printable(mark.label)
    beside = room - start - size - 1
    if not label or cells(label) <= beside:
        text = f" {' ' * start}{underline} {label}".rstrip()
        yield [margin, (text, mark.style)]
        return
    yield [margin, (f" {' ' * start}{underline}", mark.style)]
    indent = start if room - start >= _NARROWEST_LABEL else 0
    for line in wrap(label, room - indent):
        yield [margin, (f" {' ' * indent}{line}", mark.style)]


@record
class _Shown:
    """A line as it is shown: for each of its characters the text that stands for it ("" where it
    is hidden), and at which cell that begins. ``first`` is the column of the first character."""

    parts: list[str]
    offsets: list[int]
    first: int

    @classmethod
    def of(cls, near: str, first: int, hidden: Sequence[tuple[int, int]]) -> _Shown:
        if not hidden and near.isascii() and near.isprintable() and "##" not in near:
            return cls(list(near), list(range(len(near) + 1)), first)
        parts = [_part(character) for character in near]
        for match in commands(near):
            parts[match.start()] = " #"
        for start, end in hidden:
            for index in range(start, end):
                parts[index] = ""
        # A mask may fall into another's stretch, which must not blank it out again.
        for start, end in hidden:
            if start < end and not any(parts[start:end]):
                parts[start] = MASK
        offsets = [0]
        for part in parts:
            offsets.append(offsets[-1] + (1 if part.isascii() and len(part) == 1 else cells(part)))
        return cls(parts, offsets, first)

    def window(self, marks: Sequence[Mark], room: int) -> tuple[int, int]:
        """The cells to show, so that the first mark is among them."""
        total = self.offsets[-1]
        if (total <= room and not self.first) or not marks:
            return 0, room
        start, end = self._ends(marks[0].span)
        if end < room and not self.first:
            return 0, room
        wanted = min(end - start, room // 2)
        left = max(0, min(start - (room - wanted) // 3, total - room + 1))
        return left, left + room

    def cut(self, left: int, right: int, room: int) -> str:
        """The cells from ``left`` to ``right``, with "…" where something is cut off."""
        total = self.offsets[-1]
        before = left > 0 or self.first > 0
        after = total > right
        low, high = left + before, right - after
        text = "".join(
            part
            for part, start, end in zip(self.parts, self.offsets, self.offsets[1:], strict=False)
            if start >= low and end <= high
        )
        if before:
            # A wide character that is cut in half leaves a cell.
            first = next((start for start in self.offsets if start >= low), low)
            text = "…" + " " * (first - low) + text
        return f"{text}…" if after else text.rstrip()

    def under(self, span: Span, left: int, right: int) -> tuple[int, int]:
        """At which cell of the window the mark begins, and how many it has: one at least."""
        start, end = self._ends(span)
        start = min(max(start, left), right - 1)
        end = min(max(end, start + 1), right)
        return start - left, end - start

    def _ends(self, span: Span) -> tuple[int, int]:
        last = len(self.parts)
        start = min(max(span.column - 1 - self.first, 0), last)
        end = last
        if span.end_line == span.line:
            end = min(max(span.end_column - 1 - self.first, start), last)
        return self.offsets[start], self.offsets[end]


def _part(character: str) -> str:
    return TAB if character == "\t" else printable(character)
