"""The database of Prisma's schema: ``datasource db { provider = "postgresql" url = env("X") }``,
and since Prisma 7 of ``prisma.config.ts`` (prisma.io/docs, "Prisma schema" and "Prisma Config", Dec
2026)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.evaluate import Entries, evaluate, read, variables_of
from lintscale.code.expressions import Call
from lintscale.code.files import joined, parent_of
from lintscale.code.units import Place, Scope, Sources
from lintscale.model.declared import CodePool

LIBRARY = "Prisma"

_SCHEMAS = ("prisma/schema.prisma", "schema.prisma", "prisma/schema/schema.prisma")
_CONFIGS = ("prisma.config.ts", "prisma.config.mts", "prisma.config.js", "prisma.config.mjs")
_FAMILIES = {
    "postgresql": "sql", "postgres": "sql", "mysql": "sql", "sqlserver": "sql",
    "cockroachdb": "sql", "mongodb": "mongodb",
}  # fmt: skip
_MOST_WORDS = 50_000


class Datasource(NamedTuple):
    """``provider`` is "" where it is not written; ``variables`` are those of its address."""

    provider: str = ""
    variables: tuple[str, ...] = ()


def with_schema(sources: Sources, folder: str, pools: list[CodePool]) -> list[CodePool]:
    """The pools, those of Prisma with the address and the kind of database that the schema of
    their application says. One in a file is no server's."""
    if not any(pool.library == LIBRARY and not pool.variables for pool in pools):
        return pools
    completed = []
    for pool in pools:
        own = pool.library == LIBRARY and not pool.variables
        found = _nearest(sources, pool, folder) if own else None
        if found is None:
            completed.append(pool)
        elif family := _FAMILIES.get(found.provider, "" if found.provider else "sql"):
            completed.append(replace(pool, family=family, variables=found.variables))
    return completed


def _nearest(sources: Sources, pool: CodePool, folder: str) -> Datasource | None:
    """That of the application, or of the nearest folder around the file that makes the pool."""
    found, inside = datasource_of(sources, folder), pool.location.file
    while found is None and inside:
        inside = parent_of(inside)
        found = datasource_of(sources, inside)
    return found


def datasource_of(sources: Sources, folder: str) -> Datasource | None:
    """That of the application in a folder; None where it has no schema."""
    schema = next(
        (name for each in _SCHEMAS if sources.files.exists(name := joined(folder, each))), ""
    )
    found = _of_schema(sources.files.text(schema)) if schema else None
    if found is None or not found.variables:
        variables = next(
            (v for each in _CONFIGS if (v := _of_config(sources, joined(folder, each)))), ()
        )
        if variables:
            return Datasource(found.provider if found is not None else "", variables)
    return found


def _of_config(sources: Sources, name: str) -> tuple[str, ...]:
    unit = sources.unit(name) if sources.files.exists(name) else None
    node = unit.exports.get("default") if unit is not None else None
    if unit is None or node is None:
        return ()
    sources.begin()
    place = Place(node, Scope(unit.top))
    call = read(place)  # defineConfig({ … })
    if isinstance(call, Call) and call.arguments:
        place = Place(call.arguments[0].value, place.scope)
    for key in ("datasource", "url"):
        options = evaluate(place)
        if not isinstance(options, Entries) or key not in options.values:
            return ()
        place = options.values[key]
    return variables_of(place)


def _of_schema(text: str) -> Datasource | None:
    """The first ``datasource`` block."""
    words = _words(text)
    for word in words:
        if word == "datasource":
            name, opening = next(words, ""), next(words, "")
            if name and opening == "{":
                return _block(words)
    return None


def _block(words: Iterator[str]) -> Datasource:
    found = Datasource()
    key = before = ""
    for word in words:
        if word == "}":
            break
        if word == "=":
            key = before
        elif word.startswith('"') and key == "provider":
            found = found._replace(provider=word.strip('"').lower())
        elif word.startswith('"') and key in ("url", "directUrl") and before == "(":
            found = found._replace(variables=(*found.variables, word.strip('"')))
        before = word
    return found


def _words(text: str) -> Iterator[str]:
    """Words, texts with their quotes, and single signs; comments are left out."""
    at = 0
    for _ in range(_MOST_WORDS):
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        start, character = at, text[at]
        if text.startswith("//", at):
            at = text.find("\n", at)
            if at < 0:
                return
            continue
        at += 1
        if character == '"':
            while at < len(text) and text[at] not in '"\n':
                at += 2 if text[at] == "\\" else 1
            at += 1
        elif character.isalnum() or character == "_":
            while at < len(text) and (text[at].isalnum() or text[at] in "_-"):
                at += 1
        yield text[start:at]
