"""Which findings the reported files have, and where: a cause may be in another file than the place
of the finding."""

from __future__ import annotations

from collections.abc import Container

from lintscale._record import replace
from lintscale.engine.finding import Finding, Related
from lintscale.model.location import Location

OWN_PLACE = "the main location of the finding"
SOURCE_PLACE = "where the source says so"


def anchored(finding: Finding, files: Container[str]) -> Finding | None:
    """The finding where it is in one of these files: at its own place, else at the first of its
    related places in one of them. It names the other place. None where none is. Findings about
    rules that failed are in every file."""
    own, source = finding.location, finding.source
    if finding.internal or own.file in files:
        return replace(finding, message=_naming(finding, source)) if source else finding
    cause = next((each for each in finding.related if each.location.file in files), None)
    if cause is None:
        return None
    others = tuple(each for each in finding.related if each is not cause)
    return replace(
        finding,
        message=_naming(finding, own),
        location=cause.location,
        related=(Related(own, OWN_PLACE), *others),
        label=cause.message,
        origin=finding,
    )


def _naming(finding: Finding, place: Location) -> str:
    return f"{finding.message} (at {place.file}:{place.line})"
