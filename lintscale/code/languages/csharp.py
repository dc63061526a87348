"""C#."""

from __future__ import annotations

from typing import Any, ClassVar

from lintscale.code.expressions import Argument, Call, Expression, Item, Literal, Name, Other
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_lambda,
    a_number,
    branches,
    cases,
    conditional,
    member,
    named,
    operation,
    part,
    returned,
    steps,
    string,
    text,
    unary,
)
from lintscale.code.units import Block, Class, Field, Import, Parameter, Side, Store, Unit


class CSharp(TreeLanguage):
    suffixes = (".cs",)
    names = frozenset({"identifier", "this", "predefined_type"})
    wrappers = frozenset(
        {"parenthesized_expression", "await_expression", "cast_expression", "argument",
         "checked_expression", "arrow_expression_clause"}
    )  # fmt: skip
    calls = frozenset({"invocation_expression", "object_creation_expression"})
    nulls = frozenset({"null_literal"})
    selves = frozenset({"this"})
    environment_calls: ClassVar = {"Environment.GetEnvironmentVariable": (0, -1)}
    environment_methods: ClassVar = {
        "GetConnectionString": (0, -1),
        "GetValue": (0, 1),
        "GetRequiredSection": (0, -1),
    }
    casts = frozenset({"int.Parse", "Convert.ToInt32", "long.Parse", "Int32.Parse"})
    casting_methods = frozenset({"ToString", "Trim", "Value"})

    def grammar(self, unit: Unit) -> str:
        return "c-sharp"

    def variable_name(self, method: str, key: str) -> str:
        """Settings are variables too, with "__" between their parts (learn.microsoft.com,
        "Configuration in ASP.NET Core", Dec 2026)."""
        if method == "GetConnectionString":
            return f"ConnectionStrings__{key}"
        return key.replace(":", "__")


def _using(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    alias, paths = part(node, "name"), named(node)
    if alias is not None:
        unit.imports.setdefault(text(alias), Import(text(paths[-1])))
    elif paths:
        unit.stars.append(text(paths[-1]))
    return []


def _declaration(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    following: list[Step] = []
    for declarator in named(node):
        if declarator.type == "variable_declarator" and len(named(declarator)) > 1:
            name, value = text(part(declarator, "name")), named(declarator)[-1]
            block.bind(name, value)
            if block.owner is not None and block.name.startswith("class "):
                block.owner.fields.setdefault(name, Field(value))
            following.append((value, block, side))
    return following


def _property(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name, value = text(part(node, "name")), part(node, "value")
    if block.owner is not None:
        block.owner.fields.setdefault(name, Field(value))
        if value is not None:
            block.bind(name, value)
    return steps(named(node), block, side)


def _assignment(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    if left.type == "identifier":
        if node.parent is None or node.parent.type != "initializer_expression":
            block.bind(text(left), right)
    else:
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


def _class(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name"))
    listed = next((each for each in named(node) if each.type == "base_list"), None)
    inner = Block(unit, block, f"class {name}")
    inner.owner = Class(name, inner, tuple(text(each) for each in named(listed)))
    unit.classes.setdefault(name, inner.owner)
    return steps(named(part(node, "body")), inner, side)


def _method(language: CSharp, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters = []
    for each in named(part(node, "parameters")):
        if each.type == "parameter":
            name = part(each, "name")
            rest = named(each)
            default = rest[-1] if rest and rest[-1].end_byte > name.end_byte else None
            parameters.append(Parameter(text(name), default))
        elif each.type in ("implicit_parameter", "identifier"):
            parameters.append(Parameter(text(each)))
    body = part(node, "body")
    name = text(part(node, "name"))
    following = language.function(
        unit, node, block, name=name, parameters=tuple(parameters), body=body
    )
    if body is not None and body.type != "block":
        inner = unit.lambdas[language.key(node)]
        inner.returns.append(body)
        return [(body, inner, Side())]
    return following


CSharp.visits = {
    "using_directive": _using,
    "variable_declaration": _declaration,
    "property_declaration": _property,
    "assignment_expression": _assignment,
    "class_declaration": _class,
    "record_declaration": _class,
    "struct_declaration": _class,
    "method_declaration": _method,
    "constructor_declaration": _method,
    "local_function_statement": _method,
    "lambda_expression": _method,
    "return_statement": returned,
    "if_statement": branches(),
    "switch_statement": cases(),
    "conditional_expression": branches(),
}


def _arguments(node: Any) -> tuple[Argument, ...]:
    found = []
    for each in named(part(node, "arguments")):
        name = part(each, "name")
        found.append(Argument(named(each)[-1], text(name)))
    found.extend(
        Argument(part(each, "right"), text(part(each, "left")))
        for each in named(part(node, "initializer"))
        if each.type == "assignment_expression"
    )
    return tuple(found)


def _call(language: CSharp, node: Any, block: Block) -> Expression:
    return Call(part(node, "function"), _arguments(node))


def _creation(language: CSharp, node: Any, block: Block) -> Expression:
    return Call(part(node, "type"), _arguments(node))


def _index(language: CSharp, node: Any, block: Block) -> Expression:
    keys = named(part(node, "subscript"))
    target = part(node, "expression")
    if text(target).rpartition(".")[2].lower().endswith("configuration") and len(keys) == 1:
        key = language.read(named(keys[0])[-1], block)
        if isinstance(key, Literal):
            name = language.variable_name("", str(key.value))
            function = Name("Environment.GetEnvironmentVariable")
            return Call(function, (Argument(Literal(name)),))
    return Item(target, named(keys[0])[-1]) if len(keys) == 1 else Other()


def _verbatim(language: CSharp, node: Any, block: Block) -> Expression:
    return Literal(text(node)[2:-1].replace('""', '"'))


CSharp.reads = {
    "string_literal": string("string_literal_content"),
    "interpolated_string_expression": string("string_content", "interpolation_start"),
    "verbatim_string_literal": _verbatim,
    "raw_string_literal": string("raw_string_content"),
    "integer_literal": a_number,
    "real_literal": a_number,
    "boolean_literal": lambda language, node, block: Literal(text(node) == "true"),
    "member_access_expression": member("expression", "name"),
    "element_access_expression": _index,
    "invocation_expression": _call,
    "object_creation_expression": _creation,
    "conditional_expression": conditional("condition", "consequence", "alternative"),
    "binary_expression": operation("??", integers=True),
    "prefix_unary_expression": unary,
    "lambda_expression": a_lambda,
}
