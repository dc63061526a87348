"""What is applied together with what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lintscale._record import replace
from lintscale.model.declared import Autoscaler, KustomizeBuild, Workload

T = TypeVar("T", Autoscaler, Workload)


def with_gatherings(things: Sequence[T], gatherings: list[KustomizeBuild]) -> list[T]:
    """Each of them with the outermost files that lead to it: what a person applies. What an
    overlay was rendered into is that overlay's."""
    if not gatherings:
        return list(things)
    tops = _Tops(gatherings)
    return [
        replace(thing, gathered_by=tops.of_file(thing.platform, thing.location.file))
        if thing.location.rendering is None
        else thing
        for thing in things
    ]


class _Tops:
    def __init__(self, gatherings: list[KustomizeBuild]) -> None:
        self.including: dict[tuple[str, str], list[KustomizeBuild]] = {}
        for each in gatherings:
            for path in each.includes:
                self.including.setdefault((each.platform, path), []).append(each)

    def of_file(self, platform: str, file: str) -> tuple[str, ...]:
        """Found by going up, each gathering once, so that a circle ends."""
        found: set[str] = set()
        seen: set[str] = set()
        pending = list(self.including.get((platform, file), ()))
        while pending:
            here = pending.pop()
            if here.file in seen:
                continue
            seen.add(here.file)
            above = [
                each
                for path in (here.folder, here.file)
                for each in self.including.get((platform, path), ())
            ]
            if not above:
                found.add(here.file)
            pending.extend(above)
        return tuple(sorted(found))
