"""Kustomizations and Helm charts as they are deployed: rendered by the tools that deploy them.

What is rendered is judged in place of the files that it was rendered from, each value at the
place in those files that wrote it. What cannot be rendered (no tool, no network, an error, the
time limit) is told with the command that would do it, and its files are judged as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lintscale.platforms.kubernetes import is_kustomization_name
from lintscale.project.rendering.outcome import NotRendered, Rendered

if TYPE_CHECKING:
    from lintscale.project.config import Settings
    from lintscale.project.reading import FileReading

__all__ = ["NotRendered", "Rendered", "render"]

CHART = "Chart.yaml"


def render(
    readings: Sequence[FileReading],
    settings: Settings,
    *,
    environment_of: Callable[[str], str | None],
    use_cache: bool = True,
    progress: Callable[[int, int], None] | None = None,
    contents: Mapping[str, bytes] | None = None,
) -> Rendered:
    """Render what there is among the scanned files. ``environment_of`` tells which
    environment the name of a values file says; ``contents`` are taken for what the files of these
    names hold. Nothing depends on the order of ``readings``."""
    if not any(
        is_kustomization_name(reading.name) or reading.name.rpartition("/")[2] == CHART
        for reading in readings
    ):
        return Rendered()
    from lintscale.project.rendering import run

    return run.render(
        readings,
        settings,
        environment_of=environment_of,
        use_cache=use_cache,
        progress=progress,
        contents=contents,
    )
