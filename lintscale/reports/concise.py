"""One line per finding, then a summary line."""

from __future__ import annotations

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.reports import PLAIN, Style
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import place, plural, printable


def render(result: CheckResult, style: Style = PLAIN) -> str:
    """``file:line:column: severity[rule] message``, then the counts."""
    rows = [_row(finding) for finding in result.findings]
    return to_text([*rows, [(summary_line(result), "")]], color=style.color)


def _row(finding: Finding) -> Row:
    severity = finding.severity.value
    return [
        (place(finding.location), "place"),
        (": ", ""),
        (f"{severity}[{finding.rule}]", severity),
        (f" {printable(finding.message)}", ""),
    ]


def summary_line(result: CheckResult) -> str:
    """The counts of findings, files and workloads in one line."""
    summary = result.summary
    found = counts(result) or "No findings"
    checked = f"{plural(summary.files_checked, 'file')} ({plural(summary.workloads, 'workload')})"
    skipped = f", {len(summary.skipped)} skipped" if summary.skipped else ""
    return f"{found} in {checked}{unreported_counts(result)}{skipped}"


def unreported_counts(result: CheckResult) -> str:
    """The counts of findings that are not reported: ", 2 suppressed"."""
    summary = result.summary
    numbers = ((summary.suppressed, "suppressed"), (summary.baselined, "in the baseline"))
    return "".join(f", {count} {what}" for count, what in numbers if count)


def counts(result: CheckResult) -> str:
    """ "2 errors, 1 warning"; "" without findings."""
    summary = result.summary
    numbers = (("error", summary.errors), ("warning", summary.warnings), ("info", summary.infos))
    return ", ".join(plural(count, noun) for noun, count in numbers if count)
