"""What sends traffic to a workload, and with which others it shares that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, Placement, Route, Workload
from lintscale.model.location import Location
from lintscale.model.resolved import RunningWorkload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.instances import is_stopped
from lintscale.resolve.joined import JoinedWorkload
from lintscale.resolve.matching import ByLabels, compatible, grouped, of_same_overlay
from lintscale.resolve.roles import (
    is_only_probed,
    only_monitored,
    only_sleeps,
    takes_work_from_queues,
)
from lintscale.resolve.words import words
from lintscale.resolve.work import work_of


class Traffic(NamedTuple):
    serves: bool | None
    host_names: tuple[str, ...] = ()
    route_location: Location | None = None


def traffic_of(
    workloads: Sequence[Workload], routes: Sequence[Route], finder: EnvironmentFinder
) -> dict[str, Traffic]:
    """By the workload's id. One whose platform does not say so serves traffic when a route that
    others than monitoring take selects its labels, or when it declares ports and no route at all
    was scanned."""
    selecting: dict[int, list[Route]] = {}
    labelled = ByLabels(workloads) if routes else None
    for route in routes:
        numbers = labelled.selected(route.selector) if labelled else ()
        found_here = [number for number in numbers if _may_reach(route, workloads[number], finder)]
        for number in _without_strangers(route, found_here, workloads):
            selecting.setdefault(number, []).append(route)
    scanned = {route.platform for route in routes}
    unknown = {route.platform for route in routes if route.selector.unknown}
    found = {}
    for number, workload in enumerate(workloads):
        reaching = of_same_overlay(workload.location, selecting.get(number, []))
        serves = workload.serves_traffic
        if serves is None and reaching:
            serves = any(_sends_requests(route, workload) for route in reaching)
        elif serves is None and workload.containers and workload.platform not in unknown:
            serves = workload.platform not in scanned and _has_port(workload)
        names = tuple(sorted({route.name for route in reaching}))
        places = [route.location for route in reaching if _sends_requests(route, workload)]
        first = min(places, key=lambda place: (place.file, place.span), default=None)
        found[workload.id] = Traffic(serves, names, first)
    return found


def _may_reach(route: Route, workload: Workload, finder: EnvironmentFinder) -> bool:
    return (
        workload.scanned
        and route.platform == workload.platform
        and compatible(route.namespace, workload.namespace)
        and not finder.told_apart(route, workload)
    )


def _without_strangers(
    route: Route, numbers: Sequence[int], workloads: Sequence[Workload]
) -> list[int]:
    """Those of the route's own folder where there are any, without others in folders beside it:
    examples and services all use labels such as "app: web". What is above or below the folder, in
    the same namespace by name, or the same workload once more, stays."""
    folder = _folder(route.location)
    own = {w.name for n in numbers if _folder((w := workloads[n]).location) == folder}
    if not own:
        return list(numbers)

    def belongs(workload: Workload) -> bool:
        other = _folder(workload.location)
        depth = min(len(folder), len(other))
        same_namespace = bool(route.namespace) and route.namespace == workload.namespace
        return same_namespace or workload.name in own or folder[:depth] == other[:depth]

    return [number for number in numbers if belongs(workloads[number])]


def _folder(location: Location) -> tuple[str, ...]:
    return tuple(location.file.split("/")[:-1])


def _sends_requests(route: Route, workload: Workload) -> bool:
    """Whether others than monitoring come by it. By a headless one they do where a container
    declares one of its ports; else it is there for the pods' names."""
    running = [each for each in workload.containers if not each.init]
    if route.headless:
        declared = {
            text for each in running for p in each.ports for text in (p.name, str(p.number))
        }
        if not any(port.target in declared for port in route.ports):
            return False
    return not route.ports or not all(
        only_monitored(port.name, each) for port in route.ports for each in running
    )


def _has_port(workload: Workload) -> bool:
    """Whether one of its containers declares a port for others than monitoring."""
    containers = (each for each in workload.containers if not each.init)
    return any(not only_monitored(port.name, each) for each in containers for port in each.ports)


def serves_traffic(
    workload: Workload, traffic: Traffic, autoscalers: Sequence[Autoscaler]
) -> bool | None:
    """Whether requests reach it, once its autoscalers are known: none where it is switched off (a
    count of 0 that nothing raises), where it only sleeps, or where it takes its work from queues,
    or by its programs, and no route leads to it."""
    if not traffic.serves:
        return traffic.serves
    switched_off = _is_switched_off(workload, autoscalers)
    from_queues = not traffic.host_names and takes_work_from_queues(workload, autoscalers)
    return not (
        switched_off or from_queues or only_sleeps(workload) or only_works(workload, traffic)
    )


def only_works(workload: Workload, traffic: Traffic) -> bool:
    """Whether its programs take jobs instead of requests. Where only their names say so, nothing
    may send it requests by its kind, and no port may be there but for monitoring, unless nobody is
    known to balance requests over it."""
    checked = workload.health_check_path.written and not any(
        container.probes for container in workload.containers
    )
    if checked or workload.load_balanced or traffic.route_location is not None:
        return False
    work = work_of(workload)
    if work is None:
        return False
    unasked = workload.load_balanced is False or all(
        is_only_probed(each) for each in workload.containers if not each.init
    )
    return work.certain or (unasked and not workload.addressed)


def _is_switched_off(workload: Workload, autoscalers: Sequence[Autoscaler]) -> bool:
    effective = [each for each in autoscalers if each.effective]
    if effective:
        return is_stopped(workload, effective)
    paused = [each.paused_at.value for each in autoscalers if each.paused_at.value is not None]
    return max(paused) == 0 if paused else workload.replicas.value == 0


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


def instances_beside(workloads: Sequence[RunningWorkload]) -> dict[str, int]:
    """By id, the fewest instances of the workloads to which each route that leads to it leads as
    well, as to the versions of one service; without those that have none beside them. A trial is
    there for a while only, and stands in for nothing."""
    reached = grouped((each for each in workloads if each.route_location is not None), _route)
    found = {}
    for together in reached.values():
        for one in together if len(together) > 1 else ():
            others = {
                other.name: other.min_instances.value or 0
                for other in together
                if _share_traffic(one, other)
                and one.environment.value == other.environment.value
                and set(one.host_names) <= set(other.host_names)
                and _answer_alike(one, other)
                and not other.canary
                and _CANARY not in words(other.name)
            }
            if sum(others.values()):
                found[one.id] = sum(others.values())
    return found


def _route(workload: RunningWorkload) -> tuple[object, ...]:
    place = workload.route_location
    where = (place.file, place.span, place.document) if place is not None else ()
    return (*where, workload.location.rendered_by)


def _answer_alike(one: Workload, other: Workload) -> bool:
    """Whether they may have the port that a route asks for in common."""
    ports = [
        {port.number for each in workload.containers for port in each.ports}
        for workload in (one, other)
    ]
    return one.role == other.role and (not all(ports) or bool(ports[0] & ports[1]))


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
    return replace(own, zones=zones, spot_only=spot_only)


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
