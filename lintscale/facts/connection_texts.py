"""What messages say of connections."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale.facts.amounts import product, total
from lintscale.facts.words import plural
from lintscale.model import Consumer

TIMES = "\N{MULTIPLICATION SIGN}"


def arithmetic(counted: Sequence[Consumer]) -> str:
    """Every multiplication behind a total, and the total when there are several: "web: 10
    instances x 2 processes x 15 connections (5 + 10 overflow) = 300", with real signs."""
    labels = _labels(counted)
    parts = []
    shares = []
    for consumer in counted:
        instances = consumer.instances_max or 0
        processes = consumer.processes.value or 1
        pool = consumer.pool
        connections = plural(pool.per_process.value or 0, "connection")
        if pool.overflow.value:
            connections += f" ({pool.size.value} + {pool.overflow.value} overflow)"
        shares.append(product(instances, consumer.per_instance or 0))
        parts.append(
            f"{labels[consumer.workload, pool.container]}: {plural(instances, 'instance')} {TIMES} "
            f"{plural(processes, 'process')} {TIMES} {connections} = "
            f"{shares[-1]}"
        )
    if len(parts) > 1:
        parts.append(f"together {total(shares)}")
    return "; ".join(parts)


def _labels(counted: Sequence[Consumer]) -> dict[tuple[str, str], str]:
    """The consumers' names, with what tells two of one name apart."""
    names = [consumer.name for consumer in counted]
    result = {}
    for consumer in counted:
        label = consumer.name
        if names.count(label) > 1:
            where = consumer.location.file
            label = f"{label} ({consumer.pool.container or consumer.platform}, {where})"
        result[consumer.workload, consumer.pool.container] = label
    return result


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
