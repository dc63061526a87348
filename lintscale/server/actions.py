"""Edits that the editor may apply: a finding's own fix, and a suppression with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol import types

from lintscale.engine.finding import Edit, Finding
from lintscale.server.positions import position

REASON = "say why"
"""Stands in a new suppression where the reason belongs."""


def actions(
    finding: Finding,
    found: types.Diagnostic,
    path: Path,
    root: Path,
    texts: Mapping[Path, str],
) -> Iterator[types.CodeAction]:
    if finding.fix is not None and all(root / e.file in texts for e in finding.fix.edits):
        unsafe = "" if finding.fix.safety == "safe" else " (may change what the service does)"
        yield types.CodeAction(
            title=f"{finding.fix.description}{unsafe}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[found],
            is_preferred=finding.fix.safety == "safe",
            edit=_workspace_edit(finding.fix.edits, root, texts),
        )
    title = f"Suppress {finding.rule} here, with a reason"
    if path.suffix.lower() in (".yaml", ".yml", ".toml"):
        edit = _comment(finding, path, texts)
    else:
        edit = _in_config(finding, root)
        title = f"Suppress {finding.rule} for this file in lintscale.toml, with a reason"
    yield types.CodeAction(
        title=title, kind=types.CodeActionKind.QuickFix, diagnostics=[found], edit=edit
    )


def _workspace_edit(
    edits: tuple[Edit, ...], root: Path, texts: Mapping[Path, str]
) -> types.WorkspaceEdit:
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in edits:
        path = root / edit.file
        lines = texts[path].split("\n")
        where = types.Range(position(lines, *edit.start), position(lines, *edit.end))
        changes.setdefault(path.as_uri(), []).append(types.TextEdit(where, edit.text))
    return types.WorkspaceEdit(changes=changes)


def _comment(finding: Finding, path: Path, texts: Mapping[Path, str]) -> types.WorkspaceEdit:
    """A comment on a line of its own above, as far in as the line itself."""
    lines = texts[path].split("\n")
    line = finding.location.span.line
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    end = "\r\n" if text.endswith("\r") else "\n"
    comment = f"{indent}# lintscale: ignore[{finding.rule}] {REASON}{end}"
    at = types.Position(line - 1, 0)
    return types.WorkspaceEdit(
        changes={path.as_uri(): [types.TextEdit(types.Range(at, at), comment)]}
    )


def _in_config(finding: Finding, root: Path) -> types.WorkspaceEdit:
    """JSON has no comments: an entry at the end of lintscale.toml, which is made if need be."""
    config = root / "lintscale.toml"
    entry = "\n".join(
        [
            "",
            "[[ignore]]",
            f"rule = {json.dumps(finding.rule)}",
            f"path = {json.dumps(finding.location.file)}",
            f"reason = {json.dumps(REASON)}",
            "",
        ]
    )
    operations: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    at = types.Position(0, 0)
    if config.exists():
        text = config.read_text(encoding="utf-8", errors="replace")
        lines = text.split("\n")
        at = position(lines, len(lines), len(lines[-1]) + 1)
        if lines[-1]:
            entry = "\n" + entry
    else:
        options = types.CreateFileOptions(ignore_if_exists=True)
        operations.append(types.CreateFile(config.as_uri(), options=options))
    document = types.OptionalVersionedTextDocumentIdentifier(config.as_uri())
    edit = types.TextEdit(types.Range(at, at), entry)
    operations.append(types.TextDocumentEdit(document, [edit]))
    return types.WorkspaceEdit(document_changes=operations)
