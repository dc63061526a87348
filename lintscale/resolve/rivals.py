"""Autoscalers, and policies of one, that decide over the same count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, CompetingAutoscaler, ScalingPolicy, Workload
from lintscale.model.location import Location


def with_rivals(
    workloads: Sequence[Workload], environment_of: Callable[[Autoscaler], str | None]
) -> list[Workload]:
    """The workloads with what their autoscalers, and the policies of these, compete with.
    ``environment_of`` is what an autoscaler shows of its environment. Of rivals, each knows those
    before it in an order that comes from what they are called: one of them is left without."""
    together: dict[object, list[_Seen]] = {}
    for workload in workloads:
        together.setdefault(_target(workload), []).extend(
            (scaler, environment_of(scaler)) for scaler in workload.autoscalers if scaler.effective
        )
    return [
        _with_rivals(workload, together[_target(workload)]) if workload.autoscalers else workload
        for workload in workloads
    ]


def _target(workload: Workload) -> object:
    """The workload; the name of one that was not scanned, for which each of its autoscalers
    stands by itself."""
    if workload.scanned or not workload.autoscalers or not workload.autoscalers[0].target.name:
        return workload.id
    return workload.platform, workload.kind, workload.namespace, workload.name


_Seen = tuple[Autoscaler, str | None]
"""An autoscaler, and what it shows of its environment."""


def _with_rivals(workload: Workload, all_of_them: Sequence[_Seen]) -> Workload:
    environment = workload.environment.value
    holding = [scaler for scaler, shown in all_of_them if shown in (None, environment)]
    return replace(
        workload,
        autoscalers=tuple(
            replace(
                scaler,
                policies=_rival_policies(scaler.policies),
                rivals=_rivals(scaler, holding) if scaler in holding else (),
            )
            for scaler in workload.autoscalers
        ),
    )


# -- autoscalers ----------------------------------------------------------------------------------


def _rivals(
    scaler: Autoscaler, all_of_them: Sequence[Autoscaler]
) -> tuple[CompetingAutoscaler, ...]:
    before = [other for other in all_of_them if _key(other) < _key(scaler)]
    rivals: dict[tuple[str, str], CompetingAutoscaler] = {}
    for other in sorted(before, key=lambda other: (_key(other), _place(other))):
        if _compete(other, scaler):
            rivals.setdefault(
                _key(other), CompetingAutoscaler(other.kind, other.name, other.location)
            )
    return tuple(rivals.values())


def _key(scaler: Autoscaler) -> tuple[str, str]:
    """What makes it one object of its own: two of one kind and name are the same, once more."""
    return scaler.kind, scaler.name


def _compete(one: Autoscaler, other: Autoscaler) -> bool:
    if one.partial or other.partial or not one.name or not other.name:
        return False
    if one.replaces == other.name or other.replaces == one.name:
        return False
    if one.target.namespace != other.target.namespace:
        # Where only one says its namespace, the other is given one as it is applied.
        return False
    if one.gathered_by or other.gathered_by:
        return bool(set(one.gathered_by) & set(other.gathered_by))
    return _side_by_side(one.location, other.location)


_ALTERNATIVES = frozenset(
    {
        "cluster", "clusters", "component", "components", "env", "environment", "environments",
        "envs", "example", "examples", "overlay", "overlays", "region", "regions", "sample",
        "samples", "site", "sites", "stage", "stages", "tenant", "tenants", "variant", "variants",
    }
)  # fmt: skip
"""Names of folders of whose subfolders each is for another place or purpose."""


def _side_by_side(one: Location, other: Location) -> bool:
    """Whether both files are meant to be applied, where nothing says so: not those in different
    folders of one that keeps a folder for each place or purpose."""
    first = PurePosixPath(one.file).parent.parts
    second = PurePosixPath(other.file).parent.parts
    shared = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        shared += 1
    apart = shared < min(len(first), len(second))
    return not (apart and shared and first[shared - 1].lower() in _ALTERNATIVES)


def _place(thing: Autoscaler | ScalingPolicy) -> tuple[str, tuple[int, ...]]:
    return thing.location.file, tuple(thing.location.span)


# -- policies -------------------------------------------------------------------------------------


def _rival_policies(policies: tuple[ScalingPolicy, ...]) -> tuple[ScalingPolicy, ...]:
    tracking = [policy for policy in policies if policy.kind == "target tracking"]
    if len(tracking) < 2:
        return policies
    ordered = sorted(tracking, key=_rank)
    return tuple(
        replace(policy, rivals=_rivals_before(policy, ordered)) if policy in tracking else policy
        for policy in policies
    )


def _rank(policy: ScalingPolicy) -> tuple[object, ...]:
    """By what it says before where it stands, so that moving it changes nothing."""
    targets = [metric.target.value or 0.0 for metric in policy.metrics]
    return policy.name, targets, _place(policy)


def _rivals_before(
    policy: ScalingPolicy, ordered: list[ScalingPolicy]
) -> tuple[CompetingAutoscaler, ...]:
    before = ordered[: ordered.index(policy)]
    return tuple(
        CompetingAutoscaler("policy", other.name, other.location)
        for other in before
        if _track_one(other, policy)
    )


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
