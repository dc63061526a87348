"""What limits the connections of a database or pooler, beside what a platform declares.

For servers that run as workloads: their mounted files, variables and commands (postgresql.conf,
my.cnf, redis.conf, pgbouncer.ini). A pooler's clients count against the pooler, and its own pools
against the database behind it. What providers' plans allow is in hosted_limits.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
