"""Pools that the settings of Spring Boot, Quarkus and Micronaut describe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale.code.jvm_settings import jvm_pools_in, with_beans
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location, Span
from lintscale.syntax.properties import parse_properties
from tests.code.reading import NOT_KNOWN, Texts, size

RESOURCES = "src/main/resources/"
HIKARI = "spring.datasource.hikari."


def pools(
    files: dict[str, str], environment: dict[str, str] | None = None, command: str = ""
) -> list[CodePool]:
    texts = {RESOURCES + name: text for name, text in files.items()}
    return list(jvm_pools_in(Texts(texts), "", environment or {}, command))


def nested(key: str, value: str) -> str:
    parts = key.split(".")
    lines = [f"{'  ' * depth}{part}:" for depth, part in enumerate(parts)]
    return "\n".join(lines) + f" {value}\n"


@pytest.mark.parametrize("key", ["maximum-pool-size", "maximumPoolSize", "maximum_pool_size"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20", 20),
        ('"20"', 20),
        ("${DB_POOL:20}", ("DB_POOL", 20)),
        ("${DB_POOL}", ("DB_POOL", None)),
        ("${db.pool-size:20}", ("DB_POOLSIZE", 20)),
        ("many", NOT_KNOWN),
        ("${A}${B}", NOT_KNOWN),
    ],
)
def test_each_spelling_and_value(key: str, written: str, expected: object) -> None:
    (pool,) = pools({"application.yml": nested(HIKARI + key, written)})
    assert size(pool) == expected
    (pool,) = pools({"application.properties": f"{HIKARI}{key}={written.strip(chr(34))}\n"})
    assert size(pool) == expected


def test_a_url_alone_has_the_librarys_default() -> None:
    (pool,) = pools(
        {"application.yml": nested("spring.datasource.url", "jdbc:postgresql://${H}/x")}
    )
    assert (pool.library, size(pool), pool.variables) == ("HikariCP", None, ("H",))


BASE, PROD = f"{HIKARI}maximum-pool-size=5\n", f"{HIKARI}maximum-pool-size=30\n"
BOTH = {"application.properties": BASE, "application-prod.properties": PROD}


@pytest.mark.parametrize(
    ("environment", "command", "expected"),
    [
        ({"SPRING_PROFILES_ACTIVE": "prod"}, "", 30),
        ({"SPRING_PROFILES_ACTIVE": "dev"}, "", 5),
        ({"SPRING_PROFILES_ACTIVE": "dev,prod"}, "", 30),
        ({"SPRING_PROFILES_ACTIVE": ""}, "", NOT_KNOWN),
        ({}, "java -jar app.jar --spring.profiles.active=prod", 30),
        ({}, "java -Dspring.profiles.active=prod -jar app.jar", 30),
        ({"JAVA_TOOL_OPTIONS": "-Dspring.profiles.active=prod"}, "", 30),
        ({}, "java -jar app.jar", NOT_KNOWN),
        ({"SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE": "9"}, "",
         ("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", None)),
        ({"SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE": "9", "SPRING_PROFILES_ACTIVE": "prod"}, "",
         ("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", 30)),
    ],
)  # fmt: skip
def test_profiles(environment: dict[str, str], command: str, expected: object) -> None:
    (pool,) = pools(BOTH, environment, command)
    assert size(pool) == expected


OWN = HIKARI + "maximum-pool-size"
URL = nested("spring.datasource.url", "${DATABASE_URL}")


@pytest.mark.parametrize("text", [nested(OWN, "60"), URL])
@pytest.mark.parametrize(
    ("environment", "command", "expected"),
    [
        ({}, f"java -jar app.jar --{OWN}=3", 3),
        ({}, f"java -D{OWN}=3 -jar app.jar", 3),
        ({"JAVA_TOOL_OPTIONS": f"-Xmx1g -D{HIKARI}maximumPoolSize=3"}, "java -jar a.jar", 3),
        ({"JAVA_TOOL_OPTIONS": f"-D{OWN}=9"}, f"java -D{OWN}=3 -jar a.jar", 3),
        ({"JAVA_OPTS": f"-D{OWN}=3"}, "bin/shop", 3),
        ({"SPRING_APPLICATION_JSON": f'{{"{OWN}": 3}}'}, "", 3),
        ({"SPRING_APPLICATION_JSON":
          '{"spring": {"datasource": {"hikari": {"maximum-pool-size": 3}}}}'}, "", 3),
        ({"SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE": "9"}, f"java -jar a.jar --{OWN}=3", 3),
        ({}, f"java -jar app.jar --{OWN}=many", NOT_KNOWN),
    ],
)  # fmt: skip
def test_what_holds_before_files(
    text: str, environment: dict[str, str], command: str, expected: object
) -> None:
    (pool,) = pools({"application.yml": text}, environment, command)
    assert size(pool) == expected


def test_a_variable_sizes_what_no_file_does() -> None:
    name = "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE"
    (pool,) = pools({"application.yml": URL}, {name: "8"})
    assert size(pool) == (name, None)


@pytest.mark.parametrize(
    ("bean", "setting", "expected"),
    [(18, None, [18]), (18, 5, [18]), (None, 5, [5]), (None, None, [None])],
)
def test_a_data_source_of_the_source_takes_the_place_of_the_settings(
    bean: int | None, setting: int | None, expected: list[object]
) -> None:
    text = nested(OWN, str(setting)) if setting else URL
    own = list(jvm_pools_in(Texts({RESOURCES + "application.yml": text}), "", {}, ""))
    where = Location("Db.java", Span(1, 1, 1, 2))
    number = CodeNumber(where, bean) if bean else None
    pool = CodePool("HikariCP", "sql", number, None, (), where)
    found = with_beans(Texts({"Db.java": "@Bean DataSource d() {}"}), [pool], own)
    assert [size(each) for each in found] == expected
    found = with_beans(Texts({"Db.java": "DataSource d() {}"}), [pool], own)
    assert len(found) == 2


def test_documents_of_a_profile() -> None:
    text = (
        nested(HIKARI + "maximum-pool-size", "5")
        + "---\n"
        + nested("spring.config.activate.on-profile", "prod")
        + nested("spring.datasource.hikari.maximum-pool-size", "30").partition("\n")[2]
    )
    (pool,) = pools({"application.yml": text}, {"SPRING_PROFILES_ACTIVE": "prod"})
    assert size(pool) == 30


def test_quarkus_is_built_for_production() -> None:
    key = "quarkus.datasource.jdbc.max-size"
    (pool,) = pools({"application.properties": f"%dev.{key}=3\n%prod.{key}=40\n"})
    assert (pool.library, size(pool)) == ("Agroal", 40)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    pools({"application.yml": text, "application.properties": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", [("a", "b")]),
        ("a = b ", [("a", "b ")]),
        ("a:b", [("a", "b")]),
        ("a b", [("a", "b")]),
        ("a", [("a", "")]),
        ("# a=b\n! a=b\n\n", []),
        ("a=b\\\n   c", [("a", "bc")]),
        ("a\\=b=c", [("a=b", "c")]),
        ("a=\\u0041\\t", [("a", "A\t")]),
        ("a=b\\\\\nc=d", [("a", "b\\"), ("c", "d")]),
        ("a==b", [("a", "=b")]),
    ],
)
def test_properties_as_java_reads_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.key, each.value) for each in parse_properties(text)] == expected
