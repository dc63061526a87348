"""Java."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from lintscale.code.expressions import Argument, Call, Expression, Member, Name
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


class JvmLanguage(TreeLanguage):
    """What Java and Kotlin share: names of packages, and the environment."""

    environment_calls: ClassVar = {
        "System.getenv": (0, -1),
        "System.getenv().get": (0, -1),
        "System.getenv().getOrDefault": (0, 1),
        "Optional.ofNullable": (0, -1),
    }
    environment_objects = frozenset({"System.getenv()"})
    environment_methods: ClassVar = {"getProperty": (0, 1), "getRequiredProperty": (0, -1)}
    casts = frozenset(
        {"Integer.parseInt", "Integer.valueOf", "Integer.decode", "Long.parseLong", "Long.valueOf",
         "Optional.of", "Objects.requireNonNull", "String.valueOf", "requireNotNull"}
    )  # fmt: skip
    casting_methods = frozenset(
        {"intValue", "longValue", "trim", "get", "map", "toInt", "toLong", "toIntOrNull", "strip"}
    )
    fallback_methods = frozenset({"orElse", "orElseGet", "or", "ifBlank", "ifEmpty"})
    selves = frozenset({"this", "self"})

    def units_of(self, unit: Unit, module: str) -> Iterator[Unit]:
        """A class is in the file of its name, below the folder of its package."""
        path = module.replace(".", "/")
        for suffix in (".java", ".kt"):
            for name in _ending(unit, f"/{path}{suffix}"):
                found = unit.sources.unit(name)
                if found is not None:
                    yield found

    def origins(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        """Classes of the same package are known without an import."""
        yield from super().origins(unit, name)
        imported = unit.imports.get(name)
        if imported is not None and not imported.name:
            for source in self.units_of(unit, imported.module):
                yield source, imported.module.rpartition(".")[2]
        if name not in unit.imports and name[:1].isupper():
            for suffix in (".java", ".kt"):
                other = unit.sources.unit(f"{unit.folder}/{name}{suffix}".lstrip("/"))
                if other is not None and other is not unit:
                    yield other, name


def _ending(unit: Unit, path: str) -> list[str]:
    """The files of the project whose names end with a path."""
    by_last = unit.sources.files.derived("by last name", _by_last)
    return [name for name in by_last.get(path.rpartition("/")[2], ()) if f"/{name}".endswith(path)]


def _by_last(files: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in files.sorted:
        found.setdefault(name.rpartition("/")[2], []).append(name)
    return found


class Java(JvmLanguage):
    suffixes = (".java",)
    names = frozenset({"identifier", "type_identifier", "this"})
    wrappers = frozenset({"parenthesized_expression", "cast_expression"})
    calls = frozenset({"method_invocation", "object_creation_expression"})
    nulls = frozenset({"null_literal"})

    def grammar(self, unit: Unit) -> str:
        return "java"


def _import(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    path = text(named(node)[0])
    if any(each.type == "asterisk" for each in node.children):
        unit.stars.append(path)
        return []
    module, _, name = path.rpartition(".")
    if any(each.type == "static" for each in node.children):
        unit.imports.setdefault(name, Import(module, name))
    else:
        unit.imports.setdefault(name, Import(path))
    unit.loads.append(path)
    return []


def _declaration(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    following: list[Step] = []
    for declarator in named(node):
        if declarator.type == "variable_declarator":
            value = part(declarator, "value")
            if value is not None:
                block.bind(text(part(declarator, "name")), value)
                following.append((value, block, side))
    return following


def _field(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    following: list[Step] = []
    for declarator in named(node):
        if declarator.type == "variable_declarator" and block.owner is not None:
            name, value = text(part(declarator, "name")), part(declarator, "value")
            block.owner.fields.setdefault(name, Field(value))
            if value is not None:
                block.bind(name, value)
                following.append((value, block, side))
    return following


def _assignment(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    if left.type == "identifier":
        block.bind(text(left), right)
    else:
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


def _class(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name"))
    bases = tuple(text(each) for each in named(part(node, "superclass")))
    inner = Block(unit, block, f"class {name}")
    inner.owner = Class(name, inner, bases)
    unit.classes.setdefault(name, inner.owner)
    return steps(named(part(node, "body")), inner, side)


def _method(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters = tuple(Parameter(text(part(p, "name"))) for p in named(part(node, "parameters")))
    return language.function(
        unit,
        node,
        block,
        name=text(part(node, "name")),
        parameters=parameters,
        body=part(node, "body"),
    )


def _lambda(language: Java, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    body = part(node, "body")
    names = [text(part(each, "name") or each) for each in named(part(node, "parameters"))]
    following = language.function(
        unit, node, block, parameters=tuple(map(Parameter, names)), body=body
    )
    if body.type != "block":
        inner = unit.lambdas[language.key(node)]
        inner.returns.append(body)
        return [(body, inner, Side())]
    return following


Java.visits = {
    "import_declaration": _import,
    "local_variable_declaration": _declaration,
    "field_declaration": _field,
    "assignment_expression": _assignment,
    "class_declaration": _class,
    "record_declaration": _class,
    "enum_declaration": _class,
    "interface_declaration": _class,
    "method_declaration": _method,
    "constructor_declaration": _method,
    "lambda_expression": _lambda,
    "return_statement": returned,
    "if_statement": branches(),
    "switch_expression": cases(),
    "ternary_expression": branches(),
}


def _call(language: Java, node: Any, block: Block) -> Expression:
    name, target = text(part(node, "name")), part(node, "object")
    arguments = tuple(Argument(each) for each in named(part(node, "arguments")))
    return Call(Member(target, name) if target is not None else Name(name), arguments)


def _creation(language: Java, node: Any, block: Block) -> Expression:
    kind = part(node, "type")
    if kind.type == "generic_type":
        kind = named(kind)[0]
    arguments = tuple(Argument(each) for each in named(part(node, "arguments")))
    return Call(kind, arguments)


Java.reads = {
    "string_literal": string("string_fragment", "multiline_string_fragment"),
    **dict.fromkeys(
        ("decimal_integer_literal", "hex_integer_literal", "decimal_floating_point_literal"),
        a_number,
    ),
    "field_access": member("object", "field"),
    "scoped_type_identifier": lambda language, node, block: Member(
        named(node)[0], text(named(node)[-1])
    ),
    "method_invocation": _call,
    "object_creation_expression": _creation,
    "ternary_expression": conditional("condition", "consequence", "alternative"),
    "binary_expression": operation(integers=True),
    "unary_expression": unary,
    "lambda_expression": a_lambda,
}
