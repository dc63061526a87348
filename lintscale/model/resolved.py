"""What files declare, after joins and arithmetic: what rules, reports and fixes see.

A record that extends a declared one has its fields too. Every own field is required: none is filled
in later. Records that joins leave as they are come from :mod:`lintscale.model.declared`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintscale._record import extension, record
from lintscale.model import declared
from lintscale.model.declared import (
    AdjustablePool,
    Application,
    BuildSource,
    CodeNumber,
    CodePool,
    Consumer,
    Database,
    Dependency,
    Deprecation,
    DocumentNote,
    EnvironmentVariable,
    Evidence,
    IgnoredSetting,
    InstanceCap,
    InstanceSize,
    MountedFile,
    ObjectSuppression,
    Placement,
    Pool,
    Port,
    Probe,
    Reference,
    Requirement,
    Resource,
    Rollout,
    Selector,
    Shutdown,
    StepLimit,
    UnreadParameters,
    VerticalAutoscaler,
)
from lintscale.model.location import Location, Rendering, Span
from lintscale.model.sourced import Source, Sourced

__all__ = [
    "AdjustablePool",
    "Application",
    "Autoscaler",
    "BuildSource",
    "CodeNumber",
    "CodePool",
    "CompetingAutoscaler",
    "Consumer",
    "Container",
    "Credential",
    "Database",
    "Dependency",
    "Deprecation",
    "DisruptionBudget",
    "DocumentNote",
    "Drift",
    "DriftSide",
    "EnvironmentVariable",
    "Evidence",
    "IgnoredSetting",
    "InstanceCap",
    "InstanceSize",
    "Location",
    "Metric",
    "MountedFile",
    "ObjectSuppression",
    "Placement",
    "Pool",
    "Port",
    "Probe",
    "Project",
    "Reference",
    "Rendering",
    "Requirement",
    "Resource",
    "Rollout",
    "RunningWorkload",
    "ScalingBehavior",
    "ScalingPolicy",
    "Selector",
    "Service",
    "Shutdown",
    "Source",
    "Sourced",
    "Span",
    "StepLimit",
    "UnreadParameters",
    "VerticalAutoscaler",
    "WorkerCount",
    "Workload",
]


@record
class CompetingAutoscaler:
    """Another object that decides over the same count, and what it is called."""

    kind: str
    name: str
    location: Location


@extension
class Metric(declared.Metric):
    """``request`` is the cores or bytes that one instance requests in
    the containers it is measured on, and ``limit`` their limits."""

    request: Sourced[float]
    limit: Sourced[float]

    if TYPE_CHECKING:

        def __init__(
            self,
            metric: declared.Metric,
            *,
            request: Sourced[float],
            limit: Sourced[float],
            reachable: Sourced[float],
        ) -> None: ...


@extension
class ScalingBehavior(declared.ScalingBehavior):
    """``trigger`` is the metric of the alarm that sets it off, with the
    value at which a step policy's first step begins, where that alarm is among the scanned
    files."""

    trigger: Metric | None

    if TYPE_CHECKING:

        def __init__(
            self, behavior: declared.ScalingBehavior, *, trigger: Metric | None
        ) -> None: ...


@extension
class ScalingPolicy(declared.ScalingPolicy):
    """``rivals``: of several policies of one autoscaler that
    track one metric, those before this one."""

    metrics: tuple[Metric, ...]
    scale_out: ScalingBehavior
    scale_in: ScalingBehavior
    rivals: tuple[CompetingAutoscaler, ...]

    if TYPE_CHECKING:

        def __init__(
            self,
            policy: declared.ScalingPolicy,
            *,
            metrics: tuple[Metric, ...],
            scale_out: ScalingBehavior,
            scale_in: ScalingBehavior,
            rivals: tuple[CompetingAutoscaler, ...],
        ) -> None: ...


@extension
class Autoscaler(declared.Autoscaler):
    """``target_found`` tells whether the target is among the scanned files (None: the file names no
    target, or a placeholder). ``gathered_by`` are the files that apply it together with other
    objects, the outermost of them; none where it is applied by itself. ``rivals``: of several
    autoscalers of one workload, those before this one.
    """

    policies: tuple[ScalingPolicy, ...]
    target_found: bool | None
    gathered_by: tuple[str, ...]
    rivals: tuple[CompetingAutoscaler, ...]

    if TYPE_CHECKING:

        def __init__(
            self,
            autoscaler: declared.Autoscaler,
            *,
            policies: tuple[ScalingPolicy, ...],
            target_found: bool | None,
            gathered_by: tuple[str, ...],
            rivals: tuple[CompetingAutoscaler, ...],
        ) -> None: ...

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(metric for policy in self.policies for metric in policy.metrics)


@record
class WorkerCount:
    """One place that says how many worker processes a server runs; ``name`` is the option or
    variable that says it ("--workers", "WEB_CONCURRENCY")."""

    name: str
    count: int
    location: Location


@extension
class Container(declared.Container):
    """``processes`` is how many one instance
    runs, ``drain_seconds`` how long its program says it finishes open work. Where its worker count
    stands in several places that differ, ``workers`` holds, and ``overruled_workers`` do not.
    ``for_metrics``: its image is an exporter's, or its ports are for metrics by their names."""

    application: Application | None
    processes: Sourced[int]
    drain_seconds: Sourced[int]
    for_metrics: bool
    workers: WorkerCount | None
    overruled_workers: tuple[WorkerCount, ...]

    if TYPE_CHECKING:

        def __init__(
            self,
            container: declared.Container,
            *,
            name: str,
            application: Application | None,
            processes: Sourced[int],
            drain_seconds: Sourced[int],
            for_metrics: bool,
            workers: WorkerCount | None,
            overruled_workers: tuple[WorkerCount, ...],
        ) -> None: ...


@extension
class DisruptionBudget(declared.DisruptionBudget):
    """``workloads`` are the ids
    of those it selects, and ``selects_nothing`` tells whether no scanned instance of any kind has
    the labels it asks for (None: not to be known). ``smallest_size`` is the sum of the workloads'
    smallest non-zero sizes and ``allowed_disruptions`` how many of those may go."""

    workloads: tuple[str, ...]
    selects_nothing: bool | None
    smallest_size: Sourced[int]
    allowed_disruptions: Sourced[int]

    if TYPE_CHECKING:

        def __init__(
            self,
            budget: declared.DisruptionBudget,
            *,
            workloads: tuple[str, ...],
            selects_nothing: bool | None,
            smallest_size: Sourced[int],
            allowed_disruptions: Sourced[int],
        ) -> None: ...


@extension
class RunningWorkload(declared.Workload):
    # A workload by itself: joined with its autoscalers, named, placed in an environment, counted.

    containers: tuple[Container, ...]
    in_doubt: bool
    autoscaler_in_doubt: bool
    gathered_by: tuple[str, ...]
    autoscalers: tuple[Autoscaler, ...]
    vertical_autoscalers: tuple[VerticalAutoscaler, ...]
    host_names: tuple[str, ...]
    service: str
    environment: Sourced[str]
    min_instances: Sourced[int]
    max_instances: Sourced[int]
    deploy_instances: Sourced[int]
    unavailable_at_min: Sourced[int]
    data_server: str
    canary: bool

    if TYPE_CHECKING:

        def __init__(
            self,
            workload: declared.Workload,
            *,
            placement: Placement,
            containers: tuple[Container, ...],
            in_doubt: bool,
            autoscaler_in_doubt: bool,
            gathered_by: tuple[str, ...],
            autoscalers: tuple[Autoscaler, ...],
            vertical_autoscalers: tuple[VerticalAutoscaler, ...],
            host_names: tuple[str, ...],
            service: str,
            environment: Sourced[str],
            min_instances: Sourced[int],
            max_instances: Sourced[int],
            deploy_instances: Sourced[int],
            unavailable_at_min: Sourced[int],
            data_server: str,
            canary: bool,
        ) -> None: ...

    @property
    def listens_to(self) -> str:
        """The chat service from which its program fetches messages, so that a second instance
        would be given the same, or turned away; "" for none."""
        applications = (each.application for each in self.containers)
        return next((each.listens_to for each in applications if each and each.listens_to), "")

    @property
    def scaling(self) -> Autoscaler | None:
        """The autoscaler that rules mean when they speak of "the" one: the first effective."""
        return next((scaler for scaler in self.autoscalers if scaler.effective), None)


@extension
class Workload(RunningWorkload):
    """``data_server`` is
    the engine ("postgresql", "redis", …) where a container is a database server, or what a broker,
    an index or a store is called ("rabbitmq"): the platform's own means of running more instances
    of it do not make it more available. ``canary``: it takes a small share of the traffic beside
    the workload that it is a trial of. ``host_names`` are
    names of routes to the workload, by which others in its network reach it. ``in_doubt``: a file
    that cannot be read mentions it,
    so that what seems to be missing may stand there. ``autoscaler_in_doubt``: in its namespace is
    an autoscaler that points at nothing among the scanned files, and may well be meant for it.
    ``gathered_by`` is as an autoscaler's.
    ``conflicting_budgets`` are those of the disruption budgets that select its
    instances together with another one.
    """

    disruption_budgets: tuple[DisruptionBudget, ...]
    conflicting_budgets: tuple[DisruptionBudget, ...]
    pools: tuple[Pool, ...]

    if TYPE_CHECKING:

        def __init__(
            self,
            workload: RunningWorkload,
            *,
            disruption_budgets: tuple[DisruptionBudget, ...],
            conflicting_budgets: tuple[DisruptionBudget, ...],
            pools: tuple[Pool, ...],
        ) -> None: ...


@record
class Credential:
    """A secret in plain sight. Its value is nowhere in the model; ``masked`` is safe to print."""

    platform: str
    name: str
    kind: str
    masked: str
    location: Location
    workload: str = ""


@record
class DriftSide:
    """What one platform, or one environment, says; ``value`` as it is printed."""

    platform: str
    workload: str
    value: str
    location: Location
    environment: str = ""


@record
class Drift:
    """One field in which a service's platforms disagree (``kind`` "platform"), or in which its
    production is smaller than its staging on one platform (``kind`` "environment": production's
    side comes first)."""

    service: str
    environment: str
    field: str
    sides: tuple[DriftSide, ...]
    location: Location
    platform: str
    workload: str
    kind: str = "platform"


@record
class Service:
    """A logical name with its workloads' ids (expressions see the workloads themselves).
    ``platforms`` and ``environments`` are those of its workloads, sorted; ``platform`` and
    ``location`` are the first workload's."""

    name: str
    workloads: tuple[str, ...]
    platforms: tuple[str, ...]
    environments: tuple[str, ...]
    platform: str
    location: Location


@record
class Project:
    """Everything understood, joined. ``outside`` are reasons why some objects may exist that
    were not read (templates that were left out, a single document on standard input)."""

    workloads: tuple[Workload, ...]
    autoscalers: tuple[declared.Autoscaler, ...]
    disruption_budgets: tuple[DisruptionBudget, ...]
    databases: tuple[Database, ...]
    ignored_settings: tuple[IgnoredSetting, ...]
    notes: tuple[DocumentNote, ...]
    services: tuple[Service, ...]
    credentials: tuple[Credential, ...]
    drifts: tuple[Drift, ...]
    deprecations: tuple[Deprecation, ...]
    outside: tuple[str, ...]
    suppressions: tuple[ObjectSuppression, ...]
