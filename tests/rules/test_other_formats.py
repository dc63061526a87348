"""A rule's fix says the same in every format in which its platform may be written."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

import pytest
from ruamel.yaml import YAML

from lintscale import api
from lintscale.engine.rules import Example, Rule
from lintscale.policies.examples import fix_files

Writer = Callable[[Any], str]


def block(data: Any) -> str:
    """YAML as people write it."""
    out = io.StringIO()
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 4096
    writer.dump(data, out)
    return out.getvalue()


def toml(data: dict[str, Any], above: str = "") -> str:
    own = "".join(
        f"{key} = {json.dumps(value)}\n"
        for key, value in data.items()
        if not isinstance(value, dict)
    )
    below = "".join(
        f"\n[{above}{key}]\n" + toml(value, f"{above}{key}.")
        for key, value in data.items()
        if isinstance(value, dict)
    )
    return own + below


FORMATS: dict[str, dict[str, tuple[str, Writer]]] = {
    "render": {
        "block": (".yaml", block),
        "flow": (".yaml", json.dumps),
    },
    "railway": {
        "json": (".json", lambda data: json.dumps(data, indent=4) + "\n"),
        "compact": (".json", lambda data: json.dumps(data, separators=(",", ":"))),
        "toml": (".toml", toml),
    },
    "ecs": {
        "tabs": (".json", lambda data: json.dumps(data, indent="\t")),
        "compact": (".json", lambda data: json.dumps(data, separators=(",", ":"))),
    },
    "kubernetes": {
        "block": (".yaml", block),
        "flow": (".yaml", lambda data: json.dumps(data, indent=2)),
        "json": (".json", lambda data: json.dumps(data, indent=2) + "\n"),
    },
}
"""By platform: how the same data may be written, and in a file that ends with what."""


def cases() -> Iterator[tuple[Rule, Example, str]]:
    for rule in api.rules(examples=True):
        for example in rule.examples:
            written = "".join(example.files.values())
            if example.fixed and "# lintscale" not in written and "// lintscale" not in written:
                for form in FORMATS[example.platform]:
                    yield rule, example, form


def label(value: object) -> str:
    if isinstance(value, Rule):
        return value.id
    if isinstance(value, Example):
        return f"{value.platform}-{value.name}".replace(" ", "_")
    return str(value)


def read(text: str, name: str) -> list[Any]:
    if name.endswith(".toml"):
        return [tomllib.loads(text)]
    if name.endswith(".json"):
        return [json.loads(text)]
    return list(YAML(typ="safe", pure=True).load_all(text))


def renamed(name: str, number: int, suffix: str) -> str:
    path = PurePosixPath(name)
    stem = f"{path.stem}-{number}" if number else path.stem
    return str(path.with_name(stem + suffix))


@pytest.mark.parametrize(("rule", "example", "form"), list(cases()), ids=label)
def test_the_fix_is_the_same(rule: Rule, example: Example, form: str) -> None:
    suffix, write = FORMATS[example.platform][form]
    files, wanted = {}, {}
    for name, text in example.files.items():
        after = read(example.fixed.get(name, text), name)
        for number, data in enumerate(read(text, name)):
            place = renamed(name, number, suffix)
            files[place] = write(data)
            if after[number] != data:
                wanted[place] = [after[number]]
    made = fix_files(rule, files, example.config)
    assert {name: read(text, name) for name, text in made.items()} == wanted
    for name, text in made.items():
        # What is not the fix's business is written as it was.
        before = files[name].splitlines()
        assert len(set(before) - set(text.splitlines())) <= 2 or len(before) == 1
        assert text.endswith("\n") == files[name].endswith("\n")
