"""One line per finding, then a summary line."""

from __future__ import annotations

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.reports import PLAIN, Style
from lintscale.reports.styled import Row, to_text
from lintscale.reports.summary import summary_line
from lintscale.reports.text import place, printable


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
