from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.resolve.references import database_references
from lintscale.resolve.variable_names import database_in_name
from tests.resolve.build import container, variable, workload

ADDRESSES = {
    "": """CONNECTION_STRING DATABASE_PRIVATE_URL DATABASE_URL DB_DSN DB_CONNECTION_STRING JDBC_URL
        ConnectionStrings__Default ConnectionStrings__DefaultConnection ConnectionStrings:ShopDb
        ConnectionStrings__ShopContext ECTO_URL GOOSE_DBSTRING KC_DB_URL R2DBC_URL SPRING_R2DBC_URL
        QUARKUS_DATASOURCE_REACTIVE_URL QUARKUS_DATASOURCE_USERS_JDBC_URL TYPEORM_URL databaseUrl
        HASURA_GRAPHQL_METADATA_DATABASE_URL AIRFLOW__DATABASE__SQL_ALCHEMY_CONN DB_URL_PROD
        DATASOURCES_DEFAULT_URL SUPABASE_DB_URL DATABASE_REPLICA_URL DATABASE_CONNSTR""",
    "postgresql": """POSTGRES_PRISMA_URL PG_CONN_STR POSTGRESQLCONNSTR_Default NEON_DATABASE_URL
        ConnectionStrings__Postgres POSTGRES_URL""",
    "mysql": "MYSQL_PRIVATE_URL MARIADB_URI",
    "redis": "REDIS_URL ConnectionStrings__Redis VALKEY_URI",
    "mongodb": "SPRING_DATA_MONGODB_URI MONGO_CONNECTION_STRING",
}
HOSTS = {
    "": """DB_ENDPOINT DB_SERVER DB_SERVERNAME KC_DB_URL_HOST RDS_ENDPOINT RDS_HOSTNAME TYPEORM_HOST
        database__connection__host WORDPRESS_DB_HOST DB_READ_HOST dbHost DB_ADDR""",
    "postgresql": "PGHOST POSTGRES_SERVER DB_POSTGRESDB_HOST",
    "mysql": "MYSQLHOST DB_MYSQLDB_HOST",
    "redis": "REDISHOST REDIS_ADDR",
    "mongodb": "MONGOHOST",
}
OTHERS = """SENTRY_DSN S3_HOST API_URL ELASTICSEARCH_URL DB_POOL_SIZE DB_NAME SUPABASE_URL DB_PORT
    FIREBASE_DATABASE_URL AZURE_STORAGE_CONNECTION_STRING APPLICATIONINSIGHTS_CONNECTION_STRING
    ConnectionStrings__Storage ConnectionStrings__ServiceBus ConnectionStrings__messaging
    SQL_SERVER_HOST MSSQL_HOST VECTOR_DB_URL DB_ADMIN_URL DATABASE_SERVICE_URL DATABASE_API_URL
    DB_CONNECTION REDIS_ENABLED DB_HOSTNAME_OVERRIDE MONGO_EXPRESS_URL SMTP_SERVER RABBITMQ_URL
    COSMOS_DB_ENDPOINT DYNAMODB_ENDPOINT SERVER_ADDRESS HOST CLICKHOUSE_DB_HOST POSTGREST_URL
    PGADMIN_URL DB_MAX_CONN DATABASE_TYPE POSTGRES_EXPORTER_URL"""


@pytest.mark.parametrize("is_host", [False, True])
def test_names_by_kind(is_host: bool) -> None:
    for engine, names in (HOSTS if is_host else ADDRESSES).items():
        for name in names.split():
            found = database_in_name(name)
            assert found is not None, name
            assert (name, found.engine, found.is_host) == (name, engine, is_host)


def test_names_of_something_else() -> None:
    assert [name for name in OTHERS.split() if database_in_name(name)] == []


@given(st.text(max_size=40))
def test_any_text_is_read(name: str) -> None:
    database_in_name(name)


def variables_used(*names_and_values: tuple[str, str | None]) -> list[str]:
    part = container(None, *(variable(name, value) for name, value in names_and_values))
    owner = workload("web", part)
    return [ref.variable for ref in database_references(owner, part, ())]


@pytest.mark.parametrize(
    ("variables", "used"),
    [
        ("DATABASE_URL DATABASE_PRIVATE_URL DATABASE_PUBLIC_URL", "DATABASE_URL"),
        ("POSTGRES_URL POSTGRES_PRISMA_URL POSTGRES_URL_NON_POOLING", "POSTGRES_URL"),
        ("DB_HOST RDS_HOSTNAME", "DB_HOST"),
        ("DATABASE_URL DB_HOST", "DATABASE_URL"),
        ("DATABASE_URL DATABASE_REPLICA_URL", "DATABASE_REPLICA_URL DATABASE_URL"),
        ("DATABASE_URL ORDERS_DATABASE_URL", "DATABASE_URL ORDERS_DATABASE_URL"),
        ("MYSQL_URL POSTGRES_URL", "MYSQL_URL POSTGRES_URL"),
    ],
)
def test_ways_to_one_database_are_one(variables: str, used: str) -> None:
    assert variables_used(*((name, None) for name in variables.split())) == used.split()


def test_two_known_hosts_are_two_databases() -> None:
    urls = [("DATABASE_URL", "postgres://a.example/x"), ("POSTGRES_URL", "postgres://b.example/x")]
    assert variables_used(*urls) == ["DATABASE_URL", "POSTGRES_URL"]


def test_a_public_way_to_the_same_server() -> None:
    private = ("DATABASE_URL", "postgres://db.internal/x")
    public = ("DATABASE_PUBLIC_URL", "postgres://proxy.example:2000/x")
    assert variables_used(private, public) == ["DATABASE_URL"]


@pytest.mark.parametrize(
    ("port", "engine"), [("5432", "postgresql"), ("3306", "mysql"), ("1433", "sqlserver")]
)
def test_the_port_tells_the_engine(port: str, engine: str) -> None:
    part = container(None, variable("DB_SERVER", "db.example"), variable("DB_PORT", port))
    (ref,) = database_references(workload("web", part), part, ())
    assert (ref.engine, ref.key) == (engine, "host:db.example")
