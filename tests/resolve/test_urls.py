from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.resolve.url_parameters import size_parameter
from lintscale.resolve.urls import parse_database_url


@pytest.mark.parametrize(
    ("text", "engine", "host", "port", "database"),
    [
        ("postgres://u:p@db.shop.example:6000/shop", "postgresql", "db.shop.example", 6000, "shop"),
        ("postgresql+asyncpg://u:p@db/shop", "postgresql", "db", None, "shop"),
        ("postgresql://db", "postgresql", "db", None, ""),
        ("mysql+pymysql://u:p@DB.Shop.example/shop", "mysql", "db.shop.example", None, "shop"),
        ("mariadb://u@db/shop", "mysql", "db", None, "shop"),
        ("rediss://:p@cache:6380/1", "redis", "cache", 6380, "1"),
        ("valkey://cache", "redis", "cache", None, ""),
        ("mongodb+srv://u:p@m.shop.example/shop", "mongodb", "m.shop.example", None, "shop"),
        ("mongodb://b:1,a:2/shop", "mongodb", "a,b", None, "shop"),
        ("jdbc:postgresql://db:5432/shop?user=u&password=p", "postgresql", "db", 5432, "shop"),
        ("ecto://u:p@db/shop", "", "db", None, "shop"),
        ("postgres://u:p@[::1]:5432/shop", "postgresql", "[::1]", 5432, "shop"),
        ("postgres://u:p@ss@db/shop", "postgresql", "db", None, "shop"),
        ("postgres://u:p@${DB_HOST}:5432/shop", "postgresql", "", None, "shop"),
        ("postgres://${USER}:${PASS}@db:${PORT}/${NAME}", "postgresql", "db", None, ""),
        ("postgresql+asyncpg://...", "postgresql", "", None, ""),
    ],
)
def test_parts(text: str, engine: str, host: str, port: int | None, database: str) -> None:
    url = parse_database_url(text)
    assert url is not None
    assert (url.engine, url.host, url.port, url.database) == (engine, host, port, database)


@pytest.mark.parametrize(
    "text",
    ["", "https://shop.example", "sqlite:///shop.db", "db:5432", "amqp://u:p@mq", "postgres:/db"],
)
def test_what_is_no_database_url(text: str) -> None:
    assert parse_database_url(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:t0p/secret@db/shop",
        "postgres://u:t0p?secret@db/shop",
        "postgres://u:t0p#secret@db/shop",
        "postgres://u:t0psecret",
        "postgres://u:12/secret@db",
        "postgres://u:t0p/max_size=9?secret=1@db/shop",
    ],
)
def test_a_password_that_tears_the_url_is_not_kept(text: str) -> None:
    url = parse_database_url(text)
    assert url is not None
    assert (url.host, url.port, url.database, url.parameters) == ("", None, "", {})


@given(st.text(alphabet="abc:/@?#&=.,[]%0 ", max_size=40), st.text(alphabet="xyz", min_size=4))
def test_nothing_before_the_at_sign_is_kept(noise: str, secret: str) -> None:
    url = parse_database_url(f"postgres://user:{secret}{noise}@db.example/shop")
    assert url is not None
    assert secret not in repr(url)


@pytest.mark.parametrize(
    ("text", "library"),
    [
        ("postgresql+asyncpg://db/shop", "SQLAlchemy"),
        ("postgresql+psycopg2://db/shop", "SQLAlchemy"),
        ("mysql+aiomysql://db/shop", "SQLAlchemy"),
        ("postgresql+pool://db/shop", "peewee"),
        ("asyncpg://db/shop", "Tortoise ORM"),
        ("ecto://db/shop", "Ecto"),
        ("mongodb://db/shop", "the MongoDB driver"),
        ("postgresql://db/shop?schema=public", "Prisma"),
        ("postgresql://db/shop", None),
        ("redis://db", None),
        ("jdbc:postgresql://db/shop", None),
    ],
)
def test_the_library_that_reads_it(text: str, library: str | None) -> None:
    url = parse_database_url(text)
    assert url is not None
    assert (url.library.name if url.library else None) == library


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://db/shop?max_size=20&min_size=2", ("databases", "20")),
        ("postgresql+asyncpg://db/shop?max_size=20", ("databases", "20")),
        ("asyncpg://db/shop?maxsize=20", ("Tortoise ORM", "20")),
        ("postgresql+pool://db/shop?max_connections=20", ("peewee", "20")),
        ("redis://cache?max_connections=20", ("redis-py", "20")),
        ("mysql://db/shop?connectionLimit=20", ("mysql2", "20")),
        ("mongodb://db/shop?maxPoolSize=20", ("the MongoDB driver", "20")),
        ("postgresql://db/shop?connection_limit=20", ("Prisma", "20")),
        ("postgresql://db/shop?pool_max_conns=20", ("pgxpool", "20")),
        ("ecto://db/shop?pool_size=20", ("Ecto", "20")),
        ("postgresql://db/shop?pool=20", ("Active Record", "20")),
        # These look as if they did something.
        ("postgresql+asyncpg://db/shop?pool_size=20", None),
        ("postgresql://db/shop?pool_size=20", None),
        ("postgresql://db/shop?max=20", None),
        ("postgresql://db/shop?conn_max_age=600", None),
        ("postgresql://db/shop?max_connections=20", None),
        ("postgresql://db/shop?maxPoolSize=20", None),
    ],
)
def test_size_parameters(text: str, expected: tuple[str, str] | None) -> None:
    url = parse_database_url(text)
    assert url is not None
    found = size_parameter(url, {})
    assert (found and (found[0].library.name, found[1])) == expected


@pytest.mark.parametrize(
    ("text", "pooled"),
    [
        ("postgres://ep-cool-sun-1-pooler.eu.cloud.example/shop", True),
        ("postgres://db.cloud.example:6543/postgres", True),
        ("postgres://db:6432/shop", True),
        ("postgres://pgbouncer/shop", True),
        ("postgres://db/shop?pgbouncer=true", True),
        ("mysql://shop.proxy-abc.eu-west-1.cloud.example/shop", True),
        ("prisma://accelerate.example/?api_key=x", True),
        ("postgres://db:5432/shop", False),
        ("mysql://db:6432/shop", False),
        ("redis://pooler:6543", False),
    ],
)
def test_poolers(text: str, pooled: bool) -> None:
    url = parse_database_url(text)
    assert url is not None
    assert url.pooled is pooled
