"""Where instances run, seen together with those that take the same traffic."""

from __future__ import annotations

from typing import Any

from lintscale.model.declared import Placement
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from tests.resolve.build import SETTINGS, deployment, project, said


def placed(
    name: str, *, route: str = "shop", zones: Any = None, spot: Any = None
) -> JoinedWorkload:
    return deployment(
        name,
        host_names=(route,) if route else (),
        placement=Placement(zones=said(zones), spot_only=said(spot)),
        file=f"k8s/{name}.yaml",
    )


def seen(*workloads: JoinedWorkload) -> dict[str, tuple[int | None, bool | None]]:
    found = derive(project(*workloads), SETTINGS).workloads
    return {
        each.name: (each.placement.zones.value, each.placement.spot_only.value) for each in found
    }


def test_alone_a_workload_is_where_it_says() -> None:
    assert seen(placed("web", zones=1, spot=True)) == {"web": (1, True)}


def test_company_may_run_in_another_zone() -> None:
    found = seen(placed("web-a", zones=1), placed("web-b", zones=1), placed("api", route="api"))
    assert found == {"web-a": (None, None), "web-b": (None, None), "api": (None, None)}


def test_company_on_other_capacity_stays() -> None:
    found = seen(placed("web", spot=False), placed("web-spot", spot=True))
    assert found == {"web": (None, False), "web-spot": (None, False)}


def test_company_on_spot_goes_as_well() -> None:
    assert seen(placed("a", spot=True), placed("b", spot=True)) == {
        "a": (None, True),
        "b": (None, True),
    }


def test_others_and_copies_of_itself_are_no_company() -> None:
    others = (placed("api", route="api", spot=False), placed("batch", route="", spot=False))
    assert seen(placed("web", spot=True), *others)["web"] == (None, True)
    copy = deployment("web", host_names=("shop",), file="staging/web.yaml")
    found = derive(project(placed("web", spot=True), copy), SETTINGS).workloads
    assert [each.placement.spot_only.value for each in found] == [True, None]
