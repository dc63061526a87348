"""Where the workloads of one service disagree: its platforms with one another, and its production
with its staging."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from lintscale.model.declared import Container
from lintscale.model.location import Location
from lintscale.model.resolved import Drift, DriftSide, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import AMBIGUOUS_WORDS, CLEAR_WORDS, PRODUCTION, STAGING
from lintscale.resolve.matching import grouped
from lintscale.resolve.words import words

_COMPARED_ROLES = frozenset({"service", "worker"})


class _Value(NamedTuple):
    """What one workload says of one field, as it is printed. ``size`` is the same as a number,
    where amounts are compared."""

    workload: Workload
    text: str
    location: Location
    size: float = 0


def _order(value: _Value) -> tuple[object, ...]:
    where, workload = value.location, value.workload
    place = (where.file, where.span, where.document)
    return (value.size, *place, workload.platform, workload.id)


def _drift(
    kind: str, environment: str, name: str, values: Sequence[_Value], primary: _Value
) -> Drift:
    """It stands where ``primary`` does."""
    return Drift(
        service=primary.workload.service,
        environment=environment,
        field=name,
        sides=tuple(
            DriftSide(
                value.workload.platform,
                value.workload.display_name,
                value.text,
                value.location,
                (value.workload.environment.value or "") if kind == "environment" else "",
                value.location.file if kind == "carrier" else "",
            )
            for value in values
        ),
        location=primary.location,
        platform=primary.workload.platform,
        workload=primary.workload.id,
        kind=kind,
    )


# -- platforms ------------------------------------------------------------------------------------


def platform_drifts_of(workloads: Iterable[Workload]) -> tuple[Drift, ...]:
    """One drift for each field in which a service's platforms differ within an environment.

    Two platforms differ when none of the values that one has for the field occurs on the other:
    two clusters of different size on one platform are no drift, and another platform that is
    like one of them is none either. What a platform does not say is not compared.
    """
    compared = (each for each in workloads if each.role in _COMPARED_ROLES and each.service)
    groups = grouped(compared, lambda each: (each.service, each.environment.value or ""))
    found: list[Drift] = []
    for (_, environment), members in sorted(groups.items()):
        if len({workload.platform for workload in members}) < 2:
            continue
        for name, read in _COMPARED_FIELDS:
            values = sorted(_values(members, read), key=_order)
            if _differ(values):
                primary = _least_agreed(values)
                found.append(_drift("platform", environment, name, values, primary))
    return tuple(found)


def _values(
    members: Iterable[Workload], read: Callable[[Workload], Sourced[str] | None]
) -> Iterator[_Value]:
    for workload in members:
        value = read(workload)
        if value is not None and value.value is not None:
            yield _Value(workload, value.value, value.location or workload.location)


def _differ(values: Sequence[_Value]) -> bool:
    by_platform = grouped(values, lambda value: value.workload.platform)
    texts = [{value.text for value in found} for found in by_platform.values()]
    return any(one.isdisjoint(other) for one, other in itertools.combinations(texts, 2))


def _least_agreed(values: Sequence[_Value]) -> _Value:
    """Where the fewest platforms agree; among equals, the first by file and line."""

    def agreement(value: _Value) -> int:
        return len({other.workload.platform for other in values if other.text == value.text})

    return min(values, key=lambda value: (agreement(value), _order(value)))


def _as_text(sourced: Sourced[int]) -> Sourced[str] | None:
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
    values = {target.value for target in targets}
    if len(values) != 1 or None in values:
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
    probes = [each.readiness or each.health_check for each in workload.containers if not each.init]
    paths = [probe.path for probe in probes if probe is not None and probe.path.value is not None]
    return min(paths, key=_where) if len({path.value for path in paths}) == 1 else None


def _where(sourced: Sourced[float] | Sourced[str]) -> tuple[object, ...]:
    place = sourced.location
    return (place.file, place.document, place.span) if place else ("",)


_COMPARED_FIELDS: tuple[tuple[str, Callable[[Workload], Sourced[str] | None]], ...] = (
    ("min instances", lambda workload: _as_text(workload.min_instances)),
    ("max instances", lambda workload: _as_text(workload.max_instances)),
    ("CPU target", lambda workload: _target(workload, "cpu")),
    ("memory target", lambda workload: _target(workload, "memory")),
    ("health check path", _health_path),
)


# -- files that take the place of others ----------------------------------------------------------


def carrier_drifts_of(workloads: Sequence[Workload]) -> tuple[Drift, ...]:
    """One drift for each field in which what describes a service today differs from the file that
    it supersedes. What one of the two cannot know is not compared."""
    found: list[Drift] = []
    for old in workloads:
        new = _successor_of(old, workloads) if old.superseded_by else None
        if new is None:
            continue
        for name, read in _CARRIED_FIELDS:
            before, after = read(old), read(new)
            if before is None or after is None or before.value == after.value:
                continue
            values = [
                _Value(each, value.value or "none", value.location or each.location)
                for each, value in ((old, before), (new, after))
            ]
            environment = new.environment.value or ""
            found.append(_drift("carrier", environment, name, values, values[1]))
    return tuple(sorted(found, key=lambda drift: (drift.service, drift.platform, _at(drift))))


def _successor_of(old: Workload, workloads: Iterable[Workload]) -> Workload | None:
    """The only service of the other file; of several the one of its name, its folder or its start
    command."""
    others = [
        each
        for each in workloads
        if each.location.file == old.superseded_by
        and each.environment.value == old.environment.value
        and each.role in _COMPARED_ROLES
    ]
    if len(others) == 1:
        return others[0]
    for same in (_same_name, _same_folder, _same_command):
        alike = [each for each in others if same(old, each)]
        if len(alike) == 1:
            return alike[0]
    return None


def _same_name(one: Workload, other: Workload) -> bool:
    return one.name == other.name


def _same_folder(one: Workload, other: Workload) -> bool:
    return (
        one.build is not None
        and other.build is not None
        and bool(one.build.folder)
        and one.build.folder == other.build.folder
    )


def _same_command(one: Workload, other: Workload) -> bool:
    command, other_command = _command(one), _command(other)
    if command is None or other_command is None:
        return False
    return bool(command.value) and command.value == other_command.value


def _command(workload: Workload) -> Sourced[str] | None:
    """None where it is not known."""
    return _known_text(workload.containers[0].command) if workload.containers else None


def _known_text(value: Sourced[str]) -> Sourced[str] | None:
    """What is not written is none; None where it is written and not known."""
    if value.value is None and value.written:
        return None
    return Sourced(value.value or "", value.source, value.location)


_CARRIED_FIELDS: tuple[tuple[str, Callable[[Workload], Sourced[str] | None]], ...] = (
    ("instances", lambda workload: _as_text(workload.replicas)),
    ("health check path", lambda workload: _known_text(workload.health_check_path)),
    ("start command", _command),
    ("drain seconds", lambda workload: _as_text(workload.shutdown.drain_seconds)),
    ("overlap seconds", lambda workload: _as_text(workload.shutdown.pre_stop_seconds)),
)


# -- environments ---------------------------------------------------------------------------------

_COMPARED = frozenset({PRODUCTION, STAGING})
_ENVIRONMENT_WORDS = CLEAR_WORDS.keys() | AMBIGUOUS_WORDS.keys()
_STATED = frozenset({Source.FILE, Source.CONFIG})
_MIB = 1024**2


class _Amount(NamedTuple):
    """What one workload says of one field. ``size`` None: it is not known."""

    size: float | None
    location: Location | None


def environment_drifts_of(workloads: Iterable[Workload]) -> tuple[Drift, ...]:
    """One drift for each field in which all of a service's production, on one platform, is smaller
    than all of its staging.

    Compared are workloads whose environment something tells: what is production only because
    nothing says otherwise may as well be the base of both. And only what stands in files: a
    default may be overruled elsewhere. A name alone does not make two workloads one service,
    since teams have services of equal names: they must lie in the same folders too, and in the
    same namespace, what says the environment left out.
    """
    compared = (
        each
        for each in workloads
        if each.environment.value in _COMPARED
        and each.environment.source in _STATED
        and each.role in _COMPARED_ROLES
        and each.service
        and each.scanned
    )
    found: list[Drift] = []
    for members in grouped(compared, _identity).values():
        if len({workload.environment.value for workload in members}) == len(_COMPARED):
            found.extend(_drifts(members))
    return tuple(sorted(found, key=lambda drift: (drift.service, drift.platform, _at(drift))))


def _at(drift: Drift) -> tuple[object, ...]:
    return (drift.field, drift.location.file, drift.location.span)


def _identity(workload: Workload) -> tuple[object, ...]:
    folders = PurePosixPath(workload.location.file).parent.parts
    return (
        workload.platform,
        workload.service,
        tuple(name for folder in folders if (name := _without_environment(folder))),
        _without_environment(workload.namespace),
    )


def _without_environment(text: str) -> tuple[str, ...]:
    return tuple(
        word for word in words(text) if word.rstrip("0123456789") not in _ENVIRONMENT_WORDS
    )


def _drifts(members: Sequence[Workload]) -> Iterator[Drift]:
    places: set[tuple[str, object, object]] = set()
    for name, read, show in _AMOUNTS:
        sides = _smaller(members, read, show)
        if not sides:
            continue
        primary = sides[0]
        # A fixed count is the smallest and the largest: one drift.
        place = (primary.location.file, primary.location.span, primary.location.path)
        if place not in places:
            places.add(place)
            yield _drift("environment", PRODUCTION, name, sides, primary)


def _smaller(
    members: Sequence[Workload],
    read: Callable[[Workload], _Amount],
    show: Callable[[float], str],
) -> list[_Value] | None:
    """Production's values, smallest first, then staging's; None unless all of the former are
    known and smaller than all of the latter."""
    values: dict[str, list[_Value]] = {PRODUCTION: [], STAGING: []}
    for workload in members:
        amount = read(workload)
        if amount.size is None:
            return None
        location = amount.location or workload.location
        value = _Value(workload, show(amount.size), location, amount.size)
        values[workload.environment.value or ""].append(value)
    production, staging = (sorted(side, key=_order) for side in values.values())
    if max(value.size for value in production) >= min(value.size for value in staging):
        return None
    return [*production, *staging]


def _count(number: Sourced[int]) -> _Amount:
    return _Amount(number.value if number.source in _STATED else None, number.location)


def _resource(
    whole: Callable[[Workload], Sourced[float] | Sourced[int]],
    part: Callable[[Container], Sourced[float] | Sourced[int]],
) -> Callable[[Workload], _Amount]:
    """The size of an instance: as declared, else by its plan where one is written, else what all
    its containers request."""

    def read(workload: Workload) -> _Amount:
        size = whole(workload)
        if size.written or (size.value is not None and workload.plan.written):
            return _Amount(size.value, size.location)
        requests = [part(each) for each in workload.containers if not each.init]
        sizes = [request.value for request in requests if request.value is not None]
        if not requests or len(sizes) < len(requests):
            return _Amount(None, None)
        return _Amount(round(sum(sizes), 6), requests[0].location if len(requests) == 1 else None)

    return read


def _cores(amount: float) -> str:
    return f"{amount:g} CPU"


def _memory(amount: float) -> str:
    return f"{amount / _MIB:g} MiB" if amount < 10**15 else f"{amount:g} B"


_AMOUNTS: tuple[tuple[str, Callable[[Workload], _Amount], Callable[[float], str]], ...] = (
    ("min instances", lambda workload: _count(workload.min_instances), "{:g}".format),
    ("max instances", lambda workload: _count(workload.max_instances), "{:g}".format),
    (
        "CPU",
        _resource(
            lambda workload: workload.instance_size.cpu_cores,
            lambda container: container.cpu_request_cores,
        ),
        _cores,
    ),
    (
        "memory",
        _resource(
            lambda workload: workload.instance_size.memory_bytes,
            lambda container: container.memory_request_bytes,
        ),
        _memory,
    ),
)
