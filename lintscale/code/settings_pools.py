"""Pools that settings configure, not calls: Django's and Flask-SQLAlchemy's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lintscale.code.modules import Module, statements
from lintscale.code.numbers import location, number, pool_class
from lintscale.code.values import Known, Place, evaluate, variables_of
from lintscale.model.declared import CodeNumber, CodePool

FLASK = "SQLALCHEMY_ENGINE_OPTIONS"


def django_pools(module: Module) -> Iterator[CodePool]:
    """Django 5.1 on: ``OPTIONS["pool"]`` (True, or psycopg_pool's arguments); without it each
    thread has a connection of its own (docs.djangoproject.com, "Databases"). Of several settings
    one is in force."""
    for value in module.bindings.get("DATABASES", ()):
        databases = evaluate(Place(value, module.scope()))
        if isinstance(databases, Known) and isinstance(databases.value, dict):
            for name, entry in databases.value.items():
                yield from _django_database(module, name, entry, value)
    for statement in statements(module.tree.body):
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                keys = _keys(target, "DATABASES")
                if len(keys) == 1:
                    entry = Place(statement.value, module.scope())
                    yield from _django_database(module, keys[0], entry, statement.value)


def _django_database(
    module: Module, name: str, entry: Place, settings: ast.expr
) -> Iterator[CodePool]:
    position = location(entry.node, module)
    side = f"{module.name}:{settings.lineno}"
    value = evaluate(entry)
    variables = variables_of(entry)
    options: Place | None = _assigned_options(module, name)
    if isinstance(value, Known) and isinstance(value.value, dict):
        engine = evaluate(value.value["ENGINE"]) if "ENGINE" in value.value else None
        if isinstance(engine, Known) and "sqlite" in str(engine.value):
            return
        variables = tuple(
            dict.fromkeys(v for part in value.value.values() for v in variables_of(part))
        )
        options = value.value.get("OPTIONS", options)
    pool = _entry(options, "pool")
    said = evaluate(pool) if pool is not None else Known(False)
    library, size = "psycopg_pool", None
    if isinstance(said, Known) and isinstance(said.value, dict):
        for key in ("max_size", "min_size"):
            if size is None and key in said.value:
                size = number(said.value[key])
    elif not isinstance(said, Known):
        size = CodeNumber(position, reason="pool option computed")
    elif said.value is not True:
        library = "Django"
    yield CodePool(
        library,
        "sql",
        size,
        None,
        variables,
        position,
        per_thread=library == "Django",
        choice="DATABASES",
        side=side,
    )


def _entry(mapping: Place | None, key: str) -> Place | None:
    if mapping is None:
        return None
    value = evaluate(mapping)
    if isinstance(value, Known) and isinstance(value.value, dict):
        return value.value.get(key)
    return None


def _assigned_options(module: Module, name: str) -> Place | None:
    """``DATABASES["default"]["OPTIONS"] = …`` behind the definition."""
    for statement in statements(module.tree.body):
        for target in statement.targets if isinstance(statement, ast.Assign) else ():
            assert isinstance(statement, ast.Assign)  # noqa: S101 - it has targets
            keys = _keys(target, "DATABASES")
            if keys == [name, "OPTIONS"]:
                return Place(statement.value, module.scope())
            if keys == [name, "OPTIONS", "pool"]:
                options = ast.Dict([ast.Constant("pool")], [statement.value])
                return Place(options, module.scope())
    return None


def _keys(target: ast.expr, name: str) -> list[str]:
    """The keys of ``NAME["a"]["b"]``; those of another name, or that are computed, are none."""
    keys: list[str] = []
    while isinstance(target, ast.Subscript):
        if not isinstance(target.slice, ast.Constant):
            return []
        keys.insert(0, str(target.slice.value))
        target = target.value
    return keys if isinstance(target, ast.Name) and target.id == name else []


def flask_pools(module: Module) -> Iterator[CodePool]:
    """Flask-SQLAlchemy's ``SQLALCHEMY_ENGINE_OPTIONS``, as a name, a class attribute, an entry of
    ``app.config`` or an argument of its ``update``. Of several configurations one is in force."""
    named = FLASK.encode() in module.modules.files.data(module.name)
    places = list(_options_in(module, FLASK)) if named else []
    if not places:
        return
    addresses = [variables_of(url) for url in _options_in(module, "SQLALCHEMY_DATABASE_URI")]
    variables = next((names for names in addresses if names), ())
    for place in places:
        options = evaluate(place)
        if not isinstance(options, Known) or not isinstance(options.value, dict):
            continue
        arguments = options.value
        size = number(arguments["pool_size"]) if "pool_size" in arguments else None
        overflow = number(arguments["max_overflow"]) if "max_overflow" in arguments else None
        position = location(place.node, module)
        note = pool_class(arguments)
        if note:
            size, overflow = CodeNumber(position, reason=note), None
        yield CodePool(
            "SQLAlchemy",
            "sql",
            size,
            overflow,
            variables,
            position,
            choice=FLASK,
            side=f"{module.name}:{position.line}",
        )


def _options_in(module: Module, name: str) -> Iterator[Place]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                key = target.slice if isinstance(target, ast.Subscript) else None
                named = isinstance(target, ast.Name) and target.id == name
                if named or (isinstance(key, ast.Constant) and key.value == name):
                    yield Place(node.value, module.scope())
        elif isinstance(node, ast.keyword) and node.arg == name:
            yield Place(node.value, module.scope())
