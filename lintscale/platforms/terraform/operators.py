"""Operations on two values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from lintscale.platforms.terraform.values import Unknown, Value, number_of, plain, truth_of

OPERATORS = frozenset(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])


def binary(operator: str, left: Value, right: Value) -> Any:
    """None where it is not known."""
    if operator in ("&&", "||"):
        sides = truth_of(left), truth_of(right)
        decisive = operator == "||"
        if decisive in sides:
            return decisive
        return None if None in sides else not decisive
    if operator in ("==", "!="):
        equal = _equal(left, right)
        return None if equal is None else equal == (operator == "==")
    one, other = number_of(left), number_of(right)
    if one is None or other is None:
        return None
    if operator in ("/", "%") and other == 0:
        return None
    result: Any = _ARITHMETIC[operator](one, other)
    if isinstance(result, float) and (math.isnan(result) or math.isinf(result)):
        return None
    if isinstance(result, float) and result.is_integer() and abs(result) < 1e15:
        return int(result)
    return result


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "%": math.fmod,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def _equal(left: Value, right: Value) -> bool | None:
    if left.is_known and right.is_known:
        one, other = plain(left), plain(right)
        if isinstance(one, bool) or isinstance(other, bool):
            return isinstance(one, bool) and isinstance(other, bool) and one == other
        return bool(one == other)
    if left.data is None or right.data is None:
        filled = right if left.data is None else left
        # What is known in part, or is a whole object, is not null.
        return None if isinstance(filled.data, Unknown) else False
    return None
