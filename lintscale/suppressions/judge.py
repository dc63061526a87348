"""Findings held against suppressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import record
from lintscale.engine.check_run import CheckRun
from lintscale.engine.finding import Finding
from lintscale.project.config.known import EVERYTHING
from lintscale.suppressions.audit import SuppressionAudit
from lintscale.suppressions.sources import in_comments, of_config, of_objects
from lintscale.suppressions.suppression import CONFIG, Key, Suppression, keys_of
from lintscale.suppressions.syntax import Clause
from lintscale.suppressions.usage import Names, SuppressionUsage, is_expired


@record
class Suppressed:
    """A finding that is not reported, and the suppression (which of its clauses) that did it."""

    finding: Finding
    suppression: Suppression
    clause: Clause


@record
class Outcome:
    """``findings`` are what is left, with what there is to say of the suppressions."""

    findings: list[Finding]
    suppressed: list[Suppressed]


def judge(findings: Sequence[Finding], run: CheckRun) -> Outcome:
    """Which findings are left, and which a suppression hides. Findings about suppressions can be
    hidden from the config alone; those about the config by nothing."""
    written = [each for source in run.files.values() for each in in_comments(source)]
    written += of_objects(run.project.suppressions, run.project.workloads, run.files)
    tallies = [SuppressionUsage(each) for each in written]
    of_the_config = [
        SuppressionUsage(each) for each in of_config(run.settings.suppressions, run.config_name)
    ]
    if not tallies and not of_the_config:
        return Outcome(list(findings), [])
    names = Names(run)
    kept, suppressed = _Judge([*tallies, *of_the_config], names, run.today).part(findings)
    remarks = SuppressionAudit(run, names, findings)
    about = [finding for tally in tallies for finding in remarks.of(tally)]
    left, more = _Judge(of_the_config, names, run.today).part(about)
    last = [finding for tally in of_the_config for finding in remarks.of(tally)]
    return Outcome([*kept, *left, *last], [*suppressed, *more])


@record
class _Answer:
    """What suppressions do with a finding: the ``first`` of them that hides it (its number, and
    which of its clauses), and the numbers of those that would have until their last day."""

    first: tuple[int, Clause] | None
    expired: tuple[int, ...]


class _Judge:
    """Suppressions by what they cover: a file with thousands of them is no reason to hold each
    against each finding."""

    def __init__(self, tallies: Sequence[SuppressionUsage], names: Names, today: str) -> None:
        self.tallies = tallies
        self.names = names
        self.today = today
        self.by_key: dict[Key, list[int]] = {}
        self.matching: list[int] = []
        for number, tally in enumerate(tallies):
            for key in tally.suppression.cover.covered():
                self.by_key.setdefault(key, []).append(number)
            if tally.suppression.cover.matches is not None:
                self.matching.append(number)
        self.answers: dict[tuple[Key, str], _Answer] = {}

    def part(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """Findings that stay, and those that do not. Every suppression that covers a finding is
        used by it: which of two would be the unused one cannot be told."""
        kept, hidden = [], []
        for finding in findings:
            answers = [] if finding.internal else [*self._by_key(finding), *self._matching(finding)]
            hiding = [answer.first for answer in answers if answer.first is not None]
            if hiding:
                number, clause = min(hiding, key=lambda each: each[0])
                hidden.append(Suppressed(finding, self.tallies[number].suppression, clause))
                continue
            kept.append(finding)
            for number in (number for answer in answers for number in answer.expired):
                self.tallies[number].returned = True
        return kept, hidden

    def _by_key(self, finding: Finding) -> Iterator[_Answer]:
        for key in keys_of(finding):
            if key not in self.by_key:
                continue
            question = (key, finding.rule)
            if question not in self.answers:
                self.answers[question] = self._answer(self.by_key[key], finding)
            yield self.answers[question]

    def _matching(self, finding: Finding) -> Iterator[_Answer]:
        for number in self.matching:
            matches = self.tallies[number].suppression.cover.matches
            if matches is not None and matches(finding):
                yield self._answer([number], finding)

    def _answer(self, numbers: Iterable[int], finding: Finding) -> _Answer:
        """What some suppressions, which all cover a finding, do with it; the names that hide it
        are noted."""
        first, expired = None, []
        for number in numbers:
            tally = self.tallies[number]
            tally.wanted.add(finding.rule)
            for clause, names in self._meant(finding, tally.suppression):
                if is_expired(tally.suppression.clauses[clause], self.today):
                    expired.append(number)
                    continue
                tally.used |= {(clause, name) for name in names}
                first = first or (number, tally.suppression.clauses[clause])
        return _Answer(first, tuple(expired))

    def _meant(self, finding: Finding, suppression: Suppression) -> Iterator[tuple[int, list[str]]]:
        """The clauses, by their numbers, that mean the finding and may hide it, with the names in
        them that do."""
        if not self.names.can_hide(suppression.kind, finding.rule):
            return
        for number, clause in enumerate(suppression.clauses):
            names = [
                name.text for name in clause.names if _means(name.text, finding, suppression.kind)
            ]
            if names and not clause.mistake:
                yield number, names


def _means(name: str, finding: Finding, kind: str) -> bool:
    """Whether a name in a suppression means the finding's rule."""
    if name == EVERYTHING:
        return kind == CONFIG
    return name in (finding.rule, finding.category)
