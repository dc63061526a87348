"""What tests/shuffle.py does: another order, the same content."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.shuffle import ORDERED, shuffled_files, shuffled_text

YAML_TEXT = """\
kind: A
labels: &labels {app: shop, tier: web}
spec:
  - {name: first, image: "a:1.10", on: yes}
  - {name: second, <<: *labels}
command: [sh, -c, run]
---
kind: B
"""
JSON_TEXT = '{"a": [{"x": 1.0}, {"y": [1, 2, 3]}], "command": ["z", "y", "x"], "b": null}'
TOML_TEXT = (
    '[deploy]\nnumReplicas = 2\nname = "a \\"b\\""\n[[mounts]]\npath = "/a"\nlist = [3, 4]\n'
)

TEXTS: list[tuple[str, str, Callable[[str], Any]]] = [
    ("a.yaml", YAML_TEXT, lambda text: list(YAML(typ="safe").load_all(text))),
    ("a.json", JSON_TEXT, json.loads),
    ("a.toml", TOML_TEXT, tomllib.loads),
]


@pytest.mark.parametrize(("name", "text", "read"), TEXTS, ids=lambda value: str(value)[:6])
def test_the_order_changes_and_nothing_else(
    name: str, text: str, read: Callable[[str], Any]
) -> None:
    results = {shuffled_text(name, text, Random(seed)) for seed in range(20)}  # noqa: S311
    assert len(results) > 5
    assert {_unordered(read(result)) for result in results} == {_unordered(read(text))}


@pytest.mark.parametrize(
    "text",
    ["a: 1\na: 2\n", "# lintscale: ignore[x]\na: 1\nb: 2\n", "a: {{ b }}\nc: [", "{{- if }}"],
)
def test_what_cannot_be_put_in_another_order_stays(text: str) -> None:
    assert {shuffled_text("a.yaml", text, Random(seed)) for seed in range(9)} == {text}  # noqa: S311


def test_files_change_names_where_a_name_means_nothing() -> None:
    files = {
        "render.yaml": "a: 1\n",
        "one.yaml": "b: 1\n",
        "two.yaml": "c: 1\n",
        "patch.yaml": "d: 1\n",
        "kustomization.yaml": "patches: [{path: patch.yaml}]\n",
        "deep/one.yaml": "e: 1\n",
    }
    for seed in range(9):
        found = shuffled_files(files, Random(seed))  # noqa: S311
        assert found.keys() == files.keys()
        assert found["render.yaml"] == "a: 1\n"
        assert found["patch.yaml"] == "d: 1\n"
        assert found["deep/one.yaml"] == "e: 1\n"
        assert {found["one.yaml"], found["two.yaml"]} == {"b: 1\n", "c: 1\n"}


def _unordered(value: Any, key: str = "") -> str:
    """The same text for the same content."""
    if isinstance(value, dict):
        return str(sorted((name, _unordered(item, name)) for name, item in value.items()))
    if isinstance(value, list):
        items = [_unordered(item, key) for item in value]
        return str(items if key in ORDERED else sorted(items))
    return repr(value)
