"""Small projects, one for each library and way of writing a pool down, on some platform, each with
what lintscale must make of it in ``expected.toml``. ``WRITE_CASES=1`` writes what it makes of those
that have no numbers yet: read them, and count for yourself, before you keep them."""

from __future__ import annotations

import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lintscale import api
from lintscale.model.resolved import Consumer
from lintscale.model.sourced import Source, Sourced
from lintscale.project.config import load_settings
from lintscale.reports import capacity
from lintscale.resolve.capacity import capacities

CASES = Path(__file__).parent / "cases"
EXPECTED = "expected.toml"


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_case(name: str, tmp_path: Path) -> None:
    expected = tomllib.loads((CASES / name / EXPECTED).read_text(encoding="utf-8"))
    assert expected.pop("about"), "what is it that the case shows?"
    found = understood(project(name, tmp_path))
    if os.environ.get("WRITE_CASES") == "1" and not expected:
        write(CASES / name / EXPECTED, found)
        return
    assert found == expected


def project(name: str, folder: Path) -> Path:
    """The case as a project of its own, without what is expected of it."""
    root = folder / "bookshop"
    shutil.copytree(CASES / name, root, ignore=shutil.ignore_patterns(EXPECTED))
    (root / ".git").mkdir()
    return root


def understood(root: Path) -> dict[str, Any]:
    """Databases with their consumers as ``lintscale capacity`` reports them, where the sizes are
    written, and which rules about connections ``lintscale check`` breaks."""
    result = api.check([str(root)], settings=load_settings(root), use_cache=True)
    report = capacity.report(result)
    databases: dict[str, Any] = {}
    for plain, known in zip(report["databases"], capacities(result.project), strict=True):
        consumers = [
            _consumer(told, consumer)
            for told, consumer in zip(
                plain["consumers"], (*known.consumers, *known.left_out), strict=True
            )
        ]
        name = plain["name"]
        if name in databases:
            name = f"{name} ({plain['environment']})"
        assert name not in databases, "two databases cannot be told apart here"
        databases[name] = {"consumers": consumers}
        if consumers:
            databases[name]["total"] = list(plain["total"].values())
        if known.database.available is not None:
            databases[name]["available"] = known.database.available
    rules = sorted({f.rule for f in result.findings if f.category == "connections"})
    return {"findings": rules, "databases": databases}


def _consumer(told: dict[str, Any], consumer: Consumer) -> dict[str, Any]:
    pool = consumer.pool
    found = {
        "workload": told["workload"],
        "instances": list(told["instances"].values()),
        "processes": told["processes"],
        "processes_at": _place(consumer.processes),
        "size": told["pool_size"],
        "size_at": _place(pool.size),
        "overflow": told["max_overflow"],
        "library": told["library"],
        "source": told["source"],
    }
    if not told["counted"]:
        found["note"] = told["note"]
    if pool.code_location is not None:
        found["made_at"] = f"{pool.code_location.file}:{pool.code_location.line}"
    return {key: value for key, value in found.items() if value is not None}


def _place(value: Sourced[int]) -> str:
    """Where the number is written, or what else it comes from."""
    if value.source is Source.FILE and value.location is not None:
        return f"{value.location.file}:{value.location.line}"
    return str(value.source or "not known")


def write(path: Path, found: dict[str, Any]) -> None:
    lines = [path.read_text(encoding="utf-8").rstrip(), f"findings = {_toml(found['findings'])}"]
    lines += ["", "[databases]"] if not found["databases"] else []
    for name, database in found["databases"].items():
        consumers = database.pop("consumers")
        lines += ["", f"[databases.{_toml(name)}]"]
        lines += [f"{key} = {_toml(value)}" for key, value in database.items()]
        lines += ["consumers = []"] if not consumers else []
        for consumer in consumers:
            lines += ["", f"[[databases.{_toml(name)}.consumers]]"]
            lines += [f"{key} = {_toml(value)}" for key, value in consumer.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')
