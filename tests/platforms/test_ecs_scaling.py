"""What Application Auto Scaling is told: bounds, policies, schedules, suspension."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lintscale.model.declared import Autoscaler, Fragments, ScalingPolicy
from lintscale.model.location import Location
from lintscale.model.sourced import Source
from lintscale.platforms.ecs.normalise import normalise
from lintscale.syntax import parse

TARGET: dict[str, Any] = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shop-production/shop",
    "ScalableDimension": "ecs:service:DesiredCount",
    "MinCapacity": 2,
    "MaxCapacity": 10,
}
TRACKING: dict[str, Any] = {
    "TargetValue": 70.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
}
POLICY: dict[str, Any] = {
    "PolicyName": "shop-cpu",
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shop-production/shop",
    "ScalableDimension": "ecs:service:DesiredCount",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": TRACKING,
}
STEPS: dict[str, Any] = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}],
    "MetricAggregationType": "Average",
}
STEP_POLICY: dict[str, Any] = {
    **{key: value for key, value in POLICY.items() if not key.startswith("TargetTracking")},
    "PolicyName": "shop-surge",
    "PolicyType": "StepScaling",
    "StepScalingPolicyConfiguration": STEPS,
}
SCHEDULED: dict[str, Any] = {
    "ServiceNamespace": "ecs",
    "ScheduledActionName": "mornings",
    "ResourceId": "service/shop-production/shop",
    "ScalableDimension": "ecs:service:DesiredCount",
    "Schedule": "cron(0 7 * * ? *)",
    "ScalableTargetAction": {"MinCapacity": 4, "MaxCapacity": 20},
}


def fragments(data: Any, file_name: str = "deploy/scaling.json") -> Fragments:
    [document] = parse(json.dumps(data, indent=2), file_name, "json").documents
    return normalise(document, file_name)


def scaler(data: Any, file_name: str = "deploy/scaling.json") -> Autoscaler:
    [found] = fragments(data, file_name).autoscalers
    return found


def policy(data: Any) -> ScalingPolicy:
    [found] = scaler(data).policies
    return found


def tracking(**keys: Any) -> ScalingPolicy:
    """The policy; a key that is given as None is left out."""
    merged = {key: value for key, value in {**TRACKING, **keys}.items() if value is not None}
    return policy({**POLICY, "TargetTrackingScalingPolicyConfiguration": merged})


def steps(**keys: Any) -> ScalingPolicy:
    return policy({**STEP_POLICY, "StepScalingPolicyConfiguration": {**STEPS, **keys}})


def underlined(data: Any, location: Location | None) -> str:
    assert location is not None
    line = json.dumps(data, indent=2).splitlines()[location.span.line - 1]
    return line[location.span.column - 1 : location.span.end_column - 1]


# -- scalable targets -----------------------------------------------------------------------------


def test_a_registered_target() -> None:
    found = scaler(TARGET)
    assert (found.platform, found.kind, found.name) == ("ecs", "scalable target", "shop")
    assert (found.target.kind, found.target.name) == ("", "shop")
    assert (found.min.value, found.max.value) == (2, 10)
    assert underlined(TARGET, found.min.location) == '"MinCapacity": 2'
    assert underlined(TARGET, found.location) == '"ResourceId": "service/shop-production/shop"'
    assert found.effective
    assert not found.partial
    assert not found.policies_complete
    assert found.policies == ()
    assert found.labels == {"cluster": "shop-production"}


def test_a_described_target() -> None:
    described = {
        **TARGET,
        "RoleARN": "arn:aws:iam::111122223333:role/aws-service-role/ecs",
        "CreationTime": 1767225600.0,
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        },
    }
    found = fragments({"ScalableTargets": [described, {**TARGET, "ResourceId": "service/a/b"}]})
    assert [entry.target.name for entry in found.autoscalers] == ["shop", "b"]
    assert all(entry.effective for entry in found.autoscalers)
    assert found.ignored_settings == []
    assert [note.detail for note in found.notes] == ["CreationTime"]


@pytest.mark.parametrize(
    ("resource", "name", "stands_for", "cluster"),
    [
        ("service/shop-production/shop", "shop", "", "shop-production"),
        ("service/${CLUSTER}/shop", "shop", "", ""),
        ("service/<cluster>/shop", "shop", "", ""),
        ("service/${CLUSTER:-a/b}/shop", "shop", "", ""),
        ("service/shop-production/${SERVICE}", None, "${SERVICE}", "shop-production"),
        ("service/shop-production/shop-${STAGE}", None, "shop-${STAGE}", "shop-production"),
        ("service/shop", None, "", ""),
        ("service/", None, "", ""),
        ("service/a/b/c", None, "", ""),
    ],
)
def test_which_service_is_scaled(
    resource: str, name: str | None, stands_for: str, cluster: str
) -> None:
    found = scaler({**TARGET, "ResourceId": resource})
    assert (found.target.name, found.target.text) == (name, stands_for)
    assert found.labels.get("cluster", "") == cluster


def test_bounds_that_are_not_known() -> None:
    found = scaler({**TARGET, "MinCapacity": "${MIN}", "MaxCapacity": "10"})
    assert found.min.unknown
    assert found.max.value == 10


def test_a_target_without_bounds_changes_one_that_is_registered_elsewhere() -> None:
    only_state = {key: TARGET[key] for key in list(TARGET)[:3]}
    found = scaler({**only_state, "SuspendedState": {"DynamicScalingOutSuspended": True}})
    assert found.partial
    assert (found.min.source, found.max.source) == (None, None)


# -- suspension -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "effective", "says"),
    [
        ({"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True}, False, "neither"),
        ({"DynamicScalingOutSuspended": True}, True, "adds no tasks"),
        ({"DynamicScalingInSuspended": True}, True, "removes no tasks"),
        (
            {"DynamicScalingInSuspended": True, "ScheduledScalingSuspended": True},
            True,
            "scheduled actions are suspended too",
        ),
    ],
)
def test_what_suspension_stops(state: dict[str, bool], effective: bool, says: str) -> None:
    data = {**TARGET, "SuspendedState": state}
    found = fragments(data)
    [setting] = found.ignored_settings
    assert says in setting.effect
    assert (setting.topic, setting.key, setting.workload) == ("scaling", "SuspendedState", "shop")
    assert underlined(data, setting.location) == '"SuspendedState"'
    assert found.autoscalers[0].effective is effective
    assert bool(found.autoscalers[0].ineffective_reason) is not effective


@pytest.mark.parametrize(
    "state",
    [
        {},
        None,
        "${STATE}",
        {"ScheduledScalingSuspended": True},
        {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": "${SUSPENDED}"},
    ],
)
def test_what_is_not_known_to_be_suspended_is_not(state: Any) -> None:
    found = fragments({**TARGET, "SuspendedState": state})
    assert found.ignored_settings == []
    assert found.autoscalers[0].effective


# -- target tracking ------------------------------------------------------------------------------


def test_a_policy() -> None:
    found = scaler(POLICY)
    assert (found.kind, found.name, found.target.name) == ("scaling policy", "shop-cpu", "shop")
    assert found.partial
    assert not found.policies_complete
    [only] = found.policies
    assert (only.kind, only.name) == ("target tracking", "shop-cpu")
    assert underlined(POLICY, only.location) == '"PolicyName": "shop-cpu"'
    [metric] = only.metrics
    assert (metric.kind, metric.unit, metric.target.value) == ("cpu", "utilization percent", 70.0)
    assert underlined(POLICY, metric.target.location) == '"TargetValue": 70.0'
    assert only.scale_in.cooldown_seconds.value == 300
    assert underlined(POLICY, only.scale_in.cooldown_seconds.location) == '"ScaleInCooldown": 300'
    assert only.scale_in.disabled.value is False
    assert only.scale_in.disabled.source is Source.PLATFORM_DEFAULT
    assert only.scale_out.cooldown_seconds.value == 60


@pytest.mark.parametrize(
    ("key", "direction"), [("ScaleInCooldown", "scale_in"), ("ScaleOutCooldown", "scale_out")]
)
def test_a_missing_cooldown_is_the_platforms(key: str, direction: str) -> None:
    cooldown = getattr(tracking(**{key: None}), direction).cooldown_seconds
    assert (cooldown.value, cooldown.source) == (300, Source.PLATFORM_DEFAULT)
    assert "300 s" in cooldown.reason
    assert cooldown.location.path == ("TargetTrackingScalingPolicyConfiguration", key)
    assert not cooldown.location.present
    assert underlined(POLICY, cooldown.location) == '"TargetTrackingScalingPolicyConfiguration"'


def test_where_nothing_scales_in_no_cooldown_is_missing() -> None:
    found = tracking(DisableScaleIn=True, ScaleInCooldown=None).scale_in
    assert found.disabled.value is True
    assert found.cooldown_seconds.source is None
    assert tracking(DisableScaleIn=True).scale_in.cooldown_seconds.value == 300


def predefined(name: str, **keys: Any) -> dict[str, Any]:
    return {"PredefinedMetricSpecification": {"PredefinedMetricType": name, **keys}}


def custom(**keys: Any) -> dict[str, Any]:
    return {
        "PredefinedMetricSpecification": None,
        "CustomizedMetricSpecification": {"Statistic": "Average", **keys},
    }


LABEL = "app/shop/50dc6c495c0c9188/targetgroup/shop-http/943f017f100becff"
SHOP = [{"Name": "ServiceName", "Value": "shop"}]
ORDERS = [{"Name": "QueueName", "Value": "orders"}]
BACKLOG = "ApproximateNumberOfMessagesVisible"
RUNNING = {"MetricName": "RunningTaskCount", "Namespace": "ECS/ContainerInsights"}
MATH = [
    {"Id": "m1", "MetricStat": {"Metric": RUNNING, "Stat": "Average"}},
    {"Id": "e1", "Expression": "m1 * 2"},
]
MEMORY = "ECSServiceAverageMemoryUtilization"
FAST_CPU = "ECSServiceAverageCPUUtilizationHighResolution"


@pytest.mark.parametrize(
    ("keys", "kind", "name", "unit"),
    [
        (predefined(MEMORY), "memory", MEMORY, "utilization percent"),
        (predefined(FAST_CPU), "cpu", FAST_CPU, "utilization percent"),
        (
            predefined("ALBRequestCountPerTarget", ResourceLabel=LABEL),
            "requests",
            "ALBRequestCountPerTarget (shop-http)",
            "average value",
        ),
        (predefined("${METRIC}"), "unknown", "${METRIC}", "value"),
        (
            custom(MetricName="CPUUtilization", Namespace="AWS/ECS", Dimensions=SHOP),
            "cpu",
            "CPUUtilization",
            "utilization percent",
        ),
        (
            custom(MetricName=BACKLOG, Namespace="AWS/SQS", Dimensions=ORDERS),
            "queue",
            f"{BACKLOG} (QueueName=orders)",
            "value",
        ),
        (custom(MetricName="Backlog", Namespace="Shop"), "custom", "Backlog", "value"),
        (custom(Metrics=MATH), "custom", "metric math of RunningTaskCount", "value"),
    ],
)
def test_metrics(keys: dict[str, Any], kind: str, name: str, unit: str) -> None:
    [metric] = tracking(**keys).metrics
    assert (metric.kind, metric.name, metric.unit) == (kind, name, unit)


def test_a_policy_that_names_no_metric_has_none() -> None:
    assert tracking(PredefinedMetricSpecification=None).metrics == ()


def test_described_policies() -> None:
    described = {
        **POLICY,
        "PolicyARN": "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:resource/ecs",
        "Alarms": [
            {"AlarmName": "TargetTracking-shop-AlarmHigh", "AlarmARN": "arn:aws:cloudwatch"}
        ],
        "CreationTime": 1767225600.0,
    }
    found = fragments({"ScalingPolicies": [described, STEP_POLICY]})
    assert [entry.name for entry in found.autoscalers] == ["shop-cpu", "shop-surge"]
    assert [note.detail for note in found.notes] == ["Alarms, CreationTime and PolicyARN"]


def test_camel_case_and_yaml() -> None:
    text = (
        "policyName: shop-memory\npolicyType: TargetTrackingScaling\n"
        "resourceId: service/${CLUSTER}/shop\nserviceNamespace: ecs\n"
        "targetTrackingScalingPolicyConfiguration:\n"
        "  targetValue: 80\n"
        "  predefinedMetricSpecification:\n"
        "    predefinedMetricType: ECSServiceAverageMemoryUtilization\n"
        "  scaleOutCooldown: 60\n"
    )
    [document] = parse(text, "scaling.yaml", "yaml").documents
    [found] = normalise(document, "scaling.yaml").autoscalers
    assert found.target.name == "shop"
    [metric] = found.metrics
    assert (metric.kind, metric.target.value) == ("memory", 80.0)
    cooldown = found.policies[0].scale_in.cooldown_seconds
    assert cooldown.location is not None
    assert cooldown.location.path[-1] == "scaleInCooldown"
    assert cooldown.location.line == 5


# -- steps, predictions, schedules ----------------------------------------------------------------


def step_amounts(*amounts: Any) -> list[dict[str, Any]]:
    return [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": amount} for amount in amounts]


def test_a_step_policy_that_adds() -> None:
    found = steps()
    assert (found.kind, found.name, found.metrics) == ("step", "shop-surge", ())
    assert found.scale_out.cooldown_seconds.value == 300
    assert found.scale_out.cooldown_seconds.source is Source.PLATFORM_DEFAULT
    assert found.scale_out.disabled.value is False
    assert found.scale_in.cooldown_seconds.source is None
    assert found.scale_in.disabled.value is True


def test_a_step_policy_that_removes() -> None:
    found = steps(StepAdjustments=step_amounts(-1, -2), Cooldown=120)
    assert found.scale_in.cooldown_seconds.value == 120
    assert found.scale_in.cooldown_seconds.source is Source.FILE
    assert found.scale_out.cooldown_seconds.source is None
    assert found.scale_in.disabled.value is False


def test_a_step_policy_that_does_both() -> None:
    found = steps(StepAdjustments=step_amounts(2, -1), Cooldown=120)
    assert found.scale_in.cooldown_seconds.value == 120
    assert found.scale_out.cooldown_seconds.value == 120


@pytest.mark.parametrize(
    "keys",
    [
        {"StepAdjustments": step_amounts("${STEP}")},
        {"AdjustmentType": "ExactCapacity", "StepAdjustments": step_amounts(4)},
        {"StepAdjustments": []},
        {"StepAdjustments": "${STEPS}"},
    ],
)
def test_steps_whose_direction_is_not_known(keys: dict[str, Any]) -> None:
    found = steps(**keys)
    assert found.scale_in.cooldown_seconds.unknown
    assert found.scale_out.cooldown_seconds.unknown
    assert found.scale_in.disabled.value is None


def test_a_predictive_policy() -> None:
    data = {
        **{key: value for key, value in POLICY.items() if not key.startswith("TargetTracking")},
        "PolicyType": "PredictiveScaling",
        "PredictiveScalingPolicyConfiguration": {
            "MetricSpecifications": [
                {
                    "TargetValue": 50,
                    "PredefinedMetricPairSpecification": {
                        "PredefinedMetricType": "ECSServiceCPUUtilization"
                    },
                }
            ],
            "Mode": "ForecastAndScale",
        },
    }
    found = policy(data)
    assert found.kind == "predictive"
    [metric] = found.metrics
    assert (metric.kind, metric.target.value) == ("cpu", 50.0)
    assert found.scale_out.disabled.value is False
    data["PredictiveScalingPolicyConfiguration"].pop("Mode")
    assert policy(data).scale_out.disabled.value is True


def test_a_scheduled_action() -> None:
    found = scaler(SCHEDULED)
    assert found.partial
    assert (found.target.name, found.min.source) == ("shop", None)
    [only] = found.policies
    assert (only.kind, only.name, only.metrics) == ("scheduled", "mornings", ())
    assert (only.min.value, only.max.value, only.schedule) == (4, 20, "cron(0 7 * * ? *)")
    assert underlined(SCHEDULED, only.location) == '"ScheduledActionName": "mornings"'


# -- bare configurations --------------------------------------------------------------------------


def test_a_bare_target_tracking_configuration() -> None:
    found = scaler(TRACKING, "deploy/shop-cpu.json")
    assert found.partial
    assert (found.name, found.target.name) == ("shop-cpu", None)
    [only] = found.policies
    assert only.name == "shop-cpu"
    assert underlined(TRACKING, only.location) == '"TargetValue": 70.0'


def test_a_missing_cooldown_of_a_bare_configuration_belongs_to_the_document() -> None:
    data = {key: value for key, value in TRACKING.items() if key != "ScaleInCooldown"}
    cooldown = policy(data).scale_in.cooldown_seconds
    assert (cooldown.value, cooldown.source) == (300, Source.PLATFORM_DEFAULT)
    assert cooldown.location is not None
    assert (cooldown.location.line, cooldown.location.path) == (1, ("ScaleInCooldown",))


def test_a_bare_step_configuration() -> None:
    found = scaler(STEPS, "deploy/surge.json")
    assert (found.name, found.policies[0].kind) == ("surge", "step")


# -- bundles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bundle",
    [
        [TARGET, POLICY, STEP_POLICY, SCHEDULED],
        {"scalableTarget": TARGET, "scalingPolicies": [POLICY, STEP_POLICY], "schedule": SCHEDULED},
        {"production": {"target": TARGET, "policies": [POLICY, STEP_POLICY, SCHEDULED]}},
        {"targetTrackingScalingPolicies": [POLICY], "rest": [TARGET, STEP_POLICY, SCHEDULED]},
    ],
)
def test_bundles_are_read_item_by_item(bundle: Any) -> None:
    found = fragments(bundle)
    assert sorted(entry.name for entry in found.autoscalers) == [
        "mornings",
        "shop",
        "shop-cpu",
        "shop-surge",
    ]
    assert found.notes == []
    assert {entry.target.name for entry in found.autoscalers} == {"shop"}
