"""One finding for what several overlays render of the same manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lintscale._record import replace
from lintscale.engine.finding import Finding
from lintscale.model.location import Location
from lintscale.model.resolved import Project

_MOST_NAMED = 3


def merge_renderings(findings: Sequence[Finding], project: Project) -> list[Finding]:
    """The findings, of those of one rule at one place of a manifest only the most severe, which
    names the overlays unless it is in all that include the manifest.

    Place and workload, and so the fingerprint, are the manifest's: they do not depend on the
    overlays.
    """
    result = []
    groups: dict[tuple[object, ...], dict[str, list[Finding]]] = {}
    for finding in findings:
        location = finding.location
        if location.rendering is None:
            result.append(finding)
            continue
        key = (finding.rule, location.file, location.span, location.path, finding.workload)
        groups.setdefault(key, {}).setdefault(location.rendering.by, []).append(finding)
    uses = _uses(project)
    for by_rendering in groups.values():
        result += [_merged(variants, uses) for variants in _variants(by_rendering)]
    return result


def _variants(by_rendering: dict[str, list[Finding]]) -> Iterable[list[Finding]]:
    """The groups to merge: all findings, or those of the same message where an overlay has several
    findings at the place."""
    if all(len(found) == 1 for found in by_rendering.values()):
        return [[found[0] for found in by_rendering.values()]]
    by_message: dict[str, list[Finding]] = {}
    for found in by_rendering.values():
        for finding in found:
            by_message.setdefault(finding.message, []).append(finding)
    return by_message.values()


def _merged(variants: Sequence[Finding], uses: dict[tuple[str, int], set[str]]) -> Finding:
    chosen = min(variants, key=_weight)
    location = chosen.location
    rendered_by = {variant.location.rendered_by for variant in variants}
    everywhere = uses.get((location.file, location.document), set())
    if location.file in rendered_by or everywhere <= rendered_by:
        agreed = all(variant.fix == chosen.fix for variant in variants)
        return chosen if agreed else replace(chosen, fix=None)
    labels = {each.location.rendering.label for each in variants if each.location.rendering}
    # An edit of the manifest would change what the others render as well.
    return replace(chosen, message=f"{chosen.message} (in {_names(labels)})", fix=None)


def _weight(finding: Finding) -> tuple[object, ...]:
    """The most severe first, production before other environments."""
    in_production = finding.environment == "production"
    return (finding.severity.rank, not in_production, finding.location.rendered_by)


def _names(labels: set[str]) -> str:
    names = sorted(labels)
    more = len(names) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(names[:_MOST_NAMED])} and {more} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _uses(project: Project) -> dict[tuple[str, int], set[str]]:
    """The overlays that render each document."""
    located: list[Location] = [
        *(thing.location for thing in project.workloads),
        *(thing.location for thing in project.autoscalers),
        *(thing.location for thing in project.disruption_budgets),
    ]
    found: dict[tuple[str, int], set[str]] = {}
    for location in located:
        if location.rendering is not None:
            key = (location.file, location.document)
            found.setdefault(key, set()).add(location.rendering.by)
    return found
