"""A check of everything that a fix may break, and the verdict on its result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from lintscale._record import replace
from lintscale.engine.check_run import is_selected
from lintscale.engine.finding import Finding, Severity
from lintscale.engine.rules import Rule
from lintscale.fixes.plan import SAFE
from lintscale.fixes.refusal import Cause, Refused
from lintscale.project.config import Settings
from lintscale.project.discovery import STDIN
from lintscale.project.loading import Request
from lintscale.syntax import SourceFile


class Result(Protocol):
    """What fixing needs of a check's result: see :class:`lintscale.api.CheckResult`."""

    request: Request
    findings: list[Finding]
    files: dict[str, SourceFile]
    reported: set[str]
    rules: Sequence[Rule]
    renders: bool
    failed_rules: bool


Check = Callable[[Request], Result]


class FixVerifier:
    """Checks the whole project, whatever is reported on, by all selected rules and by those on the
    form of files."""

    def __init__(self, first: Result, check: Check) -> None:
        self.run_check = check
        request = first.request
        paths, settings = request.paths, request.settings
        rules = first.rules
        self.of_form = {rule.id for rule in rules if rule.reported_by in ("reader", "schema")}
        self.selected = {rule.id for rule in rules if is_selected(rule, settings)}
        self.least = Severity(settings.min_severity)
        self.first = first
        self._fixable_at_first = {each.fingerprint for each in first.findings if each.fix}
        widened = self._widened(settings)
        alone = STDIN in paths and not request.replaced
        everything = not settings.whole_project or alone
        everything = everything or settings.root in [Path(path).absolute() for path in paths]
        self.sees_the_same = widened == settings and everything
        if settings.whole_project and not alone:
            # Files that are read only when they are named stay named.
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
            # Rendering reads the files on disk; the verifier judges manifests as they are.
            changes["rendering"] = replace(settings.rendering, enabled=False)
        return replace(settings, **changes)

    def check(self, contents: Mapping[str, bytes], stdin: bytes | None) -> Result:
        """The result with these contents of files."""
        request = replace(self.request, stdin=stdin, contents=contents)
        return self.run_check(request)

    def reported(self, result: Result) -> list[Finding]:
        """The findings that the first check would report."""
        return [
            finding
            for finding in result.findings
            if finding.rule in self.selected
            and finding.severity.rank <= self.least.rank
            and finding.location.file in self.first.reported
        ]

    def may_fix(self, finding: Finding) -> bool:
        """Where overlays and charts are rendered, only findings that the first check has a fix for:
        the verifier does not render."""
        return not self.first.renders or finding.fingerprint in self._fixable_at_first

    def refusal(
        self, batch: Sequence[Finding], before: Sequence[Finding], after: Sequence[Finding]
    ) -> Refused | None:
        """Why the fixes of ``batch`` are refused; None if they are accepted. Each of its findings
        must be gone. Safe fixes may add no finding; unsafe ones no error, and none on the form of
        a file."""
        left = Counter(_same(finding) for finding in after)
        known = Counter(_same(finding) for finding in before)
        for same, count in Counter(_same(finding) for finding in batch).items():
            if left[same] > known[same] - count:
                return Refused(Cause.REMAINS)
        is_safe = all(finding.fix is not None and finding.fix.safety == SAFE for finding in batch)
        # A finding at another key is one of the same kind that remains.
        counts = Counter(_kind(finding) for finding in before)
        counts.subtract(_kind(finding) for finding in batch)
        for finding in sorted(after, key=lambda finding: finding.severity.rank):
            counts[_kind(finding)] -= 1
            if counts[_kind(finding)] >= 0 or _same(finding) in known:
                continue
            is_serious = finding.severity is Severity.ERROR or finding.rule in self.of_form
            if is_safe or is_serious:
                return Refused(Cause.NEW_FINDING, finding=finding)
        return None


def _same(finding: Finding) -> str:
    """Identifies a finding by its rule, file, path and workload: lines may have moved, and the
    figures in its message may have changed."""
    return finding.fingerprint


def _kind(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.location.file, finding.severity.value
