"""What a service says: how many tasks, of which definition, and how a deploy replaces them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lintscale.model.declared import Fragments, Workload
from lintscale.model.sourced import Source
from lintscale.platforms.ecs.normalise import normalise
from lintscale.syntax import parse

CREATED: dict[str, Any] = {
    "cluster": "shop-production",
    "serviceName": "shop",
    "taskDefinition": "shop:7",
    "desiredCount": 3,
    "launchType": "FARGATE",
    "deploymentConfiguration": {
        "maximumPercent": 150,
        "minimumHealthyPercent": 50,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "subnets": ["subnet-0a1", "subnet-0b2", "subnet-0b2"],
            "securityGroups": ["sg-0c3"],
        }
    },
    "loadBalancers": [{"targetGroupArn": "<TARGET_GROUP>", "containerName": "shop"}],
    "tags": [{"key": "environment", "value": "production"}],
}


def fragments(data: Any, file_name: str = "deploy/service.json") -> Fragments:
    result = parse(json.dumps(data, indent=2), file_name, "json")
    [document] = result.documents
    return normalise(document, file_name)


def service(data: dict[str, Any] | None = None, **keys: Any) -> Workload:
    """The service; a key that is given as None is left out."""
    merged = {**(CREATED if data is None else data), **keys}
    [workload] = fragments({k: v for k, v in merged.items() if v is not None}).workloads
    return workload


def test_a_real_one() -> None:
    shop = service()
    assert (shop.platform, shop.kind, shop.name, shop.role) == ("ecs", "service", "shop", "service")
    assert shop.location.line == 3
    assert shop.namespace == "shop-production"
    assert shop.object_labels == {"cluster": "shop-production"}
    assert shop.labels == {"environment": "production"}
    assert (shop.replicas.value, shop.replicas.source, shop.count_known) == (3, Source.FILE, True)
    assert shop.template is not None
    assert (shop.template.kind, shop.template.name) == ("task-definition", "shop")
    assert shop.load_balanced is True
    assert shop.serves_traffic is True
    assert shop.rollout.max_healthy_percent.value == 150
    assert shop.rollout.min_healthy_percent.value == 50
    assert shop.rollout.circuit_breaker.value is True
    assert (shop.rollout.strategy.value, shop.rollout.strategy.source) == (
        "ROLLING",
        Source.PLATFORM_DEFAULT,
    )
    assert shop.placement.zones.value == 2
    assert shop.placement.spot_only.value is False


def test_platform_defaults_say_so() -> None:
    rollout = service(deploymentConfiguration=None).rollout
    for value, expected in (
        (rollout.max_healthy_percent, 200),
        (rollout.min_healthy_percent, 100),
        (rollout.circuit_breaker, False),
    ):
        assert value.value == expected
        assert value.source is Source.PLATFORM_DEFAULT
        assert value.reason
        assert value.location is not None
        assert not value.location.present
        assert value.location.path[0] == "deploymentConfiguration"


def test_described_services() -> None:
    described = {
        "services": [
            {
                "serviceArn": "arn:aws:ecs:eu-west-1:111122223333:service/shop-staging/shop",
                "serviceName": "shop",
                "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/shop-staging",
                "loadBalancers": [],
                "status": "ACTIVE",
                "desiredCount": 2,
                "runningCount": 2,
                "taskDefinition": "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop:41",
                "deployments": [{"id": "ecs-svc/1", "taskDefinition": "x", "desiredCount": 9}],
            },
            {"serviceName": "ledger", "taskDefinition": "ledger:3", "desiredCount": 1},
        ],
        "failures": [],
    }
    shop, ledger = fragments(described).workloads
    assert (shop.name, shop.replicas.value) == ("shop", 2)
    assert shop.template is not None
    assert shop.template.name == "shop"
    assert shop.object_labels == {"cluster": "shop-staging"}
    assert shop.load_balanced is False
    assert shop.serves_traffic is None
    assert ledger.name == "ledger"


def test_an_update_leaves_open_what_it_does_not_name() -> None:
    shop = service(
        {
            "cluster": "shop-production",
            "service": "arn:aws:ecs:eu-west-1:111122223333:service/shop-production/shop",
            "taskDefinition": "shop",
            "forceNewDeployment": True,
        }
    )
    assert shop.name == "shop"
    assert shop.load_balanced is None
    assert shop.count_known is False
    assert shop.rollout.circuit_breaker.source is None
    assert shop.rollout.max_healthy_percent.value == 200


@pytest.mark.parametrize(
    ("written", "name", "stands_for"),
    [
        ("shop", "shop", ""),
        ("shop:7", "shop", ""),
        ("shop:${REVISION}", "shop", ""),
        ("arn:aws:ecs:eu-west-1:ACCOUNT_ID:task-definition/shop:7", "shop", ""),
        ("arn:aws:ecs:${AWS_REGION}:${AWS_ACCOUNT}:task-definition/shop", "shop", ""),
        ("${TASK_DEFINITION}", None, "${TASK_DEFINITION}"),
        ("${TASK_DEFINITION:-shop}:3", None, "${TASK_DEFINITION:-shop}"),
        ("shop-${STAGE}:3", None, "shop-${STAGE}"),
        ("<TASK_DEFINITION>", None, "<TASK_DEFINITION>"),
        ("./taskdef.json", None, "./taskdef.json"),
    ],
)
def test_which_task_definition_is_meant(written: str, name: str | None, stands_for: str) -> None:
    reference = service(taskDefinition=written).template
    assert reference is not None
    assert (reference.name, reference.text) == (name, stands_for)


def test_a_count_that_is_not_written_or_not_known() -> None:
    absent = service(desiredCount=None)
    assert (absent.replicas.source, absent.count_known) == (None, False)
    hidden = service(desiredCount="${COUNT}")
    assert hidden.replicas.unknown
    assert hidden.count_known


def test_a_daemon_service() -> None:
    agent = service(
        {
            "serviceName": "agent",
            "cluster": "shop",
            "taskDefinition": "agent",
            "schedulingStrategy": "DAEMON",
        }
    )
    assert agent.role == "daemon"
    assert agent.rollout.max_healthy_percent.value == 100
    assert agent.rollout.min_healthy_percent.value == 0


@pytest.mark.parametrize(
    ("keys", "serves"),
    [
        ({"loadBalancers": []}, None),
        ({"loadBalancers": None}, None),
        ({"loadBalancers": [], "vpcLatticeConfigurations": [{"portName": "http"}]}, True),
        (
            {
                "loadBalancers": [],
                "serviceConnectConfiguration": {
                    "enabled": True,
                    "services": [{"portName": "http"}],
                },
            },
            True,
        ),
        ({"loadBalancers": [], "serviceConnectConfiguration": {"enabled": True}}, None),
        (
            {
                "loadBalancers": [],
                "serviceConnectConfiguration": {
                    "enabled": False,
                    "services": [{"portName": "http"}],
                },
            },
            None,
        ),
        ({"loadBalancers": "${LOAD_BALANCERS}"}, None),
    ],
)
def test_who_is_sent_traffic(keys: dict[str, Any], serves: bool | None) -> None:
    assert service(**keys).serves_traffic is serves


def test_load_balancers_behind_a_placeholder_are_not_known() -> None:
    assert service(loadBalancers="${LOAD_BALANCERS}").load_balanced is None
    assert service(loadBalancers=[]).load_balanced is False


BREAKERS = [
    ({"enable": True, "rollback": True}, True),
    ({"enable": True, "rollback": False}, False),
    ({"enable": True}, False),
    ({"enable": "${BREAKER}", "rollback": True}, None),
    ("${BREAKER}", None),
]


@pytest.mark.parametrize(("alarms", "value"), BREAKERS)
def test_alarms_must_also_roll_back(alarms: Any, value: bool | None) -> None:
    written = service(deploymentConfiguration={"alarms": alarms})
    assert written.rollout.alarms_roll_back.value is value


def test_without_alarms_nothing_rolls_back_by_them() -> None:
    assert service().rollout.alarms_roll_back.source is None


def test_how_long_a_load_balancer_s_verdict_does_not_count() -> None:
    assert service(healthCheckGracePeriodSeconds=60).health_check_grace_seconds.value == 60
    absent = service().health_check_grace_seconds
    assert (absent.value, absent.source) == (0, Source.PLATFORM_DEFAULT)
    assert absent.location is not None
    assert absent.location.path == ("healthCheckGracePeriodSeconds",)
    hidden = service(healthCheckGracePeriodSeconds="${GRACE}").health_check_grace_seconds
    assert (hidden.value, hidden.source) == (None, Source.FILE)
    update = {"service": "shop", "cluster": "bookshop", "taskDefinition": "shop:8"}
    assert service(update).health_check_grace_seconds.source is None


@pytest.mark.parametrize(("breaker", "value"), BREAKERS)
def test_a_circuit_breaker_must_also_roll_back(breaker: Any, value: bool | None) -> None:
    written = service(deploymentConfiguration={"deploymentCircuitBreaker": breaker})
    assert written.rollout.circuit_breaker.value is value
    assert written.rollout.circuit_breaker.source is Source.FILE


@pytest.mark.parametrize(
    "keys",
    [
        {"deploymentController": {"type": "CODE_DEPLOY"}},
        {"deploymentConfiguration": {"strategy": "BLUE_GREEN", "minimumHealthyPercent": 0}},
        {"deploymentConfiguration": {"strategy": "canary", "maximumPercent": 100}},
    ],
)
def test_blue_green_runs_two_whole_sets(keys: dict[str, Any]) -> None:
    rollout = service(**keys).rollout
    assert rollout.strategy.source is Source.FILE
    assert (rollout.min_healthy_percent.value, rollout.max_healthy_percent.value) == (100, 200)


def test_percentages_behind_a_placeholder_are_not_defaulted() -> None:
    rollout = service(deploymentConfiguration="${DEPLOYMENT}").rollout
    assert rollout.max_healthy_percent.value is None
    percent = service(deploymentConfiguration={"maximumPercent": "<PERCENT>"}).rollout
    assert percent.max_healthy_percent.unknown


@pytest.mark.parametrize(
    ("subnets", "zones"),
    [
        (["subnet-0a1"], 1),
        (["subnet-0a1", "subnet-0b2"], 2),
        (["${SUBNET_A}", "${SUBNET_B}"], 2),
        (["${SUBNETS}"], None),
        ("${SUBNETS}", None),
    ],
)
def test_subnets(subnets: Any, zones: int | None) -> None:
    network = {"awsvpcConfiguration": {"subnets": subnets}}
    found = service(networkConfiguration=network).placement.zones
    assert (found.value, found.source) == (zones, Source.FILE)


SPOT, ON_DEMAND = "FARGATE_SPOT", "FARGATE"


@pytest.mark.parametrize(
    ("strategy", "spot_only"),
    [
        ([{"capacityProvider": SPOT, "weight": 1}], True),
        ([{"capacityProvider": SPOT}], True),
        (
            [
                {"capacityProvider": ON_DEMAND, "base": 1, "weight": 1},
                {"capacityProvider": SPOT, "weight": 4},
            ],
            False,
        ),
        (
            [
                {"capacityProvider": ON_DEMAND, "base": 0, "weight": 0},
                {"capacityProvider": SPOT, "weight": 4},
            ],
            True,
        ),
        ([{"capacityProvider": "shop-spot-asg", "weight": 1}], True),
        ([{"capacityProvider": "shopSpotGroup", "weight": 1}], True),
        ([{"capacityProvider": "hotspot", "weight": 1}], False),
        ([{"capacityProvider": "Spotlight", "weight": 1}], False),
        ([{"capacityProvider": "shop-no-spot", "weight": 1}], False),
        ([{"capacityProvider": "spot-and-ondemand", "weight": 1}], False),
        ([{"capacityProvider": "shop-asg", "weight": 1}], False),
        (
            [
                {"capacityProvider": ON_DEMAND, "base": 2, "weight": 0},
                {"capacityProvider": SPOT, "weight": 1},
            ],
            False,
        ),
        ([{"capacityProvider": "${PROVIDER}", "weight": 1}], None),
        ("${STRATEGY}", None),
    ],
)
def test_spot_only(strategy: Any, spot_only: bool | None) -> None:
    found = service(launchType=None, capacityProviderStrategy=strategy).placement.spot_only
    assert (found.value, found.source) == (spot_only, Source.FILE)


def test_without_launch_type_or_strategy_the_cluster_decides() -> None:
    found = service(launchType=None).placement.spot_only
    assert (found.value, found.source) == (None, None)


@pytest.mark.parametrize(
    ("written", "seconds", "source"),
    [
        (None, 0, Source.PLATFORM_DEFAULT),
        (0, 0, Source.FILE),
        (120, 120, Source.FILE),
        ("${GRACE}", None, Source.FILE),
    ],
)
def test_the_grace_of_health_checks(written: Any, seconds: int | None, source: Source) -> None:
    found = service(healthCheckGracePeriodSeconds=written).health_check_grace_seconds
    assert (found.value, found.source) == (seconds, source)


def test_an_update_leaves_the_grace_as_it_is() -> None:
    update = {"cluster": "shop", "service": "shop", "taskDefinition": "shop", "desiredCount": 2}
    found = service(update).health_check_grace_seconds
    assert (found.value, found.source) == (None, None)


def test_pascal_case_and_yaml() -> None:
    text = (
        "ServiceName: shop\nCluster: shop\nTaskDefinition: shop\nDesiredCount: 2\n"
        "DeploymentConfiguration:\n  MaximumPercent: 100\n"
    )
    [document] = parse(text, "service.yaml", "yaml").documents
    [shop] = normalise(document, "service.yaml").workloads
    assert (shop.name, shop.replicas.value) == ("shop", 2)
    assert shop.rollout.max_healthy_percent.value == 100
    location = shop.rollout.min_healthy_percent.location
    assert location is not None
    assert location.path == ("DeploymentConfiguration", "MinimumHealthyPercent")
