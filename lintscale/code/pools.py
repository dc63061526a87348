"""Where Python source makes connection pools, and how large it makes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.modules import Module, Scope
from lintscale.code.numbers import dotted, location, number, pool_class
from lintscale.code.settings_pools import FLASK, django_pools, flask_pools
from lintscale.code.values import (
    Known,
    Place,
    evaluate,
    variables_of,
)
from lintscale.model.declared import CodeNumber, CodePool

_TELLING = (
    b"create_engine", b"create_async_engine", b"create_pool", b"ConnectionPool", b"PooledPostgres",
    b"PooledMySQL", b"MongoClient", b"MotorClient", b"mongoengine", b"DATABASES",
    b"register_tortoise", b"RegisterTortoise", b"Tortoise.init", FLASK.encode(), b"SQLAlchemy(",
)  # fmt: skip

_TELLING_TOGETHER = (
    ((b"import redis", b"from redis"), (b"Redis(", b"from_url(")),
    ((b"import databases", b"from databases"), (b"Database(",)),
)
"""Libraries whose names are everyday words: an import, and a call beside it."""

MOST_POOLS = 40
"""Pools of one file; no service makes so many."""


class _Call(NamedTuple):
    """The arguments of a library's call that set the size: keyword and position of the largest
    size, of the smallest one (which is the largest where that is left out), and of the overflow;
    and by which keywords, or in which position, the database's address."""

    library: str
    family: str
    size: str
    position: int = -1
    smallest: str = ""
    overflow: str = ""
    url: tuple[str, ...] = ("url", "dsn", "conninfo", "host", "db_url")
    url_position: int = 0


_SQLALCHEMY = _Call("SQLAlchemy", "sql", "pool_size", overflow="max_overflow")
_REDIS = _Call("redis-py", "redis", "max_connections")
_BLOCKING = _REDIS._replace(library="redis-py's blocking pool")
_MONGO = _Call("the MongoDB driver", "mongodb", "maxPoolSize")
_PSYCOPG = _Call("psycopg_pool", "sql", "max_size", smallest="min_size")
_PSYCOPG2 = _Call(
    "psycopg2.pool", "sql", "maxconn", position=1, url=("dsn", "host", "database"), url_position=2
)
_PEEWEE = _Call("peewee", "sql", "max_connections", url=("database", "host"))

# Signatures as of SQLAlchemy 2.0, SQLModel 0.0.24, asyncpg 0.30, psycopg_pool 3.2, psycopg2 2.9,
# aiomysql 0.2, asyncmy 0.2, aiopg 1.4, databases 0.9, peewee 3.18, Tortoise 0.25, redis-py 8.0,
# PyMongo 4.15 and Motor 3.7, read in their sources in August 2026.
CALLS: dict[str, _Call] = {
    "sqlalchemy.create_engine": _SQLALCHEMY,
    "sqlalchemy.engine.create_engine": _SQLALCHEMY,
    "sqlalchemy.ext.asyncio.create_async_engine": _SQLALCHEMY,
    "sqlalchemy.ext.asyncio.engine.create_async_engine": _SQLALCHEMY,
    "sqlmodel.create_engine": _SQLALCHEMY,
    "sqlmodel.ext.asyncio.create_async_engine": _SQLALCHEMY,
    "flask_sqlalchemy.SQLAlchemy": _SQLALCHEMY,
    "asyncpg.create_pool": _Call("asyncpg", "sql", "max_size"),
    "asyncpg.pool.create_pool": _Call("asyncpg", "sql", "max_size"),
    "psycopg_pool.ConnectionPool": _PSYCOPG,
    "psycopg_pool.AsyncConnectionPool": _PSYCOPG,
    "psycopg2.pool.SimpleConnectionPool": _PSYCOPG2,
    "psycopg2.pool.ThreadedConnectionPool": _PSYCOPG2,
    "aiomysql.create_pool": _Call("aiomysql", "sql", "maxsize"),
    "asyncmy.create_pool": _Call("asyncmy", "sql", "maxsize"),
    "aiopg.create_pool": _Call("aiopg", "sql", "maxsize"),
    "databases.Database": _Call("databases", "sql", "max_size"),
    "playhouse.pool.PooledPostgresqlDatabase": _PEEWEE,
    "playhouse.pool.PooledPostgresqlExtDatabase": _PEEWEE,
    "playhouse.pool.PooledMySQLDatabase": _PEEWEE,
    "tortoise.Tortoise.init": _Call("Tortoise ORM", "sql", ""),
    "tortoise.contrib.fastapi.register_tortoise": _Call("Tortoise ORM", "sql", ""),
    "tortoise.contrib.fastapi.RegisterTortoise": _Call("Tortoise ORM", "sql", ""),
    "pymongo.MongoClient": _MONGO,
    "pymongo.AsyncMongoClient": _MONGO,
    "motor.motor_asyncio.AsyncIOMotorClient": _MONGO,
    "mongoengine.connect": _MONGO,
    **{
        f"{package}.{call}": _REDIS
        for package in ("redis", "redis.asyncio", "redis.client", "redis.asyncio.client")
        for call in (
            "Redis", "StrictRedis", "from_url", "Redis.from_url", "StrictRedis.from_url",
            "ConnectionPool", "ConnectionPool.from_url", "SSLConnection.from_url",
        )
    },
    **{
        f"{package}.BlockingConnectionPool{call}": _BLOCKING
        for package in ("redis", "redis.asyncio", "redis.connection")
        for call in ("", ".from_url")
    },
    "redis.connection.ConnectionPool": _REDIS,
}  # fmt: skip


def may_make_pools(data: bytes) -> bool:
    """Whether a file is worth parsing: thousands are not, and a search for words is quick."""
    return any(word in data for word in _TELLING) or any(
        any(word in data for word in imports) and any(word in data for word in calls)
        for imports, calls in _TELLING_TOGETHER
    )


def pools_in(module: Module) -> list[CodePool]:
    """The pools that a module makes, at its top level and in its functions, in the order in which
    they stand."""
    module.modules.begin()
    found = (*_by_calls(module), *django_pools(module), *flask_pools(module))
    return sorted(islice(found, MOST_POOLS), key=lambda pool: pool.location.span)


def _by_calls(module: Module) -> Iterator[CodePool]:
    for call, scope, side in _calls(module):
        for pool in _call_pools(module, call, scope):
            yield replace(pool, choice=side.choice, side=side.side)


class _Side(NamedTuple):
    """Which side of which choice a piece of code is on: the branches of a condition, or what a
    function returns in one case or another. Of a choice within a choice, the outer one counts."""

    choice: str = ""
    side: str = ""


def _calls(module: Module) -> Iterator[tuple[ast.Call, Scope, _Side]]:
    """The calls of known libraries."""
    stack: list[tuple[ast.AST, Scope, _Side]] = [(module.tree, module.scope(), _Side())]
    while stack:
        node, scope, side = stack.pop()
        if isinstance(node, ast.Call) and module.origin(dotted(node.func)) in CALLS:
            yield node, scope, side
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope, side = Scope(module, node), _Side()
        elif isinstance(node, ast.Return) and scope.function is not None:
            side = _Side(f"{module.name}:{scope.function.lineno}", str(node.lineno))
        if isinstance(node, ast.If | ast.IfExp | ast.Try):
            choice = f"{module.name}:{node.lineno}"
            for number, part in _branches(node):
                own = (
                    side._replace(side=f"{side.side}.{number}")
                    if side.choice
                    else (_Side(choice, str(number)))
                )
                stack.append((part, scope, own))
        else:
            stack.extend((child, scope, side) for child in ast.iter_child_nodes(node))


def _branches(node: ast.If | ast.IfExp | ast.Try) -> Iterator[tuple[int, ast.AST]]:
    """Each part of a choice with the number of its side; ``elif`` is a side like the others."""
    if isinstance(node, ast.IfExp):
        yield from ((0, node.test), (0, node.body), (1, node.orelse))
        return
    if isinstance(node, ast.Try):
        yield from ((0, part) for part in (*node.body, *node.orelse, *node.finalbody))
        yield from enumerate(node.handlers, start=1)
        return
    number = 0
    branch: ast.If | None = node
    while branch is not None:
        for part in branch.body if _may_be_a_server(branch.test, is_true=True) else ():
            yield number, part
        number += 1
        following = branch.orelse if _may_be_a_server(branch.test, is_true=False) else []
        branch = following[0] if len(following) == 1 and isinstance(following[0], ast.If) else None
        if branch is None:
            for part in following:
                yield number, part


def _may_be_a_server(test: ast.expr, *, is_true: bool) -> bool:
    """Whether code that runs where ``test`` comes to this can be about a database server: not
    where the address was found to be SQLite's."""
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, is_true = test.operand, not is_true
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn | ast.NotEq):
        is_true = not is_true
    if not is_true or isinstance(test, ast.BoolOp):
        return True
    words = [part.value for part in ast.walk(test) if isinstance(part, ast.Constant)]
    return not any(isinstance(word, str) and "sqlite" in word.lower() for word in words)


def _call_pools(module: Module, call: ast.Call, scope: Scope) -> Iterator[CodePool]:
    origin = module.origin(dotted(call.func))
    known = CALLS[origin]
    arguments, complete = _arguments(call, scope)
    if "connection_pool" in arguments:
        return
    if origin == "flask_sqlalchemy.SQLAlchemy":
        options = arguments.get("engine_options")
        if options is None:
            return
        inner = evaluate(options)
        arguments = (
            inner.value if isinstance(inner, Known) and isinstance(inner.value, dict) else {}
        )
        complete = bool(arguments)
    url = next((arguments[name] for name in known.url if name in arguments), None)
    at = known.url_position
    if url is None and at < len(call.args) and not isinstance(call.args[at], ast.Starred):
        url = Place(call.args[at], scope)
    if url is not None and _is_a_file(url):
        return
    size: CodeNumber | None = None
    if known.size in arguments:
        size = number(arguments[known.size])
    elif 0 <= known.position < len(call.args):
        size = number(Place(call.args[known.position], scope))
    if known.smallest in arguments and (size is None or _is_none(size)):
        size = number(arguments[known.smallest])
    overflow = (
        number(arguments[known.overflow])
        if known.overflow and known.overflow in arguments
        else None
    )
    position = location(call, module)
    if size is not None and _is_none(size):
        size = None
    if size is None and not complete:
        size = CodeNumber(position, reason="arguments from elsewhere")
    note = pool_class(arguments)
    if note:
        size, overflow = CodeNumber(position, reason=note), None
    yield CodePool(
        library=known.library,
        family=known.family,
        size=size,
        overflow=overflow,
        variables=variables_of(url) if url is not None else (),
        location=position,
    )


def _arguments(call: ast.Call, scope: Scope) -> tuple[dict[str, Place], bool]:
    """The keyword arguments, those that are handed on as a mapping included; False when some of
    them cannot be known."""
    found: dict[str, Place] = {}
    complete = True
    for keyword in call.keywords:
        if keyword.arg is not None:
            found[keyword.arg] = Place(keyword.value, scope)
            continue
        inner = evaluate(Place(keyword.value, scope))
        if isinstance(inner, Known) and isinstance(inner.value, dict):
            found.update(inner.value)
        else:
            complete = False
    return found, complete


def _is_a_file(url: Place) -> bool:
    value = evaluate(url)
    return (
        isinstance(value, Known)
        and isinstance(value.value, str)
        and value.value.lower().startswith(("sqlite", "duckdb", "file:"))
    )


def _is_none(number: CodeNumber) -> bool:
    return number.number is None and not number.variable and not number.reason
