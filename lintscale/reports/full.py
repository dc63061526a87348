"""For people: each finding with its code, the reason and the remedy; then a summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.reports import PLAIN, Style
from lintscale.reports.code_frame import Sources, finding_frames
from lintscale.reports.styled import Row, to_text
from lintscale.reports.summary import FIXABLE, counts, summary
from lintscale.reports.text import cells, place, plural, printable, shown_name, wrap

_MAX_PROSE_WIDTH = 110
"""Longer lines of prose are hard to read, however wide the terminal is."""


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return to_text(_rows(result, style), color=style.color)


def _rows(result: CheckResult, style: Style) -> Iterator[Row]:
    sources = Sources(result)
    by_file = groupby(result.findings, key=lambda finding: finding.location.file)
    for file, findings in by_file:
        found = list(findings)
        yield _header(file, found, style.width)
        yield []
        for finding in found:
            yield from _finding(finding, sources, style)
            yield []
    yield from summary(result, style)


def _header(file: str, findings: Sequence[Finding], width: int) -> Row:
    """The file's name and, at the right, its counts."""
    name, tally = shown_name(file), counts(findings)
    fill = max(width - cells(name) - len(tally) - 2, 2)
    return [(name, "file"), (f" {'─' * fill} ", "rule"), (tally, "dim")]


def _finding(finding: Finding, sources: Sources, style: Style) -> Iterator[Row]:
    severity, width = finding.severity.value, style.width
    yield from _prose(
        [(severity, severity), (f"[{finding.rule}]", severity), (": ", "message")],
        finding.message,
        "message",
        width,
        indent=4,
    )
    shown = finding_frames(finding, sources, width)
    gutter = shown.gutter
    for number, (location, rows, message) in enumerate(shown.frames):
        arrow = ":::" if number else "-->"
        yield [(f"{'':{gutter}}{arrow} ", "gutter"), (place(location), "place")]
        yield from rows
        if message and not rows:
            yield [(f"{'':{gutter}} | ", "gutter"), (printable(message), "related")]
    if shown.omitted:
        more = plural(shown.omitted, "more place")
        yield [(f"{'':{gutter}} = ", "gutter"), (f"and {more}", "dim")]
    fix = _fix(finding, unsafe=style.unsafe_fixes)
    for label, text in (("why", finding.why), ("help", finding.help), ("fix", fix)):
        if text:
            start: Row = [(f"{'':{gutter}} = ", "gutter"), (f"{label}: ", label)]
            yield from _prose(start, text, "", width, indent=gutter + 3 + len(label) + 2)


def _fix(finding: Finding, *, unsafe: bool) -> str:
    """The description of the fix, marked if --fix applies it in this run; "" without one."""
    if finding.fix is None:
        return ""
    applied = unsafe or finding.fix.safety == "safe"
    return f"{finding.fix.description} {FIXABLE if applied else '(unsafe)'}"


def _prose(start: Row, text: str, style: str, width: int, indent: int) -> Iterator[Row]:
    """``text`` after ``start``, wrapped; further lines are indented by ``indent`` cells."""
    used = sum(cells(piece) for piece, _ in start)
    room = max(min(width, _MAX_PROSE_WIDTH), 40)
    # ``start`` takes part in the wrapping as a word of its own width.
    filler = "x" * (used - 1) if used else ""
    first, *others = wrap(f"{filler} {printable(text)}", room)
    rest = " ".join(others)
    yield [*start, (first[used:], style)]
    if rest:
        for line in wrap(rest, room - indent):
            yield [(" " * indent, ""), (line, style)]
