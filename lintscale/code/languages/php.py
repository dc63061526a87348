"""PHP."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

from lintscale.code.expressions import (
    Argument,
    Call,
    Conditional,
    Either,
    Entry,
    Expression,
    Item,
    Literal,
    Mapping,
    Member,
    Name,
    Operation,
    Other,
    Sequence,
)
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_number,
    branches,
    cases,
    named,
    part,
    returned,
    steps,
    string,
    text,
    unary,
)
from lintscale.code.units import Block, Class, Field, Import, Parameter, Side, Store, Unit

_MOST_DECLARING = 5


class Php(TreeLanguage):
    suffixes = (".php",)
    environment_objects = frozenset({"$_ENV", "$_SERVER"})
    environment_calls: ClassVar = {"env": (0, 1), "getenv": (0, -1), "Env.get": (0, 1)}
    casts = frozenset({"intval", "strval", "int"})
    casting_methods = frozenset({"toString"})
    names = frozenset({"name", "variable_name", "qualified_name"})
    wrappers = frozenset({"parenthesized_expression", "argument", "cast_expression"})
    calls = frozenset(
        {"function_call_expression", "object_creation_expression", "member_call_expression",
         "scoped_call_expression"}
    )  # fmt: skip
    selves = frozenset({"$this", "self", "static"})

    def grammar(self, unit: Unit) -> str:
        return "php"

    def origins(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        """A function has one name in the whole program, whatever file declares it (php.net,
        "User-defined functions")."""
        yield from super().origins(unit, name)
        if not name.isidentifier():
            return
        declared = f"function {name}(".encode()
        files = (each for each in unit.sources.program if each.endswith(self.suffixes))
        holding = (each for each in files if declared in unit.sources.files.data(each))
        for each in islice(holding, _MOST_DECLARING):
            found = unit.sources.unit(each) if each != unit.name else None
            if found is not None and name in found.functions:
                yield found, name


def _use(language: Php, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    for clause in named(node):
        path = text(clause).partition(" as ")[0].lstrip("\\").replace("\\", ".")
        alias = part(clause, "alias")
        unit.imports.setdefault(text(alias) or path.rpartition(".")[2], Import(path))
    return []


def _assignment(language: Php, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    if left.type == "variable_name":
        block.bind(text(left), right)
    else:
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


def _class(language: Php, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name"))
    inner = Block(unit, block, f"class {name}")
    inner.owner = Class(name, inner)
    unit.classes.setdefault(name, inner.owner)
    body = named(part(node, "body"))
    for each in body:
        for element in named(each) if each.type == "property_declaration" else ():
            if element.type == "property_element":
                key = text(part(element, "name") or named(element)[0]).lstrip("$")
                inner.owner.fields.setdefault(key, Field(part(element, "default_value")))
    return steps(body, inner, side)


def _function(language: Php, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters = tuple(
        Parameter(text(part(each, "name")), part(each, "default_value"))
        for each in named(part(node, "parameters"))
    )
    body = part(node, "body")
    following = language.function(
        unit, node, block, name=text(part(node, "name")), parameters=parameters, body=body
    )
    if body is not None and body.type != "compound_statement":
        inner = unit.lambdas[language.key(node)]
        inner.returns.append(body)
        return [(body, inner, Side())]
    return following


def _return(language: Php, unit: Unit, node: Any, block: Block, side: Side) -> None:
    returned(language, unit, node, block, side)
    if block is unit.top:
        # A file of settings returns them to who includes it.
        unit.exports.setdefault("default", next(iter(named(node)), Literal(None)))


Php.visits = {
    "namespace_use_declaration": _use,
    "assignment_expression": _assignment,
    "class_declaration": _class,
    "function_definition": _function,
    "method_declaration": _function,
    "anonymous_function": _function,
    "arrow_function": _function,
    "return_statement": _return,
    "if_statement": branches(yes="body"),
    "switch_statement": cases(),
    "conditional_expression": branches(yes="body"),
}


def _array(language: Php, node: Any, block: Block) -> Expression:
    entries, items = [], []
    for each in named(node):
        inside = named(each)
        if len(inside) == 2:
            key = language.read(inside[0], block)
            entries.append(Entry(str(key.value) if isinstance(key, Literal) else None, inside[1]))
        elif inside:
            items.append(inside[0])
            if inside[0].type == "variadic_unpacking":
                entries.append(Entry(None, named(inside[0])[0], spread=True))
    return Sequence(tuple(items)) if items and not entries else Mapping(tuple(entries))


def _arguments(node: Any) -> tuple[Argument, ...]:
    listed = part(node, "arguments")
    if listed is None:
        listed = next((each for each in named(node) if each.type == "arguments"), None)
    return tuple(
        Argument(named(each)[-1], text(part(each, "name"))) for each in named(listed) if named(each)
    )


def _call(language: Php, node: Any, block: Block) -> Expression:
    return Call(part(node, "function"), _arguments(node))


def _method(language: Php, node: Any, block: Block) -> Expression:
    target = part(node, "object") or part(node, "scope")
    return Call(Member(target, text(part(node, "name"))), _arguments(node))


def _creation(language: Php, node: Any, block: Block) -> Expression:
    name = text(named(node)[0]).lstrip("\\").replace("\\", ".")
    return Call(Name(name), _arguments(node))


def _member(language: Php, node: Any, block: Block) -> Expression:
    return Member(part(node, "object"), text(part(node, "name")))


def _item(language: Php, node: Any, block: Block) -> Expression:
    target, *keys = named(node)
    return Item(target, keys[0]) if len(keys) == 1 else Other()


def _conditional(language: Php, node: Any, block: Block) -> Expression:
    test, yes, no = (part(node, field) for field in ("condition", "body", "alternative"))
    return Either(test, no) if yes is None else Conditional(test, yes, no)


def _binary(language: Php, node: Any, block: Block) -> Expression:
    left, right = part(node, "left"), part(node, "right")
    operator = text(part(node, "operator"))
    if operator == "??":
        return Either(left, right)
    return Operation("+" if operator == "." else operator, left, right)


Php.reads = {
    "string": string("string_content"),
    "encapsed_string": string("string_content"),
    "integer": a_number,
    "float": a_number,
    "boolean": lambda language, node, block: Literal(text(node).lower() == "true"),
    "null": lambda language, node, block: Literal(None),
    "array_creation_expression": _array,
    "function_call_expression": _call,
    "member_call_expression": _method,
    "scoped_call_expression": _method,
    "object_creation_expression": _creation,
    "member_access_expression": _member,
    "subscript_expression": _item,
    "conditional_expression": _conditional,
    "binary_expression": _binary,
    "unary_op_expression": unary,
}
