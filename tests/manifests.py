"""Kubernetes objects of a bookshop that has nothing wrong, for tests to write out."""

from __future__ import annotations

import io
import json
from typing import Any

from ruamel.yaml import YAML

Manifest = dict[str, Any]


def deployment(name: str = "shop", **spec: Any) -> Manifest:
    """Spread over nodes, pinned, probed, with requests; ``spec`` goes over its own keys."""
    labels = {"app": name}
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": labels},
    }
    pod = {"topologySpreadConstraints": [spread], "containers": [container(name)]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
            **spec,
        },
    }


def container(name: str = "shop") -> Manifest:
    return {
        "name": name,
        "image": f"registry.example/{name}:1.4.2",
        "ports": [{"containerPort": 8080}],
        "livenessProbe": {"httpGet": {"path": "/alive", "port": 8080}},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}},
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}},
    }


def autoscaler(target: str = "shop", low: int = 2, high: int = 8, **metadata: str) -> Manifest:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": target, **metadata},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": target},
            "minReplicas": low,
            "maxReplicas": high,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {
                        "name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": 70},
                    },
                }
            ],
        },
    }


def budget(target: str = "shop", **spec: Any) -> Manifest:
    """Lets one pod go at a time unless ``spec`` says otherwise."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": target},
        "spec": {"selector": {"matchLabels": {"app": target}}, **(spec or {"maxUnavailable": 1})},
    }


def service(target: str = "shop") -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": target},
        "spec": {"selector": {"app": target}, "ports": [{"port": 80, "targetPort": 8080}]},
    }


def scaled_object(target: str = "shop", **spec: Any) -> Manifest:
    trigger = {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}}
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": target},
        "spec": {"scaleTargetRef": {"name": target}, "triggers": [trigger], **spec},
    }


def vertical_autoscaler(target: str = "shop", mode: str = "Auto") -> Manifest:
    return {
        "apiVersion": "autoscaling.k8s.io/v1",
        "kind": "VerticalPodAutoscaler",
        "metadata": {"name": target},
        "spec": {
            "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": target},
            "updatePolicy": {"updateMode": mode},
        },
    }


def in_namespace(manifest: Manifest, namespace: str) -> Manifest:
    return {**manifest, "metadata": {**manifest["metadata"], "namespace": namespace}}


def as_yaml(*manifests: Manifest) -> str:
    """One stream with a document for each."""
    out = io.StringIO()
    YAML(typ="safe", pure=True).dump_all(manifests, out)
    return out.getvalue()


def as_json(*manifests: Manifest) -> str:
    """The manifest, or all of them in a ``kind: List``."""
    whole = manifests[0] if len(manifests) == 1 else as_list(*manifests)
    return json.dumps(whole, indent=2) + "\n"


def as_list(*manifests: Manifest) -> Manifest:
    return {"apiVersion": "v1", "kind": "List", "items": list(manifests)}


HEALTHY = (deployment(), service(), autoscaler(), budget())

FLAWED = (deployment(replicas=5), service(), autoscaler(low=2, high=2), budget(minAvailable=2))
"""Three flaws that only show when the four objects are joined."""

FLAWS = {
    ("replicas-beside-autoscaler", "Deployment/shop"),
    ("min-equals-max", "Deployment/shop"),
    ("blocking-disruption-budget", None),
}
