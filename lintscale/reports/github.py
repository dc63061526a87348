"""Annotations of a GitHub Actions run: workflow commands on standard output."""

from __future__ import annotations

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.concise import summary_line
from lintscale.reports.text import plural, printable

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

MAX_ANNOTATIONS = 10
"""Per level and step; GitHub drops what is beyond (docs.github.com, "Workflow commands" and
"Annotation limits", August 2026)."""


def render(result: CheckResult, style: Style = PLAIN) -> str:
    """At most ten commands of each level, the first in the report's order; then, as a notice
    that is counted among the ten, how many findings were left off; then the counts."""
    levels = {severity: list[Finding]() for severity in Severity}
    for finding in result.findings:
        levels[finding.severity].append(finding)
    shown = {severity: found[:MAX_ANNOTATIONS] for severity, found in levels.items()}
    if any(len(found) > MAX_ANNOTATIONS for found in levels.values()):
        shown[Severity.INFO] = levels[Severity.INFO][: MAX_ANNOTATIONS - 1]
    lines = [_command(finding, style) for found in shown.values() for finding in found]
    left_off = {severity: len(found) - len(shown[severity]) for severity, found in levels.items()}
    if any(left_off.values()):
        lines.append(_left_off(left_off))
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


def _left_off(left_off: dict[Severity, int]) -> str:
    counts = ", ".join(
        plural(count, severity.value) for severity, count in left_off.items() if count
    )
    text = (
        f"{counts} more: GitHub shows {MAX_ANNOTATIONS} annotations of a level per step. "
        "“lintscale check --output-format full” lists them all."
    )
    return f"::notice title=lintscale::{_data(text)}"


def _data(text: str) -> str:
    """Nothing in it can end the line, and so begin another command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
