"""The model for people: a block per workload, each value with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lintscale.api import CheckResult
from lintscale.model.declared import Probe
from lintscale.model.resolved import (
    Autoscaler,
    Container,
    Database,
    DisruptionBudget,
    Pool,
    ScalingBehavior,
    Workload,
)
from lintscale.model.sourced import Sourced
from lintscale.reports import PLAIN, Style
from lintscale.reports.columns import Line, three_columns
from lintscale.reports.secrets import mask
from lintscale.reports.styled import Row, to_text
from lintscale.reports.summary import skipped_rows
from lintscale.reports.text import cells, line_of, plural, printable
from lintscale.reports.units import behaviour, bytes_text, is_assumed, number, origin, shown, target


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return to_text(_rows(result, style.width), color=style.color)


def _rows(result: CheckResult, width: int) -> Iterator[Row]:
    project = result.project
    databases = {database.key: database for database in project.databases}
    for workload in project.workloads:
        yield from _heading(_name(workload), _what(workload), width)
        yield from three_columns(list(_workload(workload, databases)), width)
        yield []
    for database in project.databases:
        kind = " ".join(part for part in (database.platform, database.engine) if part)
        yield from _heading(database.name, f"{kind} database", width)
        yield from three_columns(list(_database(database)), width)
        yield []
    count = sum(1 for workload in project.workloads if workload.scanned)
    yield [
        (
            f"{plural(count, 'workload')}, {plural(len(databases), 'database')} "
            f"in {plural(result.summary.files_checked, 'file')}",
            "heading",
        )
    ]
    yield from skipped_rows(result, width)


def _heading(name: str, what: str, width: int) -> Iterator[Row]:
    name, what = printable(name), printable(what)
    fill = max(width - cells(name) - cells(what) - 2, 2)
    yield [(name, "file"), (f" {'─' * fill} ", "rule"), (what, "dim")]


def _name(workload: Workload) -> str:
    """Its own name; where that is a folder's ("."), what the service is called."""
    return workload.name if workload.name.strip("./") else workload.service


def _what(workload: Workload) -> str:
    """ "kubernetes Deployment, production"."""
    parts = [f"{workload.platform} {workload.kind}".strip()]
    if workload.environment.value:
        parts.append(workload.environment.value)
    return ", ".join(parts)


# -- workloads ------------------------------------------------------------------------------------


def _workload(workload: Workload, databases: dict[str, Database]) -> Iterator[Line]:
    yield Line("service", workload.service or workload.name, line_of(workload.location))
    if not workload.scanned:
        yield Line("note", "only its autoscaler is among the scanned files", assumed=True)
    if workload.environment.source is not None:
        yield _line("environment", workload.environment)
    if workload.namespace:
        yield Line("namespace", workload.namespace)
    if workload.scanned:
        yield Line("traffic", _traffic(workload))
    yield _line("min instances", workload.min_instances)
    yield _line("max instances", workload.max_instances)
    if workload.deploy_instances.source is not None:
        yield _line("in a deploy", workload.deploy_instances)
    for autoscaler in workload.autoscalers:
        yield from _autoscaler(autoscaler, workload)
    for vertical in workload.vertical_autoscalers:
        yield Line(
            "resized by", f"{vertical.name} ({shown(vertical.mode)})", line_of(vertical.location)
        )
    if not workload.scanned:
        return
    yield from _if_known("plan", workload.plan)
    yield from _rollout(workload)
    yield from _shutdown(workload)
    yield from _placement(workload)
    yield from _if_known("disk", workload.disk)
    probed = any(container.readiness for container in workload.containers)
    if workload.health_check_path.location is not None and not probed:
        yield _line("health path", workload.health_check_path)
    for container in workload.containers:
        yield from _container(container)
    for budget in workload.disruption_budgets:
        yield from _budget(budget)
    for pool in workload.pools:
        yield _pool(pool, databases)


def _traffic(workload: Workload) -> str:
    if workload.serves_traffic is None:
        return "unknown"
    if not workload.serves_traffic:
        return f"none ({workload.role})"
    return "yes, load balanced" if workload.load_balanced else "yes"


def _autoscaler(autoscaler: Autoscaler, workload: Workload) -> Iterator[Line]:
    name = f"{autoscaler.kind} {autoscaler.name}".strip()
    yield Line("scaled by", name, line_of(autoscaler.location))
    if not autoscaler.effective:
        yield Line("ignored", autoscaler.ineffective_reason or "yes", depth=1)
    if (autoscaler.min, autoscaler.max) != (workload.min_instances, workload.max_instances):
        yield _line("min", autoscaler.min, depth=1)
        yield _line("max", autoscaler.max, depth=1)
    for policy in autoscaler.policies:
        for metric in policy.metrics:
            label = metric.kind if metric.kind == metric.name else metric.kind or metric.name
            yield _line(label, metric.target, target(metric), depth=1)
        if not policy.metrics:
            yield Line(policy.kind, policy.name, line_of(policy.location), depth=1)
        yield from _direction("scale out", policy.scale_out)
        yield from _direction("scale in", policy.scale_in)


def _direction(label: str, behavior: ScalingBehavior) -> Iterator[Line]:
    text = behaviour(behavior)
    if not text:
        return
    told: list[Sourced[Any]] = [behavior.disabled, behavior.cooldown_seconds]
    told += [limit.value for limit in behavior.limits]
    written = [value for value in told if value.written]
    yield _line(label, (written or [value for value in told if value.source])[0], text, depth=1)


def _rollout(workload: Workload) -> Iterator[Line]:
    rollout = workload.rollout
    yield from _if_known("rollout", rollout.strategy)
    for label, value, unit in (
        ("unavailable", rollout.max_unavailable, ""),
        ("surge", rollout.max_surge, ""),
        ("min healthy", rollout.min_healthy_percent, " %"),
        ("max healthy", rollout.max_healthy_percent, " %"),
        ("circuit breaker", rollout.circuit_breaker, ""),
    ):
        yield from _if_known(label, value, unit, depth=1)


def _shutdown(workload: Workload) -> Iterator[Line]:
    yield from _if_known("grace", workload.shutdown.grace_seconds, " s")
    yield from _if_known("pre-stop", workload.shutdown.pre_stop_seconds, " s")
    yield from _if_known("drain", workload.shutdown.drain_seconds, " s")


def _placement(workload: Workload) -> Iterator[Line]:
    placement = workload.placement
    if placement.spreads is not None and placement.location is not None:
        where = line_of(placement.location) if placement.spreads else ""
        yield Line("spread", "yes" if placement.spreads else "no", where)
    yield from _if_known("zones", placement.zones)
    yield from _if_known("spot only", placement.spot_only)


def _container(container: Container) -> Iterator[Line]:
    kind = "init container" if container.init else "container"
    yield Line(kind, container.name, line_of(container.location))
    yield from _if_known("image", container.image, depth=1)
    if container.command.source is not None:
        yield _line("command", container.command, mask(shown(container.command)), depth=1)
    yield from _if_known("processes", container.processes, depth=1)
    yield from _resource("cpu", container.cpu_request_cores, container.cpu_limit_cores, number)
    yield from _resource(
        "memory", container.memory_request_bytes, container.memory_limit_bytes, bytes_text
    )
    for label, probe in (
        ("liveness", container.liveness),
        ("readiness", container.readiness),
        ("startup", container.startup),
        ("health check", container.health_check),
    ):
        if probe is not None:
            yield _probe(label, probe)


def _resource(label: str, request: Sourced[Any], limit: Sourced[Any], unit: Any) -> Iterator[Line]:
    for word, value in (("request", request), ("limit", limit)):
        if value.source is not None:
            text = shown(value) if value.value is None else unit(value.value)
            yield _line(f"{label} {word}", value, text, depth=1)


def _probe(label: str, probe: Probe) -> Line:
    text = mask(probe.action)
    if probe.period_seconds.value is not None:
        text += f" every {probe.period_seconds.value} s"
    return Line(label, text, line_of(probe.location), depth=1)


def _budget(budget: DisruptionBudget) -> Iterator[Line]:
    yield Line("disruption budget", budget.name, line_of(budget.location))
    yield from _if_known("min available", budget.min_available, depth=1)
    yield from _if_known("max unavailable", budget.max_unavailable, depth=1)


def _pool(pool: Pool, databases: dict[str, Database]) -> Line:
    database = databases.get(pool.database)
    name = database.name if database else mask(pool.database)
    if pool.per_process.value is None:
        size = "unbounded or unknown"
    else:
        parts = [shown(part) for part in (pool.size, pool.overflow) if part.value is not None]
        total = shown(pool.per_process)
        size = f"{' + '.join(parts)} = {total}" if len(parts) > 1 else total
    by = f", {pool.library}" if pool.library else ""
    value = f"{name}: {size} per process ({pool.declared}{by})"
    where = next((part for part in (pool.size, pool.per_process) if part.source), pool.size)
    return Line("pool", value, origin(where) or line_of(pool.location), pool.declared != "declared")


# -- databases ------------------------------------------------------------------------------------


def _database(database: Database) -> Iterator[Line]:
    yield Line("environment", database.environment or "any", line_of(database.location))
    yield from _if_known("plan", database.plan)
    if database.limit.source is None:
        yield Line("limit", "unknown", database.limit.reason, assumed=True)
    else:
        yield _line("limit", database.limit, f"{shown(database.limit)} connections")
    yield from _if_known("reserved", database.reserved)
    yield from _if_known("pooler", database.pooler)
    for consumer in database.consumers:
        value = (
            f"{consumer.name} ({consumer.platform}): {consumer.instances_min} to "
            f"{consumer.instances_max} instances × {consumer.per_instance} connections"  # noqa: RUF001
        )
        yield Line(
            "used by", value, line_of(consumer.location), consumer.pool.declared == "assumed"
        )
    if database.total_max:
        value = (
            f"{database.total_min} at least, {database.total_max} at most, "
            f"{database.total_deploy} while all deploy"
        )
        yield Line("connections", value)


# -- values ---------------------------------------------------------------------------------------


def _line(label: str, value: Sourced[Any], text: str = "", depth: int = 0) -> Line:
    return Line(label, text or shown(value), origin(value), is_assumed(value), depth)


def _if_known(label: str, value: Sourced[Any], unit: str = "", depth: int = 0) -> Sequence[Line]:
    if value.source is None:
        return ()
    text = shown(value)
    return (_line(label, value, text + unit if value.value is not None else text, depth),)
