"""Where the web tells about lintscale and its rules."""

from __future__ import annotations

HOMEPAGE = "https://github.com/lintscale/lintscale"


def page(rule_id: str) -> str:
    """The page of a rule; "" for one that does not ship with lintscale, which has none."""
    from lintscale import api

    ships = any(rule.id == rule_id for rule in api.rules())
    return f"{HOMEPAGE}/blob/main/docs/rules/{rule_id}.md" if ships else ""
