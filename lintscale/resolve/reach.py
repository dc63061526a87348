"""How high the metrics of an autoscaler can come: what the instances have, against their target.

CPU above the limit is throttled and memory above it ends the container, so no metric of either
shows more. Kubernetes sums usage, requests and limits over the containers of a pod
(pkg/controller/podautoscaler/replica_calculator.go, read Aug 2026).
"""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model.declared import Container, Metric, Workload
from lintscale.model.sourced import ABSENT, Source, Sourced

_OFF = "Off"


def with_reach(workload: Workload) -> Workload:
    """The workload with ``request``, ``limit`` and ``reachable`` of its autoscalers' metrics."""
    if not workload.scanned or not workload.containers or not workload.autoscalers:
        return workload
    return replace(
        workload,
        autoscalers=tuple(
            replace(
                scaler,
                policies=tuple(
                    replace(
                        policy,
                        metrics=tuple(_with_reach(metric, workload) for metric in policy.metrics),
                    )
                    for policy in scaler.policies
                ),
            )
            for scaler in workload.autoscalers
        ),
    )


def _with_reach(metric: Metric, workload: Workload) -> Metric:
    if metric.kind not in ("cpu", "memory"):
        return metric
    if metric.measured_on == "containers":
        return _of_containers(metric, workload)
    return metric if _bounded(metric, workload) else replace(metric, reachable=ABSENT)


def _of_containers(metric: Metric, workload: Workload) -> Metric:
    covered = [
        container
        for container in workload.containers
        if not container.init and metric.container in ("", container.name)
    ]
    request = _sum([_request(container, metric.kind) for container in covered])
    limit = _sum([_limit(container, metric.kind) for container in covered])
    if any(_contradicts_itself(container, metric.kind) for container in covered):
        # No cluster takes such a pod; which of the two numbers is wrong is not known.
        request = limit = None
    if any(
        metric.kind in scaler.resources and scaler.mode.value != _OFF
        for scaler in workload.vertical_autoscalers
    ):
        # It sets requests, and limits along with them, as pods start.
        request = limit = None
    return replace(
        metric,
        request=_derived(request, metric),
        limit=_derived(limit, metric),
        reachable=_derived(_reachable(metric.unit, request, limit), metric),
    )


def _reachable(unit: str, request: float | None, limit: float | None) -> float | None:
    if limit is None or unit == "average value":
        return limit
    if unit != "utilization percent" or not request:
        return None
    return round(limit / request * 100, 6)


def _bounded(metric: Metric, workload: Workload) -> bool:
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


def _request(container: Container, kind: str) -> float | None:
    return (
        container.cpu_request_cores.value if kind == "cpu" else container.memory_request_bytes.value
    )


def _limit(container: Container, kind: str) -> float | None:
    return container.cpu_limit_cores.value if kind == "cpu" else container.memory_limit_bytes.value


def _contradicts_itself(container: Container, kind: str) -> bool:
    request, limit = _request(container, kind), _limit(container, kind)
    return request is not None and limit is not None and request > limit


def _sum(amounts: Sequence[float | None]) -> float | None:
    """None as soon as one is not known, or there is none."""
    known = [amount for amount in amounts if amount is not None]
    return float(sum(known)) if known and len(known) == len(amounts) else None


def _derived(value: float | None, metric: Metric) -> Sourced[float]:
    if value is None:
        return ABSENT
    return Sourced(
        value, Source.PLATFORM_DEFAULT, metric.location, "from the containers' resources"
    )
