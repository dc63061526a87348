"""Pools in C#, Elixir and PHP."""

# ruff: noqa: E501 - one case a line
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size


def csharp(body: str, fields: str = "") -> str:
    return f"using Npgsql;\nclass Db {{ {fields} void Open(int given) {{ {body} }} }}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (csharp("var b = new NpgsqlConnectionStringBuilder(s) { MaxPoolSize = 50 };"), [50]),
        (csharp("var b = new NpgsqlConnectionStringBuilder(s); b.MaxPoolSize = 50;"), [50]),
        (
            csharp(
                'var b = new NpgsqlConnectionStringBuilder(s); b.MaxPoolSize = int.Parse(Environment.GetEnvironmentVariable("N") ?? "9");'
            ),
            [("N", 9)],
        ),
        (
            csharp(
                "var b = new NpgsqlConnectionStringBuilder(s); b.MaxPoolSize = Max;",
                "const int Max = 6 * 2;",
            ),
            [12],
        ),
        (
            csharp("var b = new NpgsqlConnectionStringBuilder(s) { MaxPoolSize = given };"),
            [NOT_KNOWN],
        ),
        (csharp('o.UseNpgsql(configuration.GetConnectionString("Shop"));'), [None]),
        (csharp("// new NpgsqlConnectionStringBuilder(s) { MaxPoolSize = 50 };"), []),
        (csharp('var s = @"new NpgsqlConnectionStringBuilder";'), []),
    ],
)
def test_csharp(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("Db.cs", source)] == expected


ENV = 'Environment.GetEnvironmentVariable("DATABASE_URL")'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'$"{{{ENV}}};Maximum Pool Size=21"', 21),
        (f'{ENV} + ";maxpoolsize=21;Timeout=3"', 21),
        (f'{ENV} + ";Max Pool Size=" + 21', 21),
        (f'{ENV} + ";Max Pool Size=" + given', NOT_KNOWN),
        (f'{ENV} + ";Max Pool Size=many"', NOT_KNOWN),
        (f'string.Format("{{0}};Max Pool Size={{1}}", {ENV}, given)', NOT_KNOWN),
        ('"Host=db;Max Pool Size=3;Max Pool Size=4"', 4),
        (f'{ENV} + ";Min Pool Size=21"', None),
        (ENV, None),
    ],
)
@pytest.mark.parametrize("call", ["NpgsqlDataSource.Create(s)", "o.UseNpgsql(s)"])
def test_a_size_in_a_connection_string(call: str, text: str, expected: object) -> None:
    (pool,) = pools_of("Db.cs", csharp(f"var s = {text}; {call};"))
    assert size(pool) == expected


def test_a_connection_string_is_a_variable_of_its_name() -> None:
    (pool,) = pools_of("Db.cs", csharp('o.UseNpgsql(configuration.GetConnectionString("Shop"));'))
    assert pool.variables == ("ConnectionStrings__Shop",)


REPO = "import Config\n"
URL = 'url: System.get_env("DATABASE_URL")'
IF = "if config_env() == :{} do\n {}\nend\n"


@pytest.mark.parametrize(
    ("config", "prod", "runtime", "expected"),
    [
        ("pool_size: 60", "pool_size: 7", f"config :s, S.Repo, {URL}", 7),
        ("pool_size: 60", "ssl: true", f"config :s, S.Repo, {URL}", 60),
        ("pool_size: 60", "pool_size: 7", f"config :s, S.Repo, {URL}, pool_size: 9", 9),
        (
            "pool_size: 60",
            "pool_size: 7",
            f"config :s, S.Repo, {URL}\nconfig :s, S.Repo, pool_size: 9",
            9,
        ),
        ("log: false", "log: false", f"config :s, S.Repo, {URL}", None),
        (
            "pool_size: 60",
            "pool_size: 7",
            IF.format("prod", f"config :s, S.Repo, {URL}")
            + IF.format("test", "config :s, S.Repo, pool_size: 55"),
            7,
        ),
    ],
)
def test_the_files_of_a_configuration_are_one(
    config: str, prod: str, runtime: str, expected: object
) -> None:
    texts = {
        "config__exs": f"{REPO}config :s, S.Repo, {config}",
        "prod__exs": f"{REPO}config :s, S.Repo, {prod}",
        "runtime__exs": REPO + runtime,
    }
    found = []
    for name, text in texts.items():
        others = {key: value for key, value in texts.items() if key != name}
        found += pools_of(name.replace("__", "."), text, **others)
    assert [(size(pool), pool.variables) for pool in found] == [(expected, ("DATABASE_URL",))]


def test_what_a_later_file_leaves_to_an_earlier_one() -> None:
    texts = {"prod__exs": f"{REPO}config :s, S.Repo, pool_size: 7"}
    (pool,) = pools_of("config.exs", f"{REPO}config :s, S.Other.Repo, pool_size: 6", **texts)
    assert size(pool) == 6


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (REPO + "config :shop, Shop.Repo, pool_size: 20", [20]),
        (REPO + "config :shop, Shop.Repo, pool_size: 20, pool_count: 3", [60]),
        (
            REPO
            + 'config :shop, Shop.Repo, pool_size: String.to_integer(System.get_env("N") || "10")',
            [("N", 10)],
        ),
        (
            REPO
            + 'config :shop, Shop.Repo, pool_size: String.to_integer(System.get_env("N", "10"))',
            [("N", 10)],
        ),
        (
            REPO
            + 'config :shop, Shop.Repo, pool_size: System.fetch_env!("N") |> String.to_integer()',
            [("N", None)],
        ),
        (REPO + "n = 7\nconfig :shop, Shop.Repo, pool_size: n", [7]),
        (REPO + "config :shop, Shop.Repo, pool_size: System.schedulers_online() * 2", [NOT_KNOWN]),
        (REPO + 'config :shop, Shop.Repo, url: System.get_env("DATABASE_URL")', [None]),
        (REPO + "config :shop, Shop.Repo, adapter: Ecto.Adapters.Postgres", []),
        (REPO + 'config :shop, ShopWeb.Endpoint, url: [host: "x"]', []),
        (REPO + "# config :shop, Shop.Repo, pool_size: 20", []),
        ("{:ok, pid} = Postgrex.start_link(hostname: host, pool_size: 4)", [4]),
    ],
)
def test_elixir(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("runtime.exs", source)] == expected


def test_what_tests_configure_is_not_deployed() -> None:
    assert pools_of("test.exs", REPO + "config :shop, Shop.Repo, pool_size: 20") == []


LARAVEL = """<?php
return ['default' => env('DB_CONNECTION', 'pgsql'), 'connections' => [
  'pgsql' => ['driver' => 'pgsql', 'url' => env('DATABASE_URL'), 'host' => env('DB_HOST', 'x')],
  'mysql' => ['driver' => 'mysql', 'host' => env('MYSQL_HOST')],
  'sqlite' => ['driver' => 'sqlite'],
]];
"""


def test_laravel_uses_its_default_connection() -> None:
    (pool,) = pools_of("database.php", LARAVEL)
    assert (pool.library, pool.variables, size(pool)) == ("PHP", ("DATABASE_URL", "DB_HOST"), None)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<?php $db = new PDO('pgsql:host=' . getenv('H'), $u, $p);", [("H",)]),
        ("<?php $db = new PDO('sqlite:/x.db');", []),
        ("<?php // new PDO('pgsql:host=' . getenv('H'));", []),
        ("<?php $h = getenv('H') ?: 'x'; $db = mysqli_connect($h);", [("H",)]),
        ("text new PDO('pgsql:host=x')", []),
    ],
)
def test_php(source: str, expected: list[tuple[str, ...]]) -> None:
    assert [pool.variables for pool in pools_of("db.php", source)] == expected


HELPER = """<?php
function setting(string $key, ?string $default = null): ?string
{
    $value = getenv($key);
    return $value === false || $value === '' ? $default : $value;
}
"""
HELPED = """<?php
function db() {
    $host = setting('DB_HOST', setting('MYSQLHOST', '127.0.0.1'));
    $dsn = sprintf('mysql:host=%s', $host);
    return new PDO($dsn);
}
"""


def test_a_helper_of_php_falls_back_wherever_it_is_declared() -> None:
    for pools in (
        pools_of("db.php", HELPED, helpers__php=HELPER),
        pools_of("db.php", HELPER + HELPED.removeprefix("<?php")),
    ):
        assert [pool.variables for pool in pools] == [("DB_HOST", "MYSQLHOST")]


PARTS = (
    "using Npgsql;\n", "new NpgsqlConnectionStringBuilder(", "{ MaxPoolSize = ", "}", ")", ";", "\n",
    "config :a, A.Repo, ", "pool_size: ", "do", "end", "|> ", "<?php ", "new PDO(", "env('X')", "=>",
    "['driver' => 'pgsql', ", "]", "return ", "'", '"', "3", "é", "🦊", "/*", "#", "if (", "class A {",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    for name in ("Db.cs", "runtime.exs", "db.php"):
        assert_places_exist(text, pools_of(name, text))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Db.cs", "class A { int x = " + "f(" * 80_000),
        ("Db.cs", "new NpgsqlConnectionStringBuilder() { " + "MaxPoolSize = 1, " * 14_000),
        ("runtime.exs", "config :a, A.Repo, pool_size: " + "1 + " * 60_000 + "1"),
        ("db.php", "<?php return " + "['driver' => " * 20_000),
    ],
    ids=range(4),
)
def test_the_work_is_bounded(name: str, text: str) -> None:
    assert len(pools_of(name, text)) <= MOST_POOLS
