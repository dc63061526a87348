"""What is read of Railway's programs is what Railway's own SDKs make of them.

tests/data/railway-programs/README.md says how the graphs were recorded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lintscale.platforms.railway.program import as_tree, graphs
from lintscale.syntax.nodes import to_plain

PROGRAMS = Path(__file__).parents[1] / "data" / "railway-programs"


def read(text: str, suffix: str = "ts") -> dict[str, Any]:
    """The graphs of a program by environment."""
    found = graphs(text, f".railway/railway.{suffix}")
    assert found is not None
    return {graph.environment: to_plain(as_tree(graph)) for graph in found}


def services(text: str, suffix: str = "ts", environment: str = "") -> dict[str, Any]:
    project = read(text, suffix)[environment]
    return {each["name"]: each for each in project["resources"] if each["type"] == "service"}


@pytest.mark.parametrize("recorded", sorted(PROGRAMS.glob("*.json")), ids=lambda path: path.stem)
def test_graphs_are_those_of_the_sdk(recorded: Path) -> None:
    name, environment = recorded.stem.split(".")
    program = next(
        each for each in PROGRAMS.glob(f"{name}.*") if each.suffix not in (".json", ".md")
    )
    found = read(program.read_text(), program.suffix[1:])
    key = environment if environment in found else ""
    # What JavaScript leaves undefined is no part of JSON.
    assert found[key] == json.loads(recorded.read_text())
