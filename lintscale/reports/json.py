"""JSON for other tools, version 1: schemas/lintscale/report.schema.json."""

from __future__ import annotations

from typing import Any

from lintscale import __version__
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Fix, Related
from lintscale.reports import PLAIN, Style
from lintscale.reports.text import as_json, key_path

VERSION = 1


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return as_json(report(result))


def report(result: CheckResult) -> dict[str, Any]:
    """The report as plain data. Every key is always there; what is not known is None."""
    summary = result.summary
    return {
        "version": VERSION,
        "tool": {"name": "lintscale", "version": __version__},
        "summary": {
            "files_checked": summary.files_checked,
            "workloads": summary.workloads,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "suppressed": summary.suppressed,
            "baselined": summary.baselined,
            "skipped": [{"file": skip.file, "reason": skip.text} for skip in summary.skipped],
        },
        "findings": [_finding(finding) for finding in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.location.span
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": finding.location.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "platform": finding.platform,
        "service": finding.service,
        "workload": finding.workload,
        "environment": finding.environment,
        "path": key_path(finding.location.path),
        "related": [_related(related) for related in finding.related],
        "fix": _fix(finding.fix) if finding.fix else None,
        "fingerprint": finding.fingerprint,
    }


def _related(related: Related) -> dict[str, Any]:
    span = related.location.span
    return {
        "file": related.location.file,
        "line": span.line,
        "column": span.column,
        "message": related.message,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "safety": fix.safety,
        "description": fix.description,
        **({"note": fix.note} if fix.note else {}),
        "edits": [
            {
                "file": edit.file,
                "start": list(edit.start),
                "end": list(edit.end),
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }
