"""Services of registry modules, by their variables and their own defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import Source
from tests.platforms.terraform.reading import checked

SERVICE = """
module "web" {
  source      = "terraform-aws-modules/ecs/aws//modules/service"
  version     = "%s"
  name        = "shop"
  cluster_arn = aws_ecs_cluster.main.arn
%s
}
resource "aws_ecs_cluster" "main" { name = "shops" }
"""


def shop(folder: Path, arguments: str = "", version: str = "~> 6.0") -> RunningWorkload:
    [found] = [
        each
        for each in checked(folder, SERVICE % (version, arguments)).project.workloads
        if each.kind == "service"
    ]
    return found


def test_the_service_module_scales_by_itself(tmp_path: Path) -> None:
    found = shop(tmp_path)
    assert (found.name, found.namespace) == ("shop", "shops")
    assert (found.min_instances.value, found.max_instances.value) == (1, 10)
    [scaler] = found.autoscalers
    assert scaler.min.source is Source.FILE
    targets = {each.metrics[0].kind: each.metrics[0].target.value for each in scaler.policies}
    assert targets == {"cpu": 75, "memory": 75}
    cooldowns = [scaler.policies[0].scale_in, scaler.policies[0].scale_out]
    assert [each.cooldown_seconds.value for each in cooldowns] == [300, 60]
    assert found.rollout.min_healthy_percent.value == 66
    assert found.count_left_alone


@pytest.mark.parametrize(
    ("arguments", "bounds"),
    [
        ("  desired_count = 3", (1, 10)),
        ("  desired_count = 30", (1, 30)),
        ("  autoscaling_min_capacity = 4\n  desired_count = 2", (2, 10)),
        ("  autoscaling_min_capacity = 4\n  desired_count = 5", (4, 10)),
        ("  autoscaling_max_capacity = var.none", (1, None)),
        ("  enable_autoscaling = false\n  desired_count = 4", (4, 4)),
    ],
)
def test_bounds_give_way_to_the_count(
    tmp_path: Path, arguments: str, bounds: tuple[int, int | None]
) -> None:
    found = shop(tmp_path, arguments)
    assert (found.min_instances.value, found.max_instances.value) == bounds


@pytest.mark.parametrize(
    ("version", "container"),
    [
        (
            "~> 5.6",
            "memory_reservation = 100, stop_timeout = 60, port_mappings = [{ containerPort = 80 }]",
        ),
        (
            "6.1.0",
            "memoryReservation = 100, stopTimeout = 60, portMappings = [{ containerPort = 80 }]",
        ),
    ],
)
def test_containers_of_both_styles(tmp_path: Path, version: str, container: str) -> None:
    arguments = f'  container_definitions = {{ web = {{ image = "x:1", {container} }} }}'
    found = shop(tmp_path, arguments, version)
    [web] = found.containers
    assert (web.name, web.image.value) == ("web", "x:1")
    assert web.memory_request_bytes.value == 100 * 2**20
    assert found.shutdown.grace_seconds.value == 60
    assert found.instance_size.cpu_cores.value == 1


def test_policies_replace_the_modules_own(tmp_path: Path) -> None:
    found = shop(
        tmp_path,
        """
  autoscaling_policies = {
    requests = {
      policy_type = "TargetTrackingScaling"
      target_tracking_scaling_policy_configuration = {
        predefined_metric_specification = { predefined_metric_type = "ALBRequestCountPerTarget" }
        target_value     = 500
        scale_in_cooldown = 120
      }
    }
  }""",
    )
    [policy] = found.autoscalers[0].policies
    assert (policy.metrics[0].kind, policy.metrics[0].target.value) == ("requests", 500)
    assert policy.scale_in.cooldown_seconds.value == 120
    assert policy.scale_out.cooldown_seconds.source is Source.FILE


def test_the_services_of_the_root_module(tmp_path: Path) -> None:
    text = """
module "ecs" {
  source       = "terraform-aws-modules/ecs/aws"
  cluster_name = "shops"
  services = {
    web = { autoscaling_min_capacity = 2, desired_count = 2 }
    api = { enable_autoscaling = false, desired_count = 5 }
  }
}
"""
    found = {
        each.name: (each.min_instances.value, each.max_instances.value, each.namespace)
        for each in checked(tmp_path, text).project.workloads
    }
    assert found == {"web": (2, 10, "shops"), "api": (5, 5, "shops")}


def test_cloudposse(tmp_path: Path) -> None:
    text = """
module "task" {
  source                             = "cloudposse/ecs-alb-service-task/aws"
  name                               = "shop"
  desired_count                      = 2
  container_definition_json          = module.container.json_map_encoded_list
  circuit_breaker_deployment_enabled = true
  circuit_breaker_rollback_enabled   = true
}
module "container" {
  source          = "cloudposse/ecs-container-definition/aws"
  container_name  = "shop"
  container_image = "x:2"
}
module "web" {
  source              = "cloudposse/ecs-web-app/aws"
  name                = "web"
  autoscaling_enabled = true
}
"""
    found = {each.name: each for each in checked(tmp_path, text).project.workloads}
    assert found["shop"].rollout.circuit_breaker.value is True
    assert found["shop"].rollout.min_healthy_percent.value == 100
    assert [each.image.value for each in found["shop"].containers] == ["x:2"]
    assert (found["web"].min_instances.value, found["web"].max_instances.value) == (1, 2)


def test_a_module_that_is_not_known_is_silent(tmp_path: Path) -> None:
    text = 'module "x" {\n  source = "acme/ecs/aws"\n  desired_count = 1\n}\n'
    assert checked(tmp_path, text).project.workloads == ()
