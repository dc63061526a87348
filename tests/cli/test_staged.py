"""``lintscale check --pre-commit``, as the hook runs it on what is staged, with a real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import HEALTHY, RENDER, Lintscale

pytestmark = pytest.mark.usefixtures("repository")

UNHAPPY = "render.yaml:8:"


def git(*arguments: str) -> str:
    names = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.invalid"}
    names |= {"GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.invalid"}
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments], env=env | names, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def written(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git("add", "-A")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One old mistake, which nobody touches, and some files beside it; committed."""
    monkeypatch.chdir(tmp_path)
    for name in ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"):
        monkeypatch.delenv(name, raising=False)
    git("init", "-q", "-b", "main")
    written(
        {
            "render.yaml": RENDER,
            "settings.json": "{}",
            "pyproject.toml": '[project]\nname = "shop"\n',
            "railway.json": '{"deploy": {"startCommand": "x", "numReplicas": 2}}',
            "lintscale.toml": 'ignore = ["retired-format", "no-autoscaling"]\n',
        }
    )
    git("commit", "-qm", "start")


def hook(lintscale: Lintscale, *options: str) -> tuple[int, str]:
    """The hook on what is staged: its exit code and output."""
    changed = git("diff", "--cached", "--name-only", "--diff-filter=ACMRT").splitlines()
    run = ("check", "--allow-empty", "--pre-commit", "--output-format", "concise", *options)
    done = lintscale(*run, *changed)
    assert done.err == ""
    return done.code, done.out


def test_an_old_mistake_elsewhere_is_left_alone(lintscale: Lintscale) -> None:
    written({"settings.json": '{"x": 1}'})
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == (0, False)


@pytest.mark.parametrize(
    ("files", "whole"),
    [
        ({"lintscale.toml": 'ignore = ["retired-format"]\n'}, True),
        ({"pyproject.toml": '[project]\nname = "till"\n'}, False),
    ],
)
def test_a_change_of_the_configuration_is_one_of_all_findings(
    lintscale: Lintscale, files: dict[str, str], *, whole: bool
) -> None:
    written(files)
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == ((1, True) if whole else (0, False))


@pytest.mark.parametrize(
    ("old", "new", "whole"),
    [
        ('[tool.lintscale]\nignore = ["all"]\n', "[tool.lintscale]\n", True),
        ("[tool.lintscale]\n", "[tool.lintscale]\n[tool.other]\nx = 1\n", False),
    ],
)
def test_in_pyproject_only_our_table_counts(
    lintscale: Lintscale, old: str, new: str, *, whole: bool
) -> None:
    git("rm", "-q", "lintscale.toml")
    written({"pyproject.toml": old})
    git("commit", "-qm", "configuration")
    written({"pyproject.toml": new})
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == ((1, True) if whole else (0, False))


def test_a_baseline_that_is_taken_away_or_changed(lintscale: Lintscale) -> None:
    lintscale("check", "--write-baseline", "known.json")
    written({"lintscale.toml": 'ignore = ["retired-format"]\nbaseline = "known.json"\n'})
    assert hook(lintscale)[0] == 0
    git("commit", "-qm", "baseline")
    written({"known.json": '{"version": 1, "findings": []}'})
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == (1, True)


@pytest.mark.parametrize(
    ("name", "whole"),
    [("railway.json", True), ("lintscale.toml", True), ("settings.json", False)],
)
def test_a_deleted_file_matters_if_it_was_read(
    lintscale: Lintscale, name: str, *, whole: bool
) -> None:
    git("rm", "-q", name)
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == ((1, True) if whole else (0, False))


@pytest.mark.parametrize(
    ("name", "whole"), [("railway.json.off", True), ("services/railway.json", False)]
)
def test_a_renamed_file_matters_if_nobody_reads_it_any_more(
    lintscale: Lintscale, name: str, *, whole: bool
) -> None:
    Path("services").mkdir()
    git("mv", "railway.json", name)
    assert (UNHAPPY in hook(lintscale)[1]) == whole


def test_a_range_of_commits_has_deleted_files_too(
    lintscale: Lintscale, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = git("rev-parse", "HEAD")
    git("rm", "-q", "railway.json")
    git("commit", "-qm", "gone")
    assert hook(lintscale)[0] == 0
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", before)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    code, out = hook(lintscale)
    assert (code, UNHAPPY in out) == (1, True)


def test_each_project_of_a_repository_is_judged_by_its_own_configuration(
    lintscale: Lintscale,
) -> None:
    written(
        {
            "a/lintscale.toml": 'ignore = ["min-instances"]\n',
            "a/render.yaml": HEALTHY,
            "b/lintscale.toml": "",
            "b/render.yaml": HEALTHY,
        }
    )
    git("commit", "-qm", "two more projects")
    written({"a/render.yaml": RENDER, "b/render.yaml": RENDER})
    code, out = hook(lintscale)
    assert (code, out.count("min-instances")) == (1, 1)
    # A hook for one of them has nothing to do with what is deleted in the other.
    git("commit", "-qm", "mistakes")
    git("rm", "-q", "a/render.yaml")
    assert hook(lintscale, "--config", "b/lintscale.toml") == (0, "")
    git("reset", "-q", "--hard")
    written({"b/railway.json": '{"deploy": {"startCommand": "x", "numReplicas": 1}}'})
    git("commit", "-qm", "another")
    git("rm", "-q", "b/render.yaml")
    code, out = hook(lintscale, "--config", "b/lintscale.toml")
    assert (code, "railway.json:1:" in out) == (1, True)


APP = """\
import os
from sqlalchemy import create_engine
engine = create_engine(os.environ["DATABASE_URL"], pool_size=%d)
"""
SHOP = """\
services:
  - type: web
    name: till
    runtime: python
    plan: standard
    startCommand: gunicorn app:app
    healthCheckPath: /health
    numInstances: 3
    envVars:
      - key: DATABASE_URL
        fromDatabase: {name: till-db, property: connectionString}
databases:
  - {name: till-db, plan: basic-1gb}
"""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("till/app.py", APP % 5, APP % 60),
        (
            "till/Dockerfile",
            'FROM python\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
            'FROM python\nCOPY . .\nCMD ["gunicorn", "--workers", "9", "app:app"]\n',
        ),
    ],
)
def test_a_cause_in_source_is_refused_and_the_next_change_of_source_is_not(
    lintscale: Lintscale, name: str, before: str, after: str
) -> None:
    config = SHOP
    if name.endswith("Dockerfile"):
        config = config.replace("    startCommand: gunicorn app:app\n", "")
        config = config.replace("runtime: python", "runtime: docker")
    written(
        {
            "till/lintscale.toml": 'select = ["connections"]\n',
            "till/render.yaml": config,
            "till/requirements.txt": "sqlalchemy\n",
            "till/app.py": APP % 5,
            "till/views.py": "",
            name: before,
        }
    )
    git("commit", "-qm", "till")
    written({name: after})
    code, out = hook(lintscale)
    assert code == 1
    assert out.startswith(f"{Path(name).name}:")
    assert "pool-exceeds-limit" in out
    assert "(at render.yaml:" in out
    git("commit", "-qm", "too many")
    written({"till/views.py": "import app\n", "till/README.md": "kind: Deployment\napiVersion: x"})
    assert hook(lintscale) == (0, "")


BUDGETS = """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: %s}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: %s}}}
"""


def test_an_object_that_a_changed_file_no_longer_has_may_be_needed(lintscale: Lintscale) -> None:
    two = "---\n".join(BUDGETS % (name, name) for name in ("shop", "till"))
    written({"budgets.yaml": two})
    git("commit", "-qm", "budgets")
    written({"budgets.yaml": two.replace("maxUnavailable: 1", "maxUnavailable: 2")})
    assert UNHAPPY not in hook(lintscale)[1]
    written({"budgets.yaml": BUDGETS % ("shop", "shop")})
    assert UNHAPPY in hook(lintscale)[1]
