"""Python, by the standard library's ``ast``."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

from lintscale.code.expressions import (
    KINDS,
    Argument,
    Call,
    Conditional,
    Either,
    Entry,
    Expression,
    Item,
    Joined,
    Lambda,
    Literal,
    Mapping,
    Member,
    Name,
    Negative,
    Node,
    Operation,
    Other,
    Same,
    Sequence,
)
from lintscale.code.files import Files
from lintscale.code.languages.python_modules import find, loaded
from lintscale.code.languages.python_settings import (
    environment,
    field_of,
    name_of,
    nested_variable,
    variable_of,
)
from lintscale.code.units import (
    MOST_NODES,
    Block,
    CallSite,
    Change,
    Class,
    Field,
    Import,
    Language,
    Parameter,
    Side,
    Store,
    Unit,
)
from lintscale.model.location import Location, Span

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PROPERTIES = ("property", "cached_property", "computed_field", "hybrid_property")


class Python(Language):
    suffixes = (".py",)
    environment_objects = frozenset({"os.environ"})
    environment_calls: ClassVar = environment()
    environment_methods: ClassVar = dict.fromkeys(("int", "str", "url", "dj_db_url"), (0, 1))
    casts = frozenset(
        {"int", "float", "str", "bool", "pydantic.SecretStr", "pydantic.PostgresDsn",
         "pydantic.RedisDsn", "pydantic.AnyUrl", "sqlalchemy.make_url",
         "sqlalchemy.engine.make_url", "sqlalchemy.engine.url.make_url", "dj_database_url.parse",
         "copy.copy", "copy.deepcopy", "dataclasses.asdict", "vars"}
    )  # fmt: skip
    casting_methods = frozenset(
        {"replace", "strip", "get_secret_value", "unicode_string", "render_as_string", "lower",
         "removeprefix", "removesuffix", "rstrip", "encoded_string", "copy", "model_dump"}
    )  # fmt: skip
    entry_methods = frozenset({"get", "pop"})
    selves = frozenset({"self", "cls"})
    configures = True
    follows = True

    def outline(self, unit: Unit, data: bytes) -> bool:
        text = data.decode("utf-8-sig", "replace")
        tree = parsed(text)
        if tree is None:
            return False
        unit.lines = text.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")
        unit.tree = tree
        walk = _Walk(unit)
        stack = walk.body(tree.body, unit.top, Side())
        for _ in range(MOST_NODES):
            if not stack:
                break
            node, block, side = stack.pop()
            visit = _VISITS.get(type(node))
            following = visit(walk, node, block, side) if visit is not None else None
            if following is None:
                following = [(child, block, side) for child in ast.iter_child_nodes(node)]
            stack.extend(reversed(following))
        return True

    def read(self, node: Node, block: Block) -> Expression:
        if isinstance(node, KINDS):
            return node  # type: ignore[return-value]
        read = _READS.get(type(node))
        return read(node) if read is not None else Other()

    def location(self, unit: Unit, node: Node) -> Location:
        line = getattr(node, "lineno", None)
        if line is None:
            return Location(unit.name, Span(1, 1, 1, 2))
        start = _column(unit.lines, line, node.col_offset)
        end = _column(unit.lines, line, node.end_col_offset or 0)
        if node.end_lineno != line:
            # A place is one line: what is shown of a long call is its beginning.
            end = _column(unit.lines, line, len(unit.lines[line - 1]))
        return Location(unit.name, Span(line, start, line, max(end, start + 1)))

    def variable_of(self, definition: Class, name: str) -> str:
        return variable_of(definition, name)

    def nested_variable(self, outer: Class, field: str, name: str) -> str:
        return nested_variable(outer, field, name)

    def is_own(self, unit: Unit, module: str) -> bool:
        return bool(find(unit.sources.files, unit.name, module))

    def units_of(self, unit: Unit, module: str) -> Iterable[Unit]:
        name = find(unit.sources.files, unit.name, module)
        found = unit.sources.unit(name) if name and name != unit.name else None
        return (found,) if found is not None else ()

    def module_of(self, unit: Unit, name: str) -> Unit | None:
        """``import a.b`` binds a; ``from a import b`` may bind a module as well as a name."""
        head, _, tail = name.partition(".")
        imported = unit.imports.get(head)
        if imported is None:
            return None
        base = imported.module
        for part in (imported.name, tail):
            if part:
                base = f"{base}{part}" if base.endswith(".") else f"{base}.{part}"
        return next(iter(self.units_of(unit, base)), None)

    def loaded(self, files: Files, name: str) -> Iterator[str]:
        return loaded(files, name)


def parsed(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _column(lines: list[bytes], line: int, offset: int) -> int:
    """ast counts bytes of UTF-8; lintscale counts characters from 1."""
    if not 0 < line <= len(lines):
        return 1
    return len(lines[line - 1][:offset].decode("utf-8", "ignore")) + 1


# -- statements -----------------------------------------------------------------------------------

Step = tuple[ast.AST, Block, Side]


class _Test(NamedTuple):
    """Whether code that runs where a test holds, and where it does not, can be about a server."""

    yes: bool
    no: bool


def _test(test: ast.expr) -> _Test:
    """Not where the address was found to be SQLite's."""
    is_true = True
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, is_true = test.operand, not is_true
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn | ast.NotEq):
        is_true = not is_true
    if isinstance(test, ast.BoolOp):
        return _Test(True, True)
    if any("sqlite" in word.lower() for word in _words(test)):
        return _Test(not is_true, is_true)
    return _Test(True, True)


def _is_about_a_server(test: ast.expr) -> bool:
    """Whether a test holds where the address is a server's: ``url.startswith("postgres")``."""
    if isinstance(test, ast.Compare):
        known = isinstance(test.ops[0], ast.In | ast.Eq)
    else:
        known = isinstance(test, ast.Call)
    texts = [p.value for p in ast.walk(test) if isinstance(p, ast.Constant)] if known else []
    return any(isinstance(t, str) and t.lower().startswith(_SERVERS) for t in texts)


_SERVERS = ("postgres", "mysql", "mariadb")


def _words(test: ast.expr) -> Iterator[str]:
    for part in ast.walk(test):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


class _Walk:
    """Takes the nodes of a unit up, and says which come next; None: all below."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.functions: dict[int, int] = {}
        """The lines of functions by the ids of their blocks."""
        self.globals: set[tuple[int, str]] = set()
        self.blocks: list[Block] = []

    def choice(self, node: ast.AST) -> str:
        return f"{self.unit.name}:{getattr(node, 'lineno', 0)}"

    def body(self, statements: Iterable[ast.stmt], block: Block, side: Side) -> list[Step]:
        """The statements of a block, the last first. What follows a condition that returns runs
        where it does not hold."""
        steps: list[Step] = []
        for statement in statements:
            steps.append((statement, block, side))
            if (
                isinstance(statement, ast.If)
                and not statement.orelse
                and isinstance(statement.body[-1], ast.Return)
                and all(_test(statement.test))
            ):
                side = side.within(self.choice(statement), 1)
        return steps[::-1]

    def function(self, node: _Function, block: Block, side: Side) -> list[Step]:
        in_class = block.name.startswith("class ")
        owner = block.owner if in_class else None
        inner = Block(
            self.unit,
            block.parent if in_class else block,  # what a class holds, its methods do not see
            node.name,
            _parameters(node.args),
            owner,
        )
        self.blocks.append(inner)
        self.functions[id(inner)] = node.lineno
        self.unit.functions.setdefault(node.name, inner)
        if owner is not None:
            self.unit.functions.setdefault(f"{owner.name}.{node.name}", inner)
            if any(name_of(each).rpartition(".")[2] in _PROPERTIES for each in node.decorator_list):
                value = Call(Name(f"{owner.name}.{node.name}"))
                owner.fields.setdefault(node.name, Field(value, None))
        outside = [*node.decorator_list, *node.args.defaults]
        outside += [each for each in node.args.kw_defaults if each is not None]
        return [*((e, block, side) for e in outside), *self.body(node.body, inner, Side())[::-1]]

    def function_expression(self, node: ast.Lambda, block: Block, side: Side) -> list[Step]:
        inner = Block(self.unit, block, "", _parameters(node.args))
        inner.returns.append(node.body)
        self.unit.lambdas[id(node)] = inner
        return [(node.body, inner, Side())]

    def class_(self, node: ast.ClassDef, block: Block, side: Side) -> list[Step]:
        inner = Block(self.unit, block, f"class {node.name}")
        bases = tuple(name for base in node.bases if (name := name_of(base)))
        definition = inner.owner = Class(node.name, inner, bases)
        definition.node = node
        self.unit.classes.setdefault(node.name, definition)
        return [(part, inner, side) for part in (*node.decorator_list, *node.bases, *node.body)]

    def return_(self, node: ast.Return, block: Block, side: Side) -> list[Step]:
        if node.value is None:
            return []
        block.returns.append(node.value)
        if not side.choice and id(block) in self.functions:
            line = self.functions[id(block)]
            side = Side(f"{self.unit.name}:{line}", str(node.lineno))
        return [(node.value, block, side)]

    def if_(self, node: ast.If, block: Block, side: Side) -> list[Step]:
        choice, found = self.choice(node), list[Step]()
        branch: ast.If | None = node
        number, is_plain = 0, True
        while branch is not None:
            test = _test(branch.test)
            found.append((branch.test, block, side))
            if test.yes:
                # Where only one way is about a server, that is no choice.
                is_choice = test.no and (bool(node.orelse) or not _is_about_a_server(node.test))
                own = side.within(choice, number) if is_choice or not is_plain else side
                found += self.body(branch.body, block, own)[::-1]
            is_plain = is_plain and not test.yes
            number += 1
            following = branch.orelse if test.no else []
            is_elif = len(following) == 1 and isinstance(following[0], ast.If)
            branch = following[0] if is_elif else None  # type: ignore[assignment]
            if branch is None:
                own = side if is_plain else side.within(choice, number)
                found += self.body(following, block, own)[::-1]
        return found

    def either(self, node: ast.IfExp, block: Block, side: Side) -> list[Step]:
        test, choice = _test(node.test), self.choice(node)
        found: list[Step] = [(node.test, block, side)]
        for number, (part, counts) in enumerate(((node.body, test.yes), (node.orelse, test.no))):
            if counts:
                own = side.within(choice, number) if all(test) else side
                found.append((part, block, own))
        return found

    def try_(self, node: ast.Try, block: Block, side: Side) -> list[Step]:
        choice = self.choice(node)
        parts = (*node.body, *node.orelse, *node.finalbody)
        found: list[Step] = self.body(parts, block, side.within(choice, 0))[::-1]
        for number, handler in enumerate(node.handlers, start=1):
            found += self.body(handler.body, block, side.within(choice, number))[::-1]
        return found

    def match(self, node: ast.Match, block: Block, side: Side) -> list[Step]:
        found: list[Step] = [(node.subject, block, side)]
        for number, case in enumerate(node.cases):
            found += self.body(case.body, block, side.within(self.choice(node), number))[::-1]
        return found

    def import_(self, node: ast.Import, block: Block, side: Side) -> list[Step]:
        for alias in node.names:
            self.unit.loads.append(alias.name)
            # "import a.b" binds a; what is written behind it is found from there.
            name = alias.asname or alias.name.partition(".")[0]
            self.unit.imports.setdefault(name, Import(alias.name if alias.asname else name))
        return []

    def import_from(self, node: ast.ImportFrom, block: Block, side: Side) -> list[Step]:
        module = "." * node.level + (node.module or "")
        self.unit.loads.append(module)
        for alias in node.names:
            if alias.name == "*":
                self.unit.stars.append(module)
            else:
                imported = Import(module, alias.name)
                self.unit.imports.setdefault(alias.asname or alias.name, imported)
        return []

    def global_(self, node: ast.Global, block: Block, side: Side) -> list[Step]:
        self.globals.update((id(block), name) for name in node.names)
        return []

    # -- names ------------------------------------------------------------------------------------

    def assign(self, node: ast.Assign, block: Block, side: Side) -> list[Step]:
        for target in node.targets:
            self.give(target, node.value, block, side)
        return [*((target, block, side) for target in node.targets), (node.value, block, side)]

    def annotated(self, node: ast.AnnAssign, block: Block, side: Side) -> list[Step]:
        if isinstance(node.target, ast.Name) and block.owner is not None and _is_class(block):
            field = field_of(node.value, node.annotation)
            block.owner.fields.setdefault(node.target.id, field)
        if node.value is None:
            return []
        self.give(node.target, node.value, block, side)
        return [(node.value, block, side)]

    def walrus(self, node: ast.NamedExpr, block: Block, side: Side) -> list[Step]:
        self.give(node.target, node.value, block, side)
        return [(node.value, block, side)]

    def added(self, node: ast.AugAssign, block: Block, side: Side) -> list[Step]:
        target = node.target
        if isinstance(node.op, ast.BitOr):
            self.change(target, Change((), node.value, block, side), block)
        elif isinstance(target, ast.Name):
            operator = _OPERATORS.get(type(node.op), "?")
            self.give(target, Operation(operator, Name(target.id), node.value), block, side)
        else:
            self.give(target, Other(), block, side)
        return [(node.value, block, side)]

    def give(self, target: ast.expr, value: Node, block: Block, side: Side) -> None:
        if isinstance(target, ast.Name):
            name = target.id
            where = self.unit.top if (id(block), name) in self.globals else block
            where.bind(name, value)
            if _is_class(block) and block.owner is not None:
                block.owner.fields.setdefault(name, field_of(value, None))
        elif isinstance(target, ast.Tuple | ast.List):
            inner = value.elts if isinstance(value, ast.Tuple | ast.List) else ()
            for number, part in enumerate(target.elts):
                same = inner[number] if len(inner) == len(target.elts) else None
                self.give(part, same or Item(value, Literal(number)), block, side)
        elif isinstance(target, ast.Attribute):
            self.unit.stores.append(Store(target, value, block, side))
            owner = block.owner
            if owner is not None and name_of(target.value) in Python.selves:
                known = owner.fields.get(target.attr)
                # What is given in several places is one of them.
                if known is None or (known.value is None and known.block is None):
                    owner.fields[target.attr] = Field(value, None, block=block)
                elif known.block is not None:
                    owner.fields[target.attr] = known._replace(value=Other("set in several places"))
        elif isinstance(target, ast.Subscript):
            self.unit.stores.append(Store(target, value, block, side))
            keys: list[str] = []
            node: ast.expr = target
            while isinstance(node, ast.Subscript):
                key = node.slice
                if not isinstance(key, ast.Constant):
                    self.change(node.value, Change((), Other(), block, side), block)
                    return
                keys.insert(0, str(key.value))
                node = node.value
            self.change(node, Change(tuple(keys), value, block, side), block)

    def change(self, target: ast.expr, change: Change, block: Block) -> None:
        while isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            change = change._replace(path=(str(target.slice.value), *change.path))
            target = target.value
        if isinstance(target, ast.Name):
            is_global = (id(block), target.id) in self.globals
            (self.unit.top if is_global else block).changes.setdefault(target.id, []).append(change)
            return
        owner = block.owner
        is_own = isinstance(target, ast.Attribute) and name_of(target.value) in Python.selves
        if isinstance(target, ast.Attribute) and is_own and owner is not None:
            owner.changes.setdefault(target.attr, []).append(change)

    def call(self, node: ast.Call, block: Block, side: Side) -> None:
        self.unit.calls.append(CallSite(node, block, side))
        method = node.func
        if not isinstance(method, ast.Attribute) or method.attr not in ("update", "setdefault"):
            return
        if method.attr == "update":
            entries = tuple(Entry(None, each, spread=True) for each in node.args)
            named = tuple(
                Entry(word.arg, word.value, spread=word.arg is None) for word in node.keywords
            )
            self.change(method.value, Change((), Mapping((*entries, *named)), block, side), block)
        elif len(node.args) == 2 and isinstance(node.args[0], ast.Constant):
            key = str(node.args[0].value)
            change = Change((key,), node.args[1], block, side, keeps=True)
            self.change(method.value, change, block)

    def with_(self, node: ast.With | ast.AsyncWith, block: Block, side: Side) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self.give(item.optional_vars, item.context_expr, block, side)

    def for_(self, node: ast.For | ast.AsyncFor, block: Block, side: Side) -> None:
        for part in ast.walk(node.target):
            if isinstance(part, ast.Name):
                block.bind(part.id, Other())


def _is_class(block: Block) -> bool:
    return block.name.startswith("class ")


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*defaults, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    found = [Parameter(a.arg, default, name_of(a.annotation)) for a, default in pairs]
    if arguments.kwarg is not None:
        found.append(Parameter(arguments.kwarg.arg, rest=True))
    return tuple(found)


_VISITS: dict[type[ast.AST], Callable[[_Walk, Any, Block, Side], list[Step] | None]] = {
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.function_expression,
    ast.ClassDef: _Walk.class_,
    ast.Return: _Walk.return_,
    ast.If: _Walk.if_,
    ast.IfExp: _Walk.either,
    ast.Try: _Walk.try_,
    ast.Match: _Walk.match,
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_from,
    ast.Global: _Walk.global_,
    ast.Assign: _Walk.assign,
    ast.AnnAssign: _Walk.annotated,
    ast.AugAssign: _Walk.added,
    ast.NamedExpr: _Walk.walrus,
    ast.Call: _Walk.call,
    ast.With: _Walk.with_,
    ast.AsyncWith: _Walk.with_,
    ast.For: _Walk.for_,
    ast.AsyncFor: _Walk.for_,
}


# -- expressions ----------------------------------------------------------------------------------

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//",
}  # fmt: skip


def _constant(node: ast.Constant) -> Expression:
    if isinstance(node.value, int | float | str | None):
        return Literal(node.value)
    return Other("not a number")


def _call(node: ast.Call) -> Expression:
    name = name_of(node.func)
    if name in ("cast", "typing.cast") and len(node.args) == 2:
        return Same(node.args[1])
    if name == "dict":
        entries = [Entry(None, each, spread=True) for each in node.args]
        entries += [Entry(w.arg, w.value, spread=w.arg is None) for w in node.keywords]
        return Mapping(tuple(entries))
    positional = [Argument(each, spread=isinstance(each, ast.Starred)) for each in node.args]
    named = [
        Argument(word.value, word.arg or "**", spread=word.arg is None) for word in node.keywords
    ]
    return Call(node.func, (*positional, *named))


def _dict(node: ast.Dict) -> Expression:
    entries = []
    for key, value in zip(node.keys, node.values, strict=True):
        name = str(key.value) if isinstance(key, ast.Constant) else None
        entries.append(Entry(name, value, spread=key is None))
    return Mapping(tuple(entries))


def _conditional(node: ast.IfExp) -> Expression:
    test = _test(node.test)
    if not all(test):
        return Same(node.body if test.yes else node.orelse)
    return Conditional(node.test, node.body, node.orelse)


def _bool(node: ast.BoolOp) -> Expression:
    first: Node = node.values[-1]
    for value in reversed(node.values[:-1]):
        is_or = isinstance(node.op, ast.Or)
        first = Either(value, first) if is_or else Operation("and", value, first)
    return first  # type: ignore[no-any-return]


def _binary(node: ast.BinOp) -> Expression:
    if isinstance(node.op, ast.BitOr):
        sides = (node.left, node.right)
        return Mapping(tuple(Entry(None, side, spread=True) for side in sides))
    if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        right = node.right.elts if isinstance(node.right, ast.Tuple) else (node.right,)
        return Joined((node.left, *right)) if isinstance(node.left.value, str) else Other()
    return Operation(_OPERATORS.get(type(node.op), "?"), node.left, node.right)


def _unary(node: ast.UnaryOp) -> Expression:
    if isinstance(node.op, ast.USub):
        return Negative(node.operand)
    if isinstance(node.op, ast.UAdd):
        return Same(node.operand)
    return Operation("not", node.operand, Literal(None))


def _compare(node: ast.Compare) -> Expression:
    """``"X" in os.environ`` is about the variable."""
    right = node.comparators[0]
    if isinstance(node.ops[0], ast.In) and name_of(right).endswith("environ"):
        return Item(right, node.left)
    return Operation("==", node.left, right)


def _joined(node: ast.JoinedStr) -> Expression:
    parts = (p.value if isinstance(p, ast.FormattedValue) else p for p in node.values)
    return Joined(tuple(parts))


_READS: dict[type[ast.AST], Callable[[Any], Expression]] = {
    ast.Constant: _constant,
    ast.Name: lambda node: Name(node.id),
    ast.Attribute: lambda node: Member(node.value, node.attr),
    ast.Subscript: lambda node: Item(node.value, node.slice),
    ast.Call: _call,
    ast.Dict: _dict,
    ast.List: lambda node: Sequence(tuple(node.elts)),
    ast.Tuple: lambda node: Sequence(tuple(node.elts)),
    ast.JoinedStr: _joined,
    ast.BoolOp: _bool,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.IfExp: _conditional,
    ast.Compare: _compare,
    ast.Lambda: Lambda,
    **dict.fromkeys((ast.Await, ast.NamedExpr, ast.Starred), lambda node: Same(node.value)),
}
