"""Databases of a Blueprint: limits by plan, reserved connections, poolers, replicas."""

from __future__ import annotations

from textwrap import dedent

import pytest

from lintscale.model.declared import Database
from lintscale.model.sourced import Source
from lintscale.platforms.render.normalise import normalise
from lintscale.platforms.render.plans import key_value_connections, postgres_connections
from lintscale.syntax import parse


def databases(text: str) -> list[Database]:
    [document] = parse(dedent(text), "render.yaml", "yaml").documents
    return normalise(document, "render.yaml").databases


def test_postgres() -> None:
    [main] = databases(
        """\
        databases:
          - name: main
            plan: basic-1gb
            connectionPool: pgbouncer
            diskSizeGB: 15
        """
    )
    assert (main.key, main.name) == ("render database:main", "main")
    assert (main.engine, main.platform) == ("postgresql", "render")
    assert main.location.line == 2
    assert (main.plan.value, main.plan.source) == ("basic-1gb", Source.FILE)
    assert (main.limit.value, main.limit.source) == (100, Source.PLATFORM_DEFAULT)
    assert main.limit.reason == "plan basic-1gb (Render, Aug 2026)"
    assert main.limit.location is not None
    assert main.limit.location.line == 3
    assert (main.reserved.value, main.reserved.source) == (3, Source.PLATFORM_DEFAULT)
    assert (main.pooler.value, main.pooler.source) == ("pgbouncer", Source.FILE)


@pytest.mark.parametrize(
    ("plan", "limit", "reserved"),
    [
        ("free", 100, 3),
        ("basic-256mb", 100, 3),
        ("basic-4gb", 100, 3),
        ("pro-4gb", 100, 3),
        ("pro-8gb", 200, 3),
        ("pro-16gb", 400, 3),
        ("accelerated-16gb", 400, 3),
        ("pro-32gb", 500, 3),
        ("accelerated-1024gb", 500, 3),
        ("0.1c-256mb", 100, 3),
        ("1c-4g", 100, 3),
        ("2c-8g", 200, 3),
        ("128c-1024g", 500, 3),
        ("starter", 97, 0),
        ("pro plus", 197, 0),
    ],
)
def test_postgres_connections_by_memory(plan: str, limit: int, reserved: int) -> None:
    assert postgres_connections(plan) == (limit, reserved)
    [main] = databases(f"databases:\n  - {{name: main, plan: {plan}}}\n")
    assert (main.limit.value, main.reserved.value) == (limit, reserved)


def test_postgres_without_a_plan_gets_renders_default() -> None:
    [main] = databases("databases:\n  - name: main\n")
    assert (main.plan.value, main.plan.source) == ("basic-256mb", Source.PLATFORM_DEFAULT)
    assert main.limit.value == 100
    assert "default of a new instance" in main.limit.reason
    assert (main.pooler.value, main.pooler.source) == ("", Source.PLATFORM_DEFAULT)


@pytest.mark.parametrize("plan", ["galactic", "${PLAN}", "[basic-1gb]", "8gb"])
def test_limit_of_an_unknown_plan_is_unknown(plan: str) -> None:
    [main] = databases(f"databases:\n  - {{name: main, plan: '{plan}'}}\n")
    assert main.limit.value is None
    assert main.reserved.value is None


def test_pooler_switched_off() -> None:
    [main] = databases("databases:\n  - {name: main, connectionPool: none}\n")
    assert (main.pooler.value, main.pooler.source) == ("", Source.FILE)


def test_read_replicas_are_databases_on_the_plan_of_the_primary() -> None:
    main, replica = databases(
        """\
        databases:
          - name: main
            plan: pro-8gb
            connectionPool: pgbouncer
            readReplicas:
              - name: main-replica
              - {}
        """
    )
    assert (main.key, replica.key) == ("render database:main", "render database:main-replica")
    assert replica.location.line == 6
    assert replica.limit == main.limit
    assert replica.pooler.value is None


def test_database_without_a_name_is_nobodys() -> None:
    assert databases("databases:\n  - {plan: basic-1gb}\n  - text\n") == []


@pytest.mark.parametrize("kind", ["keyvalue", "redis"])
def test_key_value(kind: str) -> None:
    [cache] = databases(
        f"services:\n  - type: {kind}\n    name: cache\n    plan: standard\n    ipAllowList: []\n"
    )
    assert (cache.key, cache.name, cache.engine) == ("render keyvalue:cache", "cache", "redis")
    assert (cache.limit.value, cache.limit.source) == (1000, Source.PLATFORM_DEFAULT)
    assert cache.limit.location is not None
    assert cache.limit.location.line == 4
    assert cache.reserved.value is None


@pytest.mark.parametrize(
    ("plan", "limit"),
    [("free", 50), ("256mb", 250), ("starter", 250), ("5g", 5000), ("pro ultra", 40000)],
)
def test_key_value_connections(plan: str, limit: int) -> None:
    assert key_value_connections(plan) == limit


def test_key_value_without_a_plan_and_with_an_unknown_one() -> None:
    [cache] = databases("services:\n  - {type: keyvalue, name: cache}\n")
    assert (cache.plan.value, cache.plan.source) == ("starter", Source.PLATFORM_DEFAULT)
    assert cache.limit.value == 250
    [cache] = databases("services:\n  - {type: keyvalue, name: cache, plan: 3g}\n")
    assert cache.limit.value is None
