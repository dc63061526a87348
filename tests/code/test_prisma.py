"""The database of Prisma's schema and configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.languages import language_of
from lintscale.code.prisma import Datasource, datasource_of
from lintscale.code.units import Sources
from tests.code.reading import Texts, pools_of


def datasource(**files: str) -> Datasource | None:
    texts = {name.replace("__", ".").replace("prisma_", "prisma/"): t for name, t in files.items()}
    return datasource_of(Sources(Texts(texts), language_of), "")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ('datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}',
         Datasource("postgresql", ("DATABASE_URL",))),
        ('datasource db {\n  url = env("A") // env("B")\n  directUrl = env("C")\n}',
         Datasource("", ("A", "C"))),
        ('// datasource db { url = env("A") }\nmodel A { id Int @id }', None),
        ('datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}',
         Datasource("sqlite")),
        ('generator client { provider = "prisma-client-js" }', None),
        ("datasource db {", Datasource()),
        ('model A { note String @default("datasource db { url = env(\\"X\\") }") }', None),
    ],
)  # fmt: skip
def test_a_schema(schema: str, expected: Datasource | None) -> None:
    assert datasource(prisma_schema__prisma=schema) == expected


@pytest.mark.parametrize(
    "url", ['env("PRISMA_URL")', "process.env.PRISMA_URL!", 'process.env["PRISMA_URL"] ?? ""']
)
def test_since_7_the_address_stands_in_the_configuration(url: str) -> None:
    config = (
        'import { defineConfig, env } from "prisma/config";\n'
        f"export default defineConfig({{ schema: 'x', datasource: {{ url: {url} }} }});\n"
    )
    schema = 'datasource db {\n  provider = "mysql"\n}'
    found = datasource(prisma_schema__prisma=schema, **{"prisma.config__ts": config})
    assert found == Datasource("mysql", ("PRISMA_URL",))


@given(st.text(alphabet='datsource{}()="url/\n \\x', max_size=60))
def test_any_text_is_read(text: str) -> None:
    datasource(prisma_schema__prisma=text)


def test_a_client_with_an_adapter_has_no_pool_of_its_own() -> None:
    source = (
        'import { PrismaClient } from "@prisma/client";\n'
        'import { PrismaPg } from "@prisma/adapter-pg";\n'
        "const adapter = new PrismaPg({ connectionString: process.env.URL, max: 4 });\n"
        "export const prisma = new PrismaClient({ adapter });\n"
    )
    assert [pool.library for pool in pools_of("db.ts", source)] == ["node-postgres"]


def test_a_query_builder_over_a_pool_has_none_of_its_own() -> None:
    source = (
        'import { drizzle } from "drizzle-orm/node-postgres";\nimport { Pool } from "pg";\n'
        "const pool = new Pool({ connectionString: process.env.URL });\n"
        "export const a = drizzle(pool); export const b = drizzle({ client: pool });\n"
    )
    assert len(pools_of("db.ts", source)) == 1
