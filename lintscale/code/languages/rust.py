"""Rust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from lintscale.code.expressions import (
    Argument,
    Call,
    Conditional,
    Either,
    Entry,
    Expression,
    Inside,
    Joined,
    Literal,
    Mapping,
    Member,
    Name,
    Node,
    Other,
    Same,
    Sequence,
    Setting,
)
from lintscale.code.languages.rust_modules import files_of, is_of_the_project
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_lambda,
    a_number,
    branches,
    choice_of,
    item,
    named,
    operation,
    part,
    steps,
    string,
    text,
    unary,
)
from lintscale.code.units import (
    Block,
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
from lintscale.syntax.grammars import parse

_LATER = ("Lazy.new", "LazyLock.new")
_MOST_MACROS = 5
_MAPPING = ("map", "and_then", "map_or", "map_or_else")


class Rust(TreeLanguage):
    suffixes = (".rs",)
    environment_calls: ClassVar = {
        "std.env.var": (0, -1), "std.env.var_os": (0, -1), "dotenvy.var": (0, -1),
        "dotenv.var": (0, -1),
    }  # fmt: skip
    casts = frozenset(
        {"Ok", "Some", "std.sync.Arc.new", "Arc.new", "Box.new", "String.from", "u32.from",
         "usize.from", "u64.from", "u32.try_from", "usize.try_from",
         "deadpool_postgres.PoolConfig.new", "deadpool.managed.PoolConfig.new",
         "deadpool_diesel.PoolConfig.new"}
    )  # fmt: skip
    casting_methods = frozenset(
        {"parse", "unwrap", "expect", "ok", "to_string", "to_owned", "into", "as_str", "as_deref",
         "as_ref", "clone", "cloned", "copied", "trim", "map_err", "ok_or", "ok_or_else", "context",
         "with_context", "try_into", "as_bytes", "to_lowercase", "wrap_err", "borrow", "get"}
    )  # fmt: skip
    fallback_methods = frozenset({"unwrap_or", "unwrap_or_else", "or", "or_else"})
    wrappers = frozenset(
        {"parenthesized_expression", "await_expression", "try_expression", "type_cast_expression",
         "generic_function", "expression_statement", "unsafe_block", "async_block"}
    )  # fmt: skip
    names = frozenset(
        {"identifier", "field_identifier", "type_identifier", "self", "crate", "super",
         "primitive_type", "shorthand_field_identifier"}
    )  # fmt: skip
    calls = frozenset({"call_expression", "struct_expression"})
    selves = frozenset()
    sets_fields = True

    def grammar(self, unit: Unit) -> str:
        return "rust"

    def may_hold_settings(self, data: bytes) -> bool:
        return True

    def units_of(self, unit: Unit, module: str) -> Iterator[Unit]:
        for name in files_of(unit.sources.files, unit.name, module):
            found = unit.sources.unit(name)
            if found is not None:
                yield found
                return

    def meaning(self, call: Call, name: str, scope: Scope) -> Expression | None:
        function = self.read(call.function, scope.block)
        while isinstance(function, Same):
            function = self.read(function.inner, scope.block)
        values = [each.value for each in call.arguments]
        if name.endswith(_LATER) and values:
            return self._returned(values[0], scope)
        last = function.name if isinstance(function, Member) else ""
        if last in ("map", "and_then") and values:
            return self._returned(values[0], scope)
        if last in ("map_or", "map_or_else") and len(values) > 1:
            return Either(self._returned(values[1], scope) or Other(), values[0])
        if last == "unwrap_or_default" and isinstance(function, Member):
            return Same(function.of)
        return None

    def _returned(self, node: Node, scope: Scope) -> Expression | None:
        """What a closure comes to, or a function such as ``str::parse``."""
        block = scope.unit.lambdas.get(self.key(node)) if not isinstance(node, tuple) else None
        if block is None:
            return None
        return Inside(block.returns[0], block) if len(block.returns) == 1 else Other()


# -- declarations ---------------------------------------------------------------------------------


def _use(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    stack = [(part(node, "argument"), "")]
    while stack:
        each, prefix = stack.pop()
        if each is None:
            continue
        path = _path(part(each, "path"))
        head = ".".join(filter(None, (prefix, path)))
        if each.type == "scoped_use_list":
            stack += [(inner, head) for inner in named(part(each, "list"))]
        elif each.type == "use_list":
            stack += [(inner, prefix) for inner in named(each)]
        elif each.type == "use_wildcard":
            inner = next(iter(named(each)), None)
            unit.stars.append(".".join(filter(None, (prefix, _path(inner)))))
        elif each.type == "use_as_clause":
            whole = ".".join(filter(None, (prefix, path)))
            _imported(unit, text(part(each, "alias")), whole)
        else:
            whole = ".".join(filter(None, (prefix, _path(each)))).removesuffix(".self")
            _imported(unit, whole.rpartition(".")[2], whole)
    return []


def _imported(unit: Unit, name: str, whole: str) -> None:
    module, _, last = whole.rpartition(".")
    if not module or files_of(unit.sources.files, unit.name, whole):
        unit.imports.setdefault(name, Import(whole))
    else:
        unit.imports.setdefault(name, Import(module, last))


def _path(node: Any) -> str:
    """``a::b`` as "a.b", without the arguments of generic types."""
    parts: list[str] = []
    for _ in range(20):
        if node is None:
            break
        if node.type in ("scoped_identifier", "scoped_type_identifier"):
            parts.append(text(part(node, "name")))
            node = part(node, "path")
        elif node.type in ("generic_type", "generic_type_with_turbofish"):
            node = part(node, "type")
        else:
            parts.append(text(node))
            break
    return ".".join(reversed(parts))


def _module(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    body = part(node, "body")
    if body is None:
        name = text(part(node, "name"))
        unit.imports.setdefault(name, Import(f"self.{name}"))
    if body is None or _is_for_tests(node):
        return []
    return steps(named(body), block, side)


def _is_for_tests(node: Any) -> bool:
    """``#[cfg(test)]`` before an item."""
    before = node.prev_named_sibling
    for _ in range(10):
        if before is None or before.type not in ("attribute_item", "line_comment"):
            return False
        if text(before).replace(" ", "") in ("#[cfg(test)]", "#[test]"):
            return True
        before = before.prev_named_sibling
    return False


def _constant(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    value = part(node, "value")
    if value is not None:
        block.bind(text(part(node, "name")), value)
    return steps([value] if value is not None else [], block, side)


def _let(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    pattern, value = part(node, "pattern"), part(node, "value")
    kind = _type(part(node, "type"), block)
    if pattern is not None and pattern.type == "identifier" and kind:
        block.types[text(pattern)] = kind
    _bind(block, pattern, value)
    other = part(node, "alternative")
    return steps([each for each in (value, other) if each is not None], block, side)


def _bind(block: Block, pattern: Any, value: Node | None) -> None:
    """Give the name of a pattern its value; those of one with several are not known."""
    names = _names(pattern)
    wraps = pattern is not None and pattern.type in (
        "identifier", "tuple_struct_pattern", "mut_pattern", "ref_pattern", "match_pattern",
    )  # fmt: skip
    for name in names:
        block.bind(name, value if wraps and len(names) == 1 and value is not None else Other())


def _names(pattern: Any) -> list[str]:
    found: list[str] = []
    stack = [pattern]
    while stack and len(found) < 20:
        node = stack.pop()
        if node is None:
            continue
        if node.type in ("identifier", "shorthand_field_identifier"):
            found.append(text(node))
        kind = part(node, "type")
        stack += [each for each in named(node) if each != kind]
    return found


def _assignment(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    target, value = part(node, "left"), part(node, "right")
    if target is not None and target.type == "identifier":
        owner: Block = block
        while text(target) not in owner.bindings and owner.parent is not None:
            owner = owner.parent
        changed = node.type == "compound_assignment_expr"
        owner.bind(text(target), Other() if changed else Inside(value, block))
    elif target is not None:
        unit.stores.append(Store(target, value, block, side))
    return steps([value], block, side)


def _type(node: Any, block: Block) -> str:
    """The name of a type, without references, Option and the like around it."""
    for _ in range(6):
        if node is None:
            return ""
        if node.type == "reference_type":
            node = part(node, "type")
        elif node.type == "generic_type":
            outer = _path(part(node, "type")).rpartition(".")[2]
            if outer not in ("Option", "Result", "Arc", "Box", "Rc", "Data", "State", "Extension"):
                return ""
            node = next(iter(named(part(node, "type_arguments"))), None)
        elif node.type in ("type_identifier", "scoped_type_identifier"):
            name = _path(node)
            return _self_type(block) if name == "Self" else name
        else:
            return ""
    return ""


def _self_type(block: Block) -> str:
    each: Block | None = block
    while each is not None:
        if each.name.startswith("impl "):
            return each.name[len("impl ") :]
        each = each.parent
    return ""


def _implementation(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner = Block(unit, block, f"impl {_path(part(node, 'type'))}")
    return steps(named(part(node, "body")), inner, side)


def _function(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    if _is_for_tests(node):
        return []
    name, owner = text(part(node, "name")), _self_type(block)
    parameters: list[Parameter] = []
    for each in named(part(node, "parameters")):
        if each.type == "parameter":
            kind = _type(part(each, "type"), block)
            parameters.append(
                Parameter(text(part(each, "pattern")).removeprefix("mut "), None, kind)
            )
    body = part(node, "body")
    following = language.function(
        unit,
        node,
        block,
        name=f"{owner}.{name}" if owner else name,
        parameters=tuple(parameters),
        body=body,
    )
    inner = unit.lambdas[language.key(node)]
    inner.result = _type(part(node, "return_type"), block)
    if owner:
        inner.types["self"] = owner
    last = _last(body)
    if last is not None:
        inner.returns.append(last)
    return following


def _closure(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner = unit.lambdas.setdefault(language.key(node), block.within())
    inner.returns = []
    for name in _names(part(node, "parameters")):
        inner.bindings.setdefault(name, [])
    body = part(node, "body")
    if body is not None and body.type != "block":
        inner.returns.append(body)
        return [(body, inner, side)]
    last = _last(body)
    if last is not None:
        inner.returns.append(last)
    return steps(named(body), inner, side)


def _handed(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> None:
    """``x.map(|v| …)``: what ``v`` is."""
    function = part(node, "function")
    if function is None or text(part(function, "field")) not in _MAPPING:
        return
    for closure in named(part(node, "arguments")):
        if closure.type == "closure_expression":
            inner = block.within()
            unit.lambdas[language.key(closure)] = inner
            for parameter in named(part(closure, "parameters")):
                _bind(inner, parameter, part(function, "value"))


def _last(body: Any) -> Any:
    """The expression that a block comes to; None where it ends in a statement."""
    last = named(body)[-1:] if body is not None else []
    if not last or last[0].type.endswith(("_declaration", "_item", "empty_statement")):
        return None
    if last[0].type == "expression_statement":
        inner = next(iter(named(last[0])), None)
        ends = text(last[0]).endswith(";")
        return None if ends or inner is None else inner
    return last[0]


def _block(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner = block.within()
    unit.lambdas[language.key(node)] = inner
    return steps(named(node), inner, side)


def _return(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    values = named(node)
    body = block.body
    for value in values[:1]:
        if not text(value).startswith("Err("):
            body.returns.append(value if body is block else Inside(value, block))
    return steps(values, block, side)


def _condition(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """``if let Ok(v) = …``: the name is known in the block around it."""
    _bind(block, part(node, "pattern"), part(node, "value"))
    return steps([part(node, "value")], block, side)


_BRANCHES = branches(clause="else_clause")


def _if(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner = block.within()
    unit.lambdas[language.key(node)] = inner
    return [*(_BRANCHES(language, unit, node, inner, side) or ())]


def _match(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    choice, value = choice_of(unit, node), part(node, "value")
    found: list[Step] = [(value, block, side)]
    for count, arm in enumerate(named(part(node, "body"))):
        inner = block.within()
        unit.lambdas[language.key(arm)] = inner
        pattern, result = part(arm, "pattern"), part(arm, "value")
        for name in _names(pattern):
            if not name[:1].isupper():
                inner.bind(name, value)
        if result is not None:
            found.append((result, inner, side.within(choice, count)))
    return found


def _structure(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name = text(part(node, "name"))
    definition = Class(name, Block(unit, unit.top, f"class {name}"))
    attributes = ""
    for each in named(part(node, "body")):
        if each.type == "attribute_item":
            attributes += text(each)
            _attributed(unit, definition, each)
            continue
        if each.type == "field_declaration":
            field = text(part(each, "name"))
            definition.fields[field] = Field(None, type=_type(part(each, "type"), block))
            setting = definition.fields.pop("", Field(None)).value
            definition.fields.pop("", None)
            if setting is not None:
                if isinstance(setting, Setting) and not setting.variable:
                    setting = Setting(field.upper(), setting.default)
                place = Place(setting, Scope(unit.top))
                for key in (field, f"{name}.{field}"):
                    unit.settings.setdefault(key, []).append(place)
    unit.classes.setdefault(name, definition)
    return []


def _attributed(unit: Unit, definition: Class, node: Any) -> None:
    """The variable that clap (``#[arg(env = "X", default_value_t = 9)]``) or envconfig reads the
    next field from, kept under the name ""."""
    attribute = next(iter(named(node)), None)
    kind = text(named(attribute)[0]) if attribute is not None and named(attribute) else ""
    if kind not in ("arg", "clap", "structopt", "envconfig"):
        return
    given = part(attribute, "arguments")
    tokens = list(given.children) if given is not None else []
    variable: str | None = None
    default: Node | None = None
    for position, token in enumerate(tokens):
        name = text(token)
        value = tokens[position + 2] if position + 2 < len(tokens) else None
        is_given = value is not None and text(tokens[position + 1]) == "="
        if name in ("env", "from"):
            variable = text(value).strip('"') if is_given else ""
        elif name in ("default_value_t", "default_value", "default") and is_given:
            ends = position + 3 >= len(tokens) or text(tokens[position + 3]) in (",", ")")
            default = value if ends else Other()
    if variable is not None:
        definition.fields[""] = Field(Setting(variable, default))


def _literal(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> None:
    owner = _type(part(node, "name"), block).rpartition(".")[2]
    for each in named(part(node, "body")):
        field, value = text(part(each, "field")), part(each, "value")
        if each.type == "shorthand_field_initializer":
            field = text(each)
            value = Name(field)
        if field and value is not None:
            for key in (field, f"{owner}.{field}"):
                unit.settings.setdefault(key, []).append(Place(value, Scope(block)))


def _macro(language: Rust, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """``lazy_static! { static ref X: T = …; }``: the items, read where they stand."""
    if text(part(node, "macro")) not in ("lazy_static", "lazy_static::lazy_static"):
        return []
    tree = next((each for each in named(node) if each.type == "token_tree"), None)
    unit.macros += 1
    if tree is None or unit.macros > _MOST_MACROS:
        return []
    data = b"\n".join(unit.lines)
    inside = data[tree.start_byte + 1 : tree.end_byte - 1].replace(b"static ref ", b"static     ")
    before = bytes(c if c == 10 else 32 for c in data[: tree.start_byte + 1])
    root = parse("rust", before + inside)
    return steps(named(root), block, side)


Rust.visits = {
    "use_declaration": _use,
    "mod_item": _module,
    "const_item": _constant,
    "static_item": _constant,
    "let_declaration": _let,
    "assignment_expression": _assignment,
    "compound_assignment_expr": _assignment,
    "impl_item": _implementation,
    "function_item": _function,
    "closure_expression": _closure,
    "call_expression": _handed,
    "block": _block,
    "return_expression": _return,
    "let_condition": _condition,
    "if_expression": _if,
    "match_expression": _match,
    "struct_item": _structure,
    "struct_expression": _literal,
    "macro_invocation": _macro,
}  # fmt: skip


# -- expressions ----------------------------------------------------------------------------------


def _scoped(language: Rust, node: Any, block: Block) -> Expression:
    path = part(node, "path")
    name = text(part(node, "name"))
    if path is None:
        return Name(name)
    if path.type == "generic_type":
        path = part(path, "type")
    return Member(Name(_self_type(block)) if text(path) == "Self" else path, name)


def _field(language: Rust, node: Any, block: Block) -> Expression:
    return Member(part(node, "value"), text(part(node, "field")))


def _call(language: Rust, node: Any, block: Block) -> Expression:
    arguments = tuple(Argument(each) for each in named(part(node, "arguments")))
    return Call(part(node, "function"), arguments)


def _struct(language: Rust, node: Any, block: Block) -> Expression:
    """Of a library's structure the fields are like keywords of a call that makes it."""
    name = part(node, "name")
    path = _type(name, block)
    entries = []
    for each in named(part(node, "body")):
        if each.type == "base_field_initializer":
            continue
        field = text(part(each, "field")) or text(each)
        entries.append((field, part(each, "value") or Name(field)))
    if path.rpartition(".")[2] == "PoolConfig":
        sizes = [value for field, value in entries if field == "max_size"]
        return Same(sizes[0]) if sizes else Literal(None)
    if path and not is_of_the_project(block.unit, path):
        return Call(name, tuple(Argument(value, field) for field, value in entries))
    return Mapping(tuple(Entry(field, value) for field, value in entries), path)


def _reference(language: Rust, node: Any, block: Block) -> Expression:
    return Same(part(node, "value"))


def _unary(language: Rust, node: Any, block: Block) -> Expression:
    if text(node.children[0]) == "*":
        return Same(node.children[-1])
    return unary(language, node, block)


def _body(language: Rust, node: Any, block: Block) -> Expression:
    last, inner = _last(node), block.unit.lambdas.get(language.key(node))
    return Inside(last, inner) if last is not None and inner is not None else Other()


def _conditional(language: Rust, node: Any, block: Block) -> Expression:
    other = next(iter(named(part(node, "alternative"))), None)
    inner = block.unit.lambdas.get(language.key(node))
    if other is None or inner is None:
        return Other()
    test = part(node, "condition")
    test = part(test, "value") if test.type == "let_condition" else Other()
    return Inside(Conditional(test, part(node, "consequence"), other), inner)


def _matched(language: Rust, node: Any, block: Block) -> Expression:
    """Whether there is a value decides; what other patterns choose is not known."""
    arms: list[Expression] = []
    is_presence = True
    for arm in named(part(node, "body")):
        inner = block.unit.lambdas.get(language.key(arm))
        head = text(part(arm, "pattern")).partition("(")[0]
        is_presence = is_presence and head in ("Ok", "Some", "Err", "None", "_")
        value = part(arm, "value")
        if inner is None or value is None or len(arms) > 20:
            return Other()
        arms.append(Inside(value, inner))
    if not arms:
        return Other()
    test = part(node, "value") if is_presence else Other()
    found: Expression = arms[-1]
    for each in reversed(arms[:-1]):
        found = Conditional(test, each, found)
    return found


def _formatted(language: Rust, node: Any, block: Block) -> Expression:
    """``format!("…{}…{name}")``: the text with what stands in it."""
    tree = next((each for each in named(node) if each.type == "token_tree"), None)
    tokens = named(tree)
    if text(part(node, "macro")) != "format" or not tokens or tokens[0].type != "string_literal":
        return Other()
    pattern = "".join(text(each) for each in named(tokens[0]))
    values = iter(tokens[1:] if all(each.type == "identifier" for each in tokens[1:]) else ())
    parts: list[Node] = []
    first, *others = pattern.replace("{{", "\0").split("{")
    parts.append(Literal(first.replace("\0", "{").replace("}}", "}")))
    for other in others:
        inside, _, rest = other.partition("}")
        name = inside.partition(":")[0].strip()
        parts.append(Name(name) if name else next(values, Other()))
        parts.append(Literal(rest.replace("\0", "{").replace("}}", "}")))
    return Joined(tuple(parts))


def _list(language: Rust, node: Any, block: Block) -> Expression:
    return Sequence(tuple(named(node)))


Rust.reads = {
    "string_literal": string("string_content"),
    "raw_string_literal": string("string_content"),
    "integer_literal": lambda language, node, block: (
        a_number(language, node, block)
        if not any(c.isalpha() for c in text(node)[2:])
        else _suffixed(text(node))
    ),
    "float_literal": a_number,
    "boolean_literal": lambda language, node, block: Literal(text(node) == "true"),
    "scoped_identifier": _scoped,
    "scoped_type_identifier": _scoped,
    "field_expression": _field,
    "index_expression": item("value", "index"),
    "unary_expression": _unary,
    "reference_expression": _reference,
    "binary_expression": operation(integers=True),
    "call_expression": _call,
    "struct_expression": _struct,
    "closure_expression": a_lambda,
    "block": _body,
    "if_expression": _conditional,
    "match_expression": _matched,
    "macro_invocation": _formatted,
    "array_expression": _list,
}


def _suffixed(source: str) -> Expression:
    """``10_u32``: a number with its type."""
    digits = source.replace("_", "")
    for kind in ("usize", "isize", *(f"{sign}{size}" for sign in "ui" for size in (8, 16, 32, 64))):
        digits = digits.removesuffix(kind)
    try:
        return Literal(int(digits, 0))
    except ValueError:
        return Other("not a number")
