"""The shell's arithmetic (POSIX XCU 2.6.4): whole numbers as in C."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from lintscale.code.shell_marks import is_known, unknown
from lintscale.syntax.grammars import parse

if TYPE_CHECKING:
    from tree_sitter import Node


class Variables(Protocol):
    variables: dict[str, tuple[str | None, ...]]

    def values(self, name: str) -> tuple[str | None, ...]: ...

    def text(self, node: Node) -> list[str]: ...


_MOST = 2**63
_DEEPEST = 40


def _divided(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


_BINARY: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": _divided,
    "%": lambda a, b: a - b * _divided(a, b),
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne, "&": operator.and_, "|": operator.or_,
    "^": operator.xor, "<<": lambda a, b: a << min(b, 64), ">>": operator.rshift,
    "&&": lambda a, b: bool(a) and bool(b), "||": lambda a, b: bool(a) or bool(b),
    "**": lambda a, b: a ** min(b, 64),
}  # fmt: skip


def evaluate(variables: Variables, text: str) -> int | None:
    """The number; None where it is not known. Sets the variables that the expression sets."""
    node = _parsed(text)
    if node is None:
        return None
    try:
        number = _number(variables, node, 0)
    except (ArithmeticError, ValueError):
        return None
    return number if number is None or abs(number) < _MOST else None


def _parsed(text: str) -> Node | None:
    """The expression within ``$((…))``; None where it does not parse."""
    root = parse("bash", f": $(({text}))\n".encode())
    if root is None or root.has_error:
        return None
    node = root
    while node.type != "arithmetic_expansion":
        inner = [child for child in node.named_children if child.type != "command_name"]
        if len(inner) != 1:
            return None
        node = inner[0]
    return node.named_children[0] if len(node.named_children) == 1 else None


def _number(variables: Variables, node: Node, depth: int) -> int | None:
    if depth > _DEEPEST:
        return None
    kind, inner = node.type, node.named_children
    text = (node.text or b"").decode("utf-8", "replace")
    if kind in ("number", "word", "variable_name"):
        return _of_text(variables, text, depth)
    if kind in ("simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"):
        found = variables.text(node)
        return _of_text(variables, found[0], depth) if len(found) == 1 else None
    if kind == "parenthesized_expression" and len(inner) == 1:
        return _number(variables, inner[0], depth + 1)
    if kind == "unary_expression" and len(inner) == 1:
        value = _number(variables, inner[0], depth + 1)
        sign = node.children[0].type
        if value is None or sign not in ("-", "+", "!", "~"):
            return None
        return {"-": -value, "+": value, "!": int(not value), "~": ~value}[sign]
    if kind == "ternary_expression" and len(inner) == 3:
        condition = _number(variables, inner[0], depth + 1)
        if condition is None:
            return None
        return _number(variables, inner[1 if condition else 2], depth + 1)
    if kind == "postfix_expression" and len(inner) == 1:
        value = _number(variables, inner[0], depth + 1)
        return _set(variables, inner[0], value, 1 if text.endswith("++") else -1, value)
    if kind == "variable_assignment" and len(inner) == 2:
        value = _number(variables, inner[1], depth + 1)
        return _set(variables, inner[0], value, 0, value)
    if kind == "binary_expression":
        return _of_two(variables, node, depth)
    return None


def _of_two(variables: Variables, node: Node, depth: int) -> int | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    sign = node.child_by_field_name("operator")
    if left is None or right is None or sign is None:
        return None
    b = _number(variables, right, depth + 1)
    if sign.type == "=":
        return _set(variables, left, b, 0, b)
    a = _number(variables, left, depth + 1)
    changes = sign.type.endswith("=") and sign.type not in ("<=", ">=", "==", "!=")
    how = _BINARY.get(sign.type[:-1] if changes else sign.type)
    result = None if a is None or b is None or how is None else int(how(a, b))
    if result is not None and abs(result) >= _MOST:
        result = None
    return _set(variables, left, result, 0, result) if changes else result


def _set(
    variables: Variables, node: Node, value: int | None, more: int, result: int | None
) -> int | None:
    name = (node.text or b"").decode("utf-8", "replace").lstrip("$")
    if name.isidentifier():
        new = unknown(f"${name}") if value is None else str(value + more)
        variables.variables[name] = (new,)
    return result


def _of_text(variables: Variables, text: str, depth: int) -> int | None:
    text = text.strip()
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        # A leading 0 makes it octal.
        return int(text, 8) if len(text) > 1 and text.lstrip("-").startswith("0") else int(text)
    if not is_known(text):
        return None
    if text.isidentifier() and depth < _DEEPEST:
        values = variables.values(text)
        if len(values) != 1 or values[0] is None:
            return None
        return _of_text(variables, values[0], depth + 1) if values[0] else 0
    return None
