from __future__ import annotations

import itertools
from typing import Any

from lintscale.model.declared import Probe
from lintscale.model.resolved import Drift
from lintscale.model.sourced import ABSENT, Sourced
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from tests.resolve.build import (
    SETTINGS,
    at,
    autoscaler,
    container,
    default,
    deployment,
    project,
    said,
    workload,
)


def drifts(*workloads: JoinedWorkload) -> tuple[Drift, ...]:
    found = derive(project(*workloads), SETTINGS).drifts
    for order in itertools.permutations(workloads):
        assert derive(project(*order), SETTINGS).drifts == found
    return found


def scaled(
    platform: str, file: str, smallest: int = 2, largest: int = 10, **targets: Any
) -> JoinedWorkload:
    line = targets.pop("line", 5)
    scaler = autoscaler(smallest, largest, file=file, line=line, **targets)
    return workload("web", platform=platform, kind="service", file=file, autoscalers=(scaler,))


def probe(path: str, file: str = "k8s/web.yaml", line: int = 30) -> Probe:
    nothing: Sourced[Any] = ABSENT
    return Probe(
        "readiness", f"http {path}", said(path, line, file), nothing, nothing, nothing, nothing,
        nothing, nothing, at(file, line)
    )  # fmt: skip


def test_platforms_that_agree() -> None:
    assert (
        drifts(
            scaled("render", "render.yaml", cpu=70.0, memory=80.0),
            scaled("ecs", "ecs/policy.json", cpu=70.0, memory=80.0),
            scaled("kubernetes", "k8s/web.yaml", cpu=70, memory=80),
        )
        == ()
    )


def test_one_drift_for_each_field() -> None:
    found = drifts(
        scaled("render", "render.yaml", 2, 10, cpu=70.0, memory=80.0),
        scaled("kubernetes", "k8s/web.yaml", 3, 20, cpu=60.0, memory=75.5),
    )
    assert [drift.field for drift in found] == [
        "min instances",
        "max instances",
        "CPU target",
        "memory target",
    ]
    assert [[side.value for side in drift.sides] for drift in found] == [
        ["3", "2"],
        ["20", "10"],
        ["60 %", "70 %"],
        ["75.5 %", "80 %"],
    ]
    assert all(drift.service == "web" and drift.environment == "production" for drift in found)


def test_a_drift_stands_where_the_minority_is() -> None:
    (drift,) = drifts(
        scaled("ecs", "a.json", 2, 10),
        scaled("kubernetes", "b.yaml", 2, 10),
        scaled("render", "render.yaml", 2, 12),
    )
    assert (drift.field, drift.platform, drift.location.file) == (
        "max instances",
        "render",
        "render.yaml",
    )
    assert drift.location.line == 7
    assert [side.platform for side in drift.sides] == ["ecs", "kubernetes", "render"]


def test_among_equals_it_is_the_first_by_file_and_line() -> None:
    (drift,) = drifts(scaled("render", "z.yaml", 2, 12), scaled("ecs", "a.json", 2, 10))
    assert (drift.platform, drift.location.file) == ("ecs", "a.json")


def test_a_fixed_count_is_minimum_and_maximum() -> None:
    railway = workload("web", platform="railway", file="railway.json", replicas=default(1))
    found = drifts(railway, scaled("render", "render.yaml", 2, 10))
    assert [(drift.field, drift.sides[0].value) for drift in found] == [
        ("min instances", "1"),
        ("max instances", "1"),
    ]


def test_what_is_not_known_is_not_compared() -> None:
    outside = workload("web", platform="ecs", file="ecs.json", count_known=False)
    placeholder = deployment("web", replicas=said(None))
    assert drifts(outside, placeholder, scaled("render", "render.yaml")) == ()


def test_other_services_environments_and_roles_are_not_compared() -> None:
    render = scaled("render", "render.yaml", 2, 10)
    assert drifts(render, deployment("api", replicas=said(1))) == ()
    assert drifts(render, deployment("web", replicas=said(1), file="k8s/dev/web.yaml")) == ()
    assert drifts(render, deployment("web", replicas=said(1), role="job")) == ()
    assert len(drifts(render, deployment("web-prod", replicas=said(1)))) == 2


def test_two_sizes_on_one_platform_are_no_drift() -> None:
    eu = deployment("web", replicas=said(2), file="k8s/eu/web.yaml")
    us = deployment("web", replicas=said(4), file="k8s/us/web.yaml")
    assert drifts(eu, us) == ()
    like_one = workload("web", replicas=said(4))
    assert drifts(eu, us, like_one) == ()
    like_none = workload("web", replicas=said(5))
    assert {drift.field for drift in drifts(eu, us, like_none)} == {
        "min instances",
        "max instances",
    }


def test_health_paths() -> None:
    render = workload("web", health_check_path=said("/health", 9), replicas=said(2))
    part = container(None, name="app", readiness=probe("/ready"))
    kubernetes = deployment("web", part, replicas=said(2))
    (drift,) = drifts(render, kubernetes)
    assert drift.field == "health check path"
    assert [(side.value, side.location.line) for side in drift.sides] == [
        ("/ready", 30),
        ("/health", 9),
    ]
    same = deployment("web", container(None, readiness=probe("/health")), replicas=said(2))
    assert drifts(render, same) == ()
    none = deployment("web", container(None), replicas=said(2))
    assert drifts(render, none) == ()
    two = deployment(
        "web",
        container(None, readiness=probe("/ready")),
        container(None, readiness=probe("/live"), name="side"),
        replicas=said(2),
    )
    assert drifts(render, two) == ()


def test_targets_are_compared_where_both_have_one() -> None:
    both = drifts(scaled("render", "render.yaml", cpu=70.0), scaled("ecs", "ecs.json", memory=80.0))
    assert both == ()
    unknown = scaled("ecs", "ecs.json", cpu=None)
    assert drifts(scaled("render", "render.yaml", cpu=70.0), unknown) == ()
