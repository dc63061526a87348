"""Resources of CloudFormation as the documents of ECS's and Application Auto Scaling's APIs.

Properties have the API's names with a capital first letter, so most of them are handed on as they
are. Joined by logical ids: a service, a target or a policy is called the same wherever another
resource refers to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.platforms.cloudformation import express
from lintscale.platforms.cloudformation.template import Template
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence

SERVICE = "AWS::ECS::Service"
TASK_DEFINITION = "AWS::ECS::TaskDefinition"
CLUSTER = "AWS::ECS::Cluster"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
ALARM = "AWS::CloudWatch::Alarm"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"

FIRST_COUNT = "CloudFormation starts 1 task at first when DesiredCount is absent"

_NAMES = {
    SERVICE: "ServiceName",
    TASK_DEFINITION: "Family",
    CLUSTER: "ClusterName",
    POLICY: "PolicyName",
}


def given_name(template: Template, resource: str) -> str:
    """What a resource is called: its name where that is known, else its logical id."""
    key = _NAMES.get(template.type_of(resource), "")
    node = template.properties(resource).get(key)
    if isinstance(node, Scalar) and "${" not in node.text and node.text:
        return node.text
    return resource


def referred(template: Template, node: Node | None, kind: str) -> str | None:
    """The first resource of a type that a value refers to."""
    return next((ref for ref in template.refs_of(node) if template.type_of(ref) == kind), None)


def cluster_name(template: Template, node: Node | None) -> str:
    """The cluster that a service names; a placeholder where it is not known, "" for none."""
    if node is None:
        return ""
    found = referred(template, node, CLUSTER)
    if found is not None:
        name = given_name(template, found)
        return name if name != found else "${" + found + "}"
    text = node.text if isinstance(node, Scalar) else ""
    return text if text and "${" not in text else "${cluster}"


def document(template: Template, resource: str, kind: str) -> Iterator[Mapping]:
    """The documents that a resource comes to."""
    if kind == SERVICE:
        yield service(template, resource)
    elif kind == TASK_DEFINITION:
        yield _with(template, resource, {"Family": given_name(template, resource)})
    elif kind == TARGET:
        found = scaled(template, resource)
        if found is not None:
            yield _with(template, resource, _common(found))
            yield from _scheduled(template, resource, found)
    elif kind == POLICY:
        found = scaled_by_policy(template, resource)
        if found is not None:
            names = {"PolicyName": given_name(template, resource)}
            yield _with(template, resource, {**names, **_common(found)})
    elif kind == express.EXPRESS:
        yield from express.documents(template, resource)
    elif kind == ALARM:
        made = _alarm(template, resource)
        if made is not None:
            yield made


def _with(template: Template, resource: str, texts: dict[str, str]) -> Mapping:
    """The properties, some of them replaced by texts at the places of the written ones."""
    properties = template.properties(resource)
    path = template.paths.get(id(properties), ())
    root = Mapping(dict(properties.entries), properties.span)
    template.keep(root, path)
    for name, text in texts.items():
        before = properties.get(name)
        where = template.paths.get(id(before), ()) if before is not None else ()
        node = template.text(text, where or template.head(resource))
        root.entries[name] = Entry(Scalar(name, name, properties.span), node)
    return root


def service(template: Template, resource: str) -> Mapping:
    properties = template.properties(resource)
    texts = {"ServiceName": given_name(template, resource)}
    cluster = cluster_name(template, properties.get("Cluster"))
    if cluster:
        texts["Cluster"] = cluster.rpartition("/")[2]
    definition = properties.get("TaskDefinition")
    family = referred(template, definition, TASK_DEFINITION)
    if family is not None:
        texts["TaskDefinition"] = given_name(template, family)
    elif not isinstance(definition, Scalar):
        texts["TaskDefinition"] = "${task_definition}"
    root = _with(template, resource, texts)
    scheduling = properties.get("SchedulingStrategy")
    is_daemon = isinstance(scheduling, Scalar) and scheduling.text.upper() == "DAEMON"
    if "DesiredCount" not in root.entries and not is_daemon:
        one = template.supplied(1, FIRST_COUNT, template.paths.get(id(properties), ()))
        key = Scalar("DesiredCount", "DesiredCount", properties.span)
        root.entries["DesiredCount"] = Entry(key, one)
    return root


def target_groups(template: Template, resource: str) -> Iterator[str]:
    listed = template.properties(resource).get("LoadBalancers")
    for item in listed.items if isinstance(listed, Sequence) else ():
        arn = item.get("TargetGroupArn") if isinstance(item, Mapping) else None
        found = referred(template, arn, TARGET_GROUP)
        if found is not None:
            yield found


# -- scaling --------------------------------------------------------------------------------------


def scaled(template: Template, resource: str) -> str | None:
    """The resource id of what a scalable target or a policy scales; None where that is no ECS
    service."""
    properties = template.properties(resource)
    namespace = properties.get("ServiceNamespace")
    dimension = properties.get("ScalableDimension")
    text = namespace.text if isinstance(namespace, Scalar) else ""
    if text and text != "ecs" and "${" not in text:
        return None
    node = properties.get("ResourceId")
    found = referred(template, node, SERVICE)
    if found is not None:
        cluster = cluster_name(template, template.properties(found).get("Cluster"))
        return f"service/{cluster.rpartition('/')[2] or 'default'}/{given_name(template, found)}"
    written = node.text if isinstance(node, Scalar) else ""
    if written.startswith("service/"):
        return written
    known = dimension.text if isinstance(dimension, Scalar) else ""
    if text == "ecs" or known.startswith("ecs:"):
        return "service/${cluster}/${service}"
    return None


def scaled_by_policy(template: Template, resource: str) -> str | None:
    target = referred(template, template.properties(resource).get("ScalingTargetId"), TARGET)
    return scaled(template, target if target is not None else resource)


def _common(resource_id: str) -> dict[str, str]:
    return {
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": "ecs:service:DesiredCount",
    }


def _scheduled(template: Template, resource: str, resource_id: str) -> Iterator[Mapping]:
    """The scheduled actions, which stand inside of their target."""
    listed = template.properties(resource).get("ScheduledActions")
    for item in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(item, Mapping):
            root = Mapping(dict(item.entries), item.span)
            path = template.paths.get(id(item), ())
            template.keep(root, path)
            for name, text in _common(resource_id).items():
                node = template.text(text, template.head(resource))
                root.entries[name] = Entry(Scalar(name, name, item.span), node)
            yield root


def _alarm(template: Template, resource: str) -> Mapping | None:
    """put-metric-alarm's input, with the policies that it sets off as their ARNs."""
    actions = template.properties(resource).get("AlarmActions")
    arns: list[Node] = []
    for item in actions.items if isinstance(actions, Sequence) else ():
        policy = referred(template, item, POLICY)
        found = scaled_by_policy(template, policy) if policy is not None else None
        if policy is None and isinstance(item, Scalar) and ":policyName/" in item.text:
            arns.append(item)
        elif policy is not None and found is not None:
            name = f"resource/ecs/{found}:policyName/{given_name(template, policy)}"
            path = template.paths.get(id(item), ())
            arns.append(template.text(f"arn:aws:autoscaling:::scalingPolicy::{name}", path))
    if not arns or not isinstance(actions, Sequence):
        return None
    properties = template.properties(resource)
    named = properties.get("AlarmName")
    name = named.text if isinstance(named, Scalar) else resource
    root = _with(template, resource, {"AlarmName": name})
    node = Sequence(arns, actions.span)
    template.keep(node, template.paths.get(id(actions), ()))
    root.entries["AlarmActions"] = Entry(Scalar("AlarmActions", "AlarmActions", actions.span), node)
    return root
