"""Rounds of fixes, each checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lintscale._record import field, record
from lintscale.engine.finding import Finding
from lintscale.fixes import files
from lintscale.fixes.files import ChangedFile
from lintscale.fixes.plan import SAFE, edits_of, plan
from lintscale.fixes.refusal import Cause, Refused, of_system
from lintscale.fixes.verifier import Check, FixVerifier, Result
from lintscale.project.discovery import STDIN

MAX_ROUNDS = 10
"""A fix may make another one possible, rarely more than once."""

_MAX_ATTEMPTS = 60
"""Checks of the whole project in addition to one for each fix, if some are refused."""


@record
class Refusal:
    """A finding whose fix was not applied, and why."""

    finding: Finding
    reason: Refused


@record
class FixResult:
    """``changed`` are the files that the fixes of ``fixed`` change, sorted by name. ``unsafe_left``
    is the number of findings left with an unsafe fix that was not asked for. ``settled`` False:
    another run would fix more. ``rule_failed``: a rule failed, so that the findings after fixes
    are not known, and none was tried."""

    changed: tuple[ChangedFile, ...] = ()
    fixed: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unsafe_left: int = 0
    settled: bool = True
    rule_failed: bool = False


def apply_fixes(first: Result, check: Check, *, unsafe: bool = False) -> FixResult:
    """Apply the fixes of the findings of ``first``, and of those that appear then; unsafe ones only
    if ``unsafe``. Writes nothing. ``check`` makes another result, as ``first`` was made."""
    return _Loop(first, check, unsafe).run()


@record(frozen=False)
class _Loop:
    """``originals`` are the files' contents before all fixes, ``contents`` the changed ones."""

    first: Result
    check: Check
    unsafe: bool
    originals: dict[str, bytes] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    refused: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    candidates: int = 0

    def run(self) -> FixResult:
        first = self.first
        self.candidates = sum(map(self._is_candidate, first.findings))
        if not self.candidates:
            return FixResult(unsafe_left=self._unsafe_left(first.findings))
        if first.failed_rules:
            return FixResult(rule_failed=True)
        verifier = FixVerifier(first, self.check)
        result = first if verifier.sees_the_same else verifier.check({}, first.request.stdin)
        result, settled = self._rounds(verifier, result)
        changed = [
            ChangedFile(name, self._path(name), self.originals[name], data)
            for name, data in sorted(self.contents.items())
        ]
        return FixResult(
            changed=tuple(changed),
            fixed=tuple(self.fixed),
            refused=tuple(self.refused.values()),
            unsafe_left=self._unsafe_left(verifier.reported(result)),
            settled=settled,
        )

    def _rounds(self, verifier: FixVerifier, result: Result) -> tuple[Result, bool]:
        """The result of the last check, and whether it has nothing more to fix."""
        rounds = attempts = 0
        most: int | None = None  # fixes that are tried together; None: all
        while True:
            batch = self._plan(verifier, result)
            attempts += 1
            if not batch or rounds == MAX_ROUNDS or attempts > _MAX_ATTEMPTS + self.candidates:
                return result, not batch
            is_all = most is None or most >= len(batch)
            batch = batch[:most]
            contents, reason = self._applied(batch)
            if reason is None:
                after = verifier.check(contents, self._stdin(contents))
                reason = verifier.refusal(batch, result.findings, after.findings)
            if reason is None:
                self.fixed += batch
                self.contents, result = contents, after
                rounds += is_all
                most = most and 2 * most
            elif len(batch) > 1:
                most = len(batch) // 2
            else:
                # Where one is refused, its neighbours may be too.
                self._refuse(batch[0], reason)
                most = 1

    # -- what to apply ----------------------------------------------------------------------------

    def _plan(self, verifier: FixVerifier, result: Result) -> list[Finding]:
        findings = verifier.reported(result)
        wanted = [each for each in findings if self._is_candidate(each) and verifier.may_fix(each)]
        for finding in wanted:
            reason = self._unwritable(finding, result)
            if reason is not None:
                self._refuse(finding, reason)
        return plan(wanted, self._is_candidate)

    def _is_candidate(self, finding: Finding) -> bool:
        fix = finding.fix
        if fix is None or (fix.safety != SAFE and not self.unsafe) or _key(finding) in self.refused:
            return False
        only = self.first.request.replaced or finding.location.file
        return {edit.file for edit in fix.edits} == {finding.location.file} == {only}

    def _unwritable(self, finding: Finding, result: Result) -> Refused | None:
        """Why the finding's file cannot be changed; stores its content otherwise."""
        name, request = finding.location.file, self.first.request
        if name in self.originals:
            return None
        path = self._path(name)
        if path is not None:
            reason = files.unwritable(path, request.settings.root)
            if reason is not None:
                return reason
        try:
            data = path.read_bytes() if path is not None else request.stdin or b""
        except OSError as error:
            return of_system(Cause.UNREADABLE, error)
        if not files.is_exact(result.files[name], data):
            return Refused(Cause.CHANGED_MEANWHILE)
        self.originals[name] = data
        return None

    def _refuse(self, finding: Finding, reason: Refused) -> None:
        self.refused[_key(finding)] = Refusal(finding, reason)

    # -- contents ---------------------------------------------------------------------------------

    def _applied(self, batch: Sequence[Finding]) -> tuple[dict[str, bytes], Refused | None]:
        """All contents after the fixes of ``batch``, and why they are wrong."""
        contents = dict(self.contents)
        touched = {place for each in batch if each.fix for place in each.fix.touched}
        for name, edits in edits_of(batch).items():
            before = contents.get(name, self.originals[name])
            contents[name] = files.applied(before, edits)
            own = [(document, path) for file, document, path in touched if file == name]
            file_format = self.first.files[name].format
            reason = files.unintended(before, contents[name], file_format, own)
            if reason is not None:
                return contents, reason
        return contents, None

    def _path(self, name: str) -> Path | None:
        request = self.first.request
        return None if STDIN in request.paths else request.settings.root / name

    def _stdin(self, contents: Mapping[str, bytes]) -> bytes | None:
        request = self.first.request
        if STDIN not in request.paths:
            return None
        name = request.replaced or next(iter(contents), "")
        return contents.get(name, request.stdin)

    def _unsafe_left(self, findings: Sequence[Finding]) -> int:
        if self.unsafe:
            return 0
        return sum(1 for each in findings if each.fix is not None and each.fix.safety != SAFE)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.fingerprint, finding.message
