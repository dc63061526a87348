"""Kustomizations and Helm charts as they are deployed: rendered by the tools that deploy them.

What is rendered is judged in place of the files that it was rendered from, each value at the
place in those files that wrote it. What cannot be rendered (no tool, no network, an error, the
time limit) is reported with the command that would do it, and its files are judged as they are.
"""

from __future__ import annotations

from lintscale.platforms.base import NotRendered, Rendered, RenderingRequest
from lintscale.platforms.kubernetes.rendering.charts import find_charts
from lintscale.platforms.kubernetes.rendering.deployers import find_deployments
from lintscale.platforms.kubernetes.rendering.library import Library
from lintscale.platforms.kubernetes.rendering.objects import add, covered
from lintscale.platforms.kubernetes.rendering.overlays import find_overlays
from lintscale.platforms.kubernetes.rendering.plan import Plan, Subject
from lintscale.platforms.kubernetes.rendering.releases import releases, unread

__all__ = ["render"]


def render(request: RenderingRequest) -> Rendered:
    """Render what there is among the scanned files. Nothing depends on their order."""
    library = Library(request)
    subjects: list[Subject] = [each for each in find_overlays(library) if not each.changes_nothing]
    configured = request.settings.get("helm", ())
    found, elsewhere = releases(
        find_charts(library),
        library,
        configured,
        request.environment_of,
        find_deployments(library),
    )
    subjects += found
    result = Rendered(not_rendered=list(unread(elsewhere)))
    if not request.enabled:
        result.unrendered = {name for each in subjects for name in covered(each, library)}
        for each in found:
            reason = f"not rendered: {each.refusal or 'rendering is disabled'}"
            result.not_rendered.append(NotRendered(each.file, *each.explained(reason)))
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
