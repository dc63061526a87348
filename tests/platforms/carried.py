"""ECS's JSON documents as a person would write them in Terraform and in CloudFormation.

Only where that says the same: of other documents than those that a call takes, and of keys that a
carrier has no word for, nothing is made (``Unfaithful``). What a carrier would fill in otherwise
than ECS's APIs do (a count of 0, cooldowns of 0) is written out.
"""

from __future__ import annotations

import json
import re
from typing import Any


class Unfaithful(Exception):  # noqa: N818 - no error of a program
    """The document says something that the other format cannot say."""


def kind_of(document: Any) -> str:
    """Which call takes the document."""
    if not isinstance(document, dict):
        raise Unfaithful("not one object")
    if "containerDefinitions" in document and "family" in document:
        return "task"
    if "serviceName" in document and ("taskDefinition" in document or "cluster" in document):
        return "service"
    if document.get("ScalableDimension", "ecs:service:DesiredCount") != "ecs:service:DesiredCount":
        raise Unfaithful("scales something else")
    if "AlarmName" in document:
        return "alarm"
    if not str(document.get("ResourceId", "")).startswith("service/"):
        raise Unfaithful("no call's input")
    if "ScheduledActionName" in document:
        return "action"
    if "PolicyName" in document:
        return "policy"
    if "MinCapacity" in document or "MaxCapacity" in document:
        return "target"
    raise Unfaithful("no call's input")


def _all_different(documents: list[Any]) -> None:
    """One thing described in several files is told apart by them."""
    names = [(kind_of(each), each.get("family"), each.get("serviceName")) for each in documents]
    named = [each for each in names if each[1] or each[2]]
    if len(set(named)) < len(named):
        raise Unfaithful("files tell them apart")


# -- CloudFormation -------------------------------------------------------------------------------

_TYPES = {
    "task": "AWS::ECS::TaskDefinition",
    "service": "AWS::ECS::Service",
    "target": "AWS::ApplicationAutoScaling::ScalableTarget",
    "policy": "AWS::ApplicationAutoScaling::ScalingPolicy",
    "alarm": "AWS::CloudWatch::Alarm",
}
_OF_MAPS = {"options", "dockerLabels", "driverOpts", "labels"}


def cloudformation(documents: list[Any]) -> str:
    """One template with a resource for each document."""
    _all_different(documents)
    resources: dict[str, Any] = {}
    actions: list[dict[str, Any]] = []
    for number, document in enumerate(documents):
        kind = kind_of(document)
        if kind == "action":
            actions.append(document)
            continue
        properties = _pascal(document)
        if kind == "service":
            properties.setdefault("TaskDefinition", "unknown:1")
            if "DesiredCount" not in properties:
                raise Unfaithful("CloudFormation starts one task")
        properties.pop("Cluster", None) if properties.get("Cluster") == "" else None
        resources[f"{kind.title()}{number}"] = {"Type": _TYPES[kind], "Properties": properties}
    for action in actions:
        own = [
            each["Properties"]
            for each in resources.values()
            if each["Properties"].get("ResourceId") == action["ResourceId"]
            and "MinCapacity" in each["Properties"]
        ]
        if len(own) != 1:
            raise Unfaithful("an action stands inside of its target")
        kept = {
            key: value
            for key, value in action.items()
            if key not in ("ServiceNamespace", "ResourceId", "ScalableDimension")
        }
        own[0].setdefault("ScheduledActions", []).append(kept)
    return json.dumps({"Resources": resources}, indent=2) + "\n"


def _pascal(value: Any) -> Any:
    if isinstance(value, list):
        return [_pascal(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key[:1].upper() + key[1:]: item if key in _OF_MAPS else _pascal(item)
        for key, item in value.items()
    }


# -- Terraform ------------------------------------------------------------------------------------

_FLAT = {
    "serviceName": "name",
    "cluster": "cluster",
    "taskDefinition": "task_definition",
    "desiredCount": "desired_count",
    "launchType": "launch_type",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "schedulingStrategy": "scheduling_strategy",
    "platformVersion": "platform_version",
}
_TASK = {
    "family": "family",
    "cpu": "cpu",
    "memory": "memory",
    "networkMode": "network_mode",
    "requiresCompatibilities": "requires_compatibilities",
    "executionRoleArn": "execution_role_arn",
    "taskRoleArn": "task_role_arn",
}
_BLOCKS = {
    "StepAdjustments": "step_adjustment",
    "Dimensions": "dimensions",
    "Metrics": "metrics",
    "MetricSpecifications": "metric_specification",
}


def terraform(documents: list[Any]) -> str:
    """One file with a resource for each document."""
    _all_different(documents)
    makers = {
        "service": _service,
        "task": _task,
        "target": _target,
        "policy": _policy,
        "action": _action,
    }
    text = ""
    for number, document in enumerate(documents):
        kind = kind_of(document)
        if kind not in makers:
            raise Unfaithful(kind)
        resource, lines = makers[kind](dict(document))
        text += f'resource "{resource}" "r{number}" {{\n' + "".join(f"  {line}\n" for line in lines)
        text += "}\n\n"
    return text


def _service(document: dict[str, Any]) -> tuple[str, list[str]]:
    lines = []
    tags = document.pop("tags", None)
    if "desiredCount" not in document and document.get("schedulingStrategy") != "DAEMON":
        raise Unfaithful("Terraform sends a count of 0")
    for key, name in _FLAT.items():
        if key in document:
            lines.append(f"{name} = {_literal(document.pop(key))}")
    configuration = document.pop("deploymentConfiguration", {})
    for key, name in (
        ("maximumPercent", "deployment_maximum_percent"),
        ("minimumHealthyPercent", "deployment_minimum_healthy_percent"),
    ):
        if key in configuration:
            lines.append(f"{name} = {_literal(configuration.pop(key))}")
    breaker = configuration.pop("deploymentCircuitBreaker", None)
    if breaker is not None:
        if set(breaker) != {"enable", "rollback"}:
            raise Unfaithful("a block needs both")
        lines += _block("deployment_circuit_breaker", breaker)
    if "strategy" in configuration:
        lines += _block("deployment_configuration", configuration)
        configuration = {}
    for balancer in document.pop("loadBalancers", []):
        lines += _block("load_balancer", balancer)
    for provider in document.pop("capacityProviderStrategy", []):
        lines += _block("capacity_provider_strategy", provider)
    network = document.pop("networkConfiguration", {}).get("awsvpcConfiguration")
    if network:
        network = {k: v for k, v in network.items() if k in ("subnets", "securityGroups")}
        lines += _block("network_configuration", network)
    controller = document.pop("deploymentController", None)
    if controller:
        lines += _block("deployment_controller", controller)
    if configuration or document:
        raise Unfaithful(f"no words for {sorted(document) or sorted(configuration)}")
    if tags:
        pairs = ", ".join(f"{_literal(t['key'])} = {_literal(t['value'])}" for t in tags)
        lines.append(f"tags = {{ {pairs} }}")
    return "aws_ecs_service", lines


def _task(document: dict[str, Any]) -> tuple[str, list[str]]:
    lines = []
    for key, name in _TASK.items():
        if key in document:
            lines.append(f"{name} = {_literal(document.pop(key))}")
    containers = document.pop("containerDefinitions")
    runtime = document.pop("runtimePlatform", None)
    if runtime:
        lines += _block("runtime_platform", runtime)
    if document:
        raise Unfaithful(f"no words for {sorted(document)}")
    lines += f"container_definitions = jsonencode({_literal(containers, 2)})".splitlines()
    return "aws_ecs_task_definition", lines


def _common(document: dict[str, Any]) -> list[str]:
    document.setdefault("ServiceNamespace", "ecs")
    document.setdefault("ScalableDimension", "ecs:service:DesiredCount")
    keys = ("ServiceNamespace", "ResourceId", "ScalableDimension")
    return [f"{_snake(key)} = {_literal(document.pop(key))}" for key in keys]


def _target(document: dict[str, Any]) -> tuple[str, list[str]]:
    lines = _common(document)
    if not {"MinCapacity", "MaxCapacity"} <= document.keys():
        raise Unfaithful("both bounds are required")
    for key in ("MinCapacity", "MaxCapacity"):
        lines.append(f"{_snake(key)} = {_literal(document.pop(key))}")
    suspended = document.pop("SuspendedState", None)
    if suspended is not None:
        lines += _block("suspended_state", suspended)
    if document:
        raise Unfaithful(f"no words for {sorted(document)}")
    return "aws_appautoscaling_target", lines


def _policy(document: dict[str, Any]) -> tuple[str, list[str]]:
    lines = _common(document)
    lines.append(f"name = {_literal(document.pop('PolicyName'))}")
    if "PolicyType" in document:
        lines.append(f"policy_type = {_literal(document.pop('PolicyType'))}")
    for key, cooldowns in (
        ("TargetTrackingScalingPolicyConfiguration", ("ScaleInCooldown", "ScaleOutCooldown")),
        ("StepScalingPolicyConfiguration", ("Cooldown",)),
        ("PredictiveScalingPolicyConfiguration", ()),
    ):
        configuration = document.pop(key, None)
        if configuration is not None:
            own = dict.fromkeys(cooldowns, 300) | configuration
            lines += _block(_snake(key), own)
    if document:
        raise Unfaithful(f"no words for {sorted(document)}")
    return "aws_appautoscaling_policy", lines


def _action(document: dict[str, Any]) -> tuple[str, list[str]]:
    lines = _common(document)
    lines.append(f"name = {_literal(document.pop('ScheduledActionName'))}")
    for key in ("Schedule", "Timezone", "StartTime", "EndTime"):
        if key in document:
            lines.append(f"{_snake(key)} = {_literal(document.pop(key))}")
    lines += _block("scalable_target_action", document.pop("ScalableTargetAction"))
    if document:
        raise Unfaithful(f"no words for {sorted(document)}")
    return "aws_appautoscaling_scheduled_action", lines


def _block(name: str, content: dict[str, Any]) -> list[str]:
    lines = [f"{name} {{"]
    for key, value in content.items():
        inner = _BLOCKS.get(key, _snake(key))
        if isinstance(value, dict):
            lines += [f"  {line}" for line in _block(inner, value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                lines += [f"  {line}" for line in _block(inner, item)]
        else:
            lines.append(f"  {inner} = {_literal(value)}")
    return [*lines, "}"]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _literal(value: Any, indent: int | None = None) -> str:
    """JSON is an expression of HCL: objects take colons as well."""
    return json.dumps(value, indent=indent)
