"""What limits the connections of a database or pooler, beside what a platform declares.

For servers that run as workloads: their mounted files, variables and commands (postgresql.conf,
my.cnf, redis.conf, pgbouncer.ini). A pooler's clients count against the pooler, and its own pools
against the database behind it. For hosted databases: the provider, by the host name, and the plan,
by the configuration; hosted_limits.toml has the figures, each with its source and date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lintscale._record import record
from lintscale.model.declared import Container, EnvironmentVariable, MountedFile
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.urls import is_pooler_name
from lintscale.syntax.regex import regex

_DEFAULT_FILES = {
    # The image's data folder, and the folders of Bitnami's image (its README, August 2026).
    "postgresql": regex(r".*/(?:pg)?data/postgresql\.conf|(?:/opt)?/bitnami/postgresql/conf/.*"),
    # dev.mysql.com/doc/refman/8.4/en/option-files.html, and mariadb.com's like it.
    "mysql": regex(r"/etc/(?:mysql/.*|my\.cnf(?:\.d/.*)?)|(?:/opt)?/bitnami/\w+/conf/.*"),
    "redis": regex(r"(?:/opt)?/bitnami/redis/(?:mounted-)?etc/.*"),
    "pgbouncer": regex(r".*/pgbouncer\.ini"),
}
"""Files that a server reads by default, by engine."""

_LIKELY = {"postgresql": "postgresql.conf", "redis": "redis.conf", "mysql": "my.cnf"}

_FILE_OPTION = regex(
    r"(?:-c|--)?config[_-]file=(?P<path>.+)|--defaults(?:-extra)?-file=(?P<other>.+)"
)

MAX_CLIENTS = 100
POOL_SIZE = 20
"""PgBouncer's defaults (pgbouncer.org/config.html, 1.24, read August 2026): max_client_conn,
default_pool_size per user and database; reserve_pool_size 0, max_db_connections 0 (no bound)."""

_PREFIX = r"(?:PGBOUNCER_)?"
"""Images differ in it: edoburu/pgbouncer and bitnami/pgbouncer."""

_IN_COMMAND = regex(r"\.ini\b")

HOSTED_TABLE = Path(__file__).with_name("hosted_limits.toml")

_HOSTS = (
    (r"\.cluster-(?:ro-|custom-)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com", "aurora"),
    (r"\.rds\.amazonaws\.com", "rds"),
    (r"\.cache\.amazonaws\.com", "elasticache"),
    (r"\.neon\.tech\b", "neon"),
    (r"\.supabase\.(?:co|com)\b", "supabase"),
    (r"\.postgres\.database\.azure\.com", "azure"),
)
"""Providers by what their host names end with; compiled when the first host turns up."""

_GIB = 1024**3
_CLASS = regex(r"(?:db|cache)\.([a-z]+)\d+[a-z]*\.(?:(\d*)x)?(micro|small|medium|large)\Z")
_LARGE_GIB = {"t": 8, "m": 8, "r": 16, "x": 32, "c": 4}
"""GiB of memory of a family's ``large``; each doubling of its size doubles it
(aws.amazon.com/rds/instance-types, August 2026)."""
_SMALL_GIB = {"micro": 1, "small": 2, "medium": 4}


# -- servers that run as workloads ----------------------------------------------------------------


def setting(
    container: Container, engine: str, arguments: Sequence[str], *names: str
) -> Sourced[int] | None:
    """The number that the last of the server's files gives for one of ``names``; None where no
    mounted file is read, or none says it. Unknown where the file is not among the scanned ones."""
    found: Sourced[int] | None = None
    pattern = _pattern(names)
    for file in _read(container, engine, arguments):
        if file.text.value is None:
            return Sourced(None, Source.FILE, container.location, f"{file.path}, not read")
        matches = list(pattern.finditer(file.text.value))
        if matches:
            where = file.text.location or container.location
            found = Sourced(int(matches[-1][1]), Source.FILE, where, f"set in {_last(file.path)}")
    return found


def _pattern(names: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(re.escape(name).replace("_", "[_-]") for name in names)
    return re.compile(
        rf"^[ \t]*(?:{either})[ \t]*[= \t][ \t]*'?([0-9]{{1,6}})'?[ \t]*(?:[#;].*)?\r?$",
        re.MULTILINE | re.IGNORECASE,
    )


def is_read(container: Container, engine: str, arguments: Sequence[str]) -> bool:
    """Whether all that the server's files say is known: it reads one, and its text is there."""
    files = list(_read(container, engine, arguments))
    return bool(files) and all(file.text.value is not None for file in files)


def _read(container: Container, engine: str, arguments: Sequence[str]) -> Iterator[MountedFile]:
    """The mounted files that the server reads, in the order in which it does; what may or may not
    be read, without its text."""
    named = set(_named_files(arguments))
    default = _DEFAULT_FILES.get(engine)
    for file in container.files:
        if file.path in named or (default is not None and default.fullmatch(file.path)):
            yield file
            continue
        likely = not named and _last(file.path) == _LIKELY.get(engine)
        inside = file.text.source is None and any(p.startswith(f"{file.path}/") for p in named)
        if likely or inside:
            yield MountedFile(file.path, file.group)


def _named_files(arguments: Sequence[str]) -> Iterator[str]:
    for index, argument in enumerate(arguments):
        match = _FILE_OPTION.fullmatch(argument)
        if match:
            yield match["path"] or match["other"]
        elif argument.startswith("/") and argument.endswith((".conf", ".cnf", ".ini")):
            yield argument
        elif argument in ("--config_file", "--config-file") and index + 1 < len(arguments):
            yield arguments[index + 1]


def _last(path: str) -> str:
    return path.rpartition("/")[2]


# -- poolers --------------------------------------------------------------------------------------


def is_pooler(container: Container) -> bool:
    """Whether the container is PgBouncer or another pooler."""
    return is_pooler_name((container.image.value or "").lower())


def is_pgbouncer(container: Container) -> bool:
    return "pgbouncer" in (container.image.value or "").lower()


def client_limit(container: Container) -> Sourced[int]:
    """How many clients one instance takes."""
    if not is_pgbouncer(container):
        return Sourced(None, None, container.location, "number of clients not known")
    return _setting(container, "MAX_CLIENT_CONN", MAX_CLIENTS)


def server_pool(container: Container) -> tuple[Sourced[int], Sourced[int]]:
    """Connections that one instance holds to one database for one user, and what it may add."""
    if not is_pgbouncer(container):
        unknown: Sourced[int] = Sourced(
            None, None, container.location, "pool size of the pooler not known"
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
        location = variable.value.location or variable.location
        text = (variable.value.value or "").strip()
        if re.fullmatch(r"[0-9]{1,7}", text):
            return Sourced(int(text), Source.FILE, location, variable.name)
        return Sourced(None, Source.FILE, location, f"{variable.name} not known")
    arguments = (container.command.value or "").split()
    in_file = setting(container, "pgbouncer", arguments, name.lower())
    if in_file is not None:
        return in_file
    reason = f"PgBouncer's default {name.lower()}"
    if is_read(container, "pgbouncer", arguments):
        return Sourced(default, Source.PLATFORM_DEFAULT, container.location, reason)
    if _IN_COMMAND.search(container.command.value or "") or not container.env_complete:
        return Sourced(default, Source.ASSUMED, container.location, f"{reason}, file not read")
    return Sourced(default, Source.PLATFORM_DEFAULT, container.location, reason)


def _none(location: Location) -> Sourced[int]:
    return Sourced(0, Source.PLATFORM_DEFAULT, location, "max_db_connections bounds it")


# -- hosted databases -----------------------------------------------------------------------------


@record
class HostedLimit:
    """``connections`` the database takes, ``reserved`` of them for administrators. ``reason``
    names the provider, the plan and the date."""

    connections: int | None
    reserved: int
    reason: str


def provider_of(names: Iterable[str]) -> str:
    """The provider that one of these host names belongs to; "" when none does."""
    for name in names:
        if "." not in name:
            continue
        for pattern, provider in _HOSTS:
            if re.search(pattern, name.lower()):
                return provider
    return ""


def hosted_limit(provider: str, engine: str, plan: str) -> HostedLimit | None:
    """What a provider's database of this engine ("" is PostgreSQL where it has only that) takes
    on this plan; None where the table does not say."""
    for row in _rows():
        if row["provider"] != provider or engine not in ("", row["engine"]):
            continue
        if engine == "" and provider in ("rds", "aurora"):
            return None
        found = _by_row(row, _normal(plan))
        if found is not None:
            return found
    return None


def _by_row(row: dict[str, Any], plan: str) -> HostedLimit | None:
    connections: int | None = row.get("connections")
    if connections is None and plan:
        connections = row.get("plans", {}).get(plan)
        memory = _memory_gib(plan)
        if connections is None and "per-byte" in row and memory is not None:
            connections = min(memory * _GIB // row["per-byte"], row.get("at-most", 10**6))
    if connections is None:
        return None
    about = f"{row['provider']} {plan}".strip()
    nominal = ", upper bound by nominal memory" if "per-byte" in row else ""
    return HostedLimit(connections, row["reserved"], f"{about} (read {row['read']}{nominal})")


def _memory_gib(plan: str) -> int | None:
    """Nominal memory of an AWS instance class ("db.r6g.2xlarge")."""
    match = _CLASS.match(plan)
    if match is None:
        return None
    family, times, size = match.groups()
    if size != "large":
        return _SMALL_GIB[size] if family == "t" and times is None else None
    large = _LARGE_GIB.get(family)
    if large is None:
        return None
    if times is None:
        return large
    return large * 2 * int(times or 1)


def _normal(plan: str) -> str:
    text = plan.strip().lower().replace("_", "-")
    cu = re.fullmatch(r"([\d.]+)\s*cu", text)
    return f"{cu[1]}cu" if cu else text


@cache
def _rows() -> list[dict[str, Any]]:
    import tomllib

    rows: list[dict[str, Any]] = tomllib.loads(HOSTED_TABLE.read_text(encoding="utf-8"))["limit"]
    return rows
