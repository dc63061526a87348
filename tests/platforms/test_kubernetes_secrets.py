"""Of a Secret nothing is read but where databases are."""

from __future__ import annotations

import base64

import pytest

from lintscale.platforms.kubernetes import normalise
from lintscale.syntax import parse

HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: shop, namespace: store}\n"


def addresses(text: str) -> dict[str, str | None]:
    [document] = parse(HEAD + text, "secret.yaml", "yaml").documents
    [group] = normalise.normalise(document, "secret.yaml").environment_groups
    assert (group.identity, group.complete) == ("secret:store/shop", False)
    assert {each.location.line for each in group.variables} <= {3}
    return {each.name: each.value.value for each in group.variables}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://shop:pw@db:5432/shop", "postgres://db:5432/shop"),
        ("postgresql+asyncpg://shop:p%40w@db/shop", "postgresql+asyncpg://db/shop"),
        ("postgres://db/shop?user=shop&password=pw&pool_max_conns=7", "postgres://db/shop?pool_max_conns=7"),
        ("jdbc:mysql://db/shop?password=pw", "jdbc:mysql://db/shop"),
        ("redis://:pw@cache:6379/0", "redis://cache:6379/0"),
        ("mongodb://u:pw@a:27017,b:27017/shop?maxPoolSize=5&authSource=x", None),
        # An unescaped sign in a password: what looks like the host is a part of it.
        ("postgres://shop:p/w@db/shop", None),
        ("postgres://shop:p?w@db/shop", None),
        ("postgres://shop:p#w@db/shop", None),
        ("postgres://shop:pw@${HOST}/shop", None),
        ("postgres://shop:pw", None),
        ("https://shop:pw@api.shop.example/v1", None),
        ("amqp://shop:pw@queue/shop", None),
        ("hunter2", None),
        ("<to be filled in>", None),
    ],
)  # fmt: skip
def test_urls_without_their_secrets(written: str, read: str | None) -> None:
    expected = {"DATABASE_URL": read} if read else {}
    assert addresses(f"stringData: {{DATABASE_URL: '{written}'}}\n") == expected
    encoded = base64.b64encode(written.encode()).decode()
    assert addresses(f"data: {{DATABASE_URL: {encoded}}}\n") == expected


def test_hosts_by_the_names_of_their_keys() -> None:
    text = "stringData: {DB_HOST: ledger.store, API_HOST: api, DB_USER: shop, DB_PASSWORD: pw}\n"
    assert addresses(text) == {"DB_HOST": "ledger.store"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data: ENC[AES256_GCM,data]\n",
        "data: {DATABASE_URL: no base64!}\n",
        "data: {DATABASE_URL: /////w==}\n",
        "data: {DATABASE_URL: [a, b], DB_HOST: 8}\n",
        "stringData: [a]\n",
        f"stringData: {{DATABASE_URL: 'postgres://db/{'x' * 9000}'}}\n",
    ],
)
def test_whatever_else_a_secret_holds(text: str) -> None:
    assert addresses(text) == {}
