"""What libraries do when nobody tells them: connections per process, by their own defaults.

Read in the packages' sources in August 2026 unless an entry says otherwise.
"""

from __future__ import annotations

from typing import NamedTuple


class Library(NamedTuple):
    """``size`` and ``overflow`` are connections of one pool; ``size`` None: no bound, or one
    that depends on the machine, as ``note`` says, and then at least ``least``, where that is
    known."""

    name: str
    size: int | None
    overflow: int = 0
    note: str = ""
    least: int | None = None


SQLALCHEMY = Library("SQLAlchemy", 5, 10, "pool.QueuePool: pool_size 5, max_overflow 10")
TORTOISE = Library("Tortoise ORM", 5, 0, "minsize 1, maxsize 5")
PEEWEE = Library("peewee", 20, 0, "playhouse.pool: max_connections 20")
ECTO = Library("Ecto", 10, 0, "DBConnection: pool_size 10")
MONGODB = Library("the MongoDB driver", 100, 0, "PyMongo and node mongodb: maxPoolSize 100")
HIKARI = Library("HikariCP", 10, 0, "HikariConfig.DEFAULT_POOL_SIZE 10")
ACTIVE_RECORD = Library("Active Record", 5, 0, "database.yml: RAILS_MAX_THREADS or 5")
PRISMA = Library("Prisma", None, 0, "up to 6: CPUs x 2 + 1; from 7 on the driver adapter's")
DJANGO = Library("Django", None, 0, "no pool: one connection per thread")
PHP = Library("PHP", None, 0, "no pool: one connection per process that answers a request")
DATABASES = Library("databases", 10, 0, "asyncpg's and aiomysql's own maximum of 10")
MYSQL2 = Library("mysql2", 10, 0, "connectionLimit 10")
PGXPOOL = Library("pgxpool", None, 0, "pool_max_conns: 4, or the CPUs when there are more", 4)
GO_SQL = Library("database/sql", None, 0, "no bound unless SetMaxOpenConns is called")
NPGSQL = Library("Npgsql", 100, 0, "Maximum Pool Size 100")
MYSQL_CONNECTOR = Library("MySqlConnector", 100, 0, "Maximum Pool Size 100")
SQL_CLIENT = Library("SqlClient", 100, 0, "Max Pool Size 100")
R2DBC_POOL = Library("r2dbc-pool", 10, 0, "ConnectionPoolConfiguration: maxSize 10")
SQLX_RUST = Library("SQLx", 10, 0, "PoolOptions: max_connections 10")
MARIADB_NODE = Library("mariadb", 10, 0, "createPool: connectionLimit 10")
MYSQL_NODE = Library("mysql", 10, 0, "createPool: connectionLimit 10")
REDIS_PY = Library("redis-py", None, 0, "up to 7.4 no bound; from 8.0 on 100")

LIBRARIES: tuple[Library, ...] = (
    SQLALCHEMY,
    Library("asyncpg", 10, 0, "create_pool: min_size 10, max_size 10"),
    Library("psycopg_pool", 4, 0, "min_size 4, max_size as min_size"),
    DJANGO,
    PHP,
    TORTOISE,
    Library("aiomysql", 10, 0, "minsize 1, maxsize 10"),
    Library("asyncmy", 10, 0, "minsize 1, maxsize 10"),
    PEEWEE,
    REDIS_PY,
    MONGODB,
    Library("node-postgres", 10, 0, "pg.Pool: max 10"),
    Library("postgres.js", 10, 0, "max 10"),
    MYSQL2,
    Library("Sequelize", 5, 0, "pool.max 5"),
    Library("Knex", 10, 0, "pool.max 10"),
    Library("TypeORM", 10, 0, "the driver's 10"),
    PRISMA,
    Library("node-redis", 100, 0, "createClientPool: maximum 100"),
    ACTIVE_RECORD,
    ECTO,
    HIKARI,
    DATABASES,
    PGXPOOL,
    GO_SQL,
    NPGSQL,
    MYSQL_CONNECTOR,
    SQL_CLIENT,
    R2DBC_POOL,
    SQLX_RUST,
    MARIADB_NODE,
    MYSQL_NODE,
)

BY_NAME = {library.name: library for library in LIBRARIES}

NET_CLIENTS = {"npgsql": NPGSQL, "mysqlconnector": MYSQL_CONNECTOR, "sqlclient": SQL_CLIENT}
"""Clients of .NET, each with a pool for each connection string: npgsql.org/doc,
"Connection String Parameters"; mysqlconnector.net/connection-options;
learn.microsoft.com/sql/connect/ado-net, "SQL Server connection pooling" (Nov 2026)."""

OWNERS: dict[str, tuple[tuple[str, Library], ...]] = {
    # What holds the pool comes before the drivers that it uses.
    "sql": (
        ("sqlmodel", SQLALCHEMY),
        ("flask-sqlalchemy", SQLALCHEMY),
        ("sqlalchemy", SQLALCHEMY),
        ("tortoise-orm", TORTOISE),
        ("databases", DATABASES),
        ("peewee", PEEWEE),
        ("django", DJANGO),
        ("psycopg-pool", BY_NAME["psycopg_pool"]),
        ("asyncpg", BY_NAME["asyncpg"]),
        ("aiomysql", BY_NAME["aiomysql"]),
        ("asyncmy", BY_NAME["asyncmy"]),
        ("@prisma/client", PRISMA),
        ("prisma", PRISMA),
        ("typeorm", BY_NAME["TypeORM"]),
        ("sequelize", BY_NAME["Sequelize"]),
        ("knex", BY_NAME["Knex"]),
        ("objection", BY_NAME["Knex"]),
        ("@prisma/adapter-pg", BY_NAME["node-postgres"]),
        ("pg", BY_NAME["node-postgres"]),
        ("pg-promise", BY_NAME["node-postgres"]),
        ("postgres", BY_NAME["postgres.js"]),
        ("mysql2", MYSQL2),
        ("rails", ACTIVE_RECORD),
        ("activerecord", ACTIVE_RECORD),
        ("gorm", BY_NAME["database/sql"]),
        ("sqlx", BY_NAME["database/sql"]),
        ("lib/pq", BY_NAME["database/sql"]),
        ("go-sql-driver/mysql", BY_NAME["database/sql"]),
        ("pgx", PGXPOOL),
    ),
    "mongodb": (
        ("pymongo", MONGODB),
        ("motor", MONGODB),
        ("beanie", MONGODB),
        ("mongoengine", MONGODB),
        ("mongodb", MONGODB),
        ("mongoose", MONGODB),
        ("mongo-driver", MONGODB),
    ),
    "redis": (("redis", REDIS_PY),),
}
"""Which library holds the pool, by the packages that are installed, the first that is found."""

ASSUMED = Library("", SQLALCHEMY.size, SQLALCHEMY.overflow, "the most common pool's default")
"""What is reckoned with where only the use of a database is known. Such a pool is shown, and
never summed up with those that are known."""

ASSUMED_BEHIND_JDBC = Library("", HIKARI.size, 0, "the default of Spring Boot's pool, HikariCP")
"""The same for programs on the JVM, which alone speak JDBC (docs.spring.io, "Working with SQL
databases": HikariCP before all others, Nov 2026)."""


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
