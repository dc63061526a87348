"""Routes and disruption budgets to the workloads whose labels they select."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import record, replace
from lintscale.model.declared import DisruptionBudget, Route, Workload
from lintscale.resolve.matching import (
    ByLabels,
    compatible,
    nearest,
    together,
    workload_identity,
)
from lintscale.syntax.field import has_placeholder


def with_traffic(workloads: Sequence[Workload], routes: Sequence[Route]) -> list[Workload]:
    """A workload whose platform does not say so serves traffic when a route selects its labels
    that others than monitoring take, or when it declares ports and no route at all was scanned."""
    labelled = ByLabels(workloads)
    selecting: list[list[Route]] = [[] for _ in workloads]
    for route in routes:
        for number in labelled.selected(route.selector):
            workload = workloads[number]
            if route.platform == workload.platform and compatible(
                route.namespace, workload.namespace
            ):
                selecting[number].append(route)
    scanned = {route.platform for route in routes}
    unknown = {route.platform for route in routes if route.selector.unknown}
    return [
        _with_traffic(workload, mine, workload.platform in scanned, workload.platform in unknown)
        if workload.scanned
        else workload
        for workload, mine in zip(workloads, selecting, strict=True)
    ]


def _with_traffic(
    workload: Workload, selecting: list[Route], has_routes: bool, may_be_selected: bool
) -> Workload:
    mine = together(workload.location, selecting)
    hosts = tuple(sorted({*workload.host_names, *(route.name for route in mine)}))
    serves = workload.serves_traffic
    if serves is None:
        if mine:
            serves = not all(route.for_metrics for route in mine)
        elif workload.containers and not may_be_selected:
            ports = any(
                not port.for_metrics
                for each in workload.containers
                if not each.init
                for port in each.ports
            )
            serves = ports and not has_routes
    return replace(workload, serves_traffic=serves, host_names=hosts)


@record
class LabelDoubts:
    """Why instances may have labels that their own file does not show: overlays add keys to all
    of them (``added``) or to some (``patches``), and files that cannot be read ``mentioned``
    words."""

    added: frozenset[str] = frozenset()
    patches: tuple[Workload, ...] = ()
    mentioned: frozenset[str] = frozenset()


def with_budgets(
    budgets: list[DisruptionBudget], workloads: list[Workload], doubts: LabelDoubts
) -> tuple[list[DisruptionBudget], list[Workload]]:
    attached: dict[str, list[DisruptionBudget]] = {}
    linked = []
    labelled = ByLabels(workloads)
    for budget in budgets:
        selected = [
            workload
            for workload in map(workloads.__getitem__, labelled.selected(budget.selector))
            if workload.platform == budget.platform
            and compatible(workload.namespace, budget.namespace)
        ]
        found = [
            workload
            for workload in selected
            if workload.scanned and workload.role in ("service", "worker", "pod")
        ]
        found = nearest(budget.location, together(budget.location, found), workload_identity)
        joined = replace(
            budget,
            workloads=tuple(sorted(workload.id for workload in found)),
            selects_nothing=False if selected else _selects_nothing(budget, workloads, doubts),
        )
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


def _selects_nothing(
    budget: DisruptionBudget, workloads: Sequence[Workload], doubts: LabelDoubts
) -> bool | None:
    """Of a budget that selects none of them: not instances of any kind, Jobs and DaemonSets too.
    A budget of everything in its namespace says nothing about what there should be, so that is not
    to be known."""
    selector = budget.selector
    if selector.unknown or selector.everything:
        return None
    there = [
        workload.labels
        for workload in workloads
        if workload.platform == budget.platform and compatible(workload.namespace, budget.namespace)
    ]
    keys = {requirement.key for requirement in selector.requirements}
    values = {value for requirement in selector.requirements for value in requirement.values}
    in_doubt = (
        keys & doubts.added
        or values & doubts.mentioned
        or any(keys & patch.labels.keys() for patch in doubts.patches)
        or any(has_placeholder(labels.get(key, "")) for labels in there for key in keys)
    )
    return None if in_doubt else True
