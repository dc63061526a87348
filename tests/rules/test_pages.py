"""docs/rules is what the rule files say."""

from __future__ import annotations

import re

import pytest

from lintscale.cli.rules import pages
from lintscale.engine.rules import Rule
from lintscale.policies.examples import check_examples, first_examples
from lintscale.project.config import BUILT_IN_PROFILES
from lintscale.reports import Style, rule_page
from tests.rules.built_in import RULES
from tools.rules import COMMAND
from tools.rules import PAGES as FOLDER


def test_the_pages_are_those_of_the_rules() -> None:
    kept = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    made = dict(pages())
    stale = sorted(name for name in {*made, *kept} if made.get(name) != kept.get(name))
    assert not stale, f"docs/rules is not what rules/ says ({', '.join(stale)}); run {COMMAND}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in FOLDER.glob("*.md"):
        for target in re.findall(r"(?<!\\)\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert (FOLDER / target).exists(), (page.name, target)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_on_a_terminal_shows_where_each_platform_fails(rule: Rule) -> None:
    examples = check_examples(rule, first_examples(rule))
    for width in (80, 140):
        page = rule_page.render(rule, BUILT_IN_PROFILES, examples, Style(width=width))
        marks = len(re.findall(r"^ *\|(?! *│).*[\^]", page, re.MULTILINE))
        assert marks >= len(rule.platforms) or rule.reported_by
        assert page.count("Reported  ") == len(rule.platforms)
        assert page.count("Passes    ") == len(rule.platforms)
