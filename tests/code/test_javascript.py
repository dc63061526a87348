"""Pools in JavaScript and TypeScript: what is known, what is said not to be known, and that
nothing in a file does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.pool_calls import MOST_POOLS
from tests.code.reading import NOT_KNOWN, assert_places_exist, pools_of, size

PG = "import { Pool } from 'pg';\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (PG + "new Pool()", [None]),
        (PG + "new Pool({ connectionString: process.env.DATABASE_URL })", [None]),
        (PG + "new Pool({ max: 7 })", [7]),
        (PG + "new Pool({ 'max': 7, min: 1 })", [7]),
        (PG + "new Pool({ max: process.env.PG_MAX })", [("PG_MAX", None)]),
        (PG + "new Pool({ max: process.env['PG_MAX'] ?? 12 })", [("PG_MAX", 12)]),
        (PG + "new Pool({ max: parseInt(process.env.PG_MAX || '12', 10) })", [("PG_MAX", 12)]),
        (PG + "new Pool({ max: parseInt(process.env.PG_MAX, 10) || 12 })", [("PG_MAX", 12)]),
        (PG + "const MAX = 3;\nnew Pool({ max: MAX })", [3]),
        (PG + "let MAX = 3; if (big) { let MAX = 30; }\nnew Pool({ max: MAX })", [NOT_KNOWN]),
        (PG + "new Pool({ max: cpus().length * 2 })", [NOT_KNOWN]),
        (PG + "new Pool({ max })", [NOT_KNOWN]),
        (PG + "new Pool({ ...options })", [NOT_KNOWN]),
        (PG + "new Pool({ ...options, max: 4 })", [4]),
        (PG + "new Pool({ max: 4, ...options })", [NOT_KNOWN]),
        (PG + "const o = { max: 4 };\nnew Pool({ ssl: true, ...o })", [4]),
        (PG + "const o = { max: 4 };\nnew Pool({ ...o, max: 5 })", [5]),
        (PG + "new Pool({ [key]: 4 })", [NOT_KNOWN]),
        (PG + "new Pool({ max: null })", [None]),
        # A constant decides, unless it is changed or handed in.
        (PG + "const pools = false ? [new Pool({ max: 4 })] : []", []),
        (PG + "const pools = false\n ? [new Pool({ max: 4 })]\n : [new Pool({ max: 3 })]", [3]),
        (PG + "const on = false;\nif (on) { new Pool({ max: 4 }) }\nelse new Pool()", [None]),
        (PG + "const on = true;\nif (on) new Pool({ max: 4 });\nelse new Pool()", [4]),
        (PG + "let on = false; on = flags.on;\nif (on) new Pool({ max: 4 })", [4]),
        (PG + "function f(on = false) {\nif (on) new Pool({ max: 4 }) }", [4]),
        (PG + "if (process.env.X) new Pool({ max: 4 })", [4]),
        # A function with two ways out.
        (
            PG
            + "function o() { if (u) { return { max: 4, u } } return { max: 4 } }\nnew Pool(o())",
            [4],
        ),
        (
            PG + "function o() { if (u) { return { max: 4 } } return { max: 5 } }\nnew Pool(o())",
            [NOT_KNOWN],
        ),
        (
            PG + "function o() { if (u) { return { max: 4 } } return {} }\nnew Pool(o())",
            [NOT_KNOWN],
        ),
        (PG + "function o() { if (u) { return { u } } return { h } }\nnew Pool(o())", [None]),
        (
            PG + "function o() { if (u) { return { u } } return { ...h } }\nnew Pool(o())",
            [NOT_KNOWN],
        ),
        (PG + "new Pool({ max: 'many' })", [NOT_KNOWN]),
        (PG + "new Pool({ max: 2 * 4 })", [8]),
        (PG + "new Pool({ max: isProduction ? 20 : 5 })", [NOT_KNOWN]),
        (PG + "new Pool({ max: process.env.N ? Number(process.env.N) : 5 })", [("N", 5)]),
        (
            PG + "let n = 5; if (process.env.N) n = +process.env.N;\nnew Pool({ max: n })",
            [("N", 5)],
        ),
        (PG + "const { N = 6 } = process.env;\nnew Pool({ max: N })", [("N", 6)]),
        (
            PG
            + "const int = (k, d) => parseInt(process.env[k] ?? d);\nnew Pool({max: int('N', 4)})",
            [("N", 4)],
        ),
        (PG + "class Db { size = 9; open() { return new Pool({ max: this.size }); } }", [9]),
        (PG + "function open(max = 9) { return new Pool({ max }); }", [9]),
        (PG + "const text = `new Pool({ max: 3 })`", []),
        (PG + "new Pool(options)", [NOT_KNOWN]),
        (PG + "new Pool({ max: 3, a: { max: 4 } })", [3]),
        (PG + "new Pool({ max: 3", [NOT_KNOWN]),
        (PG + "new Pool({ max: 3 ;", [NOT_KNOWN]),
        (PG + "const p = new Pool({ a: b, max: 60 ;\nlisten();", [NOT_KNOWN]),
        # What only looks like it.
        (PG + "// new Pool({ max: 3 })\n/* new Pool() */", []),
        (PG + "new Pool({ maxUses: 7500, x: 'max: 3' })", [None]),
        ("import { Pool } from './pg';\nnew Pool({ max: 3 })", []),
        ("const url = 'https://pg'; new Pool({ max: 3 })", []),
        # Other libraries.
        ("import postgres from 'postgres'\npostgres(url, { max: 2 })", [2]),
        ("import postgres from 'postgres'\npostgres(process.env.DATABASE_URL)", [None]),
        ("const mysql = require('mysql2');\nmysql.createPool({ connectionLimit: 6 })", [6]),
        ("const { Sequelize } = require('sequelize');\nnew Sequelize(url, {pool: {max: 4}})", [4]),
        ("const { Sequelize } = require('sequelize');\nnew Sequelize(url, {pool})", [NOT_KNOWN]),
        ("const { Sequelize } = require('sequelize');\nnew Sequelize(databaseUrl)", [None]),
        ("import knex from 'knex';\nknex({ client: 'pg', pool: { min: 0, max: 5 } })", [5]),
        ("import Knex from 'knex';\nKnex(config[env])", [NOT_KNOWN]),
        ("import knex from 'knex';\nknex({ client: 'better-sqlite3' })", []),
        ("const { Sequelize } = require('sequelize');\nnew Sequelize({ dialect: 'sqlite' })", []),
        (
            "const { Sequelize } = require('sequelize');\nnew Sequelize(url, {retry: {max: 3}})",
            [None],
        ),
        ("const pgp = require('pg-promise')();\npgp({ max: 5 })", [5]),
        ("import * as pg from 'pg';\nnew pg.Pool({ max: 5 })", [5]),
        ("import postgres from 'postgres'\npostgres(`postgres://${process.env.HOST}/x`)", [None]),
        ("module.exports = { client: 'pg', pool: { max: 5 } }", [5]),
        ("const a = { client: 'pg', pool: { max: 5 } }, b = { pool: { max: 6 } }", []),
        (
            "module.exports = { test: {}, production: { client: 'pg', pool: { max: 5 } } }",
            [5],
        ),
        ("import { DataSource } from 'typeorm';\nnew DataSource({ poolSize: 8 })", [8]),
        ("import { DataSource } from 'typeorm';\nnew DataSource({ extra: { max: 8 } })", [8]),
        ("import mongoose from 'mongoose';\nmongoose.connect(uri, { maxPoolSize: 20 })", [20]),
        ("import { MongoClient } from 'mongodb';\nnew MongoClient(uri)", [None]),
        ("import { PrismaPg } from '@prisma/adapter-pg';\nnew PrismaPg({ max: 5 })", [5]),
    ],
)
def test_javascript(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("db.js", source)] == expected


def test_the_variables_of_an_address_are_told_and_that_of_the_size_is_not() -> None:
    (pool,) = pools_of(
        "db.js",
        PG + "new Pool({ host: process.env.PGHOST, port: process.env.PGPORT, max: process.env.N })",
    )
    assert pool.variables == ("PGHOST", "PGPORT")


def test_a_cache_in_the_same_options_is_not_the_database() -> None:
    (pool,) = pools_of(
        "db.ts",
        "import { DataSource } from 'typeorm';\n"
        "new DataSource({ host: process.env.DB_HOST, cache: { host: process.env.REDIS_HOST } })",
    )
    assert pool.variables == ("DB_HOST",)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (PG + "new Pool<Client>({ max: 7 })", [7]),
        (PG + "const MAX: number = 3;\nnew Pool({ max: MAX as number })", [3]),
        (PG + "enum E { A = 1 }\nexport const pool: Pool = new Pool({ max: +process.env.N! })",
         [("N", None)]),
        (
            "import { TypeOrmModule } from '@nestjs/typeorm';\n"
            "@Module({ imports: [TypeOrmModule.forRootAsync({\n"
            "  useFactory: (c: ConfigService) => ({ type: 'postgres', "
            "extra: { max: c.get<number>('DB_POOL', 15) } }) })] })\n"
            "export class AppModule {}",
            [("DB_POOL", 15)],
        ),
    ],
)  # fmt: skip
def test_typescript(source: str, expected: list[object]) -> None:
    assert [size(pool) for pool in pools_of("db.ts", source)] == expected


def test_options_of_another_file_of_the_project_are_followed() -> None:
    source = (
        "const { Pool } = require('pg');\nconst c = require('./config');\nnew Pool({max: c.db.max})"
    )
    config = "module.exports = { db: { max: Number(process.env.DB_MAX || 25) } };"
    (pool,) = pools_of("db.js", source, config__js=config)
    assert size(pool) == ("DB_MAX", 25)
    (pool,) = pools_of("db.js", source)
    assert size(pool) == NOT_KNOWN


def test_one_of_the_names_that_a_module_exports() -> None:
    source = (
        "const { Pool } = require('pg');\nconst { pool: o } = require('./s');\nnew Pool({ ...o })"
    )
    (pool,) = pools_of("db.js", source, s__js="module.exports = { pool: { max: 4 } };")
    assert size(pool) == 4


def test_an_address_stands_beside_options_that_are_not_known() -> None:
    (pool,) = pools_of("db.js", PG + "new Pool({ connectionString: process.env.URL, ...options })")
    assert (pool.variables, size(pool)) == (("URL",), NOT_KNOWN)


def test_settings_that_node_env_chooses_are_those_of_production() -> None:
    source = "import knex from 'knex';\nimport c from './knexfile';\nknex(c[process.env.NODE_ENV])"
    config = (
        "const base = { client: 'pg', pool: { max: 12 } };\n"
        "export default { development: { client: 'sqlite3' },"
        " production: { ...base, connection: process.env.PG_URL } };"
    )
    (pool,) = pools_of("db.ts", source, knexfile__ts=config)
    assert (size(pool), pool.variables) == (12, ("PG_URL",))


def test_branches_exclude_each_other() -> None:
    pools = pools_of("db.js", PG + "const p = x ? new Pool({ max: 1 }) : new Pool({ max: 2 });")
    assert len({pool.choice for pool in pools}) == 1
    assert len({pool.side for pool in pools}) == 2


PARTS = (
    "import x from 'pg'\n", "require('knex')", "new Pool(", "knex(", "{ max: ", "max", ": 3", "}",
    ")", "process.env.N", "pool: {", "...", "`", "'", '"', "//", "/*", "\n", "\\", "[", "é", "🦊",
    "class A {", "=> ", "if (", "switch (x) {", "case 1:", "export default ", "\r\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_and_every_place_exists(text: str) -> None:
    for name in ("db.js", "db.ts", "db.tsx"):
        assert_places_exist(text, pools_of(name, text))


@pytest.mark.parametrize(
    "text",
    [
        PG + "new Pool(" * 10_000,
        PG + "new Pool({" + "max:1," * 10_000 + "})",
        PG + "new Pool({max: " + "process.env.A || " * 12_000 + "1})",
        PG + "new Pool(" + "x" * 250_000 + ")",
        PG + "const MAX = " + "MAX = " * 40_000 + "1\nnew Pool({ max: MAX })",
        PG + '"' * 60_000,
        PG + "`${" * 80_000,
        PG + "/*" * 120_000,
        PG + "[" * 250_000,
        PG
        + "".join(f"const a{n} = a{n + 1} + a{n + 2};" for n in range(5_000))
        + "new Pool({max:a0})",
        PG + "new Pool({ max: 1 });" * 10_000,
    ],
    ids=range(11),
)
def test_the_work_is_bounded(text: str) -> None:
    assert len(text) < 300_000
    assert len(pools_of("db.js", text)) <= MOST_POOLS


def test_a_name_that_is_given_very_much_is_not_known() -> None:
    text = "".join(f"x = x + y{i};\n" for i in range(10_000))
    pools = pools_of("db.js", f'import {{Pool}} from "pg";\n{text}new Pool({{max: x}});')
    assert [size(pool) for pool in pools] == [NOT_KNOWN]
