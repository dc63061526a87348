"""Constant expressions in Go against what Go's own type checker made of them
(tools/record_go_constants.py, Go 1.26): the same, or not known."""

from __future__ import annotations

import json
from pathlib import Path

from lintscale.code.evaluate import Known, evaluate
from lintscale.code.languages import language_of
from lintscale.code.units import Place, Scope, Sources
from tests.code.reading import Texts

RECORD = Path(__file__).parent.parent / "data" / "go_constants.json"


def test_constants_are_those_of_go() -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    assert len(recorded) > 200
    declared = "".join(f"const c{n} = {e['expression']}\n" for n, e in enumerate(recorded))
    unit = Sources(Texts({"main.go": f"package main\n{declared}"}), language_of).unit("main.go")
    assert unit is not None
    known = 0
    for number, entry in enumerate(recorded):
        unit.sources.begin()
        (node,) = unit.top.bindings[f"c{number}"]
        value = evaluate(Place(node, Scope(unit.top)))
        if isinstance(value, Known):
            known += 1
            assert value.value == entry["value"], entry["expression"]
    assert known > 0.8 * len(recorded)  # long shifts are not followed
