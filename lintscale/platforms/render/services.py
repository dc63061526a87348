"""One service of a Blueprint as a workload, with its autoscaler."""

from __future__ import annotations

from lintscale.model.declared import (
    Autoscaler,
    BuildSource,
    Container,
    IgnoredSetting,
    InstanceCap,
    InstanceSize,
    Metric,
    Reference,
    Rollout,
    ScalingBehavior,
    ScalingPolicy,
    Shutdown,
    Workload,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.render import plans
from lintscale.platforms.render.environment import groups, variables
from lintscale.syntax.field import Field

_ROLES = {
    "web": "service",
    "pserv": "service",
    "worker": "worker",
    "cron": "job",
    "workflow": "job",
    "static": "static",
}
_SCALABLE = frozenset({"web", "pserv", "worker"})

_NOT_SCALED = {
    "cron": "Render does not scale cron jobs: at most one run of a job is active at a time",
    "workflow": "Render does not scale workflows: it starts one instance for each task run",
    "static": "Render does not scale static sites: a CDN serves them, without instances",
    "keyvalue": "Render does not scale Key Value instances: there is one, sized by its plan",
}
"""What runs instead where ``scaling`` has no effect (render.com/docs/scaling, Aug 2026)."""

_METRICS = (("cpu", "targetCPUPercent"), ("memory", "targetMemoryPercent"))

CAP = InstanceCap(100, "Render runs at most 100 instances of a service")
"""render.com/docs/scaling, Aug 2026."""

_LOWEST_TARGET, _HIGHEST_TARGET = 1.0, 90.0  # percent
_TARGETS = "Render accepts targets from 1 to 90% (render.com/docs/blueprint-spec, Aug 2026)"

_ASIDE = (
    "Render runs old and new instances side by side until a minute after the switch;"
    " that all of them overlap is assumed"
)


def kind_of(service: Field) -> str:
    """The service's type, with a static site (a web service by type) as a type of its own. "" for a
    type that is no text."""
    kind = service.get("type").string() or ""
    return "static" if kind == "web" and _is_static(service) else kind


def _is_static(service: Field) -> bool:
    """By its runtime; where that cannot be read (it is left out, or "env" holds variables), by
    the key that only a static site has."""
    runtime = service.first("runtime", "env").string()
    return runtime == "static" if runtime else service.get("staticPublishPath").present


def workload(service: Field, kind: str, name: str, environment: str) -> Workload:
    """The service as a workload. ``kind`` is one of Render's types or "static"; ``environment``
    the name of the Render environment it stands in."""
    scalable = kind in _SCALABLE
    serves_traffic = kind in ("web", "pserv")
    disk = _disk(service.get("disk"))
    plan = _plan(service) if kind != "static" else ABSENT
    return Workload(
        platform="render",
        kind=kind,
        name=name,
        location=service.location,
        role=_ROLES[kind],
        environment_hint=environment,
        replicas=_replicas(service, kind),
        count_known=kind != "workflow",
        containers=() if kind == "static" else (_container(service, name),),
        health_check_path=service.get("healthCheckPath").text() if serves_traffic else ABSENT,
        serves_traffic=serves_traffic,
        addressed=serves_traffic,
        rollout=Rollout(surge_percent=_surge(service, disk)) if scalable else Rollout(),
        shutdown=Shutdown(grace_seconds=_grace(service)) if scalable else Shutdown(),
        disk=disk,
        plan=plan,
        sleeps=_sleeps(plan) if kind == "web" else ABSENT,
        instance_size=_instance_size(plan),
        unscalable_reason=_unscalable_reason(disk, plan),
        can_autoscale=scalable,
        build=_build(service),
    )


def _build(service: Field) -> BuildSource | None:
    """Paths are relative to the repository's root, the Dockerfile's to it or to ``rootDir`` where
    that is set (render.com/docs/monorepo-support, Aug 2026). None: from another repository, or a
    finished image."""
    if service.get("repo").present or service.get("image").present:
        return None
    root = (service.get("rootDir").text().value or "").strip("./")
    dockerfile = (service.get("dockerfilePath").text().value or "").removeprefix("./")
    context = (service.get("dockerContext").text().value or "").removeprefix("./").strip("/.")
    folder = "/".join(part for part in (root, context) if part)
    if dockerfile and root:
        dockerfile = f"{root}/{dockerfile}"
    runtime = service.first("runtime", "env").string()
    return BuildSource(folder, dockerfile, runs_dockerfile=runtime == "docker")


def autoscaler(service: Field, kind: str, name: str, environment: str) -> Autoscaler | None:
    """The service's ``scaling``; ineffective on types that Render does not scale."""
    scaling = service.get("scaling")
    if not scaling.present:
        return None
    reason = _NOT_SCALED.get(kind, "")
    metrics = tuple(_metrics(scaling))
    behavior = ScalingBehavior(location=scaling.location)
    # A placeholder or a bare word may stand for anything.
    policies_known = scaling.is_mapping
    policies = (
        ScalingPolicy("target tracking", "", metrics, behavior, behavior, scaling.location),
    )
    return Autoscaler(
        platform="render",
        kind="scaling",
        name=name,
        target=Reference(kind, name, location=scaling.location),
        min=_bound(scaling, "minInstances"),
        max=_bound(scaling, "maxInstances"),
        policies=policies if policies_known else (),
        location=scaling.location,
        effective=not reason,
        ineffective_reason=reason,
        policies_complete=policies_known,
        environment_hint=environment,
        cap=CAP,
    )


def ignored_scaling(service: Field, kind: str, workload_id: str) -> list[IgnoredSetting]:
    """A remark on a ``scaling`` that has no effect."""
    scaling = service.get("scaling")
    effect = _NOT_SCALED.get(kind)
    if not scaling.present or effect is None:
        return []
    return [IgnoredSetting("render", "scaling", "scaling", effect, scaling.location, workload_id)]


def _metrics(scaling: Field) -> list[Metric]:
    found = ((kind, key, scaling.get(key)) for kind, key in _METRICS)
    return [
        Metric(
            kind,
            key,
            field.number(),
            "utilization percent",
            field.location,
            measured_on="instances",
            lowest_target=_limit(_LOWEST_TARGET, field),
            highest_target=_limit(_HIGHEST_TARGET, field),
        )
        for kind, key, field in found
        if field.present
    ]


def _limit(percent: float, field: Field) -> Sourced[float]:
    return Sourced(percent, Source.PLATFORM_DEFAULT, field.location, _TARGETS)


def _bound(scaling: Field, key: str) -> Sourced[int]:
    if scaling.is_mapping:
        return scaling.get(key).integer()
    return Sourced(None, Source.FILE, scaling.location, "scaling is not a mapping")


def _replicas(service: Field, kind: str) -> Sourced[int]:
    count = service.get("numInstances")
    if kind in _SCALABLE:
        return count.integer(
            1,
            "Render runs one instance of a new service when numInstances is absent;"
            " an existing one keeps its count",
        )
    if kind == "cron":
        reason = "Render keeps at most one run of a cron job active"
        return Sourced(1, Source.PLATFORM_DEFAULT, service.location, reason)
    return Sourced(None, None, service.location)


def _container(service: Field, name: str) -> Container:
    env_vars = service.get("envVars")
    runtime = service.first("runtime", "env").string()
    commands = ("dockerCommand", "startCommand")
    command = service.first(*(commands if runtime in ("docker", "image") else commands[::-1]))
    return Container(
        name=name,
        image=service.get("image", "url").raw_text(),
        location=service.location,
        command=command.raw_text(),
        environment=variables(env_vars),
        env_from=groups(env_vars),
    )


def _plan(service: Field) -> Sourced[str]:
    return service.get("plan").text(
        plans.DEFAULT_SERVICE_PLAN,
        f"Render gives a new service {plans.DEFAULT_SERVICE_PLAN} when plan is absent;"
        " an existing one keeps its own",
    )


def _instance_size(plan: Sourced[str]) -> InstanceSize:
    size = plans.service_size(plan.value) if plan.value is not None else None
    if size is None:
        return InstanceSize()
    cores, memory_bytes = size
    reason = f"plan {plan.value} ({plans.AS_OF})"
    return InstanceSize(
        cpu_cores=Sourced(cores, Source.PLATFORM_DEFAULT, plan.location, reason),
        memory_bytes=Sourced(memory_bytes, Source.PLATFORM_DEFAULT, plan.location, reason),
    )


def _disk(disk: Field) -> Sourced[str]:
    """The disk's mount path, else its name; absent only where no disk is written."""
    if not disk.present:
        return Sourced(None, None, disk.location)
    described = disk.first("mountPath", "name").string() or disk.string() or "disk"
    return Sourced(described, Source.FILE, disk.location)


def _unscalable_reason(disk: Sourced[str], plan: Sourced[str]) -> str:
    if disk.written:
        return "a service with a disk has one instance"
    return "the free plan has one instance" if plans.is_free(plan.value) else ""


def _sleeps(plan: Sourced[str]) -> Sourced[bool]:
    if plan.value is None:
        return Sourced(None, plan.source, plan.location)
    if plans.is_free(plan.value):
        reason = "Render stops a free web service after 15 minutes without traffic"
        return Sourced(True, Source.PLATFORM_DEFAULT, plan.location, reason)
    return Sourced(False, Source.PLATFORM_DEFAULT, plan.location, "paid plans do not sleep")


def _surge(service: Field, disk: Sourced[str]) -> Sourced[int]:
    """render.com/docs/deploys, "Zero-downtime deploys" (Aug 2026): a disk disables them."""
    if disk.written:
        reason = "with a disk, Render stops the old instance before it starts the new one"
        return Sourced(0, Source.PLATFORM_DEFAULT, disk.location, reason)
    return Sourced(100, Source.ASSUMED, service.location, _ASIDE)


def _grace(service: Field) -> Sourced[int]:
    return service.get("maxShutdownDelaySeconds").integer(
        30, "Render waits 30 seconds after SIGTERM when maxShutdownDelaySeconds is absent"
    )
