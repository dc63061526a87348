from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale import api
from lintscale.code.locks import LOCK_FILES, locked_versions
from lintscale.project.config import load_settings

PACKAGES = ("@prisma/client", "redis", "rails")

FORMS = {
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, '
    '"node_modules/@prisma/client": {"version": "7.1.0"}, '
    '"node_modules/a/node_modules/@prisma/client": {"version": "6.0.0"}}}',
    "npm-shrinkwrap.json": '{"dependencies": {"@prisma/client": {"version": "7.1.0"}}}',
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n\n  .:\n    dependencies:\n"
    "      '@prisma/client':\n        specifier: ^7.0.0\n"
    "        version: 7.1.0(typescript@5.9.3)\n\npackages:\n\n  '@prisma/client@6.0.0': {}\n",
    "yarn.lock": '# yarn lockfile v1\n\n"@prisma/client@^7.0.0", "@prisma/client@7":\n'
    '  version "7.1.0"\n  resolved "x"\n',
    "bun.lock": '{\n  "packages": {\n    "@prisma/client": ["@prisma/client@7.1.0", "", {}, "s"],\n'
    "  },\n}\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_what_is_locked(name: str) -> None:
    assert locked_versions(name, FORMS[name], PACKAGES) == {"@prisma/client": (7, 1, 0)}


def test_yarn_s_second_format() -> None:
    text = '"@prisma/client@npm:^7.0.0":\n  version: 7.1.0\n  resolution: "x"\n'
    assert locked_versions("yarn.lock", text, PACKAGES) == {"@prisma/client": (7, 1, 0)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", '[[package]]\nname = "redis"\nversion = "8.1.0"\n'),
        ("poetry.lock", '[[package]]\nname = "redis"\nversion = "8.1.0"\noptional = false\n'),
        ("Pipfile.lock", '{"default": {"redis": {"version": "==8.1.0"}}}'),
        ("Gemfile.lock", "GEM\n  specs:\n    redis (8.1.0)\n      connection_pool (>= 2)\n"),
    ],
)
def test_other_package_managers(name: str, text: str) -> None:
    assert locked_versions(name, text, PACKAGES) == {"redis": (8, 1, 0)}


@given(st.sampled_from(sorted(LOCK_FILES)), st.text(alphabet='{}[]":,\n -ab1.@()', max_size=80))
def test_broken_lock_files_say_nothing(name: str, text: str) -> None:
    assert locked_versions(name, text, PACKAGES) == {}


RENDER = """\
services:
  - type: web
    name: shop
    runtime: node
    startCommand: node dist/main.js
    numInstances: 8
    envVars:
      - {key: DATABASE_URL, value: "postgresql://shop@db.example/shop?QUERY"}
"""


def size(root: Path, query: str, files: dict[str, str]) -> tuple[int | None, list[str]]:
    for name, text in {"render.yaml": RENDER.replace("QUERY", query), **files}.items():
        (root / name).write_text(text, encoding="utf-8")
    result = api.check([str(root)], settings=load_settings(root))
    (database,) = [d for d in result.project.databases if d.consumers]
    (consumer,) = database.consumers
    rules = [f.rule for f in result.findings if f.rule == "ineffective-pool-parameter"]
    return consumer.pool.size.value, rules


RANGE = '{"dependencies": {"@prisma/client": ">=6", "@prisma/adapter-pg": ">=6"}}'


def test_the_lock_file_says_which_prisma_it_is(tmp_path: Path) -> None:
    lock = FORMS["package-lock.json"]
    files = {"package.json": RANGE, "package-lock.json": lock}
    assert size(tmp_path, "connection_limit=5", files) == (10, ["ineffective-pool-parameter"])
    files["package-lock.json"] = lock.replace("7.1.0", "6.19.0")
    assert size(tmp_path, "connection_limit=5", files) == (5, [])


def test_max_connections_is_rails_s_from_8_1_on(tmp_path: Path) -> None:
    files = {"Gemfile": 'gem "rails"\n', "Gemfile.lock": "GEM\n  specs:\n    rails (8.1.1)\n"}
    assert size(tmp_path, "max_connections=12", files)[0] == 12
    files["Gemfile.lock"] = files["Gemfile.lock"].replace("8.1.1", "8.0.3")
    assert size(tmp_path, "max_connections=12", files)[0] == 5


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Cargo.toml", '[dependencies]\nsqlx = { version = "0.9" }\n', 10),
        ("mix.exs", 'defp deps, do: [{:ecto_sql, "~> 3.12"}, {:postgrex, ">= 0.0.0"}]\n', 10),
        ("package.json", '{"dependencies": {"mariadb": "^3.5"}}', 10),
        ("Shop.csproj", '<PackageReference Include="Npgsql" Version="9.0.0" />\n', 100),
        ("build.gradle", 'implementation "org.springframework.boot:spring-boot-starter-jdbc"', 10),
        ("pom.xml", "<artifactId>quarkus-agroal</artifactId>", 50),
    ],
)
def test_defaults_of_other_languages(tmp_path: Path, name: str, text: str, expected: int) -> None:
    assert size(tmp_path, "", {name: text})[0] == expected


def test_a_second_question_mark(tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"@prisma/client": "5.20.0"}}'}
    found = size(tmp_path, "sslmode=prefer?connection_limit=10", files)
    assert found[1] == ["ineffective-pool-parameter"]
