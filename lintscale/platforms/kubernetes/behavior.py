"""The ``behavior`` of a HorizontalPodAutoscaler, wherever it is written.

Defaults: kubernetes/kubernetes, pkg/apis/autoscaling/v2/defaults.go, and the controller's
pkg/controller/podautoscaler/horizontal.go for what holds without any ``behavior`` (both read
Aug 2026).
"""

from __future__ import annotations

from lintscale.model.declared import ScalingBehavior, StepLimit
from lintscale.model.sourced import Sourced
from lintscale.platforms.kubernetes.manifest import platform_default, unknown
from lintscale.platforms.kubernetes.quantities import plain_amount
from lintscale.syntax.field import Field

_WINDOW_IN = 300  # seconds; --horizontal-pod-autoscaler-downscale-stabilization
_WINDOW_OUT = 0  # seconds; scaleUpStabilizationSeconds
_PERIOD = 15  # seconds; scaleUpPeriod, scaleDownPeriod, and the controller's sync period
_PERCENT = 100  # scaleUpLimitPercent, scaleDownLimitPercent
_PODS = 4  # scaleUpLimitMinimumPods
_TOLERANCE = 10.0  # percent; --horizontal-pod-autoscaler-tolerance, 0.1

_UNITS = {"Pods": "instances", "Percent": "percent"}


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
            _UNITS.get(item.get("type").string() or "", "unknown"),
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
