"""Which requests a container lacks that nothing else makes up for."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.declared import Container
from lintscale.resolve.joined import JoinedWorkload


def missing_requests(container: Container, workload: JoinedWorkload) -> tuple[str, ...]:
    """Of "CPU" and "memory", what the container does not request. A limit counts as a request, and
    a vertical autoscaler sets one; where an autoscaler measures against the request, its absence
    is the autoscaler's fault and not counted here."""
    return tuple(_missing(container, workload))


def _missing(container: Container, workload: JoinedWorkload) -> Iterator[str]:
    for name, kind, request, limit in (
        ("CPU", "cpu", container.cpu_request_cores, container.cpu_limit_cores),
        ("memory", "memory", container.memory_request_bytes, container.memory_limit_bytes),
    ):
        written = request.value is not None or request.written or limit.written
        if not (written or _measured(container, workload, kind) or _set_by_another(workload, kind)):
            yield name


def _measured(container: Container, workload: JoinedWorkload, kind: str) -> bool:
    return any(
        metric.kind == kind
        and metric.unit == "utilization percent"
        and metric.container in ("", container.name)
        for autoscaler in workload.autoscalers
        for metric in autoscaler.metrics
    )


def _set_by_another(workload: JoinedWorkload, kind: str) -> bool:
    return any(
        each.mode.value != "Off" and kind in each.resources
        for each in workload.vertical_autoscalers
    )
