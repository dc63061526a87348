"""Without ruamel.yaml's C part, YAML is read by its Python parser: to the same trees."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, given, settings

from lintscale.syntax import ParseResult
from lintscale.syntax.yaml import parse_yaml
from lintscale.syntax.yaml_stream import PureParser, event_parser
from tests.syntax.test_yaml import DEPLOYMENT
from tests.syntax.trees import Emitted, pictures, yaml_texts


def parse_pure(text: str) -> ParseResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lintscale.syntax.yaml_stream.event_parser", PureParser)
        return parse_yaml(text, "web.yaml")


def test_it_steps_in_where_the_c_part_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_ruamel_yaml", None)
    assert isinstance(event_parser("a: 1"), PureParser)


@pytest.mark.parametrize(
    "text",
    [
        DEPLOYMENT,
        DEPLOYMENT.replace("\n", "\r\n"),
        DEPLOYMENT.replace("\n", "\r"),
        "a:\nb: # c\n\n? c\n",
        "- \n- # c\n-\n  -\n  - - \n",
        "{a, b: , c: [], d: {}}",
        "[a: b, {c: }, d: ]",
        "b:\n\n? ''\n? d",
        "a: &x\nb: !!str\nc: !t # c\n\nd: *x\n",
        "a: &x\n- 1\nb: !t &y\n\n  - 1\nc: &z {a: b}\n*x : 1\n",
        "base: &a {x: 1}\nb:\n  <<: [*a, {y: 2}]\n  x: 3\n",
        "%TAG !e! tag:shop.example,2024:\n---\n- !e!t 1\n--- # c\n- ! 2\n- !<!x> 3\n",
        "a: |\n\n  x\n\n# c\nb: >-\n   x\n   y\n\n\n",
        "a: 'x\n\n  y'\nb: \"z\\\n  w\"\nc: v\n  w\n",
        "a: 1\na: 2\n",
        "---\n---\n...\n# c\n---\nx\n...\ny\n",
    ],
)
def test_trees_are_the_same(text: str) -> None:
    fast, pure = parse_yaml(text, "web.yaml"), parse_pure(text)
    assert fast.documents
    assert pictures(fast) == pictures(pure)
    assert fast.problems == pure.problems


@pytest.mark.parametrize(
    "text",
    [
        "a: [1\n---\nb: 1\n",
        "a:\n\t- b\n",
        "a: 'b\n",
        "a: b: c\n",
        "😀: \x07\n",
        "a: @b\n",
        "a: *b\n",
    ],
)
def test_mistakes_are_found_at_the_same_place(text: str) -> None:
    fast, pure = parse_yaml(text, "web.yaml"), parse_pure(text)
    assert [problem.kind for problem in fast.problems] == ["syntax-error"]
    assert [problem.span for problem in fast.problems] == [
        problem.span for problem in pure.problems
    ]
    assert pictures(fast) == pictures(pure)


@given(yaml_texts())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_generated_trees_are_the_same(written: tuple[object, Emitted]) -> None:
    text = written[1].text
    assert pictures(parse_yaml(text, "web.yaml")) == pictures(parse_pure(text))
