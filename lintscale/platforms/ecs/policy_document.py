"""The scaling document that guides show and no AWS call takes: a service's bounds and a list of
its policies in one object. Its values say plainly what is meant, so they are read; what it would
have to become is said beside them."""

from __future__ import annotations

from lintscale.model.declared import Autoscaler, DocumentNote, Metric, ScalingPolicy
from lintscale.model.location import Location
from lintscale.model.sourced import Sourced
from lintscale.platforms.ecs import policies
from lintscale.platforms.ecs.names import child, cluster, file_stem, items_or_one, scaled_service
from lintscale.platforms.ecs.scaling import (
    CAP,
    SCALABLE_TARGET,
    SUSPENDED,
    labels,
    policy_of,
    suspended_entirely,
)
from lintscale.syntax.field import Field

LISTS = (
    "TargetTrackingScalingPolicies",
    "TargetTrackingPolicies",
    "StepScalingPolicies",
    "ScalingPolicies",
)
"""Under which keys such documents keep their policies."""

_CONFIGURATIONS = (
    "TargetTrackingScalingPolicyConfiguration",
    "StepScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration",
)
_MAX_SHOWN = 6
_MAX_TEXT = 80


def policy_document(field: Field, owner: Field | None, file_name: str) -> Autoscaler:
    """The bounds and policies as they are meant. ``owner`` is the service that the document
    stands inside of. One without bounds leaves them to a scalable target elsewhere."""
    low, high = child(field, "MinCapacity"), child(field, "MaxCapacity")
    target = scaled_service(owner if owner is not None else field)
    suspended = suspended_entirely(field)
    first = next((child(field, key) for key in LISTS if child(field, key).present), field)
    return Autoscaler(
        platform="ecs",
        kind=SCALABLE_TARGET,
        name=target.name or child(field, "ResourceId").string() or file_stem(file_name),
        target=target,
        min=low.integer(),
        max=high.integer(),
        policies=_policies(field),
        location=target.location if target.name and target.location else first.location,
        effective=not suspended,
        ineffective_reason=SUSPENDED if suspended else "",
        partial=not (low.present or high.present),
        labels=labels(owner if owner is not None else field),
        cap=CAP,
    )


def items(field: Field) -> list[Field]:
    """The document's policies as they stand, those of all its lists."""
    return [item for key in LISTS for item in items_or_one(child(field, key)) if item.is_mapping]


def configuration(item: Field) -> Field:
    """Where an item's values stand: in a configuration of their own or in the item itself."""
    for key in _CONFIGURATIONS:
        found = child(item, key)
        if found.is_mapping:
            return found
    return item


def _policies(field: Field) -> tuple[ScalingPolicy, ...]:
    return tuple(_policy(item) for item in items(field))


def _policy(item: Field) -> ScalingPolicy:
    name = child(item, "PolicyName")
    if any(child(item, key).present for key in _CONFIGURATIONS):
        return policy_of(item, name)
    if child(item, "StepAdjustments").present or child(item, "ScalingAdjustment").present:
        return policies.step(item, name)
    return policies.target_tracking(item, name)


# -- what it must become --------------------------------------------------------------------------


def note(field: Field, scaler: Autoscaler, location: Location) -> DocumentNote:
    """That no call takes the document, and the calls that say the same."""
    return DocumentNote(
        platform="ecs",
        kind="not an API shape",
        location=location,
        detail=_split(scaler, cluster(field)),
        workload=scaler.target.name or "",
    )


def _split(scaler: Autoscaler, its_cluster: str) -> str:
    service = _cut(scaler.target.name or "<service>")
    registered = (
        "aws application-autoscaling register-scalable-target with ServiceNamespace ecs,"
        f" ResourceId service/{_cut(its_cluster) or '<cluster>'}/{service},"
        " ScalableDimension ecs:service:DesiredCount,"
        f" MinCapacity {_shown(scaler.min, '<min>')}, MaxCapacity {_shown(scaler.max, '<max>')}"
    )
    if not scaler.policies:
        return registered
    shown = [
        f"{_policy_name(policy, service)} ({_policy_values(policy)})"
        for policy in scaler.policies[:_MAX_SHOWN]
    ]
    left_out = len(scaler.policies) - len(shown)
    if left_out:
        shown.append(f"and {left_out} more")
    return f"{registered}; and one put-scaling-policy for each of {'; '.join(shown)}"


def _policy_name(policy: ScalingPolicy, service: str) -> str:
    metric = policy.metrics[0] if policy.metrics else None
    if policy.name and (metric is None or policy.name != metric.name):
        return _cut(policy.name)
    kind = metric.kind if metric and metric.kind in ("cpu", "memory", "requests") else "scaling"
    return f"{service}-{kind}"


def _policy_values(policy: ScalingPolicy) -> str:
    if policy.kind != "target tracking":
        return f"PolicyType {policy.kind.title()}Scaling"
    values = ["PolicyType TargetTrackingScaling", *map(_metric_values, policy.metrics)]
    for key, behavior in (
        ("ScaleInCooldown", policy.scale_in),
        ("ScaleOutCooldown", policy.scale_out),
    ):
        cooldown = behavior.cooldown_seconds
        if cooldown.source is not None:
            unwritten = "" if cooldown.written else " (the default)"
            values.append(f"{key} {_shown(cooldown, '<seconds>')}{unwritten}")
    return ", ".join(values)


def _metric_values(metric: Metric) -> str:
    return f"{_cut(metric.name)}, TargetValue {_shown(metric.target, '<target>')}"


def _shown(value: Sourced[int] | Sourced[float], otherwise: str) -> str:
    return otherwise if value.value is None else f"{value.value:.12g}"


def _cut(text: str) -> str:
    """One line of bounded length, whatever the file holds."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_TEXT else line[: _MAX_TEXT - 1] + "…"
