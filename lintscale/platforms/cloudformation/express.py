"""ECS Express: a service with its task, load balancer and scaling in one resource.

Defaults: create-express-gateway-service in botocore 1.44.8 and the ECS developer guide, read Dec
2026; how it deploys is ECS's own business and not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.platforms.cloudformation.template import Template
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence

EXPRESS = "AWS::ECS::ExpressGatewayService"

_METRICS = {
    "AVERAGE_CPU": "ECSServiceAverageCPUUtilization",
    "AVERAGE_MEMORY": "ECSServiceAverageMemoryUtilization",
    "REQUEST_COUNT_PER_TARGET": "ALBRequestCountPerTarget",
}
DEFAULT_TARGET = 60
DEFAULT_HEALTH_PATH = "/ping"


def documents(template: Template, resource: str) -> Iterator[Mapping]:
    """The service, its task definition, and its scaling where that is written."""
    properties = template.properties(resource)
    named = properties.get("ServiceName")
    name = named.text if isinstance(named, Scalar) and "${" not in named.text else resource
    maker = _Maker(template, resource, name)
    yield maker.service(properties)
    yield maker.task(properties)
    target = properties.get("ScalingTarget")
    if isinstance(target, Mapping):
        yield maker.target(target)
        yield maker.policy(target)


class _Maker:
    def __init__(self, template: Template, resource: str, name: str) -> None:
        self.template = template
        self.resource = resource
        self.name = name
        self.head = template.head(resource)

    def service(self, properties: Mapping) -> Mapping:
        root = self._root()
        unknown = self.template.text("${express}", self.head)
        self._put(root, "ServiceName", self.template.text(self.name, self._place(properties)))
        self._put(root, "TaskDefinition", self.template.text(self.name, self.head))
        cluster = properties.get("Cluster")
        if isinstance(cluster, Scalar):
            self._put(root, "Cluster", cluster)
        count = properties.get("ScalingTarget")
        least = count.get("MinTaskCount") if isinstance(count, Mapping) else None
        self._put(root, "DesiredCount", least or unknown)
        self._put(root, "DeploymentConfiguration", unknown)
        self._put(root, "HealthCheckGracePeriodSeconds", unknown)
        self._put(root, "LoadBalancers", self._list([self._root()]))
        self._put(root, "LaunchType", self.template.text("FARGATE", self.head))
        return root

    def task(self, properties: Mapping) -> Mapping:
        root = self._root()
        self._put(root, "Family", self.template.text(self.name, self.head))
        for key, default in (("Cpu", 256), ("Memory", 512)):
            why = f"ECS Express takes {default} when {key} is absent"
            node = properties.get(key) or self.template.supplied(default, why, self.head)
            self._put(root, key, node)
        container = properties.get("PrimaryContainer")
        made = self._root()
        if isinstance(container, Mapping):
            made.entries.update(container.entries)
            port = container.get("ContainerPort")
            if port is not None:
                mapping = self._root()
                self._put(mapping, "ContainerPort", port)
                self._put(made, "PortMappings", self._list([mapping]))
        self._put(made, "Name", self.template.text("Main", self.head))
        self._put(root, "ContainerDefinitions", self._list([made]))
        return root

    def target(self, target: Mapping) -> Mapping:
        root = self._scaled()
        for name, key in (("MinTaskCount", "MinCapacity"), ("MaxTaskCount", "MaxCapacity")):
            node = target.get(name)
            if node is not None:
                self._put(root, key, node)
        return root

    def policy(self, target: Mapping) -> Mapping:
        root = self._scaled()
        self._put(root, "PolicyName", self.template.text("express", self.head))
        self._put(root, "PolicyType", self.template.text("TargetTrackingScaling", self.head))
        configuration = self._root()
        metric = target.get("AutoScalingMetric")
        kind = metric.text if isinstance(metric, Scalar) else "AVERAGE_CPU"
        specification = self._root()
        path = self.template.paths.get(id(metric), self.head) if metric is not None else self.head
        text = self.template.text(_METRICS.get(kind, "${metric}"), path)
        self._put(specification, "PredefinedMetricType", text)
        self._put(configuration, "PredefinedMetricSpecification", specification)
        why = f"ECS Express holds {DEFAULT_TARGET} when AutoScalingTargetValue is absent"
        value = target.get("AutoScalingTargetValue")
        self._put(
            configuration,
            "TargetValue",
            value or self.template.supplied(DEFAULT_TARGET, why, self.head),
        )
        for key in ("ScaleInCooldown", "ScaleOutCooldown"):
            self._put(configuration, key, self.template.text("${express}", self.head))
        self._put(root, "TargetTrackingScalingPolicyConfiguration", configuration)
        return root

    def _scaled(self) -> Mapping:
        root = self._root()
        for key, text in (
            ("ServiceNamespace", "ecs"),
            ("ResourceId", "service/${cluster}/" + self.name),
            ("ScalableDimension", "ecs:service:DesiredCount"),
        ):
            self._put(root, key, self.template.text(text, self.head))
        return root

    def _place(self, properties: Mapping) -> tuple[str | int, ...]:
        node = properties.get("ServiceName")
        return self.template.paths.get(id(node), self.head) if node is not None else self.head

    def _root(self) -> Mapping:
        node = Mapping({}, self.template.document.span)
        self.template.keep(node, self.head)
        return node

    def _list(self, items: list[Node]) -> Node:
        return self.template.keep(Sequence(items, self.template.document.span), self.head)

    def _put(self, root: Mapping, key: str, node: Node) -> None:
        root.entries[key] = Entry(Scalar(key, key, root.span), node)
