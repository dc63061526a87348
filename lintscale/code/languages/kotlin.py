"""Kotlin. Its grammar names few fields: children are told apart by their types and their order."""

from __future__ import annotations

from typing import Any

from lintscale.code.expressions import (
    Argument,
    Call,
    Conditional,
    Expression,
    Item,
    Joined,
    Lambda,
    Literal,
    Member,
    Node,
    Other,
)
from lintscale.code.languages.java import JvmLanguage
from lintscale.code.tree import (
    Step,
    a_number,
    choice_of,
    named,
    operation,
    part,
    returned,
    steps,
    text,
    unary,
)
from lintscale.code.units import Block, Class, Field, Import, Parameter, Side, Store, Unit

_CONFIGURES = frozenset({"apply", "also", "run", "let", "with"})
"""Functions whose block works on what they are called on (kotlinlang.org, "Scope functions")."""


class Kotlin(JvmLanguage):
    suffixes = (".kt",)
    names = frozenset({"identifier", "this_expression", "type_identifier"})
    wrappers = frozenset(
        {"parenthesized_expression", "as_expression", "value_argument", "user_type"}
    )
    calls = frozenset({"call_expression"})

    def grammar(self, unit: Unit) -> str:
        return "kotlin"


def _children(node: Any, *types: str) -> list[Any]:
    return [each for each in node.named_children if each.type in types]


def _import(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    path, *alias = named(node)
    if any(each.type == "*" for each in node.children):
        unit.stars.append(text(path))
        return []
    name = text(path).rpartition(".")[2]
    unit.imports.setdefault(text(alias[0]) if alias else name, Import(text(path)))
    unit.loads.append(text(path))
    return []


def _property(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    declared = _children(node, "variable_declaration")
    values = [
        each
        for each in named(node)
        if each.type
        not in ("variable_declaration", "modifiers", "getter", "setter", "type_constraints")
    ]
    if not declared or not values:
        return steps(named(node), block, side)
    name, value = text(declared[0].named_children[0]), values[-1]
    if value.type == "property_delegate":
        value = named(value)[0]
    block.bind(name, value)
    if block.owner is not None and block.name.startswith("class "):
        block.owner.fields.setdefault(name, Field(value))
    return [(value, block, side)]


def _assignment(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    if left.type == "identifier":
        block.bind(text(left), right)
        if block.receiver is not None:
            unit.stores.append(Store(Member(block.receiver, text(left)), right, block, side))
    else:
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


def _class(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name")) or (block.owner.name if block.owner is not None else "")
    inner = Block(unit, block, f"class {name}")
    inner.owner = Class(name, inner)
    if node.type == "companion_object" and block.owner is not None:
        inner.owner = block.owner
    unit.classes.setdefault(name, inner.owner)
    following: list[Step] = []
    for constructor in _children(node, "primary_constructor"):
        for parameters in _children(constructor, "class_parameters"):
            for each in _children(parameters, "class_parameter"):
                (key, *_), value = _children(each, "identifier"), each.named_children[-1]
                if value.type not in _TYPES:
                    inner.owner.fields.setdefault(text(key), Field(value))
                    inner.bind(text(key), value)
    for body in _children(node, "class_body", "enum_class_body"):
        following += steps(named(body), inner, side)
    return following


_TYPES = frozenset({"user_type", "nullable_type", "function_type", "identifier"})


def _function(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters: list[Parameter] = []
    for listed in _children(node, "function_value_parameters"):
        for each in named(listed):
            if each.type == "parameter":
                parameters.append(Parameter(text(named(each)[0])))
            elif parameters and each.type != "parameter_modifiers":
                parameters[-1] = parameters[-1]._replace(default=each)
    body = next(iter(_children(node, "function_body")), None)
    inside = next(iter(named(body)), None)
    following = language.function(
        unit,
        node,
        block,
        name=text(part(node, "name")),
        parameters=tuple(parameters),
        body=inside,
    )
    if inside is not None and inside.type != "block":
        inner = unit.lambdas[language.key(node)]
        inner.returns.append(inside)
        return [(inside, inner, Side())]
    return following


def _call(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    following: list[Step] = []
    callee = named(node)[0]
    for each in named(node):
        if each.type not in ("annotated_lambda", "lambda_literal"):
            following.append((each, block, side))
            continue
        body = each if each.type == "lambda_literal" else _children(each, "lambda_literal")[0]
        following += language.function(unit, body, block, body=body)
        inner = unit.lambdas[language.key(body)]
        inner.returns.extend(named(body)[-1:])
        if callee.type == "navigation_expression" and text(named(callee)[-1]) in _CONFIGURES:
            inner.receiver = named(callee)[0]
    return following


def _if(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    choice = choice_of(unit, node)
    test, *bodies = named(node)
    return [
        (test, block, side),
        *((body, block, side.within(choice, count)) for count, body in enumerate(bodies)),
    ]


def _when(language: Kotlin, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    choice = choice_of(unit, node)
    return [
        (each, block, side.within(choice, count))
        for count, each in enumerate(_children(node, "when_entry"))
    ]


Kotlin.visits = {
    "import": _import,
    "property_declaration": _property,
    "assignment": _assignment,
    "class_declaration": _class,
    "object_declaration": _class,
    "companion_object": _class,
    "function_declaration": _function,
    "call_expression": _call,
    "return_expression": returned,
    "if_expression": _if,
    "when_expression": _when,
}


def _string(language: Kotlin, node: Any, block: Block) -> Expression:
    parts: list[Node] = []
    for each in named(node):
        if each.type == "interpolation":
            parts.append(next(iter(named(each)), Other()))
        elif text(each) == "$":
            return Other()  # "$name": the grammar does not say where the name ends
        else:
            parts.append(Literal(text(each)))
    if all(isinstance(each, Literal) for each in parts):
        return Literal("".join(str(each.value) for each in parts))
    return Joined(tuple(parts))


def _member(language: Kotlin, node: Any, block: Block) -> Expression:
    target, *_, name = named(node)
    return Member(target, text(name))


def _invocation(language: Kotlin, node: Any, block: Block) -> Expression:
    callee, *rest = named(node)
    arguments: list[Argument] = []
    handed = None
    for each in rest:
        if each.type == "value_arguments":
            for argument in named(each):
                *name, value = named(argument)
                is_named = any(child.type == "=" for child in argument.children)
                arguments.append(Argument(value, text(name[0]) if name and is_named else ""))
        elif each.type == "annotated_lambda":
            handed = Lambda(_children(each, "lambda_literal")[0])
    return Call(callee, tuple(arguments), handed)


def _choice(language: Kotlin, node: Any, block: Block) -> Expression:
    children = named(node)
    return Conditional(*children) if len(children) == 3 else Other()


def _index(language: Kotlin, node: Any, block: Block) -> Expression:
    target, *keys = named(node)
    return Item(target, keys[0]) if len(keys) == 1 else Other()


Kotlin.reads = {
    "string_literal": _string,
    "multiline_string_literal": _string,
    "number_literal": a_number,
    "navigation_expression": _member,
    "call_expression": _invocation,
    "binary_expression": operation("?:", integers=True),
    "unary_expression": unary,
    "if_expression": _choice,
    "index_expression": _index,
    "lambda_literal": lambda language, node, block: Lambda(node),
    "null": lambda language, node, block: Literal(None),
    "true": lambda language, node, block: Literal(True),
    "false": lambda language, node, block: Literal(False),
}
