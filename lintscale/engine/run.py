"""Rules over a project: findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lintscale._record import record
from lintscale.engine.check_run import CheckRun
from lintscale.engine.expressions import Expression, ExpressionError, activation, trimmed
from lintscale.engine.finding import Finding, Related, Severity
from lintscale.engine.fixes import Fixer
from lintscale.engine.identity import identified
from lintscale.engine.rules import Case, Rule
from lintscale.engine.view import View, location_of, resolve, view
from lintscale.model.location import Location, Span
from lintscale.model.resolved import Workload
from lintscale.project.config import Settings
from lintscale.project.discovery import relative_name
from lintscale.resolve.secrets import without_passwords


@record
class _Item:
    """One thing that rules of a scope are asked about. ``things`` are model objects by the name
    that expressions and paths know them under, ``views`` the same as plain data."""

    scope: str
    things: dict[str, Any]
    views: dict[str, View]
    platform: str
    owner: Workload | None

    @property
    def thing(self) -> Any:
        return self.things[self.scope]

    @property
    def platforms(self) -> tuple[str, ...]:
        """Those whose rules are asked about it: several of a service, and of the project."""
        several: tuple[str, ...] | None = getattr(self.thing, "platforms", None)
        return several or (self.platform,)


@record
class _Everywhere:
    """Where a finding about the project as a whole stands: at its first workload."""

    platform: str
    platforms: tuple[str, ...]
    location: Location


def run_rules(run: CheckRun) -> list[Finding]:
    """All findings, unsorted, severities as the settings have them. A rule that fails on the
    project is one finding about that rule (``internal``); the others go on."""
    return _Run(run).findings()


class _Run:
    def __init__(self, run: CheckRun) -> None:
        self.settings = run.settings
        self.project = project = run.project
        self.files = run.files
        self.fixer = Fixer(run.files)
        self.today = run.today
        self.rules = run.chosen
        self.project_view = {"outside": list(project.outside), "files": len(run.files)}
        if _mention_all(run.chosen):
            self.project_view["workloads"] = [view(w) for w in project.workloads if w.scanned]
        self.by_id = _by_id_or_name(project.workloads)
        self.profiles = {name: view(profile) for name, profile in run.settings.profiles.items()}
        self.found: dict[tuple[object, ...], Finding] = {}
        self.crashed: dict[str, Finding] = {}

    def findings(self) -> list[Finding]:
        cases: dict[tuple[str, str], list[tuple[Rule, Case]]] = {}
        for rule in self.rules:
            for case in rule.cases:
                for platform in case.platforms:
                    cases.setdefault((case.scope, platform), []).append((rule, case))
        scopes = {scope for scope, _ in cases}
        for item in self._items(scopes):
            mine = {
                id(case): (rule, case)
                for platform in item.platforms
                for rule, case in cases.get((item.scope, platform), ())
            }
            if mine:
                self._judge(item, mine.values())
        return [*self.found.values(), *self.crashed.values()]

    # -- what there is to ask about ---------------------------------------------------------------

    def _items(self, scopes: set[str]) -> Iterator[_Item]:
        project = self.project
        for workload in project.workloads:
            yield from self._of_workload(workload, scopes)
        for name, things in (
            ("database", project.databases),
            ("budget", project.disruption_budgets),
            ("ignored", project.ignored_settings),
            ("note", project.notes),
            ("credential", project.credentials),
            ("drift", project.drifts),
            ("deprecation", project.deprecations),
        ):
            if name in scopes:
                for thing in things:
                    yield self._item(name, {name: thing}, {name: view(thing)}, None)

        if "service" in scopes:
            by_id = {workload.id: workload for workload in project.workloads}
            for service in project.services:
                seen = view(service)
                seen["workloads"] = [view(by_id[key]) for key in service.workloads]
                yield self._item("service", {"service": service}, {"service": seen}, None)
        if "project" in scopes and project.workloads:
            first = min(project.workloads, key=lambda workload: workload.id)
            every = sorted({workload.platform for workload in project.workloads})
            everywhere = _Everywhere(first.platform, tuple(every), first.location)
            yield self._item("project", {"project": everywhere}, {}, None)

    def _of_workload(self, workload: Workload, scopes: set[str]) -> Iterator[_Item]:
        whole: View = view(workload)
        things: dict[str, Any] = {"workload": workload}
        views = {"workload": whole}
        if workload.scanned:
            yield self._item("workload", things, views, workload)
        for name in ("container", "pool"):
            if name in scopes:
                plain = whole[name + "s"]
                for part, seen in zip(getattr(workload, name + "s"), plain, strict=True):
                    yield self._item(name, {**things, name: part}, {**views, name: seen}, workload)
        if "probe" in scopes:
            for part, seen in zip(workload.containers, whole["containers"], strict=True):
                for probe in part.probes:
                    asked = {**things, "container": part, "probe": probe}
                    asked_views = {**views, "container": seen, "probe": view(probe)}
                    yield self._item("probe", asked, asked_views, workload)
        if "resource" in scopes:
            yield from self._resources(workload, things, views)
        for autoscaler, seen in zip(workload.autoscalers, whole["autoscalers"], strict=True):
            upper = {**things, "autoscaler": autoscaler}
            upper_views = {**views, "autoscaler": seen}
            yield self._item("autoscaler", upper, upper_views, workload)
            for policy, policy_seen in zip(autoscaler.policies, seen["policies"], strict=True):
                lower = {**upper, "policy": policy}
                lower_views = {**upper_views, "policy": policy_seen}
                yield self._item("policy", lower, lower_views, workload)
                for metric, metric_seen in zip(policy.metrics, policy_seen["metrics"], strict=True):
                    yield self._item(
                        "metric",
                        {**lower, "metric": metric},
                        {**lower_views, "metric": metric_seen},
                        workload,
                    )

    def _resources(
        self, workload: Workload, things: dict[str, Any], views: dict[str, View]
    ) -> Iterator[_Item]:
        for container, seen in zip(
            workload.containers, views["workload"]["containers"], strict=True
        ):
            for resource, resource_seen in zip(container.resources, seen["resources"], strict=True):
                yield self._item(
                    "resource",
                    {**things, "container": container, "resource": resource},
                    {**views, "container": seen, "resource": resource_seen},
                    workload,
                )

    def _item(
        self, scope: str, things: dict[str, Any], views: dict[str, View], owner: Workload | None
    ) -> _Item:
        thing = things[scope]
        platform = owner.platform if owner else thing.platform
        if owner is None:
            largest = getattr(thing, "largest", None)
            named = largest.workload if largest else getattr(thing, "workload", "")
            owner = self.by_id.get((platform, named)) if named else None
        return _Item(scope, things, views, platform, owner)

    # -- judging ----------------------------------------------------------------------------------

    def _judge(self, item: _Item, cases: Iterable[tuple[Rule, Case]]) -> None:
        environment = _environment(item)
        profile = self.settings.profile_for(environment)
        variables = {
            **item.views,
            "profile": self.profiles[profile.name],
            "project": self.project_view,
            "today": self.today,
        }
        shared: dict[object, Any] = {}
        fired: set[str] = set()
        for rule, case in cases:
            if rule.id in fired or rule.id in self.crashed:
                continue
            if rule.params:
                chosen = {**rule.params, **self.settings.params.get(rule.id, {})}
                variables = {**variables, "param": chosen}
            uses = case.violated.uses
            # Conditions that look at the same things share an activation: each leaks a little.
            key = (uses, rule.id) if rule.params else uses
            if key not in shared:
                shared[key] = activation(trimmed(variables, uses))
            try:
                if case.violated.holds(shared[key]):
                    fired.add(rule.id)
                    self._add(rule, case, item, activation(variables), variables)
            except (ExpressionError, AttributeError) as error:
                line = _failing_line(case, variables)
                self.crashed[rule.id] = _crash(rule, line, item, self.settings, error)

    def _add(
        self, rule: Rule, case: Case, item: _Item, data: Any, variables: dict[str, Any]
    ) -> None:
        location = self._location(case, item)
        severity = Severity(self.settings.severity.get(rule.id, case.severity.value))
        finding = Finding(
            rule=rule.id,
            category=rule.category,
            severity=severity,
            message=without_passwords(case.message.render(data)),
            location=location,
            platform=item.platform,
            service=_shown(item.owner.service if item.owner else item.thing, "service"),
            workload=_shown(item.owner.display_name if item.owner else item.thing, "workload"),
            environment=_environment(item) or None,
            help=case.help.render(data),
            why=rule.reason,
            related=tuple(self._related(case, item, variables, location)),
            fix=self.fixer.fix(case.fix, item.things, item.thing, data, item.platform),
            workload_id=item.owner.id if item.owner else "",
        )
        finding = identified(finding, self.files)
        where = (location.file, location.span, location.path, location.rendered_by)
        key = (rule.id, *where, finding.message)
        self.found.setdefault(key, finding)

    def _location(self, case: Case, item: _Item) -> Location:
        """The first of the rule's places that exists; the thing itself when none does."""
        for path in case.at:
            location = location_of(resolve(path, item.things, item.thing))
            if location is not None:
                return location
        location = location_of(item.thing) or (item.owner.location if item.owner else None)
        return location or Location("", Span(1, 1, 1, 1))

    def _related(
        self, case: Case, item: _Item, variables: dict[str, Any], primary: Location
    ) -> Iterator[Related]:
        seen = {(primary.file, primary.span)}
        for spec in case.related:
            target = resolve(spec.at, item.things, item.thing)
            for thing in target if isinstance(target, tuple) else (target,):
                location = location_of(thing)
                if location is None or (location.file, location.span) in seen:
                    continue
                seen.add((location.file, location.span))
                data = activation({**variables, "it": view(thing)})
                yield Related(location, without_passwords(spec.message.render(data)))


def _mention_all(rules: Sequence[Rule]) -> bool:
    """Whether a rule looks at all workloads at once, which few do and which costs."""
    return any(
        # The word first: what an expression uses takes longer to find.
        "workloads" in expression.text and ("project", "workloads") in expression.uses
        for rule in rules
        for case in rule.cases
        for expression in case.expressions()
    )


def _by_id_or_name(workloads: Sequence[Workload]) -> dict[tuple[str, str], Workload]:
    """Workloads by platform and id, and by platform and name where that means only one."""
    found: dict[tuple[str, str], Workload] = {}
    shared: set[tuple[str, str]] = set()
    for workload in workloads:
        key = (workload.platform, workload.name)
        if key in found:
            shared.add(key)
        found[key] = workload
    for key in shared:
        del found[key]
    return found | {(workload.platform, workload.id): workload for workload in workloads}


def _environment(item: _Item) -> str:
    if item.owner is not None:
        return item.owner.environment.value or ""
    return _text(item.thing, "environment") or ""


def _shown(thing: Any, name: str) -> str | None:
    """A name, or the one that a thing has, as it may be printed; None where there is none."""
    text = thing if isinstance(thing, str) else _text(thing, name)
    return without_passwords(text) if text else None


def _text(thing: Any, name: str) -> str | None:
    value = getattr(thing, name, None)
    return value if isinstance(value, str) and value else None


def _failing_line(case: Case, variables: dict[str, Any]) -> int:
    """Where in the rule's file stands what cannot be evaluated."""
    for line, text in case.conditions:
        condition = Expression(text)
        try:
            condition.holds(activation(trimmed(variables, condition.uses)))
        except ExpressionError:
            return line
    return case.line


def _crash(rule: Rule, line: int, item: _Item, settings: Settings, error: Exception) -> Finding:
    where = location_of(item.thing)
    place = f" on {where.file}:{where.line}" if where else ""
    about = f" ({item.owner.display_name})" if item.owner else ""
    file = relative_name(Path(rule.file).absolute(), settings.root.absolute())
    return Finding(
        rule=rule.id,
        category=rule.category,
        severity=Severity.ERROR,
        message=without_passwords(
            f"the rule itself failed{place}{about}, and judged nothing after that: {error}"
        ),
        location=Location(file, Span(line, 1, line, 2)),
        help="Mend the rule's condition; for a built-in rule, please report this.",
        why="A rule that cannot be evaluated says nothing about the project.",
        internal=True,
    )
