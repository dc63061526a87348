"""Modules of the repository, their callers, and files of variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.platforms.terraform.reading import checked

MODULE = """
variable "name" {}
variable "min" { default = 1 }
variable "max" {}
resource "aws_ecs_service" "this" {
  name            = "${var.name}-${random_id.x.hex}"
  task_definition = "t"
  desired_count   = 2
}
module "scaling" {
  source      = "../scaling"
  resource_id = "service/${var.name}/${aws_ecs_service.this.name}"
  bounds      = { min = var.min, max = var.max }
}
"""
SCALING = """
variable "resource_id" {}
variable "bounds" { type = object({ min = number, max = number }) }
resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = var.resource_id
  min_capacity       = var.bounds.min
  max_capacity       = var.bounds.max
}
resource "aws_appautoscaling_policy" "this" {
  for_each           = { cpu = "ECSServiceAverageCPUUtilization" }
  name               = each.key
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "ecs"
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = "ecs:service:DesiredCount"
  target_tracking_scaling_policy_configuration {
    target_value = 60
    predefined_metric_specification { predefined_metric_type = each.value }
  }
}
"""
SHARED = {"modules/service/main.tf": MODULE, "modules/scaling/main.tf": SCALING}


def bounds(folder: Path, files: dict[str, str]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            each.name,
            each.environment.value,
            each.min_instances.value,
            each.max_instances.value,
            [len(scaler.policies) for scaler in each.autoscalers],
        )
        for each in checked(folder, files).project.workloads
    )


def call(name: str, least: str, most: int, source: str = "../../modules/service") -> str:
    return (
        f'module "{name}" {{\n  source = "{source}"\n  name = "{name}"\n'
        f"  min = {least}\n  max = {most}\n}}\n"
    )


def test_a_folder_for_each_environment(tmp_path: Path) -> None:
    files = {
        **SHARED,
        "live/prod/main.tf": call("shop", "3", 9),
        "live/staging/main.tf": call("shop", "null", 2),
    }
    assert bounds(tmp_path, files) == [
        ("shop", "production", 3, 9, [1]),
        ("shop", "staging", None, 2, [1]),
    ]


def test_a_file_of_variables_for_each_environment(tmp_path: Path) -> None:
    text = call("shop", "var.least", 9, "./modules/service") + 'variable "least" { default = 1 }\n'
    files = {
        **SHARED,
        "main.tf": text,
        "terraform.tfvars": "least = 2",
        "environments/prod.tfvars": "least = 4",
        "environments/dev.tfvars": "# as it is",
        "environments/prod.tfvars.example": "least = 8",
        "environments/example.tfvars": "least = 8",
    }
    assert bounds(tmp_path, files) == [
        ("shop", "development", 2, 9, [1]),
        ("shop", "production", 4, 9, [1]),
    ]


def test_files_that_are_read_by_themselves_come_in_their_order(tmp_path: Path) -> None:
    text = call("shop", "var.least", 9, "./modules/service") + 'variable "least" {}\n'
    files = {
        **SHARED,
        "main.tf": text,
        "terraform.tfvars": "least = 2",
        "b.auto.tfvars": "least = 5",
        "a.auto.tfvars": "least = 4",
    }
    assert bounds(tmp_path, files) == [("shop", "production", 5, 9, [1])]


def test_a_module_for_each_service(tmp_path: Path) -> None:
    text = """
module "service" {
  source   = "./modules/service"
  for_each = { web = 2, api = 3 }
  name     = each.key
  min      = each.value
  max      = each.value * 3
}
"""
    found = bounds(tmp_path, {**SHARED, "main.tf": text})
    assert [each[2:4] for each in found] == [(3, 9), (2, 6)]


def test_a_module_that_nobody_calls_makes_nothing(tmp_path: Path) -> None:
    assert bounds(tmp_path, {**SHARED, "main.tf": "locals {}\n"}) == []


def test_an_output_leads_to_its_resource(tmp_path: Path) -> None:
    files = {
        "main.tf": """
module "a" { source = "./a" }
resource "aws_appautoscaling_target" "a" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/x/${module.a.service.name}"
  min_capacity       = 2
  max_capacity       = 4
}
""",
        "a/main.tf": 'resource "aws_ecs_service" "s" {\n  name = var.n\n'
        '  task_definition = "t"\n}\n'
        'variable "n" {}\noutput "service" { value = aws_ecs_service.s }\n',
    }
    assert [each[2:4] for each in bounds(tmp_path, files)] == [(2, 4)]


def test_modules_that_call_each_other_end(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" { source = "./a" }',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\nresource "aws_ecs_service" "s" {\n'
        '  name = "s"\n  task_definition = "t"\n  desired_count = 2\n}\n',
    }
    assert bounds(tmp_path, files)[0][0] == "s"


def test_task_definitions_of_several_environments_are_kept_apart(tmp_path: Path) -> None:
    text = """
variable "cpu" {}
variable "name" {}
resource "aws_ecs_task_definition" "t" {
  family                = var.name
  cpu                   = var.cpu
  container_definitions = jsonencode([{ name = "web", image = "x:1" }])
}
resource "aws_ecs_service" "s" {
  name            = "shop"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.t.arn
}
"""
    for name in ('name = "shop"', "# unknown"):
        files = {
            "main.tf": text,
            "envs/prod.tfvars": f"cpu = 1024\n{name}\n",
            "envs/dev.tfvars": f"cpu = 256\n{name}\n",
        }
        found = {
            each.environment.value: each.instance_size.cpu_cores.value
            for each in checked(tmp_path, files).project.workloads
        }
        assert found == {"production": 1, "development": 0.25}
