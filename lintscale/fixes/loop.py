"""Rounds of fixes, each checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lintscale._record import field, record
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding
from lintscale.fixes import files, texts
from lintscale.fixes.plan import SAFE, edits_of, plan
from lintscale.fixes.verifier import FixVerifier
from lintscale.project.discovery import STDIN

MAX_ROUNDS = 10
"""A fix may make another one possible; that rarely goes on for more than two rounds."""

_MAX_ATTEMPTS = 60
"""Checks of the whole project beside one for each fix, when some of them do not hold."""


@record
class Changed:
    """A file, by its name in reports, as it was read and as it is to be. ``path`` is None for
    standard input."""

    name: str
    path: Path | None
    before: bytes
    after: bytes


@record
class Refusal:
    """A finding whose fix was not applied, and why."""

    finding: Finding
    reason: str


@record
class Fixed:
    """``changed`` are the files that the fixes of ``fixed`` change, by name. ``unsafe_left``: how
    many findings are left with an unsafe fix that was not asked for. ``settled`` False: there is
    more to fix, and another run would. ``hindered``: why nothing was tried."""

    changed: tuple[Changed, ...] = ()
    fixed: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unsafe_left: int = 0
    settled: bool = True
    hindered: str = ""


def fix(first: CheckResult, *, unsafe: bool = False) -> Fixed:
    """Apply the fixes of what the check ``first`` reports, and of what comes to light then; the
    unsafe ones only if ``unsafe``. Writes nothing."""
    return _Loop(first, unsafe).run()


@record(frozen=False)
class _Loop:
    """``originals`` are the files' contents as they were, ``contents`` those that have changed."""

    first: CheckResult
    unsafe: bool
    originals: dict[str, bytes] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    refused: dict[tuple[str, str], Refusal] = field(default_factory=dict)
    candidates: int = 0

    def run(self) -> Fixed:
        first = self.first
        self.candidates = sum(map(self._is_candidate, first.findings))
        if not self.candidates:
            return Fixed(unsafe_left=self._unsafe_left(first.findings))
        if first.failed_rules:
            return Fixed(hindered="a rule failed, and what it would say afterwards is unknown")
        watch = FixVerifier(first)
        watched = first if watch.sees_the_same else watch.check({}, first.request.stdin)
        watched, settled = self._rounds(watch, watched)
        changed = [
            Changed(name, self._path(name), self.originals[name], data)
            for name, data in sorted(self.contents.items())
        ]
        return Fixed(
            changed=tuple(changed),
            fixed=tuple(self.fixed),
            refused=tuple(self.refused.values()),
            unsafe_left=self._unsafe_left(watch.reported(watched)),
            settled=settled,
        )

    def _rounds(self, watch: FixVerifier, watched: CheckResult) -> tuple[CheckResult, bool]:
        """The last check, and whether there is nothing more to fix by it."""
        rounds = attempts = 0
        most: int | None = None  # as many as are tried together; None: all
        while True:
            batch = self._plan(watch, watched)
            attempts += 1
            if not batch or rounds == MAX_ROUNDS or attempts > _MAX_ATTEMPTS + self.candidates:
                return watched, not batch
            is_all = most is None or most >= len(batch)
            batch = batch[:most]
            contents, reason = self._applied(batch)
            if not reason:
                after = watch.check(contents, self._stdin(contents))
                reason = watch.what_is_wrong(batch, watched.findings, after.findings)
            if not reason:
                self.fixed += batch
                self.contents, watched = contents, after
                rounds += is_all
                most = most and 2 * most
            elif len(batch) > 1:
                most = len(batch) // 2
            else:
                # Where one does not hold, its neighbours may not either.
                self._refuse(batch[0], reason)
                most = 1

    # -- what to apply ----------------------------------------------------------------------------

    def _plan(self, watch: FixVerifier, watched: CheckResult) -> list[Finding]:
        findings = watch.reported(watched)
        wanted = [each for each in findings if self._is_candidate(each) and watch.may_fix(each)]
        for finding in wanted:
            reason = self._why_not(finding, watched)
            if reason:
                self._refuse(finding, reason)
        return plan(wanted, self._is_candidate)

    def _is_candidate(self, finding: Finding) -> bool:
        fix = finding.fix
        if fix is None or (fix.safety != SAFE and not self.unsafe) or _key(finding) in self.refused:
            return False
        return {edit.file for edit in fix.edits} == {finding.location.file}

    def _why_not(self, finding: Finding, watched: CheckResult) -> str:
        """Why nothing in the finding's file is to be changed; and its content, remembered."""
        name, request = finding.location.file, self.first.request
        if name in self.originals:
            return ""
        path = self._path(name)
        if path is not None:
            reason = files.why_not(path, request.settings.root)
            if reason:
                return reason
        try:
            data = path.read_bytes() if path is not None else request.stdin or b""
        except OSError as error:
            return f"it cannot be read: {error.strerror or error}"
        if not texts.is_exact(watched.files[name], data):
            return "it was changed meanwhile"
        self.originals[name] = data
        return ""

    def _refuse(self, finding: Finding, reason: str) -> None:
        self.refused[_key(finding)] = Refusal(finding, reason)

    # -- contents ---------------------------------------------------------------------------------

    def _applied(self, batch: Sequence[Finding]) -> tuple[dict[str, bytes], str]:
        """All contents after the fixes of ``batch``, and what is wrong with them."""
        contents = dict(self.contents)
        touched = {place for each in batch if each.fix for place in each.fix.touched}
        for name, edits in edits_of(batch).items():
            before = contents.get(name, self.originals[name])
            contents[name] = texts.applied(before, edits)
            own = [(document, path) for file, document, path in touched if file == name]
            form = self.first.files[name].format
            reason = texts.unintended(before, contents[name], form, own)
            if reason:
                return contents, reason
        return contents, ""

    def _path(self, name: str) -> Path | None:
        request = self.first.request
        return None if STDIN in request.paths else request.settings.root / name

    def _stdin(self, contents: Mapping[str, bytes]) -> bytes | None:
        request = self.first.request
        return next(iter(contents.values()), request.stdin) if STDIN in request.paths else None

    def _unsafe_left(self, findings: Sequence[Finding]) -> int:
        if self.unsafe:
            return 0
        return sum(1 for each in findings if each.fix is not None and each.fix.safety != SAFE)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.fingerprint, finding.message
