"""CEL expressions: compiled once, kept in serialised form, evaluated against plain data.

CEL is the language in which Kubernetes writes its own policies; it cannot call out, loop without
end or run code, so a policy file from anywhere is safe to evaluate.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from lintscale._record import record
from lintscale.syntax.regex import regex

VARIABLES = (
    "workload",
    "autoscaler",
    "policy",
    "metric",
    "container",
    "probe",
    "resource",
    "pool",
    "database",
    "budget",
    "ignored",
    "note",
    "credential",
    "drift",
    "deprecation",
    "service",
    "profile",
    "project",
    "param",
    "today",
    "it",
)
"""Every name that an expression may use; which are bound depends on the rule's scope."""


class ExpressionError(Exception):
    """The text is no CEL, or evaluating it failed. ``offset`` is where in the text, if known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


@cache
def _environment() -> Any:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_math, ext_strings

    # CEL has no way to add up a list, and quotas are sums.
    total = cel.Overload("list_sum", cel.Type.DYN, [cel.Type.LIST], is_member=True, impl=_sum)
    return cel.NewEnv(
        variables=dict.fromkeys(VARIABLES, cel.Type.DYN),
        extensions=[ext_strings.ExtStrings(), ext_math.ExtMath()],
        functions=[cel.FunctionDecl("sum", [total])],
    )


def _sum(items: list[Any]) -> float:
    """The sum of a list of numbers. Always a fraction for CEL, which multiplies no whole number
    with one: what a sum may be multiplied with must not depend on what is in the list."""
    numbers = [getattr(item, "plain_value", lambda item=item: item)() for item in items]
    if not all(type(number) in (int, float) for number in numbers):
        raise ValueError("sum() takes numbers only; leave out null with filter(x, x != null)")
    return float(sum(numbers))


_MENTION = regex(rf"(?<![\w.])({'|'.join(VARIABLES)})\b(?:\.(\w+))?")


def fields_used(text: str) -> tuple[tuple[str, str], ...]:
    """Which fields of which variables an expression mentions, as (variable, field), sorted; the
    field is "" where a variable is used as a whole. Too many is harmless: CEL converts a variable
    anew for each evaluation, so it is handed no more of it than this."""
    return tuple(sorted({(match[1], match[2] or "") for match in _MENTION.finditer(text)}))


def trimmed(variables: dict[str, Any], used: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The part of ``variables`` that an expression with these ``fields_used`` can see."""
    result: dict[str, Any] = {}
    for name, field in used:
        if name not in variables:
            continue
        whole = variables[name]
        if not field or not isinstance(whole, dict):
            result[name] = whole
        elif result.get(name) is not whole and field in whole:
            result.setdefault(name, {})[field] = whole[field]
    return result


def activation(variables: dict[str, Any]) -> Any:
    """Data to evaluate against; converted once, so share it between expressions."""
    return _environment().Activation(variables)


class Expression:
    """One expression. ``serialised``, its program in base64, saves compiling ``text``."""

    __slots__ = ("_program", "_uses", "serialised", "text")

    def __init__(self, text: str, serialised: str | None = None) -> None:
        self.text = text
        self.serialised = serialised
        self._program: Any = None
        self._uses: tuple[tuple[str, str], ...] | None = None

    @property
    def uses(self) -> tuple[tuple[str, str], ...]:
        """See :func:`fields_used`."""
        if self._uses is None:
            self._uses = fields_used(self.text)
        return self._uses

    def compile(self) -> None:
        """Raises ExpressionError that says what is wrong, and where."""
        try:
            self._program = _environment().compile(self.text)
        except RuntimeError as error:
            from lintscale.engine.cel_errors import fault

            raise ExpressionError(*fault(str(error), self.text, VARIABLES)) from error
        self.serialised = base64.b64encode(self._program.serialize()).decode()

    def evaluate(self, data: Any) -> Any:
        """The value as plain Python data. Raises ExpressionError."""
        if self._program is None:
            if self.serialised is None:
                self.compile()
            else:
                self._program = _environment().deserialize(base64.b64decode(self.serialised))
        program: Any = self._program
        try:
            value = program.eval(data)
            plain = value.plain_value()
        except RuntimeError as error:
            raise ExpressionError(_readable(str(error))) from error
        if str(value.type()) == "ERROR":
            raise ExpressionError(_readable(str(plain)))
        return plain

    def holds(self, data: Any) -> bool:
        """Like evaluate, for a condition: anything but true or false is an error."""
        result = self.evaluate(data)
        if not isinstance(result, bool):
            raise ExpressionError(f"the condition is neither true nor false but {show(result)}")
        return result


def _readable(text: str) -> str:
    from lintscale.engine.cel_errors import at_runtime
    from lintscale.engine.view import all_names

    return at_runtime(text, all_names())


@record
class Template:
    """A message with ``{expression}`` parts; ``{{`` and ``}}`` are literal braces."""

    parts: tuple[str | Expression, ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Raises ExpressionError when braces do not pair up."""
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
                raise ExpressionError("a “}” without its “{” (write “}}” for a brace)")
            else:
                literal += character
                position += 1
        if literal:
            parts.append(literal)
        return cls(tuple(parts))

    def expressions(self) -> list[Expression]:
        return [part for part in self.parts if isinstance(part, Expression)]

    def render(self, data: Any) -> str:
        return "".join(
            part if isinstance(part, str) else show(part.evaluate(data)) for part in self.parts
        )


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    quote = ""
    for position in range(start, len(text)):
        character = text[position]
        if quote:
            if character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position
    raise ExpressionError("a “{” without its “}” (write “{{” for a brace)")


def show(value: Any) -> str:
    """A value as a message says it: 70.0 as 70, a list with commas, null as "nothing"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e15 else str(value)
    if isinstance(value, list):
        return ", ".join(show(item) for item in value)
    return str(value)
