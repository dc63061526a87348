"""Taking names that suppress nothing out of a file, as text edits.

What stays is left as it is written. Where that is not certain (a comment over several lines, an
annotation in a block scalar) there is no fix.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from lintscale.engine.finding import Edit, Fix
from lintscale.engine.fixes import entry_at
from lintscale.engine.suppressions.suppression import ANNOTATION, COMMENT, Suppression
from lintscale.engine.suppressions.syntax import Clause
from lintscale.model import Location
from lintscale.record import replace
from lintscale.source import Scalar, SourceFile
from lintscale.source.nodes import Entry
from lintscale.source.positions import Positions

Stretch = tuple[int, int]
"""Offsets within a file's text."""


def removal(
    suppression: Suppression,
    drop: AbstractSet[tuple[int, str]],
    source: SourceFile,
    positions: Positions,
) -> Fix | None:
    """The fix that takes out the names ``drop`` (each with the number of its clause), and with
    them what then suppresses nothing; None where that is not certain. ``positions`` are those of
    the text of ``source``, in which it stands."""
    found: tuple[Stretch, str] | None = None
    left = [_without(clause, number, drop) for number, clause in enumerate(suppression.clauses)]
    if suppression.kind == COMMENT:
        found = _in_comment(suppression, source.text, positions, left[0])
    elif suppression.kind == ANNOTATION:
        found = _in_annotation(suppression, source, positions, left)
    if found is None:
        return None
    (start, end), text = found
    span = positions.span(start, end)
    edit = Edit(source.path, (span.line, span.column), (span.end_line, span.end_column), text)
    names = ", ".join(dict.fromkeys(name for _, name in sorted(drop)))
    what = f"{names} from the suppression" if any(left) else "the suppression"
    return Fix("safe", f"Remove {what}", (edit,))


def _without(clause: Clause, number: int, drop: AbstractSet[tuple[int, str]]) -> tuple[str, ...]:
    """The names of a clause that stay."""
    return tuple(name.text for name in clause.names if (number, name.text) not in drop)


# -- comments -------------------------------------------------------------------------------------


def _in_comment(
    suppression: Suppression, text: str, positions: Positions, left: tuple[str, ...]
) -> tuple[Stretch, str] | None:
    comment, clause = suppression.comment, suppression.clauses[0]
    if comment is None or comment.span.line != comment.span.end_line:
        return None
    start, end = positions.offset(*comment.span[:2]), positions.offset(*comment.span[2:])
    if left:
        return (start + clause.names_start, start + clause.names_end), ", ".join(left)
    raw = text[start:end]
    before = raw[: clause.start].rstrip("#/* \t")
    after = raw[clause.end :].strip()
    if not before and after in ("", "*/"):
        return _whole_comment(text, (start, end), positions, own_line=comment.own_line), ""
    if not before:
        # Another tool's comment follows, with a mark of its own.
        return (start, end - len(raw[clause.end :].lstrip())), ""
    # Another comment goes before, with or without one after it.
    return None if after == "*/" else ((start + len(before), start + clause.end), "")


def _whole_comment(text: str, whole: Stretch, positions: Positions, *, own_line: bool) -> Stretch:
    """The comment with the blanks before it; its line, where nothing else stands on that."""
    start, end = whole
    line, column = positions.at(start)
    line_start = start - column + 1
    following = positions.starts[line] if line < len(positions.starts) else len(text)
    if own_line and not text[end:following].strip():
        return line_start, following
    return line_start + len(text[line_start:start].rstrip(" \t")), end


# -- annotations ----------------------------------------------------------------------------------


def _in_annotation(
    suppression: Suppression,
    source: SourceFile,
    positions: Positions,
    left: list[tuple[str, ...]],
) -> tuple[Stretch, str] | None:
    location = suppression.location
    found = entry_at(location, source)
    if found is None or found[1] is None:
        return None
    entry = found[1]
    if not any(left):
        return _whole_entry(location, source, positions)
    value = entry.value
    if not isinstance(value, Scalar) or value.span.line != value.span.end_line:
        return None
    start, end = positions.offset(*value.span[:2]), positions.offset(*value.span[2:])
    raw = source.text[start:end]
    quote = raw[:1] if value.quoted and raw[:1] in ("'", '"') else ""
    if raw != f"{quote}{value.text}{quote}":
        return None  # escapes: what stands there is not what it says
    clauses = suppression.clauses
    kept = "; ".join(
        _rewritten(clause, names, value.text)
        for clause, names in zip(clauses, left, strict=True)
        if names
    )
    return (start, end), f"{quote}{kept}{quote}"


def _rewritten(clause: Clause, names: tuple[str, ...], text: str) -> str:
    if len(names) == len(clause.names):
        return text[clause.start : clause.end]
    return ", ".join(names) + text[clause.names_end : clause.end]


def _whole_entry(
    location: Location, source: SourceFile, positions: Positions
) -> tuple[Stretch, str] | None:
    """The annotation with its line, in YAML; with the key that holds it if it is the only one."""
    if source.format != "yaml":
        return None
    for above in (location, replace(location, path=location.path[:-1])):
        found = entry_at(above, source)
        if found is None or found[1] is None or found[0].flow:
            return None
        mapping, entry = found[0], found[1]
        if len(mapping.entries) > 1:
            lines = _lines(entry, source.text, positions)
            return (lines, "") if lines is not None else None
    return None


def _lines(entry: Entry, text: str, positions: Positions) -> Stretch | None:
    """The lines of a key and its value, where they are theirs alone and hold no comment."""
    first, last = entry.key.span, entry.value.span
    start = positions.starts[first.line - 1]
    if last.end_line >= len(positions.starts) or text[start : start + first.column - 1].strip():
        return None
    end = positions.starts[last.end_line]
    after = text[positions.offset(last.end_line, last.end_column) : end]
    if "#" in text[start:end] or after.strip():
        return None
    return start, end
