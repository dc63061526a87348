"""Checks of small projects, and what they find."""

from __future__ import annotations

from collections.abc import Mapping

from lintscale.api import CheckResult
from lintscale.engine.finding import Edit, Finding
from lintscale.policies.examples import check_files
from lintscale.syntax.text import Positions

OWN = frozenset({"unused-suppression", "expired-suppression", "suppression-without-reason"})

WATCHED = OWN | {
    "duplicate-key",
    "min-instances",
    "missing-readiness-probe",
    "missing-requests",
    "no-autoscaling",
    "plaintext-credential",
    "retired-format",
    "syntax-error",
    "unpinned-image",
}
"""The rules that these tests are about; the same files have findings of other rules."""


def check(text: str, name: str = "k8s/shop.yaml", config: str = "") -> CheckResult:
    result = check_files({name: text}, config)
    assert not result.failed_rules
    return result


def audited(result: CheckResult) -> list[tuple[str, str, int]]:
    """Rule, file and line of the findings about suppressions."""
    return [
        (each.rule, each.location.file, each.location.line)
        for each in result.findings
        if each.rule in OWN
    ]


def left(result: CheckResult) -> set[tuple[str, int]]:
    """Rule and line of the other findings."""
    return {
        (each.rule, each.location.line) for each in result.findings if each.rule in WATCHED - OWN
    }


def hidden(result: CheckResult) -> set[tuple[str, int]]:
    """Rule and line of the suppressed findings."""
    return {
        (each.finding.rule, each.finding.location.line)
        for each in result.suppressed
        if each.finding.rule in WATCHED
    }


def said(result: CheckResult, rule: str = "unused-suppression") -> str:
    """The message of the only finding of a rule."""
    return the(result, rule).message


def the(result: CheckResult, rule: str = "unused-suppression") -> Finding:
    found = [each for each in result.findings if each.rule == rule]
    assert len(found) == 1, [(each.rule, each.message) for each in result.findings]
    return found[0]


def fixed(files: Mapping[str, str], finding: Finding) -> dict[str, str]:
    """The files after the finding's fix."""
    assert finding.fix is not None, finding.message
    assert finding.fix.safety == "safe"
    result = dict(files)
    for edit in finding.fix.edits:
        result[edit.file] = applied(result[edit.file], edit)
    return result


def applied(text: str, edit: Edit) -> str:
    positions = Positions(text)
    start, end = positions.offset(*edit.start), positions.offset(*edit.end)
    return text[:start] + edit.text + text[end:]
