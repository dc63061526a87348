"""Where the platforms of one service disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from lintscale.model.declared import Container, Workload
from lintscale.model.location import Location
from lintscale.model.resolved import Drift, DriftSide
from lintscale.model.sourced import Sourced

_COMPARED_ROLES = frozenset({"service", "worker"})


class _Value(NamedTuple):
    """What one workload says of one field."""

    workload: Workload
    text: str
    location: Location


def drifts_of(workloads: Iterable[Workload]) -> tuple[Drift, ...]:
    """One drift for each field in which a service's platforms differ within an environment.

    Two platforms differ when none of the values that one has for the field occurs on the other:
    two clusters of different size on one platform are no drift, and another platform that is
    like one of them is none either. What a platform does not say is not compared.
    """
    groups: dict[tuple[str, str], list[Workload]] = {}
    for workload in workloads:
        if workload.role in _COMPARED_ROLES and workload.service:
            key = (workload.service, workload.environment.value or "")
            groups.setdefault(key, []).append(workload)
    found: list[Drift] = []
    for (service, environment), members in sorted(groups.items()):
        if len({workload.platform for workload in members}) < 2:
            continue
        for name, read in _FIELDS:
            values = sorted(_values(members, read), key=_order)
            if _differ(values):
                found.append(_drift(service, environment, name, values))
    return tuple(found)


def _values(
    members: Iterable[Workload], read: Callable[[Workload], Sourced[str] | None]
) -> Iterator[_Value]:
    for workload in members:
        value = read(workload)
        if value is not None and value.value is not None:
            yield _Value(workload, value.value, value.location or workload.location)


def _differ(values: Sequence[_Value]) -> bool:
    by_platform: dict[str, set[str]] = {}
    for value in values:
        by_platform.setdefault(value.workload.platform, set()).add(value.text)
    sets = list(by_platform.values())
    return any(
        one.isdisjoint(other) for index, one in enumerate(sets) for other in sets[index + 1 :]
    )


def _drift(service: str, environment: str, name: str, values: Sequence[_Value]) -> Drift:
    """The drift stands where the fewest platforms agree; among equals, first by file and line."""

    def agreement(value: _Value) -> int:
        return len({other.workload.platform for other in values if other.text == value.text})

    primary = min(values, key=lambda value: (agreement(value), _order(value)))
    return Drift(
        service=service,
        environment=environment,
        field=name,
        sides=tuple(
            DriftSide(
                value.workload.platform, value.workload.display_name, value.text, value.location
            )
            for value in values
        ),
        location=primary.location,
        platform=primary.workload.platform,
        workload=primary.workload.id,
    )


def _order(value: _Value) -> tuple[object, ...]:
    where = value.location
    return (where.file, where.span, where.document, value.workload.platform, value.workload.id)


# -- the fields -----------------------------------------------------------------------------------


def _count(sourced: Sourced[int]) -> Sourced[str] | None:
    if sourced.value is None:
        return None
    return Sourced(str(sourced.value), sourced.source, sourced.location)


def _target(workload: Workload, kind: str) -> Sourced[str] | None:
    """The utilisation target of the effective autoscalers; None when they have several."""
    targets = [
        metric.target
        for scaler in workload.autoscalers
        if scaler.effective
        for metric in scaler.metrics
        if metric.kind == kind and metric.unit == "utilization percent" and not metric.container
    ]
    if any(target.value is None for target in targets):
        return None
    if len({target.value for target in targets}) != 1:
        return None
    first = min(targets, key=_where)
    return Sourced(f"{first.value:g} %", first.source, first.location)


def _health_path(workload: Workload) -> Sourced[str] | None:
    """The path that decides whether an instance gets traffic: the platform's own health check,
    else the containers' readiness (or only) check, when they ask for one path."""
    own = workload.health_check_path
    if own.value is not None:
        return own
    if own.written:
        return None
    containers = [container for container in workload.containers if not container.init]
    paths = [path for container in containers if (path := _container_path(container)) is not None]
    if len({path.value for path in paths}) != 1:
        return None
    return min(paths, key=_where)


def _where(sourced: Sourced[float] | Sourced[str]) -> tuple[object, ...]:
    place = sourced.location
    return (place.file, place.document, place.span) if place else ("",)


def _container_path(container: Container) -> Sourced[str] | None:
    probe = container.readiness or container.health_check
    return probe.path if probe is not None and probe.path.value is not None else None


_FIELDS: tuple[tuple[str, Callable[[Workload], Sourced[str] | None]], ...] = (
    ("min instances", lambda workload: _count(workload.min_instances)),
    ("max instances", lambda workload: _count(workload.max_instances)),
    ("CPU target", lambda workload: _target(workload, "cpu")),
    ("memory target", lambda workload: _target(workload, "memory")),
    ("health check path", _health_path),
)
