"""What the name of a variable says of a database: which engine it means, and whether its value is
an address or only a host.

A name is read as words ("KC_DB_URL_HOST", "ConnectionStrings__Default", "PGHOST"): an engine, then
what kind of address, with words between them that do not change what is meant.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

from lintscale.resolve.words import camel_words, words
from lintscale.syntax.regex import regex

_SQL_WORDS = ("database", "databases", "db", "sql", "datasource", "datasources", "jdbc",
              "sqlalchemy", "alchemy", "rds", "aurora", "r2dbc", "typeorm", "ecto")  # fmt: skip
_POSTGRES_WORDS = ("postgres", "postgresql", "postgresdb", "pg", "pgsql", "psql", "neon")
_ENGINES = {
    **dict.fromkeys(_SQL_WORDS, ""),
    **dict.fromkeys(_POSTGRES_WORDS, "postgresql"),
    **dict.fromkeys(("mysql", "mariadb", "mysqldb"), "mysql"),
    **dict.fromkeys(("redis", "valkey"), "redis"),
    **dict.fromkeys(("mongo", "mongodb"), "mongodb"),
}
"""Engines by the word that names them, or what only speaks to them; "" is an SQL server."""

_OTHER_SERVERS = frozenset(
    {"mssql", "sqlserver", "oracle", "clickhouse", "cassandra", "scylla", "elasticsearch",
     "elastic", "opensearch", "dynamo", "dynamodb", "snowflake", "bigquery", "redshift", "athena",
     "databricks", "neo4j", "graph", "influx", "influxdb", "sqlite", "duckdb", "turso", "libsql",
     "couch", "couchdb", "couchbase", "cosmos", "cosmosdb", "firebase", "firestore", "vector",
     "qdrant", "chroma", "milvus", "pinecone", "weaviate", "surreal", "surrealdb", "rethink",
     "rethinkdb", "arango", "arangodb", "geoip", "maxmind", "notion", "airtable", "etcd", "ldap",
     "spanner", "trino", "presto", "druid", "timestream", "questdb", "d1", "rocks", "level", "lite",
     "http", "https", "rest", "mq"}
)  # fmt: skip
"""In a name: what is meant is another server than those whose connections are counted
("FIREBASE_DATABASE_URL", "VECTOR_DB_URL", "MSSQL_DB_HOST"), or something that speaks HTTP."""

_BETWEEN = frozenset(
    {"private", "public", "internal", "external", "prisma", "primary", "master", "main", "default",
     "writer", "write", "rw", "async", "sync", "connection", "connections", "conn", "reactive",
     "pooled", "pooler", "pgbouncer", "cluster", "server", "url", "uri", "jdbc", "session",
     "client", "proxy"}
)  # fmt: skip
"""Words between engine and address that leave the database the same."""

_REPLICAS = frozenset(
    {"read", "reader", "readonly", "ro", "replica", "secondary", "slave", "standby", "follower",
     "analytics", "reporting", "legacy", "old", "remote", "source", "target"}
)  # fmt: skip
"""Words between engine and address that say which of several servers is meant."""

_AFTER = frozenset({"prod", "production", "main", "primary", "default", "private", "internal"})
"""Words behind the address that leave the database the same ("DB_HOST_PROD")."""

_ADDRESSES = (
    ("connection", "string"), ("connection", "strings"), ("connection", "url"),
    ("connection", "uri"), ("conn", "string"), ("conn", "str"), ("conn", "url"), ("connstring",),
    ("connstr",), ("connectionstring",), ("string",), ("conn",), ("url",), ("uri",), ("dsn",),
)  # fmt: skip

_HOSTS = frozenset(
    {"host", "hostname", "server", "servername", "address", "addr", "endpoint", "hostport"}
)

_GLUED = regex(
    r"(?P<engine>database|db|pgsql|pg|psql|postgresql|postgres|mysql|mariadb|redis|mongodb|mongo"
    r"|datasource|rds)(?P<rest>host|hostname|server|address|url|uri|dsn|string|connstr)"
)
"""Engine and address in one word ("PGHOST", "MYSQLHOST", "GOOSE_DBSTRING")."""

_DEFAULTS = frozenset(
    {
        "default",
        "defaultconnection",
        "connection",
        "main",
        "primary",
        "app",
        "application",
        "core",
        "defaultdatabase",
        "defaultdb",
        "sql",
        "sqlconnection",
    }
)
"""What the SQL database is called in .NET's ConnectionStrings, whose templates say
"DefaultConnection" (learn.microsoft.com/ef/core/miscellaneous/connection-strings, Nov 2026)."""


class DatabaseName(NamedTuple):
    """``engine`` "" is an SQL server of whatever make. ``is_host``: the value is a host alone,
    else an address with everything in it. ``own_words`` tell which of several databases is
    meant; ``stem`` is the name without what only says by which way it is reached."""

    engine: str
    is_host: bool
    own_words: frozenset[str]
    stem: tuple[str, ...] = ()

    def may_be(self, other: DatabaseName) -> bool:
        """Whether both may well be ways to one database, by their names."""
        same = self.engine == other.engine or "" in (self.engine, other.engine)
        return same and self.own_words == other.own_words


@cache
def database_in_name(name: str) -> DatabaseName | None:
    """None where the name does not say that its value leads to a database."""
    parts = _split(name)
    if _OTHER_SERVERS & set(parts) or ("sql", "server") in pairwise(parts):
        return None
    return _dotnet(parts) or _by_address(parts)


def _split(name: str) -> tuple[str, ...]:
    """ "PgHost", "pg_host" and "PGHOST" are one."""
    found: list[str] = []
    for word in words(name) if name.isupper() else camel_words(name):
        glued = _GLUED.fullmatch(word)
        found += [glued["engine"], glued["rest"]] if glued else [word]
    return tuple(found)


def _dotnet(parts: tuple[str, ...]) -> DatabaseName | None:
    """ConnectionStrings__X, CONNECTION_STRINGS_X and Azure's POSTGRESQLCONNSTR_X, by what X
    says."""
    if parts in (("connection", "string"), ("connectionstring",)):
        return DatabaseName("", False, frozenset())
    rest: tuple[str, ...] | None = None
    for prefix in (("connection", "strings"), ("connectionstrings",), ("postgresqlconnstr",)):
        if parts[: len(prefix)] == prefix:
            rest = parts[len(prefix) :]
    if not rest:
        return None
    own = frozenset(rest) - _DEFAULTS - _BETWEEN
    for word in rest:
        engine = _ENGINES.get(word)
        if engine is None and word.endswith(("db", "database")) and len(word) > len("db"):
            engine = ""
        if engine is not None:
            return DatabaseName(engine, False, own - _ENGINES.keys())
    if rest[-1] == "context" or (not own and parts[0] != "postgresqlconnstr"):
        return DatabaseName("", False, own)
    return DatabaseName("postgresql", False, own) if parts[0] == "postgresqlconnstr" else None


def _by_address(parts: tuple[str, ...]) -> DatabaseName | None:
    while len(parts) > 2 and (parts[-1] in _AFTER or parts[-1].isdigit()):
        parts = parts[:-1]
    for ending in _ADDRESSES:
        if len(parts) > len(ending) and parts[-len(ending) :] == ending:
            return _by_engine(parts[: -len(ending)], is_host=False)
    if len(parts) > 1 and parts[-1] in _HOSTS:
        return _by_engine(parts[:-1], is_host=True)
    return None


def _by_engine(parts: tuple[str, ...], *, is_host: bool) -> DatabaseName | None:
    """The engine is the last word but for those that may stand between."""
    at = len(parts) - 1
    while at > 0 and (parts[at] in _BETWEEN or parts[at] in _REPLICAS) and parts[at] != "jdbc":
        at -= 1
    engine = _ENGINES.get(parts[at])
    if engine is None:
        return None
    if engine == "":
        engine = next((_ENGINES[p] for p in parts[:at] if _ENGINES.get(p)), "")
    own = frozenset(parts) - _ENGINES.keys() - _BETWEEN
    stem = tuple(part for part in parts if part not in _BETWEEN)
    return DatabaseName(engine, is_host, own, stem)
