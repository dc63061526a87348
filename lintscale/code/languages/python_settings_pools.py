"""Pools that settings configure, not calls: Django's and Flask-SQLAlchemy's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lintscale._record import replace
from lintscale.code.evaluate import (
    Entries,
    Known,
    Unknown,
    Value,
    changed,
    changes_of,
    dotted,
    evaluate,
    origin,
    read,
    variables_of,
)
from lintscale.code.expressions import Call, Item, Literal, Mapping, Member, OneOf
from lintscale.code.pool_calls import is_file, number
from lintscale.code.units import Change, Class, Place, Scope, Unit
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.syntax.regex import regex

FLASK = "SQLALCHEMY_ENGINE_OPTIONS"
FLASK_URL = "SQLALCHEMY_DATABASE_URI"
_FLASK_PACKAGE = b"flask_sqlalchemy"

_NO_ADDRESS = frozenset(
    {"ENGINE", "OPTIONS", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "ATOMIC_REQUESTS", "TEST",
     "DISABLE_SERVER_SIDE_CURSORS", "AUTOCOMMIT", "TIME_ZONE"}
)  # fmt: skip
"""Keys of one of Django's databases that do not say where it is."""


# -- Django ---------------------------------------------------------------------------------------


def django(unit: Unit) -> Iterator[CodePool]:
    """Django 5.1 on: ``OPTIONS["pool"]`` (True, or psycopg_pool's arguments); without it each
    thread has a connection of its own (docs.djangoproject.com, "Databases"). Of several settings
    one is in force, and all of them mean the same databases."""
    top = Scope(unit.top)
    changes = unit.top.changes.get("DATABASES", [])
    places = [Place(value, top) for value in unit.top.bindings.get("DATABASES", ())]
    found: list[tuple[str, CodePool]] = []
    for place in places:
        for name, pool in _django_settings(unit, evaluate(place), changes):
            side = f"{unit.name}:{unit.location(place.node).line}"
            found.append((name, replace(pool, choice="DATABASES", side=side)))
    if not places and changes:
        # The settings that others build on: "from .base import *".
        base = tuple(top.find("DATABASES") or ())
        everything = changes_of("DATABASES", base, top)
        before = evaluate(Place(OneOf(base), top)) if base else Known(None)
        for name, pool in _django_settings(unit, before, everything):
            where = unit.location(changes[-1].value)
            side = f"{unit.name}:{where.line}"
            found.append((name, replace(pool, choice="DATABASES", side=side, location=where)))
    for name, pool in found:
        others = (v for other, each in found if other == name for v in each.variables)
        yield replace(pool, variables=tuple(dict.fromkeys((*pool.variables, *others))))


def _django_settings(
    unit: Unit, value: Value, changes: list[Change]
) -> Iterator[tuple[str, CodePool]]:
    before = value.values if isinstance(value, Entries) else {}
    after = changed(value if isinstance(value, Entries) else Entries({}, False), changes)
    for name, entry in after.values.items() if isinstance(after, Entries) else ():
        pool = _django_database(unit, before.get(name, entry), entry)
        if pool is not None:
            yield name, pool


def _django_database(unit: Unit, before: Place, entry: Place) -> CodePool | None:
    """None: it is a file, which is no server. ``before`` is what it was before it was changed."""
    position = before.scope.unit.location(before.node)
    value, plain = evaluate(entry), evaluate(before)
    variables = [*variables_of(before), *variables_of(entry)]
    options: Place | None = None
    if isinstance(value, Entries):
        engine = evaluate(value.values["ENGINE"]) if "ENGINE" in value.values else None
        if isinstance(engine, Known) and "sqlite" in str(engine.value):
            return None
        own = {**value.values, **(plain.values if isinstance(plain, Entries) else {})}
        said = [v for key in own if key in _NO_ADDRESS for v in variables_of(own[key])]
        parts = [v for key in own if key not in _NO_ADDRESS for v in variables_of(own[key])]
        variables = [*parts, *(name for name in variables if name not in said)]
        options = value.values.get("OPTIONS")
    elif is_file(value):
        return None
    inner = evaluate(options) if options is not None else Entries({})
    pool = inner.values.get("pool") if isinstance(inner, Entries) else None
    library, size = "psycopg_pool", None
    told: Value = evaluate(pool) if pool is not None else Known(False)
    if not isinstance(inner, Entries) or (pool is None and not inner.complete):
        told = Unknown("options from elsewhere")
    if isinstance(told, Entries):
        for key in ("max_size", "min_size"):
            if size is None and key in told.values:
                size = number(told.values[key])
        if size is None and not told.complete:
            size = CodeNumber(position, reason="options from elsewhere")
    elif not isinstance(told, Known):
        size = CodeNumber(position, reason="pool option computed")
    elif told.value is not True:
        library = "Django"
    names = tuple(dict.fromkeys(variables))
    per_thread = library == "Django"
    return CodePool(library, "sql", size, None, names, position, per_thread=per_thread)


# -- Flask-SQLAlchemy -----------------------------------------------------------------------------


def flask(unit: Unit) -> Iterator[CodePool]:
    """``SQLALCHEMY_ENGINE_OPTIONS`` and the address, as a name, a field of a class, an entry of
    ``app.config`` or an argument of its ``update`` (Flask-SQLAlchemy 3.1, "Configuration"). Of
    several configurations one is in force."""
    files = unit.sources.files
    data = files.data(unit.name)
    if FLASK.encode() not in data and FLASK_URL.encode() not in data:
        return
    if not any(_FLASK_PACKAGE in files.data(name) for name in (unit.name, *unit.sources.program)):
        return
    addresses = [*_given(unit, FLASK_URL)]
    names = next((names for place in addresses if (names := variables_of(place))), ())
    options = [*_given(unit, FLASK)]
    for place in options or addresses:
        pool = _flask_pool(place if options else None, place, names)
        if pool is not None:
            yield pool


def _flask_pool(options: Place | None, place: Place, names: tuple[str, ...]) -> CodePool | None:
    location = place.scope.unit.location(place.node)
    size, overflow = None, None
    value = evaluate(options) if options is not None else Entries({})
    if options is None and is_file(evaluate(place)):
        return None
    if isinstance(value, Entries):
        said = [number(value.values[k]) if k in value.values else None for k in _SIZES]
        size, overflow = said
        if size is None and not value.complete:
            size = CodeNumber(location, reason="options from elsewhere")
        kind = value.values.get("poolclass")
        if kind is not None and dotted(*kind).rpartition(".")[2] == "NullPool":
            reason = "NullPool keeps no pool: each piece of work opens a connection of its own"
            size, overflow = CodeNumber(location, reason=reason), None
    elif not isinstance(value, Known) or value.value:
        size = CodeNumber(location, reason="options from elsewhere")
    side = f"{location.file}:{location.line}"
    return CodePool("SQLAlchemy", "sql", size, overflow, names, location, choice=FLASK, side=side)


_SIZES = ("pool_size", "max_overflow")


def _given(unit: Unit, name: str) -> Iterator[Place]:
    """What a setting is given in a unit."""
    top = Scope(unit.top)
    for node in unit.top.bindings.get(name, ()):
        yield Place(node, top)
    for definition in _in_force(unit, name):
        field = definition.fields[name]
        if field.value is not None:
            yield Place(field.value, Scope(field.block or definition.block))
    for store in unit.stores:
        target = read(Place(store.target, Scope(store.block)))
        key = read(Place(target.key, Scope(store.block))) if isinstance(target, Item) else None
        if isinstance(key, Literal) and key.value == name:
            yield Place(store.value, Scope(store.block))
    for site in unit.calls:
        scope = Scope(site.block)
        call = read(Place(site.node, scope))
        for each in call.arguments if isinstance(call, Call) else ():
            inner = read(Place(each.value, scope)) if not each.name else None
            entries = inner.entries if isinstance(inner, Mapping) else ()
            if each.name == name:
                yield Place(each.value, scope)
            yield from (Place(entry.value, scope) for entry in entries if entry.key == name)


def _in_force(unit: Unit, name: str) -> list[Class]:
    """The classes whose setting may be in force: that of the class which the program chooses,
    with what it builds on; else those of all but the ones that are called after tests and
    development, if there are others."""
    having = [each for each in unit.classes.values() if name in each.fields]
    chosen = {each for each in _chosen(unit) if each in unit.classes}
    following = chosen.pop() if len(chosen) == 1 else ""
    for _ in range(10):
        definition = unit.classes.get(following)
        if definition is None:
            break
        if definition in having:
            return [definition]
        following = definition.bases[0].rpartition(".")[2] if definition.bases else ""
    return [each for each in having if not _ASIDE.match(each.name)] or having


_ASIDE = regex(r"(?:test|dev|local)", re.IGNORECASE)
"""How classes are called whose settings hold elsewhere than in production."""


def _chosen(unit: Unit) -> Iterator[str]:
    """The names of the classes that the program gives to ``config.from_object``."""
    sources = unit.sources
    for name in sources.program:
        own = sources.unit(name) if b".from_object" in sources.files.data(name) else None
        for site in own.calls if own is not None else ():
            scope = Scope(site.block)
            call = read(Place(site.node, scope))
            function = read(Place(call.function, scope)) if isinstance(call, Call) else None
            if not isinstance(call, Call) or not isinstance(function, Member):
                continue
            if function.name == "from_object" and call.arguments:
                given = call.arguments[0].value
                value = evaluate(Place(given, scope))
                text = value.value if isinstance(value, Known) else origin(given, scope)
                yield str(text).rpartition(".")[2]
