"""ECS in CloudFormation: functions, conditions, joins by logical ids, places, fixes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import Source
from tests.platforms.terraform.reading import checked

TEMPLATE = """\
Parameters:
  Env: {{ Type: String, Default: prod }}
  Count:
    Type: Number
    Default: 3 # at first
  Unset: {{ Type: String }}
  Zones: {{ Type: CommaDelimitedList, Default: "a,b" }}
Mappings:
  Sizes:
    prod: {{ Count: 5 }}
    dev: {{ Count: 1 }}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Both: !And [!Condition IsProd, !Equals [!Ref Unset, x]]
  Either: !Or [!Condition IsProd, !Equals [!Ref Unset, x]]
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: {{ ClusterName: !Sub "${{Env}}-shops" }}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: web
          Image: !Sub "${{AWS::AccountId}}/shop:1.2"
          StopTimeout: 45
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Task
      DesiredCount: {count}
"""

SCALING = """\
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      ServiceNamespace: ecs
      ScalableDimension: ecs:service:DesiredCount
      ResourceId: {resource}
      MinCapacity: 2
      MaxCapacity: 8
      ScheduledActions:
        - ScheduledActionName: night
          Schedule: cron(0 20 * * ? *)
          ScalableTargetAction: {{ MinCapacity: 1 }}
  Policy:
    Type: AWS::ApplicationAutoScaling::ScalingPolicy
    Properties:
      PolicyName: cpu
      PolicyType: TargetTrackingScaling
      ScalingTargetId: !Ref Target
      TargetTrackingScalingPolicyConfiguration:
        TargetValue: 60
        PredefinedMetricSpecification:
          PredefinedMetricType: ECSServiceAverageCPUUtilization
"""


def only(folder: Path, text: str, name: str = "template.yaml") -> RunningWorkload:
    [workload] = checked(folder, {name: text}).project.workloads
    return workload


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("3", 3),
        ('"3"', 3),
        ("!Ref Count", 3),
        ("{ Ref: Count }", 3),
        ("!Ref Unset", None),
        ("!FindInMap [Sizes, !Ref Env, Count]", 5),
        ("!FindInMap [Sizes, !Ref Unset, Count]", None),
        ("!If [IsProd, 2, 1]", 2),
        ("!If [IsDev, 2, 1]", 1),
        ("!If [Both, 2, 1]", None),
        ("!If [Both, 2, 2]", 2),
        ("!If [Either, 2, 1]", 2),
        ("!If [Nothing, 2, 1]", None),
        ("!Select [1, !Split [\"-\", a-4]]", 4),
        ("!Sub \"${Count}\"", 3),
        ('"{{resolve:ssm:/count:1}}"', None),
        ("!ImportValue counts", None),
        ("!Frobnicate 3", None),
        ("{ \"Fn::If\": [IsProd, !Ref Count, 1] }", 3),
    ],
)  # fmt: skip
def test_a_count(tmp_path: Path, written: str, count: int | None) -> None:
    service = only(tmp_path, TEMPLATE.format(count=written))
    assert service.replicas.value == count
    assert service.replicas.source is Source.FILE


def test_a_whole_service(tmp_path: Path) -> None:
    service = only(tmp_path, TEMPLATE.format(count=2))
    assert (service.name, service.namespace) == ("Service", "prod-shops")
    [web] = service.containers
    assert web.image.value == "${AWS::AccountId}/shop:1.2"
    assert service.shutdown.grace_seconds.value == 45
    assert service.location.span.line == 28


def test_an_absent_count_is_the_first_one(tmp_path: Path) -> None:
    service = only(tmp_path, TEMPLATE.format(count="!Ref AWS::NoValue"))
    assert (service.replicas.value, service.replicas.source) == (1, Source.PLATFORM_DEFAULT)
    assert service.count_left_alone


@pytest.mark.parametrize(
    "resource",
    [
        '!Join ["/", [service, !Ref Cluster, !GetAtt Service.Name]]',
        '!Join ["/", [service, !Ref Cluster, !GetAtt [Service, Name]]]',
        '!Sub "service/${Cluster}/${Service.Name}"',
        '!Sub ["service/${c}/${s}", { c: !Ref Cluster, s: !GetAtt Service.Name }]',
        '{ "Fn::Join": ["", [service/, { Ref: Cluster }, /, { "Fn::GetAtt": [Service, Name] }]] }',
    ],
)
def test_scaling_is_joined_by_logical_ids(tmp_path: Path, resource: str) -> None:
    service = only(tmp_path, TEMPLATE.format(count=2) + SCALING.format(resource=resource))
    [scaler] = service.autoscalers
    assert (scaler.min.value, scaler.max.value) == (2, 8)
    assert {each.kind for each in scaler.policies} == {"target tracking", "scheduled"}
    [tracking] = [each for each in scaler.policies if each.kind == "target tracking"]
    assert tracking.scale_in.cooldown_seconds.value == 300


def test_json_says_the_same(tmp_path: Path) -> None:
    resources: dict[str, Any] = {
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": {"Ref": "Task"},
                "DesiredCount": {"Fn::If": ["On", 4, 1]},
                "DeploymentConfiguration": {"MaximumPercent": 200, "MinimumHealthyPercent": 50},
            },
        },
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"ContainerDefinitions": [{"Name": "web", "Image": "x:1"}]},
        },
        "Off": {"Type": "AWS::ECS::Service", "Condition": "No", "Properties": {}},
    }
    conditions = {"On": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}}
    text = json.dumps({"Conditions": conditions, "Resources": resources}, indent=1)
    service = only(tmp_path, text, "cdk.out/Stack.template.json")
    assert service.replicas.value == 4
    assert service.rollout.min_healthy_percent.value == 50
    assert service.name == "Service"


def test_values_have_their_places(tmp_path: Path) -> None:
    service = only(tmp_path, TEMPLATE.format(count="!Ref Count"))
    location = service.replicas.location
    assert location is not None
    assert (location.path, location.span.line) == (("Parameters", "Count", "Default"), 5)
    absent = service.rollout.max_healthy_percent.location
    assert absent is not None
    assert absent.path == (
        "Resources", "Service", "Properties", "deploymentConfiguration", "maximumPercent"
    ) or absent.path[-1] == "MaximumPercent"  # fmt: skip


@pytest.mark.parametrize(
    ("count", "fixed"),
    [
        ("1 # few", "      DesiredCount: 2 # few"),
        ('"1"', '      DesiredCount: "2"'),
        ("!Ref Least", "  Least: { Type: Number, Default: 2 }"),
        ("!If [IsProd, 1, 4]", "      DesiredCount: !If [IsProd, 2, 4]"),
        ("!Select [0, [1, 2]]", None),
    ],
)
def test_fixes_write_literals(tmp_path: Path, count: str, fixed: str | None) -> None:
    text = TEMPLATE.format(count=count)
    text = text.replace("  Unset:", "  Least: { Type: Number, Default: 1 }\n  Unset:")
    text += "      LoadBalancers: [{ ContainerName: web, ContainerPort: 80, TargetGroupArn: x }]\n"
    result = checked(tmp_path, {"template.yaml": text})
    assert "min-instances" in {finding.rule for finding in result.findings}
    changed = api.fix(result, unsafe=True).changed
    if fixed is None:
        return
    [file] = changed
    assert fixed in file.after.decode().splitlines()


def test_a_database_with_its_class(tmp_path: Path) -> None:
    text = TEMPLATE.format(count=2).replace(
        "StopTimeout: 45", "Environment: [{ Name: DB_HOST, Value: !GetAtt Db.Endpoint.Address }]"
    )
    text += """\
  Db:
    Type: AWS::RDS::DBInstance
    Properties: { Engine: postgres, DBInstanceClass: db.t3.micro }
"""
    [database] = checked(tmp_path, {"template.yaml": text}).project.databases
    assert (database.name, database.engine, database.limit.value) == ("Db", "postgresql", 112)
    assert len(database.consumers) == 1


def test_a_suppression_in_a_template(tmp_path: Path) -> None:
    text = TEMPLATE.format(count="1 # lintscale: ignore[min-instances] one is enough")
    text += "      LoadBalancers: [{ ContainerName: web, ContainerPort: 80, TargetGroupArn: x }]\n"
    result = checked(tmp_path, {"template.yaml": text})
    assert "min-instances" not in {finding.rule for finding in result.findings}
    assert result.suppressed


@pytest.mark.parametrize(
    "text",
    [
        "Resources: AWS::ECS::Service",
        "Resources: { A: { Type: AWS::ECS::Service } }",
        "Resources: { A: { Type: AWS::ECS::Service, Properties: !Ref B } }",
        "Resources: { A: { Type: AWS::ECS::TaskDefinition,"
        " Properties: { ContainerDefinitions: !Ref B } } }",
        "Resources: { A: [AWS::ECS::Service] }",
        "Conditions: { A: !Condition A }\n"
        "Resources: { S: { Type: AWS::ECS::Service, Condition: A } }",
        "Parameters: { A: { Default: !Ref A } }\n"
        "Resources: { S: { Type: AWS::ECS::Service, Properties: { DesiredCount: !Ref A } } }",
        "Resources: { S: { Type: AWS::ECS::Service, Properties: { DesiredCount: " + "!Sub [" * 90,
    ],
)
def test_any_template_is_read(tmp_path: Path, text: str) -> None:
    checked(tmp_path, {"template.yaml": text})


def test_an_express_service(tmp_path: Path) -> None:
    text = """\
Resources:
  Shop:
    Type: AWS::ECS::ExpressGatewayService
    Properties:
      ServiceName: shop
      Cpu: "512"
      PrimaryContainer: { Image: "x:1", ContainerPort: 8080 }
      ScalingTarget: { MinTaskCount: 2, MaxTaskCount: 9, AutoScalingMetric: AVERAGE_MEMORY }
"""
    shop = only(tmp_path, text)
    assert (shop.name, shop.min_instances.value, shop.max_instances.value) == ("shop", 2, 9)
    [policy] = shop.autoscalers[0].policies
    assert (policy.metrics[0].kind, policy.metrics[0].target.value) == ("memory", 60)
    assert (shop.health_check_path.value, shop.load_balanced) == ("/ping", True)
    assert shop.instance_size.cpu_cores.value == 0.5
    assert [each.image.value for each in shop.containers] == ["x:1"]
    assert shop.rollout.circuit_breaker.value is None
