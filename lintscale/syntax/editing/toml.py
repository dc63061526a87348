"""Statements of TOML: ``key = value`` lines under their header."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.location import PathKey
from lintscale.syntax.editing import values
from lintscale.syntax.editing.place import Place, insertion_point
from lintscale.syntax.editing.source_text import Replacement, Replacements, SourceText
from lintscale.syntax.nodes import Entry, Mapping, ScalarValue
from lintscale.syntax.regex import regex
from lintscale.syntax.toml_shape import Array, KeyValue, ScalarShape, Scan, Table

_EQUALS = regex(r"([ \t]*)=([ \t]*)")


def insert(source: SourceText, place: Place, value: ScalarValue) -> Replacements | None:
    """A statement for the missing key next to the others of its table; a missing table is added at
    the end of the file."""
    text = values.value(value, source.format)
    table = _table(source, place.path[: len(place.path) - len(place.missing)])
    if text is None or table is None or table.inline:
        return None
    if len(place.missing) > 1:
        return _new_table(source, place, table, text)
    key = values.key(place.missing[0], "", source.format)
    if key is None:
        return None
    pairs = dict(_statements(source, place.mapping, table))
    own = sorted((entry for entry, _ in pairs.values()), key=lambda entry: entry.key.span)
    point = insertion_point(own, place.missing[0])
    if point is None:
        return _first_of(source, table, f"{key} = {text}")
    pair = pairs[point.entry.key.text][1]
    assert pair.statement is not None  # noqa: S101 - those without are left out
    start, end = pair.statement
    # With a dotted key the table's name is a part of each statement.
    prefix = source.text[source.line_start(start) : pair.key[0]]
    line = f"{prefix}{key}{_equals(source, pair, key)}{text}"
    if point.before:
        first = source.above_comments(source.line_start(start))
        return (Replacement(first, first, f"{line}{source.newline_at(first)}"),)
    return (source.new_lines(end, [line]),) if source.rest_of_line(end) else None


def remove(source: SourceText, place: Place) -> tuple[Replacements, bool] | None:
    """Remove a statement with its lines and its comment, and tell whether it has a comment. None
    for a table, which may be written in several places, and for the only entry."""
    if isinstance(place.holder, Mapping) and len(place.holder.entries) < 2:
        return None
    table = _table(source, place.path[:-1])
    pair = table.pairs.get(str(place.path[-1])) if table is not None else None
    if pair is None or pair.statement is None:
        return None
    start, end = pair.statement
    if source.before_on_line(start).strip() or not source.rest_of_line(end):
        return None
    start = source.own_comments(place.document, source.line_start(start))
    start, end = source.whole_lines(start, end)
    return (Replacement(start, end, ""),), source.holds_comment(start, end)


def _table(source: SourceText, path: tuple[PathKey, ...]) -> Table | None:
    """The shape of the table at a path."""
    current: object = Scan(source.text).root
    for key in path:
        if isinstance(current, Table):
            pair = current.pairs.get(str(key))
            current = pair.value if pair is not None else None
        elif isinstance(current, Array) and isinstance(key, int) and key < len(current.items):
            current = current.items[key]
        else:
            return None
    return current if isinstance(current, Table) else None


def _statements(
    source: SourceText, holder: Mapping, table: Table
) -> Iterator[tuple[str, tuple[Entry, KeyValue]]]:
    """The table's own statements by key, each with its entry."""
    for entry in holder.entries.values():
        pair = table.pairs.get(entry.key.text)
        if pair is None or pair.statement is None:
            continue
        if pair.key == source.range(entry.key.span) and isinstance(
            pair.value, (ScalarShape, Array)
        ):
            yield entry.key.text, (entry, pair)


def _first_of(source: SourceText, table: Table, line: str) -> Replacements | None:
    """A statement below the header of a table that has none yet."""
    start, end = table.at
    has_header = table.declared and source.text.startswith("[", start)
    if not has_header or not source.rest_of_line(end):
        return None
    return (source.new_lines(end, [f"{source.before_on_line(start)}{line}"]),)


def _new_table(source: SourceText, place: Place, above: Table, text: str) -> Replacements | None:
    names = [values.key(str(key), "", source.format) for key in place.path]
    is_nameable = not any(isinstance(key, int) for key in place.path)
    # What a dotted key began no header may go on with.
    is_open = above.at == (0, 0) or source.text.startswith("[", above.at[0])
    if not (is_nameable and is_open and all(names)):
        return None
    header = ".".join(name for name in names[:-1] if name)
    lines = [f"[{header}]", f"{names[-1]} = {text}"]
    newline, end = source.newline, len(source.text)
    whole = source.text.rstrip(" \t\r\n")
    if not whole:
        return None
    gap = newline if source.text[-1] in "\r\n" else newline * 2
    closing = newline if source.text[-1] in "\r\n" else ""
    return (Replacement(end, end, f"{gap}{newline.join(lines)}{closing}"),)


def _equals(source: SourceText, pair: KeyValue, key: str) -> str:
    """The equals sign with its blanks, aligned with the neighbour's."""
    found = _EQUALS.fullmatch(source.text, pair.key[1], pair.value.at[0])
    if found is None:
        return " = "
    before, after = found.groups()
    if len(before) > 1:
        before = " " * max(pair.key[1] - pair.key[0] + len(before) - len(key), 1)
    return f"{before}={after}"
