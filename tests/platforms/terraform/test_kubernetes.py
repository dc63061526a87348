"""Kubernetes objects of Terraform's provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.model.resolved import RunningWorkload
from tests.platforms.terraform.reading import checked

DEPLOYMENT = """
resource "kubernetes_deployment%s" "web" {
  metadata {
    name      = %s
    namespace = "shop"
  }
  spec {
    replicas = "3"
    selector { match_labels = { app = "web" } }
    strategy {
      rolling_update {
        max_surge       = "50%%"
        max_unavailable = 0
      }
    }
    template {
      metadata { labels = { app = "web" } }
      spec {
        termination_grace_period_seconds = 45
        container {
          name  = "web"
          image = "x/web:1.2"
          port { container_port = 8080 }
          resources {
            limits   = { memory = "256Mi" }
            requests = { cpu = "250m", memory = "128Mi" }
          }
          readiness_probe {
            http_get {
              path = "/ready"
              port = 8080
            }
            period_seconds = 5
          }
          lifecycle {
            pre_stop {
              exec { command = ["sleep", "5"] }
            }
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [%s]
  }
}
"""
AUTOSCALER = """
resource "kubernetes_horizontal_pod_autoscaler%s" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    min_replicas = 2
    max_replicas = 8
    scale_target_ref {
      kind = "Deployment"
      name = kubernetes_deployment_v1.web.metadata[0].name
    }
%s
  }
}
"""
METRIC = """
    metric {
      type = "Resource"
      resource {
        name = "cpu"
        target {
          type                = "Utilization"
          average_utilization = 70
        }
      }
    }
"""


def only(folder: Path, text: str) -> RunningWorkload:
    [workload] = checked(folder, text).project.workloads
    return workload


@pytest.mark.parametrize("version", ["", "_v1"])
def test_a_deployment(tmp_path: Path, version: str) -> None:
    web = only(tmp_path, DEPLOYMENT % (version, '"web"', ""))
    assert (web.platform, web.kind, web.name, web.namespace) == (
        "kubernetes", "Deployment", "web", "shop"
    )  # fmt: skip
    assert web.replicas.value == 3
    assert (web.rollout.max_surge.value, web.rollout.max_unavailable.value) == ("50%", "0")
    [container] = web.containers
    assert container.cpu_request_cores.value == 0.25
    assert container.memory_limit_bytes.value == 256 * 2**20
    assert container.readiness is not None
    assert (container.readiness.path.value, container.readiness.port.value) == ("/ready", "8080")
    assert (web.shutdown.grace_seconds.value, container.pre_stop_seconds.value) == (45, 5)
    location = web.replicas.location
    assert location is not None
    assert location.path == (
        "resource.kubernetes_deployment_v1.web".replace("_v1", version),
        "spec",
        "replicas",
    )


@pytest.mark.parametrize(
    ("version", "metric"),
    [("_v2", METRIC), ("", METRIC), ("_v1", "    target_cpu_utilization_percentage = 70")],
)
@pytest.mark.parametrize("name", ['"web"', '"web-${var.env}"'])
def test_an_autoscaler_is_joined_by_reference(
    tmp_path: Path, version: str, metric: str, name: str
) -> None:
    text = DEPLOYMENT % ("_v1", name, "") + AUTOSCALER % (version, metric)
    web = only(tmp_path, text + 'variable "env" {}\n')
    assert (web.min_instances.value, web.max_instances.value) == (2, 8)
    [policy] = web.autoscalers[0].policies
    assert [(m.kind, m.target.value) for m in policy.metrics] == [("cpu", 70)]


@pytest.mark.parametrize(
    ("ignored", "alone"),
    [("", False), ("spec[0].replicas", True), ('"spec.0.replicas"', True), ("metadata", False)],
)
def test_an_ignored_count(tmp_path: Path, ignored: str, alone: bool) -> None:
    assert only(tmp_path, DEPLOYMENT % ("_v1", '"web"', ignored)).count_left_alone is alone


def test_budgets_and_services(tmp_path: Path) -> None:
    more = """
resource "kubernetes_pod_disruption_budget_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    min_available = "50%"
    selector { match_labels = { app = "web" } }
  }
}
resource "kubernetes_service_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    selector = { app = "web" }
    port {
      port        = 80
      target_port = 8080
    }
  }
}
"""
    web = only(tmp_path, DEPLOYMENT % ("_v1", '"web"', "") + more)
    assert [each.min_available.value for each in web.disruption_budgets] == ["50%"]
    assert web.serves_traffic is True


def test_a_manifest_that_is_written_out(tmp_path: Path) -> None:
    text = """
resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web" }
    spec = {
      replicas = 4
      selector = { matchLabels = { app = "web" } }
      template = {
        metadata = { labels = { app = "web" } }
        spec     = { containers = [{ name = "web", image = "x:1" }] }
      }
    }
  }
}
"""
    assert only(tmp_path, text).replicas.value == 4
