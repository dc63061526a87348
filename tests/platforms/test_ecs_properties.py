"""What holds for every document, however odd, and whatever the order of its entries."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import fields, is_record
from lintscale.model.declared import Fragments
from lintscale.model.location import Location, Span
from lintscale.platforms.ecs.normalise import normalise, recognise
from lintscale.syntax import Document
from tests.platforms.trees import node, sourced_values

ECS_KEYS = [
    "family", "containerDefinitions", "name", "image", "cpu", "memory", "memoryReservation",
    "requiresCompatibilities", "portMappings", "containerPort", "environment", "value", "secrets",
    "valueFrom", "environmentFiles", "entryPoint", "command", "healthCheck", "interval", "retries",
    "stopTimeout", "essential", "tags", "key", "taskDefinition", "serviceName", "service",
    "cluster", "desiredCount", "launchType", "capacityProviderStrategy", "capacityProvider",
    "weight", "base", "deploymentConfiguration", "maximumPercent", "deploymentCircuitBreaker",
    "enable", "strategy", "deploymentController", "type", "networkConfiguration",
    "awsvpcConfiguration", "subnets", "loadBalancers", "serviceConnectConfiguration", "services",
]  # fmt: skip
SCALING_KEYS = [
    "ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity",
    "SuspendedState", "DynamicScalingInSuspended", "PolicyName", "PolicyType",
    "TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration", "MetricSpecifications", "TargetValue",
    "PredefinedMetricSpecification", "PredefinedMetricType", "ResourceLabel", "MetricType",
    "CustomizedMetricSpecification", "MetricName", "Namespace", "Dimensions", "Metrics",
    "MetricStat", "ScaleInCooldown", "ScaleOutCooldown", "DisableScaleIn", "StepAdjustments",
    "AdjustmentType", "ScalingAdjustment", "Cooldown", "ScheduledActionName",
    "ScalableTargetAction", "TargetTrackingScalingPolicies", "StepScalingPolicies", "Tags",
]  # fmt: skip
KEYS = ECS_KEYS + SCALING_KEYS
WORDS = [
    "shop", "shop:7", "256", "512", "1 vCPU", ".5 vCPU", ". vCPU", "1GB", "GB", "FARGATE",
    "FARGATE_SPOT", "DAEMON", "CODE_DEPLOY", "ecs", "service/shop/shop", "service//",
    "service/${A}/${B}", "arn:aws:ecs:r:1:task-definition/shop:7", "arn:", "arn:service/",
    "ecs:service:DesiredCount", "TargetTrackingScaling", "ECSServiceAverageCPUUtilization",
    "ALBRequestCountPerTarget", "AWS/SQS", "ExactCapacity", "CMD-SHELL", "NONE",
    "curl -f http://localhost:80/x", "curl localhost", "${VAR}", "<NAME>", "", "\ue000",
    "99999999999999999999",
]  # fmt: skip

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
# No two keys of one text: the last of "1" and 1 wins, so their order does matter.
odd_keys = st.none() | st.booleans() | st.integers() | st.text("xyzÄ.$", min_size=1, max_size=4)
keys = st.sampled_from(KEYS) | odd_keys
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=15,
)


def shaped(required: dict[str, st.SearchStrategy[Any]], known: list[str]) -> Any:
    """A mapping that is recognised by ``required`` and may hold anything else under known keys."""
    others = st.dictionaries(st.sampled_from(known), trees, max_size=6)
    return st.builds(lambda first, rest: {**rest, **first}, st.fixed_dictionaries(required), others)


names = st.sampled_from(["shop", "ledger", "${NAME}"])
variables = shaped({"name": names}, ["value", "valueFrom"])
containers = st.fixed_dictionaries(
    {"name": names, "image": scalars},
    optional={
        "environment": st.lists(variables, max_size=3),
        "secrets": st.lists(variables, max_size=3),
        "portMappings": st.lists(shaped({"containerPort": scalars}, ["name"]), max_size=2),
        "healthCheck": shaped({"command": st.lists(scalars, max_size=4)}, ["interval", "retries"]),
        **dict.fromkeys(("command", "entryPoint", "cpu", "memory", "stopTimeout"), trees),
    },
)
definitions = shaped(
    {"family": names, "containerDefinitions": st.lists(containers, max_size=4)}, ECS_KEYS
)
services = shaped({"serviceName": names, "taskDefinition": scalars}, ECS_KEYS)
configurations = shaped({"TargetValue": scalars}, SCALING_KEYS)
policies = shaped({"PolicyName": names, "ServiceNamespace": st.just("ecs")}, SCALING_KEYS)
targets = shaped({"ServiceNamespace": st.just("ecs"), "MinCapacity": scalars}, SCALING_KEYS)
policy_documents = shaped(
    {
        "ServiceNamespace": st.just("ecs"),
        "MinCapacity": scalars,
        "TargetTrackingScalingPolicies": st.lists(configurations | policies, max_size=4),
    },
    SCALING_KEYS,
)
objects = definitions | services | configurations | policies | targets | policy_documents
documents = (
    trees
    | objects
    | st.lists(objects, max_size=3)
    | st.dictionaries(keys, objects | st.lists(objects, max_size=2), max_size=3)
)


def normalised(data: Any) -> Fragments:
    span = Span(1, 1, 1, 2)
    document = Document("td.json", 0, "json", None if data is None else node(data), span)
    recognise(document, "td.json")
    return normalise(document, "td.json")


def meaning(thing: Any) -> str:
    """Everything but where it stands."""
    if isinstance(thing, Location):
        return ""
    if isinstance(thing, (list, tuple)):
        return "[" + ", ".join(meaning(item) for item in thing) + "]"
    if isinstance(thing, dict):
        return repr(sorted(thing.items()))
    if is_record(thing) and not isinstance(thing, type):
        inside = (f"{f}={meaning(getattr(thing, f))}" for f in fields(thing))
        return f"{type(thing).__name__}({', '.join(inside)})"
    return repr(thing)


def turned(data: Any) -> Any:
    """The same with the entries of every mapping in reverse."""
    if isinstance(data, dict):
        return {key: turned(data[key]) for key in reversed(data)}
    return [turned(item) for item in data] if isinstance(data, list) else data


def contents(fragments: Fragments) -> dict[str, list[str]]:
    return {
        field: sorted(meaning(item) for item in getattr(fragments, field))
        for field in fields(fragments)
    }


@given(documents)
def test_no_document_is_too_odd(data: Any) -> None:
    fragments = normalised(data)
    for value in sourced_values(fragments):
        assert value.value is None or type(value.value) in (str, int, float, bool)
        if type(value.value) is int:
            assert -(2**63) <= value.value < 2**63
    for workload in (*fragments.workloads, *fragments.templates):
        assert isinstance(workload.name, str)
    for note in fragments.notes:
        assert "\n" not in note.detail


@given(documents)
def test_the_order_of_keys_changes_nothing(data: Any) -> None:
    assert contents(normalised(data)) == contents(normalised(turned(data)))


@given(st.lists(containers, min_size=1, max_size=4), st.randoms())
def test_the_order_of_containers_changes_nothing_but_order(entries: Any, random: Any) -> None:
    shuffled = random.sample(entries, len(entries))

    def read(items: list[Any]) -> tuple[Any, ...]:
        [task] = normalised({"family": "shop", "containerDefinitions": items}).templates
        grace = task.shutdown.grace_seconds
        return sorted(map(meaning, task.containers)), task.serves_traffic, grace.value, grace.source

    assert read(entries) == read(shuffled)


@given(st.lists(variables, max_size=5), st.randoms())
def test_the_order_of_variables_changes_nothing_but_order(entries: Any, random: Any) -> None:
    shuffled = random.sample(entries, len(entries))

    def read(items: list[Any]) -> list[str]:
        container = {"name": "web", "image": "shop:1", "environment": items, "secrets": items}
        [task] = normalised({"family": "shop", "containerDefinitions": [container]}).templates
        return sorted(meaning(variable) for variable in task.containers[0].environment)

    assert read(entries) == read(shuffled)


@given(st.lists(configurations | policies, max_size=5), st.randoms())
def test_the_order_of_policies_changes_nothing_but_order(entries: Any, random: Any) -> None:
    shuffled = random.sample(entries, len(entries))

    def read(items: list[Any]) -> tuple[Any, ...]:
        document = {
            "ServiceName": "shop",
            "ServiceNamespace": "ecs",
            "MinCapacity": 2,
            "TargetTrackingScalingPolicies": items,
        }
        [scaler] = normalised(document).autoscalers
        bounds = scaler.min, scaler.max, scaler.target, scaler.effective
        return sorted(map(meaning, scaler.policies)), [meaning(thing) for thing in bounds]

    assert read(entries) == read(shuffled)


@given(st.lists(objects, max_size=4), st.randoms())
def test_the_order_of_a_bundle_changes_nothing_but_order(entries: Any, random: Any) -> None:
    shuffled = random.sample(entries, len(entries))
    assert contents(normalised(entries)) == contents(normalised(shuffled))
