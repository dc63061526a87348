"""Expressions, by the interface that the rest of lintscale knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import lintscale
from lintscale.engine.expressions import (
    Bindings,
    Expression,
    ExpressionError,
    Template,
    compile_expression,
    compile_template,
)

WORKLOAD = {"name": "shop", "min_instances": 2, "labels": {"team": "books"}, "containers": []}
BINDINGS = Bindings({"workload": WORKLOAD, "param": {"most": 3}})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("workload.min_instances + 1", 3),
        ("workload.min_instances < param.most", True),
        ('workload["name"]', "shop"),
        ("workload.labels.team", "books"),
        ("workload.containers.map(c, c.name)", []),
        ("[1, 2].sum()", 3.0),
        ("null", None),
    ],
)
def test_values(text: str, value: Any) -> None:
    expression = compile_expression(text)
    assert expression.evaluate(BINDINGS) == value
    restored = Expression(text, expression.serialized)
    assert restored.evaluate(BINDINGS) == value
    assert Expression(text).evaluate(BINDINGS) == value


def test_errors_have_their_offset() -> None:
    with pytest.raises(ExpressionError, match="“and” is not CEL") as error:
        compile_expression("true and false")
    assert error.value.offset == 5


def test_a_condition_is_a_boolean() -> None:
    assert compile_expression("workload.min_instances == 2").holds(BINDINGS) is True
    with pytest.raises(ExpressionError, match="the condition is not a boolean but int"):
        compile_expression("workload.min_instances").holds(BINDINGS)


def test_only_the_fields_that_are_mentioned_are_converted() -> None:
    class Unread(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            assert key == "name"
            return super().__getitem__(key)

    bindings = Bindings({"workload": Unread(WORKLOAD)})
    assert compile_expression("workload.name").evaluate(bindings) == "shop"


def test_expressions_with_the_same_fields_share_a_conversion() -> None:
    one, other = compile_expression("workload.name"), compile_expression("workload.name + '!'")
    assert one.fields == other.fields == (("workload", "name"),)
    assert BINDINGS.converted(one.fields) is BINDINGS.converted(other.fields)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{workload.name} of {{team}}", "shop of {team}"),
        ("{ {'a}': workload.name}['a}'] }", "shop"),
        ('{workload.name == "}" ? "a" : "{"}', "{"),
        ("{70.0}, {null}, {[1, 2.5]}, {true}", "70, nothing, 1, 2.5, true"),
    ],
)
def test_templates(text: str, shown: str) -> None:
    assert compile_template(text).render(BINDINGS) == shown


@pytest.mark.parametrize(
    ("text", "offset"), [("a {b", 2), ("a } b", 2), ("{a} {'b}", 4), ("{{a}", 3), ("{{'a}' }", 4)]
)
def test_braces_that_do_not_pair_up(text: str, offset: int) -> None:
    with pytest.raises(ExpressionError, match="unbalanced") as error:
        Template.parse(text)
    assert error.value.offset == offset


def test_one_module_imports_cel() -> None:
    """So that another evaluator can take its place."""
    package = Path(lintscale.__file__).parent
    sources = {path: path.read_text("utf-8") for path in package.rglob("*.py")}
    importing = re.compile(r"^\s*(?:from|import) cel_expr_python", re.MULTILINE)
    assert [path.name for path, text in sources.items() if importing.search(text)] == ["cel.py"]
    evaluator = re.compile(r"expressions(?:\.| import )cel\b")
    assert [path.parent.name for path, text in sources.items() if evaluator.search(text)] == [
        "expressions"
    ]
