"""The names that a configuration may use, and what to say of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lintscale._record import field, record

PYPROJECT = "pyproject.toml"

SEVERITIES = ("error", "warning", "info")
FAIL_ON = (*SEVERITIES, "never")
EVERYTHING = "all"
"""What ``select`` and ``ignore`` take beside rules and categories."""


@record
class KnownRule:
    """What the settings must know of a rule to be checked: its category and its parameters with
    their defaults; None where its file cannot be read, which is told elsewhere."""

    category: str
    params: Mapping[str, Any] | None = field(default_factory=dict)


PROVIDERS = ("rds", "aurora", "elasticache", "neon", "supabase", "azure", "heroku")
"""Hosts of databases whose plans lintscale knows; the figures are the facts' (hosted_limits.toml).
"""

KnownRules = Callable[[Sequence[Path]], Mapping[str, KnownRule]]
"""Gives the rules by id, those in these folders of policies included. Asked only when something
names a rule, since reading them costs."""


def no_such(what: str, name: str, known: Iterable[str]) -> str:
    """There is none of that name; what may have been meant, or what there is."""
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"there is no {what} “{name}”; did you mean “{close[0]}”?"
    if len(names) > 12:
        return f"there is no {what} “{name}”; “lintscale rules” lists them all"
    return f"there is no {what} “{name}”; there is {', '.join(names)}"


def names_of(rules: Mapping[str, KnownRule]) -> set[str]:
    """All that ``select`` and ``ignore`` may name."""
    return {*rules, *(rule.category for rule in rules.values()), EVERYTHING}
