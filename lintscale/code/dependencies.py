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
     "@prisma/adapter-pg", "@prisma/adapter-mariadb", "@prisma/adapter-neon",
     "@prisma/adapter-mssql", "mariadb", "mysql", "mssql", "redis", "ioredis", "mongodb",
     "mongoose", "drizzle-orm", "pg-promise", "objection"}
)  # fmt: skip
VERSIONED = frozenset({"prisma", "@prisma/client", "redis", "rails", "activerecord"})
"""Packages whose pool depends on the version that is installed, which lock files have."""

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


RUST = {
    "sqlx": "crate:sqlx",
    "sea-orm": "crate:sqlx",
    "deadpool-postgres": "crate:deadpool",
    "r2d2": "crate:r2d2",
    "bb8": "crate:bb8",
    "diesel": "crate:diesel",
}
ELIXIR = {"ecto_sql": "hex:ecto", "postgrex": "hex:postgrex"}
PHP = {
    "laravel/framework": "packagist:laravel",
    "doctrine/dbal": "packagist:doctrine",
    "symfony/framework-bundle": "packagist:symfony",
}
NET = {
    "npgsql": "nuget:npgsql",
    "npgsql.entityframeworkcore.postgresql": "nuget:npgsql",
    "aspire.npgsql": "nuget:npgsql",
    "mysqlconnector": "nuget:mysqlconnector",
    "pomelo.entityframeworkcore.mysql": "nuget:mysqlconnector",
    "microsoft.data.sqlclient": "nuget:sqlclient",
    "microsoft.entityframeworkcore.sqlserver": "nuget:sqlclient",
}
JVM = {
    "spring-boot-starter-data-r2dbc": "maven:r2dbc-pool",
    "spring-boot-starter-jdbc": "maven:hikari",
    "spring-boot-starter-data-jpa": "maven:hikari",
    "spring-boot-starter-data-jdbc": "maven:hikari",
    "hikaricp": "maven:hikari",
    "micronaut-jdbc-hikari": "maven:hikari",
    "r2dbc-pool": "maven:r2dbc-pool",
    "quarkus-agroal": "maven:agroal",
    "quarkus-jdbc-postgresql": "maven:agroal",
    "quarkus-jdbc-mysql": "maven:agroal",
    "quarkus-jdbc-mariadb": "maven:agroal",
}
"""What these are called here, by their names in the manifests of their languages."""

_FILES = regex(
    r"(?:.*/)?(?:requirements[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.(?:txt|in)|pyproject\.toml"
    r"|Pipfile|setup\.cfg|package\.json|Gemfile|go\.mod|Cargo\.toml|mix\.exs"
    r"|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|[\w.-]+\.(?:csproj|fsproj)"
    r"|(?:prisma/)?schema\.prisma)\Z"
)
"""What is read; lock files only for the versions of what these declare (locks.py)."""

_DEVELOPMENT = regex(r"(?:^|[-_.])(?:dev|develop(?:ment)?|tests?|testing|lint|docs|ci)(?=[-_.])")

_REQUIREMENT = regex(r"[ \t]*([A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(\[[^\]]*\])?[ \t]*([^;#]*)")
_GEM = regex(
    r"""^[ \t]*gem[ \t]+["']([\w-]+)["'](?:[ \t]*,[ \t]*["']([^"'\n]*)["'])?""", re.MULTILINE
)
_GO_REQUIRE = regex(r"^[ \t]*(?:require[ \t]+)?([\w./-]{3,200})[ \t]+v(\d{1,4})", re.MULTILINE)
_OWN_NAME = regex(r"^(?:module[ \t]+|name[ \t]*=[ \t]*)([\w./-]{1,200})", re.MULTILINE)
_DATASOURCE = regex(r"^[ \t]*datasource[ \t]+\w+[ \t]*\{", re.MULTILINE)


Version = tuple[int, ...]
"""The first numbers of the lowest version that is possible; none where the first differs."""

Found = tuple[str, Version, str]


def is_dependency_file(name: str) -> bool:
    last = name.rpartition("/")[2]
    return _FILES.match(name) is not None and _DEVELOPMENT.search(last) is None


_OWN_ARTIFACT = regex(
    r"(?:(?!<parent>|<dependenc|<build>|<artifactId>).)*(?:<parent>.*?</parent>"
    r"(?:(?!<dependenc|<build>|<artifactId>).)*)?<artifactId>\s*([\w.-]{1,100})\s*</artifactId>",
    re.DOTALL,
)
"""The project's own in a pom.xml, which is not its parent's."""


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
        if last == "pom.xml":
            own = _OWN_ARTIFACT.match(text)
            return [own[1]] if own else []
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
    first = {package: (version, needle) for package, version, needle in reversed(found)}
    return [
        Dependency(package, _location(name, text, needle), *version[:2])
        for package, (version, needle) in sorted(first.items())
    ]


def _in_file(last: str, text: str) -> Iterator[Found]:
    """(package, version, the text by which its line is found)."""
    if last == "package.json":
        yield from _node(json.loads(text))
    elif last in ("pyproject.toml", "Pipfile"):
        yield from _python_toml(tomllib.loads(text))
    elif last == "Gemfile":
        for match in _GEM.finditer(text):
            if match[1] in RUBY:
                yield match[1], _version(match[2] or ""), match[0]
    elif last == "go.mod":
        for match in _GO_REQUIRE.finditer(text):
            package = next((GO[path] for path in GO if match[1].startswith(path)), None)
            if package is not None:
                yield package, (int(match[2]),), match[0].strip()
    elif last == "Cargo.toml":
        for table in ("dependencies", "workspace"):
            listed = tomllib.loads(text).get(table, {})
            yield from _named(listed.get("dependencies", listed), RUST)
    elif last == "composer.json":
        yield from _named(json.loads(text).get("require", {}), PHP)
    elif last == "mix.exs":
        yield from _in_words(text, ELIXIR, ":{}")
    elif last.endswith((".csproj", ".fsproj")):
        yield from _in_words(text, NET, '"{}"')
    elif last == "pom.xml":
        yield from _in_words(text, JVM, ">{}<")
    elif last.startswith("build.gradle"):
        yield from _in_words(text, JVM, ":{}")
    elif last == "schema.prisma":
        if _DATASOURCE.search(text):
            yield "prisma", (), "datasource"
    else:
        for line in text.splitlines():
            found = _requirement(line)
            if found is not None:
                yield (*found, line.strip())


def _named(listed: dict[str, Any], packages: dict[str, str]) -> Iterator[Found]:
    for package in listed:
        if package in packages:
            yield packages[package], (), package


def _in_words(text: str, packages: dict[str, str], form: str) -> Iterator[Found]:
    """Those whose names are written as the language writes a dependency's."""
    lowered = text.lower()
    for package, name in packages.items():
        needle = form.format(package)
        at = lowered.find(needle)
        if at >= 0 and not lowered[at + len(needle) :][:1].isalnum():
            behind = lowered[at + len(needle) :][:1]
            if behind not in ("-", "_") or form.endswith(('"', "<")):
                yield name, (), text[at : at + len(needle)]


def _requirement(line: str) -> tuple[str, Version] | None:
    if line.lstrip().startswith(("#", "-")):
        return None
    match = _REQUIREMENT.match(line)
    if match is None:
        return None
    package = _normal(match[1])
    if package == "psycopg" and "pool" in (match[2] or ""):
        package = "psycopg-pool"
    return (package, _version(match[3])) if package in PYTHON else None


def _python_toml(plain: dict[str, Any]) -> Iterator[Found]:
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
                yield package, _version(str(version)), str(key)


def _node(plain: dict[str, Any]) -> Iterator[Found]:
    for package, version in plain.get("dependencies", {}).items():
        if package in NODE:
            yield package, _version(str(version)), f'"{package}"'


def _version(constraint: str) -> Version:
    """The lowest version that a constraint allows; none when it allows several major releases.

    ``==5.0``, ``~=5.1``, ``^5``, ``~> 7.1`` and ``>=5,<6`` allow one; ``>=5`` allows all after.
    """
    text = constraint.strip().strip("()\"' ")
    if not text or text == "*":
        return ()
    exact = re.match(r"(?:===?|~=|\^|~>?|v|=)?\s*(\d{1,6}(?:\.\d{1,6})*)", text)
    if exact is not None and not text.startswith((">", "<", "!")):
        if text.startswith("~=") and "." not in exact[1]:
            return ()
        return tuple(int(part) for part in exact[1].split("."))
    lower = re.search(r">=?\s*(\d{1,6}(?:\.\d{1,6})*)", text)
    upper = re.search(r"<\s*(\d+)(?:\.0)*(?![\d.])", text)
    if lower is not None and upper is not None:
        lowest = tuple(int(part) for part in lower[1].split("."))
        if int(upper[1]) == lowest[0] + 1:
            return lowest
    return ()


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _location(name: str, text: str, needle: str) -> Location:
    at = text.find(needle)
    if at < 0:
        return Location(name, Span(1, 1, 1, 2))
    line, column = Positions(text).at(at)
    end = column + len(needle.split("\n", 1)[0])
    return Location(name, Span(line, column, line, end))
