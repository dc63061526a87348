"""How one object finds another: by kind, name and namespace, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from lintscale.model.declared import Reference, Selector, Workload
from lintscale.model.location import Location

T = TypeVar("T")


def order(thing: object) -> tuple[object, ...]:
    location: Location = thing.location  # type: ignore[attr-defined]
    extra = getattr(thing, "environment_hint", "")
    rendering = location.rendering
    rendered = (rendering.by, rendering.object) if rendering is not None else ("", "")
    path = str(location.path)
    return (location.file, location.span, location.document, path, str(extra), rendered)


def compatible(one: str, other: str) -> bool:
    return one == other or not one or not other


def shared_length(one: Sequence[str], other: Sequence[str]) -> int:
    """How many folders two paths have in common from the root."""
    parts = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(parts) if a != b), min(len(one), len(other)))


def _nearness(location: Location | None, other: Location | None) -> tuple[bool, bool, int, int]:
    """How near two places are: what was rendered together before anything else, then the same
    file, then the deepest folder they share, then the shorter way down from it."""
    if location is None or other is None:
        return (False, False, 0, 0)
    same_overlay = location.rendered_by == other.rendered_by
    if location.file == other.file:
        return (same_overlay, True, 0, 0)
    one, two = _folders(location.file), _folders(other.file)
    return (same_overlay, False, shared_length(one, two), -(len(one) + len(two)))


@lru_cache(maxsize=4096)
def _folders(file: str) -> tuple[str, ...]:
    return tuple(file.split("/")[:-1])


def of_same_overlay(origin: Location | None, found: Sequence[T]) -> list[T]:
    """Of things from several overlays, those that are rendered with what stands at ``origin``; all
    of them when it stands alone."""
    by = origin.rendered_by if origin is not None else ""
    same = [thing for thing in found if by and _rendered_by(thing) == by]
    return same or list(found)


def _rendered_by(thing: object) -> str:
    location = getattr(thing, "location", None)
    return location.rendered_by if isinstance(location, Location) else ""


def nearest(
    origin: Location | None, found: Sequence[T], identity: Callable[[T], object]
) -> list[T]:
    """Of things that are defined more than once, the definitions nearest to ``origin``."""
    groups: dict[object, list[T]] = {}
    for thing in found:
        groups.setdefault(identity(thing), []).append(thing)
    chosen: list[T] = []
    for group in groups.values():
        if len(group) == 1:
            chosen.extend(group)
            continue
        ranked = [(_nearness(origin, getattr(thing, "location", None)), thing) for thing in group]
        best = max(rank for rank, _ in ranked)
        chosen.extend(thing for rank, thing in ranked if rank == best)
    return chosen


def workload_identity(workload: Workload) -> object:
    return (workload.platform, workload.kind, workload.name, workload.environment_hint)


class ByLabels:
    """Workloads by the labels of their instances, so that a selector need not look at them all."""

    def __init__(self, workloads: Sequence[Workload]) -> None:
        self.workloads = workloads
        self._with: dict[tuple[str, str], list[int]] = {}
        for number, workload in enumerate(workloads):
            for label in workload.labels.items():
                self._with.setdefault(label, []).append(number)

    def selected(self, selector: Selector) -> list[int]:
        """The numbers of those that it selects, in order, of whatever platform and namespace."""
        candidates = self._candidates(selector)
        return [n for n in candidates if selector.matches(self.workloads[n].labels)]

    def _candidates(self, selector: Selector) -> Iterable[int]:
        """Some that are certain to hold all that it selects."""
        fewest: Iterable[int] = range(len(self.workloads))
        size = len(self.workloads)
        for requirement in selector.requirements:
            if requirement.operator != "In":
                continue
            found = [self._with.get((requirement.key, value), []) for value in requirement.values]
            if sum(map(len, found)) < size:
                fewest = sorted({number for numbers in found for number in numbers})
                size = len(fewest)
        return fewest


class ByName:
    """Workloads by platform and name, for the references to them."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self._named: dict[tuple[str, str], list[Workload]] = {}
        for workload in workloads:
            self._named.setdefault((workload.platform, workload.name), []).append(workload)

    def find(self, platform: str, reference: Reference) -> list[Workload]:
        """The workloads that a reference means. A name that is not to be known (a placeholder)
        means those that are named by the very same text."""
        name = reference.text if reference.name is None else reference.name
        if not name:
            return []
        found = [
            workload
            for workload in self._named.get((platform, name), ())
            if (not reference.kind or workload.kind == reference.kind)
            and compatible(workload.namespace, reference.namespace)
        ]
        exact = [workload for workload in found if workload.namespace == reference.namespace]
        return nearest(reference.location, exact or found, workload_identity)


def place_of(location: Location | None) -> tuple[str, tuple[int, ...]]:
    return (location.file, tuple(location.span)) if location else ("", ())
