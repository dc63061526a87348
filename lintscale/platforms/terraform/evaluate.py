"""Expressions of Terraform to values: variables, locals, references, templates, for, functions.

What the files do not say is unknown, and known parts of a template stay. Nothing is run; work and
depth are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from lintscale.platforms.terraform.functions import FUNCTIONS, LENIENT
from lintscale.platforms.terraform.operators import OPERATORS, binary
from lintscale.platforms.terraform.templates import templated
from lintscale.platforms.terraform.values import (
    Namespace,
    Place,
    Unknown,
    Value,
    failed,
    number_of,
    pairs_of,
    plain,
    text_of,
    truth_of,
    unknown,
)
from lintscale.syntax.hcl import Source, call_parts, literal, shown, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

MAX_DEPTH = 120
MAX_STEPS = 150_000


class Budget:
    """What evaluating a project may cost."""

    def __init__(self) -> None:
        self.steps = 0
        self.depth = 0


class Names(Protocol):
    """What a module gives to its expressions."""

    @property
    def budget(self) -> Budget: ...
    def named(self, space: Namespace, name: str) -> Value: ...
    def call(self, name: str, arguments: list[Value], text: str) -> Value | None:
        """A function that reads files; None for any other."""


class Gettable(Protocol):
    """An object that values refer to."""

    def get(self, name: str) -> Value: ...


class Scope:
    """Evaluates in a module, with the names that blocks and for expressions bind."""

    __slots__ = ("bindings", "module", "source")

    def __init__(
        self, module: Names, source: Source, bindings: Mapping[str, Value] | None = None
    ) -> None:
        self.module = module
        self.source = source
        self.bindings = dict(bindings or {})

    def binding(self, **names: Value) -> Scope:
        return Scope(self.module, self.source, {**self.bindings, **names})

    def evaluate(self, node: Tree) -> Value:
        budget = self.module.budget
        budget.steps += 1
        if budget.depth >= MAX_DEPTH or budget.steps > MAX_STEPS or node.has_error:
            return unknown(shown(self.source, node))
        budget.depth += 1
        try:
            return self._evaluate(node)
        finally:
            budget.depth -= 1

    def place(self, node: Tree, exact: bool = False) -> Place:
        return Place(self.source, node.start_byte, node.end_byte, exact)

    def _evaluate(self, node: Tree) -> Value:
        is_literal, data = literal(self.source, node)
        if is_literal:
            return Value(data, self.place(unwrapped(node), exact=True))
        inner = unwrapped(node)
        read = _READERS.get(inner.type)
        if read is None:
            return unknown(shown(self.source, inner))
        value = read(self, inner)
        return value.at(self.place(inner))

    # -- references -------------------------------------------------------------------------------

    def chain(self, node: Tree) -> Value:
        """A value and the attributes, indices and splats behind it."""
        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        if not parts:
            return unknown(shown(self.source, node))
        head, *steps = parts
        value = self._root(head) if head.type == "variable_expr" else self.evaluate(head)
        for number, step in enumerate(steps):
            if step.type == "get_attr":
                value = self._attribute(value, self.source.raw(step)[1:].strip(), node)
            elif step.type == "index":
                value = self._index(value, step, node)
            elif step.type == "splat":
                inner = step.children[0]
                later = [child for child in inner.children if child.is_named]
                return self._splat(value, [*later, *steps[number + 1 :]], node)
            else:
                return unknown(shown(self.source, node), *value.refs)
        if isinstance(value.data, Namespace):
            return unknown(shown(self.source, node))
        return value

    def _root(self, node: Tree) -> Value:
        name = self.source.raw(node).strip()
        if name in self.bindings:
            return self.bindings[name]
        if name in ("var", "local", "module", "data", "path", "terraform"):
            return Value(Namespace(name))
        if name in ("each", "count", "self"):
            return unknown("${" + name + "}")
        return Value(Namespace("resource", name))

    def _attribute(self, value: Value, name: str, node: Tree) -> Value:
        data = value.data
        text = shown(self.source, node)
        if isinstance(data, Namespace):
            if data.kind == "data" and not data.type:
                return Value(Namespace("data", name))
            named = self.module.named(data, name)
            return named if named.data != Unknown("") else named._replace(data=Unknown(text))
        if isinstance(data, dict):
            entry: Value | None = data.get(name)
            if entry is None:
                return failed(text)
            return entry._replace(refs=(*value.refs, *entry.refs)) if value.refs else entry
        if isinstance(data, list) and name.isdigit():
            return index(value, Value(int(name)), text)
        if isinstance(data, Unknown):
            return Value(data._replace(text=text), value.place, value.refs)
        if hasattr(data, "get"):
            found: Value = data.get(name)
            if isinstance(found.data, Unknown) and not found.data.text:
                found = found._replace(data=found.data._replace(text=text))
            return found._replace(refs=(*value.refs, *found.refs))
        return failed(text)

    def _index(self, value: Value, step: Tree, node: Tree) -> Value:
        inner = step.children[0] if step.child_count else step
        text = shown(self.source, node)
        if inner.type == "legacy_index":
            return self._attribute(value, self.source.raw(inner)[1:].strip(), node)
        key_node = next((child for child in inner.children if child.type == "expression"), None)
        if key_node is None:
            return unknown(text, *value.refs)
        return index(value, self.evaluate(key_node), text)

    def _splat(self, value: Value, steps: list[Tree], node: Tree) -> Value:
        data = value.data
        if data is None:
            return Value([])
        if isinstance(data, Unknown):
            return unknown(shown(self.source, node), *value.refs)
        items = data if isinstance(data, list) else [value]
        if isinstance(data, dict):
            items = [value]
        found = []
        for item in items:
            for step in steps:
                if step.type == "get_attr":
                    item = self._attribute(item, self.source.raw(step)[1:].strip(), node)  # noqa: PLW2901
                elif step.type == "index":
                    item = self._index(item, step, node)  # noqa: PLW2901
                else:
                    return unknown(shown(self.source, node), *value.refs)
            found.append(item)
        # An index after the splat of [*] belongs to each item; one behind .* to the list, which
        # the grammar does not tell apart: x.*.id[0] is read as the list's.
        return Value(found, None, value.refs)

    # -- collections ------------------------------------------------------------------------------

    def object_value(self, node: Tree) -> Value:
        entries: dict[str, Value] = {}
        for child in node.children:
            if child.type != "object_elem":
                continue
            key = child.child_by_field_name("key")
            item = child.child_by_field_name("val")
            if key is None or item is None:
                continue
            name = self._key(key)
            if name is None:
                return unknown(shown(self.source, node))
            entries[name] = self.evaluate(item)
        return Value(entries, self.place(node))

    def _key(self, node: Tree) -> str | None:
        inner = unwrapped(node)
        bare = self.source.raw(node)
        if inner.type == "variable_expr" and not bare.startswith("("):
            return self.source.raw(inner)
        value = self.evaluate(node)
        return text_of(value) if value.is_known else None

    def tuple_value(self, node: Tree) -> Value:
        items = [self.evaluate(each) for each in node.children if each.type == "expression"]
        return Value(items, self.place(node))

    def for_list(self, node: Tree) -> Value:
        parts = self._for_parts(node)
        if parts is None or not parts[1]:
            return unknown(shown(self.source, node))
        scopes, results, condition = parts
        items = []
        for scope in scopes:
            kept = True if condition is None else truth_of(scope.evaluate(condition))
            if kept is None:
                return unknown(shown(self.source, node))
            if kept:
                items.append(scope.evaluate(results[0]))
        return Value(items)

    def for_object(self, node: Tree) -> Value:
        parts = self._for_parts(node)
        if parts is None or len(parts[1]) < 2:
            return unknown(shown(self.source, node))
        scopes, results, condition = parts
        grouped = any(child.type == "ellipsis" for child in node.children)
        entries: dict[str, Value] = {}
        for scope in scopes:
            kept = True if condition is None else truth_of(scope.evaluate(condition))
            key = scope.evaluate(results[0]) if kept else Value(None)
            name = text_of(key)
            if kept is None or (kept and (name is None or not key.is_known)):
                return unknown(shown(self.source, node))
            if kept and name is not None:
                value = scope.evaluate(results[1])
                if grouped:
                    before = entries[name].data if name in entries else []
                    value = Value([*before, value])
                entries[name] = value
        return Value(entries)

    def _for_parts(self, node: Tree) -> tuple[list[Scope], list[Tree], Tree | None] | None:
        intro = next((child for child in node.children if child.type == "for_intro"), None)
        if intro is None:
            return None
        names = [self.source.raw(each) for each in intro.children if each.type == "identifier"]
        over = next((each for each in intro.children if each.type == "expression"), None)
        if over is None or not names:
            return None
        collection = self.evaluate(over)
        pairs = pairs_of(collection)
        if pairs is None:
            return None
        results = [child for child in node.children if child.type == "expression"]
        condition = next((child for child in node.children if child.type == "for_cond"), None)
        wanted = None
        if condition is not None:
            wanted = next((each for each in condition.children if each.type == "expression"), None)
        scopes = []
        for key, item in pairs:
            bound = {names[-1]: item} if len(names) == 1 else {names[0]: key, names[1]: item}
            scopes.append(Scope(self.module, self.source, {**self.bindings, **bound}))
        return scopes, results, wanted

    # -- operations -------------------------------------------------------------------------------

    def conditional(self, node: Tree) -> Value:
        parts = [child for child in node.children if child.type == "expression"]
        if len(parts) != 3:
            return unknown(shown(self.source, node))
        condition = self.evaluate(parts[0])
        truth = truth_of(condition)
        if truth is None:
            either = [self.evaluate(part) for part in parts[1:]]
            if either[0].is_known and either[1].is_known and plain(either[0]) == plain(either[1]):
                return either[0]
            refs = tuple(ref for value in either for ref in value.refs)
            return unknown(shown(self.source, node), *refs)
        return self.evaluate(parts[1] if truth else parts[2])

    def operation(self, node: Tree) -> Value:
        inner = node.children[0]
        operator = next((each.type for each in inner.children if each.type in OPERATORS), "")
        operands = [child for child in inner.children if child.is_named and child.type != "comment"]
        if inner.type == "unary_operation":
            sign = "" if not inner.child_count else inner.children[0].type
            return self._unary(sign, inner, operands)
        found = self._operands(inner, operator)
        if found is None or not operator:
            return unknown(shown(self.source, node))
        left, right = found
        value = binary(operator, left, right)
        return unknown(shown(self.source, node), *left.refs) if value is None else Value(value)

    def _unary(self, sign: str, node: Tree, operands: list[Tree]) -> Value:
        value = self._several(operands)
        truth, number = truth_of(value), number_of(value)
        if sign == "!" and truth is not None:
            return Value(not truth)
        if sign == "-" and number is not None:
            return Value(-number)
        return unknown(shown(self.source, node))

    def _operands(self, node: Tree, operator: str) -> tuple[Value, Value] | None:
        """Both sides: each may be several nodes, a reference with what is behind it."""
        sides: list[list[Tree]] = [[], []]
        side = 0
        for child in node.children:
            if child.type == operator and not side:
                side = 1
            elif child.is_named and child.type != "comment":
                sides[side].append(child)
        if not sides[0] or not sides[1]:
            return None
        return self._several(sides[0]), self._several(sides[1])

    def _several(self, nodes: list[Tree]) -> Value:
        if len(nodes) == 1:
            return self._single(nodes[0])
        return self.chain(_Together(nodes))  # type: ignore[arg-type]

    def _single(self, node: Tree) -> Value:
        if node.type == "variable_expr":
            return self.chain(_Together([node]))  # type: ignore[arg-type]
        return self.evaluate(node)

    def function(self, node: Tree) -> Value:
        name, nodes = call_parts(self.source, node)
        text = shown(self.source, node)
        arguments = [self.evaluate(each) for each in nodes]
        holder = next((each for each in node.children if each.type == "function_arguments"), None)
        if holder is not None and any(each.type == "ellipsis" for each in holder.children):
            last = arguments.pop().data
            if not isinstance(last, list):
                return unknown(text)
            arguments += last
        from_files = self.module.call(name, arguments, text)
        if from_files is not None:
            return from_files
        function = FUNCTIONS.get(name)
        refs = tuple(ref for value in arguments for ref in value.refs)
        if function is None or not arguments:
            return unknown(text, *refs)
        if name not in LENIENT and not all(value.is_known for value in arguments):
            return unknown(text, *refs)
        try:
            value = function(arguments)
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            value = None
        return unknown(text, *refs) if value is None else value

    def template(self, node: Tree) -> Value:
        return templated(self, node)

    def variable(self, node: Tree) -> Value:
        return self.chain(_Together([node]))  # type: ignore[arg-type]

    def expression(self, node: Tree) -> Value:
        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        if len(parts) == 1:
            return self._single(parts[0])
        return self.chain(node)


class _Together:
    """Neighbouring nodes as the children of one."""

    def __init__(self, children: list[Tree]) -> None:
        self.children = children
        self.start_byte = children[0].start_byte
        self.end_byte = children[-1].end_byte
        self.has_error = any(child.has_error for child in children)


_READERS: dict[str, Callable[[Scope, Any], Value]] = {
    "expression": Scope.expression,
    "variable_expr": Scope.variable,
    "object": Scope.object_value,
    "tuple": Scope.tuple_value,
    "for_tuple_expr": Scope.for_list,
    "for_object_expr": Scope.for_object,
    "conditional": Scope.conditional,
    "operation": Scope.operation,
    "function_call": Scope.function,
    "template_expr": Scope.template,
    "quoted_template": Scope.template,
    "heredoc_template": Scope.template,
}


def index(value: Value, key: Value, text: str) -> Value:
    """One item of a list or map."""
    data = value.data
    name = text_of(key) if key.is_known else None
    if isinstance(data, dict):
        if name is not None:
            return data[name] if name in data else failed(text)
        if len(data) == 1 and isinstance(next(iter(data)), str):
            return unknown(text, *next(iter(data.values())).refs)
    if isinstance(data, list):
        number = number_of(key)
        if number is not None:
            return data[int(number)] if 0 <= number < len(data) else failed(text)
        if name is None and len(data) == 1:
            found: Value = data[0]
            return found
    if hasattr(data, "get") and not isinstance(data, (dict, str)):
        return value  # the only instance of a resource whose number is not known
    return Value(Unknown(text), None, value.refs)
