"""Pools in Go, read as text: what is known, what is said
not to be known, and that nothing in a file does harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.applications import Applications
from lintscale.code.other_pools import (
    go_pools_in,
    go_settings_in,
    go_unbounded_pools_in,
)
from lintscale.code.pool_calls import MOST_POOLS
from lintscale.model.declared import CodeNumber, CodePool

NOT_KNOWN = "not known"


def size(pool: CodePool) -> object:
    """The number, or ("VARIABLE", default); None for the library's default."""
    told: CodeNumber | None = pool.size
    if told is None:
        return None
    if told.reason:
        return NOT_KNOWN
    return (told.variable, told.number) if told.variable else told.number


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("db.SetMaxOpenConns(25)\n", [25]),
        ("\tsqlDB.SetMaxOpenConns( 25 )\n", [25]),
        ("const limit = 9\ndb.SetMaxOpenConns(limit)\n", [9]),
        ("db.SetMaxOpenConns(cfg.MaxOpenConns)\n", [NOT_KNOWN]),
        ("db.SetMaxOpenConns(runtime.NumCPU() * 2)\n", [NOT_KNOWN]),
        ("// db.SetMaxOpenConns(25)\n", []),
        ("db.SetMaxOpenConns(-1)\n", [-1]),
        ("poolConfig.MaxConns = 20\n", [20]),
        ("poolConfig.MaxConns = int32(20)\n", [20]),
        ("if poolConfig.MaxConns == 20 {\n", []),
        ('db, _ := sql.Open("sqlite", path)\ndb.SetMaxOpenConns(1)\n', []),
    ],
)
def test_go(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in go_pools_in("db.go", source)] == expected


@pytest.mark.parametrize(
    ("source", "opens"),
    [
        ('db, err := sql.Open("postgres", dsn)\n', True),
        ('db := sqlx.MustConnect("pgx", dsn)\n', True),
        ('db, err := sqlx.ConnectContext(ctx, "mysql", dsn)\n', True),
        ("db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})\n", True),
        ('db, err := sql.Open("sqlite3", path)\n', False),
        ("db, err := sql.Open(driver, dsn)\n", False),
        ('// sql.Open("postgres", dsn)\n', False),
    ],
)
def test_go_opens_a_pool_without_a_bound(source: str, *, opens: bool) -> None:
    assert bool([*go_unbounded_pools_in("db.go", source)]) == opens


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('c := Config{\n\tPoolSize: getIntEnv("DB_POOL_SIZE", 50),\n}', ("DB_POOL_SIZE", 50)),
        ('c.PoolSize = env.Int("DB_POOL_SIZE")', None),
        ('c.PoolSize = int32(GetEnvAsInt("DB_POOL_SIZE", 50))', ("DB_POOL_SIZE", 50)),
        ('c.PoolSize = cfg.EnvInt("DB_POOL_SIZE")', ("DB_POOL_SIZE", None)),
        ('type C struct {\n\tPoolSize int `env:"DB_POOL" envDefault:"9"`\n}', ("DB_POOL", 9)),
        ('type C struct {\n\tPoolSize int32 `envconfig:"DB_POOL" default:"9"`\n}', ("DB_POOL", 9)),
        ('type C struct {\n\tPoolSize int `env:"DB_POOL,required"`\n}', ("DB_POOL", None)),
        ('type C struct {\n\tPoolSize int `mapstructure:"pool_size"`\n}', None),
        ('// PoolSize: getIntEnv("DB_POOL_SIZE", 50)', None),
        ('c.PoolSize = 50', None),
    ],
)  # fmt: skip
def test_go_settings(source: str, expected: tuple[str, int | None] | None) -> None:
    settings = dict(go_settings_in(source))
    assert settings.get("PoolSize") == expected
    for call in ("db.SetMaxOpenConns(cfg.PoolSize)\n", "db.SetMaxOpenConns(int(s.c.PoolSize))\n"):
        (pool,) = go_pools_in("db.go", call, settings)
        assert size(pool) == (expected or NOT_KNOWN)


PARTS = (
    "import x from 'pg'\n", "require('knex')", "new Pool(", "knex(", "{ max: ", "max", ": 3", "}",
    ")", "process.env.N", "pool: {", "...", "`", "'", '"', "//", "/*", "\n", "\\", "[", "é", "🦊",
    "db.SetMaxOpenConns(", "c.MaxConns = ", "production:\n", "  pool: ", '<%= ENV["N"] %>', "\r\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    lines = text.split("\n")
    for reader in (go_pools_in, go_unbounded_pools_in):
        for pool in reader("db", text):
            for place in (pool.location, pool.size.location if pool.size else pool.location):
                span = place.span
                assert span.line == span.end_line <= len(lines)
                assert 1 <= span.column < span.end_column <= len(lines[span.line - 1]) + 2


@pytest.mark.parametrize(
    "text",
    [
        "db.SetMaxOpenConns(" * 13_000,
        "db.SetMaxOpenConns(" + " " * 200_000 + "\n",
        "c.MaxConns = n\n" * 17_000,
    ],
    ids=range(3),
)
def test_nothing_takes_long(text: str) -> None:
    assert len(text) < 300_000
    started = time.process_time()
    found = go_pools_in("db", text)
    assert time.process_time() - started < 20  # tenths of a second, with a wide margin
    assert len(found) <= 3 * MOST_POOLS


GO = """\
package main

import "database/sql"

func open(cfg Config) { db, _ := sql.Open("postgres", cfg.URL); db.SetMaxOpenConns(cfg.PoolSize) }
"""


@pytest.mark.parametrize("names", [("a", "whole"), ("whole", "a")])
def test_settings_are_those_of_the_program_that_asks(
    names: tuple[str, str], tmp_path: Path
) -> None:
    """Whichever of two programs comes first, of which one holds the other's source."""
    for service in ("a", "b"):
        (tmp_path / service).mkdir()
        (tmp_path / service / "go.mod").write_text("require github.com/lib/pq v1.10.9\n")
        (tmp_path / service / "main.go").write_text(GO)
        config = f'var c = Config{{PoolSize: getEnvInt("{service.upper()}_POOL", 7)}}\n'
        (tmp_path / service / "config.go").write_text(config)
    (tmp_path / "go.mod").write_text("require github.com/lib/pq v1.10.9\n")
    listed = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")]
    applications = Applications(tmp_path, listed, {})
    folders = {"a": "a", "whole": ""}
    found = {name: applications._pools_of_others(folders[name]) for name in names}
    (own,) = found["a"]
    assert size(own) == ("A_POOL", 7)
    assert {size(pool) for pool in found["whole"]} == {NOT_KNOWN}
