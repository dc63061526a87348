"""What an editor does, for tests."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

COMMAND = ClientServerConfig(server_command=[sys.executable, "-m", "lintscale", "server"])


async def start(
    client: LanguageClient,
    encodings: Sequence[types.PositionEncodingKind] = (),
    folders: Sequence[Path] = (),
    *,
    selects: bool = False,
) -> None:
    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        pass

    capabilities = client_capabilities("visual-studio-code")
    assert capabilities.general is not None
    assert capabilities.window is not None
    # lsprotocol takes an action that brings a command for a command.
    capabilities.window.show_document = types.ShowDocumentClientCapabilities(support=selects)
    if encodings:
        capabilities.general.position_encodings = list(encodings)
    workspace = [types.WorkspaceFolder(each.as_uri(), each.name) for each in folders]
    await client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=workspace)
    )


async def opened(client: LanguageClient, path: Path) -> list[types.Diagnostic]:
    text = path.read_text(encoding="utf-8")
    language = "json" if path.suffix == ".json" else "yaml"
    item = types.TextDocumentItem(path.as_uri(), language, 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    return await said(client, path)


async def changed(
    client: LanguageClient, path: Path, version: int, text: str
) -> list[types.Diagnostic]:
    document = types.VersionedTextDocumentIdentifier(version, path.as_uri())
    whole = types.TextDocumentContentChangeWholeDocument(text)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
    return await said(client, path)


async def said(client: LanguageClient, path: Path) -> list[types.Diagnostic]:
    """What is said of a document from now on."""
    uri = path.as_uri()
    client.diagnostics.pop(uri, None)
    await until(lambda: uri in client.diagnostics)
    return list(client.diagnostics[uri])


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


def codes(found: list[types.Diagnostic]) -> list[str]:
    return sorted(str(each.code) for each in found)


def codes_of(client: LanguageClient, path: Path) -> list[str]:
    return codes(list(client.diagnostics.get(path.as_uri(), [])))


def edits(action: types.CodeAction | types.Command) -> list[types.TextEdit]:
    """Those of the one document that an action changes, which must be named with its version."""
    assert isinstance(action, types.CodeAction)
    assert action.edit is not None
    assert action.edit.document_changes
    (change,) = (
        each for each in action.edit.document_changes if isinstance(each, types.TextDocumentEdit)
    )
    assert all(isinstance(each, types.TextEdit) for each in change.edits)
    return [each for each in change.edits if isinstance(each, types.TextEdit)]


async def offered(
    client: LanguageClient, path: Path, where: types.Range, only: Sequence[str] | None = None
) -> list[types.CodeAction]:
    document = types.TextDocumentIdentifier(path.as_uri())
    context = types.CodeActionContext([], list(only) if only is not None else None)
    found = await client.text_document_code_action_async(
        types.CodeActionParams(document, where, context)
    )
    return [each for each in found or () if isinstance(each, types.CodeAction)]
