from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import replace
from lintscale.model.resolved import DisruptionBudget
from lintscale.model.sourced import Source
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from tests.resolve.build import SETTINGS, at, autoscaler, budget, deployment, project, said


def allowed(*workloads: JoinedWorkload, **amounts: str) -> DisruptionBudget:
    whole = project(*workloads, disruption_budgets=(budget(*workloads, **amounts),))
    return derive(whole, SETTINGS).disruption_budgets[0]


def of_size(count: int | None, name: str = "web") -> JoinedWorkload:
    return deployment(name, replicas=said(count), file=f"k8s/{name}.yaml")


@pytest.mark.parametrize(
    ("size", "amounts", "expected"),
    [
        (2, {"min_available": "1"}, 1),
        (2, {"min_available": "2"}, 0),
        (2, {"min_available": "3"}, 0),
        (3, {"min_available": "50%"}, 1),  # ceil(1.5) stay
        (2, {"min_available": "51%"}, 0),
        (10, {"min_available": "75%"}, 2),
        (10, {"min_available": "100%"}, 0),
        (10, {"min_available": "0"}, 10),
        (2, {"max_unavailable": "1"}, 1),
        (2, {"max_unavailable": "5"}, 2),
        (3, {"max_unavailable": "1%"}, 1),  # rounds up as well
        (3, {"max_unavailable": "34%"}, 2),
        (10, {"max_unavailable": "25%"}, 3),
        (10, {"max_unavailable": "0"}, 0),
        (10, {"max_unavailable": "0%"}, 0),
        # The API refuses both; the controller looks at maxUnavailable.
        (10, {"max_unavailable": "1", "min_available": "2"}, 1),
        (10, {"max_unavailable": "one"}, None),
        (10, {}, None),
    ],
)
def test_allowed_disruptions(size: int, amounts: dict[str, str], expected: int | None) -> None:
    found = allowed(of_size(size), **amounts)
    assert found.smallest_size.value == size
    assert found.allowed_disruptions.value == expected


def test_a_budget_over_several_workloads_counts_them_together() -> None:
    found = allowed(of_size(2, "web"), of_size(3, "api"), min_available="60%")
    assert (found.smallest_size.value, found.allowed_disruptions.value) == (5, 2)


def test_the_smallest_size_is_the_autoscaler_s() -> None:
    scaled = deployment("web", autoscalers=(autoscaler(2, 10, file="k8s/hpa.yaml"),))
    found = allowed(scaled, min_available="2")
    assert (found.smallest_size.value, found.allowed_disruptions.value) == (2, 0)
    assert found.smallest_size.location is not None
    assert found.smallest_size.location.file == "k8s/hpa.yaml"


def test_a_workload_that_scales_to_nothing_counts_with_one() -> None:
    scaled = deployment("web", autoscalers=(autoscaler(0, 10),))
    assert allowed(scaled, min_available="1").allowed_disruptions.value == 0


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"max_unavailable": "0"}, 0),
        ({"max_unavailable": "0%"}, 0),
        ({"min_available": "100%"}, 0),
        ({"min_available": "1"}, None),
        ({"max_unavailable": "1"}, None),
    ],
)
def test_where_a_size_is_not_known(amounts: dict[str, str], expected: int | None) -> None:
    for workloads in ((of_size(None),), (of_size(3, "api"), of_size(None)), ()):
        found = allowed(*workloads, **amounts)
        assert found.smallest_size.value is None
        assert found.allowed_disruptions.value == expected


def test_a_placeholder_is_not_known() -> None:
    unknown = replace(budget(of_size(2)), max_unavailable=said(None))
    found = derive(project(of_size(2), disruption_budgets=(unknown,)), SETTINGS)
    assert found.disruption_budgets[0].allowed_disruptions.unknown


def test_workloads_carry_the_same_budget() -> None:
    web = of_size(2)
    guard = budget(web, min_available="1")
    web = replace(web, disruption_budgets=(guard,))
    found = derive(project(web, disruption_budgets=(guard,)), SETTINGS)
    assert found.workloads[0].disruption_budgets == found.disruption_budgets
    assert found.disruption_budgets[0].allowed_disruptions.source is Source.FILE


@given(st.integers(1, 200), st.integers(0, 200))
def test_the_two_ways_to_write_it_agree(size: int, kept: int) -> None:
    keep = allowed(of_size(size), min_available=str(kept))
    lose = allowed(of_size(size), max_unavailable=str(max(0, size - kept)))
    assert keep.allowed_disruptions.value == lose.allowed_disruptions.value


# -- two budgets of one pod -----------------------------------------------------------------------


def guard(
    name: str, *workloads: JoinedWorkload, file: str = "k8s/b.yaml", ns: str = ""
) -> DisruptionBudget:
    return replace(
        budget(*workloads, max_unavailable="1"), name=name, location=at(file), namespace=ns
    )


def clashing(
    web: JoinedWorkload, *guards: DisruptionBudget, others: tuple[JoinedWorkload, ...] = ()
) -> list[str]:
    web = replace(web, disruption_budgets=guards)
    whole = derive(project(web, *others, disruption_budgets=guards), SETTINGS)
    [found] = [each for each in whole.workloads if each.name == web.name]
    return [each.name for each in found.conflicting_budgets]


def test_two_budgets_clash_whatever_their_order() -> None:
    web = of_size(3)
    guards = (guard("b", web), guard("a", web, file="policies/a.yaml"))
    assert clashing(web, *guards) == clashing(web, *guards[::-1]) == ["a", "b"]


def test_one_budget_clashes_with_nothing() -> None:
    web = of_size(3)
    assert clashing(web, guard("a", web)) == []


def test_the_same_name_is_the_same_object() -> None:
    web = of_size(3)
    copies = (guard("a", web), guard("a", web, file="overlays/production/b.yaml", ns="shop"))
    assert clashing(web, *copies) == []


def test_budgets_of_two_namespaces_or_environments_never_meet() -> None:
    web = of_size(3)
    assert clashing(web, guard("a", web, ns="shop"), guard("b", web, ns="checkout")) == []
    staging = guard("a", web, file="overlays/staging/b.yaml")
    production = guard("b", web, file="overlays/production/b.yaml")
    assert clashing(web, staging, production) == []
    assert clashing(web, staging, guard("c", web)) == ["a", "c"]


def test_a_budget_whose_selector_is_not_known_clashes_with_nothing() -> None:
    web = of_size(3)
    assert clashing(web, guard("a", web), guard("b")) == []


def test_without_namespaces_a_budget_is_that_of_the_workload_beside_it() -> None:
    web, other = (
        deployment(name, replicas=said(3), file=f"{folder}/app.yaml")
        for name, folder in (("web", "shop"), ("site", "blog"))
    )
    guards = (
        guard("web", web, other, file="shop/budget.yaml"),
        guard("site", web, other, file="blog/budget.yaml"),
    )
    assert clashing(web, *guards, others=(other,)) == []
    named = replace(web, namespace="apps"), replace(other, namespace="apps")
    guards = tuple(replace(budget(*named), name=each.name, namespace="apps") for each in guards)
    assert clashing(named[0], *guards, others=named[1:]) == ["site", "web"]
