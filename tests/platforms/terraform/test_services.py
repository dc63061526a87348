"""ECS services in Terraform: joined by reference, with what the provider makes of absent values."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.api import CheckResult
from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import Source, Sourced
from tests.platforms.terraform.reading import checked

CLUSTER = 'resource "aws_ecs_cluster" "main" { name = "shops" }\n'
TASK = """
resource "aws_ecs_task_definition" "web" {
  family = "shop"
  cpu    = 512
  memory = "1024"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{
    name         = "web"
    image        = "${aws_ecr_repository.shop.repository_url}:1.2"
    memory       = 900
    stopTimeout  = 45
    portMappings = [{ containerPort = 8080 }]
  }])
}
"""
SERVICE = """
resource "aws_ecs_service" "web" {
  name            = "shop"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
%s
}
"""
TARGET = """
resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  min_capacity       = 2
  max_capacity       = 8
}
"""
POLICY = """
resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension
  target_tracking_scaling_policy_configuration {
    target_value       = 60
%s
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
"""


def project(service: str = "", policy: str = "", more: str = "") -> str:
    return CLUSTER + TASK + SERVICE % service + TARGET + POLICY % policy + more


def only(result: CheckResult) -> RunningWorkload:
    [workload] = result.project.workloads
    return workload


def told(value: Sourced[object]) -> tuple[object, Source | None, int | None]:
    return value.value, value.source, value.location.line if value.location else None


def test_a_whole_service(tmp_path: Path) -> None:
    shop = only(checked(tmp_path, project("  desired_count = 3", "    scale_in_cooldown = 300")))
    assert (shop.platform, shop.kind, shop.name, shop.namespace) == (
        "ecs",
        "service",
        "shop",
        "shops",
    )
    assert (shop.min_instances.value, shop.max_instances.value) == (2, 8)
    [scaler] = shop.autoscalers
    [policy] = scaler.policies
    [metric] = policy.metrics
    assert (metric.kind, metric.target.value) == ("cpu", 60)
    assert told(policy.scale_in.cooldown_seconds)[:2] == (300, Source.FILE)
    assert told(policy.scale_out.cooldown_seconds)[:2] == (0, Source.PLATFORM_DEFAULT)
    [web] = shop.containers
    assert web.image.value == "${aws_ecr_repository.shop.repository_url}:1.2"
    assert web.memory_limit_bytes.value == 900 * 2**20
    assert shop.shutdown.grace_seconds.value == 45
    assert shop.instance_size.cpu_cores.value == 0.5


def test_values_have_their_place(tmp_path: Path) -> None:
    text = project("  desired_count = 3\n  deployment_maximum_percent = 150")
    shop = only(checked(tmp_path, text))
    location = shop.rollout.max_healthy_percent.location
    assert location is not None
    assert location.path == ("resource.aws_ecs_service.web", "deployment_maximum_percent")
    line = text.splitlines()[location.span.line - 1]
    assert line[location.span.column - 1 : location.span.end_column - 1] == (
        "deployment_maximum_percent = 150"
    )


def test_an_absent_count_is_none(tmp_path: Path) -> None:
    [workload] = checked(tmp_path, CLUSTER + TASK + SERVICE % "").project.workloads
    value, source, _ = told(workload.replicas)
    assert (value, source) == (0, Source.PLATFORM_DEFAULT)
    assert "Terraform" in workload.replicas.reason


def test_a_count_that_nothing_gives_is_unknown(tmp_path: Path) -> None:
    text = CLUSTER + TASK + SERVICE % "  desired_count = var.n" + 'variable "n" {}\n'
    shop = only(checked(tmp_path, text))
    assert (shop.replicas.value, shop.replicas.source) == (None, Source.FILE)


def rules_of(folder: Path, text: str) -> set[str]:
    return {finding.rule for finding in checked(folder, text).findings}


@pytest.mark.parametrize(
    ("lifecycle", "is_reported"),
    [
        ("", True),
        ("  lifecycle { ignore_changes = [desired_count] }", False),
        ('  lifecycle { ignore_changes = ["desired_count", task_definition] }', False),
        ("  lifecycle { ignore_changes = all }", False),
        ("  lifecycle { ignore_changes = [task_definition] }", True),
    ],
)
def test_an_ignored_count_is_only_the_first_one(
    tmp_path: Path, lifecycle: str, is_reported: bool
) -> None:
    found = rules_of(tmp_path, project(f"  desired_count = 1\n{lifecycle}"))
    assert ("replicas-beside-autoscaler" in found) == is_reported


def test_names_that_are_not_known_join_by_reference(tmp_path: Path) -> None:
    text = project().replace('name            = "shop"', 'name            = "${var.env}-shop"')
    text = text.replace('name = "shops"', "name = var.cluster")
    shop = only(checked(tmp_path, text + 'variable "env" {}\nvariable "cluster" {}\n'))
    assert shop.name == "web"
    assert (shop.min_instances.value, shop.max_instances.value) == (2, 8)
    assert [each.name for each in shop.containers] == ["web"]


@pytest.mark.parametrize(
    "definitions",
    [
        '<<DEF\n[{"name": "web", "image": "x:${var.tag}", "memory": ${var.mem},\n'
        '"stopTimeout": 45}]\nDEF\n',
        '<<-DEF\n    [{\n      "name": "web",\n      "image": "x:1", "stopTimeout": 45\n'
        "    }]\n    DEF\n",
        'file("web.json")',
        'templatefile("${path.module}/web.tpl", { stop = 45, image = "x" })',
        "data.template_file.web.rendered",
        'jsonencode([for n in ["web"] : merge({ stopTimeout = 45 }, { name = n, image = "x:1" })])',
        "jsonencode(concat([local.web], []))",
        "local.encoded",
        "module.container.json_map_encoded_list",
        "jsonencode([module.container.json_map_object])",
        '"[${module.container.json_map_encoded}]"',
    ],
)
def test_every_way_of_writing_containers(tmp_path: Path, definitions: str) -> None:
    task = 'resource "aws_ecs_task_definition" "web" {\n  family = "shop"\n'
    task += f"  container_definitions = {definitions}\n}}\n"
    beside = """
variable "tag" {}
variable "mem" { default = 512 }
locals {
  web     = { name = "web", image = "x:1", stopTimeout = 45 }
  encoded = jsonencode([local.web])
}
data "template_file" "web" {
  template = file("web.tpl")
  vars = { stop = 45, image = "x" }
}
module "container" {
  source          = "cloudposse/ecs-container-definition/aws"
  version         = "0.61.2"
  container_name  = "web"
  container_image = "x:1"
  stop_timeout    = 45
}
"""
    files = {
        "main.tf": CLUSTER + task + SERVICE % "" + beside,
        "web.json": '[{"name": "web", "image": "x:1", "stopTimeout": 45}]',
        "web.tpl": '[{"name": "web", "image": "${image}:1", "stopTimeout": ${stop}}]',
    }
    shop = only(checked(tmp_path, files))
    assert [each.name for each in shop.containers] == ["web"]
    assert shop.shutdown.grace_seconds.value == 45


def test_a_heredoc_has_the_places_of_its_lines(tmp_path: Path) -> None:
    text = (
        CLUSTER
        + SERVICE % "  desired_count = 2"
        + (
            'resource "aws_ecs_task_definition" "web" {\n  family = "shop"\n'
            '  container_definitions = <<-DEF\n    [{\n      "name": "é${var.x}",\n'
            '      "image": "x:latest"\n'
            "    }]\n  DEF\n}\n"
        )
    )
    [finding] = [f for f in checked(tmp_path, text).findings if f.rule == "unpinned-image"]
    line = text.splitlines()[finding.location.span.line - 1]
    assert "x:latest" in line


def test_a_removed_service_is_none(tmp_path: Path) -> None:
    text = (
        CLUSTER + TASK + SERVICE % "  count = var.on ? 1 : 0" + 'variable "on" { default = false }'
    )
    assert "service" not in {each.kind for each in checked(tmp_path, text).project.workloads}


def test_one_service_for_each_key(tmp_path: Path) -> None:
    text = (
        CLUSTER
        + """
resource "aws_ecs_service" "each" {
  for_each        = { web = 2, api = 5 }
  name            = each.key
  cluster         = aws_ecs_cluster.main.name
  task_definition = "t"
  desired_count   = each.value
}
resource "aws_appautoscaling_target" "each" {
  for_each           = aws_ecs_service.each
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/shops/${each.value.name}"
  min_capacity       = each.key == "web" ? 3 : 4
  max_capacity       = 9
}
"""
    )
    found = {
        each.name: (each.replicas.value, each.min_instances.value)
        for each in checked(tmp_path, text).project.workloads
    }
    assert found == {"web": (2, 3), "api": (5, 4)}


def test_dynamic_blocks_and_alarms(tmp_path: Path) -> None:
    text = (
        CLUSTER
        + TASK
        + SERVICE
        % """
  dynamic "load_balancer" {
    for_each = ["a"]
    content {
      target_group_arn = load_balancer.value
      container_name   = "web"
      container_port   = 8080
    }
  }"""
        + TARGET
        + """
resource "aws_appautoscaling_policy" "up" {
  name               = "up"
  service_namespace  = "ecs"
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = "ecs:service:DesiredCount"
  step_scaling_policy_configuration {
    adjustment_type = "ChangeInCapacity"
    step_adjustment {
      metric_interval_lower_bound = "0"
      scaling_adjustment          = 2
    }
  }
}
resource "aws_cloudwatch_metric_alarm" "high" {
  alarm_name          = "high"
  comparison_operator = "GreaterThanThreshold"
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  threshold           = 75
  alarm_actions       = [aws_appautoscaling_policy.up.arn]
  dimensions = { ClusterName = "shops", ServiceName = "shop" }
}
"""
    )
    shop = only(checked(tmp_path, text))
    assert shop.load_balanced is True
    [scaler] = shop.autoscalers
    [policy] = [each for each in scaler.policies if each.kind == "step"]
    assert told(policy.scale_out.cooldown_seconds)[:2] == (0, Source.PLATFORM_DEFAULT)
    assert policy.scale_out.trigger.target.value == 75


def test_what_is_scaled_is_no_ecs_service(tmp_path: Path) -> None:
    text = project() + TARGET.replace('"web"', '"table"').replace('"ecs"', '"dynamodb"')
    assert len(only(checked(tmp_path, text)).autoscalers) == 1


def test_a_database_with_its_class(tmp_path: Path) -> None:
    text = project(
        more="""
resource "aws_db_instance" "main" {
  identifier     = "orders"
  engine         = "postgres"
  instance_class = "db.t3.micro"
}
"""
    ).replace(
        "stopTimeout  = 45",
        """environment = [
      { name = "DB_HOST", value = aws_db_instance.main.address }]""",
    )
    project_ = checked(tmp_path, text).project
    [database] = project_.databases
    assert (database.name, database.engine, database.plan.value) == (
        "orders",
        "postgresql",
        "db.t3.micro",
    )
    assert database.limit.value == 112


@pytest.mark.parametrize(
    ("bound", "more", "file", "fixed"),
    [
        ("1 # few", "", "main.tf", "  min_capacity       = 2 # few\n"),
        ("var.least", 'variable "least" {\n  default = 1\n}\n', "main.tf", "  default = 2\n"),
        ("var.least", 'variable "least" {}\n', "terraform.tfvars", "least = 2 // few\n"),
        ("2 - 1", "", "main.tf", None),
        ("local.n ? 1 : 3", "locals { n = true }\n", "main.tf", None),
    ],
)
def test_fixes_write_literals_where_they_stand(
    tmp_path: Path, bound: str, more: str, file: str, fixed: str | None
) -> None:
    text = project("  lifecycle { ignore_changes = [desired_count] }", more=more)
    text = text.replace("min_capacity       = 2", f"min_capacity       = {bound}")
    files = {"main.tf": text}
    if file == "terraform.tfvars":
        files[file] = "# values\nleast = 1 // few\n"
    result = checked(tmp_path, files)
    assert [f.rule for f in result.findings if f.rule == "min-instances"] == ["min-instances"]
    changed = {each.name: each for each in api.fix(result, unsafe=True).changed}
    if fixed is None:
        assert not changed
    else:
        after = changed[file].after.decode()
        assert fixed in after
        before = files[file].splitlines()
        assert sum(a != b for a, b in zip(before, after.splitlines(), strict=True)) == 1


def test_without_a_definition_it_is_a_service_all_the_same(tmp_path: Path) -> None:
    text = 'resource "aws_ecs_service" "web" {\n  name = "shop"\n  desired_count = 2\n}\n'
    shop = only(checked(tmp_path, text))
    assert (shop.name, shop.min_instances.value) == ("shop", 2)
    assert shop.placement.spot_only.value is None
