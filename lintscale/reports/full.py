"""For people: each finding with its code, why it matters and what to write; then a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.frame import Listing, Mark, Row, frame, gutter_width
from lintscale.reports.ink import paint
from lintscale.reports.secrets import secret_spans
from lintscale.reports.summary import summary
from lintscale.reports.text import cells, place, plural, printable, shown_name, wrap
from lintscale.source import Mapping, SourceFile
from lintscale.source.nodes import Sequence as Items

_MOST_PLACES = 8
"""Related places of one finding that are shown; more are counted."""

_WIDEST_PROSE = 110
"""Longer lines of prose are hard to read, however wide the terminal is."""


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return paint(_rows(result, style), color=style.color)


def _rows(result: CheckResult, style: Style) -> Iterator[Row]:
    listings = _Listings(result)
    by_file = groupby(result.findings, key=lambda finding: finding.location.file)
    for file, findings in by_file:
        found = list(findings)
        yield _header(file, found, style.width)
        yield []
        for finding in found:
            yield from _finding(finding, listings, style.width)
            yield []
    yield from summary(result, style.width)


def _header(file: str, findings: Sequence[Finding], width: int) -> Row:
    """The file's name, and after a line to the right how much is in it."""
    numbers = [
        plural(count, severity.value)
        for severity in Severity
        if (count := sum(1 for finding in findings if finding.severity is severity))
    ]
    name, tally = shown_name(file), ", ".join(numbers)
    fill = max(width - cells(name) - len(tally) - 2, 2)
    return [(name, "file"), (f" {'─' * fill} ", "rule"), (tally, "dim")]


def _finding(finding: Finding, listings: _Listings, width: int) -> Iterator[Row]:
    severity = finding.severity.value
    yield from _prose(
        [(severity, severity), (f"[{finding.rule}]", severity), (": ", "message")],
        finding.message,
        "message",
        width,
        indent=4,
    )
    here = finding.location.file
    listing = listings.of(here)
    shown = finding.related[:_MOST_PLACES]
    marks = [Mark(finding.location.span, severity, listings.absent(finding))]
    marks.extend(
        Mark(related.location.span, "related", related.message, primary=False)
        for related in shown
        if listing is not None and related.location.file == here
    )
    elsewhere = [related for related in shown if related.location.file != here or listing is None]
    gutter = max(
        gutter_width(listing, marks),
        *(
            gutter_width(
                listings.of(related.location.file),
                [Mark(related.location.span, "related")],
            )
            for related in elsewhere
        ),
        1,
    )
    yield [(f"{'':{gutter}}--> ", "gutter"), (place(finding.location), "place")]
    if listing is not None:
        yield from frame(listing, marks, width, gutter)
    for related in elsewhere:
        yield [(f"{'':{gutter}}::: ", "gutter"), (place(related.location), "place")]
        other = listings.of(related.location.file)
        mark = Mark(related.location.span, "related", related.message, primary=False)
        rows = list(frame(other, [mark], width, gutter)) if other is not None else []
        if rows:
            yield from rows
        else:
            yield [(f"{'':{gutter}} | ", "gutter"), (printable(related.message), "related")]
    if len(finding.related) > len(shown):
        more = plural(len(finding.related) - len(shown), "more place")
        yield [(f"{'':{gutter}} = ", "gutter"), (f"and {more}", "dim")]
    for label, text in (("why", finding.why), ("help", finding.help)):
        if text:
            start: Row = [(f"{'':{gutter}} = ", "gutter"), (f"{label}: ", label)]
            yield from _prose(start, text, "", width, indent=gutter + 3 + len(label) + 2)


def _prose(start: Row, text: str, style: str, width: int, indent: int) -> Iterator[Row]:
    """``text`` after ``start``, wrapped; further lines begin at ``indent``."""
    used = sum(cells(piece) for piece, _ in start)
    room = max(min(width, _WIDEST_PROSE), 40)
    # The first line is wrapped as if what stands before it were a word of its own.
    filler = "x" * (used - 1) if used else ""
    first, *others = wrap(f"{filler} {printable(text)}", room)
    rest = " ".join(others)
    yield [*start, (first[used:], style)]
    if rest:
        for line in wrap(rest, room - indent):
            yield [(" " * indent, ""), (line, style)]


class _Listings:
    """The files' listings, made when they are asked for."""

    def __init__(self, result: CheckResult) -> None:
        self.files = result.files
        self.credentials = result.project.credentials
        self.made: dict[str, Listing] = {}

    def of(self, file: str) -> Listing | None:
        source = self.files.get(file)
        if source is None or not source.text:
            return None
        if file not in self.made:
            self.made[file] = Listing(source.text, secret_spans(self.credentials, source))
        return self.made[file]

    def absent(self, finding: Finding) -> str:
        """What is not written where the finding stands, if that is why it stands there."""
        location = finding.location
        source = self.files.get(location.file)
        if location.present or source is None:
            return ""
        missing = _missing_keys(source, location.document, location.path)
        return f"no “{missing}” here" if missing else ""


def _missing_keys(source: SourceFile, document: int, path: tuple[str | int, ...]) -> str:
    """The part of the key path that the document does not have."""
    here: object = next((d.root for d in source.documents if d.index == document), None)
    for index, key in enumerate(path):
        if isinstance(here, Mapping) and here.get(key) is not None:
            here = here.get(key)
        elif isinstance(here, Items) and isinstance(key, int) and key < len(here.items):
            here = here.items[key]
        else:
            return ".".join(str(each) for each in path[index:])
    return ""
