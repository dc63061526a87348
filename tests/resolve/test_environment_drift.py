"""Production that is smaller than staging."""

from __future__ import annotations

import itertools

import pytest

from lintscale._record import replace
from lintscale.model.declared import Container, InstanceSize
from lintscale.model.resolved import Drift, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.drift import environment_drifts_of
from tests.resolve.build import at, container, default, deployment, derived, said


def named(environment: str, source: Source = Source.FILE) -> Sourced[str]:
    return Sourced(environment, source, at())


def shop(
    environment: str,
    smallest: int | None = 2,
    largest: int | None = 8,
    *,
    file: str = "",
    source: Source = Source.FILE,
    service: str = "shop",
    line: int = 1,
    containers: tuple[Container, ...] = (),
    **fields: object,
) -> Workload:
    file = file or f"k8s/{environment}/shop.yaml"
    return derived(
        deployment("shop", *containers, file=file, line=line, **fields),
        service=service,
        environment=named(environment, source),
        min_instances=said(smallest, 6, file),
        max_instances=said(largest, 7, file),
    )


def fields_of(*workloads: Workload) -> list[tuple[str, str, str]]:
    """Field, production's value and staging's."""
    found = {
        tuple(_told(drift) for drift in environment_drifts_of(order))
        for order in itertools.permutations(workloads)
    }
    assert len(found) == 1, "the order of workloads decides"
    return list(found.pop())


def _told(drift: Drift) -> tuple[str, str, str]:
    assert drift.kind == "environment"
    assert drift.sides[0].environment == "production"
    assert drift.sides[-1].environment == "staging"
    assert drift.location == drift.sides[0].location
    return drift.field, drift.sides[0].value, drift.sides[-1].value


def test_each_field_that_is_smaller() -> None:
    found = fields_of(shop("production", 2, 6), shop("staging", 3, 8))
    assert found == [("max instances", "6", "8"), ("min instances", "2", "3")]


def test_production_that_is_as_large_or_larger() -> None:
    assert fields_of(shop("production", 3, 8), shop("staging", 3, 6)) == []


def test_a_fixed_count_is_told_of_once() -> None:
    production = shop("production")
    count = said(2, 6, "k8s/production/shop.yaml")
    fixed = replace(production, min_instances=count, max_instances=count)
    assert fields_of(fixed, shop("staging", 4, 4)) == [("min instances", "2", "4")]


def test_every_part_of_production_must_be_smaller() -> None:
    europe = shop("production", 2, 8)
    america = shop("production", 6, 8, line=40)
    assert fields_of(europe, america, shop("staging", 4, 8)) == []
    assert fields_of(europe, america, shop("staging", 7, 8)) == [("min instances", "2", "7")]


@pytest.mark.parametrize(
    ("production", "staging"),
    [
        # What is production only because nothing says otherwise may be the base of both.
        (shop("production", source=Source.ASSUMED, file="k8s/base/shop.yaml"), shop("staging", 4)),
        (shop("production"), shop("development", 4)),
        (shop("production"), shop("staging", 4, service="other")),
        # Another team's, in another folder or namespace.
        (
            shop("production", file="a/production/x.yaml"),
            shop("staging", 4, file="b/staging/x.yaml"),
        ),
        (shop("production", namespace="search"), shop("staging", 4, namespace="payments-staging")),
        (shop("production", None), shop("staging", 4)),
        (shop("production"), shop("staging", None)),
        (shop("production", role="job"), shop("staging", 4, role="job")),
    ],
)
def test_what_is_not_compared(production: Workload, staging: Workload) -> None:
    assert fields_of(production, staging) == []


def test_a_default_is_not_compared() -> None:
    production = replace(shop("production"), min_instances=default(1))
    assert fields_of(production, shop("staging", 4)) == []


@pytest.mark.parametrize(
    ("production", "staging"),
    [
        ("deploy/prod/shop.yaml", "deploy/staging/web.yaml"),
        ("overlays/production-eu/shop.yaml", "overlays/staging-eu/shop.yaml"),
        ("render.production.yaml", "render.staging.yaml"),
        ("live/shop/x.yaml", "stage/shop/x.yaml"),
    ],
)
def test_folders_that_differ_in_the_environment_alone(production: str, staging: str) -> None:
    found = fields_of(shop("production", 2, file=production), shop("staging", 4, file=staging))
    assert found == [("min instances", "2", "4")]


def test_sizes_of_instances() -> None:
    def sized(environment: str, memory: int, **fields: object) -> Workload:
        size = InstanceSize(cpu_cores=said(0.5), memory_bytes=said(memory * 1024**2))
        return shop(environment, instance_size=size, **fields)

    assert fields_of(sized("production", 512), sized("staging", 1536)) == [
        ("memory", "512 MiB", "1536 MiB")
    ]


def test_a_plan_that_is_not_written_is_not_compared() -> None:
    def planned(environment: str, memory: int, plan: Sourced[str]) -> Workload:
        size = InstanceSize(cpu_cores=default(1.0), memory_bytes=default(memory * 1024**2))
        return shop(environment, instance_size=size, plan=plan)

    large = planned("staging", 4096, said("pro"))
    assert fields_of(planned("production", 512, default("starter")), large) == []
    assert fields_of(planned("production", 512, said("starter")), large) == [
        ("memory", "512 MiB", "4096 MiB")
    ]


def test_requests_of_all_containers_add_up() -> None:
    def asking(environment: str, *cores: float | None) -> Workload:
        parts = [
            container(name=f"c{n}", cpu_request_cores=said(amount))
            for n, amount in enumerate(cores)
        ]
        return replace(shop(environment), containers=tuple(parts))

    assert fields_of(asking("production", 0.1, 0.2), asking("staging", 0.3)) == []
    assert fields_of(asking("production", 0.25), asking("staging", 0.25, 0.5)) == [
        ("CPU", "0.25 CPU", "0.75 CPU")
    ]
    assert fields_of(asking("production", 0.25, None), asking("staging", 0.25, 0.5)) == []
