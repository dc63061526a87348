"""Routes and disruption budgets to the workloads whose labels they select."""

from __future__ import annotations

from lintscale.linking.matching import compatible, nearest, workload_identity
from lintscale.model import (
    DisruptionBudget,
    Route,
    Workload,
)
from lintscale.record import replace


def with_traffic(workload: Workload, routes: list[Route]) -> Workload:
    """A workload whose platform does not say so serves traffic when a route selects its labels,
    or when it declares ports and no route at all was scanned."""
    if not workload.scanned:
        return workload
    routes = [route for route in routes if route.platform == workload.platform]
    mine = [
        route
        for route in routes
        if compatible(route.namespace, workload.namespace)
        and route.selector.matches(workload.labels)
    ]
    hosts = tuple(sorted({*workload.host_names, *(route.name for route in mine)}))
    serves = workload.serves_traffic
    if serves is None:
        if mine:
            serves = True
        elif workload.containers and not any(route.selector.unknown for route in routes):
            ports = any(each.ports and not each.init for each in workload.containers)
            serves = ports and not routes
    return replace(workload, serves_traffic=serves, host_names=hosts)


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
            found = [
                workload
                for workload in workloads
                if workload.platform == budget.platform
                and compatible(workload.namespace, budget.namespace)
            ]
        for workload in found:
            attached.setdefault(workload.id, []).append(joined)
    return linked, [
        replace(workload, disruption_budgets=tuple(attached[workload.id]))
        if workload.id in attached
        else workload
        for workload in workloads
    ]
