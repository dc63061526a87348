"""What files declare, as every platform's files are normalised into.

Everything here is plain, frozen data. Units stand in the names (seconds, cores, bytes, percent
0-100).
"""

from __future__ import annotations

from lintscale._record import field, fields, record
from lintscale.model.health_paths import asked_after, checked_part
from lintscale.model.images import parse_image
from lintscale.model.invocations import Invocation
from lintscale.model.location import Location, PathKey
from lintscale.model.sourced import ABSENT, Sourced


@record
class Reference:
    """A pointer from one object to another by kind and name."""

    kind: str
    """The kind of what it points at; "" matches any."""
    name: str | None
    """Its name; None where a placeholder hides it."""
    namespace: str = ""
    """Its namespace; "" where none is written."""
    location: Location | None = None
    text: str = ""
    """What is written in the place of the name, a placeholder too: an object named by the very same
    text is meant."""


@record
class Requirement:
    """One label requirement of a selector."""

    key: str
    """The label's key."""
    operator: str
    """One of "In", "NotIn", "Exists" or "DoesNotExist"."""
    values: tuple[str, ...] = ()
    """The values of In and NotIn."""


@record
class Selector:
    """Label requirements that must all hold."""

    requirements: tuple[Requirement, ...] = ()
    """All must hold. With none, it selects what ``everything`` says."""
    everything: bool = False
    """It selects all in its namespace; False without requirements: nothing."""
    unknown: bool = False
    """A placeholder makes it undecidable."""

    @property
    def text(self) -> str:
        """The requirements as kubectl writes them: "app=shop,tier in (web,api),!canary"."""
        return ",".join(_shown(requirement) for requirement in self.requirements)

    def matches(self, labels: dict[str, str]) -> bool:
        if not self.requirements:
            return self.everything
        return all(_holds(requirement, labels) for requirement in self.requirements)


def _shown(requirement: Requirement) -> str:
    key, values = requirement.key, ",".join(requirement.values)
    if requirement.operator == "In":
        return f"{key}={values}" if len(requirement.values) == 1 else f"{key} in ({values})"
    if requirement.operator == "NotIn":
        return f"{key}!={values}" if len(requirement.values) == 1 else f"{key} notin ({values})"
    return key if requirement.operator == "Exists" else f"!{key}"


def _holds(requirement: Requirement, labels: dict[str, str]) -> bool:
    value = labels.get(requirement.key)
    if requirement.operator == "In":
        return value is not None and value in requirement.values
    if requirement.operator == "NotIn":
        return value is None or value not in requirement.values
    if requirement.operator == "Exists":
        return value is not None
    return value is None


@record
class Metric:
    """What an autoscaler looks at."""

    kind: str
    """One of "cpu", "memory", "requests", "queue", or the platform's own name in lower case."""
    name: str
    """What the platform, or the file, calls it."""
    target: Sourced[float]
    """The value that the autoscaler keeps it at, in ``unit``."""
    unit: str
    """One of "utilization percent" (0-100, of the request on Kubernetes), "average value" (per
    instance: cores, bytes or the metric's own unit) or "value"."""
    location: Location
    container: str = ""
    """The one container that a ContainerResource metric looks at, else ""."""
    measured_on: str = ""
    """One of "containers" (a share of what they request), "instances" (of what an instance has, or
    whatever else only a running one tells), "elsewhere" (a value without any instance too) or ""
    (not to be known)."""
    lowest_target: Sourced[float] = ABSENT
    """The lowest target that the platform takes."""
    highest_target: Sourced[float] = ABSENT
    """The highest target that the platform takes."""
    reachable: Sourced[float] = ABSENT
    """The most that the metric can come to, in ``unit``; absent where nothing bounds it."""
    on_request: bool = False
    """It exists only where the workload asks for it: its kind is among ``detailed_metrics``."""


@record
class StepLimit:
    """How much may be added or removed in a period."""

    kind: str
    """What ``value`` counts: "percent" or "instances"."""
    value: Sourced[int]
    """The most that may be added or removed in one period."""
    period_seconds: Sourced[int]
    """The length of a period."""


@record
class ScalingBehavior:
    """How one direction behaves, out or in."""

    cooldown_seconds: Sourced[int] = ABSENT
    """The wait that damps this direction."""
    cooldown_kind: str = "cooldown"
    """One of "cooldown" (after a scaling action) or "stabilization window" (over
    recommendations)."""
    limits: tuple[StepLimit, ...] = ()
    """How much may go at once; the steps of a step policy."""
    select: Sourced[str] = ABSENT
    """Which of ``limits`` wins: "Max", "Min" or "Disabled"."""
    disabled: Sourced[bool] = ABSENT
    """Nothing is done in this direction."""
    location: Location | None = None
    tolerance_percent: Sourced[float] = ABSENT
    """How far the metric may be from its target before anything happens."""
    threshold_offset: float | None = None
    """Where a step policy's first step begins, from its alarm's threshold."""

    @property
    def governing_share(self) -> StepLimit | None:
        """The widest by its rate where the biggest change wins, the tightest where the smallest
        does."""
        rates = {
            limit.value.value / limit.period_seconds.value: limit
            for limit in self.limits
            if limit.kind == "percent" and limit.value.value and limit.period_seconds.value
        }
        if self.select.value == "Min" and len(rates) < len(self.limits):
            return None
        if not rates or self.select.value not in ("Min", "Max"):
            return None
        return rates[max(rates) if self.select.value == "Max" else min(rates)]


@record
class ScalingPolicy:
    """Metrics that share one behaviour. An HPA, a ScaledObject and a Render ``scaling`` block are
    one policy each; an ECS scalable target has one per policy document."""

    kind: str
    """One of "target tracking", "step", "predictive" or "scheduled"."""
    name: str
    """Its name; a generated one where the file gives none."""
    metrics: tuple[Metric, ...]
    """What it follows."""
    scale_out: ScalingBehavior
    """How it adds instances."""
    scale_in: ScalingBehavior
    """How it removes instances."""
    location: Location
    named: bool = True
    """Somebody wrote the name."""
    min: Sourced[int] = ABSENT
    """The fewest instances from the time of a scheduled policy on."""
    max: Sourced[int] = ABSENT
    """The most instances from the time of a scheduled policy on."""
    schedule: str = ""
    """When a scheduled policy acts, in the platform's own notation."""
    until: str = ""
    """The ISO date of a scheduled policy's last action; "" where none is known."""


@record
class InstanceCap:
    """The most instances of one workload that a platform runs."""

    instances: int
    """How many."""
    note: str
    """A clause that says so, with what it depends on."""


@record
class Alarm:
    """A metric's alarm that sets off the step policy ``policy``. ``metric.target`` is its
    threshold; ``above``: it goes off above that, not below. ``target`` is the workload whose
    policy it is."""

    platform: str
    name: str
    policy: str
    target: Reference
    metric: Metric
    above: bool
    location: Location


@record
class Autoscaler:
    """Something that changes a workload's instance count."""

    platform: str
    """Where it runs: render, railway, ecs or kubernetes."""
    kind: str
    """The platform's word: HorizontalPodAutoscaler, ScaledObject, scalable target, scaling."""
    name: str
    """Its own name; "" where the platform gives it none."""
    target: Reference
    """The workload it scales."""
    min: Sourced[int]
    """The fewest instances."""
    max: Sourced[int]
    """The most instances."""
    policies: tuple[ScalingPolicy, ...]
    """What it follows, and how it reacts."""
    location: Location
    effective: bool = True
    """False: the platform ignores it."""
    ineffective_reason: str = ""
    """Why the platform ignores it."""
    policies_complete: bool = True
    """False: other policies may exist outside the scanned files."""
    partial: bool = False
    """The document holds policies only; their autoscaler's bounds stand elsewhere."""
    labels: dict[str, str] = field(default_factory=dict)
    """The labels of the object itself."""
    environment_hint: str = ""
    """What the platform itself says of its environment."""
    cap: InstanceCap | None = None
    """The most instances that the platform runs, whatever ``max`` says."""
    replaces: str = ""
    """The name of the autoscaler that this one takes the place of."""
    paused_at: Sourced[int] = ABSENT
    """The count that it sets while it is paused; null where it leaves the count as it is, or is not
    paused."""
    idle: Sourced[int] = ABSENT
    """The count without any work, where one is written for that."""
    min_active: Sourced[int] = ABSENT
    """The fewest instances while there is work, where ``idle`` is written."""
    stops_at_zero: bool = False
    """A count of 0 that somebody else has set switches it off."""
    ignores_schedules: bool = False
    """Its scheduled policies do nothing."""
    makes: str = ""
    """The name of the HorizontalPodAutoscaler that it makes to do its work; "" for none."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics of all its policies."""
        return tuple(metric for policy in self.policies for metric in policy.metrics)

    @property
    def scheduled(self) -> tuple[ScalingPolicy, ...]:
        """The policies that set other bounds at their times."""
        policies = () if self.ignores_schedules else self.policies
        return tuple(each for each in policies if each.kind == "scheduled")

    @property
    def stuck_at_zero(self) -> bool:
        """It may go down to no instance at all, and nothing it follows would bring one back: every
        metric is measured on the instances."""
        return (
            self.min.value == 0
            and bool(self.metrics)
            and all(policy.kind == "target tracking" for policy in self.policies)
            and all(metric.measured_on in ("containers", "instances") for metric in self.metrics)
        )


_INT32 = 2**31
"""Platforms keep seconds and thresholds in 32 bits; nothing as large is one."""


@record
class Probe:
    """One health question."""

    kind: str
    """How it asks: "http", "tcp", "grpc" or "exec"; on ECS "health check"."""
    action: str
    """What is asked, as a text to compare: "http get http://:8080/health", "tcp :5432", "exec
    …"."""
    path: Sourced[str]
    """The path that is asked for, by HTTP or by a command that asks the container itself."""
    port: Sourced[str]
    """The port that is asked, by number or name."""
    initial_delay_seconds: Sourced[int]
    """The wait before the first question."""
    period_seconds: Sourced[int]
    """The time from one question to the next."""
    timeout_seconds: Sourced[int]
    """How long an answer may take."""
    failure_threshold: Sourced[int]
    """How many failures in a row come to a verdict."""
    success_threshold: Sourced[int]
    """How many successes in a row end one."""
    location: Location
    host: str = ""
    """The host that is asked; "" for the instance itself."""
    purpose: str = ""
    """What the answer decides: "liveness", "readiness", "startup" or "health check"."""

    @property
    def asks_after(self) -> tuple[str, ...]:
        """What its path says that it checks, see :mod:`lintscale.model.health_paths`."""
        return asked_after(self.path.value)

    @property
    def checked_part(self) -> str:
        """What follows a check's name in its path: "orders" of "/health/orders"."""
        return checked_part(self.path.value)

    @property
    def patience_seconds(self) -> int | None:
        """How long an instance that has stopped answering is put up with: period x failure
        threshold; None where a placeholder hides one of the two, or one is no such amount."""
        period, failures = self.period_seconds.value, self.failure_threshold.value
        if period is None or failures is None:
            return None
        return period * failures if 0 < period < _INT32 and 0 < failures < _INT32 else None

    @property
    def gives_up_seconds(self) -> int | None:
        """How long after the start the first failures come to a verdict: the initial delay and
        the patience."""
        delay, patience = self.initial_delay_seconds.value, self.patience_seconds
        if delay is None or patience is None or not 0 <= delay < _INT32:
            return None
        return delay + patience


@record
class EnvironmentVariable:
    """A variable that a container is given."""

    name: str
    """Its name."""
    value: Sourced[str]
    """Its value; unknown where it is set elsewhere."""
    location: Location
    reference: str = ""
    """What a value that is set elsewhere comes from, the same text for the same thing:
    "secret:ns/name/key", "render database:main", "configmap:ns/name/key"."""
    property: str = ""
    """What is taken of that: "connectionString", "connectionPoolString", …."""


MONITORING_WORDS = frozenset(
    {
        *("metrics", "prometheus", "prom"),
        *("health", "healthz", "healthcheck", "liveness", "livez", "readiness", "readyz"),
        *("probe", "probes"),
    }
)
"""What people call a port that only monitoring and probes ask; the Prometheus operator's examples
and most charts say "metrics" or "http-metrics"."""


def is_for_monitoring(port_name: str) -> bool:
    """Whether one of the words of a port's name is of :data:`MONITORING_WORDS`."""
    return not MONITORING_WORDS.isdisjoint(port_name.lower().split("-"))


@record
class Port:
    """A port that a container declares."""

    number: int | None
    """None where it cannot be known."""
    name: str = ""
    """Its name; "" where it has none."""


@record
class Resource:
    """One resource of which a container writes both a request and a limit."""

    name: str
    """One of "cpu", "memory", or another resource."""
    request: Sourced[str]
    """As written: "500m"."""
    limit: Sourced[str]
    """As written: "1"."""
    location: Location
    exceeds: bool | None = None
    """The request is larger; None where one of them cannot be known."""


@record
class CodeNumber:
    """A number as an application's source gives it."""

    location: Location
    number: int | None = None
    """The number; with ``variable``, what holds where that is not set."""
    variable: str = ""
    """The environment variable that says it, else ""."""
    reason: str = ""
    """Why it is not known."""
    others: tuple[str, ...] = ()
    """Variables that are read in their order where ``variable`` is not set."""


@record
class CodePool:
    """A pool that an application's source makes."""

    library: str
    """The library that makes it."""
    family: str
    """One of "sql", "redis" or "mongodb"."""
    size: CodeNumber | None
    """None: the library's default."""
    overflow: CodeNumber | None
    """None: the library's default."""
    variables: tuple[str, ...]
    """The environment variables that its address comes from."""
    location: Location
    per_thread: bool = False
    """No pool, but one connection for each thread."""
    choice: str = ""
    """The condition, or the function, on which it depends whether it is made."""
    side: str = ""
    """The side of ``choice``: pools on different sides are never there together."""
    inner_choice: str = ""
    """A choice within a side of ``choice``."""
    inner_side: str = ""
    """The side of ``inner_choice``."""
    elsewhere: bool = False
    """Its address stands neither in the environment nor in plain sight, as credentials do."""
    host: str = ""
    """The host that its address is written with, where nothing of that is read elsewhere."""
    only_options: bool = False
    """Its file makes no pool, but has options for one."""
    held_by: tuple[int, ...] = ()
    """Of several programs that the command runs side by side, those that load its file, by their
    positions in the container's ``runs``."""
    not_held_by: tuple[int, ...] = ()
    """Those of which it is known that they do not, and those that end."""


@record
class Dependency:
    """A package that an application installs and that opens connections."""

    package: str
    """Its name."""
    location: Location
    major: int | None = None
    """The version's first number; None where several are possible."""
    minor: int | None = None
    """The lowest second number that is possible; None where it is not known."""

    @property
    def version(self) -> tuple[int, int]:
        """For comparisons: 0.0 where it is not known."""
        return (self.major or 0, self.minor or 0)


@record
class Application:
    """The source of the program that a container runs."""

    folder: str
    """Its folder, relative to the project."""
    pools: tuple[CodePool, ...] = ()
    """The pools that it makes."""
    dependencies: tuple[Dependency, ...] = ()
    """The packages with connections that it installs."""
    assumed: str = ""
    """Why it is taken for this container's; "" where the config names it."""
    listens_to: str = ""
    """The chat service from which it fetches its messages itself: "Telegram"."""
    schedules_alone: str = ""
    """How it starts jobs at their times that a second instance would start again ("@Scheduled"):
    guarded by a lock of its own process, or with nothing else to do."""
    health_is_cut: bool = False
    """Its settings take parts out of its health endpoint."""


@record
class MountedFile:
    """A file of settings that a container finds: an entry of a group of variables."""

    path: str
    """Where the container finds it; the folder, before the group is joined."""
    group: str = ""
    """The group, as :attr:`Container.env_from` calls it."""
    text: Sourced[str] = ABSENT
    """What it holds."""
    entries: dict[str, str] = field(default_factory=dict)
    """The file names by the group's own names; none: all, by their own."""


@record
class Container:
    """A container of a workload's instances."""

    name: str
    """Its name; in a patch that knows only its position, that: "[0]"."""
    image: Sourced[str]
    """The image as written."""
    location: Location
    command: Sourced[str] = ABSENT
    """Entry point and arguments as one shell line."""
    command_is_arguments: bool = False
    """``command`` are only the arguments of the image's own entry point."""
    cpu_request_cores: Sourced[float] = ABSENT
    """The CPU that is reserved for it."""
    cpu_limit_cores: Sourced[float] = ABSENT
    """The CPU that it may use."""
    memory_request_bytes: Sourced[int] = ABSENT
    """The memory that is reserved for it."""
    memory_limit_bytes: Sourced[int] = ABSENT
    """The memory above which it is ended."""
    ports: tuple[Port, ...] = ()
    """The ports that it declares."""
    environment: tuple[EnvironmentVariable, ...] = ()
    """Its variables, with those of the groups among the scanned files."""
    env_from: tuple[str, ...] = ()
    """The groups of variables that it takes whole: "configmap:ns/name", "render group:name"."""
    env_complete: bool = True
    """False: it has variables that no scanned file shows."""
    liveness: Probe | None = None
    """The probe that restarts it."""
    readiness: Probe | None = None
    """The probe that takes it out of the traffic."""
    startup: Probe | None = None
    """The probe that the others wait for."""
    liveness_location: Location | None = None
    readiness_location: Location | None = None
    health_check: Probe | None = None
    """The platform's own check of a container."""
    essential: bool = True
    """The whole instance stops when it does."""
    init: bool = False
    """It runs and ends before the others start."""
    sidecar: bool = False
    """A helper that the platform starts before the others and keeps running."""
    resources: tuple[Resource, ...] = ()
    """The resources with both a request and a limit."""
    pre_stop_seconds: Sourced[int] = ABSENT
    """How long a hook waits before it is asked to stop."""
    stop_timeout_seconds: Sourced[int] = ABSENT
    """How long it has to stop, where each container has a time of its own."""
    files: tuple[MountedFile, ...] = ()
    """The files of settings that it finds."""
    runs: tuple[Invocation, ...] = ()
    """The programs that its command runs, where scripts of the project were followed."""

    @property
    def probes(self) -> tuple[Probe, ...]:
        """All health questions that this container is asked."""
        asked = (self.liveness, self.readiness, self.startup, self.health_check)
        return tuple(probe for probe in asked if probe is not None)

    @property
    def image_tag(self) -> str:
        """The tag of its image; "" where it has none or is not known."""
        return parse_image(self.image.value or "").tag

    @property
    def image_repository(self) -> str:
        """The name of its image with the registry, without tag and digest; "" where it is not
        known, as with a placeholder."""
        text = self.image.value or ""
        reference = parse_image(text)
        return reference.repository if reference.is_literal and not text.endswith(":") else ""

    @property
    def probes_share_port(self) -> bool:
        """Do two or more of its probes ask a port, and all of them the same?"""
        asked = [probe.port.value for probe in self.probes if probe.port.source is not None]
        return len(asked) > 1 and asked[0] is not None and len(set(asked)) == 1

    @property
    def ports_text(self) -> str:
        """The declared ports as a message says them: "8080 (http), 9090"."""
        ports = sorted(self.ports, key=lambda port: (port.number or 0, port.name))
        return ", ".join(
            f"{port.number} ({port.name})"
            if port.name and port.number
            else port.name or str(port.number)
            for port in ports
        )

    @property
    def liveness_repeats_readiness(self) -> bool:
        """Does liveness ask the same as readiness and, counted from the start, give up no later?
        False where a placeholder hides it."""
        if self.liveness is None or self.readiness is None or not self.liveness.action:
            return False
        ends = [probe.gives_up_seconds for probe in (self.liveness, self.readiness)]
        return (
            self.liveness.action == self.readiness.action
            and ends[0] is not None
            and ends[1] is not None
            and ends[0] <= ends[1]
        )


@record
class Rollout:
    """How a deploy replaces instances. Kubernetes bounds unavailable and surge, ECS the healthy
    percentages."""

    strategy: Sourced[str] = ABSENT
    """The platform's name for the way."""
    max_unavailable: Sourced[str] = ABSENT
    """How many may be missing meanwhile, as written: "25%", "1"."""
    max_surge: Sourced[str] = ABSENT
    """How many may be there in addition, as written: "25%", "1"."""
    min_healthy_percent: Sourced[int] = ABSENT
    """The share that stays."""
    max_healthy_percent: Sourced[int] = ABSENT
    """The share, old and new together, that may be there."""
    circuit_breaker: Sourced[bool] = ABSENT
    """A deploy that does not come up is stopped and rolled back."""
    alarms_roll_back: Sourced[bool] = ABSENT
    """A deploy that sets off an alarm is rolled back."""
    surge_percent: Sourced[int] = ABSENT
    """The platform's own surge where none can be written; 100 where old and new run side by
    side."""


@record
class Shutdown:
    """How long an instance has to end."""

    grace_seconds: Sourced[int] = ABSENT
    """From the request to end to the kill."""
    pre_stop_seconds: Sourced[int] = ABSENT
    """The wait before the request, within or before the grace period."""
    drain_seconds: Sourced[int] = ABSENT
    """The time for open requests."""


@record
class Separation:
    """A constraint, or an anti-affinity, that keeps the instances with some labels apart."""

    over: str
    """The kind of places over which they are spread: "kubernetes.io/hostname"."""
    selector: Selector
    """The labels of the instances."""


@record
class Placement:
    """Where instances run."""

    spreads: bool | None = None
    """A constraint or an anti-affinity keeps the instances apart; None: not to be known."""
    spread_over: tuple[str, ...] = ()
    """The kinds of places over which they are spread: "kubernetes.io/hostname"."""
    location: Location | None = None
    zones: Sourced[int] = ABSENT
    """The most zones they may run in, where subnets or a pinned zone bound that."""
    spot_only: Sourced[bool] = ABSENT
    """All run on capacity that the provider takes back when it needs it."""
    separating: tuple[Separation, ...] = ()
    """Of a part of a workload, which does not show the instances' labels: what would keep them
    apart."""
    one_node: bool = False
    """All instances must run on the same node, to which the disk that they share is attached."""
    many_nodes: bool = False
    """The disks that they share may each be attached to several nodes for writing."""


@record
class DisruptionBudget:
    """How many instances a voluntary disruption may take."""

    platform: str
    """Where it holds."""
    name: str
    """Its name."""
    namespace: str
    """Its namespace; "" where none is written."""
    selector: Selector
    """The labels of the instances it is for."""
    min_available: Sourced[str]
    """How many stay, as written: "1", "50%"."""
    max_unavailable: Sourced[str]
    """How many may go, as written: "1", "50%"."""
    location: Location
    selector_location: Location | None = None


@record
class InstanceSize:
    """CPU and memory of one whole instance, by plan or declared. The sums over its containers are
    None where one of them is not known."""

    cpu_cores: Sourced[float] = ABSENT
    """CPU of the instance."""
    memory_bytes: Sourced[int] = ABSENT
    """Memory of the instance."""
    offered: bool | None = None
    """False: the platform does not sell this pair."""
    offered_sizes: str = ""
    """What the platform sells instead."""
    containers_cpu_cores: float | None = None
    """The sum of its containers' CPU."""
    containers_memory_bytes: int | None = None
    """The sum of their memory limits, or reservations where there is none."""
    containers_reserved_bytes: int | None = None
    """The sum of their memory as it is reserved."""


@record
class BuildSource:
    """Where a platform builds a workload from."""

    folder: str = ""
    """Relative to the project; "" for its root, or where nothing is said."""
    dockerfile: str = ""
    """Relative to the project; "" for the folder's own."""
    runs_dockerfile: bool = True
    """An image is built where there is a Dockerfile."""
    runs_procfile: bool = False
    """A Procfile says what is started where nothing else does."""


@record
class Workload:
    """One service on one platform in one environment."""

    platform: str
    """render, railway, ecs or kubernetes."""
    kind: str
    """The platform's word: Deployment, StatefulSet, web, service, …."""
    name: str
    """Its name, without what an overlay adds."""
    location: Location
    role: str = "service"
    """One of "service" (long-running), "worker" (long-running, never asked for traffic), "daemon"
    (one per node), "job" (runs and ends), "static" (files only) or "pod" (a bare pod)."""
    namespace: str = ""
    """Its namespace; "" where none is written."""
    labels: dict[str, str] = field(default_factory=dict)
    """The labels of its instances, which selectors match: those of the pod template on Kubernetes;
    the tags of a service or task definition on ECS."""
    object_labels: dict[str, str] = field(default_factory=dict)
    """The labels of the object itself, which often name its team: ``metadata.labels`` of the
    Deployment on Kubernetes; the cluster on ECS."""
    environment_hint: str = ""
    """What the platform itself says of its environment."""
    scanned: bool = True
    """False: only an autoscaler that points at it is among the files; all else is unknown."""
    partial: bool = False
    """Its file holds only a part of it, to be merged into the whole one."""
    replicas: Sourced[int] = ABSENT
    """The fixed instance count; the smallest where overlays set several."""
    most_replicas: Sourced[int] = ABSENT
    """The largest fixed instance count where overlays set several."""
    count_known: bool = True
    """False: the instance count is set outside the scanned files."""
    count_left_alone: bool = False
    """A deploy leaves the count as it is, whatever its file says."""
    containers: tuple[Container, ...] = ()
    """Its containers, helpers and init containers too."""
    health_check_path: Sourced[str] = ABSENT
    """The path of the platform's own health check."""
    health_check_timeout_seconds: Sourced[int] = ABSENT
    """How long after its start a new instance may take to pass the platform's own health check."""
    health_check_grace_seconds: Sourced[int] = ABSENT
    """How long after its start an instance may fail its health checks unpunished."""
    serves_traffic: bool | None = None
    """Something sends requests to it; None: not to be known."""
    load_balanced: bool | None = None
    """A load balancer sends requests to it; None: not to be known."""
    detailed_metrics: tuple[str, ...] | None = None
    """The kinds of metrics that the platform publishes more than once a minute, as the workload
    asks for them: "cpu", "memory"; None: not to be known."""
    addressed: bool = False
    """It has an address on the platform by its kind, public or private."""
    rollout: Rollout = field(default_factory=Rollout)
    """How a deploy replaces its instances."""
    shutdown: Shutdown = field(default_factory=Shutdown)
    """How long its instances have to end."""
    placement: Placement = field(default_factory=Placement)
    """Where its instances run."""
    disk: Sourced[str] = ABSENT
    """The disk that stays with it, which keeps it from scaling on some platforms."""
    acts_on_cluster: bool = False
    """It is among the platform's own parts, or has an account of its own there."""
    shared_disks: tuple[str, ...] = ()
    """The names of the disks that its instances share."""
    plan: Sourced[str] = ABSENT
    """The platform's plan."""
    sleeps: Sourced[bool] = ABSENT
    """The platform stops it when no traffic comes."""
    instance_size: InstanceSize = field(default_factory=InstanceSize)
    """CPU and memory of one instance."""
    unscalable_reason: str = ""
    """Why it cannot have more than one instance, else ""."""
    can_autoscale: bool = True
    """The platform has an autoscaler for it."""
    cap: InstanceCap | None = None
    """The most instances that the platform runs."""
    selector: Selector | None = None
    """The labels of the instances that it takes for its own; None where it asks for none."""
    selector_location: Location | None = None
    template: Reference | None = None
    """The object that describes its containers, where that is a document of its own."""
    build: BuildSource | None = None
    """Where the platform builds it from."""
    read_until: str = ""
    """An ISO date from which on, as its platform has announced, it reads files of this kind no
    longer; "" for none. What the file says is then what it asks for."""
    superseded_by: str = ""
    """The file that describes it in place of its own; "" for none."""

    @property
    def id(self) -> str:
        """Unique within a project and the same in every run. The name is no part of it: some
        platforms' files do not say it."""
        span = self.location.span
        place = f"{self.location.file}:{span.line}:{span.column}"
        rendering = self.location.rendering
        if rendering is not None:
            place = f"{place}<{rendering.by}:{rendering.object}"
        return f"{self.platform}:{self.kind}@{place}#{self.environment_hint}"

    @property
    def health_check_asks_after(self) -> tuple[str, ...]:
        """Like :attr:`Probe.asks_after`, of the platform's own health check."""
        return asked_after(self.health_check_path.value)

    @property
    def health_check_part(self) -> str:
        """Like :attr:`Probe.checked_part`, of the platform's own health check."""
        return checked_part(self.health_check_path.value)

    @property
    def display_name(self) -> str:
        """What people call it: its name, after its kind ("Deployment/web") where that is the kind
        of an API object, which begins with a capital."""
        return f"{self.kind}/{self.name}" if self.kind[:1].isupper() else self.name

    @property
    def instance_memory_bytes(self) -> int | None:
        """Memory of one instance: what its plan or task has, else the sum over its containers of
        the limit, or the request where there is no limit. None as soon as one is not known."""
        if self.instance_size.memory_bytes.value is not None:
            return self.instance_size.memory_bytes.value
        parts = [
            container.memory_limit_bytes.value or container.memory_request_bytes.value
            for container in self.containers
            if not container.init or container.sidecar
        ]
        known = [part for part in parts if part is not None]
        return sum(known) if parts and len(known) == len(parts) else None


@record
class VerticalAutoscaler:
    """Something that changes a workload's requests."""

    platform: str
    """Where it runs."""
    name: str
    """Its name."""
    namespace: str
    """Its namespace; "" where none is written."""
    target: Reference
    """The workload whose requests it changes."""
    mode: Sourced[str]
    """One of "Off", "Initial", "Recreate" or "Auto"."""
    location: Location
    resources: tuple[str, ...] = ("cpu", "memory")
    """What it changes: "cpu", "memory"."""


@record
class RoutePort:
    """A port of a route: what it is called, "" where nothing says it, and the port of the pods that
    it leads to, by number or name."""

    name: str
    target: str


@record
class Route:
    """Something that sends traffic to the pods a selector picks (a Kubernetes Service).
    ``headless``: it balances nothing, and only makes the pods known under a name."""

    platform: str
    name: str
    namespace: str
    selector: Selector
    location: Location
    ports: tuple[RoutePort, ...] = ()
    headless: bool = False


@record
class EnvironmentGroup:
    """A named set of variables that containers pull in whole or by key. ``identity`` is what
    :attr:`Container.env_from` and :attr:`EnvironmentVariable.reference` call it. ``complete``
    False: it holds more than these."""

    identity: str
    variables: tuple[EnvironmentVariable, ...]
    location: Location
    complete: bool = True


@record
class ReplicaOverride:
    """An overlay that sets a workload's count (a kustomization's ``replicas`` entry)."""

    name: str
    count: Sourced[int]


@record
class KustomizeBuild:
    """What is applied together (by a kustomization): the ``folder`` that represents it where
    another one includes it, and the files and folders that it ``includes``, all from the project's
    root. It merges the files ``patches`` into these: some into others than their own names say,
    the ``targets`` (a name of "" is any). It gives them its ``namespace``: None leaves them theirs.
    A ``component`` changes what the ones that include it include as well."""

    platform: str
    file: str
    folder: str
    includes: tuple[str, ...]
    patches: tuple[str, ...] = ()
    targets: tuple[tuple[str, Reference], ...] = ()
    namespace: str | None = None
    component: bool = False


@record
class ImageOverride:
    """An overlay that sets the image of the containers that ask for ``name``, whatever tag they
    ask for (a kustomization's ``images`` entry). ``image`` is what they get instead, and unknown
    where a deploy fills it in."""

    name: str
    image: Sourced[str]


@record
class ResourceDefaults:
    """What a namespace gives to containers that do not say it themselves (a LimitRange): a
    request of CPU, of memory, a limit of memory."""

    platform: str
    namespace: str
    cpu: bool
    memory: bool
    location: Location
    memory_limit: bool = False


@record
class Disk:
    """A disk that is declared apart from the workloads that use it."""

    platform: str
    name: str
    namespace: str
    one_node: bool
    """It is attached to one node at a time."""
    many_nodes: bool
    """Several nodes may write to it."""
    location: Location


@record
class CountLeftAlone:
    """Workloads whose count a deploy leaves as it is in the cluster: those of these ``kinds`` whose
    name and namespace match the shell patterns, deployed from one of the ``folders`` (patterns from
    the project's root). A workload without a namespace goes ``into`` one."""

    platform: str
    kinds: tuple[str, ...]
    name: str
    namespace: str
    folders: tuple[str, ...]
    into: str


@record
class IgnoredSetting:
    """Something written that the platform drops."""

    platform: str
    """The platform that drops it."""
    topic: str
    """What it is about; "scaling" so far."""
    key: str
    """The key as written."""
    effect: str
    """What the platform does instead, in a sentence."""
    location: Location
    workload: str = ""
    """The id of the workload it belongs to, else ""."""


@record
class DocumentNote:
    """A platform's remark on a document, or an object in it, as a whole."""

    platform: str
    """The platform that makes it."""
    kind: str
    """One of "unread file name", "not deployed", "retired format", "not an API shape", "described"
    or "removed API version"."""
    location: Location
    detail: str
    """What to do instead; of a described object, the keys that only its description has."""
    since: str = ""
    """An ISO date, or ""."""
    workload: str = ""
    """The id of the workload it is about, else ""."""
    from_version: str = ""
    """The platform's version from which on it holds."""
    subject: str = ""
    """The object that it is about."""
    value: str = ""
    """The text at the place."""
    successor: str | None = None
    """What may stand there instead with nothing else changed in the file."""
    patched: bool = False
    """Patches in other files may find the object by ``value``."""
    superseded_by: str = ""
    """The file that takes the place of its own; "" for none."""


@record
class ObjectSuppression:
    """What an object itself says is not to be reported about it, as ``text`` in the words of
    docs/suppressions.md. ``path`` is the object's own key path within the document, ``location``
    that of the text."""

    platform: str
    text: str
    path: tuple[PathKey, ...]
    location: Location


@record
class Deprecation:
    """A key, or the value of one, in place of which its platform wants another."""

    platform: str
    """The platform that wants it."""
    old: str
    """What the file has, as a person writes it: "autoDeploy: true"."""
    replacement: str
    """What says the same today: "autoDeployTrigger: commit"."""
    location: Location
    detail: str = ""
    """What to know about it."""
    new_key: str = ""
    """What the entry's key becomes; "": it stays."""
    new_value: str = ""
    """What its value becomes; "": it stays. Where both are "", no single entry says the same."""
    new_outer: str = ""
    """The key of the mapping at its side into which the entry goes; "": it stays."""
    equivalent: bool = True
    """False: the new one does something else."""
    workload: str = ""
    """The id of the workload it belongs to, else ""."""


@record
class Database:
    """A database that files declare, or that something refers to."""

    key: str
    """Identifies it: what pools and environment references call it."""
    name: str
    """Its name in the file or the configuration, else what leads to it."""
    engine: str
    """postgresql, mysql, sqlserver, redis or mongodb; "" for an SQL server that is not known."""
    platform: str
    """The platform that runs it, or that of the workload that refers to it."""
    location: Location
    plan: Sourced[str] = ABSENT
    """The platform's plan."""
    limit: Sourced[int] = ABSENT
    """The most connections that it takes (max_connections)."""
    reserved: Sourced[int] = ABSENT
    """Connections of the limit that the server keeps back."""
    pooler: Sourced[str] = ABSENT
    """The pooler in front of it, by its kind or name; its own name for a pooler."""
    aliases: tuple[str, ...] = ()
    """Other keys by which it is referred to."""
    server: str = ""
    """The key of the database that a pooler leads to."""
    server_connections: Sourced[int] = ABSENT
    """How many connections all instances of a pooler hold to that."""
    environment: str = ""
    """That of the workloads that use it, else the one that its file names; "" for none."""
    provider: str = ""
    """The cloud that hosts it on its plan, where a file says so ("rds", "elasticache")."""


@record(frozen=False)
class Fragments:
    """What one document contributes before anything is joined. Platforms make it, joins
    take it. Lists keep the order of the document. ``patches`` are partial workloads that
    overlays merge into whole ones; ``added_labels`` are keys of labels that overlays give to the
    instances of everything."""

    workloads: list[Workload] = field(default_factory=list)
    templates: list[Workload] = field(default_factory=list)
    autoscalers: list[Autoscaler] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    vertical_autoscalers: list[VerticalAutoscaler] = field(default_factory=list)
    disruption_budgets: list[DisruptionBudget] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    databases: list[Database] = field(default_factory=list)
    environment_groups: list[EnvironmentGroup] = field(default_factory=list)
    replica_overrides: list[ReplicaOverride] = field(default_factory=list)
    image_overrides: list[ImageOverride] = field(default_factory=list)
    kustomize_builds: list[KustomizeBuild] = field(default_factory=list)
    patches: list[Workload] = field(default_factory=list)
    added_labels: list[str] = field(default_factory=list)
    resource_defaults: list[ResourceDefaults] = field(default_factory=list)
    disks: list[Disk] = field(default_factory=list)
    counts_left_alone: list[CountLeftAlone] = field(default_factory=list)
    ignored_settings: list[IgnoredSetting] = field(default_factory=list)
    notes: list[DocumentNote] = field(default_factory=list)
    suppressions: list[ObjectSuppression] = field(default_factory=list)
    deprecations: list[Deprecation] = field(default_factory=list)

    def extend(self, other: Fragments) -> None:
        for name in fields(self):
            getattr(self, name).extend(getattr(other, name))
