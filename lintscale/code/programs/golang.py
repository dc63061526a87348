"""Go as statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lintscale.code.programs.nodes import (
    Argument,
    Binary,
    Call,
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
    Member,
    Name,
    Opaque,
    Parameter,
    Return,
    Skip,
    Statement,
    Table,
    Target,
    Unary,
)
from lintscale.code.tree import named, number, part, span_of, text
from lintscale.model.location import Span
from lintscale.syntax.grammars import parse

_DEEPEST = 80
_OPERATORS = {
    "==": "==", "!=": "!=", "&&": "and", "||": "or", "<": "<", ">": ">", "<=": "<=", ">=": ">=",
    "+": "+", "-": "-", "*": "*", "%": "%",
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_NO_EFFECT = frozenset(
    {"comment", "package_clause", "type_declaration", "method_declaration", "empty_statement"}
)


def statements_of(data: bytes, grammar: str = "go") -> tuple[Statement, ...] | None:
    """None where the grammar is not there."""
    root = parse(grammar, data)
    return _Reader(data).block(root.named_children, 0) if root is not None else None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.lines = data.split(b"\n")

    def span(self, node: Any) -> Span:
        return span_of(self.lines, node)

    # -- statements -------------------------------------------------------------------------------

    def block(self, nodes: Iterable[Any], depth: int) -> tuple[Statement, ...]:
        return tuple(each for node in nodes for each in self.statement(node, depth + 1))

    def body(self, node: Any, depth: int) -> tuple[Statement, ...]:
        """A block, with its list of statements; or what stands in its place."""
        if node is None:
            return ()
        if node.type == "block":
            lists = [each for each in named(node) if each.type == "statement_list"]
            return self.block(named(lists[0]) if lists else named(node), depth)
        return tuple(self.statement(node, depth + 1))

    def statement(self, node: Any, depth: int) -> list[Statement]:
        if node.type in _NO_EFFECT:
            return []
        read = _STATEMENTS.get(node.type)
        broken = node.has_error and any(each.is_error or each.is_missing for each in node.children)
        if read is None or depth > _DEEPEST or broken:
            return [self.opaque(node)]
        return read(self, node, depth)

    def opaque(self, node: Any) -> Opaque:
        found: set[str] = set()
        returns = False
        pending = [node]
        while pending:
            each = pending.pop()
            if each.type == "identifier":
                found.add(text(each))
            returns = returns or each.type == "return_statement"
            pending.extend(each.named_children)
        return Opaque(frozenset(found), returns)

    def imported(self, node: Any, depth: int) -> list[Statement]:
        found: list[Statement] = []
        pending = list(named(node))
        while pending:
            each = pending.pop(0)
            if each.type == "import_spec_list":
                pending += named(each)
            elif each.type == "import_spec":
                module = text(part(each, "path")).strip('"`')
                # A package is seldom called by the words that repositories add to its name.
                last = module.rpartition("/")[2].removeprefix("go-")
                last = last.removesuffix("-sdk").removesuffix("-go")
                name = text(part(each, "name")) or last
                found.append(Import(name, module))
        return found

    def declared(self, node: Any, depth: int) -> list[Statement]:
        found: list[Statement] = []
        pending = list(named(node))
        while pending:
            each = pending.pop(0)
            if each.type == "var_spec_list":
                pending += named(each)
                continue
            names = [inner for inner in each.children_by_field_name("name") if inner.is_named]
            values = named(part(each, "value"))
            for number_, name in enumerate(names):
                target = Name(text(name), self.span(name))
                known = len(values) == len(names)
                value = self.expression(values[number_], depth) if known else self.computed(name)
                found.append(Let(target, value, declares=True))
        return found

    def assigned(self, node: Any, depth: int) -> list[Statement]:
        targets, values = named(part(node, "left")), named(part(node, "right"))
        operator = text(part(node, "operator")) or ":="
        declares = node.type == "short_var_declaration"
        if len(targets) != len(values):
            return [self.opaque(node)]
        found: list[Statement] = []
        for target, value in zip(targets, values, strict=True):
            place = self.target(target, depth)
            right = self.expression(value, depth)
            if place is None:
                return [self.opaque(node)]
            if operator not in ("=", ":="):
                if operator[:-1] not in _OPERATORS:
                    return [self.opaque(node)]
                left = self.expression(target, depth)
                right = Binary(_OPERATORS[operator[:-1]], left, right, self.span(node))
            found.append(Let(place, right, declares=declares))
        return found

    def target(self, node: Any, depth: int) -> Target | None:
        expression = self.expression(node, depth)
        return expression if isinstance(expression, Name | Member | Index) else None

    def conditional(self, node: Any, depth: int) -> list[Statement]:
        first = part(node, "initializer")
        before = self.statement(first, depth) if first is not None else []
        test = self.expression(part(node, "condition"), depth)
        yes = self.body(part(node, "consequence"), depth)
        return [*before, If(test, yes, self.body(part(node, "alternative"), depth))]

    def switch(self, node: Any, depth: int) -> list[Statement]:
        value = part(node, "value")
        if value is None or part(node, "initializer") is not None:
            return [self.opaque(node)]
        subject, span = self.expression(value, depth), self.span(node)
        found: tuple[Statement, ...] = ()
        branches = []
        for each in named(node):
            if each.type not in ("expression_case", "default_case"):
                continue
            lists = [inner for inner in named(each) if inner.type == "statement_list"]
            body = self.block(named(lists[0]) if lists else (), depth)
            test: Expression | None = None
            for inner in named(part(each, "value")) if each.type == "expression_case" else ():
                same = Binary("==", subject, self.expression(inner, depth), span)
                test = same if test is None else Binary("or", test, same, span)
            if each.type == "default_case":
                found = body
            elif test is not None:
                branches.append((test, body))
        for test, body in reversed(branches):
            found = (If(test, body, found),)
        return list(found)

    def loop(self, node: Any, depth: int) -> list[Statement]:
        clause = next((each for each in named(node) if each.type == "range_clause"), None)
        targets = named(part(clause, "left")) if clause is not None else []
        if clause is None or len(targets) != 2 or text(targets[0]) != "_":
            return [self.opaque(node)]
        place = Name(text(targets[1]), self.span(targets[1]))
        source = self.expression(part(clause, "right"), depth)
        return [Each(place, source, self.body(part(node, "body"), depth))]

    def returned(self, node: Any, depth: int) -> list[Statement]:
        values = [each for inner in named(node) for each in named(inner)]
        return [Return(self.expression(values[0], depth) if values else None)]

    def done(self, node: Any, depth: int) -> list[Statement]:
        return [Do(self.expression(named(node)[0], depth))]

    def function_declared(self, node: Any, depth: int) -> list[Statement]:
        name = part(node, "name")
        return [Let(Name(text(name), self.span(name)), self.function(node, depth), declares=True)]

    # -- expressions ------------------------------------------------------------------------------

    def expression(self, node: Any, depth: int) -> Expression:
        for _ in range(_DEEPEST):
            if node is None or node.type not in ("parenthesized_expression", "literal_element"):
                break
            node = next(iter(named(node)), None)
        read = _EXPRESSIONS.get(node.type) if node is not None else None
        if node is None or read is None or depth > _DEEPEST:
            return self.computed(node)
        return read(self, node, depth + 1)

    def computed(self, node: Any) -> Computed:
        if node is None:
            return Computed("", Span(1, 1, 1, 2))
        return Computed(text(node), self.span(node))

    def name(self, node: Any, depth: int) -> Expression:
        return Name(text(node), self.span(node))

    def number(self, node: Any, depth: int) -> Expression:
        value = getattr(number(text(node)), "value", None)
        return self.computed(node) if value is None else Constant(value, self.span(node))

    def string(self, node: Any, depth: int) -> Expression:
        if node.type == "raw_string_literal":
            return Constant(text(node)[1:-1].replace("\r", ""), self.span(node))
        found = ""
        for each in named(node):
            source = text(each)
            if each.type == "escape_sequence":
                escape = source[1:]
                if escape[:1] in ("x", "u", "U") or escape[:1].isdigit():
                    return self.computed(node)
                found += _ESCAPES.get(escape, escape)
            else:
                found += source
        return Constant(found, self.span(node))

    def member(self, node: Any, depth: int) -> Expression:
        of = self.expression(part(node, "operand"), depth)
        return Member(of, text(part(node, "field")), self.span(node))

    def index(self, node: Any, depth: int) -> Expression:
        of = self.expression(part(node, "operand"), depth)
        return Index(of, self.expression(part(node, "index"), depth), self.span(node))

    def call(self, node: Any, depth: int) -> Expression:
        found = []
        for each in named(part(node, "arguments")):
            is_spread = each.type == "variadic_argument"
            value = self.expression(named(each)[0] if is_spread else each, depth)
            found.append(Argument(value, spread=is_spread, span=self.span(each)))
        function = self.expression(part(node, "function"), depth)
        return Call(function, tuple(found), self.span(node))

    def composite(self, node: Any, depth: int) -> Expression:
        return self.values(part(node, "body"), depth)

    def values(self, body: Any, depth: int) -> Expression:
        entries: list[Entry] = []
        items: list[Argument] = []
        for each in named(body):
            if each.type == "keyed_element":
                key = named(part(each, "key"))[0]
                name: Expression = self.expression(key, depth)
                kind = part(body.parent, "type")
                is_map = kind is not None and kind.type == "map_type"
                if key.type == "identifier" and not is_map:
                    name = Constant(text(key), self.span(key))
                entries.append(Entry(name, self.expression(part(each, "value"), depth)))
            else:
                items.append(Argument(self.expression(each, depth), span=self.span(each)))
        if items:
            return List(tuple(items), self.span(body))
        kind = part(body.parent, "type")
        if not entries and kind is not None and kind.type in ("slice_type", "array_type"):
            return List((), self.span(body))
        return Table(tuple(entries), self.span(body))

    def binary(self, node: Any, depth: int) -> Expression:
        operator = _OPERATORS.get(text(part(node, "operator")))
        if operator is None:
            return self.computed(node)
        left, right = (self.expression(part(node, each), depth) for each in ("left", "right"))
        return Binary(operator, left, right, self.span(node))

    def unary(self, node: Any, depth: int) -> Expression:
        operator = text(node.children[0])
        inner = self.expression(part(node, "operand"), depth)
        if operator in ("&", "+", "*"):
            return inner
        if operator in ("-", "!"):
            return Unary("not" if operator == "!" else "-", inner, self.span(node))
        return self.computed(node)

    def function(self, node: Any, depth: int) -> Function:
        found: list[Parameter] = []
        for each in named(part(node, "parameters")):
            rest = "*" if each.type == "variadic_parameter_declaration" else ""
            names = [name for name in each.children_by_field_name("name") if name.is_named]
            found += [Parameter(Name(text(name), self.span(name)), None, rest) for name in names]
        return Function(tuple(found), self.body(part(node, "body"), depth), self.span(node))

    def constant(self, node: Any, depth: int) -> Expression:
        return Constant({"true": True, "false": False}.get(node.type), self.span(node))


_STATEMENTS: dict[str, Callable[[_Reader, Any, int], list[Statement]]] = {
    "import_declaration": _Reader.imported,
    "const_declaration": _Reader.declared,
    "var_declaration": _Reader.declared,
    "short_var_declaration": _Reader.assigned,
    "assignment_statement": _Reader.assigned,
    "function_declaration": _Reader.function_declared,
    "if_statement": _Reader.conditional,
    "expression_switch_statement": _Reader.switch,
    "for_statement": _Reader.loop,
    "return_statement": _Reader.returned,
    "expression_statement": _Reader.done,
    "continue_statement": lambda reader, node, depth: [Skip()],
    "break_statement": lambda reader, node, depth: [Skip(ends=True)],
    "block": lambda reader, node, depth: list(reader.body(node, depth)),
}

_EXPRESSIONS: dict[str, Callable[[_Reader, Any, int], Expression]] = {
    "identifier": _Reader.name,
    "int_literal": _Reader.number,
    "float_literal": _Reader.number,
    "interpreted_string_literal": _Reader.string,
    "raw_string_literal": _Reader.string,
    "selector_expression": _Reader.member,
    "index_expression": _Reader.index,
    "call_expression": _Reader.call,
    "composite_literal": _Reader.composite,
    "literal_value": _Reader.values,
    "binary_expression": _Reader.binary,
    "unary_expression": _Reader.unary,
    "func_literal": _Reader.function,
    **dict.fromkeys(("true", "false", "nil"), _Reader.constant),
}
