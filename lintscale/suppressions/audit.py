"""Findings about suppressions: unused, expired, without a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from lintscale._record import replace
from lintscale.engine.check_run import CheckRun
from lintscale.engine.finding import Finding, Fix, Severity
from lintscale.engine.identity import identified
from lintscale.fixes.edits import Fixer
from lintscale.model.location import Span
from lintscale.project.config import EVERYTHING, no_such
from lintscale.suppressions.editing import removal
from lintscale.suppressions.suppression import (
    ANNOTATION,
    COMMENT,
    CONFIG,
    REPORTED_BY,
    ClauseName,
    RuleNames,
    Suppression,
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
"""Rules that a message proposes."""

_MOST_REASONS = 5
"""Reasons in one message."""

_MOST_ADVICE = 100
"""Misspelt names of a run that are compared with all names; more is an attack."""


class SuppressionAudit:
    """Reports what is wrong with suppressions, by the rules that are selected."""

    def __init__(self, run: CheckRun, names: RuleNames, findings: Sequence[Finding]) -> None:
        self.run = run
        self.names = names
        self.rules = {rule.id: rule for rule in run.chosen if rule.reported_by == REPORTED_BY}
        self.judging = run.judging(findings)
        self.known = {*names.categories, *names.categories.values()}
        self.fixer = Fixer(run.files)
        self.advice: dict[str, str] = {}
        self.is_complete = run.is_complete() and not run.policy_problems
        self.platforms = {reading.name: reading.platform for reading in run.loaded.readings}
        self.reported = run.loaded.reported

    def findings(self, usage: SuppressionUsage) -> Iterator[Finding]:
        suppression = usage.suppression
        if suppression.kind == CONFIG:
            is_reported = self.platforms.keys() <= self.reported
        else:
            is_reported = suppression.location.file in self.reported
        if is_reported and UNUSED in self.rules:
            yield from self._unused(usage)
        if EXPIRED in self.rules and (is_reported or usage.reported_again):
            yield from self._expired(usage)
        if is_reported and WITHOUT_REASON in self.rules:
            yield from self._without_reason(usage)

    # -- unused -----------------------------------------------------------------------------------

    def _unused(self, usage: SuppressionUsage) -> Iterator[Finding]:
        """One finding for all unused names of a suppression, so that one fix is enough."""
        suppression = usage.suppression
        names = suppression.names()
        wrong = [number for number, each in enumerate(suppression.clauses) if each.mistake]
        ineffective = {
            key: self._why_ineffective(key, suppression) for key in names if key[0] not in wrong
        }
        unused = {key for key in ineffective if self._is_unused(usage, key)}
        reasons = _first(dict.fromkeys(self._mistake(usage, number) for number in wrong))
        if unused:
            listed = _listed(dict.fromkeys(key[1] for key in names if key in unused), "or")
            reasons.append(f"there is no {listed} finding {suppression.scope.description}")
        reasons += _first(dict.fromkeys(reason for reason in ineffective.values() if reason))
        if not reasons:
            return
        useless = {key for key in names if key in unused or ineffective.get(key, True)}
        is_whole = len(useless) == len(set(names))
        start = "this suppresses nothing" if is_whole else "part of this suppresses nothing"
        # A misspelt name is to be corrected, not removed.
        drop = {key for key in useless if self._is_known(key[1], suppression)}
        fix = self._removal(suppression, drop) if not wrong else None
        yield self._finding(
            UNUSED,
            suppression,
            f"{start}: {'; '.join(reasons)}",
            fix=fix,
            span=None if is_whole else _around(suppression, useless),
        )

    def _mistake(self, usage: SuppressionUsage, number: int) -> str:
        clause = usage.suppression.clauses[number]
        return clause.mistake + (f"; write “{self._form(usage)}”" if clause.malformed else "")

    def _form(self, usage: SuppressionUsage) -> str:
        """A suppression in the right form, of the rules that have findings there."""
        kind = usage.suppression.kind
        rules = sorted(rule for rule in usage.rules_in_scope if self.names.may_suppress(kind, rule))
        named = ", ".join(rules) if 0 < len(rules) <= _MOST_NAMED else "rule-id"
        return f"{named}: reason" if kind == ANNOTATION else f"lintscale: ignore[{named}] reason"

    def _removal(self, suppression: Suppression, drop: AbstractSet[ClauseName]) -> Fix | None:
        source = suppression.source
        text = self.fixer.source_text(source.path) if source is not None and drop else None
        return removal(suppression, drop, text) if text is not None else None

    def _is_known(self, name: str, suppression: Suppression) -> bool:
        return name in self.known or (name == EVERYTHING and suppression.kind == CONFIG)

    def _why_ineffective(self, key: ClauseName, suppression: Suppression) -> str:
        """Why a name can suppress no finding at all; "" where it can, or could until the last day
        of its clause."""
        number, name = key
        if is_expired(suppression.clauses[number], self.run.today):
            return ""
        if name == EVERYTHING and suppression.kind != CONFIG:
            return f"“{EVERYTHING}” is not allowed here; name rules or a category"
        if not self._is_known(name, suppression):
            # It may be the name of a policy that cannot be used.
            return "" if self.run.policy_problems else self._unknown(name)
        if self._is_strict(name):
            return f"{name} is strict in {self.run.config_name} and cannot be suppressed"
        rules = self.names.rules(name)
        if not any(self.names.may_suppress(suppression.kind, rule) for rule in rules):
            return f"{name} can only be suppressed in the configuration"
        return ""

    def _is_strict(self, name: str) -> bool:
        rules = self.names.rules(name)
        return bool(rules) and rules <= self.names.strict

    def _unknown(self, name: str) -> str:
        """That there is no such rule, with what may have been meant for the first names only, as
        the search is slow."""
        if name not in self.advice:
            if len(self.advice) >= _MOST_ADVICE:
                return f"there is no rule or category “{excerpt(name)}”"
            self.advice[name] = no_such("rule or category", excerpt(name), self.known)
        return self.advice[name]

    def _is_unused(self, usage: SuppressionUsage, key: ClauseName) -> bool:
        """Whether a name certainly suppresses nothing that it could."""
        (number, name), suppression = key, usage.suppression
        if not self.is_complete or key in usage.used or self._why_ineffective(key, suppression):
            return False
        if is_expired(suppression.clauses[number], self.run.today):
            return False
        source, unrendered = suppression.source, self.run.loaded.unrendered
        if unrendered and (suppression.kind == CONFIG or suppression.location.file in unrendered):
            return False  # what is rendered elsewhere may have the finding
        if suppression.kind == COMMENT and (source is None or not source.documents):
            return False  # a part of other files' objects, or nothing that was judged
        return self.names.rules(name) <= self.judging

    # -- expired, without a reason ----------------------------------------------------------------

    def _expired(self, usage: SuppressionUsage) -> Iterator[Finding]:
        expired = [
            clause
            for clause in usage.suppression.clauses
            if not clause.mistake and is_expired(clause, self.run.today)
        ]
        if not expired:
            return
        what = ", that ".join(
            f"of {_listed(name.text for name in clause.names)} expired on {clause.until}"
            for clause in expired
        )
        names = dict.fromkeys(name.text for clause in expired for name in clause.names)
        if all(self._is_strict(name) for name in names):
            verb = "is" if len(names) == 1 else "are"
            effect = f"{_listed(names)} {verb} strict and cannot be suppressed"
            advice = "Remove it."
        elif usage.reported_again:
            effect = "what it suppressed is reported again"
            advice = "Fix that, or set a new date."
        else:
            effect, advice = "it would suppress nothing now", "Remove it."
        message = f"the suppression {what}; {effect}"
        yield self._finding(EXPIRED, usage.suppression, message, help=advice)

    def _without_reason(self, usage: SuppressionUsage) -> Iterator[Finding]:
        suppression = usage.suppression
        without = {
            number
            for number, clause in enumerate(suppression.clauses)
            if not (clause.reason or clause.mistake or is_expired(clause, self.run.today))
        }
        names = [
            key[1]
            for key in suppression.names()
            if key[0] in without
            and not self._why_ineffective(key, suppression)
            and not self._is_unused(usage, key)
        ]
        if names:
            verb = "is" if len(names) == 1 else "are"
            message = f"{_listed(names)} {verb} suppressed without a reason"
            yield self._finding(WITHOUT_REASON, suppression, message)

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
            message=message,
            location=location,
            platform=self.platforms.get(location.file) or None,
            help=help or rule.how_to_fix,
            why=rule.reason,
            fix=fix,
        )
        return identified(finding, self.run.files)


def _around(suppression: Suppression, names: AbstractSet[ClauseName]) -> Span | None:
    """The span from the first to the last of some names, where known."""
    located = zip(suppression.names(), suppression.name_spans, strict=False)
    spans = [span for key, span in located if key in names]
    if not spans:
        return None
    first, last = min(spans), max(spans)
    if first.line != last.end_line:
        return first
    return Span(*first[:2], *last[2:])


def _first(reasons: Iterable[str]) -> list[str]:
    reasons = list(reasons)
    more = len(reasons) - _MOST_REASONS
    return [*reasons[:_MOST_REASONS], f"and {more} more"] if more > 0 else reasons


def _listed(names: Iterable[str], conjunction: str = "and") -> str:
    """ "a", "a and b", "a, b and c" """
    *first, last = names
    return f"{', '.join(first)} {conjunction} {last}" if first else last
