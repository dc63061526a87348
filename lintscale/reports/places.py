"""Where a finding stands, and the places that it speaks of besides: each with its code frame."""

from __future__ import annotations

from typing import NamedTuple

from lintscale._record import record
from lintscale.engine.finding import Finding
from lintscale.model.location import Location
from lintscale.reports.frame import Mark, frame, gutter_width
from lintscale.reports.ink import Row
from lintscale.reports.listings import Listings

_MOST = 8
"""Related places of one finding that are shown; more are counted."""


class Frame(NamedTuple):
    """A place and its code, in which stands what there is to say of it (``message``); no rows
    where there is no text to show."""

    location: Location
    rows: list[Row]
    message: str = ""


@record
class Places:
    """The finding's own frame, in which related places of the same file are marked too, then one
    for each place elsewhere. ``gutter`` is how many cells their line numbers have, ``left_off``
    how many places are not among them."""

    frames: list[Frame]
    gutter: int
    left_off: int = 0


def places(finding: Finding, listings: Listings, width: int) -> Places:
    """The frames of a finding, no wider than ``width`` cells."""
    here = finding.location.file
    listing = listings.of(here)
    marks = [Mark(finding.location.span, finding.severity.value, listings.absent(finding))]
    others: list[tuple[Location, Mark]] = []
    for related in finding.related[:_MOST]:
        mark = Mark(related.location.span, "related", related.message, primary=False)
        if listing is not None and related.location.file == here:
            marks.append(mark)
        else:
            others.append((related.location, mark))
    elsewhere = [(location, mark, listings.of(location.file)) for location, mark in others]
    gutter = max(
        gutter_width(listing, marks),
        *(gutter_width(other, [mark]) for _, mark, other in elsewhere),
        1,
    )
    own = list(frame(listing, marks, width, gutter)) if listing is not None else []
    frames = [Frame(finding.location, own)]
    for location, mark, other in elsewhere:
        rows = list(frame(other, [mark], width, gutter)) if other is not None else []
        frames.append(Frame(location, rows, mark.label))
    return Places(frames, gutter, max(len(finding.related) - _MOST, 0))
