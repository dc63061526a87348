"""Entries between braces: JSON, YAML's flow mappings, TOML's inline tables."""

from __future__ import annotations

from lintscale.syntax.editing import written
from lintscale.syntax.editing.place import Place, entry_stretch, own_entries, value_end
from lintscale.syntax.editing.siblings import InsertionPoint, first_of_its_kind, spot
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue
from lintscale.syntax.regex import regex

_BETWEEN = regex(r"\s*:\s*|[ \t]*=[ \t]*")
_GAP = regex(r"\s*,([ \t]*)")
_SPACES = regex(r"[ \t]*")
_STEP = 2
"""Spaces by which an object is indented where no other shows how many the file takes."""


def insert(sheet: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """The missing key beside the others, on a line of its own where they stand so."""
    assert isinstance(place.holder, Mapping)  # noqa: S101 - only keys are missing
    own = own_entries(sheet, place.holder)
    if not own:
        return _into_nothing(sheet, place, value)
    if sheet.form == "yaml" and "<<" in sheet.raw(place.holder):
        return None  # an entry may be one of what is merged in
    beside = spot(own, place.missing[0])
    assert beside is not None  # noqa: S101 - there are entries
    on_lines = _on_its_lines(sheet, beside.entry)
    step = _step(sheet, place.holder, own) if on_lines else ""
    text = _entry(sheet, place, value, beside.entry, step)
    if text is None:
        return None
    if on_lines:
        return _as_lines(sheet, own, beside, text)
    start, end = sheet.stretch(beside.entry.key.span)[0], value_end(sheet, beside.entry)
    gap = _gap(sheet, own)
    if beside.before:
        return (Replacement(start, start, f"{text},{gap}"),)
    return None if end is None else (Replacement(end, end, f",{gap}{text}"),)


def remove(sheet: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Takes an entry out with the comma that is then one too many and the comment that is about
    it, and tells whether there is one. None for the only entry."""
    assert isinstance(place.holder, Mapping)  # noqa: S101 - callers looked
    assert place.entry is not None  # noqa: S101 - callers looked
    own = own_entries(sheet, place.holder)
    stretch = entry_stretch(sheet, place.entry)
    if len(own) < 2 or stretch is None or place.hides_another(sheet):
        return None
    start, end = stretch
    number = own.index(place.entry)
    before = value_end(sheet, own[number - 1]) if number else None
    after = sheet.stretch(own[number + 1].key.span)[0] if number + 1 < len(own) else None
    comma = sheet.comma_after(end)
    if _on_its_lines(sheet, place.entry):
        start = sheet.own_comments(place.document, sheet.line_start(start))
        first, last = sheet.whole_lines(start, end if comma is None else comma + 1)
        taken: Replacements = (Replacement(first, last, ""),)
        if comma is None:
            needless = sheet.comma_after(before) if before is not None else None
            if needless is None or not sheet.is_blank(needless + 1, start):
                return None
            taken = (Replacement(needless, needless + 1, ""), *taken)
        return taken, sheet.holds_comment(first, last)
    rest = sheet.rest_of_line(end if comma is None else comma + 1)
    if rest is not None and rest[1]:
        return None  # the comment may be about it, and would stand behind another
    if before is not None and _GAP.fullmatch(sheet.text, before, start):
        return (Replacement(before, end, ""),), sheet.holds_comment(start, end)
    if after is not None and _GAP.fullmatch(sheet.text, end, after):
        return (Replacement(start, after, ""),), sheet.holds_comment(start, end)
    return None


def nest(sheet: SourceText, place: Place, outer: str, key: str) -> Replacements | None:
    """Puts an entry between the braces of a new one."""
    entry = place.entry
    assert entry is not None  # noqa: S101 - callers looked
    like = sheet.raw(entry.key)
    around, inner = (written.key(name, like, sheet.form) for name in (outer, key))
    end = value_end(sheet, entry)
    if around is None or inner is None or end is None:
        return None
    text = f"{around}{_colon(sheet, entry)}{{{inner}"
    return Replacement(*sheet.stretch(entry.key.span), text), Replacement(end, end, "}")


def _as_lines(
    sheet: SourceText, own: list[Entry], beside: InsertionPoint, text: str
) -> Replacements | None:
    """The new entry on a line of its own, before or after an entry that has its own. The last
    entry has no comma after it: before it, a new one changes no other line."""
    entry = beside.entry
    end = value_end(sheet, entry)
    comma = sheet.comma_after(end) if end is not None else None
    if not beside.before and comma is not None:
        start = sheet.next_line(comma)
    else:
        first = entry if beside.before else first_of_its_kind(own, entry)
        entry = first if _on_its_lines(sheet, first) else entry
        start = sheet.above_comments(sheet.line_start(sheet.stretch(entry.key.span)[0]))
    indent = sheet.before_on_line(sheet.stretch(entry.key.span)[0])
    return (Replacement(start, start, f"{indent}{text},{sheet.newline_at(start)}"),)


def _on_its_lines(sheet: SourceText, entry: Entry) -> bool:
    """Does nothing else stand on the lines of the entry, but for its comma and a comment?"""
    stretch = entry_stretch(sheet, entry)
    if stretch is None or sheet.before_on_line(stretch[0]).strip():
        return False
    end = stretch[1]
    comma = sheet.comma_after(end)
    if comma is not None:
        if comma > sheet.line_end(end):
            return False  # commas at the beginnings of lines
        end = comma + 1
    return sheet.rest_of_line(end) is not None


def _into_nothing(sheet: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    start, end = sheet.stretch(place.holder.span)
    text = _entry(sheet, place, value, None, "")
    if text is None or sheet.text[start + 1 : end - 1].strip(" "):
        return None
    space = " " if sheet.form == "toml" else ""
    return (Replacement(start + 1, end - 1, f"{space}{text}{space}"),)


def _entry(
    sheet: SourceText, place: Place, value: ScalarValue, like: Entry | None, step: str
) -> str | None:
    """``key: value`` in the way of the entry beside it. Mappings that are missing too are written
    around it, on lines of their own where ``step`` says by how much they are indented."""
    raw_key = sheet.raw(like.key) if like is not None else ""
    last = written.key(place.missing[-1], raw_key, sheet.form)
    text = written.value(value, sheet.form, last or "")
    colon = _colon(sheet, like)
    indent = ""
    if like is not None and step:
        indent = sheet.before_on_line(sheet.stretch(like.key.span)[0])
    for depth, key in reversed(list(enumerate(place.missing))):
        shown = written.key(key, raw_key, sheet.form)
        if text is None or shown is None:
            return None
        text = f"{shown}{colon}{text}"
        if depth and step:
            outer, inner = indent + step * (depth - 1), indent + step * depth
            text = f"{{{sheet.newline}{inner}{text}{sheet.newline}{outer}}}"
        elif depth:
            text = f"{{{text}}}"
    return text


def _colon(sheet: SourceText, like: Entry | None) -> str:
    """What stands between a key and its value."""
    usual = " = " if sheet.form == "toml" else ": "
    if like is None:
        return usual
    start, end = sheet.stretch(like.key.span)[1], sheet.stretch(like.value.span)[0]
    found = _BETWEEN.fullmatch(sheet.text, start, end) if start <= end else None
    return found[0] if found and "\n" not in found[0] and "\r" not in found[0] else usual


def _gap(sheet: SourceText, own: list[Entry]) -> str:
    """What stands after the commas between entries on one line."""
    if len(own) > 1:
        end = value_end(sheet, own[0])
        found = _GAP.match(sheet.text, end) if end is not None else None
        return found[1] if found else " "
    return "" if _colon(sheet, own[0]) == ":" else " "


def _step(sheet: SourceText, holder: Mapping, own: list[Entry]) -> str:
    """By how much what is in an object is indented more than the object."""
    inner = sheet.before_on_line(sheet.stretch(own[0].key.span)[0])
    opening = sheet.before_on_line(sheet.stretch(holder.span)[0])
    found = _SPACES.match(opening)
    outer = found[0] if found else ""
    if inner.startswith(outer) and len(inner) > len(outer) and not inner.strip():
        return inner[len(outer) :]
    return " " * _STEP
