"""Go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from lintscale.code.evaluate import Known, evaluate, read
from lintscale.code.expressions import (
    Argument,
    Call,
    Entry,
    Expression,
    Inside,
    Joined,
    Literal,
    Mapping,
    Member,
    Name,
    Negative,
    Node,
    Other,
    Same,
    Sequence,
    Setting,
)
from lintscale.code.languages.go_packages import (
    BUILT_IN,
    defining,
    mentions,
    module_of,
    package_units,
)
from lintscale.code.languages.go_settings import flag, setting_of_tag, viper
from lintscale.code.tree import (
    Step,
    TreeLanguage,
    a_lambda,
    branches,
    choice_of,
    item,
    member,
    named,
    number,
    operation,
    part,
    steps,
    text,
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

_COMPUTED = Other()


class Go(TreeLanguage):
    suffixes = (".go",)
    environment_calls: ClassVar = {
        "os.Getenv": (0, -1), "os.LookupEnv": (0, -1), "syscall.Getenv": (0, -1),
    }  # fmt: skip
    casts = frozenset(
        {"int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
         "float64", "string", "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint",
         "strconv.Itoa", "strings.TrimSpace",
         "gorm.io/driver/postgres.New", "gorm.io/driver/mysql.New", "gorm.io/driver/sqlserver.New"}
    )  # fmt: skip
    wrappers = frozenset(
        {"parenthesized_expression", "type_assertion_expression", "expression_statement",
         "literal_element", "type_conversion_expression"}
    )  # fmt: skip
    names = frozenset({"identifier", "field_identifier", "package_identifier", "type_identifier"})
    calls = frozenset({"call_expression"})
    selves = frozenset()
    sets_fields = True

    def grammar(self, unit: Unit) -> str:
        return "go"

    def may_hold_settings(self, data: bytes) -> bool:
        return True

    def is_used(self, block: Block) -> bool:
        name = block.body.name.rpartition(".")[2]
        sources = block.unit.sources
        if name in ("", "main", "init") or not sources.program:
            return True
        return any(mentions(sources.files.data(each), name.encode()) for each in sources.program)

    def units_of(self, unit: Unit, module: str) -> Iterator[Unit]:
        return package_units(unit.sources, module)

    def origins(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        """A name that a file neither imports nor defines is one of its package."""
        if name in unit.imports or name in BUILT_IN:
            return
        for other in defining(unit, name):
            yield other, name
        for module in unit.stars:
            for source in self.units_of(unit, module):
                yield source, name

    def meaning(self, call: Call, name: str, scope: Scope) -> Expression | None:
        if name in ("fmt.Sprintf", "fmt.Sprint") and call.arguments:
            return _formatted(call, scope)
        if "env" in name.rpartition("/")[2].lower() and name not in self.environment_calls:
            return _named_for_the_environment(call, scope)
        return viper(call, name, scope) or flag(call, name)


def _formatted(call: Call, scope: Scope) -> Expression | None:
    """``fmt.Sprintf``: the text with its verbs replaced; widths and flags are not followed."""
    pattern = evaluate(Place(call.arguments[0].value, scope))
    if not isinstance(pattern, Known) or not isinstance(pattern.value, str):
        return None
    if any(each.spread for each in call.arguments):
        return None
    values = iter([each.value for each in call.arguments[1:]])
    first, *others = pattern.value.replace("%%", "\0").split("%")
    parts: list[Node] = [Literal(first.replace("\0", "%"))]
    for other in others:
        if other[:1] not in ("s", "d", "v", "q"):
            return None
        parts += [next(values, _COMPUTED), Literal(other[1:].replace("\0", "%"))]
    return Joined(tuple(parts))


def _named_for_the_environment(call: Call, scope: Scope) -> Expression | None:
    """``getEnvInt("DB_POOL_SIZE", 50)``: a helper whose name tells what it does, wherever it is
    defined. One of the program that comes to a variable is followed."""
    positional = [each.value for each in call.arguments if not each.spread]
    for position, node in enumerate(positional[:2]):
        key = evaluate(Place(node, scope))
        if isinstance(key, Known) and isinstance(key.value, str) and _is_variable(key.value):
            if len(positional) > position + 2:
                return None
            default = positional[position + 1] if len(positional) > position + 1 else None
            return Setting(key.value, default)
    return None


def _is_variable(name: str) -> bool:
    plain = name.replace("_", "")
    return plain.isascii() and plain.isalnum() and name == name.upper() and name[:1].isalpha()


# -- declarations ---------------------------------------------------------------------------------


def _import(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    path, alias = text(part(node, "path")).strip('"`'), part(node, "name")
    module = module_of(path)
    unit.loads.append(path)
    if alias is not None and alias.type == "dot":
        unit.stars.append(module)
    elif alias is None or alias.type == "package_identifier":
        names = [text(alias)] if alias is not None else _package_names(module)
        for name in names:
            unit.imports.setdefault(name, Import(module))
    return []


def _package_names(module: str) -> list[str]:
    """What a package may be called whose import has no name: as its path ends, without what says
    that it is in Go."""
    last = module.rpartition("/")[2]
    return [last, last.removeprefix("go-"), last.removesuffix("-go"), last.replace("-", "_")]


def _declared(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """``var a, b = 1, 2`` and ``const``."""
    names, values = _fields(node, "name"), _values(part(node, "value"))
    kind = _type(part(node, "type"))
    for name in names:
        block.bindings.setdefault(text(name), [])
        if kind:
            block.types[text(name)] = kind
    if values:
        _bind(block, side, names, values, block.bind)
    return steps(values, block, side)


def _constants(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """A constant without a value has the expression of the one before it."""
    found: list[Any] = []
    for specification in named(node):
        values = _values(part(specification, "value"))
        found.extend(values)
        values = values or found[-len(_fields(specification, "name")) :]
        _bind(block, side, _fields(specification, "name"), values, block.bind)
    return steps(found, block, side)


def _short(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    targets, values = _values(part(node, "left")), _values(part(node, "right"))
    _bind(block, side, targets, values, block.bind)
    return steps(values, block, side)


def _assignment(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    targets, values = _values(part(node, "left")), _values(part(node, "right"))
    if text(part(node, "operator")) != "=":
        values = [Other()] * len(targets)

    def bind(name: str, value: Node) -> None:
        """In the block that declares it."""
        owner: Block = block
        while name not in owner.bindings and owner.parent is not None:
            owner = owner.parent
        target = owner if name in owner.bindings else block
        target.bind(name, value if target is block else _inside(value, block))

    _bind(block, side, targets, values, bind)
    return steps((each for each in values if not isinstance(each, Other)), block, side)


def _inside(value: Node, block: Block) -> Node:
    return value if isinstance(value, Other) else Inside(value, block)


def _bind(
    block: Block,
    side: Side,
    targets: list[Any],
    values: list[Any],
    bind: Callable[[str, Node], None],
) -> None:
    """Give each target its value; of several results of one call the first is the value, and the
    others say whether there is one."""
    for position, target in enumerate(targets):
        if len(values) == len(targets) or (position == 0 and values):
            value = values[position]
        else:
            value = Other()
        if target.type == "identifier":
            if text(target) != "_":
                bind(text(target), value)
        else:
            block.unit.stores.append(Store(target, value, block, side))


def _fields(node: Any, name: str) -> list[Any]:
    return [each for each in node.children_by_field_name(name) if each.is_named]


def _values(node: Any) -> list[Any]:
    """The expressions of a list."""
    if node is None:
        return []
    return named(node) if node.type == "expression_list" else [node]


def _type(node: Any) -> str:
    """The name of a type, pointer or generic type; "" for others."""
    for _ in range(5):
        if node is None:
            return ""
        if node.type in ("type_identifier", "qualified_type"):
            return text(node)
        if node.type not in ("pointer_type", "generic_type", "parenthesized_type"):
            return ""
        node = next(iter(named(node)), None)
    return ""


def _function(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    parameters: list[Parameter] = []
    types: dict[str, str] = {}
    for declared in named(part(node, "parameters")):
        kind = _type(part(declared, "type"))
        names = _fields(declared, "name")
        parameters.extend(Parameter(text(name), None, kind) for name in names)
    name = text(part(node, "name"))
    for declared in named(part(node, "receiver")):
        kind = _type(part(declared, "type"))
        types.update({text(name): kind for name in _fields(declared, "name")})
        name = f"{kind}.{name}" if kind else name
    following = language.function(
        unit, node, block, name=name, parameters=tuple(parameters), body=part(node, "body")
    )
    inner = unit.lambdas[language.key(node)]
    inner.types.update(types)
    results = part(node, "result")
    if results is not None and results.type == "parameter_list":
        declared_results = named(results)
        inner.result = _type(part(declared_results[0], "type")) if declared_results else ""
        for declared in declared_results:
            for each in _fields(declared, "name"):
                inner.bindings.setdefault(text(each), [])
    else:
        inner.result = _type(results)
    return following


def _return(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """What is returned beside an error is no value."""
    values = [each for inner in named(node) for each in _values(inner)]
    if values:
        failed = len(values) > 1 and _is_error(values[-1])
        if not failed:
            value = values[0]
            block.body.returns.append(value if block.body is block else Inside(value, block))
    return steps(values, block, side)


def _is_error(node: Any) -> bool:
    """Whether the last result says that something failed."""
    if node.type == "identifier":
        return "err" in text(node).lower() and node.parent.named_children[0].type != "identifier"
    return node.type == "false" or "err" in text(part(node, "function")).lower()


def _block(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    return steps(named(node), block.within(), side)


def _if(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """Names that its initializer declares are known in all of its branches."""
    inner = block.within()
    first = part(node, "initializer")
    found: list[Step] = [(first, inner, side)] if first is not None else []
    return [*found, *(_BRANCHES(language, unit, node, inner, side) or ())]


_BRANCHES = branches()


def _switch(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    inner, choice = block.within(), choice_of(unit, node)
    found: list[Step] = []
    for count, each in enumerate(named(node)):
        if each.type in ("expression_case", "default_case", "type_case", "communication_case"):
            found.append((each, inner.within(), side.within(choice, count)))
        else:
            found.append((each, inner, side))
    return found


def _loop(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    """What a loop counts with is nothing that is known."""
    inner = block.within()
    for each in named(node):
        if each.type in ("for_clause", "range_clause"):
            declared = part(each, "initializer") or each
            for target in _values(part(declared, "left")):
                if target.type == "identifier":
                    inner.bind(text(target), _COMPUTED)
    return steps(named(node), inner, side)


def _counted(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    for target in named(node):
        if target.type == "identifier":
            block.bind(text(target), _COMPUTED)
    return []


def _struct(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> list[Step]:
    name, kind = text(part(node, "name")), part(node, "type")
    if kind is None or kind.type != "struct_type":
        return steps([kind] if kind is not None else [], block, side)
    bases = []
    definition = Class(name, Block(unit, unit.top, f"class {name}"))
    for listed in named(kind):
        for each in named(listed):
            declared = part(each, "type")
            names = _fields(each, "name")
            if not names:
                bases.append(_type(declared))
            own = _type(declared)
            if declared is not None and declared.type == "struct_type" and names:
                own = f"{name}.{text(names[0])}"
                _inner_struct(unit, own, declared, text(part(each, "tag")))
            tag = text(part(each, "tag"))
            for field in names:
                definition.fields[text(field)] = Field(None, type=own)
                _tagged(unit, name, text(field), tag)
    definition.bases = tuple(bases)
    unit.classes.setdefault(name, definition)
    return []


def _inner_struct(unit: Unit, name: str, node: Any, tag: str) -> None:
    """A structure without a name of its own, as the type of a field."""
    definition = Class(name, Block(unit, unit.top, f"class {name}"))
    for listed in named(node):
        for each in named(listed):
            for field in _fields(each, "name"):
                definition.fields[text(field)] = Field(None, type=_type(part(each, "type")))
                _tagged(unit, name, text(field), text(part(each, "tag")))
    unit.classes.setdefault(name, definition)


def _tagged(unit: Unit, owner: str, field: str, tag: str) -> None:
    """A field that a library fills from the environment by its tag."""
    setting = setting_of_tag(tag)
    if setting is not None:
        place = Place(setting, Scope(unit.top))
        for key in (field, f"{owner}.{field}"):
            unit.settings.setdefault(key, []).append(place)


def _literal(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> None:
    """The fields of a structure that is written down."""
    owner, body = _type(part(node, "type")), part(node, "body")
    for each in named(body) if owner else ():
        key, value = part(each, "key"), part(each, "value")
        if each.type == "keyed_element" and named(key) and named(value):
            field = text(key)
            place = Place(value, Scope(block))
            for name in (field, f"{owner.rpartition('.')[2]}.{field}"):
                unit.settings.setdefault(name, []).append(place)


def _call_statement(language: Go, unit: Unit, node: Any, block: Block, side: Side) -> None:
    """``flag.IntVar(&target, name, 10, …)`` gives its target a value."""
    function = text(part(node, "function")).rpartition(".")[2]
    arguments = named(part(node, "arguments"))
    position = 3 if function.endswith("VarP") else 2
    if (
        not function.endswith(
            ("IntVar", "IntVarP", "StringVar", "StringVarP", "Int32Var", "Int64Var", "UintVar")
        )
        or len(arguments) <= position
    ):
        return  # fmt: skip
    target = arguments[0]
    if target.type == "unary_expression" and text(target.children[0]) == "&":
        target = part(target, "operand")
        value = arguments[position]
        if target.type == "identifier":
            owner: Block = block
            while text(target) not in owner.bindings and owner.parent is not None:
                owner = owner.parent
            owner.bind(text(target), Inside(value, block))
        else:
            unit.stores.append(Store(target, value, block, side))


Go.visits = {
    "import_spec": _import,
    "var_spec": _declared,
    "const_declaration": _constants,
    "short_var_declaration": _short,
    "assignment_statement": _assignment,
    "function_declaration": _function,
    "method_declaration": _function,
    "func_literal": _function,
    "return_statement": _return,
    "block": _block,
    "if_statement": _if,
    "expression_switch_statement": _switch,
    "type_switch_statement": _switch,
    "select_statement": _switch,
    "for_statement": _loop,
    "inc_statement": _counted,
    "dec_statement": _counted,
    "type_spec": _struct,
    "composite_literal": _literal,
    "call_expression": _call_statement,
}  # fmt: skip


# -- expressions ----------------------------------------------------------------------------------

_ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34}


def _string(language: Go, node: Any, block: Block) -> Expression:
    found = b""
    for each in node.named_children:
        source = text(each)
        found += _escaped(source) if each.type == "escape_sequence" else source.encode()
    return Literal(found.decode("utf-8", "replace"))


def _escaped(source: str) -> bytes:
    """The bytes of an escape (go.dev/ref/spec, "Rune literals", Dec 2026)."""
    kind, digits = source[1:2], source[2:]
    if kind in _ESCAPES:
        return bytes((_ESCAPES[kind],))
    try:
        if kind == "x":
            return bytes((int(digits, 16),))
        if kind in ("u", "U"):
            return chr(int(digits, 16)).encode()
        return bytes((int(source[1:], 8),))
    except (ValueError, OverflowError):
        return b"?"


def _raw(language: Go, node: Any, block: Block) -> Expression:
    """No escapes; carriage returns are left out."""
    return Literal(text(node)[1:-1].replace("\r", ""))


def _integer(language: Go, node: Any, block: Block) -> Expression:
    digits = text(node).replace("_", "")
    if digits.startswith("0") and digits.isdigit() and len(digits) > 1:
        digits = f"0o{digits}"
    return number(digits)


def _unary(language: Go, node: Any, block: Block) -> Expression:
    sign, inner = text(part(node, "operator")), part(node, "operand")
    if sign in ("+", "&", "*"):
        return Same(inner)
    return Negative(inner) if sign == "-" else Other()


def _call(language: Go, node: Any, block: Block) -> Expression:
    function = part(node, "function")
    while function is not None and function.type in (
        "index_expression",
        "parenthesized_expression",
    ):
        function = part(function, "operand") or next(iter(named(function)), None)
    arguments = []
    for each in named(part(node, "arguments")):
        if each.type == "variadic_argument":
            arguments.append(Argument(next(iter(named(each)), _COMPUTED), spread=True))
        else:
            arguments.append(Argument(each))
    return Call(function, tuple(arguments)) if function is not None else Other()


def _composite(language: Go, node: Any, block: Block) -> Expression:
    return _body(language, part(node, "type"), part(node, "body"), block)


def _values_of(language: Go, node: Any, block: Block) -> Expression:
    """A literal whose type stands outside of it."""
    return _body(language, None, node, block)


def _body(language: Go, kind: Any, body: Any, block: Block) -> Expression:
    is_map = kind is not None and kind.type == "map_type"
    entries = []
    for each in named(body):
        if each.type != "keyed_element":
            return Sequence(tuple(named(body)))
        key, value = part(each, "key"), part(each, "value")
        name: str | None = text(key)
        if is_map or (key.named_children and key.named_children[0].type != "identifier"):
            known = read(Place(key, Scope(block)))
            name = str(known.value) if isinstance(known, Literal) else None
        entries.append(Entry(name, value))
    return Mapping(tuple(entries), _type(kind))


def _qualified(language: Go, node: Any, block: Block) -> Expression:
    return Member(Name(text(part(node, "package"))), text(part(node, "name")))


Go.reads = {
    "interpreted_string_literal": _string,
    "raw_string_literal": _raw,
    "int_literal": _integer,
    "float_literal": lambda language, node, block: number(text(node)),
    "selector_expression": member("operand", "field"),
    "qualified_type": _qualified,
    "index_expression": item("operand", "index"),
    "unary_expression": _unary,
    "binary_expression": operation(integers=True),
    "call_expression": _call,
    "composite_literal": _composite,
    "literal_value": _values_of,
    "func_literal": a_lambda,
}
