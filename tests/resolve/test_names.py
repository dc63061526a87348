from __future__ import annotations

from pathlib import Path

import pytest

from lintscale._record import replace
from lintscale.resolve.names import ServiceNamer, services_of, stripped
from tests.resolve.build import SETTINGS, deployment, derived, workload


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop", "shop"),
        ("Shop-API", "shop-api"),
        ("shop-deployment", "shop"),
        ("shop-deploy", "shop"),
        ("shop-service", "shop"),
        ("shop-svc-prod", "shop"),
        ("shop-prod-deployment", "shop"),
        ("staging-shop", "shop"),
        ("shop-task-definition", "shop"),
        ("shop-preview-12", "shop"),
        ("shop-pr-12", "shop"),
        ("shop-backend", "shop-backend"),
        ("shop-web", "shop-web"),
        ("shop-worker", "shop-worker"),
        ("game-server", "game-server"),
        ("shop-v2", "shop-v2"),
        ("service", "service"),
        ("prod", "prod"),
        ("prod-service", "prod"),
        ("task-definition", "task-definition"),
        ("-deployment", ""),
        ("", ""),
    ],
)
def test_stripped(name: str, expected: str) -> None:
    assert stripped(name) == expected


def test_a_workload_called_after_its_folder() -> None:
    settings = replace(SETTINGS, root=Path("/srv/Checkout-Service"))
    assert ServiceNamer(settings).service(workload(".", platform="railway")) == "checkout"


def test_mapping_by_name_platform_and_file() -> None:
    settings = replace(
        SETTINGS,
        services={
            "checkout": ("railway:.", "ecs:co-*", "kubernetes:Deployment/pay"),
            "ledger": ("books", "accounting/**"),
        },
    )
    namer = ServiceNamer(settings)
    assert namer.service(workload(".", platform="railway")) == "checkout"
    assert namer.service(workload("co-prod", platform="ecs")) == "checkout"
    assert namer.service(workload("co-prod", platform="render")) == "co"
    assert namer.service(deployment("pay")) == "checkout"
    assert namer.service(workload("books")) == "ledger"
    assert namer.service(deployment("web", file="accounting/k8s/web.yaml")) == "ledger"
    assert namer.service(deployment("web", file="shop/web.yaml")) == "web"


def test_the_first_mapping_that_matches_wins() -> None:
    settings = replace(SETTINGS, services={"one": ("web",), "two": ("w*",)})
    assert ServiceNamer(settings).service(workload("web")) == "one"
    assert ServiceNamer(settings).service(workload("wiki")) == "two"


def test_services_hold_their_workloads() -> None:
    web = derived(workload("web"))
    same = derived(deployment("web"))
    api = derived(workload("api"))
    services = services_of([same, api, web])
    assert [service.name for service in services] == ["api", "web"]
    assert services[1].workloads == tuple(sorted([web.id, same.id]))
    assert services == services_of([web, same, api])
