"""What is applied together with what."""

from __future__ import annotations

from lintscale.model import Autoscaler, Gathering
from lintscale.record import replace


def with_gatherings(autoscalers: list[Autoscaler], gatherings: list[Gathering]) -> list[Autoscaler]:
    """Each autoscaler with the outermost files that lead to it: what a person applies."""
    if not gatherings:
        return autoscalers
    tops = _Tops(gatherings)
    return [
        replace(scaler, gathered_by=tops.of_file(scaler.platform, scaler.location.file))
        for scaler in autoscalers
    ]


class _Tops:
    def __init__(self, gatherings: list[Gathering]) -> None:
        self.including: dict[tuple[str, str], list[Gathering]] = {}
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
