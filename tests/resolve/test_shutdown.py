"""How long a program says it takes to end."""

from __future__ import annotations

import itertools

import pytest

from lintscale.model.declared import EnvironmentVariable
from lintscale.resolve.shutdown import LONGEST, drain_seconds_of
from tests.resolve.build import container, variable


@pytest.mark.parametrize(
    ("command", "seconds"),
    [
        ("gunicorn shop.wsgi --graceful-timeout 45", 45),
        ("gunicorn --graceful-timeout=45 shop.wsgi", 45),
        ("sh -c 'exec gunicorn shop.wsgi --graceful-timeout 45'", 45),
        ("python -m uvicorn shop:app --timeout-graceful-shutdown 20", 20),
        ("hypercorn shop:app --graceful-timeout 15", 15),
        ("bundle exec sidekiq -t 50", 50),
        ("gunicorn shop.wsgi", None),
        ("gunicorn shop.wsgi --timeout 120", None),
        ("gunicorn shop.wsgi --graceful-timeout $GRACE", None),
        ("gunicorn shop.wsgi --graceful-timeout 0", None),
        ("curl --graceful-timeout 45", None),
        (None, None),
    ],
)
def test_what_a_command_says(command: str | None, seconds: int | None) -> None:
    assert drain_seconds_of(container(command)).value == seconds


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("SHUTDOWN_TIMEOUT_SECONDS", "40", 40),
        ("SHOP_GRACEFUL_SHUTDOWN_TIMEOUT", "40s", 40),
        ("GRACEFUL_SHUTDOWN_TIMEOUT_MS", "25000", 25),
        ("DRAIN_PERIOD", "1m30s", 90),
        ("SHUTDOWN_GRACE_PERIOD", "500ms", 0),
        ("SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE", "PT45S", 45),
        ("UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN", "12", 12),
        ("GUNICORN_CMD_ARGS", "--bind :8000 --graceful-timeout 70", 70),
        # Seconds or milliseconds: nobody can tell.
        ("SHUTDOWN_TIMEOUT", "10000", None),
        ("SHUTDOWN_TIMEOUT", "30", None),
        ("SHUTDOWN_TIMEOUT_SECONDS", "${GRACE}", None),
        ("SHUTDOWN_TIMEOUT_SECONDS", "", None),
        ("SHUTDOWN_TIMEOUT_SECONDS", str(LONGEST + 1), None),
        ("SHUTDOWN_HOOK", "30s", None),
        ("REQUEST_TIMEOUT_SECONDS", "30", None),
    ],
)
def test_what_a_variable_says(name: str, value: str, seconds: int | None) -> None:
    assert drain_seconds_of(container(None, variable(name, value))).value == seconds


def test_the_longest_counts_whatever_their_order() -> None:
    said = (
        variable("SHUTDOWN_TIMEOUT", "20s", line=21),
        variable("DRAIN_TIMEOUT", "35s", line=22),
        variable("DRAIN_DURATION", "5s", line=23),
    )
    for order in itertools.permutations(said):
        drain = drain_seconds_of(container("gunicorn shop.wsgi --graceful-timeout 30", *order))
        assert drain.value == 35
        assert drain.location is not None
        assert drain.location.line == 22


def test_one_that_is_not_known_here() -> None:
    unknown = EnvironmentVariable(
        "SHUTDOWN_TIMEOUT_SECONDS", variable("X").value, variable("X").location
    )
    assert drain_seconds_of(container(None, unknown)).value is None
