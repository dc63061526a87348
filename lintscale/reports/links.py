"""Links to the documentation of rules."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lintscale.validation.schemas import shipped_folder

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.engine.rules import Rule

HOMEPAGE = "https://github.com/lintscale/lintscale"


@cache
def rule_url(rule_id: str) -> str:
    """The URL of a rule's page; "" for a rule that does not ship with lintscale."""
    ships = (shipped_folder("rules") / f"{rule_id}.yaml").is_file()
    return f"{HOMEPAGE}/blob/main/docs/rules/{rule_id}.md" if ships else ""


def rules_by_id(result: CheckResult) -> dict[str, Rule]:
    """The rules of a run, by id."""
    from lintscale import api

    return {rule.id: rule for rule in result.rules or api.rules()}
