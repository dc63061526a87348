"""What files declare, after joins and arithmetic: what rules, reports and fixes see.

A record that extends a declared one has its fields too. Every own field is required: none is filled
in later. Records that joins leave as they are come from :mod:`lintscale.model.declared`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lintscale._record import extension, record
from lintscale.model import declared
from lintscale.model.declared import (
    Application,
    BuildSource,
    CodeNumber,
    CodePool,
    Dependency,
    Deprecation,
    DocumentNote,
    EnvironmentVariable,
    IgnoredSetting,
    InstanceCap,
    InstanceSize,
    MountedFile,
    ObjectSuppression,
    Placement,
    Port,
    Probe,
    Reference,
    Requirement,
    Resource,
    Rollout,
    Selector,
    Separation,
    Shutdown,
    StepLimit,
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
    "SelectedWorkload",
    "Selector",
    "SelectorOverlap",
    "Separation",
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


@record
class SelectedWorkload:
    """A workload whose instances a selector matches that is meant for another one."""

    name: str
    """What people call it: "Job/migrate"."""
    location: Location


@record
class SelectorOverlap:
    """A selector that is meant for one workload and matches the instances of others."""

    kind: str
    """What goes by it: "autoscaler" (averages over all of them) or "route" (sends requests to all
    of them)."""
    name: str
    """The name of that; of an autoscaler its kind too."""
    selector: str
    """The labels that are asked for: "app=shop"."""
    location: Location
    workloads: tuple[SelectedWorkload, ...]
    """The others."""
    unrequested: tuple[str, ...]
    """The resources, "cpu" and "memory", of which the autoscaler needs the request and some of the
    others have none."""


@extension
class Metric(declared.Metric):
    request: Sourced[float]
    """The cores or bytes that one instance requests in the containers it is measured on."""
    limit: Sourced[float]
    """The limits of these containers together."""
    containers_without_request: tuple[str, ...]
    """The names, sorted, of those of these containers for which no file sets the request."""

    if TYPE_CHECKING:

        def __init__(
            self,
            metric: declared.Metric,
            *,
            request: Sourced[float],
            limit: Sourced[float],
            containers_without_request: tuple[str, ...],
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
    target_in_doubt: bool
    """Which workload it scales is a guess: only one of the two has a namespace, several are called
    so, or their folders are for different places."""
    target_elsewhere: tuple[str, ...]
    """The environments in which a target of that name is, where there is none in its own."""
    template_of: str
    """The workload that takes its instances' description from the target and has the count itself;
    "" for none."""
    gathered_by: tuple[str, ...]
    """The outermost files that apply it together with other objects; none: it is applied by
    itself."""
    rivals: tuple[CompetingAutoscaler, ...]
    """Of several autoscalers of one workload, those before this one."""
    sharing: tuple[CompetingAutoscaler, ...]
    """Of several that are, or make, one HorizontalPodAutoscaler, those before this one."""

    if TYPE_CHECKING:

        def __init__(
            self,
            autoscaler: declared.Autoscaler,
            *,
            policies: tuple[ScalingPolicy, ...],
            target_found: bool | None,
            target_in_doubt: bool,
            target_elsewhere: tuple[str, ...],
            template_of: str,
            gathered_by: tuple[str, ...],
            rivals: tuple[CompetingAutoscaler, ...],
            sharing: tuple[CompetingAutoscaler, ...],
        ) -> None: ...

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(metric for policy in self.policies for metric in policy.metrics)

    @property
    def scheduled(self) -> tuple[ScalingPolicy, ...]:
        policies = () if self.ignores_schedules else self.policies
        return tuple(each for each in policies if each.kind == "scheduled")


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
    """The source of its program, if that is in the project."""
    processes: Sourced[int]
    """How many processes its program runs in one instance."""
    drain_seconds: Sourced[int]
    """How long its program says it finishes open work."""
    aggregate_health: str
    """What Spring Boot's /actuator/health asks by default ("database", "Redis"); "" for nothing."""
    for_metrics: bool
    """Its image is an exporter's, or its ports are for metrics or health by their names."""
    missing_requests: tuple[str, ...]
    """What it does not request, of "CPU" and "memory": it has no limit of it either, no vertical
    autoscaler sets it, and no autoscaler measures against it."""
    answered_paths: tuple[str, ...]
    """The paths asked by the pod's probes that its mounted settings (of nginx, HAProxy or Envoy)
    answer in place, without another server."""
    workers: WorkerCount | None
    """The worker count that applies, where several places set different ones."""
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
            aggregate_health: str,
            for_metrics: bool,
            missing_requests: tuple[str, ...],
            answered_paths: tuple[str, ...],
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
    overlap: SelectorOverlap | None
    """A selector that is meant for it and matches other workloads' instances too."""
    route_location: Location | None
    """Where the first route that sends it requests is."""
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
    singleton: str
    """One of "exporter", "load generator", "stateful application" or "possible store": a second
    instance repeats what the first does, or has a state of its own, or its image is called after a
    store that it may be; else ""."""
    scheduler: Sourced[str]
    """The program that starts jobs at their times, as people call it ("celery beat"): a second
    instance starts each job again. Null for none; assumed where only a name says so."""
    operator: bool
    """It manages other objects: of its instances only the elected one works."""
    controller: bool
    """It is an operator or a controller of the cluster's objects: only one of its instances may
    work at a time."""
    canary: bool
    """It takes a small share of the traffic of the workload that it is a trial of."""
    instances_beside: int
    """The fewest instances of other workloads that take the same traffic: each route that leads to
    it leads to them as well."""

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
            overlap: SelectorOverlap | None,
            route_location: Location | None,
            service: str,
            environment: Sourced[str],
            min_instances: Sourced[int],
            max_instances: Sourced[int],
            deploy_instances: Sourced[int],
            unavailable_at_min: Sourced[int],
            data_server: str,
            singleton: str,
            scheduler: Sourced[str],
            operator: bool,
            controller: bool,
            canary: bool,
            instances_beside: int,
        ) -> None: ...

    @property
    def listens_to(self) -> str:
        """The chat service from which its program fetches messages, so that a second instance
        would be given the same, or turned away; "" for none."""
        applications = (each.application for each in self.containers)
        return next((each.listens_to for each in applications if each and each.listens_to), "")

    @property
    def schedules_alone(self) -> str:
        """How its program starts jobs that a second instance would start again; "" for none."""
        applications = (each.application for each in self.containers)
        found = (each.schedules_alone for each in applications if each and each.schedules_alone)
        return next(found, "")

    @property
    def parked(self) -> bool:
        """It is switched off: no instance runs, and nothing starts one."""
        return self.max_instances.value == 0

    @property
    def scaling(self) -> Autoscaler | None:
        """The autoscaler that rules mean when they speak of "the" one: the first effective."""
        return next((scaler for scaler in self.autoscalers if scaler.effective), None)


@record
class UnreadParameters:
    """Parameters of one database URL that look as if they set the pool, and that nothing reads."""

    names: tuple[str, ...]
    """The parameters, sorted."""
    variable: str
    """The environment variable that holds the URL."""
    client: str
    """What connects with the URL: "JDBC", "MongoDB", "Prisma", or "SQLAlchemy", which passes its
    parameters on to the driver; "?" where they belong to the value of another parameter."""
    driver: str
    """SQLAlchemy's driver; "" where the URL does not name it."""
    location: Location


@record
class PoolShare:
    """The connections of one pool at its workload's largest size: instances x processes x
    connections per process."""

    label: str
    """The workload's name, with its container and file where several have that name."""
    instances: int
    """The workload's most instances."""
    processes: int
    """Processes of one instance."""
    per_process: int
    """Connections of one process: size + overflow."""
    size: int
    """The pool's size."""
    overflow: int
    """What it may open beyond its size."""
    default_of: str
    """The library whose default the size is; "" where the size is written."""
    connections: int
    """The product."""


@record
class ProcessPool:
    """Connections that one process of a workload may hold to one database, as config and source
    say."""

    database: str
    """The database's key."""
    library: str
    """The library that holds the pool; "" where it is not known."""
    size: Sourced[int]
    """Its size; null where it is unbounded or not known."""
    overflow: Sourced[int]
    """What it may open beyond its size."""
    per_process: Sourced[int]
    """Size + overflow; null where it is unbounded or not known."""
    declared: str
    """How the size is known: "declared", "library default" or "assumed"."""
    container: str
    """The container's name."""
    location: Location
    through_pooler: bool = False
    """A pooler holds the connections; this pool is among its clients."""
    engine: str = ""
    """The database's engine."""
    variable: str = ""
    """The environment variable that leads to the database."""
    unbounded: bool = False
    """It opens as many connections as are asked for."""
    unread_parameters: tuple[UnreadParameters, ...] = ()
    """Parameters of its URLs without effect."""
    code_location: Location | None = None
    """Where the application's source creates it."""
    library_location: Location | None = None
    """Where the library is installed whose default its size is."""


@extension
class Pool(ProcessPool):
    """The connections of a process, with what the whole workload comes to and what the database
    takes. A database's consumers have these numbers themselves; in their pools they are null."""

    connections_at_max: int | None
    """What the whole workload opens to the database at its largest size; null where not known."""
    shares: tuple[PoolShare, ...]
    """The parts of that sum, one for each pool of the workload on the database."""
    of_one_instance: tuple[PoolShare, ...]
    """The same for a single instance; none where a size is not known."""
    per_instance: int | None
    """The sum of that."""
    available: int | None
    """What the database takes; null where not known."""
    stock_available: int | None
    """What a server of the engine takes by default; null where it has no limit."""
    fits: int | None
    """The largest size + overflow that fits into either while a deploy rolls, everything else left
    out."""

    if TYPE_CHECKING:

        def __init__(
            self,
            pool: ProcessPool,
            *,
            connections_at_max: int | None,
            shares: tuple[PoolShare, ...],
            of_one_instance: tuple[PoolShare, ...],
            per_instance: int | None,
            available: int | None,
            stock_available: int | None,
            fits: int | None,
            engine: str = ...,
        ) -> None: ...


@record
class ConnectionShare:
    """One workload's share of a database's connections. What is unknown is null."""

    workload: str
    """The workload's id."""
    name: str
    """The workload's name, as messages show it."""
    service: str
    """The workload's service."""
    platform: str
    """The workload's platform."""
    pool: Pool
    """The pool of one process."""
    processes: Sourced[int]
    """Processes of one instance."""
    instances_min: int | None
    """The fewest instances."""
    instances_max: int | None
    """The most instances."""
    instances_deploy: int | None
    """The most instances while a deploy rolls."""
    per_instance: int | None
    """Connections of one instance: processes x size + overflow."""
    location: Location
    counted: bool = True
    """It is in the database's totals."""
    note: str = ""
    """Why it is not: "pooler" (it connects through one), "assumed pool size", "unknown pool size",
    "unbounded pool", "unknown instances" or "other file" (which defines the same workload)."""


@extension
class Consumer(ConnectionShare):
    """One workload's share of a database's connections, and how much would fit."""

    max_instances_that_fit: int | None
    """The most instances that fit while a deploy rolls, other workloads left as they are; null
    where the database's limit is not known."""
    max_instances_that_fit_outside_deploy: int | None
    """The same while no deploy rolls."""
    pool_that_fits: int | None
    """The largest size + overflow of one process that fits while a deploy rolls."""

    if TYPE_CHECKING:

        def __init__(
            self,
            share: ConnectionShare,
            *,
            max_instances_that_fit: int | None,
            max_instances_that_fit_outside_deploy: int | None,
            pool_that_fits: int | None,
        ) -> None: ...


@record
class Evidence:
    """The place of a number that a database's totals are computed from."""

    location: Location
    kind: str
    """One of "instances", "processes", "pool size", "overflow", "pool" (the source code that
    creates it), "library" (the package whose default it has), "workload" (where the pool is in
    another file) or "limit" (the database's own)."""
    number: int | None = None
    """The number; null for "pool", "library" and "workload"."""
    name: str = ""
    """The workload's name; "" for "limit"."""
    reason: str = ""
    """The source of a limit that no file sets."""


@record
class InstancesThatFit:
    """How many instances of a workload fit into a database, other workloads left as they are."""

    name: str
    """The workload's name."""
    in_deploy: int
    """While a deploy rolls."""
    outside_deploy: int
    """While none does."""


@record
class AdjustablePool:
    """A pool whose size, and perhaps overflow, are numbers in a config file."""

    size: Sourced[int]
    """The size that the file sets."""
    overflow: Sourced[int]
    """The overflow; not written where no file sets it."""
    fits: int
    """The largest size + overflow with which everything fits while a deploy rolls, the rest left as
    it is."""
    fixed_overflow: int
    """The overflow that a new size leaves as it is, because no file sets it; else 0."""
    smallest: int
    """The least size + overflow to propose."""
    fitting_size: int | None
    """The size to write to reach ``fits``; null where it stays, or nothing is to be proposed."""
    fitting_overflow: int | None
    """The overflow to write with it."""
    processes_at_max: int
    """How many processes hold such a pool at the largest size outside of a deploy."""
    others_at_max: int
    """Connections of everything else then."""


@extension
class Database(declared.Database):
    """A database in one environment, with everything that opens connections to it."""

    consumers: tuple[Consumer, ...]
    """The workloads that use it."""
    total_min: int
    """The sum of the counted consumers' connections at their smallest sizes."""
    total_max: int
    """The same at their largest sizes."""
    total_deploy: int
    """The same while all are deployed."""
    available: int | None
    """The limit less what is reserved; null where the limit is not known."""
    stock_available: int | None
    """What a server of its engine takes by default; null where the engine has no such limit."""
    shares: tuple[PoolShare, ...]
    """The parts of ``total_max``."""
    instances_that_fit: tuple[InstancesThatFit, ...]
    """How many instances of each workload fit; none where the limit is not known."""
    evidence: tuple[Evidence, ...]
    """The places of the numbers."""
    adjustable: AdjustablePool | None
    """The pool of the largest consumer, where a file holds its size."""

    if TYPE_CHECKING:

        def __init__(
            self,
            database: declared.Database,
            *,
            consumers: tuple[Consumer, ...],
            total_min: int,
            total_max: int,
            total_deploy: int,
            available: int | None,
            stock_available: int | None,
            shares: tuple[PoolShare, ...],
            instances_that_fit: tuple[InstancesThatFit, ...],
            evidence: tuple[Evidence, ...],
            adjustable: AdjustablePool | None,
        ) -> None: ...

    @property
    def largest(self) -> Consumer | None:
        """The consumer that takes most, where a smaller pool or maximum helps most."""
        return largest_of(self.consumers)


def largest_of(consumers: Iterable[Consumer]) -> Consumer | None:
    """The counted consumer with the most connections at its largest size."""
    return max(
        (consumer for consumer in consumers if consumer.counted),
        key=lambda c: ((c.instances_max or 0) * (c.per_instance or 0), c.name, c.workload),
        default=None,
    )


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
    file: str = ""
    """The file that says it, where files are compared, else ""."""


@record
class Drift:
    """One field in which a service's platforms disagree, in which its production is smaller than
    its staging on one platform, or in which the file that takes the place of another one does."""

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
    """One of "platform", "environment" or "carrier": a file and the one that supersedes it."""


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
