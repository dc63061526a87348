"""Edits that the editor may apply: a finding's own fix, all safe ones of a file, and a
suppression with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from lintscale._record import record
from lintscale.engine.finding import Edit, Finding
from lintscale.fixes import files
from lintscale.fixes.plan import SAFE, edits_of, plan
from lintscale.lsp.diagnostics import (
    CheckedProject,
    Encoding,
    Lines,
    OpenDocument,
    diagnostic,
    lines_of,
    text_of,
)
from lintscale.suppressions.editing import REASON, Insertion, insertion
from lintscale.syntax.document import format_of

FIX_ALL = "source.fixAll.lintscale"
SELECT = "lintscale.select"
"""The command that selects the reason of a new suppression in the editor."""


@record
class CodeActionContext:
    """What actions are made from. ``can_select``: the editor can select a range in a document."""

    checked: CheckedProject
    documents: Mapping[Path, OpenDocument]
    encoding: Encoding
    can_select: bool

    @property
    def texts(self) -> dict[Path, str]:
        return {path: document.text for path, document in self.documents.items()}

    def uri(self, path: Path) -> str:
        return self.documents[path].uri if path in self.documents else path.as_uri()

    def edit(self, path: Path, edits: Sequence[types.TextEdit]) -> types.TextDocumentEdit:
        version = self.documents[path].version if path in self.documents else None
        document = types.OptionalVersionedTextDocumentIdentifier(self.uri(path), version)
        return types.TextDocumentEdit(document, list(edits))

    def fix(self, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        root = self.checked.root
        changes: dict[Path, list[types.TextEdit]] = {}
        for edit in edits:
            path = root / edit.file
            lines = lines_of(path, self.texts, self.encoding)
            where = types.Range(lines.position(*edit.start), lines.position(*edit.end))
            changes.setdefault(path, []).append(types.TextEdit(where, edit.text))
        return types.WorkspaceEdit(
            document_changes=[self.edit(path, found) for path, found in changes.items()]
        )


def quick(context: CodeActionContext, finding: Finding) -> Iterator[types.CodeAction]:
    """The fix of a finding, and a suppression for it."""
    found = diagnostic(finding, context.texts, context.checked, context.encoding)
    if finding.fix is not None:
        safe = finding.fix.safety == SAFE
        unsafe = "" if safe else " (unsafe: may change what the service does)"
        yield types.CodeAction(
            title=f"{finding.fix.description}{unsafe}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[found],
            is_preferred=safe,
            edit=context.fix(finding.fix.edits),
        )
    settings = context.checked.settings
    if settings is None:
        return
    made = insertion(
        finding.origin or finding, settings, lambda path: text_of(path, context.texts) or ""
    )
    if made is None:
        return
    lines = Lines(made.before, context.encoding)
    at = lines.at(made.offset)
    operations: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    if text_of(made.path, context.texts) is None:
        options = types.CreateFileOptions(ignore_if_exists=True)
        operations.append(types.CreateFile(made.path.as_uri(), options=options))
    operations.append(context.edit(made.path, [types.TextEdit(types.Range(at, at), made.text)]))
    yield types.CodeAction(
        title=made.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found],
        edit=types.WorkspaceEdit(document_changes=operations),
        command=_select(context, made) if context.can_select else None,
    )


def _select(context: CodeActionContext, made: Insertion) -> types.Command:
    start = made.offset + made.text.index(REASON)
    lines = Lines(made.after, context.encoding)
    first, last = lines.at(start), lines.at(start + len(REASON))
    numbers = [first.line, first.character, last.line, last.character]
    return types.Command("Write the reason", SELECT, arguments=[context.uri(made.path), *numbers])


def fix_all(context: CodeActionContext, path: Path) -> types.CodeAction | None:
    """All safe fixes of a file that do not overlap; None where there are none."""
    findings = context.checked.findings.get(path, [])
    chosen = plan(findings, _is_safe)
    edits = edits_of(chosen)
    text = context.texts.get(path, "")
    if not edits:
        return None
    before = text.encode("utf-8", "surrogatepass")
    touched = [
        (document, place)
        for finding in chosen
        if finding.fix
        for _, document, place in finding.fix.touched
    ]
    own_edits = next(iter(edits.values()))
    form = format_of(path.name)
    if files.unintended(before, files.applied(before, own_edits), form, touched):
        return None
    return types.CodeAction(
        title="Fix all that lintscale can fix safely",
        kind=FIX_ALL,
        edit=context.fix(own_edits),
    )


def _is_safe(finding: Finding) -> bool:
    fix = finding.fix
    if fix is None or fix.safety != SAFE:
        return False
    return {edit.file for edit in fix.edits} == {finding.location.file}
