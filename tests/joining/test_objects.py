"""What belongs together is joined before it is judged, wherever and however it is written.

Whole runs on projects written out for the purpose. The objects are healthy unless a test says what
is wrong with them, so "no findings" means that every join was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.manifests import (
    FLAWED,
    FLAWS,
    HEALTHY,
    Manifest,
    as_json,
    as_list,
    as_yaml,
    autoscaler,
    budget,
    container,
    deployment,
    in_namespace,
    scaled_object,
    service,
    vertical_autoscaler,
)
from tests.one_service import checked, write
from tests.verdicts import places, rules, verdicts, workload

# -- Kubernetes: by name and by labels ------------------------------------------------------------


def test_objects_in_different_folders_find_one_another(shop: Path) -> None:
    files = {
        "apps/shop/deployment.yaml": as_yaml(deployment()),
        "network/services.yaml": as_yaml(service()),
        "scaling/shop.yaml": as_yaml(autoscaler()),
        "policies/budgets.yaml": as_yaml(budget()),
    }
    result = checked(write(shop, files))
    assert rules(result) == []
    joined = workload(result)
    assert [scaler.location.file for scaler in joined.autoscalers] == ["scaling/shop.yaml"]
    assert [each.location.file for each in joined.disruption_budgets] == ["policies/budgets.yaml"]
    assert (joined.min_instances.value, joined.max_instances.value) == (2, 8)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("Deployment", ["dangling-autoscaler", "dangling-disruption-budget"]),
        ("HorizontalPodAutoscaler", ["min-instances", "no-autoscaling"]),
        ("PodDisruptionBudget", ["missing-disruption-budget"]),
    ],
)
def test_an_object_less_is_noticed(shop: Path, missing: str, expected: list[str]) -> None:
    kept = [each for each in HEALTHY if each["kind"] != missing]
    assert rules(checked(write(shop, {"shop.yaml": as_yaml(*kept)}))) == expected


def forms(objects: Iterable[Manifest]) -> Iterator[tuple[str, dict[str, str]]]:
    """The same objects as people keep them, by what that is called."""
    listed = list(objects)
    names = [f"{number}.yaml" for number, _ in enumerate(listed)]
    yield "a file each", dict(zip(names, map(as_yaml, listed), strict=True))
    yield (
        "a folder each",
        {
            f"{each['kind'].lower()}/{name}": as_yaml(each)
            for name, each in zip(names, listed, strict=True)
        },
    )
    yield "a JSON file each", {f"{each['kind']}.json": as_json(each) for each in listed}
    yield "one stream", {"all.yaml": as_yaml(*listed)}
    yield "a List in YAML", {"all.yaml": as_yaml(as_list(*listed))}
    yield "a List in JSON", {"all.json": as_json(*listed)}
    yield "two streams", {"a.yaml": as_yaml(*listed[:2]), "b.yaml": as_yaml(*listed[2:])}


FORMS = [name for name, _ in forms(HEALTHY)]


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_the_files_changes_no_verdict(shop: Path, form: str) -> None:
    result = checked(write(shop, dict(forms(FLAWED))[form]))
    assert {(rule, name) for rule, name, _ in verdicts(result)} == FLAWS
    assert sum(verdicts(result).values()) == len(FLAWS)
    stream = checked(write(shop.with_name("bookstore"), dict(forms(FLAWED))["one stream"]))
    assert verdicts(result) == verdicts(stream)


@pytest.mark.parametrize("form", ["one stream", "a List in JSON", "a file each"])
def test_the_order_of_the_objects_changes_no_verdict(tmp_path: Path, form: str) -> None:
    seen = {
        frozenset(
            verdicts(checked(write(tmp_path / str(number) / "shop", dict(forms(order))[form])))
        )
        for number, order in enumerate(permutations(FLAWED))
    }
    assert len(seen) == 1
    assert {(rule, name) for rule, name, _ in seen.pop()} == FLAWS


@pytest.mark.parametrize(
    ("expression", "selects"),
    [
        ({"key": "app", "operator": "In", "values": ["shop", "ledger"]}, True),
        ({"key": "app", "operator": "NotIn", "values": ["ledger"]}, True),
        ({"key": "app", "operator": "Exists"}, True),
        ({"key": "tier", "operator": "DoesNotExist"}, True),
        ({"key": "app", "operator": "In", "values": ["ledger"]}, False),
        ({"key": "app", "operator": "NotIn", "values": ["shop"]}, False),
        ({"key": "tier", "operator": "Exists"}, False),
        ({"key": "app", "operator": "DoesNotExist"}, False),
    ],
)
def test_a_selector_of_expressions(
    shop: Path, expression: dict[str, object], selects: bool
) -> None:
    selecting = budget(maxUnavailable=1, selector={"matchExpressions": [expression]})
    files = {
        "shop.yaml": as_yaml(deployment(), service(), autoscaler()),
        "budget.yaml": as_yaml(selecting),
    }
    expected = [] if selects else ["dangling-disruption-budget", "missing-disruption-budget"]
    assert rules(checked(write(shop, files))) == expected


def test_labels_and_expressions_of_one_selector_must_both_hold(shop: Path) -> None:
    selector = {
        "matchLabels": {"app": "shop"},
        "matchExpressions": [{"key": "track", "operator": "In", "values": ["canary"]}],
    }
    canaries = budget(maxUnavailable=1, selector=selector)
    files = {"all.yaml": as_yaml(deployment(), service(), autoscaler(), canaries)}
    expected = ["dangling-disruption-budget", "missing-disruption-budget"]
    assert rules(checked(write(shop, files))) == expected


# -- namespaces -----------------------------------------------------------------------------------


@pytest.mark.parametrize("placed", range(1, 2 ** len(HEALTHY)))
def test_a_namespace_that_is_not_written_fits_any(shop: Path, placed: int) -> None:
    """Any of the objects may say the namespace that kubectl or kustomize gives the others."""
    objects = [
        in_namespace(each, "books") if placed >> number & 1 else each
        for number, each in enumerate(HEALTHY)
    ]
    assert rules(checked(write(shop, {"all.yaml": as_yaml(*objects)}))) == []


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ("HorizontalPodAutoscaler", ["dangling-autoscaler", "min-instances", "no-autoscaling"]),
        ("PodDisruptionBudget", ["dangling-disruption-budget", "missing-disruption-budget"]),
    ],
)
def test_two_namespaces_are_two_places(shop: Path, moved: str, expected: list[str]) -> None:
    objects = [
        in_namespace(each, "films" if each["kind"] == moved else "books") for each in HEALTHY
    ]
    assert rules(checked(write(shop, {"all.yaml": as_yaml(*objects)}))) == expected


def test_a_service_of_another_namespace_sends_no_traffic(shop: Path) -> None:
    objects = [in_namespace(deployment(), "books"), in_namespace(service(), "films")]
    assert rules(checked(write(shop, {"all.yaml": as_yaml(*objects)}))) == []
    objects[1] = in_namespace(service(), "books")
    result = checked(write(shop, {"all.yaml": as_yaml(*objects)}))
    assert rules(result) == ["min-instances", "no-autoscaling"]


# -- one object in several folders ----------------------------------------------------------------


def test_copies_in_two_folders_keep_to_themselves(shop: Path) -> None:
    """In the one region the budget leaves room at the smallest size, in the other it does not."""
    files = {
        "regions/eu/shop.yaml": as_yaml(deployment(), service()),
        "regions/eu/scaling/autoscaler.yaml": as_yaml(autoscaler(low=2)),
        "regions/eu/policies/budget.yaml": as_yaml(budget(minAvailable=2)),
        "regions/us/shop.yaml": as_yaml(deployment(), service()),
        "regions/us/scaling/autoscaler.yaml": as_yaml(autoscaler(low=3)),
        "regions/us/policies/budget.yaml": as_yaml(budget(minAvailable=2)),
    }
    result = checked(write(shop, files))
    assert places(result) == [
        ("blocking-disruption-budget", "error", "regions/eu/policies/budget.yaml")
    ]
    for region, low in (("eu", 2), ("us", 3)):
        joined = workload(result, file=f"regions/{region}/shop.yaml")
        assert joined.min_instances.value == low
        assert [each.location.file for each in joined.autoscalers] == [
            f"regions/{region}/scaling/autoscaler.yaml"
        ]
        assert [each.location.file for each in joined.disruption_budgets] == [
            f"regions/{region}/policies/budget.yaml"
        ]


def test_the_network_of_two_folders_is_one(shop: Path) -> None:
    """A Service selects by labels, whichever folder it stands in: worker pods without a Service of
    their own get no traffic, and are not asked for a second instance."""
    files = {
        "shop/shop.yaml": as_yaml(*HEALTHY),
        "mailer/mailer.yaml": as_yaml(deployment("mailer", replicas=1)),
    }
    result = checked(write(shop, files))
    assert rules(result) == []
    assert workload(result).serves_traffic is True
    assert workload(result, "mailer").serves_traffic is False


def test_overlays_that_each_scale_the_same_base(shop: Path) -> None:
    """Production is what the overlay for production says; one instance is enough elsewhere."""
    files = {
        "base/shop.yaml": as_yaml(deployment(), service(), budget()),
        "overlays/dev/autoscaler.yaml": as_yaml(autoscaler(low=1, high=2)),
        "overlays/staging/autoscaler.yaml": as_yaml(autoscaler(low=1, high=4)),
        "overlays/prod/autoscaler.yaml": as_yaml(autoscaler(low=3, high=8)),
    }
    result = checked(write(shop, files))
    assert rules(result) == []
    base = workload(result)
    assert len(base.autoscalers) == 3
    assert base.environment.value == "production"
    assert (base.min_instances.value, base.max_instances.value) == (3, 8)


def test_an_overlay_for_production_is_judged_as_production(shop: Path) -> None:
    files = {
        "base/shop.yaml": as_yaml(deployment(), service(), budget()),
        "overlays/dev/autoscaler.yaml": as_yaml(autoscaler(low=1, high=2)),
        "overlays/prod/autoscaler.yaml": as_yaml(autoscaler(low=1, high=8)),
    }
    result = checked(write(shop, files))
    assert places(result) == [("min-instances", "error", "overlays/prod/autoscaler.yaml")]


def test_an_overlay_for_development_alone_says_nothing_of_production(shop: Path) -> None:
    files = {
        "base/shop.yaml": as_yaml(deployment(), service(), budget()),
        "overlays/dev/autoscaler.yaml": as_yaml(autoscaler(low=1, high=2)),
    }
    assert rules(checked(write(shop, files))) == []


def test_two_autoscalers_for_one_workload(shop: Path) -> None:
    """Whichever of them holds, the count stays within the wider bounds."""
    files = {
        "shop.yaml": as_yaml(*HEALTHY),
        "later/autoscaler.yaml": as_yaml(autoscaler(low=1, high=20, name="shop-later")),
    }
    result = checked(write(shop, files))
    assert places(result) == [
        ("competing-autoscalers", "error", "later/autoscaler.yaml"),
        ("max-instances-ceiling", "info", "later/autoscaler.yaml"),
        ("min-instances", "error", "later/autoscaler.yaml"),
    ]
    both = workload(result)
    assert len(both.autoscalers) == 2
    assert (both.min_instances.value, both.max_instances.value) == (1, 20)


def test_the_same_autoscaler_twice_is_said_once_for_each_file(shop: Path) -> None:
    twice = as_yaml(autoscaler(low=2, high=2))
    files = {
        "shop.yaml": as_yaml(deployment(), service(), budget()),
        "a/autoscaler.yaml": twice,
        "b/autoscaler.yaml": twice,
    }
    assert places(checked(write(shop, files))) == [
        ("min-equals-max", "warning", "a/autoscaler.yaml"),
        ("min-equals-max", "warning", "b/autoscaler.yaml"),
    ]


# -- what else scales -----------------------------------------------------------------------------


def test_a_scaled_object_is_an_autoscaler(shop: Path) -> None:
    files = {
        "shop.yaml": as_yaml(deployment(), service(), budget()),
        "keda/shop.yaml": as_yaml(scaled_object(minReplicaCount=2, maxReplicaCount=8)),
    }
    result = checked(write(shop, files))
    assert rules(result) == []
    assert (workload(result).min_instances.value, workload(result).max_instances.value) == (2, 8)


def test_a_scaled_object_has_keda_s_own_defaults(shop: Path) -> None:
    files = {"all.yaml": as_yaml(deployment(), service(), budget(), scaled_object())}
    result = checked(write(shop, files))
    assert rules(result) == ["disabled-autoscaler", "max-instances-ceiling"]
    assert (workload(result).min_instances.value, workload(result).max_instances.value) == (0, 100)


def test_a_scaled_object_may_dangle(shop: Path) -> None:
    files = {"shop.yaml": as_yaml(scaled_object("shop-api", minReplicaCount=2, maxReplicaCount=8))}
    assert places(checked(write(shop, files))) == [("dangling-autoscaler", "warning", "shop.yaml")]


@pytest.mark.parametrize(("mode", "expected"), [("Auto", []), ("Off", ["missing-requests"])])
def test_a_vertical_autoscaler_sets_requests(shop: Path, mode: str, expected: list[str]) -> None:
    without_requests = deployment(replicas=2)
    pod = without_requests["spec"]["template"]["spec"]
    pod["containers"] = [{**container(), "resources": {"limits": {"memory": "1Gi"}}}]
    files = {
        "shop.yaml": as_yaml(without_requests, service(), budget()),
        "vpa/shop.json": as_json(vertical_autoscaler(mode=mode)),  # in YAML, Off is a boolean
    }
    assert rules(checked(write(shop, files))) == sorted(["no-autoscaling", *expected])


# -- targets that are not there -------------------------------------------------------------------


def test_an_autoscaler_without_its_target_is_judged_by_what_it_says(shop: Path) -> None:
    files = {"hpa.yaml": as_yaml(autoscaler(low=9, high=3))}
    assert rules(checked(write(shop, files))) == ["dangling-autoscaler", "min-exceeds-max"]


def test_what_its_target_would_tell_is_not_asked_of_it(shop: Path) -> None:
    """Whether the target serves traffic, and so needs two instances, is not among the files."""
    files = {"hpa.yaml": as_yaml(autoscaler(low=1))}
    result = checked(write(shop, files))
    assert rules(result) == ["dangling-autoscaler"]
    assert workload(result).scanned is False
    assert result.summary.workloads == 0


@pytest.mark.parametrize(
    "elsewhere",
    [
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\n",
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: shop}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\n",
    ],
)
def test_what_a_controller_renders_may_be_the_target(shop: Path, elsewhere: str) -> None:
    files = {"scaling/hpa.yaml": as_yaml(autoscaler()), "flux/shop.yaml": elsewhere}
    result = checked(write(shop, files))
    assert places(result) == [("dangling-autoscaler", "info", "scaling/hpa.yaml")]
    assert "renders objects that are not among the scanned files" in result.findings[0].message


@pytest.mark.parametrize("broken", [each["kind"] for each in HEALTHY if each["kind"] != "Service"])
def test_what_a_broken_file_holds_is_not_missing(shop: Path, broken: str) -> None:
    files = {f"{each['kind']}.yaml": as_yaml(each) for each in HEALTHY}
    files[f"{broken}.yaml"] = files[f"{broken}.yaml"].replace("\nspec:", "\nspec: [", 1)
    assert places(checked(write(shop, files))) == [("syntax-error", "error", f"{broken}.yaml")]
