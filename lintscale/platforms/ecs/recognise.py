"""Which ECS shapes a document holds, by their content alone."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import NamedTuple

from lintscale.platforms.ecs import policy_document
from lintscale.platforms.ecs.metrics import is_about_ecs, names_a_metric
from lintscale.platforms.ecs.names import child, key_set, known_text
from lintscale.platforms.ecs.policies import sets_off_a_policy
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex


class Shape(enum.Enum):
    TASK_DEFINITION = enum.auto()
    SERVICE = enum.auto()
    SCALABLE_TARGET = enum.auto()
    SCALING_POLICY = enum.auto()
    SCHEDULED_ACTION = enum.auto()
    BARE_CONFIGURATION = enum.auto()
    POLICY_DOCUMENT = enum.auto()
    ALARM = enum.auto()


class Piece(NamedTuple):
    """One ECS object. ``owner`` is the service that a policy document stands inside of."""

    shape: Shape
    field: Field
    owner: Field | None = None


_MAX_WRAPPERS = 2
"""Mappings between the root and an object, the root included: describe's ``{"services": […]}``
is one, a deploy script's ``{"production": {"service": …}}`` two. What lies deeper is an example
in another tool's file more often than something that anybody deploys."""

_FOREIGN_KEYS = frozenset(
    {
        "aWSTemplateFormatVersion",
        "aWSEBDockerrunVersion",
        "terraform_version",
        "autoScalingGroupName",
    }
)
_SERVICE_KEYS = frozenset(
    {
        "cluster",
        "clusterArn",
        "serviceArn",
        "launchType",
        "capacityProviderStrategy",
        "deploymentConfiguration",
        "networkConfiguration",
        "loadBalancers",
        "schedulingStrategy",
        "forceNewDeployment",
    }
)
_TASK_SET_KEYS = frozenset({"scale", "externalId", "taskSet"})
_POLICY_CONFIGURATIONS = frozenset(
    {
        "targetTrackingScalingPolicyConfiguration",
        "stepScalingPolicyConfiguration",
        "predictiveScalingPolicyConfiguration",
    }
)
_POLICY_LISTS = frozenset(key[:1].lower() + key[1:] for key in policy_document.LISTS)
_ALARM_KEYS = frozenset({"alarmName", "comparisonOperator", "alarmActions"})
_COOLDOWNS = frozenset({"scaleInCooldown", "scaleOutCooldown"})
_ECS_PATH = regex(r"(?:^|[^a-z])(?:ecs|fargate)(?:[^a-z]|$)")


def pieces(document: Document, file_name: str) -> Iterator[Piece]:
    """All ECS objects of a document: the document itself, the items of a list, the values of a
    wrapper such as a describe call prints."""
    if document.format != "toml":
        yield from _pieces(Field.root(document), file_name, _MAX_WRAPPERS)


def _pieces(field: Field, file_name: str, wrappers: int) -> Iterator[Piece]:
    if field.is_sequence:
        for item in field.items():
            if item.is_mapping:
                yield from _pieces(item, file_name, wrappers)
    elif field.is_mapping and not _is_foreign(field):
        shape = _shape(field, file_name)
        if shape is not None:
            yield Piece(shape, field)
        if shape is Shape.SERVICE:
            yield from _policies_inside(field)
        elif shape is None and wrappers:
            for _, value in field.entries():
                yield from _pieces(value, file_name, wrappers - 1)


def _is_foreign(field: Field) -> bool:
    """Another tool's object, whatever it holds: a Kubernetes resource, a CloudFormation or
    Pulumi one, the autoscaling of something that is no ECS service."""
    keys = key_set(field.node)
    if keys & _FOREIGN_KEYS or {"apiVersion", "kind"} <= keys or _names_ecs(field) is False:
        return True
    return "type" in keys and known_text(child(field, "type")).startswith(("AWS::", "aws:"))


def _shape(field: Field, file_name: str) -> Shape | None:
    keys = key_set(field.node)
    if "containerDefinitions" in keys and _is_task_definition(field):
        return Shape.TASK_DEFINITION
    if _is_service(field, keys):
        return Shape.SERVICE
    is_ecs = _names_ecs(field)
    if _is_policy_document(field, keys, is_ecs):
        return Shape.POLICY_DOCUMENT
    if keys & _POLICY_CONFIGURATIONS or {"policyName", "policyType"} <= keys:
        return Shape.SCALING_POLICY if _is_scaling_policy(field, keys, is_ecs) else None
    if "scheduledActionName" in keys:
        return Shape.SCHEDULED_ACTION if _is_scheduled_action(field, is_ecs) else None
    if keys >= _ALARM_KEYS:
        return Shape.ALARM if sets_off_a_policy(field) else None
    if is_ecs and keys & {"minCapacity", "maxCapacity", "suspendedState"}:
        return Shape.SCALABLE_TARGET
    if "policyName" not in keys and _is_bare_configuration(field, keys, file_name):
        return Shape.BARE_CONFIGURATION
    return None


def _is_task_definition(field: Field) -> bool:
    containers = child(field, "containerDefinitions")
    return any(
        key_set(item.node) & {"image", "name"} for item in containers.items() if item.is_mapping
    )


def _is_service(field: Field, keys: frozenset[str]) -> bool:
    if not keys & {"serviceName", "service"} or keys & _TASK_SET_KEYS:
        return False
    name = child(field, "serviceName" if "serviceName" in keys else "service")
    definition = child(field, "taskDefinition")
    if not name.is_scalar or (definition.present and not definition.is_scalar):
        return False
    if "serviceName" in keys and definition.present:
        return True
    # "service" alone is a word of many tools: cluster and count, or definition, must agree.
    evidence = keys & _SERVICE_KEYS
    return bool(evidence) and (definition.present or "desiredCount" in keys)


def _names_ecs(field: Field) -> bool | None:
    """Whether a scaling document names ECS as what it scales; None when it does not say, or a
    placeholder hides it."""
    dimension = known_text(child(field, "ScalableDimension"))
    if dimension:
        return dimension.lower().startswith("ecs:")
    namespace = known_text(child(field, "ServiceNamespace"))
    if namespace:
        return namespace.lower() == "ecs"
    resource = child(field, "ResourceId").string() or ""
    if resource.startswith("service/") or ":service/" in resource:
        return True
    return False if known_text(child(field, "ResourceId")) else None


def _is_policy_document(field: Field, keys: frozenset[str], is_ecs: bool | None) -> bool:
    lists = keys & _POLICY_LISTS
    if not lists:
        return False
    items = policy_document.items(field)
    about = [is_about_ecs(policy_document.configuration(item)) for item in items]
    has_bounds = any(child(field, key).is_scalar for key in ("MinCapacity", "MaxCapacity"))
    is_named = child(field, "ServiceName").is_scalar
    if is_ecs:
        return has_bounds or lists != {"scalingPolicies"}
    if False in about:
        return False
    if is_named and has_bounds:
        return True
    # Items that name their own target are put-scaling-policy's input under a key.
    is_bundle = any(_names_ecs(item) is not None for item in items)
    return True in about and "targetTrackingScalingPolicies" in lists and not is_bundle


def _policies_inside(service: Field) -> Iterator[Piece]:
    """Scaling settings that people write into a service's definition, one level down at most."""
    for inside in (service, *(value for _, value in service.entries() if value.is_mapping)):
        if key_set(inside.node) & _POLICY_LISTS and policy_document.items(inside):
            yield Piece(Shape.POLICY_DOCUMENT, inside, service)


def _is_scaling_policy(field: Field, keys: frozenset[str], is_ecs: bool | None) -> bool:
    if is_ecs:
        return True
    configuration = policy_document.configuration(field)
    says_something = any(
        child(configuration, key).is_scalar or child(configuration, key).is_sequence
        for key in ("TargetValue", "StepAdjustments", "MetricSpecifications")
    )
    return (
        bool(keys & _POLICY_CONFIGURATIONS)
        and says_something
        and is_about_ecs(configuration) is not False
    )


def _is_scheduled_action(field: Field, is_ecs: bool | None) -> bool:
    return child(field, "ScheduledActionName").is_scalar and (
        is_ecs is True or child(field, "ScalableTargetAction", "MinCapacity").is_scalar
    )


def _is_bare_configuration(field: Field, keys: frozenset[str], file_name: str) -> bool:
    """EC2 Auto Scaling knows configurations that look the same but for the cooldowns, and other
    scalable resources the same with them: the metric decides, then the cooldowns, then where the
    file stands."""
    if {"stepAdjustments", "adjustmentType"} <= keys:
        steps = child(field, "StepAdjustments")
        return child(field, "AdjustmentType").is_scalar and steps.is_sequence
    if not child(field, "TargetValue").is_scalar or not names_a_metric(field):
        return False
    about = is_about_ecs(field)
    if about is None:
        return bool(keys & _COOLDOWNS) or bool(_ECS_PATH.search(file_name.lower()))
    return about
