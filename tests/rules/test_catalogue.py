"""The rules are those of the catalogue, and are what it says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintscale import api
from lintscale.engine.rules import Rule
from tests.rules.catalogue import CATALOGUE, Entry

RULES = api.rules()


def test_every_rule_of_the_catalogue_is_there() -> None:
    missing = sorted(CATALOGUE.keys() - {rule.id for rule in RULES})
    assert not missing, f"no file in rules/ for {', '.join(missing)}"


def test_the_readme_counts_them() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"[{len(RULES)} rules](docs/rules/index.md)" in readme


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_what_the_catalogue_says(rule: Rule) -> None:
    assert rule.id in CATALOGUE, "a new rule needs a row in tests/rules/catalogue.py"
    platforms = tuple(each for each in _ORDER if each in rule.platforms)
    own = Entry(rule.category, rule.severity.value, platforms, rule.fixable)
    assert own == CATALOGUE[rule.id]


_ORDER = ("render", "railway", "ecs", "kubernetes")
