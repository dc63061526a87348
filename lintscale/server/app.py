"""The protocol: documents come in, diagnostics, hovers and code actions go out."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from lintscale import __version__, api
from lintscale.engine.finding import Finding
from lintscale.server import actions, diagnose
from lintscale.server.positions import covers, span_range

QUIET_SECONDS = 0.25
"""How long typing must pause before the project is judged anew."""


class Server(LanguageServer):
    """What is open, and what was last said of it."""

    def __init__(self) -> None:
        super().__init__("lintscale", f"v{__version__}")
        self.findings: dict[Path, list[Finding]] = {}
        self.roots: dict[Path, Path] = {}
        self.edits = 0
        self.told = ""
        self.running: asyncio.Lock | None = None

    def texts(self) -> dict[Path, str]:
        """The open documents by their paths; what is no file on disk is not ours."""
        found = {}
        for document in self.workspace.text_documents.values():
            name = to_fs_path(document.uri)
            if name and document.uri.startswith("file:"):
                found[Path(name)] = document.source
        return found

    def at(self, uri: str, where: types.Range) -> list[tuple[Finding, Path, Path]]:
        """Findings there, each with the document's path and the project's root."""
        path = Path(to_fs_path(uri) or "")
        text = self.texts().get(path)
        if text is None or path not in self.roots:
            return []
        lines = text.split("\n")
        return [
            (finding, path, self.roots[path])
            for finding in self.findings.get(path, ())
            if covers(span_range(lines, finding.location.span), where)
        ]


server = Server()


async def _judge(uri: str) -> None:
    """Judge the project of a document once typing has paused. A later edit takes over."""
    server.edits += 1
    mine = server.edits
    await asyncio.sleep(QUIET_SECONDS)
    name = to_fs_path(uri)
    if mine != server.edits or not name:
        return
    if server.running is None:
        server.running = asyncio.Lock()
    async with server.running:
        if mine != server.edits:
            return
        texts = server.texts()
        checked = await asyncio.to_thread(diagnose.check, Path(name), texts)
    if checked.trouble and checked.trouble != server.told:
        message = types.ShowMessageParams(types.MessageType.Error, checked.trouble)
        server.window_show_message(message)
    server.told = checked.trouble
    if mine != server.edits:
        return
    for path, findings in checked.findings.items():
        server.findings[path], server.roots[path] = findings, checked.root
        found = [diagnose.diagnostic(each, texts, checked.root, path) for each in findings]
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(path.as_uri(), found)
        )


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
async def did_open(params: types.DidOpenTextDocumentParams) -> None:
    await _judge(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
async def did_change(params: types.DidChangeTextDocumentParams) -> None:
    await _judge(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_SAVE)
async def did_save(params: types.DidSaveTextDocumentParams) -> None:
    await _judge(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(params: types.DidCloseTextDocumentParams) -> None:
    path = Path(to_fs_path(params.text_document.uri) or "")
    server.findings.pop(path, None)
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(params.text_document.uri, [])
    )


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(params: types.HoverParams) -> types.Hover | None:
    """The page of each rule that says something there."""
    here = types.Range(params.position, params.position)
    found = server.at(params.text_document.uri, here)
    parts = [_page(finding) for finding, _, _ in found]
    if not parts:
        return None
    text = "\n\n---\n\n".join(dict.fromkeys(parts))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text))


def _page(finding: Finding) -> str:
    rule = next((each for each in api.rules() if each.id == finding.rule), None)
    lines = [f"**{finding.rule}** ({finding.severity.value})", "", finding.message]
    if rule is not None:
        lines[0] += f": {rule.summary}"
        lines += ["", " ".join(rule.why.split())]
    if finding.help:
        lines += ["", f"**What to do:** {finding.help}"]
    if rule is not None and rule.references:
        lines += ["", *(f"- <{reference}>" for reference in rule.references)]
    return "\n".join(lines)


@server.feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
)
def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
    texts = server.texts()
    return [
        action
        for finding, path, root in server.at(params.text_document.uri, params.range)
        for action in actions.actions(
            finding, diagnose.diagnostic(finding, texts, root, path), path, root, texts
        )
    ]
