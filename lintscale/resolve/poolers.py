"""Poolers that run as workloads of their own: clients count against the pooler, and the pooler's
own pools against the database behind it.

Figures: pgbouncer.org/config.html (1.24, read August 2026): max_client_conn 100, default_pool_size
20 per user and database, reserve_pool_size 0, max_db_connections 0 (no bound).
"""

from __future__ import annotations

import re

from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.server_files import is_read, setting
from lintscale.resolve.urls import is_pooler_name
from lintscale.syntax.regex import regex

MAX_CLIENTS = 100
POOL_SIZE = 20

_PREFIX = r"(?:PGBOUNCER_)?"
"""Images differ in it: edoburu/pgbouncer and bitnami/pgbouncer."""

_IN_COMMAND = regex(r"\.ini\b")


def is_pooler(container: Container) -> bool:
    """Whether the container is PgBouncer or another pooler."""
    return is_pooler_name((container.image.value or "").lower())


def is_pgbouncer(container: Container) -> bool:
    return "pgbouncer" in (container.image.value or "").lower()


def client_limit(container: Container) -> Sourced[int]:
    """How many clients one instance takes."""
    if not is_pgbouncer(container):
        return Sourced(None, None, container.location, "how many clients it takes is not known")
    return _setting(container, "MAX_CLIENT_CONN", MAX_CLIENTS)


def server_pool(container: Container) -> tuple[Sourced[int], Sourced[int]]:
    """Connections that one instance holds to one database for one user, and what it may add."""
    if not is_pgbouncer(container):
        unknown: Sourced[int] = Sourced(
            None, None, container.location, "how large the pooler's pool is is not known"
        )
        return unknown, unknown
    most = _setting(container, "MAX_DB_CONNECTIONS", 0)
    if most.written and most.value:
        return most, _none(container.location)
    size = _setting(container, "DEFAULT_POOL_SIZE", POOL_SIZE)
    return size, _setting(container, "RESERVE_POOL_SIZE", 0)


def _setting(container: Container, name: str, default: int) -> Sourced[int]:
    pattern = re.compile(f"{_PREFIX}{name}")
    variable: EnvironmentVariable | None = next(
        (each for each in container.environment if pattern.fullmatch(each.name.upper())), None
    )
    if variable is not None:
        here = variable.value.location or variable.location
        text = (variable.value.value or "").strip()
        if re.fullmatch(r"[0-9]{1,7}", text):
            return Sourced(int(text), Source.FILE, here, variable.name)
        return Sourced(None, Source.FILE, here, f"{variable.name} is not known here")
    arguments = (container.command.value or "").split()
    in_file = setting(container, "pgbouncer", arguments, name.lower())
    if in_file is not None:
        return in_file
    reason = f"PgBouncer's {name.lower()} unless told"
    if is_read(container, "pgbouncer", arguments):
        return Sourced(default, Source.PLATFORM_DEFAULT, container.location, reason)
    if _IN_COMMAND.search(container.command.value or "") or not container.env_complete:
        return Sourced(
            default, Source.ASSUMED, container.location, f"{reason}; its file was not read"
        )
    return Sourced(default, Source.PLATFORM_DEFAULT, container.location, reason)


def _none(location: Location) -> Sourced[int]:
    return Sourced(0, Source.PLATFORM_DEFAULT, location, "max_db_connections bounds it")
