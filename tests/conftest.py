"""Settings for the whole suite."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default",
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of whoever runs it, or reports to their CI."""
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(_cache(tmp_path_factory)))
    for name in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is rendered does not depend on what is installed; tests/rendering brings its own."""
    monkeypatch.setattr(
        "lintscale.platforms.kubernetes.rendering.plan.find", lambda names, root: None
    )


def _cache(factory: pytest.TempPathFactory) -> Path:
    """One for the whole run, so that the rules are compiled once."""
    folder = factory.getbasetemp() / "lintscale-cache"
    folder.mkdir(exist_ok=True)
    return folder
