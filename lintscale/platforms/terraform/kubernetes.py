"""Kubernetes objects of Terraform's provider as the API's own: blocks for lists and mappings, names
in snake_case (terraform-provider-kubernetes v3.2.1, read Dec 2026)."""

from __future__ import annotations

from lintscale.platforms.terraform import ecs
from lintscale.platforms.terraform.bodies import Body, camel, node_of
from lintscale.platforms.terraform.modules import Object
from lintscale.platforms.terraform.nodes import Carried
from lintscale.platforms.terraform.values import text_of
from lintscale.syntax.nodes import Entry, Mapping, Sequence

_AUTOSCALER = "HorizontalPodAutoscaler"

KINDS = {
    "kubernetes_deployment": ("apps/v1", "Deployment"),
    "kubernetes_stateful_set": ("apps/v1", "StatefulSet"),
    "kubernetes_daemonset": ("apps/v1", "DaemonSet"),
    "kubernetes_daemon_set": ("apps/v1", "DaemonSet"),
    "kubernetes_job": ("batch/v1", "Job"),
    "kubernetes_cron_job": ("batch/v1", "CronJob"),
    "kubernetes_service": ("v1", "Service"),
    "kubernetes_horizontal_pod_autoscaler": ("autoscaling/v2", _AUTOSCALER),
    "kubernetes_pod_disruption_budget": ("policy/v1", "PodDisruptionBudget"),
}
_VERSIONS = ("_v2beta2", "_v2", "_v1")

_LISTS = {
    "container": "containers",
    "init_container": "initContainers",
    "port": "ports",
    "env": "env",
    "env_from": "envFrom",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
    "volume_claim_template": "volumeClaimTemplates",
    "metric": "metrics",
    "policy": "policies",
    "toleration": "tolerations",
    "topology_spread_constraint": "topologySpreadConstraints",
    "image_pull_secrets": "imagePullSecrets",
    "match_expressions": "matchExpressions",
    "node_selector_term": "nodeSelectorTerms",
    "required_during_scheduling_ignored_during_execution": (
        "requiredDuringSchedulingIgnoredDuringExecution"
    ),
    "preferred_during_scheduling_ignored_during_execution": (
        "preferredDuringSchedulingIgnoredDuringExecution"
    ),
    "http_header": "httpHeaders",
    "items": "items",
}
_NAMES = {
    "http_get": "httpGet",
    "target_cpu_utilization_percentage": "targetCPUUtilizationPercentage",
}


def kind_of(resource: str) -> tuple[str, str] | None:
    """(API version, kind) of a resource's type; None for what is not read."""
    for version in _VERSIONS:
        resource = resource.removesuffix(version)
    return KINDS.get(resource)


def given_name(thing: Object) -> str:
    """The object's name where it is known, else its label."""
    for block in Body(thing.block, thing.scope).blocks("metadata"):
        name = block.get("name")
        text = text_of(name)
        if text and name.is_known:
            return text
    return thing.name


def manifest(thing: Object, carried: Carried) -> bool:
    """The object; False for what is not read."""
    if thing.type == "kubernetes_manifest":
        return _written_out(thing, carried)
    found = kind_of(thing.type)
    if found is None:
        return False
    version, kind = found
    whole = node_of(carried, Body(thing.block, thing.scope), camel, _LISTS, _NAMES)
    spec = whole.get("spec")
    if kind == _AUTOSCALER and isinstance(spec, Mapping) and "metrics" not in spec.entries:
        version = "autoscaling/v1"
    carried.put(("apiVersion",), carried.text(version, None))
    carried.put(("kind",), carried.text(kind, None))
    for name in ("metadata", "spec"):
        carried.put((name,), whole.get(name))
    _name(thing, carried)
    _fit(spec)
    if kind == _AUTOSCALER:
        _scaled(thing, carried)
    return True


def leaves_count_alone(thing: Object) -> bool:
    """Whether ``ignore_changes`` has the count: ``spec[0].replicas``, or what it is a part of."""
    return any(
        ecs.ignores(thing, name)
        for name in ("spec[0].replicas", "spec.0.replicas", "spec[0]", "spec.0", "spec")
    )


def _written_out(thing: Object, carried: Carried) -> bool:
    """``kubernetes_manifest`` has the API's own words. One that is read from a file is that
    file's."""
    value = thing.get("manifest")
    place = value.place
    if not isinstance(value.data, dict) or place is None or not place.source.file.endswith(".tf"):
        return False
    for name, item in value.data.items():
        carried.put((name,), carried.value(item, place))
    return True


def _name(thing: Object, carried: Carried) -> None:
    metadata = carried.root.get("metadata")
    written = metadata.get("name") if isinstance(metadata, Mapping) else None
    place = carried.places.get(id(written)) if written is not None else None
    carried.put(("metadata", "name"), carried.text(given_name(thing), place or carried.head))


def _fit(spec: object) -> None:
    """Where a block stands for what the API has in another shape."""
    if not isinstance(spec, Mapping):
        return
    template = spec.get("template")
    pod = template.get("spec") if isinstance(template, Mapping) else None
    containers = pod.get("containers") if isinstance(pod, Mapping) else None
    for container in containers.items if isinstance(containers, Sequence) else ():
        if isinstance(container, Mapping):
            _probes(container)


def _probes(container: Mapping) -> None:
    """In a probe ``port`` is one number, and only a container's ports are a list."""
    for entry in container.entries.values():
        action = entry.value.get("httpGet") if isinstance(entry.value, Mapping) else None
        ports = action.entries.pop("ports", None) if isinstance(action, Mapping) else None
        if isinstance(action, Mapping) and ports is not None:
            action.entries["port"] = Entry(ports.key, ports.value)


def _scaled(thing: Object, carried: Carried) -> None:
    """The name of the target, joined by reference."""
    for spec in Body(thing.block, thing.scope).blocks("spec"):
        for target in spec.blocks("scale_target_ref"):
            name = target.get("name")
            found = next(
                (ref for ref in name.refs if isinstance(ref, Object) and kind_of(ref.type)), None
            )
            if found is not None:
                node = carried.text(given_name(found), target.attribute_place("name"))
                carried.put(("spec", "scaleTargetRef", "name"), node)
