"""ECS resources of the AWS provider as the documents of the API.

Joined by reference: what a service, a cluster or a task definition is called in a document is the
same wherever another resource refers to it, whether its name is known or not.

What the provider sends where nothing is written is written into the documents (terraform-provider-
aws, internal/service/ecs/service.go and appautoscaling/policy.go, read Dec 2026): a desired count
of 0, and cooldowns of 0, since unset numbers of nested blocks go out as zeros.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.platforms.terraform.bodies import Body, camel, node_of, pascal
from lintscale.platforms.terraform.modules import Object
from lintscale.platforms.terraform.nodes import Carried, parsed
from lintscale.platforms.terraform.values import (
    Encoded,
    Partial,
    Place,
    Unknown,
    Value,
    text_of,
)
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence
from lintscale.syntax.regex import regex

SERVICE = "aws_ecs_service"
TASK_DEFINITION = "aws_ecs_task_definition"
CLUSTER = "aws_ecs_cluster"
TARGET = "aws_appautoscaling_target"
POLICY = "aws_appautoscaling_policy"
SCHEDULED = "aws_appautoscaling_scheduled_action"
ALARM = "aws_cloudwatch_metric_alarm"

_NAMES = {SERVICE: "name", CLUSTER: "name", TASK_DEFINITION: "family", POLICY: "name"}
_GENERIC = frozenset({"this", "main", "default", "service", "app", "task", "ecs", "self"})

_OTHER = regex(r"[^A-Za-z0-9_-]+")
"""What no family's name has."""

NO_COUNT = "Terraform sends a desired count of 0 when desired_count is absent"
NO_COOLDOWN = "Terraform sends a cooldown of 0 s when {} is absent"


def body_of(thing: Object) -> Body:
    return Body(thing.block, thing.scope)


def given_name(thing: Object) -> str:
    """What an object is called: its name where that is known; else its label, or that of the
    module that it stands in where the label says nothing."""
    value = thing.get(_NAMES.get(thing.type, "name"))
    text = text_of(value)
    root = thing.module.root
    if text and value.is_known:
        is_one_of_several = thing.type == TASK_DEFINITION and root.environment
        return _OTHER.sub("-", f"{text}-{root.environment}") if is_one_of_several else text
    label = thing.name
    if label in _GENERIC and thing.module.path:
        called, _, index = thing.module.path[-1].removeprefix("module.").partition("[")
        label = f"{called}-{index.rstrip(']')}" if index else called
    key = text_of(thing.key) if thing.key is not None and thing.key.is_known else None
    name = f"{label}-{key}" if key else label
    if thing.type == TASK_DEFINITION:
        # Several roots may make one of this label; services find it by its name alone.
        where = _OTHER.sub("-", f"{root.folder.path}-{root.environment}").strip("-")
        return f"{name}-{where}" if where else name
    return name


def referred(value: Value, *types: str) -> Object | None:
    """The first object of one of these types that a value refers to."""
    return next((ref for ref in value.refs if isinstance(ref, Object) and ref.type in types), None)


def cluster_name(value: Value) -> str:
    """The cluster that a service names; a placeholder where it is not known, "" for none."""
    if value.data is None:
        return ""
    found = referred(value, CLUSTER)
    if found is not None:
        return _name_or_placeholder(found)
    text = text_of(value)
    return text if text and value.is_known else "${cluster}"


def _name_or_placeholder(thing: Object) -> str:
    value = thing.get(_NAMES.get(thing.type, "name"))
    text = text_of(value)
    return text if text and value.is_known else "${" + thing.name + "}"


# -- services -------------------------------------------------------------------------------------

_FLAT = {
    "deployment_maximum_percent": ("deploymentConfiguration", "maximumPercent"),
    "deployment_minimum_healthy_percent": ("deploymentConfiguration", "minimumHealthyPercent"),
    "desired_count": ("desiredCount",),
    "health_check_grace_period_seconds": ("healthCheckGracePeriodSeconds",),
    "launch_type": ("launchType",),
    "scheduling_strategy": ("schedulingStrategy",),
    "tags": ("tags",),
}
_SERVICE_LISTS = {
    "load_balancer": "loadBalancers",
    "capacity_provider_strategy": "capacityProviderStrategy",
    "vpc_lattice_configurations": "vpcLatticeConfigurations",
    "service": "services",
    "client_alias": "clientAliases",
}


def service(thing: Object, carried: Carried) -> bool:
    """The create-service document; False where the resource makes no service."""
    body = body_of(thing)
    carried.put(("serviceName",), carried.text(given_name(thing), service_place(thing)))
    cluster = cluster_name(thing.get("cluster") if thing.has("cluster") else Value(None))
    if cluster:
        carried.put(("cluster",), carried.text(cluster, body.attribute_place("cluster")))
    if thing.has("task_definition"):
        definition = thing.get("task_definition")
        named = carried.text(family_text(definition), body.attribute_place("task_definition"))
        carried.put(("taskDefinition",), named)
    for attribute, path in _FLAT.items():
        if body.has(attribute):
            written = carried.value(body.get(attribute), body.attribute_place(attribute))
            carried.put(path, written)
    _deployments(body, carried)
    for block in ("load_balancer", "capacity_provider_strategy", "vpc_lattice_configurations"):
        inner = [node_of(carried, each, camel, _SERVICE_LISTS) for each in body.blocks(block)]
        if inner:
            carried.put((_SERVICE_LISTS[block],), carried.sequence(inner, body.place))
    for each in body.blocks("network_configuration"):
        network = node_of(carried, each, camel, _SERVICE_LISTS)
        carried.put(("networkConfiguration", "awsvpcConfiguration"), network)
    for each in body.blocks("service_connect_configuration"):
        carried.put(("serviceConnectConfiguration",), node_of(carried, each, camel, _SERVICE_LISTS))
    strategy = text_of(body.get("scheduling_strategy")) or "REPLICA"
    if carried.root.get("desiredCount") is None and strategy.upper() == "REPLICA":
        carried.put(("desiredCount",), carried.supplied(0, NO_COUNT))
    if not body.has("task_definition") and carried.root.get("schedulingStrategy") is None:
        # What deploys by itself names no definition here; a strategy shows that it is a service.
        carried.put(("schedulingStrategy",), carried.supplied("REPLICA", "the default"))
    return True


def service_place(thing: Object) -> Place:
    """Where one service of its own is written: its key in for_each, the argument that a module's
    caller gives as its name, the call of a module that makes only this service, else its name."""
    name, body = thing.get("name"), body_of(thing)
    if thing.key is not None and thing.key.place is not None:
        return thing.key.place
    if name.place is not None and _is_given(thing, name.place):
        return name.place
    module = thing.module
    services = [key for key in module.folder.resources if key[1] == SERVICE]
    if module.place is not None and len(services) == 1:
        return module.place
    return body.attribute_place("name") or body.place


def _is_given(thing: Object, place: Place) -> bool:
    """Whether a place is outside of the object's module: an argument that its caller gives."""
    file = place.source.file
    return file.rpartition("/")[0] != thing.module.folder.path


def _deployments(body: Body, carried: Carried) -> None:
    configuration = "deploymentConfiguration"
    for each in body.blocks("deployment_configuration"):
        inner = node_of(carried, each, camel, {})
        for name, entry in inner.entries.items():
            if name not in ("maximumPercent", "minimumHealthyPercent"):
                # The percents stand in the resource itself; here they are an error.
                carried.put((configuration, str(name)), entry.value)
    for each in body.blocks("deployment_circuit_breaker"):
        carried.put((configuration, "deploymentCircuitBreaker"), node_of(carried, each, camel, {}))
    for each in body.blocks("alarms"):
        carried.put((configuration, "alarms"), node_of(carried, each, camel, {}))
    for each in body.blocks("deployment_controller"):
        carried.put(("deploymentController",), node_of(carried, each, camel, {}))


def family_text(value: Value) -> str:
    """The task definition that a service names."""
    found = referred(value, TASK_DEFINITION)
    if found is not None:
        return given_name(found)
    return text_of(value) or "${task_definition}"


def leaves_count_alone(thing: Object) -> bool:
    return ignores(thing, "desired_count")


def ignores(thing: Object, attribute: str) -> bool:
    """Whether ``lifecycle { ignore_changes = […] }`` has the attribute, bare or quoted."""
    for block in thing.block.blocks:
        if block.kind != "lifecycle":
            continue
        ignored = block.attributes.get("ignore_changes")
        if ignored is None:
            continue
        text = block.source.raw(ignored.value).strip().removeprefix("[").removesuffix("]")
        names = [name.strip().strip('"') for name in text.replace("\n", ",").split(",")]
        if attribute in names or "all" in names:
            return True
    return False


def target_groups(thing: Object) -> Iterator[Object]:
    """The target groups of a service's load balancers."""
    for each in body_of(thing).blocks("load_balancer"):
        found = referred(
            each.get("target_group_arn"), "aws_lb_target_group", "aws_alb_target_group"
        )
        if found is not None:
            yield found


# -- task definitions -----------------------------------------------------------------------------

_TASK = {
    "cpu": "cpu",
    "memory": "memory",
    "network_mode": "networkMode",
    "requires_compatibilities": "requiresCompatibilities",
    "tags": "tags",
}


def task_definition(thing: Object, carried: Carried) -> list[Value]:
    """The register-task-definition document; the values of its containers, none where they are
    not known."""
    body = body_of(thing)
    name = thing.get("family")
    carried.put(
        ("family",), carried.text(given_name(thing), name.place or body.attribute_place("family"))
    )
    for attribute, key in _TASK.items():
        if body.has(attribute):
            carried.put((key,), carried.value(body.get(attribute), body.attribute_place(attribute)))
    for block in ("runtime_platform", "ephemeral_storage"):
        for each in body.blocks(block):
            carried.put((camel(block),), node_of(carried, each, camel, {}))
    place = body.attribute_place("container_definitions")
    containers = containers_of(thing.get("container_definitions"))
    nodes: list[Node] = []
    for container in containers:
        node = carried.value(container, place)
        if node is not None:
            nodes.append(node)
    if any(isinstance(node, Mapping) for node in nodes):
        carried.put(("containerDefinitions",), carried.sequence(nodes, place))
        return containers
    return []


def containers_of(value: Value) -> list[Value]:
    """The containers of ``container_definitions``: encoded values, a text, or what a public
    module makes."""
    data = value.data
    if isinstance(data, Encoded):
        return containers_of(data.value)
    if isinstance(data, list):
        return [found for item in data for found in _container(item)]
    if isinstance(data, dict):
        return [value]
    if isinstance(data, str):
        found = parsed(value, "json")
        return containers_of(found) if found is not None and not isinstance(found.data, str) else []
    return _container(value)


def _container(value: Value) -> list[Value]:
    data = value.data
    if isinstance(data, Encoded):
        return _container(data.value)
    if isinstance(data, dict):
        return [value]
    if isinstance(data, str) and not isinstance(data, Partial):
        found = parsed(value, "json")
        return _container(found) if found is not None and isinstance(found.data, dict) else []
    if isinstance(data, (Unknown, Partial)):
        from lintscale.platforms.terraform.public_modules import container_definition

        made = container_definition(value)
        return [made] if made is not None else [value]
    return []


# -- scaling --------------------------------------------------------------------------------------


def scaled(thing: Object) -> tuple[str, Object | None, Place | None] | None:
    """(resource id, the service where it is known, place) of what a scaling resource scales; None
    where that is no ECS service."""
    namespace = thing.get("service_namespace")
    if namespace.is_known and namespace.data not in ("ecs", None):
        return None
    value = thing.get("resource_id")
    place = value.place or body_of(thing).attribute_place("resource_id")
    found = referred(value, SERVICE)
    text = text_of(value) or ""
    if found is not None:
        if thing.module.path:
            # What several callers share stands where the service of one of them does.
            place = service_place(found)
        cluster = cluster_name(found.get("cluster") if found.has("cluster") else Value(None))
        return f"service/{cluster or 'default'}/{given_name(found)}", found, place
    outside = next(
        (ref for ref in value.refs if isinstance(ref, Object) and ref.type == "module"), None
    )
    if outside is not None and not value.is_known:
        name = outside.get("name") if outside.has("name") else Value(None)
        known = text_of(name) if name.is_known and name.data else outside.name
        return f"service/${{cluster}}/{known}", outside, place
    if text.startswith("service/"):
        return text, None, place
    dimension = text_of(thing.get("scalable_dimension")) or ""
    if dimension.startswith("ecs:") or namespace.data == "ecs":
        return "service/${cluster}/${service}", None, place
    return None


def _common(thing: Object, carried: Carried) -> bool:
    found = scaled(thing)
    if found is None:
        return False
    text, _, place = found
    carried.put(("ServiceNamespace",), carried.text("ecs", None))
    carried.put(("ResourceId",), carried.text(text, place))
    carried.put(("ScalableDimension",), carried.text("ecs:service:DesiredCount", None))
    return True


def scalable_target(thing: Object, carried: Carried) -> bool:
    if not _common(thing, carried):
        return False
    body = body_of(thing)
    for attribute in ("min_capacity", "max_capacity", "tags"):
        if body.has(attribute):
            node = carried.value(body.get(attribute), body.attribute_place(attribute))
            carried.put((pascal(attribute),), node)
    for each in body.blocks("suspended_state"):
        carried.put(("SuspendedState",), node_of(carried, each, pascal, {}))
    return True


_POLICY_LISTS = {
    "dimensions": "Dimensions",
    "metrics": "Metrics",
    "step_adjustment": "StepAdjustments",
    "metric_specification": "MetricSpecifications",
    "metric_data_queries": "MetricDataQueries",
}
_CONFIGURATIONS = {
    "target_tracking_scaling_policy_configuration": ("scale_in_cooldown", "scale_out_cooldown"),
    "step_scaling_policy_configuration": ("cooldown",),
    "predictive_scaling_policy_configuration": (),
}


def scaling_policy(thing: Object, carried: Carried) -> bool:
    if not _common(thing, carried):
        return False
    body = body_of(thing)
    name = thing.get("name")
    carried.put(
        ("PolicyName",), carried.text(given_name(thing), name.place or body.attribute_place("name"))
    )
    kind = carried.value(body.get("policy_type"), body.attribute_place("policy_type"))
    carried.put(("PolicyType",), kind or carried.supplied("StepScaling", "Terraform's default"))
    for block, cooldowns in _CONFIGURATIONS.items():
        for each in body.blocks(block):
            node = node_of(carried, each, pascal, _POLICY_LISTS)
            for cooldown in cooldowns:
                if pascal(cooldown) not in node.entries:
                    zero = carried.supplied(0, NO_COOLDOWN.format(cooldown), each.place)
                    key = Scalar(pascal(cooldown), pascal(cooldown), carried.root.span)
                    node.entries[pascal(cooldown)] = Entry(key, zero)
            carried.put((pascal(block),), node)
    return True


def scheduled_action(thing: Object, carried: Carried) -> bool:
    if not _common(thing, carried):
        return False
    body = body_of(thing)
    names = {"name": "ScheduledActionName"}
    whole = node_of(carried, body, pascal, {}, names)
    for name, entry in whole.entries.items():
        if name not in carried.root.entries:
            carried.put((str(name),), entry.value)
    return True


def alarm(thing: Object, carried: Carried) -> bool:
    """put-metric-alarm's input, with the policies that it sets off as their ARNs."""
    body = body_of(thing)
    whole = node_of(carried, body, pascal, {"metric_query": "Metrics"})
    for name, entry in whole.entries.items():
        carried.put((str(name),), entry.value)
    actions = body.get("alarm_actions")
    items = actions.data if isinstance(actions.data, list) else [actions]
    arns = []
    for item in items:
        policy = referred(item, POLICY)
        found = scaled(policy) if policy is not None else None
        text = text_of(item) or ""
        if policy is None and ":policyName/" in text:
            arns.append(carried.text(text, item.place))
        elif policy is not None and found is not None:
            name = f"resource/ecs/{found[0]}:policyName/{given_name(policy)}"
            arn = f"arn:aws:autoscaling:::scalingPolicy::{name}"
            arns.append(carried.text(arn, item.place))
    if not arns:
        return False
    carried.put(("AlarmActions",), carried.sequence(arns, body.attribute_place("alarm_actions")))
    name = given_name(thing) if not thing.has("alarm_name") else text_of(thing.get("alarm_name"))
    carried.put(
        ("AlarmName",), carried.text(name or thing.name, body.attribute_place("alarm_name"))
    )
    _dimensions(carried)
    return True


def _dimensions(carried: Carried) -> None:
    """The provider has a map, the API a list of names and values."""
    written = carried.root.get("Dimensions")
    if not isinstance(written, Mapping):
        return
    items: list[Node] = []
    for entry in written.entries.values():
        place = carried.places.get(id(entry.value))
        item = carried.mapping(place)
        for key, node in (("Name", carried.text(entry.key.text, place)), ("Value", entry.value)):
            item.entries[key] = Entry(Scalar(key, key, carried.root.span), node)
        items.append(item)
    node = Sequence(items, carried.root.span)
    carried.put(("Dimensions",), node)
