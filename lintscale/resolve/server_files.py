"""What a server's own files of settings say, where they are mounted from among the scanned files:
postgresql.conf, my.cnf, redis.conf, pgbouncer.ini."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lintscale.model.declared import Container, MountedFile
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.regex import regex

_READ_UNASKED = {
    # The image's data folder, and the folders of Bitnami's image (its README, August 2026).
    "postgresql": regex(r".*/(?:pg)?data/postgresql\.conf|(?:/opt)?/bitnami/postgresql/conf/.*"),
    # dev.mysql.com/doc/refman/8.4/en/option-files.html, and mariadb.com's like it.
    "mysql": regex(r"/etc/(?:mysql/.*|my\.cnf(?:\.d/.*)?)|(?:/opt)?/bitnami/\w+/conf/.*"),
    "redis": regex(r"(?:/opt)?/bitnami/redis/(?:mounted-)?etc/.*"),
    "pgbouncer": regex(r".*/pgbouncer\.ini"),
}
"""Files that a server reads without being told to, by engine."""

_LIKELY = {"postgresql": "postgresql.conf", "redis": "redis.conf", "mysql": "my.cnf"}

_FILE_OPTION = regex(
    r"(?:-c|--)?config[_-]file=(?P<path>.+)|--defaults(?:-extra)?-file=(?P<other>.+)"
)


def setting(
    container: Container, engine: str, arguments: Sequence[str], *names: str
) -> Sourced[int] | None:
    """The number that the last of the server's files gives for one of ``names``; None where no
    mounted file is read, or none says it. Unknown where the file is not among the scanned ones."""
    found: Sourced[int] | None = None
    pattern = _pattern(names)
    for file in _read(container, engine, arguments):
        if file.text.value is None:
            return Sourced(None, Source.FILE, container.location, f"{file.path} was not read")
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
    told = set(_told(arguments))
    unasked = _READ_UNASKED.get(engine)
    for file in container.files:
        if file.path in told or (unasked is not None and unasked.fullmatch(file.path)):
            yield file
            continue
        likely = not told and _last(file.path) == _LIKELY.get(engine)
        inside = file.text.source is None and any(p.startswith(f"{file.path}/") for p in told)
        if likely or inside:
            yield MountedFile(file.path, file.group)


def _told(arguments: Sequence[str]) -> Iterator[str]:
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
