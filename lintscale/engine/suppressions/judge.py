"""Findings held against suppressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lintscale.config.known import EVERYTHING
from lintscale.engine.finding import Finding
from lintscale.engine.suppressions.remarks import Remarks
from lintscale.engine.suppressions.sources import in_comments, of_config, of_objects
from lintscale.engine.suppressions.suppression import CONFIG, Key, Suppression, keys_of
from lintscale.engine.suppressions.syntax import Clause
from lintscale.engine.suppressions.tally import Names, Run, Tally, is_expired
from lintscale.record import record


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


def judge(findings: Sequence[Finding], run: Run) -> Outcome:
    """Which findings are left, and which a suppression hides. Findings about suppressions can be
    hidden from the config alone; those about the config by nothing."""
    written = [each for source in run.files.values() for each in in_comments(source)]
    written += of_objects(run.project.suppressions, run.project.workloads, run.files)
    tallies = [Tally(each) for each in written]
    of_the_config = [Tally(each) for each in of_config(run.settings.suppressions, run.config)]
    if not tallies and not of_the_config:
        return Outcome(list(findings), [])
    names = Names(run)
    kept, suppressed = _Judge([*tallies, *of_the_config], names, run.today).part(findings)
    crashed = {finding.rule for finding in findings if finding.internal}
    remarks = Remarks(run, names, crashed)
    about = [finding for tally in tallies for finding in remarks.of(tally)]
    left, more = _Judge(of_the_config, names, run.today).part(about)
    last = [finding for tally in of_the_config for finding in remarks.of(tally)]
    return Outcome([*kept, *left, *last], [*suppressed, *more])


class _Judge:
    """Suppressions by what they cover: a file with thousands of them is no reason to hold each
    against each finding."""

    def __init__(self, tallies: Sequence[Tally], names: Names, today: str) -> None:
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
        self.answers: dict[tuple[Key, str], tuple[int, Clause] | None] = {}

    def part(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """Findings that stay, and those that do not. Every suppression that covers a finding is
        used by it: which of two would be the unused one cannot be told."""
        kept, hidden = [], []
        for finding in findings:
            found = [] if finding.internal else [*self._by_key(finding), *self._matching(finding)]
            if found:
                number, clause = min(found, key=lambda each: each[0])
                hidden.append(Suppressed(finding, self.tallies[number].suppression, clause))
            else:
                kept.append(finding)
        return kept, hidden

    def _by_key(self, finding: Finding) -> Iterator[tuple[int, Clause]]:
        for key in keys_of(finding):
            if key not in self.by_key:
                continue
            question = (key, finding.rule)
            if question not in self.answers:
                hiding = self._hiding(self.by_key[key], finding)
                self.answers[question] = next(iter(hiding), None)
            answer = self.answers[question]
            if answer is not None:
                yield answer

    def _matching(self, finding: Finding) -> Iterator[tuple[int, Clause]]:
        for number in self.matching:
            matches = self.tallies[number].suppression.cover.matches
            if matches is not None and matches(finding):
                yield from self._hiding([number], finding)

    def _hiding(self, numbers: Iterable[int], finding: Finding) -> list[tuple[int, Clause]]:
        """Those of some suppressions that hide a finding which they all cover, each with the
        first clause that does; what becomes of them is noted."""
        found = []
        for number in numbers:
            clause = self._hide(finding, self.tallies[number])
            if clause is not None:
                found.append((number, clause))
        return found

    def _hide(self, finding: Finding, tally: Tally) -> Clause | None:
        """The first clause that hides the finding; None where none does."""
        rule, kind = finding.rule, tally.suppression.kind
        tally.wanted.add(rule)
        if not self.names.can_hide(kind, rule):
            return None
        by = None
        for number, clause in enumerate(tally.suppression.clauses):
            if clause.mistake:
                continue
            means = [name.text for name in clause.names if _means(name.text, finding, kind)]
            if means and is_expired(clause, self.today):
                tally.returned = True
            elif means:
                tally.used |= {(number, name) for name in means}
                by = by or clause
        return by


def _means(name: str, finding: Finding, kind: str) -> bool:
    """Whether a name in a suppression means the finding's rule."""
    if name == EVERYTHING:
        return kind == CONFIG
    return name in (finding.rule, finding.category)
