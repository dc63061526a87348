"""The parameters of database URLs that set the size of a pool, or look as if they did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lintscale.model.declared import Dependency
from lintscale.resolve.connection_strings import POOL_KEYS
from lintscale.resolve.libraries import (
    ACTIVE_RECORD,
    DATABASES,
    ECTO,
    MONGODB,
    MYSQL2,
    NET_CLIENTS,
    PEEWEE,
    PGXPOOL,
    PRISMA,
    R2DBC_POOL,
    REDIS_PY,
    SQLALCHEMY,
    TORTOISE,
    Library,
)
from lintscale.resolve.urls import DatabaseUrl, parameters

Installed = Mapping[str, Dependency]
"""What an application installs, by package."""

PRISMA_ADAPTERS_SINCE = 7
"""From 7 on Prisma has no pool of its own: its driver adapter has, and reads nothing of the URL's
query (prisma.io/docs, "Connection pool", Aug 2026; @prisma/adapter-pg 7.10.1 opens pg's 10)."""

REDIS_PY_BOUND_SINCE = 8
REDIS_PY_BOUND = 100
"""redis-py, connection.py: up to 7.4 ``max_connections or 2**31``, from 8.0 on 100 for 0 too."""

RAILS_MAX_CONNECTIONS_SINCE = (8, 1)
"""Rails 8.1, HashConfig: max_connections, of which pool is now another name."""


class SizeParameter(NamedTuple):
    """A parameter in a URL's query that ``library`` reads as its pool's size. ``engines`` and
    ``drivers`` bound where it does: "" as a driver is a plain scheme, None any. ``zero_is_none``:
    0 takes the bound away."""

    name: str
    library: Library
    engines: frozenset[str]
    drivers: frozenset[str] | None = None
    zero_is_none: bool = False


_SQL = frozenset({"postgresql", "mysql", ""})
_PLAIN = frozenset({""})

SIZE_PARAMETERS: tuple[SizeParameter, ...] = (
    SizeParameter("maxPoolSize", MONGODB, frozenset({"mongodb"}), zero_is_none=True),
    # peewee, playhouse/pool.py: the bound is looked at only when it is not 0.
    SizeParameter("max_connections", PEEWEE, _SQL, frozenset({"pool"}), zero_is_none=True),
    # redis-py up to 7.4, connection.py: "max_connections or 2**31".
    SizeParameter("max_connections", REDIS_PY, frozenset({"redis"}), zero_is_none=True),
    # prisma.io/docs/v6, connection pool; from 7 on the code configures the adapter.
    SizeParameter("connection_limit", PRISMA, _SQL, _PLAIN),
    SizeParameter("connectionLimit", MYSQL2, frozenset({"mysql"}), _PLAIN),
    # databases 0.9, backends/postgres.py and backends/mysql.py. Of the drivers behind it and
    # Tortoise, aiomysql and asyncmy take 0 for no bound; asyncpg refuses it.
    SizeParameter("max_size", DATABASES, frozenset({"mysql"}), zero_is_none=True),
    SizeParameter("max_size", DATABASES, _SQL),
    SizeParameter("maxsize", TORTOISE, frozenset({"mysql"}), zero_is_none=True),
    SizeParameter("maxsize", TORTOISE, _SQL),
    # pgxpool.ParseConfig.
    SizeParameter("pool_max_conns", PGXPOOL, frozenset({"postgresql"}), _PLAIN),
    # Ecto.Repo, "URLs". Behind any other scheme it may as well be SQLAlchemy's ?pool_size=,
    # which goes to the driver and leaves the pool as it is.
    SizeParameter("pool_size", ECTO, _SQL, frozenset({"ecto"})),
    # r2dbc-pool's README, "Supported ConnectionFactory Discovery Options".
    SizeParameter("maxSize", R2DBC_POOL, _SQL, frozenset({"r2dbc"})),
    # Rails guides, "Configuring a Database".
    SizeParameter("pool", ACTIVE_RECORD, _SQL, _PLAIN),
)


def size_parameter(url: DatabaseUrl, installed: Installed) -> tuple[SizeParameter, str] | None:
    """The parameter that sets the pool's size, and its text."""
    if url.driver in NET_CLIENTS:
        return _of_net(url)
    driver = "ecto" if url.scheme == "ecto" else "r2dbc" if url.r2dbc else url.driver
    for known in SIZE_PARAMETERS:
        if known.name not in url.parameters or url.engine not in known.engines:
            continue
        if known.drivers is not None and driver not in known.drivers:
            continue
        text = url.parameters[known.name]
        if known.library is PRISMA and has_adapters(installed):
            continue
        if known.library is REDIS_PY and text == "0" and _is_bounded(installed):
            text = str(REDIS_PY_BOUND)
        return known, text
    since = max((_version(installed, name) for name in ("rails", "activerecord")), default=(0, 0))
    if "max_connections" in url.parameters and since >= RAILS_MAX_CONNECTIONS_SINCE:
        known = SizeParameter("max_connections", ACTIVE_RECORD, _SQL)
        return (known, url.parameters["max_connections"]) if url.engine in _SQL else None
    return None


def _of_net(url: DatabaseUrl) -> tuple[SizeParameter, str] | None:
    library = url.library
    name = next((key for key in POOL_KEYS if key in url.parameters), "")
    if not name or library is None or library.size is None:
        return None
    label = "Maximum Pool Size" if name == POOL_KEYS[0] else "Max Pool Size"
    known = SizeParameter(label, library, frozenset({url.engine}))
    return known, url.parameters[name]


def has_adapters(installed: Installed) -> bool:
    """Whether the application's Prisma is one that leaves pools to the driver."""
    versions = (_version(installed, name) for name in ("@prisma/client", "prisma"))
    return max(versions) >= (PRISMA_ADAPTERS_SINCE, 0)


def _is_bounded(installed: Installed) -> bool:
    return _version(installed, "redis") >= (REDIS_PY_BOUND_SINCE, 0)


def _version(installed: Installed, package: str) -> tuple[int, int]:
    return installed[package].version if package in installed else (0, 0)


# -- parameters without effect --------------------------------------------------------------------

_ENGINE_ARGUMENTS = frozenset(
    {"pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping", "pool_use_lifo"}
)
"""Arguments of SQLAlchemy's create_engine (docs.sqlalchemy.org/en/20/core/engines.html). In a
URL they are the driver's (the same page, "Add Parameters to the Engine URL")."""

_ONLY_SQLALCHEMYS = frozenset({"max_overflow", "pool_pre_ping", "pool_use_lifo"})
"""Names that nothing but SQLAlchemy has: they tell that a plain URL is meant for it."""

_READ_BY_DATABASES = frozenset({"pool_recycle"})
"""databases 0.9 reads it from URLs of MySQL (backends/mysql.py)."""

_PYTHON_SERVERS = frozenset(
    {"uvicorn", "gunicorn", "hypercorn", "granian", "fastapi", "fastapi dev", "daphne", "flask",
     "waitress-serve", "runserver", "celery", "celery command", "dramatiq", "rq"}
)  # fmt: skip
"""Programs whose databases are reached from Python, where no library takes ``pool_size`` from a
URL; Ecto does."""

_HIKARI_PROPERTIES = frozenset(
    {"maximumPoolSize", "maxPoolSize", "poolSize", "minimumIdle", "pool_size", "connectionLimit",
     "connection_limit", "maxConnections", "max_connections"}
)  # fmt: skip
"""Neither PostgreSQL's JDBC driver (PGProperty) nor MySQL's has such a property, and HikariCP
reads no URL; MariaDB's driver does know maxPoolSize."""

_NOT_MONGODBS = frozenset(
    {"pool_size", "max_pool_size", "max_connections", "maxConnections", "connectionLimit",
     "connection_limit"}
)  # fmt: skip
"""MongoDB's connection string has maxPoolSize (mongodb.com/docs, "Connection String Options")."""

_POOL_PARAMETERS = frozenset(
    {
        *(known.name for known in SIZE_PARAMETERS),
        *_ENGINE_ARGUMENTS,
        *_HIKARI_PROPERTIES,
        *("pgbouncer", "pool_timeout"),
    }
)


def unread_names(
    url: DatabaseUrl, program: str, installed: Installed
) -> tuple[tuple[str, ...], str]:
    """The names, and the client that does not read them; "?" where they stand behind a second
    question mark, and so belong to the value before it."""
    behind = {
        name for value in url.parameters.values() for name in parameters(value.partition("?")[2])
    }
    torn = behind & _POOL_PARAMETERS
    if torn:
        return tuple(sorted(torn)), "?"
    written = url.parameters.keys()
    if "connection_limit" in written and url.engine in _SQL and has_adapters(installed):
        return ("connection_limit",), "Prisma"
    if url.jdbc:
        if url.scheme == "mariadb":
            return (), ""
        names = written & _HIKARI_PROPERTIES
        return tuple(sorted(names)), "JDBC"
    if url.engine == "mongodb":
        names = written & _NOT_MONGODBS
        return tuple(sorted(names)), "MongoDB"
    names = written & _ENGINE_ARGUMENTS
    if url.engine == "redis" or not names or not _is_for_sqlalchemy(url, program):
        return (), ""
    if url.engine == "mysql":
        names -= _READ_BY_DATABASES
    return tuple(sorted(names)), SQLALCHEMY.name


def _is_for_sqlalchemy(url: DatabaseUrl, program: str) -> bool:
    if url.library is not None:
        return url.library is SQLALCHEMY
    plain = url.engine != "redis" and not url.driver and url.scheme != "ecto"
    return plain and (bool(url.parameters.keys() & _ONLY_SQLALCHEMYS) or program in _PYTHON_SERVERS)
