"""Where a service's production is smaller than its staging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from lintscale.model.declared import Container, Workload
from lintscale.model.location import Location
from lintscale.model.resolved import Drift, DriftSide
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import AMBIGUOUS_WORDS, CLEAR_WORDS, PRODUCTION, STAGING
from lintscale.resolve.words import words

_COMPARED_ROLES = frozenset({"service", "worker"})
_COMPARED = frozenset({PRODUCTION, STAGING})
_ENVIRONMENT_WORDS = CLEAR_WORDS.keys() | AMBIGUOUS_WORDS.keys()
_TOLD = frozenset({Source.FILE, Source.CONFIG})
_MIB = 1024**2


class _Amount(NamedTuple):
    """What one workload says of one field. ``size`` None: it is not known."""

    size: float | None
    location: Location | None


class _Value(NamedTuple):
    workload: Workload
    size: float
    location: Location


def environment_drifts_of(workloads: Iterable[Workload]) -> tuple[Drift, ...]:
    """One drift for each field in which all of a service's production, on one platform, is smaller
    than all of its staging.

    Compared are workloads whose environment something tells: what is production only because
    nothing says otherwise may as well be the base of both. And only what stands in files: a
    default may be overruled elsewhere. A name alone does not make two workloads one service,
    since teams have services of equal names: they must lie in the same folders too, and in the
    same namespace, what says the environment left out.
    """
    groups: dict[tuple[object, ...], list[Workload]] = {}
    for workload in workloads:
        environment = workload.environment
        known = environment.value in _COMPARED and environment.source in _TOLD
        if known and workload.role in _COMPARED_ROLES and workload.service and workload.scanned:
            groups.setdefault(_identity(workload), []).append(workload)
    found: list[Drift] = []
    for members in groups.values():
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
    told: set[tuple[str, object, object]] = set()
    for name, read, show in _FIELDS:
        sides = _smaller(members, read)
        if not sides:
            continue
        primary = sides[0]
        # A fixed count is the smallest and the largest: it is told of once.
        place = (primary.location.file, primary.location.span, primary.location.path)
        if place not in told:
            told.add(place)
            yield _drift(name, show, sides)


def _smaller(
    members: Sequence[Workload], read: Callable[[Workload], _Amount]
) -> list[_Value] | None:
    """Production's values, smallest first, then staging's; None unless all of the former are
    known and smaller than all of the latter."""
    values: dict[str, list[_Value]] = {PRODUCTION: [], STAGING: []}
    for workload in members:
        amount = read(workload)
        if amount.size is None:
            return None
        location = amount.location or workload.location
        values[workload.environment.value or ""].append(_Value(workload, amount.size, location))
    production, staging = (sorted(side, key=_order) for side in values.values())
    if max(value.size for value in production) >= min(value.size for value in staging):
        return None
    return [*production, *staging]


def _order(value: _Value) -> tuple[object, ...]:
    where = value.location
    return (value.size, where.file, where.span, where.document, value.workload.id)


def _drift(name: str, show: Callable[[float], str], sides: Sequence[_Value]) -> Drift:
    primary = sides[0]
    return Drift(
        service=primary.workload.service,
        environment=PRODUCTION,
        field=name,
        sides=tuple(
            DriftSide(
                value.workload.platform,
                value.workload.display_name,
                show(value.size),
                value.location,
                value.workload.environment.value or "",
            )
            for value in sides
        ),
        location=primary.location,
        platform=primary.workload.platform,
        workload=primary.workload.id,
        kind="environment",
    )


# -- the fields -----------------------------------------------------------------------------------


def _count(number: Sourced[int]) -> _Amount:
    return _Amount(number.value if number.source in _TOLD else None, number.location)


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


_FIELDS: tuple[tuple[str, Callable[[Workload], _Amount], Callable[[float], str]], ...] = (
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
