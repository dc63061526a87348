"""Entries of YAML block mappings: whole lines that come and go."""

from __future__ import annotations

from lintscale.syntax.editing import values
from lintscale.syntax.editing.place import (
    Place,
    entry_range,
    insertion_point,
    is_in_place,
    own_entries,
    value_end,
)
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue, scalars
from lintscale.syntax.regex import regex

_COLON = regex(r"[ \t]*:")
_KEEPS_BLANK_LINES = regex(r"[|>][0-9]?\+")
_STEP = 2
"""Spaces by which a mapping is indented where no other shows how many the file takes."""


def insert(source: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """A line for the missing key, or several where mappings above it are missing too."""
    own = _entries(source, place.mapping)
    if not own or not all(_is_plain_key(source, entry) for entry in own):
        return None
    point = insertion_point(own, place.missing[0])
    assert point is not None  # noqa: S101 - there are entries
    indent = own[0].key.span.column - 1
    lines = _lines(source, place, value, own, indent)
    if lines is None:
        return None
    key_start = source.range(point.entry.key.span)[0]
    if point.before and not source.before_on_line(key_start).strip(" "):
        start = source.above_comments(source.line_start(key_start))
        newline = source.newline_at(start)
        return (Replacement(start, start, f"{newline.join(lines)}{newline}"),)
    end = value_end(source, point.entry)
    if end is None or _keeps_blank_lines(source, point.entry) or not source.rest_of_line(end):
        return None
    return (source.new_lines(end, lines),)


def remove(source: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Remove an entry with its lines and its comment, and tell whether it has a comment. None for
    the only entry."""
    entry, holder = place.entry, place.mapping
    assert entry is not None  # noqa: S101 - callers looked
    if len(holder.entries) < 2:
        return None
    extent = entry_range(source, entry)
    if entry.key.span.column != holder.span.column or place.hides_another(source):
        return None
    if extent is None or not _is_plain_key(source, entry):
        return None
    start, end = extent
    if source.before_on_line(start).strip(" "):
        following = _next(source, place, entry)
        between = source.text[end:following] if following is not None else "#"
        if between.strip() or following is None:
            return None
        return (Replacement(start, following, ""),), source.holds_comment(start, end)
    if not source.rest_of_line(end):
        return None
    start = source.own_comments(place.document, source.line_start(start))
    first, end = source.whole_lines(start, end)
    block = _block_before(source, place, start)
    if first < start and block:
        first = start  # the newline before is a part of that
    if _KEEPS_BLANK_LINES.match(block) and not source.text[end : source.line_end(end)].strip():
        return None  # it would take the blank line that follows for its own
    return (Replacement(first, end, ""),), source.holds_comment(first, end)


def nest(source: SourceText, place: Place, outer: str, key: str) -> Replacements | None:
    """Put an entry below a new key, on the next line and indented further."""
    entry, holder = place.entry, place.mapping
    assert entry is not None  # noqa: S101 - callers looked
    like = source.raw(entry.key)
    around, inner = (values.key(name, like, source.format) for name in (outer, key))
    if around is None or inner is None or not _is_plain_key(source, entry):
        return None
    indent = " " * (entry.key.span.column - 1 + _step(_entries(source, holder)))
    start, end = source.range(entry.key.span)
    text = f"{around}:{source.newline_at(start)}{indent}{inner}"
    return (Replacement(start, end, text),)


def _block_before(source: SourceText, place: Place, offset: int) -> str:
    """The block scalar that ends before an offset, blank lines aside; "" for none."""
    end = source.positions.at(len(source.text[:offset].rstrip()))
    ending = (node for node in scalars(place.document.root) if node.span[2:] == end)
    return next((raw for raw in map(source.raw, ending) if raw[:1] in ("|", ">")), "")


def _entries(source: SourceText, holder: Mapping) -> list[Entry]:
    """The mapping's own entries. Those of a mapping that is written in a merge are indented
    further."""
    own = own_entries(source, holder)
    return [entry for entry in own if entry.key.span.column == holder.span.column]


def _next(source: SourceText, place: Place, entry: Entry) -> int | None:
    """Where the next key of the mapping begins."""
    spans = (other.key.span for other in _entries(source, place.mapping))
    later = (span for span in spans if span > entry.key.span)
    following = min(later, default=None)
    return None if following is None else source.range(following)[0]


def _lines(
    source: SourceText, place: Place, value: ScalarValue, own: list[Entry], indent: int
) -> list[str] | None:
    like = source.raw(own[0].key)
    text = values.value(value, source.format)
    if text is None:
        return None
    lines = []
    step = _step(own)
    for depth, key in enumerate(place.missing):
        shown = values.key(key, like, source.format)
        if shown is None:
            return None
        lines.append(f"{' ' * (indent + depth * step)}{shown}:")
    lines[-1] += f" {text}"
    return lines


def _step(own: list[Entry]) -> int:
    for entry in own:
        below = entry.value
        if isinstance(below, Mapping) and not below.flow and is_in_place(entry) and below.entries:
            step = below.span.column - entry.key.span.column
            if step > 0:
                return step
    return _STEP


def _is_plain_key(source: SourceText, entry: Entry) -> bool:
    """Is the entry written as ``key: value``, without a question mark?"""
    start, end = source.range(entry.key.span)
    before = source.before_on_line(start)
    return _COLON.match(source.text, end) is not None and "?" not in before


def _keeps_blank_lines(source: SourceText, entry: Entry) -> bool:
    """Are the blank lines after the value a part of it?"""
    start, end = source.range(entry.key.span)[1], value_end(source, entry)
    return _KEEPS_BLANK_LINES.search(source.text, start, end or start) is not None
