"""How many pods a disruption budget lets go at the smallest size."""

from __future__ import annotations

from collections.abc import Mapping

from lintscale.facts.amounts import is_all_of, is_none_of, resolved, total
from lintscale.model import ABSENT, DisruptionBudget, Location, Source, Sourced, Workload
from lintscale.record import replace


def with_allowance(budget: DisruptionBudget, workloads: Mapping[str, Workload]) -> DisruptionBudget:
    """The budget with its smallest size and the evictions it allows then. Unknown where a
    workload's size is; a budget that never allows any says so whatever the size.

    Source: Kubernetes pkg/controller/disruption/disruption.go, getExpectedPodCount and
    updatePdbStatus (2025): percentages of both kinds round up, maxUnavailable is looked at first.
    """
    size = _smallest_size(budget, workloads)
    return replace(budget, smallest_size=size, allowed_disruptions=_allowed(budget, size.value))


def _smallest_size(budget: DisruptionBudget, workloads: Mapping[str, Workload]) -> Sourced[int]:
    """The sum of its workloads' smallest sizes. One that may be scaled to nothing counts with
    1: without pods there is nothing to evict."""
    if not budget.workloads:
        return ABSENT
    sizes = []
    sources = set()
    for identity in budget.workloads:
        workload = workloads.get(identity)
        if workload is None or workload.min_instances.value is None:
            return Sourced(None, None, budget.location, "the size of a workload is not known")
        sizes.append(max(1, workload.min_instances.value))
        sources.add(workload.min_instances.source)
    written = Source.FILE if sources == {Source.FILE} else Source.PLATFORM_DEFAULT
    location: Location = budget.location
    if len(sizes) == 1:
        location = workloads[budget.workloads[0]].min_instances.location or location
    return Sourced(total(sizes), written, location, "the smallest size of what it selects")


def _allowed(budget: DisruptionBudget, size: int | None) -> Sourced[int]:
    for amount, keeps in ((budget.max_unavailable, False), (budget.min_available, True)):
        if amount.source is None:
            continue
        if amount.value is None:
            return Sourced(None, Source.FILE, amount.location, amount.reason)
        never = is_all_of(amount.value) if keeps else is_none_of(amount.value)
        if never:
            return Sourced(0, amount.source, amount.location, "none, whatever the size")
        if size is None:
            return Sourced(None, None, amount.location, "the size of a workload is not known")
        number = resolved(amount.value, size, round_up=True)
        if number is None:
            return Sourced(None, Source.FILE, amount.location, "not an amount")
        allowed = max(0, size - number) if keeps else min(size, number)
        return Sourced(allowed, amount.source, amount.location, f"of {size}")
    return ABSENT
