"""What a task definition says: size, containers, health checks, what stands for secrets."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from textwrap import dedent
from typing import Any

import pytest

from lintscale.model.declared import Container, Workload
from lintscale.model.location import Location
from lintscale.model.sourced import Source
from lintscale.platforms.ecs.normalise import normalise
from lintscale.platforms.ecs.sizes import FARGATE_MEMORY_MIB
from lintscale.syntax import parse

SHOP = """\
{
  "family": "shop",
  "cpu": "1024",
  "memory": "3072",
  "networkMode": "awsvpc",
  "requiresCompatibilities": ["FARGATE"],
  "executionRoleArn": "arn:aws:iam::ACCOUNT_ID:role/ecsTaskExecutionRole",
  "tags": [{"key": "environment", "value": "staging"}],
  "containerDefinitions": [
    {
      "name": "web",
      "image": "<IMAGE>",
      "cpu": 512,
      "memory": 2048,
      "memoryReservation": 1024,
      "stopTimeout": 60,
      "entryPoint": ["tini", "--"],
      "command": ["gunicorn", "shop.wsgi", "--workers", "4"],
      "portMappings": [{"containerPort": 8000, "protocol": "tcp", "name": "http"}],
      "environment": [
        {"name": "DB_POOL_SIZE", "value": "5"},
        {"name": "LOG_LEVEL", "value": "${LOG_LEVEL}"}
      ],
      "secrets": [
        {"name": "DATABASE_URL", "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf:url::"},
        {"name": "API_KEY", "valueFrom": "/shop/production/api-key"}
      ],
      "healthCheck": {
        "command": ["CMD-SHELL", "curl -f http://localhost:8000/health || exit 1"],
        "startPeriod": 45
      }
    },
    {
      "name": "log-router",
      "image": "fluent/fluent-bit:3.1.9",
      "essential": false,
      "memoryReservation": 64
    }
  ]
}
"""  # noqa: E501 - an ARN is as long as it is
LINES = SHOP.splitlines()


def template(text: str, file_name: str = "deploy/taskdef.json") -> Workload:
    kind = "yaml" if PurePosixPath(file_name).suffix in (".yaml", ".yml") else "json"
    result = parse(dedent(text), file_name, kind)
    assert not result.problems
    [document] = result.documents
    [found] = normalise(document, file_name).templates
    return found


def defined(**keys: Any) -> Workload:
    containers = keys.pop("containers", [{"name": "web", "image": "shop:1"}])
    return template(json.dumps({"family": "shop", "containerDefinitions": containers, **keys}))


def container(**keys: Any) -> Container:
    return defined(containers=[{"name": "web", "image": "shop:1", **keys}]).containers[0]


def underlined(location: Location | None) -> str:
    assert location is not None
    span = location.span
    assert span.line == span.end_line
    return LINES[span.line - 1][span.column - 1 : span.end_column - 1]


def test_a_real_one() -> None:
    shop = template(SHOP)
    assert (shop.platform, shop.kind, shop.name, shop.role) == (
        "ecs",
        "task-definition",
        "shop",
        "service",
    )
    assert underlined(shop.location) == '"family": "shop"'
    assert shop.serves_traffic is True
    assert shop.load_balanced is None
    assert shop.count_known is False
    assert shop.replicas.source is None
    assert shop.labels == {"environment": "staging"}
    assert shop.instance_size.cpu_cores.value == 1.0
    assert underlined(shop.instance_size.cpu_cores.location) == '"cpu": "1024"'
    assert shop.instance_size.memory_bytes.value == 3 * 1024**3
    assert shop.instance_size.offered is True
    assert [part.stop_timeout_seconds.value for part in shop.containers] == [60, 30]
    assert shop.instance_size.containers_cpu_cores == 0.5
    assert shop.instance_size.containers_memory_bytes == (2048 + 64) * 1024**2
    assert shop.instance_size.containers_reserved_bytes == (1024 + 64) * 1024**2
    assert shop.shutdown.grace_seconds.value == 60
    assert underlined(shop.shutdown.grace_seconds.location) == '"stopTimeout": 60'


def test_its_containers() -> None:
    web, router = template(SHOP).containers
    assert web.image.value == "<IMAGE>"
    assert web.command.value == "tini -- gunicorn shop.wsgi --workers 4"
    assert web.cpu_request_cores.value == 0.5
    assert web.memory_limit_bytes.value == 2 * 1024**3
    assert web.memory_request_bytes.value == 1024**3
    assert [(port.number, port.name) for port in web.ports] == [(8000, "http")]
    assert web.essential
    assert underlined(web.location) == '"name": "web"'
    assert not router.essential
    assert router.memory_limit_bytes.source is None
    assert router.health_check is None
    assert router.readiness_location is not None
    assert underlined(router.readiness_location) == '"name": "log-router"'
    assert router.readiness_location.path == ("containerDefinitions", 1, "healthCheck")


def test_its_environment() -> None:
    variables = {variable.name: variable for variable in template(SHOP).containers[0].environment}
    assert variables["DB_POOL_SIZE"].value.value == "5"
    assert underlined(variables["DB_POOL_SIZE"].location) == '"value": "5"'
    assert variables["LOG_LEVEL"].value.value == "${LOG_LEVEL}"
    assert variables["DATABASE_URL"].reference == (
        "secret:arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf:url"
    )
    assert variables["DATABASE_URL"].value.unknown
    assert variables["API_KEY"].reference == "secret:/shop/production/api-key"


def test_its_health_check_with_defaults() -> None:
    probe = template(SHOP).containers[0].health_check
    assert probe is not None
    assert probe.action == "http get http://:8000/health"
    assert (probe.path.value, probe.port.value) == ("/health", "8000")
    assert probe.initial_delay_seconds.value == 45
    assert probe.initial_delay_seconds.source is Source.FILE
    assert (
        probe.period_seconds.value,
        probe.timeout_seconds.value,
        probe.failure_threshold.value,
    ) == (30, 5, 3)
    assert probe.period_seconds.source is Source.PLATFORM_DEFAULT
    assert probe.period_seconds.reason
    assert underlined(probe.period_seconds.location) == '"healthCheck"'
    assert underlined(probe.location) == '"healthCheck"'


DESCRIBED = """\
{
    "taskDefinition": {
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/ledger:12",
        "containerDefinitions": [
            {"name": "ledger", "image": "shop/ledger:2.1.0", "cpu": 0, "portMappings": [],
             "essential": true, "environment": [], "mountPoints": [], "volumesFrom": []}
        ],
        "family": "ledger",
        "revision": 12,
        "status": "ACTIVE",
        "requiresAttributes": [{"name": "com.amazonaws.ecs.capability.task-iam-role"}],
        "compatibilities": ["EC2", "FARGATE"],
        "requiresCompatibilities": ["fargate"],
        "cpu": "256",
        "memory": "512",
        "registeredAt": "2026-03-02T10:11:12.131000+00:00",
        "registeredBy": "arn:aws:iam::111122223333:user/deploy"
    },
    "tags": []
}
"""
IN_PASCAL_CASE = """\
{
  "Family": "ledger",
  "Cpu": "256",
  "Memory": "512",
  "RequiresCompatibilities": ["FARGATE"],
  "ContainerDefinitions": [{"Name": "ledger", "Image": "shop/ledger:2.1.0", "PortMappings": []}]
}
"""
IN_YAML = """\
family: ledger
cpu: 256
memory: 512
requiresCompatibilities: [FARGATE]
containerDefinitions:
  - name: ledger
    image: shop/ledger:2.1.0
"""
WITH_COMMENTS = """\
// registered by the pipeline
{
  "family": "ledger", /* no revision here */
  "cpu": "256",
  "memory": "512",
  "requiresCompatibilities": ["EC2", "FARGATE"],
  "containerDefinitions": [{"name": "ledger", "image": "shop/ledger:2.1.0"}],
}
"""


@pytest.mark.parametrize(
    ("text", "file_name"),
    [
        (DESCRIBED, "described.json"),
        (IN_PASCAL_CASE, "td.json"),
        (IN_YAML, "ecs/ledger.yaml"),
        (WITH_COMMENTS, "ledger.json"),
    ],
)
def test_every_way_to_write_it_says_the_same(text: str, file_name: str) -> None:
    ledger = template(text, file_name)
    assert ledger.name == "ledger"
    assert ledger.serves_traffic is False
    assert ledger.instance_size.cpu_cores.value == 0.25
    assert ledger.instance_size.memory_bytes.value == 512 * 1024**2
    assert ledger.instance_size.offered is True
    [only] = ledger.containers
    assert (only.name, only.image.value) == ("ledger", "shop/ledger:2.1.0")
    assert only.cpu_request_cores.value is None
    assert not only.cpu_request_cores.written


def test_the_case_of_the_neighbours_is_the_case_of_what_is_missing() -> None:
    [only] = template(IN_PASCAL_CASE).containers
    assert only.readiness_location is not None
    assert only.readiness_location.path == ("ContainerDefinitions", 0, "HealthCheck")


# -- sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cpu", "memory", "cores", "mebibytes"),
    [
        ("512", "1024", 0.5, 1024),
        (512, 1024, 0.5, 1024),
        (".5 vCPU", "1GB", 0.5, 1024),
        ("1 vCPU", "2 GB", 1.0, 2048),
        ("0.25vcpu", "0.5 gb", 0.25, 512),
        ("16 vCPU", "120 GB", 16.0, 122880),
    ],
)
def test_sizes_in_units_and_in_words(
    cpu: str | int, memory: str | int, cores: float, mebibytes: int
) -> None:
    size = defined(cpu=cpu, memory=memory, requiresCompatibilities=["FARGATE"]).instance_size
    assert size.cpu_cores.value == cores
    assert size.memory_bytes.value == mebibytes * 1024**2
    assert size.offered is True


@pytest.mark.parametrize(
    ("cpu", "memory", "sizes"),
    [
        ("256", "4096", "512, 1024 or 2048 MiB with 256 CPU units"),
        ("512", "512", "1024, 2048, 3072 or 4096 MiB with 512 CPU units"),
        ("1024", "2560", "2048 to 8192 in steps of 1024 MiB with 1024 CPU units"),
        ("8192", "17408", "16384 to 61440 in steps of 4096 MiB with 8192 CPU units"),
        ("300", "1024", "256, 512, 1024, 2048, 4096, 8192, 16384 or 32768 CPU units"),
    ],
)
def test_sizes_that_fargate_does_not_sell(cpu: str, memory: str, sizes: str) -> None:
    size = defined(cpu=cpu, memory=memory, requiresCompatibilities=["FARGATE"]).instance_size
    assert size.offered is False
    assert size.offered_sizes == sizes


def test_every_size_that_fargate_sells() -> None:
    offers = [(cpu, memory) for cpu in FARGATE_MEMORY_MIB for memory in FARGATE_MEMORY_MIB[cpu]]
    assert len(offers) == 3 + 4 + 7 + 13 + 23 + 12 + 12 + 3
    for cpu, memory in offers:
        size = defined(cpu=str(cpu), memory=str(memory), requiresCompatibilities=["FARGATE"])
        assert size.instance_size.offered is True


@pytest.mark.parametrize(
    ("cpu", "memory"), [("${CPU}", "1024"), ("512", "<MEMORY>"), ("512", None), ("half", "1024")]
)
def test_a_size_that_is_not_known_is_not_judged(cpu: str, memory: str | None) -> None:
    size = defined(cpu=cpu, memory=memory, requiresCompatibilities=["FARGATE"]).instance_size
    assert size.offered is None


def test_on_ec2_any_size_will_do() -> None:
    size = defined(cpu="300", memory="1000", requiresCompatibilities=["EC2"]).instance_size
    assert size.offered is None
    assert size.memory_bytes.value == 1000 * 1024**2


def test_a_hard_limit_is_also_reserved() -> None:
    web = container(memory=512)
    assert web.memory_request_bytes.value == 512 * 1024**2
    assert web.memory_request_bytes.source is Source.PLATFORM_DEFAULT
    hidden = container(memory="${MEMORY}")
    assert hidden.memory_request_bytes.unknown
    assert hidden.memory_limit_bytes.unknown


@pytest.mark.parametrize("memory", [-1, 2**43, -(2**43) - 1, 10**30])
def test_an_amount_of_memory_that_no_machine_has_is_unknown(memory: int) -> None:
    assert container(memory=memory).memory_limit_bytes.unknown


# -- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"command": ["uvicorn", "shop:app", "--workers", "2"]}, "uvicorn shop:app --workers 2"),
        ({"command": ["sh", "-c", "exec gunicorn -w $WORKERS"]}, "exec gunicorn -w $WORKERS"),
        (
            {
                "entryPoint": ["/bin/bash", "-lc"],
                "command": ["alembic upgrade head && uvicorn a:b"],
            },
            "alembic upgrade head && uvicorn a:b",
        ),
        ({"entryPoint": ["tini", "--", "sh", "-c", "celery worker"]}, "celery worker"),
        ({"command": ["node server.js"]}, "node server.js"),
        ({"command": ["echo", "two words"]}, "echo 'two words'"),
        ({"command": "gunicorn -w 2"}, "gunicorn -w 2"),
        ({}, None),
    ],
)
def test_command_lines(keys: dict[str, Any], line: str | None) -> None:
    assert container(**keys).command.value == line


def test_a_command_that_is_no_list_of_words_is_unknown() -> None:
    assert container(command=["gunicorn", {"-w": 2}]).command.unknown
    assert container().command.source is None


# -- health checks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "action", "path"),
    [
        (
            ["CMD-SHELL", "curl -f http://localhost:4000/health/ready || exit 1"],
            "http get http://:4000/health/ready",
            "/health/ready",
        ),
        (["CMD", "curl", "-fsS", "http://127.0.0.1/up?full=1"], "http get http://:80/up", "/up"),
        (
            ["CMD-SHELL", "wget -qO- localhost:8080/healthz || exit 1"],
            "http get http://:8080/healthz",
            "/healthz",
        ),
        (["CMD", "wget", "--spider", "https://[::1]:8443/"], "http get https://:8443/", "/"),
        (["CMD-SHELL", "curl -f http://localhost||exit 1"], "http get http://:80/", "/"),
        (
            ["CMD-SHELL", "curl http://localhost:${PORT:-8000}/ping"],
            "http get http://:${PORT:-8000}/ping",
            "/ping",
        ),
        (
            [
                "CMD",
                "python",
                "-c",
                "import urllib.request as r; r.urlopen('http://localhost:8000/ok')",
            ],
            "http get http://:8000/ok",
            "/ok",
        ),
        (
            ["CMD-SHELL, curl -f http://localhost:3000/live || exit 1"],
            "http get http://:3000/live",
            "/live",
        ),
        (["CMD-SHELL", "pg_isready -U shop"], "exec pg_isready -U shop", None),
        (
            ["CMD", "/bin/grpc_health_probe", "-addr=:50051"],
            "exec /bin/grpc_health_probe -addr=:50051",
            None,
        ),
        (
            ["CMD-SHELL", "curl http://localhost:80/${HEALTH_PATH}"],
            "http get http://:80/${HEALTH_PATH}",
            None,
        ),
    ],
)
def test_what_a_health_check_asks(command: list[str], action: str, path: str | None) -> None:
    probe = container(healthCheck={"command": command}).health_check
    assert probe is not None
    assert (probe.action, probe.path.value) == (action, path)


def test_a_path_behind_a_placeholder_is_unknown_and_no_path_is_absent() -> None:
    hidden = container(healthCheck={"command": ["CMD-SHELL", "curl http://localhost/$P"]})
    assert hidden.health_check is not None
    assert hidden.health_check.path.unknown
    other = container(healthCheck={"command": ["CMD", "true"]}).health_check
    assert other is not None
    assert other.path.source is None


def test_none_switches_the_images_own_check_off() -> None:
    assert container(healthCheck={"command": ["NONE"]}).health_check is None
    assert container(healthCheck=None).health_check is None


def test_a_health_check_of_the_wrong_type_is_there_and_unknown() -> None:
    probe = container(healthCheck="${HEALTH_CHECK}").health_check
    assert probe is not None
    assert probe.period_seconds.unknown
    wrong = container(healthCheck={"command": ["CMD", "true"], "interval": "often"}).health_check
    assert wrong is not None
    assert wrong.period_seconds.unknown


# -- the rest -------------------------------------------------------------------------------------


def test_environment_files_make_the_environment_incomplete() -> None:
    web = container(environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::shop-config/web.env"}])
    assert web.env_from == ("environment file:arn:aws:s3:::shop-config/web.env",)
    assert not web.env_complete
    assert container().env_complete


STORED = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-Ab12Cd"
PARAMETER_ARN = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/db"


@pytest.mark.parametrize(
    ("value_from", "identity"),
    [
        (STORED, STORED),
        (f"{STORED}:::v7", STORED),
        (f"{STORED}:url:AWSCURRENT:", f"{STORED}:url"),
        (PARAMETER_ARN, PARAMETER_ARN),
        ("${DB_SECRET_ARN}", "${DB_SECRET_ARN}"),
    ],
)
def test_the_same_secret_is_the_same_text(value_from: str, identity: str) -> None:
    [variable] = container(secrets=[{"name": "URL", "valueFrom": value_from}]).environment
    assert variable.reference == f"secret:{identity}"


def test_the_shortest_stop_timeout_of_what_serves_traffic_counts() -> None:
    port = [{"containerPort": 80}]
    web = {"name": "web", "image": "a", "portMappings": port, "stopTimeout": 90}
    proxy = {"name": "proxy", "image": "b", "portMappings": port}
    sidecar = {"name": "agent", "image": "c", "stopTimeout": 5}
    grace = defined(containers=[sidecar, web, proxy]).shutdown.grace_seconds
    assert (grace.value, grace.source) == (30, Source.PLATFORM_DEFAULT)
    assert defined(containers=[sidecar, web]).shutdown.grace_seconds.value == 90


def test_without_a_family_the_file_gives_the_name() -> None:
    text = json.dumps({"containerDefinitions": [{"name": "web", "image": "shop:1"}]})
    assert template(text, "deploy/shop-web.json").name == "shop-web"


def test_port_mappings_behind_a_placeholder_leave_traffic_open() -> None:
    hidden = [{"name": "web", "image": "shop:1", "portMappings": "${PORTS}"}]
    assert defined(containers=hidden).serves_traffic is None
    assert defined().serves_traffic is False
