"""The calls that make connection pools in Rust.

Signatures as of sqlx 0.8 and 0.9, sea-orm 1.1 (sqlx's pool), deadpool-postgres 0.14 and deadpool
0.12, bb8 0.9, r2d2 0.8, diesel 2.2, diesel-async 0.5 and mongodb 3.1, read in their documentation
on docs.rs in December 2026. tokio-postgres alone has no pool.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale.code.pool_calls import Bound, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool

_CONNECT = ("connect", "connect_lazy", "connect_with", "connect_lazy_with")


def _names(paths: tuple[str, ...], methods: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{path}.{method}" for path in paths for method in methods)


_SQLX_OPTIONS = (
    "sqlx.postgres.PgPoolOptions", "sqlx.mysql.MySqlPoolOptions", "sqlx.pool.PoolOptions",
    "sqlx.any.AnyPoolOptions", "sqlx.mssql.MssqlPoolOptions",
)  # fmt: skip
_SQLX_POOLS = (
    "sqlx.PgPool", "sqlx.postgres.PgPool", "sqlx.MySqlPool", "sqlx.mysql.MySqlPool", "sqlx.Pool",
    "sqlx.pool.Pool", "sqlx.AnyPool", "sqlx.any.AnyPool",
)  # fmt: skip
_FILES = ("sqlx.sqlite.SqlitePoolOptions", "sqlx.SqlitePool", "sqlx.sqlite.SqlitePool")

CALLS = by_origin(
    (
        PoolCall(
            _names(_SQLX_OPTIONS, ("new",)),
            "SQLx",
            address=(),
            setters=("max_connections",),
            address_setters=_CONNECT,
        ),
        PoolCall(_names(_SQLX_POOLS, _CONNECT), "SQLx"),
        PoolCall(_names(_FILES, ("new", *_CONNECT)), ""),
        PoolCall(("sea_orm.ConnectOptions.new",), "SQLx", setters=("max_connections",)),
        PoolCall(("sea_orm.Database.connect",), "SQLx"),
        PoolCall(
            ("deadpool_postgres.Config.new", "deadpool_postgres.Config.default"),
            "deadpool",
            address=(),
            setters=("pool",),
            address_setters=("url", "host"),
        ),
        PoolCall(
            ("deadpool_postgres.Config",),
            "deadpool",
            size=(("pool",),),
            address=(("url",), ("host",)),
        ),
        PoolCall(
            _names(
                ("deadpool_postgres.Pool", "deadpool_diesel.postgres.Pool",
                 "deadpool_diesel.mysql.Pool", "deadpool.managed.Pool",
                 "diesel_async.pooled_connection.deadpool.Pool"),
                ("builder",),
            ),
            "deadpool",
            setters=("max_size",),
        ),
        PoolCall(
            _names(("bb8.Pool", "diesel_async.pooled_connection.bb8.Pool"), ("builder",)),
            "bb8",
            address=(),
            setters=("max_size",),
            address_setters=("build", "build_unchecked"),
        ),
        PoolCall(
            _names(("r2d2.Pool", "diesel.r2d2.Pool"), ("builder",)),
            "r2d2",
            address=(),
            setters=("max_size",),
            address_setters=("build", "build_unchecked"),
        ),
        PoolCall(_names(("r2d2.Pool", "diesel.r2d2.Pool"), ("new",)), "r2d2"),
        PoolCall(
            ("mongodb.options.ClientOptions.parse", "mongodb.options.ClientOptions.parse_async"),
            "MongoDB's Rust driver",
            "mongodb",
            setters=("max_pool_size",),
        ),
        PoolCall(
            ("mongodb.options.ClientOptions.builder",),
            "MongoDB's Rust driver",
            "mongodb",
            address=(),
            setters=("max_pool_size",),
        ),
        PoolCall(
            ("mongodb.Client.with_uri_str", "mongodb.sync.Client.with_uri_str"),
            "MongoDB's Rust driver",
            "mongodb",
        ),
    )
)  # fmt: skip

BOUNDS: Mapping[str, Bound] = {}


def configured(unit: Unit) -> Iterator[CodePool]:
    """Nothing: a pool is made by a call."""
    return iter(())


HINTS = (b"sqlx", b"sea_orm", b"deadpool", b"bb8", b"r2d2", b"mongodb")
"""Names of crates without which a file makes no pool."""
