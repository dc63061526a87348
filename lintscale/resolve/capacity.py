"""What consumers open to a database, and what fits: shares, estimates, and the pool to adjust."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lintscale._record import record, replace
from lintscale.model import declared
from lintscale.model.resolved import (
    AdjustablePool,
    ConnectionShare,
    Consumer,
    Database,
    InstancesThatFit,
    Pool,
    PoolShare,
    ProcessPool,
    Project,
)
from lintscale.model.resolved import RunningWorkload as Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.amounts import CEILING, product, total
from lintscale.resolve.databases import STOCK_LIMITS, STOCK_RESERVED
from lintscale.resolve.instances import peak_while_deploying
from lintscale.resolve.libraries import NET

ASSUMED_POOL = "assumed pool size"
"""The note of a consumer that is left out of its database's totals although its number is known."""

_ANY_SQL = "postgresql"
"""Of the SQL servers that a DATABASE_URL of no known engine may lead to, the one with the lowest
limit."""

_SETS_MORE = frozenset({"RAILS_MAX_THREADS"})
"""Variables that set more than a pool: a smaller number would slow the service down."""


# -- shares ---------------------------------------------------------------------------------------


def connections_of(consumers: Iterable[ConnectionShare], instances: str) -> int:
    """The sum of the consumers' connections; ``instances`` is the field with their counts."""
    return total(
        [
            product(getattr(consumer, instances) or 0, consumer.per_instance or 0)
            for consumer in consumers
        ]
    )


def pool_shares(
    consumers: Sequence[ConnectionShare], instances: int | None = None
) -> tuple[PoolShare, ...]:
    """The multiplication behind each consumer's connections at its workload's largest size, or with
    so many instances."""
    return tuple(
        PoolShare(
            label=label,
            instances=count,
            processes=consumer.processes.value or 1,
            per_process=consumer.pool.per_process.value or 0,
            size=consumer.pool.size.value or 0,
            overflow=consumer.pool.overflow.value or 0,
            default_of=consumer.pool.library if consumer.pool.declared == "library default" else "",
            connections=product(count, consumer.per_instance or 0),
        )
        for consumer, label in zip(consumers, labels(consumers), strict=True)
        for count in ((consumer.instances_max or 0) if instances is None else instances,)
    )


def labels(consumers: Sequence[ConnectionShare]) -> list[str]:
    """The consumers' names, each with what tells it apart from others of that name: the container
    (or platform) and file, or, for several pools of one container, the line that creates it."""
    names = [consumer.name for consumer in consumers]
    pools = [(consumer.workload, consumer.pool.container) for consumer in consumers]
    result = []
    for consumer, pool in zip(consumers, pools, strict=True):
        label = consumer.name
        created = consumer.pool.code_location
        if pools.count(pool) > 1 and created is not None:
            label = f"{label} ({created.file.rpartition('/')[2]}:{created.line})"
        elif names.count(label) > 1:
            label = f"{label} ({pool[1] or consumer.platform}, {consumer.location.file})"
        result.append(label)
    return result


# -- what fits ------------------------------------------------------------------------------------


def available_of(database: declared.Database) -> int | None:
    """Its limit less what it reserves; None where the limit is not known."""
    if database.limit.value is None:
        return None
    reserved = database.reserved.value or 0
    return min(CEILING, max(0, database.limit.value - max(0, reserved)))


def with_fit(
    workload: Workload,
    share: ConnectionShare,
    counted: Sequence[ConnectionShare],
    available: int | None,
) -> Consumer:
    """The share of ``workload`` with how many instances, and how large a pool, would fit if
    everything else stayed as it is; null where the share is not in the totals, ``counted``, or the
    database's limit is not known."""
    if available is None or not any(other is share for other in counted):
        return Consumer(
            share,
            max_instances_that_fit=None,
            max_instances_that_fit_outside_deploy=None,
            pool_that_fits=None,
        )
    own = [other for other in counted if other.workload == share.workload]
    others = [other for other in counted if other.workload != share.workload]
    per_instance = total([other.per_instance or 0 for other in own])
    room_in_deploy = available - connections_of(others, "instances_deploy")
    room = available - connections_of(others, "instances_max")
    siblings = [other for other in counted if other is not share]
    left = available - connections_of(siblings, "instances_deploy")
    processes = product(share.instances_deploy or 0, share.processes.value or 1)
    return Consumer(
        share,
        max_instances_that_fit=_largest_in_deploy(workload, per_instance, room_in_deploy),
        max_instances_that_fit_outside_deploy=_largest(per_instance, room),
        pool_that_fits=max(0, left) // processes if processes else None,
    )


def _largest(per_instance: int, room: int) -> int | None:
    return max(0, room) // per_instance if per_instance else None


def _largest_in_deploy(workload: Workload, per_instance: int, room: int) -> int | None:
    """The largest count whose peak fits. The peak never falls as the count grows."""
    low, high = 0, _largest(per_instance, room)
    if high is None:
        return None
    while low < high:
        middle = (low + high + 1) // 2
        peak = peak_while_deploying(workload.rollout, middle)
        if product(middle if peak is None else peak, per_instance) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def instances_that_fit(counted: Sequence[Consumer]) -> tuple[InstancesThatFit, ...]:
    """Each workload's once, in the order of its consumers; none where the limit is not known."""
    found: dict[InstancesThatFit, None] = {}
    for consumer in counted:
        in_deploy = consumer.max_instances_that_fit
        outside = consumer.max_instances_that_fit_outside_deploy
        if in_deploy is not None and outside is not None:
            found.setdefault(InstancesThatFit(consumer.name, in_deploy, outside))
    return tuple(found)


# -- one workload's pools -------------------------------------------------------------------------


def with_estimate(
    pool: ProcessPool, shares: Sequence[ConnectionShare], database: declared.Database
) -> Pool:
    """The pool with what all the workload's pools on its database (``shares``) open at the
    workload's largest size, and what the database, or a stock one, takes."""
    available = available_of(database)
    stock = stock_available_of(database.engine, [pool])
    room = stock if available is None else available
    sized = all(each.per_instance is not None for each in shares)
    known = sized and all(each.instances_max is not None for each in shares)
    return Pool(
        pool,
        engine=database.engine,
        connections_at_max=connections_of(shares, "instances_max") if known else None,
        shares=pool_shares(shares) if known else (),
        of_one_instance=pool_shares(shares, 1) if sized else (),
        per_instance=total([each.per_instance or 0 for each in shares]) if sized else None,
        available=available,
        stock_available=stock,
        fits=None if room is None else _largest_pool(shares, room),
    )


def stock_available_of(engine: str, pools: Iterable[ProcessPool]) -> int | None:
    """What a server of this engine takes as it comes, less what it reserves. Behind programs of
    .NET a server of no known engine may as well be SQL Server, which has no such limit."""
    if not engine and any(pool.library == NET.name for pool in pools):
        return None
    limit = STOCK_LIMITS.get(engine or _ANY_SQL)
    return None if limit is None else limit - STOCK_RESERVED.get(engine or _ANY_SQL, 0)


def _largest_pool(shares: Sequence[ConnectionShare], room: int) -> int | None:
    """The largest pool of each process with which the workload fits while a deploy rolls."""
    processes = [
        product(share.instances_deploy or 0, share.processes.value or 1) for share in shares
    ]
    return room // total(processes) if all(processes) else None


def adjustable_pool(
    workload: Workload, consumer: Consumer, counted: Sequence[Consumer]
) -> AdjustablePool | None:
    """The pool of ``consumer``, of ``workload``; None where no file holds its size as a number of
    its own. ``counted`` are all the consumers in the database's totals."""
    size = _literal(workload, consumer, consumer.pool.size)
    processes = product(consumer.instances_max or 0, consumer.processes.value or 1)
    fits = consumer.pool_that_fits
    if size is None or size.value is None or not processes or fits is None:
        return None
    others = [other for other in counted if other is not consumer]
    written = _literal(workload, consumer, consumer.pool.overflow)
    fixed = 0 if written is not None else consumer.pool.overflow.value or 0
    # With a single connection the requests of a process wait in one line: no size to propose.
    smallest = 2 if written is not None else fixed + 1
    is_enough = fits >= smallest
    reducible = written is not None and (written.value or 0) > 0
    return AdjustablePool(
        size=size,
        overflow=written or replace(consumer.pool.overflow, source=Source.PLATFORM_DEFAULT),
        fits=fits,
        fixed_overflow=fixed,
        smallest=smallest,
        fitting_size=fits - fixed if is_enough and fits - fixed < size.value else None,
        fitting_overflow=max(0, fits - size.value) if is_enough and reducible else None,
        processes_at_max=processes,
        others_at_max=connections_of(others, "instances_max"),
    )


def _literal(workload: Workload, consumer: Consumer, number: Sourced[int]) -> Sourced[int] | None:
    """The number, if it is the whole value of an environment variable."""
    for container in workload.containers:
        for variable in container.environment:
            written = variable.value
            if (
                container.name == consumer.pool.container
                and variable.name not in _SETS_MORE
                and written.location == number.location
                and written.written
                and (written.value or "").strip() == str(number.value)
            ):
                return replace(number, reason="")
    return None


# -- with assumptions -----------------------------------------------------------------------------


@record
class Capacity:
    """One database's connections with assumed pools included, which rules leave out.

    The totals are sums over ``consumers``; ``left_out`` are those of which no number is known, each
    with its note."""

    database: Database
    consumers: tuple[Consumer, ...]
    left_out: tuple[Consumer, ...]
    total_min: int
    total_max: int
    total_deploy: int

    def fits(self, connections: int) -> bool | None:
        """Whether so many are within ``database.available``; None where that is not known."""
        available = self.database.available
        return None if available is None else connections <= available

    @property
    def estimated(self) -> bool:
        """Whether an assumption went into the totals."""
        return any(consumer.note == ASSUMED_POOL for consumer in self.consumers)


def capacities(project: Project) -> list[Capacity]:
    """The databases that something uses, in the project's order, then those that nothing uses."""
    found = [_capacity(project, database) for database in project.databases]
    return sorted(found, key=lambda each: not (each.consumers or each.left_out))


def _capacity(project: Project, database: Database) -> Capacity:
    workloads = {workload.id: workload for workload in project.workloads}
    included = [consumer for consumer in database.consumers if _is_number_known(consumer)]
    left_out = [consumer for consumer in database.consumers if not _is_number_known(consumer)]
    available = database.available
    fitted = [with_fit(workloads[c.workload], c, included, available) for c in included]
    return Capacity(
        database,
        tuple(fitted),
        tuple(replace(consumer, counted=False) for consumer in left_out),
        connections_of(included, "instances_min"),
        connections_of(included, "instances_max"),
        connections_of(included, "instances_deploy"),
    )


def _is_number_known(consumer: Consumer) -> bool:
    numbers = (consumer.per_instance, consumer.instances_max)
    return (consumer.counted or consumer.note == ASSUMED_POOL) and None not in numbers
