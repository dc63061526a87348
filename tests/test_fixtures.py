"""The projects in fixtures/, checked by the real command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintscale import api
from lintscale._record import replace
from lintscale.fixes.loop import FixResult
from lintscale.project.config import RenderingSettings, load_settings
from lintscale.reports import diff
from tests.shuffle import documents, shuffled_yaml
from tests.snapshots import matches_stored

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
STORED = Path(__file__).parent / "snapshots" / "fixtures"
PROJECTS = sorted(
    file.parent.relative_to(FIXTURES).as_posix() for file in FIXTURES.rglob("lintscale.toml")
)
TODAY = "1790000000"  # 2026-09-21
PLATFORMS = ("ecs", "kubernetes", "railway", "render")
HEALTH = ("healthy", "unhealthy")


def run_check(project: str, folder: Path) -> tuple[int, str, dict[str, Any]]:
    """Exit code, concise output, JSON report of ``lintscale check`` in the project's folder."""
    report = folder / "report.json"
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GITHUB_", "LINTSCALE_"))
    }
    environment |= {
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": TODAY,
    }
    formats = ["--output-format", f"json={report}", "--output-format", "concise"]
    done = subprocess.run(
        [sys.executable, "-m", "lintscale", "check", ".", "--no-render", *formats],
        cwd=FIXTURES / project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout, json.loads(report.read_text(encoding="utf-8"))


def test_every_platform_has_a_healthy_and_an_unhealthy_project() -> None:
    pairs = {f"{platform}/{verdict}" for platform in PLATFORMS for verdict in HEALTH}
    assert pairs | {"everything"} <= set(PROJECTS)


@pytest.mark.parametrize("project", PROJECTS)
def test_check_says_what_is_stored(project: str, tmp_path: Path) -> None:
    code, concise, report = run_check(project, tmp_path)
    assert report["tool"]["name"] == "lintscale"
    report["tool"]["version"] = "…"
    name = project.replace("/", "-")
    matches_stored(json.dumps(report, ensure_ascii=False, indent=2) + "\n", STORED / f"{name}.json")
    matches_stored(concise, STORED / f"{name}.txt")
    if project.endswith("/healthy"):
        assert (code, report["findings"]) == (0, [])
    elif project.startswith("outage/"):
        assert [finding["rule"] for finding in report["findings"]] == ["pool-exceeds-limit"]
    else:
        assert code == 1
        assert {finding["severity"] for finding in report["findings"]} >= {"error", "warning"}


def test_the_project_of_everything_speaks_of_all_platforms() -> None:
    result = api.check(
        [str(FIXTURES / "everything")], settings=load_settings(FIXTURES / "everything")
    )
    assert {workload.platform for workload in result.project.workloads} == set(PLATFORMS)
    assert {finding.platform for finding in result.findings} == set(PLATFORMS)


# -- fixes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("project", PROJECTS)
def test_fixes_are_what_is_stored(
    project: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All fixes of a project, the unsafe ones too, as a diff for whoever reviews them. After them
    there is nothing left to fix."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    folder = tmp_path / "bookshop" / project
    shutil.copytree(FIXTURES / project, folder)
    outcome = fixes(folder)
    text = diff.render((each.name, each.before, each.after) for each in outcome.changed)
    assert outcome.settled
    if project.endswith("/healthy"):
        assert not text
        return
    name = project.replace("/", "-")
    matches_stored(text, STORED.parent / "fixes" / f"{name}.diff")
    for each in outcome.changed:
        (folder / each.name).write_bytes(each.after)
    assert not fixes(folder).changed


def fixes(folder: Path) -> FixResult:
    settings = replace(load_settings(folder), rendering=RenderingSettings(enabled=False))
    first = api.check([str(folder)], settings=settings)
    return api.fix(first, unsafe=True)


# -- order ----------------------------------------------------------------------------------------

BROKEN = ("deploy/apps/returns.yaml", "deploy/apps/catalogue.yaml")
"""Findings about broken syntax and repeated keys speak of lines; these files stay as they are."""

FOLDERS = ("k8s", "k8s/apps", "deploy/manifests", "teams/payments", ".")


def stays(name: str) -> bool:
    """Whether the file means something by its own name and place: a kustomization and what it
    patches by path."""
    return name in BROKEN or "overlays/" in name or name.endswith("kustomization.yaml")


@cache
def movable_documents(project: str) -> tuple[str, ...]:
    """The documents of a project that may stand anywhere, as texts."""
    found: list[str] = []
    for path in sorted((FIXTURES / project).rglob("*.yaml")):
        if not stays(path.relative_to(FIXTURES / project).as_posix()):
            found += documents(path.read_text(encoding="utf-8"))
    return tuple(found)


def scatter(project: str, folder: Path, random: Random) -> None:
    """Write the project into ``folder`` with its documents in other files and another order."""
    for path in sorted((FIXTURES / project).rglob("*")):
        name = path.relative_to(FIXTURES / project).as_posix()
        if path.is_file() and (path.suffix == ".toml" or stays(name)):
            write(folder / name, path.read_text(encoding="utf-8"))
    texts = [shuffled_yaml(text, random) for text in movable_documents(project)]
    random.shuffle(texts)
    files: dict[str, list[str]] = {}
    count = random.randint(1, len(texts))
    for text in texts:
        number = random.randint(1, count)
        place = f"{FOLDERS[number % len(FOLDERS)]}/{random.choice('abc')}{number}.yaml"
        files.setdefault(place, []).append(text)
    for name, parts in files.items():
        write(folder / name, "---\n".join(parts))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def verdicts(folder: Path) -> Counter[tuple[str, str | None, str]]:
    result = api.check([str(folder)], settings=load_settings(folder))
    return Counter((finding.rule, finding.workload, finding.message) for finding in result.findings)


@pytest.mark.parametrize("project", ["kubernetes/healthy", "kubernetes/unhealthy"])
@given(seed=st.integers(min_value=0, max_value=2**32))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_order_and_place_of_documents_change_no_verdict(
    project: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    with tempfile.TemporaryDirectory() as folder:
        # The folder's own name must say nothing about an environment.
        moved = Path(folder) / "bookshop"
        scatter(project, moved, Random(seed))  # noqa: S311 - an order, not a secret
        assert verdicts(moved) == verdicts(FIXTURES / project)
