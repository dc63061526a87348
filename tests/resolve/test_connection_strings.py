from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.resolve.pools import pools_of
from lintscale.resolve.references import database_references
from lintscale.resolve.urls import parse_database_url
from tests.resolve.build import container, variable, workload


@pytest.mark.parametrize(
    ("text", "library", "engine", "host", "size"),
    [
        (
            "Host=db.example;Port=5432;Database=shop;Username=u;Maximum Pool Size=30",
            *("Npgsql", "postgresql", "db.example", 30),
        ),
        ("Host=db;Username=u;Database=x", "Npgsql", "postgresql", "db", 100),
        ("Host=db;Username=u;Database=x;Pooling=false", "Npgsql", "postgresql", "db", None),
        (
            "Server=tcp:s.example,1433;Initial Catalog=x;User ID=u;Max Pool Size=40",
            *("SqlClient", "sqlserver", "s.example", 40),
        ),
        (
            "Server=db;Database=x;User Id=sa;Password='a;b';TrustServerCertificate=true",
            *("SqlClient", "sqlserver", "db", 100),
        ),
        (
            "server=db;uid=u;pwd=p;database=x;MaximumPoolSize=5",
            *("MySqlConnector", "mysql", "db", 5),
        ),
        (
            "host=db port=5432 dbname=shop user=x pool_max_conns=20",
            *("pgxpool", "postgresql", "db", 20),
        ),
        ("r2dbc:pool:postgresql://db/x?maxSize=20", "r2dbc-pool", "postgresql", "db", 20),
        ("r2dbc:mysql://db/x", "r2dbc-pool", "mysql", "db", 10),
        ("u:p@tcp(db:3306)/shop?parseTime=true", "database/sql", "mysql", "db", None),
        ("pgsql:host=db;port=5432;dbname=x", "PHP", "postgresql", "db", None),
    ],
)
def test_connection_strings(
    text: str, library: str, engine: str, host: str, size: int | None
) -> None:
    part = container(None, variable("DB_DSN", text))
    owner = workload("web", part)
    refs = database_references(owner, part, ())
    assert [ref.host for ref in refs] == [host]
    (pool,) = pools_of(part, refs)
    assert (pool.library, pool.engine, pool.size.value) == (library, engine, size)


@pytest.mark.parametrize(
    "text",
    [
        "Data Source=app.db",
        "Data Source=app.db;Cache=Shared",
        "Endpoint=sb://x.example/;SharedAccessKeyName=a;SharedAccessKey=b",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=y==",
        "AccountEndpoint=https://x:443/;AccountKey=z==;Database=y",
        "InstrumentationKey=1;IngestionEndpoint=https://x",
        "host=smtp.example user=x port=25",
        "cache:6379,password=x,ssl=False",
        "a=b c=d",
        "key=value; other=value",
    ],
)
def test_what_leads_to_no_database_server(text: str) -> None:
    assert parse_database_url(text) is None


@given(
    st.sampled_from(["Host=db;Username=u;Password={};Database=x", "Password={};Server=d;Uid=u"]),
    st.text(alphabet="xyz", min_size=4),
)
def test_passwords_are_not_kept(text: str, secret: str) -> None:
    url = parse_database_url(text.format(secret))
    assert url is not None
    assert secret not in repr(url)


@given(st.text(alphabet="ab=; '\"\\@():/?,", max_size=60))
def test_any_text_is_read(text: str) -> None:
    parse_database_url(text)


def test_a_connection_string_that_is_set_elsewhere() -> None:
    part = container(None, variable("ConnectionStrings__DefaultConnection"))
    (pool,) = pools_of(part, database_references(workload("web", part), part, ()))
    assert (pool.library, pool.size.value, pool.declared) == (".NET", 100, "library default")
