from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import replace
from lintscale.model import declared
from lintscale.model.declared import (
    Container,
    EnvironmentVariable,
    Rollout,
)
from lintscale.model.resolved import Consumer, Database, InstancesThatFit, Pool, PoolShare
from lintscale.model.sourced import Source
from lintscale.project.config import DatabaseSettings, Settings
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from tests.resolve.build import (
    SETTINGS,
    SIDE_BY_SIDE,
    autoscaler,
    container,
    database,
    default,
    deployment,
    project,
    said,
    variable,
    workload,
)

MAIN = "render database:main-db"
URL = variable("DATABASE_URL", reference=MAIN, property="connectionString")


def app(
    size: int | None = 5,
    overflow: int | None = 10,
    command: str | None = "uvicorn app:app --workers 2",
    url: EnvironmentVariable = URL,
    **fields: Any,
) -> Container:
    parts = [url]
    if size is not None:
        parts.append(variable("DB_POOL_SIZE", str(size)))
    if overflow is not None:
        parts.append(variable("DB_MAX_OVERFLOW", str(overflow)))
    return container(command, *parts, **fields)


def web(
    *containers: Container, smallest: int = 2, largest: int | None = 10, **fields: Any
) -> JoinedWorkload:
    fields.setdefault("rollout", SIDE_BY_SIDE)
    fields.setdefault("autoscalers", (autoscaler(smallest, largest),))
    return workload(fields.pop("name", "web"), *(containers or (app(),)), **fields)


def derived(
    *workloads: JoinedWorkload,
    databases: tuple[declared.Database, ...] = (),
    settings: Settings = SETTINGS,
) -> tuple[Database, ...]:
    return derive(project(*workloads, databases=databases), settings).databases


def only(*workloads: JoinedWorkload, settings: Settings = SETTINGS, **fields: Any) -> Database:
    (found,) = derived(*workloads, databases=(database(**fields),), settings=settings)
    return found


# -- the arithmetic -------------------------------------------------------------------------------


def test_ten_instances_of_two_processes_with_a_pool_of_fifteen() -> None:
    found = only(web())
    assert (found.total_min, found.total_max, found.total_deploy) == (60, 300, 600)
    assert found.available == 97
    assert found.shares == (PoolShare("web", 10, 2, 15, 5, 10, "", 300),)
    assert found.instances_that_fit == (InstancesThatFit("web", 1, 3),)
    (consumer,) = found.consumers
    assert consumer.max_instances_that_fit == 1
    assert consumer.max_instances_that_fit_outside_deploy == 3
    assert consumer.pool_that_fits == 2
    assert consumer.per_instance == 30
    assert consumer.counted


def test_several_workloads_share_a_database() -> None:
    jobs = web(app(4, 0, None), name="jobs", kind="worker", largest=3, line=50)
    found = only(web(largest=2), jobs)
    assert (found.total_max, found.total_deploy) == (60 + 12, 120 + 24)
    assert found.shares == (
        PoolShare("jobs", 3, 1, 4, 4, 0, "", 12),
        PoolShare("web", 2, 2, 15, 5, 10, "", 60),
    )
    fits = {
        consumer.name: (
            consumer.max_instances_that_fit,
            consumer.max_instances_that_fit_outside_deploy,
            consumer.pool_that_fits,
        )
        for consumer in found.consumers
    }
    # jobs: 97 - 120 leaves nothing in a deploy, 97 - 60 = 37 outside; web: 97 - 24, 97 - 12.
    assert fits == {"jobs": (0, 9, 0), "web": (1, 2, 73 // 8)}
    assert found.instances_that_fit == (
        InstancesThatFit("jobs", 0, 9),
        InstancesThatFit("web", 1, 2),
    )


def test_containers_of_one_workload_fit_together() -> None:
    side = app(3, 0, None, name="reports")
    found = only(web(app(5, 0, None), side, largest=4))
    assert found.total_max == 4 * 8
    assert [consumer.max_instances_that_fit for consumer in found.consumers] == [6, 6]
    assert [(share.label, share.connections) for share in found.shares] == [
        ("web (app, render.yaml)", 20),
        ("web (reports, render.yaml)", 12),
    ]
    assert found.instances_that_fit == (InstancesThatFit("web", 6, 12),)
    pools = {consumer.pool.container: consumer.pool_that_fits for consumer in found.consumers}
    assert pools == {"app": (97 - 24) // 8, "reports": (97 - 40) // 8}


def test_where_nothing_fits() -> None:
    found = only(web(app(100, 0)))
    assert found.instances_that_fit == (InstancesThatFit("web", 0, 0),)
    assert found.consumers[0].pool_that_fits == 97 // 40


def test_where_a_deploy_takes_no_more() -> None:
    found = only(web(rollout=Rollout(strategy=said("Recreate"))))
    assert (found.total_max, found.total_deploy) == (300, 300)
    assert found.instances_that_fit == (InstancesThatFit("web", 3, 3),)


def test_a_rollout_that_is_not_known_adds_nothing() -> None:
    found = only(web(rollout=Rollout()))
    assert found.total_deploy == 300


def test_without_a_limit_nothing_is_said_of_fitting() -> None:
    found = only(web(), limit=None, reserved=None)
    assert found.available is None
    assert found.instances_that_fit == ()
    assert found.consumers[0].max_instances_that_fit is None
    assert found.total_max == 300


def test_absurd_numbers_stay_within_64_bits() -> None:
    huge = [
        web(app(999_999, 999_999, "gunicorn -w 9999 app"), name=f"web{i}", largest=10**9, line=i)
        for i in range(1, 40)
    ]
    found = only(*huge)
    assert 10**12 < found.total_deploy < 2**63


# -- what counts ----------------------------------------------------------------------------------


def note(found: Database) -> str:
    (consumer,) = found.consumers
    assert not consumer.counted
    assert (found.total_min, found.total_max, found.total_deploy) == (0, 0, 0)
    assert (found.shares, found.instances_that_fit) == ((), ())
    return consumer.note


def test_an_assumed_pool_is_shown_and_not_summed() -> None:
    found = only(web(app(None, None)))
    assert note(found) == "assumed pool size"
    assert found.consumers[0].per_instance == 30


def pool_of(*containers: Container, **fields: Any) -> Pool:
    """The first pool of one workload."""
    databases = fields.pop("databases", ())
    found = derive(project(web(*containers, **fields), databases=databases), SETTINGS)
    return found.workloads[0].pools[0]


def test_what_a_workload_would_open_at_its_largest_size() -> None:
    url = variable("DATABASE_URL")
    pool = pool_of(container("gunicorn shop.wsgi -w 2", url), largest=6)
    assert pool.connections_at_max == 6 * 2 * 15
    assert pool.shares == (PoolShare("web", 6, 2, 15, 5, 10, "", 180),)
    # 97 of a stock PostgreSQL, over twice 6 instances of 2 processes.
    assert (pool.available, pool.stock_available, pool.fits) == (None, 97, 4)


def test_all_containers_on_one_database_count() -> None:
    url = variable("DATABASE_URL", reference="secret:a/b/c")
    parts = [container(None, url, name=name) for name in ("api", "events")]
    pool = pool_of(*parts, largest=3)
    assert pool.connections_at_max == 2 * 3 * 15
    assert [share.connections for share in pool.shares] == [3 * 15, 3 * 15]
    assert pool.fits == 97 // (6 * 2)


def test_what_a_known_database_takes() -> None:
    pool = pool_of(
        container(None, variable("DATABASE_URL", reference="render database:main-db")),
        databases=(database(limit=50, reserved=3),),
    )
    assert (pool.available, pool.stock_available, pool.engine) == (47, 97, "postgresql")


@pytest.mark.parametrize(
    ("url", "stock"),
    [
        ("mysql://db.example/shop", 151),
        ("redis://cache.example", 10_000),
        ("mongodb://db.example/shop", None),
        (None, 97),
    ],
)
def test_what_a_stock_server_takes(url: str | None, stock: int | None) -> None:
    pool = pool_of(container(None, variable("DATABASE_URL", url)))
    assert pool.stock_available == stock
    assert (pool.fits is None) is (stock is None)


def test_what_is_not_known_is_not_estimated() -> None:
    url = variable("DATABASE_URL")
    sized = container(None, url, variable("DB_POOL_SIZE", "${SIZE}"))
    assert pool_of(sized).connections_at_max is None
    assert pool_of(sized).shares == ()
    unknown = pool_of(container(None, url), largest=None)
    assert (unknown.connections_at_max, unknown.fits) == (None, None)


def test_absurd_estimates_stay_within_64_bits() -> None:
    workers = container("gunicorn shop.wsgi -w 10000", variable("DATABASE_URL"))
    pool = pool_of(workers, largest=10**9)
    assert pool.connections_at_max is not None
    assert pool.connections_at_max * 100 < 2**63
    assert pool.fits == 0


def test_clients_of_a_pooler_are_not_the_database_s() -> None:
    through = variable("DATABASE_URL", reference=MAIN, property="connectionPoolString")
    assert note(only(web(app(url=through)))) == "pooler"


def test_a_pool_without_a_bound_cannot_be_summed() -> None:
    assert note(only(web(app(0, 10)))) == "unbounded pool"


def test_an_unknown_count_cannot_be_summed() -> None:
    found = only(web(autoscalers=(), count_known=False))
    assert note(found) == "unknown instances"
    assert found.consumers[0].instances_max is None


def test_a_job_counts_while_it_runs() -> None:
    found = only(web(autoscalers=(), role="job", replicas=default(2)))
    each = found.consumers[0].per_instance or 0
    assert each
    assert (found.total_min, found.total_max, found.total_deploy) == (0, 2 * each, 2 * each)


def test_a_migration_works_on_one_connection() -> None:
    job = web(app(5, 10, "alembic upgrade head"), autoscalers=(), role="job")
    assert only(job).total_max == 1


def test_one_workload_in_two_files_counts_once() -> None:
    base = web(largest=4, platform="kubernetes", kind="Deployment", file="k8s/base/web.yaml")
    rendered = web(
        platform="kubernetes",
        kind="Deployment",
        namespace="shop",
        file="k8s/rendered/all.yaml",
    )
    for order in itertools.permutations([base, rendered]):
        found = only(*order)
        assert found.total_max == 300
        assert {consumer.counted for consumer in found.consumers} == {True, False}
    other = replace(rendered, namespace="shop-eu")
    assert only(rendered, other).total_max == 600


def test_each_environment_has_a_database_of_its_own() -> None:
    host = variable("DATABASE_URL", "postgresql+psycopg://db.shop.example/shop")
    production = web(app(url=host), file="k8s/prod/web.yaml")
    staging = web(app(url=host), file="k8s/staging/web.yaml", largest=2)
    found = derived(production, staging)
    assert [(entry.environment, entry.total_max) for entry in found] == [
        ("production", 300),
        ("staging", 60),
    ]
    assert len({entry.key for entry in found}) == 1


def test_a_database_that_nobody_uses_is_kept() -> None:
    (found,) = derived(web(container(None)), databases=(database(),))
    assert (found.consumers, found.environment, found.available) == ((), "", 97)


def test_two_files_may_each_describe_a_database_of_the_same_name() -> None:
    """Examples in one repository have nothing to do with each other."""
    one = database(location=replace(database().location, file="one/render.yaml"))
    two = database(location=replace(database().location, file="two/render.yaml"), limit=500)
    workloads = [web(file="one/render.yaml"), web(file="two/render.yaml", largest=3)]
    for order in itertools.permutations(workloads):
        found = derived(*order, databases=(two, one))
        assert [(entry.available, entry.total_max) for entry in found] == [(97, 300), (497, 90)]


# -- databases that the files do not declare ------------------------------------------------------


def postgres(command: str | None = None, **fields: Any) -> JoinedWorkload:
    image = fields.pop("image", "postgres:16.4")
    part = container(command, *fields.pop("variables", ()), image=image)
    fields.setdefault("file", "k8s/postgres.yaml")
    return workload(
        fields.pop("name", "postgres"),
        part,
        platform="kubernetes",
        kind="StatefulSet",
        replicas=said(1),
        **fields,
    )


HOST = variable("DATABASE_URL", "postgresql+asyncpg://shop:t0p@postgres:5432/shop")


def client(url: EnvironmentVariable = HOST, **fields: Any) -> JoinedWorkload:
    fields.setdefault("autoscalers", (autoscaler(2, 10),))
    return deployment("web", app(url=url), **fields)


def serving(*workloads: JoinedWorkload) -> Database:
    (found,) = [entry for entry in derived(*workloads) if entry.consumers]
    return found


def test_a_server_in_the_scanned_files_has_its_stock_limit() -> None:
    found = serving(client(), postgres())
    assert (found.name, found.engine, found.limit.value, found.available) == (
        "postgres",
        "postgresql",
        100,
        97,
    )
    assert found.limit.source is Source.PLATFORM_DEFAULT
    assert found.location.file == "k8s/postgres.yaml"
    assert found.total_deploy == 13 * 30


@pytest.mark.parametrize(
    ("image", "scheme", "limit"),
    [
        ("postgres@sha256:0123", "postgresql+psycopg", 97),
        ("docker.io/bitnami/postgresql:16", "postgresql+psycopg", 97),
        ("pgvector/pgvector:pg16", "postgresql+psycopg", 97),
        ("mysql:8.4", "mysql+pymysql", 151),
        ("registry.example:5000/mariadb", "mysql+pymysql", 151),
        ("redis:7-alpine", "redis", 10_000),
        ("valkey/valkey:8", "redis", 10_000),
        ("mongo:7", "mongodb", None),
    ],
)
def test_stock_limits(image: str, scheme: str, limit: int | None) -> None:
    url = variable("STORE", f"{scheme}://postgres/shop")
    assert serving(client(url), postgres(image=image)).available == limit


@pytest.mark.parametrize(
    ("command", "limit", "available"),
    [
        ("postgres -c max_connections=300", 300, 297),
        ("-c shared_buffers=256MB -c max_connections=300", 300, 297),
        ("postgres -cmax_connections=300 -c superuser_reserved_connections=10", 300, 290),
        ("postgres --max_connections=300", 300, 297),
        ("sh -c 'postgres -c max_connections=300'", 300, 297),
        ("postgres -c max_connections=${MAX}", None, None),
        ("postgres -c config_file=/etc/postgresql.conf", None, None),
        ("docker-entrypoint.sh postgres", 100, 97),
    ],
)
def test_limits_on_the_command_line(command: str, limit: int | None, available: int | None) -> None:
    found = serving(client(), postgres(command))
    assert (found.limit.value, found.available) == (limit, available)


def test_limits_of_other_servers() -> None:
    cache = variable("REDIS_URL", "redis://postgres")
    found = serving(client(cache), postgres("redis-server --maxclients 500", image="redis:7"))
    assert found.limit.value == 500
    found = serving(client(cache), postgres("redis-server /etc/redis.conf", image="redis:7"))
    assert found.limit.value is None
    store = variable("DATABASE_URL", "mysql://postgres/shop")
    found = serving(client(store), postgres("--max-connections=400", image="mysql:8"))
    assert found.limit.value == 400
    sized = (variable("POSTGRESQL_MAX_CONNECTIONS", "250"),)
    found = serving(client(), postgres(image="bitnami/postgresql:16", variables=sized))
    assert found.limit.value == 250


@pytest.mark.parametrize(
    ("host", "fields"),
    [
        ("postgres-service", {}),
        ("postgres-headless", {}),
        ("store", {"host_names": ("store",)}),
        ("store", {"labels": {"app": "store"}}),
        ("postgres.data.svc.cluster.local", {"namespace": "data"}),
        ("postgres-0.postgres.data.svc", {"namespace": "data"}),
    ],
)
def test_host_names_of_a_server(host: str, fields: dict[str, Any]) -> None:
    url = variable("DATABASE_URL", f"postgresql+asyncpg://{host}/shop")
    assert serving(client(url), postgres(**fields)).limit.value == 100


@pytest.mark.parametrize(
    ("host", "fields"),
    [
        ("store", {}),
        ("postgres.shop.example", {}),
        ("postgres.other.svc", {"namespace": "data"}),
        ("postgres", {"image": "mysql:8"}),
        ("postgres", {"image": "shop/postgres-exporter"}),
    ],
)
def test_hosts_that_are_not_the_server_s(host: str, fields: dict[str, Any]) -> None:
    url = variable("DATABASE_URL", f"postgresql+asyncpg://{host}/shop")
    assert serving(client(url), postgres(**fields)).limit.value is None


def test_a_server_on_another_platform_is_another_server() -> None:
    assert serving(web(app(url=HOST)), postgres()).limit.value is None


def test_the_nearest_of_several_servers() -> None:
    shops = [
        (
            client(file=f"{shop}/web.yaml"),
            postgres(f"-c max_connections={limit}", file=f"{shop}/db.yaml"),
        )
        for shop, limit in (("books", 100), ("music", 200))
    ]
    workloads = list(itertools.chain.from_iterable(shops))
    for order in itertools.permutations(workloads):
        found = derived(*order)
        assert [(entry.limit.value, entry.total_max) for entry in found] == [(100, 300), (200, 300)]


def test_a_reference_to_a_service_leads_to_the_server() -> None:
    host = variable("DB_HOST", reference="render service:store", property="host")
    store = workload(
        "store", container(None, image="postgres:16"), kind="pserv", replicas=said(1), line=60
    )
    assert serving(web(app(url=host)), store).limit.value == 100


# -- the configuration ----------------------------------------------------------------------------


def configured(*entries: DatabaseSettings) -> Settings:
    return replace(SETTINGS, databases=entries)


SECRET = variable("DATABASE_URL", reference="secret:shop/web-secrets/database-url")


@pytest.mark.parametrize(
    ("glob", "url"),
    [
        ("DATABASE_URL", SECRET),
        ("web-secrets", SECRET),
        ("web-secrets/*", SECRET),
        ("secret:*/web-secrets/*", SECRET),
        ("*.shop.example", variable("DATABASE_URL", "postgres://db.shop.example/shop")),
        ("db.shop.example/shop", variable("DATABASE_URL", "postgres://db.shop.example/shop")),
        ("host:db.shop.example", variable("DATABASE_URL", "postgres://DB.shop.example/shop")),
        ("orders_*_url", variable("ORDERS_DATABASE_URL")),
    ],
)
def test_configured_databases(glob: str, url: EnvironmentVariable) -> None:
    entry = DatabaseSettings("main", (glob,), max_connections=60, engine="postgresql")
    (found,) = derived(web(app(url=url)), settings=configured(entry))
    assert (found.name, found.engine, found.limit.value, found.available) == (
        "main",
        "postgresql",
        60,
        57,
    )
    assert found.limit.source is Source.CONFIG
    assert found.location == found.consumers[0].location


def test_configured_reserve() -> None:
    entry = DatabaseSettings("main", ("DATABASE_URL",), max_connections=60, reserved=10)
    (found,) = derived(web(app(url=SECRET)), settings=configured(entry))
    assert found.available == 50


def test_the_configuration_wins_over_the_plan() -> None:
    for glob in ("main-db", "DATABASE_URL", "render database:main-db"):
        entry = DatabaseSettings("store", (glob,), max_connections=500)
        found = only(web(), settings=configured(entry))
        assert (found.name, found.limit.value, found.available) == ("main-db", 500, 497)


def test_a_secret_may_be_the_declared_database() -> None:
    entry = DatabaseSettings("main-db", ("web-secrets",))
    other = deployment("api", app(url=SECRET), autoscalers=(autoscaler(1, 2),))
    found = only(web(), other, settings=configured(entry))
    assert found.total_max == 300 + 60
    assert found.available == 97


def test_a_configured_pooler() -> None:
    entry = DatabaseSettings("main", ("web-secrets",), max_connections=60, pooler="pgbouncer")
    (found,) = derived(web(app(url=SECRET)), settings=configured(entry))
    assert found.pooler.value == "pgbouncer"
    assert found.consumers[0].note == "pooler"


def test_two_variables_of_one_configured_database_are_one_pool() -> None:
    part = container(
        None,
        variable("DATABASE_URL", reference="secret:shop/web/url"),
        variable("POSTGRES_URL", reference="secret:shop/web/url2"),
        variable("DB_POOL_SIZE", "4"),
    )
    entry = DatabaseSettings("main", ("secret:shop/web/*",), max_connections=60)
    (found,) = derived(web(part), settings=configured(entry))
    assert len(found.consumers) == 1
    assert found.total_max == 40


# -- properties -----------------------------------------------------------------------------------


counts = st.integers(1, 30)


@given(st.tuples(counts, counts, counts, st.integers(0, 30)), counts, st.integers(0, 4))
def test_no_sum_falls_when_a_factor_grows(
    drawn: tuple[int, int, int, int], more: int, which: int
) -> None:
    def sums(factors: list[int]) -> tuple[int, int, int]:
        most, workers, pool, extra, surge = factors
        part = app(pool, extra, f"gunicorn -w {workers} app")
        rollout = Rollout(surge_percent=said(surge))
        found = only(web(part, smallest=1, largest=most, rollout=rollout))
        return (found.total_min, found.total_max, found.total_deploy)

    factors = [*drawn, 25]
    before = sums(factors)
    factors[which] += more
    after = sums(factors)
    assert all(one <= other for one, other in zip(before, after, strict=True))


@given(st.integers(0, 600), counts, counts, st.integers(1, 20), st.sampled_from([0, 25, 33, 100]))
def test_what_fits_is_the_most_that_fits(
    limit: int, largest: int, processes: int, size: int, surge: int
) -> None:
    rollout = Rollout(surge_percent=said(surge))
    part = app(size, 0, f"gunicorn -w {processes} app")

    def at(most: int) -> tuple[Consumer, int, int]:
        found = only(web(part, smallest=1, largest=most, rollout=rollout), limit=limit, reserved=0)
        return found.consumers[0], found.total_max, found.total_deploy

    consumer, _, _ = at(largest)
    rolling = consumer.max_instances_that_fit
    still = consumer.max_instances_that_fit_outside_deploy
    assert rolling is not None
    assert still is not None
    assert rolling <= still
    assert at(rolling)[2] <= limit < at(rolling + 1)[2]
    assert at(still)[1] <= limit < at(still + 1)[1]
    pool = consumer.pool_that_fits
    deploying = consumer.instances_deploy
    assert pool is not None
    assert deploying is not None
    assert pool * processes * deploying <= limit < (pool + 1) * processes * deploying
