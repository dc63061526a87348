"""How one object finds another: by kind, name and namespace, nearest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from lintscale.model import (
    Location,
    Reference,
    Workload,
)

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


def _nearness(location: Location | None, other: Location | None) -> tuple[bool, bool, int, int]:
    """How near two places are: what was rendered together before anything else, then the same
    file, then the deepest folder they share, then the shorter way down from it."""
    if location is None or other is None:
        return (False, False, 0, 0)
    beside = location.rendered_by == other.rendered_by
    if location.file == other.file:
        return (beside, True, 0, 0)
    one, two = location.file.split("/")[:-1], other.file.split("/")[:-1]
    shared = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        shared += 1
    return (beside, False, shared, -(len(one) + len(two)))


def together(here: Location | None, found: Sequence[T]) -> list[T]:
    """Of things from several overlays, those that are rendered with what stands ``here``; all of
    them when it stands alone."""
    by = here.rendered_by if here is not None else ""
    mine = [thing for thing in found if by and _rendered_by(thing) == by]
    return mine or list(found)


def _rendered_by(thing: object) -> str:
    location = getattr(thing, "location", None)
    return location.rendered_by if isinstance(location, Location) else ""


def nearest(here: Location | None, found: Sequence[T], identity: Callable[[T], object]) -> list[T]:
    """Of things that are defined more than once, the definitions nearest to ``here``."""
    groups: dict[object, list[T]] = {}
    for thing in found:
        groups.setdefault(identity(thing), []).append(thing)
    chosen: list[T] = []
    for group in groups.values():
        if len(group) == 1:
            chosen.extend(group)
            continue
        ranked = [(_nearness(here, getattr(thing, "location", None)), thing) for thing in group]
        best = max(rank for rank, _ in ranked)
        chosen.extend(thing for rank, thing in ranked if rank == best)
    return chosen


def workload_identity(workload: Workload) -> object:
    return (workload.platform, workload.kind, workload.name, workload.environment_hint)


def find(platform: str, reference: Reference, workloads: Sequence[Workload]) -> list[Workload]:
    """The workloads that a reference means. A name that is not to be known (a placeholder)
    means those that are named by the very same text."""
    name = reference.text if reference.name is None else reference.name
    if not name:
        return []
    found = [
        workload
        for workload in workloads
        if workload.platform == platform
        and workload.name == name
        and (not reference.kind or workload.kind == reference.kind)
        and compatible(workload.namespace, reference.namespace)
    ]
    exact = [workload for workload in found if workload.namespace == reference.namespace]
    return nearest(reference.location, exact or found, workload_identity)


def place(location: Location | None) -> tuple[str, tuple[int, ...]]:
    return (location.file, tuple(location.span)) if location else ("", ())
