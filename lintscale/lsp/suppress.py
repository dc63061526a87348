"""A suppression where a finding stands: a comment, or an entry of the configuration for what has
no comments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from lintscale._record import record
from lintscale.engine.finding import Finding
from lintscale.lsp.diagnose import Checked, text_of
from lintscale.project.config.known import EVERYTHING, PYPROJECT
from lintscale.project.config.loader import FILE_NAME
from lintscale.project.discovery import Candidate
from lintscale.syntax import Field, Sequence, parse
from lintscale.syntax.comments import comments
from lintscale.syntax.document import Format
from lintscale.syntax.text import Positions

REASON = "say why"
"""Stands in a new suppression where the reason belongs."""

_OWN_CATEGORY = "suppressions"
"""What is said of suppressions can be suppressed in the configuration only."""

_MARKS = {".yaml": "#", ".yml": "#", ".toml": "#", ".jsonc": "//"}


@record
class Suppression:
    """``text`` is to be inserted at an offset of ``before``, the content of ``path``."""

    title: str
    path: Path
    before: str
    offset: int
    text: str

    @property
    def after(self) -> str:
        return self.before[: self.offset] + self.text + self.before[self.offset :]


def format_of(path: Path) -> Format:
    found = Candidate(path, path.name).format
    return "toml" if found == "toml" else "json" if found == "json" else "yaml"


def suppression(
    finding: Finding, checked: Checked, texts: Mapping[Path, str]
) -> Suppression | None:
    """None where nothing suppresses the finding: it is strict, or the config's own."""
    settings = checked.settings
    if settings is None or finding.internal:
        return None
    if {finding.rule, finding.category, EVERYTHING} & set(settings.strict):
        return None
    path = checked.root / finding.location.file
    if path == settings.config_file:
        return None
    own = finding.category == _OWN_CATEGORY or finding.rule == "syntax-error"
    mark = _MARKS.get(path.suffix.lower(), "")
    made = None if own or not mark else _comment(finding, path, mark, texts)
    return made or _in_config(finding, checked, texts)


def _comment(
    finding: Finding, path: Path, mark: str, texts: Mapping[Path, str]
) -> Suppression | None:
    """On a line of its own above, as far in as the line itself; None where a comment would be
    none, as in the middle of a text."""
    text = text_of(path, texts) or ""
    positions = Positions(text)
    line = finding.location.line
    if not 0 < line <= len(positions.starts):
        return None
    offset = positions.offset(line, 1)
    match = re.compile(r"([ \t]*)[^\r\n]*(\r\n?|\n)?").match(text, offset)
    indent, end = (match[1], match[2]) if match is not None else ("", None)
    end = end or ("\r\n" if "\r\n" in text else "\n")
    comment = f"{indent}{mark} lintscale: ignore[{finding.rule}] {REASON}{end}"
    title = f"Suppress {finding.rule} here, with a reason"
    made = Suppression(title, path, text, offset, comment)
    written = comments(made.after, format_of(path))
    return made if any(each.span.line == line and each.own_line for each in written) else None


def _in_config(finding: Finding, checked: Checked, texts: Mapping[Path, str]) -> Suppression | None:
    """An entry of ``ignore``, in the form in which the configuration has it; the file is made if
    need be."""
    settings = checked.settings
    own = settings.config_file if settings is not None else None
    path = own or checked.root / FILE_NAME
    before = text_of(path, texts) or ""
    title = f"Suppress {finding.rule} for this file in {path.name}, with a reason"
    values = {
        "rule": finding.rule,
        "path": "/" + re.sub(r"([\\*?\[])", r"\\\1", finding.location.file),
        "reason": REASON,
    }
    pairs = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    offset, text = _entry(before, pairs, in_pyproject=path.name == PYPROJECT)
    made = Suppression(title, path, before, offset, text)
    return None if parse(made.after, path.name, "toml").problems else made


def _entry(before: str, pairs: list[str], *, in_pyproject: bool) -> tuple[int, str]:
    """Where an entry goes, and its text."""
    documents = parse(before, FILE_NAME, "toml").documents
    if documents and documents[0].root is not None:
        root = Field.root(documents[0])
        node = (root.get("tool", "lintscale") if in_pyproject else root).get("ignore").node
        if isinstance(node, Sequence) and node.flow:
            offset = Positions(before).offset(node.span.end_line, node.span.end_column) - 1
            inside = before[:offset].rstrip()
            comma = "" if inside.endswith(("[", ",")) else ", "
            return offset, f"{comma}{{{', '.join(pairs)}}}"
    header = "[[tool.lintscale.ignore]]" if in_pyproject else "[[ignore]]"
    lines = [header, *pairs, ""]
    if before:
        lines[:0] = [""] if before.endswith("\n") else ["", ""]
    return len(before), ("\r\n" if "\r\n" in before else "\n").join(lines)
