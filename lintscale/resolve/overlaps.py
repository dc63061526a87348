"""Selectors that are meant for one workload and match another one's instances too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lintscale.model.declared import Autoscaler, Container, Route, Selector, Workload
from lintscale.model.images import parse_image
from lintscale.model.resolved import SelectedWorkload, SelectorOverlap
from lintscale.resolve.environment import EnvironmentFinder
from lintscale.resolve.matching import ByLabels, folders, side_by_side
from lintscale.resolve.overlays import Builds

_MEASURED = ("containers", "instances")


class Overlaps:
    """Finds them among workloads that are certain to run side by side in one namespace."""

    def __init__(
        self,
        workloads: Sequence[Workload],
        autoscalers: Mapping[str, Sequence[Autoscaler]],
        builds: Builds,
        finder: EnvironmentFinder,
    ) -> None:
        self.workloads = workloads
        self.autoscalers = autoscalers
        self.builds = builds
        self.finder = finder
        self.labelled = ByLabels(workloads)

    def found(self, routes: Sequence[Route]) -> dict[str, SelectorOverlap]:
        """By the id of the workload that the selector is meant for: of its autoscaler's and its
        routes' the first."""
        found: dict[str, SelectorOverlap] = {}
        for route in sorted(routes, key=lambda route: route.name, reverse=True):
            if not route.headless:
                found |= self._of_route(route)
        for workload in self.workloads:
            overlap = self._of_autoscalers(workload)
            if overlap is not None:
                found[workload.id] = overlap
        return found

    def _of_autoscalers(self, workload: Workload) -> SelectorOverlap | None:
        """An autoscaler counts the pods that the selector of its workload matches, those of others
        too, and asks each for its request (Kubernetes pkg/controller/podautoscaler/
        replica_calculator.go, GetResourceReplicas and calculatePodRequests, read Dec 2026)."""
        selector, location = workload.selector, workload.selector_location
        measuring = [
            each
            for each in self.autoscalers.get(workload.id, ())
            if each.effective and any(metric.measured_on in _MEASURED for metric in each.metrics)
        ]
        if selector is None or location is None or not measuring or not workload.scanned:
            return None
        others = self._others(workload, selector)
        if not others:
            return None
        first = min(measuring, key=lambda each: (each.kind, each.name))
        needed = {
            metric.kind
            for each in measuring
            for metric in each.metrics
            if metric.measured_on == "containers" and not metric.container
        }
        return SelectorOverlap(
            kind="autoscaler",
            name=f"{first.kind} {first.name}",
            selector=selector.text,
            location=location,
            workloads=tuple(map(_selected, others)),
            unrequested=tuple(
                sorted(kind for kind in needed if any(_lacks(each, kind) for each in others))
            ),
        )

    def _of_route(self, route: Route) -> dict[str, SelectorOverlap]:
        """Where it sends what is meant for a port of one workload to others that have no such
        port. A port that it calls by name it looks for in each of them."""
        reached = [
            workload
            for workload in map(self.workloads.__getitem__, self.labelled.selected(route.selector))
            if workload.namespace == route.namespace and workload.platform == route.platform
        ]
        ports = {int(port.target) for port in route.ports if port.target.isdigit()}
        answering = [each for each in reached if each.role == "service" and ports & _ports(each)]
        if not answering or len(reached) == len(answering):
            return {}
        meant = min(answering, key=lambda each: (each.name != route.name, each.kind, each.name))
        others = [
            other
            for other in self._others(meant, route.selector)
            if not ports & _ports(other) and not _same_program(meant, other)
        ]
        if not others:
            return {}
        return {
            meant.id: SelectorOverlap(
                kind="route",
                name=route.name,
                selector=route.selector.text,
                location=route.location,
                workloads=tuple(map(_selected, others)),
                unrequested=(),
            )
        }

    def _others(self, workload: Workload, selector: Selector) -> list[Workload]:
        if selector.unknown or not selector.requirements:
            return []
        selected = map(self.workloads.__getitem__, self.labelled.selected(selector))
        others = {
            (each.name, each.kind): each
            for each in selected
            if each.scanned and self._beside(workload, each) and not self._is_off(each)
        }
        return [others[key] for key in sorted(others)]

    def _beside(self, one: Workload, other: Workload) -> bool:
        """The same name twice is one workload, as copies and migrations to another kind have it.
        Where no namespace is written, only what is applied together is certain to share one."""
        if one.platform != other.platform or one.namespace != other.namespace:
            return False
        if one.name == other.name and (one.kind == other.kind or one.role == other.role):
            return False
        if one.location.rendered_by or other.location.rendered_by:
            return one.location.rendered_by == other.location.rendered_by
        builds = set(self.builds.of(one)), set(self.builds.of(other))
        if any(builds):
            return bool(builds[0] & builds[1])
        first, second = one.location, other.location
        if self.finder.told_apart(one, other):
            return False
        near = side_by_side(first, second) if one.namespace else False
        return near or folders(first.file) == folders(second.file)

    def _is_off(self, workload: Workload) -> bool:
        scaled = any(each.effective for each in self.autoscalers.get(workload.id, ()))
        return workload.replicas.value == 0 and not scaled


def _selected(workload: Workload) -> SelectedWorkload:
    return SelectedWorkload(workload.display_name, workload.location)


def _running(workload: Workload) -> Iterable[Container]:
    return (each for each in workload.containers if not each.init or each.sidecar)


def _lacks(workload: Workload, kind: str) -> bool:
    """Whether a container is certain to request nothing of a resource."""
    amounts = (
        each.cpu_request_cores if kind == "cpu" else each.memory_request_bytes
        for each in _running(workload)
    )
    return any(amount.value is None and not amount.written for amount in amounts)


def _ports(workload: Workload) -> set[int]:
    return {port.number for each in _running(workload) for port in each.ports if port.number}


def _same_program(one: Workload, other: Workload) -> bool:
    """Whether one may stand in for the other, a version of it: whatever is not a job and runs an
    image of the same repository by the same command, or one that is not known."""
    if other.role == "job":
        return False
    programs = [
        {
            (parse_image(each.image.value or "").repository, each.command.value)
            for each in _running(workload)
        }
        for workload in (one, other)
    ]
    return bool(programs[0] & programs[1]) or any("" in pair for pair in programs[1])
