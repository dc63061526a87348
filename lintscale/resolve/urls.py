"""Addresses of databases, without their passwords: the user information before the ``@`` of a URL
is dropped, and all of a connection string but where it leads and its pool."""

from __future__ import annotations

import re

from lintscale._record import field, record
from lintscale.resolve.connection_strings import parse_connection_string
from lintscale.resolve.libraries import (
    ECTO,
    GO_SQL,
    MONGODB,
    NET_CLIENTS,
    PEEWEE,
    PHP,
    PRISMA,
    R2DBC_POOL,
    SQLALCHEMY,
    TORTOISE,
    Library,
)
from lintscale.resolve.words import words
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.regex import regex

_URL = regex(
    r"\s*(?P<jdbc>(?:jdbc|(?P<r2dbc>r2dbcs?)):(?:(?:pool|proxy|aws-wrapper|p6spy|otel|log4jdbc):)*)?"
    r"(?P<scheme>[A-Za-z][A-Za-z0-9]*)(?:\+(?P<driver>[A-Za-z0-9_]+))?://"
    r"(?P<authority>[^/?#\s]*)(?P<path>[^?#\s]*)(?:\?(?P<query>[^#\s]*))?"
)
_BEHIND_REFERENCE = regex(
    r"\s*(?:\$\{\{[^{}]{1,200}\}\}|\$\{[^{}]{1,200}\}|\$\([^()]{1,200}\)|\$\w{1,100})\?(?P<query>[^#\s]*)"
)
_HOST = regex(r"(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,253}\Z|\[[0-9A-Fa-f:.]+\]\Z")
_NAME = regex(r"[A-Za-z0-9_-]{1,63}\Z")

ENGINES = {
    **dict.fromkeys(
        ("postgres", "postgresql", "postgis", "pgsql", "psql", "psycopg", "asyncpg", "postgresext"),
        "postgresql",
    ),
    **dict.fromkeys(("mysql", "mysql2", "mariadb", "aiomysql", "asyncmy", "mysqlgis"), "mysql"),
    **dict.fromkeys(("redis", "rediss", "valkey", "valkeys", "rediscache"), "redis"),
    "mongodb": "mongodb",
    "ecto": "",
    "prisma": "postgresql",
}
"""Engines by scheme; "" is an SQL server of whatever make."""

DEFAULT_PORTS = {"postgresql": 5432, "mysql": 3306, "redis": 6379, "mongodb": 27017,
                 "sqlserver": 1433}  # fmt: skip

_POOLER_PORTS = frozenset({6432, 6543})
"""PgBouncer's default port, and Supabase's transaction pooler (read August 2026)."""

_TORTOISE_SCHEMES = frozenset({"asyncpg", "psycopg", "aiomysql", "asyncmy"})
_PRISMA_PARAMETERS = frozenset({"schema", "connection_limit", "pool_timeout", "pgbouncer"})


_OTHER_CLIENTS = {"go": GO_SQL, "pdo": PHP}
"""What holds the pools of programs whose connection strings are of a kind that only theirs is."""


@record
class DatabaseUrl:
    """``host`` and ``database`` are "" where they are not known (placeholders). ``driver`` is
    what stands behind the scheme's plus sign, or the client that a connection string is for."""

    scheme: str
    engine: str
    driver: str = ""
    jdbc: bool = False
    r2dbc: bool = False
    host: str = ""
    port: int | None = None
    database: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def pooled(self) -> bool:
        """Does it lead to a pooler? Known by the names and ports that vendors give theirs: Neon
        "-pooler" in the host, RDS Proxy ".proxy-", PgBouncer 6432, Supabase 6543."""
        if self.engine not in ("postgresql", "mysql", ""):
            return False
        if self.scheme == "prisma" or self.parameters.get("pgbouncer") == "true":
            return True
        if self.engine != "mysql" and self.port in _POOLER_PORTS:
            return True
        return ".proxy-" in self.host or is_pooler_name(self.host)

    @property
    def library(self) -> Library | None:
        """The client library, where the URL is of a kind that only one of them reads."""
        if self.driver in NET_CLIENTS:
            library = NET_CLIENTS[self.driver]
            is_pooled = self.parameters.get("pooling", "true").lower() not in ("false", "no")
            return library if is_pooled else Library(library.name, None, 0, "Pooling is off")
        if self.driver in _OTHER_CLIENTS:
            return _OTHER_CLIENTS[self.driver]
        if self.r2dbc:
            return R2DBC_POOL
        if self.jdbc:
            return None
        if self.scheme == "ecto":
            return ECTO
        if self.engine == "mongodb":
            return MONGODB
        if self.engine == "redis":
            return None
        if self.driver == "pool":
            return PEEWEE
        if self.scheme in _TORTOISE_SCHEMES:
            return TORTOISE
        if self.driver:
            return SQLALCHEMY
        if _PRISMA_PARAMETERS & self.parameters.keys():
            return PRISMA
        return None


def parse_database_url(text: str) -> DatabaseUrl | None:
    """None when ``text`` is no URL of a database."""
    match = _URL.match(text[:4096])
    if match is None:
        return _of_connection_string(text)
    if match["scheme"].lower() not in ENGINES:
        return None
    scheme, driver = match["scheme"].lower(), (match["driver"] or "").lower()
    if scheme == "mongodb":
        driver = ""
    engine = ENGINES[scheme]
    authority, path, query = match["authority"], match["path"], match["query"] or ""
    host, port, database = "", None, ""
    # An unescaped "/" or "?" in a password ends the authority early: what follows is secret.
    torn = "@" not in authority and "@" in text
    if not torn:
        host, port = host_and_port(authority.rsplit("@", 1)[-1])
        name = path.removeprefix("/")
        database = name if _NAME.match(name) and not has_placeholder(name) else ""
    return DatabaseUrl(
        scheme=scheme,
        engine=engine,
        driver=driver,
        jdbc=bool(match["jdbc"]) and not match["r2dbc"],
        r2dbc=bool(match["r2dbc"]),
        host=host,
        port=port,
        database=database,
        parameters={} if torn else parameters(query),
    )


def _of_connection_string(text: str) -> DatabaseUrl | None:
    found = parse_connection_string(text)
    if found is None:
        return None
    host, port = host_and_port(found.address)
    known = bool(_NAME.match(found.database)) and not has_placeholder(found.database)
    return DatabaseUrl(
        scheme=found.client or found.engine,
        engine=found.engine,
        driver=found.client,
        host=host,
        port=port,
        database=found.database if known else "",
        parameters=found.parameters,
    )


def parameters_behind_reference(text: str) -> dict[str, str]:
    """The query of "${{Postgres.DATABASE_URL}}?connection_limit=5": what is added to an address
    that stands elsewhere."""
    match = _BEHIND_REFERENCE.match(text[:4096])
    return parameters(match["query"]) if match else {}


def is_pooler_name(name: str) -> bool:
    """Is this the name of a host or an image of a pooler?"""
    return bool({"pgbouncer", "pgpool", "pgcat", "odyssey", "pooler"} & set(words(name)))


def known_host(text: str) -> str:
    """``text`` in lower case when it is a host name and no placeholder, else ""."""
    if has_placeholder(text) or not _HOST.match(text):
        return ""
    return text.lower()


def host_and_port(text: str) -> tuple[str, int | None]:
    """ "" where it is not known. Of several hosts (a replica set), all of them, sorted, without
    ports."""
    hosts = []
    port = None
    for part in text.split(","):
        name, colon, number = part.rpartition(":")
        if not colon or part.endswith("]"):
            name, number = part, ""
        host = known_host(name)
        is_port = re.fullmatch(r"[0-9]{1,5}", number) is not None
        if not host or (number and not is_port and not has_placeholder(number)):
            return "", None
        hosts.append(host)
        port = int(number) if is_port else None
    if len(hosts) > 1:
        return ",".join(sorted(hosts)), None
    return hosts[0], port


def parameters(query: str) -> dict[str, str]:
    """The first fifty of a URL's query."""
    found = {}
    for part in query.split("&")[:50]:
        name, _, value = part.partition("=")
        if name:
            found[name] = value
    return found
