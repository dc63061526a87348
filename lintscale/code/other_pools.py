"""Pool sizes in Go source.

Read as text: a number, an environment
variable with its default, or a size that is written and not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from lintscale.code.pool_calls import MOST_POOLS
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location, Span
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

# database/sql, DB.SetMaxOpenConns; pgxpool, Config.MaxConns.
_GO = (
    ("database/sql", regex(r"\.SetMaxOpenConns\(([^\n]{1,120}?)\)[ \t]{0,40}(?:\n|;|\}|\Z)")),
    ("pgxpool", regex(r"\.MaxConns[ \t]*=(?!=)[ \t]*([^\r\n;]{1,120})")),
)
_GO_OPENED = regex(
    r"\b(?:sql\.Open|sqlx\.(?:Must)?(?:Open|Connect)(?:Context)?)\((?:\s{0,40}[\w.()]{1,60},)?"
    r'\s{0,40}"(?:postgres|pgx(?:/v5)?|mysql|sqlserver)"'
    r"|\bgorm\.Open\(\s{0,40}(?:postgres|mysql|sqlserver)\.(?:Open|New)\("
)
"""Opens a pool of database/sql, by the names of its drivers."""

_MOST_SETTINGS = 500
"""Settings of one file; one with more is generated."""

_OPENED_WITHIN = 600
"""Characters before a bound is set in which the database is opened."""

_GO_NUMBER = regex(r"(?:u?int(?:32|64)?\()?(-?[0-9]{1,7})\)?\Z")
_GO_NAME = regex(r"[A-Za-z_]\w{0,80}\Z")
_GO_FIELD = regex(r"(?:u?int(?:32|64)?\()?(?:[A-Za-z_]\w{0,80}\.){1,4}([A-Z]\w{0,80})\)?\Z")
_GO_FROM_ENVIRONMENT = regex(
    r"\b(?P<field>[A-Z]\w{0,80})\s{0,20}(?::|=)\s{0,20}(?:u?int(?:32|64)?\()?[\w.]{0,40}[Ee]nv\w{0,40}\("
    r'"(?P<name>[A-Z][A-Z0-9_]{1,80})"(?:,\s{0,20}"?(?P<default>[0-9]{1,7})"?)?\)'
)
_GO_TAG = regex(
    r"^[ \t]{0,40}(?P<field>[A-Z]\w{0,80})[ \t]{1,40}u?int(?:32|64)?[ \t]{1,80}"
    r"`(?P<tags>[^`\n]{1,300})`",
    re.MULTILINE,
)
_GO_NAME_TAG = regex(r'\benv(?:config)?:"([A-Z][A-Z0-9_]{1,80})[",]')
_GO_DEFAULT_TAG = regex(r'\b(?:envDefault|env-default|default):"([0-9]{1,7})"')
"""Tags of caarlos0/env, cleanenv and envconfig."""

_NO_SETTINGS: Mapping[str, tuple[str, int | None]] = MappingProxyType({})


def bounds_pools(data: bytes) -> bool:
    """Whether a Go file may say how large its pools are."""
    return b".SetMaxOpenConns(" in data or b".MaxConns" in data


def may_open_pools(data: bytes) -> bool:
    """Whether a Go file is worth a closer look."""
    return b"sql.Open(" in data or b"sqlx." in data or b"gorm.Open(" in data


def reads_environment(data: bytes) -> bool:
    """Whether a Go file may say which variables its settings come from."""
    return b"Env" in data or b"env" in data


def go_settings_in(text: str) -> Iterator[tuple[str, tuple[str, int | None]]]:
    """Fields of a program's settings with the variable that each is read from, and its default:
    ``DBPoolSize: getIntEnv("DB_POOL_SIZE", 50)``, or by tags."""
    code = without_comments(text)
    for match in islice(_GO_FROM_ENVIRONMENT.finditer(code), _MOST_SETTINGS):
        default = match["default"]
        yield match["field"], (match["name"], int(default) if default else None)
    for match in islice(_GO_TAG.finditer(code), _MOST_SETTINGS):
        variable = _GO_NAME_TAG.search(match["tags"])
        tag_default = _GO_DEFAULT_TAG.search(match["tags"])
        if variable is not None:
            yield match["field"], (variable[1], int(tag_default[1]) if tag_default else None)


def go_pools_in(
    name: str, text: str, settings: Mapping[str, tuple[str, int | None]] = _NO_SETTINGS
) -> list[CodePool]:
    """The bounds that a Go file gives its pools. ``settings`` are fields of the program's
    settings, with the variable that each comes from and its default."""
    code = without_comments(text)
    found = []
    for library, pattern in _GO:
        for match in islice(pattern.finditer(code), MOST_POOLS):
            if "sqlite" in code[max(0, match.start() - _OPENED_WITHIN) : match.start()].lower():
                continue  # its file takes one writer at a time, which is no server's bound
            place = _location(name, code, match.start(), match.end(1))
            number = _go_number(code, match[1].strip(), place, settings)
            found.append(CodePool(library, "sql", number, None, (), place))
    return found


def go_unbounded_pools_in(name: str, text: str) -> Iterator[CodePool]:
    """The pool that a Go file opens, in a program that sets no bound anywhere."""
    code = without_comments(text)
    match = _GO_OPENED.search(code)
    if match is not None:
        place = _location(name, code, match.start(), match.end())
        yield CodePool("database/sql", "sql", None, None, (), place)


def _go_number(
    code: str, text: str, place: Location, settings: Mapping[str, tuple[str, int | None]]
) -> CodeNumber:
    field = _GO_FIELD.match(text)
    if field is not None and field[1] in settings:
        variable, default = settings[field[1]]
        return CodeNumber(place, default, variable)
    match = _GO_NUMBER.match(text)
    if match is None and _GO_NAME.match(text):
        made = re.findall(rf"\b{text}\s*(?:int(?:32)?\s*)?:?=\s*([^\n]{{1,80}})", code)
        match = _GO_NUMBER.match(made[0].strip()) if len(made) == 1 else None
    if match is not None:
        return CodeNumber(place, number=int(match[1]))
    return CodeNumber(place, reason="computed")


def _location(name: str, text: str, start: int, end: int) -> Location:
    line, column = Positions(text).at(start)
    return Location(name, Span(line, column, line, column + end - start))


_TOKEN = regex(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?)""",
    re.VERBOSE | re.DOTALL,
)


def without_comments(text: str) -> str:
    """The text with blanks for its comments; an address's ``//`` between quotes is none."""
    return _TOKEN.sub(
        lambda match: (
            match[0] if match["comment"] is None else re.sub(r"[^\n]", " ", match["comment"])
        ),
        text,
    )
