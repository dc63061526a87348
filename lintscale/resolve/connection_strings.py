"""Connection strings that are no URLs, without their passwords: ADO.NET's, libpq's, PHP's PDO and
that of Go's MySQL driver."""

from __future__ import annotations

import re
from typing import NamedTuple

from lintscale.syntax.regex import regex

_LIBPQ_PAIR = regex(r"([A-Za-z_]{1,40})\s*=\s*('(?:[^'\\]|\\.)*'|[^\s'\\]+)\s*")
_GO_MYSQL = regex(
    r"(?:[^@\s]*@)?(?:tcp|tcp4|tcp6)\((?P<address>[^)\s]{0,260})\)/(?P<database>[^?\s]*)"
    r"(?:\?(?P<query>\S*))?\Z"
)
_PDO = regex(r"(?P<scheme>pgsql|mysql):(?=[a-z_]+=)")

_SERVER_KEYS = ("host", "server", "datasource", "address", "addr", "networkaddress")
_DATABASE_KEYS = ("database", "initialcatalog", "db")
_LOGIN_KEYS = frozenset({"username", "userid", "user", "uid", "integratedsecurity",
                         "trustedconnection", "password", "pwd"})  # fmt: skip

_ONLY_SQL_SERVER = frozenset(
    {"initialcatalog", "integratedsecurity", "trustedconnection", "trustservercertificate",
     "multipleactiveresultsets", "encrypt", "applicationintent", "multisubnetfailover"}
)  # fmt: skip
"""Keywords of Microsoft.Data.SqlClient alone (SqlConnection.ConnectionString, Nov 2026)."""

_ONLY_MYSQL = frozenset(
    {"allowpublickeyretrieval", "allowuservariables", "convertzerodatetime", "guidformat",
     "treattinyasboolean", "oldguids", "allowzerodatetime", "defaultcommandtimeout"}
)  # fmt: skip
"""Options of MySqlConnector or Connector/NET alone (mysqlconnector.net/connection-options)."""

POOL_KEYS = ("maximumpoolsize", "maxpoolsize")
"""Npgsql "Maximum Pool Size" and "MaxPoolSize", SqlClient "Max Pool Size", MySqlConnector each of
them; without spaces and in lower case, as .NET compares keywords."""

_KEPT = frozenset({*POOL_KEYS, "minimumpoolsize", "minpoolsize", "pooling", "pool_max_conns"})


class ConnectionString(NamedTuple):
    """``client`` is "npgsql", "mysqlconnector", "sqlclient", "go", "pdo", or "" for any that
    speaks to the engine. ``address`` has the port behind a colon, where it has one.
    ``parameters`` are those that are about pools."""

    engine: str
    client: str
    address: str
    database: str
    parameters: dict[str, str]


def parse_connection_string(text: str) -> ConnectionString | None:
    """None when ``text`` leads to no database server."""
    text = text[:4096].strip()
    if "://" in text.partition("?")[0] and "=" not in text.partition("://")[0]:
        return None
    match = _PDO.match(text)
    if match is not None:
        pairs = _pairs(text[match.end() :])
        engine = "mysql" if match["scheme"] == "mysql" else "postgresql"
        address = _address(pairs.get("host", ""), pairs.get("port", ""))
        return ConnectionString(engine, "pdo", address, pairs.get("dbname", ""), {})
    go = _GO_MYSQL.match(text)
    if go is not None:
        return ConnectionString("mysql", "go", go["address"], go["database"], {})
    return _ado(text) if ";" in text else _libpq(text)


def _libpq(text: str) -> ConnectionString | None:
    """postgresql.org/docs/current/libpq-connect.html, "Keyword/Value Connection Strings"."""
    pairs: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _LIBPQ_PAIR.match(text, at)
        if match is None:
            return None
        pairs[match[1].lower()] = match[2].strip("'")
        at = match.end()
    if "dbname" not in pairs or not {"host", "user"} & pairs.keys():
        return None
    address = _address(pairs.get("host", ""), pairs.get("port", ""))
    return ConnectionString("postgresql", "", address, pairs.get("dbname", ""), _kept(pairs))


def _ado(text: str) -> ConnectionString | None:
    pairs = _pairs(text)
    server = next((pairs[key] for key in _SERVER_KEYS if key in pairs), "")
    database = next((pairs[key] for key in _DATABASE_KEYS if key in pairs), "")
    if not server or not (database or _LOGIN_KEYS & pairs.keys()):
        return None
    if "datasource" in pairs and not (_ONLY_SQL_SERVER | _LOGIN_KEYS) & pairs.keys():
        return None  # A file of SQLite.
    if pairs.get("accountendpoint") or pairs.get("endpoint", "").startswith("sb:"):
        return None
    engine, client = _client(pairs, server)
    if engine == "sqlserver":
        server = server.removeprefix("tcp:").partition("\\")[0].replace(",", ":")
    address = _address(server, pairs.get("port", ""))
    return ConnectionString(engine, client, address, database, _kept(pairs))


def _client(pairs: dict[str, str], server: str) -> tuple[str, str]:
    port = pairs.get("port", "")
    is_sql_server = server.startswith("tcp:") or "\\" in server or ",1433" in server
    if is_sql_server or _ONLY_SQL_SERVER & pairs.keys() or pairs.get("userid") == "sa":
        return "sqlserver", "sqlclient"
    if _ONLY_MYSQL & pairs.keys() or port == "3306":
        return "mysql", "mysqlconnector"
    if "host" in pairs or port or "searchpath" in pairs:
        return "postgresql", "npgsql"
    # The drivers' own documentation writes "User ID" for SQL Server, "Uid" or "User" for MySQL.
    if "uid" in pairs or "user" in pairs:
        return "mysql", "mysqlconnector"
    return "sqlserver", "sqlclient"


def _pairs(text: str) -> dict[str, str]:
    """Keywords without spaces and in lower case. A value in quotes may hold semicolons."""
    found: dict[str, str] = {}
    for part in re.findall(r"""(?:[^;"']|"[^"]*"|'[^']*'|["'])+""", text)[:60]:
        key, equals, value = part.partition("=")
        if equals:
            found[re.sub(r"[\s_]+", "", key).lower()] = value.strip().strip("\"'")
    return found


def _kept(pairs: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in pairs.items() if key in _KEPT}


def _address(host: str, port: str) -> str:
    return f"{host}:{port}" if host and port and ":" not in host else host
