"""Who opens how many connections to which database, against what it allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lintscale._record import replace
from lintscale.model import declared
from lintscale.model.resolved import (
    ConnectionShare,
    Container,
    Database,
    Evidence,
    Pool,
    ProcessPool,
    largest_of,
)
from lintscale.model.resolved import RunningWorkload as Workload
from lintscale.model.sourced import Sourced
from lintscale.project.config import Settings
from lintscale.resolve.amounts import product
from lintscale.resolve.capacity import (
    ASSUMED_POOL,
    adjustable_pool,
    available_of,
    connections_of,
    instances_that_fit,
    pool_shares,
    stock_available_of,
    with_estimate,
    with_fit,
)
from lintscale.resolve.code_pools import references_in_code, without_tools
from lintscale.resolve.databases import Registry
from lintscale.resolve.matching import place_of
from lintscale.resolve.pools import pools_of
from lintscale.resolve.processes import processes_of_pool
from lintscale.resolve.references import DatabaseReference, database_references
from lintscale.resolve.what_if import with_limit, with_pool
from lintscale.syntax.regex import regex

_MAINTENANCE = regex(
    r"\b(?:alembic|migrat(?:e|ions?)|db:(?:migrate|schema:load|seed)|flyway|liquibase|pg_dump(?:all)?"
    r"|psql|mysqldump|vacuumdb)\b"
)
"""Programs that work on one connection, whatever pool the application behind them has."""


class _Usage(NamedTuple):
    """A database in one environment, and what uses it there."""

    database: declared.Database
    shares: list[tuple[Workload, ConnectionShare]]


def resolved_connections(
    workloads: Sequence[Workload], databases: Sequence[declared.Database], settings: Settings
) -> tuple[list[tuple[Pool, ...]], tuple[Database, ...]]:
    """The pools of each workload, and every database once for each environment whose
    workloads use it (once, without an environment, when none does)."""
    registry = Registry(databases, workloads, settings)
    refs = _references_by_container(workloads, registry)
    usages: dict[tuple[str, str], _Usage] = {}
    result = []
    for position, workload in enumerate(workloads):
        shares: list[ConnectionShare] = []
        environment = workload.environment.value or ""
        for number, container in enumerate(workload.containers):
            for pool in pools_of(container, refs.get((position, number), [])):
                pool = with_pool(pool, workload, settings.what_if)  # noqa: PLW2901
                base = with_limit(registry.databases[pool.database], settings.what_if)
                base = replace(base, environment=environment)
                usage = usages.setdefault((pool.database, environment), _Usage(base, []))
                shares.append(_share(workload, container, pool))
                usage.shares.append((workload, shares[-1]))
        result.append(_estimated(shares, registry.databases))
    used = {key for key, _ in usages}
    for key, database in registry.databases.items():
        if key not in used:
            usages[key, ""] = _Usage(database, [])
    complete = [_complete(usage, registry.undeclared) for usage in usages.values()]
    return result, tuple(sorted(complete, key=_database_order))


def _estimated(
    shares: Sequence[ConnectionShare], databases: Mapping[str, declared.Database]
) -> tuple[Pool, ...]:
    """The pools of one workload, each with what all on its database come to."""
    on_same: dict[str, list[ConnectionShare]] = {}
    for share in sorted(shares, key=_by_container):
        on_same.setdefault(share.pool.database, []).append(share)
    return tuple(
        with_estimate(share.pool, on_same[key], databases[key])
        for share in shares
        for key in (share.pool.database,)
    )


def _references_by_container(
    workloads: Sequence[Workload], registry: Registry
) -> dict[tuple[int, int], list[DatabaseReference]]:
    """What each container uses, by the positions of workload and container."""
    found = [
        ((position, number), ref, workload)
        for position, workload in enumerate(workloads)
        for number, container in enumerate(workload.containers)
        for ref in _references_of(workload, container, registry.references)
    ]
    # What two ways to one database have in common is taken from the first: sort them.
    found.sort(key=lambda item: (item[2].id, item[1].variable, place_of(item[1].location)))
    resolved = registry.resolve([(ref, workload) for _, ref, workload in found])
    result: dict[tuple[int, int], list[DatabaseReference]] = {}
    for (where, _, _), ref in zip(found, resolved, strict=True):
        result.setdefault(where, []).append(ref)
    return result


def _references_of(
    workload: Workload, container: Container, references: frozenset[str]
) -> list[DatabaseReference]:
    """What the config says the container uses, and what only its source does."""
    written = without_tools(database_references(workload, container, references), container)
    return [*written, *references_in_code(workload, container, written)]


# -- one workload's share -------------------------------------------------------------------------


def _share(workload: Workload, container: Container, pool: ProcessPool) -> ConnectionShare:
    processes = _processes(container, pool)
    smallest, largest = workload.min_instances.value, workload.max_instances.value
    rolling = workload.deploy_instances.value
    per_instance = None
    if pool.per_process.value is not None:
        per_instance = product(processes.value or 1, pool.per_process.value)
    if workload.role == "job":
        # It runs now and then, so many pods at a time, and no deploy adds any.
        smallest, largest = 0, largest or 1
        rolling = largest
        if per_instance is not None and _MAINTENANCE.search(container.command.value or ""):
            per_instance = 1
    note = ""
    if pool.through_pooler:
        note = "pooler"
    elif pool.declared == "assumed":
        note = ASSUMED_POOL
    elif per_instance is None:
        note = "unbounded pool" if pool.unbounded else "unknown pool size"
    elif largest is None:
        note = "unknown instances"
    return ConnectionShare(
        workload=workload.id,
        name=workload.display_name,
        service=workload.service,
        platform=workload.platform,
        pool=Pool(
            pool,
            connections_at_max=None,
            shares=(),
            of_one_instance=(),
            per_instance=None,
            available=None,
            stock_available=None,
            fits=None,
        ),
        processes=processes,
        instances_min=smallest,
        instances_max=largest,
        instances_deploy=rolling if rolling is not None else largest,
        per_instance=per_instance,
        location=pool.location,
        counted=not note,
        note=note,
    )


def _processes(container: Container, pool: ProcessPool) -> Sourced[int]:
    """Those that hold the pool: the ones of the programs whose files make it."""
    application = container.application
    made = application.pools if application is not None and pool.code_location else ()
    found = next((each for each in made if each.location == pool.code_location), None)
    if found is None or not found.held_by:
        return container.processes
    return processes_of_pool(container, found)


# -- one database ---------------------------------------------------------------------------------


def _complete(usage: _Usage, undeclared: set[str]) -> Database:
    pairs = sorted(_once(usage.shares), key=lambda pair: _share_order(pair[1]))
    database = usage.database
    available = available_of(database)
    in_totals = [share for _, share in pairs if share.counted]
    consumers = [with_fit(workload, share, in_totals, available) for workload, share in pairs]
    counted = [consumer for consumer in consumers if consumer.counted]
    largest = largest_of(consumers)
    adjustable = None
    if largest is not None and available is not None:
        owner = next(workload for workload, _ in pairs if workload.id == largest.workload)
        adjustable = adjustable_pool(owner, largest, counted)
    if database.key in undeclared and consumers:
        database = replace(database, location=_largest_share(consumers).location)
    return Database(
        database,
        consumers=tuple(consumers),
        total_min=connections_of(counted, "instances_min"),
        total_max=connections_of(counted, "instances_max"),
        total_deploy=connections_of(counted, "instances_deploy"),
        available=available,
        stock_available=stock_available_of(database.engine, [share.pool for _, share in pairs]),
        shares=pool_shares(counted),
        instances_that_fit=instances_that_fit(counted),
        evidence=tuple(_evidence(pairs, database)),
        adjustable=adjustable,
    )


def _evidence(
    pairs: Sequence[tuple[Workload, ConnectionShare]], database: declared.Database
) -> Iterator[Evidence]:
    """Where the numbers are that a person may change: instances, processes, pool, limit."""
    for workload, share in pairs:
        if not share.counted:
            continue
        pool = share.pool
        for kind, number in (
            ("instances", workload.max_instances),
            ("processes", share.processes),
            ("pool size", pool.size),
            ("overflow", pool.overflow),
        ):
            if number.value is not None and number.location is not None and number.written:
                yield Evidence(number.location, kind, number.value, share.name)
        if pool.code_location is not None:
            yield Evidence(pool.code_location, "pool", name=share.name)
        if pool.library_location is not None:
            yield Evidence(pool.library_location, "library", name=share.name)
        if workload.location.file != pool.location.file:
            yield Evidence(workload.location, "workload", name=share.name)
    limit = database.limit
    if limit.value is not None and limit.location is not None:
        reason = "" if limit.written else limit.reason
        yield Evidence(limit.location, "limit", limit.value, reason=reason)


def _once(
    pairs: list[tuple[Workload, ConnectionShare]],
) -> list[tuple[Workload, ConnectionShare]]:
    """Of one object that several files define (an overlay's copy, a rendered one), only one can
    be deployed: the one that takes most counts, the others are noted."""
    namespaces: dict[tuple[str, ...], set[str]] = {}
    for workload, _ in pairs:
        namespaces.setdefault(_name(workload), set()).add(workload.namespace)

    def identity(workload: Workload) -> tuple[str, ...]:
        # A namespace that is not written may be any of the others.
        known = sorted(namespaces[_name(workload)] - {""})
        return (*_name(workload), workload.namespace or (known[0] if known else ""))

    connections_by_id: dict[tuple[str, ...], dict[str, int]] = {}
    for workload, share in pairs:
        connections = product(share.instances_deploy or 0, share.per_instance or 0)
        of_object = connections_by_id.setdefault(identity(workload), {})
        of_object[workload.id] = of_object.get(workload.id, 0) + connections * share.counted
    result = []
    for workload, share in pairs:
        of_object = connections_by_id[identity(workload)]
        chosen = min(of_object, key=lambda key: (-of_object[key], key))
        if workload.id == chosen or not share.counted:
            result.append((workload, share))
        else:
            result.append((workload, replace(share, counted=False, note="other file")))
    return result


def _name(workload: Workload) -> tuple[str, ...]:
    return (workload.platform, workload.kind, workload.name, workload.environment_hint)


# -- order ----------------------------------------------------------------------------------------


def _share_order(share: ConnectionShare) -> tuple[object, ...]:
    return (share.name, place_of(share.location), share.workload, share.pool.container)


def _by_container(share: ConnectionShare) -> tuple[object, ...]:
    """Containers of one workload by their names, whatever order they are written in."""
    return (share.pool.container, place_of(share.location))


def _database_order(database: Database) -> tuple[object, ...]:
    return (database.name, database.key, database.environment, database.platform)


def _largest_share(shares: Sequence[ConnectionShare]) -> ConnectionShare:
    return min(
        shares,
        key=lambda share: (
            -product(share.instances_max or 0, share.per_instance or 0),
            place_of(share.location),
        ),
    )
