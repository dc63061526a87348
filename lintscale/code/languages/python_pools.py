"""The calls that make connection pools in Python.

Signatures as of SQLAlchemy 2.0 and 2.1, SQLModel 0.0.24, asyncpg 0.30, psycopg_pool 3.2, psycopg2
2.9, aiomysql 0.2, asyncmy 0.2, aiopg 1.4, databases 0.9, peewee 3.18, Tortoise 0.25, redis-py 8.0,
PyMongo 4.15 and Motor 3.7, read in their sources in August and December 2026, and of ormar 0.21
(collerek.github.io/ormar, DatabaseConnection, December 2026: what it is given goes to SQLAlchemy).
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.code.languages.python_settings_pools import FLASK, FLASK_URL, django, flask
from lintscale.code.pool_calls import Bound, Path, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool

_POOLS: dict[str, int | str] = {
    "NullPool": "NullPool keeps no pool: each piece of work opens a connection of its own",
    "StaticPool": 1,
    "AssertionPool": 1,
}
"""SQLAlchemy 2.0, "API Documentation - Available Pool Implementations"."""

SQLALCHEMY = PoolCall(
    (
        "sqlalchemy.create_engine", "sqlalchemy.engine.create_engine",
        "sqlalchemy.engine.create.create_engine", "sqlalchemy.future.create_engine",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.ext.asyncio.engine.create_async_engine", "sqlmodel.create_engine",
        "sqlmodel.ext.asyncio.create_async_engine", "ormar.DatabaseConnection",
        "ormar.databases.connection.DatabaseConnection",
    ),
    "SQLAlchemy",
    size=(("pool_size",),),
    overflow=(("max_overflow",),),
    address=((0,), ("url",)),
    kinds=(("poolclass",), _POOLS),
)  # fmt: skip

_REDIS_ADDRESS: tuple[Path, ...] = (("url",), ("host",), (0,))
_REDIS = (
    "Redis", "StrictRedis", "from_url", "Redis.from_url", "StrictRedis.from_url",
    "ConnectionPool", "ConnectionPool.from_url", "SSLConnection.from_url",
)  # fmt: skip
_TORTOISE = ("connections", "default", "credentials")
"""tortoise.github.io/databases.html: where the parameters of its one connection stand."""

CALLS = by_origin(
    (
        SQLALCHEMY,
        PoolCall(
            ("flask_sqlalchemy.SQLAlchemy",),
            "SQLAlchemy",
            size=(("engine_options", "pool_size"),),
            overflow=(("engine_options", "max_overflow"),),
            address=(),
            kinds=(("engine_options", "poolclass"), _POOLS),
            needs=("engine_options",),
        ),
        PoolCall(
            ("asyncpg.create_pool", "asyncpg.pool.create_pool"),
            "asyncpg",
            size=(("max_size",),),
            address=((0,), ("dsn",), ("host",)),
            implicit=("PGHOST",),
        ),
        PoolCall(
            ("psycopg_pool.ConnectionPool", "psycopg_pool.AsyncConnectionPool"),
            "psycopg_pool",
            # Without max_size it is min_size.
            size=(("max_size",), ("min_size",)),
            address=((0,), ("conninfo",), ("kwargs", "host")),
        ),
        PoolCall(
            ("psycopg2.pool.SimpleConnectionPool", "psycopg2.pool.ThreadedConnectionPool"),
            "psycopg2.pool",
            size=((1,), ("maxconn",)),
            address=((2,), ("dsn",), ("host",), ("database",)),
        ),
        *(
            PoolCall(
                (f"{name}.create_pool",),
                name,
                size=(("maxsize",),),
                address=((0,), ("host",), ("dsn",), ("db",)),
            )
            for name in ("aiomysql", "asyncmy", "aiopg")
        ),
        PoolCall(
            ("databases.Database", "databases.core.Database"),
            "databases",
            size=(("max_size",),),
            address=((0,), ("url",)),
        ),
        PoolCall(
            ("playhouse.pool.PooledPostgresqlDatabase",
             "playhouse.pool.PooledPostgresqlExtDatabase",
             "playhouse.pool.PooledMySQLDatabase"),
            "peewee",
            size=(("max_connections",),),
            address=(("host",), (0,), ("database",)),
        ),
        PoolCall(
            ("tortoise.Tortoise.init",),
            "Tortoise ORM",
            size=(("config", *_TORTOISE, "maxsize"), (0, *_TORTOISE, "maxsize")),
            address=(("db_url",), ("config", "connections", "default"),
                     ("config", *_TORTOISE, "host"), (0, "connections", "default"),
                     (0, *_TORTOISE, "host")),
        ),
        PoolCall(
            ("tortoise.contrib.fastapi.register_tortoise",
             "tortoise.contrib.fastapi.RegisterTortoise",
             "tortoise.contrib.sanic.register_tortoise",
             "tortoise.contrib.starlette.register_tortoise",
             "tortoise.contrib.aiohttp.register_tortoise"),
            "Tortoise ORM",
            size=(("config", *_TORTOISE, "maxsize"),),
            address=(("db_url",), ("config", "connections", "default"),
                     ("config", *_TORTOISE, "host")),
        ),
        PoolCall(
            ("pymongo.MongoClient", "pymongo.AsyncMongoClient", "pymongo.mongo_client.MongoClient",
             "motor.motor_asyncio.AsyncIOMotorClient", "mongoengine.connect"),
            "the MongoDB driver",
            "mongodb",
            size=(("maxPoolSize",),),
            address=((0,), ("host",)),
        ),
        PoolCall(
            (
                *(
                    f"{package}.{call}"
                    for package in ("redis", "redis.asyncio", "redis.client",
                                    "redis.asyncio.client")
                    for call in _REDIS
                ),
                "redis.connection.ConnectionPool",
                "redis.connection.ConnectionPool.from_url",
            ),
            "redis-py",
            "redis",
            size=(("max_connections",),),
            address=_REDIS_ADDRESS,
            takes=("connection_pool",),
        ),
        PoolCall(
            tuple(
                f"{package}.BlockingConnectionPool{call}"
                for package in ("redis", "redis.asyncio", "redis.connection")
                for call in ("", ".from_url")
            ),
            "redis-py's blocking pool",
            "redis",
            size=(("max_connections",),),
            address=_REDIS_ADDRESS,
        ),
    )
)  # fmt: skip

BOUNDS: dict[str, Bound] = {}


def configured(unit: Unit) -> Iterator[CodePool]:
    yield from django(unit)
    yield from flask(unit)


HINTS = (
    b"create_engine", b"create_async_engine", b"create_pool", b"ConnectionPool", b"PooledPostgres",
    b"PooledMySQL", b"MongoClient", b"MotorClient", b"mongoengine", b"DATABASES",
    b"register_tortoise", b"RegisterTortoise", b"Tortoise.init", b"DatabaseConnection(",
    FLASK.encode(), FLASK_URL.encode(), b"SQLAlchemy(", b"Redis(", b"from_url(", b"Database(",
)  # fmt: skip
