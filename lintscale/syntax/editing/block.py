"""Entries of YAML block mappings: whole lines that come and go."""

from __future__ import annotations

from lintscale.syntax.editing import written
from lintscale.syntax.editing.place import (
    Place,
    entry_stretch,
    is_in_place,
    own_entries,
    value_end,
)
from lintscale.syntax.editing.siblings import spot
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue, scalars
from lintscale.syntax.regex import regex

_COLON = regex(r"[ \t]*:")
_KEEPS_BLANK_LINES = regex(r"[|>][0-9]?\+")
_STEP = 2
"""Spaces by which a mapping is indented where no other shows how many the file takes."""


def insert(sheet: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """A line for the missing key, or several where mappings above it are missing too."""
    assert isinstance(place.holder, Mapping)  # noqa: S101 - only keys are missing
    own = _entries(sheet, place.holder)
    if not own or not all(_is_plain_key(sheet, entry) for entry in own):
        return None
    beside = spot(own, place.missing[0])
    assert beside is not None  # noqa: S101 - there are entries
    indent = own[0].key.span.column - 1
    lines = _lines(sheet, place, value, own, indent)
    if lines is None:
        return None
    key_start = sheet.stretch(beside.entry.key.span)[0]
    if beside.before and not sheet.before_on_line(key_start).strip(" "):
        start = sheet.above_comments(sheet.line_start(key_start))
        newline = sheet.newline_at(start)
        return (Replacement(start, start, f"{newline.join(lines)}{newline}"),)
    end = value_end(sheet, beside.entry)
    if end is None or _keeps_blank_lines(sheet, beside.entry) or not sheet.rest_of_line(end):
        return None
    return (sheet.new_lines(end, lines),)


def remove(sheet: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Takes an entry out with its lines and the comment that is about it, which would otherwise
    read as one about the next; and tells whether there is one. None for the only entry, whose
    mapping would then be no mapping."""
    entry, holder = place.entry, place.holder
    assert entry is not None and isinstance(holder, Mapping)  # noqa: S101, PT018 - callers looked
    if len(holder.entries) < 2:
        return None
    stretch = entry_stretch(sheet, entry)
    if entry.key.span.column != holder.span.column or place.hides_another(sheet):
        return None
    if stretch is None or not _is_plain_key(sheet, entry):
        return None
    start, end = stretch
    if sheet.before_on_line(start).strip(" "):
        following = _next(sheet, place, entry)
        between = sheet.text[end:following] if following is not None else "#"
        if between.strip() or following is None:
            return None
        return (Replacement(start, following, ""),), sheet.holds_comment(start, end)
    if not sheet.rest_of_line(end):
        return None
    start = sheet.own_comments(place.document, sheet.line_start(start))
    first, end = sheet.whole_lines(start, end)
    block = _block_before(sheet, place, start)
    if first < start and block:
        first = start  # the newline before is a part of that
    if _KEEPS_BLANK_LINES.match(block) and not sheet.text[end : sheet.line_end(end)].strip():
        return None  # it would take the blank line that follows for its own
    return (Replacement(first, end, ""),), sheet.holds_comment(first, end)


def nest(sheet: SourceText, place: Place, outer: str, key: str) -> Replacements | None:
    """Puts an entry below a new key, a line further down and a step further in."""
    entry, holder = place.entry, place.holder
    assert entry is not None and isinstance(holder, Mapping)  # noqa: S101, PT018 - callers looked
    like = sheet.raw(entry.key)
    around, inner = (written.key(name, like, sheet.form) for name in (outer, key))
    if around is None or inner is None or not _is_plain_key(sheet, entry):
        return None
    indent = " " * (entry.key.span.column - 1 + _step(_entries(sheet, holder)))
    start, end = sheet.stretch(entry.key.span)
    text = f"{around}:{sheet.newline_at(start)}{indent}{inner}"
    return (Replacement(start, end, text),)


def _block_before(sheet: SourceText, place: Place, offset: int) -> str:
    """The block scalar that ends before an offset, with no more than blank lines between; "" where
    there is none."""
    end = sheet.positions.at(len(sheet.text[:offset].rstrip()))
    ending = (node for node in scalars(place.document.root) if node.span[2:] == end)
    return next((raw for raw in map(sheet.raw, ending) if raw[:1] in ("|", ">")), "")


def _entries(sheet: SourceText, holder: Mapping) -> list[Entry]:
    """The mapping's own entries. Those of a mapping that is merged in where it is written stand
    further in."""
    own = own_entries(sheet, holder)
    return [entry for entry in own if entry.key.span.column == holder.span.column]


def _next(sheet: SourceText, place: Place, entry: Entry) -> int | None:
    """Where the next key of the mapping begins."""
    assert isinstance(place.holder, Mapping)  # noqa: S101 - it has entries
    later = (
        other.key.span for other in _entries(sheet, place.holder) if other.key.span > entry.key.span
    )
    following = min(later, default=None)
    return None if following is None else sheet.stretch(following)[0]


def _lines(
    sheet: SourceText, place: Place, value: ScalarValue, own: list[Entry], indent: int
) -> list[str] | None:
    like = sheet.raw(own[0].key)
    text = written.value(value, sheet.form)
    if text is None:
        return None
    lines = []
    step = _step(own)
    for depth, key in enumerate(place.missing):
        shown = written.key(key, like, sheet.form)
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


def _is_plain_key(sheet: SourceText, entry: Entry) -> bool:
    """Does the key stand as in ``key: value``, and not behind a question mark?"""
    start, end = sheet.stretch(entry.key.span)
    before = sheet.before_on_line(start)
    return _COLON.match(sheet.text, end) is not None and "?" not in before


def _keeps_blank_lines(sheet: SourceText, entry: Entry) -> bool:
    """Are the blank lines after the value a part of it?"""
    start, end = sheet.stretch(entry.key.span)[1], value_end(sheet, entry)
    return _KEEPS_BLANK_LINES.search(sheet.text, start, end or start) is not None
