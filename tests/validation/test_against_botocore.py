"""What the AWS CLI's own check says of an input, and what lintscale says of it, are the same."""

from __future__ import annotations

import copy
import datetime
import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.utils import ArgumentGenerator
from botocore.validate import ParamValidator

from lintscale.platforms.base import SchemaChoice
from lintscale.syntax import parse
from lintscale.validation import problems
from tools.schemas import ecs

IN_RANGE = {
    "interval": 30, "timeout": 5, "retries": 3, "sizeInGiB": 40, "restartAttemptPeriod": 120,
    "startTimeout": 60, "stopTimeout": 60, "resolutionSeconds": 60,
}  # fmt: skip
"""Numbers that AWS takes where the generator's zero is out of the range that lintscale knows."""


@cache
def shape(call: str, *, described: bool = False) -> Any:
    """The call's input, or what the describe calls print of what it makes."""
    (service, version), *names = ecs.CALLS[call]
    model = Loader().load_service_model(service, "service-2", version)
    return ServiceModel(model, service).shape_for(names[described])


@cache
def whole(call: str, *, described: bool = False) -> Any:
    """An input with every key that the call takes, or a description with all that it may have."""
    random.seed(0)  # the generator chooses among enumerations
    return _in_range(ArgumentGenerator().generate_skeleton(shape(call, described=described)))


def _in_range(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        # What may be anything, as a time may, is left out.
        return {
            name: _in_range(item, name)
            for name, item in value.items()
            if item != {} and not isinstance(item, datetime.datetime)
        }
    if isinstance(value, list):
        return [_in_range(item, key) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return IN_RANGE.get(key, max(value, 1))
    return "x" if value == "" else value


def ours(call: str, data: Any) -> list[str]:
    [read] = parse(json.dumps(data), "input.json", "json").documents
    choice = SchemaChoice(f"ecs/{call}", "AWS", null_is_absent=False)
    return [each.message for each in problems(read, choice)]


def theirs(call: str, data: Any) -> str:
    report: str = ParamValidator().validate(data, shape(call)).generate_report()
    return report


def changes(data: Any) -> Iterator[tuple[str, Any]]:
    """Each with one thing wrong: a key too many, a value of another type."""
    for path in _paths(data):
        for name, wrong in (("a key", None), ("text", "text"), ("a number", 7)):
            changed = copy.deepcopy(data)
            parent, here = None, changed
            for step in path:
                parent, here = here, here[step]
            if wrong is None:
                if not isinstance(here, dict):
                    continue
                here["no such key"] = "x"
            elif parent is None or type(here) is type(wrong) or isinstance(here, float):
                continue
            else:
                parent[path[-1]] = wrong
            yield f"{name} at {path}", changed


def _paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if not isinstance(data, (dict, list)):
        return
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield from _paths(value, (*path, step))


@pytest.mark.parametrize("call", ecs.CALLS)
def test_an_input_with_every_key_is_right(call: str) -> None:
    assert theirs(call, whole(call)) == ""
    assert ours(call, whole(call)) == []


@pytest.mark.parametrize("call", [call for call in ecs.CALLS if call != "update-service"])
def test_what_one_rejects_the_other_rejects(call: str) -> None:
    count = 0
    for what, changed in changes(whole(call)):
        assert bool(ours(call, changed)) == bool(theirs(call, changed)), what
        count += 1
    assert count > 5


@pytest.mark.parametrize("call", ecs.CALLS)
def test_what_describe_calls_print_breaks_nothing(call: str) -> None:
    assert ours(call, whole(call, described=True)) == []
