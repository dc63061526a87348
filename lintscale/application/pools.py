"""Where Python source makes connection pools, and how large it makes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from lintscale.application.modules import Module, Scope
from lintscale.application.values import (
    Known,
    Place,
    Unknown,
    Variable,
    evaluate,
    variables_of,
)
from lintscale.model import CodeNumber, CodePool, Location, Span

WORTH_PARSING = re.compile(
    rb"create_engine|create_async_engine|engine_from_config|create_pool|ConnectionPool"
    rb"|PooledPostgres|PooledMySQL|MongoClient|MotorClient|DATABASES|redis|register_tortoise"
    rb"|Tortoise|databases|SQLALCHEMY_|SQLAlchemy"
)
"""A file without any of these makes no pool."""


class _Call(NamedTuple):
    """How a library's call is told the size: keyword and position of the largest size, of the
    smallest one (which is the largest where that is left out), and of the overflow."""

    library: str
    family: str
    size: str
    position: int = -1
    smallest: str = ""
    overflow: str = ""
    url: tuple[str, ...] = ("url", "dsn", "conninfo", "host", "db_url")


_SQLALCHEMY = _Call("SQLAlchemy", "sql", "pool_size", overflow="max_overflow")
_REDIS = _Call("redis-py", "redis", "max_connections")
_BLOCKING = _REDIS._replace(library="redis-py's blocking pool")
_MONGO = _Call("the MongoDB driver", "mongodb", "maxPoolSize")
_PSYCOPG = _Call("psycopg_pool", "sql", "max_size", smallest="min_size")
_PSYCOPG2 = _Call("psycopg2.pool", "sql", "maxconn", position=1, url=("dsn", "database", "host"))
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


def pools_in(module: Module) -> list[CodePool]:
    """The pools that a module makes, at its top level and in its functions."""
    found = [pool for call, scope in _calls(module) for pool in _of_call(module, call, scope)]
    return [*found, *_django(module), *_flask(module)]


def _calls(module: Module) -> Iterator[tuple[ast.Call, Scope]]:
    stack: list[tuple[ast.AST, Scope]] = [(module.tree, module.scope())]
    while stack:
        node, scope = stack.pop()
        if isinstance(node, ast.Call):
            yield node, scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope = Scope(module, node)
        stack.extend((child, scope) for child in ast.iter_child_nodes(node))


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def _of_call(module: Module, call: ast.Call, scope: Scope) -> Iterator[CodePool]:
    known = CALLS.get(module.origin(_dotted(call.func)))
    if known is None:
        return
    arguments, complete = _arguments(call, scope)
    if "connection_pool" in arguments:
        return
    if module.origin(_dotted(call.func)) == "flask_sqlalchemy.SQLAlchemy":
        options = arguments.get("engine_options")
        if options is None:
            return
        inner = evaluate(options)
        arguments = (
            inner.value if isinstance(inner, Known) and isinstance(inner.value, dict) else {}
        )
        complete = bool(arguments)
    url = next((arguments[name] for name in known.url if name in arguments), None)
    if url is None and call.args and not isinstance(call.args[0], ast.Starred):
        url = Place(call.args[0], scope) if known.position != 0 else None
    if url is not None and _is_a_file(url):
        return
    size: CodeNumber | None = None
    if known.size in arguments:
        size = _number(arguments[known.size])
    elif 0 <= known.position < len(call.args):
        size = _number(Place(call.args[known.position], scope))
    if known.smallest in arguments and (size is None or _is_none(size)):
        size = _number(arguments[known.smallest])
    overflow = (
        _number(arguments[known.overflow])
        if known.overflow and known.overflow in arguments
        else None
    )
    here = _location(call, module)
    if size is not None and _is_none(size):
        size = None
    if size is None and not complete:
        size = CodeNumber(here, reason="its arguments are put together elsewhere")
    note = _pool_class(arguments)
    if note:
        size, overflow = CodeNumber(here, reason=note), None
    yield CodePool(
        library=known.library,
        family=known.family,
        size=size,
        overflow=overflow,
        variables=variables_of(url) if url is not None else (),
        location=here,
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


def _pool_class(arguments: dict[str, Place]) -> str:
    chosen = arguments.get("poolclass")
    name = _dotted(chosen.node).rpartition(".")[2] if chosen is not None else ""
    if name == "NullPool":
        return "NullPool keeps no pool: each piece of work opens a connection of its own"
    return ""


def _is_a_file(url: Place) -> bool:
    value = evaluate(url)
    return (
        isinstance(value, Known)
        and isinstance(value.value, str)
        and value.value.lower().startswith(("sqlite", "duckdb", "file:"))
    )


def _is_none(number: CodeNumber) -> bool:
    return number.number is None and not number.variable and not number.reason


def _number(place: Place) -> CodeNumber:
    here = _location(place.node, place.scope.module)
    value = evaluate(place)
    if isinstance(value, Known):
        if isinstance(value.value, bool):
            return CodeNumber(here, reason="it is no number")
        if isinstance(value.value, int):
            return CodeNumber(here, number=value.value)
        if isinstance(value.value, str) and re.fullmatch(r"-?[0-9]{1,7}", value.value.strip()):
            return CodeNumber(here, number=int(value.value))
        return CodeNumber(here) if value.value is None else CodeNumber(here, reason="no number")
    if isinstance(value, Variable):
        default = value.default.value if value.default is not None else None
        if isinstance(default, str) and re.fullmatch(r"-?[0-9]{1,7}", default.strip()):
            default = int(default)
        number = default if isinstance(default, int) and not isinstance(default, bool) else None
        return CodeNumber(here, number=number, variable=value.name)
    reason = value.reason if isinstance(value, Unknown) else "it is computed"
    return CodeNumber(here, reason=reason)


def _location(node: ast.AST, module: Module) -> Location:
    lines, line = module.lines, getattr(node, "lineno", 1)
    start = _column(lines, line, getattr(node, "col_offset", 0))
    end_line = getattr(node, "end_lineno", None) or line
    end = _column(lines, end_line, getattr(node, "end_col_offset", None) or 0)
    if end_line != line:
        end_line, end = line, len(lines[line - 1]) + 1 if line <= len(lines) else start + 1
    return Location(module.name, Span(line, start, end_line, max(end, start + 1)))


def _column(lines: list[str], line: int, offset: int) -> int:
    """ast counts bytes of UTF-8; lintscale counts characters from 1."""
    if not 0 < line <= len(lines):
        return 1
    return len(lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1


# -- Django and Flask are told in settings, not in calls ------------------------------------------


def _django(module: Module) -> Iterator[CodePool]:
    """Django 5.1 on: ``OPTIONS["pool"]`` (True, or psycopg_pool's arguments); without it each
    thread has a connection of its own (docs.djangoproject.com, "Databases")."""
    for value in module.bindings.get("DATABASES", ()):
        databases = evaluate(Place(value, module.scope()))
        if not isinstance(databases, Known) or not isinstance(databases.value, dict):
            continue
        for name, entry in databases.value.items():
            pool = _django_database(module, name, entry)
            if pool is not None:
                yield pool


def _django_database(module: Module, name: str, entry: Place) -> CodePool | None:
    here = _location(entry.node, module)
    told = evaluate(entry)
    variables = variables_of(entry)
    options: Place | None = _assigned_options(module, name)
    if isinstance(told, Known) and isinstance(told.value, dict):
        engine = evaluate(told.value["ENGINE"]) if "ENGINE" in told.value else None
        if isinstance(engine, Known) and "sqlite" in str(engine.value):
            return None
        variables = tuple(
            dict.fromkeys(v for part in told.value.values() for v in variables_of(part))
        )
        options = told.value.get("OPTIONS", options)
    pool = _entry(options, "pool")
    if pool is None:
        return CodePool("Django", "sql", None, None, variables, here, per_thread=True)
    said = evaluate(pool)
    if isinstance(said, Known) and isinstance(said.value, dict):
        size = None
        for key in ("max_size", "min_size"):
            if size is None and key in said.value:
                size = _number(said.value[key])
        return CodePool("psycopg_pool", "sql", size, None, variables, here)
    if isinstance(said, Known) and said.value is True:
        return CodePool("psycopg_pool", "sql", None, None, variables, here)
    if isinstance(said, Known):
        return CodePool("Django", "sql", None, None, variables, here, per_thread=True)
    unknown = CodeNumber(here, reason="Django's pool option is computed")
    return CodePool("psycopg_pool", "sql", unknown, None, variables, here)


def _entry(mapping: Place | None, key: str) -> Place | None:
    if mapping is None:
        return None
    value = evaluate(mapping)
    if isinstance(value, Known) and isinstance(value.value, dict):
        return value.value.get(key)
    return None


def _assigned_options(module: Module, name: str) -> Place | None:
    """``DATABASES["default"]["OPTIONS"] = …`` behind the definition."""
    for statement in module.tree.body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        keys: list[str] = []
        target: ast.expr = statement.targets[0]
        while isinstance(target, ast.Subscript):
            if isinstance(target.slice, ast.Constant):
                keys.insert(0, str(target.slice.value))
            target = target.value
        if isinstance(target, ast.Name) and target.id == "DATABASES":
            if keys == [name, "OPTIONS"]:
                return Place(statement.value, module.scope())
            if keys == [name, "OPTIONS", "pool"]:
                options = ast.Dict([ast.Constant("pool")], [statement.value])
                return Place(options, module.scope())
    return None


def _flask(module: Module) -> Iterator[CodePool]:
    """Flask-SQLAlchemy's ``SQLALCHEMY_ENGINE_OPTIONS``, as a name, a class attribute or an entry
    of ``app.config``."""
    places: list[Place] = []
    for node, scope in _assignments(module):
        for target in node.targets:
            key = target.slice if isinstance(target, ast.Subscript) else None
            named = isinstance(target, ast.Name) and target.id == "SQLALCHEMY_ENGINE_OPTIONS"
            entry = isinstance(key, ast.Constant) and key.value == "SQLALCHEMY_ENGINE_OPTIONS"
            if named or entry:
                places.append(Place(node.value, scope))
    for place in places:
        options = evaluate(place)
        if not isinstance(options, Known) or not isinstance(options.value, dict):
            continue
        arguments = options.value
        numbers = {
            name: _number(arguments[name]) if name in arguments else None
            for name in ("pool_size", "max_overflow")
        }
        here = _location(place.node, module)
        size, overflow = numbers["pool_size"], numbers["max_overflow"]
        note = _pool_class(arguments)
        if note:
            size, overflow = CodeNumber(here, reason=note), None
        yield CodePool("SQLAlchemy", "sql", size, overflow, (), here)


def _assignments(module: Module) -> Iterator[tuple[ast.Assign, Scope]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign):
            yield node, module.scope()
