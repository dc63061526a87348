"""Suppressions applied to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import record
from lintscale.engine.check_run import CheckRun
from lintscale.engine.finding import Finding
from lintscale.project.config import EVERYTHING
from lintscale.suppressions.audit import SuppressionAudit
from lintscale.suppressions.reading import in_comments, in_config, on_objects
from lintscale.suppressions.suppression import (
    CONFIG,
    RuleNames,
    ScopeKey,
    Suppression,
    SuppressionUsage,
    finding_keys,
    is_expired,
)
from lintscale.suppressions.syntax import Clause


@record
class Suppressed:
    """A finding that is not reported, and the clause of a suppression that suppresses it."""

    finding: Finding
    suppression: Suppression
    clause: Clause


@record
class Outcome:
    """The ``findings`` that are left, with those about suppressions, and the suppressed ones."""

    findings: list[Finding]
    suppressed: list[Suppressed]


def judge(findings: Sequence[Finding], run: CheckRun) -> Outcome:
    """Apply all suppressions. Findings about suppressions in files can only be suppressed in the
    config; those about the config's suppressions cannot be suppressed."""
    in_files = [each for source in run.files.values() for each in in_comments(source)]
    usages = [SuppressionUsage(each) for each in (*in_files, *on_objects(run))]
    config_usages = [SuppressionUsage(each) for each in in_config(run)]
    if not usages and not config_usages:
        return Outcome(list(findings), [])
    names = RuleNames(run)
    left, suppressed = _Matcher([*usages, *config_usages], names, run.today).split(findings)
    audit = SuppressionAudit(run, names, findings)
    about = [finding for usage in usages for finding in audit.findings(usage)]
    about_left, about_suppressed = _Matcher(config_usages, names, run.today).split(about)
    about_config = [finding for usage in config_usages for finding in audit.findings(usage)]
    return Outcome([*left, *about_left, *about_config], [*suppressed, *about_suppressed])


@record
class _Match:
    """The first suppression (its index, and its clause) that suppresses a finding, and the indices
    of those that would have until their last day."""

    first: tuple[int, Clause] | None
    expired: tuple[int, ...]


class _Matcher:
    """Finds suppressions by what they cover: comparing each of thousands in a file with each
    finding would take too long."""

    def __init__(self, usages: Sequence[SuppressionUsage], names: RuleNames, today: str) -> None:
        self.usages = usages
        self.names = names
        self.today = today
        self.by_key: dict[ScopeKey, list[int]] = {}
        self.with_matcher: list[int] = []
        for index, usage in enumerate(usages):
            for key in usage.suppression.scope.covered():
                self.by_key.setdefault(key, []).append(index)
            if usage.suppression.scope.matches is not None:
                self.with_matcher.append(index)
        self.matches: dict[tuple[ScopeKey, str], _Match] = {}

    def split(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """The findings that are left, and the suppressed ones. A finding uses every suppression
        that covers it, as none of them is the unused one."""
        left, suppressed = [], []
        for finding in findings:
            matches = [] if finding.internal else list(self._matches(finding))
            first = [match.first for match in matches if match.first is not None]
            if first:
                index, clause = min(first, key=lambda each: each[0])
                suppressed.append(Suppressed(finding, self.usages[index].suppression, clause))
                continue
            left.append(finding)
            for index in (index for match in matches for index in match.expired):
                self.usages[index].reported_again = True
        return left, suppressed

    def _matches(self, finding: Finding) -> Iterator[_Match]:
        for key in finding_keys(finding):
            if key not in self.by_key:
                continue
            question = (key, finding.rule)
            if question not in self.matches:
                self.matches[question] = self._match(self.by_key[key], finding)
            yield self.matches[question]
        for index in self.with_matcher:
            matches = self.usages[index].suppression.scope.matches
            if matches is not None and matches(finding):
                yield self._match([index], finding)

    def _match(self, indices: Iterable[int], finding: Finding) -> _Match:
        """What suppressions that cover a finding do with it; notes the names that are used."""
        first, expired = None, []
        for index in indices:
            usage = self.usages[index]
            usage.rules_in_scope.add(finding.rule)
            for number, clause, names in self._matching_clauses(finding, usage.suppression):
                if is_expired(clause, self.today):
                    expired.append(index)
                    continue
                usage.used |= {(number, name) for name in names}
                first = first or (index, clause)
        return _Match(first, tuple(expired))

    def _matching_clauses(
        self, finding: Finding, suppression: Suppression
    ) -> Iterator[tuple[int, Clause, list[str]]]:
        """The clauses that may suppress a finding, with their indices and the matching names."""
        if not self.names.may_suppress(suppression.kind, finding.rule):
            return
        meant = {finding.rule, finding.category}
        if suppression.kind == CONFIG:
            meant.add(EVERYTHING)
        for number, clause in enumerate(suppression.clauses):
            names = [name.text for name in clause.names if name.text in meant]
            if names and not clause.mistake:
                yield number, clause, names
