"""The calls that make connection pools in C#, all of them by a connection string or its builder.

Npgsql 9 and 10 ("Connection string parameters": Maximum Pool Size, 100), Microsoft.Data.SqlClient 6
(Max Pool Size, 100), MySqlConnector 2.4 (Maximum Pool Size, 100), MongoDB.Driver 3
(MaxConnectionPoolSize, 100), read in their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lintscale.code.pool_calls import Bound, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool


def _types(namespace: str, *names: str) -> tuple[str, ...]:
    """A file names a type by itself, as it uses the namespace of it."""
    return (*names, *(f"{namespace}.{name}" for name in names))


SIZE = ("maximumpoolsize", "maxpoolsize")
"""Npgsql "Maximum Pool Size" and "MaxPoolSize", SqlClient "Max Pool Size", MySqlConnector each."""

CALLS = by_origin(
    (
        PoolCall(
            _types("Npgsql", "NpgsqlConnectionStringBuilder"),
            "Npgsql",
            size=(("MaxPoolSize",),),
            address=((0,), ("ConnectionString",), ("Host",)),
            setters=("MaxPoolSize",),
            keywords=SIZE,
            address_setters=("ConnectionString", "Host"),
        ),
        PoolCall(
            _types(
                "Npgsql",
                "NpgsqlDataSourceBuilder",
                "NpgsqlConnection",
                "NpgsqlDataSource.Create",
            ),
            "Npgsql",
            least_arguments=1,
            keywords=SIZE,
        ),
        PoolCall(
            _types("Microsoft.Data.SqlClient", "SqlConnectionStringBuilder"),
            "SqlClient",
            size=(("MaxPoolSize",),),
            address=((0,), ("ConnectionString",), ("DataSource",)),
            setters=("MaxPoolSize",),
            keywords=SIZE,
        ),
        PoolCall(
            _types("Microsoft.Data.SqlClient", "SqlConnection"),
            "SqlClient",
            least_arguments=1,
            keywords=SIZE,
        ),
        PoolCall(
            _types("MySqlConnector", "MySqlConnectionStringBuilder"),
            "MySqlConnector",
            size=(("MaximumPoolSize",),),
            address=((0,), ("ConnectionString",), ("Server",)),
            setters=("MaximumPoolSize",),
            keywords=SIZE,
        ),
        PoolCall(
            _types("MySqlConnector", "MySqlConnection", "MySqlDataSourceBuilder"),
            "MySqlConnector",
            least_arguments=1,
            keywords=SIZE,
        ),
        PoolCall(_types("MongoDB.Driver", "MongoClient"), "the MongoDB driver", "mongodb"),
        PoolCall((".UseNpgsql", ".AddNpgsqlDataSource", ".AddNpgsql"), "Npgsql", keywords=SIZE),
        PoolCall((".UseSqlServer",), "SqlClient", keywords=SIZE),
        PoolCall((".UseMySql", ".UseMySQL"), "MySqlConnector", keywords=SIZE),
    )
)

BOUNDS: Mapping[str, Bound] = {}

HINTS = tuple(sorted({name.rpartition(".")[2].encode() for name in CALLS}))
"""A file without any of these words makes no pool."""


def configured(unit: Unit) -> Iterable[CodePool]:
    return ()
