"""Findings about files: what cannot be read, what breaks a schema, and unusable policies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lintscale._record import replace
from lintscale.engine.check_run import CheckRun, FixMaker
from lintscale.engine.finding import Finding, Related, Severity
from lintscale.engine.identity import identified
from lintscale.engine.rules import Rule
from lintscale.model.location import Location, Span
from lintscale.model.resolved import Workload
from lintscale.project.config import Settings
from lintscale.project.discovery import relative_name
from lintscale.resolve.secrets import without_passwords
from lintscale.syntax import Problem, SourceFile


def problem_findings(run: CheckRun, fixer: FixMaker) -> Iterator[Finding]:
    """The problems that readers and the schema check found, as findings of the rules that report
    them."""
    by_id = {rule.id: rule for rule in run.chosen if rule.reported_by in ("reader", "schema")}
    owners: dict[tuple[str, str], Workload] | None = None
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
            finding = _finding(problem, source, rule, run.settings, owner)
            fix = fixer.renaming(problem, source.path, rule.fixable or "unsafe")
            finding = replace(finding, platform=reading.platform or None, fix=fix)
            yield identified(finding, {source.path: source})


def policy_findings(run: CheckRun) -> Iterator[Finding]:
    """The problems of policies that are not used because of them."""
    for each in run.policy_problems:
        file = relative_name(Path(each.file).absolute(), run.settings.root.absolute())
        span = Span(each.line, each.column, each.line, each.column + 1)
        yield Finding(
            rule=Path(each.file).stem,
            category="policy",
            severity=Severity.ERROR,
            message=f"this policy is not used: {without_passwords(each.message)}",
            location=Location(file, span),
            help="Fix the policy; “lintscale policy test” checks it.",
            why="A rule that cannot be read reports nothing about the project.",
            internal=True,
        )


def _finding(
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
        message=without_passwords(problem.message),
        location=location,
        service=without_passwords(owner.service) if owner and owner.service else None,
        workload=without_passwords(workload) or None,
        environment=(owner.environment.value or None) if owner else None,
        help=problem.help or rule.how_to_fix,
        why=rule.reason,
        related=related,
        workload_id=owner.id if owner else "",
    )
