"""What is known while findings are held against suppressions."""

from __future__ import annotations

from lintscale._record import field, record
from lintscale.engine.check_run import SYNTAX_ERROR, CheckRun
from lintscale.project.config.known import EVERYTHING
from lintscale.suppressions.suppression import CONFIG, Suppression
from lintscale.suppressions.syntax import Clause

REPORTED_BY = "suppressions"
"""What the rules about suppressions themselves say raises them."""

Named = tuple[int, str]
"""The number of a clause in a suppression, and a name in it."""


@record(frozen=False)
class SuppressionUsage:
    """What became of one suppression: which names were ``used`` to hide something, whether
    something ``returned`` that an expired clause would have hidden and no other does, and of which
    rules there were findings, ``wanted`` or not, where it speaks of."""

    suppression: Suppression
    used: set[Named] = field(default_factory=set)
    returned: bool = False
    wanted: set[str] = field(default_factory=set)


class Names:
    """What the names in suppressions mean."""

    def __init__(self, run: CheckRun) -> None:
        self.categories = {rule.id: rule.category for rule in run.rules}
        self.own = {rule.id for rule in run.rules if rule.reported_by == REPORTED_BY}
        self.strict = {rule for name in run.settings.strict for rule in self.rules(name)}

    def rules(self, name: str) -> set[str]:
        """The ids of the rules that a name means: none, one, those of a category or all."""
        return {
            rule
            for rule, category in self.categories.items()
            if name in (rule, category) or name == EVERYTHING
        }

    def can_hide(self, kind: str, rule: str) -> bool:
        """Whether a suppression of this kind may hide a rule's findings."""
        if rule in self.strict:
            return False
        return kind == CONFIG or (rule not in self.own and rule != SYNTAX_ERROR)


def is_expired(clause: Clause, today: str) -> bool:
    """A clause holds through its last day."""
    return bool(clause.until) and clause.until < today
