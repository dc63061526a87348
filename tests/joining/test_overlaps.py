"""Selectors that match other workloads' pods: only of what is certain to share a namespace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.manifests import Manifest, as_yaml, autoscaler, budget, deployment, service
from tests.one_service import checked, write

TOP = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def other(**spec: Any) -> Manifest:
    """A cache with the labels of the shop."""
    made = deployment("shop", serviceName="cache", **spec)
    container = made["spec"]["template"]["spec"]["containers"][0]
    container["image"] = "registry.example/cache:7.2"
    del container["ports"]
    return {**made, "kind": "StatefulSet", "metadata": {"name": "cache"}}


SHOP = as_yaml(deployment(), service(), autoscaler(), budget())


@pytest.mark.parametrize(
    ("files", "fires"),
    [
        ({"k8s/shop.yaml": SHOP, "k8s/cache.yaml": as_yaml(other())}, True),
        ({"shop/shop.yaml": SHOP, "cache/cache.yaml": as_yaml(other())}, False),
        ({"production/shop.yaml": SHOP, "staging/cache.yaml": as_yaml(other())}, False),
        (
            {
                "kustomization.yaml": f"{TOP}resources: [a/shop.yaml, b/cache.yaml]\n",
                "a/shop.yaml": SHOP,
                "b/cache.yaml": as_yaml(other()),
            },
            True,
        ),
        (
            {
                "k8s/kustomization.yaml": f"{TOP}resources: [shop.yaml]\n",
                "k8s/shop.yaml": SHOP,
                "k8s/cache.yaml": as_yaml(other()),
            },
            False,
        ),
        ({"k8s/shop.yaml": SHOP, "k8s/off.yaml": as_yaml(other(replicas=0))}, False),
        ({"k8s/shop.yaml": SHOP, "k8s/rollout.yaml": as_yaml(deployment())}, False),
    ],
)
def test_only_of_what_is_applied_together(
    tmp_path: Path, files: dict[str, str], fires: bool
) -> None:
    found = {each.rule for each in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("overlapping-selector" in found) == fires


@pytest.mark.parametrize(
    ("shop", "second", "fires"),
    [
        ("registry.example/shop:1.4.2", "registry.example/shop:1.5.0", False),
        ("registry.example/shop:1.4.2", "registry.example/cache:7.2", True),
        ("shop", "cache", True),
        ("registry.example:5000/shop", "registry.example:5000/cache", True),
        ("registry.example:5000/shop", "registry.example:5000/shop:1.5.0", False),
    ],
)
def test_a_version_of_the_same_image_is_no_other_workload(
    tmp_path: Path, shop: str, second: str, fires: bool
) -> None:
    first = deployment()
    cache = other()
    for made, image in ((first, shop), (cache, second)):
        made["spec"]["template"]["spec"]["containers"][0]["image"] = image
    files = {"k8s/shop.yaml": as_yaml(first, service(), cache)}
    found = {each.rule for each in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("overlapping-selector" in found) == fires
