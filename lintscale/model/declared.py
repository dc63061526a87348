"""What files declare, as every platform's files are normalised into.

Everything here is plain, frozen data. Units stand in the names (seconds, cores, bytes, percent
0-100).
"""

from __future__ import annotations

from lintscale._record import field, fields, record
from lintscale.model.health_paths import asked_after
from lintscale.model.location import Location, PathKey
from lintscale.model.sourced import ABSENT, Sourced


@record
class Reference:
    """A pointer from one object to another by kind and name. ``name`` None: not to be known
    (a placeholder); ``text`` is then what is written in its place: an object that is named by
    the very same text is the one that is meant. ``kind`` "" matches any kind."""

    kind: str
    name: str | None
    namespace: str = ""
    location: Location | None = None
    text: str = ""


@record
class Requirement:
    """One label requirement; ``operator`` is In, NotIn, Exists or DoesNotExist."""

    key: str
    operator: str
    values: tuple[str, ...] = ()


@record
class Selector:
    """Label requirements that must all hold. ``requirements`` empty and ``everything`` False
    selects nothing. ``unknown``: a placeholder makes it undecidable."""

    requirements: tuple[Requirement, ...] = ()
    everything: bool = False
    unknown: bool = False

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
    """What an autoscaler looks at. ``kind`` is "cpu", "memory", "requests", "queue" or the
    platform's own name in lower case; ``unit`` is "utilization percent" (0-100, of the request
    on Kubernetes), "average value" (per instance; cores, bytes or the metric's own unit) or
    "value". ``container`` names the one container that a ContainerResource metric looks at.

    ``measured_on`` is "containers" (a share of what they request), "instances" (of what an
    instance has, or whatever else only a running one tells), "elsewhere" (a value without any
    instance too) or "" (not to be known). ``lowest_target`` and ``highest_target`` bound what the
    platform takes for a target. ``reachable`` is the most that the metric can come to, in its
    target's unit; absent where nothing bounds it.
    """

    kind: str
    name: str
    target: Sourced[float]
    unit: str
    location: Location
    container: str = ""
    measured_on: str = ""
    lowest_target: Sourced[float] = ABSENT
    highest_target: Sourced[float] = ABSENT
    reachable: Sourced[float] = ABSENT


@record
class StepLimit:
    """At most ``value`` ("percent" or "instances") may be added or removed in a period."""

    kind: str
    value: Sourced[int]
    period_seconds: Sourced[int]


@record
class ScalingBehavior:
    """How one direction behaves. ``cooldown_seconds`` is the wait that damps this direction;
    ``cooldown_kind`` says which kind: "cooldown" (after a scaling action) or "stabilization
    window" (over recommendations). ``select`` is the policy among ``limits`` that wins; a step
    policy's ``limits`` are its steps. ``tolerance_percent``: the metric may be so far from its
    target before anything happens. ``threshold_offset`` is where a step policy's first step in
    this direction begins, from its alarm's threshold.
    ``governing_share`` is the one of ``limits`` in percent that decides how much may go at once;
    None where a number of instances does."""

    cooldown_seconds: Sourced[int] = ABSENT
    cooldown_kind: str = "cooldown"
    limits: tuple[StepLimit, ...] = ()
    select: Sourced[str] = ABSENT
    disabled: Sourced[bool] = ABSENT
    location: Location | None = None
    tolerance_percent: Sourced[float] = ABSENT
    threshold_offset: float | None = None

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
    """Metrics that share one behaviour. An HPA, a ScaledObject and a Render ``scaling`` block
    are one policy each; an ECS scalable target has one per policy document. ``kind`` is
    "target tracking", "step", "predictive" or "scheduled". ``named`` False: nobody wrote the
    ``name``."""

    kind: str
    name: str
    metrics: tuple[Metric, ...]
    scale_out: ScalingBehavior
    scale_in: ScalingBehavior
    location: Location
    named: bool = True


@record
class InstanceCap:
    """The most instances of one workload that a platform runs; ``note`` says so in a clause,
    with what it depends on."""

    instances: int
    note: str


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
    """Something that changes a workload's instance count between ``min`` and ``max``.

    ``kind`` is the platform's word (HorizontalPodAutoscaler, ScaledObject, scalable target,
    scaling). ``effective`` False: the platform ignores it, ``ineffective_reason`` says why.
    ``policies_complete`` False: other policies may exist outside the scanned files. ``partial``:
    a document of policies only, part of the autoscaler that has the bounds. ``replaces`` is the
    name of the autoscaler that this one takes the place of. ``stuck_at_zero``: it may go down to
    no instance at all, and nothing that it follows would bring one back.
    """

    platform: str
    kind: str
    name: str
    target: Reference
    min: Sourced[int]
    max: Sourced[int]
    policies: tuple[ScalingPolicy, ...]
    location: Location
    effective: bool = True
    ineffective_reason: str = ""
    policies_complete: bool = True
    partial: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    environment_hint: str = ""
    cap: InstanceCap | None = None
    replaces: str = ""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return tuple(metric for policy in self.policies for metric in policy.metrics)

    @property
    def stuck_at_zero(self) -> bool:
        """Every metric is measured on the instances: without any there is none."""
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
    """One health question. ``purpose`` is what its answer decides: "liveness", "readiness",
    "startup" or "health check". ``action`` is a normalised text of what is asked ("http get
    http://:8080/health", "tcp :5432", "exec …") for comparison; ``path`` is None unless HTTP.
    ``host`` is "" where the instance itself is asked. ``patience_seconds`` is period x failure
    threshold: for how long an instance that has stopped answering is put up with."""

    kind: str
    action: str
    path: Sourced[str]
    port: Sourced[str]
    initial_delay_seconds: Sourced[int]
    period_seconds: Sourced[int]
    timeout_seconds: Sourced[int]
    failure_threshold: Sourced[int]
    success_threshold: Sourced[int]
    location: Location
    host: str = ""
    purpose: str = ""

    @property
    def asks_after(self) -> tuple[str, ...]:
        """What its path says that it checks, see :mod:`lintscale.model.health_paths`."""
        return asked_after(self.path.value)

    @property
    def patience_seconds(self) -> int | None:
        """None where a placeholder hides one of the two, or one is no such amount."""
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
    """``reference`` identifies what a value that stands elsewhere comes from, the same text for
    the same thing ("secret:ns/name/key", "render database:main", "configmap:ns/name/key");
    ``property`` is what is taken of it ("connectionString", "connectionPoolString", …)."""

    name: str
    value: Sourced[str]
    location: Location
    reference: str = ""
    property: str = ""


METRICS_WORDS = frozenset({"metrics", "prometheus", "prom"})
"""What people call a port that only monitoring asks; the Prometheus operator's examples and most
charts say "metrics" or "http-metrics"."""


def speaks_of_metrics(port_name: str) -> bool:
    """Whether one of the words of a port's name is of :data:`METRICS_WORDS`."""
    return not METRICS_WORDS.isdisjoint(port_name.lower().split("-"))


@record
class Port:
    """A port that a container declares; ``number`` None where it cannot be known."""

    number: int | None
    name: str = ""

    @property
    def for_metrics(self) -> bool:
        """Its name says that only monitoring asks there; see :data:`METRICS_WORDS`."""
        return speaks_of_metrics(self.name)


@record
class Resource:
    """One resource of which a container writes both a request and a limit, as written ("500m").
    ``exceeds``: the request is larger; None where one of them cannot be known."""

    name: str
    request: Sourced[str]
    limit: Sourced[str]
    location: Location
    exceeds: bool | None = None


@record
class CodeNumber:
    """A number as an application's source gives it: ``number``, or what the environment variable
    ``variable`` holds (``number`` where it is not set). ``reason`` says why it is not known."""

    location: Location
    number: int | None = None
    variable: str = ""
    reason: str = ""


@record
class CodePool:
    """A pool that an application's source makes. ``family`` is "sql", "redis" or "mongodb";
    ``size`` and ``overflow`` None: the library's defaults. ``variables`` are the environment
    variables that its address comes from. ``per_thread``: no pool, one connection per thread.
    Pools of one ``choice`` (a condition, a function's results) on different ``side``s of it are
    never there together."""

    library: str
    family: str
    size: CodeNumber | None
    overflow: CodeNumber | None
    variables: tuple[str, ...]
    location: Location
    per_thread: bool = False
    choice: str = ""
    side: str = ""


@record
class Dependency:
    """A package that an application installs and that opens connections. ``major`` is the
    version's first number, None where several are possible."""

    package: str
    location: Location
    major: int | None = None


@record
class Application:
    """What stands beside a container's config: the source in ``folder`` (relative to the project).
    ``assumed`` says why it is taken for this container's, "" where the config names it.
    ``listens_to`` is the chat service from which it fetches its messages itself ("Telegram")."""

    folder: str
    pools: tuple[CodePool, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    assumed: str = ""
    listens_to: str = ""


@record
class MountedFile:
    """A file of settings that a container finds at ``path``: an entry of the group ``group`` (as
    :attr:`Container.env_from` calls it), whose ``text`` linking fills in. Until then ``path`` is
    the folder, and ``entries`` are the names in it by those of the group's (none: all, by their
    own)."""

    path: str
    group: str = ""
    text: Sourced[str] = ABSENT
    entries: dict[str, str] = field(default_factory=dict)


@record
class Container:
    """``image`` as written; ``command`` is entry point and arguments as one shell line.
    ``env_from`` are identities of whole groups of variables ("configmap:ns/name", "render
    group:name") that linking resolves into ``environment``; ``env_complete`` False: some group
    is not among the scanned files. ``init``: it runs and ends before the others start;
    ``sidecar``: a helper that the platform starts before the others and keeps beside them.
    ``resources`` are those with both a request and a limit.
    ``pre_stop_seconds`` is what a hook waits before it is asked to stop, ``stop_timeout_seconds``
    how long it then has where each container has a time of its own."""

    name: str
    image: Sourced[str]
    location: Location
    command: Sourced[str] = ABSENT
    cpu_request_cores: Sourced[float] = ABSENT
    cpu_limit_cores: Sourced[float] = ABSENT
    memory_request_bytes: Sourced[int] = ABSENT
    memory_limit_bytes: Sourced[int] = ABSENT
    ports: tuple[Port, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    env_from: tuple[str, ...] = ()
    env_complete: bool = True
    liveness: Probe | None = None
    readiness: Probe | None = None
    startup: Probe | None = None
    liveness_location: Location | None = None
    readiness_location: Location | None = None
    health_check: Probe | None = None
    essential: bool = True
    init: bool = False
    sidecar: bool = False
    resources: tuple[Resource, ...] = ()
    pre_stop_seconds: Sourced[int] = ABSENT
    stop_timeout_seconds: Sourced[int] = ABSENT
    files: tuple[MountedFile, ...] = ()

    @property
    def probes(self) -> tuple[Probe, ...]:
        """All health questions that this container is asked."""
        asked = (self.liveness, self.readiness, self.startup, self.health_check)
        return tuple(probe for probe in asked if probe is not None)

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
    """How a deploy replaces instances. Amounts are as written ("25%", "1"); which of the two
    pairs a platform has differs: Kubernetes bounds unavailable and surge, ECS the healthy
    percentages. ``surge_percent`` is the platform's own default surge where neither can be
    written (100 where old and new run side by side). ``circuit_breaker``: a deploy that does not
    come up is stopped and rolled back; ``alarms_roll_back``: one that sets off an alarm is."""

    strategy: Sourced[str] = ABSENT
    max_unavailable: Sourced[str] = ABSENT
    max_surge: Sourced[str] = ABSENT
    min_healthy_percent: Sourced[int] = ABSENT
    max_healthy_percent: Sourced[int] = ABSENT
    circuit_breaker: Sourced[bool] = ABSENT
    alarms_roll_back: Sourced[bool] = ABSENT
    surge_percent: Sourced[int] = ABSENT


@record
class Shutdown:
    """How long an instance has to end: ``grace_seconds`` from the request to end to the kill,
    ``pre_stop_seconds`` of them (or before them) waiting, ``drain_seconds`` for open requests."""

    grace_seconds: Sourced[int] = ABSENT
    pre_stop_seconds: Sourced[int] = ABSENT
    drain_seconds: Sourced[int] = ABSENT


@record
class Placement:
    """``spreads`` True where a constraint or a pod anti-affinity keeps the instances apart;
    ``spread_over`` are the kinds of places over which ("kubernetes.io/hostname"); ``location`` is
    where a spread constraint would be written. ``zones`` is how many zones the instances may run
    in at most, where something bounds that (subnets, a pinned zone). ``spot_only``: all run on
    capacity that the provider takes back when it needs it."""

    spreads: bool | None = None
    spread_over: tuple[str, ...] = ()
    location: Location | None = None
    zones: Sourced[int] = ABSENT
    spot_only: Sourced[bool] = ABSENT


@record
class DisruptionBudget:
    """``min_available`` and ``max_unavailable`` as written ("1", "50%")."""

    platform: str
    name: str
    namespace: str
    selector: Selector
    min_available: Sourced[str]
    max_unavailable: Sourced[str]
    location: Location
    selector_location: Location | None = None


@record
class InstanceSize:
    """CPU and memory of one whole instance, by plan or declared. ``offered`` False: the
    platform does not sell this pair; ``offered_sizes`` says what it sells. The sums over its
    containers are None where one of them is not known: CPU, memory limits (a reservation where
    there is none), and memory as it is reserved."""

    cpu_cores: Sourced[float] = ABSENT
    memory_bytes: Sourced[int] = ABSENT
    offered: bool | None = None
    offered_sizes: str = ""
    containers_cpu_cores: float | None = None
    containers_memory_bytes: int | None = None
    containers_reserved_bytes: int | None = None


@record
class UnreadParameters:
    """Parameters of one database URL that look as if they set up the pool, and that nothing reads;
    ``effect`` is what becomes of them instead."""

    names: tuple[str, ...]
    variable: str
    effect: str
    location: Location


@record
class BuildSource:
    """Where a platform builds a workload from: a folder and a Dockerfile, relative to the project;
    "" where the platform is not told (the project's root, the folder's Dockerfile).
    ``runs_dockerfile``: an image is built where there is one; ``runs_procfile``: a Procfile says
    what is started where nothing else does."""

    folder: str = ""
    dockerfile: str = ""
    runs_dockerfile: bool = True
    runs_procfile: bool = False


@record
class Pool:
    """Connections one process of a workload may hold to one database.

    ``database`` is the Database's key, ``engine`` its engine, ``variable`` what leads to it.
    ``per_process`` is size + overflow, None where unbounded (``unbounded``) or unknown.
    ``declared`` is "declared", "library default" or "assumed". ``through_pooler``: a pooler
    holds the connections, this pool is among its clients. ``code_location`` is where the
    application's source makes it.

    ``connections_at_max`` is what the whole workload opens to the database at its largest size,
    ``arithmetic`` how that comes about. ``available`` is what the database takes, where that is
    known; ``stock_available`` what a server of its kind takes as it comes. ``fits`` is the largest
    ``per_process`` that fits into either while a deploy rolls, everything else left out.
    """

    database: str
    library: str
    size: Sourced[int]
    overflow: Sourced[int]
    per_process: Sourced[int]
    declared: str
    container: str
    location: Location
    through_pooler: bool = False
    engine: str = ""
    variable: str = ""
    unbounded: bool = False
    unread_parameters: tuple[UnreadParameters, ...] = ()
    connections_at_max: int | None = None
    arithmetic: str = ""
    available: int | None = None
    stock_available: int | None = None
    fits: int | None = None
    code_location: Location | None = None


@record
class Workload:
    """One service on one platform in one environment.

    ``role``: "service" (long-running), "worker" (long-running, never asked for traffic),
    "daemon" (one per node), "job" (runs and ends), "static" (files only), "pod" (a bare pod).
    ``scanned`` False: only an autoscaler that points at it was among the files; everything else
    is then unknown. ``serves_traffic`` None: not to be known. ``count_known``
    False: the instance count is set outside the scanned files. ``template`` points at the
    object that describes the containers where that is a document of its own. ``sleeps``:
    the platform stops it when no traffic comes.
    ``health_check_grace_seconds``: for how long after its start an instance may fail its health
    checks unpunished.
    """

    platform: str
    kind: str
    name: str
    location: Location
    role: str = "service"
    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    object_labels: dict[str, str] = field(default_factory=dict)
    environment_hint: str = ""
    scanned: bool = True
    replicas: Sourced[int] = ABSENT
    count_known: bool = True
    containers: tuple[Container, ...] = ()
    health_check_path: Sourced[str] = ABSENT
    health_check_grace_seconds: Sourced[int] = ABSENT
    serves_traffic: bool | None = None
    load_balanced: bool | None = None
    rollout: Rollout = field(default_factory=Rollout)
    shutdown: Shutdown = field(default_factory=Shutdown)
    placement: Placement = field(default_factory=Placement)
    disk: Sourced[str] = ABSENT
    plan: Sourced[str] = ABSENT
    sleeps: Sourced[bool] = ABSENT
    instance_size: InstanceSize = field(default_factory=InstanceSize)
    unscalable_reason: str = ""
    can_autoscale: bool = True
    cap: InstanceCap | None = None
    template: Reference | None = None
    build: BuildSource | None = None

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
    def display_name(self) -> str:
        return f"{self.kind}/{self.name}" if self.platform == "kubernetes" else self.name

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
    """Something that changes a workload's requests (``mode``: Off, Initial, Recreate, Auto)."""

    platform: str
    name: str
    namespace: str
    target: Reference
    mode: Sourced[str]
    location: Location
    resources: tuple[str, ...] = ("cpu", "memory")


@record
class Route:
    """Something that sends traffic to the pods a selector picks (a Kubernetes Service).
    ``for_metrics``: by the names of its ports, only monitoring comes that way."""

    platform: str
    name: str
    namespace: str
    selector: Selector
    location: Location
    for_metrics: bool = False


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
    """What is applied together (by a kustomization): the ``folder`` that stands for it where
    another one includes it, and the files and folders that it ``includes``, all from the project's
    root."""

    platform: str
    file: str
    folder: str
    includes: tuple[str, ...]


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
class IgnoredSetting:
    """Something written that the platform drops. ``topic`` is "scaling" so far; ``effect`` is
    the whole truth in a sentence: what the platform does instead."""

    platform: str
    topic: str
    key: str
    effect: str
    location: Location
    workload: str = ""


@record
class DocumentNote:
    """A platform's remark on a document, or an object in it, as a whole. ``kind`` is "unread file
    name", "retired format", "not an API shape", "described" or "removed API version"; ``detail`` is
    what to do instead, ``since`` an ISO date. Of a described object, ``detail`` names the keys that
    only its description has. It holds from the platform's ``from_version`` on. ``subject`` is the
    object, ``value`` what stands at the location, ``successor`` what may stand there instead with
    nothing else changed in the file; ``patched``: patches in other files may find the object by
    that value."""

    platform: str
    kind: str
    location: Location
    detail: str
    since: str = ""
    workload: str = ""
    from_version: str = ""
    subject: str = ""
    value: str = ""
    successor: str | None = None
    patched: bool = False


@record
class ObjectSuppression:
    """What an object itself says is not to be reported about it, as ``text`` in the words of
    docs/suppressions.md. ``path`` is the object's own key path within the document, ``location``
    where the text stands."""

    platform: str
    text: str
    path: tuple[PathKey, ...]
    location: Location


@record
class Deprecation:
    """A key, or the value of one, in place of which its platform wants another. ``old`` is
    what stands there and ``replacement`` what says the same today, both as a person writes them
    ("autoDeploy: true", "autoDeployTrigger: commit"); ``detail`` is what to know about it.

    ``new_key`` and ``new_value`` are what the entry's own key and value become; "" stays as it
    is, and where both are "" no single entry says the same. ``new_outer`` is the key of the
    mapping beside it into which the entry goes, "" where it stays. ``equivalent`` False: the new
    one does something else."""

    platform: str
    old: str
    replacement: str
    location: Location
    detail: str = ""
    new_key: str = ""
    new_value: str = ""
    new_outer: str = ""
    equivalent: bool = True
    workload: str = ""


@record
class Consumer:
    """One workload's share of a database's connections (instances x processes x per process).

    ``counted`` False: the share is not in the database's totals; ``note`` says why (the pool size
    is an assumption, a pooler stands between, the instance count is unknown). What is unknown is
    None; the ``…_fit`` are None where the database's limit is. ``max_instances_that_fit`` holds
    while a deploy rolls. The ``…_that_fit`` leave all other workloads as they are.
    """

    workload: str
    name: str
    service: str
    platform: str
    pool: Pool
    processes: Sourced[int]
    instances_min: int | None
    instances_max: int | None
    instances_deploy: int | None
    per_instance: int | None
    max_instances_that_fit: int | None
    max_instances_that_fit_outside_deploy: int | None
    pool_that_fits: int | None
    location: Location
    counted: bool = True
    note: str = ""


@record
class Evidence:
    """A place whose value went into a database's arithmetic, and what it says there."""

    location: Location
    text: str


@record
class AdjustablePool:
    """A pool whose ``size``, and perhaps ``overflow``, stand in a config file as numbers of their
    own. ``fits`` is the largest size + overflow with which everything fits while a deploy rolls,
    the rest left as it is. At the largest size outside of a deploy, ``processes_at_max`` processes
    hold one such pool each, beside ``others_at_max`` connections of everything else."""

    size: Sourced[int]
    overflow: Sourced[int]
    fits: int
    processes_at_max: int
    others_at_max: int


@record
class Database:
    """``key`` identifies it: what pools and environment references call it. ``limit`` is
    max_connections, ``reserved`` what the server keeps back, ``available`` their difference.
    One that workloads of several environments use is one Database per environment.

    Facts fill in ``consumers``, the totals (sums over the consumers that count) and two texts:
    ``arithmetic``, the whole multiplication, and ``fit``, how many instances would fit.
    ``evidence`` are the places of the numbers in it. ``adjustable`` is the pool of the consumer
    that takes most, if its size can be written anew."""

    key: str
    name: str
    engine: str
    platform: str
    location: Location
    plan: Sourced[str] = ABSENT
    limit: Sourced[int] = ABSENT
    reserved: Sourced[int] = ABSENT
    pooler: Sourced[str] = ABSENT
    aliases: tuple[str, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    total_min: int = 0
    total_max: int = 0
    total_deploy: int = 0
    environment: str = ""
    available: int | None = None
    arithmetic: str = ""
    fit: str = ""
    evidence: tuple[Evidence, ...] = ()
    adjustable: AdjustablePool | None = None

    @property
    def largest(self) -> Consumer | None:
        """The consumer that takes most, where a smaller pool or maximum helps most."""
        return max(
            (consumer for consumer in self.consumers if consumer.counted),
            key=lambda c: ((c.instances_max or 0) * (c.per_instance or 0), c.name, c.workload),
            default=None,
        )


@record(frozen=False)
class Fragments:
    """What one document contributes before anything is joined. Platforms fill it in; linking
    consumes it. Lists keep the order of the document. ``patches`` are partial workloads that
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
    gatherings: list[KustomizeBuild] = field(default_factory=list)
    patches: list[Workload] = field(default_factory=list)
    added_labels: list[str] = field(default_factory=list)
    resource_defaults: list[ResourceDefaults] = field(default_factory=list)
    ignored_settings: list[IgnoredSetting] = field(default_factory=list)
    notes: list[DocumentNote] = field(default_factory=list)
    suppressions: list[ObjectSuppression] = field(default_factory=list)
    deprecations: list[Deprecation] = field(default_factory=list)

    def extend(self, other: Fragments) -> None:
        for name in fields(self):
            getattr(self, name).extend(getattr(other, name))
