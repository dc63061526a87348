"""Reviewdog's diagnostic format (github.com/reviewdog/reviewdog, proto/rdf). Its columns are
counted in bytes of UTF-8, and its paths are relative to the folder that reviewdog runs in."""

from __future__ import annotations

from typing import Any

from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
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
            where = _range(edit.start, edit.end, texts.get(edit.file))
            plain["suggestions"] = [{"range": where, "text": edit.text}]
    return plain


def _code(rule_id: str) -> dict[str, str]:
    url = rule_url(rule_id)
    return {"value": rule_id, "url": url} if url else {"value": rule_id}


def _location(location: Location, style: Style, texts: dict[str, Positions]) -> dict[str, Any]:
    found = _range(location.span[:2], location.span[2:], texts.get(location.file))
    return {"path": style.relative_to_cwd(location.file), "range": found}


def _range(
    start: tuple[int, int], end: tuple[int, int], positions: Positions | None
) -> dict[str, Any]:
    positions = positions or Positions("")
    found = {}
    for name, (line, column) in (("start", start), ("end", end)):
        last = len(positions.line(line)) + 1
        units = positions.units(line, min(column, last), "utf-8")
        found[name] = {"line": line, "column": units + 1}
    return found
