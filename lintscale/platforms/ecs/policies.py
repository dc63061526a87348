"""Scaling policies (target tracking, step and predictive), and the CloudWatch alarms that set off
step policies (put-metric-alarm's input)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lintscale.model.declared import Alarm, Reference, ScalingBehavior, ScalingPolicy, StepLimit
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.ecs.metrics import alarm_metric, metric
from lintscale.platforms.ecs.names import child, first_child, known_text
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

DEFAULT_COOLDOWN_SECONDS = 300
"""For ECS services, in either direction and for step policies too. Application Auto Scaling
user guide, "Define cooldown periods", read Aug 2026."""


_ADJUSTMENTS = {"ChangeInCapacity": "instances", "PercentChangeInCapacity": "percent"}


def target_tracking(configuration: Field, name: Field | None, fallback: str = "") -> ScalingPolicy:
    """A policy that holds a metric at a target. ``name`` is where its name is written, if
    anywhere; ``fallback`` is what to call it otherwise."""
    followed = metric(configuration)
    in_disabled = child(configuration, "DisableScaleIn").boolean(
        False, "target tracking scales in unless DisableScaleIn is true"
    )
    out_cooldown = _cooldown(configuration, "ScaleOutCooldown", "scale-outs")
    in_cooldown = _cooldown(configuration, "ScaleInCooldown", "scale-ins")
    if in_disabled.value is True and not in_cooldown.written:
        in_cooldown = Sourced(None, None, in_cooldown.location, "scaling in is disabled")
    return ScalingPolicy(
        kind="target tracking",
        name=_name(name, fallback or (followed.name if followed else "")),
        named=_is_named(name),
        metrics=(followed,) if followed else (),
        scale_out=ScalingBehavior(out_cooldown, location=configuration.location),
        scale_in=ScalingBehavior(
            in_cooldown, disabled=in_disabled, location=configuration.location
        ),
        location=_location(configuration, name),
    )


def step(configuration: Field, name: Field | None, fallback: str = "") -> ScalingPolicy:
    """A policy that a CloudWatch alarm triggers: its metric is the alarm's. The one
    cooldown belongs to the directions in which its adjustments go."""
    cooldown = _cooldown(configuration, "Cooldown", "actions")
    adds, removes = _directions(configuration)
    steps = first_child(configuration, "StepAdjustments", "ScalingAdjustment")
    return ScalingPolicy(
        kind="step",
        name=_name(name, fallback),
        named=_is_named(name),
        metrics=(),
        scale_out=_step_behavior(adds, cooldown, steps, _adding(configuration)),
        scale_in=_step_behavior(removes, cooldown, steps, _removing(configuration)),
        location=_location(configuration, name),
    )


def predictive(configuration: Field, name: Field | None, fallback: str = "") -> ScalingPolicy:
    """A policy that adds tasks ahead of forecast load; in its default mode it only watches.
    Application Auto Scaling API reference, PredictiveScalingPolicyConfiguration, read Aug
    2026."""
    found = [metric(item) for item in child(configuration, "MetricSpecifications").items()]
    mode = child(configuration, "Mode").text(
        "ForecastOnly", "the default mode of predictive scaling is ForecastOnly"
    )
    watches: Sourced[bool] = Sourced(
        None if mode.value is None else mode.value != "ForecastAndScale",
        mode.source,
        mode.location,
        mode.reason,
    )
    return ScalingPolicy(
        kind="predictive",
        name=_name(name, fallback),
        named=_is_named(name),
        metrics=tuple(entry for entry in found if entry is not None),
        scale_out=ScalingBehavior(disabled=watches, location=configuration.location),
        scale_in=ScalingBehavior(
            disabled=Sourced(
                True,
                Source.PLATFORM_DEFAULT,
                configuration.location,
                "predictive scaling adds tasks and leaves removing them to other policies",
            ),
            location=configuration.location,
        ),
        location=_location(configuration, name),
    )


def scheduled(field: Field) -> ScalingPolicy:
    """A scheduled action moves the bounds at a time; it follows no metric. A bound that it leaves
    out stays as it is (Application Auto Scaling API reference, ScalableTargetAction, read Dec
    2026)."""
    name = child(field, "ScheduledActionName")
    low = child(field, "ScalableTargetAction", "MinCapacity")
    high = child(field, "ScalableTargetAction", "MaxCapacity")
    return ScalingPolicy(
        kind="scheduled",
        name=name.string() or "",
        metrics=(),
        scale_out=ScalingBehavior(),
        scale_in=ScalingBehavior(),
        location=name.location if name.present else field.location,
        min=low.integer(),
        max=high.integer(),
        schedule=child(field, "Schedule").string() or "",
        until=_last_day(field),
    )


_DATE = regex(r"\s*(?:at\()?\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].{0,40})?\Z")


def _last_day(field: Field) -> str:
    """The day of its only action ("at(2026-11-27T07:00:00)"), or that after which it has none."""
    schedule = child(field, "Schedule").string() or ""
    for text in (schedule, child(field, "EndTime").string() or ""):
        found = _DATE.match(text)
        if found is not None:
            return found[1]
    return ""


def without_configuration(field: Field, name: Field) -> ScalingPolicy:
    """A policy whose configuration is not among what was read."""
    kinds = {"TargetTrackingScaling": "target tracking", "PredictiveScaling": "predictive"}
    return ScalingPolicy(
        kind=kinds.get(known_text(child(field, "PolicyType")), "step"),
        name=name.string() or "",
        metrics=(),
        scale_out=ScalingBehavior(),
        scale_in=ScalingBehavior(),
        location=_location(field, name),
    )


def _name(name: Field | None, fallback: str) -> str:
    return (name.string() if name is not None else None) or fallback


def _is_named(name: Field | None) -> bool:
    return name is not None and bool(name.string())


def _location(configuration: Field, name: Field | None) -> Location:
    if name is not None and name.present:
        return name.location
    target = child(configuration, "TargetValue")
    return target.location if target.present else configuration.location


def _cooldown(configuration: Field, key: str, between: str) -> Sourced[int]:
    field = child(configuration, key)
    if not field.present and not configuration.is_mapping:
        return Sourced(None, Source.FILE, configuration.location, "not a configuration")
    return field.integer(
        DEFAULT_COOLDOWN_SECONDS,
        f"Application Auto Scaling waits {DEFAULT_COOLDOWN_SECONDS} s between {between} of an "
        f"ECS service when {key} is absent",
    )


def _directions(configuration: Field) -> tuple[bool | None, bool | None]:
    """Whether the steps (add, remove) tasks; None where a placeholder or an exact capacity
    hides the direction."""
    steps = child(configuration, "StepAdjustments")
    amounts = [
        child(item, "ScalingAdjustment").integer().value
        for item in (steps.items() if steps.is_sequence else [configuration])
    ]
    is_exact = known_text(child(configuration, "AdjustmentType")) == "ExactCapacity"
    if is_exact or not amounts or (steps.present and not steps.is_sequence):
        return None, None
    unsure = None if None in amounts else False
    adds = True if any(amount is not None and amount > 0 for amount in amounts) else unsure
    removes = True if any(amount is not None and amount < 0 for amount in amounts) else unsure
    return adds, removes


class _Steps(NamedTuple):
    """The steps of one direction, and where the first of them begins, from the threshold."""

    limits: tuple[StepLimit, ...]
    offset: float | None


def _adding(configuration: Field) -> _Steps:
    """Of a metric above its threshold: a lower bound that is left out is the threshold itself,
    since below it the alarm does not go off."""
    found = _steps(configuration, lambda amount: amount > 0, "MetricIntervalLowerBound")
    return _Steps(found.limits, None if found.offset is None else max(found.offset, 0.0))


def _removing(configuration: Field) -> _Steps:
    found = _steps(configuration, lambda amount: amount < 0, "MetricIntervalUpperBound")
    return _Steps(found.limits, None if found.offset is None else min(found.offset, 0.0))


def _steps(configuration: Field, wanted: Callable[[int], bool], bound: str) -> _Steps:
    kind = _ADJUSTMENTS.get(known_text(child(configuration, "AdjustmentType")), "unknown")
    limits: list[StepLimit] = []
    offsets: list[float | None] = []
    for item in child(configuration, "StepAdjustments").items():
        amount = child(item, "ScalingAdjustment").integer()
        if amount.value is None or not wanted(amount.value):
            continue
        size = Sourced(abs(amount.value), amount.source, amount.location)
        limits.append(StepLimit(kind, size, ABSENT))
        place = child(item, bound)
        offsets.append(place.number().value if place.present else 0.0)
    known = [offset for offset in offsets if offset is not None]
    if not known or len(known) < len(offsets):
        return _Steps(tuple(limits), None)
    return _Steps(tuple(limits), min(known, key=abs))


def _step_behavior(
    acts: bool | None, cooldown: Sourced[int], field: Field, steps: _Steps
) -> ScalingBehavior:
    place = field.location
    if acts is None:
        hidden: Sourced[int] = Sourced(None, Source.FILE, cooldown.location, "direction unknown")
        return ScalingBehavior(hidden, location=place)
    disabled: Sourced[bool] = Sourced(not acts, Source.FILE, place, "by its adjustments")
    return ScalingBehavior(
        cooldown if acts else ABSENT,
        limits=steps.limits,
        disabled=disabled,
        location=place,
        threshold_offset=steps.offset,
    )


# -- alarms ------------------------------------------------------------------------------------

_POLICY_ARN = regex(
    r"arn:[^:]*:autoscaling:.*:resource/ecs/service/([^/:]+)/([^/:]+):policyName/([^:]+)"
)
"""A scaling policy of an ECS service (Application Auto Scaling API reference, PutScalingPolicy's
PolicyARN, read Aug 2026)."""
_MAX_ARN = 2048


def sets_off_a_policy(field: Field) -> bool:
    """Whether the alarm's actions name a scaling policy of an ECS service."""
    return next(_policies(field), None) is not None


def alarms(field: Field) -> Iterator[Alarm]:
    """The alarm, once for each policy that it sets off. One on a metric that is calculated, or
    that compares with a band and not with a number, is none that says a threshold."""
    metric = alarm_metric(field)
    operator = child(field, "ComparisonOperator").string() or ""
    if metric is None or not operator.startswith(("GreaterThan", "LessThan")):
        return
    name = child(field, "AlarmName")
    for cluster, service, policy in _policies(field):
        yield Alarm(
            platform="ecs",
            name=name.string() or "",
            policy=policy,
            target=Reference("", service, cluster, name.location),
            metric=metric,
            above=operator.startswith("GreaterThan"),
            location=name.location if name.present else field.location,
        )


def _policies(field: Field) -> Iterator[tuple[str, str, str]]:
    """(cluster, service, policy); a cluster that a placeholder hides is any."""
    for item in child(field, "AlarmActions").items():
        found = _POLICY_ARN.match((item.string() or "")[:_MAX_ARN])
        if found is None:
            continue
        cluster, service, policy = found.groups()
        if not has_placeholder(service) and not has_placeholder(policy):
            yield "" if has_placeholder(cluster) else cluster, service, policy
