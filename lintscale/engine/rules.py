"""Rule files into compiled rules.

A rule file is everything about one rule; its format is schemas/rule.schema.json. Users' own
policies are read by the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lintscale._record import field, record
from lintscale.engine.expressions import Expression, ExpressionError, Template
from lintscale.engine.finding import Severity
from lintscale.engine.rule_errors import Mistake, RuleError, mistake
from lintscale.syntax import Field, Problem, parse
from lintscale.syntax.regex import regex

DEFAULT_FILES = {
    "render": "render.yaml",
    "railway": "railway.json",
    "ecs": "task-definition.json",
    "kubernetes": "manifests.yaml",
}
"""Under which name an example's text is checked when it does not say."""


_SUFFIXES = (".yaml", ".yml")


@record
class RelatedSpec:
    at: str
    message: Template


@record
class RewriteSpec:
    """Another key, another value or both for the entry at a model path. ``into`` is the key of a
    mapping beside it into which the entry goes."""

    at: str
    key: Expression | None = None
    value: Expression | None = None
    into: Expression | None = None


@record
class FixSpec:
    """How a fix edits: remove the value at a model path, set it to an expression (null: there is
    no fix), or rewrite its entry, or several of one file. ``unsafe_when`` holds of findings
    whose fix is unsafe although the rule's is safe. ``note`` is what people are told who apply
    it."""

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
        """False for a fix that whatever reports the rule makes."""
        return bool(self.remove or self.set_path or self.rewrites)

    def expressions(self) -> Iterator[Expression]:
        written = [self.set_value, self.unsafe_when]
        for rewrite in self.rewrites:
            written += [rewrite.key, rewrite.value, rewrite.into]
        yield from (expression for expression in written if expression)


@record
class Case:
    """One condition of a rule. ``violated`` is true of a thing that is a finding. ``fix`` is the
    case's own or the rule's. For when it crashes, ``conditions`` are what ``violated`` is made of,
    each with its line in the rule's file, and ``line`` is the message's."""

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
        """All that are evaluated for the case or for a finding of it."""
        yield self.violated
        for template in (self.message, self.help, *(spec.message for spec in self.related)):
            yield from template.expressions()
        if self.fix:
            yield from self.fix.expressions()


@record
class Example:
    """A snippet that the rule must (kind "fails") or must not ("passes", "near-miss") fire on.
    ``line`` and ``severity`` are what the finding must have, where the example says so; ``fixed``
    are the files that the rule's fix changes, as it leaves them. ``stands_on`` is its own line in
    the rule's file."""

    platform: str
    kind: str
    files: dict[str, str]
    name: str = ""
    line: int | None = None
    severity: str = ""
    config: str = ""
    fixed: dict[str, str] = field(default_factory=dict)
    stands_on: int = 1


@record
class Rule:
    """A rule as everything else sees it. ``cases`` is empty for what ``reported_by`` raises."""

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
        for position in range(len(text) - 1):
            if (
                text[position] in ".!?"
                and text[position + 1] == " "
                and text[position + 2].isupper()
            ):
                return text[: position + 1]
        return text


def read_rules(directory: Path, *, validate: bool = True) -> list[Rule]:
    """All rules of a folder, sorted by id, expressions compiled. Raises RuleError that lists
    every mistake in every file. ``validate`` False takes their shape on trust."""
    rules: list[Rule] = []
    mistakes: list[Mistake] = []
    for path in rule_files(directory):
        try:
            rules.append(read_rule_file(path, validate=validate))
        except RuleError as error:
            mistakes += error.mistakes
    if mistakes:
        raise RuleError(*mistakes)
    return sorted(rules, key=lambda rule: rule.id)


def rule_files(directory: Path) -> list[Path]:
    """The rule files of a folder, sorted."""
    return sorted(path for path in directory.iterdir() if path.suffix in _SUFFIXES)


def read_rule_file(path: Path, *, validate: bool = True) -> Rule:
    """Raises RuleError."""
    return read_rule(_text(path), path, validate=validate)


def _text(path: Path) -> str:
    """Raises RuleError for what is no text, or cannot be read."""
    if path.exists() and not path.is_file():
        raise RuleError(Mistake(str(path), 1, 1, "the rule file is no regular file"))
    try:
        data = path.read_bytes()
    except OSError as error:
        told = f"the rule file cannot be read: {error.strerror or error}"
        raise RuleError(Mistake(str(path), 1, 1, told)) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        told = "the rule file is no UTF-8 text; save it as UTF-8"
        raise RuleError(Mistake(str(path), line, column, told)) from error


def read_rule(text: str, path: Path, *, validate: bool = True) -> Rule:
    """One rule file. Raises RuleError."""
    result = parse(text, path.name, "yaml")
    if result.problems:
        raise RuleError(
            *(
                Mistake(
                    str(path), each.span.line, each.span.column, each.message + _hint(text, each)
                )
                for each in result.problems
            )
        )
    if len(result.documents) != 1 or not Field.root(result.documents[0]).is_mapping:
        raise RuleError(Mistake(str(path), 1, 1, "a rule file is one YAML mapping"))
    root = Field.root(result.documents[0])
    if validate:
        from lintscale.engine.rule_checks import check

        check(root, path, text)
    if root.get("id").string() != path.stem:
        told = f"the file must be named {root.get('id').string()}.yaml"
        raise RuleError(mistake(root.get("id"), path, told))
    return _Reader(root, path).rule()


_OPENS = regex(r"\s*(?:- )?(?:when|expect|message|at):[ \t]+[!\"'{&*]")


def _hint(text: str, problem: Problem) -> str:
    """What to do where YAML takes an expression's first character for its own."""
    line = problem.span.line
    if any(map(_OPENS.match, text.splitlines()[line - 1 : line])):
        return "; what begins with a quote, “!” or “{” is to stand in quotes, or below >-"
    return ""


class _Reader:
    def __init__(self, root: Field, path: Path) -> None:
        self.root = root
        self.path = path

    def rule(self) -> Rule:
        root = self.root
        plain = root.plain()
        how_to_fix = plain["fix"]["help"].strip()
        return Rule(
            id=plain["id"],
            category=plain["category"],
            severity=Severity(plain["severity"]),
            summary=plain["summary"],
            platforms=tuple(plain["platforms"]),
            scope=plain.get("scope", ""),
            why=plain["why"].strip(),
            how_to_fix=how_to_fix,
            cases=tuple(self._cases()),
            file=str(self.path),
            reported_by=plain.get("reported-by", ""),
            fix=self._fix(root.get("fix")),
            params={name: spec["default"] for name, spec in plain.get("params", {}).items()},
            param_descriptions={
                name: spec["description"] for name, spec in plain.get("params", {}).items()
            },
            references=tuple(plain.get("references", ())),
            examples=tuple(_example(each) for each in root.get("examples").items()),
        )

    def _cases(self) -> Iterable[Case]:
        if self.root.get("reported-by").present:
            return
        cases = list(self.root.get("cases").items()) or [self.root]
        for case in cases:
            yield self._case(case)

    def _case(self, case: Field) -> Case:
        def part(name: str) -> Field:
            own = case.get(name)
            return own if own.present else self.root.get(name)

        expect = part("expect")
        whens = [field for field in (self.root.get("when"), case.get("when")) if field.present]
        if case is self.root:
            whens = whens[:1]
        for needed in ("scope", "at", "message"):
            if not part(needed).present:
                raise self._error(case, f"“{needed}” is missing")
        if not whens and not expect.present:
            raise self._error(case, "neither “when” nor “expect” says when it fires")
        conditions = []
        for when in whens:
            self._expression(when)
            # A comment may end it.
            conditions.append((when.location.line, f"({when.string()}\n)"))
        if expect.present:
            self._expression(expect)
            conditions.append((expect.location.line, f"!({expect.string()}\n)"))
        violated = Expression(" && ".join(text for _, text in conditions))
        violated.compile()
        at = part("at")
        related = [
            RelatedSpec(item.get("at").string() or "", self._template(item.get("message")))
            for item in part("related").items()
        ]
        own_help = case.get("help")
        platforms = [item.string() or "" for item in part("platforms").items()]
        return Case(
            platforms=tuple(platforms),
            severity=Severity(part("severity").string() or ""),
            scope=part("scope").string() or "",
            violated=violated,
            at=tuple([item.string() or "" for item in at.items()] or [at.string() or ""]),
            message=self._template(part("message")),
            help=self._template(own_help if own_help.present else self.root.get("fix", "help")),
            related=tuple(related),
            fix=self._fix(case.get("fix")) or self._fix(self.root.get("fix")),
            line=part("message").location.line,
            conditions=tuple(conditions),
        )

    def _fix(self, fix: Field) -> FixSpec | None:
        if not fix.get("safety").present:
            return None
        set_path, set_value = "", None
        rewrite = fix.get("rewrite")
        for path, value in fix.get("set").entries():
            set_path, set_value = path, self._expression(value)
        return FixSpec(
            safety=fix.get("safety").string() or "",
            remove=fix.get("remove").string() or "",
            set_path=set_path,
            set_value=set_value,
            rewrites=tuple(
                RewriteSpec(
                    part.get("at").string() or "",
                    self._optional(part.get("key")),
                    self._optional(part.get("value")),
                    self._optional(part.get("into")),
                )
                for part in ([rewrite] if rewrite.is_mapping else rewrite.items())
            ),
            unsafe_when=self._optional(fix.get("unsafe-when")),
            platforms=tuple(item.string() or "" for item in fix.get("platforms").items()),
            note=" ".join((fix.get("note").string() or "").split()),
        )

    def _optional(self, where: Field) -> Expression | None:
        return self._expression(where) if where.present else None

    def _expression(self, where: Field) -> Expression:
        expression = Expression(where.string() or "")
        try:
            expression.compile()
        except ExpressionError as error:
            raise self._error(where, f"not a CEL expression: {error}") from error
        return expression

    def _template(self, where: Field) -> Template:
        try:
            template = Template.parse(" ".join((where.string() or "").split()))
            for expression in template.expressions():
                expression.compile()
        except ExpressionError as error:
            raise self._error(where, f"in this message: {error}") from error
        return template

    def _error(self, where: Field, told: str) -> RuleError:
        return RuleError(mistake(where, self.path, told))


def _example(written: Field) -> Example:
    plain = written.plain()
    kind = next(kind for kind in ("fails", "passes", "near-miss") if kind in plain)
    content = plain[kind]
    name = plain.get("file") or DEFAULT_FILES[plain["platform"]]
    fixed = plain.get("fixed", {})
    return Example(
        platform=plain["platform"],
        kind=kind,
        files={name: content} if isinstance(content, str) else dict(content),
        fixed={name: fixed} if isinstance(fixed, str) else dict(fixed),
        name=plain.get("name", ""),
        line=plain.get("line"),
        severity=plain.get("severity", ""),
        config=plain.get("config", ""),
        stands_on=written.location.line,
    )
