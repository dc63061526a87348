"""A suppression, what it covers, and what became of it in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lintscale._record import field, record
from lintscale.engine.check_run import SYNTAX_ERROR, CheckRun
from lintscale.engine.finding import Finding
from lintscale.model.location import Location, PathKey, Span
from lintscale.project.config import EVERYTHING
from lintscale.suppressions.syntax import Clause
from lintscale.syntax import SourceFile
from lintscale.syntax.document import Comment

COMMENT, ANNOTATION, CONFIG = "comment", "annotation", "config"

REPORTED_BY = "suppressions"
"""The ``reported-by`` of the rules about suppressions."""

Path = tuple[PathKey, ...]
ScopeKey = tuple[str | int | Path, ...]
"""A file, a line or a subtree of one, or a workload."""
ClauseName = tuple[int, str]
"""The index of a clause in a suppression, and a name in it."""


@record
class Subtree:
    """Everything at ``path`` and below, in the document with this index, up to ``last_line``."""

    document: int
    path: Path
    last_line: int


@record
class Scope:
    """What a suppression covers: a line of ``file`` and the ``subtrees`` that begin there, the
    whole file, or findings about ``workloads`` (ids); or what ``matches`` decides.
    ``description`` follows “no finding …” in messages. ``misplaced`` is why it covers nothing."""

    file: str = ""
    line: int | None = None
    subtrees: tuple[Subtree, ...] = ()
    whole_file: bool = False
    workloads: frozenset[str] = frozenset()
    matches: Callable[[Finding], bool] | None = None
    description: str = ""
    misplaced: str = ""

    def covered(self) -> Iterator[ScopeKey]:
        if self.whole_file:
            yield ("file", self.file)
        if self.line is not None:
            yield ("line", self.file, self.line)
        for subtree in self.subtrees:
            yield ("subtree", self.file, subtree.document, subtree.path)
        for workload in self.workloads:
            yield ("workload", workload)


def finding_keys(finding: Finding) -> Iterator[ScopeKey]:
    """The keys of the scopes that cover a finding."""
    location = finding.location
    file, span, path = location.file, location.span, location.path
    yield ("file", file)
    for line in range(span.line, span.end_line + 1):
        yield ("line", file, line)
    for length in range(len(path) + 1):
        yield ("subtree", file, location.document, path[:length])
    if finding.workload_id:
        yield ("workload", finding.workload_id)


@record
class Suppression:
    """A comment, an annotation or a table of the config, as ``kind`` says. ``name_spans`` are the
    spans of all names of all clauses, where known. ``comment`` contains it."""

    kind: str
    clauses: tuple[Clause, ...]
    location: Location
    scope: Scope
    name_spans: tuple[Span, ...] = ()
    comment: Comment | None = None
    source: SourceFile | None = None

    def names(self) -> list[ClauseName]:
        return [
            (index, name.text) for index, clause in enumerate(self.clauses) for name in clause.names
        ]


@record(frozen=False)
class SuppressionUsage:
    """What became of a suppression: the names that were ``used`` to suppress a finding, whether a
    finding is ``reported_again`` that an expired clause would have suppressed, and the
    ``rules_in_scope`` that have findings, suppressed or not."""

    suppression: Suppression
    used: set[ClauseName] = field(default_factory=set)
    reported_again: bool = False
    rules_in_scope: set[str] = field(default_factory=set)


class RuleNames:
    """What the names in suppressions refer to."""

    def __init__(self, run: CheckRun) -> None:
        self.categories = {rule.id: rule.category for rule in run.rules}
        self.about_suppressions = {rule.id for rule in run.rules if rule.reported_by == REPORTED_BY}
        self.strict = {rule for name in run.settings.strict for rule in self.rules(name)}

    def rules(self, name: str) -> set[str]:
        """The ids of the rules of a name: one rule, a category, all rules, or none."""
        return {
            rule
            for rule, category in self.categories.items()
            if name in (rule, category) or name == EVERYTHING
        }

    def may_suppress(self, kind: str, rule: str) -> bool:
        """Whether a suppression of this kind may suppress a rule's findings. In what cannot be
        parsed no comment is known, and rules about suppressions are suppressed in the config."""
        if rule in self.strict:
            return False
        return kind == CONFIG or (rule not in self.about_suppressions and rule != SYNTAX_ERROR)


def is_expired(clause: Clause, today: str) -> bool:
    """A clause is effective through its last day."""
    return bool(clause.until) and clause.until < today
