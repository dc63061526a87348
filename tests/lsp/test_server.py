"""A scripted editor: a real client of the protocol, the real command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import LanguageClient

from tests.files import write_files
from tests.lsp import editor
from tests.lsp.editor import changed, codes, codes_of, edits, opened, said, until

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: uvicorn shop:app --port $PORT
    healthCheckPath: /livez
    scaling:
      minInstances: 1
      maxInstances: 6
      targetCPUPercent: 70
"""

HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
"""

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {app: \U0001d49cshop}
spec:
  replicas: 3
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example/shop:1.4.2
          resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    files = {
        "render.yaml": BLUEPRINT,
        "k8s/hpa.yaml": HPA,
        "k8s/shop.yaml": DEPLOYMENT,
        "railway.json": '{"deploy": {"startCommand": "node .", "numReplicas": 1}}\n',
    }
    return write_files(tmp_path, files)


@pytest_lsp.fixture(config=editor.COMMAND)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await editor.start(lsp_client)
    yield
    await lsp_client.shutdown_session()


@pytest.mark.asyncio
async def test_open_edit_hover_fix(client: LanguageClient, project: Path) -> None:
    path = project / "render.yaml"
    for name in ("k8s/shop.yaml", "k8s/hpa.yaml", "railway.json"):  # the same service elsewhere
        (project / name).unlink()
    (only,) = await opened(client, path)
    assert only.code == "min-instances"
    assert only.severity is types.DiagnosticSeverity.Error
    assert (only.range.start, only.range.end) == (types.Position(7, 6), types.Position(7, 21))

    document = types.TextDocumentIdentifier(path.as_uri())
    hover = await client.text_document_hover_async(
        types.HoverParams(document, types.Position(7, 10))
    )
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "A production service can run on a single instance" in hover.contents.value
    nothing = await client.text_document_hover_async(
        types.HoverParams(document, types.Position(0, 0))
    )
    assert nothing is None

    offered = await client.text_document_code_action_async(
        types.CodeActionParams(document, only.range, types.CodeActionContext([only]))
    )
    assert offered is not None
    fix, suppress = offered
    assert isinstance(fix, types.CodeAction)
    assert "may change what the service does" in fix.title
    assert fix.edit is not None
    (edit,) = edits(fix)
    assert (edit.range.start.line, edit.new_text) == (7, "2")
    assert isinstance(suppress, types.CodeAction)
    (comment,) = edits(suppress)
    assert comment.new_text == "      # lintscale: ignore[min-instances] say why\n"

    # Both are what the server itself is content with.
    assert await changed(client, path, 2, BLUEPRINT.replace("ances: 1", "ances: 2")) == []
    lines = BLUEPRINT.splitlines(keepends=True)
    lines.insert(7, comment.new_text)
    assert await changed(client, path, 3, "".join(lines)) == []
    broken = await changed(client, path, 4, BLUEPRINT.replace("scaling:", "scaling: ["))
    assert codes(broken) == ["syntax-error"]


@pytest.mark.asyncio
async def test_what_is_typed_counts_for_other_files(client: LanguageClient, project: Path) -> None:
    shop, hpa = project / "k8s" / "shop.yaml", project / "k8s" / "hpa.yaml"
    found = await opened(client, shop)
    assert "replicas-beside-autoscaler" in codes(found)
    (beside,) = [each for each in found if each.code == "replicas-beside-autoscaler"]
    assert beside.related_information
    assert beside.related_information[0].location.uri == hpa.as_uri()
    await opened(client, hpa)
    # Not saved: the autoscaler is for something else from now on.
    await changed(client, hpa, 2, HPA.replace("name: shop}", "name: other}"))
    await until(lambda: "replicas-beside-autoscaler" not in codes_of(client, shop))
    assert "replicas-beside-autoscaler" not in codes(list(client.diagnostics[shop.as_uri()]))


@pytest.mark.asyncio
async def test_json_is_suppressed_in_the_config(client: LanguageClient, project: Path) -> None:
    path = project / "railway.json"
    found = await opened(client, path)
    (only,) = [each for each in found if each.code == "min-instances"]
    document = types.TextDocumentIdentifier(path.as_uri())
    offered = await client.text_document_code_action_async(
        types.CodeActionParams(document, only.range, types.CodeActionContext([only]))
    )
    assert offered is not None
    titles = [each.title for each in offered if "min-instances" in each.title]
    assert titles == ["Suppress min-instances for this file in lintscale.toml, with a reason"]


@pytest.mark.asyncio
async def test_a_broken_config_is_told(client: LanguageClient, project: Path) -> None:
    (project / "lintscale.toml").write_text('profil = "balanced"\n', encoding="utf-8")
    path = project / "render.yaml"
    text = path.read_text(encoding="utf-8")
    item = types.TextDocumentItem(path.as_uri(), "yaml", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    async with asyncio.timeout(30):
        await client.wait_for_notification(types.WINDOW_SHOW_MESSAGE)
    assert "did you mean “profile”" in client.messages[0].message


@pytest.mark.asyncio
async def test_closing_takes_the_findings_away(client: LanguageClient, project: Path) -> None:
    path = project / "render.yaml"
    assert await opened(client, path)
    document = types.TextDocumentIdentifier(path.as_uri())
    client.text_document_did_close(types.DidCloseTextDocumentParams(document))
    assert await said(client, path) == []
