"""CloudWatch alarms that set off a service's step policies: put-metric-alarm's input."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.declared import Alarm, Reference
from lintscale.platforms.ecs.keys import child
from lintscale.platforms.ecs.metrics import alarm_metric
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

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
