"""The metrics of a HorizontalPodAutoscaler, in the shapes of all its API versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lintscale.model.declared import Metric
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
