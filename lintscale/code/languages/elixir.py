"""Elixir. Its grammar knows calls, operators and keywords; their names tell what they mean."""

from __future__ import annotations

from typing import Any, ClassVar

from lintscale.code.expressions import (
    Argument,
    Call,
    Either,
    Entry,
    Expression,
    Literal,
    Mapping,
    Member,
    Name,
    Negative,
    Node,
    Operation,
    Other,
    Sequence,
)
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_number,
    choice_of,
    named,
    part,
    steps,
    string,
    text,
)
from lintscale.code.units import Block, Parameter, Side, Unit

_DEFINITIONS = frozenset({"def", "defp", "defmacro"})


class Elixir(TreeLanguage):
    suffixes = (".ex", ".exs")
    environment_calls: ClassVar = {"System.get_env": (0, 1), "System.fetch_env!": (0, -1)}
    casts = frozenset({"String.to_integer", "String.trim", "to_string"})
    names = frozenset({"identifier", "alias"})
    calls = frozenset({"call"})
    nulls = frozenset({"nil"})

    def grammar(self, unit: Unit) -> str:
        return "elixir"


def _call_visit(
    language: Elixir, unit: Unit, node: Any, block: Block, side: Side
) -> list[Step] | None:
    name = text(part(node, "target"))
    arguments = next((each for each in named(node) if each.type == "arguments"), None)
    body = next((each for each in named(node) if each.type == "do_block"), None)
    if name in _DEFINITIONS and arguments is not None:
        return _definition(language, node, block, named(arguments), body)
    if name in ("if", "unless") and body is not None:
        choice = choice_of(unit, node)
        inner = [each for each in named(body) if each.type != "else_block"]
        other = [each for each in named(body) if each.type == "else_block"]
        return [
            *steps(named(arguments), block, side),
            *steps(inner, block, side.within(choice, 0)),
            *steps(other, block, side.within(choice, 1)),
        ]
    return None


def _definition(
    language: Elixir, node: Any, block: Block, arguments: list[Any], body: Any
) -> list[Step]:
    unit, head = block.unit, arguments[0]
    if head.type == "binary_operator":  # a guard
        head = part(head, "left")
    listed = next((each for each in named(head) if each.type == "arguments"), None)
    parameters = []
    for each in named(listed):
        if each.type == "binary_operator":
            parameters.append(Parameter(text(part(each, "left")), part(each, "right")))
        else:
            parameters.append(Parameter(text(each)))
    inside = named(body)
    for keywords in arguments[1:]:
        inside = [part(pair, "value") for pair in named(keywords)]
    following = language.function(
        unit,
        node,
        block,
        name=text(part(head, "target") or head),
        parameters=tuple(parameters),
        body=body,
    )
    inner = unit.lambdas[language.key(node)]
    inner.returns.extend(inside[-1:])
    return following or steps(inside, inner, Side())


def _match(language: Elixir, unit: Unit, node: Any, block: Block, side: Side) -> None:
    left, right = part(node, "left"), part(node, "right")
    if text(part(node, "operator")) == "=" and left.type == "identifier":
        block.bind(text(left), right)


def _attribute(language: Elixir, unit: Unit, node: Any, block: Block, side: Side) -> None:
    """``@max 10``."""
    operand = part(node, "operand")
    if text(node.children[0]) == "@" and operand is not None and operand.type == "call":
        values = [each for each in named(operand) if each.type == "arguments"]
        for value in named(values[0])[:1] if values else ():
            unit.top.bind(f"@{text(part(operand, 'target'))}", value)


Elixir.visits = {
    "call": _call_visit,
    "binary_operator": _match,
    "unary_operator": _attribute,
}


def _pairs(node: Any) -> list[tuple[str, Node]]:
    found = []
    for pair in named(node):
        key, value = part(pair, "key"), part(pair, "value")
        if key is not None and value is not None:
            found.append((text(key).strip().rstrip(":").strip('"'), value))
    return found


def _call(language: Elixir, node: Any, block: Block) -> Expression:
    target = part(node, "target")
    arguments: list[Argument] = []
    for listed in named(node):
        for each in named(listed) if listed.type == "arguments" else ():
            if each.type == "keywords":
                arguments += [Argument(value, key) for key, value in _pairs(each)]
            else:
                arguments.append(Argument(each))
    return Call(target, tuple(arguments))


def _binary(language: Elixir, node: Any, block: Block) -> Expression:
    left, right = part(node, "left"), part(node, "right")
    operator = text(part(node, "operator"))
    if operator in ("||", "or"):
        return Either(left, right)
    if operator == "|>" and right.type == "call":
        call = _call(language, right, block)
        if isinstance(call, Call):
            return Call(call.function, (Argument(left), *call.arguments))
    if operator == "<>":
        operator = "+"
    return Operation(operator, left, right)


def _dot(language: Elixir, node: Any, block: Block) -> Expression:
    return Member(part(node, "left"), text(part(node, "right")))


def _list(language: Elixir, node: Any, block: Block) -> Expression:
    inside = named(node)
    if len(inside) == 1 and inside[0].type == "keywords":
        return Mapping(tuple(Entry(key, value) for key, value in _pairs(inside[0])))
    return Sequence(tuple(inside))


def _unary(language: Elixir, node: Any, block: Block) -> Expression:
    operator = text(node.children[0])
    if operator == "@":
        return Name(f"@{text(part(node, 'operand'))}")
    return Negative(part(node, "operand")) if operator == "-" else Other()


Elixir.reads = {
    "string": string("quoted_content"),
    "charlist": string("quoted_content"),
    "atom": lambda language, node, block: Literal(text(node).lstrip(":")),
    "integer": a_number,
    "float": a_number,
    "boolean": lambda language, node, block: Literal(text(node) == "true"),
    "nil": lambda language, node, block: Literal(None),
    "call": _call,
    "dot": _dot,
    "binary_operator": _binary,
    "unary_operator": _unary,
    "list": _list,
    "block": lambda language, node, block: next(
        (language.read(each, block) for each in named(node)[-1:]), Other()
    ),
}
