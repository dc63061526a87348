"""The command as a process: what it does with its pipes, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest

from tests.lsp.test_server import BLUEPRINT, DEPLOYMENT

pytestmark = pytest.mark.slow

Message = Mapping[str, Any]


class Editor:
    """Messages as they stand on the pipes."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lintscale", "server", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **env},
        )
        # So that whoever waits for a message which does not come is told so.
        self.patience = threading.Timer(60, self.process.kill)
        self.patience.start()
        self.asked = 0
        self.ask("initialize", {"capabilities": {}})

    @property
    def input(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    def write(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.input.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.input.flush()

    def tell(self, method: str, params: object = None) -> None:
        self.write({"method": method, "params": params})

    def ask(self, method: str, params: object = None) -> int:
        self.asked += 1
        self.write({"id": self.asked, "method": method, "params": params})
        return self.asked

    def open(self, path: Path) -> None:
        text = path.read_text("utf-8")
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def read_until(self, holds: Callable[[Message], bool]) -> None:
        assert self.process.stdout is not None
        message: Message = {}
        while not holds(message):
            size = 0
            while header := self.process.stdout.readline().strip():
                if header.startswith(b"Content-Length:"):
                    size = int(header.split(b":")[1])
            assert size, "the server has ended"
            message = json.loads(self.process.stdout.read(size))


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Callable[..., Editor]]:
    editors = []

    def start(**env: str) -> Editor:
        editors.append(Editor(tmp_path, **env))
        return editors[-1]

    yield start
    for each in editors:
        each.patience.cancel()
        each.process.kill()
        each.process.wait()


@pytest.mark.parametrize(("asks", "code"), [(True, 0), (False, 1)])
def test_it_ends_when_told_to(editor: Callable[..., Editor], asks: bool, code: int) -> None:
    """Although the editor keeps its end of the pipe open."""
    client = editor()
    if asks:
        client.ask("shutdown")
    client.tell("exit")
    assert client.process.wait(20) == code


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_it_ends_on_ctrl_c(editor: Callable[..., Editor]) -> None:
    client = editor()
    client.read_until(lambda message: message.get("id") == 1)
    client.process.send_signal(signal.SIGINT)
    assert client.process.wait(60) == -signal.SIGINT


def test_it_does_not_wait_for_a_check(editor: Callable[..., Editor], tmp_path: Path) -> None:
    """A tool that renders may take long; an editor that is closed is to be gone."""
    folder, started, finished = (tmp_path / name for name in ("bin", "started", "finished"))
    folder.mkdir()
    slow = folder / "kustomize"
    script = f"#!/bin/sh\n: > '{started}'\n/bin/sleep 30\n: > '{finished}'\n"
    slow.write_text(script, encoding="utf-8")
    slow.chmod(0o755)
    root = tmp_path / "bookshop"
    (root / ".git").mkdir(parents=True)
    kustomization = root / "kustomization.yaml"
    kustomization.write_text("resources: [shop.yaml]\nnamePrefix: a-\n", encoding="utf-8")
    (root / "shop.yaml").write_text(DEPLOYMENT, encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    client = editor(PATH=path, LINTSCALE_CACHE_DIR=str(tmp_path / "cache"))
    client.open(kustomization)
    for _ in range(3000):
        if started.exists():
            break
        time.sleep(0.02)
    client.input.close()
    assert client.process.wait(60) == 1
    assert not finished.exists()


def test_a_question_that_is_taken_back(editor: Callable[..., Editor], tmp_path: Path) -> None:
    """As when the cursor moves on: the findings are due all the same."""
    path = tmp_path / "render.yaml"
    path.write_text(BLUEPRINT, encoding="utf-8")
    for number in range(150):
        manifest = DEPLOYMENT.replace("shop", f"shop-{number}")
        (tmp_path / f"{number}.yaml").write_text(manifest, encoding="utf-8")
    (tmp_path / ".git").mkdir()
    client = editor()
    uri = path.as_uri()
    client.open(path)
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    for version in range(2, 8):
        text = BLUEPRINT.replace("minInstances: 1", f"minInstances: {1 + version % 2}")
        document = {"uri": uri, "version": version}
        change = {"textDocument": document, "contentChanges": [{"text": text}]}
        client.tell("textDocument/didChange", change)
        question = {"textDocument": document, "range": where, "context": {"diagnostics": []}}
        asked = client.ask("textDocument/codeAction", question)
        time.sleep(0.05)
        client.tell("$/cancelRequest", {"id": asked})
    client.read_until(
        lambda message: (
            message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == uri
            and message["params"].get("version") == 7
        )
    )


@pytest.mark.parametrize("garbage", [b"hello\r\n\r\n", b"Content-Length: 2\r\n\r\n[]", b"\xff"])
def test_what_is_no_message(tmp_path: Path, garbage: bytes) -> None:
    command = [sys.executable, "-m", "lintscale", "server"]
    done = subprocess.run(command, input=garbage, capture_output=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert not done.stdout or done.stdout.startswith(b"Content-Length: ")


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text(
        "raise ModuleNotFoundError('No module named pygls', name='pygls')", encoding="utf-8"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "lintscale", "server"],
        env={**os.environ, "PYTHONPATH": path},
        input=b"",
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"pip install 'lintscale[server]'" in done.stderr
