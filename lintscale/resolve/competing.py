"""Autoscalers, and policies of one, that decide over the same count.

Of several, each knows those before it in an order that comes from what they are called, so that one
of them is left without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lintscale.model.declared import Autoscaler, ScalingPolicy
from lintscale.model.location import Location
from lintscale.model.resolved import CompetingAutoscaler
from lintscale.model.sourced import Sourced
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.joined import JoinedAutoscaler, JoinedWorkload
from lintscale.resolve.matching import grouped, place_of, side_by_side

Competitors = tuple[CompetingAutoscaler, ...]

# -- autoscalers ----------------------------------------------------------------------------------


def competing_autoscalers(
    workloads: Sequence[JoinedWorkload],
    environments: Mapping[str, Sourced[str]],
    environment_of: Callable[[Autoscaler], str | None],
) -> dict[str, tuple[Competitors, ...]]:
    """By the id of a workload, what each of its autoscalers competes with. ``environments`` are
    those of the workloads, ``environment_of`` is what an autoscaler shows of its own."""
    effective: dict[object, list[tuple[JoinedAutoscaler, str | None]]] = {}
    for workload in workloads:
        for scaler in workload.autoscalers:
            if scaler.effective:
                shown = environment_of(scaler)
                effective.setdefault(_target(workload), []).append((scaler, shown))
    found = {}
    for workload in workloads:
        if workload.autoscalers:
            environment = environments[workload.id].value
            seen = effective.get(_target(workload), ())
            holding = [scaler for scaler, shown in seen if shown in (None, environment)]
            found[workload.id] = tuple(_rivals(each, holding) for each in workload.autoscalers)
    return found


def sharing_autoscalers(
    autoscalers: Sequence[JoinedAutoscaler], finder: EnvironmentFinder
) -> dict[Location, Competitors]:
    """By the location of an autoscaler that makes another object, those before it that make, or
    are, that same object, whatever they scale."""
    if not any(each.makes for each in autoscalers):
        return {}
    named = grouped(
        (each for each in autoscalers if each.effective),
        lambda each: (each.platform, each.makes or each.name, each.target.namespace),
    )
    found = {}
    for same in named.values():
        for scaler in same:
            if scaler.makes:
                near = [
                    other
                    for other in same
                    if scaler.location.rendered_by == other.location.rendered_by
                    and not finder.told_apart(scaler, other)
                ]
                found[scaler.location] = _rivals(scaler, near)
    return found


def _target(workload: JoinedWorkload) -> object:
    """The workload; the name of one that was not scanned, for which each of its autoscalers
    stands by itself."""
    if workload.scanned or not workload.autoscalers or not workload.autoscalers[0].target.name:
        return workload.id
    return workload.platform, workload.kind, workload.namespace, workload.name


def _rivals(scaler: JoinedAutoscaler, holding: Sequence[JoinedAutoscaler]) -> Competitors:
    if scaler not in holding:
        return ()
    before = [other for other in holding if _key(other) < _key(scaler)]
    rivals: dict[tuple[str, str], CompetingAutoscaler] = {}
    for other in sorted(before, key=lambda other: (_key(other), place_of(other.location))):
        if _compete(other, scaler):
            rivals.setdefault(
                _key(other), CompetingAutoscaler(other.kind, other.name, other.location)
            )
    return tuple(rivals.values())


def _key(scaler: Autoscaler) -> tuple[str, str]:
    """What makes it one object of its own: two of one kind and name are the same, once more."""
    return scaler.kind, scaler.name


def _compete(one: JoinedAutoscaler, other: JoinedAutoscaler) -> bool:
    if one.partial or other.partial or not one.name or not other.name:
        return False
    if one.replaces == other.name or other.replaces == one.name:
        return False
    if one.target.namespace != other.target.namespace:
        # Where only one says its namespace, the other is given one as it is applied.
        return False
    if one.gathered_by or other.gathered_by:
        return bool(set(one.gathered_by) & set(other.gathered_by))
    return side_by_side(one.location, other.location)


# -- policies -------------------------------------------------------------------------------------


def competing_policies(policies: Sequence[ScalingPolicy]) -> list[Competitors]:
    """For each of an autoscaler's policies, those before it that track one of its metrics."""
    tracking = [policy for policy in policies if policy.kind == "target tracking"]
    ordered = sorted(tracking, key=_rank)
    return [
        tuple(
            CompetingAutoscaler("policy", other.name, other.location)
            for other in ordered[: ordered.index(policy)]
            if _track_one(other, policy)
        )
        if policy in tracking
        else ()
        for policy in policies
    ]


def _rank(policy: ScalingPolicy) -> tuple[object, ...]:
    """By what it says before where it stands, so that moving it changes nothing."""
    targets = [metric.target.value or 0.0 for metric in policy.metrics]
    return policy.name, targets, place_of(policy.location)


def _track_one(one: ScalingPolicy, other: ScalingPolicy) -> bool:
    if one.named and other.named and one.name == other.name:
        # The same policy, once more: the later call changes the earlier one's.
        return False
    return any(
        metric.kind == followed.kind and metric.name == followed.name
        for metric in one.metrics
        for followed in other.metrics
        if metric.kind not in ("custom", "unknown")
    )
