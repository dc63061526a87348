"""Rule files and policies, read into rules.

The format is schemas/rule.schema.json; it is the same for the rules that ship and for policies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lintscale._record import replace
from lintscale.engine.expressions import (
    Expression,
    ExpressionError,
    Template,
    compile_expression,
    compile_template,
)
from lintscale.engine.finding import Severity
from lintscale.engine.rules import (
    Case,
    Example,
    FixSpec,
    RelatedSpec,
    RewriteSpec,
    Rule,
    RuleError,
    RuleProblem,
)
from lintscale.platforms import TABLE
from lintscale.project.config import EVERYTHING
from lintscale.syntax import Field, Problem, parse
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions
from lintscale.validation.schemas import shipped_folder

_SUFFIXES = (".yaml", ".yml")


def read_rules(directory: Path, *, validate: bool = True) -> list[Rule]:
    """The rules of a folder, sorted by id, compiled. Raises RuleError with the problems of all
    files. ``validate`` False skips the check against the schema."""
    rules: list[Rule] = []
    problems: list[RuleProblem] = []
    for path in rule_files(directory):
        try:
            rules.append(read_rule_file(path, validate=validate))
        except RuleError as error:
            problems += error.problems
    if problems:
        raise RuleError(*problems)
    return sorted(rules, key=lambda rule: rule.id)


def add_policies(
    rules: Sequence[Rule], folders: Sequence[Path]
) -> tuple[Sequence[Rule], list[RuleProblem]]:
    """The rules and the usable policies of ``folders``, sorted by id, and the problems of the
    other policies."""
    known = {rule.id: rule for rule in rules}
    problems: list[RuleProblem] = []
    for folder in folders:
        files = rule_files(folder)
        if not files:
            problems.append(RuleProblem(str(folder), 1, 1, "no policy (*.yaml) in this folder"))
        for file in files:
            try:
                policy = read_rule_file(file)
            except RuleError as error:
                problems += error.problems
                continue
            message = _name_conflict(policy, known)
            if message:
                problems.append(RuleProblem(policy.file, 1, 1, message))
            else:
                known[policy.id] = replace(policy, parked=True)
    return [known[key] for key in sorted(known)], problems


def _name_conflict(policy: Rule, known: dict[str, Rule]) -> str:
    """ "" for none."""
    if policy.category == EVERYTHING:
        return f"“{policy.category}” selects all rules; choose another category"
    if policy.category in known:
        return f"“{policy.category}” is the id of a rule; choose another category"
    if policy.id in {EVERYTHING, policy.category, *(rule.category for rule in known.values())}:
        return f"“{policy.id}” selects several rules; choose another id"
    if policy.id in known:
        file = known[policy.id].file
        where = "" if Path(file).parent == shipped_folder("rules") else f" in {file}"
        return f"rule {policy.id} already exists{where}; choose another id"
    return ""


def rule_files(directory: Path) -> list[Path]:
    """The rule files of a folder, sorted."""
    return sorted(path for path in directory.iterdir() if path.suffix in _SUFFIXES)


def read_rule_file(path: Path, *, validate: bool = True) -> Rule:
    """Raises RuleError."""
    return read_rule(_text(path), path, validate=validate)


def _text(path: Path) -> str:
    """Raises RuleError for a file that is not text or cannot be read."""
    if path.exists() and not path.is_file():
        raise RuleError(RuleProblem(str(path), 1, 1, "the rule file is not a regular file"))
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the rule file cannot be read: {error.strerror or error}"
        raise RuleError(RuleProblem(str(path), 1, 1, message)) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = Positions(before).at(len(before))
        message = "the rule file is not UTF-8; save it as UTF-8"
        raise RuleError(RuleProblem(str(path), line, column, message)) from error


def read_rule(text: str, path: Path, *, validate: bool = True) -> Rule:
    """One rule file. Raises RuleError."""
    result = parse(text, path.name, "yaml")
    if result.problems:
        raise RuleError(
            *(
                RuleProblem(str(path), *each.span[:2], each.message + _hint(text, each))
                for each in result.problems
            )
        )
    if len(result.documents) != 1 or not Field.root(result.documents[0]).is_mapping:
        raise RuleError(RuleProblem(str(path), 1, 1, "a rule file is one YAML mapping"))
    root = Field.root(result.documents[0])
    if validate:
        from lintscale.engine.rule_checks import check

        check(root, path, text)
    if root.get("id").string() != path.stem:
        message = f"the file must be named {root.get('id').string()}.yaml"
        raise RuleError(RuleProblem.at(root.get("id"), path, message))
    return _Reader(root, path).rule()


_OPENS = regex(r"\s*(?:- )?(?:when|expect|message|at):[ \t]+[!\"'{&*]")


def _hint(text: str, problem: Problem) -> str:
    """Advice where YAML takes an expression's first character for its own syntax."""
    line = problem.span.line
    if _OPENS.match(Positions(text).line(line)):
        return "; quote a value that starts with a quote, “!” or “{”, or write it below >-"
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
            parked=plain.get("parked", False),
            fix=self._fix(root.get("fix")),
            params={name: spec["default"] for name, spec in plain.get("params", {}).items()},
            param_descriptions={
                name: spec["description"] for name, spec in plain.get("params", {}).items()
            },
            references=tuple(plain.get("references", ())),
            examples=tuple(_example(each) for each in root.get("examples").items()),
        )

    def _cases(self) -> Iterator[Case]:
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
            raise self._error(case, "“when” or “expect” is missing")
        conditions = []
        for when in whens:
            self._expression(when)
            # A comment may end the text.
            conditions.append((when.location.line, f"({when.string()}\n)"))
        if expect.present:
            self._expression(expect)
            conditions.append((expect.location.line, f"!({expect.string()}\n)"))
        at = part("at")
        related = [
            RelatedSpec(
                item.get("at").string() or "",
                self._template(item.get("message")),
                item.get("elsewhere").boolean().value or False,
            )
            for item in part("related").items()
        ]
        own_help = case.get("help")
        platforms = [item.string() or "" for item in part("platforms").items()]
        return Case(
            platforms=tuple(platforms),
            severity=Severity(part("severity").string() or ""),
            scope=part("scope").string() or "",
            violated=compile_expression(" && ".join(text for _, text in conditions)),
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
        try:
            return compile_expression(where.string() or "")
        except ExpressionError as error:
            raise self._error(where, f"not a CEL expression: {error}") from error

    def _template(self, where: Field) -> Template:
        try:
            return compile_template(" ".join((where.string() or "").split()))
        except ExpressionError as error:
            raise self._error(where, f"in this message: {error}") from error

    def _error(self, where: Field, message: str) -> RuleError:
        return RuleError(RuleProblem.at(where, self.path, message))


def _example(written: Field) -> Example:
    plain = written.plain()
    kind = next(kind for kind in ("fails", "passes", "near-miss") if kind in plain)
    content = plain[kind]
    name = plain.get("file") or TABLE[plain["platform"]].example_file
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
        rule_line=written.location.line,
    )
