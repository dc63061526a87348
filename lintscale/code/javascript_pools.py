"""Where JavaScript and TypeScript make connection pools, and how large they make them.

It builds no syntax tree: a call of a library that a file mentions is found by its name, its
arguments by their brackets. What is more than a number, an environment variable or a constant of
the same file is not known, and no number is made up for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location, Span
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

SUFFIXES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")

MOST_POOLS = 20
"""Pools of one file; no service makes so many."""


class _Call(NamedTuple):
    """A call that makes a pool: the library's name in lintscale, its packages (any of them is
    mentioned in the file), how the call is written, and the keys that tell the size."""

    library: str
    family: str
    packages: tuple[str, ...]
    call: str
    keys: tuple[str, ...]


# Options as of pg 8.13, postgres 3.4, mysql2 3.11, Sequelize 6.37, Knex 3.1, TypeORM 0.3,
# mongodb 6.12, Mongoose 8.9, pg-promise 11.10 and Prisma's adapter 7.0, read in their
# documentation in November 2026.
_CALLS = (
    _Call("node-postgres", "sql", ("pg", "pg-pool"), r"new\s+(?:\w+\s*\.\s*)?Pool", ("max",)),
    _Call("node-postgres", "sql", ("@prisma/adapter-pg",), r"new\s+PrismaPg", ("max",)),
    _Call("node-postgres", "sql", ("pg-promise",), r"\b(?:pgp|pgPromise\([^()]{0,80}\))", ("max",)),
    _Call("postgres.js", "sql", ("postgres",), r"(?<![\w.])postgres", ("max",)),
    _Call("mysql2", "sql", ("mysql2", "mysql2/promise"), r"\bcreatePool", ("connectionLimit",)),
    _Call("Sequelize", "sql", ("sequelize", "sequelize-typescript"), r"new\s+Sequelize", ("max",)),
    _Call("Knex", "sql", ("knex",), r"(?<![\w.])[kK]nex(?:\.default)?", ("max",)),
    _Call(
        "TypeORM", "sql", ("typeorm", "@nestjs/typeorm"),
        r"(?:new\s+DataSource|\bcreateConnection|\bTypeOrmModule\s*\.\s*forRoot(?:Async)?)",
        ("poolSize", "max", "connectionLimit"),
    ),
    _Call(
        "the MongoDB driver", "mongodb", ("mongodb",), r"new\s+MongoClient",
        ("maxPoolSize", "poolSize"),
    ),
    _Call(
        "the MongoDB driver", "mongodb", ("mongoose", "@nestjs/mongoose"),
        r"\b(?:mongoose\s*\.\s*(?:connect|createConnection)|MongooseModule\s*\.\s*forRoot(?:Async)?)",
        ("maxPoolSize", "poolSize"),
    ),
)  # fmt: skip

_CLIENTS = frozenset({"pg", "postgres", "postgresql", "mysql", "mysql2"})
"""What configuration files of Knex, Sequelize and TypeORM call a database server."""

_QUOTED = regex(r"""["'`]([@\w/-]{2,40})["'`]""")
_OPTION = regex(r"""["']?\b(?:pool|poolSize|maxPoolSize|connectionLimit)\b["']?\s*:""")
_KEY = r"""(?<![\w$.])(?P<quote>["']?)(?:{keys})(?P=quote)\s*(?P<then>[:,}}])"""
_IS_NO_CALL = regex(r"\b(?:function|class|import)\s+\Z")
_SPREAD = regex(r"\.\.\.\s*[\w$(]")
_ENVIRONMENT = regex(r"""\bprocess\s*\.\s*env\s*(?:\.\s*(\w+)|\[\s*["'](\w+)["']\s*\])""")
_NUMBER = regex(r"""["']?([0-9]{1,7})["']?\Z""")
_OF_ENVIRONMENT = regex(
    r"""(?:(?:Number|parseInt|Number\.parseInt)\s*\(|\+|\(|\s){0,4}
    process\s*\.\s*env\s*(?:\.\s*(?P<name>\w+)|\[\s*["'](?P<key>\w+)["']\s*\])\s*!?\s*
    (?:(?:\|\||\?\?)\s*["']?(?P<inner>[0-9]{1,7})["']?\s*)?(?:,\s*10\s*)?\)*\s*
    (?:(?:\|\||\?\?)\s*["']?(?P<outer>[0-9]{1,7})["']?\s*)?\)*\s*\Z""",
    re.VERBOSE,
)
_NAME = regex(r"[A-Za-z_$][\w$]{0,80}\Z")
_ADDRESS = regex(
    r"""(?:["'`]|process\s*\.\s*env\b|[\w$.]{0,80}(?:url|uri|dsn|connection_?string)[\w$]{0,40}\s*!?\s*\Z)""",
    re.IGNORECASE,
)
"""How an argument begins that is a database's address, and so says nothing of the pool."""

_LONGEST_ARGUMENTS = 8_000
"""Characters between a call's brackets; no one writes more for a database."""


def may_make_pools(data: bytes) -> bool:
    """Whether a file is worth a closer look."""
    return any(package in data for package in _PACKAGES)


_PACKAGES = tuple(
    sorted(
        f"{quote}{name}{quote}".encode()
        for quote in "\"'`"
        for name in {*_CLIENTS, *(package for call in _CALLS for package in call.packages)}
    )
)


def pools_in(name: str, text: str) -> list[CodePool]:
    """The pools that a file makes, in the order in which they stand. A file that makes none, and
    has the options of a database's pool all the same (knexfile.js), makes one of unknown size."""
    source = _Source(name, text)
    mentioned = {match[1] for match in _QUOTED.finditer(text)}
    found: list[CodePool] = []
    for call in _CALLS:
        if not mentioned.isdisjoint(call.packages):
            found.extend(_call_pools(source, call))
    if not found and mentioned & _CLIENTS:
        found = _options_pool(source)
    return sorted(found, key=lambda pool: pool.location.span)[:MOST_POOLS]


def _options_pool(source: _Source) -> list[CodePool]:
    """The pool of which only the options stand in the file. Of several (one for each environment)
    none is known to hold."""
    assigned = list(islice(source.matches(_OPTION, 0, len(source.code)), 2))
    if not assigned:
        return []
    start, end = assigned[0].span()
    value_end = _end_of_value(source.code, end, min(len(source.code), end + _LONGEST_ARGUMENTS))
    location = source.location(start, value_end)
    number = CodeNumber(location, reason="options of several pools")
    if len(assigned) == 1:
        value = source.code[end:value_end].strip()
        number = _number(source, value, location)
        if value.startswith("{"):
            size = _in_object(source, ("max",), end, value_end, location)
            number = size or CodeNumber(location, reason="pool options without a size")
    return [CodePool("", "sql", number, None, (), location)]


class _Source:
    """A file's text; in ``code`` comments are blank, so that offsets stay."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.code = without_comments(text)

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self.code)

    @cached_property
    def _texts(self) -> list[int]:
        """Where texts begin and end, by turns."""
        texts = (match.span() for match in _TOKEN.finditer(self.code) if match["text"])
        return [offset for span in texts for offset in span]

    def matches(self, pattern: re.Pattern[str], start: int, end: int) -> Iterator[re.Match[str]]:
        """Where it matches and is no part of a text."""
        for match in pattern.finditer(self.code, start, end):
            if bisect_left(self._texts, match.start() + 1) % 2 == 0 or match[0][0] in "\"'":
                yield match

    def location(self, start: int, end: int) -> Location:
        """A stretch, as far as its first line goes."""
        line, column = self._positions.at(start)
        line_end = self.code.find("\n", start)
        end = max(start + 1, min(end, line_end if line_end >= 0 else end))
        return Location(self.name, Span(line, column, line, column + end - start))


def _call_pools(source: _Source, call: _Call) -> Iterator[CodePool]:
    pattern = re.compile(rf"(?:{call.call})\s*(?:<[^<>()]{{0,80}}>\s*)?\(")
    calls = source.matches(pattern, 0, len(source.code))
    for match in islice(calls, MOST_POOLS):
        before = source.code[max(0, match.start() - 40) : match.start()]
        if _IS_NO_CALL.search(before):
            continue
        close = _closing(source.code, match.end())
        location = source.location(match.start(), match.end() - 1 if close is None else close)
        if close is None:
            size: CodeNumber | None = CodeNumber(location, reason="arguments too long")
            variables: tuple[str, ...] = ()
        else:
            arguments = _parts(source.code, match.end(), close)
            size = _size(source, call, arguments, location)
            names = _ENVIRONMENT.findall(source.code, match.end(), close)
            sizing = {size.variable} if size is not None else set()
            read = {one or other for one, other in names} - sizing
            variables = tuple(sorted(name for name in read if not _is_of_cache(name, call)))
        yield CodePool(call.library, call.family, size, None, variables, location)


def _is_of_cache(variable: str, call: _Call) -> bool:
    """TypeORM and others keep results in Redis, which the same options speak of."""
    return call.family == "sql" and "REDIS" in variable.upper()


def _size(
    source: _Source, call: _Call, arguments: Sequence[tuple[int, int]], location: Location
) -> CodeNumber | None:
    """None: all arguments are seen, and none tells."""
    elsewhere = ""
    for start, end in arguments:
        text = source.code[start:end].strip()
        if not text.startswith("{"):
            if text and not _ADDRESS.match(text):
                elsewhere = "options from elsewhere"
            continue
        size = _in_object(source, call.keys, start, end, location)
        if size is not None:
            return size
        if _SPREAD.search(source.code, start, end) or re.search(
            r"""(?<![\w$.])["']?(?:pool|extra)["']?\s*(?::\s*(?!\{)|[,}])""",
            source.code[start:end],
        ):
            elsewhere = "options from elsewhere"
    return CodeNumber(location, reason=elsewhere) if elsewhere else None


def _in_object(
    source: _Source, keys: tuple[str, ...], start: int, end: int, location: Location
) -> CodeNumber | None:
    """The size that one of ``keys`` gives between two offsets; None where none does."""
    pattern = re.compile(_KEY.format(keys="|".join(keys)))
    sizes = list(source.matches(pattern, start, end))
    if not sizes:
        return None
    if len(sizes) > 1:
        return CodeNumber(location, reason="several sizes")
    if sizes[0]["then"] != ":":
        place = source.location(sizes[0].start(), sizes[0].end("then"))
        return CodeNumber(place, reason="size from elsewhere")
    value_end = _end_of_value(source.code, sizes[0].end(), end)
    place = source.location(sizes[0].start(), value_end)
    return _number(source, source.code[sizes[0].end() : value_end].strip(), place)


def _number(source: _Source, text: str, place: Location, hops: int = 1) -> CodeNumber:
    match = _NUMBER.match(text)
    if match is not None:
        return CodeNumber(place, number=int(match[1]))
    match = _OF_ENVIRONMENT.match(text)
    if match is not None:
        default = match["inner"] or match["outer"]
        number = int(default) if default else None
        return CodeNumber(place, number=number, variable=match["name"] or match["key"])
    if hops and _NAME.match(text):
        made = re.findall(
            rf"\b(?:const|let|var)\s+{re.escape(text)}\s*(?::\s*\w+\s*)?=([^;\n]{{1,200}})",
            source.code,
        )
        if len(made) == 1:
            return _number(source, made[0].strip(), place, hops - 1)
    return CodeNumber(place, reason="computed")


# -- text -----------------------------------------------------------------------------------------

_TOKEN = regex(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<text>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?)""",
    re.VERBOSE | re.DOTALL,
)
_BRACKET = regex(
    r"""[()\[\]{}]|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?|,""", re.DOTALL
)


def without_comments(text: str) -> str:
    """The text with blanks for its comments; an address's ``//`` between quotes is none."""
    return _TOKEN.sub(
        lambda match: (
            match[0] if match["comment"] is None else re.sub(r"[^\n]", " ", match["comment"])
        ),
        text,
    )


def _closing(code: str, start: int) -> int | None:
    """The offset of the bracket that closes the one before ``start``."""
    depth = 1
    for match in _BRACKET.finditer(code, start, start + _LONGEST_ARGUMENTS):
        if match[0] in ("(", "[", "{"):
            depth += 1
        elif match[0] in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return match.start()
    return None


def _parts(code: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between the commas of a call's arguments."""
    parts, depth, begin = [], 0, start
    for match in _BRACKET.finditer(code, start, end):
        if match[0] in ("(", "[", "{"):
            depth += 1
        elif match[0] in (")", "]", "}"):
            depth -= 1
        elif match[0] == "," and depth == 0:
            parts.append((begin, match.start()))
            begin = match.end()
    return [*parts, (begin, end)]


def _end_of_value(code: str, start: int, end: int) -> int:
    """Where the value of an object's key ends."""
    depth = 0
    for match in _BRACKET.finditer(code, start, end):
        if match[0] in ("(", "[", "{"):
            depth += 1
        elif match[0] in (")", "]", "}"):
            depth -= 1
            if depth < 0:
                return match.start()
        elif match[0] == "," and depth == 0:
            return match.start()
    return end
