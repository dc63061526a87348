"""Where the projects of these tests are, and when they are checked."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where a project goes; its name says nothing about an environment."""
    return tmp_path / "bookshop"
