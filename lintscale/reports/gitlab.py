"""GitLab's code quality report (docs.gitlab.com/ci/testing/code_quality, August 2026)."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import PLAIN, Style
from lintscale.reports.text import as_json

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(result: CheckResult, style: Style = PLAIN) -> str:
    seen: Counter[str] = Counter()
    entries = [_entry(finding, style, seen) for finding in result.findings]
    return as_json(entries)


def _entry(finding: Finding, style: Style, seen: Counter[str]) -> dict[str, Any]:
    span = finding.location.span
    return {
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": _unique(_fingerprint(finding, style), seen),
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": style.in_repository(finding.location.file),
            "lines": {"begin": span.line, "end": span.end_line},
        },
    }


def _fingerprint(finding: Finding, style: Style) -> str:
    """Unique per project of a repository, as GitLab merges the reports of all jobs."""
    if not style.path_prefix:
        return finding.fingerprint
    return hashlib.sha256(f"{style.path_prefix}\0{finding.fingerprint}".encode()).hexdigest()[:16]


def _unique(fingerprint: str, seen: Counter[str]) -> str:
    """GitLab drops entries with equal fingerprints, so the second one gets another."""
    seen[fingerprint] += 1
    number = seen[fingerprint]
    if number == 1:
        return fingerprint
    return hashlib.sha256(f"{fingerprint} {number}".encode()).hexdigest()[:16]
