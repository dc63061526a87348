"""Which documents are ECS's, by what they say; and which only look like it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lintscale.platforms.ecs import may_hold
from lintscale.platforms.ecs.normalise import normalise, recognise
from lintscale.syntax import parse
from tests.platforms.trees import camel

CONTAINERS = [{"name": "web", "image": "shop:1"}]
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
REQUESTS = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
COOLDOWNS = {"ScaleInCooldown": 300, "ScaleOutCooldown": 60}
ECS = {"ServiceNamespace": "ecs", "ResourceId": "service/shop/shop"}
DYNAMODB = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/orders",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}


OURS: dict[str, Any] = {
    "task definition": {"family": "shop", "containerDefinitions": CONTAINERS},
    "task definition without a family": {"containerDefinitions": CONTAINERS},
    "described task definition": {
        "taskDefinition": {"family": "shop", "containerDefinitions": CONTAINERS}
    },
    "create-service": {"serviceName": "shop", "taskDefinition": "shop", "desiredCount": 2},
    "create-service, by its deployment controller": {
        "serviceName": "shop",
        "cluster": "shop",
        "desiredCount": 2,
    },
    "update-service": {"service": "shop", "cluster": "shop", "desiredCount": 2},
    "create-service output": {"service": {"serviceName": "shop", "taskDefinition": "shop:1"}},
    "describe-services output": {
        "services": [{"serviceName": "shop", "taskDefinition": "shop:1"}],
        "failures": [],
    },
    "register-scalable-target": {**ECS, "MinCapacity": 2, "MaxCapacity": 4},
    "register-scalable-target, by its resource": {
        "ResourceId": "service/${CLUSTER}/${SERVICE}",
        "MaxCapacity": 4,
    },
    "put-scaling-policy": {
        "PolicyName": "cpu",
        "ResourceId": "${RESOURCE_ID}",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 70,
            "PredefinedMetricSpecification": CPU,
        },
    },
    "put-scaling-policy, its configuration elsewhere": {
        **ECS,
        "PolicyName": "cpu",
        "PolicyType": "TargetTrackingScaling",
    },
    "put-scheduled-action": {
        **ECS,
        "ScheduledActionName": "night",
        "ScalableTargetAction": {"MinCapacity": 1},
    },
    "target tracking configuration": {"TargetValue": 70, "PredefinedMetricSpecification": CPU},
    "target tracking on requests": {
        "TargetValue": 1000,
        "PredefinedMetricSpecification": REQUESTS,
        **COOLDOWNS,
    },
    "target tracking on a metric of our own": {
        "TargetValue": 10,
        "CustomizedMetricSpecification": {"MetricName": "Backlog", "Namespace": "Shop"},
        **COOLDOWNS,
    },
    "target tracking on CloudWatch's ECS metric": {
        "TargetValue": 10,
        "CustomizedMetricSpecification": {"MetricName": "CPUReservation", "Namespace": "AWS/ECS"},
    },
    "step configuration": {
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1}],
    },
    "the document that no call takes": {
        "ServiceName": "shop",
        "MinCapacity": 2,
        "MaxCapacity": 10,
        "TargetTrackingScalingPolicies": [],
    },
    "a list": [{"family": "shop", "containerDefinitions": CONTAINERS}, {"other": 1}],
}

NOT_OURS: dict[str, Any] = {
    "CloudFormation": {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {"Family": "shop", "ContainerDefinitions": CONTAINERS},
            }
        },
    },
    "a synthesised CloudFormation template": {
        "Resources": {
            "Service": {
                "Type": "AWS::ECS::Service",
                "Properties": {"ServiceName": "shop", "TaskDefinition": "shop"},
            }
        }
    },
    "a CloudFormation resource alone": {
        "Type": "AWS::ECS::Service",
        "Properties": {"ServiceName": "shop", "TaskDefinition": "shop"},
    },
    "Terraform state": {
        "version": 4,
        "terraform_version": "1.9.0",
        "resources": [
            {
                "type": "aws_ecs_task_definition",
                "instances": [{"attributes": {"container_definitions": "[]", "family": "shop"}}],
            }
        ],
    },
    "Pulumi state": {
        "deployment": {
            "resources": [
                {
                    "type": "aws:ecs/service:Service",
                    "inputs": {"serviceName": "shop", "taskDefinition": "shop", "desiredCount": 1},
                }
            ]
        }
    },
    "a Kubernetes resource about ECS": {
        "apiVersion": "ecs.services.k8s.aws/v1alpha1",
        "kind": "TaskDefinition",
        "spec": {"family": "shop", "containerDefinitions": CONTAINERS},
    },
    "Elastic Beanstalk": {"AWSEBDockerrunVersion": 2, "containerDefinitions": CONTAINERS},
    "a JSON schema": {
        "properties": {
            "family": {"type": "string"},
            "containerDefinitions": {"type": "array"},
            "serviceName": {"type": "string"},
            "taskDefinition": {"type": "string"},
            "minCapacity": {"type": "integer"},
            "maxCapacity": {"type": "integer"},
            "targetTrackingScalingPolicies": {"type": "array"},
            "scheduledActionName": {"type": "string"},
            "scalableTargetAction": {"type": "object"},
            "targetValue": {"type": "number"},
            "predefinedMetricSpecification": {"type": "object"},
        }
    },
    "a schema of policies": {
        "policyName": {"type": "string"},
        "targetTrackingScalingPolicyConfiguration": {"$ref": "#/definitions/Configuration"},
    },
    "a DynamoDB target": {**DYNAMODB, "MinCapacity": 5, "MaxCapacity": 100},
    "a DynamoDB policy": {
        **DYNAMODB,
        "PolicyName": "reads",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 70,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "DynamoDBReadCapacityUtilization"
            },
        },
    },
    "a DynamoDB document of policies": {
        **DYNAMODB,
        "MinCapacity": 5,
        "TargetTrackingScalingPolicies": [
            {
                "TargetValue": 70,
                "CustomizedMetricSpecification": {"MetricName": "Reads", "Namespace": "Shop"},
                **COOLDOWNS,
            }
        ],
    },
    "an EC2 group": {
        "AutoScalingGroupName": "shop",
        "MinSize": 2,
        "TargetTrackingScalingPolicies": [
            {"TargetValue": 70, "PredefinedMetricSpecification": CPU, **COOLDOWNS}
        ],
    },
    "an EC2 group's configuration": {
        "TargetValue": 70,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
    },
    "what may be an EC2 group's configuration": {
        "TargetValue": 1000,
        "PredefinedMetricSpecification": REQUESTS,
    },
    "an EC2 group's step policy": {
        "AutoScalingGroupName": "shop",
        "AdjustmentType": "ChangeInCapacity",
        "StepAdjustments": [{"ScalingAdjustment": 1}],
    },
    "a Lambda metric": {
        "TargetValue": 0.7,
        "CustomizedMetricSpecification": {"MetricName": "Invocations", "Namespace": "AWS/Lambda"},
        **COOLDOWNS,
    },
    "delete-scaling-policy": {
        **ECS,
        "PolicyName": "cpu",
        "ScalableDimension": "ecs:service:DesiredCount",
    },
    "run-task": {"cluster": "shop", "taskDefinition": "shop:1", "count": 1},
    "create-task-set": {
        "service": "shop",
        "cluster": "shop",
        "taskDefinition": "shop:1",
        "scale": {"value": 50, "unit": "PERCENT"},
    },
    "a service of some other tool": {"service": "shop", "desiredCount": 2},
    "a serverless service": {"service": "shop", "provider": {"name": "aws"}},
    "Compose": {"services": {"web": {"image": "shop:1"}}},
    "image definitions": CONTAINERS,
    "what lies deep in another tool's examples": {
        "examples": {"CreateService": [{"input": {"serviceName": "a", "taskDefinition": "b"}}]}
    },
    "nothing": None,
    "a number": 7,
    "an empty list": [],
}


def recognised(data: Any, file_name: str = "config/data.json") -> bool:
    [document] = parse(json.dumps(data, indent=2), file_name, "json").documents
    answer = recognise(document, file_name)
    found = normalise(document, file_name)
    assert answer is bool(found.workloads or found.templates or found.autoscalers)
    return answer


@pytest.mark.parametrize("name", OURS)
def test_recognised(name: str) -> None:
    assert recognised(OURS[name])
    assert recognised(camel(OURS[name]))
    assert may_hold("x.json", json.dumps(OURS[name]))
    assert may_hold("x.json", json.dumps(camel(OURS[name])))


@pytest.mark.parametrize("name", NOT_OURS)
def test_not_recognised(name: str) -> None:
    assert not recognised(NOT_OURS[name])


def test_a_request_count_is_ours_where_the_path_says_so() -> None:
    bare = NOT_OURS["what may be an EC2 group's configuration"]
    assert recognised(bare, "infra/ecs/requests.json")
    assert not recognised(bare, "infra/specs/requests.json")


@pytest.mark.parametrize(
    "text",
    [
        '{"AWSTemplateFormatVersion": "2010-09-09", "X": {"ContainerDefinitions": []}}',
        '{"terraform_version": "1.9.0", "taskDefinition": 1}',
        "services:\n  - type: web\n    name: shop\n",
        "apiVersion: apps/v1\nkind: Deployment\n",
        "",
    ],
)
def test_a_look_at_the_text_tells_what_is_not_worth_parsing(text: str) -> None:
    assert not may_hold("x.yaml", text)


def test_toml_is_never_ours() -> None:
    text = 'family = "shop"\n[[containerDefinitions]]\nname = "web"\nimage = "shop:1"\n'
    [document] = parse(text, "x.toml", "toml").documents
    assert not recognise(document, "x.toml")
