"""What a workload's containers get from elsewhere: templates, overlays, groups of variables,
defaults of the namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from lintscale._record import replace
from lintscale.model.declared import (
    Container,
    EnvironmentGroup,
    EnvironmentVariable,
    ImageOverride,
    MountedFile,
    Placement,
    ReplicaOverride,
    ResourceDefaults,
    Workload,
)
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.matching import ByName, compatible, nearest, order, place
from lintscale.syntax.regex import regex

T = TypeVar("T")

_SETTINGS_FILES = (".conf", ".cnf", ".ini")
"""Files of servers' settings; the others (dashboards, scripts) say nothing of interest."""

_PLACE = regex(r"(?<!\$)\$\(((?:[A-Za-z_]\w{0,60}_)?(?:HOST|HOSTNAME|PORT|DB|DATABASE|NAME))\)")
"""A reference to a variable that says where a server is, or what a database is called."""

UNKNOWN_TEXT: Sourced[str] = Sourced(None, Source.FILE, None, "it is not among the scanned files")


def with_templates(workloads: list[Workload], templates: list[Workload]) -> list[Workload]:
    """Workloads whose containers stand in an object of their own get them. A template, or a
    workload that another one takes its pods from, stands for a workload itself only when nothing
    uses it."""
    available = ByName([*templates, *(each for each in workloads if each.template is None)])
    used: set[str] = set()
    result = []
    for workload in workloads:
        template = workload.template
        found = available.find(workload.platform, template) if template is not None else []
        used.update(template.id for template in found)
        result.append(_from_template(workload, found[0]) if found else workload)
    result.extend(templates)
    return [workload for workload in result if workload.id not in used]


def _from_template(workload: Workload, template: Workload) -> Workload:
    """What the workload leaves open is as its template says."""
    own_path = workload.health_check_path.written
    traffic = workload.serves_traffic
    return replace(
        workload,
        containers=workload.containers or template.containers,
        labels=workload.labels or template.labels,
        instance_size=template.instance_size,
        shutdown=template.shutdown,
        placement=_placement(workload.placement, template.placement),
        disk=workload.disk if workload.disk.written else template.disk,
        health_check_path=workload.health_check_path if own_path else template.health_check_path,
        serves_traffic=template.serves_traffic if traffic is None else traffic,
    )


def _placement(own: Placement, template: Placement) -> Placement:
    """Pods are placed as their template says; what only the workload knows of (subnets, capacity
    providers) stays."""
    base = template if own.spreads is None else own
    zones = own.zones if own.zones.source is not None else template.zones
    spot_only = own.spot_only if own.spot_only.source is not None else template.spot_only
    return replace(base, zones=zones, spot_only=spot_only)


def _is_rendered(workload: Workload) -> bool:
    """Whether it is as its overlay makes it already."""
    return workload.location.rendering is not None


def with_overrides(workloads: list[Workload], overrides: list[ReplicaOverride]) -> list[Workload]:
    """An overlay's count replaces the manifest's. Overlays that disagree make it unknown: which
    of them is deployed where is not written in the manifest."""
    by_name: dict[str, list[Sourced[int]]] = {}
    for override in overrides:
        by_name.setdefault(override.name, []).append(override.count)
    result = []
    for workload in workloads:
        counts = by_name.get(workload.name)
        if not counts or _is_rendered(workload) or workload.role not in ("service", "worker"):
            result.append(workload)
            continue
        counts = sorted(counts, key=lambda count: place(count.location))
        if len({count.value for count in counts}) == 1:
            overlaid = replace(counts[0], reason="an overlay sets it")
            result.append(replace(workload, replicas=overlaid))
        else:
            unknown: Sourced[int] = Sourced(
                None, Source.FILE, workload.replicas.location, "overlays set different counts"
            )
            result.append(replace(workload, replicas=unknown))
    return result


def with_patches(workloads: list[Workload], patches: list[Workload]) -> list[Workload]:
    """What overlays add to a manifest is not missing from it. A count that a patch changes is
    unknown, as which overlay is deployed where is not written in the manifest."""
    if not patches:
        return workloads
    by_identity: dict[object, list[Workload]] = {}
    for patch in sorted(patches, key=order):
        by_identity.setdefault((patch.platform, patch.kind, patch.name), []).append(patch)
    return [
        workload
        if _is_rendered(workload)
        else _patched(
            workload, by_identity.get((workload.platform, workload.kind, workload.name), [])
        )
        for workload in workloads
    ]


def _patched(workload: Workload, patches: list[Workload]) -> Workload:
    for patch in patches:
        if patch.replicas.written and patch.replicas.value != workload.replicas.value:
            unknown: Sourced[int] = Sourced(
                None, Source.FILE, workload.replicas.location, "an overlay sets another count"
            )
            workload = replace(workload, replicas=unknown)
        grace, others = workload.shutdown.grace_seconds, patch.shutdown.grace_seconds
        if others.written and others.value != grace.value:
            reason = "an overlay sets another time"
            doubtful: Sourced[int] = Sourced(None, Source.FILE, grace.location, reason)
            shutdown = replace(workload.shutdown, grace_seconds=doubtful)
            workload = replace(workload, shutdown=shutdown)
        workload = replace(workload, placement=_with_placement(workload.placement, patch.placement))
        added = {container.name: container for container in patch.containers}
        workload = replace(
            workload,
            containers=tuple(
                _with_additions(container, added[container.name])
                if container.name in added
                else container
                for container in workload.containers
            ),
        )
    return workload


def _with_placement(placement: Placement, added: Placement) -> Placement:
    """A patch that bounds zones or capacity may do so in one overlay only: then neither is known
    of all of them."""
    if added.spreads:
        over = tuple(sorted({*placement.spread_over, *added.spread_over}))
        placement = replace(placement, spreads=True, spread_over=over)
    reason = "an overlay sets it"
    if added.zones.written:
        hidden: Sourced[Any] = Sourced(None, Source.FILE, placement.zones.location, reason)
        placement = replace(placement, zones=hidden)
    if added.spot_only.written:
        hidden = Sourced(None, Source.FILE, placement.spot_only.location, reason)
        placement = replace(placement, spot_only=hidden)
    return placement


def _with_additions(container: Container, added: Container) -> Container:
    """The container with what it lacks itself."""
    cpu, memory = container.cpu_request_cores, container.memory_request_bytes
    limit = container.memory_limit_bytes
    return replace(
        container,
        liveness=container.liveness or added.liveness,
        readiness=container.readiness or added.readiness,
        startup=container.startup or added.startup,
        ports=tuple(dict.fromkeys((*container.ports, *added.ports))),
        cpu_request_cores=cpu if cpu.written else added.cpu_request_cores,
        memory_request_bytes=memory if memory.written else added.memory_request_bytes,
        memory_limit_bytes=limit if limit.written else added.memory_limit_bytes,
        # Which of the two holds where is not written in the manifest.
        resources=() if _sets_resources(added) else container.resources,
    )


def _sets_resources(container: Container) -> bool:
    amounts = (
        container.cpu_request_cores,
        container.cpu_limit_cores,
        container.memory_request_bytes,
        container.memory_limit_bytes,
    )
    return bool(container.resources) or any(amount.written for amount in amounts)


def with_images(workload: Workload, overrides: list[ImageOverride]) -> Workload:
    """An overlay's image replaces the manifest's; of several overlays, the first that leaves the
    build open, if any does, since that is the one worth a word."""
    if not overrides or _is_rendered(workload):
        return workload

    def image_of(container: Container) -> Sourced[str]:
        own = (container.image.value or "").partition("@")[0]
        tag = own.rfind(":")
        bare = own[:tag] if tag > own.rfind("/") else own
        mine = [override.image for override in overrides if override.name == bare]
        mine.sort(key=lambda image: ((image.value or "").rfind(":") > 0, place(image.location)))
        return mine[0] if mine else container.image

    return replace(
        workload,
        containers=tuple(
            replace(container, image=image_of(container)) for container in workload.containers
        ),
    )


def with_environment(workload: Workload, groups: list[EnvironmentGroup]) -> Workload:
    if not any(
        container.env_from
        or container.files
        or any(
            variable.reference or "$(" in (variable.value.value or "")
            for variable in container.environment
        )
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
        complete = complete and group.complete
        variables.update(
            {each.name: _seen_from(container, each, group) for each in group.variables}
        )
    for variable in container.environment:
        found = _dereferenced(variable, here, groups)
        variables[variable.name] = _put_together(found, variables)
    files = tuple(file for part in container.files for file in _expanded(part, here, groups))
    return replace(
        container, environment=tuple(variables.values()), env_complete=complete, files=files
    )


def _put_together(
    variable: EnvironmentVariable, before: Mapping[str, EnvironmentVariable]
) -> EnvironmentVariable:
    """With ``$(NAME)`` replaced by the value of a variable that is set before it, as Kubernetes
    does (kubernetes.io/docs, "Define Dependent Environment Variables", Nov 2026). Only what says
    where something is: passwords stay where they are."""
    text = variable.value.value
    if text is None or "$(" not in text:
        return variable

    def told(match: re.Match[str]) -> str:
        other = before.get(match[1])
        return (other.value.value if other is not None else None) or match[0]

    return replace(variable, value=replace(variable.value, value=_PLACE.sub(told, text)))


def _seen_from(
    container: Container, variable: EnvironmentVariable, group: EnvironmentGroup
) -> EnvironmentVariable:
    """What is said of a group that is not to be shown, a Secret, stands where it is used."""
    if group.complete:
        return variable
    here = container.location
    return replace(variable, location=here, value=replace(variable.value, location=here))


def _expanded(
    part: MountedFile, here: Location, groups: list[EnvironmentGroup]
) -> Iterator[MountedFile]:
    """The files of settings in a folder; without their text where the group is not among the
    files."""
    group = _group(part.group, here, groups)
    texts = {entry.name: entry.value for entry in group.variables} if group is not None else {}
    for key in texts if group is not None and not part.entries else part.entries:
        name = part.entries.get(key, key)
        if name.endswith(_SETTINGS_FILES):
            yield MountedFile(f"{part.path}/{name}", part.group, texts.get(key, UNKNOWN_TEXT))
    if group is None and not part.entries:
        yield part


def _group(
    identity: str, here: Location, groups: list[EnvironmentGroup]
) -> EnvironmentGroup | None:
    """The group of this identity; a namespace that one side leaves out fits any."""
    groups = [group for group in groups if group.complete or _stands_by(here, group.location)]
    found = [group for group in groups if group.identity == identity] or [
        group for group in groups if _same_group(group.identity, identity)
    ]
    near = nearest(here, found, lambda _: 0)
    return near[0] if near else None


def _stands_by(here: Location, there: Location) -> bool:
    """In the same folder, or in one that holds the other: Secrets are often left out of a
    project, and one of the same name elsewhere is then another one."""
    one, other = (each.file[: each.file.rfind("/") + 1] for each in (here, there))
    return one.startswith(other) or other.startswith(one)


def _same_group(one: str, other: str) -> bool:
    kind, _, name = one.partition(":")
    other_kind, _, other_name = other.partition(":")
    if kind != other_kind or "/" not in name or "/" not in other_name:
        return False
    namespace, _, bare = name.partition("/")
    other_namespace, _, other_bare = other_name.partition("/")
    return bare == other_bare and compatible(namespace, other_namespace)


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
        if candidate.name == key and not group.complete:
            value = replace(candidate.value, location=variable.value.location)
            return replace(variable, value=value)
        if candidate.name == key:
            return replace(variable, value=candidate.value)
    return variable


def with_resource_defaults(workload: Workload, defaults: list[ResourceDefaults]) -> Workload:
    """Where a namespace gives requests and limits to containers that have none, they are not
    missing, though their size is the namespace's business."""
    if not defaults or workload.platform != defaults[0].platform:
        return workload
    mine = [entry for entry in defaults if entry.namespace == workload.namespace]
    # An overlay's LimitRange is not there where another overlay is deployed.
    here = workload.location.rendered_by
    mine = [entry for entry in mine if entry.location.rendered_by in ("", here)]
    if not mine:
        return workload
    cpu = any(entry.cpu for entry in mine)
    memory = any(entry.memory for entry in mine)
    memory_limit = any(entry.memory_limit for entry in mine)

    def given(amount: Sourced[T], by_default: bool) -> Sourced[T]:
        if not by_default or amount.value is not None or amount.written:
            return amount
        return Sourced(None, Source.FILE, amount.location, "the namespace's LimitRange sets it")

    return replace(
        workload,
        containers=tuple(
            replace(
                container,
                cpu_request_cores=given(container.cpu_request_cores, cpu),
                memory_request_bytes=given(container.memory_request_bytes, memory),
                memory_limit_bytes=given(container.memory_limit_bytes, memory_limit),
            )
            for container in workload.containers
        ),
    )
