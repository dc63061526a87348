"""``lintscale capacity``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lintscale.reports.capacity import TIMES
from tests.cli.conftest import Lintscale

SHOP = """\
services:
  - type: web
    name: shop
    runtime: python
    startCommand: uvicorn shop:app --port $PORT --workers 2
    scaling:
      minInstances: 2
      maxInstances: 10
      targetCPUPercent: 70
    envVars:
      - key: DATABASE_URL
        fromDatabase:
          name: main-db
          property: connectionString
      - key: DB_POOL_SIZE
        value: "5"
      - key: DB_MAX_OVERFLOW
        value: "10"
databases:
  - name: main-db
    plan: basic-1gb
"""


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "render.yaml").write_text(SHOP, encoding="utf-8")
    return project


def report(lintscale: Lintscale, *arguments: str) -> dict[str, object]:
    ran = lintscale("capacity", "--output-format", "json", *arguments)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, object] = json.loads(ran.out)
    return found


def test_json_is_what_other_tools_build_on(shop: Path, lintscale: Lintscale) -> None:
    """Version 1, field by field."""
    assert report(lintscale) == {
        "version": 1,
        "databases": [
            {
                "name": "main-db",
                "engine": "postgresql",
                "platform": "render",
                "environment": "production",
                "limit": 100,
                "reserved": 3,
                "limit_source": "plan basic-1gb (Render, Aug 2026)",
                "total": {"min": 60, "max": 300, "deploy": 600},
                "estimated": False,
                "fits": {"min": True, "max": False, "deploy": False},
                "consumers": [
                    {
                        "service": "shop",
                        "workload": "shop",
                        "platform": "render",
                        "file": "render.yaml",
                        "line": 16,
                        "instances": {"min": 2, "max": 10, "deploy": 20},
                        "processes": 2,
                        "pool_size": 5,
                        "max_overflow": 10,
                        "library": "sqlalchemy",
                        "source": "declared",
                        "per_instance": 30,
                        "max_instances_that_fit": 1,
                        "pool_that_fits": 2,
                        "counted": True,
                        "note": None,
                        "assumptions": [],
                    }
                ],
            }
        ],
    }


def test_for_people(shop: Path, lintscale: Lintscale) -> None:
    out = lintscale("capacity").out
    assert f"2-10 {TIMES} 2 {TIMES} 15 (5 + 10)" in out
    assert "203 too many at maximum scale" in out


def test_as_markdown(shop: Path, lintscale: Lintscale) -> None:
    lines = lintscale("capacity", "--output-format", "markdown").out.splitlines()
    assert lines[0] == "### main\\-db"
    assert "| **total** | | 60 | 300 | 600 | **too many** |" in lines


def test_options_of_the_project_are_taken(shop: Path, lintscale: Lintscale) -> None:
    (database,) = report(lintscale, "--no-render", "--environment", "staging")["databases"]  # type: ignore[misc]
    assert database["environment"] == "staging"


def test_what_if(shop: Path, lintscale: Lintscale) -> None:
    (database,) = report(lintscale, "--what-if", "shop.max=3", "--what-if", "shop.pool-size=1")[
        "databases"
    ]  # type: ignore[misc]
    assert database["total"] == {"min": 44, "max": 66, "deploy": 132}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("shpo.max=3", "did you mean “shop”?"),
        ("shop.maximum=3", "did you mean “max”?"),
        ("shop.max=many", "no whole number"),
        ("shop", "NAME.FIELD=NUMBER"),
        ("shop.limit=3", "known: main-db"),
    ],
)
def test_what_if_of_nothing_there_is(
    shop: Path, lintscale: Lintscale, change: str, said: str
) -> None:
    ran = lintscale("capacity", "--what-if", change)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def test_capacity_of_nothing(shop: Path, lintscale: Lintscale) -> None:
    (shop / "render.yaml").unlink()
    ran = lintscale("capacity", "--output-format", "json")
    assert ran.code == 3
    assert json.loads(ran.out) == {"version": 1, "databases": []}


TASK = """\
{
  "family": "shop",
  "containerDefinitions": [
    {
      "name": "shop", "image": "shop/api:2.4.0", "memory": 1024,
      "command": ["gunicorn", "--workers", "8", "shop:app"],
      "environment": [
        {"name": "DB_POOL_SIZE", "value": "40"},
        {"name": "DATABASE_URL", "value": "postgresql://shop@db.example.com:5432/shop"}
      ]
    }
  ]
}
"""


def test_a_task_without_its_service(project: Path, lintscale: Lintscale) -> None:
    """The figure of one instance is known, and the question for several is offered."""
    (project / "task-definition.json").write_text(TASK, encoding="utf-8")
    said = lintscale("capacity").out
    assert f"each instance of shop takes 8 processes {TIMES} 40 = 320" in said
    assert "lintscale capacity --what-if shop.replicas=4" in said
    assert "each takes 320" in lintscale("capacity", "--output-format", "markdown").out
    answer = lintscale("capacity", "--what-if", "shop.replicas=4").out
    assert f"4 {TIMES} 8 {TIMES} 40" in answer
    assert "1280" in answer
    (project / "lintscale.toml").write_text(
        '[databases."db.example.com"]\nmax-connections = 1000\n', encoding="utf-8"
    )
    assert "= 320: at most 3 instances may run at a time" in lintscale("capacity").out
