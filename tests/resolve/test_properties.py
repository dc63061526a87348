from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import replace
from lintscale.model.declared import MountedFile
from lintscale.model.resolved import ProcessPool
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.pools import pools_of
from lintscale.resolve.properties import plain_name, variables_of
from lintscale.resolve.references import database_references
from tests.resolve.build import container, variable, workload

URL = ("SPRING_DATASOURCE_URL", "jdbc:postgresql://db.example/shop")
JSON = json.dumps({"spring": {"datasource": {"hikari": {"maximum-pool-size": 30}}}})


def pool(*given: tuple[str, str | None], command: str | None = "java -jar shop.jar") -> ProcessPool:
    part = container(command, *(variable(name, value) for name, value in given))
    owner = workload("web", part)
    (found,) = pools_of(part, database_references(owner, part, ()))
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "30"),
        ("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "30"),
        ("spring.datasource.hikari.maximum-pool-size", "30"),
        ("spring.datasource.hikari.maximumPoolSize", "30"),
        ("JAVA_TOOL_OPTIONS", "-Xmx512m -Dspring.datasource.hikari.maximum-pool-size=30"),
        ("JAVA_OPTS", "-Dspring.datasource.hikari.maximumPoolSize=30"),
        ("SPRING_APPLICATION_JSON", JSON),
        ("SPRING_APPLICATION_JSON", '{"spring.datasource.hikari.maximum-pool-size": "30"}'),
    ],
)
def test_every_spelling_of_a_property(name: str, value: str) -> None:
    found = pool(URL, (name, value))
    assert (found.library, found.size.value, found.declared) == ("HikariCP", 30, "declared")


@pytest.mark.parametrize(
    "command",
    [
        "java -jar shop.jar --spring.datasource.hikari.maximum-pool-size=30",
        "java -Dspring.datasource.hikari.maximum-pool-size=30 -jar shop.jar",
        "--spring.datasource.hikari.maximum-pool-size=30",
    ],
)
def test_arguments_win_over_variables(command: str) -> None:
    size = ("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "5")
    assert pool(URL, size, command=command).size.value == 30


def test_the_address_may_be_an_argument() -> None:
    command = "java -jar shop.jar --spring.datasource.url=jdbc:postgresql://db.example/shop"
    found = pool(command=command)
    assert (found.database, found.library, found.size.value) == ("host:db.example", "HikariCP", 10)


def test_keycloak_s_options() -> None:
    found = pool(command="kc.sh start --db=postgres --db-url-host=pg --db-pool-max-size=30")
    assert (found.database, found.library) == ("host:render/pg", "Keycloak")
    assert found.size.value == 30


@pytest.mark.parametrize(
    ("path", "text", "library"),
    [
        (
            "/app/appsettings.Production.json",
            '{"ConnectionStrings": {"Shop": "Host=pg;Database=x;Username=u;MaxPoolSize=30"}}',
            "Npgsql",
        ),
        (
            "/config/application.properties",
            "# the shop's\nspring.datasource.url = jdbc:postgresql://pg/x\n"
            "spring.datasource.hikari.maximum-pool-size=30\n",
            "HikariCP",
        ),
    ],
)
def test_mounted_settings(path: str, text: str, library: str) -> None:
    part = container(None)
    mounted = MountedFile(path, "configmap:settings", Sourced(text, Source.FILE, part.location))
    part = replace(part, files=(mounted,))
    owner = workload("web", part)
    (found,) = pools_of(part, database_references(owner, part, ()))
    assert (found.library, found.size.value) == (library, 30)


def test_what_is_written_and_cannot_be_read_is_not_known() -> None:
    found = pool(URL, ("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "${SIZE}"))
    assert (found.size.value, found.per_process.value) == (None, None)


@pytest.mark.parametrize(
    ("address", "setting", "library", "default"),
    [
        ("QUARKUS_DATASOURCE_JDBC_URL", "QUARKUS_DATASOURCE_JDBC_MAX_SIZE", "Agroal", 50),
        ("QUARKUS_DATASOURCE_REACTIVE_URL", "QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE", "Quarkus", 20),
        ("DATASOURCES_DEFAULT_URL", "DATASOURCES_DEFAULT_MAXIMUM_POOL_SIZE", "HikariCP", 10),
        ("SPRING_R2DBC_URL", "SPRING_R2DBC_POOL_MAXSIZE", "r2dbc-pool", 10),
        ("KC_DB_URL_HOST", "KC_DB_POOL_MAX_SIZE", "Keycloak", 100),
        ("DB_POSTGRESDB_HOST", "DB_POSTGRESDB_POOL_SIZE", "n8n", 2),
        ("MB_DB_HOST", "MB_APPLICATION_DB_MAX_CONNECTION_POOL_SIZE", "Metabase", 15),
        ("HASURA_GRAPHQL_DATABASE_URL", "HASURA_GRAPHQL_PG_CONNECTIONS", "Hasura", 50),
    ],
)
def test_programs_that_their_variables_name(
    address: str, setting: str, library: str, default: int
) -> None:
    found = pool((address, None), command=None)
    assert (found.library, found.size.value, found.overflow.value) == (library, default, 0)
    assert pool((address, None), (setting, "7"), command=None).per_process.value == 7


@pytest.mark.parametrize(
    "name", ["KC_DB_POOL_MIN_SIZE", "QUARKUS_HTTP_MAX_SIZE", "SPRING_DATASOURCE_HIKARI_MINIMUMIDLE"]
)
def test_properties_that_bound_nothing(name: str) -> None:
    assert pool(URL, (name, "7")).size.value == 10


@given(st.text(max_size=60))
def test_any_json_is_read(text: str) -> None:
    part = container("java -jar x.jar", variable("SPRING_APPLICATION_JSON", text))
    assert variables_of(part)


@given(st.lists(st.sampled_from(["max", "pool", "size", "db", "x1"]), min_size=1, max_size=6))
def test_spellings_are_one(parts: list[str]) -> None:
    spelled = {plain_name(join.join(parts)) for join in (".", "-", "_")}
    spelled.add(plain_name("_".join(parts).upper()))
    assert spelled == {"_".join(parts).upper()}
