"""What a rule says about a place."""

from __future__ import annotations

import enum

from lintscale._record import record
from lintscale.model.location import Location, PathKey


class Severity(enum.StrEnum):
    """In falling order of weight."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the heaviest."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@record
class Related:
    """Another place that a finding speaks of, and what stands there."""

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
    places (file, document, key path) at which the files then say something else; whatever else
    would change is a mistake of the fix. ``note``: what to know when it is applied."""

    safety: str
    description: str
    edits: tuple[Edit, ...]
    touched: tuple[tuple[str, int, tuple[PathKey, ...]], ...] = ()
    note: str = ""


@record
class Finding:
    """One violation. ``help`` tells in a sentence or two what to write instead; ``why`` is the
    rule's reason in one sentence. ``fingerprint`` survives line shifts: it is made of rule,
    file, key path and workload; ``subject`` of the same but for the file."""

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
    fingerprint: str = ""
    subject: str = ""
    workload_id: str = ""
    """Of the workload that it is about, within this run; "" where it is about none."""
    internal: bool = False
    """True for a finding about lintscale's own rule (it crashed), not about the project."""
