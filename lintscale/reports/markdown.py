"""Markdown for a job's summary or a comment: counts, then a table of the findings."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.concise import summary_line
from lintscale.reports.markdown_text import escaped

MOST_ROWS = 300
"""GitHub takes 1 MiB of summary from a step (docs.github.com, "Workflow commands", August 2026);
a longer table is cut, and says so."""

_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return "\n".join(_lines(result, style)) + "\n"


def _lines(result: CheckResult, style: Style) -> Iterator[str]:
    yield "## lintscale"
    yield ""
    yield escaped(summary_line(result))
    shown = result.findings[:MOST_ROWS]
    if shown:
        yield ""
        yield "| | Rule | Where | What |"
        yield "|---|---|---|---|"
        yield from (_row(finding, style) for finding in shown)
    if len(result.findings) > len(shown):
        yield ""
        yield f"{len(result.findings) - len(shown)} more are not shown."
    if result.summary.skipped:
        yield ""
        yield "<details><summary>Left out</summary>"
        yield ""
        for skip in result.summary.skipped[:MOST_ROWS]:
            yield f"- {escaped(skip.file)}: {escaped(skip.text)}"
        yield ""
        yield "</details>"


def _row(finding: Finding, style: Style) -> str:
    where = f"{style.path_prefix}{finding.location.file}:{finding.location.span.line}"
    what = escaped(finding.message)
    if finding.help:
        what += f"<br>{escaped(finding.help)}"
    mark = f"{_MARKS[finding.severity]} {finding.severity.value}"
    return f"| {mark} | {escaped(finding.rule)} | {escaped(where)} | {what} |"
