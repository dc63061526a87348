"""What reports say of rules, and where the web tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.engine.rules import Rule

HOMEPAGE = "https://github.com/lintscale/lintscale"


def page(rule_id: str) -> str:
    """The page of a rule; "" for one that does not ship with lintscale, which has none."""
    from lintscale import api

    ships = any(rule.id == rule_id for rule in api.rules())
    return f"{HOMEPAGE}/blob/main/docs/rules/{rule_id}.md" if ships else ""


def rules_of(result: CheckResult) -> dict[str, Rule]:
    """The rules of a run by their ids."""
    from lintscale import api

    return {rule.id: rule for rule in result.rules or api.rules()}
