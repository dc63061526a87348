"""Which autoscalers compete: those that one person applies to one workload in one place."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from lintscale import api
from tests.manifests import Manifest, as_yaml, autoscaler, deployment, scaled_object
from tests.one_service import checked, write

RULE = "competing-autoscalers"


def competing(result: api.CheckResult) -> list[tuple[str, str]]:
    """File and message of every finding."""
    return sorted((f.location.file, f.message) for f in result.findings if f.rule == RULE)


def run(folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    return competing(checked(write(folder / "bookshop", files)))


def named(name: str, **metadata: str) -> Manifest:
    return autoscaler("shop", name=name, **metadata)


def kustomization(*resources: str) -> str:
    return as_yaml({"kind": "Kustomization", "resources": list(resources)}).replace(
        "kind:", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind:"
    )


SHOP = as_yaml(deployment())


def test_each_but_the_first_by_name_is_told(tmp_path: Path) -> None:
    """Whatever the order in which they stand."""
    scalers = [named("shop-a"), named("shop-b"), named("shop-c")]
    seen = set()
    for number, order in enumerate(permutations(scalers)):
        found = run(tmp_path / str(number), {"k8s.yaml": as_yaml(deployment(), *order)})
        seen.add(tuple(message for _, message in found))
    assert seen == {
        (
            "HorizontalPodAutoscaler shop-b scales shop, and so does"
            " HorizontalPodAutoscaler shop-a",
            "HorizontalPodAutoscaler shop-c scales shop, and so does"
            " HorizontalPodAutoscaler shop-a, and HorizontalPodAutoscaler shop-b",
        )
    }


def test_the_target_need_not_be_among_the_files(tmp_path: Path) -> None:
    files = {"a.yaml": as_yaml(named("shop-a")), "b.yaml": as_yaml(named("shop-b"))}
    assert [file for file, _ in run(tmp_path, files)] == ["b.yaml"]


def test_one_defined_twice_is_one(tmp_path: Path) -> None:
    files = {"shop.yaml": SHOP, "a.yaml": as_yaml(named("shop")), "b.yaml": as_yaml(named("shop"))}
    assert run(tmp_path, files) == []


def test_it_names_a_rival_once_however_often_that_is_defined(tmp_path: Path) -> None:
    files = {"shop.yaml": SHOP, "a.yaml": as_yaml(named("shop")), "b.yaml": as_yaml(named("shop"))}
    files["c.yaml"] = as_yaml(named("shop-later"))
    ((_, message),) = run(tmp_path, files)
    assert message.count("HorizontalPodAutoscaler shop,") + message.endswith(" shop") == 1


@pytest.mark.parametrize(
    ("one", "other", "compete"),
    [
        ("", "", True),
        ("shop", "shop", True),
        ("shop", "search", False),
        # Whoever applies it says where to.
        ("shop", "", False),
    ],
)
def test_namespaces(tmp_path: Path, one: str, other: str, compete: bool) -> None:
    def placed(name: str, namespace: str) -> Manifest:
        return named(name, **({"namespace": namespace} if namespace else {}))

    files = {"k8s.yaml": as_yaml(deployment(), placed("a", one), placed("b", other))}
    assert bool(run(tmp_path, files)) is compete


def test_each_environment_has_its_own(tmp_path: Path) -> None:
    files = {
        "shop.yaml": SHOP,
        "dev/hpa.yaml": as_yaml(named("shop-dev")),
        "prod/hpa.yaml": as_yaml(named("shop-prod")),
    }
    assert run(tmp_path, files) == []


@pytest.mark.parametrize("folder", ["overlays", "clusters", "examples"])
def test_folders_that_are_alternatives(tmp_path: Path, folder: str) -> None:
    files = {
        "shop.yaml": SHOP,
        f"{folder}/eu/hpa.yaml": as_yaml(named("shop-eu")),
        f"{folder}/us/hpa.yaml": as_yaml(named("shop-us")),
    }
    assert run(tmp_path, files) == []


def test_folders_of_one_application(tmp_path: Path) -> None:
    files = {
        "k8s/shop/shop.yaml": SHOP,
        "k8s/shop/hpa.yaml": as_yaml(named("shop")),
        "k8s/stock/hpa.yaml": as_yaml(named("stock")),
    }
    assert [file for file, _ in run(tmp_path, files)] == ["k8s/stock/hpa.yaml"]


def test_one_kustomization_applies_both(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": kustomization("shop.yaml", "hpa.yaml"),
        "base/shop.yaml": SHOP,
        "base/hpa.yaml": as_yaml(named("shop")),
        "eu/kustomization.yaml": kustomization("../base", "hpa.yaml"),
        "eu/hpa.yaml": as_yaml(named("shop-eu")),
    }
    assert [file for file, _ in run(tmp_path, files)] == ["eu/hpa.yaml"]


def test_each_of_two_kustomizations_applies_one(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": kustomization("shop.yaml"),
        "base/shop.yaml": SHOP,
        "cpu/kustomization.yaml": kustomization("../base", "hpa.yaml"),
        "cpu/hpa.yaml": as_yaml(named("shop-cpu")),
        "queue/kustomization.yaml": kustomization("../base/", "keda.yaml"),
        "queue/keda.yaml": as_yaml(scaled_object("shop", minReplicaCount=2)),
    }
    assert run(tmp_path, files) == []


def test_a_file_that_the_kustomization_leaves_out_is_not_applied(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": kustomization("shop.yaml", "hpa.yaml"),
        "shop.yaml": SHOP,
        "hpa.yaml": as_yaml(named("shop")),
        "keda.yaml": as_yaml(scaled_object("shop", minReplicaCount=2)),
    }
    assert run(tmp_path, files) == []


def test_kustomizations_in_a_circle(tmp_path: Path) -> None:
    files = {
        "a/kustomization.yaml": kustomization("../b", "hpa.yaml"),
        "a/hpa.yaml": as_yaml(named("shop-a")),
        "b/kustomization.yaml": kustomization("../a", "hpa.yaml"),
        "b/hpa.yaml": as_yaml(named("shop-b")),
        "shop.yaml": SHOP,
    }
    assert len(run(tmp_path, files)) <= 1
