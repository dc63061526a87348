"""Which second instance is proposed, which fixed count taken out, and where neither is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fixes.projects import fixed, project, rules, texts

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 500m, memory: 512Mi}}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{port: 80, targetPort: 8080}]
"""

AUTOSCALER = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 1
  maxReplicas: 3
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""

SCALED = DEPLOYMENT.replace("  replicas: 1\n", "") + AUTOSCALER
VOLUME = "      volumes: [{name: files, persistentVolumeClaim: {claimName: files}}]\n---"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (DEPLOYMENT, DEPLOYMENT.replace("replicas: 1", "replicas: 2")),
        (SCALED, SCALED.replace("minReplicas: 1", "minReplicas: 2")),
        # As much as its maximum, it would not scale any more.
        (SCALED.replace("maxReplicas: 3", "maxReplicas: 2"), None),
        # Two of them cannot share a volume, or must not run side by side.
        (DEPLOYMENT.replace("---", VOLUME, 1), None),
        (DEPLOYMENT.replace("replicas: 1", "replicas: 1\n  strategy: {type: Recreate}"), None),
        (DEPLOYMENT.replace("kind: Deployment", "kind: StatefulSet"), None),
    ],
)
def test_a_second_instance(text: str, wanted: str | None, tmp_path: Path) -> None:
    project(tmp_path, {"k8s/shop.yaml": text})
    outcome = fixed(tmp_path, unsafe=True, fixable=("min-instances",))
    assert texts(outcome) == ({"k8s/shop.yaml": wanted} if wanted else {})
    assert not outcome.refused


COUNTED = DEPLOYMENT + AUTOSCALER.replace("minReplicas: 1", "minReplicas: 2")
BARE = COUNTED.replace("  replicas: 1\n", "")


def test_a_fixed_count_with_a_comment_about_it(tmp_path: Path) -> None:
    commented = COUNTED.replace("  replicas: 1", "  # One is enough.\n  replicas: 1")
    project(tmp_path, {"k8s/shop.yaml": commented})
    assert not fixed(tmp_path).changed
    outcome = fixed(tmp_path, unsafe=True)
    assert texts(outcome) == {"k8s/shop.yaml": BARE}
    [finding] = outcome.fixed
    assert finding.fix is not None
    assert finding.fix.description == "Remove “replicas” and its comment"


@pytest.mark.parametrize(("count", "is_safe"), [(1, True), (3, True), (0, False)])
@pytest.mark.parametrize("minimum", [0, 2])
def test_a_fixed_count_without_which_what_is_switched_off_would_run(
    minimum: int, count: int, is_safe: bool, tmp_path: Path
) -> None:
    text = COUNTED.replace("replicas: 1", f"replicas: {count}")
    text = text.replace("minReplicas: 2", f"minReplicas: {minimum}")
    project(tmp_path, {"k8s/shop.yaml": text})
    only = ("replicas-beside-autoscaler",)
    assert bool(fixed(tmp_path, fixable=only).changed) == is_safe
    if count:  # 0 switches the autoscaler off, whatever its minimum
        outcome = fixed(tmp_path, unsafe=True, fixable=only)
        assert "\n  replicas:" not in texts(outcome)["k8s/shop.yaml"]


@pytest.mark.parametrize(("count", "bound"), [(1, 2), (9, 6)])
def test_a_count_out_of_bounds(count: int, bound: int, tmp_path: Path) -> None:
    service = {"serviceName": "shop", "taskDefinition": "shop:7", "desiredCount": count}
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/default/shop",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 2,
        "MaxCapacity": 6,
    }
    project(tmp_path, {"service.json": json.dumps(service), "target.json": json.dumps(target)})
    wanted = {"service.json": json.dumps({**service, "desiredCount": bound})}
    assert texts(fixed(tmp_path)) == wanted


@pytest.mark.parametrize(
    ("image", "is_one_of_many"),
    [
        ("amazon/dynamodb-local:2.5.4", False),
        ("apache/rocketmq:5.3.1", False),
        ("nacos/nacos-server:v2.4.3", False),
        ("nats:2.10-alpine", False),
        ("registry.example/rocketmq-console:2.1", True),
        ("registry.example/shop:1.4.2", True),
    ],
)
def test_a_second_instance_of_what_keeps_data(
    image: str, is_one_of_many: bool, tmp_path: Path
) -> None:
    """That is a member of a cluster, which has to be told of it."""
    text = DEPLOYMENT.replace("registry.example/shop:1.4.2", image)
    project(tmp_path, {"k8s/shop.yaml": text})
    outcome = fixed(tmp_path, unsafe=True, select=("min-instances",))
    assert bool(outcome.changed) == is_one_of_many


@pytest.mark.parametrize("most", [100, 200])
def test_a_second_instance_that_no_deploy_lets_overlap(most: int, tmp_path: Path) -> None:
    service = {
        "serviceName": "shop",
        "taskDefinition": "shop:7",
        "desiredCount": 1,
        "deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": most},
        "loadBalancers": [
            {"targetGroupArn": "arn:aws:x", "containerName": "shop", "containerPort": 80}
        ],
    }
    project(tmp_path, {"service.json": json.dumps(service)})
    outcome = fixed(tmp_path, unsafe=True, fixable=("min-instances",))
    assert bool(outcome.changed) == (most > 100)


def test_a_wait_that_somebody_does_without(tmp_path: Path) -> None:
    behavior = "  behavior: {scaleDown: {stabilizationWindowSeconds: 0}}\n"
    project(tmp_path, {"k8s/shop.yaml": SCALED + behavior})
    outcome = fixed(tmp_path)
    wanted = SCALED + behavior.replace("Seconds: 0", "Seconds: 300")
    assert texts(outcome) == {"k8s/shop.yaml": wanted}


def test_a_fixed_count_that_hides_another(tmp_path: Path) -> None:
    """Taken out, it would give way to the merged one."""
    text = COUNTED.replace("  replicas: 1", "  <<: {replicas: 4}\n  replicas: 1")
    project(tmp_path, {"k8s/shop.yaml": text})
    assert not fixed(tmp_path, unsafe=True).changed


@pytest.mark.parametrize("apart", [True, False])
def test_a_fixed_count_that_another_overlay_needs(apart: bool, tmp_path: Path) -> None:
    """Where nothing renders the overlays, only what all of them apply belongs together."""
    first, _, last = COUNTED.rpartition("---\n")
    scaler = "overlays/production/hpa.yaml" if apart else "base/hpa.yaml"
    base = "[shop.yaml]" if apart else "[shop.yaml, hpa.yaml]"
    own = "[../../base, hpa.yaml]" if apart else "[../../base]"
    project(
        tmp_path,
        {
            "base/shop.yaml": first,
            scaler: last,
            "base/kustomization.yaml": f"resources: {base}\n",
            "overlays/production/kustomization.yaml": f"resources: {own}\n",
            "overlays/staging/kustomization.yaml": "resources: [../../base]\n",
            "lintscale.toml": "[rendering]\nenabled = false\n",
        },
    )
    outcome = fixed(tmp_path)
    wanted = {"base/shop.yaml": first.replace("  replicas: 1\n", "")}
    assert texts(outcome) == ({} if apart else wanted)
    assert texts(fixed(tmp_path, unsafe=True)) == wanted


def test_a_fix_has_something_to_tell(tmp_path: Path) -> None:
    project(tmp_path, {"k8s/shop.yaml": COUNTED})
    outcome = fixed(tmp_path)
    assert rules(outcome) == ["replicas-beside-autoscaler"]
    [finding] = outcome.fixed
    assert finding.fix is not None
    assert "edit-last-applied" in finding.fix.note


PREVIEWS = """\
previewsEnabled: true  # all
previewsExpireAfterDays: 3
services:
""" + "".join(
    f"""\
  - previewPlan: "starter"
    type: worker
    name: mailer-{number}
    runtime: python
    startCommand: python mailer.py
    pullRequestPreviewsEnabled: true
"""
    for number in range(20)
)


def test_fixes_that_make_the_same_mapping_come_one_after_the_other(tmp_path: Path) -> None:
    project(tmp_path, {"render.yaml": PREVIEWS})
    outcome = fixed(tmp_path)
    wanted = (
        PREVIEWS.replace("previewsEnabled: true", "previews:\n  generation: automatic")
        .replace("previewsExpireAfterDays", "  expireAfterDays")
        .replace(
            '- previewPlan: "starter"',
            '- previews:\n      plan: "starter"\n      generation: automatic',
        )
        .replace("    pullRequestPreviewsEnabled: true\n", "")
    )
    assert texts(outcome) == {"render.yaml": wanted}
    assert len(outcome.fixed) == 42
    assert outcome.settled
