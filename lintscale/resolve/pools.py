"""Connection pools: how many connections one process holds to each database it uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lintscale.model.declared import CodeNumber
from lintscale.model.location import Location
from lintscale.model.resolved import Container, EnvironmentVariable, ProcessPool, UnreadParameters
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.code_pools import (
    SOURCES,
    CodeSize,
    code_sizes,
    installed_in,
    library_of,
    no_number,
    unplaced,
)
from lintscale.resolve.libraries import (
    ACTIVE_RECORD,
    ASSUMED,
    ASSUMED_BEHIND_JDBC,
    ASSUMED_ELSEWHERE,
    DJANGO,
    GO_SQL,
    MONGODB,
    NAMED_BY_VARIABLES,
    PHP,
    PRISMA,
    REDIS_PY,
    SQLALCHEMY,
    Library,
)
from lintscale.resolve.limits import is_pgbouncer, is_pooler, server_pool
from lintscale.resolve.processes import answers_one_at_a_time, program_of
from lintscale.resolve.properties import plain_name, variables_of
from lintscale.resolve.references import DatabaseReference, family_of, unread_parameters
from lintscale.resolve.url_parameters import (
    REDIS_PY_BOUND,
    REDIS_PY_BOUND_SINCE,
    Installed,
    size_parameter,
)
from lintscale.resolve.words import words
from lintscale.syntax.regex import regex

MOST = 1_000_000
"""More connections than any server takes; larger numbers are taken for mistakes."""

_SETTING = regex(
    r"(?:^|_)(?P<what>POOL_(?:MAX_)?SIZE|POOL_MAX|MAX_OVERFLOW|MAX_CONNECTIONS|MAX_CONNS"
    r"|MAX_OPEN(?=_CONN))(?:_CONN(?:ECTION)?S?)?\Z"
    r"|(?:^|_)(?:DB|DATABASE)_(?P<plain>POOL)\Z"
    r"|(?:^|_)(?:DATASOURCE_(?:\w+_)?(?:JDBC|REACTIVE)_(?P<quarkus>MAX_SIZE)"
    r"|GRAPHQL_(?P<hasura>PG_CONNECTIONS))\Z"
)

_OF_SOMETHING_ELSE = frozenset(
    {"thread", "threads", "http", "https", "worker", "workers", "ws", "websocket", "websockets",
     "grpc", "executor", "kafka", "rabbit", "rabbitmq", "amqp", "nats", "process", "buffer", "s3",
     "tcp", "upload", "min", "client", "nginx", "proxy", "elastic", "elasticsearch"}
)  # fmt: skip
"""In the name of a setting: it is about another pool, or about its smallest size."""

_FAMILY_WORDS = {
    **dict.fromkeys(("redis", "valkey", "cache", "celery", "broker"), "redis"),
    **dict.fromkeys(("mongo", "mongodb"), "mongodb"),
}

_GENERIC_WORDS = frozenset(
    {"db", "database", "sql", "sqlalchemy", "postgres", "postgresql", "pg", "pgsql", "mysql",
     "mariadb", "redis", "valkey", "mongo", "mongodb", "cache", "pool", "max", "size", "maximum",
     "overflow", "connections", "conns", "connection", "url", "uri", "dsn", "string", "spring",
     "datasource", "datasources", "hikari", "orm", "jdbc", "r2dbc", "reactive", "quarkus",
     "default", "host", "async", "celery", "broker", "app", "open", "conn", "kc",
     "postgresdb", "mysqldb", "private", "prisma", "typeorm", "hostname", "server", "endpoint",
     "address"}
)  # fmt: skip
"""What a setting's name says beside which of several databases it means."""

_PRECEDENCE = (
    "POOL_MAX_SIZE", "POOL_MAX", "MAX_CONNECTIONS", "MAX_CONNS", "MAX_OPEN", "POOL_SIZE", "POOL",
)  # fmt: skip
"""Of several sizes that are written for one pool, the one that bounds it."""

_NO_BOUND = "no bound in SQLAlchemy"
_NO_BOUND_IN_GO = "no bound in database/sql"


class _Setting(NamedTuple):
    """A variable that sizes a pool. ``specific`` are the words that say which one."""

    name: str
    what: str
    family: str
    specific: frozenset[str]
    variable: EnvironmentVariable

    @property
    def value(self) -> Sourced[int]:
        """The number that is written; unknown when it is none."""
        sourced = self.variable.value
        location = sourced.location or self.variable.location
        text = (sourced.value or "").strip()
        if not re.fullmatch(r"-?[0-9]{1,7}", text) or int(text) > MOST:
            return Sourced(None, Source.FILE, location, f"{self.name} not known")
        return Sourced(int(text), Source.FILE, location, self.name)


def pools_of(container: Container, refs: Sequence[DatabaseReference]) -> list[ProcessPool]:
    """One pool for each database (by :attr:`DatabaseReference.key`) that the container uses."""
    chosen: dict[str, DatabaseReference] = {}
    for ref in sorted(refs, key=_preference):
        chosen.setdefault(ref.key, ref)
    if not chosen:
        return []
    if is_pooler(container):
        return [_pool(container, ref, _of_pooler(container)) for _, ref in sorted(chosen.items())]
    settings = _settings(container)
    families = [ref.family for ref in chosen.values()]
    rails = program_of(container) == "rails" or any(
        variable.name.startswith("RAILS_") for variable in container.environment
    )
    program, installed = program_of(container), installed_in(container)
    unread = {
        key: unread_parameters((ref for ref in refs if ref.key == key), program, installed)
        for key in chosen
    }
    in_code = code_sizes(container, refs)
    not_placed = unplaced(container, refs)
    pools = []
    for key, ref in sorted(chosen.items()):
        own_settings = _settings_for(ref, settings, families.count(ref.family))
        # The code itself knows best: a variable counts only if it reads it.
        sizes = [_from_code(size, ref, installed) for size in in_code.get(key, ())]
        found = sizes or [_by_config(container, ref, own_settings, rails)]
        if not sizes and ref.family in not_placed and found[0].declared != "declared":
            found = [_not_placed(found[0], not_placed[ref.family])]
        pools += [_pool(container, ref, size, unread[key]) for size in found]
    return pools


def _preference(ref: DatabaseReference) -> tuple[object, ...]:
    """Of several ways to one database, the one that says most stands for it."""
    library = ref.url.library if ref.url else None
    named = bool(_ADDRESS_WORDS & set(words(ref.variable)))
    return (
        ref.url is None,
        library is None,
        ref.variable != "DATABASE_URL",
        not named and ref.taken not in _ADDRESSES,
        ref.variable,
    )


_ADDRESS_WORDS = frozenset({"url", "uri", "dsn", "host", "hostname", "string", "address"})
"""In the name of a variable: it says where the database is, not which part of it is meant."""

_ADDRESSES = frozenset({"connectionString", "connectionPoolString", "host", "hostport"})
"""Properties of a database that say where it is."""


# -- which settings mean which pool ---------------------------------------------------------------


def _settings(container: Container) -> list[_Setting]:
    found = []
    for variable in sorted(variables_of(container), key=lambda variable: variable.name):
        name = plain_name(variable.name)
        match = _SETTING.search(name)
        parts = frozenset(words(name))
        if match is None or parts & _OF_SOMETHING_ELSE:
            continue
        family = next((_FAMILY_WORDS[p] for p in sorted(parts) if p in _FAMILY_WORDS), "sql")
        what = match["what"] or match["plain"] or "POOL_SIZE"
        specific = parts - _GENERIC_WORDS
        found.append(_Setting(variable.name, what, family, specific, variable))
    return found


def _settings_for(
    ref: DatabaseReference, settings: list[_Setting], in_family: int
) -> list[_Setting]:
    """Those of its family. Of several databases in a family, settings with its own words go to
    the database of that name, and those without go to the ones that have none of their own."""
    matching = [setting for setting in settings if setting.family == family_of(ref.engine)]
    if in_family == 1:
        return matching
    specific = frozenset(words(ref.variable)) - _GENERIC_WORDS
    own = [setting for setting in matching if setting.specific and setting.specific == specific]
    return own or [setting for setting in matching if not setting.specific]


# -- one pool -------------------------------------------------------------------------------------


class _Size(NamedTuple):
    library: str
    size: Sourced[int]
    overflow: Sourced[int]
    declared: str
    unbounded: bool = False
    code_location: Location | None = None


def _by_config(
    container: Container, ref: DatabaseReference, settings: list[_Setting], rails: bool
) -> _Size:
    library = _library(ref, rails, container)
    found = _from_url(ref, installed_in(container)) or _from_settings(
        ref, settings, container, library
    )
    found = found or _without_pool(ref, container)
    return found or _by_default(ref, library, container)


def _of_pooler(container: Container) -> _Size:
    size, overflow = server_pool(container)
    declared = "declared" if size.written else "library default"
    return _Size("PgBouncer" if is_pgbouncer(container) else "", size, overflow, declared)


def _not_placed(default: _Size, number: CodeNumber) -> _Size:
    reason = "one of the source's pools, and which is not known"
    size: Sourced[int] = Sourced(None, Source.FILE, number.location, reason)
    return default._replace(
        size=size, overflow=_none(number.location, default.library), declared="declared",
        code_location=number.location,
    )  # fmt: skip


def _from_code(found: CodeSize, ref: DatabaseReference, installed: Installed) -> _Size:
    if found.pool.size is None:
        # What the code leaves open may stand in the URL.
        by_url = _from_url(ref, installed)
        if by_url is not None and by_url.library == found.library:
            return by_url._replace(code_location=found.pool.location)
    return _Size(
        found.library,
        found.size,
        found.overflow,
        found.declared,
        found.unbounded,
        found.pool.location,
    )


def _pool(
    container: Container,
    ref: DatabaseReference,
    found: _Size,
    unread: tuple[UnreadParameters, ...] = (),
) -> ProcessPool:
    # A finding is placed in the config; the source is a related place.
    written = [part for part in (found.size, found.overflow) if part.written]
    place = next((part for part in written if not _is_source(part.location)), ABSENT)
    installed = None
    if found.declared == "library default" and found.code_location is None:
        installed = library_of(container, ref.family)
    return ProcessPool(
        database=ref.key,
        library=found.library,
        size=found.size,
        overflow=found.overflow,
        per_process=_per_process(found),
        unbounded=found.unbounded or _is_unbounded_sqlalchemy(found),
        engine=ref.engine,
        variable=ref.variable,
        declared=found.declared,
        container=container.name,
        location=place.location or ref.location,
        through_pooler=ref.pooled,
        unread_parameters=unread,
        code_location=found.code_location,
        library_location=installed[1].location if installed else None,
    )


def _is_source(location: Location | None) -> bool:
    return location is not None and location.file.endswith(SOURCES)


def _from_url(ref: DatabaseReference, installed: Installed) -> _Size | None:
    parameter = size_parameter(ref.url, installed) if ref.url else None
    if parameter is None:
        return None
    known, text = parameter
    reason = f"{known.name} in {ref.variable}"
    size: Sourced[int] = Sourced(None, Source.FILE, ref.location, f"{reason} not known")
    if re.fullmatch(r"[0-9]{1,7}", text) and 0 < int(text) <= MOST:
        size = Sourced(int(text), Source.FILE, ref.location, reason)
    unbounded = text == "0" and known.zero_is_none
    redis = installed.get("redis") if known.library is REDIS_PY else None
    if unbounded and redis is not None and (redis.major or 0) >= REDIS_PY_BOUND_SINCE:
        # redis-py 8: 0 is what is not written.
        size, unbounded = _default(REDIS_PY_BOUND, ref.location, reason), False
    if unbounded:
        size = Sourced(None, Source.FILE, ref.location, f"no bound: {known.name} is 0")
    overflow = _none(ref.location, known.library.name)
    return _Size(known.library.name, size, overflow, "declared", unbounded)


def _library(ref: DatabaseReference, rails: bool, container: Container) -> Library | None:
    """What holds the pool, as far as the URL, the names of variables and the packages that are
    installed tell."""
    installed = library_of(container, ref.family)
    by_url = ref.url.library if ref.url is not None else None
    if by_url is not None and not (by_url is PRISMA and installed is not None):
        return by_url
    if installed is not None:
        return installed[0]
    if ref.family == "mongodb":
        return MONGODB
    if "sqlalchemy" in words(ref.variable):
        return SQLALCHEMY
    parts = words(ref.variable)
    for beginning, library in NAMED_BY_VARIABLES:
        if parts[: len(beginning)] == beginning:
            return library
    return ACTIVE_RECORD if rails and ref.family == "sql" else None


def _from_settings(
    ref: DatabaseReference, settings: list[_Setting], container: Container, library: Library | None
) -> _Size | None:
    sizes = [setting for setting in settings if setting.what != "MAX_OVERFLOW"]
    sizes.sort(key=lambda setting: (_PRECEDENCE.index(setting.what), setting.name))
    overflows = [setting for setting in settings if setting.what == "MAX_OVERFLOW"]
    if library is None and (overflows or _speaks_of_sqlalchemy(ref, settings)):
        library = SQLALCHEMY
    threads = {variable.name: variable for variable in container.environment}
    if not sizes and library is ACTIVE_RECORD and "RAILS_MAX_THREADS" in threads:
        variable = threads["RAILS_MAX_THREADS"]
        sizes = [_Setting(variable.name, "POOL", "sql", frozenset(), variable)]
    if not sizes and not overflows:
        return None
    if not sizes:
        size = _default(SQLALCHEMY.size or 0, ref.location, "SQLAlchemy's default pool_size")
        return _Size(SQLALCHEMY.name, size, overflows[0].value, "library default")
    size = sizes[0].value
    if sizes[0].what == "MAX_OPEN" and size.value is not None and size.value <= 0:
        # database/sql, DB.SetMaxOpenConns: no more than 0 is no limit.
        size = Sourced(None, Source.FILE, size.location, _NO_BOUND_IN_GO)
        overflow = _none(size.location, GO_SQL.name)
        return _Size(GO_SQL.name, size, overflow, "declared", unbounded=True)
    if overflows:
        overflow = overflows[0].value
    elif library is SQLALCHEMY:
        reason = "SQLAlchemy's default max_overflow"
        overflow = _default(SQLALCHEMY.overflow, size.location, reason)
    else:
        overflow = _none(size.location, library.name if library else "")
    return _Size(library.name if library else "", size, overflow, "declared")


def _speaks_of_sqlalchemy(ref: DatabaseReference, settings: list[_Setting]) -> bool:
    return "sqlalchemy" in words(ref.variable) or any(
        "sqlalchemy" in words(setting.name) for setting in settings
    )


_PHP_DRIVERS = frozenset({"pgsql", "mysql", "mariadb", "sqlsrv"})
"""What Laravel's DB_CONNECTION says (config/database.php)."""


def _without_pool(ref: DatabaseReference, container: Container) -> _Size | None:
    """What opens a connection for each thread or process that answers a request, and so has no
    pool whose size could be said."""
    if family_of(ref.engine) != "sql" or (ref.url is not None and ref.url.library is not None):
        return None
    values = {variable.name: variable.value.value for variable in container.environment}
    library = None
    if "DJANGO_SETTINGS_MODULE" in values:
        library = DJANGO
    elif values.get("DB_CONNECTION") in _PHP_DRIVERS or "WORDPRESS_DB_HOST" in values:
        library = PHP
    if library is None:
        return None
    size: Sourced[int] = Sourced(None, Source.PLATFORM_DEFAULT, ref.location, library.note)
    return _Size(library.name, size, _none(ref.location, library.name), "library default")


_OTHER_PROGRAMS = frozenset(
    {"node", "npm", "npx", "pnpm", "yarn", "bun", "bunx", "deno", "tsx", "ts-node", "next", "nest",
     "nuxt", "pm2", "pm2-runtime", "java", "gradlew", "mvnw", "dotnet", "mix", "elixir", "iex",
     "php", "php-fpm", "frankenphp", "cargo", "go", "puma", "rackup", "unicorn", "ruby", "sidekiq"}
)  # fmt: skip
"""Programs that run no Python."""


def _is_of_another_language(container: Container) -> bool:
    """By what it runs, or by what its application installs."""
    if program_of(container) in _OTHER_PROGRAMS:
        return True
    application = container.application
    files = {d.location.file for d in application.dependencies} if application else set()
    return bool(files) and not any(
        file.endswith((".txt", ".in", ".toml", "Pipfile", "setup.cfg"))
        and not file.endswith("Cargo.toml")
        for file in files
    )


def _by_default(ref: DatabaseReference, library: Library | None, container: Container) -> _Size:
    if library is PHP and answers_one_at_a_time(container):
        size = _default(1, ref.location, "one for each process of PHP")
        return _Size(PHP.name, size, _none(ref.location, PHP.name), "library default")
    if library is not None:
        reason = f"{library.name}'s default"
        if ref.url and library is SQLALCHEMY and "pool_size" in ref.url.parameters:
            reason += ": pool_size in a URL goes to the driver"
        overflow = (
            _default(library.overflow, ref.location, reason)
            if library.overflow
            else _none(ref.location, library.name)
        )
        if library.size is not None:
            size = _default(library.size, ref.location, reason)
            return _Size(library.name, size, overflow, "library default")
        assumed = library.least is not None
        source = Source.ASSUMED if assumed else Source.PLATFORM_DEFAULT
        size = Sourced(library.least, source, ref.location, no_number(library))
        declared = "assumed" if assumed else "library default"
        return _Size(library.name, size, overflow, declared)
    if ref.family != "sql":
        # Most clients of Redis share one connection; some open one for each caller.
        reason = "connections of its client not known"
        unknown: Sourced[int] = Sourced(None, Source.ASSUMED, ref.location, reason)
        return _Size("", unknown, _none(ref.location, ""), "assumed")
    reason = "default of the most common library, as no file sets a size"
    assumption = ASSUMED
    if ref.url and ref.url.jdbc:
        assumption = ASSUMED_BEHIND_JDBC
    elif _is_of_another_language(container):
        assumption = ASSUMED_ELSEWHERE
    return _Size(
        "",
        Sourced(assumption.size, Source.ASSUMED, ref.location, reason),
        Sourced(assumption.overflow, Source.ASSUMED, ref.location, reason),
        "assumed",
    )


def _is_unbounded_sqlalchemy(found: _Size) -> bool:
    """SQLAlchemy, QueuePool: a pool_size of 0 and a max_overflow of -1 mean no limit."""
    return found.library == SQLALCHEMY.name and (
        found.size.value == 0 or (found.overflow.value or 0) < 0
    )


def _per_process(found: _Size) -> Sourced[int]:
    size, overflow = found.size, found.overflow
    place = size if size.written else overflow if overflow.written else size
    if _is_unbounded_sqlalchemy(found):
        return Sourced(None, Source.FILE, place.location, _NO_BOUND)
    if size.value is None and not size.written:
        return size
    if size.value is None or size.value < 1:
        reason = size.reason if size.value is None else f"{size.reason}: not a size"
        return Sourced(None, Source.FILE, place.location, reason)
    if overflow.value is None or overflow.value < 0:
        return Sourced(None, Source.FILE, overflow.location, overflow.reason)
    reason = f"{size.value} + {overflow.value} overflow" if overflow.value else ""
    return Sourced(size.value + overflow.value, place.source, place.location, reason)


def _default(value: int, location: Location | None, reason: str) -> Sourced[int]:
    return Sourced(value, Source.PLATFORM_DEFAULT, location, reason)


def _none(location: Location | None, library: str) -> Sourced[int]:
    """No overflow: the library has none, or nothing says which library it is."""
    if library:
        return Sourced(0, Source.PLATFORM_DEFAULT, location, f"no overflow in {library}")
    reason = "no overflow written, library not known"
    return Sourced(0, Source.ASSUMED, location, reason) if location else ABSENT
