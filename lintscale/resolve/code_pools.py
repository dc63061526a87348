"""Pools that an application's source creates, or that the libraries it installs imply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from lintscale.code.commands import Invocation, invocations
from lintscale.code.pool_calls import is_for_tests
from lintscale.model.declared import (
    Application,
    CodeNumber,
    CodePool,
    Dependency,
    Workload,
)
from lintscale.model.resolved import Container
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.libraries import (
    BY_NAME,
    DJANGO,
    GO_SQL,
    OWNERS,
    PEEWEE,
    PHP,
    PRISMA,
    REDIS_PY,
    SQLALCHEMY,
    Library,
)
from lintscale.resolve.processes import answers_one_at_a_time
from lintscale.resolve.references import DatabaseReference, reference_by_variable
from lintscale.resolve.url_parameters import (
    REDIS_PY_BOUND,
    REDIS_PY_BOUND_SINCE,
    Installed,
    has_adapters,
)
from lintscale.resolve.words import words
from lintscale.syntax.regex import regex

_ADDRESS = regex(
    r"(?:^|_)(?:URL|URI|DSN|HOST|HOSTNAME|SERVER|ENDPOINT|ADDRESS|STRING|CONNECTION)(?:_|\Z)"
)
"""In the name of a variable: it says where a database is."""

SOURCES = (
    ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".go", ".rs", "config/database.yml",
)  # fmt: skip
"""How the names of files end that are an application's source and no config."""

MOST = 1_000_000
"""More connections than any server takes; larger numbers are taken for mistakes."""


class CodeSize(NamedTuple):
    """A pool's size as source code makes it. ``unbounded`` is true only where code says so."""

    library: str
    size: Sourced[int]
    overflow: Sourced[int]
    declared: str
    unbounded: bool
    pool: CodePool


def references_in_code(
    workload: Workload, container: Container, known: Iterable[DatabaseReference]
) -> list[DatabaseReference]:
    """Databases that only the source speaks of: it reads an address from a variable which the
    config does not set (a platform's dashboard does)."""
    application = container.application
    if application is None:
        return []
    is_complete = container.env_complete and workload.build is None
    found: dict[str, DatabaseReference] = {}
    known = list(known)
    families = {ref.family for ref in known}
    for pool in application.pools:
        if (
            (is_complete and not pool.elsewhere)
            or not pool.variables
            or (
                pool.family in families
                and (_reference_of(pool, known, container) or pool.per_thread)
            )
        ):
            continue
        if _is_unused(pool, container):
            continue
        if any(ref.variable in pool.variables for ref in found.values()):
            continue  # another way to the same database
        name = min(pool.variables, key=_is_no_address)
        ref = reference_by_variable(workload, name, pool.family, container.location)
        found.setdefault(ref.variable, ref)
    return [found[name] for name in sorted(found)]


_MIGRATION_TOOLS = frozenset({"goose", "flyway", "liquibase", "alembic", "atlas"})
"""In the name of a variable: a tool reads it that changes the schema and ends."""


def without_tools(
    refs: Sequence[DatabaseReference], container: Container
) -> list[DatabaseReference]:
    """Without those that only a migration tool reads, where the source of the service is known
    and reads other variables."""
    pools = container.application.pools if container.application is not None else ()
    read = {(pool.family, name.upper()) for pool in pools for name in pool.variables}
    families = {family for family, _ in read}
    return [
        ref
        for ref in refs
        if ref.family not in families
        or (ref.family, ref.variable.upper()) in read
        or not _MIGRATION_TOOLS & set(words(ref.variable))
    ]


def _is_unused(pool: CodePool, container: Container) -> bool:
    """Whether only tests use it: the container has none of their variables."""
    given = {variable.name.upper() for variable in container.environment}
    return is_for_tests(pool) and given.isdisjoint(name.upper() for name in pool.variables)


def _is_no_address(name: str) -> bool:
    return _ADDRESS.search(name.upper()) is None


def code_sizes(
    container: Container, refs: Sequence[DatabaseReference]
) -> dict[str, list[CodeSize]]:
    """The pools that the source makes, by the key of the database that each leads to. Those of
    which it is not known are left out, and of a choice all but the side that takes most."""
    application = container.application
    if application is None:
        return {}
    found: dict[str, list[CodeSize]] = {}
    known = [pool for pool in application.pools if _named_reference(pool, refs) is not None]
    for pool in application.pools:
        ref = _reference_of(pool, refs, container)
        if ref is None or _is_unused(pool, container):
            continue
        if not _is_beside(pool, known):
            found.setdefault(ref.key, []).append(_size(container, pool, application))
    return {
        key: _without_other_sides(_without_other_sides(sizes, _inner_side), _outer_side)
        for key, sizes in found.items()
    }


def _is_beside(pool: CodePool, known: Sequence[CodePool]) -> bool:
    """Whether it is a pool of which nothing says where it leads, beside one that is known to lead
    to the database: perhaps to another server, so that it does not take that one's place. What is
    made instead of the known one leads where that does."""
    others = [other for other in known if other.family == pool.family and other is not pool]
    if pool.variables or pool.per_thread or not others:
        return False
    return not any(
        other.choice == pool.choice not in ("", "start")
        or (other.inner_choice == pool.inner_choice != "" and other.side == pool.side)
        for other in others
    )


def unplaced(container: Container, refs: Sequence[DatabaseReference]) -> dict[str, CodeNumber]:
    """Sizes in source code of which it is not known which of several databases they are for, by
    family: no default holds there."""
    application = container.application
    found: dict[str, CodeNumber] = {}
    for pool in application.pools if application is not None else ():
        keys = {ref.key for ref in refs if ref.family == pool.family}
        size = pool.size or pool.overflow
        if size is not None and len(keys) > 1 and not pool.variables and not pool.host:
            found.setdefault(pool.family, size)
    return found


def _outer_side(pool: CodePool) -> tuple[str, str]:
    return pool.choice, pool.side


def _inner_side(pool: CodePool) -> tuple[str, str]:
    return pool.inner_choice, pool.inner_side


def _without_other_sides(
    sizes: Sequence[CodeSize], side_of: Callable[[CodePool], tuple[str, str]]
) -> list[CodeSize]:
    """Of each choice the side that says how large its pools are, and of several such the one that
    takes most."""
    sides: dict[str, dict[str, tuple[int, int]]] = {}
    for size in sizes:
        choice, side = side_of(size.pool)
        if choice:
            own = sides.setdefault(choice, {})
            rank, number = own.get(side, (2, 0))
            number += (size.size.value or 0) + max(0, size.overflow.value or 0)
            if size.declared == "declared":
                # No default takes the place of a size that is written and not known.
                rank = min(rank, 0 if size.size.value is not None else 1)
            own[side] = (rank, number)
    chosen = {
        choice: min(own, key=lambda side: (own[side][0], -own[side][1], side))
        for choice, own in sides.items()
    }
    kept = []
    for size in sizes:
        choice, side = side_of(size.pool)
        if not choice or chosen[choice] == side:
            kept.append(size)
    return kept


def installed_in(container: Container) -> Installed:
    """What its application installs, by package."""
    application = container.application
    listed = application.dependencies if application is not None else ()
    return {dependency.package: dependency for dependency in listed}


def library_of(container: Container, family: str) -> tuple[Library, Dependency] | None:
    """The library that holds the pools of a family, by the packages that are installed."""
    application = container.application
    if application is None:
        return None
    installed = installed_in(container)
    for package, library in OWNERS.get(family, ()):
        dependency = installed.get(package)
        if dependency is None or _is_other(dependency):
            continue
        if library is PRISMA and has_adapters(installed):
            continue
        return _of_version(library, dependency), dependency
    return None


def _is_other(dependency: Dependency) -> bool:
    """npm's and Ruby's redis are not redis-py."""
    name = dependency.location.file.rpartition("/")[2]
    return dependency.package == "redis" and name in ("package.json", "Gemfile")


def _of_version(library: Library, dependency: Dependency) -> Library:
    if library is REDIS_PY and dependency.major is not None:
        if dependency.major >= REDIS_PY_BOUND_SINCE:
            return Library(library.name, REDIS_PY_BOUND, 0, library.note)
        return Library(library.name, None, 0, f"{dependency.major} sets no bound")
    return library


def _reference_of(
    pool: CodePool, refs: Sequence[DatabaseReference], container: Container
) -> DatabaseReference | None:
    """The database that the pool leads to: by the variable that its address comes from; or the
    only one there is, unless the pool's address comes from variables that have no known value."""
    exact = _named_reference(pool, refs)
    if exact is not None:
        return exact
    candidates = [
        ref for ref in refs if ref.family == pool.family and not _is_another(pool.host, ref)
    ]
    given = {v.name.upper(): v.value.value for v in container.environment}
    named = {name.upper() for name in pool.variables}
    addresses = {name for name in named if not _is_no_address(name)}
    if (
        addresses
        and not pool.per_thread
        and (not named & given.keys() or any(given.get(name) for name in addresses))
    ):
        # What has a value and is none of the references leads elsewhere.
        return None
    return candidates[0] if len({ref.key for ref in candidates}) == 1 else None


def _is_another(host: str, ref: DatabaseReference) -> bool:
    """Whether a host that is written is another server's: that of the database is known to be
    another, or is told by a variable, so that it is neither this machine nor a written domain."""
    own = (ref.url.host if ref.url else "") or ref.host
    if not host or not own:
        return host in _THIS_MACHINE or "." in host
    short = min(host, own, key=len)
    return host != own and not (
        "." not in short and max(host, own, key=len).startswith(f"{short}.")
    )


_THIS_MACHINE = ("localhost", "127.0.0.1")


def _named_reference(pool: CodePool, refs: Sequence[DatabaseReference]) -> DatabaseReference | None:
    """The database whose address the pool reads, by the first variable that is one's."""
    by_name = {ref.variable.upper(): ref for ref in reversed(refs) if ref.family == pool.family}
    return next((by_name[n.upper()] for n in pool.variables if n.upper() in by_name), None)


def no_number(library: Library) -> str:
    """Why a library's default is no number."""
    about = f" ({library.note})" if library.note else ""
    return f"{library.name}'s default, no fixed number{about}"


# -- one pool -------------------------------------------------------------------------------------


def _size(container: Container, pool: CodePool, application: Application) -> CodeSize:
    if pool.per_thread:
        return _per_thread(container, pool)
    library = BY_NAME.get(pool.library) or Library(pool.library, None)
    if pool.library == REDIS_PY.name:
        own = [d for d in application.dependencies if d.package == "redis" and not _is_other(d)]
        library = _of_version(REDIS_PY, own[0]) if own else REDIS_PY
    size = (
        _number(container, pool.size)
        if pool.size is not None
        else _default(library.size, pool, library)
    )
    overflow = (
        _number(container, pool.overflow)
        if pool.overflow is not None
        else Sourced(
            library.overflow if library is SQLALCHEMY else 0,
            Source.PLATFORM_DEFAULT,
            pool.location,
            f"{library.name}'s default max_overflow" if library is SQLALCHEMY else "",
        )
    )
    if library is PHP and answers_one_at_a_time(container):
        reason = "one for each process of PHP"
        size = Sourced(1, Source.PLATFORM_DEFAULT, pool.location, reason)
    is_written = pool.size is not None or pool.overflow is not None
    unbounded = _is_unbounded(library, size, overflow if pool.overflow is not None else None)
    if pool.library == REDIS_PY.name and size.value == 0 and size.written:
        # redis-py, connection.py: "max_connections or …".
        size = _default(library.size, pool, library)
        unbounded = library.size is None and library is not REDIS_PY
    if unbounded and library is GO_SQL:
        size = Sourced(None, Source.FILE, size.location, "no bound in database/sql")
    return CodeSize(
        library.name,
        size,
        overflow,
        "declared" if is_written else "library default",
        unbounded,
        pool,
    )


def _is_unbounded(library: Library, size: Sourced[int], overflow: Sourced[int] | None) -> bool:
    """Whether the source says so. database/sql, DB.SetMaxOpenConns: unless it is called, or with
    no more than 0, there is no limit; peewee, PooledDatabase: 0 is none."""
    if library is GO_SQL:
        return size.source is None or (size.written and size.value is not None and size.value <= 0)
    if library is SQLALCHEMY and overflow is not None and (overflow.value or 0) < 0:
        return True
    return library in (SQLALCHEMY, PEEWEE) and size.written and size.value == 0


def _default(value: int | None, pool: CodePool, library: Library) -> Sourced[int]:
    if value is None:
        return Sourced(None, None, pool.location, no_number(library))
    return Sourced(value, Source.PLATFORM_DEFAULT, pool.location, f"{library.name}'s default")


def _number(container: Container, number: CodeNumber) -> Sourced[int]:
    """What the code's number is in this container: its variable may be set there."""
    location = number.location
    if number.variable:
        given = {variable.name.upper(): variable for variable in container.environment}
        names = (name.upper() for name in (number.variable, *number.others))
        variable = next((given[name] for name in names if name in given), None)
        if variable is not None:
            text = (variable.value.value or "").strip()
            where = variable.value.location or variable.location
            if re.fullmatch(r"-?[0-9]{1,7}", text) and int(text) <= MOST:
                return Sourced(int(text), Source.FILE, where, variable.name)
            return Sourced(None, Source.FILE, where, f"{variable.name}, not known")
        if number.number is None:
            return Sourced(None, Source.FILE, location, f"{number.variable}, not known")
        reason = f"the source code's default for {number.variable}"
        source = Source.FILE if container.env_complete else Source.ASSUMED
        return Sourced(number.number, source, location, reason)
    if number.number is None:
        return Sourced(None, Source.FILE, location, number.reason or "number not known")
    return Sourced(number.number, Source.FILE, location, "the source code")


def _per_thread(container: Container, pool: CodePool) -> CodeSize:
    """Django without a pool: each thread of a process holds one connection."""
    count, reason, is_written = _threads(container)
    location = container.command.location or pool.location
    size: Sourced[int]
    if count is None:
        size = Sourced(None, None, pool.location, reason)
    elif is_written and container.command.written:
        size = Sourced(count, Source.FILE, location, reason)
    else:
        size = Sourced(count, Source.PLATFORM_DEFAULT, pool.location, reason)
    none: Sourced[int] = Sourced(0, Source.PLATFORM_DEFAULT, pool.location, "no overflow in Django")
    declared = "declared" if size.written else "library default"
    return CodeSize(DJANGO.name, size, none, declared, False, pool)


def _threads(container: Container) -> tuple[int | None, str, bool]:
    """Threads of one process (gunicorn, settings: threads 1; uWSGI, options: threads 1), why they
    are so many, and whether the command says it."""
    runs = invocations(container.command.value) if container.command.value else []
    for run in reversed(runs):
        if run.program in ("gunicorn", "uwsgi"):
            return _threads_of(run, container)
        if run.program == "celery":
            pool = run.option("-P", "--pool")
            if pool in ("threads", "gevent", "eventlet"):
                reason = f"one per concurrent task of Django under celery --pool {pool}"
                return None, reason, False
            return 1, "one per thread of Django: 1 thread of a Celery process", False
        if run.program in ("uvicorn", "daphne", "hypercorn", "granian"):
            return None, f"one per concurrent request of Django under {run.program}", False
    return None, "one per thread of Django, number not known", False


def _threads_of(run: Invocation, container: Container) -> tuple[int | None, str, bool]:
    """gunicorn takes its options from GUNICORN_CMD_ARGS too."""
    name = "GUNICORN_CMD_ARGS"
    line = run.settings.get(name) or next(
        (v.value.value for v in container.environment if v.name == name), None
    )
    more = invocations(f"gunicorn {line}") if line and run.program == "gunicorn" else []
    runs = [run, *more]
    kind = next((found for r in runs if (found := r.option("-k", "--worker-class"))), "sync")
    if kind not in ("sync", "gthread"):
        return None, f"one per concurrent request of Django under gunicorn's {kind}", False
    text = next((found for r in runs if (found := r.option("--threads"))), "")
    if text and not re.fullmatch(r"[0-9]{1,4}", text):
        return None, f"threads of {run.program} not known", False
    count = max(1, int(text or "1"))
    noun = "thread" if count == 1 else "threads"
    reason = f"one per thread of Django: {count} {noun} of {run.program}"
    return count, reason, bool(run.option("--threads"))
