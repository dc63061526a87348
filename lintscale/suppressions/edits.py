"""Taking names that suppress nothing out of a file, as text edits.

What stays is left as it is written. Where that is not certain (a comment over several lines, an
annotation in a block scalar) there is no fix.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from lintscale.engine.finding import Fix
from lintscale.fixes.edits import as_fix
from lintscale.model.location import PathKey
from lintscale.suppressions.suppression import ANNOTATION, COMMENT, Suppression
from lintscale.suppressions.syntax import Clause
from lintscale.syntax import Mapping, Scalar, editing
from lintscale.syntax.editing import Change, Replacement, SourceText
from lintscale.syntax.text import TextRange


def removal(
    suppression: Suppression, drop: AbstractSet[tuple[int, str]], source: SourceText
) -> Fix | None:
    """The fix that takes out the names ``drop`` (each with the number of its clause), and with
    them what then suppresses nothing; None where that is not certain. ``source`` is the file in
    which it stands."""
    change: Change | None = None
    left = [_without(clause, number, drop) for number, clause in enumerate(suppression.clauses)]
    if suppression.kind == COMMENT:
        found = _in_comment(suppression, source, left[0])
        if found is not None:
            (start, end), text = found
            change = Change((Replacement(start, end, text),), ())
    elif suppression.kind == ANNOTATION:
        change = _in_annotation(suppression, source, left)
    if change is None:
        return None
    names = ", ".join(dict.fromkeys(name for _, name in sorted(drop)))
    what = f"{names} from the suppression" if any(left) else "the suppression"
    return as_fix(source, change, "safe", f"Remove {what}")


def _without(clause: Clause, number: int, drop: AbstractSet[tuple[int, str]]) -> tuple[str, ...]:
    """The names of a clause that stay."""
    return tuple(name.text for name in clause.names if (number, name.text) not in drop)


# -- comments -------------------------------------------------------------------------------------


def _in_comment(
    suppression: Suppression, source: SourceText, left: tuple[str, ...]
) -> tuple[TextRange, str] | None:
    comment, clause = suppression.comment, suppression.clauses[0]
    if comment is None or comment.span.line != comment.span.end_line:
        return None
    start, end = source.range(comment.span)
    if left:
        return (start + clause.names_start, start + clause.names_end), ", ".join(left)
    raw = source.text[start:end]
    before = raw[: clause.start].rstrip("#/* \t")
    after = raw[clause.end :].strip()
    if not before and after in ("", "*/"):
        return _whole_comment(source, (start, end), own_line=comment.own_line), ""
    if not before:
        # Another tool's comment follows, with a mark of its own.
        return (start, end - len(raw[clause.end :].lstrip())), ""
    # Another comment goes before, with or without one after it.
    return None if after == "*/" else ((start + len(before), start + clause.end), "")


def _whole_comment(source: SourceText, whole: TextRange, *, own_line: bool) -> TextRange:
    """The comment with the blanks before it; its line, where nothing else stands on that."""
    start, end = whole
    if own_line and not source.text[end : source.line_end(end)].strip():
        return source.whole_lines(start, end)
    blanks = source.before_on_line(start)
    return start - len(blanks) + len(blanks.rstrip(" \t")), end


# -- annotations ----------------------------------------------------------------------------------


def _in_annotation(
    suppression: Suppression, source: SourceText, left: list[tuple[str, ...]]
) -> Change | None:
    document, path = suppression.location.document, suppression.location.path
    if not any(left):
        return _without_entry(source, document, path)
    value = editing.value_at(source, document, path)
    if not isinstance(value, Scalar) or value.span.line != value.span.end_line:
        return None
    (start, end), raw = source.range(value.span), source.raw(value)
    quote = raw[:1] if value.quoted and raw[:1] in ("'", '"') else ""
    if raw != f"{quote}{value.text}{quote}":
        return None  # escapes: what stands there is not what it says
    clauses = suppression.clauses
    kept = "; ".join(
        _rewritten(clause, names, value.text)
        for clause, names in zip(clauses, left, strict=True)
        if names
    )
    text = f"{quote}{kept}{quote}"
    return Change((Replacement(start, end, text),), ((document, path),))


def _without_entry(source: SourceText, document: int, path: tuple[PathKey, ...]) -> Change | None:
    """Without the annotation, or without the key that holds it where it is the only one."""
    holder = editing.value_at(source, document, path[:-1])
    if isinstance(holder, Mapping) and len(holder.entries) == 1:
        path = path[:-1]
    return editing.remove(source, document, path)


def _rewritten(clause: Clause, names: tuple[str, ...], text: str) -> str:
    if len(names) == len(clause.names):
        return text[clause.start : clause.end]
    return ", ".join(names) + text[clause.names_end : clause.end]
