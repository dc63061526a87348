"""A small project, and the command run on it within this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lintscale._record import record
from lintscale.cli.app import run

RENDER = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: uvicorn shop:app --port $PORT
    healthCheckPath: /health
    scaling:
      minInstances: 1
      maxInstances: 6
      targetCPUPercent: 70
"""
"""One error (min-instances, line 8)."""

HEALTHY = RENDER.replace("minInstances: 1", "minInstances: 2")


@record
class Ran:
    code: int
    out: str
    err: str


Lintscale = Callable[..., Ran]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the outcome depends on is set by the test alone."""
    for name in (
        "GITHUB_ACTIONS",
        "GITHUB_WORKSPACE",
        "CI_PROJECT_DIR",
        "NO_COLOR",
        "FORCE_COLOR",
        "LINTSCALE_DEBUG",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one Blueprint that has one error; the working folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".git").mkdir()
    (folder / "render.yaml").write_text(RENDER, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lintscale(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lintscale:
    """Runs the command line; ``stdin`` is what it reads."""

    def call(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        code = run(arguments)
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
