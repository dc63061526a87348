"""The problems of a rule file, each at its place: of its shape, by schemas/rule.schema.json; of its
expressions, by the compiler, the model and the rule's scope."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lintscale.engine.expressions import ExpressionError
from lintscale.engine.expressions.check import expression_errors, path_errors, template_errors
from lintscale.engine.rules import RuleError, RuleProblem
from lintscale.platforms import TABLE
from lintscale.syntax import Field, Node, Problem, Scalar
from lintscale.syntax.text import Positions
from lintscale.validation import SchemaChoice, problems
from lintscale.validation.checker import Checker
from lintscale.validation.schemas import inline, shipped_folder

_SCHEMA = "rule.schema.json"
_OPENING = {"|": "\n", ">": "\n", "'": "'", '"': '"'}
"""By its first character, behind what the text of a block or quoted scalar begins."""


def check(root: Field, path: Path, text: str) -> None:
    """Raises RuleError with all problems of the rule ``root`` in the file ``path``, which holds
    ``text``."""
    found = list(_shape_problems(root, path)) or list(_Expressions(root, path, text).problems())
    if found:
        raise RuleError(*sorted(found, key=lambda each: (each.line, each.column)))


def _schema() -> dict[str, Any]:
    """That of a rule, for the platforms that there are."""
    schema: dict[str, Any] = json.loads((shipped_folder("schemas") / _SCHEMA).read_text("utf-8"))
    schema["$defs"]["platform"]["enum"] = list(TABLE)
    return schema


def _shape_problems(root: Field, path: Path) -> Iterator[RuleProblem]:
    choice = SchemaChoice("", "lintscale", inline=_schema())
    schema = inline(_schema())
    checker = _LiteralChecker(root.document, choice)
    checker.quiet = True
    assert root.node is not None  # noqa: S101 - it is a mapping
    checker.check(root.node, schema.schema, schema.file, ())
    if not checker.count and not checker.unsure and not _repeats_a_platform(root):
        return
    found = problems(root.document, choice)
    for each in found:
        yield RuleProblem(str(path), each.span.line, each.span.column, _with_advice(each))
    if not found:
        yield from _library_problems(root, path)


class _LiteralChecker(Checker):
    """Counts what is wrong. A value that looks like a placeholder is nothing special in a rule."""

    __slots__ = ()

    def _wrong(self, node: Node, *, whatever: bool = False, filled_in: bool = False) -> bool:
        self.count += 1
        return False


def _with_advice(problem: Problem) -> str:
    """The message and, where that does not say it, what to write."""
    if not problem.help or problem.missing or "did you mean" in problem.message:
        return problem.message
    return f"{problem.message}; {problem.help[:1].lower()}{problem.help[1:].rstrip('.')}"


def _repeats_a_platform(root: Field) -> bool:
    """The checker does not know ``uniqueItems``."""
    names = [item.string() for item in root.get("platforms").items()]
    return len(names) != len(set(names))


def _library_problems(root: Field, path: Path) -> Iterator[RuleProblem]:
    """The problems that the checker of documents does not report, because to it a placeholder may
    stand for anything. The import takes 90 ms: only a broken rule is worth it."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    for error in Draft202012Validator(_schema()).iter_errors(root.plain()):
        worst = best_match([error]) or error
        where = root.at(tuple(worst.absolute_path))
        message = worst.message
        if worst.validator == "uniqueItems":
            message = f"{worst.absolute_path[-1]} has a duplicate"
        yield RuleProblem.at(where, path, message)


class _Expressions:
    """The problems of a rule's conditions, templates and model paths."""

    def __init__(self, root: Field, path: Path, text: str) -> None:
        self.root = root
        self.path = path
        self.text = text
        self.positions = Positions(text)
        self.params = [name for name, _ in root.get("params").entries()]

    def problems(self) -> Iterator[RuleProblem]:
        cases = list(self.root.get("cases").items())
        for part in (self.root, *cases):
            own = part.get("scope").string() or self.root.get("scope").string()
            # What the cases share is evaluated in the scopes of all of them.
            scopes = [own] if own else [case.get("scope").string() for case in cases]
            for scope in filter(None, scopes):
                yield from self._in_part(part, scope)
        yield from self._in_params()
        yield from self._in_examples()

    def _in_part(self, part: Field, scope: str) -> Iterator[RuleProblem]:
        for name in ("when", "expect"):
            yield from self._in_expression(part.get(name), scope, condition=True)
        yield from self._in_template(part.get("message"), scope)
        yield from self._in_template(part.get("help"), scope)
        for place in [part.get("at"), *part.get("at").items()]:
            yield from self._in_path(place, scope)
        for item in part.get("related").items():
            yield from self._in_template(item.get("message"), scope)
            yield from self._in_path(item.get("at"), scope)
        yield from self._in_fix(part.get("fix"), scope)

    def _in_fix(self, fix: Field, scope: str) -> Iterator[RuleProblem]:
        yield from self._in_template(fix.get("help"), scope)
        yield from self._in_path(fix.get("remove"), scope)
        for target, value in fix.get("set").entries():
            yield from self._located(value, path_errors(target, scope))
            yield from self._in_expression(value, scope)
        rewrite = fix.get("rewrite")
        for part in [rewrite] if rewrite.is_mapping else rewrite.items():
            yield from self._in_path(part.get("at"), scope)
            for name in ("key", "value", "into"):
                yield from self._in_expression(part.get(name), scope)
        yield from self._in_expression(fix.get("unsafe-when"), scope)

    def _in_params(self) -> Iterator[RuleProblem]:
        for name, param in self.root.get("params").entries():
            if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                message = f"“{name}” is not a CEL name; use letters, digits and “_”"
                yield RuleProblem.at(param, self.path, message)

    def _in_examples(self) -> Iterator[RuleProblem]:
        platforms = {item.string() for item in self.root.get("platforms").items()}
        for example in self.root.get("examples").items():
            platform = example.get("platform").string() or ""
            if platform not in platforms:
                message = f"{platform} is not among the rule's platforms"
                yield RuleProblem.at(example.get("platform"), self.path, message)

    # -- one text ---------------------------------------------------------------------------------

    def _in_expression(
        self, where: Field, scope: str, *, condition: bool = False
    ) -> Iterator[RuleProblem]:
        if where.is_scalar:
            text = where.string() or ""
            errors = expression_errors(text, scope, self.params, condition=condition)
            yield from self._located(where, errors)

    def _in_template(self, where: Field, scope: str) -> Iterator[RuleProblem]:
        if where.is_scalar:
            errors = template_errors(where.string() or "", scope, self.params)
            yield from self._located(where, errors)

    def _in_path(self, where: Field, scope: str) -> Iterator[RuleProblem]:
        if where.is_scalar:
            yield from self._located(where, path_errors(where.string() or "", scope))

    def _located(self, where: Field, errors: Iterable[ExpressionError]) -> Iterator[RuleProblem]:
        """Errors in the text of a value."""
        for error in errors:
            place = self._place(where, error.offset or 0)
            if place is None:
                yield RuleProblem.at(where, self.path, str(error))
            else:
                yield RuleProblem(str(self.path), *place, str(error))

    def _place(self, where: Field, offset: int) -> tuple[int, int] | None:
        """Line and column of a character of a value. Folding and indentation only change blanks,
        so the other characters are counted; the value's start where it has escapes."""
        node = where.node
        if not isinstance(node, Scalar):
            return None
        start = self.positions.offset(node.span.line, node.span.column)
        end = self.positions.offset(node.span.end_line, node.span.end_column)
        raw, wanted = self.text[start:end], "".join(node.text.split())
        opening = _OPENING.get(raw[:1])
        skipped = raw.find(opening) + 1 if opening else 0
        if not wanted or not "".join(raw[skipped:].split()).startswith(wanted):
            return node.span.line, node.span.column
        visible = [match.start() for match in re.finditer(r"\S", raw[skipped:])]
        number = len("".join(node.text[:offset].split()))
        return self.positions.at(start + skipped + visible[min(number, len(wanted) - 1)])
