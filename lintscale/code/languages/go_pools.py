"""The calls that make connection pools in Go.

Signatures and defaults as of Go 1.25 (database/sql: no bound unless SetMaxOpenConns is called), pgx
5.7 (pgxpool: MaxConns, "pool_max_conns"), pgx 3.6 (ConnPoolConfig: 5), sqlx 1.4, GORM 1.25, bun
1.2, ent 0.14, go-pg 10.14 (PoolSize 10 for each CPU) and mongo-driver 1.17 and 2.0
(SetMaxPoolSize 100), read in their sources and documentation in November and December 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale.code.pool_calls import Bound, PoolCall, by_origin
from lintscale.code.units import Unit
from lintscale.model.declared import CodePool

_SQL = "database/sql"
_OTHERS = (
    "github.com/XSAM/otelsql", "github.com/uptrace/opentelemetry-go-extra/otelsql",
    "go.nhat.io/otelsql", "gopkg.in/DataDog/dd-trace-go/contrib/database/sql",
    "github.com/DataDog/dd-trace-go/contrib/database/sql", "entgo.io/ent/dialect/sql",
    "github.com/jmoiron/sqlx",
)  # fmt: skip
"""Packages with functions like those of database/sql."""

_OPEN = ("Open", "MustOpen", "Connect", "MustConnect")
_SET = ("SetMaxOpenConns",)

CALLS = by_origin(
    (
        PoolCall(
            tuple(f"{package}.{name}" for package in (_SQL, *_OTHERS) for name in _OPEN),
            _SQL,
            address=((1,),),
            kind=((0,),),
            setters=_SET,
            least_arguments=2,
        ),
        PoolCall(
            ("github.com/jmoiron/sqlx.ConnectContext",
             "github.com/jmoiron/sqlx.MustConnectContext"),
            _SQL,
            address=((2,),),
            kind=((1,),),
            setters=_SET,
        ),
        PoolCall(
            ("database/sql.OpenDB", "github.com/jackc/pgx/stdlib.OpenDB",
             "github.com/XSAM/otelsql.OpenDB"),
            _SQL,
            kind=((0,),),
            setters=_SET,
        ),
        PoolCall(
            ("gorm.io/gorm.Open", "github.com/jinzhu/gorm.Open"),
            _SQL,
            address=((0,), (0, "DSN"), (1,)),
            kind=((0,),),
            shared=((0, "Conn"),),
            setters=_SET,
        ),
        PoolCall(
            ("github.com/jackc/pgx/pgxpool.New", "github.com/jackc/pgx/pgxpool.Connect"),
            "pgxpool",
            address=((1,),),
            parameter="pool_max_conns",
        ),
        PoolCall(
            ("github.com/jackc/pgx/pgxpool.ParseConfig",),
            "pgxpool",
            setters=("MaxConns",),
            parameter="pool_max_conns",
        ),
        PoolCall(
            ("github.com/jackc/pgx.NewConnPool",),
            "pgx 3",
            size=((0, "MaxConnections"),),
            address=((0, "ConnConfig"), (0, "Host")),
        ),
        PoolCall(
            ("github.com/go-pg/pg.Connect",),
            "go-pg",
            size=((0, "PoolSize"),),
            address=((0,), (0, "Addr")),
            setters=("PoolSize",),
        ),
        PoolCall(
            ("go.mongodb.org/mongo-driver/mongo/options.Client",),
            "the MongoDB driver",
            "mongodb",
            address=(),
            setters=("SetMaxPoolSize",),
            address_setters=("ApplyURI",),
            parameter="maxPoolSize",
        ),
    )
)  # fmt: skip

BOUNDS: Mapping[str, Bound] = {
    "SetMaxOpenConns": Bound("SetMaxOpenConns", _SQL),
    "MaxConns": Bound("MaxConns", "pgxpool", package="github.com/jackc/pgx"),
    "PoolSize": Bound("PoolSize", ""),
    "SetMaxPoolSize": Bound("SetMaxPoolSize", "the MongoDB driver", "mongodb"),
}


def configured(unit: Unit) -> Iterator[CodePool]:
    """Nothing: a pool is made by a call."""
    return iter(())


HINTS = (
    b"SetMaxOpenConns", b"MaxConns", b"SetMaxPoolSize", b"database/sql", b"dialect/sql",
    b'/sqlx"', b"otelsql", b'/gorm"', b"jackc/pgx", b"go-pg/pg", b"mongo/options",
)  # fmt: skip
"""Imports and names without which a file makes and bounds no pool."""
