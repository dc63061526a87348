"""Parameters in URLs that set up nothing."""

from __future__ import annotations

import itertools

import pytest

from lintscale.model.resolved import UnreadParameters
from lintscale.resolve.references import database_references, unread_parameters
from tests.resolve.build import container, variable, workload


def unread(url: str, program: str = "") -> list[tuple[str, ...]]:
    return [each.names for each in found({"DATABASE_URL": url}, program)]


def found(variables: dict[str, str], program: str = "") -> tuple[UnreadParameters, ...]:
    said = [variable(name, value, line=20 + n) for n, (name, value) in enumerate(variables.items())]
    owner = workload("shop", container(None, *said))
    return unread_parameters(database_references(owner, owner.containers[0], ()), program, {})


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("postgresql+asyncpg://db/shop?pool_size=20", ("pool_size",)),
        (
            "postgresql+psycopg2://db/shop?max_overflow=0&pool_size=20",
            ("max_overflow", "pool_size"),
        ),
        ("postgresql://db/shop?pool_size=20&max_overflow=0", ("max_overflow", "pool_size")),
        ("postgres://db/shop?pool_pre_ping=true", ("pool_pre_ping",)),
        ("mysql+pymysql://db/shop?pool_timeout=5", ("pool_timeout",)),
        ("jdbc:postgresql://db/shop?maximumPoolSize=5&ssl=true", ("maximumPoolSize",)),
        ("jdbc:mysql://db/shop?poolSize=5", ("poolSize",)),
        ("mongodb://db/shop?max_pool_size=5", ("max_pool_size",)),
        ("mongodb+srv://db.example/shop?connectionLimit=5&w=majority", ("connectionLimit",)),
    ],
)
def test_what_nobody_reads(url: str, names: tuple[str, ...]) -> None:
    assert unread(url) == [names]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://db/shop",
        "postgresql+asyncpg://db/shop?ssl=require",
        # databases and Tortoise.
        "postgresql+asyncpg://db/shop?min_size=1&max_size=5",
        "asyncpg://db/shop?minsize=1&maxsize=5",
        "mysql+aiomysql://db/shop?pool_recycle=300",
        # peewee, Ecto, Rails, Prisma, mysql2, pgxpool.
        "postgresql+pool://db/shop?max_connections=20&stale_timeout=300",
        "ecto://db/shop?pool_size=20",
        "postgres://db/shop?pool_size=20",
        "postgres://db/shop?pool=5",
        "postgresql://db/shop?connection_limit=5&pool_timeout=10",
        "mysql://db/shop?connectionLimit=5",
        "postgres://db/shop?pool_max_conns=4",
        # postgres.js reads it, node-postgres does not.
        "postgres://db/shop?max=20",
        "jdbc:mariadb://db/shop?maxPoolSize=5",
        "mongodb://db/shop?maxPoolSize=5&minPoolSize=1",
        "redis://cache:6379/0?max_connections=20",
        "redis://cache:6379/0?pool_size=20",
    ],
)
def test_what_somebody_reads_or_may_read(url: str) -> None:
    assert unread(url) == []


@pytest.mark.parametrize("program", ["uvicorn", "gunicorn", "celery", "runserver"])
def test_a_python_program_reads_no_pool_size_from_a_plain_url(program: str) -> None:
    url = "postgresql://db/shop?pool_size=20"
    assert unread(url, program) == [("pool_size",)]
    assert unread(url, "node") == []
    assert unread("ecto://db/shop?pool_size=20", program) == []


def test_a_password_that_tears_the_url_apart_hides_the_rest() -> None:
    assert unread("postgresql+asyncpg://shop:a/b?pool_size=20@db/shop") == []


def test_each_url_is_told_of_in_the_order_of_the_file() -> None:
    urls = {
        "DATABASE_URL": "postgresql+asyncpg://db/shop?pool_size=20",
        "ASYNC_DATABASE_URL": "postgresql+asyncpg://db/shop?max_overflow=1",
        "SYNC_DATABASE_URL": "postgresql+psycopg2://db/shop",
    }
    for order in itertools.permutations(urls.items()):
        told = found(dict(order))
        wanted = [name for name, url in order if "?" in url]
        assert [each.variable for each in told] == wanted
