"""The language server: documents come in; diagnostics, hovers and code actions go out."""

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
from lintscale.lsp import actions, diagnostics
from lintscale.lsp.diagnostics import (
    CheckedProject,
    Encoding,
    Lines,
    OpenDocument,
    covers,
    to_file,
    to_path,
)
from lintscale.platforms import extensionless_names
from lintscale.project.discovery import SKIPPED_FOLDERS
from lintscale.project.loading import ReadingCache

QUIET_SECONDS = 0.25
"""How long typing must pause before the project is judged anew."""

WATCHED = (
    "**/*.{yaml,yml,json,jsonc,toml,tf,tfvars,tpl,env,properties}",
    "**/*.{py,js,cjs,mjs,ts,cts,mts,go,prisma}",
    "**/{*Dockerfile*,*Containerfile*,Procfile,Pipfile,Gemfile,go.mod,setup.cfg}",
    *(f"**/{name}" for name in sorted(extensionless_names())),
    "**/{requirements*,requirements/*,.gitignore}",
)
"""The files that findings may depend on: configs, what they are rendered from, and the files of
applications."""


@record(frozen=False)
class _PublishedProject:
    """The last check of a project, the documents that it read, the URIs of files with published
    diagnostics, and the last error message shown."""

    checked: CheckedProject
    documents: Mapping[Path, OpenDocument] = field(default_factory=dict)
    published: dict[Path, str] = field(default_factory=dict)
    shown_error: str = ""


class Server(LanguageServer):
    """The open projects, and what was last published about them."""

    def __init__(self) -> None:
        # Whole texts, as pygls applies incremental changes to lines that it also ends at U+2028
        # and form feeds, unlike the protocol.
        super().__init__(
            "lintscale",
            f"v{__version__}",
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.projects: dict[Path, _PublishedProject] = {}
        self.edits: dict[Path, int] = {}
        self.caches: dict[Path, ReadingCache] = {}
        self.running = asyncio.Lock()
        # Not asyncio's executor, which the server would wait for before it ends.
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

    def documents(self, root: Path | None = None) -> dict[Path, OpenDocument]:
        """The open files, in a folder or anywhere."""
        found = {}
        for document in self.workspace.text_documents.values():
            path = to_file(document.uri)
            if path is not None and (root is None or path.is_relative_to(root)):
                found[path] = OpenDocument(document.uri, document.version, document.source)
        return found

    def project(self, path: Path) -> _PublishedProject | None:
        return self.projects.get(diagnostics.root_of(path, self.folders()))

    def at(self, path: Path, where: types.Range) -> list[tuple[Finding, types.Range]]:
        """The findings of the last check in a range, with their ranges."""
        project = self.project(path)
        if project is None or path not in project.documents:
            return []
        lines = Lines(project.documents[path].text, self.encoding)
        found = [(f, lines.range(f.location.span)) for f in project.checked.findings.get(path, ())]
        return [(finding, span) for finding, span in found if covers(span, where)]

    # -- checking ----------------------------------------------------------------------------------

    async def judge(self, path: Path, delay: float = QUIET_SECONDS) -> None:
        """Check the project of a file once typing has paused. A later edit cancels this one."""
        await self.judge_root(diagnostics.root_of(path, self.folders()), delay)

    async def judge_root(self, root: Path, delay: float) -> None:
        edit = self.edits[root] = self.edits.get(root, 0) + 1
        await asyncio.sleep(delay)
        async with self.running:
            if edit != self.edits[root]:
                return
            documents, folders = self.documents(root), self.folders()
            texts = {path: document.text for path, document in documents.items()}
            cache = self.caches.setdefault(root, {})

            def is_wanted() -> bool:
                return edit == self.edits.get(root)

            try:
                checked = await asyncio.get_running_loop().run_in_executor(
                    self.checking, diagnostics.check, root, texts, folders, cache, is_wanted
                )
            except diagnostics.OutdatedError:
                return
            except Exception as error:
                traceback.print_exc(file=sys.stderr)
                checked = CheckedProject(root, error=f"internal error: {error!r}")
        if edit == self.edits[root] and root in self._forget_closed():
            self._publish(root, checked, documents)

    def _publish(
        self, root: Path, checked: CheckedProject, documents: Mapping[Path, OpenDocument]
    ) -> None:
        texts = {path: document.text for path, document in documents.items()}
        project = self.projects.setdefault(root, _PublishedProject(checked))
        errors = list(checked.located_errors())
        # An error in an open configuration is shown there, as a diagnostic.
        is_open = any(path in documents for path, *_ in errors)
        if checked.error and checked.error != project.shown_error and not is_open:
            message = types.ShowMessageParams(types.MessageType.Error, checked.error)
            self.window_show_message(message)
        project.shown_error = checked.error
        found: dict[Path, list[types.Diagnostic]] = {}
        if checked.error:
            # The diagnostics of the last check stay.
            for path, line, column, text in errors:
                at = diagnostics.lines_of(path, texts, self.encoding).position(line, column)
                end = types.Position(at.line, at.character + 1)
                found.setdefault(path, []).append(
                    types.Diagnostic(
                        types.Range(at, end),
                        text,
                        severity=types.DiagnosticSeverity.Error,
                        source=diagnostics.SOURCE,
                    )
                )
        else:
            project.checked, project.documents = checked, documents
            for path, findings in checked.findings.items():
                found[path] = [
                    diagnostics.diagnostic(each, texts, checked, self.encoding) for each in findings
                ]
            found |= {path: [] for path in project.published.keys() - found.keys()}
        for path, published in sorted(found.items()):
            document = documents.get(path) or OpenDocument(path.as_uri())
            old_uri = project.published.pop(path, document.uri)
            if old_uri != document.uri:
                self._publish_file(old_uri, [])
            if published:
                project.published[path] = document.uri
            self._publish_file(document.uri, published, document.version)

    def _publish_file(
        self, uri: str, found: list[types.Diagnostic], version: int | None = None
    ) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def stop(self, seconds: float) -> None:
        """End the running check, and wait for that up to ``seconds``."""
        self.edits.clear()
        wait([self.checking.submit(int)], seconds)

    async def close(self, path: Path) -> None:
        """Check the project without the unsaved changes of a closed document."""
        root = diagnostics.root_of(path, self.folders())
        if root in self._forget_closed():
            await self.judge_root(root, QUIET_SECONDS)

    def _forget_closed(self) -> set[Path]:
        """Withdraw the diagnostics of projects without an open document; the roots of the others.
        A configuration that was added or deleted may have changed the root of a document."""
        opened = {diagnostics.root_of(each, self.folders()) for each in self.documents()}
        for root in self.projects.keys() - opened:
            self.edits[root] = self.edits.get(root, 0) + 1
            self.caches.pop(root, None)
            for uri in self.projects.pop(root).published.values():
                self._publish_file(uri, [])
        return opened

    async def judge_all(self) -> None:
        roots = self._forget_closed()
        await asyncio.gather(*(self.judge_root(root, QUIET_SECONDS) for root in roots))

    def concerns(self, path: Path) -> bool:
        """Whether a changed file may affect findings."""
        roots = [root for root in self.projects if path.is_relative_to(root)]
        return not roots or any(
            SKIPPED_FOLDERS.isdisjoint(path.relative_to(root).parts) for root in roots
        )

    # -- answers ----------------------------------------------------------------------------------

    async def action_context(self, path: Path) -> actions.CodeActionContext | None:
        """The context of code actions, from findings of the current texts. None for a document
        that is not open, or was changed again meanwhile."""
        if path not in self.documents():
            return None
        if self._current(path) is None:
            async with self.running:
                pass  # the running check may be the current one
        if self._current(path) is None:
            # A cancelled request must not cancel the check, which publishes diagnostics.
            await asyncio.shield(self.judge(path, 0))
        project = self._current(path)
        if project is None:
            return None
        window = self.client_capabilities.window
        show = window.show_document if window is not None else None
        can_select = show is not None and show.support
        return actions.CodeActionContext(
            project.checked, project.documents, self.encoding, can_select
        )

    def _current(self, path: Path) -> _PublishedProject | None:
        """The project of a file, unless a document in it has changed since the last check."""
        project = self.project(path)
        if project is None or project.documents != self.documents(project.checked.root):
            return None
        return project


def create() -> Server:
    """A server with all its handlers."""
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
        with contextlib.suppress(Exception):  # without it, saved files are still notified
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
    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_change(
        params: types.DidChangeTextDocumentParams | types.DidSaveTextDocumentParams,
    ) -> None:
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
        """The findings at a position, with their rules."""
        path = to_file(params.text_document.uri)
        project = server.project(path) if path is not None else None
        if path is None or project is None:
            return None
        found = server.at(path, types.Range(params.position, params.position))
        if not found:
            return None
        text = diagnostics.hover_text([finding for finding, _ in found], project.checked)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), found[0][1])

    kinds = [types.CodeActionKind.QuickFix, actions.FIX_ALL]

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds)
    )
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        path = to_file(params.text_document.uri)
        context = await server.action_context(path) if path is not None else None
        if path is None or context is None:
            return []
        made: list[types.CodeAction] = []
        if _wants(params.context, types.CodeActionKind.QuickFix):
            for finding, _ in server.at(path, params.range):
                made += actions.quick(context, finding)
        if _wants(params.context, actions.FIX_ALL):
            everything = actions.fix_all(context, path)
            made += [everything] if everything is not None else []
        return made

    @server.command(actions.SELECT)
    async def select(uri: str, line: int, column: int, end_line: int, end_column: int) -> None:
        where = types.Range(types.Position(line, column), types.Position(end_line, end_column))
        await server.window_show_document_async(
            types.ShowDocumentParams(uri, take_focus=True, selection=where)
        )


def _wants(context: types.CodeActionContext, kind: str) -> bool:
    """Whether the editor asks for actions of a kind, by its name or that of a parent kind."""
    only = context.only
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)
