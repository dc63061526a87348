"""Pools in Java and Kotlin."""

# ruff: noqa: E501 - one case a line
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size

HIKARI = "import com.zaxxer.hikari.HikariConfig;\nimport com.zaxxer.hikari.HikariDataSource;\n"
ALL = "import com.zaxxer.hikari.*;\n"


def java(body: str, fields: str = "") -> str:
    return f"class Db {{ {fields} DataSource open(int given) {{ {body} }} }}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (HIKARI + java("HikariConfig c = new HikariConfig(); c.setMaximumPoolSize(20);"), [20]),
        (ALL + java("HikariConfig c = new HikariConfig(); c.setMaximumPoolSize(20);"), [20]),
        (HIKARI + java("HikariConfig c = new HikariConfig(); return new HikariDataSource(c);"), [None]),
        (
            HIKARI
            + java(
                "HikariConfig c = new HikariConfig();"
                'c.setMaximumPoolSize(Integer.parseInt(System.getenv().getOrDefault("N", "9")));'
                "return new HikariDataSource(c);"
            ),
            [("N", 9)],
        ),
        (
            HIKARI
            + java(
                'String n = System.getenv("N"); var c = new HikariDataSource();'
                "c.setMaximumPoolSize(n != null ? Integer.parseInt(n) : 9);"
            ),
            [("N", 9)],
        ),
        (
            HIKARI
            + java("var c = new HikariConfig(); c.setMaximumPoolSize(MAX);", "static final int MAX = 4 * 5;"),
            [20],
        ),
        (HIKARI + java("var c = new HikariConfig(); c.setMaximumPoolSize(given);"), [NOT_KNOWN]),
        (
            HIKARI
            + java("var c = new HikariConfig(); c.setMaximumPoolSize(Runtime.getRuntime().availableProcessors());"),
            [NOT_KNOWN],
        ),
        (
            HIKARI
            + java(
                "HikariConfig a = new HikariConfig(); a.setMaximumPoolSize(2);"
                "HikariConfig b = new HikariConfig(); b.setMaximumPoolSize(3);"
            ),
            [2, 3],
        ),
        ("import org.apache.commons.dbcp2.BasicDataSource;\n"
         + java("var d = new BasicDataSource(); d.setMaxTotal(6);"), [6]),
        ("import com.mchange.v2.c3p0.ComboPooledDataSource;\n"
         + java("var d = new ComboPooledDataSource(); d.setMaxPoolSize(7);"), [7]),
        (HIKARI + java("// c.setMaximumPoolSize(20);"), []),
        (HIKARI + java('String s = "c.setMaximumPoolSize(20)";'), []),
        ("import my.own.HikariConfig;\n" + java("new HikariConfig().setMaximumPoolSize(2);"), []),
    ],
)  # fmt: skip
def test_java(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("Db.java", source)] == expected


KT = "import com.zaxxer.hikari.HikariConfig\nimport com.zaxxer.hikari.HikariDataSource\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (KT + "val c = HikariConfig().apply { maximumPoolSize = 12 }", [12]),
        (KT + "fun f(): D { val c = HikariConfig()\n c.maximumPoolSize = 12\n return HikariDataSource(c) }",
         [12]),
        (KT + 'val n = System.getenv("N")?.toInt() ?: 8\nval c = HikariConfig().apply { maximumPoolSize = n }',
         [("N", 8)]),
        (KT + "class Db(val n: Int = 8) { val c = HikariConfig().apply { maximumPoolSize = n } }", [8]),
        (KT + "val c = HikariConfig().apply { maximumPoolSize = if (prod) 20 else 5 }", [NOT_KNOWN]),
        (KT + "val c = HikariConfig().apply { jdbcUrl = url }", [None]),
        (KT + "// HikariConfig().apply { maximumPoolSize = 12 }", []),
    ],
)  # fmt: skip
def test_kotlin(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("Db.kt", source)] == expected


def test_the_variables_of_an_address_are_those_of_the_pool() -> None:
    (pool,) = pools_of(
        "Db.kt", KT + 'val c = HikariConfig().apply { jdbcUrl = System.getenv("JDBC_URL") }'
    )
    assert pool.variables == ("JDBC_URL",)


PARTS = (
    HIKARI, ALL, "class A {", "new HikariConfig()", ".apply {", "maximumPoolSize = ", "c.", "(", ")",
    "{", "}", ";", "\n", "setMaximumPoolSize(", "3", '"', "'", "->", "if (", "else", "when (x) {",
    "@Value(", "é", "🦊", "/*", "//", "${", "fun f(", "val c = ", "int c = ",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    for name in ("Db.java", "Db.kt"):
        assert_places_exist(text, pools_of(name, text))


@pytest.mark.parametrize(
    "text",
    [
        HIKARI + "new HikariConfig(" * 14_000,
        HIKARI + "{" * 250_000,
        HIKARI + "class A { int a = " + "1 + " * 60_000 + "1; }",
    ],
    ids=range(3),
)
def test_the_work_is_bounded(text: str) -> None:
    for name in ("Db.java", "Db.kt"):
        assert len(pools_of(name, text)) <= MOST_POOLS
