"""Tools for tests that render."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from lintscale.platforms.kubernetes.rendering.tools import find, isolation
from tests.rendering.tools import Tools

REAL_PATH = os.environ.get("PATH", "")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """None yet; a cache of its own beside them."""
    monkeypatch.setattr("lintscale.platforms.kubernetes.rendering.plan.find", find)
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(tmp_path / "cache"))
    isolation()  # looks for unshare on the real PATH, once
    return Tools(tmp_path / "bin", monkeypatch)


@pytest.fixture(params=["kustomize", "kubectl"])
def real_kustomize(
    request: pytest.FixtureRequest, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> str:
    return _real(request.param, tools)


@pytest.fixture
def real_helm(tools: Tools) -> str:
    return _real("helm", tools)


def _real(name: str, tools: Tools) -> str:
    """The program that is installed here, and no other; the test is left out without it."""
    found = shutil.which(name, path=REAL_PATH)
    if found is None:
        pytest.skip(f"{name} is not installed")
    (tools.folder / name).symlink_to(os.path.realpath(found))
    return name
