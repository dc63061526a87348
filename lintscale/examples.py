"""What lintscale says of the examples in rule files.

An example is written out into a folder and checked like any project, so that what tests,
``explain`` and the rules' pages show is what a user would see.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from lintscale import api
from lintscale.api import CheckResult
from lintscale.config import Settings, load_settings
from lintscale.config.loader import FILE_NAME

DAY = "2026-09-21"
"""The day on which examples are judged: what they show must not change with the calendar."""

FOLDER = "shop"
"""Platforms whose files do not name the service call it after this folder, which must say nothing
about an environment."""


def judged(files: Mapping[str, str], config: str = "") -> CheckResult:
    """What a check of ``files`` (texts by their paths) comes to, with ``config`` as the
    lintscale.toml beside them."""
    # Resolved, because the root of a project is: on macOS temporary folders are behind a link.
    with TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve() / FOLDER
        for name, text in {**files, **({FILE_NAME: config} if config else {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        settings = load_settings(folder) if config else Settings(root=folder)
        return api.check([str(folder)], settings=settings, today=DAY)
