"""Images that a workflow fills in are not known from the file, and those that it leaves are."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import load_settings
from lintscale.project.deploys import substituted
from tests.files import write_files
from tests.one_service import checked

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


SETS = "kubectl set image deployment/shop web=registry.example/shop:$TAG -n bookshop"
STEP = SETS.replace("$", "${").replace("TAG", "TAG}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jenkinsfile", f'stage(\'Deploy\') {{ steps {{ sh """\n  {STEP}\n""" }} }}'),
        ("ci/Jenkinsfile.prod", f"sh(script: '{SETS}', returnStdout: true)"),
        ("Makefile", f"deploy:\n\t@{SETS.replace('$TAG', '$(shell git rev-parse HEAD)')}\n"),
        ("Makefile", f"TAG := v12\nrelease: test\n\t{SETS.replace('$TAG', '$(TAG)')}\n"),
        (".gitlab-ci.yml", f"deploy:\n  script:\n    - {SETS}\n"),
        ("azure-pipelines.yml", f"steps:\n  - script: {SETS}\n"),
        (
            "bitbucket-pipelines.yml",
            f"pipelines: {{default: [{{step: {{script: ['{SETS}']}}}}]}}\n",
        ),
        (".circleci/config.yml", f"jobs: {{d: {{steps: [{{run: {{command: '{SETS}'}}}}]}}}}\n"),
    ],
)
def test_any_pipeline_may_set_an_image(name: str, text: str, tmp_path: Path) -> None:
    assert images_with(tmp_path, name, text) == [None]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Jenkinsfile", f"// {SETS}\nsh 'make test'"),
        ("Jenkinsfile", f"environment {{\n TAG = 'latest'\n}}\nsh \"{STEP}\""),
        ("Makefile", f"TAG ?= latest\ndeploy:\n\t{SETS.replace('$TAG', '$(TAG)')}\n"),
        (".gitlab-ci.yml", f"variables: {{TAG: latest}}\ndeploy: {{script: ['{SETS}']}}\n"),
        ("notes.txt", SETS),
    ],
)
def test_what_a_pipeline_leaves_stands(name: str, text: str, tmp_path: Path) -> None:
    assert images_with(tmp_path, name, text) == ["registry.example/shop:latest"]


def images_with(folder: Path, name: str, text: str) -> list[str | None]:
    files = {"k8s/shop.yaml": MANIFEST, name: text}
    [workload] = checked(write_files(folder, files)).project.workloads
    return [container.image.value for container in workload.containers]


HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 8
"""


@pytest.mark.parametrize(
    ("run", "left_alone"),
    [
        (SETS, True),
        (f"{SETS} || kubectl apply -f k8s/shop.yaml\nkubectl apply -f k8s/hpa.yaml", True),
        (f"kubectl get deploy shop || kubectl apply -f k8s\n{SETS}", True),
        (f"if kubectl get deploy shop; then\n  {SETS}\nelse\n  kubectl apply -f k8s/\nfi", True),
        (f"kubectl apply -f k8s/shop.yaml\n{SETS}", False),
        (f"kubectl apply -f k8s/\n{SETS}", False),
        (f"cat k8s/*.yaml | envsubst | kubectl apply -f -\n{SETS}", False),
        (f"kubectl apply -k k8s\n{SETS}", False),
        (f"kubectl apply -f $FILE\n{SETS}", False),
        (f"if [ $ENV = production ]; then kubectl apply -f k8s/; fi\n{SETS}", False),
        (f"helm upgrade shop ./chart\n{SETS}", False),
        (f"./deploy.sh\n{SETS}", False),
        (SETS.replace("shop web", "basket web"), False),
        ("kubectl rollout restart deployment/shop", False),
    ],
)
def test_a_deploy_that_only_sets_the_image_leaves_the_count(
    run: str, left_alone: bool, tmp_path: Path
) -> None:
    script = run.replace("\n", "\n          ")
    files = {
        ".github/workflows/deploy.yml": WORKFLOW.format(run=script),
        "k8s/shop.yaml": MANIFEST,
        "k8s/hpa.yaml": HPA,
    }
    result = checked(write_files(tmp_path, files))
    said = [each.rule for each in result.findings if each.rule == "replicas-beside-autoscaler"]
    assert said == ([] if left_alone else ["replicas-beside-autoscaler"])
