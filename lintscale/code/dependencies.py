"""Which packages that open connections an application installs.

Read from the files in which each ecosystem declares them; a version counts only as far as it
tells which major release is installed, since that is where defaults changed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from lintscale.model.declared import Dependency
from lintscale.model.location import Location, Span
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

PYTHON = frozenset(
    {"sqlalchemy", "sqlmodel", "flask-sqlalchemy", "asyncpg", "psycopg-pool", "django",
     "tortoise-orm", "aiomysql", "asyncmy", "aiopg", "peewee", "redis", "pymongo", "motor",
     "databases", "psycopg2", "psycopg2-binary", "psycopg", "beanie", "mongoengine"}
)  # fmt: skip
NODE = frozenset(
    {"pg", "postgres", "mysql2", "sequelize", "knex", "typeorm", "prisma", "@prisma/client",
     "@prisma/adapter-pg", "redis", "ioredis", "mongodb", "mongoose", "drizzle-orm", "pg-promise",
     "objection"}
)  # fmt: skip
NODE_POOLS = NODE - {"redis", "ioredis", "prisma", "@prisma/client"}
"""Packages whose pool size is set in code."""

RUBY = frozenset({"rails", "activerecord", "sequel", "redis", "mongoid"})
GO = {
    "github.com/jackc/pgx": "pgx",
    "gorm.io/gorm": "gorm",
    "github.com/lib/pq": "lib/pq",
    "github.com/go-sql-driver/mysql": "go-sql-driver/mysql",
    "github.com/jmoiron/sqlx": "sqlx",
    "github.com/redis/go-redis": "go-redis",
    "github.com/go-redis/redis": "go-redis",
    "go.mongodb.org/mongo-driver": "mongo-driver",
}

GO_POOLS = frozenset({"pgx", "gorm", "lib/pq", "go-sql-driver/mysql", "sqlx"})
"""Packages whose pool size is set in code."""

_FILES = regex(
    r"(?:.*/)?(?:requirements[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in)|pyproject\.toml"
    r"|Pipfile|setup\.cfg|package\.json|Gemfile|go\.mod|(?:prisma/)?schema\.prisma)\Z"
)
"""What is read; lock files are not, since they are long, and these have the pins that matter."""

_DEVELOPMENT = regex(r"(?:^|[-_.])(?:dev|develop(?:ment)?|tests?|testing|lint|docs|ci)(?=[-_.])")

_REQUIREMENT = regex(r"[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(\[[^\]]*\])?[ \t]*([^;#]*)")
_GEM = regex(
    r"""^[ \t]*gem[ \t]+["']([\w-]+)["'](?:[ \t]*,[ \t]*["']([^"'\n]*)["'])?""", re.MULTILINE
)
_GO_REQUIRE = regex(r"^[ \t]*(?:require[ \t]+)?([\w./-]{3,200})[ \t]+v(\d{1,4})", re.MULTILINE)
_OWN_NAME = regex(r"^(?:module[ \t]+|name[ \t]*=[ \t]*)([\w./-]{1,200})", re.MULTILINE)
_DATASOURCE = regex(r"^[ \t]*datasource[ \t]+\w+[ \t]*\{", re.MULTILINE)


def is_dependency_file(name: str) -> bool:
    last = name.rpartition("/")[2]
    return _FILES.match(name) is not None and _DEVELOPMENT.search(last) is None


def names_in(name: str, text: str) -> list[str]:
    """What the file calls the application itself."""
    last = name.rpartition("/")[2]
    try:
        if last == "package.json":
            return [str(json.loads(text).get("name", ""))]
        if last == "pyproject.toml":
            plain = tomllib.loads(text)
            return [
                str(plain.get("project", {}).get("name", "")),
                str(plain.get("tool", {}).get("poetry", {}).get("name", "")),
            ]
        if last in ("go.mod", "setup.cfg"):
            match = _OWN_NAME.search(text)
            return [match[1].rpartition("/")[2]] if match else []
    except (ValueError, RecursionError, AttributeError, TypeError):
        pass
    return []


def dependencies_in(name: str, text: str) -> list[Dependency]:
    """What the file declares. Never raises: a file that cannot be read declares nothing."""
    last = name.rpartition("/")[2]
    try:
        found = list(_in_file(last, text))
    except (ValueError, RecursionError, AttributeError, TypeError):
        return []
    first = {package: (major, needle) for package, major, needle in reversed(found)}
    return [
        Dependency(package, _location(name, text, needle), major)
        for package, (major, needle) in sorted(first.items())
    ]


def _in_file(last: str, text: str) -> Iterator[tuple[str, int | None, str]]:
    """(package, major, the text by which its line is found)."""
    if last == "package.json":
        yield from _node(json.loads(text))
    elif last in ("pyproject.toml", "Pipfile"):
        yield from _python_toml(tomllib.loads(text))
    elif last == "Gemfile":
        for match in _GEM.finditer(text):
            if match[1] in RUBY:
                yield match[1], _major(match[2] or ""), match[0]
    elif last == "go.mod":
        for match in _GO_REQUIRE.finditer(text):
            package = next((GO[path] for path in GO if match[1].startswith(path)), None)
            if package is not None:
                yield package, int(match[2]), match[0].strip()
    elif last == "schema.prisma":
        if _DATASOURCE.search(text):
            yield "prisma", None, "datasource"
    else:
        for line in text.splitlines():
            found = _requirement(line)
            if found is not None:
                yield (*found, line.strip())


def _requirement(line: str) -> tuple[str, int | None] | None:
    if line.lstrip().startswith(("#", "-")):
        return None
    match = _REQUIREMENT.match(line)
    if match is None:
        return None
    package = _normal(match[1])
    if package == "psycopg" and "pool" in (match[2] or ""):
        package = "psycopg-pool"
    return (package, _major(match[3])) if package in PYTHON else None


def _python_toml(plain: dict[str, Any]) -> Iterator[tuple[str, int | None, str]]:
    project = plain.get("project", {})
    listed = [*project.get("dependencies", ())]
    for line in listed:
        found = _requirement(str(line))
        if found is not None:
            yield (*found, str(line))
    tool = plain.get("tool", {})
    tables = [tool.get("poetry", {}).get("dependencies", {}), plain.get("packages", {})]
    for table in tables:
        for key, requirement in table.items():
            package = _normal(str(key))
            version = (
                requirement.get("version", "") if isinstance(requirement, dict) else requirement
            )
            extras = requirement.get("extras", ()) if isinstance(requirement, dict) else ()
            if package == "psycopg" and "pool" in extras:
                package = "psycopg-pool"
            if package in PYTHON:
                yield package, _major(str(version)), str(key)


def _node(plain: dict[str, Any]) -> Iterator[tuple[str, int | None, str]]:
    for package, version in plain.get("dependencies", {}).items():
        if package in NODE:
            yield package, _major(str(version)), f'"{package}"'


def _major(constraint: str) -> int | None:
    """The major release that a constraint allows; None when it allows several, or any.

    ``==5.0``, ``~=5.1``, ``^5``, ``~> 7.1`` and ``>=5,<6`` allow one; ``>=5`` allows all after.
    """
    text = constraint.strip().strip("()\"' ")
    if not text or text == "*":
        return None
    exact = re.match(r"(?:===?|~=|\^|~>?|v|=)?\s*(\d+)", text)
    if exact is not None and not text.startswith((">", "<", "!")):
        if text.startswith("~=") and not re.match(r"~=\s*\d+\.\d+", text):
            return None
        return int(exact[1])
    lower = re.search(r">=?\s*(\d+)", text)
    upper = re.search(r"<\s*(\d+)(?:\.0)*(?![\d.])", text)
    if lower is not None and upper is not None and int(upper[1]) == int(lower[1]) + 1:
        return int(lower[1])
    return None


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _location(name: str, text: str, needle: str) -> Location:
    at = text.find(needle)
    if at < 0:
        return Location(name, Span(1, 1, 1, 2))
    line, column = Positions(text).at(at)
    end = column + len(needle.split("\n", 1)[0])
    return Location(name, Span(line, column, line, end))
