"""Autoscalers, their policies and their alarms to the workloads they scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lintscale._record import replace
from lintscale.model.declared import (
    Alarm,
    Autoscaler,
    Reference,
    VerticalAutoscaler,
    Workload,
)
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.joined import JoinedAutoscaler
from lintscale.resolve.matching import ByName, compatible, folders, nearest, order, side_by_side
from lintscale.resolve.overlays import Builds


class ScalingJoins(NamedTuple):
    """``of_workload`` are the autoscalers by the id of their workload. ``unscanned`` are the
    workloads for which autoscalers without a scanned target stand. ``in_doubt`` are the ids of
    those without an autoscaler for which one may be meant whose target was not found."""

    autoscalers: tuple[JoinedAutoscaler, ...]
    of_workload: Mapping[str, Sequence[JoinedAutoscaler]]
    unscanned: list[Workload]
    in_doubt: frozenset[str]


def join_autoscalers(
    autoscalers: Sequence[Autoscaler],
    alarms: Sequence[Alarm],
    builds: Builds,
    workloads: Sequence[Workload],
    finder: EnvironmentFinder,
) -> ScalingJoins:
    """``autoscalers`` and ``alarms`` in their order. None is joined across environments that the
    configuration or the files tell apart."""
    joined: list[JoinedAutoscaler] = []
    of_workload: dict[str, list[JoinedAutoscaler]] = {}
    unscanned: list[Workload] = []
    named = ByName(workloads)
    templates = [workload for workload in workloads if workload.template is not None]
    for scaler in _whole(autoscalers, finder):
        reference = _placed(scaler.target, scaler)
        candidates = named.named(scaler.platform, reference)
        if scaler.environment_hint:
            same = [w for w in candidates if w.environment_hint == scaler.environment_hint]
            candidates = same or candidates
        near = [w for w in candidates if not _apart(scaler, w, builds, finder)]
        targets = named.nearest(reference, near)
        known = bool(targets) or (False if scaler.target.name else None)
        of_template = [] if targets else [w for w in templates if _is_template(scaler, w)]
        joined.append(
            JoinedAutoscaler(
                scaler,
                target_found=known,
                target_in_doubt=_is_in_doubt(scaler, targets, near, builds),
                target_elsewhere=()
                if targets
                else tuple(sorted({finder.environment(w).value or "" for w in candidates})),
                template_of=min((each.display_name for each in of_template), default=""),
                gathered_by=builds.of(scaler),
                alarms=tuple(alarm for alarm in alarms if _aims_at(alarm, scaler, finder)),
            )
        )
        if not targets:
            targets = [_unscanned(scaler)]
            unscanned += targets
        for target in targets:
            of_workload.setdefault(target.id, []).append(joined[-1])
    astray = {
        (scaler.platform, scaler.target.namespace)
        for scaler in joined
        if scaler.target_found is False
    }
    in_doubt = frozenset(
        workload.id
        for workload in workloads
        if workload.id not in of_workload
        and any(
            platform == workload.platform and compatible(namespace, workload.namespace)
            for platform, namespace in astray
        )
    )
    return ScalingJoins(tuple(joined), of_workload, unscanned, in_doubt)


def _apart(
    scaler: Autoscaler, workload: Workload, builds: Builds, finder: EnvironmentFinder
) -> bool:
    together = set(builds.of(scaler)) & set(builds.of(workload))
    return not together and finder.told_apart(scaler, workload)


def _is_in_doubt(
    scaler: Autoscaler, targets: Sequence[Workload], near: Sequence[Workload], builds: Builds
) -> bool:
    """Whether the join rests on a namespace that only one of the two has, on the nearest of
    several candidates in other folders, or on folders that are each for another place."""
    if len(targets) != 1:
        return bool(targets)
    (target,) = targets
    if target.namespace != scaler.target.namespace:
        return True
    one, other = scaler.location, target.location
    together = set(builds.of(scaler)) & set(builds.of(target))
    if together or one.rendered_by or folders(one.file) == folders(other.file):
        return False
    return len(near) > 1 or not side_by_side(one, other)


def _is_template(scaler: Autoscaler, workload: Workload) -> bool:
    """Whether what the autoscaler scales only describes the instances of ``workload``."""
    template = workload.template
    return (
        template is not None
        and workload.platform == scaler.platform
        and template.kind == scaler.target.kind
        and template.name is not None
        and template.name == scaler.target.name
        and compatible(workload.namespace, scaler.target.namespace)
    )


def _placed(reference: Reference, scaler: Autoscaler) -> Reference:
    """The reference, which stands with its autoscaler where nothing else is said."""
    return reference if reference.location else replace(reference, location=scaler.location)


def _aims_at(alarm: Alarm, scaler: Autoscaler, finder: EnvironmentFinder) -> bool:
    return (
        alarm.platform == scaler.platform
        and alarm.target.name == scaler.target.name
        and compatible(alarm.target.namespace, scaler.target.namespace)
        and not finder.told_apart(alarm, scaler)
    )


def _unscanned(scaler: Autoscaler) -> Workload:
    return Workload(
        platform=scaler.platform,
        kind=scaler.target.kind or scaler.kind,
        name=scaler.target.name or scaler.target.text or scaler.name,
        namespace=scaler.target.namespace,
        location=scaler.location,
        object_labels=scaler.labels,
        environment_hint=scaler.environment_hint,
        scanned=False,
        count_known=False,
    )


def join_vertical_autoscalers(
    scalers: Sequence[VerticalAutoscaler],
    workloads: Sequence[Workload],
    finder: EnvironmentFinder,
) -> dict[str, list[VerticalAutoscaler]]:
    """By the id of the workload."""
    found: dict[str, list[VerticalAutoscaler]] = {}
    named = ByName(workloads if scalers else ())
    for scaler in sorted(scalers, key=order):
        reference = replace(scaler.target, location=scaler.location)
        candidates = named.named(scaler.platform, reference)
        near = [each for each in candidates if not finder.told_apart(scaler, each)]
        for target in named.nearest(reference, near):
            found.setdefault(target.id, []).append(scaler)
    return found


# -- documents that hold only policies ------------------------------------------------------------


def _whole(autoscalers: Sequence[Autoscaler], finder: EnvironmentFinder) -> list[Autoscaler]:
    """Documents that hold only policies go into the autoscaler of the same target that holds the
    bounds. Those without one stand for an autoscaler whose bounds were not scanned."""
    whole = [scaler for scaler in autoscalers if not scaler.partial]
    added: dict[int, list[Autoscaler]] = {}
    alone: dict[tuple[object, ...], list[Autoscaler]] = {}
    for part in autoscalers:
        if not part.partial:
            continue
        same = [
            index
            for index, scaler in enumerate(whole)
            if _same_target(scaler, part) and not finder.told_apart(scaler, part)
        ]
        near = nearest(part.location, [whole[index] for index in same], lambda _: 0)
        for index in same:
            if whole[index] in near:
                added.setdefault(index, []).append(part)
        if not near:
            target = _name_or_text(part.target)
            key = (part.platform, part.target.kind, target or part.location)
            alone.setdefault(key, []).append(part)
    groups = [
        *((scaler, added.get(index, ())) for index, scaler in enumerate(whole)),
        *((first, rest) for first, *rest in alone.values()),
    ]
    merged = [
        replace(first, policies=tuple(p for each in (first, *rest) for p in each.policies))
        if rest
        else first
        for first, rest in groups
    ]
    return sorted(merged, key=order)


def _same_target(one: Autoscaler, other: Autoscaler) -> bool:
    return (
        _name_or_text(other.target) != ""
        and one.platform == other.platform
        and _name_or_text(one.target) == _name_or_text(other.target)
        and compatible(one.target.kind, other.target.kind)
        and compatible(one.target.namespace, other.target.namespace)
    )


def _name_or_text(reference: Reference) -> str:
    """What tells whether two references mean the same thing: the name, or the placeholder."""
    return reference.name or reference.text
