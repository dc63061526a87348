"""The files of fixtures/one-service, what a team may keep beside them, and projects of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lintscale import api
from lintscale.project.config import load_settings
from tests.files import write_files

FOLDER = Path(__file__).parent.parent / "fixtures" / "one-service"

RENDER = ".render.yaml"
RAILWAY = "railway.json"
TASK = "ecs-task-definition.json"
POLICY = "ecs-scaling-policy.json"
K8S = "k8s-deployment.yaml"

SERVICE = "ecs-service.json"
TARGET = "ecs-scalable-target.json"
STEPS = "ecs-step-policies.json"
ALARMS = "ecs-alarms.json"
BUDGET = "k8s-disruption-budget.yaml"
STAGING_TASK = "ecs-task-definition.staging.json"
STAGING_K8S = "k8s-deployment.staging.yaml"

FILES = {name: (FOLDER / name).read_text("utf-8") for name in (RENDER, RAILWAY, TASK, POLICY, K8S)}

BESIDE = {
    SERVICE: """\
{
  "cluster": "shops",
  "serviceName": "bookshop-api",
  "taskDefinition": "bookshop-api",
  "launchType": "FARGATE",
  "desiredCount": 2,
  "deploymentConfiguration": {
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "deploymentCircuitBreaker": {"enable": true, "rollback": true}
  }
}
""",
    STAGING_TASK: """\
{
  "family": "bookshop-api",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "512",
  "memory": "1024",
  "containerDefinitions": [
    {"name": "bookshop-api", "image": "bookshop/api:2.5.0"}
  ]
}
""",
    STAGING_K8S: """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bookshop-api
spec:
  replicas: 2
  selector:
    matchLabels:
      app: bookshop-api
  template:
    metadata:
      labels:
        app: bookshop-api
    spec:
      containers:
      - name: api
        image: bookshop/api:2.5.0
        resources:
          requests: {cpu: 500m, memory: 512Mi}
          limits: {memory: 512Mi}
""",
    TARGET: """\
{
  "ServiceNamespace": "ecs",
  "ResourceId": "service/shops/bookshop-api",
  "ScalableDimension": "ecs:service:DesiredCount",
  "MinCapacity": 2,
  "MaxCapacity": 10
}
""",
    STEPS: """\
[
  {
    "PolicyName": "bookshop-api-high",
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shops/bookshop-api",
    "ScalableDimension": "ecs:service:DesiredCount",
    "PolicyType": "StepScaling",
    "StepScalingPolicyConfiguration": {
      "AdjustmentType": "ChangeInCapacity",
      "Cooldown": 60,
      "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]
    }
  },
  {
    "PolicyName": "bookshop-api-low",
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shops/bookshop-api",
    "ScalableDimension": "ecs:service:DesiredCount",
    "PolicyType": "StepScaling",
    "StepScalingPolicyConfiguration": {
      "AdjustmentType": "ChangeInCapacity",
      "Cooldown": 300,
      "StepAdjustments": [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}]
    }
  }
]
""",
    ALARMS: """\
[
  {
    "AlarmName": "bookshop-api-cpu-high",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [
      {"Name": "ClusterName", "Value": "shops"},
      {"Name": "ServiceName", "Value": "bookshop-api"}
    ],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 70,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "AlarmActions": [
      "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:0f1e:resource/ecs/service/shops/bookshop-api:policyName/bookshop-api-high"
    ]
  },
  {
    "AlarmName": "bookshop-api-cpu-low",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Dimensions": [
      {"Name": "ClusterName", "Value": "shops"},
      {"Name": "ServiceName", "Value": "bookshop-api"}
    ],
    "Statistic": "Average",
    "Period": 60,
    "EvaluationPeriods": 3,
    "Threshold": 30,
    "ComparisonOperator": "LessThanThreshold",
    "AlarmActions": [
      "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:0f1e:resource/ecs/service/shops/bookshop-api:policyName/bookshop-api-low"
    ]
  }
]
""",
    BUDGET: """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: bookshop-api
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: bookshop-api
""",
}
"""Objects of the same service that the five files leave out."""

ALL = {**FILES, **BESIDE}


def write(folder: Path, files: Mapping[str, str], config: str = "") -> Path:
    """A project of these files; gives its folder back."""
    return write_files(folder, {"lintscale.toml": config, **files})


def checked(folder: Path, paths: Iterable[Path | str] = ()) -> api.CheckResult:
    """What ``lintscale check`` comes to in a project's folder."""
    settings = load_settings(folder)
    result = api.check([str(path) for path in paths] or [str(folder)], settings=settings)
    assert not result.failed_rules, [f.message for f in result.findings if f.internal]
    return result
