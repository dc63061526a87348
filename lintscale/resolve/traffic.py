"""What sends traffic to a workload, and with which others it shares that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lintscale.model.declared import Placement, Route, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.matching import ByLabels, compatible, grouped, of_same_overlay
from lintscale.resolve.words import words


class Traffic(NamedTuple):
    serves: bool | None
    host_names: tuple[str, ...] = ()


def traffic_of(workloads: Sequence[Workload], routes: Sequence[Route]) -> dict[str, Traffic]:
    """By the workload's id. One whose platform does not say so serves traffic when a route selects
    its labels that others than monitoring take, or when it declares ports and no route at all was
    scanned."""
    selecting: dict[int, list[Route]] = {}
    labelled = ByLabels(workloads) if routes else None
    for route in routes:
        for number in labelled.selected(route.selector) if labelled else ():
            if _may_reach(route, workloads[number]):
                selecting.setdefault(number, []).append(route)
    scanned = {route.platform for route in routes}
    unknown = {route.platform for route in routes if route.selector.unknown}
    found = {}
    for number, workload in enumerate(workloads):
        reaching = of_same_overlay(workload.location, selecting.get(number, []))
        serves = workload.serves_traffic
        if serves is None and reaching:
            serves = not all(route.for_metrics for route in reaching)
        elif serves is None and workload.containers and workload.platform not in unknown:
            serves = workload.platform not in scanned and _has_port(workload)
        found[workload.id] = Traffic(serves, tuple(sorted({route.name for route in reaching})))
    return found


def _may_reach(route: Route, workload: Workload) -> bool:
    return (
        workload.scanned
        and route.platform == workload.platform
        and compatible(route.namespace, workload.namespace)
    )


def _has_port(workload: Workload) -> bool:
    """Whether one of its containers declares a port for others than monitoring."""
    containers = (each for each in workload.containers if not each.init)
    return any(not port.for_metrics for each in containers for port in each.ports)


# -- workloads that stand in for one another ------------------------------------------------------

_SHARED = "another workload takes the same traffic"


def shared_placements(workloads: Sequence[JoinedWorkload]) -> dict[str, Placement]:
    """By id, the placements that do not hold for a whole service: a workload that runs in one zone
    shares its traffic with one that may run in another (which is not looked into), and one on spot
    capacity may be the larger half of a service whose other half stays."""
    bound = [workload for workload in workloads if _is_bound(workload.placement)]
    reached: dict[str, list[JoinedWorkload]] = {}
    for workload in workloads if bound else ():
        for host in workload.host_names:
            reached.setdefault(host, []).append(workload)
    found = {}
    for workload in bound:
        others = [
            other
            for host in workload.host_names
            for other in reached[host]
            if _share_traffic(workload, other)
        ]
        if others:
            found[workload.id] = _placement(workload.placement, others)
    return found


def _is_bound(placement: Placement) -> bool:
    return placement.zones.value == 1 or placement.spot_only.value is True


def _share_traffic(one: Workload, other: Workload) -> bool:
    """Of two that one route is called for. The same name twice is one workload, as overlays and
    copies of manifests have it."""
    return (
        one.name != other.name
        and other.scanned
        and one.platform == other.platform
        and compatible(one.namespace, other.namespace)
    )


def _placement(own: Placement, others: Iterable[Workload]) -> Placement:
    zones, spot_only = own.zones, own.spot_only
    if zones.value == 1:
        zones = Sourced(None, Source.FILE, zones.location, _SHARED)
    if spot_only.value and any(not each.placement.spot_only.value for each in others):
        spot_only = Sourced(False, Source.FILE, spot_only.location, _SHARED)
    return Placement(own.spreads, own.spread_over, own.location, zones, spot_only)


# -- canaries -------------------------------------------------------------------------------------

_CANARY = "canary"


def canaries_among(workloads: Sequence[Workload]) -> frozenset[str]:
    """The ids of those that are a trial of another one and take a small share of its traffic:
    their name is another one's and the word, "shop-canary" of "shop"."""
    if not any(_CANARY in workload.name for workload in workloads):
        return frozenset()
    named = grouped(workloads, lambda workload: (workload.platform, words(workload.name)))
    return frozenset(each.id for each in workloads if _is_canary(each, named))


def _is_canary(
    workload: Workload, named: Mapping[tuple[str, tuple[str, ...]], Sequence[Workload]]
) -> bool:
    own = words(workload.name)
    original = tuple(word for word in own if word != _CANARY)
    return original != own and any(
        compatible(other.namespace, workload.namespace)
        for other in named.get((workload.platform, original), ())
    )
