"""What rules are evaluated for: a project's workloads, autoscalers, containers, …, by scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lintscale._record import record
from lintscale.engine.expressions.data import Data, as_data
from lintscale.model.location import Location
from lintscale.model.resolved import Project, Workload
from lintscale.model.sourced import Sourced


@record
class Subject:
    """One thing that the rules of a scope are evaluated for. ``objects`` are the model objects by
    the variables of the scope, ``data`` the same as plain data; ``owner`` is the workload that it
    is part of or about."""

    scope: str
    objects: dict[str, Any]
    data: dict[str, Data]
    platform: str
    owner: Workload | None

    @property
    def object(self) -> Any:
        return self.objects[self.scope]

    @property
    def is_parked(self) -> bool:
        """Whether it is a workload that is switched off, or a part of one."""
        workload = self.objects.get("workload")
        return workload is not None and workload.parked

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms whose rules apply: several for a service and for the project."""
        several: tuple[str, ...] | None = getattr(self.object, "platforms", None)
        return several or (self.platform,)

    @property
    def environment(self) -> str:
        """ "" for none."""
        if self.owner is not None:
            return self.owner.environment.value or ""
        environment = getattr(self.object, "environment", "")
        return environment if isinstance(environment, str) else ""

    def resolve(self, path: str) -> Any:
        """The model object at a dotted path, which starts with a variable ("workload.scaling") or
        is relative to the subject; of the items of a tuple, a tuple. None when something on the
        way is absent. Raises AttributeError for a name that the model does not have."""
        first, *rest = path.split(".")
        if first in self.objects:
            value = self.objects[first]
        else:
            value = self.object
            rest = [first, *rest]
        for name in rest:
            value = _field(value, name)
        return value


@record
class _ProjectSubject:
    """The project as a whole, located at its first workload."""

    platform: str
    platforms: tuple[str, ...]
    location: Location


def _field(value: Any, name: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_field(each, name) for each in value)
    if isinstance(value, Sourced):
        value = value.value
    return None if value is None else getattr(value, name)


def location_of(thing: Any) -> Location | None:
    """The location of a model object; of a tuple, that of its first item."""
    if isinstance(thing, tuple):
        return location_of(thing[0]) if thing else None
    if isinstance(thing, Location):
        return thing
    found = getattr(thing, "location", None)
    return found if isinstance(found, Location) else None


def subjects(project: Project, scopes: set[str]) -> Iterator[Subject]:
    """All subjects of these scopes."""
    for workload in project.workloads:
        for subject in _subjects_of_workload(workload, scopes):
            if subject.scope in scopes:
                yield subject
    owners = _by_id_or_name(project.workloads)
    for scope, objects in (
        ("database", project.databases),
        ("budget", project.disruption_budgets),
        ("ignored", project.ignored_settings),
        ("note", project.notes),
        ("credential", project.credentials),
        ("drift", project.drifts),
        ("deprecation", project.deprecations),
    ):
        for each in objects if scope in scopes else ():
            largest = getattr(each, "largest", None)
            name = largest.workload if largest else getattr(each, "workload", "")
            owner = owners.get((each.platform, name)) if name else None
            yield Subject(scope, {scope: each}, {scope: as_data(each)}, each.platform, owner)
    if "service" in scopes:
        by_id = {workload.id: workload for workload in project.workloads}
        for service in project.services:
            data = as_data(service)
            data["workloads"] = [as_data(by_id[key]) for key in service.workloads]
            objects_ = {"service": service}
            yield Subject("service", objects_, {"service": data}, service.platform, None)
    if "project" in scopes and project.workloads:
        first = min(project.workloads, key=lambda workload: workload.id)
        platforms = tuple(sorted({workload.platform for workload in project.workloads}))
        whole = _ProjectSubject(first.platform, platforms, first.location)
        yield Subject("project", {"project": whole}, {}, first.platform, None)


def _subjects_of_workload(workload: Workload, scopes: set[str]) -> Iterator[Subject]:
    platform = workload.platform
    data = as_data(workload)
    root = Subject("workload", {"workload": workload}, {"workload": data}, platform, workload)
    if workload.scanned:
        yield root
    for container in _parts(root, "container", "containers"):
        yield container
        if "probe" in scopes:
            yield from _parts(container, "probe", "probes")
        if "resource" in scopes:
            yield from _parts(container, "resource", "resources")
    yield from _parts(root, "pool", "pools")
    for autoscaler in _parts(root, "autoscaler", "autoscalers"):
        yield autoscaler
        for policy in _parts(autoscaler, "policy", "policies"):
            yield policy
            yield from _parts(policy, "metric", "metrics")


def _parts(whole: Subject, scope: str, field: str) -> Iterator[Subject]:
    """The records in a field of a subject, which know the whole's variables too."""
    data = whole.data[whole.scope].get(field)
    objects = getattr(whole.object, field)
    if data is None:
        data = map(as_data, objects)  # a property that is no field of the data
    for each, each_data in zip(objects, data, strict=True):
        yield Subject(
            scope,
            {**whole.objects, scope: each},
            {**whole.data, scope: each_data},
            whole.platform,
            whole.owner,
        )


def _by_id_or_name(workloads: Sequence[Workload]) -> dict[tuple[str, str], Workload]:
    """Workloads by platform and id, and by platform and name where only one has the name."""
    found: dict[tuple[str, str], Workload] = {}
    shared: set[tuple[str, str]] = set()
    for workload in workloads:
        key = (workload.platform, workload.name)
        if key in found:
            shared.add(key)
        found[key] = workload
    for key in shared:
        del found[key]
    return found | {(workload.platform, workload.id): workload for workload in workloads}
