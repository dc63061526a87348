"""Joins across documents and files: what belongs together, wherever it is written.

Objects are matched as the platforms match them: by kind, name and namespace, or by labels. A
namespace that is not written (it is often set by kustomize or kubectl) fits any. Where one
object is defined more than once (overlays, copies for examples), each reference means the
definitions nearest to it in the folder tree. Nothing depends on the order of the input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from lintscale.model import (
    Autoscaler,
    Container,
    DisruptionBudget,
    EnvironmentGroup,
    EnvironmentVariable,
    Fragments,
    Location,
    Project,
    Reference,
    ReplicaOverride,
    ResourceDefaults,
    Route,
    Source,
    Sourced,
    Workload,
)

T = TypeVar("T")


def link(fragments: Iterable[Fragments], outside: Iterable[str] = ()) -> Project:
    """One project out of what the documents contribute."""
    everything = Fragments()
    for part in fragments:
        everything.extend(part)
    workloads = _with_templates(
        sorted(everything.workloads, key=_order), sorted(everything.templates, key=_order)
    )
    workloads = _with_overrides(workloads, everything.replica_overrides)
    groups = sorted(everything.environment_groups, key=_order)
    workloads = [_with_environment(workload, groups) for workload in workloads]
    workloads = [_with_request_defaults(w, everything.resource_defaults) for w in workloads]
    workloads = [_with_traffic(workload, everything.routes) for workload in workloads]
    workloads = _with_vertical_autoscalers(workloads, everything)
    autoscalers, workloads = _with_autoscalers(
        _merged_autoscalers(sorted(everything.autoscalers, key=_order)), workloads
    )
    budgets, workloads = _with_budgets(sorted(everything.disruption_budgets, key=_order), workloads)
    return Project(
        workloads=tuple(sorted(workloads, key=_order)),
        autoscalers=tuple(autoscalers),
        disruption_budgets=tuple(budgets),
        databases=tuple(sorted(everything.databases, key=_order)),
        ignored_settings=tuple(sorted(everything.ignored_settings, key=_order)),
        notes=tuple(sorted(everything.notes, key=_order)),
        outside=tuple(sorted(set(outside))),
    )


def _order(thing: object) -> tuple[object, ...]:
    location: Location = thing.location  # type: ignore[attr-defined]
    extra = getattr(thing, "environment_hint", "")
    return (location.file, location.span, location.document, str(location.path), str(extra))


def _compatible(one: str, other: str) -> bool:
    return one == other or not one or not other


def _nearness(location: Location | None, other: Location | None) -> tuple[bool, int, int]:
    """How near two places are: the same file before anything else, then the deepest folder
    they share, then the shorter way down from it."""
    if location is None or other is None:
        return (False, 0, 0)
    if location.file == other.file:
        return (True, 0, 0)
    one = PurePosixPath(location.file).parent.parts
    two = PurePosixPath(other.file).parent.parts
    shared = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        shared += 1
    return (False, shared, -(len(one) + len(two)))


def _nearest(here: Location | None, found: Sequence[T], identity: Callable[[T], object]) -> list[T]:
    """Of things that are defined more than once, the definitions nearest to ``here``."""
    groups: dict[object, list[T]] = {}
    for thing in found:
        groups.setdefault(identity(thing), []).append(thing)
    chosen: list[T] = []
    for group in groups.values():
        if len(group) == 1:
            chosen.extend(group)
            continue
        ranked = [(_nearness(here, getattr(thing, "location", None)), thing) for thing in group]
        best = max(rank for rank, _ in ranked)
        chosen.extend(thing for rank, thing in ranked if rank == best)
    return chosen


def _workload_identity(workload: Workload) -> object:
    return (workload.platform, workload.kind, workload.name, workload.environment_hint)


def _find(platform: str, reference: Reference, workloads: Sequence[Workload]) -> list[Workload]:
    """The workloads that a reference means; none when its name is not to be known."""
    if reference.name is None:
        return []
    found = [
        workload
        for workload in workloads
        if workload.platform == platform
        and workload.name == reference.name
        and (not reference.kind or workload.kind == reference.kind)
        and _compatible(workload.namespace, reference.namespace)
    ]
    exact = [workload for workload in found if workload.namespace == reference.namespace]
    return _nearest(reference.location, exact or found, _workload_identity)


# -- templates ------------------------------------------------------------------------------------


def _with_templates(workloads: list[Workload], templates: list[Workload]) -> list[Workload]:
    """Workloads whose containers stand in a document of their own get them; a template that no
    workload uses stands for a workload itself."""
    used: set[str] = set()
    result = []
    for workload in workloads:
        if workload.template is None:
            result.append(workload)
            continue
        found = _find(workload.platform, workload.template, templates)
        if not found:
            result.append(workload)
            continue
        used.update(template.id for template in found)
        result.append(_from_template(workload, found[0]))
    result.extend(template for template in templates if template.id not in used)
    return result


def _from_template(workload: Workload, template: Workload) -> Workload:
    """What the workload leaves open is as its template says."""
    return replace(
        workload,
        containers=workload.containers or template.containers,
        labels=workload.labels or template.labels,
        instance_size=template.instance_size,
        shutdown=template.shutdown,
        disk=workload.disk if workload.disk.written else template.disk,
        health_check_path=(
            workload.health_check_path
            if workload.health_check_path.written
            else template.health_check_path
        ),
        serves_traffic=(
            workload.serves_traffic
            if workload.serves_traffic is not None
            else template.serves_traffic
        ),
    )


def _with_overrides(workloads: list[Workload], overrides: list[ReplicaOverride]) -> list[Workload]:
    """An overlay's count replaces the manifest's. Overlays that disagree make it unknown: which
    of them is deployed where is not written in the manifest."""
    by_name: dict[str, list[Sourced[int]]] = {}
    for override in overrides:
        by_name.setdefault(override.name, []).append(override.count)
    result = []
    for workload in workloads:
        counts = by_name.get(workload.name)
        if not counts or workload.role not in ("service", "worker"):
            result.append(workload)
            continue
        counts = sorted(counts, key=lambda count: _place(count.location))
        if len({count.value for count in counts}) == 1:
            result.append(replace(workload, replicas=counts[0]))
        else:
            unknown: Sourced[int] = Sourced(
                None, Source.FILE, workload.replicas.location, "overlays set different counts"
            )
            result.append(replace(workload, replicas=unknown))
    return result


def _place(location: Location | None) -> tuple[str, tuple[int, ...]]:
    return (location.file, tuple(location.span)) if location else ("", ())


# -- environment ----------------------------------------------------------------------------------


def _with_environment(workload: Workload, groups: list[EnvironmentGroup]) -> Workload:
    if not any(
        container.env_from or any(variable.reference for variable in container.environment)
        for container in workload.containers
    ):
        return workload
    return replace(
        workload,
        containers=tuple(
            _resolved(container, workload.location, groups) for container in workload.containers
        ),
    )


def _resolved(container: Container, here: Location, groups: list[EnvironmentGroup]) -> Container:
    """The container with its groups' variables: its own win, later groups over earlier ones."""
    variables: dict[str, EnvironmentVariable] = {}
    complete = container.env_complete
    for identity in container.env_from:
        group = _group(identity, here, groups)
        if group is None:
            complete = False
            continue
        variables.update({variable.name: variable for variable in group.variables})
    for variable in container.environment:
        variables[variable.name] = _dereferenced(variable, here, groups)
    return replace(container, environment=tuple(variables.values()), env_complete=complete)


def _group(
    identity: str, here: Location, groups: list[EnvironmentGroup]
) -> EnvironmentGroup | None:
    found = [group for group in groups if group.identity == identity]
    nearest = _nearest(here, found, lambda group: group.identity)
    return nearest[0] if nearest else None


def _dereferenced(
    variable: EnvironmentVariable, here: Location, groups: list[EnvironmentGroup]
) -> EnvironmentVariable:
    """A variable that takes one key of a group that is among the files has that key's value."""
    if not variable.reference or variable.value.value is not None:
        return variable
    identity, _, key = variable.reference.rpartition("/")
    group = _group(identity, here, groups) if identity else None
    if group is None:
        return variable
    for candidate in group.variables:
        if candidate.name == key:
            return replace(variable, value=candidate.value)
    return variable


def _with_request_defaults(workload: Workload, defaults: list[ResourceDefaults]) -> Workload:
    """Where a namespace gives requests to containers that ask for none, they are not missing,
    though their size is the namespace's business."""
    if not defaults or workload.platform != defaults[0].platform:
        return workload
    mine = [entry for entry in defaults if entry.namespace == workload.namespace]
    if not mine:
        return workload
    cpu = any(entry.cpu for entry in mine)
    memory = any(entry.memory for entry in mine)

    def given(request: Sourced[T], by_default: bool) -> Sourced[T]:
        if not by_default or request.value is not None or request.written:
            return request
        return Sourced(None, Source.FILE, request.location, "the namespace's LimitRange sets it")

    return replace(
        workload,
        containers=tuple(
            replace(
                container,
                cpu_request_cores=given(container.cpu_request_cores, cpu),
                memory_request_bytes=given(container.memory_request_bytes, memory),
            )
            for container in workload.containers
        ),
    )


# -- traffic --------------------------------------------------------------------------------------


def _with_traffic(workload: Workload, routes: list[Route]) -> Workload:
    """A workload whose platform does not say so serves traffic when a route selects its labels,
    or when it declares ports and no route at all was scanned."""
    if workload.serves_traffic is not None or not workload.scanned:
        return workload
    routed = any(
        _compatible(route.namespace, workload.namespace) and route.selector.matches(workload.labels)
        for route in routes
    )
    if routed:
        return replace(workload, serves_traffic=True)
    if any(route.selector.unknown for route in routes):
        return workload
    has_ports = any(container.ports and not container.init for container in workload.containers)
    return replace(workload, serves_traffic=has_ports and not routes)


# -- autoscalers ----------------------------------------------------------------------------------


def _merged_autoscalers(autoscalers: list[Autoscaler]) -> list[Autoscaler]:
    """Documents that hold only policies go into the autoscaler of the same target that holds
    the bounds; those without one stay as they are."""
    whole = [scaler for scaler in autoscalers if not scaler.partial]
    result: dict[int, Autoscaler] = dict(enumerate(whole))
    alone: list[Autoscaler] = []
    for part in (scaler for scaler in autoscalers if scaler.partial):
        mine = [
            index
            for index, scaler in enumerate(whole)
            if part.target.name is not None
            and scaler.platform == part.platform
            and scaler.target.name == part.target.name
            and _compatible(scaler.target.kind, part.target.kind)
            and _compatible(scaler.target.namespace, part.target.namespace)
        ]
        near = _nearest(part.location, [whole[index] for index in mine], lambda _: 0)
        owners = [index for index in mine if whole[index] in near]
        if not owners:
            alone.append(part)
        for index in owners:
            merged = result[index]
            result[index] = replace(merged, policies=(*merged.policies, *part.policies))
    return sorted([*result.values(), *_joined_parts(alone)], key=_order)


def _joined_parts(parts: list[Autoscaler]) -> list[Autoscaler]:
    """Policies of one target whose bounds were not scanned stand for one autoscaler."""
    joined: dict[tuple[object, ...], Autoscaler] = {}
    for part in parts:
        key: tuple[object, ...] = (part.platform, part.target.kind, part.target.name)
        if part.target.name is None:
            key = (*key, part.location)
        if key in joined:
            first = joined[key]
            joined[key] = replace(first, policies=(*first.policies, *part.policies))
        else:
            joined[key] = part
    return list(joined.values())


def _with_autoscalers(
    autoscalers: list[Autoscaler], workloads: list[Workload]
) -> tuple[list[Autoscaler], list[Workload]]:
    """Each autoscaler with whether its target was found, each workload with its autoscalers. An
    autoscaler without a scanned target stands for a workload that was not scanned."""
    linked: list[Autoscaler] = []
    attached: dict[str, list[Autoscaler]] = {}
    phantoms: list[Workload] = []
    for scaler in autoscalers:
        reference = scaler.target
        if reference.location is None:
            reference = replace(reference, location=scaler.location)
        targets = _find(scaler.platform, reference, workloads)
        if scaler.environment_hint:
            same = [w for w in targets if w.environment_hint == scaler.environment_hint]
            targets = same or targets
        found = replace(scaler, target_found=bool(targets) if reference.name else None)
        linked.append(found)
        for target in targets:
            attached.setdefault(target.id, []).append(found)
        if not targets:
            phantoms.append(_phantom(found))
    result = [
        replace(workload, autoscalers=tuple(attached[workload.id]))
        if workload.id in attached
        else workload
        for workload in workloads
    ]
    return linked, [*result, *phantoms]


def _phantom(scaler: Autoscaler) -> Workload:
    return Workload(
        platform=scaler.platform,
        kind=scaler.target.kind or scaler.kind,
        name=scaler.target.name or scaler.name,
        namespace=scaler.target.namespace,
        location=scaler.location,
        object_labels=scaler.labels,
        environment_hint=scaler.environment_hint,
        scanned=False,
        count_known=False,
        autoscalers=(scaler,),
    )


def _with_vertical_autoscalers(workloads: list[Workload], everything: Fragments) -> list[Workload]:
    attached: dict[str, Workload] = {workload.id: workload for workload in workloads}
    for scaler in sorted(everything.vertical_autoscalers, key=_order):
        reference = replace(scaler.target, location=scaler.location)
        platform = scaler.platform
        for target in _find(platform, reference, workloads):
            known = attached[target.id]
            attached[target.id] = replace(
                known, vertical_autoscalers=(*known.vertical_autoscalers, scaler)
            )
    return [attached[workload.id] for workload in workloads]


# -- disruption budgets ---------------------------------------------------------------------------


def _with_budgets(
    budgets: list[DisruptionBudget], workloads: list[Workload]
) -> tuple[list[DisruptionBudget], list[Workload]]:
    attached: dict[str, list[DisruptionBudget]] = {}
    linked = []
    for budget in budgets:
        found = [
            workload
            for workload in workloads
            if workload.platform == budget.platform
            and workload.scanned
            and workload.role in ("service", "worker", "pod")
            and _compatible(workload.namespace, budget.namespace)
            and budget.selector.matches(workload.labels)
        ]
        found = _nearest(budget.location, found, _workload_identity)
        joined = replace(budget, workloads=tuple(sorted(workload.id for workload in found)))
        linked.append(joined)
        for workload in found:
            attached.setdefault(workload.id, []).append(joined)
    return linked, [
        replace(workload, disruption_budgets=tuple(attached[workload.id]))
        if workload.id in attached
        else workload
        for workload in workloads
    ]
