"""Whose source a program is, and from where its start command is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.connections.test_programs import SCRIPTS, pg, pools, railway

DATABASE = "DATABASE_URL of bookshop"
PRISMA = "const { PrismaClient } = require('@prisma/client');\nnew PrismaClient()"
SCHEMA = 'datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}'
IMAGE = "1234.dkr.ecr.eu-west-1.amazonaws.com"


def task(image: str, command: list[str] | None = None, **variables: str) -> dict[str, str]:
    """A task definition of one container, which has these variables and no others."""
    container: dict[str, object] = {"name": "main", "image": f"{IMAGE}/{image}:1", "memory": 512}
    if command:
        container["command"] = command
    if variables:
        container["environment"] = [{"name": n, "value": v} for n, v in variables.items()]
    text = json.dumps({"family": image, "containerDefinitions": [container]})
    return {"task-definition.json": text}


@pytest.mark.parametrize("start", ["node dist/server.js", "npm start"])
def test_the_folder_is_changed_once(start: str, tmp_path: Path) -> None:
    """Both pools are loaded, and none is another way to start."""
    files = railway(
        f"cd backend && {start}",
        **{
            "backend/package.json": '{"scripts": {"start": "node dist/server.js"}}',
            "backend/src/server.ts": "import './a'; import './b'",
            "backend/src/a.ts": pg(20),
            "backend/src/b.ts": pg(20),
        },
    )
    assert pools(tmp_path, files) == [(DATABASE, 20, 0)] * 2


def test_a_file_in_the_folder_of_the_dockerfile(tmp_path: Path) -> None:
    files = railway(
        "node dist/server.js",
        **{
            "railway.json": json.dumps(
                {
                    "build": {"builder": "DOCKERFILE", "dockerfilePath": "backend/Dockerfile"},
                    "deploy": {"startCommand": "node dist/server.js"},
                }
            ),
            "package.json": SCRIPTS,
            "backend/Dockerfile": "FROM node:24\nWORKDIR /app\nCOPY . .\n",
            "backend/package.json": SCRIPTS,
            "backend/src/server.ts": "import './a'; import './b'",
            "backend/src/a.ts": pg(20),
            "backend/src/b.ts": pg(7),
        },
    )
    del files["railway.toml"]
    assert pools(tmp_path, files) == [(DATABASE, 7, 0), (DATABASE, 20, 0)]


def test_a_schema_of_prisma_beside_the_file_that_is_started(tmp_path: Path) -> None:
    files = {"backend/server.js": PRISMA, "backend/prisma/schema.prisma": SCHEMA}
    found = pools(tmp_path, railway("node backend/server.js", **files))
    assert found == [(DATABASE, None, 0)]


SPRING = {
    "demo/pom.xml": "<project><artifactId>demo</artifactId></project>",
    "demo/src/main/resources/application.properties": (
        "spring.datasource.url=${SPRING_DATASOURCE_URL}\n"
        "spring.datasource.hikari.maximum-pool-size=7\n"
    ),
}
SPRING_DATABASE = "SPRING_DATASOURCE_URL of bookshop"


@pytest.mark.parametrize(
    ("command", "others", "expected"),
    [
        ("java -jar target/*.jar", {}, [7]),
        ("java -jar demo/target/demo.jar", {}, [7]),
        # What may be built is another one, or is of another language.
        ("java -jar target/*.jar", {"web/package.json": SCRIPTS}, []),
        ("java -jar target/*.jar", {"package.json": SCRIPTS}, []),
        ("node server.js", {}, []),
        ("cd web && java -jar target/*.jar", {"web/index.html": ""}, []),
    ],
)
def test_the_only_module_is_a_folder_of_the_root(
    command: str, others: dict[str, str], expected: list[int], tmp_path: Path
) -> None:
    found = pools(tmp_path, railway(command, **SPRING, **others))
    assert found == [(SPRING_DATABASE, number, 0) for number in expected]


@pytest.mark.parametrize(
    ("image", "command", "is_own"),
    [
        ("bookshop-shop", ["java", "-jar", "app.jar"], True),
        ("bookshop-shop", None, True),
        ("bookshop-ai", ["python", "app.py"], False),
        ("bookshop-ai", ["sh", "-c", "npm start"], False),
    ],
)
def test_a_program_of_another_language_is_not_the_application(
    image: str, command: list[str] | None, is_own: bool, tmp_path: Path
) -> None:
    spring = {name.removeprefix("demo/"): text for name, text in SPRING.items()}
    spring["pom.xml"] = "<project><artifactId>bookshop</artifactId></project>"
    spring["pom.xml"] += "<artifactId>spring-boot-starter-data-jpa</artifactId>"
    url = "jdbc:mysql://db.example.org/shop"
    spring["Dockerfile"] = f"FROM eclipse-temurin:21\nENV SPRING_DATASOURCE_URL={url}\nCOPY . .\n"
    variables = {"SPRING_DATASOURCE_URL": url} if is_own else {}
    found = pools(tmp_path, {**spring, **task(image, command, **variables)})
    assert found == ([("db.example.org", 7, 0)] if is_own else [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("GOOSE_DBSTRING", 1), ("FLYWAY_DATABASE_URL", 1), ("REPORTS_DATABASE_URL", 2)],
)
def test_a_variable_of_a_migration_tool_is_no_second_database(
    name: str, expected: int, tmp_path: Path
) -> None:
    urls = {
        "DATABASE_URL": "postgres://db.example.org/shop",
        name: "postgres://other.example.org/shop",
    }
    files = {"package.json": SCRIPTS, "server.js": pg(7)}
    found = pools(tmp_path, {**files, **task("bookshop", ["node", "server.js"], **urls)})
    assert len(found) == expected
    assert ("db.example.org", 7, 0) in found


def test_a_variable_of_a_migration_tool_counts_where_no_source_is_known(tmp_path: Path) -> None:
    found = pools(tmp_path, task("bookshop", GOOSE_DBSTRING="postgres://db.example.org/shop"))
    assert [name for name, _, _ in found] == ["db.example.org"]


RAILS = {
    "Gemfile": "gem 'rails', '~> 8.0'\ngem 'pg'\n",
    "Dockerfile": "FROM ruby:3.4\nCOPY . .\nCMD puma\n",
}
HIDDEN = "<%= Rails.application.credentials.database[:host] %>"


@pytest.mark.parametrize(("host", "expected"), [(HIDDEN, 1), ("localhost", 0), ("", 0)])
def test_rails_knows_its_database_by_credentials(host: str, expected: int, tmp_path: Path) -> None:
    settings = f"production:\n  adapter: postgresql\n  pool: 5\n  host: {host}\n"
    files = {**RAILS, "config/database.yml": settings, **task("bookshop")}
    assert pools(tmp_path, files) == [(DATABASE, 5, 0)] * expected


LARAVEL = {
    "composer.json": '{"require": {"laravel/framework": "^12.0"}}',
    "artisan": "",
    "config/database.php": "<?php return ['default' => 'pgsql', 'connections' => ["
    "'pgsql' => ['driver' => 'pgsql', 'url' => env('DATABASE_URL')]]];",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("php artisan serve --host=0.0.0.0 --port=$PORT", 1),
        ("php -S 0.0.0.0:8080 -t public", 1),
        ("php artisan queue:work", 1),
        ("php-fpm", None),
    ],
)
def test_a_process_of_php_that_does_one_thing_after_the_other(
    command: str, expected: int | None, tmp_path: Path
) -> None:
    assert pools(tmp_path, railway(command, **LARAVEL)) == [(DATABASE, expected, 0)]


@pytest.mark.parametrize(
    "source",
    [
        "import Redis from 'ioredis';\nnew Redis(process.env.REDIS_URL, { lazyConnect: true })",
        "const { Redis } = require('ioredis');\nnew Redis({ host: process.env.REDIS_URL })",
        "import { createClient } from 'redis';\ncreateClient({ url: process.env.REDIS_URL })",
        "const redis = require('redis');\n"
        "redis.createClient({ socket: { host: process.env.REDIS_URL } })",
    ],
)
def test_a_client_of_redis_is_one_connection(source: str, tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"ioredis": "5"}}', "server.js": source}
    found = pools(tmp_path, railway("node server.js", **files))
    assert found == [("REDIS_URL of bookshop", 1, 0)]
