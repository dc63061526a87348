"""The rules are those of the catalogue, and a rule is added by its file alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lintscale import api
from tools import rules as catalogue

RULES = api.rules()
DOCS = catalogue.ROOT / "docs"


def test_the_catalogue_is_current() -> None:
    """Ids are part of suppressions, configurations and other tools' keys: a rename or another
    category is a change of the interface."""
    before, after = catalogue.read_catalogue(), catalogue.rows(RULES)
    assert not catalogue.changed(before, after), "a change of the interface"
    assert before == after, f"run {catalogue.COMMAND}"


def test_a_change_of_an_existing_rule_stands_out() -> None:
    before = catalogue.rows(RULES)
    after = before | {"min-instances": "availability, info, ecs, no fix"}
    del after["no-drain"]
    assert catalogue.changed(before, after) == [
        f"min-instances: {before['min-instances']} -> availability, info, ecs, no fix",
        f"no-drain: {before['no-drain']} -> gone",
    ]
    assert catalogue.changed(before, before | {"new": "scaling, info, ecs, no fix"}) == []


NEW = """\
id: odd-count
category: scaling
severity: info
summary: A service that runs an odd number of instances
platforms: [railway]
scope: workload
when: workload.replicas != null
expect: workload.replicas % 2 == 0
at: workload.replicas
message: "{workload.name} runs {workload.replicas} instances"
why: An odd number of instances does not spread evenly over two zones.
fix:
  help: Run an even number of instances.
references: [https://docs.railway.com/reference/scaling]
examples:
  - platform: railway
    line: 1
    fails: |
      {"deploy": {"numReplicas": 3}}
  - platform: railway
    passes: |
      {"deploy": {"numReplicas": 4}}
  - platform: railway
    name: a number that is filled in later
    near-miss: |
      {"deploy": {"numReplicas": "${COUNT}"}}
"""


def test_a_rule_is_added_by_its_file_and_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _checkout(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("LINTSCALE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    before = _contents(root)
    (root / "rules" / "odd-count.yaml").write_text(NEW, encoding="utf-8")
    ran = _suite(root)
    assert f"run {catalogue.COMMAND}" in ran.stdout, ran.stdout
    assert "2 failed" in ran.stdout.splitlines()[-1], ran.stdout
    subprocess.run([sys.executable, *catalogue.COMMAND.split()[1:]], cwd=root, check=True)
    ran = _suite(root)
    assert ran.returncode == 0, ran.stdout
    after = _contents(root)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    written_by_hand = {"rules/odd-count.yaml"}
    assert changed == written_by_hand | {
        "docs/rules/index.md",
        "docs/rules/odd-count.md",
        "tests/rules/catalogue.txt",
    }


def _checkout(folder: Path) -> Path:
    """The repository with three of the rules."""
    root = folder / "checkout"
    (root / "docs").mkdir(parents=True)
    for name in ("fixtures", "lintscale", "schemas", "tools"):
        (root / name).symlink_to(catalogue.ROOT / name)
    for name in ("pyproject.toml", *(f"docs/{page.name}" for page in DOCS.glob("*.md"))):
        shutil.copyfile(catalogue.ROOT / name, root / name)
    shutil.copytree(catalogue.ROOT / "tests" / "rules", root / "tests" / "rules")
    for file in (catalogue.ROOT / "tests").glob("*.py"):
        if not file.name.startswith("test_"):
            shutil.copyfile(file, root / "tests" / file.name)
    (root / "rules").mkdir()
    for rule in ("min-instances", "no-drain", "syntax-error"):
        shutil.copyfile(catalogue.ROOT / "rules" / f"{rule}.yaml", root / "rules" / f"{rule}.yaml")
    env = {**os.environ, "PYTHONPATH": str(root), "LINTSCALE_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, *catalogue.COMMAND.split()[1:], catalogue.ACCEPT]
    subprocess.run(command, cwd=root, env=env, check=True)
    return root


def _suite(root: Path) -> subprocess.CompletedProcess[str]:
    """The tests of all rules, but for those of single ones that are not in the checkout."""
    command = [sys.executable, "-m", "pytest", "tests/rules", "-q", "-p", "no:cacheprovider"]
    left_out = ["--ignore", "tests/rules/test_fix_edits.py", "-k", "not one_command"]
    return subprocess.run(
        [*command, *left_out], cwd=root, capture_output=True, text=True, check=False
    )


def _contents(root: Path) -> dict[str, str]:
    files = [path for name in ("rules", "docs", "tests") for path in (root / name).rglob("*")]
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.is_file() and path.suffix != ".pyc"
    }
