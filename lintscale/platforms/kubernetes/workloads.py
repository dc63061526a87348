"""Objects that run pods, as workloads of the common model.

Defaults of rollouts: kubernetes/kubernetes, pkg/apis/apps/v1/defaults.go, and for the retired API
versions pkg/apis/apps/v1beta1/defaults.go and pkg/apis/extensions/v1beta1/defaults.go;
argo-rollouts, utils/defaults/defaults.go and docs/features/canary.md (all read Aug 2026).
"""

from __future__ import annotations

from typing import Any

from lintscale.model.declared import Reference, Rollout, Selector, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import (
    Manifest,
    integer_or_percent,
    platform_default,
    reference,
    unknown,
)
from lintscale.platforms.kubernetes.pods import pod
from lintscale.platforms.kubernetes.surroundings import label_selector, plain_selector
from lintscale.syntax.field import Field

_TEMPLATES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "Deployment",
            "StatefulSet",
            "ReplicaSet",
            "ReplicationController",
            "DaemonSet",
            "Rollout",
            "Job",
        ),
        ("spec", "template"),
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
"""Where each kind keeps its pod template."""

KINDS = frozenset(_TEMPLATES)

_ROLES = {"DaemonSet": "daemon", "Job": "job", "CronJob": "job", "Pod": "pod"}

_UNSCALABLE = {
    "DaemonSet": "a DaemonSet runs one pod per node",
    "Job": "a Job runs to completion and has no scale subresource",
    "CronJob": "a CronJob starts Jobs on a schedule and has no scale subresource",
    "Pod": "a bare Pod is one instance and has no scale subresource",
}
"""The kinds without a scale subresource, which an HPA needs."""


def workload(manifest: Manifest) -> Workload:
    """The workload that an object describes, its platform's defaults filled in. One that only
    names it (a patch that changes a count) is there to be pointed at, and not to be judged."""
    kind = manifest.kind
    whole = not is_shell(manifest)
    template = manifest.root.get(*_TEMPLATES[kind])
    described = pod(template, manifest.namespace)
    role = _ROLES.get(kind, "service")
    disk = described.disk
    if kind == "StatefulSet" and manifest.spec.get("volumeClaimTemplates").present:
        disk = _claim_template(manifest.spec.get("volumeClaimTemplates"))
    return Workload(
        platform="kubernetes",
        kind=kind,
        name=manifest.name,
        location=manifest.location,
        role=role,
        namespace=manifest.namespace,
        labels=described.labels,
        object_labels=manifest.labels,
        scanned=whole,
        partial=is_part(manifest),
        replicas=_replicas(manifest),
        count_known=whole and kind != "DaemonSet",
        containers=described.containers,
        health_check_path=described.health_check_path,
        serves_traffic=False if role == "job" else None,
        rollout=rollout(manifest),
        shutdown=described.shutdown,
        placement=described.placement,
        disk=disk,
        shared_disks=described.shared_disks,
        acts_on_cluster=described.account not in ("", "default")
        or manifest.namespace.endswith("-system"),
        unscalable_reason=_UNSCALABLE.get(kind, ""),
        can_autoscale=kind not in _UNSCALABLE,
        selector=_selector(manifest),
        selector_location=manifest.spec.get("selector").location,
        template=_template_reference(manifest),
    )


def _selector(manifest: Manifest) -> Selector | None:
    """The pods that a workload takes for its own, and its scale subresource tells an HPA of. A Job
    gets one that no other pod fits."""
    selector = manifest.spec.get("selector")
    if manifest.kind in ("Job", "CronJob", "Pod") or not selector.present:
        return None
    if manifest.kind == "ReplicationController":
        return plain_selector(selector)
    return label_selector(selector)


def is_shell(manifest: Manifest) -> bool:
    """Neither pods nor a selector nor a reference to a template: the API server would reject
    it, so it is a patch, or a stand-in, for an object that is described elsewhere."""
    spec = manifest.spec
    if spec.get("selector").present or spec.get("workloadRef").present:
        return False
    return not manifest.root.get(*_TEMPLATES[manifest.kind]).get("spec", "containers").present


def is_partial(manifest: Manifest) -> bool:
    """Does the object look like a part of one? A patch that changes containers names them and says
    neither their images nor which pods are selected; labels and a selector may come from a
    kustomization."""
    if is_shell(manifest):
        return True
    template = manifest.root.get(*_TEMPLATES[manifest.kind])
    if any(not item.get("image").present for item in template.get("spec", "containers").items()):
        return True
    if manifest.kind in ("Job", "CronJob", "Pod"):
        return False
    labelled = template.get("metadata", "labels").present
    return not manifest.spec.get("selector").present and not labelled


def is_part(manifest: Manifest) -> bool:
    """Is the object nothing that anybody applies as it stands: neither pods nor a selector, or
    containers without images, or without labels, and no selector? The API server rejects each."""
    if is_shell(manifest):
        return True
    spec = manifest.spec
    if spec.get("selector").present or spec.get("workloadRef").present:
        return False
    return is_partial(manifest)


def _replicas(manifest: Manifest) -> Sourced[int]:
    spec = manifest.spec
    if manifest.kind == "DaemonSet":
        return Sourced(None, None, spec.location)
    if manifest.kind == "Pod":
        return platform_default(1, spec, "a bare Pod is one instance")
    if manifest.kind == "Job":
        return _parallelism(spec)
    if manifest.kind == "CronJob":
        return _parallelism(spec.get("jobTemplate", "spec"))
    reason = "the default of spec.replicas is 1"
    return spec.get("replicas").integer(1, reason)


def _parallelism(job: Field) -> Sourced[int]:
    return job.get("parallelism").integer(1, "a Job runs one pod at a time by default")


def _claim_template(templates: Field) -> Sourced[str]:
    """The claim that each pod gets one of; the first by name of several."""
    names = [item.get("metadata", "name") for item in templates.items()]
    return min(names, key=lambda name: name.string() or "", default=templates).raw_text()


def _template_reference(manifest: Manifest) -> Reference | None:
    target = manifest.spec.get("workloadRef")
    if manifest.kind != "Rollout" or not target.present:
        return None
    return reference(target, manifest.namespace)


# -- how a change of the pod template reaches the pods ---------------------------------------------


def rollout(manifest: Manifest) -> Rollout:
    """The rollout of a workload; nothing for those that only ever run one template (a Job, a
    bare Pod, a ReplicaSet)."""
    spec = manifest.spec
    if manifest.kind == "Deployment":
        return _deployment(spec.get("strategy"), old=manifest.group == "extensions")
    if manifest.kind == "StatefulSet":
        return _in_place(
            spec.get("updateStrategy"),
            old=manifest.version == "v1beta1",
            surge="0",
            surge_reason="a StatefulSet removes the old pod before it starts the new one",
        )
    if manifest.kind == "DaemonSet":
        return _in_place(spec.get("updateStrategy"), old=manifest.group == "extensions")
    if manifest.kind == "Rollout":
        return _argo(spec.get("strategy"))
    return Rollout()


def _deployment(strategy: Field, *, old: bool) -> Rollout:
    kind = strategy.get("type").text("RollingUpdate", "the default strategy of a Deployment")
    rolling = strategy.get("rollingUpdate")
    if strategy.is_scalar or kind.value is None:
        return _unknown(strategy, kind)
    if kind.value == "Recreate":
        return Rollout(
            strategy=kind,
            max_surge=platform_default(
                "0",
                rolling.get("maxSurge"),
                "Recreate stops all old pods before it starts new ones",
            ),
        )
    amount = "1" if old else "25%"
    reason = f"the default of a Deployment's rolling update is {amount}"
    return Rollout(
        strategy=kind,
        max_unavailable=integer_or_percent(rolling.get("maxUnavailable"), amount, reason),
        max_surge=integer_or_percent(rolling.get("maxSurge"), amount, reason),
    )


def _in_place(strategy: Field, *, old: bool, surge: str = "", surge_reason: str = "") -> Rollout:
    """StatefulSet and DaemonSet: one pod at a time, none above the number. ``surge`` is given
    where it cannot be written."""
    kind = strategy.get("type").text(
        "OnDelete" if old else "RollingUpdate", "the default of this API version"
    )
    rolling = strategy.get("rollingUpdate")
    if strategy.is_scalar or kind.value is None:
        return _unknown(strategy, kind)
    if kind.value == "OnDelete":
        reason = "OnDelete replaces a pod only after it is deleted"
        return Rollout(
            strategy=kind, max_surge=platform_default("0", rolling.get("maxSurge"), reason)
        )
    if surge:
        max_surge = platform_default(surge, rolling, surge_reason)
    else:
        max_surge = integer_or_percent(
            rolling.get("maxSurge"), "0", "a DaemonSet adds no pods in an update unless told to"
        )
    return Rollout(
        strategy=kind,
        max_unavailable=integer_or_percent(
            rolling.get("maxUnavailable"),
            "1",
            "one pod at a time is replaced unless told otherwise",
        ),
        max_surge=max_surge,
    )


def _argo(strategy: Field) -> Rollout:
    if strategy.is_scalar:
        return _unknown(strategy, unknown(strategy))
    blue_green = strategy.get("blueGreen")
    if blue_green.present:
        reason = "blue-green starts a complete second set of pods before it switches"
        return Rollout(
            strategy=_written("BlueGreen", blue_green),
            max_unavailable=platform_default("0", blue_green, reason),
            max_surge=platform_default("100%", blue_green, reason),
        )
    canary = strategy.get("canary")
    if not canary.present:
        return Rollout(strategy=Sourced(None, None, canary.location))
    keeps_stable = canary.get("dynamicStableScale").boolean(False)
    if canary.get("trafficRouting").present and keeps_stable.value is False:
        reason = "with traffic routing all old pods remain until the new ones have all traffic"
        return Rollout(
            strategy=_written("Canary", canary),
            max_unavailable=platform_default("0", canary, reason),
            max_surge=platform_default("100%", canary, reason),
        )
    reason = "the default of a canary without traffic routing is 25%"
    return Rollout(
        strategy=_written("Canary", canary),
        max_unavailable=integer_or_percent(canary.get("maxUnavailable"), "25%", reason),
        max_surge=integer_or_percent(canary.get("maxSurge"), "25%", reason),
    )


def _written(value: str, field: Field) -> Sourced[str]:
    return Sourced(value, Source.FILE, field.location)


def _unknown(strategy: Field, kind: Sourced[Any]) -> Rollout:
    amount = unknown(strategy, "the strategy is unknown")
    return Rollout(
        strategy=kind if kind.unknown else amount, max_unavailable=amount, max_surge=amount
    )
