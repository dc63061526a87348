"""A patch that no file names is not judged as an object, and captures nothing that is meant for the
whole one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.manifests import Manifest, as_yaml, autoscaler, budget, deployment
from tests.one_service import checked, write

PROBE = {"httpGet": {"path": "/ready", "port": 8080}}


def patch(*containers: Manifest, **pod: object) -> Manifest:
    spec: dict[str, Any] = {**pod, **({"containers": list(containers)} if containers else {})}
    return {**deployment(), "spec": {"template": {"spec": spec}}}


PARTS = {
    "of the security context": patch({"name": "shop", "securityContext": {"runAsNonRoot": True}}),
    "that adds probes": patch({"name": "shop", "readinessProbe": PROBE, "livenessProbe": PROBE}),
    "that adds a sidecar": patch(
        {"name": "proxy", "image": "registry.example/proxy:1.0", "ports": [{"containerPort": 1}]},
        {"name": "shop", "args": ["--secure"]},
    ),
    "of the pod": patch(nodeSelector={"disk": "ssd"}),
    "of the count": {**deployment(), "spec": {"replicas": 1}},
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_workload_is_left_out_with_the_reason(tmp_path: Path, part: str) -> None:
    files = {
        "base/web.yaml": as_yaml(deployment(), budget()),
        "overlays/production/hpa.yaml": as_yaml(autoscaler()),
        "overlays/production/part.yaml": as_yaml(PARTS[part]),
    }
    result = checked(write(tmp_path / "bookshop", files))
    assert [each.rule for each in result.findings] == []
    assert [each.location.file for each in result.project.workloads] == ["base/web.yaml"]
    assert [(each.file, each.reason) for each in result.summary.skipped] == [
        (
            "overlays/production/part.yaml",
            "Deployment/shop is partial: a patch that no file names",
        )
    ]


def test_a_part_alone_is_what_its_autoscaler_means(tmp_path: Path) -> None:
    """The whole one may come from a remote base."""
    parts = as_yaml(PARTS["of the security context"], autoscaler())
    result = checked(write(tmp_path / "bookshop", {"part.yaml": parts}))
    assert [each.rule for each in result.findings] == []


def test_a_workload_without_images_is_judged_where_it_has_a_selector(tmp_path: Path) -> None:
    whole = deployment()
    del whole["spec"]["template"]["spec"]["containers"][0]["image"]
    del whole["spec"]["template"]["spec"]["containers"][0]["resources"]
    result = checked(write(tmp_path / "bookshop", {"web.yaml": as_yaml(whole)}))
    assert "missing-requests" in {each.rule for each in result.findings}
    assert not result.summary.skipped


def test_a_part_of_a_budget_does_not_dangle(tmp_path: Path) -> None:
    part = {**budget(), "spec": {"minAvailable": 2}}
    files = {
        "base/web.yaml": as_yaml(deployment(replicas=3), budget()),
        "production/budget.yaml": as_yaml(part),
    }
    found = {each.rule for each in checked(write(tmp_path / "bookshop", files)).findings}
    assert "dangling-disruption-budget" not in found
