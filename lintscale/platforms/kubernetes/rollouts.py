"""How a change of the pod template reaches the pods.

Defaults: kubernetes/kubernetes, pkg/apis/apps/v1/defaults.go, and for the retired API versions
pkg/apis/apps/v1beta1/defaults.go and pkg/apis/extensions/v1beta1/defaults.go; argo-rollouts,
utils/defaults/defaults.go and docs/features/canary.md (all read Aug 2026).
"""

from __future__ import annotations

from typing import Any

from lintscale.model.declared import Rollout
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import (
    Manifest,
    integer_or_percent,
    platform_default,
    unknown,
)
from lintscale.syntax.field import Field


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
