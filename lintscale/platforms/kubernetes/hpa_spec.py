"""The metrics and the ``behavior`` of a HorizontalPodAutoscaler, wherever they are written, in the
shapes of all its API versions.

Defaults: kubernetes/kubernetes, pkg/apis/autoscaling/v2/defaults.go, and the controller's
pkg/controller/podautoscaler/horizontal.go for what holds without any ``behavior`` (both read
Aug 2026).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lintscale.model.declared import Metric, ScalingBehavior, StepLimit
from lintscale.model.sourced import Sourced
from lintscale.platforms.kubernetes.manifest import platform_default, unknown
from lintscale.platforms.kubernetes.quantities import byte_count, cores, plain_amount
from lintscale.syntax.field import Field, has_placeholder

UTILIZATION = "utilization percent"
AVERAGE = "average value"
VALUE = "value"

DEFAULT_CPU_PERCENT = 80.0
"""``DefaultCPUUtilization``, pkg/apis/autoscaling/annotations.go: what the API server fills in
for an autoscaler without metrics (v2/defaults.go, v1/conversion.go; read Aug 2026)."""

_SECTIONS = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
}

_MEASURED_ON = {
    "resource": "containers",
    "containerResource": "containers",
    "pods": "instances",
    "object": "elsewhere",
    "external": "elsewhere",
}

_Place = tuple[str, tuple[str, ...]]

_TARGETS: tuple[_Place, ...] = (
    (UTILIZATION, ("target", "averageUtilization")),  # v2, v2beta2
    (UTILIZATION, ("targetAverageUtilization",)),  # v2beta1
    (AVERAGE, ("target", "averageValue")),
    (AVERAGE, ("targetAverageValue",)),
    (AVERAGE, ("averageValue",)),  # v2beta1, Object
    (VALUE, ("target", "value")),
    (VALUE, ("targetValue",)),
)
"""Where the number of a target may stand, and what it then means."""

_UNITS = {"Utilization": UTILIZATION, "AverageValue": AVERAGE, "Value": VALUE}


def written_metrics(spec: Field) -> tuple[Metric, ...]:
    """The metrics in an autoscaler's ``spec``: those it lists, and the one number of v1."""
    found = list(listed_metrics(spec.get("metrics")))
    cpu = spec.first("targetCPUUtilizationPercentage", "cpuUtilization")
    if cpu.is_mapping:
        cpu = cpu.get("targetPercentage")  # extensions/v1beta1
    if cpu.present:
        found.append(
            Metric("cpu", "cpu", cpu.number(), UTILIZATION, cpu.location, measured_on="containers")
        )
    return tuple(found)


def listed_metrics(listed: Field) -> tuple[Metric, ...]:
    if listed.present and not listed.is_sequence:
        return (_hidden(listed),)
    return tuple(_metric(item) for item in listed.items())


def default_metric(spec: Field) -> Metric:
    """What the API server adds to an autoscaler that names no metric."""
    listed = spec.get("metrics")
    target = platform_default(
        DEFAULT_CPU_PERCENT,
        listed,
        "the API server gives an HPA without metrics a CPU target of 80 %",
    )
    return Metric("cpu", "cpu", target, UTILIZATION, listed.location, measured_on="containers")


def _metric(item: Field) -> Metric:
    kind = item.get("type").string()
    section = _SECTIONS.get(kind or "")
    if section is None:
        section = next((key for key in _SECTIONS.values() if item.get(key).present), None)
    if section is None or not item.get(section).is_mapping:
        return _hidden(item)
    source = item.get(section)
    of_resource = section in ("resource", "containerResource")
    if of_resource:
        name = source.get("name").string() or ""
    else:
        name = source.get("metric", "name").string() or source.get("metricName").string() or ""
    resource = "unknown" if has_placeholder(name) else name.lower()
    unit, place = _target(source, UTILIZATION if of_resource else AVERAGE)
    target = amount_reader(unit, resource if of_resource else "")(place)
    return Metric(
        kind=resource if of_resource else section,
        name=name,
        target=target,
        unit=unit,
        location=place.location if place.present else item.location,
        container=source.get("container").string() or "",
        measured_on=_MEASURED_ON[section],
    )


def amount_reader(unit: str, resource: str) -> Callable[[Field], Sourced[Any]]:
    """How a target of this unit is written: a whole percentage or a quantity."""
    if unit == UTILIZATION:
        return lambda field: field.number()
    if resource == "cpu":
        return cores
    if resource == "memory":
        return _bytes
    return plain_amount


def _bytes(field: Field) -> Sourced[float]:
    count = byte_count(field)
    value = None if count.value is None else float(count.value)
    return Sourced(value, count.source, count.location, count.reason)


def _target(source: Field, usual: str) -> tuple[str, Field]:
    """The unit and the place of the target's number: what its ``type`` says, else what is
    written."""
    declared = _UNITS.get(source.get("target", "type").string() or "", "")
    places = [(unit, source.get(*path)) for unit, path in _TARGETS]
    written = [(unit, place) for unit, place in places if place.present]
    for unit, place in written:
        if unit == declared:
            return unit, place
    if written:
        return written[0]
    wanted = declared or usual
    return next((unit, place) for unit, place in places if unit == wanted)


def _hidden(field: Field) -> Metric:
    return Metric("unknown", "", unknown(field, "not a metric"), "", field.location)


# -- behavior --------------------------------------------------------------------------------------

_WINDOW_IN = 300  # seconds; --horizontal-pod-autoscaler-downscale-stabilization
_WINDOW_OUT = 0  # seconds; scaleUpStabilizationSeconds
_PERIOD = 15  # seconds; scaleUpPeriod, scaleDownPeriod, and the controller's sync period
_PERCENT = 100  # scaleUpLimitPercent, scaleDownLimitPercent
_PODS = 4  # scaleUpLimitMinimumPods
_TOLERANCE = 10.0  # percent; --horizontal-pod-autoscaler-tolerance, 0.1

_LIMIT_UNITS = {"Pods": "instances", "Percent": "percent"}


def scaling_behavior(behavior: Field) -> tuple[ScalingBehavior, ScalingBehavior]:
    """How the autoscaler scales out and in. ``behavior`` may be absent; writing any of it
    changes the limits of the directions that it leaves out."""
    out = behavior.get("scaleUp")
    scale_in = behavior.get("scaleDown")
    known = not behavior.present or behavior.is_mapping
    return (
        _direction(
            out,
            known,
            _WINDOW_OUT,
            "an HPA scales up at once unless told otherwise",
            _default_limits_out(out, written=behavior.present),
        ),
        _direction(
            scale_in,
            known,
            _WINDOW_IN,
            "the controller looks back 5 minutes before it scales down, unless told otherwise",
            _default_limits_in(scale_in, written=behavior.present),
        ),
    )


def _direction(
    field: Field, known: bool, window: int, reason: str, limits: tuple[StepLimit, ...]
) -> ScalingBehavior:
    if not known or field.is_scalar:
        hidden = unknown(field, "not a mapping")
        return ScalingBehavior(
            hidden, "stabilization window", (), hidden, hidden, location=field.location
        )
    select = field.get("selectPolicy")
    policies = field.get("policies")
    return ScalingBehavior(
        cooldown_seconds=field.get("stabilizationWindowSeconds").integer(window, reason),
        cooldown_kind="stabilization window",
        limits=_written_limits(policies) if policies.present else limits,
        select=select.text("Max", "by default the policy with the largest change applies"),
        disabled=_disabled(select),
        location=field.location,
        tolerance_percent=_tolerance(field.get("tolerance")),
    )


def _tolerance(field: Field) -> Sourced[float]:
    """As a share of the target (``behavior.*.tolerance``, beta since 1.35)."""
    if not field.present:
        return platform_default(
            _TOLERANCE, field, "the controller leaves up to a tenth beside the target alone"
        )
    share = plain_amount(field)
    value = None if share.value is None else share.value * 100
    return Sourced(value, share.source, share.location, share.reason)


def _disabled(select: Field) -> Sourced[bool]:
    written = select.text()
    if not written.written:
        return platform_default(False, select, "this direction is enabled by default")
    return Sourced(
        None if written.value is None else written.value == "Disabled",
        written.source,
        written.location,
    )


def _written_limits(policies: Field) -> tuple[StepLimit, ...]:
    return tuple(
        StepLimit(
            _LIMIT_UNITS.get(item.get("type").string() or "", "unknown"),
            item.get("value").integer(),
            item.get("periodSeconds").integer(),
        )
        for item in policies.items()
    )


def _default_limits_out(direction: Field, *, written: bool) -> tuple[StepLimit, ...]:
    policies = direction.get("policies")
    if written:
        reason = "default scaleUp policies: the larger of 4 pods and 100% every 15 s"
        return (
            _limit(policies, "instances", _PODS, reason),
            _limit(policies, "percent", _PERCENT, reason),
        )
    reason = "without a behavior an HPA doubles, or scales to 4 pods, every 15 s"
    return (_limit(policies, "percent", _PERCENT, reason),)


def _default_limits_in(direction: Field, *, written: bool) -> tuple[StepLimit, ...]:
    if not written:
        return ()
    reason = "default scaleDown policy: 100% every 15 s"
    return (_limit(direction.get("policies"), "percent", _PERCENT, reason),)


def _limit(field: Field, kind: str, value: int, reason: str) -> StepLimit:
    return StepLimit(
        kind, platform_default(value, field, reason), platform_default(_PERIOD, field, reason)
    )
