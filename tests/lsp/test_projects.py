"""What changes around a document, and documents of every kind."""

from __future__ import annotations

import ast
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import LanguageClient

from lintscale.lsp import diagnostics
from tests.files import write_files
from tests.lsp import editor
from tests.lsp.editor import changed, codes, codes_of, edits, offered, opened, said, until
from tests.lsp.test_server import BLUEPRINT as BLUEPRINT_OF_SHOP
from tests.lsp.test_server import DEPLOYMENT, HPA

pytestmark = pytest.mark.slow

BLUEPRINT = BLUEPRINT_OF_SHOP.replace("name: shop", "name: till")
"""Of another service: nothing in it has to do with the other files."""

ALL = types.Range(types.Position(0, 0), types.Position(999, 0))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my shöp"
    (folder / ".git").mkdir(parents=True)
    return write_files(folder, {"hpa.yaml": HPA, "shop.yaml": DEPLOYMENT})


@pytest_lsp.fixture(config=editor.COMMAND)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await editor.start(lsp_client)
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=editor.COMMAND)
async def in_bytes(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await editor.start(lsp_client, [types.PositionEncodingKind.Utf8])
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=editor.COMMAND)
async def selecting(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await editor.start(lsp_client, selects=True)
    yield
    await lsp_client.shutdown_session()


def moved(client: LanguageClient, path: Path, kind: types.FileChangeType) -> None:
    event = types.FileEvent(path.as_uri(), kind)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


@pytest.mark.asyncio
async def test_files_that_are_not_open_are_judged_anew(
    client: LanguageClient, project: Path
) -> None:
    shop, hpa = project / "shop.yaml", project / "hpa.yaml"
    await opened(client, hpa)
    await until(lambda: "replicas-beside-autoscaler" in codes_of(client, shop))
    await changed(client, hpa, 2, HPA.replace("name: shop}", "name: other}"))
    await until(lambda: "replicas-beside-autoscaler" not in codes_of(client, shop))
    shop.unlink()
    moved(client, shop, types.FileChangeType.Deleted)
    await until(lambda: codes_of(client, shop) == [])


@pytest.mark.asyncio
async def test_what_is_not_saved_counts_no_more_once_closed(
    client: LanguageClient, project: Path
) -> None:
    shop, hpa = project / "shop.yaml", project / "hpa.yaml"
    await opened(client, shop)
    await opened(client, hpa)
    await changed(client, hpa, 2, HPA.replace("name: shop}", "name: other}"))
    await until(lambda: "replicas-beside-autoscaler" not in codes_of(client, shop))
    document = types.TextDocumentIdentifier(hpa.as_uri())
    client.text_document_did_close(types.DidCloseTextDocumentParams(document))
    await until(lambda: "replicas-beside-autoscaler" in codes_of(client, shop))


@pytest.mark.asyncio
async def test_projects_do_not_get_in_each_others_way(
    client: LanguageClient, tmp_path: Path
) -> None:
    paths = [tmp_path / name / "render.yaml" for name in ("a", "b")]
    for path in paths:
        (path.parent / ".git").mkdir(parents=True)
        path.write_text(BLUEPRINT, encoding="utf-8")
        item = types.TextDocumentItem(path.as_uri(), "yaml", 1, BLUEPRINT)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    for path in paths:
        await until(lambda path=path: codes_of(client, path) == ["min-instances"])


@pytest.mark.asyncio
async def test_a_file_that_is_not_saved_yet(client: LanguageClient, project: Path) -> None:
    path = project / "render.yaml"
    item = types.TextDocumentItem(path.as_uri(), "yaml", 1, BLUEPRINT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert codes(await said(client, path)) == ["min-instances"]


@pytest.mark.asyncio
async def test_units_that_were_agreed_on(in_bytes: LanguageClient, project: Path) -> None:
    path = project / "shop.yaml"
    flow = "spec: {paused: false, x: \U0001f600\U0001f600, replicas: 3, selector:"
    text = DEPLOYMENT.replace("spec:\n  replicas: 3\n  selector:", flow, 1)
    text = text.replace("app: shop}}\n  template:\n", "app: shop}}, template: {}}\n", 1)
    await opened(in_bytes, path)
    found = await changed(in_bytes, path, 2, text.split("    metadata: {labels")[0])
    (beside,) = [each for each in found if each.code == "replicas-beside-autoscaler"]
    line = text.splitlines()[beside.range.start.line].encode()
    start, end = beside.range.start.character, beside.range.end.character
    assert line[start:end] == b"replicas: 3"


@pytest.mark.asyncio
async def test_only_what_is_asked_for(client: LanguageClient, project: Path) -> None:
    shop = project / "shop.yaml"
    await opened(client, shop)
    every = await offered(client, shop, ALL)
    assert {each.kind for each in every} >= {types.CodeActionKind.QuickFix}
    for only in (["source.fixAll"], ["source.fixAll.lintscale"], ["source"]):
        some = await offered(client, shop, ALL, only)
        assert {each.kind for each in some} <= {"source.fixAll.lintscale"}
    assert await offered(client, shop, ALL, ["source.fixAll.other"]) == []
    assert await offered(client, shop, ALL, ["refactor"]) == []


@pytest.mark.asyncio
async def test_all_safe_fixes_of_what_is_typed(client: LanguageClient, project: Path) -> None:
    shop = project / "shop.yaml"
    await opened(client, shop)
    text = DEPLOYMENT.replace("  replicas: 3", "  # lintscale: ignore[spot-only] no\n  replicas: 3")
    document = types.VersionedTextDocumentIdentifier(7, shop.as_uri())
    whole = types.TextDocumentContentChangeWholeDocument(text)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
    # At once, as when a file is saved: what was found before the change is of no use.
    (action,) = await offered(client, shop, ALL, ["source.fixAll"])
    assert action.edit is not None
    assert action.edit.document_changes
    (change,) = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version == 7
    assert "" in [each.new_text for each in edits(action)]


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("lintscale.toml", 'ignore = ["no-autoscaling"]\n[strict]\nrules = []\n'),
        ("lintscale.toml", 'profile = "balanced"'),
        ("pyproject.toml", "[tool.lintscale]\n\n[tool.other]\nkey = 1\n"),
    ],
)
@pytest.mark.asyncio
async def test_a_suppression_in_the_configuration(
    client: LanguageClient, project: Path, name: str, config: str
) -> None:
    (project / name).write_text(config, encoding="utf-8")
    path = project / "railway.json"
    path.write_text('{"deploy": {"startCommand": "node .", "numReplicas": 1}}\n', encoding="utf-8")
    found = await opened(client, path)
    (only,) = [each for each in found if each.code == "min-instances"]
    actions = await offered(client, path, only.range)
    (action,) = [each for each in actions if each.title.startswith("Suppress min-instances")]
    assert name in action.title
    (edit,) = edits(action)
    lines = config.split("\n")
    start = sum(len(line) + 1 for line in lines[: edit.range.start.line])
    start += edit.range.start.character
    (project / name).write_text(config[:start] + edit.new_text + config[start:], encoding="utf-8")
    moved(client, project / name, types.FileChangeType.Changed)
    await until(lambda: "min-instances" not in codes_of(client, path))
    assert not client.messages


@pytest.mark.asyncio
async def test_the_reason_is_selected(selecting: LanguageClient, project: Path) -> None:
    path = project / "render.yaml"
    path.write_text(BLUEPRINT, encoding="utf-8")
    (only,) = await opened(selecting, path)
    document = types.TextDocumentIdentifier(path.as_uri())
    found = await selecting.text_document_code_action_async(
        types.CodeActionParams(document, only.range, types.CodeActionContext([only]))
    )
    assert found
    commands: list[Any] = [each.command for each in found]
    (command,) = [ast.literal_eval(c) if isinstance(c, str) else c for c in commands if c]
    await selecting.workspace_execute_command_async(
        types.ExecuteCommandParams(command["command"], command["arguments"])
    )
    await until(lambda: bool(selecting.shown_documents))
    where = selecting.shown_documents[0].selection
    assert where is not None
    comment = "      # lintscale: ignore[min-instances] say why"
    assert (where.start.line, where.end.line) == (7, 7)
    assert comment[where.start.character : where.end.character] == "say why"


@pytest.mark.asyncio
async def test_mistakes_of_the_configuration_stand_in_it(
    client: LanguageClient, project: Path
) -> None:
    config = project / "lintscale.toml"
    config.write_text('\nprofil = "balanced"\n', encoding="utf-8")
    shop = project / "shop.yaml"
    item = types.TextDocumentItem(shop.as_uri(), "yaml", 1, DEPLOYMENT)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await until(lambda: bool(client.diagnostics.get(config.as_uri())))
    (only,) = client.diagnostics[config.as_uri()]
    assert (only.range.start.line, "profile" in only.message) == (1, True)
    config.write_text('profile = "balanced"\n', encoding="utf-8")
    moved(client, config, types.FileChangeType.Changed)
    await until(lambda: not client.diagnostics[config.as_uri()])
    await until(lambda: "replicas-beside-autoscaler" in codes_of(client, shop))


@pytest.mark.asyncio
async def test_what_is_no_file_is_left_alone(client: LanguageClient, project: Path) -> None:
    for uri in ("untitled:Untitled-1", "git:/x.yaml?{}", "file:///"):
        item = types.TextDocumentItem(uri, "yaml", 1, BLUEPRINT)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert await opened(client, project / "shop.yaml")
    assert not client.messages


@pytest.mark.asyncio
async def test_a_configuration_makes_a_folder_a_project(
    client: LanguageClient, project: Path
) -> None:
    shop, inner = project / "shop.yaml", project / "inner" / "render.yaml"
    inner.parent.mkdir()
    inner.write_text(BLUEPRINT, encoding="utf-8")
    await opened(client, inner)
    await until(lambda: "replicas-beside-autoscaler" in codes_of(client, shop))
    config = inner.parent / "lintscale.toml"
    config.write_text('profile = "balanced"\n', encoding="utf-8")
    moved(client, config, types.FileChangeType.Created)
    await until(lambda: codes_of(client, shop) == [])
    await until(lambda: codes_of(client, inner) == ["min-instances"])


@pytest.mark.asyncio
async def test_a_configuration_counts_as_it_is_typed(client: LanguageClient, project: Path) -> None:
    path, config = project / "render.yaml", project / "lintscale.toml"
    path.write_text(BLUEPRINT, encoding="utf-8")
    config.write_text("", encoding="utf-8")
    assert codes(await opened(client, path)) == ["min-instances"]
    await opened(client, config)
    await changed(client, config, 2, 'ignore = ["min-instances"]\n')
    await until(lambda: codes_of(client, path) == [])
    (mistake,) = await changed(client, config, 3, 'ignore = ["min-instance"]\n')
    assert "did you mean “min-instances”?" in mistake.message
    # It stands where one is typing: nothing pops up besides.
    assert not client.messages
    await changed(client, config, 4, "")
    await until(lambda: codes_of(client, path) == ["min-instances"])


@pytest.mark.asyncio
async def test_each_file_is_spoken_of_by_its_own_project(
    client: LanguageClient, project: Path
) -> None:
    outer, inner = project / "render.yaml", project / "inner" / "render.yaml"
    inner.parent.mkdir()
    (inner.parent / "lintscale.toml").write_text('ignore = ["min-instances"]\n', encoding="utf-8")
    for path in (outer, inner):
        path.write_text(BLUEPRINT, encoding="utf-8")
    assert await opened(client, inner) == []
    assert codes(await opened(client, outer)) == ["min-instances"]
    await until(lambda: bool(codes_of(client, project / "shop.yaml")))
    assert codes_of(client, inner) == []


@pytest.mark.asyncio
async def test_a_folder_that_is_gone(client: LanguageClient, tmp_path: Path) -> None:
    """What stands beside it is no part of the project."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (tmp_path / "render.yaml").write_text(BLUEPRINT, encoding="utf-8")
    added = types.WorkspaceFolder(folder.as_uri(), "shop")
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([added], []))
    )
    path = folder / "render.yaml"
    path.write_text(BLUEPRINT, encoding="utf-8")
    await opened(client, path)
    shutil.rmtree(folder)
    assert codes(await changed(client, path, 2, f"{BLUEPRINT}\n")) == ["min-instances"]
    assert set(client.diagnostics) == {path.as_uri()}


@pytest.mark.asyncio
async def test_a_project_below_a_folder_that_others_leave_out(
    client: LanguageClient, tmp_path: Path
) -> None:
    folder = tmp_path / "vendor" / "shop"
    (folder / ".git").mkdir(parents=True)
    shop, hpa = folder / "shop.yaml", folder / "hpa.yaml"
    shop.write_text(DEPLOYMENT, encoding="utf-8")
    hpa.write_text(HPA, encoding="utf-8")
    assert "replicas-beside-autoscaler" in codes(await opened(client, shop))
    hpa.unlink()
    moved(client, hpa, types.FileChangeType.Deleted)
    await until(lambda: "replicas-beside-autoscaler" not in codes_of(client, shop))


@pytest.mark.asyncio
async def test_a_policy_that_cannot_be_used(client: LanguageClient, project: Path) -> None:
    """It has no page to lead to, and its mistakes are told without repeating its name."""
    policy = project / "policies" / "quota.yaml"
    policy.parent.mkdir()
    policy.write_text("id: quota\n", encoding="utf-8")
    config = project / "lintscale.toml"
    config.write_text('policies = ["policies"]\n', encoding="utf-8")
    found = await opened(client, policy)
    assert len(found) > 1
    assert all(each.code_description is None for each in found)
    document = types.TextDocumentIdentifier(policy.as_uri())
    told = await client.text_document_hover_async(types.HoverParams(document, found[0].range.start))
    assert told is not None
    assert isinstance(told.contents, types.MarkupContent)
    assert told.contents.value.count("**quota** (error)") == 1
    assert "](" not in told.contents.value
    assert await offered(client, policy, ALL) == []


@pytest.mark.asyncio
async def test_what_files_hold_is_no_markdown(client: LanguageClient, project: Path) -> None:
    shop = project / "shop.yaml"
    text = DEPLOYMENT.replace("  name: shop", '  name: "<b>[x](http://example.com)"', 1)
    await opened(client, shop)
    found = await changed(client, shop, 2, text)
    (missing,) = [each for each in found if "<b>" in each.message][:1]
    document = types.TextDocumentIdentifier(shop.as_uri())
    told = await client.text_document_hover_async(types.HoverParams(document, missing.range.start))
    assert told is not None
    assert isinstance(told.contents, types.MarkupContent)
    assert "<b>" not in told.contents.value
    assert "[x](http" not in told.contents.value


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_home_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """An editor that is opened there would have all of it read."""
    home = tmp_path / "home" / "me"
    other = home / "other" / "render.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(BLUEPRINT, encoding="utf-8")
    path = home / "render.yaml"
    path.write_text(BLUEPRINT, encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    folders = [(home / folder).resolve()]
    root = diagnostics.root_of(path, folders)
    assert root == home
    assert set(diagnostics.check(root, {path: BLUEPRINT}, folders).findings) == {path}
