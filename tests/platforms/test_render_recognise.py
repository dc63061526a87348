"""Which documents are Blueprints, and which only look like one."""

from __future__ import annotations

from textwrap import dedent
from time import process_time

import pytest

from lintscale.platforms.render import may_hold
from lintscale.platforms.render.normalise import recognise
from lintscale.syntax import parse

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
"""
COMPOSE = """\
services:
  web:
    image: shop/web:1.4
    labels: {type: web}
  worker:
    image: shop/worker:1.4
"""
WORKFLOW = """\
name: render the docs
on:
  push:
    branches: [main]
jobs:
  render:
    runs-on: ubuntu-latest
    services: {}
"""
MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: render}
data: {type: web}
services:
  - type: web
"""


def is_blueprint(text: str, file_name: str) -> bool:
    text = dedent(text)
    documents = parse(text, file_name, "yaml").documents
    return may_hold(file_name, text) and any(
        recognise(document, file_name) for document in documents
    )


@pytest.mark.parametrize(
    "file_name", ["render.yaml", ".render.yaml", "render.yml", "deploy/blueprint.yaml"]
)
def test_services_with_renders_types_are_a_blueprint_under_any_name(file_name: str) -> None:
    assert is_blueprint(BLUEPRINT, file_name)


@pytest.mark.parametrize(
    "kind", ["web", "pserv", "worker", "cron", "keyvalue", "redis", "workflow"]
)
def test_each_type_of_service_is_seen(kind: str) -> None:
    assert is_blueprint(f"services:\n- {{name: shop, 'type': '{kind}'}}\n", "infra.yaml")


def test_services_are_found_in_projects_and_ungrouped() -> None:
    assert is_blueprint(
        """\
        projects:
          - name: shop
            environments:
              - name: production
                services:
                  - {type: worker, name: mailer}
        """,
        "infra.yaml",
    )
    assert is_blueprint("ungrouped:\n  services:\n    - type: cron\n", "infra.yaml")


def test_json_style_blueprint_is_seen() -> None:
    assert is_blueprint('{"services": [{"type": "web", "name": "shop"}]}', "infra.yaml")
    assert is_blueprint("{version: '1', services: [{name: shop, type: web}]}", "infra.yaml")


@pytest.mark.parametrize("file_name", ["docker-compose.yaml", ".render.yaml", "render.yml"])
def test_compose_file_is_not_a_blueprint(file_name: str) -> None:
    assert not is_blueprint(COMPOSE, file_name)


def test_whatever_stands_in_the_detected_file_is_what_render_reads() -> None:
    assert is_blueprint(COMPOSE, "render.yaml")
    assert is_blueprint("just a text\n", "render.yaml")
    assert is_blueprint("service: []\n", "render.yaml")


def test_the_detected_name_elsewhere_needs_keys_of_a_blueprint() -> None:
    assert is_blueprint("services: []\n", "apps/shop/render.yaml")
    assert is_blueprint("previews: {generation: manual}\n", "apps/shop/render.yaml")
    assert not is_blueprint("- name: render the templates\n", "roles/web/tasks/render.yaml")


@pytest.mark.parametrize("file_name", ["render.yaml", "render.yml", ".github/workflows/render.yml"])
def test_ci_workflow_about_rendering_is_not_a_blueprint(file_name: str) -> None:
    assert not is_blueprint(WORKFLOW, file_name)


@pytest.mark.parametrize("file_name", ["render.yaml", "k8s/render.yaml"])
def test_kubernetes_object_is_not_a_blueprint(file_name: str) -> None:
    assert not is_blueprint(MANIFEST, file_name)


def test_databases_are_renders_only_with_renders_keys() -> None:
    own = "databases:\n  - {name: main, plan: basic-1gb}\n"
    foreign = "databases:\n  - {name: main, engine: PG, production: true}\n"
    plain = "databases:\n  - {name: main}\n"
    [document] = parse(own, "db.yaml", "yaml").documents
    assert recognise(document, "db.yaml")
    for text in (foreign, plain):
        [document] = parse(text, "db.yaml", "yaml").documents
        assert not recognise(document, "db.yaml")


def test_other_formats_are_not_even_looked_at() -> None:
    assert not may_hold("package.json", '{"services": [{"type": "web"}]}')
    assert not may_hold("app.toml", 'services: type: "web"')
    assert not may_hold("values.yaml", "service:\n  type: ClusterIP\n")


@pytest.mark.parametrize("filler", [" ", "\t\n", "type ", "services ", "type: ", "services\t"])
def test_look_at_a_large_text_is_quick(filler: str) -> None:
    text = "type: web\n" + filler * 300_000
    started = process_time()
    assert not may_hold("values.yaml", text)
    assert process_time() - started < 10
