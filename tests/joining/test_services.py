"""ECS objects and Render services find what belongs to them, in whatever files they stand."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.model.resolved import Database, Workload
from lintscale.reports.capacity import TIMES
from tests.one_service import checked, write
from tests.verdicts import places, rules, verdicts


def only(result: api.CheckResult) -> Workload:
    """The project's only workload."""
    assert len(result.project.workloads) == 1
    return result.project.workloads[0]


# -- ECS ------------------------------------------------------------------------------------------

TASK: dict[str, Any] = {
    "family": "ledger",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "512",
    "memory": "1024",
    "containerDefinitions": [
        {
            "name": "ledger",
            "image": "registry.example/ledger:2.1.0",
            "portMappings": [{"containerPort": 8080}],
        }
    ],
}
SERVICE: dict[str, Any] = {
    "cluster": "shops",
    "serviceName": "ledger",
    "taskDefinition": "ledger:12",
    "desiredCount": 2,
    "healthCheckGracePeriodSeconds": 60,
    "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
    "loadBalancers": [
        {
            "targetGroupArn": "arn:aws:elasticloadbalancing:::targetgroup/ledger",
            "containerName": "ledger",
            "containerPort": 8080,
        }
    ],
}
SCALED = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shops/ledger",
    "ScalableDimension": "ecs:service:DesiredCount",
}
TARGET: dict[str, Any] = {**SCALED, "MinCapacity": 2, "MaxCapacity": 8}
POLICY: dict[str, Any] = {
    **SCALED,
    "PolicyName": "ledger-cpu",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
        },
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
    },
}
FOUR: dict[str, dict[str, Any]] = {
    "tasks/ledger.json": TASK,
    "services/ledger.json": SERVICE,
    "scaling/ledger-target.json": TARGET,
    "scaling/ledger-cpu.json": POLICY,
}
FLAWED: dict[str, dict[str, Any]] = {
    **FOUR,
    "services/ledger.json": {**SERVICE, "desiredCount": 1},
    "scaling/ledger-target.json": {**TARGET, "MinCapacity": 1},
    "scaling/ledger-cpu.json": {
        **POLICY,
        "TargetTrackingScalingPolicyConfiguration": {
            **POLICY["TargetTrackingScalingPolicyConfiguration"],
            "ScaleInCooldown": 0,
        },
    },
}


def written(folder: Path, objects: dict[str, dict[str, Any]]) -> Path:
    return write(folder, {name: json.dumps(each, indent=2) for name, each in objects.items()})


def test_four_files_are_one_service(shop: Path) -> None:
    result = checked(written(shop, FOUR))
    assert rules(result) == []
    joined = only(result)
    assert (joined.name, joined.location.file) == ("ledger", "services/ledger.json")
    assert [each.image.value for each in joined.containers] == ["registry.example/ledger:2.1.0"]
    assert (joined.min_instances.value, joined.max_instances.value) == (2, 8)
    (scaler,) = joined.autoscalers
    assert scaler.location.file == "scaling/ledger-target.json"
    assert [policy.name for policy in scaler.policies] == ["ledger-cpu"]
    assert scaler.target_found is True


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("tasks/ledger.json", []),
        ("services/ledger.json", [("missing-readiness-probe", "info", "tasks/ledger.json")]),
        ("scaling/ledger-target.json", []),
        (
            "scaling/ledger-cpu.json",
            [("missing-scaling-target", "info", "scaling/ledger-target.json")],
        ),
    ],
)
def test_what_is_not_among_the_files_is_not_asserted_to_be_missing(
    shop: Path, missing: str, expected: list[tuple[str, str, str]]
) -> None:
    kept = {name: each for name, each in FOUR.items() if name != missing}
    assert places(checked(written(shop, kept))) == expected


def test_the_order_of_ecs_files_changes_no_verdict(tmp_path: Path) -> None:
    seen = set()
    for number, order in enumerate(permutations(FLAWED.values())):
        objects = {f"{place}.json": each for place, each in zip("abcd", order, strict=True)}
        result = checked(written(tmp_path / str(number) / "shop", objects))
        seen.add(tuple(sorted(verdicts(result))))
    assert len(seen) == 1
    assert [rule for rule, _, _ in seen.pop()] == ["min-instances", "missing-scale-in-cooldown"]


def test_ecs_objects_in_one_list_are_joined_as_well(shop: Path) -> None:
    apart = checked(written(shop, FLAWED))
    text = json.dumps(list(FLAWED.values()), indent=2)
    together = checked(write(shop.with_name("bookstore"), {"ecs.json": text}))
    assert verdicts(together) == verdicts(apart)
    assert rules(together) == ["min-instances", "missing-scale-in-cooldown"]


def test_the_same_placeholder_means_the_same_service(shop: Path) -> None:
    text = json.dumps(FLAWED).replace('ledger"', '${SERVICE}"').replace("ledger:12", "${SERVICE}")
    result = checked(written(shop, json.loads(text.replace("/ledger", "/${SERVICE}"))))
    assert rules(result) == ["min-instances", "missing-scale-in-cooldown"]
    joined = only(result)
    assert len(joined.containers) == 1
    assert [len(scaler.policies) for scaler in joined.autoscalers] == [1]


def test_another_placeholder_may_mean_another_service(shop: Path) -> None:
    """Nothing is asserted of what a placeholder stands for, neither that it is there nor not."""
    objects = {
        **FLAWED,
        "scaling/ledger-target.json": {**TARGET, "ResourceId": "service/shops/${NAME}"},
        "scaling/ledger-cpu.json": {**POLICY, "ResourceId": "service/shops/${NAME}"},
    }
    result = checked(written(shop, objects))
    assert rules(result) == ["min-instances", "no-autoscaling"]
    assert [each.target_found for each in result.project.autoscalers] == [None]


def test_a_service_of_the_same_name_in_another_cluster_is_another(shop: Path) -> None:
    elsewhere = {"ResourceId": "service/warehouse/ledger"}
    objects = {
        **FOUR,
        "scaling/ledger-target.json": {**TARGET, **elsewhere},
        "scaling/ledger-cpu.json": {**POLICY, **elsewhere},
    }
    result = checked(written(shop, objects))
    assert places(result) == [
        ("dangling-autoscaler", "warning", "scaling/ledger-target.json"),
        ("no-autoscaling", "info", "services/ledger.json"),
    ]


def test_each_cluster_has_its_own_scaling(shop: Path) -> None:
    """One service in two clusters: what the smaller one may shrink to is no matter of the other."""
    quiet = {"cluster": "quiet", "desiredCount": 1, "loadBalancers": []}
    objects = {
        **FOUR,
        "services/ledger-quiet.json": {**SERVICE, **quiet},
        "scaling/ledger-quiet.json": {
            **TARGET,
            "ResourceId": "service/quiet/ledger",
            "MinCapacity": 1,
        },
    }
    result = checked(written(shop, objects))
    smallest = {each.location.file: each.min_instances.value for each in result.project.workloads}
    assert smallest == {"services/ledger.json": 2, "services/ledger-quiet.json": 1}


def test_a_cluster_that_is_not_written_fits_any(shop: Path) -> None:
    without = {key: value for key, value in SERVICE.items() if key != "cluster"}
    result = checked(written(shop, {**FOUR, "services/ledger.json": without}))
    assert rules(result) == []
    assert len(only(result).autoscalers) == 1


def test_a_service_keeps_its_subnets_and_capacity_beside_its_task_definition(shop: Path) -> None:
    files = {
        "service.json": """\
{
  "cluster": "shops",
  "serviceName": "shop",
  "taskDefinition": "shop:7",
  "desiredCount": 2,
  "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
  "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0a1"]}}
}
""",
        "task-definition.json": """\
{
  "family": "shop",
  "containerDefinitions": [
    {"name": "shop", "image": "shop/web:1.4.2", "portMappings": [{"containerPort": 80}]}
  ]
}
""",
    }
    assert {"single-zone", "spot-only"} <= set(rules(checked(write(shop, files))))


def test_a_changed_policy_is_judged_with_its_service(shop: Path) -> None:
    written(shop, FLAWED)
    result = checked(shop, [shop / "scaling/ledger-cpu.json"])
    assert places(result) == [("missing-scale-in-cooldown", "error", "scaling/ledger-cpu.json")]
    assert result.findings[0].workload == "ledger"


# -- Render ---------------------------------------------------------------------------------------

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --host 0.0.0.0 --port $PORT --workers 2
    healthCheckPath: /alive
    scaling:
      minInstances: 2
      maxInstances: 10
      targetCPUPercent: 70
    envVars:
      - key: DATABASE_URL
        fromDatabase:
          name: orders
          property: connectionString
      - key: DB_POOL_SIZE
        value: "5"
      - key: DB_MAX_OVERFLOW
        value: "10"

databases:
  - name: orders
    plan: basic-1gb
"""


def orders(result: api.CheckResult) -> Database:
    (database,) = (each for each in result.project.databases if each.name == "orders")
    return database


def test_the_whole_multiplication_is_in_the_message(shop: Path) -> None:
    """10 instances of 2 processes with 5 + 10 connections each, against 100 of which 3 are kept."""
    result = checked(write(shop, {"render.yaml": BLUEPRINT}))
    assert places(result) == [("pool-exceeds-limit", "error", "render.yaml")]
    (finding,) = result.findings
    message = finding.message
    assert "97 connections (100, 3 reserved)" in message
    assert f"10 instances {TIMES} 2 processes {TIMES} 15 connections" in message
    assert " = 300, 600 while a deploy rolls" in message
    assert (
        "at most 1 instance of shop would fit while a deploy rolls, 3 outside a deploy" in message
    )
    database = orders(result)
    assert (database.total_max, database.total_deploy, database.available) == (300, 600, 97)
    (consumer,) = database.consumers
    assert consumer.max_instances_that_fit == 1
    assert consumer.max_instances_that_fit_outside_deploy == 3


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, []),  # 2 processes of 15 connections are 30, 60 in a deploy
        (3, ["pool-headroom"]),  # 90, 180 in a deploy
        (4, ["pool-exceeds-limit"]),  # 120
    ],
)
def test_what_is_said_to_fit_fits(shop: Path, most: int, expected: list[str]) -> None:
    text = BLUEPRINT.replace("maxInstances: 10", f"maxInstances: {most}")
    text = text.replace("minInstances: 2", "minInstances: 1")
    found = rules(checked(write(shop, {"render.yaml": text})))
    assert [rule for rule in found if rule.startswith("pool-")] == expected


def test_a_database_in_a_project_s_environment(shop: Path) -> None:
    indented = "".join(f"        {line}" for line in BLUEPRINT.splitlines(keepends=True))
    text = f"projects:\n  - name: bookshop\n    environments:\n      - name: production\n{indented}"
    result = checked(write(shop, {"render.yaml": text}))
    assert rules(result) == ["pool-exceeds-limit"]
    assert orders(result).total_max == 300


def test_the_database_of_one_blueprint_serves_the_services_of_another(shop: Path) -> None:
    services, databases = BLUEPRINT.split("\ndatabases:\n")
    files = {"shop/render.yaml": services, "data/render.yaml": f"databases:\n{databases}"}
    result = checked(write(shop, files))
    assert places(result) == [("pool-exceeds-limit", "error", "shop/render.yaml")]
    assert orders(result).location.file == "data/render.yaml"


def test_the_nearest_database_of_a_name_is_the_one_that_is_meant(shop: Path) -> None:
    larger = BLUEPRINT.replace("basic-1gb", "pro-128gb").replace(
        "maxInstances: 10", "maxInstances: 6"
    )
    files = {"teams/books/render.yaml": BLUEPRINT, "teams/films/render.yaml": larger}
    result = checked(write(shop, files))
    assert places(result) == [("pool-exceeds-limit", "error", "teams/books/render.yaml")]
    totals = {each.location.file: each.total_max for each in result.project.databases}
    assert totals == {"teams/books/render.yaml": 300, "teams/films/render.yaml": 180}


def test_the_services_of_one_database_add_up(shop: Path) -> None:
    worker = """\
  - type: worker
    name: mailer
    runtime: python
    startCommand: python mailer.py
    numInstances: 2
    envVars:
      - key: DATABASE_URL
        fromDatabase: {name: orders, property: connectionString}
      - key: DB_POOL_SIZE
        value: "30"
"""
    smaller = BLUEPRINT.replace("maxInstances: 10", "maxInstances: 3")
    text = smaller.replace("\ndatabases:", f"{worker}\ndatabases:")
    result = checked(write(shop, {"render.yaml": text}))
    assert rules(result) == ["pool-exceeds-limit"]
    assert orders(result).total_max == 3 * 2 * 15 + 2 * 30
    assert "together 150" in result.findings[0].message
