"""What a workload would open to a database, by the little that is known of its pools."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model.resolved import Consumer, Database, Pool
from lintscale.resolve.amounts import CEILING, product, total
from lintscale.resolve.connection_texts import arithmetic
from lintscale.resolve.databases import STOCK_LIMITS, STOCK_RESERVED

_ANY_SQL = "postgresql"
"""Of the SQL servers that a nameless DATABASE_URL may lead to, the one that takes fewest."""


def with_estimate(pool: Pool, consumers: Sequence[Consumer], database: Database) -> Pool:
    """The pool with what all the workload's pools on its database (``consumers``) come to at the
    workload's largest size, and what the database, or a stock one, takes."""
    available = available_of(database)
    stock = _stock_available(database.engine)
    room = stock if available is None else available
    at_max = _at_max(consumers)
    return replace(
        pool,
        engine=database.engine,
        connections_at_max=at_max,
        arithmetic=arithmetic(consumers) if at_max is not None else "",
        available=available,
        stock_available=stock,
        fits=None if room is None else _fits(consumers, room),
    )


def available_of(database: Database) -> int | None:
    """What the database takes beside what it keeps back; None where its limit is not known."""
    if database.limit.value is None:
        return None
    kept = database.reserved.value or 0
    return min(CEILING, max(0, database.limit.value - max(0, kept)))


def _stock_available(engine: str) -> int | None:
    limit = STOCK_LIMITS.get(engine or _ANY_SQL)
    return None if limit is None else limit - STOCK_RESERVED.get(engine or _ANY_SQL, 0)


def _at_max(consumers: Sequence[Consumer]) -> int | None:
    shares = []
    for consumer in consumers:
        if consumer.instances_max is None or consumer.per_instance is None:
            return None
        shares.append(product(consumer.instances_max, consumer.per_instance))
    return total(shares)


def _fits(consumers: Sequence[Consumer], room: int) -> int | None:
    """The largest pool of each process with which the workload fits while a deploy rolls."""
    processes = [
        product(consumer.instances_deploy or 0, consumer.processes.value or 1)
        for consumer in consumers
    ]
    return room // total(processes) if all(processes) else None
