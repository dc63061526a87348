"""Alarms to the step policies that they set off."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import Alarm, Autoscaler, ScalingBehavior, ScalingPolicy
from lintscale.resolve.matching import compatible


def with_alarms(autoscalers: list[Autoscaler], alarms: list[Alarm]) -> list[Autoscaler]:
    """Each step policy with the metric and the value at which it begins to add or to remove,
    where its one alarm for that direction is among the scanned files."""
    if not alarms:
        return autoscalers
    return [
        replace(
            scaler,
            policies=tuple(_with_alarms(policy, scaler, alarms) for policy in scaler.policies),
        )
        for scaler in autoscalers
    ]


def _with_alarms(policy: ScalingPolicy, scaler: Autoscaler, alarms: list[Alarm]) -> ScalingPolicy:
    if policy.kind != "step":
        return policy
    mine = [
        alarm
        for alarm in alarms
        if alarm.platform == scaler.platform
        and alarm.policy == policy.name
        and alarm.target.name == scaler.target.name
        and compatible(alarm.target.namespace, scaler.target.namespace)
    ]
    return replace(
        policy,
        scale_out=_triggered(policy.scale_out, [alarm for alarm in mine if alarm.above]),
        scale_in=_triggered(policy.scale_in, [alarm for alarm in mine if not alarm.above]),
    )


def _triggered(behavior: ScalingBehavior, alarms: list[Alarm]) -> ScalingBehavior:
    if len(alarms) != 1 or behavior.disabled.value is not False:
        return behavior
    metric = alarms[0].metric
    threshold, offset = metric.target.value, behavior.threshold_offset
    if threshold is None or offset is None:
        return behavior
    begins = replace(metric.target, value=threshold + offset)
    return replace(behavior, trigger=replace(metric, target=begins))
