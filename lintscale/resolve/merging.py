"""Whole workloads out of what several documents say of them: templates, overlays, groups of
variables, defaults of the namespace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from lintscale._record import replace
from lintscale.model.declared import (
    Container,
    Disk,
    EnvironmentGroup,
    EnvironmentVariable,
    Fragments,
    MountedFile,
    Placement,
    ResourceDefaults,
    Workload,
)
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.matching import ByName, compatible, grouped, nearest, of_same_overlay, order
from lintscale.resolve.overlays import Overlays
from lintscale.syntax.regex import regex

T = TypeVar("T")

_SETTINGS_FILES = (
    *(".conf", ".cnf", ".ini", ".cfg", ".conf.template"),
    *("appsettings.json", "appsettings.Production.json", "application.properties"),
)
"""Files of servers' settings; the others (dashboards, scripts) say nothing of interest."""

_ENVOY_FILES = (".yaml", ".yml", ".json")
"""Files of Envoy's settings, in its own containers."""

_PLACE = regex(r"(?<!\$)\$\(((?:[A-Za-z_]\w{0,60}_)?(?:HOST|HOSTNAME|PORT|DB|DATABASE|NAME))\)")
"""A reference to a variable that says where a server is, or what a database is called."""

UNKNOWN_TEXT: Sourced[str] = Sourced(None, Source.FILE, None, "not among the scanned files")


def merged_workloads(everything: Fragments, overlays: Overlays) -> list[Workload]:
    """What is rendered is as its overlay makes it already; everything else is as the overlays of
    its environment make it."""
    workloads = _with_templates(
        sorted(everything.workloads, key=order), sorted(everything.templates, key=order)
    )
    groups = grouped(sorted(everything.environment_groups, key=order), _bare_identity)
    disks = grouped(sorted(everything.disks, key=order), lambda disk: (disk.platform, disk.name))
    merged = []
    for workload in workloads:
        if workload.location.rendering is None:
            workload = overlays.applied(workload)  # noqa: PLW2901
        find = partial(_group, workload, groups, overlays.finder)
        containers = _with_variables(workload, find)
        containers = _with_defaults(workload, containers, everything.resource_defaults)
        if containers is not workload.containers:
            workload = replace(workload, containers=containers)  # noqa: PLW2901
        shared = [
            _disks_called(workload, name, disks, overlays.finder) for name in workload.shared_disks
        ]
        if shared:
            placement = replace(
                workload.placement,
                one_node=any(near and all(disk.one_node for disk in near) for near in shared),
                many_nodes=all(near and all(disk.many_nodes for disk in near) for near in shared),
            )
            workload = replace(workload, placement=placement)  # noqa: PLW2901
        merged.append(workload)
    return merged


def _disks_called(
    workload: Workload,
    name: str,
    disks: Mapping[tuple[str, str], Sequence[Disk]],
    finder: EnvironmentFinder,
) -> list[Disk]:
    """Those that the workload's disk of this name may be."""
    found = [
        disk
        for disk in disks.get((workload.platform, name), ())
        if compatible(disk.namespace, workload.namespace) and not finder.told_apart(workload, disk)
    ]
    return list(nearest(workload.location, of_same_overlay(workload.location, found), lambda _: 0))


# -- templates ------------------------------------------------------------------------------------


def _with_templates(workloads: list[Workload], templates: list[Workload]) -> list[Workload]:
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
    own_path = workload.health_check_path.source is not None
    traffic = workload.serves_traffic
    return replace(
        workload,
        containers=workload.containers or template.containers,
        labels=workload.labels or template.labels,
        instance_size=template.instance_size,
        shutdown=template.shutdown,
        placement=_placement(workload.placement, template.placement),
        disk=workload.disk if workload.disk.written else template.disk,
        shared_disks=workload.shared_disks or template.shared_disks,
        acts_on_cluster=workload.acts_on_cluster or template.acts_on_cluster,
        health_check_path=workload.health_check_path if own_path else template.health_check_path,
        serves_traffic=template.serves_traffic if traffic is None else traffic,
    )


def _placement(own: Placement, template: Placement) -> Placement:
    """Pods are placed as their template says; what only the workload knows of (subnets, capacity
    providers) stays."""
    base = template if own.spreads is None else own
    zones = own.zones if own.zones.source is not None else template.zones
    spot_only = own.spot_only if own.spot_only.source is not None else template.spot_only
    return Placement(base.spreads, base.spread_over, base.location, zones, spot_only)


# -- variables ------------------------------------------------------------------------------------


_FindGroup = Callable[[str], EnvironmentGroup | None]
"""The group of an identity, as a workload sees it."""


def _with_variables(workload: Workload, find: _FindGroup) -> tuple[Container, ...]:
    """The workload's containers with the variables and files that stand elsewhere."""
    if not any(
        container.env_from
        or container.files
        or any(
            variable.reference or "$(" in (variable.value.value or "")
            for variable in container.environment
        )
        for container in workload.containers
    ):
        return workload.containers
    return tuple(_resolved(each, find) for each in workload.containers)


def _resolved(container: Container, find: _FindGroup) -> Container:
    """The container with its groups' variables: its own win, later groups over earlier ones."""
    variables: dict[str, EnvironmentVariable] = {}
    complete = container.env_complete
    for identity in container.env_from:
        group = find(identity)
        complete = complete and group is not None and group.complete
        for each in group.variables if group is not None else ():
            variables[each.name] = _seen_from(container, each, group)
    for variable in container.environment:
        found = _dereferenced(variable, find)
        variables[variable.name] = _put_together(found, variables)
    envoy = "envoy" in f"{container.name} {container.image.value} {container.command.value}"
    endings = _SETTINGS_FILES + (_ENVOY_FILES if envoy else ())
    files = tuple(file for part in container.files for file in _expanded(part, find, endings))
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

    def value_of(match: re.Match[str]) -> str:
        other = before.get(match[1])
        return (other.value.value if other is not None else None) or match[0]

    return replace(variable, value=replace(variable.value, value=_PLACE.sub(value_of, text)))


def _seen_from(
    container: Container, variable: EnvironmentVariable, group: EnvironmentGroup | None
) -> EnvironmentVariable:
    """A value of a group that is not to be shown, a Secret, stands where it is used."""
    if group is None or group.complete:
        return variable
    place = container.location
    return replace(variable, location=place, value=replace(variable.value, location=place))


def _expanded(
    part: MountedFile, find: _FindGroup, endings: tuple[str, ...]
) -> Iterator[MountedFile]:
    """The files of settings in a folder, by the ``endings`` of their names; without their text
    where the group is not among the files."""
    group = find(part.group)
    texts = {entry.name: entry.value for entry in group.variables} if group is not None else {}
    for key in texts if group is not None and not part.entries else part.entries:
        name = part.entries.get(key, key)
        if name.endswith(endings):
            yield MountedFile(f"{part.path}/{name}", part.group, texts.get(key, UNKNOWN_TEXT))
    if group is None and not part.entries:
        yield part


def _bare_identity(group: EnvironmentGroup) -> str:
    return _bare(group.identity)


def _bare(identity: str) -> str:
    """An identity without its namespace."""
    kind, _, name = identity.partition(":")
    return f"{kind}:{name.rpartition('/')[2]}"


def _group(
    workload: Workload,
    groups: Mapping[str, Sequence[EnvironmentGroup]],
    finder: EnvironmentFinder,
    identity: str,
) -> EnvironmentGroup | None:
    """The group of this identity; a namespace that one side leaves out fits any, another
    environment's does not."""
    origin = workload.location
    reachable = [
        group
        for group in groups.get(_bare(identity), ())
        if (group.complete or _near(origin, group.location))
        and not finder.told_apart(workload, group)
    ]
    found = [group for group in reachable if group.identity == identity] or [
        group for group in reachable if _same_group(group.identity, identity)
    ]
    near = nearest(origin, found, lambda _: 0)
    return near[0] if near else None


def _near(one: Location, other: Location) -> bool:
    """In the same folder, or in one that holds the other: Secrets are often left out of a
    project, and one of the same name elsewhere is then another one."""
    first, second = (each.file[: each.file.rfind("/") + 1] for each in (one, other))
    return first.startswith(second) or second.startswith(first)


def _same_group(one: str, other: str) -> bool:
    kind, _, name = one.partition(":")
    other_kind, _, other_name = other.partition(":")
    if kind != other_kind or "/" not in name or "/" not in other_name:
        return False
    namespace, _, bare = name.partition("/")
    other_namespace, _, other_bare = other_name.partition("/")
    return bare == other_bare and compatible(namespace, other_namespace)


def _dereferenced(variable: EnvironmentVariable, find: _FindGroup) -> EnvironmentVariable:
    """A variable that takes one key of a group that is among the files has that key's value."""
    if not variable.reference or variable.value.value is not None:
        return variable
    identity, _, key = variable.reference.rpartition("/")
    group = find(identity) if identity else None
    if group is None:
        return variable
    for candidate in group.variables:
        if candidate.name == key and not group.complete:
            value = replace(candidate.value, location=variable.value.location)
            return replace(variable, value=value)
        if candidate.name == key:
            return replace(variable, value=candidate.value)
    return variable


# -- defaults -------------------------------------------------------------------------------------


def _with_defaults(
    workload: Workload, containers: tuple[Container, ...], defaults: Sequence[ResourceDefaults]
) -> tuple[Container, ...]:
    """Where a namespace gives requests and limits to containers that have none, they are not
    missing, though their size is the namespace's business."""
    if not defaults or workload.platform != defaults[0].platform:
        return containers
    # An overlay's LimitRange is not there where another overlay is deployed.
    overlays = ("", workload.location.rendered_by)
    holding = [
        entry
        for entry in defaults
        if entry.namespace == workload.namespace and entry.location.rendered_by in overlays
    ]
    if not holding:
        return containers
    cpu = any(entry.cpu for entry in holding)
    memory = any(entry.memory for entry in holding)
    memory_limit = any(entry.memory_limit for entry in holding)

    def given(amount: Sourced[T], by_default: bool) -> Sourced[T]:
        if not by_default or amount.value is not None or amount.written:
            return amount
        reason = "LimitRange of the namespace"
        return Sourced(None, Source.FILE, amount.location, reason)

    return tuple(
        replace(
            container,
            cpu_request_cores=given(container.cpu_request_cores, cpu),
            memory_request_bytes=given(container.memory_request_bytes, memory),
            memory_limit_bytes=given(container.memory_limit_bytes, memory_limit),
        )
        for container in containers
    )
