"""Edits that the editor may apply: a finding's own fix, all safe ones of a file, and a
suppression with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from lintscale._record import record
from lintscale.engine.finding import Edit, Finding
from lintscale.fixes import texts as contents
from lintscale.fixes.plan import SAFE, edits_of, plan
from lintscale.lsp import suppress
from lintscale.lsp.diagnose import Checked, Document, diagnostic, lines_of, text_of
from lintscale.lsp.positions import Encoding, Lines

FIX_ALL = "source.fixAll.lintscale"
SELECT = "lintscale.select"
"""The command that puts the cursor where the reason of a new suppression belongs."""


@record
class CodeActionContext:
    """What actions are made from: what was found, in which open ``documents``. ``selects``: the
    editor can put the cursor somewhere."""

    checked: Checked
    documents: Mapping[Path, Document]
    encoding: Encoding
    selects: bool

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


def quick(offer: CodeActionContext, finding: Finding) -> Iterator[types.CodeAction]:
    """The fix of a finding, and its suppression."""
    found = diagnostic(finding, offer.texts, offer.checked, offer.encoding)
    if finding.fix is not None:
        safe = finding.fix.safety == SAFE
        unsafe = "" if safe else " (unsafe: may change what the service does)"
        yield types.CodeAction(
            title=f"{finding.fix.description}{unsafe}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[found],
            is_preferred=safe,
            edit=offer.fix(finding.fix.edits),
        )
    made = suppress.suppression(finding, offer.checked, offer.texts)
    if made is None:
        return
    lines = Lines(made.before, offer.encoding)
    at = lines.at(made.offset)
    operations: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    if text_of(made.path, offer.texts) is None:
        options = types.CreateFileOptions(ignore_if_exists=True)
        operations.append(types.CreateFile(made.path.as_uri(), options=options))
    operations.append(offer.edit(made.path, [types.TextEdit(types.Range(at, at), made.text)]))
    yield types.CodeAction(
        title=made.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found],
        edit=types.WorkspaceEdit(document_changes=operations),
        command=_select(offer, made) if offer.selects else None,
    )


def _select(offer: CodeActionContext, made: suppress.Suppression) -> types.Command:
    start = made.offset + made.text.index(suppress.REASON)
    lines = Lines(made.after, offer.encoding)
    first, last = lines.at(start), lines.at(start + len(suppress.REASON))
    numbers = [first.line, first.character, last.line, last.character]
    return types.Command("Write the reason", SELECT, arguments=[offer.uri(made.path), *numbers])


def fix_all(offer: CodeActionContext, path: Path) -> types.CodeAction | None:
    """All safe fixes of a file that do not get in each other's way; None where there are none."""
    findings = offer.checked.findings.get(path, [])
    chosen = plan(findings, _is_safe)
    edits = edits_of(chosen)
    text = offer.texts.get(path, "")
    if not edits:
        return None
    before = text.encode("utf-8", "surrogatepass")
    touched = [
        (document, place)
        for finding in chosen
        if finding.fix
        for _, document, place in finding.fix.touched
    ]
    mine = next(iter(edits.values()))
    form = suppress.format_of(path)
    if contents.unintended(before, contents.applied(before, mine), form, touched):
        return None
    return types.CodeAction(
        title="Fix all that lintscale can fix safely",
        kind=FIX_ALL,
        edit=offer.fix(mine),
    )


def _is_safe(finding: Finding) -> bool:
    fix = finding.fix
    if fix is None or fix.safety != SAFE:
        return False
    return {edit.file for edit in fix.edits} == {finding.location.file}
