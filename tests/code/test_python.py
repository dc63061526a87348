"""Pools in Python: what is known, what is said not to be known, and that nothing in a file does
harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size, value

SQL = "import os\nfrom sqlalchemy import create_engine\n"
MAKE = "create_engine(os.environ['DATABASE_URL'], "
SETTINGS = "from pydantic import Field, AliasChoices\nfrom pydantic_settings import BaseSettings\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (SQL + "create_engine(os.environ['DATABASE_URL'])", [None]),
        (SQL + MAKE + "pool_size=7)", [7]),
        (SQL + MAKE + "pool_size=None)", [None]),
        (SQL + MAKE + "pool_size=True)", [NOT_KNOWN]),
        (SQL + MAKE + "pool_size=2 * 4 - 1)", [7]),
        (SQL + MAKE + "pool_size=os.cpu_count())", [NOT_KNOWN]),
        (SQL + MAKE + "pool_size=size)", [NOT_KNOWN]),
        (SQL + MAKE + "pool_size=size", []),
        # Variables and what holds without them.
        (SQL + MAKE + "pool_size=int(os.environ['N']))", [("N", None)]),
        (SQL + MAKE + "pool_size=int(os.environ.get('N', 5)))", [("N", 5)]),
        (SQL + MAKE + "pool_size=int(os.getenv('N') or 5))", [("N", 5)]),
        (SQL + MAKE + "pool_size=int(os.getenv('N', '5')) if os.getenv('N') else 5)", [("N", 5)]),
        (SQL + MAKE + "pool_size=int(os.environ['N']) if 'N' in os.environ else 5)", [("N", 5)]),
        (SQL + MAKE + "pool_size=min(int(os.environ.get('N', 5)), 20))", [NOT_KNOWN]),
        (SQL + MAKE + "pool_size=20 if os.environ.get('PRODUCTION') else 5)", [NOT_KNOWN]),
        (SQL + "size = 5\nsize += 1\n" + MAKE + "pool_size=size)", [NOT_KNOWN]),
        (SQL + "a, size = 1, 6\n" + MAKE + "pool_size=size)", [6]),
        (SQL + "from decouple import config\n" + MAKE + "pool_size=config('N', cast=int))",
         [("N", None)]),
        (SQL + "from decouple import config\n" + MAKE + "pool_size=config('N', default=9))",
         [("N", 9)]),
        (SQL + "from environs import Env\nenv = Env()\n" + MAKE + "pool_size=env.int('N', 8))",
         [("N", 8)]),
        (SQL + "from starlette.config import Config\nc = Config('.env')\n" + MAKE
         + "pool_size=c('N', cast=int, default=8))", [("N", 8)]),
        (SQL + "from dynaconf import Dynaconf\ns = Dynaconf()\n" + MAKE + "pool_size=s.POOL)",
         [NOT_KNOWN]),
        # Mappings of options, also those that are put together.
        (SQL + "o = {'pool_size': 3}\n" + MAKE + "**o)", [3]),
        (SQL + "o = dict(pool_size=3)\n" + MAKE + "**{**o, 'echo': True})", [3]),
        (SQL + "o = {}\no['pool_size'] = 3\n" + MAKE + "**o)", [3]),
        (SQL + "o = {'pool_size': 1}\no.update(pool_size=3)\n" + MAKE + "**o)", [3]),
        (SQL + "o = {'pool_size': 1}\no |= {'pool_size': 3}\n" + MAKE + "**o)", [3]),
        (SQL + "o = {'pool_size': 1}\no.setdefault('pool_size', 3)\n" + MAKE + "**o)", [1]),
        (SQL + "o = {}\nif big:\n    o['pool_size'] = 3\n" + MAKE + "**o)", [NOT_KNOWN]),
        (SQL + "o = {'pool_size': 3}\nif big:\n    o['echo'] = True\n" + MAKE + "**o)", [3]),
        (SQL + "o = {'pool_size': 3}\nif big:\n    o['pool_size'] = 9\n" + MAKE + "**o)",
         [NOT_KNOWN]),
        (SQL + "o = {}\nif not url.startswith('sqlite'):\n    o.update({'pool_size': 3})\n" + MAKE
         + "**o)", [3]),
        (SQL + "o = {}\nif url.startswith('postgresql'):\n    o['pool_size'] = 3\n" + MAKE + "**o)",
         [3]),
        (SQL + "o = {'pool_size': 3} if 'sqlite' not in url else {}\n" + MAKE + "**o)", [3]),
        (SQL + "o = {}\nfor k in x:\n    o[k] = x[k]\n" + MAKE + "**o)", [NOT_KNOWN]),
        (SQL + "o = options()\n" + MAKE + "**o)", [NOT_KNOWN]),
        (SQL + "o = options()\n" + MAKE + "pool_size=3, **o)", [3]),
        (SQL + "o = {'a': {'pool_size': 3}}\n" + MAKE + "**o['a'])", [3]),
        (SQL + "o = {'a': {}}\no['a']['pool_size'] = 3\n" + MAKE + "**o['a'])", [3]),
        (SQL + "o = {'pool_size': 3}\n" + MAKE + "pool_size=o.get('pool_size', 5))", [3]),
        (SQL + "o = {}\n" + MAKE + "pool_size=o.get('pool_size', 5))", [5]),
        # Functions and classes, with what they are given.
        (SQL + "def make(n=5):\n    return " + MAKE + "pool_size=n)", [5]),
        (SQL + "def make(n=5):\n    return " + MAKE + "pool_size=n)\nmake(20)", [20]),
        (SQL + "def make(n=5):\n    return " + MAKE + "pool_size=n)\nmake(20)\nmake()", [20, 5]),
        (SQL + "def make(**o):\n    return " + MAKE + "**o)", [NOT_KNOWN]),
        (SQL + "def n():\n    return int(os.environ.get('N', 4))\n" + MAKE + "pool_size=n())",
         [("N", 4)]),
        (SQL + "class Db:\n    def __init__(self, n=5):\n        self.e = " + MAKE
         + "pool_size=n)\ndb = Db(n=30)", [30]),
        (SQL + "class Db:\n    SIZE = 6\n    def open(self):\n        self.e = " + MAKE
         + "pool_size=self.SIZE)", [6]),
        (SQL + "class C:\n    def __init__(self):\n        self.n = 6\nc = C()\n" + MAKE
         + "pool_size=c.n)", [6]),
        (SQL + "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 5\n"
         "c = C(n=9)\n" + MAKE + "pool_size=c.n)", [9]),
        (SQL + "from dataclasses import dataclass, field\n@dataclass\nclass C:\n"
         "    n: int = field(default_factory=lambda: int(os.environ.get('N', 5)))\nc = C()\n"
         + MAKE + "pool_size=c.n)", [("N", 5)]),
        (SQL + "def make(u, **o):\n    o.setdefault('pool_size', 9)\n"
         "    return create_engine(u, **o)\n"
         "make(os.environ['U'], pool_size=30)", [30]),
        (SQL + "n = int(os.getenv('N', 4))\nif x:\n    n = 20\n" + MAKE + "pool_size=n)",
         [NOT_KNOWN]),
        # Classes of pools.
        (SQL + "from sqlalchemy.pool import NullPool\n" + MAKE + "poolclass=NullPool)",
         [NOT_KNOWN]),
        (SQL + "from sqlalchemy.pool import StaticPool\n" + MAKE + "poolclass=StaticPool)", [1]),
        # What only looks like it.
        (SQL + "# create_engine(url, pool_size=3)\n'''create_engine(url, pool_size=3)'''", []),
        ("def create_engine(url, pool_size): ...\ncreate_engine('x', pool_size=3)", []),
        (SQL + "create_engine('sqlite:///x.db', pool_size=3)", []),
        (SQL + "url = os.environ.get('DATABASE_URL', 'sqlite:///x.db')\ncreate_engine(url)",
         [None]),
        (SQL + "if url.startswith('sqlite'):\n    create_engine(url)\nelse:\n    create_engine(url,"
         " pool_size=3)", [3]),
    ],
)  # fmt: skip
def test_sqlalchemy(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("db.py", source)] == expected


@pytest.mark.parametrize(
    ("fields", "read", "expected"),
    [
        ("pool: int = 5", "s.pool", ("POOL", 5)),
        ("pool: int", "s.pool", ("POOL", None)),
        ("pool: int = Field(5)", "s.pool", ("POOL", 5)),
        ("pool: int = Field(default=5, alias='DB_POOL')", "s.pool", ("DB_POOL", 5)),
        ("pool: int = Field(5, validation_alias=AliasChoices('A', 'B'))", "s.pool", ("A", 5)),
        ("pool: int = 5\n    model_config = {'env_prefix': 'app_'}", "s.pool", ("APP_POOL", 5)),
        ("pool: int = 5\n    class Config:\n        env_prefix = 'app_'", "s.pool",
         ("APP_POOL", 5)),
        ("db: Db = Db()\n    model_config = {'env_nested_delimiter': '__'}", "s.db.size",
         ("DB__SIZE", 3)),
        ("pool: int = 5\n    @property\n    def twice(self):\n        return self.pool * 2",
         "s.twice", NOT_KNOWN),
        ("pool: int = 5\n    @property\n    def same(self):\n        return self.pool", "s.same",
         ("POOL", 5)),
        ("pool: int = 5", "s.other", NOT_KNOWN),
    ],
)  # fmt: skip
def test_settings_that_are_read_from_the_environment(
    fields: str, read: str, expected: object
) -> None:
    source = (
        SQL + SETTINGS + "class Db(BaseModel):\n    size: int = 3\n"
        f"class S(BaseSettings):\n    {fields}\ns = S()\n" + MAKE + f"pool_size={read})"
    )
    (pool,) = pools_of("db.py", source)
    assert size(pool) == expected


@pytest.mark.parametrize(
    "imported",
    [
        "from config import settings",
        "import config\nsettings = config.settings",
        "from config import *",
        "from config import get_settings\nsettings = get_settings()",
        "from config import Settings\ndef f(settings: Settings):\n    pass\nsettings = Settings()",
    ],
)
def test_settings_of_another_file_are_followed(imported: str) -> None:
    config = (
        SETTINGS + "class Settings(BaseSettings):\n    url: str\n    pool: int = 5\n"
        "settings = Settings()\ndef get_settings():\n    return Settings()\n"
    )
    source = SQL + imported + "\ncreate_engine(settings.url, pool_size=settings.pool)"
    (pool,) = pools_of("db.py", source, config__py=config)
    assert (pool.variables, size(pool)) == (("URL",), ("POOL", 5))


def test_what_another_file_gives_a_class_is_followed() -> None:
    source = (
        SQL + "class Database:\n    def __init__(self, url, pool_size=5):\n"
        "        self.engine = create_engine(url, pool_size=pool_size)\n"
    )
    main = "import os\nfrom db import Database\nDatabase(os.environ['MAIN_URL'], pool_size=40)\n"
    (pool,) = pools_of("db.py", source, main__py=main)
    assert (pool.variables, size(pool)) == (("MAIN_URL",), 40)


def test_a_function_that_is_called_for_two_databases_makes_two_pools() -> None:
    found = pools_of(
        "db.py",
        SQL + "def make(url, size=5):\n    return create_engine(url, pool_size=size)\n"
        "main = make(os.environ['A_URL'])\nagain = make(os.environ['A_URL'])\n"
        "logs = make(os.environ['B_URL'], 2)\n",
    )
    assert [(pool.variables, size(pool)) for pool in found] == [(("A_URL",), 5), (("B_URL",), 2)]


@pytest.mark.parametrize(
    ("source", "library", "expected"),
    [
        ("import asyncpg\nasyncpg.create_pool(dsn, max_size=4)", "asyncpg", 4),
        ("from psycopg_pool import ConnectionPool\nConnectionPool(u, min_size=6)",
         "psycopg_pool", 6),
        ("from psycopg_pool import ConnectionPool\nConnectionPool(u, max_size=8, min_size=6)",
         "psycopg_pool", 8),
        ("from psycopg2 import pool\npool.ThreadedConnectionPool(1, 12, dsn=u)",
         "psycopg2.pool", 12),
        ("import aiomysql\naiomysql.create_pool(host=h, maxsize=3)", "aiomysql", 3),
        ("from databases import Database\nDatabase(u, max_size=3)", "databases", 3),
        ("from sqlmodel import create_engine\ncreate_engine(u, pool_size=3)", "SQLAlchemy", 3),
        ("import ormar\normar.DatabaseConnection(u, pool_size=3)", "SQLAlchemy", 3),
        ("from pymongo import MongoClient\nMongoClient(u, maxPoolSize=3)",
         "the MongoDB driver", 3),
        ("import redis.asyncio as r\nr.from_url(u, max_connections=3)", "redis-py", 3),
        ("from redis import Redis, ConnectionPool\np = ConnectionPool(max_connections=3)\n"
         "Redis(connection_pool=p)", "redis-py", 3),
        ("from tortoise import Tortoise\nTortoise.init(config={'connections': {'default': "
         "{'engine': 'x', 'credentials': {'maxsize': 3}}}})", "Tortoise ORM", 3),
        ("from flask_sqlalchemy import SQLAlchemy\nSQLAlchemy(app, engine_options={'pool_size':"
         " 3})", "SQLAlchemy", 3),
    ],
)  # fmt: skip
def test_other_libraries(source: str, library: str, expected: object) -> None:
    (pool,) = pools_of("db.py", source)
    assert (pool.library, size(pool)) == (library, expected)


DJANGO = "import os, dj_database_url\nDATABASES = "


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{'default': {'ENGINE': 'django.db.backends.sqlite3'}}", []),
        ("{'default': dj_database_url.config()}", [("Django", None, ("DATABASE_URL",))]),
        ("{'default': dj_database_url.parse(os.environ['U'])}", [("Django", None, ("U",))]),
        ("{'default': {'HOST': os.environ['H'], 'OPTIONS': {'pool': True}}}",
         [("psycopg_pool", None, ("H",))]),
        ("{'default': {'HOST': os.environ['H'], 'OPTIONS': {'pool': {'max_size': 7}}}}",
         [("psycopg_pool", 7, ("H",))]),
        ("{'default': {'HOST': os.environ['H'], 'OPTIONS': {'pool': options()}}}",
         [("psycopg_pool", NOT_KNOWN, ("H",))]),
        ("{'default': dj_database_url.config()}\n"
         "DATABASES['default']['OPTIONS'] = {'pool': {'max_size': 7}}",
         [("psycopg_pool", 7, ("DATABASE_URL",))]),
        ("{'default': dj_database_url.config()}\n"
         "DATABASES['default'].update(OPTIONS={'pool': {'max_size': 7}})",
         [("psycopg_pool", 7, ("DATABASE_URL",))]),
    ],
)  # fmt: skip
def test_django(source: str, expected: list[object]) -> None:
    found = pools_of("settings.py", DJANGO + source)
    assert [(pool.library, size(pool), pool.variables) for pool in found] == expected


def test_two_ways_to_one_database_are_told_of_each_other() -> None:
    found = pools_of(
        "settings.py",
        "import os, dj_database_url\nif os.environ.get('DATABASE_URL'):\n"
        "    DATABASES = {'default': dj_database_url.config()}\nelse:\n"
        "    DATABASES = {'default': {'HOST': os.environ.get('DB_HOST')}}\n",
    )
    assert [set(pool.variables) for pool in found] == [{"DATABASE_URL", "DB_HOST"}] * 2
    assert len({pool.side for pool in found}) == 2


FLASK = "import os\nfrom flask_sqlalchemy import SQLAlchemy\n"
URL = "app.config['SQLALCHEMY_DATABASE_URI'] = os.environ['U']\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FLASK + URL, [None]),
        (FLASK + URL + "app.config['SQLALCHEMY_ENGINE_OPTIONS'] = {'pool_size': 4}", [4]),
        (FLASK + URL + "app.config.update(SQLALCHEMY_ENGINE_OPTIONS={'pool_size': 4})", [4]),
        (FLASK + "class C:\n    SQLALCHEMY_ENGINE_OPTIONS = {'pool_size': 4}", [4]),
        (FLASK + URL + "app.config['SQLALCHEMY_ENGINE_OPTIONS'] = options()", [NOT_KNOWN]),
        (FLASK + "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///x.db'", []),
        # The name of a setting that something else reads.
        ("import os\nSQLALCHEMY_DATABASE_URI = os.environ['U']\n", []),
    ],
)
def test_flask(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("app.py", source)] == expected


def test_a_return_in_a_condition_excludes_what_follows() -> None:
    found = pools_of(
        "db.py",
        SQL + "def make():\n    if replica:\n        return " + MAKE + "pool_size=2)\n    return "
        + MAKE + "pool_size=3)\n",
    )  # fmt: skip
    assert [pool.choice for pool in found] == ["db.py:4", "db.py:4"]
    assert len({pool.side for pool in found}) == 2


def test_places_are_told_in_characters() -> None:
    source = SQL + "x = 'é'; e = create_engine(u, pool_size=12)\r\n"
    found = pools_of("db.py", source)
    (pool,) = found
    assert pool.size is not None
    span = pool.size.location.span
    assert source.splitlines()[2][span.column - 1 : span.end_column - 1] == "12"
    assert_places_exist(source, found)


PARTS = st.sampled_from(
    [SQL, "create_engine(", ")", "**o", "o = {", "}", "'pool_size': 3", "o['a']['b'] = ", "\n",
     "if x:\n    ", "o = o | o", "def f(a=1):\n ", "return ", "class A(B):\n ", "self.x = ", "f()",
     "lambda: ", "o.update(o)", "é", "\0", "f'{x}'", "x = x + x", "DATABASES", "import os", ", "]
)  # fmt: skip


@given(st.lists(PARTS, max_size=40).map("".join))
def test_any_text(source: str) -> None:
    found = pools_of("db.py", source)
    assert len(found) <= MOST_POOLS
    assert all(value(pool.size) is not True for pool in found)
    assert_places_exist(source, found)
