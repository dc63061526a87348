"""Images that a workflow fills in are not known from the file, and those that it leaves are."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import load_settings
from lintscale.project.deploys import substituted

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: web
          image: registry.example/shop:latest
"""

WORKFLOW = """\
on: {{push: {{branches: [main]}}}}
env: {{REGISTRY: registry.example, NEWEST: latest}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - env: {{TAG: "${{{{ github.sha }}}}"}}
        run: |
          {run}
"""


def image_of(folder: Path, run: str) -> str | None:
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/deploy.yml").write_text(
        WORKFLOW.format(run=run.replace("\n", "\n          ")), encoding="utf-8"
    )
    (folder / "k8s").mkdir()
    (folder / "k8s/shop.yaml").write_text(MANIFEST, encoding="utf-8")
    result = api.check([str(folder)], settings=load_settings(folder))
    [workload] = result.project.workloads
    return workload.containers[0].image.value


@pytest.mark.parametrize(
    "run",
    [
        "kubectl set image deployment/shop web=$REGISTRY/shop:$TAG",
        "kubectl -n shop set image deploy shop web=registry.example/shop:${{ github.sha }}",
        "kubectl set image deployment/shop \\\n  '*=registry.example/shop:1.4.2' -n shop",
        "IMAGE=$REGISTRY/shop:$TAG\nkubectl set image deployment/shop web=$IMAGE",
        "cd k8s && kustomize edit set image registry.example/shop=registry.example/shop:$TAG",
        "kustomize edit set image registry.example/shop:$TAG",
        'sed -i "s|image: .*|image: $REGISTRY/shop:$TAG|" k8s/shop.yaml',
        "sed -i 's/latest/${{ github.sha }}/g' k8s/*.yaml",
        "sed -i -e 's#shop:[^\"]*#shop:${{ github.sha }}#' k8s/shop.yaml",
        "sed -i '' 's|registry\\.example/shop:latest|registry.example/shop:v2|' k8s/shop.yaml",
    ],
)
def test_a_deploy_fills_in_the_image(run: str, tmp_path: Path) -> None:
    assert image_of(tmp_path, run) is None


@pytest.mark.parametrize(
    "run",
    [
        "echo deploying",
        "kubectl set image deployment/shop web=registry.example/shop:$NEWEST",
        "kubectl set image deployment/shop web=registry.example/shop",
        "kubectl set image deployment/basket web=registry.example/shop:$TAG",
        "kubectl set image statefulset/shop web=registry.example/shop:$TAG",
        "kubectl set image deployment/shop sidecar=registry.example/shop:$TAG",
        "kubectl set image deployment/${{ inputs.name }} web=registry.example/shop:$TAG",
        "kustomize edit set image registry.example/basket:$TAG",
        "sed -i 's/PLACEHOLDER/${{ github.sha }}/' k8s/shop.yaml",
        "sed -i 's/latest/${{ github.sha }}/' k8s/basket.yaml",
        "sed 's/latest/${{ github.sha }}/' k8s/shop.yaml",
        "sed -i 's/registry.example/registry.test/' k8s/shop.yaml",
        "sed -i 's/latest/${{ env.NEWEST }}/' k8s/shop.yaml",
        "sed -i 's/replicas: 2/replicas: 3/' k8s/shop.yaml",
    ],
)
def test_what_the_deploy_leaves_stands(run: str, tmp_path: Path) -> None:
    assert image_of(tmp_path, run) == "registry.example/shop:latest"


RENDERS = """\
on: push
jobs:
  deploy:
    steps:
      - uses: aws-actions/amazon-ecs-render-task-definition@v1
        with:
          task-definition: ${{ steps.before.outputs.task-definition }}
          container-name: web
          image: registry.example/shop:${{ github.sha }}
"""


@pytest.mark.parametrize(
    ("built", "image"),
    [
        ("registry.example/shop", None),
        ("registry.example/ledger", "registry.example/shop:latest"),
        ("shop", "registry.example/shop:latest"),
    ],
)
def test_what_skaffold_builds_is_filled_in(built: str, image: str | None, tmp_path: Path) -> None:
    skaffold = (
        f"apiVersion: skaffold/v4beta13\nkind: Config\nbuild: {{artifacts: [image: {built}]}}\n"
    )
    (tmp_path / "skaffold.yaml").write_text(skaffold, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(MANIFEST, encoding="utf-8")
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    [workload] = result.project.workloads
    assert workload.containers[0].image.value == image


def test_what_is_rendered_for_one_platform_says_nothing_of_another(tmp_path: Path) -> None:
    """A container of the same name runs on Kubernetes, as its manifest says."""
    definition = '{"family": "shop", "containerDefinitions": [{"name": "web", "image": "shop:1"}]}'
    (tmp_path / "task-definition.json").write_text(definition, encoding="utf-8")
    (tmp_path / "k8s.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/deploy.yml").write_text(RENDERS, encoding="utf-8")
    result = api.check([str(tmp_path)], settings=load_settings(tmp_path))
    images = {each.platform: each.containers[0].image.value for each in result.project.workloads}
    assert images == {"ecs": None, "kubernetes": "registry.example/shop:latest"}


@pytest.mark.parametrize(
    ("script", "after"),
    [
        ("s/b/X/", "aXc: d"),
        ("s|b.*|X|", "aX"),
        ("s|b.*: |X|", "aXd"),
        ("s/^abc: d$/X/g", "X"),
        (r"s/b\s*c/X/", "aX: d"),
        (r"s/\(b\)c/X/", "aX: d"),
        ("s/[a-b]*c/X/", "X: d"),
        ("s/x/y/", None),
        ("s/b", None),
        ("y/abc/xyz/", None),
        ("s", None),
        ("", None),
        ("s///", None),
    ],
)
def test_substitution(script: str, after: str | None) -> None:
    assert substituted("abc: d", script) == after
