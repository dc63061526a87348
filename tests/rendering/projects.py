"""Small projects with overlays, and what checking them says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lintscale import api
from lintscale.project.config import RunOptions, load_settings
from tests.manifests import as_yaml, budget, deployment, service
from tests.one_service import write

TOP = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
BASE = {
    "base/kustomization.yaml": f"{TOP}resources: [shop.yaml]\n",
    "base/shop.yaml": as_yaml(deployment(replicas=1), service(), budget()),
}
"""One flaw: min-instances, at the count on line 5."""


def overlay(name: str, more: str = "") -> dict[str, str]:
    return {f"overlays/{name}/kustomization.yaml": f"{TOP}resources: [../../base]\n{more}"}


def project(folder: Path, files: Mapping[str, str], config: str = "") -> Path:
    """Under a name that says nothing of an environment."""
    return write(folder / "bookshop", files, config)


RULES = (
    "duplicate-key",
    "min-instances",
    "missing-disruption-budget",
    "no-autoscaling",
    "replicas-beside-autoscaler",
    "schema-violation",
    "unknown-key",
    "unused-suppression",
)
"""Those that these projects are judged by; what other rules say of them is no matter here."""


def check(root: Path, *paths: Path, **settings: object) -> api.CheckResult:
    settings = {"select": RULES, **settings}
    result = api.check(
        [str(path) for path in paths] or [str(root)],
        settings=load_settings(root, RunOptions(**settings)),  # type: ignore[arg-type]
    )
    assert not result.failed_rules, [f.message for f in result.findings if f.internal]
    return result


def found(result: api.CheckResult) -> list[tuple[str, str, int]]:
    return [(f.rule, f.location.file, f.location.line) for f in result.findings]


def skipped(result: api.CheckResult) -> dict[str, tuple[str, str]]:
    """Reason and command by file."""
    return {each.file: (each.reason, each.command) for each in result.summary.skipped}
