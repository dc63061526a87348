"""CEL, by cel-expr-python: the only module that imports it.

CEL is the language in which Kubernetes writes its own policies; it cannot call out, loop without
end or run code, so a policy file from anywhere is safe to evaluate.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lintscale.engine.expressions.errors import VARIABLES, ExpressionError


def compile_program(text: str) -> Any:
    """The program of an expression. Raises ExpressionError with the offset of the error."""
    try:
        return _environment().compile(text)
    except RuntimeError as error:
        from lintscale.engine.expressions.cel_errors import compile_error

        raise compile_error(str(error), text, VARIABLES) from error


def serialize(program: Any) -> Any:
    return program.serialize()


def deserialize(serialized: bytes) -> Any:
    return _environment().deserialize(serialized)


def activation(values: dict[str, Any]) -> Any:
    """Plain data converted for evaluation, once for any number of programs."""
    return _environment().Activation(values)


def evaluate(program: Any, data: Any) -> Any:
    """The program's value for an activation, as plain data. Raises ExpressionError."""
    try:
        value = program.eval(data)
        plain = value.plain_value()
    except RuntimeError as error:
        raise _runtime_error(str(error)) from error
    if str(value.type()) == "ERROR":
        raise _runtime_error(str(plain))
    return plain


def version() -> str:
    """What changes with the installed version of CEL: the time of its folder, because to import
    importlib.metadata takes longer than to load all rules."""
    import cel_expr_python

    return str(Path(next(iter(cel_expr_python.__path__))).stat().st_mtime_ns)


@cache
def _environment() -> Any:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_bindings, ext_math, ext_strings

    # CEL has no function that adds up a list, and quotas are sums.
    total = cel.Overload("list_sum", cel.Type.DYN, [cel.Type.LIST], is_member=True, impl=_sum)
    counted = cel.Overload(
        "plural_int_string", cel.Type.STRING, [cel.Type.INT, cel.Type.STRING], impl=_plural
    )
    return cel.NewEnv(
        variables=dict.fromkeys(VARIABLES, cel.Type.DYN),
        extensions=[ext_bindings.ExtBindings(), ext_strings.ExtStrings(), ext_math.ExtMath()],
        functions=[cel.FunctionDecl("sum", [total]), cel.FunctionDecl("plural", [counted])],
    )


def _plural(count: Any, noun: Any) -> str:
    """ "1 process", "2 processes" """
    number, text = (
        getattr(each, "plain_value", lambda each=each: each)() for each in (count, noun)
    )
    if number == 1:
        return f"1 {text}"
    return f"{number} {text}{'es' if text.endswith('s') else 's'}"


def _sum(items: list[Any]) -> float:
    """The sum of a list of numbers. Always a double, because CEL multiplies no double with an
    integer: the type must not depend on what is in the list."""
    numbers = [getattr(item, "plain_value", lambda item=item: item)() for item in items]
    if not all(type(number) in (int, float) for number in numbers):
        raise ValueError("sum() takes numbers only; leave out null with filter(x, x != null)")
    return float(sum(numbers))


def _runtime_error(message: str) -> ExpressionError:
    from lintscale.engine.expressions.cel_errors import runtime_error
    from lintscale.engine.expressions.data import all_names

    return runtime_error(message, all_names())
