"""Each rule that speaks of ECS says the same of its examples in Terraform and in CloudFormation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lintscale.engine.rules import Example, Rule
from lintscale.policies.examples import check_files
from tests.platforms.carried import Unfaithful, cloudformation, terraform
from tests.rules.built_in import RULES

Writer = Callable[[list[Any]], str]

CARRIERS: dict[str, tuple[str, Writer]] = {
    "terraform": ("main.tf", terraform),
    "cloudformation": ("stack.json", cloudformation),
}

ABOUT_FORM = frozenset({"reader", "schema", "suppressions"})
ABOUT_CALLS = frozenset({"describe-only-key", "missing-scale-in-cooldown"})
"""Rules about keys that only calls have, or that a carrier sends of itself."""


def written(example: Example, carrier: str) -> dict[str, str] | None:
    """The example's files in a carrier; None where they cannot say the same there."""
    name, write = CARRIERS[carrier]
    documents, others = [], {}
    for file, text in example.files.items():
        if not file.endswith(".json"):
            others[file] = text
            continue
        try:
            found = json.loads(text)
        except ValueError:
            return None
        if file in ("package.json", "composer.json"):
            others[file] = text
            continue
        documents += found if isinstance(found, list) else [found]
    try:
        return {name: write(documents), **others} if documents else None
    except Unfaithful:
        return None


def cases() -> Iterator[tuple[Rule, Example, str]]:
    """Of each rule, carrier and kind the first example that can be written there."""
    for rule in RULES:
        if rule.reported_by in ABOUT_FORM or rule.id in ABOUT_CALLS:
            continue
        for carrier in CARRIERS:
            seen = set()
            for example in rule.examples:
                kind = "fails" if example.kind == "fails" else "passes"
                if example.platform != "ecs" or kind in seen or example.config:
                    continue
                if written(example, carrier) is not None:
                    seen.add(kind)
                    yield rule, example, carrier


def label(value: object) -> str:
    if isinstance(value, Rule):
        return value.id
    if isinstance(value, Example):
        return f"{value.kind}-{value.name}".replace(" ", "_")
    return str(value)


@pytest.mark.parametrize(("rule", "example", "carrier"), list(cases()), ids=label)
def test_an_example(rule: Rule, example: Example, carrier: str) -> None:
    files = written(example, carrier)
    assert files is not None
    result = check_files(files)
    found = [each for each in result.findings if each.rule == rule.id]
    assert bool(found) == (example.kind == "fails"), files
    assert all(each.location.file in files for each in found)


def test_most_rules_have_both() -> None:
    kinds = {(rule.id, carrier, example.kind == "fails") for rule, example, carrier in cases()}
    of_ecs = {
        rule.id for rule in RULES if rule.reported_by not in ABOUT_FORM and "ecs" in rule.platforms
    }
    for carrier in CARRIERS:
        both = {name for name in of_ecs if {(name, carrier, True), (name, carrier, False)} <= kinds}
        assert len(both) >= len(of_ecs) * 0.6, sorted(of_ecs - both)
