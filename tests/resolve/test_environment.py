from __future__ import annotations

from typing import Any

import pytest

from lintscale._record import replace
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import EnvironmentFinder
from tests.resolve.build import SETTINGS, workload


def environment(**fields: Any) -> Sourced[str]:
    settings = fields.pop("settings", SETTINGS)
    return EnvironmentFinder(settings).environment(workload(fields.pop("name", "web"), **fields))


def test_without_a_sign_it_is_the_configured_default() -> None:
    found = environment()
    assert found.value == "production"
    assert found.source is Source.ASSUMED
    assert found.reason == "no sign of another environment"
    settings = replace(SETTINGS, default_environment="staging")
    assert environment(settings=settings).value == "staging"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("k8s/overlays/dev/web.yaml", "development"),
        ("k8s/overlays/dev-eu/web.yaml", "development"),
        ("k8s/overlays/test/web.yaml", "staging"),
        ("k8s/overlays/live/web.yaml", "production"),
        ("k8s/overlays/pr-123/web.yaml", "preview"),
        ("environments/integration/web.yaml", "staging"),
        ("clusters/prod-eu-1/web.yaml", "production"),
        ("clusters/pre-prod/web.yaml", "staging"),
        ("clusters/non-prod/web.yaml", "staging"),
        ("k8s/prd/web.yaml", "production"),
        ("deploy/sandbox/web.yaml", "development"),
        ("deploy/staging/web.yaml", "staging"),
        ("deploy/stage/web.yaml", "staging"),
        ("deploy/preprod/web.yaml", "staging"),
        ("deploy/uat2/web.yaml", "staging"),
        ("deploy/minikube/web.yaml", "development"),
        ("k8s/deployment.staging.yaml", "staging"),
        ("k8s/deployment-dev.yaml", "development"),
        ("k8s/values-prod.yaml", "production"),
        ("task-definition.local.json", "development"),
        ("render.preview.yaml", "preview"),
        # What stands nearer to the file says more.
        ("dev/k8s/prod/web.yaml", "production"),
        ("prod/tools/web-dev.yaml", "development"),
    ],
)
def test_path_segments(path: str, expected: str) -> None:
    found = environment(file=path)
    assert found.value == expected
    assert found.source is Source.FILE
    assert found.reason.startswith(("the folder ", "the file name "))


@pytest.mark.parametrize(
    "path",
    [
        "product/k8s/web.yaml",
        "products-api/deploy.yaml",
        "devices/web.yaml",
        "devops/web.yaml",
        "developer-portal/web.yaml",
        "tests/fixtures/web.yaml",
        "fixtures/unhealthy/render.yaml",
        "examples/guestbook/web.yaml",
        "services/review/web.yaml",
        "services/integration/web.yaml",
        "k8s/link-preview.yaml",
        "k8s/payment-integration.yaml",
        "k8s/preview.yaml",
        "dev-and-prod/web.yaml",
        "k8s/staging-to-prod-sync.yaml",
        "latest/web.yaml",
    ],
)
def test_paths_that_say_nothing(path: str) -> None:
    assert environment(file=path).source is Source.ASSUMED


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"environment": "prod"}, "production"),
        ({"env": "Staging"}, "staging"),
        ({"app.kubernetes.io/environment": "dev"}, "development"),
        ({"tags.datadoghq.com/env": "qa"}, "staging"),
        ({"Environment": "UAT"}, "staging"),
        ({"stage": "prod"}, "production"),
        ({"env": "acme-demo-eu"}, "development"),
        ({"env": "acme"}, "acme"),
    ],
)
def test_labels(labels: dict[str, str], expected: str) -> None:
    assert environment(object_labels=labels).value == expected
    assert environment(labels=labels).value == expected


@pytest.mark.parametrize(
    "labels",
    [{"tier": "backend"}, {"stage": "beta channel"}, {"env": "${ENVIRONMENT}"}, {"app": "dev"}],
)
def test_labels_that_say_nothing(labels: dict[str, str]) -> None:
    assert environment(object_labels=labels).source is Source.ASSUMED


@pytest.mark.parametrize(
    ("namespace", "expected"),
    [
        ("shop-dev", "development"),
        ("dev", "development"),
        ("test", "staging"),
        ("shop-test", "staging"),
        ("shop-stg", "staging"),
        ("pr-42", "preview"),
        ("review-42", "preview"),
        ("shop-production", "production"),
    ],
)
def test_namespaces(namespace: str, expected: str) -> None:
    assert environment(namespace=namespace).value == expected


@pytest.mark.parametrize("namespace", ["live-chat", "default", "test-runner", "reviews", "shop"])
def test_namespaces_that_say_nothing(namespace: str) -> None:
    assert environment(namespace=namespace).source is Source.ASSUMED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop-dev", "development"),
        ("staging-shop", "staging"),
        ("shop-pre-prod", "staging"),
        ("shop-preview-12", "preview"),
        ("shop-api-worker-prod", "production"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert environment(name=name).value == expected


@pytest.mark.parametrize(
    "name", ["product", "live-chat", "link-preview", "review", "test", "kind", "stage-manager"]
)
def test_names_that_say_nothing(name: str) -> None:
    assert environment(name=name).source is Source.ASSUMED


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("Production", "production"),
        ("pr", "preview"),
        ("preview", "preview"),
        ("test", "staging"),
        ("acme", "acme"),
        ("EU West", "eu-west"),
    ],
)
def test_environments_of_the_platform(hint: str, expected: str) -> None:
    assert environment(environment_hint=hint).value == expected


def test_order_of_signs() -> None:
    signs: dict[str, Any] = {
        "environment_hint": "staging",
        "object_labels": {"env": "dev"},
        "namespace": "shop-prod",
        "file": "overlays/uat/web.yaml",
        "name": "web-sandbox",
    }
    expected = ["staging", "development", "production", "staging", "development"]
    for sign, value in zip(list(signs), expected, strict=True):
        assert environment(**signs).value == value
        del signs[sign]


def test_configured_globs_come_first_and_keep_their_names() -> None:
    settings = replace(
        SETTINGS,
        environments=(("canary", ("k8s/prod/canary/**",)), ("live", ("k8s/prod",))),
    )
    canary = environment(settings=settings, file="k8s/prod/canary/web.yaml", namespace="dev")
    assert (canary.value, canary.source) == ("canary", Source.CONFIG)
    assert environment(settings=settings, file="k8s/prod/web.yaml").value == "live"
    assert environment(settings=settings, file="k8s/dev/web.yaml").value == "development"


def test_the_environment_asked_for_beats_everything() -> None:
    settings = replace(SETTINGS, environment="staging", environments=(("live", ("*",)),))
    found = environment(settings=settings, environment_hint="production")
    assert (found.value, found.source) == ("staging", Source.CONFIG)
