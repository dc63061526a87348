"""Counts that a deploy leaves as they are."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from lintscale.model.declared import CountLeftAlone, Workload
from lintscale.resolve.overlays import Builds


def is_left_alone(workload: Workload, counts: Sequence[CountLeftAlone], builds: Builds) -> bool:
    """Whether each of the ways in which the workload is deployed leaves its count alone."""
    fitting = [each for each in counts if _fits(workload, each)]
    if not fitting:
        return False
    rendering = workload.location.rendering
    ways: list[list[str]] = []
    if rendering is not None:
        # A template belongs to what is rendered of it; a manifest may be in other overlays too.
        own = [] if rendering.exact else [workload.location.file]
        ways = [[rendering.by, *own]]
    ways += [[layer.file for layer in layers] for layers in builds.overlays(workload).values()]
    return all(
        any(_is_below(file, each.folders) for each in fitting for file in way)
        for way in ways or [[workload.location.file]]
    )


def _fits(workload: Workload, count: CountLeftAlone) -> bool:
    namespace = workload.namespace or count.into
    return (
        workload.platform == count.platform
        and workload.kind in count.kinds
        and fnmatchcase(workload.name, count.name)
        and (fnmatchcase(namespace, count.namespace) or not namespace)
    )


def _is_below(file: str, folders: Sequence[str]) -> bool:
    return any(folder == "." or fnmatchcase(file, f"{folder}/*") for folder in folders)
