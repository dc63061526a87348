"""Findings held against suppressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from lintscale.config import Settings
from lintscale.config.known import EVERYTHING
from lintscale.engine.finding import Finding
from lintscale.engine.rules import Rule
from lintscale.engine.suppressions.suppression import CONFIG, Suppression
from lintscale.engine.suppressions.syntax import Clause
from lintscale.model import Project
from lintscale.record import field, record
from lintscale.source import SourceFile

REPORTED_BY = "suppressions"
"""What the rules about suppressions themselves say raises them."""

UNREADABLE = "syntax-error"
"""No comment can suppress it: in what cannot be read nobody knows what is a comment."""


@record
class Run:
    """What there is to know. ``rules`` are all, ``chosen`` those that judge; ``platforms`` are
    the files', ``reported`` the files whose findings are wanted. ``config`` is how reports call
    the config file. ``complete``: all files of the project were read; ``everything_reported``:
    the findings of all of them are wanted. ``today`` is an ISO date."""

    settings: Settings
    rules: Sequence[Rule]
    chosen: Sequence[Rule]
    project: Project
    files: Mapping[str, SourceFile]
    platforms: Mapping[str, str]
    reported: AbstractSet[str]
    everything_reported: bool
    config: str
    today: str
    complete: bool = True


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


Key = tuple[int, str]
"""The number of a clause in a suppression, and a name in it."""


@record(frozen=False)
class Tally:
    """What became of one suppression: which names were ``used`` to hide something, whether
    something ``returned`` that an expired clause would have hidden, and of which rules there
    were findings, ``wanted`` or not, where it speaks of."""

    suppression: Suppression
    used: set[Key] = field(default_factory=set)
    returned: bool = False
    wanted: set[str] = field(default_factory=set)


def judge(findings: Sequence[Finding], run: Run) -> Outcome:
    """Which findings are left, and which a suppression hides. Findings about suppressions can be
    hidden from the config alone; those about the config by nothing."""
    from lintscale.engine.suppressions.remarks import Remarks
    from lintscale.engine.suppressions.sources import in_comments, of_config, of_objects

    written = [each for source in run.files.values() for each in in_comments(source)]
    written += of_objects(run.project.suppressions, run.project.workloads, run.files)
    tallies = [Tally(each) for each in written]
    of_the_config = [Tally(each) for each in of_config(run.settings.suppressions, run.config)]
    if not tallies and not of_the_config:
        return Outcome(list(findings), [])
    names = Names(run)
    judged = _Judge(names, run.today)
    kept, suppressed = judged.part(findings, [*tallies, *of_the_config])
    crashed = {finding.rule for finding in findings if finding.internal}
    remarks = Remarks(run, names, crashed)
    about = [finding for tally in tallies for finding in remarks.of(tally)]
    left, more = judged.part(about, of_the_config)
    last = [finding for tally in of_the_config for finding in remarks.of(tally)]
    return Outcome([*kept, *left, *last], [*suppressed, *more])


class Names:
    """What the names in suppressions mean."""

    def __init__(self, run: Run) -> None:
        self.categories = {rule.id: rule.category for rule in run.rules}
        self.own = {rule.id for rule in run.rules if rule.reported_by == REPORTED_BY}
        self.strict = {rule for name in run.settings.strict for rule in self.rules(name)}

    def rules(self, name: str) -> set[str]:
        """The ids of the rules that a name means: none, one, those of a category or all."""
        return {
            rule
            for rule, category in self.categories.items()
            if name in (rule, category) or name == EVERYTHING
        }

    def can_hide(self, kind: str, rule: str) -> bool:
        """Whether a suppression of this kind may hide a rule's findings."""
        if rule in self.strict:
            return False
        return kind == CONFIG or (rule not in self.own and rule != UNREADABLE)


class _Judge:
    def __init__(self, names: Names, today: str) -> None:
        self.names = names
        self.today = today

    def part(
        self, findings: Iterable[Finding], tallies: Sequence[Tally]
    ) -> tuple[list[Finding], list[Suppressed]]:
        """Findings that stay, and those that do not. Every suppression that covers a finding is
        used by it: which of two would be the unused one cannot be told."""
        kept, hidden = [], []
        for finding in findings:
            suppressed = None
            for tally in () if finding.internal else tallies:
                if tally.suppression.covers(finding):
                    clause = self._hide(finding, tally)
                    if clause is not None and suppressed is None:
                        suppressed = Suppressed(finding, tally.suppression, clause)
            if suppressed is None:
                kept.append(finding)
            else:
                hidden.append(suppressed)
        return kept, hidden

    def _hide(self, finding: Finding, tally: Tally) -> Clause | None:
        """The first clause that hides the finding; None where none does."""
        rule = finding.rule
        tally.wanted.add(rule)
        if not self.names.can_hide(tally.suppression.kind, rule):
            return None
        by = None
        for number, clause in enumerate(tally.suppression.clauses):
            if clause.mistake:
                continue
            means = [name.text for name in clause.names if _means(name.text, finding, tally)]
            if means and is_expired(clause, self.today):
                tally.returned = True
            elif means:
                tally.used |= {(number, name) for name in means}
                by = by or clause
        return by


def _means(name: str, finding: Finding, tally: Tally) -> bool:
    """Whether a name in the suppression means the finding's rule."""
    if name == EVERYTHING:
        return tally.suppression.kind == CONFIG
    return name in (finding.rule, finding.category)


def is_expired(clause: Clause, today: str) -> bool:
    """A clause holds through its last day."""
    return bool(clause.until) and clause.until < today
