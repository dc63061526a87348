"""What reports say of rules, and where the web tells of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lintscale.validation import shipped as resources

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.engine.rules import Rule

HOMEPAGE = "https://github.com/lintscale/lintscale"


@cache
def page(rule_id: str) -> str:
    """The page of a rule; "" for one that does not ship with lintscale, which has none."""
    ships = (resources.folder("rules") / f"{rule_id}.yaml").is_file()
    return f"{HOMEPAGE}/blob/main/docs/rules/{rule_id}.md" if ships else ""


def rules_of(result: CheckResult) -> dict[str, Rule]:
    """The rules of a run by their ids."""
    from lintscale import api

    return {rule.id: rule for rule in result.rules or api.rules()}
