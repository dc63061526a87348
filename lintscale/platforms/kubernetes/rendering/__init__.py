"""Kustomizations and Helm charts as they are deployed: rendered by the tools that deploy them.

What is rendered is judged in place of the files that it was rendered from, each value at the
place in those files that wrote it. What cannot be rendered (no tool, no network, an error, the
time limit) is reported with the command that would do it, and its files are judged as they are.
"""

from __future__ import annotations

from lintscale.platforms.base import Rendered, RenderingRequest
from lintscale.platforms.kubernetes.rendering.charts import find_charts, releases
from lintscale.platforms.kubernetes.rendering.library import Library
from lintscale.platforms.kubernetes.rendering.objects import add, covered
from lintscale.platforms.kubernetes.rendering.overlays import find_overlays
from lintscale.platforms.kubernetes.rendering.plan import Plan, Subject

__all__ = ["render"]


def render(request: RenderingRequest) -> Rendered:
    """Render what there is among the scanned files. Nothing depends on their order."""
    library = Library(request)
    subjects: list[Subject] = [each for each in find_overlays(library) if not each.changes_nothing]
    for chart in find_charts(library):
        if not chart.library:
            configured = request.settings.get("helm", ())
            subjects += releases(chart, library, configured, request.environment_of)
    result = Rendered()
    if not request.enabled:
        result.unrendered = {name for each in subjects for name in covered(each, library)}
        return result
    if not subjects:
        return result
    plan = Plan(library, seconds=request.time_limit_seconds, cache_folder=request.cache_folder)
    outcomes = plan.outcomes(subjects, request.progress)
    for subject, outcome in zip(subjects, outcomes, strict=True):
        if outcome.text is None:
            result.not_rendered.append(plan.explained(subject, outcome.reason))
            result.unrendered |= covered(subject, library)
        else:
            add(subject, outcome.text, library, request.check, result)
    result.sources = {
        name: source for name, source in library.extra.items() if name in result.places
    }
    return result
