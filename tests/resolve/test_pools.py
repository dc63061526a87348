from __future__ import annotations

import itertools

import pytest

from lintscale.model.declared import Container, EnvironmentVariable, Workload
from lintscale.model.resolved import Pool
from lintscale.model.sourced import Source
from lintscale.resolve.libraries import LIBRARIES
from lintscale.resolve.pools import pools_of
from lintscale.resolve.references import database_references
from tests.resolve.build import container, deployment, said, variable, workload

MAIN = "render database:main-db"
CACHE = "render keyvalue:cache"


def by_reference(name: str = "DATABASE_URL", key: str = MAIN) -> EnvironmentVariable:
    return variable(name, reference=key, property="connectionString")


def pools(*variables: EnvironmentVariable, command: str | None = None) -> list[Pool]:
    return of(workload("web", container(command, *variables)))


def of(owner: Workload) -> list[Pool]:
    return [
        pool
        for part in owner.containers
        for pool in pools_of(part, database_references(owner, part, {MAIN, CACHE}))
    ]


def sizes(*variables: EnvironmentVariable, command: str | None = None) -> tuple[object, ...]:
    (pool,) = pools(*variables, command=command)
    return (pool.size.value, pool.overflow.value, pool.per_process.value, pool.declared)


# -- which databases ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("DATABASE_URL", "sql"),
        ("DB_URL", "sql"),
        ("POSTGRES_URL", "sql"),
        ("ORDERS_DATABASE_URL", "sql"),
        ("SQLALCHEMY_DATABASE_URI", "sql"),
        ("SPRING_DATASOURCE_URL", "sql"),
        ("MYSQL_URL", "sql"),
        ("DATABASE_CONNECTION_STRING", "sql"),
        ("REDIS_URL", "redis"),
        ("REDIS_CONNECTION_URL", "redis"),
        ("MONGO_URL", "mongodb"),
        ("MONGODB_URI", "mongodb"),
    ],
)
def test_well_known_names(name: str, engine: str) -> None:
    owner = workload("web", container(None, variable(name)))
    (use,) = database_references(owner, owner.containers[0], ())
    assert use.family == engine
    assert use.key == f"variable:render/web/{name}"


@pytest.mark.parametrize(
    "part",
    [
        variable("TEST_DATABASE_URL"),
        variable("SHADOW_DATABASE_URL"),
        variable("DIRECT_URL", "postgres://db/shop"),
        variable("POSTGRES_URL_NON_POOLING", "postgres://db/shop"),
        variable("API_URL", "https://shop.example"),
        variable("DB_ADMIN_URL", "https://admin.shop.example"),
        variable("DATABASE_URL", "sqlite:///shop.db"),
        variable("DATABASE_URL", ""),
        variable("DATABASE_NAME", "shop"),
        variable("DB_HOSTNAME_OVERRIDE", "db"),
        variable("REDIS_ENABLED", "true"),
    ],
)
def test_what_is_no_use_of_a_database(part: EnvironmentVariable) -> None:
    assert pools(part) == []


@pytest.mark.parametrize(
    "part",
    [
        container(None, variable("POSTGRES_URL"), image="postgres:16"),
        container(None, variable("DATABASE_URL"), image="prom/postgres-exporter"),
        container(None, variable("DATABASE_URL"), init=True),
    ],
)
def test_containers_that_hold_no_pool(part: Container) -> None:
    assert of(workload("web", part)) == []


def test_identity_is_the_server() -> None:
    """Two databases on one server share its limit."""
    keys = {
        of(workload(name, container(None, variable("DATABASE_URL", url))))[0].database
        for name, url in (
            ("orders", "postgresql+psycopg://u:p@db.shop.example/orders"),
            ("users", "postgres://v:q@DB.shop.example:5432/users"),
        )
    }
    assert keys == {"host:db.shop.example"}


def test_short_hosts_mean_their_own_network() -> None:
    url = variable("DATABASE_URL", "postgres://postgres/shop")
    full = variable("DATABASE_URL", "postgres://postgres.shop.svc.cluster.local/shop")
    one = of(deployment("web", container(None, url), namespace="shop"))[0].database
    assert one == "host:kubernetes/shop/postgres"
    assert of(deployment("api", container(None, full)))[0].database == one
    assert of(deployment("web", container(None, url), namespace="other"))[0].database != one
    assert of(workload("web", container(None, url)))[0].database == "host:render/postgres"
    local = variable("DATABASE_URL", "postgres://localhost/shop")
    assert of(deployment("web", container(None, local)))[0].database.endswith("web/localhost")


def test_two_ways_to_one_database_are_one_pool() -> None:
    parts = [
        by_reference(),
        by_reference("POSTGRES_URL"),
        variable("DB_PASSWORD", reference=MAIN, property="password"),
        variable("DB_HOST", reference=MAIN, property="host"),
    ]
    for order in itertools.permutations(parts):
        assert [pool.database for pool in pools(*order)] == [MAIN]


def test_parts_stand_for_a_url_where_there_is_none() -> None:
    host = variable("DB_HOST", "db.shop.example")
    port = variable("DB_PORT", "6000")
    assert [pool.database for pool in pools(host, port)] == ["host:db.shop.example:6000"]
    assert [pool.database for pool in pools(host, port, by_reference())] == [MAIN]
    (pool,) = pools(variable("PGHOST", "db.shop.example"))
    assert pool.database == "host:db.shop.example"


def test_passwords_are_nowhere() -> None:
    found = pools(variable("DATABASE_URL", "postgres://shop:t0psecret@db.example/shop"))
    assert "t0psecret" not in repr(found)


# -- sizes ----------------------------------------------------------------------------------------


def test_size_and_overflow() -> None:
    parts = (
        by_reference(),
        variable("DB_POOL_SIZE", "5", line=30),
        variable("DB_MAX_OVERFLOW", "10", line=31),
    )
    for order in itertools.permutations(parts):
        (pool,) = pools(*order)
        assert (pool.size.value, pool.overflow.value, pool.per_process.value) == (5, 10, 15)
        assert (pool.declared, pool.library) == ("declared", "SQLAlchemy")
        assert pool.location.line == 30
        assert pool.per_process.reason == "5 + 10 overflow"


@pytest.mark.parametrize(
    "name",
    [
        "DB_POOL_SIZE",
        "DATABASE_POOL_SIZE",
        "POOL_SIZE",
        "DB_POOL_MAX_SIZE",
        "DB_POOL_MAX",
        "DB_MAX_CONNECTIONS",
        "POSTGRES_POOL_SIZE",
        "APP_DB_POOL_SIZE",
        "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE",
        "DB_POOL",
    ],
)
def test_names_of_sizes(name: str) -> None:
    (pool,) = pools(by_reference(), variable(name, "7"))
    assert (pool.size.value, pool.per_process.value, pool.declared) == (7, 7, "declared")
    assert "not known" in pool.overflow.reason


@pytest.mark.parametrize(
    "name",
    ["THREAD_POOL_SIZE", "HTTP_MAX_CONNECTIONS", "WORKER_POOL_SIZE", "DB_MIN_POOL_SIZE",
     "DB_POOL_MIN_SIZE", "DB_POOL_TIMEOUT", "DB_POOL_RECYCLE", "REDIS_MAX_CONNECTIONS",
     "POOL_SIZE_HINT", "CARPOOL"],
)  # fmt: skip
def test_names_that_size_something_else(name: str) -> None:
    assert sizes(by_reference(), variable(name, "7")) == (5, 10, 15, "assumed")


def test_redis_has_settings_of_its_own() -> None:
    found = pools(
        by_reference(),
        by_reference("REDIS_URL", CACHE),
        variable("DB_POOL_SIZE", "5"),
        variable("REDIS_MAX_CONNECTIONS", "20"),
    )
    assert {pool.database: pool.per_process.value for pool in found} == {MAIN: 5, CACHE: 20}


def test_settings_of_one_of_several_databases() -> None:
    found = pools(
        variable("ORDERS_DATABASE_URL", "postgres://orders.example/o"),
        variable("DATABASE_URL", "postgres://main.example/m"),
        variable("LEDGER_DATABASE_URL", "postgres://ledger.example/l"),
        variable("ORDERS_DB_POOL_SIZE", "3"),
        variable("DB_POOL_SIZE", "8"),
    )
    assert {pool.database: pool.size.value for pool in found} == {
        "host:orders.example": 3,
        "host:main.example": 8,
        "host:ledger.example": 8,
    }


def test_overflow_that_is_not_written() -> None:
    sqlalchemy = variable("DATABASE_URL", "postgresql+asyncpg://db.example/shop")
    size = variable("DB_POOL_SIZE", "5")
    assert sizes(sqlalchemy, size) == (5, 10, 15, "declared")
    assert sizes(by_reference(), variable("SQLALCHEMY_POOL_SIZE", "5")) == (5, 10, 15, "declared")
    assert sizes(by_reference("SQLALCHEMY_DATABASE_URI"), size) == (5, 10, 15, "declared")
    assert sizes(by_reference(), size) == (5, 0, 5, "declared")
    ecto = variable("DATABASE_URL", "ecto://db.example/shop")
    (pool,) = pools(ecto, variable("POOL_SIZE", "20"))
    assert (pool.per_process.value, pool.overflow.reason) == (20, "no overflow in Ecto")


def test_size_that_is_not_written_beside_an_overflow() -> None:
    found = sizes(by_reference(), variable("DB_MAX_OVERFLOW", "20"))
    assert found == (5, 20, 25, "library default")


@pytest.mark.parametrize(
    ("url", "library", "expected"),
    [
        ("postgresql+asyncpg://db.example/shop", "SQLAlchemy", (5, 10, 15)),
        ("mongodb://db.example/shop", "the MongoDB driver", (100, 0, 100)),
        ("ecto://db.example/shop", "Ecto", (10, 0, 10)),
        ("asyncpg://db.example/shop", "Tortoise ORM", (5, 0, 5)),
        ("postgresql+pool://db.example/shop", "peewee", (20, 0, 20)),
    ],
)
def test_library_defaults(url: str, library: str, expected: tuple[int, int, int]) -> None:
    (pool,) = pools(variable("DATABASE_URL", url))
    assert (pool.library, pool.declared) == (library, "library default")
    assert (pool.size.value, pool.overflow.value, pool.per_process.value) == expected
    assert pool.size.source is Source.PLATFORM_DEFAULT


def test_rails_and_spring() -> None:
    assert sizes(by_reference(), command="bundle exec rails s") == (5, 0, 5, "library default")
    threads = variable("RAILS_MAX_THREADS", "8")
    assert sizes(by_reference(), threads, command="bundle exec puma") == (8, 0, 8, "declared")
    spring = variable("SPRING_DATASOURCE_URL", "jdbc:postgresql://db.example/shop")
    assert sizes(spring) == (10, 0, 10, "library default")


def test_jdbc_is_spoken_on_the_jvm_where_hikari_is_the_usual_pool() -> None:
    other = variable("POSTGRES_URL", "jdbc:postgresql://db.example/shop")
    assert sizes(other) == (10, 0, 10, "assumed")


def test_parameters_in_the_url() -> None:
    mongo = variable("MONGO_URL", "mongodb://db.example/shop?maxPoolSize=30", line=33)
    (pool,) = pools(mongo)
    assert (pool.size.value, pool.declared, pool.location.line) == (30, "declared", 33)
    prisma = variable("DATABASE_URL", "postgresql://db.example/shop?connection_limit=3")
    assert sizes(prisma) == (3, 0, 3, "declared")
    ignored = variable("DATABASE_URL", "postgresql+psycopg://db.example/shop?pool_size=50")
    (pool,) = pools(ignored)
    assert (pool.per_process.value, pool.declared) == (15, "library default")
    assert "goes to the driver" in pool.size.reason


def test_only_the_use_of_a_database_is_known() -> None:
    (pool,) = pools(by_reference())
    assert (pool.library, pool.declared, pool.per_process.value) == ("", "assumed", 15)
    assert pool.size.source is Source.ASSUMED


@pytest.mark.parametrize(("size", "overflow"), [("0", "10"), ("5", "-1"), ("0", "-1")])
def test_no_bound(size: str, overflow: str) -> None:
    (pool,) = pools(
        by_reference(), variable("DB_POOL_SIZE", size), variable("DB_MAX_OVERFLOW", overflow)
    )
    assert pool.per_process.value is None
    assert pool.per_process.reason.startswith("no bound")
    assert pool.unbounded


@pytest.mark.parametrize(
    ("url", "unbounded"),
    [
        ("mongodb://db.example/shop?maxPoolSize=0", True),
        ("redis://cache:6379?max_connections=0", True),
        ("postgresql+pool://db/shop?max_connections=0", True),
        ("mysql+aiomysql://db/shop?max_size=0", True),
        ("aiomysql://db/shop?maxsize=0", True),
        ("mongodb://db.example/shop?maxPoolSize=1", False),
        # asyncpg takes no 0, and of the others nobody knows what it means to them.
        ("postgresql+asyncpg://db/shop?max_size=0", False),
        ("mysql://db/shop?connectionLimit=0", False),
        ("postgres://db/shop?connection_limit=0", False),
    ],
)
def test_zero_in_a_url(url: str, unbounded: bool) -> None:
    (pool,) = pools(variable("DATABASE_URL", url))
    assert (pool.unbounded, pool.declared) == (unbounded, "declared")
    assert pool.per_process.reason.startswith("no bound") is unbounded


@pytest.mark.parametrize(
    ("name", "value", "library", "unbounded", "per_process"),
    [
        ("DB_MAX_OPEN_CONNS", "0", "database/sql", True, None),
        ("DB_MAX_OPEN_CONNECTIONS", "-1", "database/sql", True, None),
        ("GF_DATABASE_MAX_OPEN_CONN", "0", "database/sql", True, None),
        ("DB_MAX_OPEN_CONNS", "25", "", False, 25),
        ("DB_POOL_SIZE", "0", "", False, None),
        ("DB_POOL_SIZE", "-1", "", False, None),
    ],
)
def test_maxima_of_go_services(
    name: str, value: str, library: str, unbounded: bool, per_process: int | None
) -> None:
    (pool,) = pools(by_reference(), variable(name, value))
    assert (pool.library, pool.unbounded) == (library, unbounded)
    assert pool.per_process.value == per_process


def test_what_is_no_maximum_of_connections() -> None:
    (pool,) = pools(by_reference(), variable("DB_MAX_IDLE_CONNS", "0"), variable("MAX_OPEN", "9"))
    assert pool.declared == "assumed"


@pytest.mark.parametrize(
    ("sign", "library"),
    [
        (variable("DJANGO_SETTINGS_MODULE", "shop.settings"), "Django"),
        (variable("DB_CONNECTION", "pgsql"), "PHP"),
        (variable("WORDPRESS_DB_HOST", "db"), "PHP"),
    ],
)
def test_programs_without_a_pool(sign: EnvironmentVariable, library: str) -> None:
    found = [pool for pool in pools(by_reference(), sign) if pool.variable == "DATABASE_URL"]
    assert [(pool.library, pool.declared) for pool in found] == [(library, "library default")]
    assert found[0].per_process.value is None
    assert not found[0].unbounded
    # A size that is written all the same counts.
    (sized,) = pools(by_reference(), variable("DB_POOL_SIZE", "4"), *([sign] * (library != "PHP")))
    assert sized.per_process.value == 4


def test_a_pool_is_called_after_what_says_where_the_database_is() -> None:
    parts = [
        variable("DBNAME", reference=MAIN, property="database"),
        variable("A_SEED", reference=MAIN, property="host"),
        variable("DBUSER", reference=MAIN, property="user"),
    ]
    for order in itertools.permutations(parts):
        assert [pool.variable for pool in pools(*order)] == ["A_SEED"]


def test_mongodb_without_a_bound() -> None:
    (pool,) = pools(variable("MONGO_URL", "mongodb://db.example/shop?maxPoolSize=0"))
    assert (pool.per_process.value, pool.per_process.reason[:8]) == (None, "no bound")


@pytest.mark.parametrize("text", ["many", "", "-3", "0", "5.5", "99999999", "1e3", "٣"])
def test_sizes_that_are_none(text: str) -> None:
    (pool,) = pools(by_reference(), variable("DB_POOL_SIZE", text))
    assert pool.per_process.value is None
    assert pool.declared == "declared"


def test_a_size_that_is_kept_elsewhere_is_not_known() -> None:
    hidden = EnvironmentVariable("DB_POOL_SIZE", said(None), variable("X").location, "secret:a/b/c")
    (pool,) = pools(by_reference(), hidden)
    assert (pool.size.value, pool.per_process.value) == (None, None)
    assert pool.per_process.written


def test_poolers() -> None:
    through = variable("DATABASE_URL", reference=MAIN, property="connectionPoolString")
    assert [pool.through_pooler for pool in pools(through)] == [True]
    assert [pool.through_pooler for pool in pools(by_reference())] == [False]


def test_every_library_says_where_its_default_comes_from() -> None:
    assert all(library.note for library in LIBRARIES)
    assert len({library.name for library in LIBRARIES}) == len(LIBRARIES)
