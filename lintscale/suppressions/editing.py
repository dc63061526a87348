"""Edits that remove unused names from a file, and that add a suppression.

A removal leaves everything else as it is written. Where that is not certain (a comment over several
lines, an annotation in a block scalar) there is no fix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path

from lintscale._record import record
from lintscale.engine.check_run import SYNTAX_ERROR
from lintscale.engine.finding import Finding, Fix
from lintscale.fixes.edits import as_fix
from lintscale.model.location import PathKey
from lintscale.project.config import EVERYTHING, FILE_NAME, PYPROJECT, Settings
from lintscale.suppressions.suppression import (
    ANNOTATION,
    COMMENT,
    REPORTED_BY,
    ClauseName,
    Suppression,
)
from lintscale.suppressions.syntax import Clause
from lintscale.syntax import Field, Mapping, Scalar, Sequence, editing, parse
from lintscale.syntax.comments import comments
from lintscale.syntax.document import format_of
from lintscale.syntax.editing import Change, Replacement, SourceText
from lintscale.syntax.text import Positions, TextRange

REASON = "say why"
"""The place of the reason in a new suppression."""

_MARKS = {".yaml": "#", ".yml": "#", ".toml": "#", ".tf": "#", ".tfvars": "#", ".jsonc": "//"}


def removal(
    suppression: Suppression, drop: AbstractSet[ClauseName], source: SourceText
) -> Fix | None:
    """The fix that removes the names ``drop``, and with them what then suppresses nothing; None
    where that is not certain. ``source`` is the file of the suppression."""
    change: Change | None = None
    left = [
        tuple(name.text for name in clause.names if (number, name.text) not in drop)
        for number, clause in enumerate(suppression.clauses)
    ]
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
        # Another tool's comment follows, with its own mark.
        return (start, end - len(raw[clause.end :].lstrip())), ""
    # Another comment precedes it, with or without one after it.
    return None if after == "*/" else ((start + len(before), start + clause.end), "")


def _whole_comment(source: SourceText, whole: TextRange, *, own_line: bool) -> TextRange:
    """The comment with the blanks before it, or its line where that holds nothing else."""
    start, end = whole
    if own_line and not source.text[end : source.line_end(end)].strip():
        return source.whole_lines(start, end)
    blanks = source.before_on_line(start)
    return start - len(blanks) + len(blanks.rstrip(" \t")), end


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
        return None  # with escapes, offsets in the value are not offsets in the file
    clauses = suppression.clauses
    remaining = "; ".join(
        _rewritten(clause, names, value.text)
        for clause, names in zip(clauses, left, strict=True)
        if names
    )
    text = f"{quote}{remaining}{quote}"
    return Change((Replacement(start, end, text),), ((document, path),))


def _without_entry(source: SourceText, document: int, path: tuple[PathKey, ...]) -> Change | None:
    """Removes the annotation, or the key ``annotations`` where it is the only one."""
    holder = editing.value_at(source, document, path[:-1])
    if isinstance(holder, Mapping) and len(holder.entries) == 1:
        path = path[:-1]
    return editing.remove(source, document, path)


def _rewritten(clause: Clause, names: tuple[str, ...], text: str) -> str:
    if len(names) == len(clause.names):
        return text[clause.start : clause.end]
    return ", ".join(names) + text[clause.names_end : clause.end]


@record
class Insertion:
    """A new suppression: ``text``, to be inserted at an offset of ``before``, the content of
    ``path``."""

    title: str
    path: Path
    before: str
    offset: int
    text: str

    @property
    def after(self) -> str:
        return self.before[: self.offset] + self.text + self.before[self.offset :]


def insertion(
    finding: Finding, settings: Settings, text_of: Callable[[Path], str]
) -> Insertion | None:
    """A comment above the finding, or a table of the config where a comment cannot suppress it;
    None where nothing can: its rule is strict, or it is about the config. ``text_of`` returns the
    content of a file, "" where there is none."""
    if finding.internal or {finding.rule, finding.category, EVERYTHING} & set(settings.strict):
        return None
    path = settings.root / finding.location.file
    if path == settings.config_file:
        return None
    mark = _MARKS.get(path.suffix.lower(), "")
    if mark and finding.category != REPORTED_BY and finding.rule != SYNTAX_ERROR:
        comment = _comment(finding, path, mark, text_of(path))
        if comment is not None:
            return comment
    return _table(finding, settings, text_of)


def _comment(finding: Finding, path: Path, mark: str, text: str) -> Insertion | None:
    """A comment on its own line above the finding, with the indentation of the line; None where
    it would be no comment, as within a block scalar."""
    starts = Positions(text).starts
    line = finding.location.line
    if not 0 < line <= len(starts):
        return None
    offset = starts[line - 1]
    match = re.compile(r"([ \t]*)[^\r\n]*(\r\n?|\n)?").match(text, offset)
    indent, end = (match[1], match[2]) if match is not None else ("", None)
    comment = f"{indent}{mark} lintscale: ignore[{finding.rule}] {REASON}{end or _line_end(text)}"
    title = f"Suppress {finding.rule} here, with a reason"
    made = Insertion(title, path, text, offset, comment)
    written = comments(made.after, format_of(path.name))
    return made if any(each.span.line == line and each.own_line for each in written) else None


def _table(
    finding: Finding, settings: Settings, text_of: Callable[[Path], str]
) -> Insertion | None:
    """A table of ``ignore`` in the form that the config uses; the file is created if needed."""
    path = settings.config_file or settings.root / FILE_NAME
    before = text_of(path)
    title = f"Suppress {finding.rule} for this file in {path.name}, with a reason"
    values = {
        "rule": finding.rule,
        "path": "/" + re.sub(r"([\\*?\[])", r"\\\1", finding.location.file),
        "reason": REASON,
    }
    pairs = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    offset, text = _entry(before, pairs, in_pyproject=path.name == PYPROJECT)
    made = Insertion(title, path, before, offset, text)
    return None if parse(made.after, path.name, "toml").problems else made


def _entry(before: str, pairs: list[str], *, in_pyproject: bool) -> tuple[int, str]:
    """The offset of a new entry, and its text."""
    documents = parse(before, FILE_NAME, "toml").documents
    if documents and documents[0].root is not None:
        root = Field.root(documents[0])
        node = (root.get("tool", "lintscale") if in_pyproject else root).get("ignore").node
        if isinstance(node, Sequence) and node.flow:
            offset = Positions(before).offset(node.span.end_line, node.span.end_column) - 1
            comma = "" if before[:offset].rstrip().endswith(("[", ",")) else ", "
            return offset, f"{comma}{{{', '.join(pairs)}}}"
    header = "[[tool.lintscale.ignore]]" if in_pyproject else "[[ignore]]"
    lines = [header, *pairs, ""]
    if before:
        lines[:0] = [""] if before.endswith("\n") else ["", ""]
    return len(before), _line_end(before).join(lines)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
