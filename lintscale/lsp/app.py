"""The protocol: documents come in, diagnostics, hovers and code actions go out."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lintscale import __version__
from lintscale._record import field, record
from lintscale.engine.finding import Finding
from lintscale.lsp import actions, diagnose, hover
from lintscale.lsp.diagnose import Document
from lintscale.lsp.positions import Encoding, Lines, covers, to_file, to_path
from lintscale.project.discovery import SKIPPED_FOLDERS
from lintscale.resolve.loading import ReadingCache

QUIET_SECONDS = 0.25
"""How long typing must pause before the project is judged anew."""

WATCHED = (
    "**/*.{yaml,yml,json,jsonc,toml,tpl,env,properties}",
    "**/*.{py,js,cjs,mjs,ts,cts,mts,go,prisma}",
    "**/{*Dockerfile*,*Containerfile*,Procfile,Pipfile,Gemfile,go.mod,setup.cfg,Kustomization}",
    "**/{requirements*,requirements/*,.gitignore}",
)
"""What a project's findings may depend on: configs, what they are rendered from, and what
discovery has for a part of an application."""


@record(frozen=False)
class _Project:
    """What was last said of a project, and of which documents."""

    checked: diagnose.Checked
    documents: Mapping[Path, Document] = field(default_factory=dict)
    published: dict[Path, str] = field(default_factory=dict)
    """The addresses under which something was said."""
    told: str = ""


class Server(LanguageServer):
    """What is open, and what was last said of it."""

    def __init__(self) -> None:
        # Whole texts: where pygls applies changes to lines, it takes U+2028 and form feeds for
        # line ends, which they are not in the protocol.
        super().__init__(
            "lintscale",
            f"v{__version__}",
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.projects: dict[Path, _Project] = {}
        self.edits: dict[Path, int] = {}
        self.kept: dict[Path, ReadingCache] = {}
        self.running = asyncio.Lock()
        # Not asyncio's own, whose work is waited for before the server ends.
        self.checking = ThreadPoolExecutor(1)
        self.ended = False

    @property
    def encoding(self) -> Encoding:
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def folders(self) -> list[Path]:
        found = [to_path(each.uri) for each in self.workspace.folders.values()]
        if not found and self.workspace.root_uri:
            found = [to_path(self.workspace.root_uri)]
        return [path for path in found if path is not None]

    def documents(self, root: Path | None = None) -> dict[Path, Document]:
        """What is open, in a folder or anywhere; what is no file is not ours."""
        found = {}
        for document in self.workspace.text_documents.values():
            path = to_file(document.uri)
            if path is not None and (root is None or path.is_relative_to(root)):
                found[path] = Document(document.uri, document.version, document.source)
        return found

    def project(self, path: Path) -> _Project | None:
        return self.projects.get(diagnose.root_of(path, self.folders()))

    def at(self, path: Path, where: types.Range) -> list[tuple[Finding, types.Range]]:
        """Findings there, as they were last judged."""
        project = self.project(path)
        if project is None or path not in project.documents:
            return []
        lines = Lines(project.documents[path].text, self.encoding)
        found = [(f, lines.range(f.location.span)) for f in project.checked.findings.get(path, ())]
        return [(finding, span) for finding, span in found if covers(span, where)]

    # -- judging ----------------------------------------------------------------------------------

    async def judge(self, path: Path, delay: float = QUIET_SECONDS) -> None:
        """Judge the project of a file once typing has paused. A later edit takes over."""
        await self.judge_root(diagnose.root_of(path, self.folders()), delay)

    async def judge_root(self, root: Path, delay: float) -> None:
        mine = self.edits[root] = self.edits.get(root, 0) + 1
        await asyncio.sleep(delay)
        async with self.running:
            if mine != self.edits[root]:
                return
            documents, folders = self.documents(root), self.folders()
            texts = {path: document.text for path, document in documents.items()}
            kept = self.kept.setdefault(root, {})

            def is_wanted() -> bool:
                return mine == self.edits.get(root)

            try:
                checked = await asyncio.get_running_loop().run_in_executor(
                    self.checking, diagnose.check, root, texts, folders, kept, is_wanted
                )
            except diagnose.OutdatedError:
                return
            except Exception as error:
                traceback.print_exc(file=sys.stderr)
                checked = diagnose.Checked(root, trouble=f"internal error: {error!r}")
        if mine == self.edits[root] and root in self._forget_closed():
            self._say(root, checked, documents)

    def _say(
        self, root: Path, checked: diagnose.Checked, documents: Mapping[Path, Document]
    ) -> None:
        texts = {path: document.text for path, document in documents.items()}
        project = self.projects.setdefault(root, _Project(checked))
        mistakes = list(checked.mistakes())
        # Who is typing in a configuration sees there what is wrong with it so far.
        is_seen = any(path in documents for path, *_ in mistakes)
        if checked.trouble and checked.trouble != project.told and not is_seen:
            message = types.ShowMessageParams(types.MessageType.Error, checked.trouble)
            self.window_show_message(message)
        project.told = checked.trouble
        found: dict[Path, list[types.Diagnostic]] = {}
        if checked.trouble:
            # What was found before still holds, as far as anybody knows.
            for path, line, column, text in mistakes:
                at = diagnose.lines_of(path, texts, self.encoding).position(line, column)
                end = types.Position(at.line, at.character + 1)
                found.setdefault(path, []).append(
                    types.Diagnostic(
                        types.Range(at, end),
                        text,
                        severity=types.DiagnosticSeverity.Error,
                        source=diagnose.SOURCE,
                    )
                )
        else:
            project.checked, project.documents = checked, documents
            for path, findings in checked.findings.items():
                found[path] = [
                    diagnose.diagnostic(each, texts, checked, self.encoding) for each in findings
                ]
            found |= {path: [] for path in project.published.keys() - found.keys()}
        for path, said in sorted(found.items()):
            self._publish(project, path, documents.get(path) or Document(path.as_uri()), said)

    def _publish(
        self, project: _Project, path: Path, document: Document, said: list[types.Diagnostic]
    ) -> None:
        uri = document.uri
        old = project.published.pop(path, uri)
        if old != uri:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(old, []))
        if said:
            project.published[path] = uri
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, said, document.version)
        )

    def stop(self, seconds: float) -> None:
        """End the check that is under way, if that takes no longer than ``seconds``."""
        self.edits.clear()
        wait([self.checking.submit(int)], seconds)

    async def close(self, path: Path) -> None:
        """What was typed and not saved counts no more."""
        root = diagnose.root_of(path, self.folders())
        if root in self._forget_closed():
            await self.judge_root(root, QUIET_SECONDS)

    def _forget_closed(self) -> set[Path]:
        """A project is spoken of as long as something of it is open; the roots of those. Which
        document belongs to which may have changed with a configuration that came or went."""
        opened = {diagnose.root_of(each, self.folders()) for each in self.documents()}
        for root in self.projects.keys() - opened:
            self.edits[root] = self.edits.get(root, 0) + 1
            self.kept.pop(root, None)
            for uri in self.projects.pop(root).published.values():
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        return opened

    async def judge_all(self) -> None:
        roots = self._forget_closed()
        await asyncio.gather(*(self.judge_root(root, QUIET_SECONDS) for root in roots))

    def concerns(self, path: Path) -> bool:
        """Whether a file that is not open may matter."""
        roots = [root for root in self.projects if path.is_relative_to(root)]
        return not roots or any(
            SKIPPED_FOLDERS.isdisjoint(path.relative_to(root).parts) for root in roots
        )

    # -- answers ----------------------------------------------------------------------------------

    async def offer(self, path: Path) -> actions.CodeActionContext | None:
        """What actions are made from: the findings of the texts as they are now. None for what is
        not open, and where they have changed again meanwhile."""
        if path not in self.documents():
            return None
        if self._current(path) is None:
            async with self.running:
                pass  # what is under way may be what is asked for
        if self._current(path) is None:
            # Whoever asked may lose interest; that others are told must not depend on it.
            await asyncio.shield(self.judge(path, 0))
        project = self._current(path)
        if project is None:
            return None
        window = self.client_capabilities.window
        shows = window.show_document if window is not None else None
        selects = shows is not None and shows.support
        return actions.CodeActionContext(project.checked, project.documents, self.encoding, selects)

    def _current(self, path: Path) -> _Project | None:
        """The project of a file, unless something in it has changed since it was judged."""
        project = self.project(path)
        if project is None or project.documents != self.documents(project.checked.root):
            return None
        return project


def create() -> Server:
    """A server with all that it answers to."""
    server = Server()
    _life(server)
    _documents(server)
    _answers(server)
    return server


def _life(server: Server) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is None or not watching.dynamic_registration:
            return
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(pattern) for pattern in WATCHED]
        )
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("lintscale-files", method, options)
        with contextlib.suppress(Exception):  # an editor that refuses still tells of saved files
            await server.client_register_capability_async(types.RegistrationParams([registration]))

    @server.feature(types.SHUTDOWN)
    def shutdown(*_: object) -> None:
        server.ended = True


def _documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        path = to_file(params.text_document.uri)
        if path is not None:
            await server.judge(path, 0.02)  # a session is restored in one go

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        path = to_file(params.text_document.uri)
        if path is not None:
            await server.judge(path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        path = to_file(params.text_document.uri)
        if path is not None:
            await server.judge(path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: types.DidCloseTextDocumentParams) -> None:
        path = to_file(params.text_document.uri)
        if path is not None:
            await server.close(path)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        paths = [to_path(change.uri) for change in params.changes]
        if any(path is not None and server.concerns(path) for path in paths):
            await server.judge_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        await server.judge_all()


def _answers(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def on_hover(params: types.HoverParams) -> types.Hover | None:
        """The page of each rule that says something there."""
        path = to_file(params.text_document.uri)
        project = server.project(path) if path is not None else None
        if path is None or project is None:
            return None
        found = server.at(path, types.Range(params.position, params.position))
        if not found:
            return None
        text = hover.text([finding for finding, _ in found], project.checked)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), found[0][1])

    kinds = [types.CodeActionKind.QuickFix, actions.FIX_ALL]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds)
    )
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        path = to_file(params.text_document.uri)
        offer = await server.offer(path) if path is not None else None
        if path is None or offer is None:
            return []
        made: list[types.CodeAction] = []
        if _wants(params.context, types.CodeActionKind.QuickFix):
            for finding, _ in server.at(path, params.range):
                made += actions.quick(offer, finding)
        if _wants(params.context, actions.FIX_ALL):
            everything = actions.fix_all(offer, path)
            made += [everything] if everything is not None else []
        return made

    @server.command(actions.SELECT)
    async def select(uri: str, line: int, column: int, end_line: int, end_column: int) -> None:
        where = types.Range(types.Position(line, column), types.Position(end_line, end_column))
        await server.window_show_document_async(
            types.ShowDocumentParams(uri, take_focus=True, selection=where)
        )


def _wants(context: types.CodeActionContext, kind: str) -> bool:
    """Whether the editor asks for actions of a kind: it names it, or what it is a kind of."""
    only = context.only
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)
