"""Projects with something to fix, made at random: what is wrong, in which order, how laid out."""

from __future__ import annotations

from random import Random
from typing import Any

from lintscale.syntax.document import Format
from tests.syntax.written import laid_out

Data = dict[str, Any]

UNUSED = "lintscale: ignore[probe-timeout] until the move"
"""What a comment may say that suppresses nothing."""


def project(random: Random, platform: str) -> dict[str, str]:
    """The files of a project on one platform, each one's text by its name."""
    made = {"kubernetes": _kubernetes, "render": _render, "railway": _railway, "ecs": _ecs}
    files = made[platform](random)
    files = {name: _with_suppression(random, name, text) for name, text in files.items()}
    if random.random() < 0.1:
        files = {name: _with_mixed_ends(random, text) for name, text in files.items()}
    return files


def _with_mixed_ends(random: Random, text: str) -> str:
    *ended, last = text.replace("\r\n", "\n").split("\n")
    return "".join(line + random.choice(["\n", "\r\n"]) for line in ended) + last


def _with_suppression(random: Random, name: str, text: str) -> str:
    """Sometimes another comment on a line of its own, at a line that begins a key."""
    mark = "//" if name.endswith(".json") else "#"
    lines = text.splitlines(keepends=True)
    starts = [
        number for number, line in enumerate(lines) if line.lstrip(" \t").startswith(("env", "ma"))
    ]
    if starts and random.random() < 0.3:
        at = random.choice(starts)
        line = lines[at]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        ending = "\r\n" if line.endswith("\r\n") else "\n"
        lines.insert(at, f"{indent}{mark} {UNUSED}{ending}")
    return "".join(lines)


def _shuffled(random: Random, data: Data) -> Data:
    keys = list(data)
    random.shuffle(keys)
    return {key: data[key] for key in keys}


def _some(random: Random, choices: Data) -> Data:
    return {key: value for key, value in choices.items() if random.random() < 0.5}


# -- Kubernetes -----------------------------------------------------------------------------------


def _kubernetes(random: Random) -> dict[str, str]:
    window = random.choice([0, 0, 300])
    labels = {"app": "shop"}
    container = {
        "name": "shop",
        "image": "registry.example/shop:1.4.2",
        "ports": [{"containerPort": 8080}],
        "resources": {
            "requests": {"cpu": random.choice(["500m", "2"]), "memory": "512Mi"},
            "limits": {"cpu": "1", "memory": random.choice(["256Mi", "1Gi"])},
        },
    }
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    deployment = {
        "apiVersion": random.choice(["apps/v1", "apps/v1beta2"]),
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": _shuffled(
            random,
            {
                "selector": {"matchLabels": labels},
                "template": template,
                **_some(random, {"replicas": random.choice([1, 3]), "minReadySeconds": 5}),
            },
        ),
    }
    metric = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}
    autoscaler = {
        "apiVersion": random.choice(["autoscaling/v2", "autoscaling/v2beta2"]),
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "shop"},
        "spec": _shuffled(
            random,
            {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
                "maxReplicas": 6,
                "metrics": [{"type": "Resource", "resource": metric}],
                **_some(
                    random,
                    {
                        "minReplicas": random.choice([1, 2]),
                        "behavior": {"scaleDown": {"stabilizationWindowSeconds": window}},
                    },
                ),
            },
        ),
    }
    budget = {
        "apiVersion": random.choice(["policy/v1", "policy/v1beta1"]),
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "shop"},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": labels}},
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "shop"},
        "spec": {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]},
    }
    objects: list[Data] = [deployment, service]
    objects += [each for each in (autoscaler, budget) if random.random() < 0.7]
    random.shuffle(objects)
    if random.random() < 0.3:
        everything = {"apiVersion": "v1", "kind": "List", "items": objects}
        form: Format = random.choice(["yaml", "json"])
        return {f"k8s/shop.{form}": laid_out(random, form, [everything], aliases=False)}
    if random.random() < 0.5:
        return {"k8s/shop.yaml": laid_out(random, "yaml", objects, aliases=False)}
    return {
        f"k8s/{number}.yaml": laid_out(random, "yaml", [each], aliases=random.random() < 0.2)
        for number, each in enumerate(objects)
    }


# -- the others -----------------------------------------------------------------------------------


def _render(random: Random) -> dict[str, str]:
    services = []
    for number in range(random.choice([1, 2])):
        scaling = {"maxInstances": 6, "targetCPUPercent": 70, "minInstances": random.choice([1, 2])}
        choices = {
            "autoDeploy": random.choice([True, False]),
            "numInstances": 3,
            "scaling": _shuffled(random, scaling),
            "pullRequestPreviewsEnabled": random.choice([True, False]),
            "previewPlan": "starter",
            "previews": {"numInstances": 1},
        }
        service = {
            "type": "web",
            "name": f"shop-{number}",
            random.choice(["env", "runtime"]): "python",
            "plan": "standard",
            "startCommand": "python shop.py",
            random.choice(["healthCheckPath", "healthcheckPath"]): "/health",
            **_some(random, choices),
        }
        services.append(_shuffled(random, service))
    services += [{"type": "redis", "name": "basket", "ipAllowList": []}]
    top = _some(random, {"previewsEnabled": True, "previewsExpireAfterDays": 3})
    blueprint = _shuffled(random, {**top, "services": services})
    aliases = random.random() < 0.2
    return {"render.yaml": laid_out(random, "yaml", [blueprint], aliases=aliases)}


def _railway(random: Random) -> dict[str, str]:
    deploy = {
        "startCommand": "node shop.js",
        random.choice(["healthcheckPath", "healthCheckPath"]): "/health",
        **_some(random, {"numReplicas": 1, "drainingSeconds": 30, "restartPolicyType": "ALWAYS"}),
    }
    build = {"builder": random.choice(["NIXPACKS", "RAILPACK"])}
    config: Data = _shuffled(random, {"build": build, "deploy": _shuffled(random, deploy)})
    form: Format = random.choice(["json", "toml"])
    return {f"railway.{form}": laid_out(random, form, [config])}


def _ecs(random: Random) -> dict[str, str]:
    resource = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/bookshop/shop",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    tracking = {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
        },
        **_some(random, {"ScaleOutCooldown": 60, "ScaleInCooldown": random.choice([0, 300])}),
    }
    balancer = {
        "targetGroupArn": "arn:aws:elasticloadbalancing:::targetgroup/shop",
        "containerName": "shop",
        "containerPort": 8080,
    }
    service = {
        "serviceName": "shop",
        "cluster": "bookshop",
        "taskDefinition": "shop:7",
        "desiredCount": random.choice([1, 2, 9]),
        "healthCheckGracePeriodSeconds": 60,
        "loadBalancers": [balancer],
    }
    target = {**resource, "MinCapacity": random.choice([1, 2]), "MaxCapacity": 6}
    policy = {
        "PolicyName": "cpu",
        "PolicyType": "TargetTrackingScaling",
        **resource,
        "TargetTrackingScalingPolicyConfiguration": _shuffled(random, tracking),
    }
    documents = {"service": service, "target": target, "policy": policy}
    return {
        f"ecs/{name}.json": laid_out(random, "json", [_shuffled(random, data)])
        for name, data in documents.items()
    }
