"""The numbers that a person would change first: the pool of whoever takes most, where its size is
written by itself in a config file."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model.resolved import AdjustablePool, Consumer
from lintscale.model.resolved import RunningWorkload as Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.amounts import product, total

_MEANS_MORE = frozenset({"RAILS_MAX_THREADS"})
"""Variables that set more than a pool: a smaller number would slow the service down."""


def adjustable_pool(
    workload: Workload, consumer: Consumer, counted: Sequence[Consumer]
) -> AdjustablePool | None:
    """The pool of ``consumer``, of ``workload``, as far as it can be written anew; None where no
    file holds its size as a number of its own. ``counted`` are all consumers that are."""
    size = _literal(workload, consumer, consumer.pool.size)
    processes = product(consumer.instances_max or 0, consumer.processes.value or 1)
    if size is None or not processes or consumer.pool_that_fits is None:
        return None
    others = [other for other in counted if other is not consumer]
    overflow = _literal(workload, consumer, consumer.pool.overflow)
    fixed = replace(consumer.pool.overflow, source=Source.PLATFORM_DEFAULT)
    return AdjustablePool(
        size=size,
        overflow=overflow or fixed,
        fits=consumer.pool_that_fits,
        processes_at_max=processes,
        others_at_max=total(
            [product(other.instances_max or 0, other.per_instance or 0) for other in others]
        ),
    )


def _literal(workload: Workload, consumer: Consumer, number: Sourced[int]) -> Sourced[int] | None:
    """The number, if it is the whole value of an environment variable."""
    for container in workload.containers:
        for variable in container.environment:
            written = variable.value
            if (
                container.name == consumer.pool.container
                and variable.name not in _MEANS_MORE
                and written.location == number.location
                and written.written
                and (written.value or "").strip() == str(number.value)
            ):
                return replace(number, reason="")
    return None
