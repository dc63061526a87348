"""Code frames: numbered lines of a file with annotations below them.

A frame is made of rows of styled pieces, so that one layout serves terminals and HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lintscale._record import record, replace
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.model.location import Location, Span
from lintscale.reports.styled import Piece, Row
from lintscale.reports.text import cells, commands, printable, wrap
from lintscale.secrets import MASK, HiddenText
from lintscale.syntax import Document, Scalar, SourceFile
from lintscale.syntax.nodes import walk
from lintscale.syntax.text import Positions

CODE = "code"
MARKED = "marked-"
"""Styles of an annotated line, and (with the annotation's style appended) of its annotated part."""

TAB = "    "
HIDDEN = "\ue000"
"""A private-use character that stands for one character of a secret."""

LINES_BEFORE = 2
LINES_AFTER = 1

_NEAR_CHARACTERS = 1500
"""How much of a line is read on each side of an annotation: wider than any terminal, far less than
a minified file, whose one line may have millions of characters."""

_NARROWEST_LABEL = 24
"""A label goes beside its underline only where it has this many cells."""


@record
class Annotation:
    """A span to underline, with a label. The primary annotation is drawn with "^", others with
    "-"; ``style`` applies to the underline and the label."""

    span: Span
    style: str
    label: str = ""
    primary: bool = True


class SourceLines:
    """A file's text by lines, and what of it must not be shown."""

    __slots__ = ("positions", "secrets", "text")

    def __init__(
        self, text: str, documents: Sequence[Document] = (), secrets: Sequence[Span] = ()
    ) -> None:
        self.text = text
        self.positions = Positions(text)
        self.secrets = HiddenText(self.positions, documents, secrets)

    @property
    def last(self) -> int:
        """The number of the last line; an empty one after a final line break does not count."""
        starts = self.positions.starts
        return len(starts) - (len(starts) > 1 and starts[-1] == len(self.text))

    def line(self, number: int, around: int) -> tuple[str, int]:
        """The part of a line near a column (from 0), without line break, and its first column."""
        start, end = self.positions.offset(number, 1), self.positions.line_end(number)
        first = max(start, start + around - _NEAR_CHARACTERS)
        near = self.text[first : min(end, start + around + _NEAR_CHARACTERS)]
        return near.rstrip("\r\n"), first - start

    def within(self, annotation: Annotation) -> Annotation:
        """The annotation, moved to the end of the last line if it lies beyond it."""
        if annotation.span.line <= self.last:
            return annotation
        line = self.last
        end = len(self.positions.line(line)) + 1
        return replace(annotation, span=Span(line, end, line, end))

    def hidden(self, number: int, near: str, first: int) -> Iterator[tuple[int, int]]:
        """The columns of ``near`` (from 0, end exclusive) that hold secrets."""
        at = self.positions.offset(number, 1) + first
        for start, end in self.secrets.ranges(at, at + len(near)):
            # Of a value over several lines the indentation stays.
            blank = len(near[start - at : end - at]) - len(near[start - at : end - at].lstrip())
            yield start - at + blank, end - at

    def size(self, first: int, last: int) -> int:
        """The number of characters in these lines."""
        return self.positions.line_end(last) - self.positions.offset(first, 1)

    def with_hidden_secrets(self, first: int, last: int) -> str:
        """The text of these lines, each character of a secret replaced by HIDDEN."""
        lines = []
        for number in range(first, last + 1):
            line = self.text[self.positions.offset(number, 1) : self.positions.line_end(number)]
            hidden = self.hidden(number, line.rstrip("\r\n"), 0)
            for start, end in hidden:
                if start < end:
                    line = line[:start] + HIDDEN * (end - start) + line[end:]
            lines.append(line)
        return "".join(lines)


def frame_rows(
    source: SourceLines,
    annotations: Sequence[Annotation],
    width: int,
    gutter: int,
    before: int = LINES_BEFORE,
) -> Iterator[Row]:
    """The annotated lines with ``before`` lines of context before and one after; "..." marks a gap.
    ``gutter`` is the width of the line numbers in cells. No rows for an empty text."""
    marked = sorted(
        (source.within(annotation) for annotation in annotations if source.text),
        key=lambda annotation: (
            annotation.span.line,
            not annotation.primary,
            annotation.span.column,
        ),
    )
    by_line: dict[int, list[Annotation]] = {}
    for annotation in marked:
        by_line.setdefault(annotation.span.line, []).append(annotation)
    if not by_line:
        return
    room = max(width - gutter - 3, 20)
    yield [(f"{'':{gutter}} |", "gutter")]
    previous = 0
    for number in _shown_lines(by_line, source.last, before):
        if previous and number > previous + 1:
            yield [("...", "gutter")]
        previous = number
        yield from _line(source, number, by_line.get(number, []), room, gutter)
    yield [(f"{'':{gutter}} |", "gutter")]


def display_line(
    source: SourceLines, number: int, room: int, annotations: Sequence[Annotation] = ()
) -> str:
    """A line as a frame shows it: printable, secrets masked, cut to ``room`` cells around the first
    annotation."""
    shown, left, right = _shown(source, number, room, annotations)
    return shown.cut(left, right, room)


def _shown(
    source: SourceLines, number: int, room: int, annotations: Sequence[Annotation]
) -> tuple[_DisplayLine, int, int]:
    """A line near its first annotation, and the range of its cells to show."""
    near, first = source.line(number, annotations[0].span.column - 1 if annotations else 0)
    shown = _DisplayLine.of(near, first, list(source.hidden(number, near, first)))
    return shown, *shown.window(annotations, room)


def gutter_width(source: SourceLines | None, annotations: Sequence[Annotation]) -> int:
    """The width of the frame's line numbers in cells."""
    if source is None or not annotations:
        return 1
    return len(
        str(min(max(annotation.span.line for annotation in annotations) + LINES_AFTER, source.last))
    )


def _shown_lines(by_line: dict[int, list[Annotation]], last: int, before: int) -> list[int]:
    shown: set[int] = set()
    for line in by_line:
        shown.update(range(max(1, line - before), min(last, line + LINES_AFTER) + 1))
    for line in list(shown):
        # A gap of one line takes as much room as the line.
        if line + 2 in shown:
            shown.add(line + 1)
    return sorted(shown)


def _line(
    source: SourceLines, number: int, annotations: Sequence[Annotation], room: int, gutter: int
) -> Iterator[Row]:
    shown, left, right = _shown(source, number, room, annotations)
    number_style = "number-marked" if annotations else "number"
    code = shown.cut(left, right, room)
    under = [(annotation, *shown.under(annotation.span, left, right)) for annotation in annotations]
    yield [
        (f"{number:>{gutter}}", number_style),
        (" |", "gutter"),
        *(_highlighted(code, under) if annotations else [(f" {code}" if code else "", "context")]),
    ]
    for annotation, start, size in under:
        yield from _underline(annotation, start, size, room, gutter)


def _highlighted(code: str, under: Sequence[tuple[Annotation, int, int]]) -> Iterator[Piece]:
    """A line's code in pieces: annotated parts (given as first cell and width) have their own
    style."""
    text, style, at = " " if code else "", CODE, 0
    for character in code:
        annotations = (
            annotation.style for annotation, start, size in under if start <= at < start + size
        )
        over = next((f"{MARKED}{annotation}" for annotation in annotations), CODE)
        if over != style:
            yield text, style
            text, style = "", over
        text += character
        at += cells(character)
    yield text, style


def _underline(
    annotation: Annotation, start: int, size: int, room: int, gutter: int
) -> Iterator[Row]:
    margin: Piece = (f"{'':{gutter}} |", "gutter")
    underline = ("^" if annotation.primary else "-") * size
    label = printable(annotation.label)
    beside = room - start - size - 1
    if not label or cells(label) <= beside:
        text = f" {' ' * start}{underline} {label}".rstrip()
        yield [margin, (text, annotation.style)]
        return
    yield [margin, (f" {' ' * start}{underline}", annotation.style)]
    indent = start if room - start >= _NARROWEST_LABEL else 0
    for line in wrap(label, room - indent):
        yield [margin, (f" {' ' * indent}{line}", annotation.style)]


@record
class _DisplayLine:
    """A line as it is displayed: for each character its text ("" where hidden) and the cell where
    that begins. ``first`` is the column of the first character."""

    parts: list[str]
    offsets: list[int]
    first: int

    @classmethod
    def of(cls, near: str, first: int, hidden: Sequence[tuple[int, int]]) -> _DisplayLine:
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

    def window(self, annotations: Sequence[Annotation], room: int) -> tuple[int, int]:
        """The range of cells to show; it contains the first annotation."""
        total = self.offsets[-1]
        if (total <= room and not self.first) or not annotations:
            return 0, room
        start, end = self._ends(annotations[0].span)
        if end < room and not self.first:
            return 0, room
        wanted = min(end - start, room // 2)
        left = max(0, min(start - (room - wanted) // 3, total - room + 1))
        return left, left + room

    def cut(self, left: int, right: int, room: int) -> str:
        """The cells from ``left`` to ``right``, with "…" where text is cut off."""
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
        """The first cell of the underline in the window, and its width (at least 1)."""
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


class Sources:
    """The source lines of a result's files, built on first use."""

    def __init__(self, result: CheckResult) -> None:
        self.files = result.files | result.texts
        self.credentials = result.project.credentials
        self._lines: dict[str, SourceLines] = {}

    def lines(self, file: str) -> SourceLines | None:
        """The lines of a file; None where its text is not known or empty."""
        source = self.files.get(file)
        if source is None or not source.text:
            return None
        if file not in self._lines:
            places = [each.location for each in self.credentials if each.location.file == file]
            spans = [_value_span(place, source) for place in places]
            self._lines[file] = SourceLines(source.text, source.documents, spans)
        return self._lines[file]

    def missing_key(self, finding: Finding) -> str:
        """The label "no “key” here" for a finding about an absent key, else ""."""
        location = finding.location
        source = self.files.get(location.file)
        if location.present or source is None:
            return ""
        document = source.document(location.document)
        steps = walk(document.root if document else None, location.path)
        missing = ".".join(str(step.key) for step in steps if step.node is None)
        return f"no “{missing}” here" if missing else ""


def _value_span(location: Location, source: SourceFile) -> Span:
    """The scalar's own span, without its key; the location's where it cannot be found."""
    node = source.node(location)
    return node.span if isinstance(node, Scalar) else location.span


_MAX_RELATED = 8
"""Related locations shown per finding; the rest are counted."""


class CodeFrame(NamedTuple):
    """A location and its code, with ``message`` as the label. No rows where the file's text is not
    known."""

    location: Location
    rows: list[Row]
    message: str = ""


@record
class FindingFrames:
    """The finding's own frame, which also annotates related locations in the same file, then one
    frame per related location elsewhere. ``gutter`` is the width of all line numbers in cells,
    ``omitted`` the number of related locations not shown."""

    frames: list[CodeFrame]
    gutter: int
    omitted: int = 0


def finding_frames(finding: Finding, sources: Sources, width: int) -> FindingFrames:
    """The frames of a finding, no wider than ``width`` cells."""
    own_file = finding.location.file
    source = sources.lines(own_file)
    label = sources.missing_key(finding) or finding.label
    annotations = [Annotation(finding.location.span, finding.severity.value, label)]
    others: list[tuple[Location, Annotation]] = []
    for related in finding.related[:_MAX_RELATED]:
        annotation = Annotation(related.location.span, "related", related.message, primary=False)
        if source is not None and related.location.file == own_file:
            annotations.append(annotation)
        else:
            others.append((related.location, annotation))
    elsewhere = [
        (location, annotation, sources.lines(location.file)) for location, annotation in others
    ]
    gutter = max(
        gutter_width(source, annotations),
        *(gutter_width(other, [annotation]) for _, annotation, other in elsewhere),
        1,
    )
    own = list(frame_rows(source, annotations, width, gutter)) if source is not None else []
    frames = [CodeFrame(finding.location, own)]
    for location, annotation, other in elsewhere:
        rows = list(frame_rows(other, [annotation], width, gutter)) if other is not None else []
        frames.append(CodeFrame(location, rows, annotation.label))
    return FindingFrames(frames, gutter, max(len(finding.related) - _MAX_RELATED, 0))
