"""Workloads that stand in for one another, so that where one of them runs is not where all do."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import replace
from lintscale.model.declared import Placement, Workload
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.matching import compatible

_REASON = "another workload takes the same traffic"


def with_company(workloads: Sequence[Workload]) -> tuple[Workload, ...]:
    """Each workload with its placement seen together with the others behind the same route: one
    that runs in one zone has company that may run in another (which is not looked into), and
    one on spot capacity may be the larger half of a service whose other half stays."""
    if not any(_is_bound(workload.placement) for workload in workloads):
        return tuple(workloads)
    behind: dict[str, list[Workload]] = {}
    for workload in workloads:
        for host in workload.host_names:
            behind.setdefault(host, []).append(workload)
    return tuple(
        _seen_together(
            workload,
            [
                other
                for host in workload.host_names
                for other in behind[host]
                if _share_traffic(workload, other)
            ],
        )
        if _is_bound(workload.placement)
        else workload
        for workload in workloads
    )


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


def _seen_together(workload: Workload, company: Sequence[Workload]) -> Workload:
    placement = workload.placement
    if company and placement.zones.value == 1:
        zones: Sourced[int] = Sourced(None, Source.FILE, placement.zones.location, _REASON)
        placement = replace(placement, zones=zones)
    if placement.spot_only.value and any(not each.placement.spot_only.value for each in company):
        spot = Sourced(False, Source.FILE, placement.spot_only.location, _REASON)
        placement = replace(placement, spot_only=spot)
    return replace(workload, placement=placement)
