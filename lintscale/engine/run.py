"""Findings: of rules evaluated over a project, of files that cannot be read or break a schema, of
unusable policies."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lintscale._record import replace
from lintscale.engine.check_run import CheckRun, FixMaker
from lintscale.engine.expressions import Bindings, Expression, ExpressionError
from lintscale.engine.expressions.data import as_data
from lintscale.engine.finding import SOURCE_PLACE, Finding, Related, Severity
from lintscale.engine.identity import identified
from lintscale.engine.renderings import with_assumption
from lintscale.engine.rules import Case, Rule
from lintscale.engine.subjects import Subject, location_of, subjects
from lintscale.model.location import Location, Span
from lintscale.model.resolved import Workload
from lintscale.project.config import Settings
from lintscale.project.discovery import relative_name
from lintscale.syntax import Problem, SourceFile
from lintscale.syntax.document import SCHEMA_KINDS


def run_rules(run: CheckRun, fixer: Callable[[], FixMaker]) -> list[Finding]:
    """All findings, unsorted, with the severities of the settings. A rule that fails on the
    project is one finding about that rule (``internal``); the others go on."""
    return _Run(run, fixer).findings()


class _Run:
    def __init__(self, run: CheckRun, fixer: Callable[[], FixMaker]) -> None:
        project = run.project
        self.run = run
        self.settings = run.settings
        self.fixer = fixer
        self.project_data: dict[str, Any] = {
            "outside": list(project.outside),
            "files": len(run.files),
            "chose_profile": run.settings.chose_profile,
            "versions": dict(run.settings.versions),
            # Expensive, and few expressions mention them.
            "workloads": cache(lambda: [as_data(w) for w in project.workloads if w.scanned]),
        }
        self.profiles = {name: as_data(each) for name, each in run.settings.profiles.items()}
        self.found: dict[tuple[object, ...], Finding] = {}
        self.failed: dict[str, Finding] = {}

    def findings(self) -> list[Finding]:
        cases: dict[tuple[str, str], list[tuple[Rule, Case]]] = {}
        for rule in self.run.chosen:
            for case in rule.cases:
                for platform in case.platforms:
                    cases.setdefault((case.scope, platform), []).append((rule, case))
        for subject in subjects(self.run.project, {scope for scope, _ in cases}):
            applicable = {
                id(case): (rule, case)
                for platform in subject.platforms
                for rule, case in cases.get((subject.scope, platform), ())
            }
            if applicable:
                self._evaluate(subject, applicable.values())
        return [*self.found.values(), *self.failed.values()]

    def _evaluate(self, subject: Subject, cases: Iterable[tuple[Rule, Case]]) -> None:
        """Add the finding of the first violated case of each rule."""
        profile = self.settings.profile_for(subject.environment)
        common = Bindings(
            {
                **subject.data,
                "profile": self.profiles[profile.name],
                "project": self.project_data,
                "today": self.run.today,
            }
        )
        with_params: dict[str, Bindings] = {}
        fired: set[str] = set()
        for rule, case in cases:
            if rule.id in fired or rule.id in self.failed:
                continue
            if subject.is_parked and not rule.parked:
                continue
            bindings = common
            if rule.params:
                if rule.id not in with_params:
                    params = {**rule.params, **self.settings.params.get(rule.id, {})}
                    with_params[rule.id] = common.extended(param=params)
                bindings = with_params[rule.id]
            try:
                if case.violated.holds(bindings):
                    fired.add(rule.id)
                    self._add(rule, case, subject, bindings)
            except (ExpressionError, AttributeError) as error:
                line = _failing_line(case, bindings)
                self.failed[rule.id] = _failure(rule, line, subject, self.settings, error)

    def _add(self, rule: Rule, case: Case, subject: Subject, bindings: Bindings) -> None:
        own, location = _locations(case, subject, self.run.files)
        owner = subject.owner
        finding = Finding(
            rule=rule.id,
            category=rule.category,
            severity=self._severity(rule, case, owner),
            message=case.message.render(bindings),
            location=location,
            platform=subject.platform,
            service=(owner.service if owner else _text(subject.object, "service")) or None,
            workload=(owner.display_name if owner else _text(subject.object, "workload")) or None,
            environment=subject.environment or None,
            help=case.help.render(bindings),
            why=rule.reason,
            related=tuple(_related(case, subject, bindings, location, own)),
            source=own if own is not location else None,
            fix=self.fixer().fix(case.fix, subject, bindings) if case.fix else None,
            workload_id=owner.id if owner else "",
        )
        finding = identified(finding, self.run.files, own)
        place = (own.file, own.span, own.path, own.rendered_by)
        self.found.setdefault((rule.id, *place, finding.message), finding)

    def _severity(self, rule: Rule, case: Case, owner: Workload | None) -> Severity:
        """Of a file that another one has taken the place of, nothing is more than a remark."""
        if owner is not None and owner.superseded_by:
            return Severity.INFO
        return Severity(self.settings.severity.get(rule.id, case.severity.value))


def _locations(case: Case, subject: Subject, files: Container[str]) -> tuple[Location, Location]:
    """The first of the case's places that exists, or that of the subject; and the first that is in
    one of the ``files``: findings in the source of an application are reported in its config."""
    owner = subject.owner
    things = [*map(subject.resolve, case.at), subject.object, owner and owner.location]
    places = [place for place in map(location_of, things) if place is not None]
    own = places[0] if places else Location("", Span(1, 1, 1, 1))
    return own, next((place for place in places if place.file in files), own)


def _related(
    case: Case, subject: Subject, bindings: Bindings, location: Location, own: Location
) -> Iterator[Related]:
    seen = {(location.file, location.span)}
    for spec in case.related:
        target = subject.resolve(spec.at)
        for each in target if isinstance(target, tuple) else (target,):
            place = location_of(each)
            if place is None or (place.file, place.span) in seen:
                continue
            if spec.elsewhere and place.file == location.file:
                continue
            seen.add((place.file, place.span))
            message = spec.message.render(bindings.extended(it=as_data(each)))
            yield Related(place, message)
    if (own.file, own.span) not in seen:
        yield Related(own, SOURCE_PLACE)


def _text(thing: Any, name: str) -> str | None:
    value = getattr(thing, name, None)
    return value if isinstance(value, str) else None


def _failing_line(case: Case, bindings: Bindings) -> int:
    """The line in the rule's file of the part that cannot be evaluated."""
    for line, text in case.conditions:
        try:
            Expression(text).holds(bindings)
        except ExpressionError:
            return line
    return case.line


def _failure(
    rule: Rule, line: int, subject: Subject, settings: Settings, error: Exception
) -> Finding:
    location = location_of(subject.object)
    place = f" on {location.file}:{location.line}" if location else ""
    about = f" ({subject.owner.display_name})" if subject.owner else ""
    file = relative_name(Path(rule.file).absolute(), settings.root.absolute())
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=Severity.ERROR,
        message=f"the rule itself failed{place}{about}, and checked nothing after that: {error}",
        location=Location(file, Span(line, 1, line, 2)),
        help="Fix the rule's condition; for a built-in rule, please report this.",
        why="A rule that cannot be evaluated reports nothing about the project.",
        internal=True,
    )


# -- problems of files -----------------------------------------------------------------------------


def problem_findings(run: CheckRun, fixer: Callable[[], FixMaker]) -> Iterator[Finding]:
    """The problems that readers and the schema check found, as findings of the rules that report
    them."""
    by_id = {rule.id: rule for rule in run.chosen if rule.reported_by in ("reader", "schema")}
    owners: dict[tuple[str, str], Workload] | None = None
    superseded = {each.location.file for each in run.project.workloads if each.superseded_by}
    for reading in run.loaded.readings:
        source = reading.source
        for problem in source.problems if source else ():
            rule = by_id.get(problem.kind)
            if rule is None:
                continue
            assert source is not None  # noqa: S101 - it has problems
            if owners is None:
                owners = {
                    (each.location.file, each.display_name): each for each in run.project.workloads
                }
            owner = owners.get((source.path, problem.workload))
            finding = _problem_finding(problem, source, rule, run.settings, owner)
            finding = replace(finding, platform=reading.platform or None)
            if source.path in superseded and problem.kind in SCHEMA_KINDS:
                finding = replace(finding, severity=Severity.INFO)
            if problem.rename:
                fix = fixer().renaming(problem, source.path, rule.fixable or "unsafe")
                finding = replace(finding, fix=fix)
            if problem.assumed:
                finding = with_assumption(finding, problem.assumed)
            yield identified(finding, {source.path: source})


def _problem_finding(
    problem: Problem, source: SourceFile, rule: Rule, settings: Settings, owner: Workload | None
) -> Finding:
    location = Location(source.path, problem.span, problem.path, problem.document)
    related: tuple[Related, ...] = ()
    if problem.related is not None:
        other = Location(source.path, problem.related, problem.path, problem.document)
        related = (Related(other, problem.related_message),)
    severity = problem.severity or rule.severity.value
    workload = problem.workload or (owner.display_name if owner else "")
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=Severity(settings.severity.get(rule.id, severity)),
        message=problem.message,
        location=location,
        service=(owner.service or None) if owner else None,
        workload=workload or None,
        environment=(owner.environment.value or None) if owner else None,
        help=problem.help or rule.how_to_fix,
        why=rule.reason,
        related=related,
        workload_id=owner.id if owner else "",
    )


def policy_findings(run: CheckRun) -> Iterator[Finding]:
    """The problems of policies that are not used because of them."""
    for each in run.policy_problems:
        file = relative_name(Path(each.file).absolute(), run.settings.root.absolute())
        span = Span(each.line, each.column, each.line, each.column + 1)
        yield Finding(
            rule=Path(each.file).stem,
            category="policy",
            severity=Severity.ERROR,
            message=f"this policy is not used: {each.message}",
            location=Location(file, span),
            help="Fix the policy; “lintscale policy test” checks it.",
            why="A rule that cannot be read reports nothing about the project.",
            internal=True,
        )
