"""ECS services by the variables of the modules of the public registry that are used most.

terraform-aws-modules/ecs (v5.6.0 to v7.5.0: the same defaults; containers in snake_case before v6,
in camelCase from it on), cloudposse/ecs-alb-service-task v0.78.0 and cloudposse/ecs-web-app v2.4.3;
their variables.tf and main.tf, read Dec 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lintscale.platforms.terraform import ecs
from lintscale.platforms.terraform.bodies import camel, pascal
from lintscale.platforms.terraform.modules import Object
from lintscale.platforms.terraform.nodes import Carried
from lintscale.platforms.terraform.public_modules import source_of
from lintscale.platforms.terraform.values import Place, Unknown, Value, number_of, text_of, truth_of
from lintscale.syntax.nodes import Node


class Settings(NamedTuple):
    """The arguments of one service: a module's, or an entry of a map in them."""

    thing: Object
    entries: dict[str, Value] | None
    label: str
    place: Place
    module: str

    def has(self, name: str) -> bool:
        if self.entries is not None:
            found = self.entries.get(name)
            return found is not None and found.data is not None
        return self.thing.has(name) and self.thing.get(name).data is not None

    def get(self, name: str) -> Value:
        if self.entries is not None:
            return self.entries.get(name, Value(None))
        return self.thing.get(name) if self.thing.has(name) else Value(None)

    def reason(self, name: str) -> str:
        return f"the default of the module {self.module} when {name} is absent"

    @property
    def name(self) -> str:
        value = self.get("name")
        text = text_of(value)
        return text if text and value.is_known else self.label

    @property
    def name_place(self) -> Place:
        return self.get("name").place or self.place


class ModuleService(NamedTuple):
    """What one service of a module comes to: documents to be filled in, and whether a deploy
    leaves its count as it is."""

    settings: Settings
    documents: list[tuple[str, Callable[[Carried], bool]]]
    count_left_alone: bool
    containers: list[Value]


def services(thing: Object) -> Iterator[ModuleService]:
    """The services of a module that is kept elsewhere; none for any other module."""
    source, _, inner = source_of(thing).partition("//")
    place = ecs.body_of(thing).place
    if source == "terraform-aws-modules/ecs/aws":
        if inner == "modules/service":
            yield _of_aws(Settings(thing, None, thing.name, place, source))
        elif not inner:
            listed = thing.get("services").data if thing.has("services") else None
            for name, value in (listed if isinstance(listed, dict) else {}).items():
                if isinstance(value.data, dict):
                    where = value.place or place
                    yield _of_aws(Settings(thing, value.data, name, where, source))
    elif source in ("cloudposse/ecs-alb-service-task/aws", "cloudposse/ecs-web-app/aws"):
        yield _of_cloudposse(Settings(thing, None, thing.name, place, source))


# -- terraform-aws-modules/ecs ------------------------------------------------------------------


def _of_aws(settings: Settings) -> ModuleService:
    definition = settings.get("container_definitions")
    containers = _containers_of_aws(definition)
    documents: list[tuple[str, Callable[[Carried], bool]]] = [
        ("service", lambda carried: _service(settings, carried, 66, "launch_type")),
        ("task", lambda carried: _task(settings, carried, containers, (1024, 2048))),
    ]
    scales = truth_of(settings.get("enable_autoscaling"))
    if scales is not False:
        documents.append(("scaling", lambda carried: _target(settings, carried)))
        documents += [
            ("scaling", lambda carried, each=each: _policy(settings, carried, *each))  # type: ignore[misc]
            for each in _policies(settings)
        ]
        documents += [
            ("scaling", lambda carried, each=each: _action(settings, carried, *each))  # type: ignore[misc]
            for each in _entries(settings.get("autoscaling_scheduled_actions"))
        ]
    return ModuleService(settings, documents, True, containers)


def _service(settings: Settings, carried: Carried, least: int, launch: str) -> bool:
    carried.put(("serviceName",), carried.text(settings.name, settings.name_place))
    _cluster(settings, carried)
    family = settings.get("family")
    known = text_of(family) if family.is_known and family.data else settings.name
    carried.put(("taskDefinition",), carried.text(known or settings.name, None))
    _put(settings, carried, ("desiredCount",), "desired_count", 1)
    deployment = "deploymentConfiguration"
    _put(settings, carried, (deployment, "maximumPercent"), "deployment_maximum_percent", 200)
    _put(
        settings,
        carried,
        (deployment, "minimumHealthyPercent"),
        "deployment_minimum_healthy_percent",
        least,
    )
    breaker = settings.get("deployment_circuit_breaker")
    carried.put((deployment, "deploymentCircuitBreaker"), styled(carried, breaker, camel))
    carried.put((deployment, "alarms"), styled(carried, settings.get("alarms"), camel))
    _put(settings, carried, ("launchType",), launch, "FARGATE")
    _put(settings, carried, ("healthCheckGracePeriodSeconds",), "health_check_grace_period_seconds")
    _put(settings, carried, ("schedulingStrategy",), "scheduling_strategy")
    network = ("networkConfiguration", "awsvpcConfiguration", "subnets")
    carried.put(network, carried.value(settings.get("subnet_ids")))
    for name, key in (
        ("load_balancer", "loadBalancers"),
        ("ecs_load_balancers", "loadBalancers"),
        ("capacity_provider_strategy", "capacityProviderStrategy"),
        ("capacity_provider_strategies", "capacityProviderStrategy"),
    ):
        value = settings.get(name)
        items = value.data
        if isinstance(items, dict):
            items = list(items.values())
        if isinstance(items, list):
            nodes = [styled(carried, item, camel) for item in items]
            made = [each for each in nodes if each is not None]
            if made:
                carried.put((key,), carried.sequence(made, value.place))
        elif isinstance(items, Unknown):
            carried.put((key,), carried.value(value))
    return True


def _cluster(settings: Settings, carried: Carried) -> None:
    for name in ("cluster_arn", "ecs_cluster_arn", "ecs_cluster_name"):
        if settings.has(name):
            cluster = ecs.cluster_name(settings.get(name)).rpartition("/")[2]
            carried.put(("cluster",), carried.text(cluster, settings.get(name).place))
            return
    whole = (
        settings.thing.get("cluster_name") if settings.thing.has("cluster_name") else Value(None)
    )
    if settings.entries is not None and text_of(whole) and whole.is_known:
        carried.put(("cluster",), carried.text(text_of(whole) or "", whole.place))


def _task(
    settings: Settings, carried: Carried, containers: list[Value], sizes: tuple[Any, Any]
) -> bool:
    family = settings.get("family")
    known = text_of(family) if family.is_known and family.data else settings.name
    carried.put(("family",), carried.text(known or settings.name, settings.name_place))
    prefix = "" if sizes[0] == 1024 else "task_"
    for name, default in zip(("cpu", "memory"), sizes, strict=True):
        _put(settings, carried, (name,), f"{prefix}{name}", default)
    compatibilities = settings.get("requires_compatibilities")
    node = carried.value(compatibilities)
    if node is None:
        fargate = carried.supplied(
            "FARGATE", settings.reason("requires_compatibilities"), chosen=True
        )
        node = carried.sequence([fargate], settings.place)
    carried.put(("requiresCompatibilities",), node)
    nodes = [styled(carried, each, camel, deep=False) for each in containers]
    made = [each for each in nodes if each is not None]
    if not made:
        return False
    carried.put(("containerDefinitions",), carried.sequence(made, settings.place))
    return True


def _containers_of_aws(value: Value) -> list[Value]:
    """The containers of a map by their names; in camelCase or in snake_case."""
    found = []
    for key, item in _entries(value):
        if not isinstance(item.data, dict):
            continue
        entries = {camel(name): each for name, each in item.data.items() if each.data is not None}
        entries.setdefault("name", Value(key, item.place))
        if truth_of(item.data.get("create", Value(True))) is not False:
            found.append(Value(entries, item.place, item.refs))
    return found


def _entries(value: Value) -> list[tuple[str, Value]]:
    return list(value.data.items()) if isinstance(value.data, dict) else []


def _scaled(settings: Settings, carried: Carried) -> None:
    _cluster(settings, carried)
    cluster = carried.root.entries.pop("cluster", None)
    named = getattr(cluster.value, "text", "") if cluster is not None else ""
    carried.put(("ServiceNamespace",), carried.text("ecs", None))
    resource = f"service/{named or '${cluster}'}/{settings.name}"
    carried.put(("ResourceId",), carried.text(resource, settings.name_place))
    carried.put(("ScalableDimension",), carried.text("ecs:service:DesiredCount", None))


def _target(settings: Settings, carried: Carried) -> bool:
    """Its bounds are never tighter than the desired count."""
    _scaled(settings, carried)
    desired = settings.get("desired_count")
    count = number_of(desired) if settings.has("desired_count") else 1
    for name, default, choose, key in (
        ("autoscaling_min_capacity", 1, min, "MinCapacity"),
        ("autoscaling_max_capacity", 10, max, "MaxCapacity"),
    ):
        written = settings.has(name)
        value = settings.get(name)
        number = number_of(value) if written else default
        if count is None or number is None:
            unknown = Value(Unknown("${" + name + "}"), value.place or desired.place)
            carried.put((key,), carried.value(unknown, settings.place))
        elif choose(number, count) == number and written:
            carried.put((key,), carried.value(value, settings.place))
        elif choose(number, count) == count and settings.has("desired_count"):
            carried.put((key,), carried.value(desired, settings.place))
        else:
            carried.put(
                (key,),
                carried.supplied(default, settings.reason(name), settings.place, chosen=True),
            )
    return True


def _policies(settings: Settings) -> list[tuple[str, Value]]:
    if settings.has("autoscaling_policies"):
        return _entries(settings.get("autoscaling_policies"))
    return [(name, Value({})) for name in ("cpu", "memory")]


_DEFAULT_METRICS = {
    "cpu": "ECSServiceAverageCPUUtilization",
    "memory": "ECSServiceAverageMemoryUtilization",
}


def _policy(settings: Settings, carried: Carried, key: str, value: Value) -> bool:
    _scaled(settings, carried)
    entries = value.data if isinstance(value.data, dict) else {}
    carried.put(("PolicyName",), carried.text(key, value.place or settings.place))
    kind = text_of(entries.get("policy_type", Value(None))) or "TargetTrackingScaling"
    carried.put(("PolicyType",), carried.text(kind, None))
    why = settings.reason("autoscaling_policies")
    if kind == "TargetTrackingScaling":
        configuration = "TargetTrackingScalingPolicyConfiguration"
        inner = entries.get("target_tracking_scaling_policy_configuration")
        node = styled(carried, inner, pascal) if inner is not None else None
        carried.put((configuration,), node or carried.mapping(value.place or settings.place))
        if inner is None:
            metric = (configuration, "PredefinedMetricSpecification", "PredefinedMetricType")
            carried.put(metric, carried.supplied(_DEFAULT_METRICS.get(key, ""), why, chosen=True))
        for name, default in (
            ("TargetValue", 75),
            ("ScaleInCooldown", 300),
            ("ScaleOutCooldown", 60),
        ):
            known = inner.data if inner is not None and isinstance(inner.data, dict) else {}
            if not any(pascal(each) == name for each, v in known.items() if v.data is not None):
                carried.put(
                    (configuration, name), carried.supplied(default, why, value.place, chosen=True)
                )
        return not (inner is not None and isinstance(inner.data, Unknown))
    steps = entries.get("step_scaling_policy_configuration")
    node = styled(carried, steps, pascal, {"StepAdjustment": "StepAdjustments"})
    carried.put(("StepScalingPolicyConfiguration",), node)
    return node is not None


def _action(settings: Settings, carried: Carried, key: str, value: Value) -> bool:
    if not isinstance(value.data, dict):
        return False
    _scaled(settings, carried)
    entries = value.data
    carried.put(("ScheduledActionName",), carried.text(key, value.place or settings.place))
    carried.put(("Schedule",), carried.value(entries.get("schedule", Value(None)), value.place))
    for name in ("min_capacity", "max_capacity"):
        node = carried.value(entries.get(name, Value(None)), value.place)
        carried.put(("ScalableTargetAction", pascal(name)), node)
    return True


# -- cloudposse ---------------------------------------------------------------------------------


def _of_cloudposse(settings: Settings) -> ModuleService:
    is_web_app = "ecs-web-app" in settings.module
    if is_web_app:
        containers = [_web_container(settings)]
        sizes: tuple[Any, Any] = (256, 512)
    else:
        containers = ecs.containers_of(settings.get("container_definition_json"))
        sizes = (256, 512)
    containers = [each for each in containers if isinstance(each.data, dict)]
    documents: list[tuple[str, Callable[[Carried], bool]]] = [
        ("service", lambda carried: _cloudposse_service(settings, carried)),
        ("task", lambda carried: _task(settings, carried, containers, sizes)),
    ]
    if is_web_app and truth_of(settings.get("autoscaling_enabled")) is True:
        documents.append(("scaling", lambda carried: _web_target(settings, carried)))
    left_alone = truth_of(settings.get("ignore_changes_desired_count")) is True
    return ModuleService(settings, documents, left_alone, containers)


def _cloudposse_service(settings: Settings, carried: Carried) -> bool:
    _service(settings, carried, 100, "launch_type")
    for name, key in (
        ("circuit_breaker_deployment_enabled", "enable"),
        ("circuit_breaker_rollback_enabled", "rollback"),
    ):
        if settings.has(name):
            path = ("deploymentConfiguration", "deploymentCircuitBreaker", key)
            carried.put(path, carried.value(settings.get(name), settings.place))
    if settings.has("alb_ingress_unauthenticated_paths") or "ecs-web-app" in settings.module:
        balancer = carried.mapping(settings.place)
        carried.put(("loadBalancers",), carried.sequence([balancer], settings.place))
    return True


def _web_container(settings: Settings) -> Value:
    entries: dict[str, Value] = {"name": Value(settings.name)}
    for name, key in (
        ("container_image", "image"),
        ("container_cpu", "cpu"),
        ("container_memory", "memory"),
        ("container_memory_reservation", "memoryReservation"),
        ("port_mappings", "portMappings"),
        ("container_environment", "environment"),
        ("container_stop_timeout", "stopTimeout"),
    ):
        if settings.has(name):
            entries[key] = settings.get(name)
    entries.setdefault("image", Value(Unknown("${image}")))
    return Value(entries, settings.place)


def _web_target(settings: Settings, carried: Carried) -> bool:
    _scaled(settings, carried)
    _put(settings, carried, ("MinCapacity",), "autoscaling_min_capacity", 1)
    _put(settings, carried, ("MaxCapacity",), "autoscaling_max_capacity", 2)
    return True


# -- nodes --------------------------------------------------------------------------------------


def _put(
    settings: Settings, carried: Carried, path: tuple[str, ...], name: str, default: Any = None
) -> None:
    """An argument, or the module's default."""
    if settings.has(name):
        carried.put(path, carried.value(settings.get(name), settings.place))
    elif default is not None:
        carried.put(
            path, carried.supplied(default, settings.reason(name), settings.place, chosen=True)
        )


def styled(
    carried: Carried,
    value: Value | None,
    style: Callable[[str], str],
    names: dict[str, str] | None = None,
    *,
    deep: bool = True,
) -> Node | None:
    """The node of a value, the keys of its maps in a style; ``deep`` False: of the outer only."""
    if value is None:
        return None
    return carried.value(_styled(value, style, names or {}, deep))


def _styled(value: Value, style: Callable[[str], str], names: dict[str, str], deep: bool) -> Value:
    data = value.data
    if isinstance(data, dict):
        entries = {}
        for key, item in data.items():
            name = style(key)
            inner = _styled(item, style, names, deep) if deep else item
            entries[names.get(name, name)] = inner
        return value._replace(data=entries)
    if isinstance(data, list) and deep:
        return value._replace(data=[_styled(item, style, names, deep) for item in data])
    return value
