"""The scaling document that guides show and AWS rejects: read in all its variants, and told what
it must become."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lintscale.model.declared import Autoscaler, Fragments
from lintscale.model.sourced import Source
from lintscale.platforms.ecs.normalise import normalise
from lintscale.syntax import parse
from tests.platforms.trees import camel

CPU, MEMORY = "ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"

PASCAL: dict[str, Any] = {
    "ServiceName": "shop",
    "ScalableDimension": "ecs:service:DesiredCount",
    "MinCapacity": 2,
    "MaxCapacity": 10,
    "TargetTrackingScalingPolicies": [
        {
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": CPU},
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
        {
            "TargetValue": 80.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": MEMORY},
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        },
    ],
}


def items(*, metric_key: str) -> list[dict[str, Any]]:
    return [
        {"TargetValue": value, metric_key: metric, "ScaleInCooldown": 300, "ScaleOutCooldown": 60}
        for value, metric in ((70.0, CPU), (80.0, MEMORY))
    ]


def with_policies(policies: Any) -> dict[str, Any]:
    return {**PASCAL, "TargetTrackingScalingPolicies": policies}


BY_RESOURCE = {
    "ResourceId": "service/shop-production/shop",
    **{key: value for key, value in PASCAL.items() if key != "ServiceName"},
}
NESTED = with_policies(
    [
        {"PolicyName": name, "TargetTrackingScalingPolicyConfiguration": configuration}
        for name, configuration in zip(
            ("shop-cpu", "shop-memory"), PASCAL["TargetTrackingScalingPolicies"], strict=True
        )
    ]
)
VARIANTS = {
    "PascalCase": PASCAL,
    "camelCase": camel(PASCAL),
    "flattened metric type": with_policies(items(metric_key="PredefinedMetricType")),
    "flattened, camelCase": camel(with_policies(items(metric_key="PredefinedMetricType"))),
    "metricType": camel(with_policies(items(metric_key="MetricType"))),
    "resource id": BY_RESOURCE,
    "resource id, camelCase": camel(BY_RESOURCE),
    "resource id beside a placeholder": {**BY_RESOURCE, "ServiceName": "<SERVICE>"},
    "configurations of their own": NESTED,
    "a specification that is only the name": with_policies(
        items(metric_key="PredefinedMetricSpecification")
    ),
}


def fragments(data: Any, file_name: str = "ecs/scaling-policy.json") -> Fragments:
    [document] = parse(json.dumps(data, indent=2), file_name, "json").documents
    return normalise(document, file_name)


def scaler(data: Any) -> Autoscaler:
    [found] = fragments(data).autoscalers
    return found


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_says_the_same(variant: str) -> None:
    found = scaler(VARIANTS[variant])
    assert (found.kind, found.name, found.target.name) == ("scalable target", "shop", "shop")
    assert (found.min.value, found.max.value) == (2, 10)
    assert found.effective
    assert found.policies_complete
    assert not found.partial
    assert [(metric.kind, metric.target.value) for metric in found.metrics] == [
        ("cpu", 70.0),
        ("memory", 80.0),
    ]
    for policy in found.policies:
        assert policy.kind == "target tracking"
        assert policy.scale_in.cooldown_seconds.value == 300
        assert policy.scale_out.cooldown_seconds.value == 60
        assert policy.scale_in.cooldown_seconds.source is Source.FILE


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_said_to_be_no_api_shape(variant: str) -> None:
    [note] = fragments(VARIANTS[variant]).notes
    assert (note.platform, note.kind, note.workload) == ("ecs", "not an API shape", "shop")
    assert note.location.line == 1


def test_the_calls_it_must_become() -> None:
    [note] = fragments(PASCAL).notes
    assert note.detail == (
        "aws application-autoscaling register-scalable-target with ServiceNamespace ecs, "
        "ResourceId service/<cluster>/shop, ScalableDimension ecs:service:DesiredCount, "
        "MinCapacity 2, MaxCapacity 10; and one put-scaling-policy for each of "
        "shop-cpu (PolicyType TargetTrackingScaling, ECSServiceAverageCPUUtilization, "
        "TargetValue 70, ScaleInCooldown 300, ScaleOutCooldown 60); "
        "shop-memory (PolicyType TargetTrackingScaling, ECSServiceAverageMemoryUtilization, "
        "TargetValue 80, ScaleInCooldown 300, ScaleOutCooldown 60)"
    )


def test_the_calls_keep_what_is_known_and_leave_open_what_is_not() -> None:
    [note] = fragments(BY_RESOURCE).notes
    assert "ResourceId service/shop-production/shop," in note.detail
    [unnamed] = fragments({**PASCAL, "ServiceName": "${SERVICE}", "MinCapacity": "${MIN}"}).notes
    assert "ResourceId service/<cluster>/<service>," in unnamed.detail
    assert "MinCapacity <min>, MaxCapacity 10" in unnamed.detail
    [named] = fragments(NESTED).notes
    assert "; shop-memory (PolicyType" in named.detail


def test_the_calls_are_one_line_of_bounded_length() -> None:
    many = [{**PASCAL["TargetTrackingScalingPolicies"][0], "PolicyName": "x\n" * 5000}] * 500
    [note] = fragments(with_policies(many)).notes
    assert "\n" not in note.detail
    assert len(note.detail) < 2500
    assert note.detail.endswith("and 494 more")


@pytest.mark.parametrize(
    ("key", "direction"), [("ScaleInCooldown", "scale_in"), ("ScaleOutCooldown", "scale_out")]
)
def test_each_missing_cooldown_is_the_platforms(key: str, direction: str) -> None:
    data = json.loads(json.dumps(PASCAL))
    del data["TargetTrackingScalingPolicies"][1][key]
    found = fragments(data)
    first, second = (getattr(p, direction).cooldown_seconds for p in found.autoscalers[0].policies)
    assert first.source is Source.FILE
    assert (second.value, second.source) == (300, Source.PLATFORM_DEFAULT)
    assert second.location.path == ("TargetTrackingScalingPolicies", 1, key)
    lines = json.dumps(data, indent=2).splitlines()
    assert '"TargetValue": 80.0' in lines[second.location.line - 1]
    assert f"{key} 300 (the default)" in found.notes[0].detail


def test_step_policies_beside_them() -> None:
    data = {
        **PASCAL,
        "StepScalingPolicies": [
            {
                "PolicyName": "emergency",
                "AdjustmentType": "ChangeInCapacity",
                "ScalingAdjustment": 5,
            }
        ],
    }
    *_, step = scaler(data).policies
    assert (step.kind, step.name) == ("step", "emergency")
    assert step.scale_out.cooldown_seconds.value == 300
    assert step.scale_in.disabled.value is True


def test_without_bounds_it_is_a_part_of_a_target_elsewhere() -> None:
    data = camel({"TargetTrackingScalingPolicies": items(metric_key="MetricType")})
    found = scaler(data)
    assert found.partial
    assert found.target.name is None
    [note] = fragments(data).notes
    assert "MinCapacity <min>, MaxCapacity <max>" in note.detail


def test_inside_of_a_service() -> None:
    data = {
        "service": "shop",
        "cluster": "shop-production",
        "taskDefinition": "shop:9",
        "desiredCount": 3,
        "autoScaling": camel({key: value for key, value in PASCAL.items() if key != "ServiceName"}),
    }
    found = fragments(data)
    [service] = found.workloads
    [scaling] = found.autoscalers
    [note] = found.notes
    assert service.name == scaling.target.name == note.workload == "shop"
    assert (scaling.min.value, scaling.max.value) == (2, 10)
    assert "ResourceId service/shop-production/shop," in note.detail
    assert note.location.line == 6


def test_suspended_as_a_whole() -> None:
    state = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": True}
    found = fragments({**PASCAL, "SuspendedState": state})
    assert not found.autoscalers[0].effective
    [setting] = found.ignored_settings
    assert setting.workload == "shop"


def test_the_same_in_yaml() -> None:
    text = (
        "# autoscaling\n"
        "serviceName: shop\n"
        "minCapacity: 2\n"
        "maxCapacity: 10\n"
        "targetTrackingScalingPolicies:\n"
        "  - metricType: CPU\n"
        "    targetValue: 70\n"
    )
    [document] = parse(text, "autoscaling.yaml", "yaml").documents
    found = normalise(document, "autoscaling.yaml")
    [metric] = found.autoscalers[0].metrics
    assert (metric.kind, metric.target.value) == ("cpu", 70.0)
    assert found.notes[0].location.line == 2
