"""The resolved model for people: a table per workload and database, each value with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lintscale._record import record
from lintscale.api import CheckResult
from lintscale.model.declared import Probe, StepLimit
from lintscale.model.resolved import (
    Autoscaler,
    Container,
    Database,
    DisruptionBudget,
    Metric,
    Pool,
    ScalingBehavior,
    ScalingPolicy,
    Workload,
)
from lintscale.model.sourced import Source, Sourced
from lintscale.reports import PLAIN, Style
from lintscale.reports.styled import grid, heading, render_rich, row_texts, styled
from lintscale.reports.summary import skipped_rows
from lintscale.reports.text import cells, line_of, plural
from lintscale.secrets import mask

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

_UNKNOWN = "unknown"

_MAX_CHARACTERS = 400
"""Of a value: enough to recognise any command."""

_BYTE_UNITS = ((1024**4, "TiB"), (1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


@record
class _Field:
    """A value and its source. ``assumed``: no file says it. ``depth`` indents the label."""

    label: str
    value: str
    source: str = ""
    assumed: bool = False
    depth: int = 0


def render(result: CheckResult, style: Style = PLAIN) -> str:
    return render_rich(_tables(result, style.width), style)


def _tables(result: CheckResult, width: int) -> Iterator[RenderableType]:
    project = result.project
    databases = {database.key: database for database in project.databases}
    for workload in project.workloads:
        yield heading(mask(_name(workload)), _about(workload))
        yield _table([*_workload(workload, databases)], width)
        yield ""
    for database in project.databases:
        kind = " ".join(part for part in (database.platform, database.engine) if part)
        yield heading(mask(database.name), f"{kind} database")
        yield _table([*_database(database)], width)
        yield ""
    count = sum(1 for workload in project.workloads if workload.scanned)
    yield styled(
        f"{plural(count, 'workload')}, {plural(len(databases), 'database')} "
        f"in {plural(result.summary.files_checked, 'file')}",
        "heading",
    )
    yield from row_texts(skipped_rows(result, width))


def _table(fields: Sequence[_Field], width: int) -> Table:
    table = grid(3)
    label_width = min(max(cells(f"{'  ' * each.depth}{each.label}") for each in fields) + 2, 30)
    # A path that is broken cannot be opened with a click.
    path_width = max(cells(each.source.split(" ")[0]) for each in fields)
    table.columns[0].max_width = label_width
    table.columns[1].max_width = max(width - label_width - path_width - 4, 20)
    for field in fields:
        value = field.value
        if len(value) > _MAX_CHARACTERS:
            value = f"{value[:_MAX_CHARACTERS]}…"
        table.add_row(
            styled("  " * (field.depth + 1) + field.label, "place"),
            styled(mask(value), "dim" if field.assumed else ""),
            styled(field.source, "dim"),
        )
    return table


def _name(workload: Workload) -> str:
    """Its own name; where that is a folder's ("."), what the service is called."""
    return workload.name if workload.name.strip("./") else workload.service


def _about(workload: Workload) -> str:
    """ "kubernetes Deployment, production"."""
    parts = [f"{workload.platform} {workload.kind}".strip()]
    if workload.environment.value:
        parts.append(workload.environment.value)
    return ", ".join(parts)


# -- workloads ------------------------------------------------------------------------------------


def _workload(workload: Workload, databases: dict[str, Database]) -> Iterator[_Field]:
    yield _Field("service", workload.service or workload.name, line_of(workload.location))
    if not workload.scanned:
        yield _Field("note", "only its autoscaler is among the scanned files", assumed=True)
    yield from _if_known("environment", workload.environment)
    if workload.namespace:
        yield _Field("namespace", workload.namespace)
    if workload.scanned:
        yield _Field("traffic", _traffic(workload))
    yield _sourced("min instances", workload.min_instances)
    yield _sourced("max instances", workload.max_instances)
    yield from _if_known("in a deploy", workload.deploy_instances)
    for autoscaler in workload.autoscalers:
        yield from _autoscaler(autoscaler, workload)
    for vertical in workload.vertical_autoscalers:
        yield _Field(
            "resized by",
            f"{vertical.name} ({value_text(vertical.mode)})",
            line_of(vertical.location),
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
        yield _sourced("health path", workload.health_check_path)
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


def _autoscaler(autoscaler: Autoscaler, workload: Workload) -> Iterator[_Field]:
    name = f"{autoscaler.kind} {autoscaler.name}".strip()
    yield _Field("scaled by", name, line_of(autoscaler.location))
    if not autoscaler.effective:
        yield _Field("ignored", autoscaler.ineffective_reason or "yes", depth=1)
    if (autoscaler.min, autoscaler.max) != (workload.min_instances, workload.max_instances):
        yield _sourced("min", autoscaler.min, depth=1)
        yield _sourced("max", autoscaler.max, depth=1)
    for policy in autoscaler.policies:
        for metric in policy.metrics:
            label = metric.kind if metric.kind == metric.name else metric.kind or metric.name
            yield _sourced(label, metric.target, target(metric), depth=1)
        if not policy.metrics:
            text = _schedule(policy) if policy.kind == "scheduled" else policy.name
            yield _Field(policy.kind, text, line_of(policy.location), depth=1)
        yield from _direction("scale out", policy.scale_out)
        yield from _direction("scale in", policy.scale_in)


def _schedule(policy: ScalingPolicy) -> str:
    bounds = [
        f"{label} {bound.value}"
        for label, bound in (("min", policy.min), ("max", policy.max))
        if bound.value is not None
    ]
    return ", ".join(filter(None, (policy.name, *bounds, policy.schedule)))


def _direction(label: str, behavior: ScalingBehavior) -> Iterator[_Field]:
    text = behaviour(behavior)
    if not text:
        return
    values: list[Sourced[Any]] = [behavior.cooldown_seconds]
    values += [limit.value for limit in behavior.limits]
    # The source of what is shown: only a disabled direction shows nothing else.
    values.insert(0 if behavior.disabled.value else len(values), behavior.disabled)
    written = [value for value in values if value.written]
    yield _sourced(
        label, (written or [value for value in values if value.source])[0], text, depth=1
    )


def _rollout(workload: Workload) -> Iterator[_Field]:
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


def _shutdown(workload: Workload) -> Iterator[_Field]:
    yield from _if_known("grace", workload.shutdown.grace_seconds, " s")
    yield from _if_known("pre-stop", workload.shutdown.pre_stop_seconds, " s")
    yield from _if_known("drain", workload.shutdown.drain_seconds, " s")


def _placement(workload: Workload) -> Iterator[_Field]:
    placement = workload.placement
    if placement.spreads is not None and placement.location is not None:
        where = line_of(placement.location) if placement.spreads else ""
        yield _Field("spread", "yes" if placement.spreads else "no", where)
    yield from _if_known("zones", placement.zones)
    yield from _if_known("spot only", placement.spot_only)


def _container(container: Container) -> Iterator[_Field]:
    kind = "init container" if container.init else "container"
    yield _Field(kind, container.name, line_of(container.location))
    yield from _if_known("image", container.image, depth=1)
    yield from _if_known("command", container.command, depth=1)
    yield from _if_known("processes", container.processes, depth=1)
    yield from _amount("cpu request", container.cpu_request_cores, number)
    yield from _amount("cpu limit", container.cpu_limit_cores, number)
    yield from _amount("memory request", container.memory_request_bytes, bytes_text)
    yield from _amount("memory limit", container.memory_limit_bytes, bytes_text)
    for label, probe in (
        ("liveness", container.liveness),
        ("readiness", container.readiness),
        ("startup", container.startup),
        ("health check", container.health_check),
    ):
        if probe is not None:
            yield _probe(label, probe)


def _amount(label: str, value: Sourced[Any], unit: Callable[[float], str]) -> Iterator[_Field]:
    if value.source is not None:
        text = value_text(value) if value.value is None else unit(value.value)
        yield _sourced(label, value, text, depth=1)


def _probe(label: str, probe: Probe) -> _Field:
    text = probe.action
    if probe.period_seconds.value is not None:
        text += f" every {probe.period_seconds.value} s"
    return _Field(label, text, line_of(probe.location), depth=1)


def _budget(budget: DisruptionBudget) -> Iterator[_Field]:
    yield _Field("disruption budget", budget.name, line_of(budget.location))
    yield from _if_known("min available", budget.min_available, depth=1)
    yield from _if_known("max unavailable", budget.max_unavailable, depth=1)


def _pool(pool: Pool, databases: dict[str, Database]) -> _Field:
    database = databases.get(pool.database)
    name = database.name if database else pool.database
    if pool.per_process.value is None:
        size = "unbounded or unknown"
    else:
        parts = [value_text(part) for part in (pool.size, pool.overflow) if part.value is not None]
        total = value_text(pool.per_process)
        size = f"{' + '.join(parts)} = {total}" if len(parts) > 1 else total
    by = f", {pool.library}" if pool.library else ""
    value = f"{name}: {size} per process ({pool.declared}{by})"
    where = next((part for part in (pool.size, pool.per_process) if part.source), pool.size)
    return _Field(
        "pool", value, source_text(where) or line_of(pool.location), pool.declared != "declared"
    )


# -- databases ------------------------------------------------------------------------------------


def _database(database: Database) -> Iterator[_Field]:
    yield _Field("environment", database.environment or "any", line_of(database.location))
    yield from _if_known("plan", database.plan)
    if database.limit.source is None:
        yield _Field("limit", "unknown", database.limit.reason, assumed=True)
    else:
        yield _sourced("limit", database.limit, f"{value_text(database.limit)} connections")
    yield from _if_known("reserved", database.reserved)
    yield from _if_known("pooler", database.pooler)
    for consumer in database.consumers:
        value = (
            f"{consumer.name} ({consumer.platform}): {consumer.instances_min} to "
            f"{consumer.instances_max} instances × {consumer.per_instance} connections"  # noqa: RUF001
        )
        yield _Field(
            "used by", value, line_of(consumer.location), consumer.pool.declared == "assumed"
        )
    if database.total_max:
        value = (
            f"{database.total_min} at least, {database.total_max} at most, "
            f"{database.total_deploy} while all deploy"
        )
        yield _Field("connections", value)


# -- values ---------------------------------------------------------------------------------------


def _sourced(label: str, value: Sourced[Any], text: str = "", depth: int = 0) -> _Field:
    return _Field(label, text or value_text(value), source_text(value), is_assumed(value), depth)


def _if_known(label: str, value: Sourced[Any], unit: str = "", depth: int = 0) -> Sequence[_Field]:
    if value.source is None:
        return ()
    text = value_text(value)
    return (_sourced(label, value, text + unit if value.value is not None else text, depth),)


def number(value: float) -> str:
    return f"{value:g}" if abs(value) < 1e15 else str(value)


def bytes_text(value: float) -> str:
    """In the largest binary unit that gives a whole number or one decimal: 512 MiB, 1.5 GiB."""
    for size, unit in _BYTE_UNITS:
        if value >= size and (value * 10) % size == 0:
            return f"{number(value / size)} {unit}"
    return f"{number(value)} B"


def value_text(value: Sourced[Any]) -> str:
    """The bare value; "unknown" where it is written and cannot be known here, "not set" where
    it is absent."""
    found = value.value
    if found is None:
        return _UNKNOWN if value.written else "not set"
    if isinstance(found, bool):
        return "yes" if found else "no"
    return found if isinstance(found, str) else number(found)


def source_text(value: Sourced[Any]) -> str:
    """Where the value comes from: ``file:line``, or why it holds unwritten."""
    if value.source is Source.FILE:
        where = line_of(value.location) if value.location else "file"
        return f"{where} ({value.reason})" if value.reason else where
    if value.source is None:
        return value.reason
    return f"{value.source.value}: {value.reason}" if value.reason else value.source.value


def is_assumed(value: Sourced[Any]) -> bool:
    return value.source is not Source.FILE


def target(metric: Metric) -> str:
    """ "70 % utilization", "average 100 per instance", "at 30"."""
    if metric.target.value is None:
        return value_text(metric.target)
    amount = metric.target.value
    if metric.unit == "utilization percent":
        return f"{number(amount)} % utilization"
    text = bytes_text(amount) if metric.kind == "memory" else number(amount)
    return f"{text} per instance" if metric.unit == "average value" else text


def behaviour(behavior: ScalingBehavior) -> str:
    """The wait and the step limits of one direction; "" when nothing is known of it."""
    if behavior.disabled.value:
        return "never (disabled)"
    parts = []
    wait = behavior.cooldown_seconds
    if wait.value is not None:
        kind = "window" if behavior.cooldown_kind == "stabilization window" else "cooldown"
        parts.append(f"{kind} {wait.value} s")
    elif wait.written:
        parts.append(f"{behavior.cooldown_kind} {_UNKNOWN}")
    limits = [_limit(limit) for limit in behavior.limits]
    if limits:
        most = "least" if behavior.select.value == "Min" else "most"
        joined = ", ".join(limits)
        parts.append(f"at {most} {joined}" if len(limits) == 1 else f"the {most} of {joined}")
    return "; ".join(parts)


def _limit(limit: StepLimit) -> str:
    if limit.value.value is None:
        return _UNKNOWN
    count = limit.value.value
    amount = f"{count} %" if limit.kind == "percent" else plural(count, "instance")
    period = limit.period_seconds.value
    return f"{amount} in {period} s" if period is not None else amount
