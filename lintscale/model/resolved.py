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
    InstancesThatFit,
    MountedFile,
    ObjectSuppression,
    Placement,
    Pool,
    PoolShare,
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
    "InstancesThatFit",
    "Location",
    "Metric",
    "MountedFile",
    "ObjectSuppression",
    "Placement",
    "Pool",
    "PoolShare",
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
    """Another object that decides over the same count."""

    kind: str
    """What kind of object: HorizontalPodAutoscaler, policy, …."""
    name: str
    """What it is called."""
    location: Location


@extension
class Metric(declared.Metric):
    request: Sourced[float]
    """The cores or bytes that one instance requests in the containers it is measured on."""
    limit: Sourced[float]
    """The limits of these containers together."""

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
    trigger: Metric | None
    """The metric of the alarm that sets off a step policy, with the value at which its first step
    begins, where that alarm is among the scanned files."""

    if TYPE_CHECKING:

        def __init__(
            self, behavior: declared.ScalingBehavior, *, trigger: Metric | None
        ) -> None: ...


@extension
class ScalingPolicy(declared.ScalingPolicy):
    metrics: tuple[Metric, ...]
    scale_out: ScalingBehavior
    scale_in: ScalingBehavior
    rivals: tuple[CompetingAutoscaler, ...]
    """Of several policies of one autoscaler that track one metric, those before this one."""

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
    policies: tuple[ScalingPolicy, ...]
    target_found: bool | None
    """Its target is among the scanned files; None: it names none, or a placeholder."""
    gathered_by: tuple[str, ...]
    """The outermost files that apply it together with other objects; none: it is applied by
    itself."""
    rivals: tuple[CompetingAutoscaler, ...]
    """Of several autoscalers of one workload, those before this one."""

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
    """One place that says how many worker processes a server runs."""

    name: str
    """The option or variable that says it: "--workers", "WEB_CONCURRENCY"."""
    count: int
    """How many."""
    location: Location


@extension
class Container(declared.Container):
    application: Application | None
    """The source of its program, where it stands in the project."""
    processes: Sourced[int]
    """How many processes its program runs in one instance."""
    drain_seconds: Sourced[int]
    """How long its program says it finishes open work."""
    for_metrics: bool
    """Its image is an exporter's, or its ports are for metrics by their names."""
    workers: WorkerCount | None
    """Where its worker count stands in several places that differ, the one that holds."""
    overruled_workers: tuple[WorkerCount, ...]
    """The others of these."""

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
    workloads: tuple[str, ...]
    """The ids of the workloads whose instances it selects."""
    selects_nothing: bool | None
    """No scanned instance of any kind has the labels it asks for; None: not to be known."""
    smallest_size: Sourced[int]
    """The sum of these workloads' smallest sizes that are not zero."""
    allowed_disruptions: Sourced[int]
    """How many of those may go."""

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
    """A workload by itself: joined with its autoscalers, named, placed in an environment,
    counted."""

    containers: tuple[Container, ...]
    in_doubt: bool
    """A file that cannot be read mentions it, so that what seems to be missing may stand there."""
    autoscaler_in_doubt: bool
    """It has no autoscaler, and one in its namespace points at nothing among the scanned files."""
    gathered_by: tuple[str, ...]
    """The outermost files that apply it together with other objects; none: it is applied by
    itself."""
    autoscalers: tuple[Autoscaler, ...]
    """The autoscalers that change its count, ignored ones too."""
    vertical_autoscalers: tuple[VerticalAutoscaler, ...]
    """The autoscalers that change its requests."""
    host_names: tuple[str, ...]
    """The names of routes to it, by which others in its network reach it."""
    service: str
    """The logical name that it shares with the same service on other platforms."""
    environment: Sourced[str]
    """One of "production", "staging", "development", "preview" or one of the project's own."""
    min_instances: Sourced[int]
    """The fewest instances that run."""
    max_instances: Sourced[int]
    """The most instances that run outside of a deploy."""
    deploy_instances: Sourced[int]
    """The most instances, old and new, while a deploy rolls."""
    unavailable_at_min: Sourced[int]
    """How many a deploy may take away at the smallest size."""
    data_server: str
    """The engine ("postgresql", "redis", …) of a database server, or what a broker, an index or a
    store is called ("rabbitmq"), else "". More instances of one do not make it more available."""
    canary: bool
    """It takes a small share of the traffic of the workload that it is a trial of."""

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
    """One service on one platform in one environment."""

    disruption_budgets: tuple[DisruptionBudget, ...]
    """The disruption budgets that select its instances."""
    conflicting_budgets: tuple[DisruptionBudget, ...]
    """Those of them that select its instances together with another one."""
    pools: tuple[Pool, ...]
    """The pools of connections that its processes hold."""

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
    """A secret in plain sight. Its value is nowhere in the model."""

    platform: str
    """Of the file that holds it."""
    name: str
    """The variable or key that holds it."""
    kind: str
    """One of "password in a URL" or "secret in plain text"."""
    masked: str
    """What is safe to print of it."""
    location: Location
    workload: str = ""
    """The id of the workload that holds it, else ""."""


@record
class DriftSide:
    """What one platform, or one environment, says."""

    platform: str
    """The workload's platform."""
    workload: str
    """The workload's display name."""
    value: str
    """What it says, as it is printed."""
    location: Location
    environment: str = ""
    """The workload's environment, where environments are compared, else ""."""


@record
class Drift:
    """One field in which a service's platforms disagree, or in which its production is smaller than
    its staging on one platform."""

    service: str
    """The service."""
    environment: str
    """The environment in which they disagree."""
    field: str
    """What they disagree on: "min instances", "CPU target", …."""
    sides: tuple[DriftSide, ...]
    """What each says; production's side comes before staging's."""
    location: Location
    platform: str
    """Of the side that a finding points at."""
    workload: str
    """The id of the workload that a finding points at."""
    kind: str = "platform"
    """One of "platform" or "environment"."""


@record
class Service:
    """A logical name with its workloads."""

    name: str
    """The name."""
    workloads: tuple[str, ...]
    """The ids of its workloads; expressions see the workloads themselves."""
    platforms: tuple[str, ...]
    """The platforms of these, sorted."""
    environments: tuple[str, ...]
    """The environments of these, sorted."""
    platform: str
    """The first workload's."""
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
