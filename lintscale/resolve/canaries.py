"""Workloads that are a trial of another one, and take a small share of its traffic."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model.declared import Workload
from lintscale.resolve.matching import compatible
from lintscale.resolve.words import words

_MARK = "canary"


def with_canaries(workloads: Sequence[Workload]) -> tuple[Workload, ...]:
    """Marks those whose name is another one's and the word: "shop-canary" beside "shop"."""
    if not any(_MARK in workload.name for workload in workloads):
        return tuple(workloads)
    named: dict[tuple[str, tuple[str, ...]], list[Workload]] = {}
    for workload in workloads:
        named.setdefault((workload.platform, words(workload.name)), []).append(workload)
    return tuple(
        replace(workload, canary=True) if _is_canary(workload, named) else workload
        for workload in workloads
    )


def _is_canary(
    workload: Workload, named: dict[tuple[str, tuple[str, ...]], list[Workload]]
) -> bool:
    own = words(workload.name)
    if _MARK not in own:
        return False
    tried = tuple(word for word in own if word != _MARK)
    return any(
        compatible(other.namespace, workload.namespace)
        for other in named.get((workload.platform, tried), ())
    )
