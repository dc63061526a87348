"""Each database's connections, reckoned with what is assumed too.

Rules sum up only what is known; a person who asks for the capacity wants to see the whole, with
what is an assumption said to be one.
"""

from __future__ import annotations

from lintscale._record import record, replace
from lintscale.model.resolved import Consumer, Database, Project
from lintscale.resolve.connections import ASSUMED_POOL, shares_of, with_fit


@record
class Capacity:
    """One database. The totals (connections) are sums over ``consumers`` that are ``reckoned``;
    ``left_out`` are those of which no number can be given, each with its note. ``fits`` say
    whether a total is within ``database.available``; None where that is not known."""

    database: Database
    consumers: tuple[Consumer, ...]
    left_out: tuple[Consumer, ...]
    total_min: int
    total_max: int
    total_deploy: int

    def fits(self, total: int) -> bool | None:
        available = self.database.available
        return None if available is None else total <= available

    @property
    def estimated(self) -> bool:
        """Whether an assumption went into the totals."""
        return any(consumer.note == ASSUMED_POOL for consumer in self.consumers)


def capacities(project: Project) -> list[Capacity]:
    """The databases that something uses, in the project's order, then those nothing uses."""
    found = [_capacity(project, database) for database in project.databases]
    used = [each for each in found if each.consumers or each.left_out]
    return [*used, *(each for each in found if each not in used)]


def _capacity(project: Project, database: Database) -> Capacity:
    workloads = {workload.id: workload for workload in project.workloads}
    reckoned = [consumer for consumer in database.consumers if _is_reckoned(consumer)]
    left_out = [consumer for consumer in database.consumers if not _is_reckoned(consumer)]
    available = database.available
    fitted = (
        reckoned
        if available is None
        else [with_fit(workloads[c.workload], c, reckoned, available) for c in reckoned]
    )
    return Capacity(
        database,
        tuple(fitted),
        tuple(replace(consumer, counted=False) for consumer in left_out),
        shares_of(reckoned, "instances_min"),
        shares_of(reckoned, "instances_max"),
        shares_of(reckoned, "instances_deploy"),
    )


def _is_reckoned(consumer: Consumer) -> bool:
    numbers = (consumer.per_instance, consumer.instances_max)
    return (consumer.counted or consumer.note == ASSUMED_POOL) and None not in numbers
