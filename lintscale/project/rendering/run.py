"""All that is to be rendered, rendered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lintscale.project.config import Settings
from lintscale.project.reading import FileReading
from lintscale.project.rendering.charts import charts, releases
from lintscale.project.rendering.library import Library
from lintscale.project.rendering.objects import add, covered
from lintscale.project.rendering.outcome import Rendered
from lintscale.project.rendering.overlays import overlays
from lintscale.project.rendering.plan import Plan, Progress, Subject


def render(
    readings: Sequence[FileReading],
    settings: Settings,
    *,
    environment_of: Callable[[str], str | None],
    use_cache: bool,
    progress: Progress | None,
    contents: Mapping[str, bytes] | None,
) -> Rendered:
    """See :func:`lintscale.project.rendering.render`."""
    library = Library(settings.root, readings, contents)
    subjects: list[Subject] = [each for each in overlays(library) if not each.changes_nothing]
    for chart in charts(library):
        if not chart.library:
            subjects += releases(chart, library, settings.helm, environment_of)
    result = Rendered()
    if not settings.rendering.enabled:
        result.unrendered = {name for each in subjects for name in covered(each, library)}
        return result
    if not subjects:
        return result
    seconds = settings.rendering.time_limit_seconds
    plan = Plan(library, seconds=seconds, use_cache=use_cache)
    outcomes = plan.outcomes(subjects, progress)
    for subject, outcome in zip(subjects, outcomes, strict=True):
        if outcome.text is None:
            result.not_rendered.append(plan.explained(subject, outcome.reason))
            result.unrendered |= covered(subject, library)
        else:
            add(subject, outcome.text, library, settings.versions, result)
    result.sources = {
        name: source for name, source in library.extra.items() if name in result.places
    }
    return result
