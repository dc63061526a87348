"""Where the number of workers is said, and which of them counts."""

from __future__ import annotations

import pytest

from lintscale.resolve.processes import worker_counts_of
from tests.resolve.build import container, variable


def counts(command: str | None, **variables: str) -> list[tuple[str, int]]:
    said = [variable(name, value) for name, value in variables.items()]
    return [(told.name, told.count) for told in worker_counts_of(container(command, *said))]


def test_the_command_line_comes_before_the_environment() -> None:
    found = counts("gunicorn shop.wsgi -w 4", WEB_CONCURRENCY="2", GUNICORN_CMD_ARGS="--workers 3")
    assert found == [("--workers", 4), ("GUNICORN_CMD_ARGS", 3), ("WEB_CONCURRENCY", 2)]


def test_uvicorns_own_variable_comes_before_the_common_one() -> None:
    found = counts("uvicorn shop:app", WEB_CONCURRENCY="2", UVICORN_WORKERS="3")
    assert found == [("UVICORN_WORKERS", 3), ("WEB_CONCURRENCY", 2)]


def test_an_assignment_before_the_command_is_the_variable() -> None:
    found = counts("WEB_CONCURRENCY=3 puma -w 2", WEB_CONCURRENCY="5")
    assert found == [("--workers", 2), ("WEB_CONCURRENCY", 3)]


def test_an_option_that_takes_the_variable_says_the_same() -> None:
    found = counts("gunicorn shop.wsgi --workers ${WEB_CONCURRENCY:-9}", WEB_CONCURRENCY="2")
    assert [count for _, count in found] == [2, 2]


@pytest.mark.parametrize(
    "command",
    [
        None,
        "node server.js",
        # It reads no variable.
        "hypercorn shop:app --workers 4",
        # Its workers are not web workers.
        "celery -A shop worker --concurrency 4",
        "uvicorn shop:app --reload --workers 4",
        # Whose number is meant?
        "gunicorn shop.wsgi -w 4 & gunicorn admin.wsgi -w 1",
    ],
)
def test_nothing_to_compare(command: str | None) -> None:
    assert counts(command, WEB_CONCURRENCY="2") == []


@pytest.mark.parametrize("workers", ["$(nproc)", "$WORKERS", "many", "0", "100000", ""])
def test_a_number_that_is_not_known_is_left_out(workers: str) -> None:
    found = counts(f"gunicorn shop.wsgi --workers '{workers}'", WEB_CONCURRENCY="2")
    assert found == [("WEB_CONCURRENCY", 2)]
