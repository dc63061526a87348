"""AWS Copilot's manifests: counts, ranges, environments, and what Copilot adds by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import Source
from tests.platforms.terraform.reading import checked

MANIFEST = """\
name: shop
type: Load Balanced Web Service
image:
  location: shop/web:1.2
  port: 8080
http:
  path: "/"
  healthcheck: /ready
%s
"""


def services(folder: Path, more: str = "") -> dict[str | None, RunningWorkload]:
    files = {"copilot/shop/manifest.yml": MANIFEST % more}
    return {
        each.environment.value: each
        for each in checked(folder, files).project.workloads
        if each.kind == "service"
    }


@pytest.mark.parametrize(
    ("count", "bounds"),
    [
        ("", (1, 1)),
        ("count: 3", (3, 3)),
        ("count: { spot: 2 }", (2, 2)),
        ("count: { range: 2-8, cpu_percentage: 70 }", (2, 8)),
        ("count: { range: { min: 3, max: 9, spot_from: 4 }, cpu_percentage: 70 }", (3, 9)),
        ('count: { range: "${LEAST}-8", cpu_percentage: 70 }', (None, None)),
    ],
)
def test_a_count(tmp_path: Path, count: str, bounds: tuple[int | None, int | None]) -> None:
    shop = services(tmp_path, count)["production"]
    assert (shop.min_instances.value, shop.max_instances.value) == bounds


def test_what_copilot_adds(tmp_path: Path) -> None:
    shop = services(
        tmp_path,
        "count: { range: 2-8, cpu_percentage: 70, queue_delay: {"
        " acceptable_latency: 10m, msg_processing_time: 2s } }",
    )["production"]
    assert shop.rollout.circuit_breaker.value is True
    assert shop.health_check_grace_seconds.value == 60
    assert shop.health_check_path.value == "/ready"
    assert shop.load_balanced is True
    cpu, backlog = shop.autoscalers[0].policies
    assert cpu.metrics[0].target.value == 70
    assert [cpu.scale_in.cooldown_seconds.value, cpu.scale_out.cooldown_seconds.value] == [120, 60]
    assert cpu.scale_in.cooldown_seconds.source is Source.FILE
    assert backlog.metrics[0].target.value == 300
    assert shop.instance_size.cpu_cores.value == 0.25


def test_recreated_tasks(tmp_path: Path) -> None:
    rollout = services(tmp_path, "deployment: { rolling: recreate }")["production"].rollout
    assert (rollout.min_healthy_percent.value, rollout.max_healthy_percent.value) == (0, 100)


def test_an_environment_goes_over_the_rest(tmp_path: Path) -> None:
    found = services(
        tmp_path,
        """\
count: { range: 2-8, cpu_percentage: 70 }
environments:
  test: { count: 1 }
  prod:
    count: { cpu_percentage: 60 }
    memory: 2048
""",
    )
    assert (found["staging"].min_instances.value, found["staging"].max_instances.value) == (1, 1)
    prod = found["production"]
    assert (prod.min_instances.value, prod.max_instances.value) == (2, 8)
    assert prod.autoscalers[0].policies[0].metrics[0].target.value == 60
    assert prod.instance_size.memory_bytes.value == 2 * 2**30


@pytest.mark.parametrize("kind", ["Scheduled Job", "Environment", "Static Site"])
def test_what_is_no_service(tmp_path: Path, kind: str) -> None:
    text = (MANIFEST % "").replace("Load Balanced Web Service", kind)
    assert checked(tmp_path, {"copilot/x/manifest.yml": text}).project.workloads == ()
