"""JavaScript and TypeScript as statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lintscale.code.programs.nodes import (
    DEFAULT,
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
    Member,
    Name,
    Opaque,
    Parameter,
    Pattern,
    Property,
    Return,
    Skip,
    Statement,
    Table,
    Target,
    Template,
    Unary,
)
from lintscale.code.tree import named, number, part, span_of, text
from lintscale.model.location import Span
from lintscale.syntax.grammars import parse

_DEEPEST = 80
_OPERATORS = {
    "===": "strict ==", "!==": "strict !=", "==": "==", "!=": "!=", "&&": "and", "||": "or",
    "??": "??", "<": "<", ">": ">", "<=": "<=", ">=": ">=", "+": "+", "-": "-", "*": "*",
    "/": "/", "%": "%", "**": "**",
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f", "v": "\v"}
_SAME = frozenset(
    {"parenthesized_expression", "await_expression", "as_expression", "satisfies_expression",
     "non_null_expression", "type_assertion"}
)  # fmt: skip
_FUNCTIONS = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "method_definition"}
)
_NO_EFFECT = frozenset(
    {"comment", "interface_declaration", "type_alias_declaration", "empty_statement",
     "ambient_declaration", "hash_bang_line"}
)  # fmt: skip


def statements_of(data: bytes, grammar: str) -> tuple[Statement, ...] | None:
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
        """Functions that are declared are known from the start."""
        found: list[Statement] = []
        hoisted: list[Statement] = []
        for node in nodes:
            inner = part(node, "declaration") if node.type == "export_statement" else node
            is_function = inner is not None and inner.type == "function_declaration"
            (hoisted if is_function else found).extend(self.statement(node, depth + 1))
        return (*hoisted, *found)

    def statement(self, node: Any, depth: int) -> list[Statement]:
        if node.type in _NO_EFFECT:
            return []
        read = _STATEMENTS.get(node.type)
        if read is None or depth > _DEEPEST or _is_broken(node):
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

    def body(self, node: Any, depth: int) -> tuple[Statement, ...]:
        if node is None:
            return ()
        if node.type in ("statement_block", "else_clause"):
            return self.block(named(node), depth)
        return tuple(self.statement(node, depth + 1))

    def declared(self, node: Any, depth: int) -> list[Statement]:
        found: list[Statement] = []
        for each in named(node):
            value = part(each, "value")
            if each.type == "variable_declarator" and value is not None:
                expression = self.expression(value, depth)
                module = _required(expression)
                target = self.target(part(each, "name"), depth)
                if module and isinstance(target, Name):
                    found.append(Import(target.name, module))
                elif module and isinstance(target, Pattern):
                    found += [
                        Import(each.target.name, module, each.key)
                        for each in target.properties
                        if isinstance(each.target, Name)
                    ]
                else:
                    found.append(Let(target, expression, declares=True))
            elif each.type == "variable_declarator":
                nothing = Constant(None, self.span(each))
                found.append(Let(self.target(part(each, "name"), depth), nothing, declares=True))
        return found

    def function_declared(self, node: Any, depth: int) -> list[Statement]:
        name = part(node, "name")
        return [Let(Name(text(name), self.span(name)), self.function(node, depth), declares=True)]

    def imported(self, node: Any, depth: int) -> list[Statement]:
        module = text(part(node, "source")).strip("\"'`")
        found: list[Statement] = []
        for clause in named(node):
            for each in named(clause) if clause.type == "import_clause" else ():
                if each.type == "identifier":
                    found.append(Import(text(each), module, "default"))
                elif each.type == "namespace_import":
                    found.append(Import(text(named(each)[0]), module))
                for one in named(each) if each.type == "named_imports" else ():
                    name = text(part(one, "name")).strip("\"'")
                    found.append(Import(text(part(one, "alias")) or name, module, name))
        return found

    def exported(self, node: Any, depth: int) -> list[Statement]:
        declaration, value = part(node, "declaration"), part(node, "value")
        span = self.span(node)
        if value is not None:
            return [Let(Name(DEFAULT, span), self.expression(value, depth), declares=True)]
        is_default = any(each.type == "default" for each in node.children)
        if declaration is not None:
            if is_default and declaration.type == "function_declaration":
                function = self.function(declaration, depth)
                found: list[Statement] = [Let(Name(DEFAULT, span), function, declares=True)]
                name = part(declaration, "name")
                if name is not None:
                    found.append(Let(Name(text(name), span), Name(DEFAULT, span), declares=True))
                return found
            return self.statement(declaration, depth)
        found = []
        for clause in named(node):
            for each in named(clause) if clause.type == "export_clause" else ():
                name, alias = text(part(each, "name")), text(part(each, "alias"))
                if alias and alias != name:
                    key = DEFAULT if alias == "default" else alias
                    found.append(Let(Name(key, span), Name(name, span), declares=True))
        return found

    def expression_statement(self, node: Any, depth: int) -> list[Statement]:
        inner = named(node)[0]
        if inner.type == "assignment_expression":
            target, value = part(inner, "left"), self.expression(part(inner, "right"), depth)
            if text(target) == "module.exports":
                return [Let(Name(DEFAULT, self.span(inner)), value, declares=True)]
            return [Let(self.target(target, depth), value)]
        if inner.type == "augmented_assignment_expression":
            target = self.target(part(inner, "left"), depth)
            operator = text(part(inner, "operator"))[:-1]
            right = self.expression(part(inner, "right"), depth)
            if operator not in _OPERATORS or isinstance(target, Pattern):
                return [self.opaque(node)]
            value = Binary(_OPERATORS[operator], target, right, self.span(inner))
            return [Let(target, value)]
        if inner.type == "call_expression":
            function = part(inner, "function")
            if text(part(function, "property")) == "forEach":
                arguments = named(part(inner, "arguments"))
                if len(arguments) == 1 and arguments[0].type in _FUNCTIONS:
                    routine = self.function(arguments[0], depth)
                    if len(routine.parameters) == 1:
                        source = self.expression(part(function, "object"), depth)
                        return [Each(routine.parameters[0].target, source, routine.body)]
        if inner.type in ("call_expression", "await_expression", "string"):
            return [Do(self.expression(inner, depth))]
        return [self.opaque(node)]

    def conditional(self, node: Any, depth: int) -> list[Statement]:
        test = self.expression(part(node, "condition"), depth)
        yes = self.body(part(node, "consequence"), depth)
        return [If(test, yes, self.body(part(node, "alternative"), depth))]

    def switch(self, node: Any, depth: int) -> list[Statement]:
        """As a chain of tests, where each branch ends by itself."""
        value, span = self.expression(part(node, "value"), depth), self.span(node)
        tests: list[Expression] = []
        branches: list[tuple[Expression | None, tuple[Statement, ...]]] = []
        groups = named(part(node, "body"))
        for number_, group in enumerate(groups):
            body = [each for each in group.children_by_field_name("body") if each.is_named]
            if len(body) == 1 and body[0].type == "statement_block":
                body = named(body[0])
            own = part(group, "value")
            if own is not None:
                same = Binary("strict ==", value, self.expression(own, depth), span)
                tests.append(same)
            if own is not None and not body:
                continue
            ends = body and body[-1].type in ("break_statement", "return_statement")
            if not (ends or number_ == len(groups) - 1) or (own is None and tests):
                return [self.opaque(node)]
            body = [each for each in body if each.type != "break_statement"]
            test: Expression | None = None
            for each in tests:
                test = each if test is None else Binary("or", test, each, span)
            branches.append((test if own is not None else None, self.block(body, depth)))
            tests = []
        found: tuple[Statement, ...] = ()
        for test, statements in sorted(branches, key=lambda branch: branch[0] is not None)[:1]:
            if test is None:
                found = statements
        for test, statements in reversed(branches):
            if test is not None:
                found = (If(test, statements, found),)
        return list(found)

    def loop(self, node: Any, depth: int) -> list[Statement]:
        if text(part(node, "operator")) != "of":
            return [self.opaque(node)]
        source = self.expression(part(node, "right"), depth)
        body = self.body(part(node, "body"), depth)
        return [Each(self.target(part(node, "left"), depth), source, body)]

    def returned(self, node: Any, depth: int) -> list[Statement]:
        value = next(iter(named(node)), None)
        return [Return(self.expression(value, depth) if value is not None else None)]

    # -- targets ----------------------------------------------------------------------------------

    def target(self, node: Any, depth: int) -> Target:
        if node.type == "object_pattern":
            found, rest = [], ""
            for each in named(node):
                if each.type == "rest_pattern":
                    rest = text(named(each)[0])
                    continue
                key, target, default = each, each, None
                if each.type == "pair_pattern":
                    key, target = part(each, "key"), part(each, "value")
                if target.type in ("assignment_pattern", "object_assignment_pattern"):
                    default = self.expression(part(target, "right"), depth)
                    target = part(target, "left")
                    key = target if each.type != "pair_pattern" else key
                found.append(
                    Property(text(key).strip("\"'"), self.target(target, depth + 1), default)
                )
            return Pattern(properties=tuple(found), rest=rest)
        if node.type == "array_pattern":
            items = [self.target(each, depth + 1) for each in named(node)]
            if any(each.type in ("rest_pattern", "assignment_pattern") for each in named(node)):
                items = []
            return Pattern(items=tuple(items))
        expression = self.expression(node, depth)
        if isinstance(expression, Member | Index):
            return expression
        return Name(text(node), self.span(node))

    # -- expressions ------------------------------------------------------------------------------

    def expression(self, node: Any, depth: int) -> Expression:
        for _ in range(_DEEPEST):
            if node is None or node.type not in _SAME:
                break
            if node.type == "type_assertion":
                node = named(node)[-1]
            else:
                node = next(iter(named(node)), None)
        read = _EXPRESSIONS.get(node.type) if node is not None else None
        if node is None or read is None or depth > _DEEPEST or _is_broken(node):
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
        parts: list[Expression] = []
        for each in named(node):
            if each.type == "string_fragment":
                parts.append(Constant(text(each), self.span(each)))
            elif each.type == "escape_sequence":
                parts.append(Constant(_escaped(text(each)[1:]), self.span(each)))
            else:
                parts.append(self.expression(next(iter(named(each)), None), depth))
        if all(isinstance(each, Constant) for each in parts):
            whole = "".join(str(each.value) for each in parts if isinstance(each, Constant))
            return Constant(whole, self.span(node))
        return Template(tuple(parts), self.span(node))

    def member(self, node: Any, depth: int) -> Expression:
        of = self.expression(part(node, "object"), depth)
        return Member(of, text(part(node, "property")), self.span(node))

    def index(self, node: Any, depth: int) -> Expression:
        of = self.expression(part(node, "object"), depth)
        return Index(of, self.expression(part(node, "index"), depth), self.span(node))

    def arguments(self, nodes: Iterable[Any], depth: int) -> tuple[Argument, ...]:
        found = []
        for each in nodes:
            is_spread = each.type == "spread_element"
            value = self.expression(named(each)[0] if is_spread else each, depth)
            found.append(Argument(value, spread=is_spread, span=self.span(each)))
        return tuple(found)

    def call(self, node: Any, depth: int) -> Expression:
        arguments = part(node, "arguments")
        if arguments is None or arguments.type != "arguments":
            return self.computed(node)
        function = self.expression(part(node, "function"), depth)
        return Call(function, self.arguments(named(arguments), depth), self.span(node))

    def table(self, node: Any, depth: int) -> Expression:
        found: list[Entry] = []
        for each in named(node):
            if each.type == "pair":
                key = part(each, "key")
                name: Expression
                if key.type == "computed_property_name":
                    name = self.expression(named(key)[0], depth)
                elif key.type == "string":
                    name = self.string(key, depth)
                else:
                    name = Constant(text(key), self.span(key))
                found.append(Entry(name, self.expression(part(each, "value"), depth)))
            elif each.type == "shorthand_property_identifier":
                span = self.span(each)
                found.append(Entry(Constant(text(each), span), Name(text(each), span)))
            elif each.type == "spread_element":
                value = self.expression(named(each)[0], depth)
                found.append(Entry(None, value, spread=True))
            elif each.type == "method_definition" and each.children[0].type not in ("get", "set"):
                key = part(each, "name")
                found.append(Entry(Constant(text(key), self.span(key)), self.function(each, depth)))
            else:
                found.append(Entry(None, self.computed(each), spread=True))
        return Table(tuple(found), self.span(node))

    def items_of(self, node: Any, depth: int) -> Expression:
        return List(self.arguments(named(node), depth), self.span(node))

    def choice(self, node: Any, depth: int) -> Expression:
        parts = (part(node, each) for each in ("condition", "consequence", "alternative"))
        test, yes, no = (self.expression(each, depth) for each in parts)
        return Choice(test, yes, no, self.span(node))

    def binary(self, node: Any, depth: int) -> Expression:
        operator = _OPERATORS.get(text(part(node, "operator")))
        if operator is None:
            return self.computed(node)
        sides = (self.expression(part(node, each), depth) for each in ("left", "right"))
        left, right = sides
        return Binary(operator, left, right, self.span(node))

    def unary(self, node: Any, depth: int) -> Expression:
        operator = text(part(node, "operator"))
        inner = self.expression(part(node, "argument"), depth)
        if operator in ("-", "!"):
            return Unary("not" if operator == "!" else "-", inner, self.span(node))
        if operator == "void":
            return Name("undefined", self.span(node))
        return self.computed(node)

    def function(self, node: Any, depth: int) -> Function:
        single, listed, body = (part(node, each) for each in ("parameter", "parameters", "body"))
        parameters = [Parameter(self.target(single, depth))] if single is not None else []
        for each in named(listed):
            pattern, default = each, part(each, "value")
            if each.type in ("required_parameter", "optional_parameter"):
                pattern = part(each, "pattern") or each
            if each.type == "assignment_pattern":
                pattern, default = part(each, "left"), part(each, "right")
            rest = "*" if pattern.type == "rest_pattern" else ""
            target = self.target(named(pattern)[0] if rest else pattern, depth)
            value = self.expression(default, depth) if default is not None else None
            parameters.append(Parameter(target, value, rest))
        statements: tuple[Statement, ...] = (Opaque(frozenset(), returns=True),)
        if any(each.type == "*" for each in node.children):
            pass  # a generator
        elif body is not None and body.type == "statement_block":
            statements = self.block(named(body), depth)
        elif body is not None:
            statements = (Return(self.expression(body, depth)),)
        return Function(tuple(parameters), statements, self.span(node))

    def constant(self, node: Any, depth: int) -> Expression:
        values = {"true": True, "false": False}
        return Constant(values.get(node.type), self.span(node))


def _is_broken(node: Any) -> bool:
    return node.has_error and any(each.is_error or each.is_missing for each in node.children)


def _escaped(escape: str) -> str:
    if escape[:1] in ("u", "x"):
        try:
            return chr(int(escape[1:].strip("{}"), 16))
        except (ValueError, OverflowError):
            return "\ufffd"
    return "" if escape[:1] in ("\n", "\r") else _ESCAPES.get(escape, escape)


def _required(expression: Expression) -> str:
    """The module of ``require("x")``."""
    if isinstance(expression, Call) and getattr(expression.function, "name", "") == "require":
        value = expression.arguments[0].value if len(expression.arguments) == 1 else None
        return str(value.value) if isinstance(value, Constant) else ""
    return ""


_Read = Callable[[_Reader, Any, int], "list[Statement]"]

_STATEMENTS: dict[str, _Read] = {
    "lexical_declaration": _Reader.declared,
    "variable_declaration": _Reader.declared,
    "function_declaration": _Reader.function_declared,
    "import_statement": _Reader.imported,
    "export_statement": _Reader.exported,
    "expression_statement": _Reader.expression_statement,
    "if_statement": _Reader.conditional,
    "switch_statement": _Reader.switch,
    "for_in_statement": _Reader.loop,
    "return_statement": _Reader.returned,
    "continue_statement": lambda reader, node, depth: [Skip()],
    "break_statement": lambda reader, node, depth: [Skip(ends=True)],
    "statement_block": lambda reader, node, depth: list(reader.block(named(node), depth)),
}

_EXPRESSIONS: dict[str, Callable[[_Reader, Any, int], Expression]] = {
    "identifier": _Reader.name,
    "undefined": _Reader.name,
    "number": _Reader.number,
    "string": _Reader.string,
    "template_string": _Reader.string,
    "member_expression": _Reader.member,
    "subscript_expression": _Reader.index,
    "call_expression": _Reader.call,
    "object": _Reader.table,
    "array": _Reader.items_of,
    "ternary_expression": _Reader.choice,
    "binary_expression": _Reader.binary,
    "unary_expression": _Reader.unary,
    **dict.fromkeys(("true", "false", "null"), _Reader.constant),
    **dict.fromkeys(_FUNCTIONS, _Reader.function),
}
