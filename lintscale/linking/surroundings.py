"""Routes and disruption budgets to the workloads whose labels they select."""

from __future__ import annotations

from dataclasses import replace

from lintscale.linking.matching import compatible, nearest, workload_identity
from lintscale.model import (
    DisruptionBudget,
    Route,
    Workload,
)


def with_traffic(workload: Workload, routes: list[Route]) -> Workload:
    """A workload whose platform does not say so serves traffic when a route selects its labels,
    or when it declares ports and no route at all was scanned."""
    if workload.serves_traffic is not None or not workload.scanned:
        return workload
    routed = any(
        compatible(route.namespace, workload.namespace) and route.selector.matches(workload.labels)
        for route in routes
    )
    if routed:
        return replace(workload, serves_traffic=True)
    if any(route.selector.unknown for route in routes):
        return workload
    has_ports = any(container.ports and not container.init for container in workload.containers)
    return replace(workload, serves_traffic=has_ports and not routes)


def with_budgets(
    budgets: list[DisruptionBudget], workloads: list[Workload]
) -> tuple[list[DisruptionBudget], list[Workload]]:
    attached: dict[str, list[DisruptionBudget]] = {}
    linked = []
    for budget in budgets:
        found = [
            workload
            for workload in workloads
            if workload.platform == budget.platform
            and workload.scanned
            and workload.role in ("service", "worker", "pod")
            and compatible(workload.namespace, budget.namespace)
            and budget.selector.matches(workload.labels)
        ]
        found = nearest(budget.location, found, workload_identity)
        joined = replace(budget, workloads=tuple(sorted(workload.id for workload in found)))
        linked.append(joined)
        if budget.selector.unknown:
            # It may select any of them, so none of them is known to lack a budget.
            found = [w for w in workloads if compatible(w.namespace, budget.namespace)]
        for workload in found:
            attached.setdefault(workload.id, []).append(joined)
    return linked, [
        replace(workload, disruption_budgets=tuple(attached[workload.id]))
        if workload.id in attached
        else workload
        for workload in workloads
    ]
