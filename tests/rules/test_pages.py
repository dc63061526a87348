"""docs/rules is what the rule files say."""

from __future__ import annotations

import re
from pathlib import Path

from lintscale.cli.rules import pages
from lintscale.reports.rule_markdown import COMMAND

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "rules"


def test_the_pages_are_those_of_the_rules() -> None:
    kept = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    made = dict(pages())
    stale = sorted(name for name in {*made, *kept} if made.get(name) != kept.get(name))
    assert not stale, f"docs/rules is not what rules/ says ({', '.join(stale)}); run: {COMMAND}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in FOLDER.glob("*.md"):
        for target in re.findall(r"(?<!\\)\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert (FOLDER / target).exists(), (page.name, target)
