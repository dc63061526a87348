"""Pools in Rust: what is known, what is said not to be, and that nothing in a file does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size

HEAD = """use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::mysql::MySqlPoolOptions;
use deadpool_postgres::{Config, PoolConfig};
use sea_orm::{ConnectOptions, Database};
use diesel::r2d2::{self, ConnectionManager};
use mongodb::{options::ClientOptions, Client};
use std::env;
"""


def main(*lines: str) -> str:
    body = "\n".join(lines)
    return f"{HEAD}#[tokio::main]\nasync fn main() -> anyhow::Result<()> {{\n{body}\n}}\n"


def bound(expression: str, *before: str) -> str:
    return main(
        *before, f"let p = PgPoolOptions::new().max_connections({expression}).connect(&url).await?;"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (main("let p = PgPool::connect(&url).await?;"), [None]),
        (main("let p = sqlx::PgPool::connect(&url).await?;"), [None]),
        (main("let p = PgPoolOptions::new().connect(&url).await?;"), [None]),
        (main("let p = sqlx::Pool::<sqlx::Postgres>::connect(&url).await?;"), [None]),
        (bound("20"), [20]),
        (bound("20_u32"), [20]),
        (bound("1_0"), [10]),
        (bound("0x1F"), [31]),
        (bound("MAX") + "const MAX: u32 = 9;", [9]),
        (bound("MAX as u32 * 2") + "const MAX: usize = 9;", [18]),
        (bound("n", "let n = 7 / 2 + 1;"), [4]),
        (bound("num_cpus::get() as u32"), [NOT_KNOWN]),
        (bound("config.max"), [NOT_KNOWN]),
        (bound("n", 'let n: u32 = env::var("N")?.parse()?;'), [("N", None)]),
        (bound("n", 'let n = env::var("N").unwrap_or("10".into()).parse().unwrap();'), [("N", 10)]),
        (
            bound(
                "n",
                'let n = std::env::var("N").unwrap_or_else(|_| "10".to_string())',
                '    .parse::<u32>().expect("a number");',
            ),
            [("N", 10)],
        ),
        (
            bound("n", 'let n = env::var("N").ok().and_then(|v| v.parse().ok()).unwrap_or(10);'),
            [("N", 10)],
        ),
        (
            bound("n", 'let n = env::var("N").map(|v| v.parse().unwrap()).unwrap_or(10);'),
            [("N", 10)],
        ),
        (
            bound("n", 'let n = match env::var("N") { Ok(v) => v.parse()?, Err(_) => 10 };'),
            [("N", 10)],
        ),
        (
            bound("n", 'let n = if let Ok(v) = env::var("N") { v.parse()? } else { 10 };'),
            [("N", 10)],
        ),
        (bound("n", 'let n = match mode { "big" => 50, _ => 10 };'), [NOT_KNOWN]),
        (bound("n", "let mut n = 10; if big { n = 50; }"), [NOT_KNOWN]),
        (bound("n", "let n = 10; if big { let n = 50; call(n); }"), [10]),
        (
            bound('int("N", 10)')
            + "fn int(key: &str, default: u32) -> u32 {\n"
            + "    env::var(key).ok().and_then(|v| v.parse().ok()).unwrap_or(default)\n}",
            [("N", 10)],
        ),
        (bound('env!("N")'), [NOT_KNOWN]),
        (bound("*MAX") + "static MAX: Lazy<u32> = Lazy::new(|| 12);", [12]),
        ("// " + bound("5").replace("\n", "\n// "), []),
        (main('let s = r#"PgPoolOptions::new().max_connections(5).connect(url)"#;'), []),
        (main("let p = SqlitePoolOptions::new().max_connections(1).connect(&url).await?;"), []),
        (
            main("let p = PgPoolOptions::new().max_connections(5")
            + "fn next() -> u32 { 3 }",
            [NOT_KNOWN],
        ),
        (
            HEAD + "#[cfg(test)]\nmod tests { fn t() {\n"
            "PgPoolOptions::new().max_connections(2); } }",
            [],
        ),
        (
            HEAD + "lazy_static! { static ref P: PgPool = "
            "PgPoolOptions::new().max_connections(6).connect_lazy(&url).unwrap(); }",
            [6],
        ),
        (main("let p = connect(25);") + "async fn connect(max: u32) -> PgPool {\n"
         "PgPoolOptions::new().max_connections(max).connect(&url).await.unwrap() }", [25]),
        # Other libraries.
        (main("let p = MySqlPoolOptions::new().max_connections(3).connect(&url).await?;"), [3]),
        (
            main(
                "let mut opt = ConnectOptions::new(url);",
                "opt.max_connections(30).min_connections(5);",
                "let db = Database::connect(opt).await?;",
            ),
            [30],
        ),
        (main("let db = Database::connect(&url).await?;"), [None]),
        (
            main(
                "let mut cfg = Config::new();",
                "cfg.pool = Some(PoolConfig::new(16));",
                "let p = cfg.create_pool(None, NoTls)?;",
            ),
            [16],
        ),
        (
            main(
                "let cfg = Config { url: Some(url), pool: Some(PoolConfig { max_size: 5,",
                "    ..Default::default() }), ..Default::default() };",
            ),
            [5],
        ),
        (main("let cfg = Config::new();", "let p = cfg.create_pool(None, NoTls)?;"), [None]),
        (main("let p = bb8::Pool::builder().max_size(15).build(manager).await?;"), [15]),
        (
            main(
                "let m = ConnectionManager::<PgConnection>::new(url);",
                "let p = r2d2::Pool::builder().max_size(8).build(m)?;",
            ),
            [8],
        ),
        (
            main(
                "let m = ConnectionManager::<SqliteConnection>::new(url);",
                "let p = r2d2::Pool::builder().max_size(8).build(m)?;",
            ),
            [],
        ),
        (
            main(
                "let mut o = ClientOptions::parse(uri).await?;",
                "o.max_pool_size = Some(20);",
                "let c = Client::with_options(o)?;",
            ),
            [20],
        ),
        (main("let c = Client::with_uri_str(&uri).await?;"), [None]),
    ],
)  # fmt: skip
def test_rust(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("src/main.rs", source)] == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('struct C { #[arg(long, env = "DB_POOL", default_value_t = 9)] pool: u32 }',
         ("DB_POOL", 9)),
        ('struct C { #[clap(long, env, default_value = "9")]\npool: u32 }', ("POOL", 9)),
        ('struct C { #[envconfig(from = "DB_POOL", default = "9")] pool: u32 }', ("DB_POOL", 9)),
        ("struct C { #[serde(default)] pool: u32 }", NOT_KNOWN),
        ("struct C { pool: u32 }", NOT_KNOWN),
        ("struct C { pool: u32 }\nimpl C { fn new() -> Self { Self { pool: 9 } } }", 9),
        (
            "struct C { pool: u32 }\nimpl C { fn new() -> Result<Self, E> { Ok(Self {\n"
            'pool: env::var("DB_POOL").unwrap_or_else(|_| "9".into()).parse()? }) } }',
            ("DB_POOL", 9),
        ),
        ("struct C { pool: u32 }\nstruct D { pool: u32 }\n"
         "fn f() -> (C, D) { (C { pool: 9 }, D { pool: 1 }) }", 9),
        ("struct C { pool: u32 }\nfn f() -> C { C { pool: 9 } }\nfn g() -> C { C { pool: 8 } }",
         NOT_KNOWN),
    ],
)  # fmt: skip
def test_fields_of_a_configuration_that_is_an_argument(declared: str, expected: object) -> None:
    source = f"{HEAD}{declared}\nasync fn open(c: &C) -> PgPool {{\n" + (
        "PgPoolOptions::new().max_connections(c.pool).connect(&url).await.unwrap()\n}\n"
    )
    (pool,) = pools_of("src/main.rs", source)
    assert size(pool) == expected


def test_the_variables_of_an_address_are_told() -> None:
    source = main(
        'let host = env::var("PGHOST")?;',
        'let password = std::env::var("PGPASSWORD").expect("set");',
        'let url = format!("postgres://shop:{password}@{}/shop", host);',
        "let p = PgPoolOptions::new().max_connections(5).connect(&url).await?;",
    )
    (pool,) = pools_of("src/main.rs", source)
    assert sorted(pool.variables) == ["PGHOST", "PGPASSWORD"]


@pytest.mark.parametrize("used", ["use crate::config::MAX;\n", "mod config;\nuse config::MAX;\n"])
def test_constants_of_another_module_are_followed(used: str) -> None:
    config = "pub const MAX: u32 = 12;"
    texts = {"src/config.rs": config}
    (pool,) = pools_of("src/main.rs", used + bound("MAX"), **texts)
    assert size(pool) == 12
    (pool,) = pools_of("src/main.rs", "mod config;\n" + bound("config::MAX"), **texts)
    assert size(pool) == 12
    (pool,) = pools_of("src/main.rs", used + bound("MAX"))
    assert size(pool) == NOT_KNOWN


PARTS = (
    HEAD, "fn main() {", "fn f(n: u32) -> u32 {", "struct C {", "impl C {", "PgPoolOptions::new()",
    ".max_connections(", ".connect(", "env::var(\"N\")", "match x {", "Ok(v) => ",
    "if let Some(x) = ", "let n = ", "|v| ", "?", ";", "}", ")", "r#\"", '"', "'", "//", "/*",
    "*/", "\n", "\r\n", "\\", "lazy_static! { static ref ", "#[arg(env = \"X\")]",
    "use a::{b, c::*};",
    "é", "🦊", "format!(\"{}", "C { n: 1 }", "&", "*", "::<", "mod m {", "const N: u32 = ", "Self",
    "..",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    assert_places_exist(text, pools_of("src/main.rs", text))


@pytest.mark.parametrize(
    "text",
    [
        main("PgPool::connect(" * 15_000),
        main("PgPoolOptions::new()" + ".max_connections(1)" * 12_000),
        main("let p = PgPoolOptions::new().max_connections(1).connect(u);" * 4_000),
        bound("1" + "+1" * 100_000),
        bound("(" * 100_000),
        bound("n", "let n = 1; " * 20_000),
        bound("a0", "".join(f"let a{n} = a{n + 1} + a{n + 2};" for n in range(5_000))),
        main("{" * 100_000),
        main("if x {" * 30_000),
        main("match x { Ok(v) => " * 12_000),
        HEAD + "/*" * 120_000,
        HEAD + "lazy_static! { static ref A: u32 = 1; }" * 5_000,
        HEAD + "use a::{" * 25_000,
        HEAD + "mod a {" * 30_000,
        main("|v| " * 50_000),
    ],
    ids=range(15),
)
def test_the_work_is_bounded(text: str) -> None:
    assert len(text) < 300_000
    assert len(pools_of("src/main.rs", text)) <= MOST_POOLS
