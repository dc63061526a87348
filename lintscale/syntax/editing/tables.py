"""Statements of TOML: ``key = value`` lines under their header."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.location import PathKey
from lintscale.syntax.editing import written
from lintscale.syntax.editing.place import Place
from lintscale.syntax.editing.siblings import spot
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue
from lintscale.syntax.regex import regex
from lintscale.syntax.toml_shape import Array, Leaf, Slot, Table, scan

_EQUALS = regex(r"([ \t]*)=([ \t]*)")


def insert(sheet: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """A statement for the missing key beside the others of its table; where the table is missing
    too, one at the end of the file."""
    text = written.value(value, sheet.form)
    table = _table(sheet, place.path[: len(place.path) - len(place.missing)])
    if text is None or table is None or table.inline:
        return None
    if len(place.missing) > 1:
        return _new_table(sheet, place, table, text)
    key = written.key(place.missing[0], "", sheet.form)
    if key is None:
        return None
    assert isinstance(place.holder, Mapping)  # noqa: S101 - only keys are missing
    slots = dict(_statements(sheet, place.holder, table))
    own = sorted((entry for entry, _ in slots.values()), key=lambda entry: entry.key.span)
    beside = spot(own, place.missing[0])
    if beside is None:
        return _first_of(sheet, table, f"{key} = {text}")
    slot = slots[beside.entry.key.text][1]
    assert slot.statement is not None  # noqa: S101 - those without are left out
    start, end = slot.statement
    # With a dotted key the table's name is a part of each statement.
    prefix = sheet.text[sheet.line_start(start) : slot.key[0]]
    line = f"{prefix}{key}{_equals(sheet, slot, key)}{text}"
    if beside.before:
        first = sheet.above_comments(sheet.line_start(start))
        return (Replacement(first, first, f"{line}{sheet.newline_at(first)}"),)
    return (sheet.new_lines(end, [line]),) if sheet.rest_of_line(end) else None


def remove(sheet: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Takes a statement out with its lines and the comment that is about it, and tells whether
    there is one. None for a table, which may be written in several places, and for the only
    entry."""
    if isinstance(place.holder, Mapping) and len(place.holder.entries) < 2:
        return None
    table = _table(sheet, place.path[:-1])
    slot = table.slots.get(str(place.path[-1])) if table is not None else None
    if slot is None or slot.statement is None:
        return None
    start, end = slot.statement
    if sheet.before_on_line(start).strip() or not sheet.rest_of_line(end):
        return None
    start = sheet.own_comments(place.document, sheet.line_start(start))
    start, end = sheet.whole_lines(start, end)
    return (Replacement(start, end, ""),), sheet.holds_comment(start, end)


def nest(_sheet: SourceText, _place: Place, _outer: str, _key: str) -> Replacements | None:
    """Nothing deprecated stands in TOML that would need it."""
    return None


def _table(sheet: SourceText, path: tuple[PathKey, ...]) -> Table | None:
    """What the text shows of the table at a path."""
    here: object = scan(sheet.text).root
    for key in path:
        if isinstance(here, Table):
            slot = here.slots.get(str(key))
            here = slot.value if slot is not None else None
        elif isinstance(here, Array) and isinstance(key, int) and key < len(here.items):
            here = here.items[key]
        else:
            return None
    return here if isinstance(here, Table) else None


def _statements(
    sheet: SourceText, holder: Mapping, table: Table
) -> Iterator[tuple[str, tuple[Entry, Slot]]]:
    """The table's own statements, each with its entry, by their keys."""
    for entry in holder.entries.values():
        slot = table.slots.get(entry.key.text)
        if slot is None or slot.statement is None:
            continue
        if slot.key == sheet.stretch(entry.key.span) and isinstance(slot.value, (Leaf, Array)):
            yield entry.key.text, (entry, slot)


def _first_of(sheet: SourceText, table: Table, line: str) -> Replacements | None:
    """A statement below the header of a table that has none yet."""
    start, end = table.at
    has_header = table.declared and sheet.text.startswith("[", start)
    if not has_header or not sheet.rest_of_line(end):
        return None
    return (sheet.new_lines(end, [f"{sheet.before_on_line(start)}{line}"]),)


def _new_table(sheet: SourceText, place: Place, above: Table, text: str) -> Replacements | None:
    names = [written.key(str(key), "", sheet.form) for key in place.path]
    is_nameable = not any(isinstance(key, int) for key in place.path)
    # What a dotted key began no header may go on with.
    is_open = above.at == (0, 0) or sheet.text.startswith("[", above.at[0])
    if not (is_nameable and is_open and all(names)):
        return None
    header = ".".join(name for name in names[:-1] if name)
    lines = [f"[{header}]", f"{names[-1]} = {text}"]
    newline, end = sheet.newline, len(sheet.text)
    whole = sheet.text.rstrip(" \t\r\n")
    if not whole:
        return None
    gap = newline if sheet.text[-1] in "\r\n" else newline * 2
    closing = newline if sheet.text[-1] in "\r\n" else ""
    return (Replacement(end, end, f"{gap}{newline.join(lines)}{closing}"),)


def _equals(sheet: SourceText, slot: Slot, key: str) -> str:
    """The equals sign with its blanks, under that of the neighbour where those stand in line."""
    found = _EQUALS.fullmatch(sheet.text, slot.key[1], slot.value.at[0])
    if found is None:
        return " = "
    before, after = found.groups()
    if len(before) > 1:
        before = " " * max(slot.key[1] - slot.key[0] + len(before) - len(key), 1)
    return f"{before}={after}"
