"""A check that sees everything a fix may break, and what to make of its outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lintscale import api
from lintscale._record import replace
from lintscale.api import CheckResult
from lintscale.engine.check_run import is_selected
from lintscale.engine.finding import Finding, Severity
from lintscale.fixes.plan import SAFE
from lintscale.project.config import Settings
from lintscale.project.discovery import STDIN


class FixVerifier:
    """Checks the whole project whatever is reported on, by all rules that the settings select,
    and by those on the form of files whatever they select."""

    def __init__(self, first: CheckResult) -> None:
        request = first.request
        paths, settings = request.paths, request.settings
        rules = api.rules(settings.policies)
        self.of_form = {rule.id for rule in rules if rule.reported_by in ("reader", "schema")}
        self.selected = {rule.id for rule in rules if is_selected(rule, settings)}
        self.least = Severity(settings.min_severity)
        self.first = first
        self._fixable_at_first = {each.fingerprint for each in first.findings if each.fix}
        widened = self._widened(settings)
        everything = not settings.whole_project or STDIN in paths
        everything = everything or settings.root in [Path(path).absolute() for path in paths]
        self.sees_the_same = widened == settings and everything
        if settings.whole_project and STDIN not in paths:
            # Files that only a person who names them has read stay named.
            paths = (*paths, str(settings.root))
        self.request = replace(request, paths=paths, settings=widened, progress=None, cache=None)

    def _widened(self, settings: Settings) -> Settings:
        select = settings.select
        if select:
            select = (*select, *sorted(self.of_form - set(select)))
        changes: dict[str, Any] = {
            "select": select,
            "ignore": tuple(name for name in settings.ignore if name not in self.of_form),
            "min_severity": Severity.INFO.value,
        }
        if self.first.renders:
            # What is rendered comes from the files as they are; here manifests are judged as such.
            changes["rendering"] = replace(settings.rendering, enabled=False)
        return replace(settings, **changes)

    def check(self, contents: Mapping[str, bytes], stdin: bytes | None) -> CheckResult:
        """The result with these contents of files."""
        request = replace(self.request, stdin=stdin, contents=contents)
        return api.check_request(request, self.first.baseline)

    def reported(self, result: CheckResult) -> list[Finding]:
        """Those findings that are reported too."""
        return [
            finding
            for finding in result.findings
            if finding.rule in self.selected
            and finding.severity.rank <= self.least.rank
            and finding.location.file in self.first.reported
        ]

    def may_fix(self, finding: Finding) -> bool:
        """Where overlays and charts are rendered, only what the first check has a fix for: it
        knows what they make of a manifest, which is not known here."""
        return not self.first.renders or finding.fingerprint in self._fixable_at_first

    def what_is_wrong(
        self, batch: Sequence[Finding], before: Sequence[Finding], after: Sequence[Finding]
    ) -> str:
        """Why the fixes of ``batch`` are not to be kept; "" where they are. Each of its findings
        must be gone. Safe fixes bring nothing new; unsafe ones no error, and nothing that is
        wrong with the form of a file."""
        left = Counter(_same(finding) for finding in after)
        known = Counter(_same(finding) for finding in before)
        for same, count in Counter(_same(finding) for finding in batch).items():
            if left[same] > known[same] - count:
                return "the finding would stay"
        is_safe = all(finding.fix is not None and finding.fix.safety == SAFE for finding in batch)
        # One that is known with other words, or at another key, is one of a kind that stays.
        counts = Counter(_kind(finding) for finding in before)
        counts.subtract(_kind(finding) for finding in batch)
        for finding in sorted(after, key=lambda finding: finding.severity.rank):
            counts[_kind(finding)] -= 1
            if counts[_kind(finding)] >= 0 or _same(finding) in known:
                continue
            grave = finding.severity is Severity.ERROR or finding.rule in self.of_form
            if is_safe or grave:
                what = f"{finding.severity.value}[{finding.rule}]"
                where = f"{finding.location.file}:{finding.location.span.line}"
                return f"it would bring {what} at {where}: {finding.message}"
        return ""


def _same(finding: Finding) -> tuple[str, str]:
    """By which a finding is known again when lines have moved."""
    return finding.fingerprint, finding.message


def _kind(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.file, finding.severity.value
