"""What overlays make of a base is judged without a tool as well: their namespaces, counts and
patches, each for its own environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from tests.manifests import Manifest, as_yaml, autoscaler, budget, deployment, service
from tests.one_service import checked, write

TOP = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
BASE = {"base/kustomization.yaml": f"{TOP}resources: [shop.yaml]\n"}


def overlay(name: str, text: str = "", *resources: str) -> dict[str, str]:
    taken = ", ".join(("../../base", *resources))
    return {f"overlays/{name}/kustomization.yaml": f"{TOP}resources: [{taken}]\n{text}"}


def rules(root: Path, *files: dict[str, str]) -> set[str]:
    return {each.rule for each in result(root, *files).findings}


def result(root: Path, *files: dict[str, str]) -> api.CheckResult:
    return checked(
        write(root / "bookshop", {k: v for each in (BASE, *files) for k, v in each.items()})
    )


def placed(manifest: Manifest, namespace: str) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "namespace": namespace}}


def count(number: int) -> str:
    return f"replicas: [{{name: shop, count: {number}}}]\n"


# -- namespaces -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("namespace", "dangles"), [("shop-prod", False), ("other", True)])
def test_the_namespace_of_the_overlay_wins(tmp_path: Path, namespace: str, dangles: bool) -> None:
    files = {
        "base/shop.yaml": as_yaml(placed(deployment(), "shop"), placed(service(), "shop")),
        "overlays/production/scaling.yaml": as_yaml(
            placed(autoscaler(), namespace), placed(budget(), namespace)
        ),
        # Not in the overlay, which would put them into its own namespace.
        **overlay("production", "namespace: shop-prod\n"),
    }
    found = rules(tmp_path, files)
    assert ("dangling-autoscaler" in found) == dangles
    assert ("dangling-disruption-budget" in found) == dangles


def test_the_outermost_namespace_wins(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": f"{TOP}namespace: shop\nresources: [shop.yaml]\n",
        "base/shop.yaml": as_yaml(deployment(replicas=3)),
        "hpa.yaml": as_yaml(placed(autoscaler(), "shop-prod")),
        **overlay("production", "namespace: shop-prod\n"),
    }
    found = rules(tmp_path, files)
    assert "dangling-autoscaler" not in found
    assert "replicas-beside-autoscaler" in found


# -- counts ---------------------------------------------------------------------------------------

SHOP = {"base/shop.yaml": as_yaml(deployment(replicas=3), service(), budget())}


@pytest.mark.parametrize(
    ("overlays", "fires"),
    [
        ({"dev": count(1), "production": ""}, False),
        ({"dev": count(1), "production": count(4)}, False),
        ({"dev": count(4), "production": count(1)}, True),
        ({"europe": count(1), "america": count(4)}, True),
        ({"europe": count(4), "america": ""}, False),
        ({"dev": "namespace: shop-dev\n" + count(1)}, False),
    ],
)
def test_counts_are_judged_per_overlay(
    tmp_path: Path, overlays: dict[str, str], fires: bool
) -> None:
    files = [overlay(name, text) for name, text in overlays.items()]
    assert ("min-instances" in rules(tmp_path, SHOP, *files)) == fires


def test_a_count_is_told_where_the_overlay_sets_it(tmp_path: Path) -> None:
    found = result(tmp_path, SHOP, overlay("europe", count(1)), overlay("america", count(4)))
    (told,) = (each for each in found.findings if each.rule == "min-instances")
    assert told.location.file == "overlays/europe/kustomization.yaml"
    assert told.fix is None
    (shop,) = found.project.workloads
    assert (shop.min_instances.value, shop.max_instances.value) == (1, 4)


def test_a_base_that_only_development_uses_is_development(tmp_path: Path) -> None:
    (shop,) = result(tmp_path, SHOP, overlay("dev", count(1))).project.workloads
    assert shop.environment.value == "development"


# -- patches --------------------------------------------------------------------------------------


SELECTOR = {"matchLabels": {"app": "shop"}}
HOST = "kubernetes.io/hostname"
SPREAD = {"maxSkew": 1, "topologyKey": HOST, "whenUnsatisfiable": "ScheduleAnyway"}
POD_PATCHES = {
    "spread": {"topologySpreadConstraints": [{**SPREAD, "labelSelector": SELECTOR}]},
    "anti-affinity": {
        "affinity": {
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"topologyKey": HOST, "labelSelector": SELECTOR}
                ]
            }
        }
    },
    "of another": {
        "topologySpreadConstraints": [
            {**SPREAD, "labelSelector": {"matchLabels": {"app": "ledger"}}}
        ]
    },
}


def unspread(**pod: Any) -> Manifest:
    bare = deployment(replicas=3)
    spec = bare["spec"]["template"]["spec"]
    del spec["topologySpreadConstraints"]
    spec.update(pod)
    return bare


def patch(**pod: Any) -> str:
    return as_yaml({**deployment(), "spec": {"template": {"spec": pod}}})


@pytest.mark.parametrize("kind", POD_PATCHES)
@pytest.mark.parametrize("environment", ["production", "dev"])
def test_a_patch_of_the_pod_is_folded_in(tmp_path: Path, kind: str, environment: str) -> None:
    """That of development says nothing of production."""
    files = {
        "base/shop.yaml": as_yaml(unspread(), service(), budget()),
        f"overlays/{environment}/pod.yaml": patch(**POD_PATCHES[kind]),
        **overlay("production"),
        **overlay(environment, "patches: [{path: pod.yaml}]\n"),
    }
    folded_in = kind != "of another" and environment == "production"
    assert ("missing-spread" in rules(tmp_path, files)) != folded_in


def test_a_strategy_that_a_patch_sets_is_not_the_bases(tmp_path: Path) -> None:
    base = deployment(replicas=3, strategy={"type": "Recreate"})
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}
    files = {
        "base/shop.yaml": as_yaml(base, service(), budget()),
        "overlays/production/pod.yaml": as_yaml({**deployment(), "spec": {"strategy": strategy}}),
        **overlay("production", "patches: [{path: pod.yaml}]\n"),
    }
    assert "rollout-stops-service" not in rules(tmp_path, files)


def inline(text: str, target: str = "") -> str:
    block = "".join(f"      {line}\n" for line in text.splitlines())
    return f"patches:\n  - patch: |-\n{block}" + (f"    target: {target}\n" if target else "")


def operation(path: str, value: object) -> str:
    return json.dumps([{"op": "add", "path": path, "value": value}])


SPREADS = POD_PATCHES["spread"]["topologySpreadConstraints"]
SHOPS = "{kind: Deployment, name: shop}"
AT = "/spec/template/spec/topologySpreadConstraints"
INLINE = {
    "a part": (inline(patch(**POD_PATCHES["spread"])), True),
    "a part by its target": (
        inline(patch(**POD_PATCHES["spread"]).replace("name: shop", "name: any"), SHOPS),
        True,
    ),
    "of all Deployments": (inline(patch(**POD_PATCHES["spread"]), "{kind: Deployment}"), True),
    "an operation": (inline(operation(AT, SPREADS), SHOPS), True),
    "an entry of a list": (inline(operation(f"{AT}/-", SPREADS[0]), SHOPS), True),
    "of another": (inline(operation(AT, SPREADS), "{kind: Deployment, name: ledger}"), False),
    "of something else": (inline(operation("/spec/minReadySeconds", 5), SHOPS), False),
}


@pytest.mark.parametrize("kind", INLINE)
def test_a_patch_in_the_kustomization_is_folded_in(tmp_path: Path, kind: str) -> None:
    text, folded_in = INLINE[kind]
    base = {"base/shop.yaml": as_yaml(unspread(), service(), budget())}
    found = rules(tmp_path, base, overlay("production", text))
    assert ("missing-spread" in found) != folded_in


@pytest.mark.parametrize(("number", "fires"), [(1, True), (4, False)])
def test_a_count_that_a_patch_in_the_kustomization_sets(
    tmp_path: Path, number: int, fires: bool
) -> None:
    part = {**deployment(), "spec": {"replicas": number}}
    found = result(tmp_path, SHOP, overlay("production", inline(as_yaml(part))))
    told = [each for each in found.findings if each.rule == "min-instances"]
    assert bool(told) == fires
    assert all(each.fix is None for each in told)


@pytest.mark.parametrize(("name", "folded_in"), [("shop", True), ("ledger", False)])
def test_a_patch_file_is_for_its_target(tmp_path: Path, name: str, folded_in: bool) -> None:
    """Whatever it is called itself."""
    target = f"{{kind: Deployment, name: {name}}}"
    files = {
        "base/shop.yaml": as_yaml(unspread(), service(), budget()),
        "overlays/production/pod.yaml": patch(**POD_PATCHES["spread"]).replace(
            "name: shop", "name: any"
        ),
        **overlay("production", f"patches: [{{path: pod.yaml, target: {target}}}]\n"),
    }
    assert ("missing-spread" in rules(tmp_path, files)) != folded_in
