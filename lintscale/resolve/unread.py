"""Parameters of database URLs that look as if they set up a pool, and that no library reads.

Only what is certain is told: a name that one library reads and another does not is left alone
until the URL, or the program, says which of them it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.declared import UnreadParameters
from lintscale.model.location import Location
from lintscale.resolve.libraries import SQLALCHEMY
from lintscale.resolve.urls import DatabaseUrl
from lintscale.resolve.uses import DatabaseReference

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


def unread_parameters(
    uses: Iterable[DatabaseReference], program: str
) -> tuple[UnreadParameters, ...]:
    """One for each URL that has such parameters, in the order of the files. ``program`` is what
    the container runs."""
    found = []
    for use in uses:
        if use.url is None:
            continue
        names, client = _unread(use.url, program)
        if names:
            driver = use.url.driver if client == SQLALCHEMY.name else ""
            found.append(UnreadParameters(names, use.variable, client, driver, use.location))
    return tuple(sorted(found, key=lambda each: (_place(each.location), each.variable)))


def _unread(url: DatabaseUrl, program: str) -> tuple[tuple[str, ...], str]:
    """The names, and the client that does not read them."""
    written = url.parameters.keys()
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


def _place(location: Location) -> tuple[object, ...]:
    return (location.file, location.document, location.span)
