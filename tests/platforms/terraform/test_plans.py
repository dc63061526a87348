"""Plans as ``terraform show -json`` prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.platforms.terraform.reading import checked

SERVICE: dict[str, Any] = {
    "address": "module.shop.aws_ecs_service.web",
    "mode": "managed",
    "type": "aws_ecs_service",
    "name": "web",
    "values": {
        "name": "shop",
        "desired_count": 1,
        "cluster": "shops",
        "deployment_circuit_breaker": [{"enable": True, "rollback": True}],
        "load_balancer": [{"container_name": "web", "container_port": 80, "elb_name": ""}],
        "tags": None,
        "launch_type": "FARGATE",
    },
}
TASK: dict[str, Any] = {
    "address": "module.shop.aws_ecs_task_definition.web[0]",
    "mode": "managed",
    "type": "aws_ecs_task_definition",
    "name": "web",
    "index": 0,
    "values": {
        "family": "shop",
        "cpu": "512",
        "container_definitions": json.dumps([{"name": "web", "image": "x:1", "stopTimeout": 50}]),
    },
}
TARGET: dict[str, Any] = {
    "address": "module.shop.aws_appautoscaling_target.web",
    "mode": "managed",
    "type": "aws_appautoscaling_target",
    "name": "web",
    "values": {
        "service_namespace": "ecs",
        "scalable_dimension": "ecs:service:DesiredCount",
        "resource_id": "service/shops/shop",
        "min_capacity": 2,
        "max_capacity": 8,
    },
}
CONFIGURATION = {
    "root_module": {
        "module_calls": {
            "shop": {
                "module": {
                    "resources": [
                        {
                            "address": "aws_ecs_service.web",
                            "type": "aws_ecs_service",
                            "name": "web",
                            "expressions": {
                                "task_definition": {
                                    "references": [
                                        "aws_ecs_task_definition.web[0].arn",
                                        "aws_ecs_task_definition.web[0]",
                                    ]
                                }
                            },
                        }
                    ]
                }
            }
        }
    }
}


def plan(key: str = "planned_values") -> dict[str, Any]:
    module = {"address": "module.shop", "resources": [SERVICE, TASK, TARGET]}
    return {
        "format_version": "1.2",
        key: {"root_module": {"child_modules": [module]}},
        "resource_changes": [
            {
                "address": SERVICE["address"],
                "change": {"actions": ["create"], "after_unknown": {"task_definition": True}},
            }
        ],
        "configuration": CONFIGURATION,
    }


@pytest.mark.parametrize("key", ["planned_values", "values"])
def test_a_plan(tmp_path: Path, key: str) -> None:
    text = json.dumps(plan(key), indent=2)
    result = checked(tmp_path, {"plan.json": text})
    [shop] = result.project.workloads
    assert (shop.name, shop.namespace, shop.min_instances.value) == ("shop", "shops", 2)
    assert shop.rollout.circuit_breaker.value is True
    assert [each.image.value for each in shop.containers] == ["x:1"]
    location = shop.max_instances.location
    assert location is not None
    assert '"max_capacity": 8' in text.splitlines()[location.span.line - 1]
    assert location.file == "plan.json"


def test_a_plan_beside_its_files_is_not_read_twice(tmp_path: Path) -> None:
    text = (
        'resource "aws_ecs_service" "web" {\n  name = "shop"\n  desired_count = 2\n'
        '  task_definition = "t"\n}\n'
    )
    result = checked(tmp_path, {"plan.json": json.dumps(plan()), "main.tf": text})
    assert len(result.project.workloads) == 1
    assert [each.file for each in result.summary.skipped] == ["plan.json"]


@pytest.mark.parametrize(
    "text",
    [
        '{"format_version": "1.2", "planned_values": {"root_module": []}}',
        '{"format_version": ["root_module"',
    ],
)
def test_what_is_no_plan(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, {"plan.json": text}).project.workloads == ()
