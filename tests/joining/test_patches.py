"""What kustomize's patches add to a manifest is not missing from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifests import Manifest, as_yaml, budget, deployment, service
from tests.one_service import checked, write

PROBE = {"httpGet": {"path": "/ready", "port": 8080}}


def kustomization(folder: str) -> dict[str, str]:
    text = (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
        "resources: [../../base]\npatches: [{path: shop.yaml}]\n"
    )
    return {f"overlays/{folder}/kustomization.yaml": text}


def patch(**spec: object) -> str:
    whole = deployment()
    return as_yaml({**whole, "metadata": {"name": "shop"}, "spec": spec})


def rules(root: Path, base: Manifest, **spec: object) -> set[str]:
    files = {"base/shop.yaml": as_yaml(base, service(), budget()), **kustomization("europe")}
    files["overlays/europe/shop.yaml"] = patch(**spec)
    return {finding.rule for finding in checked(write(root, files)).findings}


@pytest.mark.parametrize(("count", "fires"), [(4, False), (1, True)])
def test_a_count_that_a_patch_changes_is_unknown(tmp_path: Path, count: int, fires: bool) -> None:
    found = rules(tmp_path / "bookshop", deployment(replicas=1), replicas=count)
    assert ("min-instances" in found) == fires


@pytest.mark.parametrize(("name", "fires"), [("shop", False), ("proxy", True)])
def test_a_probe_that_a_patch_adds_is_not_missing(tmp_path: Path, name: str, fires: bool) -> None:
    base = deployment(replicas=3)
    base["spec"]["template"]["spec"]["containers"][0].pop("readinessProbe")
    added = {"spec": {"containers": [{"name": name, "readinessProbe": PROBE}]}}
    found = rules(tmp_path / "bookshop", base, template=added)
    assert ("missing-readiness-probe" in found) == fires


INLINE = {
    "by operation": (
        "patches:\n  - target: {kind: Deployment, name: shop}\n    patch: |-\n"
        "      - {op: replace, path: /spec/replicas, value: 4}\n"
    ),
    "by merge": (
        "patches:\n  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n"
        "      metadata:\n        name: shop\n      spec:\n        replicas: 4\n"
    ),
    "at what is no position": (
        "patches:\n  - target: {kind: Deployment, name: shop}\n    patch: |-\n"
        "      - {op: replace, path: /spec/template/spec/containers/²/name, value: shop}\n"
        "      - {op: replace, path: /spec/replicas, value: 4}\n"
    ),
    "of another": (
        "patches:\n  - target: {kind: Deployment, name: ledger}\n    patch: |-\n"
        "      - {op: replace, path: /spec/replicas, value: 4}\n"
    ),
}


@pytest.mark.parametrize("how", INLINE)
def test_a_count_that_a_patch_in_the_kustomization_sets_is_unknown(
    tmp_path: Path, how: str
) -> None:
    top = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    files = {
        "base/shop.yaml": as_yaml(deployment(replicas=1), service(), budget()),
        "overlays/europe/kustomization.yaml": f"{top}resources: [../../base]\n{INLINE[how]}",
    }
    found = {finding.rule for finding in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("min-instances" in found) == (how == "of another")


@pytest.mark.parametrize(("position", "fires"), [(0, False), (1, True)])
def test_a_probe_that_a_patch_adds_to_the_container_at_a_position(
    tmp_path: Path, position: int, fires: bool
) -> None:
    base = deployment(replicas=3)
    container_of(base).pop("readinessProbe")
    containers = base["spec"]["template"]["spec"]["containers"]
    containers.append({"name": "proxy", "image": "bookshop/proxy:1.4.2"})
    patch = (
        "patches:\n  - target: {kind: Deployment, name: shop}\n    patch: |-\n"
        f"      - {{op: add, path: /spec/template/spec/containers/{position}/readinessProbe, "
        "value: {httpGet: {path: /ready, port: 8080}}}\n"
    )
    top = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    files = {
        "base/shop.yaml": as_yaml(base, service(), budget()),
        "overlays/europe/kustomization.yaml": f"{top}resources: [../../base]\n{patch}",
    }
    found = {finding.rule for finding in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("missing-readiness-probe" in found) == fires


@pytest.mark.parametrize(("count", "fires"), [(4, False), (1, True)])
def test_a_count_that_a_file_of_operations_sets(tmp_path: Path, count: int, fires: bool) -> None:
    top = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    named = "patches: [{path: count.json, target: {kind: Deployment}}]\n"
    files = {
        "base/shop.yaml": as_yaml(deployment(replicas=1), service(), budget()),
        "overlays/europe/kustomization.yaml": f"{top}resources: [../../base]\n{named}",
        "overlays/europe/count.json": (
            f'[{{"op": "replace", "path": "/spec/replicas", "value": {count}}}]'
        ),
    }
    found = {finding.rule for finding in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("min-instances" in found) == fires


@pytest.mark.parametrize(("target", "fires"), [("shop", False), ("ledger", True), ("", True)])
def test_a_probe_that_a_file_of_operations_adds(tmp_path: Path, target: str, fires: bool) -> None:
    base = deployment(replicas=3)
    container_of(base).pop("readinessProbe")
    named = f"patches: [{{path: probe.yaml, target: {{kind: Deployment, name: {target}}}}}]\n"
    top = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
    files = {
        "base/shop.yaml": as_yaml(base, service(), budget()),
        "overlays/europe/kustomization.yaml": (
            f"{top}resources: [../../base]\n{named if target else ''}"
        ),
        "overlays/europe/probe.yaml": (
            "- op: add\n  path: /spec/template/spec/containers/0/readinessProbe\n"
            "  value: {httpGet: {path: /ready, port: 8080}}\n"
        ),
    }
    found = {finding.rule for finding in checked(write(tmp_path / "bookshop", files)).findings}
    assert ("missing-readiness-probe" in found) == fires


def of_container(**fields: object) -> dict[str, object]:
    """A patch's template with these fields of the one container."""
    return {"spec": {"containers": [{"name": "shop", **fields}]}}


def container_of(base: Manifest) -> Manifest:
    container: Manifest = base["spec"]["template"]["spec"]["containers"][0]
    return container


@pytest.mark.parametrize(
    ("limits", "fires"), [({"memory": "1Gi"}, False), ({"cpu": 2}, True), ({}, True)]
)
def test_a_limit_that_a_patch_adds_is_not_missing(
    tmp_path: Path, limits: dict[str, object], fires: bool
) -> None:
    base = deployment(replicas=3)
    container_of(base)["resources"] = {"requests": {"cpu": "250m", "memory": "256Mi"}}
    found = rules(tmp_path / "bookshop", base, template=of_container(resources={"limits": limits}))
    assert ("missing-memory-limit" in found) == fires


@pytest.mark.parametrize(
    ("resources", "fires"), [({"requests": {"memory": "1Gi"}}, False), ({}, True)]
)
def test_a_request_that_a_patch_may_have_mended(
    tmp_path: Path, resources: dict[str, object], fires: bool
) -> None:
    base = deployment(replicas=3)
    container_of(base)["resources"] = {"requests": {"memory": "4Gi"}, "limits": {"memory": "2Gi"}}
    found = rules(tmp_path / "bookshop", base, template=of_container(resources=resources))
    assert ("requests-exceed-limits" in found) == fires


@pytest.mark.parametrize(("seconds", "fires"), [(90, False), (None, True)])
def test_a_grace_period_that_a_patch_sets(tmp_path: Path, seconds: int | None, fires: bool) -> None:
    base = deployment(replicas=3)
    container_of(base)["lifecycle"] = {"preStop": {"sleep": {"seconds": 60}}}
    spec = {"spec": {"terminationGracePeriodSeconds": seconds} if seconds else {}}
    found = rules(tmp_path / "bookshop", base, template=spec)
    assert ("grace-period-too-short" in found) == fires
