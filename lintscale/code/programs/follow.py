"""A program that describes something, followed from statement to statement.

Where a test is not known, what its branches may change is not known afterwards. The work is
bounded, since a hostile program may loop for ever. It is one long file because all of it calls
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lintscale._record import fields
from lintscale.code.programs import methods, nodes
from lintscale.code.programs.nodes import (
    Argument,
    Binary,
    Call,
    Choice,
    Computed,
    Constant,
    Do,
    Each,
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
    Pattern,
    Return,
    Skip,
    Statement,
    Table,
    Target,
    Template,
    Unary,
)
from lintscale.code.programs.values import (
    NOTHING,
    Fields,
    Items,
    Members,
    Names,
    Native,
    Plain,
    Routine,
    Unknown,
    Value,
    is_null,
    placeholder,
    text_of,
    truth,
)
from lintscale.model.location import Span

MOST_STEPS = 60_000
"""Expressions of one program that are followed."""

_DEEPEST = 24
"""Calls within calls."""

_NEXT = Plain("next")
_LAST = Plain("last")
"""What a block comes to that goes on with the next round of its loop, or ends it."""


class Follower:
    """``imported`` gives what a module's name stands for, None where it does not know it;
    ``builtins`` are names that a program has without importing them. ``blocks``: braces make names
    of their own. ``marked`` is told what a marked value is compared with."""

    def __init__(
        self,
        imported: Callable[[str, str], Value | None],
        builtins: dict[str, Value],
        *,
        blocks: bool,
    ) -> None:
        self.imported = imported
        self.blocks = blocks
        self.top = Names()
        self.top.known.update(builtins)
        self.compared: list[str] = []
        self._steps = MOST_STEPS
        self._depth = 0

    def run(self, statements: Sequence[Statement]) -> Names:
        """The names of the module's top."""
        names = Names(self.top)
        self.block(statements, names)
        return names

    # -- statements -------------------------------------------------------------------------------

    def block(self, statements: Iterable[Statement], names: Names) -> Value | None:
        """What the block returns; None where it goes on behind it."""
        for statement in statements:
            result = self.statement(statement, names)
            if result is not None:
                return result
        return None

    def statement(self, statement: Statement, names: Names) -> Value | None:
        if isinstance(statement, Let):
            value = self.value(statement.value, names)
            self.give(statement.target, value, names, declares=statement.declares)
        elif isinstance(statement, Do):
            self.value(statement.value, names)
        elif isinstance(statement, Return):
            return NOTHING if statement.value is None else self.value(statement.value, names)
        elif isinstance(statement, If):
            return self.conditional(statement, names)
        elif isinstance(statement, Each):
            return self.loop(statement, names)
        elif isinstance(statement, Import):
            names.known[statement.name] = self.import_of(statement)
        elif isinstance(statement, Skip):
            return _LAST if statement.ends else _NEXT
        elif isinstance(statement, Opaque):
            self.disturb(statement.names, names)
            return Unknown("computed") if statement.returns else None
        return None

    def import_of(self, statement: Import) -> Value:
        found = self.imported(statement.module, statement.part)
        if found is not None:
            return found
        return Unknown(f"imported from {statement.module}", placeholder(statement.name))

    def conditional(self, statement: If, names: Names) -> Value | None:
        test = truth(self.value(statement.test, names))
        if test is not None:
            branch = statement.yes if test else statement.no
            return self.block(branch, Names(names) if self.blocks else names)
        touched, ends = _touched((*statement.yes, *statement.no))
        self.disturb(touched, names)
        return Unknown("conditional") if ends else None

    def loop(self, statement: Each, names: Names) -> Value | None:
        items = self.items(self.value(statement.source, names))
        if items is None:
            touched, ends = _touched(statement.body)
            self.disturb(touched, names)
            return Unknown("computed") if ends else None
        for item in items:
            inner = Names(names) if self.blocks else names
            self.give(statement.target, item, inner, declares=True)
            result = self.block(statement.body, inner)
            if result is _LAST:
                break
            if result is not None and result is not _NEXT:
                return result
        return None

    def items(self, value: Value) -> list[Value] | None:
        """What a loop over the value goes through; None where that is not known."""
        if isinstance(value, Items) and value.complete:
            return list(value.items)
        if isinstance(value, Fields) and value.complete and not self.blocks:
            return [Plain(key, value.keys.get(key)) for key in value.entries]
        return None

    def disturb(self, touched: Iterable[str], names: Names) -> None:
        """Something happens to these names that is not followed."""
        for name in touched:
            holder = names.holder(name)
            if holder is None or holder is self.top:
                continue
            value = holder.known[name]
            _disturb(value, name)
            if isinstance(value, Plain):
                holder.known[name] = Unknown("conditional", placeholder(name), value.span)

    def give(self, target: Target, value: Value, names: Names, *, declares: bool = False) -> None:
        if isinstance(target, Name):
            holder = names if declares or not self.blocks else names.holder(target.name)
            (holder or names).known[target.name] = value
        elif isinstance(target, Pattern):
            self.destructure(target, value, names, declares=declares)
        else:
            owner = self.value(target.of, names)
            key: str | None
            if isinstance(target, Member):
                key = target.name
            else:
                known = self.value(target.key, names)
                key = methods.shown(known) if isinstance(known, Plain) else None
                if isinstance(owner, Items) and isinstance(known, Plain):
                    owner.complete = False
            if isinstance(owner, Fields) and key is None:
                owner.complete = False
            elif isinstance(owner, Fields) and owner.keep and key is not None:
                owner.put(key, value, _end_of(target.span, key))

    def destructure(self, target: Pattern, value: Value, names: Names, *, declares: bool) -> None:
        taken = set()
        for each in target.properties:
            taken.add(each.key)
            part = self.member(value, each.key, value.span)
            if each.default is not None and isinstance(part, Plain) and part.absent:
                part = self.value(each.default, names)
            self.give(each.target, part, names, declares=declares)
        items = value.items if isinstance(value, Items) and value.complete else None
        for number, inner in enumerate(target.items):
            if inner is not None:
                known = items is not None and number < len(items)
                part = items[number] if items is not None and known else Unknown("computed")
                self.give(inner, part, names, declares=declares)
        if target.rest:
            rest: Value = Unknown("computed")
            if isinstance(value, Fields) and value.complete:
                rest = Fields(value.span)
                for key, each_value in value.entries.items():
                    if key not in taken:
                        rest.put(key, each_value, value.keys.get(key))
            self.give(Name(target.rest, Span(1, 1, 1, 2)), rest, names, declares=declares)

    # -- expressions ------------------------------------------------------------------------------

    def value(self, expression: Expression, names: Names) -> Value:
        self._steps -= 1
        if self._steps <= 0:
            return Unknown("too much to follow")
        read = _READS[type(expression)]
        return read(self, expression, names)

    def constant(self, expression: Constant, names: Names) -> Value:
        return Plain(expression.value, expression.span)

    def name(self, expression: Name, names: Names) -> Value:
        found = names.find(expression.name)
        if found is not None:
            return found
        source = placeholder(expression.name)
        return Unknown(f"{expression.name}, set elsewhere", source, expression.span)

    def computed(self, expression: Computed, names: Names) -> Value:
        return Unknown("computed", placeholder(expression.text), expression.span)

    def member_of(self, expression: Member, names: Names) -> Value:
        owner = self.value(expression.of, names)
        return self.member(owner, expression.name, expression.span)

    def member(self, owner: Value, name: str, span: Span | None) -> Value:
        if isinstance(owner, Fields):
            if name in owner.hidden:
                return owner.hidden[name]
            method = None if self.blocks else methods.bound(self, owner, name)
            if self.blocks or (owner.kind and (name in owner.entries or method is None)):
                return owner.get(name)
        if isinstance(owner, Members):
            return owner.get(name)
        if isinstance(owner, Native):
            found = owner.members.get(name)
            return found if found is not None else Unknown(f"{name}, set elsewhere", "", span)
        if isinstance(owner, Items) and name == "length" and owner.complete:
            return Plain(len(owner.items), span)
        if is_null(owner):
            return NOTHING  # of an optional chain; anything else would end the program
        method = methods.bound(self, owner, name)
        if method is not None:
            return method
        reason = owner.reason if isinstance(owner, Unknown) else f"{name}, set elsewhere"
        known = owner.text if isinstance(owner, Unknown) else ""
        text = placeholder(f"{known.strip('{} ')}.{name}" if known else name)
        return Unknown(reason, text, span)

    def index(self, expression: Index, names: Names) -> Value:
        owner, key = self.value(expression.of, names), self.value(expression.key, names)
        if not isinstance(key, Plain):
            return Unknown("computed", "", expression.span)
        if isinstance(owner, Fields):
            if key.mark:
                self.compared.extend(owner.entries)
            return owner.get(methods.shown(key))
        if isinstance(owner, Items) and isinstance(key.value, int) and owner.complete:
            number = key.value
            if -len(owner.items) <= number < len(owner.items) and (number >= 0 or not self.blocks):
                return owner.items[number]
            return NOTHING
        return self.member(owner, methods.shown(key), expression.span)

    def arguments(
        self, arguments: tuple[Argument, ...], names: Names
    ) -> tuple[list[Value], Fields] | None:
        """Those by position and those with keywords; None where it is not known which there are."""
        positional: list[Value] = []
        named = Fields()
        for each in arguments:
            value = self.value(each.value, names)
            if each.spread and each.name:
                if not isinstance(value, Fields):
                    named.complete = False
                else:
                    named.take(value)
            elif each.spread:
                items = self.items(value)
                if items is None:
                    return None
                positional += items
            elif each.name:
                named.put(each.name, value, each.span)
            else:
                positional.append(value)
        return positional, named

    def called(self, expression: Call, names: Names) -> Value:
        function = self.value(expression.function, names)
        given = self.arguments(expression.arguments, names)
        if given is None:
            return Unknown("computed", "", expression.span)
        return self.call(function, *given, expression.span)

    def call(self, function: Value, given: list[Value], named: Fields, span: Span) -> Value:
        if isinstance(function, Native):
            return function.call(given, named, span)
        if isinstance(function, Routine) and self._depth < _DEEPEST:
            return self.result(function, given, named)
        for each in given:
            # What is not followed may change what it is given.
            _disturb(each, "computed")
        reason = function.reason if isinstance(function, Unknown) else "computed"
        text = function.text if isinstance(function, Unknown) else placeholder("computed")
        return Unknown(reason, text, span)

    def result(self, routine: Routine, given: list[Value], named: Fields) -> Value:
        inner = Names(routine.names)
        rest = list(given)
        keywords = named.copy()
        self._depth += 1
        try:
            for each in routine.function.parameters:
                name = each.target.name if isinstance(each.target, Name) else ""
                if each.rest == "*":
                    value: Value = Items(rest)
                    rest = []
                elif each.rest:
                    value = keywords
                elif rest:
                    value = rest.pop(0)
                elif name in keywords.entries:
                    value = keywords.entries.pop(name)
                else:
                    value = NOTHING
                if isinstance(value, Plain) and value.absent and each.default is not None:
                    value = self.value(each.default, inner)
                self.give(each.target, value, inner, declares=True)
            returned = self.block(routine.function.body, inner)
        finally:
            self._depth -= 1
        return NOTHING if returned is None else returned

    def table(self, expression: Table, names: Names) -> Value:
        found = Fields(expression.span)
        for each in expression.entries:
            value = self.value(each.value, names)
            if each.spread:
                if isinstance(value, Fields):
                    found.take(value)
                elif not isinstance(value, Plain):
                    found.take(_anything())
                continue
            key = self.value(each.key, names) if each.key is not None else Unknown("computed")
            if isinstance(key, Plain):
                found.put(methods.shown(key), value, each.key.span if each.key else None)
            else:
                found.complete = False
        return found

    def list(self, expression: List, names: Names) -> Value:
        found = Items((), expression.span)
        for each in expression.items:
            value = self.value(each.value, names)
            items = self.items(value) if each.spread else [value]
            if items is None:
                found.complete = False
                items = value.items if isinstance(value, Items) else []
            found.extend(items)
        return found

    def template(self, expression: Template, names: Names) -> Value:
        whole, reason = "", ""
        for each in expression.parts:
            value = self.value(each, names)
            if isinstance(value, Plain) and not value.absent:
                whole += methods.shown(value)
            else:
                reason = value.reason if isinstance(value, Unknown) else "computed"
                whole += value.text if isinstance(value, Unknown) else placeholder("computed")
        whole = whole[:4096]
        if reason:
            return Unknown(reason, whole, expression.span)
        return Plain(whole, expression.span)

    def choice(self, expression: Choice, names: Names) -> Value:
        test = self.value(expression.test, names)
        holds = truth(test)
        if holds is not None:
            return self.value(expression.yes if holds else expression.no, names)
        yes, no = self.value(expression.yes, names), self.value(expression.no, names)
        if isinstance(yes, Plain) and isinstance(no, Plain) and yes.value == no.value:
            return yes
        source = test.text.strip("{} ") if isinstance(test, Unknown) else "computed"
        return Unknown("conditional", placeholder(source), expression.span)

    def binary(self, expression: Binary, names: Names) -> Value:
        operator = expression.operator
        left = self.value(expression.left, names)
        if operator in ("and", "or", "??"):
            if operator == "??":
                decided = None if isinstance(left, Unknown) else not is_null(left)
            else:
                holds = truth(left)
                decided = None if holds is None else holds == (operator == "or")
            if decided is None:
                text = left.text if isinstance(left, Unknown) else ""
                return Unknown("conditional", text, expression.span)
            return left if decided else self.value(expression.right, names)
        right = self.value(expression.right, names)
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Plain) and one.mark:
                others = other.items if isinstance(other, Items) else [other]
                self.compared.extend(filter(None, map(text_of, others)))
        return methods.computed(operator, left, right, expression.span, loose=self.blocks)

    def unary(self, expression: Unary, names: Names) -> Value:
        inner = self.value(expression.inner, names)
        if expression.operator == "not":
            holds = truth(inner)
            if holds is not None:
                return Plain(not holds, expression.span)
        elif isinstance(inner, Plain) and isinstance(inner.value, int | float):
            return Plain(-inner.value, expression.span)
        return Unknown("computed", "", expression.span)

    def routine(self, expression: Function, names: Names) -> Value:
        return Routine(expression, names)

    def listed(self, expression: Listed, names: Names) -> Value:
        source = self.items(self.value(expression.source, names))
        if source is None:
            found: Value = Fields(expression.span) if expression.key else Items((), expression.span)
            found.complete = False  # type: ignore[union-attr]
            return found
        items: list[Value] = []
        table = Fields(expression.span)
        complete = True
        for each in source:
            inner = Names(names)
            self.give(expression.target, each, inner, declares=True)
            tests = [truth(self.value(test, inner)) for test in expression.tests]
            if False in tests:
                continue
            if None in tests:
                complete = False
                continue
            value = self.value(expression.value, inner)
            if expression.key is None:
                items.append(value)
                continue
            key = self.value(expression.key, inner)
            if isinstance(key, Plain):
                table.put(methods.shown(key), value, key.span)
            else:
                complete = False
        table.complete = complete
        return table if expression.key is not None else Items(items, expression.span, complete)


_READS: dict[type, Callable[[Follower, Any, Names], Value]] = {
    Constant: Follower.constant,
    Name: Follower.name,
    Member: Follower.member_of,
    Index: Follower.index,
    Call: Follower.called,
    Table: Follower.table,
    List: Follower.list,
    Template: Follower.template,
    Choice: Follower.choice,
    Binary: Follower.binary,
    Unary: Follower.unary,
    Function: Follower.routine,
    Listed: Follower.listed,
    Computed: Follower.computed,
}


def _disturb(value: Value, name: str) -> None:
    """Something happens to a value that is not followed."""
    if isinstance(value, Items | Fields):
        value.complete = False
    if isinstance(value, Fields) and not value.kind:
        for key in value.entries:
            value.entries[key] = Unknown("computed", placeholder(name), value.span)


def _anything() -> Fields:
    found = Fields()
    found.complete = False
    return found


def _end_of(span: Span, key: str) -> Span:
    """The place of the last part of ``a.key``."""
    start = max(span.column, span.end_column - len(key))
    if span.line != span.end_line:
        return span
    return Span(span.line, start, span.end_line, span.end_column)


def _touched(statements: Iterable[Statement]) -> tuple[set[str], bool]:
    """The names that the statements may change, and whether they may end the function."""
    found: set[str] = set()
    ends = False
    pending: list[Any] = list(statements)
    while pending:
        each = pending.pop()
        if isinstance(each, tuple):
            pending.extend(each)
        if not isinstance(each, nodes.PARTS):
            continue
        if isinstance(each, Return | Skip) or (isinstance(each, Opaque) and each.returns):
            ends = True
        if isinstance(each, Opaque):
            found |= each.names
        if isinstance(each, Name):
            found.add(each.name)
        # Whatever is named in a call may be changed by it.
        pending.extend(getattr(each, name) for name in fields(each))
    return found, ends
