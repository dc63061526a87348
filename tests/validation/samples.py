"""Objects of every kind that there is a schema for, with nothing wrong, and ways to spoil them."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from lintscale.syntax import Document, parse
from tests.manifests import autoscaler, budget, deployment, service

Plain = Any

POD = deployment()["spec"]["template"]
JOB = {"template": {"spec": {**POD["spec"], "restartPolicy": "Never"}}, "backoffLimit": 2}
META = {"name": "shop", "labels": {"app": "shop"}, "annotations": {"team": "storefront"}}
SELECTED = {"selector": {"matchLabels": {"app": "shop"}}, "template": POD}

OBJECTS: list[Plain] = [
    deployment(
        replicas=2,
        strategy={
            "type": "RollingUpdate",
            "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0},
        },
    ),
    autoscaler(),
    budget(),
    service(),
    {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": META, "spec": SELECTED},
    {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": META, "spec": SELECTED},
    {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": META, "spec": SELECTED},
    {"apiVersion": "batch/v1", "kind": "Job", "metadata": META, "spec": JOB},
    {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": META,
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": JOB}},
    },
    {"apiVersion": "v1", "kind": "Pod", "metadata": META, "spec": POD["spec"]},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": META, "data": {"PORT": "8080"}},
    {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": META,
        "spec": {"limits": [{"type": "Container", "defaultRequest": {"cpu": 1, "memory": "1Gi"}}]},
    },
    {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": META, "spec": {"hard": {"pods": 10}}},
    {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": META,
        "value": 1000,
        "preemptionPolicy": "Never",
    },
    {
        "apiVersion": "autoscaling/v1",
        "kind": "HorizontalPodAutoscaler",
        "metadata": META,
        "spec": {
            "scaleTargetRef": {"kind": "Deployment", "name": "shop"},
            "maxReplicas": 4,
            "targetCPUUtilizationPercentage": 70,
        },
    },
    {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": META,
        "spec": {
            "scaleTargetRef": {"name": "shop"},
            "minReplicaCount": 2,
            "triggers": [{"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}}],
            "advanced": {
                "horizontalPodAutoscalerConfig": {
                    "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}}
                }
            },
        },
    },
    {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "metadata": META,
        "spec": {
            **SELECTED,
            "replicas": 3,
            "strategy": {
                "canary": {
                    "maxSurge": "25%",
                    "steps": [{"setWeight": 20}, {"pause": {}}, {"pause": {"duration": "10m"}}],
                }
            },
        },
    },
    {
        "apiVersion": "autoscaling.k8s.io/v1",
        "kind": "VerticalPodAutoscaler",
        "metadata": META,
        "spec": {
            "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
            "updatePolicy": {"updateMode": "Off"},
            "resourcePolicy": {"containerPolicies": [{"containerName": "*", "mode": "Auto"}]},
        },
    },
    {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": META,
        "spec": {
            "template": {
                "metadata": {"annotations": {"autoscaling.knative.dev/min-scale": "2"}},
                "spec": {
                    "containerConcurrency": 50,
                    "containers": [
                        {"image": "registry.example/shop:1.4.2", "ports": [{"containerPort": 8080}]}
                    ],
                },
            }
        },
    },
]
"""Each as it comes from JSON: nothing in it is shared."""
OBJECTS = [json.loads(json.dumps(each)) for each in OBJECTS]

ODD_VALUES: list[Plain] = [
    0, 1, -1, 70, 99999, 2**70, 0.5, 2.0, "", "70", "text", "Always", "25%", "512Mi", "x" * 300,
    True, False, [], {}, [1], ["a"], [[]], [{}], {"a": 1}, {"name": "a"}, {"": {}},
]  # fmt: skip
ODD_KEYS = [
    "",
    "replica",
    "requests",
    "spec",
    "name",
    "ports",
    "image",
    "x-y",
    "ключ",
    "a.b/c",
    "8",
]


def spoilt(thing: Plain, rng: random.Random, *, nulls: bool = False) -> Plain:
    """A copy with one to three changes: keys dropped, renamed, added, moved; values replaced."""
    root = copy.deepcopy(thing)
    values = [*ODD_VALUES, *([None] * 4 if nulls else ())]
    for _ in range(rng.randint(1, 3)):
        places = list(_places(root))
        if not places:
            break
        holder, key = rng.choice(places)
        action = rng.choice(["drop", "replace", "rename", "add", "copy"])
        if action == "drop":
            del holder[key]
        elif action == "replace":
            holder[key] = copy.deepcopy(rng.choice(values))
        elif action == "rename" and isinstance(holder, dict):
            holder[_misspelt(key, rng)] = holder.pop(key)
        elif action == "add" and isinstance(holder, dict):
            holder[rng.choice(ODD_KEYS)] = copy.deepcopy(rng.choice(values))
        elif action == "copy":
            other, place = rng.choice(places)
            holder[key] = copy.deepcopy(other[place])
    return root


def _misspelt(key: str, rng: random.Random) -> str:
    at = rng.randrange(len(key) + 1)
    return rng.choice([key[:at] + key[at + 1 :], key.upper(), key + "s", f"{key[:at]}q{key[at:]}"])


def _places(thing: Plain) -> list[tuple[Any, Any]]:
    if isinstance(thing, dict):
        below = [place for value in thing.values() for place in _places(value)]
        return [(thing, key) for key in thing] + below
    if isinstance(thing, list):
        below = [place for value in thing for place in _places(value)]
        return [(thing, index) for index in range(len(thing))] + below
    return []


def document_of(thing: Plain) -> Document:
    result = parse(json.dumps(thing, indent=1, ensure_ascii=False), "shop.json", "json")
    assert not result.problems
    return result.documents[0]
