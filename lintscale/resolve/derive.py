"""What is derived from a project, not written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lintscale._record import replace
from lintscale.resolve.canaries import with_canaries
from lintscale.resolve.connections import with_connections
from lintscale.resolve.credentials import credentials_of
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.instances import instances_of
from lintscale.resolve.names import ServiceNamer, own_name, services_of
from lintscale.resolve.placement import with_company
from lintscale.resolve.processes import processes_of, worker_counts_of
from lintscale.resolve.reach import with_reach
from lintscale.resolve.rivals import with_rivals
from lintscale.resolve.shutdown import drain_seconds_of
from lintscale.resolve.uses import data_server_of, is_exporter
from lintscale.resolve.versions import holds
from lintscale.resolve.what_if import Change, with_bounds, with_processes

if TYPE_CHECKING:
    from lintscale.model.declared import Autoscaler, Container, Workload
    from lintscale.model.resolved import Drift, Project
    from lintscale.project.config import Settings
    from lintscale.syntax import SourceFile


def derive(
    project: Project, settings: Settings, documents: Mapping[str, SourceFile] | None = None
) -> Project:
    """The linked project with everything filled in that the model says facts fill in.

    ``documents`` are the scanned files by path; they are searched for credentials that no
    container holds. Pure: nothing is read from disk, and no order of the input matters.
    """
    finder, namer = EnvironmentFinder(settings), ServiceNamer(settings)
    workloads = [
        _with_own_facts(workload, finder, namer, settings.what_if)
        for workload in with_canaries(with_company(project.workloads))
    ]
    workloads = with_rivals(workloads, finder.of_autoscaler)
    connected, databases = with_connections(workloads, project.databases, settings)
    derived = replace(
        project, workloads=connected, databases=databases, services=services_of(connected)
    )
    derived = _with_drifts(_with_allowances(derived, finder))
    notes = tuple(note for note in derived.notes if holds(note, settings.versions))
    derived = replace(derived, notes=notes)
    return replace(derived, credentials=credentials_of(derived, documents, finder.of_file))


def _with_own_facts(
    workload: Workload,
    finder: EnvironmentFinder,
    namer: ServiceNamer,
    changes: Sequence[Change],
) -> Workload:
    """What a workload tells by itself."""
    environment = finder.environment(workload)
    named = replace(workload, name=namer.name(own_name(workload)), service=namer.service(workload))
    workload = with_bounds(named, changes)
    instances = instances_of(workload, _of_environment(workload, finder, environment.value))
    return replace(
        with_reach(workload),
        environment=environment,
        containers=tuple(
            with_processes(_with_program_facts(container, namer), workload, changes)
            for container in workload.containers
        ),
        min_instances=instances.min,
        max_instances=instances.max,
        deploy_instances=instances.deploy,
        unavailable_at_min=instances.unavailable_at_min,
        data_server=data_server_of(workload),
    )


def _with_program_facts(container: Container, namer: ServiceNamer) -> Container:
    """What a container's command and variables tell."""
    counts = worker_counts_of(container)
    others = tuple(other for other in counts[1:] if other.count != counts[0].count)
    return replace(
        container,
        name=namer.name(container.name),
        processes=processes_of(container),
        drain_seconds=drain_seconds_of(container),
        for_metrics=is_exporter(container),
        workers=counts[0] if others else None,
        overruled_workers=others,
    )


def _of_environment(
    workload: Workload, finder: EnvironmentFinder, environment: str | None
) -> tuple[Autoscaler, ...]:
    """The autoscalers that hold in the workload's environment: overlays may each have one of their
    own for the same base."""
    return tuple(
        scaler
        for scaler in workload.autoscalers
        if scaler.effective
        and (_same_overlay(scaler, workload) or finder.of_autoscaler(scaler) in (None, environment))
    )


def _same_overlay(scaler: Autoscaler, workload: Workload) -> bool:
    by = scaler.location.rendered_by
    return by != "" and by == workload.location.rendered_by


def _with_allowances(project: Project, finder: EnvironmentFinder) -> Project:
    """The same budgets stand in the project and in the workloads they select."""
    if not project.disruption_budgets:
        return project
    from lintscale.resolve.budgets import conflicting, with_allowance

    by_id = {workload.id: workload for workload in project.workloads}
    return replace(
        project,
        disruption_budgets=tuple(with_allowance(b, by_id) for b in project.disruption_budgets),
        workloads=tuple(
            replace(
                workload,
                disruption_budgets=tuple(
                    with_allowance(budget, by_id) for budget in workload.disruption_budgets
                ),
                conflicting_budgets=conflicting(workload, by_id, finder.of_file),
            )
            for workload in project.workloads
        ),
    )


def _with_drifts(project: Project) -> Project:
    workloads = project.workloads
    drifts: tuple[Drift, ...] = ()
    if len({workload.platform for workload in workloads}) > 1:
        from lintscale.resolve.drift import drifts_of

        drifts += drifts_of(workloads)
    if len({workload.environment.value for workload in workloads}) > 1:
        from lintscale.resolve.environment_drift import environment_drifts_of

        drifts += environment_drifts_of(workloads)
    return replace(project, drifts=drifts) if drifts else project
