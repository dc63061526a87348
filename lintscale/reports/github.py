"""Annotations of a GitHub Actions run: workflow commands on standard output."""

from __future__ import annotations

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.summary import counts, summary_line
from lintscale.reports.text import printable

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

MAX_ANNOTATIONS = 10
"""Per level and step; GitHub drops what is beyond (docs.github.com, "Workflow commands" and
"Annotation limits", August 2026)."""


def render(result: CheckResult, style: Style = PLAIN) -> str:
    """At most ten commands per level, in the report's order; then a notice (one of the ten) with
    the number of omitted findings; then the counts."""
    levels = {severity: list[Finding]() for severity in Severity}
    for finding in result.findings:
        levels[finding.severity].append(finding)
    shown = {severity: found[:MAX_ANNOTATIONS] for severity, found in levels.items()}
    if any(len(found) > MAX_ANNOTATIONS for found in levels.values()):
        shown[Severity.INFO] = levels[Severity.INFO][: MAX_ANNOTATIONS - 1]
    lines = [_command(finding, style) for found in shown.values() for finding in found]
    omitted = [each for key, found in levels.items() for each in found[len(shown[key]) :]]
    if omitted:
        lines.append(_omitted(omitted))
    return "\n".join([*lines, summary_line(result)]) + "\n"


def _command(finding: Finding, style: Style) -> str:
    span = finding.location.span
    properties = {
        "file": style.in_repository(finding.location.file),
        "line": str(span.line),
        "endLine": str(span.end_line),
        "title": f"lintscale[{finding.rule}]",
    }
    if span.line == span.end_line:
        # GitHub rejects columns of annotations over several lines.
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    order = ("file", "line", "col", "endLine", "endColumn", "title")
    written = ",".join(
        f"{name}={_property(properties[name])}" for name in order if name in properties
    )
    text = [finding.message]
    if finding.why:
        text.append(f"Why: {finding.why}")
    if finding.help:
        text.append(f"Help: {finding.help}")
    data = "%0A".join(_data(part) for part in text)
    return f"::{LEVELS[finding.severity]} {written}::{data}"


def _omitted(omitted: list[Finding]) -> str:
    text = (
        f"{counts(omitted)} more: GitHub shows at most {MAX_ANNOTATIONS} annotations per level and"
        " step. All: lintscale check --output-format full"
    )
    return f"::notice title=lintscale::{_data(text)}"


def _data(text: str) -> str:
    """Text that cannot end the line, and so cannot begin another command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
