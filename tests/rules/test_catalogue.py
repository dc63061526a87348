"""The rules are those of the catalogue, and are what it says of them."""

from __future__ import annotations

import pytest

from lintscale import api
from lintscale.engine.rules import Rule
from tests.rules.catalogue import CATALOGUE, Entry

RULES = api.rules()
PARTIAL = frozenset({"schema-violation", "unknown-key"})
"""Rules that do not speak of all their platforms yet."""


def test_the_catalogue_has_all_its_rules() -> None:
    assert len(CATALOGUE) == 77


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_what_the_catalogue_says(rule: Rule) -> None:
    assert rule.id in CATALOGUE, "a new rule needs a row in tests/rules/catalogue.py"
    platforms = tuple(each for each in _ORDER if each in rule.platforms)
    own = Entry(rule.category, rule.severity.value, platforms, rule.fixable)
    wanted = CATALOGUE[rule.id]
    if rule.id in PARTIAL:
        assert set(platforms) <= set(wanted.platforms)
        wanted = wanted._replace(platforms=platforms)
    assert own == wanted


_ORDER = ("render", "railway", "ecs", "kubernetes")
