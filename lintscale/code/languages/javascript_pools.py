"""The calls that make connection pools in JavaScript and TypeScript.

Options as of pg 8.13, postgres 3.4, mysql2 3.11, mariadb 3.4, mssql 11, Sequelize 6.37, Knex 3.1,
TypeORM 0.3 and 1.0, ioredis 5.8, redis 5.10, mongodb 6.12, Mongoose 8.9, pg-promise 11.10, Slonik
46, MikroORM 6.4, Drizzle 0.44 and Prisma's adapters 7.0, read in their documentation in November
and December 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale._record import replace
from lintscale.code.evaluate import Entries, Known, evaluate
from lintscale.code.expressions import Argument, Call, Name
from lintscale.code.pool_calls import Bound, Path, PoolCall, by_origin, made
from lintscale.code.units import Place, Scope, Unit
from lintscale.model.declared import CodePool

_HOSTS = ("connectionString", "host", "port", "uri", "url")


def _keys(position: int, *names: str) -> tuple[Path, ...]:
    return tuple((position, name) for name in names)


_PG = PoolCall(
    ("pg.Pool", "pg.native.Pool", "pg-pool", "pg-pool.Pool", "@neondatabase/serverless.Pool",
     "@vercel/postgres.createPool"),
    "node-postgres",
    size=((0, "max"),),
    address=((0,), *_keys(0, *_HOSTS)),
    implicit=("PGHOST",),
)  # fmt: skip
_TYPEORM: tuple[Path, ...] = (
    (0, "poolSize"),
    (0, "extra", "max"),
    (0, "extra", "connectionLimit"),
    (0, "extra", "poolSize"),
    (0, "useFactory", "poolSize"),
    (0, "useFactory", "extra", "max"),
    (0, "useFactory", "extra", "connectionLimit"),
)
_MONGO_SIZE: tuple[Path, ...] = ((1, "maxPoolSize"), (1, "poolSize"))

CALLS = by_origin(
    (
        _PG,
        PoolCall(
            ("@prisma/adapter-pg.PrismaPg", "@prisma/adapter-neon.PrismaNeon"),
            "node-postgres",
            size=((0, "max"),),
            address=((0,), *_keys(0, *_HOSTS)),
        ),
        PoolCall(
            ("@prisma/adapter-mariadb.PrismaMariaDb",),
            "mariadb",
            size=((0, "connectionLimit"),),
            address=((0,), *_keys(0, *_HOSTS)),
        ),
        PoolCall(
            ("pg-promise()",),
            "node-postgres",
            size=((0, "max"),),
            address=((0,), *_keys(0, *_HOSTS)),
        ),
        PoolCall(
            ("postgres", "postgres.default"),
            "postgres.js",
            size=((1, "max"), (0, "max")),
            address=((0,), *_keys(0, "host", "hostname")),
            implicit=("PGHOST",),
        ),
        PoolCall(
            ("mysql2.createPool", "mysql2/promise.createPool"),
            "mysql2",
            size=((0, "connectionLimit"),),
            address=((0,), *_keys(0, "host", "uri")),
        ),
        PoolCall(
            ("mysql.createPool", "promise-mysql.createPool"),
            "mysql",
            size=((0, "connectionLimit"),),
            address=((0,), *_keys(0, "host")),
        ),
        PoolCall(
            ("mariadb.createPool", "mariadb/callback.createPool"),
            "mariadb",
            size=((0, "connectionLimit"),),
            address=((0,), *_keys(0, "host")),
        ),
        PoolCall(
            ("mssql.ConnectionPool", "mssql.connect"),
            "mssql",
            size=((0, "pool", "max"),),
            address=((0,), *_keys(0, "server", "connectionString")),
        ),
        PoolCall(
            ("sequelize", "sequelize.Sequelize", "sequelize.default",
             "sequelize-typescript.Sequelize", "@sequelize/core.Sequelize"),
            "Sequelize",
            size=((0, "pool", "max"), (1, "pool", "max"), (2, "pool", "max"), (3, "pool", "max")),
            address=((0,), (0, "url"), (0, "host"), (3, "host"), (0, "replication")),
            kind=((0, "dialect"), (1, "dialect"), (3, "dialect")),
        ),
        PoolCall(
            ("knex", "knex.knex", "knex.default", "knex.Knex"),
            "Knex",
            size=((0, "pool", "max"),),
            address=((0,), (0, "connection"), (0, "connection", "connectionString"),
                     (0, "connection", "host")),
            kind=((0, "client"), (0, "dialect")),
            least_arguments=1,
        ),
        PoolCall(
            ("typeorm.DataSource", "typeorm.createConnection", "typeorm.createConnections",
             "@nestjs/typeorm.TypeOrmModule.forRoot", "@nestjs/typeorm.TypeOrmModule.forRootAsync"),
            "TypeORM",
            size=_TYPEORM,
            address=((0, "url"), (0, "host"), (0, "useFactory", "url"), (0, "useFactory", "host"),
                     (0, "replication")),
            kind=((0, "type"), (0, "useFactory", "type")),
        ),
        PoolCall(
            ("slonik.createPool",),
            "Slonik",
            size=((1, "maximumPoolSize"),),
        ),
        PoolCall(
            ("@mikro-orm/core.MikroORM.init", "@mikro-orm/postgresql.MikroORM.init",
             "@mikro-orm/mysql.MikroORM.init", "@mikro-orm/nestjs.MikroOrmModule.forRoot"),
            "Knex",
            size=((0, "pool", "max"),),
            address=((0, "clientUrl"), (0, "host")),
            kind=((0, "type"), (0, "driver")),
        ),
        PoolCall(
            ("drizzle-orm/node-postgres.drizzle",),
            "node-postgres",
            size=((0, "connection", "max"), (0, "max")),
            address=((0,), (0, "connection"), (0, "connection", "connectionString"),
                     (0, "connection", "host")),
            shared=((0, "client"),),
        ),
        PoolCall(
            ("drizzle-orm/postgres-js.drizzle",),
            "postgres.js",
            size=((0, "connection", "max"),),
            address=((0,), (0, "connection"), (0, "connection", "url"), (0, "connection", "host")),
            shared=((0, "client"),),
        ),
        PoolCall(
            ("drizzle-orm/mysql2.drizzle",),
            "mysql2",
            size=((0, "connection", "connectionLimit"),),
            address=((0,), (0, "connection"), (0, "connection", "uri"), (0, "connection", "host")),
            shared=((0, "client"),),
        ),
        PoolCall(
            ("mongodb.MongoClient", "mongodb.MongoClient.connect", "mongoose.connect",
             "mongoose.createConnection", "mongoose.default.connect"),
            "the MongoDB driver",
            "mongodb",
            size=_MONGO_SIZE,
        ),
        PoolCall(
            ("@nestjs/mongoose.MongooseModule.forRoot",
             "@nestjs/mongoose.MongooseModule.forRootAsync"),
            "the MongoDB driver",
            "mongodb",
            size=(*_MONGO_SIZE, (0, "useFactory", "maxPoolSize")),
            address=((0,), (0, "useFactory", "uri")),
        ),
        PoolCall(
            ("redis.createClientPool",),
            "node-redis",
            "redis",
            size=((1, "maximum"),),
            address=((0, "url"),),
        ),
        PoolCall(
            ("redis.createClient", "redis.default.createClient"),
            "a client of node-redis",
            "redis",
            address=((0, "url"), (0, "socket", "host"), (0, "host")),
        ),
        PoolCall(
            ("ioredis", "ioredis.Redis", "ioredis.default"),
            "ioredis",
            "redis",
            address=((0,), (0, "host"), (1, "host")),
        ),
        PoolCall(
            ("@prisma/client.PrismaClient",),
            "Prisma",
            address=((0, "datasourceUrl"), (0, "datasources", "db", "url")),
            shared=((0, "adapter"),),
        ),
        PoolCall(
            ("bun.SQL", "Bun.SQL"),
            "Bun's SQL",
            size=((1, "max"), (0, "max")),
            address=((0,), (0, "url"), (0, "hostname")),
            implicit=("DATABASE_URL",),
        ),
    )
)  # fmt: skip

BOUNDS: Mapping[str, Bound] = {}

_CLIENTS = {
    "pg": "Knex", "postgres": "Sequelize", "postgresql": "Sequelize", "mysql": "Sequelize",
    "mysql2": "Knex", "mariadb": "Sequelize", "mssql": "Sequelize",
}  # fmt: skip
"""What configuration files of Knex ("client") and Sequelize ("dialect") call a database server."""


def configured(unit: Unit) -> Iterator[CodePool]:
    """The pool of a file that only exports options (knexfile.js, config/database.js): of several
    environments that of production."""
    node = unit.exports.get("default")
    place = Place(node, Scope(unit.top)) if node is not None else None
    options = evaluate(place) if place is not None else None
    if not isinstance(options, Entries):
        return
    place = options.values.get("production", place)
    options = evaluate(place) if place is not None else None
    if place is None or not isinstance(options, Entries):
        return
    kinds = (options.values.get(key) for key in ("client", "dialect"))
    names = [evaluate(kind) for kind in kinds if kind is not None]
    if not names or not isinstance(names[0], Known) or names[0].value not in _CLIENTS:
        return
    call = PoolCall(
        (),
        "Knex" if "client" in options.values else "Sequelize",
        size=((0, "pool", "max"),),
        address=((0, "connection"), (0, "connection", "host"), (0, "url"), (0, "host")),
    )
    pool = made(place.scope, Call(Name(""), (Argument(place.node),)), call, place.node)
    if pool is not None:
        yield replace(pool, only_options=True)


HINTS = tuple(
    sorted(
        {
            f"{quote}{name.removesuffix('()').split('.')[0]}{quote}".encode()
            for quote in "\"'`"
            for name in (*CALLS, *_CLIENTS)
        }
    )
)
"""Names of packages in quotes: a file without any of them makes no pool."""
