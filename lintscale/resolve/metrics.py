"""Autoscalers with their figures: at what value an alarm sets one off, and how high its metrics can
come.

CPU above the limit is throttled and memory above it ends the container, so no metric of either
shows more. Kubernetes sums usage, requests and limits over the containers of a pod
(pkg/controller/podautoscaler/replica_calculator.go, read Aug 2026).
"""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model import declared
from lintscale.model.declared import Alarm, Container, Workload
from lintscale.model.resolved import (
    Autoscaler,
    CompetingAutoscaler,
    Metric,
    ScalingBehavior,
    ScalingPolicy,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.competing import competing_policies
from lintscale.resolve.joined import JoinedAutoscaler, JoinedWorkload

_OFF = "Off"

_Amount = Sourced[float] | Sourced[int]


def resolved_autoscaler(
    scaler: JoinedAutoscaler,
    workload: JoinedWorkload,
    rivals: tuple[CompetingAutoscaler, ...],
    sharing: tuple[CompetingAutoscaler, ...],
) -> Autoscaler:
    """One of the workload's autoscalers. ``rivals`` are those it competes with, ``sharing`` those
    that make the same object."""
    competing = competing_policies(scaler.policies)
    return Autoscaler(
        scaler,
        policies=tuple(
            ScalingPolicy(
                policy,
                metrics=tuple(resolved_metric(metric, workload) for metric in policy.metrics),
                scale_out=_triggered(policy.scale_out, _alarms_of(policy, scaler, above=True)),
                scale_in=_triggered(policy.scale_in, _alarms_of(policy, scaler, above=False)),
                rivals=others,
            )
            for policy, others in zip(scaler.policies, competing, strict=True)
        ),
        target_found=scaler.target_found,
        target_in_doubt=scaler.target_in_doubt,
        target_elsewhere=scaler.target_elsewhere,
        template_of=scaler.template_of,
        gathered_by=scaler.gathered_by,
        rivals=rivals,
        sharing=sharing,
    )


# -- alarms ---------------------------------------------------------------------------------------


def _alarms_of(
    policy: declared.ScalingPolicy, scaler: JoinedAutoscaler, *, above: bool
) -> list[Alarm]:
    if policy.kind != "step":
        return []
    return [each for each in scaler.alarms if each.policy == policy.name and each.above == above]


def _triggered(behavior: declared.ScalingBehavior, alarms: Sequence[Alarm]) -> ScalingBehavior:
    """With the metric and the value at which a step policy begins to add or to remove, where its
    one alarm for that direction is among the scanned files."""
    trigger = None
    if len(alarms) == 1 and behavior.disabled.value is False:
        metric, offset = alarms[0].metric, behavior.threshold_offset
        if metric.target.value is not None and offset is not None:
            begins = replace(metric.target, value=metric.target.value + offset)
            trigger = _without_containers(replace(metric, target=begins), metric.reachable)
    return ScalingBehavior(behavior, trigger=trigger)


# -- reach ----------------------------------------------------------------------------------------


def resolved_metric(metric: declared.Metric, workload: JoinedWorkload) -> Metric:
    """The metric with what one instance requests and may use of it, where it is of CPU or memory
    and the workload's containers are known."""
    known = workload.scanned and workload.containers and metric.kind in ("cpu", "memory")
    if not known:
        return _without_containers(metric, metric.reachable)
    if metric.measured_on == "containers":
        return _of_containers(metric, workload)
    return _without_containers(metric, metric.reachable if _bounded(metric, workload) else ABSENT)


def _without_containers(metric: declared.Metric, reachable: Sourced[float]) -> Metric:
    return Metric(
        metric, request=ABSENT, limit=ABSENT, containers_without_request=(), reachable=reachable
    )


def _of_containers(metric: declared.Metric, workload: JoinedWorkload) -> Metric:
    measured = [
        container
        for container in workload.containers
        if not container.init and metric.container in ("", container.name)
    ]
    covered = [_amounts(container, metric.kind) for container in measured]
    unset = [
        container.name
        for container, (own, _) in zip(measured, covered, strict=True)
        if own.value is None and not own.written
    ]
    amounts = [(request.value, limit.value) for request, limit in covered]
    request = _sum([request for request, _ in amounts])
    limit = _sum([limit for _, limit in amounts])
    # No cluster takes a pod with a request above its limit; which of the two is wrong is not known.
    contradictory = any(r is not None and m is not None and r > m for r, m in amounts)
    # A vertical autoscaler sets requests, and limits along with them, as pods start.
    overruled = any(
        metric.kind in scaler.resources and scaler.mode.value != _OFF
        for scaler in workload.vertical_autoscalers
    )
    if contradictory or overruled:
        request = limit = None
    return Metric(
        metric,
        request=_derived(request, metric),
        limit=_derived(limit, metric),
        containers_without_request=tuple(sorted(unset)),
        reachable=_derived(_reachable(metric.unit, request, limit), metric),
    )


def _amounts(container: Container, kind: str) -> tuple[_Amount, _Amount]:
    """Request and limit."""
    if kind == "cpu":
        return container.cpu_request_cores, container.cpu_limit_cores
    return container.memory_request_bytes, container.memory_limit_bytes


def _reachable(unit: str, request: float | None, limit: float | None) -> float | None:
    if limit is None or unit == "average value":
        return limit
    if unit != "utilization percent" or not request:
        return None
    return round(limit / request * 100, 6)


def _bounded(metric: declared.Metric, workload: Workload) -> bool:
    """Whether an instance has a size of its own, or containers that cannot use more than they
    reserve; on shared machines others may use what is left over."""
    size = workload.instance_size
    if metric.kind == "cpu":
        return size.cpu_cores.source is not None
    return size.memory_bytes.source is not None or all(
        container.memory_limit_bytes.value is not None
        and container.memory_limit_bytes.value == container.memory_request_bytes.value
        for container in workload.containers
    )


def _sum(amounts: Sequence[float | None]) -> float | None:
    """None as soon as one is not known, or there is none."""
    known = [amount for amount in amounts if amount is not None]
    return float(sum(known)) if known and len(known) == len(amounts) else None


def _derived(value: float | None, metric: declared.Metric) -> Sourced[float]:
    if value is None:
        return ABSENT
    return Sourced(
        value, Source.PLATFORM_DEFAULT, metric.location, "from the containers' resources"
    )
