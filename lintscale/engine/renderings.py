"""One finding for what several overlays render of the same manifest, and one for what the loop of
a template renders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from lintscale._record import replace
from lintscale.engine.finding import Finding, Related, Severity
from lintscale.model.location import Location
from lintscale.model.resolved import Project

_MOST_NAMED = 3
_MOST_OBJECTS = 10

_ASSUMED = {
    "defaults": "with the chart's default values",
    "part": "with those of the chart's values that are in the project",
}


def merge_renderings(findings: Sequence[Finding], project: Project) -> list[Finding]:
    """The findings, of those of one rule at one place of a manifest only the most severe, which
    names the overlays unless it is in all that include the manifest.

    Place and workload, and so the fingerprint, are the manifest's: they do not depend on the
    overlays.
    """
    result = []
    groups: dict[tuple[object, ...], dict[str, list[Finding]]] = {}
    for found in findings:
        finding = _with_value(found)
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


def _with_value(finding: Finding) -> Finding:
    """With the entry of a chart's values that the template's line takes its value from."""
    rendering = finding.location.rendering
    if rendering is None or rendering.set_at is None:
        return finding
    place = Related(rendering.set_at, "set here")
    return replace(finding, related=(*finding.related, place))


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
    known = [each for each in variants if not _assumed(each)]
    if not known:
        variants = [_with_assumption(each) for each in variants]
    chosen = min(known or variants, key=_weight)
    location = chosen.location
    rendered_by = {variant.location.rendered_by for variant in variants}
    everywhere = uses.get((location.file, location.document), set())
    if location.file in rendered_by or everywhere <= rendered_by:
        agreed = all(variant.fix == chosen.fix for variant in variants)
        return chosen if agreed else replace(chosen, fix=None)
    labels = {each.location.rendering.label for each in variants if each.location.rendering}
    # An edit of the manifest would change what the others render as well.
    return replace(chosen, message=f"{chosen.message} (in {_names(labels)})", fix=None)


def _assumed(finding: Finding) -> str:
    rendering = finding.location.rendering
    return rendering.assumed if rendering is not None else ""


def _with_assumption(finding: Finding) -> Finding:
    return with_assumption(finding, _assumed(finding))


def with_assumption(finding: Finding, assumed: str) -> Finding:
    """Whoever deploys the chart may set other values: nothing to fail a check for."""
    message = f"{finding.message} ({_ASSUMED[assumed]})"
    return replace(finding, severity=Severity.INFO, message=message)


def _weight(finding: Finding) -> tuple[object, ...]:
    """The most severe first, production before other environments."""
    in_production = finding.environment == "production"
    return (finding.severity.rank, not in_production, finding.location.rendered_by)


def _names(labels: AbstractSet[str | None], most: int = _MOST_NAMED) -> str:
    names = sorted(name for name in labels if name)
    more = len(names) - most
    if more > 0:
        return f"{', '.join(names[:most])} and {more} more"
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


# -- loops ----------------------------------------------------------------------------------------


def merge_objects(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, of those that say the same of several objects at one place, as the loop of a
    template makes them, only the first by the object's name, which names the others."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_kind(finding), []).append(finding)
    return [_first_of(group) for group in groups.values()]


def _kind(finding: Finding) -> tuple[object, ...]:
    """What is equal in findings that differ in their objects only."""
    location = finding.location
    place = (location.file, location.document, location.span, location.path)
    message = finding.message
    if finding.workload is None or finding.internal:
        return (id(finding),)
    if location.rendering is not None and not location.rendering.exact:
        message = _without_names(message, finding)
    return (finding.rule, finding.severity, *place, message)


def _without_names(message: str, finding: Finding) -> str:
    names = {(finding.workload or "").rpartition("/")[2], finding.service or ""} - {""}
    choice = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])(?:{choice})(?![\w-]|\.\w)", "\0", message) if choice else message


def _first_of(group: Sequence[Finding]) -> Finding:
    first = min(group, key=lambda each: (each.workload or "", each.message))
    names = {each.workload for each in group if each.workload}
    if len(names) <= 1:
        return first
    related = dict.fromkeys(related for each in group for related in each.related)
    first = replace(first, related=tuple(related))
    own = (first.workload or "").rpartition("/")[2]
    if own in first.message:
        also = _names(names - {first.workload}, _MOST_OBJECTS)
        return replace(first, message=f"{first.message} (also {also})")
    return replace(first, message=f"{first.message} (in {_names(names, _MOST_OBJECTS)})")
