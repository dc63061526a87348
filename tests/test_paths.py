"""What the path of a health check says that it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.model.health_paths import asked_after, checked_part


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (None, ()),
        ("", ()),
        ("/", ()),
        ("/health", ()),
        ("/healthz", ()),
        ("ready", ("ready",)),
        ("/ready", ("ready",)),
        ("/health/ready/", ("ready",)),
        ("/-/ready", ("ready",)),
        ("/actuator/health/readiness", ("readiness",)),
        ("/healthz/ready.json", ("ready",)),
        ("/internal/isReady", ("ready",)),
        ("/isready", ("isready",)),
        ("/health-db", ("db",)),
        ("/DBHealth", ("db",)),
        ("/check_db", ("db",)),
        ("/db/ping", ("db",)),
        ("/health/db/status", ("db",)),
        ("/already", ("already",)),
        ("/dbadmin", ("dbadmin",)),
        ("/db-admin", ("admin",)),
        ("/orders-db/health", ()),
        ("/ready-to-wear/items", ("items",)),
        ("/health?ready=1", ("ready",)),
        ("/health?full&db=TRUE", ("full", "db")),
        ("/health?exclude=db", ()),
        ("/health?ready=0", ()),
        ("/ready?verbose", ("ready", "verbose")),
        ("/health/redis-primary", ("redis", "primary")),
        ("/status/neo4j", ("neo4j",)),
        ("/health/db1", ("db",)),
        ("/api/v2/health/full", ("full",)),
        ("/health/v1", ()),
        ("/deep", ("deep",)),
    ],
)
def test_asked_after(path: str | None, words: tuple[str, ...]) -> None:
    assert asked_after(path) == words


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/health/orders", "orders"),
        ("/api/healthz/price-feed", "price-feed"),
        ("/health/liveness", ""),
        ("/health/ready", ""),
        ("/health/v1", ""),
        ("/orders/health", ""),
        ("/orders", ""),
        (None, ""),
    ],
)
def test_checked_part(path: str | None, part: str) -> None:
    assert checked_part(path) == part


@given(st.text(max_size=3000))
def test_any_text_will_do(path: str) -> None:
    assert all(word == word.lower() for word in asked_after(path))
