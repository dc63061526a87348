"""Small projects on disk, and what fixing makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lintscale import api
from lintscale._record import replace
from lintscale.fixes.loop import FixResult
from lintscale.project.config import load_settings
from lintscale.reports.refusals import refusal_text
from tests.files import write_files

TODAY = "2026-09-21"

WORKER = """\
services:
  - type: worker
    name: mailer
    env: python  # as ever
    startCommand: python mailer.py
    autoDeploy: true
"""
"""Two deprecated keys, both with a safe fix."""

WORKER_FIXED = WORKER.replace("env:", "runtime:").replace(
    "autoDeploy: true", "autoDeployTrigger: commit"
)

SHOP = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --port $PORT
    healthCheckPath: /health
    numInstances: 3
    scaling:
      minInstances: 1
      maxInstances: 6
      targetCPUPercent: 70
"""
"""A safe fix for the count, an unsafe one for the minimum."""

SHOP_FIXED = SHOP.replace("    numInstances: 3\n", "")


def project(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A git repository with these files."""
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    return write_files(folder, files)


def fixed(
    folder: Path, *paths: str, unsafe: bool = False, stdin: bytes | None = None, **changes: Any
) -> FixResult:
    """What fixing comes to; ``changes`` are of the settings."""
    settings = replace(load_settings(folder), **changes)
    wanted = [path if path == "-" else str(folder / path) for path in paths] or [str(folder)]
    first = api.check(wanted, settings=settings, today=TODAY, stdin=stdin)
    return api.fix(first, unsafe=unsafe)


def texts(outcome: FixResult) -> dict[str, str]:
    return {each.name: each.after.decode() for each in outcome.changed}


def rules(outcome: FixResult) -> list[str]:
    return sorted(finding.rule for finding in outcome.fixed)


def reasons(outcome: FixResult) -> dict[str, str]:
    return {each.finding.rule: refusal_text(each.reason) for each in outcome.refused}
