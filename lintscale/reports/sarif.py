"""SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning.

Columns are in Unicode code points, as lintscale counts them. Paths are URIs relative to the
repository's root, which is the base that GitHub takes.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from lintscale import __version__
from lintscale.api import CheckResult
from lintscale.engine.finding import Edit, Finding, Fix, Severity
from lintscale.engine.rules import Rule
from lintscale.model.location import Location
from lintscale.project.config import Profile
from lintscale.reports import PLAIN, Style
from lintscale.reports.markdown_text import escaped, link
from lintscale.reports.rule_text import HOMEPAGE, rule_url, rules_by_id, what_to_do
from lintscale.reports.text import as_json, plural, printable
from lintscale.secrets import mask
from lintscale.suppressions.judge import Suppressed
from lintscale.suppressions.suppression import CONFIG

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_BASE = "%SRCROOT%"

MAX_RESULTS = 25_000
"""GitHub rejects a file whose run has more (docs.github.com, "SARIF results exceed one or more
limits", November 2026); of these it shows the 5,000 most severe."""


class _Entry(NamedTuple):
    """A finding, its baseline state ("" without a baseline) and its suppression."""

    finding: Finding
    baseline_state: str
    suppressed: Suppressed | None = None


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return as_json(report(result, style))


def report(result: CheckResult, style: Style = PLAIN) -> dict[str, Any]:
    """A log of one run. With ``style.include_suppressed`` it contains suppressed findings, with
    their suppressions, and baselined ones."""
    entries = _entries(result, include_suppressed=style.include_suppressed)
    shown = entries
    if len(entries) > MAX_RESULTS:
        by_severity = sorted(
            entries, key=lambda each: (_is_unreported(each), each.finding.severity.rank)
        )
        shown = by_severity[:MAX_RESULTS]
    ids = sorted({entry.finding.rule for entry in shown})
    rules = rules_by_id(result)
    results = [_result(entry, ids, style) for entry in shown]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lintscale",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "informationUri": HOMEPAGE,
                        "rules": [_rule(each, rules.get(each), result.profile) for each in ids],
                    }
                },
                **_automation(style),
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_BASE: {"description": {"text": "The project's root."}}},
                "invocations": [_invocation(result, omitted=len(entries) - len(shown))],
                "results": results,
            }
        ],
    }


def _automation(style: Style) -> dict[str, Any]:
    """The project, where it is not all of the repository: code scanning takes what stands before
    the last slash for the category, and keeps the results of one run for each."""
    if not style.path_prefix:
        return {}
    return {"automationDetails": {"id": f"lintscale/{style.path_prefix}"}}


def _entries(result: CheckResult, *, include_suppressed: bool) -> list[_Entry]:
    state = "new" if result.baseline is not None else ""
    entries = [_Entry(finding, state) for finding in result.findings]
    if include_suppressed:
        entries += [_Entry(finding, "unchanged") for finding in result.baselined]
        entries += [_Entry(each.finding, state, each) for each in result.suppressed]
    return entries


def _is_unreported(entry: _Entry) -> bool:
    return entry.suppressed is not None or entry.baseline_state == "unchanged"


def _rule(rule_id: str, rule: Rule | None, profile: Profile) -> dict[str, Any]:
    if rule is None:
        return {"id": rule_id}
    uri = rule_url(rule.id)
    why, fix = " ".join(rule.why.split()), what_to_do(rule, profile)
    plain = f"{why}\n\nWhat to do: {fix}"
    references = "".join(f"\n- {link(reference)}" for reference in rule.references)
    markdown = f"{escaped(why)}\n\n**What to do:** {escaped(fix)}\n{references}"
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": why},
        "help": {"text": plain, "markdown": markdown},
        **({"helpUri": uri} if uri else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.category, *rule.platforms], "category": rule.category},
    }


def _invocation(result: CheckResult, *, omitted: int) -> dict[str, Any]:
    notes = [
        {"level": "note", "message": {"text": f"{skip.file} is skipped: {skip.text}"}}
        for skip in result.summary.skipped
    ]
    if omitted:
        text = f"{plural(omitted, 'result')} more than {MAX_RESULTS}, the least severe, are omitted"
        notes.append({"level": "warning", "message": {"text": text}})
    invocation: dict[str, Any] = {"executionSuccessful": not result.failed_rules}
    if notes:
        invocation["toolExecutionNotifications"] = notes
    return invocation


def _result(entry: _Entry, ids: list[str], style: Style) -> dict[str, Any]:
    finding = entry.finding
    text = finding.message if not finding.help else f"{finding.message}\n{finding.help}"
    plain: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": ids.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": _unlinked(text)},
        "locations": [_location(finding.location, style, finding)],
        "partialFingerprints": {"lintscale/v1": finding.fingerprint},
    }
    if finding.related:
        plain["relatedLocations"] = [
            {
                **_location(related.location, style),
                "id": number,
                "message": {"text": _unlinked(related.message)},
            }
            for number, related in enumerate(finding.related, start=1)
        ]
    if finding.fix is not None:
        plain["fixes"] = [_fix(finding.fix, style)]
    if entry.suppressed is not None:
        plain["suppressions"] = [_suppression(entry.suppressed)]
    if entry.baseline_state:
        plain["baselineState"] = entry.baseline_state
    return plain


def _unlinked(text: str) -> str:
    """Plain text in which nothing is an embedded link (SARIF 3.11.6), ``[text](target)``."""
    return re.sub(r"\[([^\[\]]*)\](?=\()", r"\\[\1\\]", text) if "](" in text else text


def _suppression(suppressed: Suppressed) -> dict[str, Any]:
    in_config = suppressed.suppression.kind == CONFIG
    plain: dict[str, Any] = {"kind": "external" if in_config else "inSource", "status": "accepted"}
    if suppressed.clause.reason:
        plain["justification"] = mask(suppressed.clause.reason)
    return plain


def _location(location: Location, style: Style, finding: Finding | None = None) -> dict[str, Any]:
    span = location.span
    plain: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": _artifact(location.file, style),
            "region": _region(*span[:3], max(span.end_column, 1)),
        }
    }
    if finding is not None and (finding.workload or finding.service):
        name = finding.workload or finding.service or ""
        plain["logicalLocations"] = [{"name": printable(name), "kind": "resource"}]
    return plain


def _region(*ends: int) -> dict[str, int]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), ends, strict=True))


def _artifact(file: str, style: Style) -> dict[str, Any]:
    return {"uri": quote(style.in_repository(file), errors="replace"), "uriBaseId": _BASE}


def _fix(fix: Fix, style: Style) -> dict[str, Any]:
    files = sorted({edit.file for edit in fix.edits})
    description = f"{fix.description} ({fix.safety})"
    return {
        "description": {"text": f"{description}. {fix.note}" if fix.note else description},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(file, style),
                "replacements": [_replacement(edit) for edit in fix.edits if edit.file == file],
            }
            for file in files
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    plain: dict[str, Any] = {"deletedRegion": _region(*edit.start, *edit.end)}
    if edit.text:
        plain["insertedContent"] = {"text": edit.text}
    return plain
