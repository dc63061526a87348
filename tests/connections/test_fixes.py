"""What the fixes of pool-exceeds-limit and pool-headroom leave behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.engine.finding import Finding, Fix
from lintscale.project.config import load_settings

SUMS = frozenset({"pool-exceeds-limit", "pool-headroom"})

BLUEPRINT = """\
services:
  - type: web
    name: shop
    runtime: python
    plan: standard
    startCommand: uvicorn shop:app --port $PORT --workers 2
    numInstances: {instances}
    envVars:
      - key: DATABASE_URL
        fromDatabase: {{name: main-db, property: connectionString}}
{variables}databases:
  - name: main-db
    plan: basic-1gb
"""


def sums(folder: Path) -> list[Finding]:
    result = api.check([str(folder)], settings=load_settings(folder))
    return [finding for finding in result.findings if finding.rule in SUMS]


def apply(folder: Path, fix: Fix) -> None:
    for edit in sorted(fix.edits, key=lambda edit: edit.start, reverse=True):
        path = folder / edit.file
        lines = path.read_text(encoding="utf-8").split("\n")
        assert edit.start[0] == edit.end[0]
        line = lines[edit.start[0] - 1]
        lines[edit.start[0] - 1] = line[: edit.start[1] - 1] + edit.text + line[edit.end[1] - 1 :]
        path.write_text("\n".join(lines), encoding="utf-8")


def blueprint(folder: Path, instances: int, *variables: str) -> Path:
    (folder / ".git").mkdir(exist_ok=True)
    text = "".join(
        f"      - key: {name}\n        value: {value}\n"
        for name, _, value in (each.partition("=") for each in variables)
    )
    (folder / "render.yaml").write_text(BLUEPRINT.format(instances=instances, variables=text))
    return folder


def written(folder: Path) -> list[str]:
    lines = (folder / "render.yaml").read_text(encoding="utf-8").splitlines()
    return [line.split(":")[1].strip(' "') for line in lines if line.startswith("        value:")]


@pytest.mark.parametrize(
    ("instances", "variables", "rule", "after"),
    [
        # 8 processes, 16 while a deploy rolls: 97 / 16 = 6 each.
        (4, ('DB_POOL_SIZE="20"',), "pool-exceeds-limit", ["6"]),
        (4, ("DB_POOL_SIZE=20", "DB_MAX_OVERFLOW=0"), "pool-exceeds-limit", ["6", "0"]),
        # The overflow goes first.
        (4, ("DB_POOL_SIZE=5", "DB_MAX_OVERFLOW=10"), "pool-exceeds-limit", ["5", "1"]),
        (4, ("DB_POOL_SIZE=8", "DB_MAX_OVERFLOW=10"), "pool-exceeds-limit", ["6", "0"]),
        # 80 % of 97 is 77, and twice as much does not fit: 97 / 4 = 24.
        (1, ("DB_POOL_SIZE=40",), "pool-headroom", ["24"]),
        (1, ("DB_POOL_SIZE=20", "DB_MAX_OVERFLOW=10"), "pool-headroom", ["20", "4"]),
    ],
)
def test_the_largest_pool_that_fits(
    instances: int, variables: tuple[str, ...], rule: str, after: list[str], tmp_path: Path
) -> None:
    folder = blueprint(tmp_path, instances, *variables)
    (finding,) = sums(folder)
    assert finding.rule == rule
    assert finding.fix is not None
    assert finding.fix.safety == "unsafe"
    apply(folder, finding.fix)
    assert written(folder) == after
    assert sums(folder) == []


@pytest.mark.parametrize(
    ("instances", "variables"),
    [
        # No pool fits, an overflow that stands nowhere is too large already, or no number is
        # written by itself.
        (49, ("DB_POOL_SIZE=2",)),
        (8, ("SQLALCHEMY_POOL_SIZE=5",)),
        (4, ("RAILS_MAX_THREADS=20",)),
    ],
)
def test_no_fix_where_none_is_certain(
    instances: int, variables: tuple[str, ...], tmp_path: Path
) -> None:
    (finding,) = sums(blueprint(tmp_path, instances, *variables))
    assert finding.fix is None


def test_application_source_is_never_touched(tmp_path: Path) -> None:
    folder = blueprint(tmp_path, 4)
    (folder / "shop.py").write_text(
        "import os\n\nfrom sqlalchemy import create_engine\n\n"
        "engine = create_engine(os.environ['DATABASE_URL'], pool_size=20)\n"
    )
    (finding,) = sums(folder)
    assert finding.fix is None
    assert any(place.location.file == "shop.py" for place in finding.related)
    assert finding.location.file == "render.yaml"


def test_the_one_that_takes_most_is_made_smaller(tmp_path: Path) -> None:
    """3 x 20 + 2 x 20 = 100 of 97, and 180 in a deploy: 97 - 2 x 2 x 20 leaves 17 for 6."""
    text = "services:\n"
    for name, instances in (("shop", 3), ("admin", 2)):
        text += (
            f"  - type: web\n    name: {name}\n    runtime: python\n    plan: standard\n"
            f"    numInstances: {instances}\n    startCommand: uvicorn shop:app --port $PORT\n"
            "    envVars:\n      - key: DATABASE_URL\n"
            "        fromDatabase: {name: main-db, property: connectionString}\n"
            "      - key: DB_POOL_SIZE\n        value: 20\n"
        )
    (tmp_path / "render.yaml").write_text(
        f"{text}databases:\n  - name: main-db\n    plan: basic-1gb\n"
    )
    (finding,) = sums(tmp_path)
    assert finding.fix is not None
    apply(tmp_path, finding.fix)
    assert written(tmp_path) == ["2", "20"]
    assert sums(tmp_path) == []
