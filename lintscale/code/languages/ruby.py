"""Ruby."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from lintscale.code.expressions import (
    Argument,
    Call,
    Conditional,
    Entry,
    Expression,
    Item,
    Lambda,
    Literal,
    Mapping,
    Member,
    Name,
    Node,
    Other,
    Same,
)
from lintscale.code.files import joined
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_list,
    a_number,
    branches,
    choice_of,
    named,
    operation,
    part,
    steps,
    string,
    text,
    unary,
)
from lintscale.code.units import Block, Class, Field, Parameter, Side, Store, Unit


class Ruby(TreeLanguage):
    suffixes = (".rb",)
    environment_objects = frozenset({"ENV"})
    environment_calls: ClassVar = {"ENV.fetch": (0, 1), "ENV.dig": (0, -1)}
    casts = frozenset({"Integer", "String", "Float"})
    casting_methods = frozenset({"to_i", "to_s", "strip", "presence", "chomp", "freeze"})
    names = frozenset({"identifier", "constant", "instance_variable", "self", "global_variable"})
    wrappers = frozenset({"parenthesized_statements", "then", "body_statement", "block_body"})
    calls = frozenset({"call"})
    selves = frozenset({"self"})

    def grammar(self, unit: Unit) -> str:
        return "ruby"

    def units_of(self, unit: Unit, module: str) -> Iterator[Unit]:
        for name in (joined(unit.folder, module), joined("", module), joined("lib", module)):
            found = unit.sources.unit(name if name.endswith(".rb") else f"{name}.rb")
            if found is not None:
                yield found
                return


def _assignment(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    if left.type in ("identifier", "constant", "instance_variable"):
        block.bind(text(left), right)
        if block.owner is not None:
            block.owner.fields.setdefault(text(left).lstrip("@"), Field(right))
        if left.type == "instance_variable" and block.parent is not None:
            block.parent.bind(text(left), right)
    else:
        unit.stores.append(Store(left, right, block, side))
    return [(right, block, side)]


def _or_assignment(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    left, right = part(node, "left"), part(node, "right")
    block.bind(text(left), right if "||" in text(node.children[1]) else Other())
    return [(right, block, side)]


def _class(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name"))
    bases = tuple(text(each) for each in named(part(node, "superclass")))
    inner = Block(unit, block, f"class {name}")
    inner.owner = Class(name, inner, bases)
    unit.classes.setdefault(name, inner.owner)
    return steps(named(part(node, "body")), inner, side)


def _method(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters = tuple(
        Parameter(text(part(each, "name") or each), part(each, "value"))
        for each in named(part(node, "parameters"))
    )
    body = part(node, "body")
    following = language.function(
        unit, node, block, name=text(part(node, "name")), parameters=parameters, body=body
    )
    inner = unit.lambdas[language.key(node)]
    if body is not None and body.type not in ("body_statement", "block_body"):
        inner.returns.append(body)
        return [(body, inner, Side())]
    inner.returns.extend(named(body)[-1:])
    return following


def _block(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    return _method(language, unit, node, block, side)


def _return(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> None:
    for listed in named(node):
        block.returns.extend(named(listed)[:1])


def _modifier(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner = side.within(choice_of(unit, node), 0)
    return [(part(node, "condition"), block, side), (part(node, "body"), block, inner)]


def _if(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    choice = choice_of(unit, node)
    found: list[Step] = []
    for count in range(1000):
        for field in ("condition", "consequence"):
            inner = part(node, field)
            if inner is not None:
                where = side if field == "condition" else side.within(choice, count)
                found.append((inner, block, where))
        following = part(node, "alternative")
        if following is None or following.type != "elsif":
            if following is not None:
                found.append((following, block, side.within(choice, count + 1)))
            break
        node = following
    return found


def _case(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    choice = choice_of(unit, node)
    return [(each, block, side.within(choice, count)) for count, each in enumerate(named(node))]


def _require(language: Ruby, unit: Unit, node: Any, block: Block, side: Side) -> None:
    method = text(part(node, "method"))
    if method in ("require", "require_relative", "load") and part(node, "receiver") is None:
        for each in named(part(node, "arguments"))[:1]:
            module = language.read(each, block)
            if isinstance(module, Literal):
                unit.loads.append(str(module.value))
                unit.stars.append(str(module.value))


Ruby.visits = {
    "assignment": _assignment,
    "operator_assignment": _or_assignment,
    "class": _class,
    "module": _class,
    "method": _method,
    "singleton_method": _method,
    "block": _block,
    "do_block": _block,
    "lambda": _block,
    "return": _return,
    "if": _if,
    "unless": _if,
    "if_modifier": _modifier,
    "unless_modifier": _modifier,
    "case": _case,
    "conditional": branches(),
    "call": _require,
}


def _key(language: Ruby, node: Any, block: Block) -> str | None:
    if node.type == "hash_key_symbol":
        return text(node)
    if node.type == "simple_symbol":
        return text(node).lstrip(":")
    key = language.read(node, block)
    return str(key.value) if isinstance(key, Literal) else None


def _call(language: Ruby, node: Any, block: Block) -> Expression:
    receiver, method = part(node, "receiver"), part(node, "method")
    arguments = []
    for each in named(part(node, "arguments")):
        if each.type == "pair":
            key = _key(language, part(each, "key"), block)
            # "f(size:)" is "f(size: size)".
            arguments.append(Argument(part(each, "value") or Name(key or ""), key or ""))
        elif each.type in ("hash_splat_argument", "splat_argument"):
            arguments.append(Argument(named(each)[0] if named(each) else Other(), spread=True))
        else:
            arguments.append(Argument(each))
    handed = part(node, "block")
    name = text(method)
    function: Node = Name(name) if receiver is None else Member(receiver, name)
    if receiver is not None and not arguments and handed is None and name not in ("new",):
        return Member(receiver, name)
    return Call(function, tuple(arguments), Lambda(handed) if handed is not None else None)


def _item(language: Ruby, node: Any, block: Block) -> Expression:
    target, *keys = named(node)
    return Item(target, keys[0]) if len(keys) == 1 else Other()


def _hash(language: Ruby, node: Any, block: Block) -> Expression:
    entries = []
    for each in named(node):
        if each.type == "pair":
            key = _key(language, part(each, "key"), block)
            entries.append(Entry(key, part(each, "value") or Name(key or "")))
        else:
            entries.append(Entry(None, named(each)[0] if named(each) else Other(), spread=True))
    return Mapping(tuple(entries))


def _conditional(language: Ruby, node: Any, block: Block) -> Expression:
    fields = [part(node, field) for field in ("condition", "consequence", "alternative")]
    return Conditional(*fields) if None not in fields else Other()


def _else(language: Ruby, node: Any, block: Block) -> Expression:
    inner = named(node)
    return Same(inner[-1]) if inner else Literal(None)


def _symbol(language: Ruby, node: Any, block: Block) -> Expression:
    return Literal(text(node).lstrip(":"))


def _scope(language: Ruby, node: Any, block: Block) -> Expression:
    scope, name = part(node, "scope"), text(part(node, "name"))
    return Member(scope, name) if scope is not None else Name(name)


Ruby.reads = {
    "string": string("string_content"),
    "integer": a_number,
    "float": a_number,
    "simple_symbol": _symbol,
    "call": _call,
    "element_reference": _item,
    "scope_resolution": _scope,
    "hash": _hash,
    "array": a_list,
    "binary": operation("||", "or", integers=True),
    "unary": unary,
    "conditional": _conditional,
    "if": _conditional,
    "else": _else,
}
