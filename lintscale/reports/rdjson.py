"""Reviewdog's diagnostic format (github.com/reviewdog/reviewdog, proto/rdf). Its columns are
counted in bytes of UTF-8."""

from __future__ import annotations

import json
from typing import Any

from lintscale.api import CheckResult
from lintscale.engine.finding import Edit, Finding, Severity
from lintscale.model import Location
from lintscale.reports import PLAIN, Style
from lintscale.reports.text import json_safe

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}
_HOMEPAGE = "https://github.com/lintscale/lintscale"


def render(result: CheckResult, style: Style = PLAIN) -> str:
    lines = {name: source.text.split("\n") for name, source in result.files.items()}
    plain = {
        "source": {"name": "lintscale", "url": _HOMEPAGE},
        "diagnostics": [_diagnostic(finding, style, lines) for finding in result.findings],
    }
    return json_safe(json.dumps(plain, ensure_ascii=False, indent=2)) + "\n"


def _diagnostic(finding: Finding, style: Style, lines: dict[str, list[str]]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "message": finding.message,
        "severity": SEVERITIES[finding.severity],
        "code": {
            "value": finding.rule,
            "url": f"{_HOMEPAGE}/blob/main/docs/rules/{finding.rule}.md",
        },
        "location": _location(finding.location, style, lines),
    }
    if finding.related:
        plain["relatedLocations"] = [
            {"message": related.message, "location": _location(related.location, style, lines)}
            for related in finding.related
        ]
    if finding.fix is not None:
        own = [edit for edit in finding.fix.edits if edit.file == finding.location.file]
        if len(own) == len(finding.fix.edits):
            plain["suggestions"] = [_suggestion(edit, lines) for edit in own]
    return plain


def _location(location: Location, style: Style, lines: dict[str, list[str]]) -> dict[str, Any]:
    span = location.span
    return {
        "path": style.path_prefix + location.file,
        "range": {
            "start": _position(location.file, span.line, span.column, lines),
            "end": _position(location.file, span.end_line, span.end_column, lines),
        },
    }


def _suggestion(edit: Edit, lines: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "range": {
            "start": _position(edit.file, *edit.start, lines),
            "end": _position(edit.file, *edit.end, lines),
        },
        "text": edit.text,
    }


def _position(file: str, line: int, column: int, lines: dict[str, list[str]]) -> dict[str, int]:
    text = lines.get(file, [])
    before = text[line - 1][: column - 1] if 0 < line <= len(text) else ""
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
