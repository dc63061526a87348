"""Reviewdog's diagnostic format (github.com/reviewdog/reviewdog, proto/rdf). Its columns are
counted in bytes of UTF-8, and its paths are relative to the folder that reviewdog runs in."""

from __future__ import annotations

from typing import Any

from lintscale.api import CheckResult
from lintscale.engine.finding import Edit, Finding, Severity
from lintscale.model.location import Location
from lintscale.reports import PLAIN, Style
from lintscale.reports.rule_text import HOMEPAGE, rule_url
from lintscale.reports.text import as_json
from lintscale.syntax.text import Positions

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(result: CheckResult, style: Style = PLAIN) -> str:
    texts = {name: Positions(source.text) for name, source in (result.files | result.texts).items()}
    plain = {
        "source": {"name": "lintscale", "url": HOMEPAGE},
        "diagnostics": [_diagnostic(finding, style, texts) for finding in result.findings],
    }
    return as_json(plain)


def _diagnostic(finding: Finding, style: Style, texts: dict[str, Positions]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "message": finding.message,
        "severity": SEVERITIES[finding.severity],
        "code": _code(finding.rule),
        "location": _location(finding.location, style, texts),
    }
    if finding.related:
        plain["relatedLocations"] = [
            {"message": related.message, "location": _location(related.location, style, texts)}
            for related in finding.related
        ]
    if finding.fix is not None and len(finding.fix.edits) == 1:
        # Each suggestion is taken by itself, and applies to the diagnostic's own file.
        (edit,) = finding.fix.edits
        if edit.file == finding.location.file:
            plain["suggestions"] = [_suggestion(edit, texts)]
    return plain


def _code(rule_id: str) -> dict[str, str]:
    url = rule_url(rule_id)
    return {"value": rule_id, "url": url} if url else {"value": rule_id}


def _location(location: Location, style: Style, texts: dict[str, Positions]) -> dict[str, Any]:
    span = location.span
    return {
        "path": style.relative_to_cwd(location.file),
        "range": {
            "start": _position(location.file, span.line, span.column, texts),
            "end": _position(location.file, span.end_line, span.end_column, texts),
        },
    }


def _suggestion(edit: Edit, texts: dict[str, Positions]) -> dict[str, Any]:
    return {
        "range": {
            "start": _position(edit.file, *edit.start, texts),
            "end": _position(edit.file, *edit.end, texts),
        },
        "text": edit.text,
    }


def _position(file: str, line: int, column: int, texts: dict[str, Positions]) -> dict[str, int]:
    positions = texts.get(file) or Positions("")
    column = min(column, len(positions.line(line)) + 1)
    return {"line": line, "column": positions.units(line, column, "utf-8") + 1}
