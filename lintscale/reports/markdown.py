"""Markdown for a job's summary or a comment: counts, then a table of the findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.concise import summary_line
from lintscale.reports.links import rule_url
from lintscale.reports.markdown_text import escaped

MOST_ROWS = 300
MOST_SKIPPED = 20
MOST_BYTES = 900_000
"""GitHub takes 1 MiB of summary from a step, and nothing of a larger one (docs.github.com,
"Workflow commands", August 2026); a longer table is cut, and says so."""

_MOST_CHARACTERS = 2000
"""Of a name or a message in one cell."""

_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return "\n".join(_lines(result, style)) + "\n"


def _lines(result: CheckResult, style: Style) -> Iterator[str]:
    yield "## lintscale"
    yield ""
    yield escaped(summary_line(result))
    rows = _rows(result, style)
    if rows:
        yield ""
        yield "| | Rule | Where | What |"
        yield "|---|---|---|---|"
        yield from rows
    if len(result.findings) > len(rows):
        yield ""
        yield f"{len(result.findings) - len(rows)} more, none of them more severe, are not shown."
    if result.summary.skipped:
        yield ""
        yield "<details><summary>Left out</summary>"
        yield ""
        for skip in result.summary.skipped[:MOST_SKIPPED]:
            yield f"- {_cell(skip.file)}: {_cell(skip.text)}"
        if len(result.summary.skipped) > MOST_SKIPPED:
            yield f"- and {len(result.summary.skipped) - MOST_SKIPPED} more"
        yield ""
        yield "</details>"


def _rows(result: CheckResult, style: Style) -> list[str]:
    """All findings in the report's order or, where they are too many, the most severe."""
    rows = _that_fit(result.findings, style)
    if len(rows) == len(result.findings):
        return rows
    return _that_fit(sorted(result.findings, key=lambda finding: finding.severity.rank), style)


def _that_fit(findings: Sequence[Finding], style: Style) -> list[str]:
    rows, size = [], 0
    for finding in findings[:MOST_ROWS]:
        row = _row(finding, style)
        size += len(row.encode("utf-8"))
        if size > MOST_BYTES:
            break
        rows.append(row)
    return rows


def _row(finding: Finding, style: Style) -> str:
    where = f"{style.in_repository(finding.location.file)}:{finding.location.span.line}"
    what = _cell(finding.message)
    if finding.help:
        what += f"<br>{_cell(finding.help)}"
    mark = f"{_MARKS[finding.severity]} {finding.severity.value}"
    return f"| {mark} | {_rule(finding.rule)} | {_cell(where)} | {what} |"


def _rule(name: str) -> str:
    """Its name, which leads to its page where it has one."""
    url = rule_url(name)
    return f"[{escaped(name)}]({url})" if url else escaped(name)


def _cell(text: str) -> str:
    cut = len(text) > _MOST_CHARACTERS
    return escaped(f"{text[:_MOST_CHARACTERS]}…" if cut else text)
