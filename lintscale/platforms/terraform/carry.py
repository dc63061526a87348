"""What the Terraform files of a project declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, Container, Database, Fragments, Workload
from lintscale.model.relocation import relocate
from lintscale.model.sourced import Sourced
from lintscale.platforms.base import Cargo, CarrierRequest
from lintscale.platforms.terraform import databases, ecs, kubernetes, service_modules
from lintscale.platforms.terraform.bodies import Body
from lintscale.platforms.terraform.modules import Module, Object, Project
from lintscale.platforms.terraform.nodes import Carried, Places
from lintscale.platforms.terraform.plan import PlanSource, read_plan
from lintscale.platforms.terraform.values import Value, text_of
from lintscale.syntax.document import SourceFile, format_of
from lintscale.syntax.field import Field
from lintscale.syntax.hcl import mirrored

if TYPE_CHECKING:
    from tree_sitter import Node as Tree


def carry(request: CarrierRequest) -> Cargo:
    """All ECS services, their scaling and their databases, of each root and environment."""
    texts = {
        name: text for name, text in request.texts.items() if name.endswith((".tf", ".tfvars"))
    }
    found = _carried(request, Project(texts, request.read))
    plans = [(name, text) for name, text in request.texts.items() if name not in texts]
    if plans and (found.fragments.workloads or found.fragments.autoscalers):
        left_out = [(name, BESIDE_ITS_FILES) for name, _ in plans]
        return Cargo(found.fragments, found.sources, [*found.left_out, *left_out])
    for name, text in sorted(plans):
        source = read_plan(name, text)
        if source is not None:
            project = Project({}, request.read)
            project.add_root(source)
            part = _carried(request, project)
            found.fragments.extend(part.fragments)
            found = Cargo(found.fragments, {**found.sources, **part.sources}, found.left_out)
    return found


BESIDE_ITS_FILES = "a plan of Terraform's, whose files are read themselves"


def _carried(request: CarrierRequest, project: Project) -> Cargo:
    cargo = _Cargo(request, project)
    modules = list(project.instances())
    for module in modules:
        alone = sum(each.folder is module.folder for each in modules) == 1
        cargo.add(module, alone)
    relocate(cargo.fragments, cargo.places.located)
    cargo.fragments.databases.extend(cargo.databases)
    return Cargo(cargo.fragments, cargo.sources(), cargo.left_out())


_Made = Callable[[Object, Carried], bool]

_DOCUMENTS: dict[str, _Made] = {
    ecs.SERVICE: ecs.service,
    ecs.TARGET: ecs.scalable_target,
    ecs.POLICY: ecs.scaling_policy,
    ecs.SCHEDULED: ecs.scheduled_action,
    ecs.ALARM: ecs.alarm,
}


class _Cargo:
    def __init__(self, request: CarrierRequest, project: Project) -> None:
        self.request = request
        self.project = project
        self.places = Places()
        self.fragments = Fragments()
        self.databases: list[Database] = []
        self._seen: set[tuple[str, str, tuple[int, int]]] = set()
        self._dropped: set[int] = set()
        self.platforms: dict[str, str] = {}

    def add(self, module: Module, alone: bool) -> None:
        """What one root makes in one environment."""
        hint = self._environment(module, alone)
        whole, self.fragments = self.fragments, Fragments()
        self._add(list(module.objects()), hint)
        self.fragments.autoscalers = _together(self.fragments.autoscalers)
        whole.extend(self.fragments)
        self.fragments = whole

    def _add(self, things: list[Object], hint: str) -> None:
        for thing in things:
            if thing.type == ecs.SERVICE and self._is_repeated(thing, hint):
                self._dropped.add(id(thing))
        for thing in things:
            if id(thing) in self._dropped:
                continue
            if thing.type in databases.TYPES:
                found = databases.database(thing, self.places, hint)
                if found is not None:
                    self.databases.append(found)
            elif thing.type == ecs.TASK_DEFINITION:
                self._task_definition(thing, hint)
            elif thing.type in _DOCUMENTS:
                self._document(thing, hint)
            elif thing.type.startswith("kubernetes_"):
                self._kubernetes(thing, hint)
            elif thing.type == "module":
                self._module(thing, hint)

    def _environment(self, module: Module, alone: bool) -> str:
        """What tells the environment of a root's resources, which may stand in modules that it
        calls: the file of variables, or the folder of the root."""
        if module.environment:
            known = self.request.environment_of(f"{module.environment}.tf")
            return known or ("" if alone else module.environment)
        folders = reversed(module.folder.path.split("/"))
        found = (self.request.environment_of(f"{each}.tf") for each in folders if each)
        return next((each for each in found if each), "")

    def _is_repeated(self, thing: Object, hint: str) -> bool:
        """Whether the service differs from one before it, by count, in nothing that is known."""
        place = ecs.service_place(thing)
        known = (place.source.file, hint, (place.start, place.end))
        if known in self._seen:
            return True
        self._seen.add(known)
        return False

    def _carried(self, thing: Object) -> Carried:
        body = Body(thing.block, thing.scope)
        index = len(self.places.documents) + 1
        carried = Carried(thing.block.source.file, index, body.place)
        self.places.add(carried)
        return carried

    def _document(self, thing: Object, hint: str) -> None:
        if thing.type != ecs.SERVICE and self._is_of_dropped(thing):
            return
        carried = self._carried(thing)
        if not _DOCUMENTS[thing.type](thing, carried):
            return
        found = self.request.normalise("ecs", carried.document)
        if thing.type == ecs.SERVICE:
            found.workloads = [self._service(each, thing) for each in found.workloads]
        self._take(found, hint)

    def _is_of_dropped(self, thing: Object) -> bool:
        found = ecs.scaled(thing) if thing.type != ecs.ALARM else None
        return found is not None and id(found[1]) in self._dropped

    def _service(self, workload: Workload, thing: Object) -> Workload:
        changes: dict[str, object] = {}
        if ecs.leaves_count_alone(thing):
            changes["count_left_alone"] = True
        health = self._health_path(thing)
        if health is not None:
            changes["health_check_path"] = health
        return replace(workload, **changes) if changes else workload

    def _health_path(self, thing: Object) -> Sourced[str] | None:
        """The path that the target group asks for; "/" where none is written (its API's default
        for HTTP)."""
        for group in ecs.target_groups(thing):
            body = Body(group.block, group.scope)
            protocol = (text_of(group.get("protocol")) or "HTTP").upper()
            for check in body.blocks("health_check"):
                own = (text_of(check.get("protocol")) or protocol).upper()
                if own not in ("HTTP", "HTTPS"):
                    return None
                carried = self._carried(group)
                carried.put(
                    ("path",), carried.value(check.get("path"), check.attribute_place("path"))
                )
                return (
                    Field.root(carried.document)
                    .get("path")
                    .text("/", "a target group asks for / when path is absent")
                )
        return None

    def _task_definition(self, thing: Object, hint: str) -> None:
        carried = self._carried(thing)
        containers = ecs.task_definition(thing, carried)
        if not containers:
            return
        found = self.request.normalise("ecs", carried.document)
        found.templates = [_with_references(each, containers) for each in found.templates]
        self._take(found, hint)

    def _kubernetes(self, thing: Object, hint: str) -> None:
        carried = self._carried(thing)
        if kubernetes.manifest(thing, carried):
            self.platforms.setdefault(thing.block.source.file, "kubernetes")
            found = self.request.normalise("kubernetes", carried.document)
            if kubernetes.leaves_count_alone(thing):
                found.workloads = [replace(each, count_left_alone=True) for each in found.workloads]
            self._take(found, hint)

    def _module(self, thing: Object, hint: str) -> None:
        """The services of a module of the registry."""
        for each in service_modules.services(thing):
            for kind, make in each.documents:
                carried = self._carried(thing)
                carried.head = each.settings.place
                carried.places[id(carried.root)] = carried.head
                if not make(carried):
                    continue
                found = self.request.normalise("ecs", carried.document)
                if kind == "service":
                    found.workloads = [
                        replace(workload, count_left_alone=each.count_left_alone)
                        for workload in found.workloads
                    ]
                found.templates = [_with_references(t, each.containers) for t in found.templates]
                self._take(found, hint)

    def _take(self, found: Fragments, hint: str) -> None:
        if hint:
            found.workloads = [replace(each, environment_hint=hint) for each in found.workloads]
            found.templates = [replace(each, environment_hint=hint) for each in found.templates]
            found.autoscalers = [_hinted(each, hint) for each in found.autoscalers]
        self.fragments.extend(found)

    def sources(self) -> dict[str, SourceFile]:
        """The files that something stands in."""
        found = {}
        for name, source in sorted(self.places.files.items()):
            form = format_of(name)
            documents = []
            if form == "hcl":
                documents = [self.places.mirrors.get(name) or mirrored(source)]
            text = source.original if isinstance(source, PlanSource) else source.text
            if source.lines_before:
                text = "\n".join(text.split("\n")[source.lines_before : -2]) + "\n"
            found[name] = SourceFile(
                name, text, form, documents, [], self.platforms.get(name, "ecs")
            )
        return found

    def left_out(self) -> list[tuple[str, str]]:
        """The parts of files in which something stands that do not parse."""
        found = []
        for name in sorted(self.places.files):
            source = self.project.sources.get(name)
            if source is None or source.root is None or not source.root.has_error:
                continue
            line = next(_errors(source.root), None)
            if line is not None:
                found.append((name, f"line {line} cannot be read; what it sets is unknown"))
        return found


def _errors(root: Tree) -> Iterator[int]:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            yield node.start_point.row + 1
        if node.has_error:
            pending.extend(reversed(node.children))


def _together(scalers: list[Autoscaler]) -> list[Autoscaler]:
    """The policies of one root with the bounds that they belong to: modules that several roots
    call make several of one name."""
    bounds: dict[tuple[str | None, str, str], list[Autoscaler]] = {}
    for scaler in scalers:
        if not scaler.partial and scaler.target.name is not None:
            bounds.setdefault(_aim(scaler), []).append(scaler)
    policies: dict[tuple[str | None, str, str], list[Autoscaler]] = {}
    found = []
    for scaler in scalers:
        if scaler.partial and len(bounds.get(_aim(scaler), ())) == 1:
            policies.setdefault(_aim(scaler), []).append(scaler)
        else:
            found.append(scaler)
    return [
        each
        if each.partial or _aim(each) not in policies
        else replace(
            each,
            policies=(*each.policies, *(p for own in policies[_aim(each)] for p in own.policies)),
        )
        for each in found
    ]


def _aim(scaler: Autoscaler) -> tuple[str | None, str, str]:
    return scaler.target.name, scaler.target.namespace, scaler.environment_hint


def _hinted(scaler: Autoscaler, hint: str) -> Autoscaler:
    return replace(scaler, environment_hint=hint)


def _with_references(template: Workload, containers: list[Value]) -> Workload:
    """The environment variables that take their values of databases refer to them."""
    known: dict[tuple[str, str], str] = {}
    for container in containers:
        if not isinstance(container.data, dict):
            continue
        name = text_of(container.data.get("name", Value(""))) or ""
        for key in ("environment", "secrets"):
            listed = container.data.get(key)
            for item in listed.data if listed is not None and isinstance(listed.data, list) else ():
                found = _database_of(item)
                if found is not None:
                    known[name, found[0]] = found[1]
    if not known:
        return template
    return replace(
        template,
        containers=tuple(_referring(each, known) for each in template.containers),
    )


def _database_of(item: Value) -> tuple[str, str] | None:
    """(variable, reference) of an entry whose value stems from a database."""
    if not isinstance(item.data, dict):
        return None
    name = text_of(item.data.get("name", Value(None)))
    value = item.data.get("value") or item.data.get("valueFrom")
    if not name or value is None:
        return None
    for ref in value.refs:
        if isinstance(ref, Object) and ref.type in databases.TYPES:
            return name, databases.reference(ref)
    return None


def _referring(container: Container, known: dict[tuple[str, str], str]) -> Container:
    environment = tuple(
        replace(each, reference=known[container.name, each.name])
        if (container.name, each.name) in known
        else each
        for each in container.environment
    )
    return replace(container, environment=environment)
