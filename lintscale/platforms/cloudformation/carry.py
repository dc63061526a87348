"""What CloudFormation templates declare."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import Container, Fragments, Workload
from lintscale.model.location import Location
from lintscale.model.relocation import relocate
from lintscale.model.sourced import Sourced
from lintscale.platforms.base import Cargo, CarrierRequest
from lintscale.platforms.cloudformation import databases, express, resources
from lintscale.platforms.cloudformation.template import Template
from lintscale.syntax import parse
from lintscale.syntax.document import Document, SourceFile, format_of
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Scalar, Sequence


def carry(request: CarrierRequest) -> Cargo:
    """The ECS services, their scaling and their databases of each template."""
    fragments, sources = Fragments(), {}
    for name, text in sorted(request.texts.items()):
        form = format_of(name)
        result = parse(text, name, form)
        documents = []
        for document in result.documents:
            template = _template(document)
            found = _Templated(request, template).fragments if template is not None else None
            if found is not None and _says_something(found):
                fragments.extend(found)
                documents.append(document)
        if documents:
            problems = [each for each in result.problems if each.kind == "syntax-error"]
            sources[name] = SourceFile(name, text, form, documents, problems, "ecs")
    return Cargo(fragments, sources)


def _template(document: Document) -> Template | None:
    """The template that a document is, or that a Serverless Framework's file has inside."""
    for base in ((), ("resources",)):
        node = document.node(base)
        if isinstance(node, Mapping) and isinstance(node.get("Resources"), Mapping):
            return Template(document, base)
    return None


def _says_something(found: Fragments) -> bool:
    return bool(found.workloads or found.templates or found.autoscalers or found.databases)


class _Templated:
    def __init__(self, request: CarrierRequest, template: Template) -> None:
        self.request = request
        self.template = template
        self.fragments = Fragments()
        self._roots: list[Mapping] = []
        for name, kind in template.resources():
            for root in resources.document(template, name, kind):
                found = self._normalised(root)
                if kind == resources.SERVICE:
                    found.workloads = [self._service(each, name) for each in found.workloads]
                elif kind == express.EXPRESS:
                    found.workloads = [self._with_path(each, name) for each in found.workloads]
                elif kind == resources.TASK_DEFINITION:
                    found.templates = [self._referring(each, root) for each in found.templates]
                self.fragments.extend(found)
        relocate(self.fragments, self._located)
        for name, kind in template.resources():
            if kind in databases.TYPES:
                made = databases.database(template, name, kind)
                if made is not None:
                    self.fragments.databases.append(made)

    def _normalised(self, root: Mapping) -> Fragments:
        return self.request.normalise("ecs", self._document(root))

    def _document(self, root: Mapping) -> Document:
        document = self.template.document
        self._roots.append(root)
        return Document(document.file, len(self._roots), document.format, root, document.span)

    def _located(self, location: Location) -> Location:
        return self.template.located(self._roots[location.document - 1], location)

    def _service(self, workload: Workload, name: str) -> Workload:
        template = self.template
        changes: dict[str, object] = {}
        properties = template.properties(name)
        if "DesiredCount" not in properties.entries:
            changes["count_left_alone"] = True
        head = Field.root(template.document).at(template.head(name)).location
        if "ServiceName" not in properties.entries:
            changes["location"] = replace(head, document=len(self._roots), path=())
        health = self._health_path(name)
        if health is not None:
            changes["health_check_path"] = health
        return replace(workload, **changes) if changes else workload

    def _with_path(self, workload: Workload, name: str) -> Workload:
        field = Field.root(self._document(self.template.properties(name))).get("HealthCheckPath")
        why = f"ECS Express asks for {express.DEFAULT_HEALTH_PATH} when HealthCheckPath is absent"
        return replace(workload, health_check_path=field.text(express.DEFAULT_HEALTH_PATH, why))

    def _health_path(self, name: str) -> Sourced[str] | None:
        """The path that the target group asks for, which is "/" where none is written."""
        for group in resources.target_groups(self.template, name):
            properties = self.template.properties(group)
            protocol = properties.get("HealthCheckProtocol") or properties.get("Protocol")
            kind = properties.get("TargetType")
            if isinstance(kind, Scalar) and kind.text == "lambda":
                return None
            text = protocol.text.upper() if isinstance(protocol, Scalar) else "HTTP"
            if text not in ("HTTP", "HTTPS"):
                return None
            field = Field.root(self._document(properties)).get("HealthCheckPath")
            return field.text("/", "a target group asks for / when HealthCheckPath is absent")
        return None

    def _referring(self, workload: Workload, root: Mapping) -> Workload:
        """Environment variables that take their values of databases refer to them."""
        known: dict[tuple[str, str], str] = {}
        listed = root.get("ContainerDefinitions")
        for container in listed.items if isinstance(listed, Sequence) else ():
            if not isinstance(container, Mapping):
                continue
            named = container.get("Name")
            for key in ("Environment", "Secrets"):
                variables = container.get(key)
                for item in variables.items if isinstance(variables, Sequence) else ():
                    found = self._database_of(item) if isinstance(item, Mapping) else None
                    if found is not None and isinstance(named, Scalar):
                        known[named.text, found[0]] = found[1]
        if not known:
            return workload
        containers = tuple(_with_references(each, known) for each in workload.containers)
        return replace(workload, containers=containers)

    def _database_of(self, item: Mapping) -> tuple[str, str] | None:
        name = item.get("Name")
        for ref in self.template.refs_of(item.get("Value") or item.get("ValueFrom")):
            if self.template.type_of(ref) in databases.TYPES and isinstance(name, Scalar):
                return name.text, databases.reference(self.template, ref)
        return None


def _with_references(container: Container, known: dict[tuple[str, str], str]) -> Container:
    environment = tuple(
        replace(each, reference=known.get((container.name, each.name), each.reference))
        for each in container.environment
    )
    return replace(container, environment=environment)
