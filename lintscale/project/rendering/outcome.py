"""What rendering comes to."""

from __future__ import annotations

from lintscale._record import field, record
from lintscale.model.declared import Fragments
from lintscale.model.location import Span
from lintscale.syntax import Problem, SourceFile


@record
class NotRendered:
    """``file`` stands for what was not rendered; ``command`` would render and check it."""

    file: str
    reason: str
    command: str


@record(frozen=False)
class Rendered:
    """``fragments`` are what the rendered objects say, at the places of their sources.

    ``covered`` are the files that are judged through them and no longer alone; ``sources`` are
    those of them that no platform recognises by themselves and that values stand in all the same
    (templates, JSON patches). ``problems`` are what rendered objects break of their schemas, by
    file, where that file is not checked by itself. ``left_out`` is why objects were not judged,
    by file. ``unrendered`` are files that are judged as they are written, or not at all, although
    an overlay or a chart makes something else of them, which was not rendered.

    ``places`` are all files that values stand in; ``suppressions`` tell those apart that objects
    carry, by file, place and text.
    """

    fragments: list[Fragments] = field(default_factory=list)
    covered: set[str] = field(default_factory=set)
    sources: dict[str, SourceFile] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    not_rendered: list[NotRendered] = field(default_factory=list)
    unrendered: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    suppressions: set[tuple[str, Span, str]] = field(default_factory=set)
