"""What Copilot's manifests declare: a service for each of their environments.

Fields, defaults and how an environment goes over the rest: aws/copilot-cli 4c858e7 (2024-03-25,
internal/pkg/manifest), read Dec 2026. Copilot's support ended on 2026-06-12; its stacks run on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lintscale._record import replace
from lintscale.model.declared import Fragments, Workload
from lintscale.model.location import Location
from lintscale.model.relocation import relocate
from lintscale.platforms.base import Cargo, CarrierRequest
from lintscale.platforms.cloudformation.template import Template
from lintscale.syntax import parse
from lintscale.syntax.document import Document, SourceFile
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence
from lintscale.syntax.regex import regex

_SERVICES = frozenset({"Load Balanced Web Service", "Backend Service", "Worker Service"})
_BALANCED = "Load Balanced Web Service"

_GRACE_SECONDS = 60
_COOLDOWNS = {"in": ("ScaleInCooldown", 120), "out": ("ScaleOutCooldown", 60)}
_PREDEFINED = {
    "cpu_percentage": "ECSServiceAverageCPUUtilization",
    "memory_percentage": "ECSServiceAverageMemoryUtilization",
    "requests": "ALBRequestCountPerTarget",
}
_CUSTOM = {
    "response_time": ("TargetResponseTime", "AWS/ApplicationELB"),
    "queue_delay": ("BacklogPerTask", "Copilot"),
}
_RANGE = regex(r"\s*(\d{1,6})\s*-\s*(\d{1,6})\s*")
_DURATION = regex(r"\s*(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?\s*")


def carry(request: CarrierRequest) -> Cargo:
    """The services of each manifest."""
    fragments, sources = Fragments(), {}
    for name, text in sorted(request.texts.items()):
        result = parse(text, name, "yaml")
        found = [each for each in result.documents if _is_service(each)]
        for document in found:
            fragments.extend(_Manifest(request, document).fragments)
        if found:
            problems = [each for each in result.problems if each.kind == "syntax-error"]
            sources[name] = SourceFile(name, text, "yaml", found, problems, "ecs")
    return Cargo(fragments, sources)


def _is_service(document: Document) -> bool:
    kind = document.node(("type",))
    return isinstance(kind, Scalar) and kind.text in _SERVICES


class _Manifest:
    def __init__(self, request: CarrierRequest, document: Document) -> None:
        self.request = request
        self.template = Template(document)
        self.fragments = Fragments()
        self._roots: list[Mapping] = []
        root = document.root
        whole = self.template.value(root, ()) if root is not None else None
        if not isinstance(whole, Mapping):
            return
        environments = whole.get("environments")
        names = list(environments.entries) if isinstance(environments, Mapping) else []
        for name in names or [""]:
            own = environments.get(name) if isinstance(environments, Mapping) else None
            merged = self._merged(whole, own) if isinstance(own, Mapping) else whole
            self._add(merged, str(name or ""))
        relocate(self.fragments, self._located)

    def _merged(self, base: Mapping, over: Mapping) -> Mapping:
        """A mapping goes over another key by key; anything else replaces what is there."""
        merged = Mapping(dict(base.entries), base.span, base.flow)
        self.template.keep(merged, self.template.paths.get(id(base), ()))
        for key, entry in over.entries.items():
            before = merged.get(key)
            if isinstance(before, Mapping) and isinstance(entry.value, Mapping):
                merged.entries[key] = Entry(entry.key, self._merged(before, entry.value))
            else:
                merged.entries[key] = entry
        return merged

    def _add(self, manifest: Mapping, environment: str) -> None:
        for root in (
            self._service(manifest),
            self._task(manifest),
            *self._scaling(manifest),
        ):
            found = self.request.normalise("ecs", self._document(root))
            found.workloads = [
                self._with_health(replace(each, environment_hint=environment), manifest)
                for each in found.workloads
            ]
            found.templates = [
                replace(each, environment_hint=environment) for each in found.templates
            ]
            found.autoscalers = [
                replace(each, environment_hint=environment) for each in found.autoscalers
            ]
            self.fragments.extend(found)

    def _document(self, root: Mapping) -> Document:
        document = self.template.document
        self._roots.append(root)
        return Document(document.file, len(self._roots), "yaml", root, document.span)

    def _located(self, location: Location) -> Location:
        return self.template.located(self._roots[location.document - 1], location)

    # -- documents ------------------------------------------------------------------------------

    def _service(self, manifest: Mapping) -> Mapping:
        root = self._root()
        name = self._name(manifest)
        self._put(root, ("serviceName",), name)
        self._put(root, ("taskDefinition",), name)
        self._put(root, ("launchType",), self.template.text("FARGATE", ()))
        self._put(root, ("desiredCount",), self._count(manifest))
        deployment = "deploymentConfiguration"
        rolling = _at(manifest, "deployment", "rolling")
        recreates = isinstance(rolling, Scalar) and rolling.text == "recreate"
        for key, value in (
            ("maximumPercent", 100 if recreates else 200),
            ("minimumHealthyPercent", 0 if recreates else 100),
        ):
            why = "Copilot's deployment.rolling " + ("recreate" if recreates else "default")
            self._put(root, (deployment, key), self.template.supplied(value, why, (), chosen=True))
        for key in ("enable", "rollback"):
            on = self.template.supplied(True, "Copilot rolls failed deploys back", (), chosen=True)
            self._put(root, (deployment, "deploymentCircuitBreaker", key), on)
        if self._is_balanced(manifest):
            balancer = Sequence([self._root()], root.span)
            self._put(root, ("loadBalancers",), self.template.keep(balancer, ("http",)))
            grace = _at(manifest, "http", "healthcheck", "grace_period")
            self._put(
                root, ("healthCheckGracePeriodSeconds",), self._seconds(grace, _GRACE_SECONDS)
            )
        return root

    def _count(self, manifest: Mapping) -> Node:
        count = manifest.get("count")
        if isinstance(count, Scalar):
            return count
        for keys in (("spot",), ("range", "min")):
            node = _at(count, *keys)
            if node is not None:
                return node
        limits = _at(count, "range")
        if isinstance(limits, Scalar):
            return self._of_range(limits, 1)
        return self.template.supplied(
            1, "Copilot runs 1 task when count is absent", (), chosen=True
        )

    def _of_range(self, node: Scalar, group: int) -> Node:
        found = _RANGE.fullmatch(node.text)
        path = self.template.paths.get(id(node), ())
        text = found[group] if found else "${range}"
        return self.template.text(text, path)

    def _task(self, manifest: Mapping) -> Mapping:
        root = self._root()
        self._put(root, ("family",), self._name(manifest))
        for key, default in (("cpu", 256), ("memory", 512)):
            why = f"Copilot's default when {key} is absent"
            node = manifest.get(key) or self.template.supplied(default, why, (), chosen=True)
            self._put(root, (key,), node)
        fargate = Sequence([self.template.text("FARGATE", ())], root.span)
        self._put(root, ("requiresCompatibilities",), self.template.keep(fargate, ()))
        container = self._root(("image",))
        self._put(container, ("name",), self._name(manifest))
        image = _at(manifest, "image", "location")
        self._put(container, ("image",), image or self.template.text("${image}", ("image",)))
        port = _at(manifest, "image", "port")
        if port is not None:
            mapping = self._root(("image",))
            self._put(mapping, ("containerPort",), port)
            self._put(container, ("portMappings",), Sequence([mapping], root.span))
        for key, name, value in (
            ("variables", "environment", "value"),
            ("secrets", "secrets", "valueFrom"),
        ):
            listed = manifest.get(key)
            if isinstance(listed, Mapping):
                items = list(self._variables(listed, value))
                self._put(container, (name,), Sequence(items, listed.span))
        for key, name in (("command", "command"), ("entrypoint", "entryPoint")):
            given = manifest.get(key)
            if given is not None:
                self._put(container, (name,), given)
        self._health_check(manifest, container)
        definitions = Sequence([container], root.span)
        self._put(root, ("containerDefinitions",), self.template.keep(definitions, ("image",)))
        return root

    def _variables(self, listed: Mapping, value: str) -> Iterator[Node]:
        for entry in listed.entries.values():
            path = self.template.paths.get(id(entry.value), ())
            item = self._root(path)
            self._put(item, ("name",), self.template.text(entry.key.text, path))
            known = entry.value if isinstance(entry.value, Scalar) else None
            self._put(item, (value,), known or self.template.text("${value}", path))
            yield item

    def _health_check(self, manifest: Mapping, container: Mapping) -> None:
        check = _at(manifest, "image", "healthcheck")
        if not isinstance(check, Mapping):
            return
        made = self._root(("image", "healthcheck"))
        for key, name in (
            ("command", "command"),
            ("interval", "interval"),
            ("retries", "retries"),
            ("timeout", "timeout"),
            ("start_period", "startPeriod"),
        ):
            node = check.get(key)
            if node is not None:
                is_time = key in ("interval", "timeout", "start_period")
                self._put(made, (name,), self._seconds(node, 0) if is_time else node)
        self._put(container, ("healthCheck",), made)

    # -- scaling --------------------------------------------------------------------------------

    def _scaling(self, manifest: Mapping) -> Iterator[Mapping]:
        count = manifest.get("count")
        limits = _at(count, "range")
        if not isinstance(count, Mapping) or limits is None:
            return
        target = self._scaled(manifest)
        for group, key, name in ((1, "min", "MinCapacity"), (2, "max", "MaxCapacity")):
            if isinstance(limits, Scalar):
                self._put(target, (name,), self._of_range(limits, group))
            else:
                node = _at(limits, key)
                if node is not None:
                    self._put(target, (name,), node)
        yield target
        for key in (*_PREDEFINED, *_CUSTOM):
            node = count.get(key)
            if node is not None:
                yield self._policy(manifest, count, key, node)

    def _policy(self, manifest: Mapping, count: Mapping, key: str, node: Node) -> Mapping:
        root = self._scaled(manifest)
        path = self.template.paths.get(id(node), ())
        self._put(root, ("PolicyName",), self.template.text(key, path))
        self._put(root, ("PolicyType",), self.template.text("TargetTrackingScaling", path))
        configuration = "TargetTrackingScalingPolicyConfiguration"
        if key in _PREDEFINED:
            metric = (configuration, "PredefinedMetricSpecification", "PredefinedMetricType")
            self._put(root, metric, self.template.text(_PREDEFINED[key], path))
        else:
            custom = (configuration, "CustomizedMetricSpecification")
            for name, text in zip(("MetricName", "Namespace"), _CUSTOM[key], strict=True):
                self._put(root, (*custom, name), self.template.text(text, path))
        value = node.get("value") if isinstance(node, Mapping) else node
        if key == "queue_delay":
            value = self._backlog(node, path)
        elif key == "response_time" and isinstance(value, Scalar):
            value = self._seconds(value, 0)
        self._put(root, (configuration, "TargetValue"), value or self.template.text("${v}", path))
        for direction, (name, default) in _COOLDOWNS.items():
            written = _at(node, "cooldown", direction) or _at(count, "cooldown", direction)
            self._put(root, (configuration, name), self._seconds(written, default))
        return root

    def _backlog(self, node: Node, path: tuple[str | int, ...]) -> Node:
        """Messages per task: how long they may wait by how long each takes."""
        seconds = [
            _duration(part) if isinstance(part, Scalar) else None
            for part in (_at(node, "acceptable_latency"), _at(node, "msg_processing_time"))
        ]
        if seconds[0] is None or not seconds[1]:
            return self.template.text("${backlog}", path)
        return self.template.text(f"{seconds[0] / seconds[1]:g}", path)

    def _scaled(self, manifest: Mapping) -> Mapping:
        root = self._root(("count",))
        name = self._name(manifest)
        self._put(root, ("ServiceNamespace",), self.template.text("ecs", ()))
        resource = self.template.text("service/${cluster}/" + name.text, ("name",))
        self._put(root, ("ResourceId",), resource)
        dimension = self.template.text("ecs:service:DesiredCount", ())
        self._put(root, ("ScalableDimension",), dimension)
        return root

    # -- parts ----------------------------------------------------------------------------------

    def _is_balanced(self, manifest: Mapping) -> bool:
        kind, http = manifest.get("type"), manifest.get("http")
        off = isinstance(http, Scalar) and http.value is False
        return isinstance(kind, Scalar) and kind.text == _BALANCED and not off

    def _with_health(self, workload: Workload, manifest: Mapping) -> Workload:
        """The path that the load balancer asks for."""
        if not self._is_balanced(manifest):
            return workload
        check = _at(manifest, "http", "healthcheck")
        node = _at(check, "path") if isinstance(check, Mapping) else check
        holder = self._root(("http",))
        if node is not None:
            self._put(holder, ("healthcheck",), node)
        field = Field.root(self._document(holder)).get("healthcheck")
        path = field.text("/", "Copilot asks for / when http.healthcheck is absent")
        return replace(workload, health_check_path=path)

    def _seconds(self, node: Node | None, default: int) -> Node:
        path = self.template.paths.get(id(node), ()) if node is not None else ()
        if node is None:
            return self.template.supplied(
                default, f"Copilot's default of {default} s", (), chosen=True
            )
        seconds = _duration(node) if isinstance(node, Scalar) else None
        return self.template.text("${seconds}" if seconds is None else str(seconds), path)

    def _name(self, manifest: Mapping) -> Scalar:
        node = manifest.get("name")
        return node if isinstance(node, Scalar) else self.template.text("service", ())

    def _root(self, path: tuple[str | int, ...] = ()) -> Mapping:
        node = Mapping({}, self.template.document.span)
        self.template.keep(node, path)
        return node

    def _put(self, root: Mapping, path: tuple[str, ...], node: Node) -> None:
        for name in path[:-1]:
            inner = root.get(name)
            if not isinstance(inner, Mapping):
                inner = self._root(self.template.paths.get(id(root), ()))
                root.entries[name] = Entry(Scalar(name, name, root.span), inner)
            root = inner
        root.entries[path[-1]] = Entry(Scalar(path[-1], path[-1], root.span), node)


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _duration(node: Scalar) -> int | None:
    """Seconds of "90s", "2m" or a bare number."""
    if re.fullmatch(r"\d{1,6}", node.text):
        return int(node.text)
    found = _DURATION.fullmatch(node.text)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
