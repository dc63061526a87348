"""What a workload is for: which ones keep data, repeat one another, or have nothing to answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.resolve.roles import store_in
from tests import one_service
from tests.files import write_files
from tests.manifests import as_yaml, autoscaler, budget, deployment, scaled_object, service
from tests.verdicts import rules, workload


@pytest.mark.parametrize(
    ("image", "store"),
    [
        ("registry.example/tenants-mongodb:2.1", "mongodb"),
        ("registry.example/leaderboard-redis:3", "redis"),
        ("bitnami/redis-cluster:7", "redis"),
        ("timescale/timescaledb-ha:pg17", "postgresql"),
        ("registry.example/postgres-16-extensions", "postgresql"),
        ("redis/redis-stack-server", "redis"),
        ("bitnami/postgresql:16", "postgresql"),
        ("registry.example:5000/data/postgres14", "postgresql"),
        ("mcr.microsoft.com/mssql/server:2022", "mssql"),
        ("ferretdb/ferretdb:2", "ferretdb"),
        ("ibmcom/ibmmq", "ibmmq"),
        ("grafana/loki:3", "loki"),
        ("registry.example/catalogue-db@sha256:00", "database"),
        ("jaegertracing/all-in-one", "all"),
        ("jaegertracing/jaeger:2.17.0", "jaeger"),
    ],
)
def test_a_store_is_known_by_a_word_of_its_image(image: str, store: str) -> None:
    assert store_in(image) == store


@pytest.mark.parametrize(
    "image",
    [
        "oliver006/redis_exporter",
        "registry.example/db-migrate",
        "mongo-express",
        "registry.example/kafka-consumer",
        "registry.example/redis-consumer-app",
        "registry.example/redis-orders",
        "registry.example/mysql-reports-service",
        "provectus/kafka-ui",
        "registry.example/mysqldump-worker",
        "hashicorp/vault-agent",
        "directxman12/k8s-prometheus-adapter",
        "registry.example/tempo-planner",
        "jaegertracing/jaeger-agent",
        "mysql/shop",
        "registry.example/shop",
        "node",
        "",
    ],
)
def test_what_uses_a_store_is_none(image: str) -> None:
    assert store_in(image) == ""


@pytest.mark.parametrize(
    ("container", "store"),
    [
        ({"ports": [{"containerPort": 6379}]}, "redis"),
        ({"ports": [{"containerPort": 7000, "name": "redis"}]}, "redis"),
        ({"ports": [], "readinessProbe": None, "livenessProbe": None}, "redis"),
        ({"ports": [{"containerPort": 8080}]}, ""),
    ],
)
def test_the_ports_tell_a_store_from_an_application_called_after_it(
    tmp_path: Path, container: dict[str, Any], store: str
) -> None:
    image = "registry.example/redis-leaderboard:3"
    result = checked(tmp_path, running("scores", image, **container), service("scores"))
    assert workload(result, "scores").data_server == store
    errors = [f for f in result.findings if f.severity.value == "error" and not store]
    assert [f.rule for f in errors if f.rule == "min-instances" and f.fix is None] == (
        [] if store else ["min-instances"]
    )


def checked(folder: Path, *manifests: dict[str, Any]) -> api.CheckResult:
    return checked_files(folder, {"k8s/all.yaml": as_yaml(*manifests)})


def checked_files(folder: Path, files: dict[str, str]) -> api.CheckResult:
    return one_service.checked(write_files(folder, files))


def running(name: str, image: str, **container: Any) -> dict[str, Any]:
    found = deployment(name)
    found["spec"]["template"]["spec"]["containers"][0] |= {"image": image, **container}
    return found


@pytest.mark.parametrize(
    ("image", "singleton"),
    [
        ("registry.example/billing-exporter:1", "exporter"),
        ("registry.k8s.io/kube-state-metrics/kube-state-metrics:v2", "exporter"),
        ("locustio/locust:2", "load generator"),
        ("registry.example/shop-load-generator:2", "load generator"),
        ("jenkins/jenkins:lts", "stateful application"),
        ("registry.example/shop:1", ""),
    ],
)
def test_what_a_second_instance_would_only_repeat(
    tmp_path: Path, image: str, singleton: str
) -> None:
    result = checked(tmp_path, running("shop", image), service("shop"))
    assert workload(result).singleton == singleton
    errors = [f.rule for f in result.findings if f.severity.value == "error"]
    assert errors == ([] if singleton else ["min-instances"])


def test_a_server_beside_an_exporter_is_a_server(tmp_path: Path) -> None:
    pod = running("shop", "registry.example/shop:1")
    exporter = {"name": "exporter", "image": "nginx/nginx-prometheus-exporter:1.1"}
    pod["spec"]["template"]["spec"]["containers"].append(exporter)
    result = checked(tmp_path, pod, service("shop"))
    assert workload(result).singleton == ""
    assert "min-instances" in rules(result)


@pytest.mark.parametrize(
    "command",
    [
        ["sleep", "infinity"],
        ["tail", "-f", "/dev/null"],
        ["/bin/bash", "-c", "--", "while true; do sleep 30; done;"],
        ["sh", "-c", "trap : TERM INT; sleep infinity & wait"],
    ],
)
def test_pods_that_only_sleep_answer_nobody(tmp_path: Path, command: list[str]) -> None:
    result = checked(tmp_path, running("shop", "ubuntu:24.04", command=command), service("shop"))
    assert workload(result).serves_traffic is False
    assert "min-instances" not in rules(result)


def test_a_program_that_waits_first_serves(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 5 && exec node server.js"]
    result = checked(tmp_path, running("shop", "node:22.1", command=command), service("shop"))
    assert workload(result).serves_traffic is True


def test_a_count_of_0_is_switched_off(tmp_path: Path) -> None:
    off = deployment("shop", replicas=0)
    del off["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]
    result = checked(tmp_path, off, service("shop"), budget("shop", maxUnavailable=0))
    assert rules(result) == []


def test_parked_workloads_are_silent_but_for_what_parks_them(tmp_path: Path) -> None:
    off = deployment("shop", replicas=0)
    off["spec"]["template"]["spec"]["containers"][0] = {"name": "shop", "image": "shop/shop"}
    by_hpa = checked(tmp_path / "hpa", off, service("shop"), autoscaler("shop"))
    assert rules(by_hpa) == ["disabled-autoscaler"]
    assert workload(by_hpa).parked
    del off["spec"]["replicas"]
    keda = scaled_object("shop")
    keda["metadata"]["annotations"] = {"autoscaling.keda.sh/paused-replicas": "0"}
    assert rules(checked(tmp_path / "keda", off, service("shop"), keda)) == ["disabled-autoscaler"]


# -- traffic --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ports", "declared", "serves"),
    [
        ([], [{"containerPort": 8080}], False),
        ([{"port": 80}], [{"containerPort": 8080}], False),
        ([{"port": 8080}], [], False),
        ([{"port": 50051, "name": "grpc"}], [{"containerPort": 50051}], True),
        ([{"port": 80, "targetPort": "grpc"}], [{"containerPort": 50051, "name": "grpc"}], True),
    ],
)
def test_a_headless_service_serves_where_the_pods_declare_its_port(
    tmp_path: Path, ports: list[dict[str, Any]], declared: list[dict[str, Any]], serves: bool
) -> None:
    headless = service("shop")
    headless["spec"] |= {"clusterIP": "None", "ports": ports}
    result = checked(tmp_path, running("shop", "shop:1", ports=declared), headless)
    assert workload(result).serves_traffic is serves


@pytest.mark.parametrize(
    ("image", "port", "serves"),
    [
        ("registry.example/shop:1", "prometheus", False),
        ("registry.example/shop:1", "http-health", False),
        ("registry.example/shop:1", "http", True),
        ("prom/prometheus:v2", "prometheus", True),
        ("registry.example/prometheus-exporter:2", "prometheus", False),
    ],
)
def test_a_port_for_monitoring_is_no_traffic_unless_the_program_is_called_so(
    tmp_path: Path, image: str, port: str, serves: bool
) -> None:
    only = service("shop")
    only["spec"] |= {"type": "NodePort", "ports": [{"name": port, "port": 9090}]}
    result = checked(tmp_path, running("shop", image), only)
    assert workload(result).serves_traffic is serves


@pytest.mark.parametrize(
    ("trigger", "port", "serves"),
    [
        ("aws-sqs-queue", {"containerPort": 8080}, False),
        ("rabbitmq", {"containerPort": 9090, "name": "metrics"}, False),
        ("rabbitmq", {"containerPort": 3000}, True),
        ("cpu", {"containerPort": 8080}, True),
    ],
)
def test_a_queue_worker_serves_no_traffic(
    tmp_path: Path, trigger: str, port: dict[str, Any], serves: bool
) -> None:
    scaler = scaled_object("shop", triggers=[{"type": trigger, "metadata": {"value": "50"}}])
    probe = {"httpGet": {"path": "/healthz", "port": 8080}}
    worker = running("shop", "shop:1", ports=[port], readinessProbe=probe)
    assert workload(checked(tmp_path, worker, scaler)).serves_traffic is serves


def test_a_service_means_the_workloads_of_its_own_folder(tmp_path: Path) -> None:
    web, worker = deployment("web"), deployment("worker")
    for each in (web, worker):
        each["spec"]["selector"] = {"matchLabels": {"app": "app"}}
        each["spec"]["template"]["metadata"]["labels"] = {"app": "app"}
    route = service("web")
    route["spec"]["selector"] = {"app": "app"}
    files = {
        "one/web.yaml": as_yaml(web),
        "one/service.yaml": as_yaml(route),
        "two/worker.yaml": as_yaml(worker),
    }
    result = checked_files(tmp_path, files)
    assert workload(result, "web").serves_traffic is True
    assert workload(result, "worker").serves_traffic is False


@pytest.mark.parametrize(
    ("name", "value", "singleton"),
    [
        ("DATABASE_URL", "sqlite:////data/shop.db", "stateful application"),
        ("SPRING_DATASOURCE_URL", "jdbc:sqlite:/data/shop.db", "stateful application"),
        ("DB_PATH", "/data/shop.sqlite3", "stateful application"),
        ("DATABASE_URL", "sqlite://:memory:", ""),
        ("DATABASE_URL", "postgres://ledger/shop", ""),
        ("THUMBS", "/usr/share/thumbs.db", ""),
    ],
)
def test_a_file_of_sqlite_has_one_writer(
    name: str, value: str, singleton: str, tmp_path: Path
) -> None:
    shop = running("shop", "registry.example/shop:1", env=[{"name": name, "value": value}])
    [workload] = checked(tmp_path, shop).project.workloads
    assert workload.singleton == singleton


@pytest.mark.parametrize(
    ("image", "account", "severity"),
    [
        ("registry.example/sealed-secrets-controller:1", "sealer", "info"),
        ("registry.example/shop-operator:1", "", "info"),
        ("registry.example/robot-controller:1", "", "error"),
        ("registry.example/robot-controller:1", "default", "error"),
        ("registry.example/ingress-nginx-controller:1", "ingress", "error"),
        ("registry.example/controller-api:1", "api", "error"),
    ],
)
def test_a_controller_of_the_cluster_works_alone(
    image: str, account: str, severity: str, tmp_path: Path
) -> None:
    shop = running("shop", image)
    shop["spec"]["replicas"] = 1
    shop["spec"]["template"]["spec"]["serviceAccountName"] = account
    found = checked(tmp_path, shop).findings
    assert [f.severity.value for f in found if f.rule == "min-instances"] == [severity]
