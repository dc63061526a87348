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
NET = Library(".NET", 100, 0, "100 in Npgsql, SqlClient and MySqlConnector")
R2DBC_POOL = Library("r2dbc-pool", 10, 0, "ConnectionPoolConfiguration: maxSize 10")
SQLX_RUST = Library("SQLx", 10, 0, "PoolOptions: max_connections 10")
MARIADB_NODE = Library("mariadb", 10, 0, "createPool: connectionLimit 10")
MYSQL_NODE = Library("mysql", 10, 0, "createPool: connectionLimit 10")
MSSQL_NODE = Library("mssql", 10, 0, "tarn: pool.max 10")
R2D2 = Library("r2d2", 10, 0, "Builder: max_size 10")
BB8 = Library("bb8", 10, 0, "Builder: max_size 10")
DEADPOOL = Library("deadpool", None, 0, "PoolConfig: max_size of 2 or 4 for each CPU")
AGROAL = Library("Agroal", 50, 0, "quarkus.datasource.jdbc.max-size 50")
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
    Library("aiopg", 10, 0, "minsize 1, maxsize 10"),
    Library("psycopg2.pool", None, 0, "maxconn has no default"),
    # redis-py 8, connection.py (github.com/redis/redis-py, pull 3801, December 2026).
    Library("redis-py's blocking pool", 50, 0, "max_connections 50"),
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
    # github.com/redis/ioredis, README, "Connect to Redis", and github.com/redis/node-redis,
    # docs/pool.md (December 2026): a client sends all commands through one connection.
    Library("ioredis", 1, 0, "one connection of each client"),
    Library("a client of node-redis", 1, 0, "createClient: one connection"),
    ACTIVE_RECORD,
    ECTO,
    HIKARI,
    DATABASES,
    PGXPOOL,
    # mongodb.com/docs/drivers/rust, "Connection Pool" (Dec 2026).
    Library("MongoDB's Rust driver", 10, 0, "ClientOptions: max_pool_size 10"),
    Library("pgx 3", 5, 0, "conn_pool.go: MaxConnections 5 (3.6.2, Dec 2026)"),
    Library("go-pg", None, 0, "options.go: PoolSize 10 for each CPU (10.14, Dec 2026)", 10),
    GO_SQL,
    NPGSQL,
    MYSQL_CONNECTOR,
    SQL_CLIENT,
    R2DBC_POOL,
    SQLX_RUST,
    MARIADB_NODE,
    MYSQL_NODE,
    MSSQL_NODE,
    R2D2,
    BB8,
    DEADPOOL,
    AGROAL,
    # Read in their documentation in December 2026.
    Library("Slonik", 10, 0, "maximumPoolSize 10"),
    Library("Bun's SQL", 10, 0, "max 10"),
    Library("Sequel", 4, 0, "max_connections 4"),
    Library("Commons DBCP", 8, 0, "BasicDataSource: maxTotal 8"),
    Library("Tomcat JDBC", 100, 0, "PoolProperties: maxActive 100"),
    Library("c3p0", 15, 0, "maxPoolSize 15"),
    Library("Vert.x", 4, 0, "PoolOptions: maxSize 4"),
    Library("Hyperf", 10, 0, "pool.max_connections 10"),
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
        ("@prisma/adapter-neon", BY_NAME["node-postgres"]),
        ("@prisma/adapter-mariadb", MARIADB_NODE),
        ("@prisma/adapter-mssql", MSSQL_NODE),
        ("pg", BY_NAME["node-postgres"]),
        ("pg-promise", BY_NAME["node-postgres"]),
        ("postgres", BY_NAME["postgres.js"]),
        ("mysql2", MYSQL2),
        ("mariadb", MARIADB_NODE),
        ("mysql", MYSQL_NODE),
        ("rails", ACTIVE_RECORD),
        ("activerecord", ACTIVE_RECORD),
        ("gorm", BY_NAME["database/sql"]),
        ("sqlx", BY_NAME["database/sql"]),
        ("lib/pq", BY_NAME["database/sql"]),
        ("go-sql-driver/mysql", BY_NAME["database/sql"]),
        ("pgx", PGXPOOL),
        ("crate:sqlx", SQLX_RUST),
        ("crate:r2d2", R2D2),
        ("crate:bb8", BB8),
        ("crate:deadpool", DEADPOOL),
        ("hex:ecto", ECTO),
        ("packagist:laravel", PHP),
        ("packagist:doctrine", PHP),
        ("maven:r2dbc-pool", R2DBC_POOL),
        ("maven:agroal", AGROAL),
        ("maven:hikari", HIKARI),
        ("nuget:npgsql", NPGSQL),
        ("nuget:mysqlconnector", MYSQL_CONNECTOR),
        ("nuget:sqlclient", SQL_CLIENT),
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

KEYCLOAK = Library("Keycloak", 100, 0, "db-pool-max-size 100")
N8N = Library("n8n", 2, 0, "DB_POSTGRESDB_POOL_SIZE 2")
METABASE = Library("Metabase", 15, 0, "MB_APPLICATION_DB_MAX_CONNECTION_POOL_SIZE 15")
HASURA = Library("Hasura", 50, 0, "HASURA_GRAPHQL_PG_CONNECTIONS 50")
QUARKUS_REACTIVE = Library("Quarkus", 20, 0, "quarkus.datasource.reactive.max-size 20")

NAMED_BY_VARIABLES: tuple[tuple[tuple[str, ...], Library], ...] = (
    (("spring", "datasource"), HIKARI),
    (("spring", "r2dbc"), R2DBC_POOL),
    (("quarkus", "datasource", "reactive"), QUARKUS_REACTIVE),
    (("quarkus", "datasource"), AGROAL),
    (("datasources",), HIKARI),
    (("typeorm",), BY_NAME["TypeORM"]),
    (("kc", "db"), KEYCLOAK),
    (("db", "postgresdb"), N8N),
    (("connectionstrings",), NET),
    (("postgresqlconnstr",), NET),
    (("mb", "db"), METABASE),
    (("hasura", "graphql"), HASURA),
)
"""What holds the pool, by how the variable with the database's address begins, which nothing else
reads. Sources, Nov 2026: docs.spring.io ("Working with SQL databases", "Connection pool support"),
quarkus.io/guides/datasource, Micronaut's guide ("Configuring JDBC"),
keycloak.org/server/all-config, docs.n8n.io ("Database environment variables"),
metabase.com/docs ("Environment variables"),
hasura.io/docs/2.0 ("GraphQL engine server flags reference")."""

ASSUMED = Library("", SQLALCHEMY.size, SQLALCHEMY.overflow, "the most common pool's default")
"""What is reckoned with where only the use of a database is known. Such a pool is shown, and
never summed up with those that are known."""

ASSUMED_ELSEWHERE = Library("", 10, 0, "the default of nearly every pool that is not Python's")
"""The same for programs that are known to be written in another language."""

ASSUMED_BEHIND_JDBC = Library("", HIKARI.size, 0, "the default of Spring Boot's pool, HikariCP")
"""The same for programs on the JVM, which alone speak JDBC (docs.spring.io, "Working with SQL
databases": HikariCP before all others, Nov 2026)."""
