"""What is wrong with suppressions, as findings: of no use, past their date, without a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from lintscale._record import replace
from lintscale.engine.check_run import CheckRun
from lintscale.engine.finding import Finding, Fix, Severity
from lintscale.engine.identity import identified
from lintscale.fixes.edits import Fixer
from lintscale.model.location import Span
from lintscale.project.config import no_such
from lintscale.project.config.known import EVERYTHING
from lintscale.resolve.secrets import without_passwords
from lintscale.suppressions.edits import removal
from lintscale.suppressions.suppression import ANNOTATION, COMMENT, CONFIG, Suppression
from lintscale.suppressions.usage import (
    REPORTED_BY,
    Named,
    Names,
    SuppressionUsage,
    is_expired,
)
from lintscale.syntax.readers import excerpt

UNUSED, EXPIRED, WITHOUT_REASON = (
    "unused-suppression",
    "expired-suppression",
    "suppression-without-reason",
)

_MOST_NAMED = 3
"""Rules that a message proposes to name."""


_MOST_REASONS = 5
"""Reasons why names suppress nothing that one message gives."""

_MOST_ADVICE = 100
"""Misspelt names of a run that are compared with all there are; more is an attack."""


class SuppressionAudit:
    """Says what there is to say of each suppression, by the rules that are chosen."""

    def __init__(self, run: CheckRun, names: Names, findings: Sequence[Finding]) -> None:
        self.run = run
        self.names = names
        self.rules = {rule.id: rule for rule in run.chosen if rule.reported_by == REPORTED_BY}
        self.judging = run.judging(findings)
        known = set(names.categories) | set(names.categories.values())
        self.in_files = sorted(known)
        self.fixer = Fixer(run.files)
        self.advice: dict[str, str] = {}
        self.known = known | {EVERYTHING}
        # Where something could not be read, or was not, nobody knows what a rule would say.
        self.certain = run.is_complete() and not run.policy_problems
        self.platforms = {reading.name: reading.platform for reading in run.loaded.readings}
        self.reported = run.loaded.reported

    def of(self, tally: SuppressionUsage) -> Iterator[Finding]:
        suppression = tally.suppression
        wanted = self._is_wanted(suppression)
        if wanted and UNUSED in self.rules:
            yield from self._useless(tally)
        if EXPIRED in self.rules and (wanted or tally.returned):
            yield from self._expired(tally)
        if wanted and WITHOUT_REASON in self.rules:
            yield from self._without_reason(tally)

    def _is_wanted(self, suppression: Suppression) -> bool:
        if suppression.kind == CONFIG:
            return len(self.reported) == len(self.platforms)
        return suppression.location.file in self.reported

    # -- of no use --------------------------------------------------------------------------------

    def _useless(self, tally: SuppressionUsage) -> Iterator[Finding]:
        """One finding for all that is of no use in one suppression, so that one fix is enough."""
        suppression = tally.suppression
        names = list(_keys(suppression))
        wrong = [number for number, each in enumerate(suppression.clauses) if each.mistake]
        never = {key: self._why_never(key, suppression) for key in names if key[0] not in wrong}
        idle = {key for key in never if self._is_idle(tally, key)}
        said = _first(dict.fromkeys(why for why in never.values() if why))
        if idle:
            listed = _listed(dict.fromkeys(key[1] for key in names if key in idle), "or")
            said.insert(0, f"there is no {listed} finding {suppression.cover.where}")
        said[:0] = _first(dict.fromkeys(self._mistake(tally, number) for number in wrong))
        if not said:
            return
        useless = {key for key in names if key in idle or never.get(key, True)}
        whole = len(useless) == len(set(names))
        start = "this suppresses nothing" if whole else "a part of this suppresses nothing"
        # A name that is misspelt is to be corrected, not removed.
        drop = {key for key in useless if self._is_known(key[1], suppression)}
        fix = self._removal(suppression, drop) if not wrong else None
        yield self._finding(
            UNUSED,
            suppression,
            f"{start}: {'; '.join(said)}",
            fix=fix,
            span=None if whole else _around(suppression, names, useless),
        )

    def _mistake(self, tally: SuppressionUsage, number: int) -> str:
        clause = tally.suppression.clauses[number]
        return clause.mistake + (f"; write “{self._form(tally)}”" if clause.malformed else "")

    def _removal(self, suppression: Suppression, drop: AbstractSet[Named]) -> Fix | None:
        source = suppression.source
        if source is None or not drop:
            return None
        text = self.fixer.source_text(source.path)
        return removal(suppression, drop, text) if text is not None else None

    def _is_known(self, name: str, suppression: Suppression) -> bool:
        return name in self.known if suppression.kind == CONFIG else name in self.in_files

    def _why_never(self, key: Named, suppression: Suppression) -> str:
        """Why the name can suppress nothing, whatever is found; "" if it can, or could until the
        last day of its clause."""
        number, name = key
        if is_expired(suppression.clauses[number], self.run.today):
            return ""
        if name == EVERYTHING and suppression.kind != CONFIG:
            return f"“{EVERYTHING}” is too much; name the rules, or a category"
        if not self._is_known(name, suppression):
            # It may be what a policy is called that cannot be used.
            return "" if self.run.policy_problems else self._unknown(name)
        rules = self.names.rules(name)
        if self._is_strict(name):
            return f"{name} is strict in {self.run.config_name}: nothing may suppress it"
        if not any(self.names.can_hide(suppression.kind, rule) for rule in rules):
            return f"{name} can only be suppressed in the configuration"
        return ""

    def _is_strict(self, name: str) -> bool:
        rules = self.names.rules(name)
        return bool(rules) and rules <= self.names.strict

    def _unknown(self, name: str) -> str:
        """That there is no such rule, and what may have been meant: for the first few names,
        since looking costs."""
        if name not in self.advice:
            if len(self.advice) >= _MOST_ADVICE:
                return f"there is no rule or category “{excerpt(name)}”"
            self.advice[name] = no_such("rule or category", excerpt(name), self.in_files)
        return self.advice[name]

    def _is_idle(self, tally: SuppressionUsage, key: tuple[int, str]) -> bool:
        """Whether it is certain that the name hides nothing that there could have been."""
        (number, name), suppression = key, tally.suppression
        rules = self.names.rules(name)
        if not self.certain or key in tally.used or self._why_never(key, suppression):
            return False
        if is_expired(suppression.clauses[number], self.run.today):
            return False
        source, unrendered = suppression.source, self.run.loaded.unrendered
        if unrendered and (suppression.kind == CONFIG or suppression.location.file in unrendered):
            return False  # what is rendered elsewhere may have the finding
        if suppression.kind == COMMENT and (source is None or not source.documents):
            return False  # a part of other files' objects, or nothing that was judged
        return rules <= self.judging

    def _form(self, tally: SuppressionUsage) -> str:
        """How to write what was meant, with the rules that have something to report there."""
        kind = tally.suppression.kind
        rules = sorted(rule for rule in tally.wanted if self.names.can_hide(kind, rule))
        named = ", ".join(rules) if 0 < len(rules) <= _MOST_NAMED else "rule-id"
        return f"{named}: reason" if kind == ANNOTATION else f"lintscale: ignore[{named}] reason"

    # -- past its date, without a reason ----------------------------------------------------------

    def _expired(self, tally: SuppressionUsage) -> Iterator[Finding]:
        clauses = tally.suppression.clauses
        past = [
            clause
            for clause in clauses
            if not clause.mistake and is_expired(clause, self.run.today)
        ]
        if not past:
            return
        said = ", that ".join(
            f"of {_listed(name.text for name in clause.names)} ended on {clause.until}"
            for clause in past
        )
        names = dict.fromkeys(name.text for clause in past for name in clause.names)
        if all(self._is_strict(name) for name in names):
            verb = "is" if len(names) == 1 else "are"
            effect = f"{_listed(names)} {verb} strict anyway: nothing may suppress it"
            advice = "Remove it."
        elif tally.returned:
            effect, advice = "what it hid is reported again", "Mend that, or set a new date."
        else:
            effect, advice = "there is nothing left that it would hide", "Remove it."
        message = f"the suppression {said}; {effect}"
        yield self._finding(EXPIRED, tally.suppression, message, help=advice)

    def _without_reason(self, tally: SuppressionUsage) -> Iterator[Finding]:
        names = [
            name.text
            for number, clause in enumerate(tally.suppression.clauses)
            if not (clause.reason or clause.mistake or is_expired(clause, self.run.today))
            for name in clause.names
            if not self._why_never((number, name.text), tally.suppression)
            and not self._is_idle(tally, (number, name.text))
        ]
        if names:
            verb = "is" if len(names) == 1 else "are"
            yield self._finding(
                WITHOUT_REASON,
                tally.suppression,
                f"{_listed(names)} {verb} suppressed here without a reason",
            )

    def _finding(
        self,
        rule_id: str,
        suppression: Suppression,
        message: str,
        *,
        help: str = "",  # noqa: A002 - the field's word
        fix: Fix | None = None,
        span: Span | None = None,
    ) -> Finding:
        rule = self.rules[rule_id]
        location = suppression.location
        if span is not None:
            location = replace(location, span=span)
        severity = self.run.settings.severity.get(rule.id, rule.severity.value)
        finding = Finding(
            rule=rule.id,
            category=rule.category,
            severity=Severity(severity),
            message=without_passwords(message),
            location=location,
            platform=self.platforms.get(location.file) or None,
            help=help or rule.how_to_fix,
            why=rule.reason,
            fix=fix,
        )
        return identified(finding, self.run.files)


def _keys(suppression: Suppression) -> Iterator[Named]:
    for number, clause in enumerate(suppression.clauses):
        for name in clause.names:
            yield number, name.text


def _around(
    suppression: Suppression, names: Sequence[Named], some: AbstractSet[Named]
) -> Span | None:
    """From the first to the last of some names, where their places are known."""
    places = [span for key, span in zip(names, suppression.name_spans, strict=False) if key in some]
    if not places:
        return None
    first, last = min(places), max(places)
    if first.line != last.end_line:
        return first
    return Span(first.line, first.column, last.end_line, last.end_column)


def _first(reasons: Iterable[str]) -> list[str]:
    reasons = list(reasons)
    if len(reasons) <= _MOST_REASONS:
        return reasons
    return [*reasons[:_MOST_REASONS], f"and the like of {len(reasons) - _MOST_REASONS} more names"]


def _listed(names: Iterable[str], conjunction: str = "and") -> str:
    """ "a", "a and b", "a, b and c" """
    *first, last = names
    return f"{', '.join(first)} {conjunction} {last}" if first else last
