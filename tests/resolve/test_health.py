"""What the health endpoint of a Spring Boot program asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import write_files
from tests.manifests import as_yaml, deployment
from tests.one_service import checked

POM = "<project><artifactId>shop</artifactId><dependencies>{}</dependencies></project>"
JPA = "<dependency><artifactId>spring-boot-starter-data-jpa</artifactId></dependency>"


@pytest.mark.parametrize(
    ("variables", "settings", "asked"),
    [
        ({"SPRING_DATA_REDIS_HOST": "sessions"}, "", "Redis"),
        ({"SPRING_RABBITMQ_ADDRESSES": "queue:5672"}, "", "RabbitMQ"),
        ({"LOG_LEVEL": "info"}, "spring: {}\n", "database"),
        ({"LOG_LEVEL": "info", "MANAGEMENT_HEALTH_DB_ENABLED": "false"}, "", ""),
        (
            {"SPRING_DATA_REDIS_HOST": "sessions"},
            "management:\n  health:\n    redis:\n      enabled: false\n",
            "",
        ),
        (
            {"SPRING_DATA_REDIS_HOST": "sessions"},
            "management:\n  endpoint:\n    health:\n      show-details: always\n",
            "Redis",
        ),
    ],
)
def test_the_aggregate_asks_what_is_configured(
    variables: dict[str, str], settings: str, asked: str, tmp_path: Path
) -> None:
    shop = deployment(replicas=2)
    [container] = shop["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": name, "value": value} for name, value in variables.items()]
    files = {
        "k8s/shop.yaml": as_yaml(shop),
        "pom.xml": POM.format(JPA),
        "src/main/resources/application.yml": settings,
    }
    [workload] = checked(write_files(tmp_path, files)).project.workloads
    assert workload.containers[0].aggregate_health == asked
