"""How high the metrics of an autoscaler can come."""

from __future__ import annotations

from typing import Any

import pytest

from lintscale._record import replace
from lintscale.model.declared import (
    Container,
    InstanceSize,
    Metric,
    Reference,
    VerticalAutoscaler,
)
from lintscale.model.resolved import Metric as ResolvedMetric
from lintscale.model.sourced import ABSENT, Sourced
from lintscale.resolve.metrics import resolved_metric
from tests.resolve.build import at, container, said, workload

MIB = 1024 * 1024


def metric(kind: str = "cpu", unit: str = "utilization percent", **fields: Any) -> Metric:
    return Metric(kind, kind, said(70.0), unit, at(), measured_on="containers", **fields)


def with_cpu(request: float | None, limit: float | None, **fields: Any) -> Container:
    def amount(value: float | None) -> Sourced[Any]:
        return ABSENT if value is None else said(value)

    return container(cpu_request_cores=amount(request), cpu_limit_cores=amount(limit), **fields)


def reached(followed: Metric, *containers: Container, **fields: Any) -> ResolvedMetric:
    return resolved_metric(followed, workload("web", *containers, **fields))


def test_a_ratio_of_sums() -> None:
    """400m of 200m and 600m of 300m are 200 % together, whatever each is by itself."""
    found = reached(metric(), with_cpu(0.2, 0.4), with_cpu(0.3, 0.6, name="proxy"))
    assert found.request.value == pytest.approx(0.5)
    assert found.limit.value == pytest.approx(1.0)
    assert found.reachable.value == 200


def test_thirds_come_out_even() -> None:
    assert reached(metric(), with_cpu(0.1, 0.3)).reachable.value == 300


def test_the_containers_without_the_request_are_sorted() -> None:
    """Whatever their number: a ninth is named as well."""
    names = [f"sidecar-{number}" for number in range(9)]
    found = reached(
        metric(), with_cpu(0.2, 0.4), *(with_cpu(None, 1.0, name=each) for each in reversed(names))
    )
    assert found.containers_without_request == tuple(names)


def test_one_container_without_a_limit_bounds_nothing() -> None:
    found = reached(metric(), with_cpu(0.2, 0.4), with_cpu(0.3, None, name="proxy"))
    assert found.reachable.value is None
    assert found.request.value == pytest.approx(0.5)


def test_a_request_above_its_limit_tells_nothing() -> None:
    found = reached(metric(), with_cpu(1.0, 0.5), with_cpu(0.1, 4.0, name="proxy"))
    assert (found.request.value, found.limit.value, found.reachable.value) == (None, None, None)


def test_init_containers_do_not_count() -> None:
    found = reached(metric(), with_cpu(0.5, 0.5), with_cpu(4.0, None, name="migrate", init=True))
    assert found.reachable.value == 100


def test_a_container_resource_metric_looks_at_one_container() -> None:
    sidecar = with_cpu(0.5, None, name="proxy")
    assert reached(metric(container="app"), with_cpu(0.5, 1.0), sidecar).reachable.value == 200
    assert reached(metric(container="proxy"), with_cpu(0.5, 1.0), sidecar).reachable.value is None
    assert reached(metric(container="gone"), with_cpu(0.5, 1.0), sidecar).reachable.value is None


def test_an_average_ends_at_the_limit_itself() -> None:
    found = reached(metric(unit="average value"), with_cpu(0.5, 2.0))
    assert found.reachable.value == 2.0


@pytest.mark.parametrize(
    ("mode", "resources", "expected"),
    [
        ("Recreate", ("cpu",), None),
        ("Initial", ("cpu", "memory"), None),
        (None, ("cpu",), None),
        ("Off", ("cpu",), 200),
        ("Recreate", ("memory",), 200),
    ],
)
def test_what_a_vertical_autoscaler_sets_is_not_known(
    mode: str | None, resources: tuple[str, ...], expected: float | None
) -> None:
    vertical = VerticalAutoscaler(
        "kubernetes", "app", "", Reference("", "app"), said(mode), at(), resources
    )
    found = reached(metric(), with_cpu(0.5, 1.0), vertical_autoscalers=(vertical,))
    assert found.reachable.value == expected


def test_other_metrics_are_left_alone() -> None:
    queue = Metric("queue", "letters", said(50.0), "average value", at(), measured_on="elsewhere")
    assert reached(queue, with_cpu(0.5, 1.0)) == ResolvedMetric(
        queue, request=ABSENT, limit=ABSENT, containers_without_request=(), reachable=ABSENT
    )


# -- instances with a size of their own -----------------------------------------------------------


def share(kind: str) -> Metric:
    return replace(metric(kind, reachable=said(100.0)), measured_on="instances")


def with_memory(request: int, limit: int | None) -> Container:
    return container(
        memory_request_bytes=said(request * MIB),
        memory_limit_bytes=ABSENT if limit is None else said(limit * MIB),
    )


def test_a_task_with_a_size_uses_no_more_than_that() -> None:
    size = InstanceSize(cpu_cores=said(0.5), memory_bytes=said(1024 * MIB))
    for kind in ("cpu", "memory"):
        found = reached(share(kind), with_memory(256, None), instance_size=size)
        assert found.reachable.value == 100


def test_a_task_without_one_takes_what_its_machine_has_left() -> None:
    assert reached(share("cpu"), with_memory(256, 256)).reachable.value is None
    assert reached(share("memory"), with_memory(256, None)).reachable.value is None
    assert reached(share("memory"), with_memory(256, 512)).reachable.value is None
    assert reached(share("memory"), with_memory(256, 256)).reachable.value == 100


def test_what_was_not_scanned_is_taken_to_have_a_size() -> None:
    assert reached(share("cpu"), scanned=False).reachable.value == 100
    assert reached(share("cpu")).reachable.value == 100
