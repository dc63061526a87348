"""How many instances a workload runs: at least, at most, and while a deploy rolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lintscale.model.declared import Autoscaler, Rollout, Workload
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.amounts import CEILING, ceil_percent, floor_percent, resolved
from lintscale.resolve.joined import JoinedWorkload

_SIDE_BY_SIDE = frozenset({"bluegreen", "blue_green", "blue/green", "blue-green"})
"""Strategies that start a whole second set before the first one goes."""

MANY = 10**9
"""More instances than anybody runs; counts beyond it are taken for mistakes."""


class Instances(NamedTuple):
    min: Sourced[int]
    max: Sourced[int]
    deploy: Sourced[int]
    unavailable_at_min: Sourced[int]


def instances_of(workload: JoinedWorkload, scalers: Sequence[Autoscaler]) -> Instances:
    """A workload's instance counts, as those of its autoscalers bound them that hold in its
    environment (``scalers``: the effective and the paused ones). A count that is set outside of the
    scanned files is absent; one that is written but not known is unknown."""
    smallest, largest = _bounds(workload, scalers)
    return Instances(
        smallest,
        largest,
        _deploy(workload.rollout, largest),
        _unavailable(workload.rollout, smallest),
    )


# -- bounds ---------------------------------------------------------------------------------------


def _bounds(
    workload: JoinedWorkload, scalers: Sequence[Autoscaler]
) -> tuple[Sourced[int], Sourced[int]]:
    effective = [scaler for scaler in scalers if scaler.effective]
    if effective and is_stopped(workload, effective):
        return _counted(workload.replicas), _counted(workload.replicas)
    if effective:
        return (
            _extreme([bound for each in effective for bound in _minimums(each)], min),
            _extreme([bound for each in effective for bound in _maximums(each)], max),
        )
    paused = [each.paused_at for each in scalers if each.paused_at.source is not None]
    replicas = workload.replicas
    if paused:
        if not replicas.written or any(each.value is not None for each in paused):
            return _extreme(paused, min), _extreme(paused, max)
        return _counted(replicas), _counted(replicas)
    scaled_elsewhere = any(scaler.effective for scaler in workload.autoscalers)
    if (
        replicas.source is None
        or scaled_elsewhere
        or (not workload.count_known and not replicas.written)
    ):
        absent: Sourced[int] = Sourced(
            None, None, replicas.location, "count set outside of the scanned files"
        )
        return absent, absent
    known = _counted(replicas)
    most = workload.most_replicas
    return known, known if most.value is None else _counted(most)


def is_stopped(workload: Workload, effective: Sequence[Autoscaler]) -> bool:
    """Whether a count of 0 switches all its autoscalers off."""
    replicas = workload.replicas
    return replicas.written and replicas.value == 0 and all(e.stops_at_zero for e in effective)


def _minimums(scaler: Autoscaler) -> list[Sourced[int]]:
    """The minimum and those that scheduled policies set. A policy with a maximum of 0 switches the
    workload off on purpose."""
    scheduled = [each.min for each in scaler.scheduled if each.max.value != 0]
    return _known_bounds(scaler.min, scheduled)


def _maximums(scaler: Autoscaler) -> list[Sourced[int]]:
    return _known_bounds(scaler.max, [each.max for each in scaler.scheduled])


def _known_bounds(own: Sourced[int], scheduled: Sequence[Sourced[int]]) -> list[Sourced[int]]:
    """Without the autoscaler's own bound where only scheduled ones are among the scanned files."""
    found = [each for each in scheduled if each.source is not None]
    return found if found and own.source is None else [own, *found]


def _extreme(bounds: Sequence[Sourced[int]], choose: Callable[[list[int]], int]) -> Sourced[int]:
    """The smallest or the largest bound, with its own provenance; unknown as soon as one is."""
    bounds = sorted((_counted(bound) for bound in bounds), key=_place)
    values = [bound.value for bound in bounds if bound.value is not None]
    if len(values) < len(bounds):
        return next(bound for bound in bounds if bound.value is None)
    chosen = choose(values)
    return next(bound for bound in bounds if bound.value == chosen)


def _counted(bound: Sourced[int]) -> Sourced[int]:
    """A number that can be a count of instances; any other is unknown."""
    if bound.value is None or 0 <= bound.value <= MANY:
        return bound
    return Sourced(None, bound.source, bound.location, "no count of instances")


def _place(bound: Sourced[int]) -> tuple[object, ...]:
    where = bound.location
    return (where.file, where.span, where.document) if where else ("",)


# -- while a deploy rolls -------------------------------------------------------------------------


def peak_while_deploying(rollout: Rollout, count: int) -> int | None:
    """The most instances, old and new, that exist while ``count`` of them are replaced; None
    when the rollout is not known. Never less than ``count``.

    Sources: Kubernetes deployment/util.ResolveFenceposts (surge rounds up); ECS deployment
    configuration (maximum percent rounds down); Render and Railway start the new instances
    beside the old ones.
    """
    peak = _peak(rollout, count)
    return None if peak is None else min(CEILING, max(count, peak))


def _peak(rollout: Rollout, count: int) -> int | None:
    strategy = (rollout.strategy.value or "").lower()
    if strategy == "recreate":
        return count
    if strategy in _SIDE_BY_SIDE:
        return 2 * count
    if rollout.max_surge.source is not None:
        if rollout.max_surge.value is None:
            return None
        surge = resolved(rollout.max_surge.value, count, round_up=True)
        return None if surge is None else count + surge
    if rollout.max_healthy_percent.source is not None:
        percent = rollout.max_healthy_percent.value
        return None if percent is None else floor_percent(percent, count)
    if rollout.surge_percent.source is not None:
        percent = rollout.surge_percent.value
        return None if percent is None else count + ceil_percent(percent, count)
    known = (rollout.strategy, rollout.max_unavailable, rollout.min_healthy_percent)
    return count if any(part.source is not None for part in known) else None


def _deploy(rollout: Rollout, largest: Sourced[int]) -> Sourced[int]:
    if largest.value is None:
        return largest
    peak = peak_while_deploying(rollout, largest.value)
    if peak is None:
        return Sourced(None, None, largest.location, "rollout not known")
    return Sourced(peak, largest.source, largest.location, _how(rollout, largest.value))


def _how(rollout: Rollout, count: int) -> str:
    if (rollout.strategy.value or "").lower() == "recreate":
        return f"Recreate: {count} stopped, then started anew"
    if rollout.max_surge.value is not None:
        return f"{count} and a surge of {rollout.max_surge.value}"
    if rollout.max_healthy_percent.value is not None:
        return f"{rollout.max_healthy_percent.value} % of {count}"
    if rollout.surge_percent.value is not None:
        return f"{count} and {rollout.surge_percent.value} % in addition"
    return f"{count}, none in addition"


# -- what a rollout takes away --------------------------------------------------------------------


def _unavailable(rollout: Rollout, smallest: Sourced[int]) -> Sourced[int]:
    count = smallest.value
    if count is None:
        return Sourced(None, None, smallest.location, "smallest size not known")
    if (rollout.strategy.value or "").lower() == "recreate":
        return _derived(count, rollout.strategy)
    if rollout.max_unavailable.source is not None:
        return _from_max_unavailable(rollout, count)
    if rollout.min_healthy_percent.source is not None:
        percent = rollout.min_healthy_percent.value
        if percent is None:
            return Sourced(None, Source.FILE, rollout.min_healthy_percent.location)
        staying = ceil_percent(max(0, percent), count)
        return _derived(max(0, count - staying), rollout.min_healthy_percent)
    if (rollout.surge_percent.value or 0) > 0:
        return _derived(0, rollout.surge_percent)
    return ABSENT


def _from_max_unavailable(rollout: Rollout, count: int) -> Sourced[int]:
    """Percentages of what may be missing round down; where that and the surge both come to
    nothing, Kubernetes takes one away all the same (deployment/util.ResolveFenceposts)."""
    written = rollout.max_unavailable
    surge_known = rollout.max_surge.source is None or rollout.max_surge.value is not None
    amount = resolved(written.value or "", count, round_up=False)
    surge = resolved(rollout.max_surge.value or "0", count, round_up=True)
    if amount is None or surge is None or not surge_known:
        return Sourced(None, Source.FILE, written.location, "not an amount")
    if amount == 0 and surge == 0:
        amount = 1
    return _derived(min(amount, count), written)


def _derived(value: int, of: Sourced[str] | Sourced[int]) -> Sourced[int]:
    return Sourced(value, of.source, of.location, of.reason)
