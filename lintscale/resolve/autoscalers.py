"""Autoscalers and their policies to the workloads they scale."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, Fragments, Reference, Workload
from lintscale.resolve.matching import ByName, compatible, nearest, order


def merged_autoscalers(autoscalers: list[Autoscaler]) -> list[Autoscaler]:
    """Documents that hold only policies go into the autoscaler of the same target that holds
    the bounds; those without one stay as they are."""
    whole = [scaler for scaler in autoscalers if not scaler.partial]
    result: dict[int, Autoscaler] = dict(enumerate(whole))
    alone: list[Autoscaler] = []
    for part in (scaler for scaler in autoscalers if scaler.partial):
        mine = [
            index
            for index, scaler in enumerate(whole)
            if _named(part.target)
            and scaler.platform == part.platform
            and _named(scaler.target) == _named(part.target)
            and compatible(scaler.target.kind, part.target.kind)
            and compatible(scaler.target.namespace, part.target.namespace)
        ]
        near = nearest(part.location, [whole[index] for index in mine], lambda _: 0)
        owners = [index for index in mine if whole[index] in near]
        if not owners:
            alone.append(part)
        for index in owners:
            merged = result[index]
            result[index] = replace(merged, policies=(*merged.policies, *part.policies))
    return sorted([*result.values(), *_joined_parts(alone)], key=order)


def _named(reference: Reference) -> str:
    """What tells whether two references mean the same thing: the name, or the placeholder."""
    return reference.name or reference.text


def _joined_parts(parts: list[Autoscaler]) -> list[Autoscaler]:
    """Policies of one target whose bounds were not scanned stand for one autoscaler."""
    joined: dict[tuple[object, ...], Autoscaler] = {}
    for part in parts:
        key: tuple[object, ...] = (part.platform, part.target.kind, _named(part.target))
        if not _named(part.target):
            key = (*key, part.location)
        if key in joined:
            first = joined[key]
            joined[key] = replace(first, policies=(*first.policies, *part.policies))
        else:
            joined[key] = part
    return list(joined.values())


def with_autoscalers(
    autoscalers: list[Autoscaler], workloads: list[Workload]
) -> tuple[list[Autoscaler], list[Workload]]:
    """Each autoscaler with whether its target was found, each workload with its autoscalers. An
    autoscaler without a scanned target stands for a workload that was not scanned."""
    linked: list[Autoscaler] = []
    attached: dict[str, list[Autoscaler]] = {}
    phantoms: list[Workload] = []
    named = ByName(workloads)
    for scaler in autoscalers:
        reference = scaler.target
        if reference.location is None:
            reference = replace(reference, location=scaler.location)
        targets = named.find(scaler.platform, reference)
        if scaler.environment_hint:
            same = [w for w in targets if w.environment_hint == scaler.environment_hint]
            targets = same or targets
        found = replace(scaler, target_found=bool(targets) or (False if reference.name else None))
        linked.append(found)
        for target in targets:
            attached.setdefault(target.id, []).append(found)
        if not targets:
            phantoms.append(_phantom(found))
    astray = {
        (scaler.platform, scaler.target.namespace)
        for scaler in linked
        if scaler.target_found is False
    }
    result = []
    for workload in workloads:
        if workload.id in attached:
            result.append(replace(workload, autoscalers=tuple(attached[workload.id])))
            continue
        in_doubt = any(
            platform == workload.platform and compatible(namespace, workload.namespace)
            for platform, namespace in astray
        )
        result.append(replace(workload, autoscaler_in_doubt=True) if in_doubt else workload)
    return linked, [*result, *phantoms]


def _phantom(scaler: Autoscaler) -> Workload:
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
        autoscalers=(scaler,),
    )


def with_vertical_autoscalers(workloads: list[Workload], everything: Fragments) -> list[Workload]:
    attached: dict[str, Workload] = {workload.id: workload for workload in workloads}
    named = ByName(workloads)
    for scaler in sorted(everything.vertical_autoscalers, key=order):
        reference = replace(scaler.target, location=scaler.location)
        platform = scaler.platform
        for target in named.find(platform, reference):
            known = attached[target.id]
            attached[target.id] = replace(
                known, vertical_autoscalers=(*known.vertical_autoscalers, scaler)
            )
    return [attached[workload.id] for workload in workloads]
