"""Alarms that set off step policies, and where the steps of these begin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale.model.declared import Alarm, Fragments
from lintscale.model.resolved import Autoscaler, ScalingPolicy
from lintscale.platforms.ecs import may_hold
from lintscale.platforms.ecs.normalise import normalise, recognise
from lintscale.project.config import Settings
from lintscale.resolve.project import resolve
from lintscale.syntax import parse

ARN = (
    "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:0f1e"
    ":resource/ecs/service/bookshop/shop:policyName/{}"
)
ALARM: dict[str, Any] = {
    "AlarmName": "shop-cpu-low",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [
        {"Name": "ServiceName", "Value": "shop"},
        {"Name": "ClusterName", "Value": "bookshop"},
    ],
    "Statistic": "Average",
    "Threshold": 30,
    "ComparisonOperator": "LessThanThreshold",
    "AlarmActions": [ARN.format("shop-in")],
}
NAME = "AWS/ECS Average CPUUtilization (ClusterName=bookshop, ServiceName=shop)"


def step_policy(name: str, *steps: dict[str, Any], kind: str = "ChangeInCapacity") -> Any:
    return {
        "PolicyName": name,
        "ServiceNamespace": "ecs",
        "ResourceId": "service/bookshop/shop",
        "ScalableDimension": "ecs:service:DesiredCount",
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": {"AdjustmentType": kind, "StepAdjustments": list(steps)},
    }


def step(amount: object, low: object = None, high: object = None) -> dict[str, Any]:
    bounds = {"MetricIntervalLowerBound": low, "MetricIntervalUpperBound": high}
    written = {key: value for key, value in bounds.items() if value is not None}
    return {"ScalingAdjustment": amount, **written}


def fragments(data: Any, file_name: str = "deploy/scaling.json") -> Fragments:
    [document] = parse(json.dumps(data, indent=2), file_name, "json").documents
    return normalise(document, file_name)


def alarms(**keys: Any) -> list[Alarm]:
    return fragments({**ALARM, **keys}).alarms


def linked(*data: Any) -> Autoscaler:
    everything = Fragments()
    for each in data:
        everything.extend(fragments(each))
    (workload,) = resolve(everything, Settings(Path())).workloads
    (scaler,) = workload.autoscalers
    return scaler


def policies(*data: Any) -> dict[str, ScalingPolicy]:
    return {policy.name: policy for policy in linked(*data).policies}


# -- the alarm ------------------------------------------------------------------------------------


def test_an_alarm_says_which_policy_it_sets_off() -> None:
    (alarm,) = alarms()
    assert (alarm.policy, alarm.target.name, alarm.target.namespace) == (
        "shop-in",
        "shop",
        "bookshop",
    )
    assert (alarm.metric.kind, alarm.metric.name, alarm.metric.target.value) == ("cpu", NAME, 30)
    assert not alarm.above


def test_its_account_may_be_a_placeholder() -> None:
    arn = ARN.format("shop-in").replace("111122223333", "${AWS_ACCOUNT}")
    assert [alarm.policy for alarm in alarms(AlarmActions=[arn])] == ["shop-in"]


def test_what_follows_the_policy_s_name_is_not_part_of_it() -> None:
    arn = ARN.format("shop-in") + ":createdBy/0a09cedf"
    assert [alarm.policy for alarm in alarms(AlarmActions=[arn])] == ["shop-in"]


@pytest.mark.parametrize(
    "keys",
    [
        {"AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:pager"]},
        {"AlarmActions": ["${SCALE_IN_POLICY_ARN}"]},
        {"AlarmActions": [ARN.format("${POLICY}")]},
        {"AlarmActions": ARN.format("shop-in")},
        {"AlarmActions": [{"Ref": "ScaleIn"}]},
        {"ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold", "AlarmActions": []},
        {"ComparisonOperator": None},
    ],
)
def test_alarms_of_nobody_s_business(keys: dict[str, Any]) -> None:
    assert alarms(**keys) == []


@pytest.mark.parametrize(
    "keys",
    [
        # A number calculated from others, no number, and a band around what is expected.
        {"MetricName": None, "Metrics": [{"Id": "load", "Expression": "a / b"}]},
        {"Threshold": None},
        {"ComparisonOperator": "GreaterThanUpperThreshold", "Threshold": None},
    ],
)
def test_alarms_without_a_threshold(keys: dict[str, Any]) -> None:
    assert alarms(**keys) == []


def test_the_wrapper_of_describe_alarms() -> None:
    assert len(fragments({"MetricAlarms": [ALARM, ALARM]}).alarms) == 2


def test_an_alarm_is_ours_only_when_it_scales_a_service() -> None:
    foreign = {**ALARM, "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:pager"]}
    for data, ours in ((ALARM, True), (foreign, False)):
        text = json.dumps(data)
        [document] = parse(text, "alarm.json", "json").documents
        assert may_hold("alarm.json", text) is ours
        assert recognise(document, "alarm.json") is ours


def test_only_an_average_moves_as_the_count_does() -> None:
    assert [alarm.metric.kind for alarm in alarms(Statistic="Maximum")] == ["custom"]
    requests = {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCountPerTarget"}
    assert [a.metric.kind for a in alarms(Statistic="Sum", **requests)] == ["requests"]
    queue = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}
    assert [a.metric.kind for a in alarms(**queue)] == ["queue"]


# -- the steps ------------------------------------------------------------------------------------


def test_steps_are_the_policy_s_limits() -> None:
    (policy,) = policies(
        step_policy("shop-out", step(10, 0, 20), step(50, 20), kind="PercentChangeInCapacity")
    ).values()
    assert [(limit.kind, limit.value.value) for limit in policy.scale_out.limits] == [
        ("percent", 10),
        ("percent", 50),
    ]
    assert policy.scale_in.limits == ()


@pytest.mark.parametrize(
    ("steps", "offset"),
    [
        ([step(1)], 0),
        ([step(1, 0)], 0),
        ([step(1, 10)], 10),
        ([step(3, 20), step(1, 5, 20)], 5),
        # Below the threshold the alarm does not go off.
        ([step(1, -10)], 0),
        ([step(1, "${BOUND}")], None),
    ],
)
def test_where_adding_begins(steps: list[dict[str, Any]], offset: float | None) -> None:
    (policy,) = policies(step_policy("shop-out", *steps)).values()
    assert policy.scale_out.threshold_offset == offset
    assert policy.scale_in.threshold_offset is None


def test_where_removing_begins() -> None:
    (policy,) = policies(step_policy("shop-in", step(-1, -15, -5), step(-2, None, -15))).values()
    assert policy.scale_in.threshold_offset == -5


# -- together -------------------------------------------------------------------------------------


def test_an_alarm_finds_its_policy() -> None:
    low = step_policy("shop-in", step(-1, None, -5))
    high = step_policy("shop-out", step(1, 0))
    found = policies(low, high, ALARM)
    trigger = found["shop-in"].scale_in.trigger
    assert trigger is not None
    assert (trigger.name, trigger.target.value) == (NAME, 25)
    assert trigger.target.location is not None
    assert trigger.target.location.path == ("Threshold",)
    assert found["shop-out"].scale_out.trigger is None


@pytest.mark.parametrize(
    "alarm",
    [
        {**ALARM, "ComparisonOperator": "GreaterThanThreshold"},
        {**ALARM, "AlarmActions": [ARN.format("shop-in").replace("/shop:", "/search:")]},
        {**ALARM, "AlarmActions": [ARN.format("shop-in").replace("/bookshop/", "/library/")]},
        {**ALARM, "AlarmActions": [ARN.format("shop-other")]},
        {**ALARM, "Threshold": "${LOW}"},
    ],
)
def test_an_alarm_of_something_else(alarm: dict[str, Any]) -> None:
    found = policies(step_policy("shop-in", step(-1, None, 0)), alarm)
    assert found["shop-in"].scale_in.trigger is None


def test_of_two_alarms_neither_is_the_one() -> None:
    other = {**ALARM, "AlarmName": "shop-memory-low", "MetricName": "MemoryUtilization"}
    found = policies(step_policy("shop-in", step(-1, None, 0)), ALARM, other)
    assert found["shop-in"].scale_in.trigger is None
