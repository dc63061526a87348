"""How one object finds another: by kind, name and namespace, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from lintscale.model.declared import Reference, Selector, Workload
from lintscale.model.location import Location

if TYPE_CHECKING:

    class _Placed(Protocol):
        @property
        def location(self) -> Location: ...


T = TypeVar("T")
K = TypeVar("K")
P = TypeVar("P", bound="_Placed")


def grouped(things: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The things by a key, in their order."""
    groups: dict[K, list[T]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups


def order(thing: _Placed) -> tuple[object, ...]:
    location = thing.location
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


def _nearness(location: Location, other: Location) -> tuple[bool, bool, int, int]:
    """How near two places are: what was rendered together before anything else, then the same
    file, then the deepest folder they share, then the shorter way down from it."""
    same_overlay = location.rendered_by == other.rendered_by
    if location.file == other.file:
        return (same_overlay, True, 0, 0)
    one, two = folders(location.file), folders(other.file)
    return (same_overlay, False, shared_length(one, two), -(len(one) + len(two)))


@lru_cache(maxsize=4096)
def folders(file: str) -> tuple[str, ...]:
    return tuple(file.split("/")[:-1])


def of_same_overlay(origin: Location, found: Sequence[P]) -> list[P]:
    """Of things from several overlays, those that are rendered with what stands at ``origin``; all
    of them when it stands alone."""
    overlay = origin.rendered_by
    same = [thing for thing in found if overlay and thing.location.rendered_by == overlay]
    return same or list(found)


def nearest(
    origin: Location | None, found: Sequence[P], identity: Callable[[P], object]
) -> list[P]:
    """Of things that are defined more than once, the definitions nearest to ``origin``."""
    if origin is None:
        return list(found)
    chosen: list[P] = []
    for group in grouped(found, identity).values():
        ranks = [_nearness(origin, thing.location) for thing in group]
        best = max(ranks)
        chosen += [thing for rank, thing in zip(ranks, group, strict=True) if rank == best]
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
        self._named = grouped(workloads, lambda workload: (workload.platform, workload.name))

    def find(self, platform: str, reference: Reference) -> list[Workload]:
        """The workloads that a reference means."""
        return self.nearest(reference, self.named(platform, reference))

    def named(self, platform: str, reference: Reference) -> list[Workload]:
        """Those that a reference may mean. A name that is not to be known (a placeholder) means
        those that are named by the very same text."""
        name = reference.text if reference.name is None else reference.name
        if not name:
            return []
        return [
            workload
            for workload in self._named.get((platform, name), ())
            if (not reference.kind or workload.kind == reference.kind)
            and compatible(workload.namespace, reference.namespace)
        ]

    def nearest(self, reference: Reference, found: Sequence[Workload]) -> list[Workload]:
        """Those of ``found`` that it does mean: whole ones before parts of one, its own namespace
        before one that is not written, then what is near."""
        found = [workload for workload in found if workload.scanned] or found
        exact = [workload for workload in found if workload.namespace == reference.namespace]
        return nearest(reference.location, exact or found, workload_identity)


def place_of(location: Location | None) -> tuple[str, tuple[int, ...]]:
    return (location.file, tuple(location.span)) if location else ("", ())


_ALTERNATIVES = frozenset(
    {
        "cluster", "clusters", "component", "components", "env", "environment", "environments",
        "envs", "example", "examples", "overlay", "overlays", "region", "regions", "sample",
        "samples", "site", "sites", "stage", "stages", "tenant", "tenants", "variant", "variants",
    }
)  # fmt: skip
"""Names of folders of whose subfolders each is for another place or purpose."""


def side_by_side(one: Location, other: Location) -> bool:
    """Whether both files are meant to be applied, where nothing says so: not those in different
    folders of one that keeps a folder for each place or purpose."""
    first = folders(one.file)
    second = folders(other.file)
    shared = shared_length(first, second)
    apart = shared < min(len(first), len(second))
    return not (apart and shared and first[shared - 1].lower() in _ALTERNATIVES)
