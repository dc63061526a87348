"""Expressions of rules: compiled once, evaluated against plain data.

This is all that the rest of the engine knows of the language and of what evaluates it (``cel``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from lintscale._record import record
from lintscale.engine.expressions.errors import VARIABLES, ExpressionError
from lintscale.syntax.field import LARGEST
from lintscale.syntax.regex import regex

__all__ = [
    "VARIABLES",
    "Bindings",
    "Expression",
    "ExpressionError",
    "Fields",
    "Template",
    "compile_expression",
    "compile_template",
    "evaluator_version",
    "show",
]

Fields = tuple[tuple[str, str], ...]
"""Pairs of variable and field, sorted; the field is "" where a variable is used as a whole."""

_MENTION = regex(rf"(?<![\w.])({'|'.join(VARIABLES)})\b(?:\.(\w+))?")


class Bindings:
    """The values of variables, as plain data, for any number of expressions. A field may be a
    function that makes its value, called for expressions that mention it."""

    __slots__ = ("_converted", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self._converted: dict[Fields, Any] = {}

    def extended(self, **values: Any) -> Bindings:
        """These and more."""
        return Bindings({**self.values, **values})

    def converted(self, fields: Fields) -> Any:
        """The part that these fields are, as the evaluator takes it. CEL converts all that it is
        handed, and each conversion leaks a little: expressions with the same fields share one."""
        data = self._converted.get(fields)
        if data is None:
            data = self._converted[fields] = _evaluator().activation(self._part(fields))
        return data

    def _part(self, fields: Fields) -> dict[str, Any]:
        part: dict[str, Any] = {}
        for name, field in fields:
            if name not in self.values:
                continue
            whole = self.values[name]
            if not isinstance(whole, dict):
                part[name] = whole
            elif not field:
                part[name] = {key: _value(each) for key, each in whole.items()}
            elif (name, "") not in fields and field in whole:
                part.setdefault(name, {})[field] = _value(whole[field])
        return part


def _value(field: Any) -> Any:
    return field() if callable(field) else field


class Expression:
    """One expression, compiled at its first evaluation at the latest."""

    __slots__ = ("_fields", "_program", "_serialized", "text")

    def __init__(self, text: str, serialized: bytes = b"", fields: Fields | None = None) -> None:
        self.text = text
        self._serialized = serialized
        self._program: Any = None
        self._fields = fields

    @property
    def fields(self) -> Fields:
        """The fields that the text mentions; too many are harmless."""
        if self._fields is None:
            found = {(match[1], match[2] or "") for match in _MENTION.finditer(self.text)}
            self._fields = tuple(sorted(found))
        return self._fields

    @property
    def serialized(self) -> bytes:
        """The compiled program, from which a later run restores it. Raises ExpressionError."""
        return self._serialized or bytes(_evaluator().serialize(self._compiled()))

    def evaluate(self, bindings: Bindings) -> Any:
        """The value as plain data. Raises ExpressionError."""
        return _evaluator().evaluate(self._compiled(), bindings.converted(self.fields))

    def holds(self, bindings: Bindings) -> bool:
        """The value of a condition. Raises ExpressionError, also for anything but a boolean."""
        result = self.evaluate(bindings)
        if not isinstance(result, bool):
            raise ExpressionError(f"the condition is not a boolean but {type(result).__name__}")
        return result

    def _compiled(self) -> Any:
        if self._program is None:
            if self._serialized:
                self._program = _evaluator().deserialize(self._serialized)
            else:
                self._program = _evaluator().compile_program(self.text)
        return self._program


def compile_expression(text: str) -> Expression:
    """Raises ExpressionError, with the offset of the error."""
    expression = Expression(text)
    expression._compiled()  # noqa: SLF001
    return expression


def compile_template(text: str) -> Template:
    """Raises ExpressionError."""
    template = Template.parse(text)
    for expression in template.expressions():
        expression._compiled()  # noqa: SLF001
    return template


def evaluator_version() -> str:
    """What changes when serialized expressions can no longer be restored."""
    return str(_evaluator().version())


@cache
def _evaluator() -> ModuleType:
    from lintscale.engine.expressions import cel

    return cel


@record
class Template:
    """A message with ``{expression}`` parts; ``{{`` and ``}}`` are literal braces."""

    parts: tuple[str | Expression, ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Raises ExpressionError for unbalanced braces. Compiles nothing."""
        parts: list[str | Expression] = []
        literal = ""
        position = 0
        while position < len(text):
            character = text[position]
            if text[position : position + 2] in ("{{", "}}"):
                literal += character
                position += 2
            elif character == "{":
                end = _closing_brace(text, position)
                if literal:
                    parts.append(literal)
                literal = ""
                parts.append(Expression(text[position + 1 : end].strip()))
                position = end + 1
            elif character == "}":
                raise ExpressionError("unbalanced “}” (write “}}” for a literal brace)", position)
            else:
                literal += character
                position += 1
        if literal:
            parts.append(literal)
        return cls(tuple(parts))

    def expressions(self) -> Iterator[Expression]:
        return (part for part in self.parts if isinstance(part, Expression))

    def render(self, bindings: Bindings) -> str:
        """Raises ExpressionError. What stands for larger integers is said to be less than they."""
        text = "".join(
            part if isinstance(part, str) else show(part.evaluate(bindings)) for part in self.parts
        )
        return text.replace(str(LARGEST), f"more than {LARGEST - 1}")


_TOKEN = regex(r"""'[^']*'|"[^"]*"|[{}'"]""")


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    for match in _TOKEN.finditer(text, start):
        if match[0] in "'\"":
            break  # a string without its end
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == "}":
            return match.start()
    raise ExpressionError("unbalanced “{” (write “{{” for a literal brace)", start)


def show(value: Any) -> str:
    """A value in a message: 70.0 as 70, a list with commas, null as "nothing"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e18
        return str(int(value)) if whole else f"{value:g}" if abs(value) < 1e6 else f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(show(item) for item in value)
    return str(value)
