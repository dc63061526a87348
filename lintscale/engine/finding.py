"""Findings, with their related places and fixes, and which of their places is reported."""

from __future__ import annotations

import enum
from collections.abc import Container

from lintscale._record import record, replace
from lintscale.model.location import Location, PathKey


class Severity(enum.StrEnum):
    """In descending order."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for an error, the most severe."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@record
class Related:
    """Another place that a finding is about, with a message for it."""

    location: Location
    message: str


@record
class Edit:
    """Replace the text from ``start`` to ``end`` (line and column from 1, end exclusive)."""

    file: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


@record
class Fix:
    """``safety`` is "safe" or "unsafe" (may change what the service does). ``touched`` are the
    places (file, document, key path) whose values change; a change of any other is an error of the
    fix. ``note`` is shown when the fix is applied."""

    safety: str
    description: str
    edits: tuple[Edit, ...]
    touched: tuple[tuple[str, int, tuple[PathKey, ...]], ...] = ()
    note: str = ""


@record
class Finding:
    """One violation. ``help`` says what to write instead; ``why`` is the rule's reason in one
    sentence. ``fingerprint`` identifies the finding by rule, file, key path and workload, whatever
    its line; ``subject`` by the same without the file."""

    rule: str
    category: str
    severity: Severity
    message: str
    location: Location
    platform: str | None = None
    service: str | None = None
    workload: str | None = None
    environment: str | None = None
    help: str = ""
    why: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    source: Location | None = None
    """Its place in the source of an application, where ``location`` is in the config."""
    label: str = ""
    """What its location says where that is a related place; for code frames."""
    origin: Finding | None = None
    """The finding at its own place, and without the name of another in its message, where the
    report has one."""
    fingerprint: str = ""
    subject: str = ""
    workload_id: str = ""
    """The id, within this run, of the workload that it is about; "" for none."""
    internal: bool = False
    """True for a finding about a rule that failed, not about the project."""


OWN_PLACE = "the main location of the finding"
SOURCE_PLACE = "where the source says so"


def anchored(finding: Finding, files: Container[str]) -> Finding | None:
    """The finding where it is in one of these files: at its own place, else at the first of its
    related places in one of them, without its fix, which edits the file of its own place. It names
    the other place. None where none is. Findings about rules that failed are in every file."""
    own, source = finding.location, finding.source
    if finding.internal or own.file in files:
        if source is None:
            return finding
        return replace(finding, message=_naming(finding, source), origin=finding)
    cause = next((each for each in finding.related if each.location.file in files), None)
    if cause is None:
        return None
    others = tuple(each for each in finding.related if each is not cause)
    return replace(
        finding,
        message=_naming(finding, own),
        location=cause.location,
        related=(Related(own, OWN_PLACE), *others),
        fix=None,
        label=cause.message,
        origin=finding,
    )


def _naming(finding: Finding, place: Location) -> str:
    return f"{finding.message} (at {place.file}:{place.line})"
