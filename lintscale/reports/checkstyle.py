"""Checkstyle XML, which many review tools read."""

from __future__ import annotations

from itertools import groupby

from lintscale.api import CheckResult
from lintscale.reports import PLAIN, Style
from lintscale.reports.markup import document, element


def render(result: CheckResult, style: Style = PLAIN) -> str:
    root = element(None, "checkstyle", version="4.3")
    for file, findings in groupby(result.findings, key=lambda finding: finding.location.file):
        parent = element(root, "file", name=style.in_repository(file))
        for finding in findings:
            element(
                parent,
                "error",
                line=str(finding.location.span.line),
                column=str(finding.location.span.column),
                severity=finding.severity.value,
                message=finding.message,
                source=f"lintscale.{finding.category}.{finding.rule}",
            )
    return document(root)
