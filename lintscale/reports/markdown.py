"""Markdown for job summaries and comments: counts, then a table of findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.markdown_text import escaped, table
from lintscale.reports.rule_text import rule_url
from lintscale.reports.summary import summary_line

MAX_ROWS = 300
MAX_SKIPPED = 20
MAX_BYTES = 900_000
"""GitHub rejects a step's summary of more than 1 MiB (docs.github.com, "Workflow commands", August
2026); a longer table is cut, with a note."""

_MAX_CHARACTERS = 2000
"""Of a name or a message in one cell."""

_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return "\n\n".join(_blocks(result, style)) + "\n"


def _blocks(result: CheckResult, style: Style) -> Iterator[str]:
    yield "## lintscale"
    yield escaped(summary_line(result))
    rows, skipped = _rows(result, style), result.summary.skipped
    if rows:
        yield table(("", "Rule", "Location", "Message"), rows)
    if len(result.findings) > len(rows):
        yield f"{len(result.findings) - len(rows)} more are not shown; none is more severe."
    if skipped:
        yield "<details><summary>Skipped</summary>"
        items = [f"- {_cell(skip.file)}: {_cell(skip.text)}" for skip in skipped[:MAX_SKIPPED]]
        if len(skipped) > MAX_SKIPPED:
            items.append(f"- and {len(skipped) - MAX_SKIPPED} more")
        yield "\n".join(items)
        yield "</details>"


def _rows(result: CheckResult, style: Style) -> list[Sequence[str]]:
    """All findings in the report's order or, if there are too many, the most severe."""
    rows = _fitting(result.findings, style)
    if len(rows) == len(result.findings):
        return rows
    return _fitting(sorted(result.findings, key=lambda finding: finding.severity.rank), style)


def _fitting(findings: Sequence[Finding], style: Style) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    size = 0
    for finding in findings[:MAX_ROWS]:
        row = _row(finding, style)
        size += len(f"| {' | '.join(row)} |".encode())
        if size > MAX_BYTES:
            break
        rows.append(row)
    return rows


def _row(finding: Finding, style: Style) -> tuple[str, ...]:
    where = f"{style.in_repository(finding.location.file)}:{finding.location.span.line}"
    what = _cell(finding.message)
    if finding.help:
        what += f"<br>{_cell(finding.help)}"
    mark = f"{_MARKS[finding.severity]} {finding.severity.value}"
    return (mark, _rule(finding.rule), _cell(where), what)


def _rule(name: str) -> str:
    """The rule's name, linked to its page if it has one."""
    url = rule_url(name)
    return f"[{escaped(name)}]({url})" if url else escaped(name)


def _cell(text: str) -> str:
    cut = len(text) > _MAX_CHARACTERS
    return escaped(f"{text[:_MAX_CHARACTERS]}…" if cut else text)
