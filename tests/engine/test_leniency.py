"""Whose errors are warnings."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.engine.leniency import in_trial_folder
from tests.files import write_files
from tests.manifests import Manifest, as_yaml, deployment, service
from tests.one_service import checked


@pytest.mark.parametrize(
    ("file", "is_trial"),
    [
        ("examples/shop/app.yaml", True),
        ("deploy/e2e-tests/app.yaml", True),
        ("k8s-demo/app.yaml", True),
        ("docs/app.yaml", True),
        ("deploy/app.yaml", False),
        ("k8s/contest/app.yaml", False),
        ("deploy/example.yaml", False),
        ("documents/app.yaml", False),
    ],
)
def test_trial_folders(file: str, is_trial: bool) -> None:
    assert in_trial_folder(file) is is_trial


def severities(
    folder: Path, file: str, config: str = "", shop: Manifest | None = None
) -> dict[str, str]:
    text = as_yaml(shop or deployment(replicas=1), service())
    result = checked(write_files(folder, {file: text, "lintscale.toml": config}))
    return {f.rule: f.severity.value for f in result.findings if f.rule != "no-autoscaling"}


@pytest.mark.parametrize(
    ("file", "config", "severity"),
    [
        ("deploy/app.yaml", "", "error"),
        ("examples/app.yaml", "", "warning"),
        ("examples/app.yaml", '[severity]\nmin-instances = "error"\n', "error"),
        ("examples/app.yaml", '[environments]\nproduction = ["examples/"]\n', "error"),
    ],
)
def test_examples_make_no_errors_unless_the_config_says_so(
    tmp_path: Path, file: str, config: str, severity: str
) -> None:
    assert severities(tmp_path, file, config) == {"min-instances": severity}


@pytest.mark.parametrize(
    ("image", "arguments", "severity"),
    [
        ("registry.example/shop-operator:1", [], "warning"),
        ("registry.example/controller-manager:1", [], "warning"),
        ("registry.example/shop:1", ["--leader-elect"], "warning"),
        ("registry.example/ingress-controller:1", ["--leader-elect=false"], "error"),
    ],
)
def test_operators_make_no_errors(
    tmp_path: Path, image: str, arguments: list[str], severity: str
) -> None:
    shop = deployment(replicas=2)
    [container] = shop["spec"]["template"]["spec"]["containers"]
    container |= {"image": image, "args": arguments}
    del container["readinessProbe"]
    found = severities(tmp_path, "deploy/app.yaml", shop=shop)
    assert found["missing-readiness-probe"] == severity


def test_what_cannot_be_read_is_an_error_everywhere(tmp_path: Path) -> None:
    files = {
        "examples/app.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [}\n",
        "examples/shop.yaml": as_yaml(deployment(replicas=3)),
    }
    result = checked(write_files(tmp_path, files))
    assert [f.severity.value for f in result.findings if f.rule == "syntax-error"] == ["error"]
