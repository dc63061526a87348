"""Numbers in the configuration files of servers, written as the shell would: ``4``, ``${X:-4}``,
``$((2 * 2 + 1))``. A variable that is set for the container counts that way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

NOT_KNOWN = "$(not-known)"
_DEEPEST = 12
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "/", ast.Mod: "%",
}  # fmt: skip


def variable(name: str, default: str | None = None) -> str:
    if not name.isidentifier():
        return NOT_KNOWN
    # With a default that is not known, the variable counts where it is set.
    return f"${name}" if default in (None, NOT_KNOWN) else f"${{{name}:-{default}}}"


def computed(left: str, sign: str, right: str) -> str:
    return NOT_KNOWN if NOT_KNOWN in (left, right) else f"$(({left} {sign} {right}))"


# -- Python ---------------------------------------------------------------------------------------


def of_python(tree: ast.Module, node: ast.expr, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return NOT_KNOWN
    match node:
        case ast.Constant(value=bool()):
            return NOT_KNOWN
        case ast.Constant(value=int() | str() as value):
            return str(value) if str(value).strip().isdigit() else NOT_KNOWN
        case ast.Name(id=name):
            assigned = list(python_assignments(tree, name))
            return of_python(tree, assigned[0], depth + 1) if len(assigned) == 1 else NOT_KNOWN
        case ast.BoolOp(op=ast.Or(), values=[first, second]):
            read = of_python(tree, first, depth + 1)
            if read.startswith("$") and read[1:].isidentifier():
                return variable(read[1:], of_python(tree, second, depth + 1))
            return NOT_KNOWN
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            a, b = of_python(tree, left, depth + 1), of_python(tree, right, depth + 1)
            return computed(a, _OPERATORS[type(op)], b)
        case ast.Subscript(value=of, slice=ast.Constant(value=str() as name)):
            return variable(name) if ast.unparse(of).endswith("environ") else NOT_KNOWN
        case ast.Call(func=func, args=[first, *more], keywords=[]):
            called = ast.unparse(func)
            if called in ("int", "str"):
                return of_python(tree, first, depth + 1)
            if called.endswith(("environ.get", "getenv")) and isinstance(first, ast.Constant):
                return variable(
                    str(first.value), of_python(tree, more[0], depth + 1) if more else None
                )
    return NOT_KNOWN


def python_assignments(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    """What a name of the module is set to, wherever that stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            if any(isinstance(each, ast.Name) and each.id == name for each in node.targets):
                yield node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            if isinstance(node.target, ast.Name) and node.target.id == name:
                yield node.value
        elif (
            isinstance(node, ast.AugAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == name
        ):
            yield ast.Constant(value=None)


# -- Ruby and JavaScript --------------------------------------------------------------------------


def source(node: Node | None) -> str:
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def walked(root: Node, most: int = 50_000) -> Iterator[Node]:
    pending, seen = [root], 0
    while pending and seen < most:
        node = pending.pop()
        seen += 1
        yield node
        pending.extend(reversed(node.named_children))


def of_ruby(root: Node, node: Node | None, depth: int = 0) -> str:
    if node is None or node.has_error or depth > _DEEPEST:
        return NOT_KNOWN
    inner = node.named_children
    if node.type == "integer":
        return source(node).replace("_", "")
    if node.type == "string":
        text = source(inner[0]) if len(inner) == 1 else ""
        return text if text.isdigit() else NOT_KNOWN
    if node.type == "identifier":
        found = [
            each.child_by_field_name("right")
            for each in walked(root)
            if each.type == "assignment"
            and source(each.child_by_field_name("left")) == source(node)
        ]
        return of_ruby(root, found[0], depth + 1) if len(found) == 1 else NOT_KNOWN
    if node.type in ("parenthesized_statements", "block_body", "argument_list"):
        return of_ruby(root, inner[0], depth + 1) if len(inner) == 1 else NOT_KNOWN
    if node.type == "element_reference" and source(node.child_by_field_name("object")) == "ENV":
        return variable(source(inner[-1]).strip("\"'"))
    if node.type == "binary":
        return _of_two(root, node, depth, of_ruby)
    if node.type == "call":
        return _of_ruby_call(root, node, depth)
    return NOT_KNOWN


def _of_ruby_call(root: Node, node: Node, depth: int) -> str:
    receiver = node.child_by_field_name("receiver")
    method = source(node.child_by_field_name("method"))
    arguments = node.child_by_field_name("arguments")
    given = arguments.named_children if arguments is not None else []
    block = node.child_by_field_name("block")
    if source(receiver) == "ENV" and method == "fetch" and given:
        name = source(given[0]).strip("\"'")
        if len(given) > 1:
            return variable(name, of_ruby(root, given[1], depth + 1))
        if block is not None:
            body = block.child_by_field_name("body")
            return variable(name, of_ruby(root, body, depth + 1))
        return variable(name)
    if method == "Integer" and len(given) == 1:
        return of_ruby(root, given[0], depth + 1)
    if method in ("to_i", "to_s") and receiver is not None:
        return of_ruby(root, receiver, depth + 1)
    return NOT_KNOWN


def of_javascript(root: Node, node: Node | None, depth: int = 0) -> str:
    if node is None or node.has_error or depth > _DEEPEST:
        return NOT_KNOWN
    inner = node.named_children
    if node.type == "number":
        return source(node) if source(node).lstrip("-").isdigit() else NOT_KNOWN
    if node.type == "string":
        text = source(inner[0]) if len(inner) == 1 else ""
        return text if text.lstrip("-").isdigit() or text == "max" else NOT_KNOWN
    if node.type == "unary_expression" and len(inner) == 1:
        return source(node).replace(" ", "") if inner[0].type == "number" else NOT_KNOWN
    if node.type == "identifier":
        found = [
            each.child_by_field_name("value")
            for each in walked(root)
            if each.type == "variable_declarator"
            and source(each.child_by_field_name("name")) == source(node)
        ]
        return of_javascript(root, found[0], depth + 1) if len(found) == 1 else NOT_KNOWN
    if node.type == "parenthesized_expression" and len(inner) == 1:
        return of_javascript(root, inner[0], depth + 1)
    if node.type == "member_expression":
        if source(node.child_by_field_name("object")) == "process.env":
            return variable(source(node.child_by_field_name("property")))
        return NOT_KNOWN
    if node.type == "subscript_expression":
        if source(node.child_by_field_name("object")) == "process.env":
            return variable(source(node.child_by_field_name("index")).strip("\"'`"))
        return NOT_KNOWN
    if node.type == "call_expression":
        called = source(node.child_by_field_name("function"))
        arguments = node.child_by_field_name("arguments")
        if called in ("Number", "parseInt", "Number.parseInt", "String") and arguments is not None:
            given = arguments.named_children
            return of_javascript(root, given[0], depth + 1) if given else NOT_KNOWN
        return NOT_KNOWN
    if node.type == "binary_expression":
        return _of_two(root, node, depth, of_javascript)
    return NOT_KNOWN


def _of_two(root: Node, node: Node, depth: int, read: object) -> str:
    assert callable(read)  # noqa: S101 - of_ruby or of_javascript
    left = read(root, node.child_by_field_name("left"), depth + 1)
    right = read(root, node.child_by_field_name("right"), depth + 1)
    sign = source(node.child_by_field_name("operator"))
    if sign in ("||", "??"):
        is_read = left.startswith("$") and left[1:].isidentifier()
        return variable(left[1:], right) if is_read else NOT_KNOWN
    return computed(left, sign, right) if sign in ("+", "-", "*") else NOT_KNOWN
