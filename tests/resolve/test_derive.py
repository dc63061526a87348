"""What facts make of whole projects, in any order and of any content."""

from __future__ import annotations

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import fields, replace
from lintscale.model.declared import Container, Rollout
from lintscale.model.resolved import Project
from lintscale.model.sourced import Source, Sourced
from lintscale.project.config import DatabaseSettings
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.project import derive
from tests.resolve.build import (
    SETTINGS,
    SIDE_BY_SIDE,
    at,
    autoscaler,
    budget,
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


def shop() -> list[JoinedWorkload]:
    """One service on three platforms, a worker, and a database server."""
    size = variable("DB_POOL_SIZE", "5")
    host = variable("DATABASE_URL", "postgresql+asyncpg://shop:Wq7zL9pXc2VbN4mK@store/shop")
    return [
        workload(
            "web",
            container("uvicorn app:app --workers 2", URL, size),
            rollout=SIDE_BY_SIDE,
            autoscalers=(autoscaler(2, 10, cpu=70.0),),
        ),
        workload("jobs", container("celery -A shop worker -c 4", URL, size), line=30,
                 replicas=said(2), rollout=SIDE_BY_SIDE),
        workload(".", container("uvicorn app:app"), platform="railway", file="railway.json",
                 replicas=default(1)),
        deployment("web", container(None, host, size), autoscalers=(autoscaler(3, 6),)),
        deployment("store", container(None, image="postgres:16"), file="k8s/store.yaml",
                   replicas=said(1)),
        deployment("web", container(None, host, size), file="k8s/overlays/staging/web.yaml",
                   replicas=said(1)),
    ]  # fmt: skip


def everything(project_: Project) -> tuple[object, ...]:
    """What rules see, whatever the order of the workloads."""
    return (
        sorted((w for w in project_.workloads), key=lambda w: w.id),
        project_.databases,
        project_.disruption_budgets,
        project_.services,
        project_.credentials,
        project_.drifts,
    )


def test_the_order_of_workloads_changes_nothing() -> None:
    settings = replace(
        SETTINGS,
        databases=(DatabaseSettings("extra", ("store*",), max_connections=50),),
    )
    parts = shop()
    guard = budget(parts[3], min_available="3")

    def derived(order: tuple[JoinedWorkload, ...]) -> tuple[object, ...]:
        whole = project(*order, databases=(database(),), disruption_budgets=(guard,))
        return everything(derive(whole, settings))

    expected = derived(tuple(parts))
    for order in itertools.islice(itertools.permutations(parts), 0, 720, 37):
        assert derived(order) == expected


def test_the_order_of_entries_changes_nothing() -> None:
    parts = [
        variable("DATABASE_URL", "postgresql+asyncpg://a.example/shop"),
        variable("ORDERS_DATABASE_URL", "postgres://b.example/shop?max_size=4"),
        variable("REDIS_URL", "redis://c.example"),
        variable("DB_POOL_SIZE", "5"),
        variable("WEB_CONCURRENCY", "3"),
    ]
    containers = [container("gunicorn app", *parts), container(None, *parts, name="side")]
    expected = derive(project(workload("web", *containers)), SETTINGS)
    for order in itertools.permutations(parts):
        shuffled = [replace(part, environment=order) for part in containers[::-1]]
        found = derive(project(workload("web", *shuffled)), SETTINGS)
        assert found.databases == expected.databases
        assert set(found.workloads[0].pools) == set(expected.workloads[0].pools)


def test_a_workload_that_is_called_after_its_folder_gets_its_name() -> None:
    settings = replace(SETTINGS, root=Path("/srv/checkout"))
    lone = workload(".", container("uvicorn app:app", name="."), platform="railway")
    (found,) = derive(project(lone), settings).workloads
    assert (found.name, found.service, found.containers[0].name) == ("checkout",) * 3
    assert found.id == lone.id


def test_the_secret_of_a_url_is_in_no_derived_text() -> None:
    found = derive(project(*shop()), SETTINGS)
    derived_only = (found.databases, found.credentials, found.drifts, found.services)
    assert "Wq7zL9pXc2VbN4mK" not in repr(derived_only)
    assert all("Wq7zL9pXc2VbN4mK" not in repr(entry.pools) for entry in found.workloads)
    assert found.credentials


def test_an_empty_project() -> None:
    found = derive(project(), SETTINGS)
    assert not any(getattr(found, name) for name in fields(found))


# -- any content ----------------------------------------------------------------------------------

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", ".", "${X}", "postgres://", "postgres://a:b@c/d?max_size=x", "redis://:x@[::1",
         "0", "-1", "9" * 30, "25%", "%", "sh -c '", "gunicorn -w", "\x00", "/", "a" * 300]
    ),
)  # fmt: skip
names = st.one_of(
    st.sampled_from(
        ["DATABASE_URL", "DB_POOL_SIZE", "DB_MAX_OVERFLOW", "WEB_CONCURRENCY", "REDIS_URL",
         "DB_HOST", "DB_PORT", "GUNICORN_CMD_ARGS", "PASSWORD", "RAILS_MAX_THREADS"]
    ),
    texts,
)  # fmt: skip


def sourced(values: st.SearchStrategy[object]) -> st.SearchStrategy[Sourced[object]]:
    return st.builds(
        Sourced, st.one_of(st.none(), values), st.sampled_from([None, *Source]), st.just(at())
    )


variables = st.builds(
    lambda name, value, reference, taken: replace(
        variable(name, reference=reference, property=taken), value=value
    ),
    names,
    sourced(texts),
    st.one_of(st.just(""), st.just(MAIN), texts),
    texts,
)
containers = st.builds(
    lambda name, image, command, parts, init: Container(
        name, image, at(), command, environment=tuple(parts), init=init
    ),
    texts,
    sourced(st.one_of(texts, st.just("postgres"))),
    sourced(texts),
    st.lists(variables, max_size=5),
    st.booleans(),
)
numbers = st.one_of(st.integers(-3, 40), st.sampled_from([-(2**63), 2**63 - 1]))
rollouts = st.builds(
    Rollout,
    *(sourced(st.one_of(texts, st.just("Recreate"))) for _ in range(3)),
    *(sourced(numbers) for _ in range(2)),
    surge_percent=sourced(numbers),
)
workloads = st.builds(
    lambda name, parts, namespace, hint, labels, replicas, rollout, known, role, file: workload(
        name,
        *parts,
        namespace=namespace,
        environment_hint=hint,
        object_labels=labels,
        replicas=replicas,
        rollout=rollout,
        count_known=known,
        role=role,
        file=file,
    ),
    texts,
    st.lists(containers, max_size=3),
    texts,
    texts,
    st.dictionaries(st.one_of(st.just("env"), texts), texts, max_size=2),
    sourced(numbers),
    rollouts,
    st.booleans(),
    st.sampled_from(["service", "worker", "job", "static", "daemon", "pod"]),
    st.one_of(st.just("render.yaml"), texts),
)


@given(st.lists(workloads, max_size=4), sourced(numbers), sourced(numbers), sourced(texts))
def test_no_content_is_too_strange(
    parts: list[JoinedWorkload],
    limit: Sourced[int],
    reserved: Sourced[int],
    amount: Sourced[str],
) -> None:
    # Two workloads never stand at one place.
    parts = [replace(w, location=at(w.location.file, n)) for n, w in enumerate(parts, start=1)]
    main = replace(database(), limit=limit, reserved=reserved)
    guard = replace(budget(*parts), min_available=amount)
    whole = project(*parts, databases=(main,), disruption_budgets=(guard,))
    found = derive(whole, SETTINGS)
    for entry in found.databases:
        for total in (entry.total_min, entry.total_max, entry.total_deploy, entry.available or 0):
            assert 0 <= total < 2**63
        assert entry.environment or not entry.consumers
    for one in found.workloads:
        keys = {entry.key for entry in found.databases}
        assert {pool.database for pool in one.pools} <= keys
        assert one.environment.value
        assert all((part.processes.value or 0) >= 1 for part in one.containers)
    reordered = derive(replace(whole, workloads=tuple(reversed(parts))), SETTINGS)
    assert reordered.databases == found.databases
    assert reordered.drifts == found.drifts
    assert reordered.services == found.services
    assert reordered.credentials == found.credentials
