"""What is wrong with a rule file, each mistake at its place: its shape by schemas/rule.schema.json,
its expressions by CEL's compiler, the names in them by the model and the rule's scope."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lintscale.engine.expressions import Expression, ExpressionError, Template
from lintscale.engine.known_fields import unknown_fields, unknown_in_path, unknown_variables
from lintscale.engine.rule_errors import Mistake, RuleError, mistake
from lintscale.syntax import Field, Scalar
from lintscale.syntax.positions import Positions
from lintscale.validation import SchemaChoice, problems
from lintscale.validation import shipped as resources

_SCHEMA = "rule.schema"
_NONE_BEFORE = {"|": "\n", ">": "\n", "'": "'", '"': '"'}
"""Where the text of a block or a quoted scalar begins: after the first of these."""


def check(root: Field, path: Path, text: str) -> None:
    """Raises RuleError with all that is wrong with the rule ``root`` of the file ``path``, which
    holds ``text``."""
    found = list(_of_shape(root, path)) or list(_Expressions(root, path, text).mistakes())
    if found:
        raise RuleError(*sorted(found, key=lambda each: (each.line, each.column)))


def _of_shape(root: Field, path: Path) -> Iterator[Mistake]:
    told = False
    for each in problems(root.document, SchemaChoice(_SCHEMA, "lintscale")):
        told = True
        # What is to be written is said in the message where that is not plain from it.
        advice = f"; {each.help[:1].lower()}{each.help[1:].rstrip('.')}" if each.help else ""
        hinted = "did you mean" in each.message or each.missing
        message = each.message if hinted else f"{each.message}{advice}"
        yield Mistake(str(path), each.span.line, each.span.column, message)
    if not told:
        yield from _of_library(root, path)


def _of_library(root: Field, path: Path) -> Iterator[Mistake]:
    """What only the whole of JSON Schema tells: text that looks like a placeholder, for one, is
    nothing special in a rule."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    schema = json.loads((resources.folder("schemas") / f"{_SCHEMA}.json").read_text("utf-8"))
    for error in Draft202012Validator(schema).iter_errors(root.plain()):
        worst = best_match([error]) or error
        where = root
        for key in worst.absolute_path:
            where = list(where.items())[key] if isinstance(key, int) else where.get(str(key))
        told = worst.message
        if worst.validator == "uniqueItems":
            told = f"{worst.absolute_path[-1]} names one thing twice"
        yield mistake(where, path, told)


class _Expressions:
    """The mistakes in a rule's conditions, templates and model paths."""

    def __init__(self, root: Field, path: Path, text: str) -> None:
        self.root = root
        self.path = path
        self.text = text
        self.positions = Positions(text)
        self.params = [name for name, _ in root.get("params").entries()]

    def mistakes(self) -> Iterator[Mistake]:
        cases = list(self.root.get("cases").items())
        for part in (self.root, *cases):
            own = part.get("scope").string() or self.root.get("scope").string()
            # What stands beside the cases holds for the scopes of all of them.
            scopes = [own] if own else [case.get("scope").string() for case in cases]
            for scope in filter(None, scopes):
                yield from self._of_part(part, scope)
        yield from self._of_params()
        yield from self._of_examples()

    def _of_part(self, part: Field, scope: str) -> Iterator[Mistake]:
        for name in ("when", "expect"):
            yield from self._of_condition(part.get(name), scope)
        yield from self._of_template(part.get("message"), scope)
        yield from self._of_template(part.get("help"), scope)
        for place in [part.get("at"), *part.get("at").items()]:
            yield from self._of_path(place, scope)
        for item in part.get("related").items():
            yield from self._of_template(item.get("message"), scope)
            yield from self._of_path(item.get("at"), scope)
        yield from self._of_fix(part.get("fix"), scope)

    def _of_fix(self, fix: Field, scope: str) -> Iterator[Mistake]:
        yield from self._of_template(fix.get("help"), scope)
        yield from self._of_path(fix.get("remove"), scope)
        for target, value in fix.get("set").entries():
            for told in unknown_in_path(target, scope):
                yield mistake(value, self.path, told)
            yield from self._of_expression(value, scope)
        rewrite = fix.get("rewrite")
        for part in [rewrite] if rewrite.is_mapping else rewrite.items():
            yield from self._of_path(part.get("at"), scope)
            for name in ("key", "value", "into"):
                yield from self._of_expression(part.get(name), scope)
        yield from self._of_expression(fix.get("unsafe-when"), scope)

    def _of_params(self) -> Iterator[Mistake]:
        for name, param in self.root.get("params").entries():
            if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                told = f"“{name}” is no name that CEL can ask for; take letters, digits and “_”"
                yield mistake(param, self.path, told)

    def _of_examples(self) -> Iterator[Mistake]:
        platforms = {item.string() for item in self.root.get("platforms").items()}
        for example in self.root.get("examples").items():
            platform = example.get("platform").string() or ""
            if platform not in platforms:
                told = f"an example of {platform}, which is not among the rule's platforms"
                yield mistake(example.get("platform"), self.path, told)

    # -- one text ---------------------------------------------------------------------------------

    def _of_condition(self, where: Field, scope: str) -> Iterator[Mistake]:
        wrong = list(self._of_expression(where, scope))
        yield from wrong
        if where.present and not wrong:
            try:
                Expression(f"({where.string()}\n) && true").compile()
            except ExpressionError:
                yield self._at(where, 0, "the condition is neither true nor false")

    def _of_expression(self, where: Field, scope: str) -> Iterator[Mistake]:
        if not where.present or not where.is_scalar:
            return
        text = where.string() or ""
        names = [*unknown_variables(text, scope), *unknown_fields(text, self.params)]
        for told, offset in names:
            yield self._at(where, offset, told)
        if not names:
            yield from self._of_cel(where, text, 0)

    def _of_template(self, where: Field, scope: str) -> Iterator[Mistake]:
        if not where.is_scalar:
            return
        text = where.string() or ""
        try:
            expressions = Template.parse(text).expressions()
        except ExpressionError as error:
            yield self._at(where, error.offset or 0, str(error))
            return
        start = 0
        for expression in expressions:
            start = max(text.find(expression.text, start), 0)
            names = [
                *unknown_variables(expression.text, scope),
                *unknown_fields(expression.text, self.params),
            ]
            for told, offset in names:
                yield self._at(where, start + offset, told)
            if not names:
                yield from self._of_cel(where, expression.text, start)

    def _of_cel(self, where: Field, text: str, start: int) -> Iterator[Mistake]:
        try:
            Expression(text).compile()
        except ExpressionError as error:
            told = f"not a CEL expression: {error}"
            yield self._at(where, start + (error.offset or 0), told)

    def _of_path(self, where: Field, scope: str) -> Iterator[Mistake]:
        if where.is_scalar:
            for told in unknown_in_path(where.string() or "", scope):
                yield self._at(where, 0, told)

    def _at(self, where: Field, offset: int, message: str) -> Mistake:
        """A mistake at an offset within the text of a value."""
        place = self._place(where, offset)
        if place is None:
            return mistake(where, self.path, message)
        return Mistake(str(self.path), *place, message)

    def _place(self, where: Field, offset: int) -> tuple[int, int] | None:
        """Where a character of a value stands in the file. Folding and indentation only change
        blanks, so the others are counted; None where escapes say something else."""
        node = where.node
        if not isinstance(node, Scalar):
            return None
        start = self.positions.offset(node.span.line, node.span.column)
        end = self.positions.offset(node.span.end_line, node.span.end_column)
        raw, wanted = self.text[start:end], "".join(node.text.split())
        opening = _NONE_BEFORE.get(raw[:1])
        skipped = raw.find(opening) + 1 if opening else 0
        black = [match.start() for match in re.finditer(r"\S", raw[skipped:])]
        if not "".join(raw[skipped:].split()).startswith(wanted) or not wanted:
            return start_of(node.span)
        number = len("".join(node.text[:offset].split()))
        return self.positions.at(start + skipped + black[min(number, len(wanted) - 1)])


def start_of(span: Sequence[int]) -> tuple[int, int]:
    return span[0], span[1]
