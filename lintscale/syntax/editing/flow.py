"""Entries between braces: JSON, YAML's flow mappings, TOML's inline tables."""

from __future__ import annotations

from lintscale.syntax.editing import values
from lintscale.syntax.editing.place import (
    InsertionPoint,
    Place,
    entry_range,
    first_of_its_kind,
    insertion_point,
    own_entries,
    value_end,
)
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue
from lintscale.syntax.regex import regex

_BETWEEN = regex(r"\s*:\s*|[ \t]*=[ \t]*")
_GAP = regex(r"\s*,([ \t]*)")
_SPACES = regex(r"[ \t]*")
_STEP = 2
"""Spaces by which an object is indented where no other shows how many the file takes."""


def insert(source: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """The missing key next to the others, on a line of its own if they are."""
    own = own_entries(source, place.mapping)
    if not own:
        return _into_nothing(source, place, value)
    if source.format == "yaml" and "<<" in source.raw(place.holder):
        return None  # an entry may be one of what is merged in
    point = insertion_point(own, place.missing[0])
    assert point is not None  # noqa: S101 - there are entries
    on_lines = _on_its_lines(source, point.entry)
    step = _step(source, place.mapping, own) if on_lines else ""
    text = _entry(source, place, value, point.entry, step)
    if text is None:
        return None
    if on_lines:
        return _as_lines(source, own, point, text)
    start, end = source.range(point.entry.key.span)[0], value_end(source, point.entry)
    gap = _gap(source, own)
    if point.before:
        return (Replacement(start, start, f"{text},{gap}"),)
    return None if end is None else (Replacement(end, end, f",{gap}{text}"),)


def remove(source: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Remove an entry with its comma and its comment, and tell whether it has a comment. None for
    the only entry."""
    assert place.entry is not None  # noqa: S101 - callers looked
    own = own_entries(source, place.mapping)
    extent = entry_range(source, place.entry)
    if len(own) < 2 or extent is None or place.hides_another(source):
        return None
    start, end = extent
    number = own.index(place.entry)
    before = value_end(source, own[number - 1]) if number else None
    after = source.range(own[number + 1].key.span)[0] if number + 1 < len(own) else None
    comma = source.comma_after(end)
    if _on_its_lines(source, place.entry):
        start = source.own_comments(place.document, source.line_start(start))
        first, last = source.whole_lines(start, end if comma is None else comma + 1)
        taken: Replacements = (Replacement(first, last, ""),)
        if comma is None:
            needless = source.comma_after(before) if before is not None else None
            if needless is None or not source.is_blank(needless + 1, start):
                return None
            taken = (Replacement(needless, needless + 1, ""), *taken)
        return taken, source.holds_comment(first, last)
    rest = source.rest_of_line(end if comma is None else comma + 1)
    if rest is not None and rest[1]:
        return None  # the comment may be about it, and would stand behind another
    if before is not None and _GAP.fullmatch(source.text, before, start):
        return (Replacement(before, end, ""),), source.holds_comment(start, end)
    if after is not None and _GAP.fullmatch(source.text, end, after):
        return (Replacement(start, after, ""),), source.holds_comment(start, end)
    return None


def nest(source: SourceText, place: Place, outer: str, key: str) -> Replacements | None:
    """Enclose an entry in the braces of a new one."""
    entry = place.entry
    assert entry is not None  # noqa: S101 - callers looked
    like = source.raw(entry.key)
    around, inner = (values.key(name, like, source.format) for name in (outer, key))
    end = value_end(source, entry)
    if around is None or inner is None or end is None:
        return None
    text = f"{around}{_colon(source, entry)}{{{inner}"
    return Replacement(*source.range(entry.key.span), text), Replacement(end, end, "}")


def _as_lines(
    source: SourceText, own: list[Entry], point: InsertionPoint, text: str
) -> Replacements | None:
    """The new entry on a line of its own, before or after an entry that has its own. The last
    entry has no comma after it: before it, a new one changes no other line."""
    entry = point.entry
    end = value_end(source, entry)
    comma = source.comma_after(end) if end is not None else None
    if not point.before and comma is not None:
        start = source.next_line(comma)
    else:
        first = entry if point.before else first_of_its_kind(own, entry)
        entry = first if _on_its_lines(source, first) else entry
        start = source.above_comments(source.line_start(source.range(entry.key.span)[0]))
    indent = source.before_on_line(source.range(entry.key.span)[0])
    return (Replacement(start, start, f"{indent}{text},{source.newline_at(start)}"),)


def _on_its_lines(source: SourceText, entry: Entry) -> bool:
    """Do the entry's lines hold nothing else but its comma and a comment?"""
    extent = entry_range(source, entry)
    if extent is None or source.before_on_line(extent[0]).strip():
        return False
    end = extent[1]
    comma = source.comma_after(end)
    if comma is not None:
        if comma > source.line_end(end):
            return False  # commas at the beginnings of lines
        end = comma + 1
    return source.rest_of_line(end) is not None


def _into_nothing(source: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    start, end = source.range(place.holder.span)
    text = _entry(source, place, value, None, "")
    if text is None or source.text[start + 1 : end - 1].strip(" "):
        return None
    space = " " if source.format == "toml" else ""
    return (Replacement(start + 1, end - 1, f"{space}{text}{space}"),)


def _entry(
    source: SourceText, place: Place, value: ScalarValue, like: Entry | None, step: str
) -> str | None:
    """``key: value`` formatted as the entry ``like``. Missing mappings are written around it, on
    lines of their own if there is an indentation ``step``."""
    raw_key = source.raw(like.key) if like is not None else ""
    last = values.key(place.missing[-1], raw_key, source.format)
    text = values.value(value, source.format, last or "")
    colon = _colon(source, like)
    indent = ""
    if like is not None and step:
        indent = source.before_on_line(source.range(like.key.span)[0])
    for depth, key in reversed(list(enumerate(place.missing))):
        shown = values.key(key, raw_key, source.format)
        if text is None or shown is None:
            return None
        text = f"{shown}{colon}{text}"
        if depth and step:
            outer, inner = indent + step * (depth - 1), indent + step * depth
            text = f"{{{source.newline}{inner}{text}{source.newline}{outer}}}"
        elif depth:
            text = f"{{{text}}}"
    return text


def _colon(source: SourceText, like: Entry | None) -> str:
    """The separator between a key and its value."""
    usual = " = " if source.format == "toml" else ": "
    if like is None:
        return usual
    start, end = source.range(like.key.span)[1], source.range(like.value.span)[0]
    found = _BETWEEN.fullmatch(source.text, start, end) if start <= end else None
    return found[0] if found and "\n" not in found[0] and "\r" not in found[0] else usual


def _gap(source: SourceText, own: list[Entry]) -> str:
    """The blanks after the commas between entries on one line."""
    if len(own) > 1:
        end = value_end(source, own[0])
        found = _GAP.match(source.text, end) if end is not None else None
        return found[1] if found else " "
    return "" if _colon(source, own[0]) == ":" else " "


def _step(source: SourceText, holder: Mapping, own: list[Entry]) -> str:
    """The indentation of an object's entries relative to the object."""
    inner = source.before_on_line(source.range(own[0].key.span)[0])
    opening = source.before_on_line(source.range(holder.span)[0])
    found = _SPACES.match(opening)
    outer = found[0] if found else ""
    if inner.startswith(outer) and len(inner) > len(outer) and not inner.strip():
        return inner[len(outer) :]
    return " " * _STEP
