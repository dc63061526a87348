"""A rule, with its cases, its fix and its examples, and what can be wrong with its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lintscale._record import field, record
from lintscale.engine.expressions import Expression, Template
from lintscale.engine.finding import Severity
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex


@record
class RuleProblem:
    """Something wrong in a rule file; line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    @classmethod
    def at(cls, where: Field, path: Path, message: str) -> RuleProblem:
        """A problem at a value's location."""
        span = where.location.span
        return cls(str(path), span.line, span.column, message)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class RuleError(Exception):
    """Rule files that cannot be used. The text has one line for each problem."""

    def __init__(self, *problems: RuleProblem) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))


@record
class RelatedSpec:
    """A related place, by its model path, and the message for it. ``elsewhere``: only where it is
    in another file than the finding."""

    at: str
    message: Template
    elsewhere: bool = False


@record
class RewriteSpec:
    """A new key, a new value or both for the entry at a model path. ``into`` is the key of the
    sibling mapping that the entry moves into."""

    at: str
    key: Expression | None = None
    value: Expression | None = None
    into: Expression | None = None


@record
class FixSpec:
    """How a fix edits: remove the value at a model path, set it to an expression (null: no fix),
    or rewrite its entry, or several of one file. ``unsafe_when`` is true for findings whose fix is
    unsafe although the rule's is safe. ``note`` is shown when the fix is applied."""

    safety: str
    remove: str = ""
    set_path: str = ""
    set_value: Expression | None = None
    rewrites: tuple[RewriteSpec, ...] = ()
    unsafe_when: Expression | None = None
    platforms: tuple[str, ...] = ()
    note: str = ""

    @property
    def edits(self) -> bool:
        """False for a fix that is made by what reports the rule."""
        return bool(self.remove or self.set_path or self.rewrites)

    def expressions(self) -> Iterator[Expression]:
        written = [self.set_value, self.unsafe_when]
        for rewrite in self.rewrites:
            written += [rewrite.key, rewrite.value, rewrite.into]
        yield from (expression for expression in written if expression)


@record
class Case:
    """One condition of a rule. ``violated`` is true for a subject that gets a finding. ``fix`` is
    the case's own or the rule's. ``conditions`` are the parts of ``violated``, each with its line
    in the rule's file, and ``line`` is the message's: where a failure is reported."""

    platforms: tuple[str, ...]
    severity: Severity
    scope: str
    violated: Expression
    at: tuple[str, ...]
    message: Template
    help: Template
    related: tuple[RelatedSpec, ...]
    line: int
    fix: FixSpec | None = None
    conditions: tuple[tuple[int, str], ...] = ()

    def expressions(self) -> Iterator[Expression]:
        """All expressions of the case."""
        yield self.violated
        for template in (self.message, self.help, *(spec.message for spec in self.related)):
            yield from template.expressions()
        if self.fix:
            yield from self.fix.expressions()


@record
class Example:
    """Files that the rule must (kind "fails") or must not ("passes", "near-miss") report. ``line``
    and ``severity`` are the expected finding's, where the example has them; ``fixed`` are the
    expected contents of the files that the fix changes. ``rule_line`` is where the example starts
    in the rule's file."""

    platform: str
    kind: str
    files: dict[str, str]
    name: str = ""
    line: int | None = None
    severity: str = ""
    config: str = ""
    fixed: dict[str, str] = field(default_factory=dict)
    rule_line: int = 1


_SENTENCE_END = regex(r"[.!?](?= )")


@record
class Rule:
    """A rule. ``cases`` is empty where ``reported_by`` names what reports it: "reader", "schema" or
    "suppressions". ``parked``: it judges workloads that are switched off, too."""

    id: str
    category: str
    severity: Severity
    summary: str
    platforms: tuple[str, ...]
    scope: str
    why: str
    how_to_fix: str
    cases: tuple[Case, ...]
    file: str
    reported_by: str = ""
    parked: bool = False
    fix: FixSpec | None = None
    params: dict[str, Any] = field(default_factory=dict)
    param_descriptions: dict[str, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def fixable(self) -> str:
        """ "safe", "unsafe", or "" for a rule without a fix."""
        return self.fix.safety if self.fix else ""

    @property
    def reason(self) -> str:
        """The first sentence of ``why``."""
        text = " ".join(self.why.split())
        end = next(
            (
                match.end()
                for match in _SENTENCE_END.finditer(text)
                if text[match.end() + 1].isupper()
            ),
            None,
        )
        return text[:end]
