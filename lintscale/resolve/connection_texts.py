"""What messages say of connections."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale.model.declared import Consumer
from lintscale.model.sourced import Source
from lintscale.resolve.amounts import product, total
from lintscale.resolve.words import plural

TIMES = "\N{MULTIPLICATION SIGN}"


def arithmetic(counted: Sequence[Consumer]) -> str:
    """Every multiplication behind a total, and the total when there are several: "web: 10
    instances x 2 processes x 15 connections (5 + 10 overflow) = 300", with real signs."""
    parts = []
    shares = []
    for consumer, label in zip(counted, labels(counted), strict=True):
        instances = consumer.instances_max or 0
        processes = consumer.processes.value or 1
        connections = plural(consumer.pool.per_process.value or 0, "connection")
        about = _about(consumer)
        if about:
            connections += f" ({about})"
        shares.append(product(instances, consumer.per_instance or 0))
        parts.append(
            f"{label}: {plural(instances, 'instance')} {TIMES} "
            f"{plural(processes, 'process')} {TIMES} {connections} = "
            f"{shares[-1]}"
        )
    if len(parts) > 1:
        parts.append(f"together {total(shares)}")
    return "; ".join(parts)


def _about(consumer: Consumer) -> str:
    """How a pool's size comes about: "5 + 10 overflow, SQLAlchemy's default"."""
    pool = consumer.pool
    parts = []
    if pool.overflow.value:
        parts.append(f"{pool.size.value} + {pool.overflow.value} overflow")
    if pool.declared == "library default" and pool.library:
        threads = pool.library == "Django"
        parts.append("one per thread" if threads else f"the default of {pool.library}")
    return ", ".join(parts)


def labels(counted: Sequence[Consumer]) -> list[str]:
    """The consumers' names, with what tells those of one name apart: the container or platform
    and the file, and for several pools of one container what each is made with."""
    names = [consumer.name for consumer in counted]
    pools = [(consumer.workload, consumer.pool.container) for consumer in counted]
    result = []
    for consumer, pool in zip(counted, pools, strict=True):
        label = consumer.name
        own = consumer.pool.code_location
        if pools.count(pool) > 1 and own is not None:
            label = f"{label} ({own.file.rpartition('/')[2]}:{own.line})"
        elif names.count(label) > 1:
            label = f"{label} ({pool[1] or consumer.platform}, {consumer.location.file})"
        result.append(label)
    return result


def assumptions(consumer: Consumer) -> list[str]:
    """What of a consumer's numbers rests on an assumption, and on which."""
    pool = consumer.pool
    assumed = [pool.size, pool.overflow] if pool.size.value is not None else []
    reasons = [
        value.reason
        for value in (*assumed, consumer.processes)
        if value.source is Source.ASSUMED and value.value and value.reason
    ]
    return list(dict.fromkeys(reasons))


def fit(counted: Sequence[Consumer]) -> str:
    """ "at most 1 instance of web fits while a deploy rolls, 3 outside a deploy" """
    parts: dict[str, None] = {}
    for consumer in counted:
        rolling = consumer.max_instances_that_fit
        still = consumer.max_instances_that_fit_outside_deploy
        if rolling is None or still is None:
            continue
        of = f"of {consumer.name}"
        if still == 0:
            text = f"not even one instance {of} fits"
        elif rolling == 0:
            text = f"no instance {of} fits while a deploy rolls, {still} outside a deploy"
        else:
            verb = "fits" if rolling == 1 else "fit"
            text = f"at most {plural(rolling, 'instance')} {of} {verb}"
            if rolling != still:
                text += f" while a deploy rolls, {still} outside a deploy"
        parts.setdefault(text)
    return "; ".join(parts)
