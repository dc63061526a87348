"""Metrics of scaling policies, in all the ways they are written."""

from __future__ import annotations

from typing import NamedTuple

from lintscale.model.declared import Metric
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.ecs.names import child, first_child, key_set, known_text
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex

_RESOURCE = regex(
    r"(?:ecsservice)?(?:average)?(cpu|memory)(?:utili[sz]ation)?(?:percent|percentage)?"
    r"(?:highresolution)?"
)
"""ECSServiceAverageCPUUtilization and its HighResolution twin, ECSServiceCPUUtilization of
predictive scaling, CloudWatch's CPUUtilization, and a plain "cpu"."""
_REQUESTS = regex(r"(?:alb)?requestcount(?:pertarget)?|requests(?:pertarget|persecond)?")
_TARGET_GROUP = regex(r"targetgroup/([^/]+)")
_SEPARATORS = regex(r"[\s_:/-]+")

_OTHER_SERVICES = (
    "asg",
    "ec2spotfleet",
    "dynamodb",
    "rds",
    "sagemaker",
    "appstream",
    "comprehend",
    "lambda",
    "cassandra",
    "kafka",
    "elasticache",
    "neptune",
    "workspaces",
)
"""How the predefined metrics of other scalable services begin: botocore's models
application-autoscaling/2016-02-06 and autoscaling/2011-01-01, read Aug 2026."""
_ECS_NAMESPACES = frozenset({"aws/ecs", "ecs/containerinsights"})
_SHARED_NAMESPACES = frozenset(
    {"aws/applicationelb", "aws/networkelb", "aws/sqs", "aws/kinesis", "aws/sns", "aws/mq"}
)
"""What services of any kind scale on."""
_ECS_DIMENSIONS = frozenset({"clustername", "servicename"})

_SPECIFICATIONS = (
    "PredefinedMetricSpecification",
    "PredefinedScalingMetricSpecification",
    "PredefinedMetricPairSpecification",
)
_CUSTOM_SPECIFICATIONS = ("CustomizedMetricSpecification", "CustomizedScalingMetricSpecification")
_FLATTENED = ("PredefinedMetricType", "MetricType", "Metric", "MetricName")
"""Where people write the metric's name straight into the policy; no AWS call reads it there."""


class _Named(NamedTuple):
    kind: str
    name: str
    unit: str
    location: Location


def metric(configuration: Field) -> Metric | None:
    """The metric that a target-tracking configuration follows; None when it names none."""
    named = _named(configuration)
    if named is None:
        return None
    target = child(configuration, "TargetValue").number()
    return Metric(
        named.kind,
        named.name,
        target,
        named.unit,
        named.location,
        measured_on=_measured_on(named, configuration),
        reachable=_reachable(named),
        on_request=named.name.lower().endswith("highresolution"),
    )


def _measured_on(named: _Named, configuration: Field) -> str:
    """What ECS and the load balancer tell of tasks, they tell only while there are any."""
    if named.kind in ("cpu", "memory", "requests"):
        return "instances"
    custom = first_child(configuration, *_CUSTOM_SPECIFICATIONS)
    if named.kind == "unknown" or not custom.present:
        return ""
    return "" if _custom_is_about_ecs(custom) else "elsewhere"


def _reachable(named: _Named) -> Sourced[float]:
    """A share of what the tasks have reserved (ECS developer guide, "Amazon ECS service
    utilization metrics", read Aug 2026)."""
    if named.unit != "utilization percent":
        return ABSENT
    reason = "a task uses at most 100% of its size"
    return Sourced(100.0, Source.PLATFORM_DEFAULT, named.location, reason)


def alarm_metric(alarm: Field) -> Metric | None:
    """The metric that an alarm watches, with its threshold; None when it watches one that is
    calculated from others. It is called by all that tells it from another metric."""
    named = _custom(alarm)
    threshold = child(alarm, "Threshold")
    statistic = known_text(first_child(alarm, "Statistic", "ExtendedStatistic"))
    if not known_text(child(alarm, "MetricName")) or not threshold.present:
        return None
    namespace = known_text(child(alarm, "Namespace"))
    name = f"{namespace} {statistic} {named.name} ({_dimensions(alarm)})"
    kind = named.kind if statistic == "Average" or named.kind == "requests" else "custom"
    return Metric(kind, name, threshold.number(), _unit(kind), threshold.location)


def is_about_ecs(configuration: Field) -> bool | None:
    """Whether the metric is one of ECS; None when it could be any scalable resource's."""
    custom = first_child(configuration, *_CUSTOM_SPECIFICATIONS)
    if custom.present:
        return _custom_is_about_ecs(custom)
    name = _predefined_type(configuration)
    text = _squeezed(name.string() or "") if name is not None else ""
    if text.startswith("ecsservice"):
        return True
    return False if text.startswith(_OTHER_SERVICES) else None


def _named(configuration: Field) -> _Named | None:
    custom = first_child(configuration, *_CUSTOM_SPECIFICATIONS)
    if custom.present:
        return _custom(custom)
    name = _predefined_type(configuration)
    if name is None:
        return None
    text = known_text(name)
    if not text:
        return _Named("unknown", name.string() or "", "value", name.location)
    kind = metric_kind(text) or text.lower()
    group = _TARGET_GROUP.search(known_text(child(_specification(configuration), "ResourceLabel")))
    shown = f"{text} ({group[1]})" if group else text
    return _Named(kind, shown, _unit(kind), name.location)


def metric_kind(name: str) -> str:
    """Which of "cpu", "memory" and "requests" a metric's name means; "" for any other."""
    squeezed = _squeezed(name)
    found = _RESOURCE.fullmatch(squeezed)
    if found:
        return found[1]
    return "requests" if _REQUESTS.fullmatch(squeezed) else ""


def _squeezed(name: str) -> str:
    return _SEPARATORS.sub("", name[:200]).lower()


def _unit(kind: str) -> str:
    if kind in ("cpu", "memory"):
        return "utilization percent"
    return "average value" if kind == "requests" else "value"


def _specification(configuration: Field) -> Field:
    return first_child(configuration, *_SPECIFICATIONS)


def _predefined_type(configuration: Field) -> Field | None:
    """Where the predefined metric's type is written."""
    specification = _specification(configuration)
    if specification.is_scalar:
        return specification
    for field, keys in ((specification, ("PredefinedMetricType",)), (configuration, _FLATTENED)):
        for key in keys:
            found = child(field, key)
            if found.is_scalar:
                return found
    return specification if specification.present and not specification.is_mapping else None


# -- customised metrics ---------------------------------------------------------------------------


def _custom(custom: Field) -> _Named:
    name = child(custom, "MetricName")
    text = known_text(name)
    if not text:
        queries = _metric_names(custom)
        shown = f"metric math of {', '.join(queries)}" if queries else "metric math"
        kind = "unknown" if name.present else "custom"
        return _Named(kind, name.string() or shown, "value", custom.location)
    namespace = known_text(child(custom, "Namespace")).lower()
    kind = "custom"
    if namespace == "aws/ecs":
        kind = metric_kind(text) or kind
    elif namespace == "aws/sqs":
        kind = "queue"
    elif namespace == "aws/applicationelb" and text == "RequestCountPerTarget":
        kind = "requests"
    dimensions = _dimensions(custom)
    shown = f"{text} ({dimensions})" if dimensions and kind not in ("cpu", "memory") else text
    return _Named(kind, shown, _unit(kind), name.location)


def _dimensions(custom: Field) -> str:
    return ", ".join(
        sorted(
            f"{child(item, 'Name').string()}={child(item, 'Value').string()}"
            for item in child(custom, "Dimensions").items()
            if item.is_mapping
        )
    )


def _metric_names(custom: Field) -> list[str]:
    found = {
        known_text(child(query, "MetricStat", "Metric", "MetricName"))
        for query in child(custom, "Metrics").items()
    }
    return sorted(found - {""})


def _custom_is_about_ecs(custom: Field) -> bool | None:
    """By CloudWatch namespace and dimensions, of the metric itself or of those it is made of."""
    metrics = [custom] + [
        child(query, "MetricStat", "Metric") for query in child(custom, "Metrics").items()
    ]
    namespaces = {known_text(child(entry, "Namespace")).lower() for entry in metrics}
    dimensions = {
        known_text(child(item, "Name")).lower()
        for entry in metrics
        for item in child(entry, "Dimensions").items()
    }
    if namespaces & _ECS_NAMESPACES or dimensions & _ECS_DIMENSIONS:
        return True
    foreign = {name for name in namespaces if name.startswith("aws/")} - _SHARED_NAMESPACES
    return False if foreign or "autoscalinggroupname" in dimensions else None


def names_a_metric(configuration: Field) -> bool:
    """Whether the mapping holds a metric specification as the API knows it."""
    return bool(
        key_set(configuration.node)
        & {"predefinedMetricSpecification", "customizedMetricSpecification"}
    )
