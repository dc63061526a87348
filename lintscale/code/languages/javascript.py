"""JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Iterator
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
    Module,
    Name,
    Node,
    Other,
    Same,
)
from lintscale.code.files import Files
from lintscale.code.languages.javascript_modules import file_of, loaded
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_lambda,
    a_list,
    a_number,
    branches,
    cases,
    conditional,
    item,
    member,
    operation,
    returned,
    steps,
    string,
    text,
    unary,
)
from lintscale.code.units import (
    Block,
    Change,
    Class,
    Field,
    Import,
    Parameter,
    Place,
    Scope,
    Side,
    Store,
    Unit,
)
from lintscale.syntax.regex import regex


class JavaScript(TreeLanguage):
    suffixes = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
    environment_objects = frozenset({"process.env", "import.meta.env", "Bun.env"})
    environment_calls: ClassVar = {"Deno.env.get": (0, -1), "prisma/config.env": (0, -1)}
    environment_methods: ClassVar = {"get": (0, 1), "getOrThrow": (0, -1)}
    casts = frozenset({"Number", "parseInt", "Number.parseInt", "parseFloat", "String", "BigInt"})
    casting_methods = frozenset({"toString", "trim", "valueOf"})
    wrappers = frozenset(
        {"parenthesized_expression", "await_expression", "as_expression", "satisfies_expression",
         "non_null_expression", "expression_statement"}
    )  # fmt: skip
    names = frozenset({"identifier", "property_identifier", "shorthand_property_identifier",
                       "shorthand_property_identifier_pattern", "this", "undefined"})  # fmt: skip
    calls = frozenset({"call_expression", "new_expression"})
    follows = True

    def grammar(self, unit: Unit) -> str:
        if unit.name.endswith(".tsx"):
            return "tsx"
        return "typescript" if unit.name.endswith((".ts", ".mts", ".cts")) else "javascript"

    def origins(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        imported = unit.imports.get(name)
        if imported is not None and not imported.name:
            # CommonJS: the name stands for what the module exports as a whole.
            for source in self.units_of(unit, imported.module):
                yield source, "default"
        else:
            yield from super().origins(unit, name)

    def exported(self, unit: Unit, name: str, hops: int) -> list[Place] | None:
        found = super().exported(unit, name, hops)
        if found is None and "default" in unit.exports:
            # module.exports = { name: … }
            return [Place(Member(unit.exports["default"], name), Scope(unit.top))]
        return found

    def units_of(self, unit: Unit, module: str) -> Iterator[Unit]:
        name = file_of(unit.sources.files, unit.name, module)
        found = unit.sources.unit(name) if name else None
        if found is not None:
            yield found

    def is_own(self, unit: Unit, module: str) -> bool:
        return bool(file_of(unit.sources.files, unit.name, module))

    def loaded(self, files: Files, name: str) -> Iterator[str]:
        return loaded(files, name)


# -- statements -----------------------------------------------------------------------------------


def _declarator(
    language: JavaScript, unit: Unit, node: Any, block: Block, side: Side
) -> list[Step]:
    target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if value is None:
        return []
    if target.type == "identifier" and value.type in _FUNCTIONS:
        return _function(language, unit, value, block, side, name=text(target))
    required = _required(language, value, block)
    _bind(unit, block, target, value, required)
    return [(value, block, side)]


def _required(language: JavaScript, value: Any, block: Block) -> str:
    """The module that a name stands for which is given this value; "" for none."""
    expression = language.read(value, block)
    while isinstance(expression, Same):
        expression = language.read(expression.inner, block)
    return expression.name if isinstance(expression, Module) else ""


def _bind(unit: Unit, block: Block, target: Any, value: Node, module: str) -> None:
    """Give the names of a pattern what they take from ``value``."""
    if target.type == "identifier":
        if module:
            unit.imports.setdefault(text(target), Import(module))
            unit.loads.append(module)
        else:
            block.bind(text(target), value)
        return
    if target.type != "object_pattern":
        return
    if module:
        unit.loads.append(module)
    for part in target.named_children:
        default = None
        if part.type == "object_assignment_pattern":
            default = part.child_by_field_name("right")
            part = part.child_by_field_name("left")  # noqa: PLW2901 - with its default taken off
        key = inner = text(part)
        if part.type == "pair_pattern":
            key = text(part.child_by_field_name("key")).strip("\"'")
            pattern = part.child_by_field_name("value")
            if pattern.type == "assignment_pattern":
                default = pattern.child_by_field_name("right")
                pattern = pattern.child_by_field_name("left")
            inner = text(pattern)
            if pattern.type == "object_pattern":
                _bind(unit, block, pattern, Member(value, key), "")
                continue
        elif part.type == "rest_pattern":
            continue
        if module:
            unit.imports.setdefault(inner, Import(module, key))
        else:
            taken = Member(value, key)
            block.bind(inner, Either(taken, default) if default is not None else taken)


def _assignment(
    language: JavaScript, unit: Unit, node: Any, block: Block, side: Side
) -> list[Step]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left.type == "identifier":
        block.bind(text(left), right)
    elif left.type == "member_expression":
        name = text(left)
        key = name.removeprefix("module.").removeprefix("exports").lstrip(".")
        if name in ("module.exports", "exports"):
            unit.exports["default"] = right
        elif name.startswith(("module.exports.", "exports.")) and "." not in key:
            unit.exports[key] = right
        elif name.startswith("this.") and block.owner is not None:
            block.owner.fields.setdefault(name[5:], Field(right))
        root, _, path = name.partition(".")
        if _IDENTIFIERS.fullmatch(name) and root not in ("this", "module", "exports"):
            change = Change(tuple(path.split(".")), right, block, side)
            block.changes.setdefault(root, []).append(change)
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


_IDENTIFIERS = regex(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")


def _import(language: JavaScript, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    source = node.child_by_field_name("source")
    module = text(source).strip("\"'`")
    if not module:
        return []
    unit.loads.append(module)
    for clause in node.named_children:
        if clause.type == "import_require_clause":  # import pg = require("pg")
            module = text(clause.child_by_field_name("source")).strip("\"'")
            unit.imports.setdefault(text(clause.named_children[0]), Import(module))
        for part in clause.named_children if clause.type == "import_clause" else ():
            if part.type == "identifier":
                unit.imports.setdefault(text(part), Import(module, "default"))
            elif part.type == "namespace_import":
                unit.imports.setdefault(text(part.named_children[0]), Import(module))
            elif part.type == "named_imports":
                for each in part.named_children:
                    name = text(each.child_by_field_name("name"))
                    alias = each.child_by_field_name("alias")
                    unit.imports.setdefault(text(alias) or name, Import(module, name))
    return []


def _export(
    language: JavaScript, unit: Unit, node: Any, block: Block, side: Side
) -> list[Step] | None:
    source = text(node.child_by_field_name("source")).strip("\"'")
    value = node.child_by_field_name("value")
    if value is not None:
        unit.exports["default"] = value
    if source:
        unit.loads.append(source)
    declaration = node.child_by_field_name("declaration")
    if declaration is not None and any(each.type == "default" for each in node.children):
        name = text(declaration.child_by_field_name("name"))
        if name:
            unit.exports["default"] = Name(name)
    clauses = [part for part in node.named_children if part.type == "export_clause"]
    if source and not clauses:
        unit.stars.append(source)
    for clause in clauses:
        for each in clause.named_children:
            name = text(each.child_by_field_name("name"))
            alias = text(each.child_by_field_name("alias")) or name
            if source:
                unit.imports.setdefault(alias, Import(source, name))
            elif alias != name:
                unit.exports[alias] = Name(name)
    return None


_FUNCTIONS = frozenset({"arrow_function", "function_expression", "function", "generator_function"})


def _function(
    language: JavaScript, unit: Unit, node: Any, block: Block, side: Side, *, name: str = ""
) -> list[Step]:
    body = node.child_by_field_name("body")
    if not name and node.type not in _FUNCTIONS:
        name = text(node.child_by_field_name("name"))
    single = node.child_by_field_name("parameter")
    listed = node.child_by_field_name("parameters")
    parameters = [Parameter(text(single))] if single is not None else []
    for part in listed.named_children if listed is not None else ():
        pattern, value = part, part.child_by_field_name("value")
        if part.type in ("required_parameter", "optional_parameter"):
            pattern = part.child_by_field_name("pattern") or part
        elif part.type == "assignment_pattern":
            pattern, value = part.child_by_field_name("left"), part.child_by_field_name("right")
        parameters.append(Parameter(text(pattern), value))
    following = language.function(
        unit, node, block, name=name, parameters=tuple(parameters), body=body
    )
    inner = unit.lambdas[language.key(node)]
    if body is not None and body.type != "statement_block":
        inner.returns.append(body)
        return [(body, inner, Side())]
    return following


def _method(language: JavaScript, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    return _function(language, unit, node, block, side)


def _class(language: JavaScript, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(node.child_by_field_name("name"))
    heritage = next((each for each in node.named_children if each.type == "class_heritage"), None)
    bases = tuple(
        text(each) for each in (heritage.named_children if heritage is not None else ())
        for each in (each.named_children if each.type == "extends_clause" else (each,))
    )  # fmt: skip
    inner = Block(unit, block, f"class {name}")
    definition = inner.owner = Class(name, inner, bases)
    unit.classes.setdefault(name, definition)
    body = node.child_by_field_name("body")
    for part in body.named_children if body is not None else ():
        if part.type in ("field_definition", "public_field_definition"):
            key = part.child_by_field_name("property") or part.child_by_field_name("name")
            definition.fields.setdefault(text(key), Field(part.child_by_field_name("value")))
    return steps(node.named_children, inner, side)


JavaScript.visits = {
    "variable_declarator": _declarator,
    "assignment_expression": _assignment,
    "import_statement": _import,
    "export_statement": _export,
    "function_declaration": _function,
    "generator_function_declaration": _function,
    "method_definition": _method,
    **dict.fromkeys(_FUNCTIONS, _function),
    "return_statement": returned,
    "class_declaration": _class,
    "abstract_class_declaration": _class,
    "class": _class,
    "if_statement": branches(clause="else_clause"),
    "switch_statement": cases(),
    "ternary_expression": branches(),
}  # fmt: skip


# -- expressions ----------------------------------------------------------------------------------


def _call(language: JavaScript, node: Any, block: Block) -> Expression:
    function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
    listed = node.child_by_field_name("arguments")
    arguments = []
    for part in listed.named_children if listed is not None else ():
        if part.type == "spread_element":
            arguments.append(Argument(part.named_children[0], spread=True))
        elif part.type != "comment":
            arguments.append(Argument(part))
    if len(arguments) == 1 and text(function) in ("require", "import"):
        module = language.read(arguments[0].value, block)
        return Module(str(module.value)) if isinstance(module, Literal) else Other()
    if text(function) == "Object.assign" and not any(each.spread for each in arguments):
        return Mapping(tuple(Entry(None, each.value, spread=True) for each in arguments))
    return Call(function, tuple(arguments))


def _object(language: JavaScript, node: Any, block: Block) -> Expression:
    entries = []
    for part in node.named_children:
        if part.type == "pair":
            key = part.child_by_field_name("key")
            name: str | None = text(key)
            if key.type == "string":
                name = str(getattr(language.read(key, block), "value", ""))
            elif key.type == "computed_property_name":
                name = None
            entries.append(Entry(name, part.child_by_field_name("value")))
        elif part.type == "shorthand_property_identifier":
            entries.append(Entry(text(part), Name(text(part))))
        elif part.type == "spread_element":
            entries.append(Entry(None, part.named_children[0], spread=True))
        elif part.type in ("method_definition", "ERROR"):
            entries.append(Entry(text(part.child_by_field_name("name")) or None, Other()))
    return Mapping(tuple(entries))


def _meta(language: JavaScript, node: Any, block: Block) -> Expression:
    return Member(Name("import"), "meta")


JavaScript.reads = {
    "string": string("string_fragment"),
    "template_string": string("string_fragment"),
    "number": a_number,
    "member_expression": member("object", "property"),
    "subscript_expression": item("object", "index"),
    "call_expression": _call,
    "new_expression": _call,
    "object": _object,
    "array": a_list,
    "ternary_expression": conditional("condition", "consequence", "alternative"),
    "binary_expression": operation("||", "??"),
    "unary_expression": unary,
    "meta_property": _meta,
    **dict.fromkeys(_FUNCTIONS, a_lambda),
}
