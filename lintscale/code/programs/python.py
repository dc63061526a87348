"""Python as statements, by the standard library's ``ast``."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from lintscale.code.programs.nodes import (
    Argument,
    Binary,
    Call,
    Choice,
    Computed,
    Constant,
    Do,
    Each,
    Entry,
    Expression,
    Function,
    If,
    Import,
    Index,
    Let,
    List,
    Listed,
    Member,
    Name,
    Opaque,
    Parameter,
    Pattern,
    Return,
    Skip,
    Statement,
    Table,
    Target,
    Template,
    Unary,
)
from lintscale.model.location import Span

_DEEPEST = 80
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.BitOr: "|", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is",
    ast.IsNot: "is not", ast.And: "and", ast.Or: "or",
}  # fmt: skip


def statements_of(data: bytes, grammar: str = "python") -> tuple[Statement, ...] | None:
    """None where it does not parse."""
    text = data.decode("utf-8-sig", "replace")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return _Reader(text).block(module.body, 0)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")

    def span(self, node: Any) -> Span:
        end_line = node.end_lineno or node.lineno
        end = self._column(end_line, node.end_col_offset or 0)
        return Span(node.lineno, self._column(node.lineno, node.col_offset), end_line, end)

    def _column(self, line: int, offset: int) -> int:
        if not 0 < line <= len(self.lines):
            return 1
        return len(self.lines[line - 1][:offset].decode("utf-8", "ignore")) + 1

    # -- statements -------------------------------------------------------------------------------

    def block(self, nodes: Iterable[ast.stmt], depth: int) -> tuple[Statement, ...]:
        return tuple(each for node in nodes for each in self.statement(node, depth + 1))

    def statement(self, node: ast.stmt, depth: int) -> list[Statement]:
        read = _STATEMENTS.get(type(node))
        if read is None or depth > _DEEPEST:
            names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            returns = any(isinstance(each, ast.Return) for each in ast.walk(node))
            return [Opaque(frozenset(names), returns)]
        return read(self, node, depth)

    def assigned(self, node: ast.Assign, depth: int) -> list[Statement]:
        value = self.expression(node.value, depth)
        return [Let(self.target(each, depth), value) for each in node.targets]

    def annotated(self, node: ast.AnnAssign, depth: int) -> list[Statement]:
        if node.value is None:
            return []
        return [Let(self.target(node.target, depth), self.expression(node.value, depth))]

    def added(self, node: ast.AugAssign, depth: int) -> list[Statement]:
        target = self.target(node.target, depth)
        operator = _OPERATORS.get(type(node.op), "")
        right = self.expression(node.value, depth)
        if isinstance(target, Pattern) or not operator:
            return [Opaque(frozenset({getattr(target, "name", "")}))]
        return [Let(target, Binary(operator, target, right, self.span(node)))]

    def done(self, node: ast.Expr, depth: int) -> list[Statement]:
        return [Do(self.expression(node.value, depth))]

    def conditional(self, node: ast.If, depth: int) -> list[Statement]:
        test = self.expression(node.test, depth)
        return [If(test, self.block(node.body, depth), self.block(node.orelse, depth))]

    def loop(self, node: ast.For, depth: int) -> list[Statement]:
        source = self.expression(node.iter, depth)
        body = self.block(node.body, depth)
        return [Each(self.target(node.target, depth), source, body)]

    def returned(self, node: ast.Return, depth: int) -> list[Statement]:
        return [Return(self.expression(node.value, depth) if node.value is not None else None)]

    def defined(self, node: ast.FunctionDef, depth: int) -> list[Statement]:
        """A decorator is a function that takes this one."""
        value: Expression = self.function(node, node.body, depth)
        for each in reversed(node.decorator_list):
            decorator = self.expression(each, depth)
            value = Call(decorator, (Argument(value),), self.span(each))
        return [Let(Name(node.name, self.span(node)), value)]

    def imported(self, node: ast.Import, depth: int) -> list[Statement]:
        return [
            Import(each.asname or each.name.partition(".")[0], each.name) for each in node.names
        ]

    def imported_from(self, node: ast.ImportFrom, depth: int) -> list[Statement]:
        module = "." * node.level + (node.module or "")
        return [Import(each.asname or each.name, module, each.name) for each in node.names]

    # -- targets ----------------------------------------------------------------------------------

    def target(self, node: ast.expr, depth: int) -> Target:
        if isinstance(node, ast.Tuple | ast.List):
            if any(isinstance(each, ast.Starred) for each in node.elts):
                return Pattern()
            return Pattern(items=tuple(self.target(each, depth + 1) for each in node.elts))
        expression = self.expression(node, depth)
        return expression if isinstance(expression, Name | Member | Index) else Pattern()

    # -- expressions ------------------------------------------------------------------------------

    def expression(self, node: ast.expr, depth: int) -> Expression:
        while isinstance(node, ast.Await | ast.NamedExpr):
            node = node.value
        read = _EXPRESSIONS.get(type(node))
        if read is None or depth > _DEEPEST:
            return self.computed(node)
        return read(self, node, depth + 1)

    def computed(self, node: ast.expr) -> Computed:
        source = ast.get_source_segment(self.text, node) or ""
        return Computed(source, self.span(node))

    def constant(self, node: ast.Constant, depth: int) -> Expression:
        value = node.value
        if isinstance(value, int | float | str | None):
            return Constant(value, self.span(node))
        return self.computed(node)

    def name(self, node: ast.Name, depth: int) -> Expression:
        return Name(node.id, self.span(node))

    def member(self, node: ast.Attribute, depth: int) -> Expression:
        return Member(self.expression(node.value, depth), node.attr, self.span(node))

    def index(self, node: ast.Subscript, depth: int) -> Expression:
        of, key = self.expression(node.value, depth), self.expression(node.slice, depth)
        return Index(of, key, self.span(node))

    def items(self, nodes: Iterable[ast.expr], depth: int) -> tuple[Argument, ...]:
        found = []
        for each in nodes:
            inner = each.value if isinstance(each, ast.Starred) else each
            is_spread = inner is not each
            found.append(
                Argument(self.expression(inner, depth), spread=is_spread, span=self.span(each))
            )
        return tuple(found)

    def call(self, node: ast.Call, depth: int) -> Expression:
        named = []
        for each in node.keywords:
            span = self.span(each)
            end = span.column + len(each.arg or "**")
            key = Span(span.line, span.column, span.line, end)
            value = self.expression(each.value, depth)
            named.append(Argument(value, each.arg or "", spread=each.arg is None, span=key))
            if each.arg is None:
                named[-1] = Argument(value, "**", spread=True, span=key)
        arguments = (*self.items(node.args, depth), *named)
        return Call(self.expression(node.func, depth), arguments, self.span(node))

    def table(self, node: ast.Dict, depth: int) -> Expression:
        found = [
            Entry(
                self.expression(key, depth) if key is not None else None,
                self.expression(value, depth),
                spread=key is None,
            )
            for key, value in zip(node.keys, node.values, strict=True)
        ]
        return Table(tuple(found), self.span(node))

    def items_of(self, node: ast.List | ast.Tuple, depth: int) -> Expression:
        return List(self.items(node.elts, depth), self.span(node))

    def choice(self, node: ast.IfExp, depth: int) -> Expression:
        test, yes, no = (self.expression(e, depth) for e in (node.test, node.body, node.orelse))
        return Choice(test, yes, no, self.span(node))

    def either(self, node: ast.BoolOp, depth: int) -> Expression:
        operator, span = _OPERATORS[type(node.op)], self.span(node)
        values = [self.expression(each, depth) for each in node.values]
        found = values[-1]
        for each in reversed(values[:-1]):
            found = Binary(operator, each, found, span)
        return found

    def binary(self, node: ast.BinOp, depth: int) -> Expression:
        operator = _OPERATORS.get(type(node.op))
        if operator is None:
            return self.computed(node)
        left, right = self.expression(node.left, depth), self.expression(node.right, depth)
        return Binary(operator, left, right, self.span(node))

    def compared(self, node: ast.Compare, depth: int) -> Expression:
        operator = _OPERATORS.get(type(node.ops[0]))
        if operator is None or len(node.ops) != 1:
            return self.computed(node)
        left = self.expression(node.left, depth)
        return Binary(operator, left, self.expression(node.comparators[0], depth), self.span(node))

    def unary(self, node: ast.UnaryOp, depth: int) -> Expression:
        inner = self.expression(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return Unary("not", inner, self.span(node))
        return Unary("-", inner, self.span(node)) if isinstance(node.op, ast.USub) else inner

    def joined(self, node: ast.JoinedStr, depth: int) -> Expression:
        parts = []
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                is_plain = each.format_spec is None and each.conversion == -1
                inner = self.expression(each.value, depth)
                parts.append(inner if is_plain else self.computed(each.value))
            else:
                parts.append(self.expression(each, depth))
        return Template(tuple(parts), self.span(node))

    def function_expression(self, node: ast.Lambda, depth: int) -> Expression:
        return self.function(node, [ast.Return(node.body)], depth)

    def function(self, node: Any, body: list[Any], depth: int) -> Function:
        arguments: ast.arguments = node.args
        span = self.span(node)

        def parameter(each: ast.arg, default: ast.expr | None, rest: str = "") -> Parameter:
            value = self.expression(default, depth) if default is not None else None
            return Parameter(Name(each.arg, self.span(each)), value, rest)

        positional = [*arguments.posonlyargs, *arguments.args]
        missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        pairs = zip(positional, [*missing, *arguments.defaults], strict=True)
        found = [parameter(each, default) for each, default in pairs]
        if arguments.vararg is not None:
            found.append(parameter(arguments.vararg, None, "*"))
        keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        found += [parameter(each, default) for each, default in keywords]
        if arguments.kwarg is not None:
            found.append(parameter(arguments.kwarg, None, "**"))
        if any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(node)):
            return Function(tuple(found), (Opaque(frozenset(), returns=True),), span)
        return Function(tuple(found), self.block(body, depth), span)

    def listed(self, node: Any, depth: int) -> Expression:
        if len(node.generators) != 1:
            return self.computed(node)
        clause: ast.comprehension = node.generators[0]
        is_table = isinstance(node, ast.DictComp)
        return Listed(
            self.target(clause.target, depth),
            self.expression(clause.iter, depth),
            tuple(self.expression(each, depth) for each in clause.ifs),
            self.expression(node.value if is_table else node.elt, depth),
            self.expression(node.key, depth) if is_table else None,
            self.span(node),
        )


_STATEMENTS: dict[type[ast.AST], Callable[[_Reader, Any, int], list[Statement]]] = {
    ast.Assign: _Reader.assigned,
    ast.AnnAssign: _Reader.annotated,
    ast.AugAssign: _Reader.added,
    ast.Expr: _Reader.done,
    ast.If: _Reader.conditional,
    ast.For: _Reader.loop,
    ast.Return: _Reader.returned,
    ast.FunctionDef: _Reader.defined,
    ast.AsyncFunctionDef: _Reader.defined,
    ast.Import: _Reader.imported,
    ast.ImportFrom: _Reader.imported_from,
    ast.Continue: lambda reader, node, depth: [Skip()],
    ast.Break: lambda reader, node, depth: [Skip(ends=True)],
    ast.Pass: lambda reader, node, depth: [],
}

_EXPRESSIONS: dict[type[ast.AST], Callable[[_Reader, Any, int], Expression]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.member,
    ast.Subscript: _Reader.index,
    ast.Call: _Reader.call,
    ast.Dict: _Reader.table,
    ast.List: _Reader.items_of,
    ast.Tuple: _Reader.items_of,
    ast.IfExp: _Reader.choice,
    ast.BoolOp: _Reader.either,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.compared,
    ast.UnaryOp: _Reader.unary,
    ast.JoinedStr: _Reader.joined,
    ast.Lambda: _Reader.function_expression,
    **dict.fromkeys((ast.ListComp, ast.DictComp, ast.GeneratorExp), _Reader.listed),
}
