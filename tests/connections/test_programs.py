"""Which pools a program has: those of the files that its start command loads, each with the
database that it leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.project.config import load_settings
from lintscale.resolve.capacity import capacities
from tests.files import write_files

PG = (
    "import {{ Pool }} from 'pg';\n"
    "export const pool = new Pool({{connectionString: {url}, max: {n}}})"
)


def pg(number: int, url: str = "DATABASE_URL") -> str:
    return PG.format(url=f"process.env.{url}", n=number)


def pools(folder: Path, files: dict[str, str]) -> list[tuple[object, ...]]:
    """Database, size and overflow of each pool, in the order of names."""
    root = folder / "bookshop"
    (root / ".git").mkdir(parents=True)
    write_files(root, files)
    result = api.load([str(root)], settings=load_settings(root))
    return sorted(
        (each.database.name, consumer.pool.size.value, consumer.pool.overflow.value)
        for each in capacities(result.project)
        for consumer in (*each.consumers, *each.left_out)
    )


def railway(command: str, **files: str) -> dict[str, str]:
    config = f'[deploy]\nstartCommand = "{command}"\nnumReplicas = 2\n'
    return {"railway.toml": config, **files}


SCRIPTS = '{"name": "shop", "dependencies": {"pg": "8"}}'


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("node server.js", {"server.js": "require('./lib/db')", "lib/db.js": pg(7),
                            "jobs/work.js": pg(70)}),
        ("node dist/main.js", {"src/main.ts": "import './db.js'", "src/db.ts": pg(7),
                               "src/worker.ts": pg(70)}),
        ("node --enable-source-maps -r ./otel.js build/app/main", {
            "tsconfig.json": '{"compilerOptions": {"outDir": "build", "rootDir": "./source"}}',
            "source/app/main.ts": "export * from '../db'", "source/db.ts": pg(7),
            "source/worker.ts": pg(70)}),
        ("npx tsx watch src/index.ts", {"src/index.ts": "const db = await import('@/db')",
                                        "src/db.ts": pg(7), "src/other.ts": pg(70)}),
        # What is loaded in a way that nobody sees is still a way to start.
        ("node server.js", {"server.js": "load(join(dir, name))", "lib/db.js": pg(7)}),
        ("./start", {"server.js": "require('./lib/db')", "lib/db.js": pg(7)}),
    ],
)  # fmt: skip
def test_javascript_that_a_command_loads(
    command: str, files: dict[str, str], tmp_path: Path
) -> None:
    found = pools(tmp_path, {**railway(command), "package.json": SCRIPTS, **files})
    assert [size for _, size, _ in found] == [7]


def test_a_workspace_package_belongs_to_those_that_depend_on_it(tmp_path: Path) -> None:
    found = pools(
        tmp_path,
        {
            "apps/api/railway.toml": railway("pnpm start")["railway.toml"],
            "apps/api/package.json": '{"name": "api", "dependencies": {"@shop/db": "*"}}',
            "apps/api/index.ts": "import { pool } from '@shop/db'",
            "apps/web/railway.toml": railway("next start")["railway.toml"],
            "apps/web/package.json": '{"name": "web", "dependencies": {"pg": "8"}}',
            "apps/web/db.ts": pg(90, "WEB_URL"),
            "packages/db/package.json": '{"name": "@shop/db", "dependencies": {"pg": "8"}}',
            "packages/db/index.ts": pg(9),
        },
    )
    assert [size for _, size, _ in found] == [9, 90]


SETTINGS = """\
import environ
env = environ.Env()
if env("DATABASE_URL", default=None):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": env("DB_HOST")}}
"""


def test_a_folder_with_a_config_of_its_own_is_no_part_of_the_one_around_it(tmp_path: Path) -> None:
    found = pools(
        tmp_path,
        {
            **railway("next start"),
            "package.json": '{"name": "web"}',
            "backend/railway.toml": railway("gunicorn config.wsgi")["railway.toml"],
            "backend/requirements.txt": "django\n",
            "backend/config/wsgi.py": "import os\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n",
            "backend/config/settings.py": SETTINGS,
        },
    )
    # The two ways to the database are one, and the application around it has none.
    assert len(found) == 1


RENDER = """\
services:
  - type: web
    name: shop
    runtime: python
    numInstances: 2
    startCommand: {command}
    envVars:
      - {{key: DATABASE_URL, fromDatabase: {{name: main, property: connectionString}}}}
{more}databases: [{{name: main, plan: basic-1gb}}{databases}]
"""
MAIN = "import os\nfrom sqlalchemy import create_engine\n" + (
    "engine = create_engine(os.environ['DATABASE_URL'], pool_size={})\n"
)
SIDE = "from sqlalchemy import create_engine\nside = create_engine({}, pool_size=50)\n"


def render(more: str = "", databases: str = "") -> dict[str, str]:
    text = RENDER.format(command="uvicorn shop:app", more=more, databases=databases)
    return {"render.yaml": text, "requirements.txt": "sqlalchemy\n"}


@pytest.mark.parametrize(
    "address", ["f'postgresql://{user}@{host}/logs'", "url", "os.environ['LOGS_URL']"]
)
def test_a_side_pool_does_not_take_the_place_of_the_main_one(address: str, tmp_path: Path) -> None:
    shop = MAIN.format(8) + "import side\n"
    files = {**render(), "shop.py": shop, "side.py": "import os\n" + SIDE.format(address)}
    found = [pool for pool in pools(tmp_path, files) if pool[0] == "main"]
    assert found == [("main", 8, 10)]


def test_what_has_another_address_is_another_server(tmp_path: Path) -> None:
    more = "      - {key: LOGS_HOST, value: logs.example.com}\n"
    source = "import os\n" + SIDE.format("f\"postgresql://x@{os.environ['LOGS_HOST']}/logs\"")
    found = pools(tmp_path, {**render(more), "shop.py": source})
    assert ("main", 50, 10) not in found


def test_no_default_holds_where_it_is_not_known_which_database_a_size_is_for(
    tmp_path: Path,
) -> None:
    other = "      - {key: OTHER_URL, fromDatabase: {name: other, property: connectionString}}\n"
    files = {**render(other, ", {name: other, plan: basic-1gb}"), "shop.py": SIDE.format("url")}
    assert [size for _, size, _ in pools(tmp_path, files)] == [None, None]


@pytest.mark.parametrize(("version", "size"), [("8.1.0", 100), ("7.1.0", None)])
def test_what_0_means_is_redis_pys_to_say(version: str, size: int | None, tmp_path: Path) -> None:
    files = railway("uvicorn shop:app")
    files["requirements.txt"] = f"redis=={version}\n"
    files["shop.py"] = (
        "import os, redis\nr = redis.from_url(os.environ['REDIS_URL'], max_connections=0)\n"
    )
    assert [found for _, found, _ in pools(tmp_path, files)] == [size]


def test_settings_that_build_on_others(tmp_path: Path) -> None:
    base = "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db()}\n"
    found = pools(
        tmp_path,
        {
            **railway("gunicorn config.wsgi"),
            "requirements.txt": "django\n",
            "config/wsgi.py": "import os\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.production')\n",
            "config/base.py": base,
            "config/production.py": "from .base import *\n"
            "DATABASES['default']['OPTIONS'] = {'pool': {'max_size': 8}}\n",
        },
    )
    assert [size for _, size, _ in found] == [8]


def test_of_several_variables_the_first_that_is_set_counts(tmp_path: Path) -> None:
    source = (
        "import os\nfrom sqlalchemy import create_engine\n"
        "size = int(os.getenv('POOL_A') or os.getenv('POOL_B') or 5)\n"
        "engine = create_engine(os.environ['DATABASE_URL'], pool_size=size)\n"
    )
    more = "      - {key: POOL_B, value: 40}\n"
    assert pools(tmp_path, {**render(more), "shop.py": source}) == [("main", 40, 10)]


def node(command: str, **files: str) -> dict[str, str]:
    return {**railway(command), "package.json": SCRIPTS, "server.js": pg(7), **files}


MIGRATION = {"setup.js": pg(60)}


@pytest.mark.parametrize(
    ("files", "sizes"),
    [
        (node("node setup.js && node server.js", **MIGRATION), [7]),
        (node("node setup.js; exec node server.js", **MIGRATION), [7]),
        (node("sh start.sh", **MIGRATION, **{"start.sh": "node setup.js\nexec node server.js"}),
         [7]),
        (node("npm start", **{**MIGRATION, "package.json":
            '{"scripts": {"prestart": "node setup.js", "start": "node server.js"}}'}), [7]),
        # One that is loaded as well is no other program's.
        (node("node setup.js && node server.js", **{**MIGRATION,
            "server.js": "require('./setup')"}), [60]),
        # Those in the background go on, and what only waits follows no program.
        (node("node setup.js & node server.js", **MIGRATION), [7, 60]),
        (node("node setup.js & node server.js & wait", **MIGRATION), [7, 60]),
        (node("node server.js && echo done"), [7]),
        # Of a program that is not known only those that end are none of its.
        (node("node setup.js && ./serve", **MIGRATION), [7]),
    ],
)  # fmt: skip
def test_a_program_that_has_ended_holds_no_pools(
    files: dict[str, str], sizes: list[int], tmp_path: Path
) -> None:
    assert sorted(size for _, size, _ in pools(tmp_path, files)) == sizes  # type: ignore[type-var]


def processes(folder: Path, files: dict[str, str]) -> list[tuple[object, ...]]:
    """Processes and size of each pool."""
    root = folder / "bookshop"
    (root / ".git").mkdir(parents=True)
    write_files(root, files)
    result = api.load([str(root)], settings=load_settings(root))
    return sorted(
        (consumer.processes.value, consumer.pool.size.value)
        for each in capacities(result.project)
        for consumer in (*each.consumers, *each.left_out)
    )


PYTHON = {"requirements.txt": "sqlalchemy", "shop.py": MAIN.format(7), "work.py": MAIN.format(9)}
TWO_APPS = (
    "module.exports = {apps: [{script: 'server.js', instances: 4}, "
    "{script: 'work.js', instances: 2}]}"
)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({**railway("python work.py & exec gunicorn -w 8 shop:app"), **PYTHON}, [(1, 9), (8, 7)]),
        ({**railway("celery -A work worker -c 3 & gunicorn -w 8 shop:app"), **PYTHON},
         [(3, 9), (8, 7)]),
        # What both load both hold.
        ({**railway("celery -A work worker -c 3 & gunicorn -w 8 shop:app"), **PYTHON,
          "work.py": "import shop"}, [(11, 7)]),
        ({**railway("nginx & exec gunicorn -w 8 shop:app"), **PYTHON}, [(8, 7)]),
        ({**railway("flask --app work init & wait; gunicorn -w 8 shop:app"), **PYTHON,
          "work.py": "import shop"}, [(9, 7)]),
        # Which files a server loads need not be known.
        ({**railway("celery worker -c 3 & gunicorn -w 8 shop:app"), **PYTHON}, [(11, 7)]),
        (node("pm2-runtime ecosystem.config.js", **{"ecosystem.config.js": TWO_APPS,
              "work.js": pg(9)}), [(2, 9), (4, 7)]),
    ],
)  # fmt: skip
def test_a_pool_is_in_the_processes_that_load_its_file(
    files: dict[str, str], found: list[tuple[int, int]], tmp_path: Path
) -> None:
    assert processes(tmp_path, files) == found


KNEXFILE = (
    "module.exports = {production: {client: 'pg', connection: process.env.DATABASE_URL,"
    " pool: {max: 30}}, development: {client: 'pg', pool: {max: 3}}};\n"
)


@pytest.mark.parametrize(
    ("server", "sizes"),
    [
        ("const knex = require('knex');\nknex(require('./knexfile').production)", [30]),
        ("const knex = require('knex');\nknex(require('./knexfile')[mode()])", [30]),
        ("const {Pool} = require('pg');\nnew Pool({max: 4});\nrequire('./knexfile')", [4]),
        ("require('./knexfile')", [30]),
    ],
)
def test_a_file_of_options_makes_no_pool_beside_the_call_that_has_them(
    server: str, sizes: list[int], tmp_path: Path
) -> None:
    files = {**railway("node server.js"), "server.js": server, "knexfile.js": KNEXFILE}
    found = pools(tmp_path, {**files, "package.json": '{"dependencies": {"knex": "3", "pg": "8"}}'})
    assert [size for _, size, _ in found] == sizes


@pytest.mark.parametrize(
    "other",
    [
        "new Pool({host: 'warehouse.example.com', max: 60})",
        "new Pool({connectionString: 'postgres://x:y@localhost:5432/shop', max: 60})",
        "process.env.A ? 0 : new Pool({host: 'localhost', max: 60})",
        "new Pool({connectionString: process.env.TEST_DATABASE_URL, max: 60})",
    ],
)
def test_what_leads_to_another_server_takes_no_place_of_the_database(
    other: str, tmp_path: Path
) -> None:
    server = (
        "const {Pool} = require('pg');\nlet pool;\n"
        "const url = process.env.DATABASE_URL;\n"
        f"if (process.env.NODE_ENV === 'production') {{ pool = new Pool({{connectionString: url,"
        f" max: 20}}) }} else {{ pool = {other} }}"
    )
    config = RENDER.format(command="node server.js", more="", databases="")
    files = {"render.yaml": config, "package.json": SCRIPTS, "server.js": server}
    assert pools(tmp_path, files) == [("main", 20, 0)]
    alone = {**files, "server.js": f"const {{Pool}} = require('pg');\n{other}"}
    assert ("main", 60, 0) not in pools(tmp_path / "alone", alone)


FLASK_CONFIG = """\
import os
class Base:
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 3, "max_overflow": 0}
class Prod(Base):
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 11, "max_overflow": 0}
class Small(Base):
    DEBUG = False
class Staging(Base):
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 60, "max_overflow": 0}
class Testing(Base):
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 99, "max_overflow": 0}
class DevelopmentConfig(Base):
    SQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 98, "max_overflow": 0}
config = {"production": Prod, "testing": Testing}
"""


@pytest.mark.parametrize(
    ("chosen", "size"),
    [
        ("'config.Prod'", 11),
        ("config.Prod", 11),
        ("'config.Small'", 3),
        ("'config.Testing'", 99),
        ("config.config[os.environ['FLASK_CONFIG']]", 60),
    ],
)
def test_of_flasks_classes_the_one_that_is_chosen_counts(
    chosen: str, size: int, tmp_path: Path
) -> None:
    shop = (
        "import os, config\nfrom flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n"
        f"app = Flask(__name__)\napp.config.from_object({chosen})\ndb = SQLAlchemy(app)\n"
    )
    files = {**render(), "shop.py": shop, "config.py": FLASK_CONFIG}
    files["requirements.txt"] = "flask-sqlalchemy\nsqlalchemy\n"
    assert pools(tmp_path, files) == [("main", size, 0)]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("const o = {connectionString: url};\no.max = 25;", 25),
        ("const o = {connectionString: url, max: 5};\no.max = Number(process.env.N || 25);", 25),
        ("const o = Object.assign({max: 3}, {connectionString: url}, {max: 25});", 25),
        ("const o = Object.assign({}, unknown(), {connectionString: url});", None),
        ("const o = {connectionString: url};\nif (process.env.BIG) o.max = pick();", None),
    ],
)
def test_options_that_are_given_after_their_object(
    options: str, size: int | None, tmp_path: Path
) -> None:
    source = "const {Pool} = require('pg');\nconst url = process.env.DATABASE_URL;\n"
    server = f"{source}{options}\nnew Pool(o);\n"
    found = pools(tmp_path, {**node("node server.js"), "server.js": server})
    assert [each for _, each, _ in found] == [size]
