"""Declared → resolved: what documents contribute becomes one project, in three steps.

:func:`merged_workloads` merges what several documents say of one workload; :func:`join` finds what
belongs together, wherever it is written; :func:`derive` does the arithmetic. Each takes what the
step before it returns. Nothing is read from disk, and no order of the input matters.

Objects are matched as the platforms match them: by kind, name and namespace, or by labels. A
namespace that is not written (it is often set by kustomize or kubectl) fits any; what the
configuration or the files give to two environments is not joined. Where one object is defined more
than once (overlays, copies for examples), each reference means the definitions nearest to it in the
folder tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from lintscale._record import replace
from lintscale.model.declared import Application, Fragments
from lintscale.model.resolved import Container, Project, RunningWorkload, Workload
from lintscale.model.versions import numbers
from lintscale.resolve.autoscalers import join_autoscalers, join_vertical_autoscalers
from lintscale.resolve.code import Applications, with_code
from lintscale.resolve.competing import competing_autoscalers, sharing_autoscalers
from lintscale.resolve.connections import resolved_connections
from lintscale.resolve.credentials import credentials_of
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.health import aggregate_health
from lintscale.resolve.instances import instances_of
from lintscale.resolve.joined import JoinedProject, JoinedWorkload
from lintscale.resolve.left_alone import is_left_alone
from lintscale.resolve.matching import order
from lintscale.resolve.merging import merged_workloads
from lintscale.resolve.metrics import resolved_autoscaler
from lintscale.resolve.names import ServiceNamer, own_name, services_of
from lintscale.resolve.overlaps import Overlaps
from lintscale.resolve.overlays import Builds, Overlays, in_overlay_namespaces
from lintscale.resolve.processes import processes_of, worker_counts_of
from lintscale.resolve.requests import missing_requests
from lintscale.resolve.roles import (
    data_server_of,
    is_controller,
    is_exporter,
    is_operator,
    singleton_of,
)
from lintscale.resolve.shutdown import drain_seconds_of
from lintscale.resolve.static_answers import answered_paths
from lintscale.resolve.traffic import (
    Traffic,
    canaries_among,
    instances_beside,
    only_works,
    serves_traffic,
    shared_placements,
    traffic_of,
)
from lintscale.resolve.what_if import with_bounds, with_processes
from lintscale.resolve.work import scheduler_of
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from lintscale.model import declared
    from lintscale.model.declared import DocumentNote
    from lintscale.model.location import Location
    from lintscale.model.resolved import DisruptionBudget, Drift
    from lintscale.project.config import Settings
    from lintscale.resolve.joined import JoinedAutoscaler, JoinedBudget
    from lintscale.syntax import SourceFile

    class _Object(Protocol):
        @property
        def platform(self) -> str: ...
        @property
        def location(self) -> Location: ...


_WORD = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def resolve(
    everything: Fragments,
    settings: Settings,
    *,
    outside: Iterable[str] = (),
    broken: Iterable[str] = (),
    code_files: Sequence[str] = (),
    documents: Mapping[str, SourceFile] | None = None,
) -> Project:
    """The project of what all documents contribute. ``outside`` are reasons why objects may exist
    that were not read, ``broken`` the texts of files that could not be read: what they mention by
    name is in doubt. ``code_files`` are those of the applications that the configs are for."""
    finder, builds = EnvironmentFinder(settings), Builds(everything.kustomize_builds)
    everything = in_overlay_namespaces(everything, builds)
    merged = merged_workloads(everything, Overlays(everything, builds, finder))
    workloads, applications = with_code(merged, settings.root, code_files)
    joined = join(
        workloads, everything, applications, builds, finder, outside=outside, broken=broken
    )
    return derive(joined, settings, documents)


# -- joins ----------------------------------------------------------------------------------------


def join(
    workloads: Sequence[declared.Workload],
    everything: Fragments,
    applications: Applications,
    builds: Builds,
    finder: EnvironmentFinder,
    *,
    outside: Iterable[str],
    broken: Iterable[str],
) -> JoinedProject:
    """``workloads`` are whole; the rest of ``everything`` is joined to them."""
    mentioned = frozenset(word for text in broken for word in _WORD.findall(text))
    traffic = traffic_of(workloads, everything.routes, finder)
    vertical = join_vertical_autoscalers(everything.vertical_autoscalers, workloads, finder)
    scaling = join_autoscalers(
        sorted(everything.autoscalers, key=order),
        sorted(everything.alarms, key=order),
        builds,
        workloads,
        finder,
    )
    all_workloads = [*workloads, *scaling.unscanned]
    budgets, budgets_of = _join_budgets(everything, all_workloads, mentioned, finder)
    overlaps = Overlaps(workloads, scaling.of_workload, builds, finder).found(everything.routes)
    joined = []
    for workload in all_workloads:
        if workload.partial and not workload.scanned and workload.id not in scaling.of_workload:
            # A part of a workload is only there for what points at it.
            continue
        reached = traffic.get(workload.id) or Traffic(workload.serves_traffic)
        autoscalers = scaling.of_workload.get(workload.id, ())
        left_alone = workload.count_left_alone or is_left_alone(
            workload, everything.counts_left_alone, builds
        )
        is_worker = workload.role == "service" and only_works(workload, reached)
        role = "worker" if is_worker else workload.role
        joined.append(
            JoinedWorkload(
                replace(
                    workload, role=role, count_left_alone=workload.count_left_alone or left_alone
                ),
                applications=applications.get(workload.id, (None,) * len(workload.containers)),
                autoscalers=tuple(autoscalers),
                autoscaler_in_doubt=workload.id in scaling.in_doubt,
                vertical_autoscalers=tuple(vertical.get(workload.id, ())),
                disruption_budgets=tuple(budgets_of.get(workload.id, ())),
                serves_traffic=serves_traffic(workload, reached, autoscalers),
                host_names=reached.host_names,
                overlap=overlaps.get(workload.id),
                route_location=reached.route_location,
                gathered_by=builds.of(workload) if workload.scanned else (),
                in_doubt=workload.name in mentioned,
            )
        )
    return JoinedProject(
        workloads=tuple(sorted(joined, key=order)),
        autoscalers=scaling.autoscalers,
        disruption_budgets=budgets,
        databases=tuple(sorted(everything.databases, key=order)),
        ignored_settings=tuple(sorted(everything.ignored_settings, key=order)),
        notes=tuple(sorted(everything.notes, key=order)),
        deprecations=tuple(sorted(everything.deprecations, key=order)),
        outside=tuple(sorted(set(outside))),
        suppressions=tuple(sorted(everything.suppressions, key=order)),
    )


def _join_budgets(
    everything: Fragments,
    workloads: Sequence[declared.Workload],
    mentioned: frozenset[str],
    finder: EnvironmentFinder,
) -> tuple[tuple[JoinedBudget, ...], Mapping[str, Sequence[JoinedBudget]]]:
    if not everything.disruption_budgets:
        return (), {}
    from lintscale.resolve.budgets import LabelDoubts, join_budgets

    doubts = LabelDoubts(frozenset(everything.added_labels), tuple(everything.patches), mentioned)
    budgets = sorted(everything.disruption_budgets, key=order)
    return join_budgets(budgets, workloads, doubts, finder)


# -- arithmetic -----------------------------------------------------------------------------------


def derive(
    project: JoinedProject, settings: Settings, documents: Mapping[str, SourceFile] | None = None
) -> Project:
    """``documents`` are the scanned files by path; they are searched for credentials that no
    container holds."""
    finder = EnvironmentFinder(settings)
    running = _running_workloads(project, finder, settings)
    pools, databases = resolved_connections(running, project.databases, settings)
    by_id = {workload.id: workload for workload in running}
    budgets: list[DisruptionBudget] = []
    own: dict[str, tuple[DisruptionBudget, ...]] = {}
    conflicts: dict[str, tuple[DisruptionBudget, ...]] = {}
    if project.disruption_budgets:
        from lintscale.resolve.budgets import conflicting, resolved_budget

        budgets = [resolved_budget(budget, by_id) for budget in project.disruption_budgets]
        for joined in project.workloads:
            own[joined.id] = tuple(resolved_budget(b, by_id) for b in joined.disruption_budgets)
            conflicts[joined.id] = conflicting(
                by_id[joined.id], own[joined.id], by_id, finder.of_file
            )
    workloads = tuple(
        Workload(
            workload,
            disruption_budgets=own.get(workload.id, ()),
            conflicting_budgets=conflicts.get(workload.id, ()),
            pools=opened,
        )
        for workload, opened in zip(running, pools, strict=True)
    )
    notes = tuple(note for note in project.notes if _holds(note, settings.versions))
    objects = (workloads, project.autoscalers, databases, budgets, notes)
    platforms = _platforms_by_file(thing for things in objects for thing in things)
    return Project(
        workloads=workloads,
        autoscalers=project.autoscalers,
        disruption_budgets=tuple(budgets),
        databases=databases,
        ignored_settings=project.ignored_settings,
        notes=notes,
        services=services_of(workloads),
        credentials=credentials_of(workloads, platforms, documents or {}, finder.of_file),
        drifts=_drifts_of(workloads),
        deprecations=project.deprecations,
        outside=project.outside,
        suppressions=project.suppressions,
    )


def _running_workloads(
    project: JoinedProject, finder: EnvironmentFinder, settings: Settings
) -> list[RunningWorkload]:
    workloads = project.workloads
    namer, changes = ServiceNamer(settings), settings.what_if
    environments = {
        workload.id: finder.environment(workload, workload.gathered_by) for workload in workloads
    }
    rivals = competing_autoscalers(workloads, environments, finder.of_autoscaler)
    sharing = sharing_autoscalers(project.autoscalers, finder)
    placements = shared_placements(workloads)
    canaries = canaries_among(workloads)
    running = []
    for declared_as in workloads:
        environment, service = environments[declared_as.id], namer.service(declared_as)
        named = replace(declared_as, name=namer.name(own_name(declared_as)))
        workload = with_bounds(named, service, changes)
        holding = [
            scaler
            for scaler in workload.autoscalers
            if (scaler.effective or scaler.paused_at.source is not None)
            and _holds_in(environment.value, scaler, workload, finder)
        ]
        instances = instances_of(workload, holding)
        containers = [
            _container(container, application, namer, workload)
            for container, application in zip(
                workload.containers, workload.applications, strict=True
            )
        ]
        running.append(
            RunningWorkload(
                workload,
                placement=placements.get(workload.id, workload.placement),
                containers=tuple(
                    with_processes(container, workload, service, changes)
                    for container in containers
                ),
                in_doubt=workload.in_doubt,
                autoscaler_in_doubt=workload.autoscaler_in_doubt,
                gathered_by=workload.gathered_by,
                autoscalers=tuple(
                    resolved_autoscaler(scaler, workload, others, sharing.get(scaler.location, ()))
                    for scaler, others in zip(
                        workload.autoscalers, rivals.get(workload.id, ()), strict=True
                    )
                ),
                vertical_autoscalers=workload.vertical_autoscalers,
                host_names=workload.host_names,
                overlap=workload.overlap,
                route_location=workload.route_location,
                service=service,
                environment=environment,
                min_instances=instances.min,
                max_instances=instances.max,
                deploy_instances=instances.deploy,
                unavailable_at_min=instances.unavailable_at_min,
                data_server=data_server_of(workload),
                singleton=singleton_of(workload),
                scheduler=scheduler_of(workload),
                operator=is_operator(workload),
                controller=is_controller(workload),
                canary=workload.id in canaries,
                instances_beside=0,
            )
        )
    beside = instances_beside(running)
    return [
        replace(each, instances_beside=beside[each.id]) if each.id in beside else each
        for each in running
    ]


def _holds_in(
    environment: str | None,
    scaler: JoinedAutoscaler,
    workload: JoinedWorkload,
    finder: EnvironmentFinder,
) -> bool:
    """Overlays may each have an autoscaler of their own for the same base."""
    overlay = scaler.location.rendered_by
    if overlay and overlay == workload.location.rendered_by:
        return True
    return finder.of_autoscaler(scaler) in (None, environment)


def _container(
    container: declared.Container,
    application: Application | None,
    namer: ServiceNamer,
    workload: JoinedWorkload,
) -> Container:
    counts = worker_counts_of(container)
    others = tuple(other for other in counts[1:] if other.count != counts[0].count)
    return Container(
        container,
        name=namer.name(container.name),
        application=application,
        processes=processes_of(container),
        drain_seconds=drain_seconds_of(container),
        aggregate_health=aggregate_health(container, application),
        for_metrics=is_exporter(container),
        missing_requests=missing_requests(container, workload),
        answered_paths=answered_paths(container, workload.containers) if container.files else (),
        workers=counts[0] if others else None,
        overruled_workers=others,
    )


def _platforms_by_file(objects: Iterable[_Object]) -> dict[str, str]:
    """Of a file with objects of several platforms, the first by name."""
    found: dict[str, str] = {}
    for file, platform in sorted((each.location.file, each.platform) for each in objects):
        found.setdefault(file, platform)
    return found


def _drifts_of(workloads: Sequence[Workload]) -> tuple[Drift, ...]:
    drifts: tuple[Drift, ...] = ()
    if any(workload.superseded_by for workload in workloads):
        from lintscale.resolve.drift import carrier_drifts_of

        drifts += carrier_drifts_of(workloads)
    platforms = {workload.platform for workload in workloads}
    environments = {workload.environment.value for workload in workloads}
    if len(platforms) > 1 or len(environments) > 1:
        from lintscale.resolve.drift import environment_drifts_of, platform_drifts_of

        if len(platforms) > 1:
            drifts += platform_drifts_of(workloads)
        if len(environments) > 1:
            drifts += environment_drifts_of(workloads)
    return drifts


def _holds(note: DocumentNote, versions: Mapping[str, str]) -> bool:
    """Whether a note holds for the version in use: ``versions`` are by platform, as in "1.31"; one
    that is not there is taken for the newest."""
    used = versions.get(note.platform)
    return not note.from_version or used is None or numbers(used) >= numbers(note.from_version)
