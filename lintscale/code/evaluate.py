"""What an expression in source code comes to, as far as reading it tells.

Nothing is run: constants, names, environment variables and their defaults, options and plain
arithmetic are followed, and one call into a function of the project; everything else is unknown,
with the reason. One evaluator serves all languages. It is one long file because all of it calls
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, cast

from lintscale.code.expressions import (
    KEYWORDS,
    Argument,
    Call,
    Conditional,
    Done,
    Either,
    Expression,
    Inside,
    Item,
    Joined,
    Lambda,
    Literal,
    Mapping,
    Member,
    Module,
    Name,
    Negative,
    Node,
    OneOf,
    Operation,
    Other,
    Same,
    Sequence,
    Setting,
)
from lintscale.code.units import MOST_VALUES, Block, Change, Class, Place, Scope, Side, Unit

MAX_DEPTH = 40
"""Names that lead to names, calls within calls: deeper code is not followed."""

_MAX_TEXT = 4096
_MOST_ENTRIES = 1000
_LARGEST_FACTOR = 10**6
_MOST_SHIFTED = 20
_DEEP_ARGUMENTS = 10
_SELECTS = ("NODE_ENV", "APP_ENV", "RAILS_ENV", "RACK_ENV", "ENVIRONMENT")
_DEPLOYED = "production"
"""Of settings that are chosen by a variable such as NODE_ENV, those for production hold."""


class Known(NamedTuple):
    """A constant."""

    value: int | float | str | bool | None


class Entries(NamedTuple):
    """A mapping: its values, not evaluated, by their keys. ``complete`` False: it may have others,
    and those of ``unsure`` may have other values."""

    values: dict[str, Place]
    complete: bool = True
    unsure: frozenset[str] = frozenset()


class Items(NamedTuple):
    """A list: its values, not evaluated."""

    values: tuple[Place, ...]


class Variable(NamedTuple):
    """An environment variable, with what holds when it is not set; ``others`` are variables that
    are read then."""

    name: str
    default: Known | None = None
    others: tuple[str, ...] = ()


class Text(NamedTuple):
    """A text that is put together; ``variables`` are the environment variables that go into it."""

    variables: tuple[str, ...]


class Unknown(NamedTuple):
    reason: str


Value = Known | Entries | Items | Variable | Text | Unknown

_CIRCLE = Unknown("circular")
_COMPUTED = Unknown("computed")


def evaluate(place: Place, depth: int = MAX_DEPTH) -> Value:
    """What the expression comes to. Never raises, never runs anything."""
    node, scope = place
    if depth <= 0 or not scope.unit.sources.step():
        return _COMPUTED
    return _of(read(place), node, scope, depth)


def read(place: Place) -> Expression:
    """The expression, without what does not change its value."""
    language, block = place.scope.unit.language, place.scope.block
    expression = language.read(place.node, block)
    for _ in range(MAX_DEPTH):
        if not isinstance(expression, Same):
            break
        expression = language.read(expression.inner, block)
    return expression


def variables_of(place: Place) -> tuple[str, ...]:
    """The environment variables that an expression takes its text from, in the order in which
    they stand."""
    return names_in(evaluate(place)) or tuple(_variables_within(place, MAX_DEPTH // 2))


def names_in(value: Value) -> tuple[str, ...]:
    if isinstance(value, Variable):
        return (value.name, *value.others)
    return value.variables if isinstance(value, Text) else ()


def dotted(node: Node, scope: Scope) -> str:
    """``a.b.c`` as text; "" for anything that is no chain of names."""
    parts: list[str] = []
    for _ in range(MAX_DEPTH):
        expression = read(Place(node, scope))
        if isinstance(expression, Member):
            parts.append(expression.name)
            node = expression.of
        elif isinstance(expression, Name):
            return ".".join(reversed([*parts, expression.name]))
        else:
            break
    return ""


def origin(node: Node, scope: Scope, depth: int = 12) -> str:
    """The full name of what an expression means after imports and names are followed: with
    ``import {Pool} from "pg"``, ``Pool`` is "pg.Pool" and ``new Pool()`` is "pg.Pool()". ""
    where that cannot be told."""
    if depth <= 0 or not scope.unit.sources.step():
        return ""
    expression = read(Place(node, scope))
    if isinstance(expression, Call):
        inner = origin(expression.function, scope, depth - 1)
        return f"{inner}()" if inner else ""
    if isinstance(expression, Member):
        inner = origin(expression.of, scope, depth - 1)
        return f"{inner}.{expression.name}" if inner else ""
    unit = scope.unit
    if isinstance(expression, Module):
        return "" if unit.language.is_own(unit, expression.name) else expression.name
    if not isinstance(expression, Name):
        return ""
    name = expression.name
    imported = unit.imports.get(name) if not _is_bound(name, scope) else None
    if imported is not None and not unit.language.is_own(unit, imported.module):
        own = "" if imported.name in ("", "*", "default") else imported.name
        return f"{imported.module}.{own}" if own else imported.module
    found = scope.find(name)
    if found and not isinstance(read(found[0]), Literal):
        key = (id(scope.block), name)
        pending = scope.unit.pending
        if key in pending:
            return ""
        pending.add(key)
        try:
            origins = {origin(*place, depth - 1) for place in found} - {""}
        finally:
            pending.discard(key)
        return origins.pop() if len(origins) == 1 else ""
    return "" if found is not None else name


def _is_bound(name: str, scope: Scope) -> bool:
    block: Block | None = scope.block
    while block is not None:
        if name in block.bindings or any(each.name == name for each in block.parameters):
            return True
        block = block.parent
    return False


def roots_of(place: Place, depth: int = 12) -> frozenset[int]:
    """The keys of the calls that may have returned what an expression comes from: of
    ``client.db`` and of what is called on it that which made ``client``."""
    node, scope = place
    if depth <= 0 or not scope.unit.sources.step():
        return frozenset()
    expression = read(place)
    places: list[Place] = []
    found: frozenset[int] = frozenset()
    if isinstance(expression, Inside):
        places.append(Place(expression.inner, Scope(expression.block, scope.given)))
    elif isinstance(expression, Member):
        places.append(Place(expression.of, scope))
    elif isinstance(expression, Name):
        key = (id(scope.block), expression.name)
        if key not in scope.unit.pending:
            scope.unit.pending.add(key)
            try:
                parts = [roots_of(each, depth - 1) for each in scope.find(expression.name) or ()]
            finally:
                scope.unit.pending.discard(key)
            return found.union(*parts)
    elif isinstance(expression, Call):
        inner = node
        while not isinstance(inner, tuple) and isinstance(
            again := scope.unit.language.read(inner, scope.block), Same
        ):
            inner = again.inner
        if not isinstance(inner, tuple):
            found = frozenset({scope.unit.language.key(inner)})
        function = read(Place(expression.function, scope))
        if isinstance(function, Member):
            places.append(Place(function.of, scope))
        own = own_function(expression.function, scope)
        if own is not None:
            places += [Place(returned, Scope(own)) for returned in own.returns]
    return found.union(*(roots_of(each, depth - 1) for each in places))


def texts_of(place: Place, depth: int = 8) -> Iterator[str | Place]:
    """The texts that an expression is put together from, and the expressions between them."""
    scope = place.scope
    if depth <= 0 or not scope.unit.sources.step():
        return
    value = evaluate(place)
    default = value.default if isinstance(value, Variable) else value
    if isinstance(default, Known):
        if isinstance(default.value, str):
            yield default.value
        return
    expression = read(place)
    if isinstance(expression, Call):
        name = origin(expression.function, scope)
        expression = scope.unit.language.meaning(expression, name, scope) or expression
    if isinstance(expression, Operation) and expression.operator == "+":
        parts: Iterable[Node] = (expression.left, expression.right)
    elif isinstance(expression, Joined):
        parts = expression.parts
    elif isinstance(expression, Name):
        found = scope.find(expression.name) or ()
        if len(found) == 1:
            yield from texts_of(found[0], depth - 1)
        return
    else:
        yield place
        return
    for part in parts:
        inner = [*texts_of(Place(part, scope), depth - 1)]
        yield from inner or (Place(part, scope),)


# -- kinds of expressions -------------------------------------------------------------------------


def _of(expression: Expression, node: Node, scope: Scope, depth: int) -> Value:
    if isinstance(expression, Literal):
        return Known(expression.value)
    if isinstance(expression, Name):
        return _name(expression.name, scope, depth)
    if isinstance(expression, Member):
        return _member(expression, scope, depth)
    if isinstance(expression, Item):
        return _item(expression, scope, depth)
    if isinstance(expression, Call):
        return _call(expression, scope, depth)
    if isinstance(expression, Mapping):
        return _mapping(expression, scope, depth)
    if isinstance(expression, Sequence):
        return Items(tuple(Place(item, scope) for item in expression.items))
    if isinstance(expression, Joined):
        return _joined(expression, scope, depth)
    if isinstance(expression, Either):
        first = evaluate(Place(expression.first, scope), depth - 1)
        return _either(first, lambda: evaluate(Place(expression.second, scope), depth - 1))
    if isinstance(expression, Conditional):
        return _conditional(expression, scope, depth)
    if isinstance(expression, Operation):
        return _arithmetic(expression, scope, depth)
    if isinstance(expression, Negative):
        inner = evaluate(Place(expression.inner, scope), depth - 1)
        if isinstance(inner, Known) and isinstance(inner.value, int | float):
            return Known(-inner.value)
        return _COMPUTED
    if isinstance(expression, OneOf):
        values = [evaluate(each, depth - 1) for each in expression.places]
        return _merged(values, "conditional")
    if isinstance(expression, Done):
        return cast(Value, expression.value)
    if isinstance(expression, Inside):
        return evaluate(Place(expression.inner, Scope(expression.block, scope.given)), depth - 1)
    if isinstance(expression, Setting):
        default = expression.default
        value = evaluate(Place(default, scope), depth - 1) if default is not None else None
        return _or_else(Variable(expression.variable), value)
    if isinstance(expression, Module):
        for unit in scope.unit.language.units_of(scope.unit, expression.name):
            found = unit.language.exported(unit, "default", 5)
            return _values("default", found or [], Scope(unit.top), depth)
        return _COMPUTED
    if isinstance(expression, Same):
        return evaluate(Place(expression.inner, scope), depth - 1)
    return _COMPUTED if isinstance(expression, Lambda) else Unknown(expression.reason)


def _arithmetic(operation: Operation, scope: Scope, depth: int) -> Value:
    left = evaluate(Place(operation.left, scope), depth - 1)
    right = evaluate(Place(operation.right, scope), depth - 1)
    if isinstance(left, Known) and isinstance(right, Known):
        value = _computed(operation.operator, left.value, right.value)
        return _COMPUTED if value is None else Known(value)
    if operation.operator == "+" and _CIRCLE in (left, right):
        # "url = url + …" says nothing more of url; "n = n + 1" does.
        other = right if left is _CIRCLE else left
        is_text = isinstance(other, Known) and isinstance(other.value, str)
        return _CIRCLE if is_text or names_in(other) else _COMPUTED
    names = (*names_in(left), *names_in(right))
    is_text = not any(isinstance(s, Known) and not isinstance(s.value, str) for s in (left, right))
    if operation.operator == "+" and names and is_text:
        return Text(tuple(dict.fromkeys(names)))
    return _COMPUTED


def _computed(
    operator: str, one: int | float | str | bool | None, other: int | float | str | bool | None
) -> int | str | None:
    if isinstance(one, str) and isinstance(other, str) and operator == "+":
        return (one + other)[:_MAX_TEXT]
    if not isinstance(one, int) or not isinstance(other, int):
        return None
    if abs(one) >= _LARGEST_FACTOR or abs(other) >= _LARGEST_FACTOR:
        return None
    if operator == "+":
        return one + other
    if operator == "-":
        return one - other
    if operator == "*":
        return one * other
    if operator == "//" and other:
        return one // other
    if operator in ("quotient", "remainder") and other:  # as C and its descendants round
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        return quotient if operator == "quotient" else one - quotient * other
    if operator == "<<" and 0 <= other < _MOST_SHIFTED and one >= 0:
        return one << other
    if operator == ">>" and 0 <= other < _MOST_SHIFTED and one >= 0:
        return one >> other
    return one // other if operator == "/" and other and one % other == 0 else None


def _joined(text: Joined, scope: Scope, depth: int) -> Value:
    whole = ""
    variables: dict[str, None] = {}
    is_known = True
    for part in text.parts:
        value = evaluate(Place(part, scope), depth - 1)
        if isinstance(value, Known) and value.value is not None:
            whole = (whole + str(value.value))[:_MAX_TEXT]
            continue
        if value is _CIRCLE:
            return _CIRCLE
        is_known = False
        names = names_in(value) or tuple(_variables_within(Place(part, scope), min(depth - 1, 6)))
        variables.update(dict.fromkeys(names))
    if is_known:
        return Known(whole)
    if len(text.parts) == 1:
        return evaluate(Place(text.parts[0], scope), depth - 1)
    return Text(tuple(variables))


def _either(first: Value, second: Callable[[], Value]) -> Value:
    """``a or b``: a variable whose default is what follows it."""
    if isinstance(first, Known):
        return first if first.value else second()
    if isinstance(first, Variable):
        return _or_else(first, second())
    if isinstance(first, Text):
        return Text(tuple(dict.fromkeys((*first.variables, *names_in(second())))))
    return first


def _or_else(first: Variable, value: Value | None) -> Variable:
    """The variable, with another value for when it is not set, or for an empty default."""
    if first.default is not None and first.default.value not in (None, ""):
        return first
    others = (*first.others, *(names_in(value) if value is not None else ()))
    default = first.default
    if isinstance(value, Known):
        default = value
    elif isinstance(value, Variable):
        default = value.default
    others = tuple(name for name in dict.fromkeys(others) if name != first.name)
    return Variable(first.name, default, others)


def _conditional(choice: Conditional, scope: Scope, depth: int) -> Value:
    """Known where the test is known, or both ways come to the same. A variable that is tested and
    then used has the other way as its default."""
    test = evaluate(Place(choice.test, scope), depth - 1)
    yes = evaluate(Place(choice.yes, scope), depth - 1)
    no = evaluate(Place(choice.no, scope), depth - 1)
    if isinstance(test, Known):
        return yes if test.value else no
    tested = _variables_within(Place(choice.test, scope), 6)
    names = {*names_in(test), *tested}
    for one, other in ((yes, no), (no, yes)):
        if isinstance(one, Variable) and one.name in names and isinstance(other, Known | Variable):
            return _or_else(one, other)
    return _merged((yes, no), "conditional")


def _merged(values: Iterable[Value], reason: str) -> Value:
    """What holds where one of several values does: the one that they all are; a variable with the
    constant beside it as its default."""
    found = [value for value in values if value is not _CIRCLE]
    if not found:
        return _CIRCLE
    if all(value == found[0] for value in found[1:]):
        return found[0]
    mappings = [value for value in found if isinstance(value, Entries)]
    if len(mappings) == len(found):
        return _one_of(mappings)
    variables = [value for value in found if isinstance(value, Variable)]
    constants = {value for value in found if isinstance(value, Known) and value.value is not None}
    known = {*constants, *(v.default for v in variables if v.default is not None)}
    numbers = {number for each in known if (number := _whole_number(each.value)) is not None}
    if len(numbers) > 1:
        return Unknown(reason)
    if variables and len({value.name for value in variables}) == 1 and len(constants) <= 1:
        others = [v for v in found if not isinstance(v, Known | Variable)]
        if not others:
            variable = max(variables, key=lambda value: value.default is not None)
            return _or_else(variable, next(iter(constants), None))
    names = [names_in(value) for value in found]
    if all(names):
        return Text(tuple(dict.fromkeys(name for each in names for name in each)))
    return Unknown(reason)


def _one_of(mappings: list[Entries]) -> Entries:
    """The mapping that one of several is: each value is one of theirs."""
    values: dict[str, Place] = {}
    for key in dict.fromkeys(key for each in mappings for key in each.values):
        places = [each.values[key] for each in mappings if key in each.values]
        scope = places[0].scope
        missing = [each.complete for each in mappings if key not in each.values]
        places += [Place(Literal(None) if complete else Other(), scope) for complete in missing]
        values[key] = Place(OneOf(tuple(places)), scope)
    unsure = frozenset[str]().union(*(each.unsure for each in mappings))
    return Entries(values, all(each.complete for each in mappings), unsure)


def _whole_number(value: int | float | str | bool | None) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(mapping: Mapping, scope: Scope, depth: int) -> Value:
    found: dict[str, Place] = {}
    unsure: set[str] = set()
    complete = len(mapping.entries) <= _MOST_ENTRIES
    for entry in mapping.entries[:_MOST_ENTRIES]:
        if entry.spread:
            inner = evaluate(Place(entry.value, scope), depth - 1)
            known = inner if isinstance(inner, Entries) else Entries({}, _is_nothing(inner))
            if not known.complete:
                complete = False
                unsure.update(found)
            found.update(known.values)
            unsure = (unsure - set(known.values)) | known.unsure
        elif entry.key is None:
            complete = False
            unsure.update(found)
        else:
            found[entry.key] = Place(entry.value, scope)
            unsure.discard(entry.key)
    return Entries(found, complete, frozenset(unsure))


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Known) and not value.value


def _item(item: Item, scope: Scope, depth: int) -> Value:
    key = evaluate(Place(item.key, scope), depth - 1)
    if isinstance(key, Variable) and key.name.endswith(_SELECTS):
        key = Known(_DEPLOYED)
    if not isinstance(key, Known):
        return _COMPUTED
    language = scope.unit.language
    if isinstance(key.value, str) and origin(item.of, scope) in language.environment_objects:
        return Variable(key.value)
    owner = evaluate(Place(item.of, scope), depth - 1)
    if isinstance(owner, Entries):
        return _entry(owner, str(key.value), depth)
    index = key.value
    if isinstance(owner, Items) and isinstance(index, int) and 0 <= index < len(owner.values):
        return evaluate(owner.values[index], depth - 1)
    return _COMPUTED


def _entry(owner: Entries, key: str, depth: int) -> Value:
    if key in owner.values and key not in owner.unsure:
        return evaluate(owner.values[key], depth - 1)
    return Known(None) if owner.complete else Unknown(f"{key}, set elsewhere")


# -- calls ----------------------------------------------------------------------------------------


def _call(call: Call, scope: Scope, depth: int) -> Value:
    language = scope.unit.language
    name = origin(call.function, scope)
    positional = [each.value for each in call.arguments if not each.name and not each.spread]
    if name in language.environment_calls:
        return _environment(call, language.environment_calls[name], scope, depth)
    if name in language.casts and positional:
        return evaluate(Place(positional[0], scope), depth - 1)
    function = read(Place(call.function, scope))
    last = function.name if isinstance(function, Member | Name) else ""
    if last.lower() in ("max", "min") and len(call.arguments) == 2:
        return _extreme(call.arguments, scope, depth, last.lower())
    own = own_function(call.function, scope)
    result = _result(own, call, scope, depth) if own is not None else _COMPUTED
    if isinstance(result, Known | Entries | Items | Variable):
        return result
    meaning = language.meaning(call, name, scope)
    if meaning is not None:
        return _of(meaning, call, scope, depth - 1)
    if own is not None:
        return result
    if isinstance(function, Member):
        return _method(call, function, scope, depth)
    variables = tuple(_variables_within(Place(call, scope), min(depth, _DEEP_ARGUMENTS)))
    return Text(variables) if variables else _COMPUTED


def _method(call: Call, method: Member, scope: Scope, depth: int) -> Value:
    language, name = scope.unit.language, method.name
    if name in language.environment_methods and call.arguments:
        key = evaluate(Place(call.arguments[0].value, scope), depth - 1)
        variable = language.variable_name(name, str(key.value)) if isinstance(key, Known) else ""
        if variable:
            positions = language.environment_methods[name]
            named = call._replace(arguments=(Argument(Literal(variable)), *call.arguments[1:]))
            return _environment(named, positions, scope, depth)
    if name in language.fallback_methods:
        first = evaluate(Place(method.of, scope), depth - 1)
        second = call.arguments[-1].value if call.arguments else call.block
        if second is None:
            return first
        return _either(first, lambda: _called(Place(second, scope), depth - 1))
    inner = evaluate(Place(method.of, scope), depth - 1)
    if name in language.casting_methods:
        return inner
    if name in language.entry_methods and isinstance(inner, Entries) and call.arguments:
        key = evaluate(Place(call.arguments[0].value, scope), depth - 1)
        if not isinstance(key, Known):
            return _COMPUTED
        if inner.complete and str(key.value) not in inner.values and len(call.arguments) > 1:
            return evaluate(Place(call.arguments[1].value, scope), depth - 1)
        return _entry(inner, str(key.value), depth)
    names = names_in(inner) or tuple(_variables_within(Place(call, scope), min(depth - 1, 6)))
    return Text(names) if names else _COMPUTED


def _called(place: Place, depth: int) -> Value:
    """An argument's value, or what it returns where it is a function."""
    block = block_of(place)
    if block is None:
        return evaluate(place, depth)
    scope = Scope(block, place.scope.given)
    return _merged((evaluate(Place(node, scope), depth - 1) for node in block.returns), "computed")


def block_of(place: Place) -> Block | None:
    """The body of an expression that is a function."""
    expression = read(place)
    if isinstance(expression, Lambda):
        return place.scope.unit.lambdas.get(place.scope.unit.language.key(expression.node))
    return None


def _extreme(arguments: tuple[Argument, ...], scope: Scope, depth: int, which: str) -> Value:
    sides = [evaluate(Place(argument.value, scope), depth - 1) for argument in arguments]
    numbers = [s.value for s in sides if isinstance(s, Known) and isinstance(s.value, int)]
    if len(numbers) == 2:
        return Known(max(numbers) if which == "max" else min(numbers))
    return _COMPUTED


def argument(call: Call, position: int, *names: str) -> Node | None:
    """An argument by position or keyword; None where it is not given, or stands behind arguments
    that are handed on."""
    for each in call.arguments:
        if each.name and each.name in names:
            return each.value
    positional = []
    for each in call.arguments:
        if each.spread and each.name != KEYWORDS:
            break
        if not each.name:
            positional.append(each.value)
    return positional[position] if 0 <= position < len(positional) else None


def _environment(
    call: Call, positions: tuple[int, int] | tuple[int, int, str], scope: Scope, depth: int
) -> Value:
    name = argument(call, positions[0], "key", "name", "env", "var", "option")
    key = evaluate(Place(name, scope), depth - 1) if name is not None else None
    if name is None and len(positions) == 3:
        key = Known(positions[2])
    if not isinstance(key, Known) or not isinstance(key.value, str):
        return Unknown("variable name computed")
    default = argument(call, positions[1], "default")
    if default is None and positions[1] >= 0:
        default = call.block
    value = _called(Place(default, scope), depth - 1) if default is not None else None
    return _or_else(Variable(key.value), value)


def own_function(node: Node, scope: Scope) -> Block | None:
    """The function of the project that is called."""
    name = dotted(node, scope)
    if not name:
        return None
    head, _, last = name.rpartition(".")
    if not head:
        return scope.function(name)
    module = scope.module(head)
    if module is not None:
        return Scope(module.top).function(last)
    if head in scope.unit.language.selves:
        owner = _enclosing(scope.block)
    else:
        owner = scope.class_of(head)
        expression = read(Place(node, scope))
        if owner is None and scope.unit.language.sets_fields and isinstance(expression, Member):
            owner = class_of(Place(expression.of, scope), MAX_DEPTH // 4)
    if owner is not None:
        method = Scope(owner.block.unit.top).function(f"{owner.name}.{last}")
        if method is not None:
            return method
    return scope.unit.functions.get(last) if head in scope.unit.language.selves else None


def _result(function: Block, call: Call, scope: Scope, depth: int) -> Value:
    """What a function of the project returns for these arguments."""
    key = (id(function), "")
    unit = function.unit
    if key in unit.pending or not function.returns:
        return _COMPUTED
    given: dict[str, Place] = {}
    for position, parameter in enumerate(function.parameters):
        value = argument(call, position, parameter.name)
        if value is not None:
            place = Place(value, scope)
            handed = read(place)
            if isinstance(handed, Call) and own_function(handed.function, scope) is function:
                # env("A", env("B", "c")): evaluated before it is followed itself.
                place = Place(Done(evaluate(place, depth - 1)), scope)
            given[parameter.name] = place
    inner = Scope(function, given)
    unit.pending.add(key)
    try:
        values = [evaluate(Place(node, inner), depth - 1) for node in function.returns]
    finally:
        unit.pending.discard(key)
    return _merged(values, "computed")


def _variables_within(place: Place, depth: int) -> Iterator[str]:
    """The environment variables that the parts of an expression read."""
    seen: set[str] = set()
    if depth <= 0 or not place.scope.unit.sources.step():
        return
    for part in _parts(read(place)):
        inner = Place(part, place.scope)
        value = evaluate(inner, depth - 1)
        names = names_in(value)
        if not names and not isinstance(value, Known):
            names = tuple(_variables_within(inner, min(depth - 1, 6)))
        for name in names:
            if name not in seen:
                seen.add(name)
                yield name


def _parts(expression: Expression) -> Iterator[Node]:
    if isinstance(expression, Call):
        function = expression.function
        yield from (each.value for each in expression.arguments)
        yield function
    elif isinstance(expression, Member):
        yield expression.of
    elif isinstance(expression, Mapping):
        yield from (entry.value for entry in expression.entries)
    elif isinstance(expression, Sequence):
        yield from expression.items
    elif isinstance(expression, Joined):
        yield from expression.parts
    elif isinstance(expression, Either):
        yield from (expression.first, expression.second)
    elif isinstance(expression, Conditional):
        yield from (expression.yes, expression.no)
    elif isinstance(expression, Operation):
        yield from (expression.left, expression.right)


# -- names ----------------------------------------------------------------------------------------


def _name(name: str, scope: Scope, depth: int) -> Value:
    found = scope.find(name)
    handed = _handed(name, scope)
    if handed is not None:
        found = handed
    if not found:
        return Unknown(f"{name}, set elsewhere")
    value = _values(name, found, scope, depth)
    return changed(value, changes_of(name, found, scope), depth)


def _values(name: str, places: list[Place], scope: Scope, depth: int) -> Value:
    key = (id(scope.block), name)
    pending = scope.unit.pending
    if key in pending:
        return _CIRCLE
    if len(places) > MOST_VALUES:
        return Unknown(f"{name}, set in many places")
    pending.add(key)
    try:
        # "url = url.replace(…)" says nothing more of url.
        values = [evaluate(place, depth - 1) for place in places]
    finally:
        pending.discard(key)
    return _merged(values, f"{name}, set in several places")


def _handed(name: str, scope: Scope) -> list[Place] | None:
    """What a parameter is given by those who call its function; None for no parameter, or where
    nobody is seen to call it."""
    if name in scope.given:
        return None
    block: Block | None = scope.block
    while block is not None and name not in block.bindings:
        position = next((i for i, each in enumerate(block.parameters) if each.name == name), None)
        if position is not None:
            return _given(block, position)
        block = block.parent
    return None


def _given(block: Block, position: int) -> list[Place] | None:
    name = block.parameters[position].name
    found = [given[name] for given, _ in callings(block) if name in given]
    return found or None


def callings(block: Block) -> list[tuple[dict[str, Place], Side]]:
    """What each call of a function that is seen gives its parameters, with the side of the choice
    that the call stands on."""
    found = []
    for call, scope, side in _callers(block) if block.parameters else ():
        is_spread = any(each.spread for each in call.arguments)
        own = block.parameters[0].name in block.unit.language.selves
        given: dict[str, Place] = {}
        for position, parameter in enumerate(block.parameters, start=-own):
            value = argument(call, position, parameter.name)
            if position < 0:
                continue
            if parameter.rest:
                known = {each.name for each in block.parameters}
                words = {
                    each.name: Place(each.value, scope)
                    for each in call.arguments
                    if each.name and not each.spread and each.name not in known
                }
                given[parameter.name] = Place(Done(Entries(words, not is_spread)), scope)
            elif value is not None:
                given[parameter.name] = Place(value, scope)
            elif is_spread:
                given[parameter.name] = Place(Other("arguments from elsewhere"), scope)
            elif parameter.default is not None:
                given[parameter.name] = Place(parameter.default, Scope(block))
        found.append((given, side))
    return found


def _callers(block: Block) -> list[tuple[Call, Scope, Side]]:
    """The calls of a function, or of the class that it makes an instance of, in its program."""
    sources = block.unit.sources
    known = sources.callers.get(id(block))
    if known is not None:
        return cast("list[tuple[Call, Scope, Side]]", known)
    found: list[tuple[Call, Scope, Side]] = []
    sources.callers[id(block)] = found
    owner = block.owner
    name = block.name.rpartition(".")[2]
    name = owner.name if owner is not None and block.name in _CONSTRUCTORS else name
    written = f"{name}(".encode()
    for unit in _units_with(block.unit, written) if name else ():
        for site in unit.calls:
            scope = Scope(site.block)
            call = read(Place(site.node, scope))
            if not isinstance(call, Call):
                continue
            called = dotted(call.function, scope)
            if called.rpartition(".")[2] != name or not sources.step():
                continue
            if owner is not None and name == owner.name:
                is_it = class_named(called, scope) is owner
            elif owner is not None:
                is_it = "." in called  # a method, of an object that need not be known
            else:
                is_it = own_function(call.function, scope) is block
            if is_it:
                found.append((call, scope, site.side))
    return found


_CONSTRUCTORS = ("__init__", "constructor")
_MOST_CALLING = 40
"""Files in which the calls of one function are looked for."""


def _units_with(unit: Unit, written: bytes) -> Iterator[Unit]:
    sources = unit.sources
    names = [unit.name, *(name for name in sources.program if name != unit.name)]
    names = [n for n in names if n.endswith(unit.language.suffixes)]
    for name in [n for n in names if written in sources.files.data(n)][:_MOST_CALLING]:
        found = sources.unit(name)
        if found is not None:
            yield found


# -- choices --------------------------------------------------------------------------------------


def never_runs(side: Side, unit: Unit) -> bool:
    """Whether a constant keeps this side of a choice from running: ``enabled = false ? … : …``."""
    tests = unit.tests.get(side.choice, ())
    number = int(side.side.partition(".")[0] or "0") if tests else 0
    for count, test in enumerate(tests):
        truth = _truth(test)
        if (truth is True and number > count) or (truth is False and number == count):
            return True
    return False


def _truth(test: Place) -> bool | None:
    """That of a constant that is written, or has a name; None for all else."""
    expression, block = read(test), test.scope.block
    name = expression.name if isinstance(expression, Name) else ""
    following: Block | None = block if name else None
    while following is not None:
        if any(each.name == name for each in following.parameters):
            return None
        following = following.parent
    if not name and not isinstance(expression, Literal):
        return None
    value = evaluate(test)
    return value.value if isinstance(value, Known) and isinstance(value.value, bool) else None


# -- what mappings are given afterwards -----------------------------------------------------------


def changes_of(name: str, places: Iterable[Place], scope: Scope) -> list[Change]:
    """What the mappings of a name are given after they are made, as the scope sees it."""
    found: list[Change] = []
    seen: set[int] = set()
    block: Block | None = scope.block
    for place in places:
        own = place.scope.block
        if id(own) not in seen and name in own.changes:
            seen.add(id(own))
            found += own.changes[name]
    while block is not None:
        if id(block) not in seen and name in block.changes:
            found += block.changes[name]
        block = block.parent
    return found


def changed(value: Value, changes: list[Change], depth: int = MAX_DEPTH) -> Value:
    """A mapping with what it is given afterwards."""
    if not changes or not isinstance(value, Entries):
        return value
    for change in changes[:_MOST_ENTRIES]:
        value = _with(value, change.path, change, depth)
    return value


def _with(value: Entries, path: tuple[str, ...], change: Change, depth: int) -> Entries:
    """The mapping with one change: what depends on a condition may be so or not."""
    place = Place(change.value, Scope(change.block))
    if not path:
        inner = evaluate(place, depth - 1)
        if not isinstance(inner, Entries):
            return Entries({}, False)
        values = {**value.values}
        for key, each in inner.values.items():
            values[key] = _either_of(value, key, each, change)
        return Entries(values, value.complete and inner.complete)
    key, *rest = path
    if rest:
        inner = _entry(value, key, depth)
        below = inner if isinstance(inner, Entries) else Entries({}, False)
        if isinstance(inner, Known) and inner.value is None:
            below = Entries({})
        if len(rest) < MAX_DEPTH:
            place = Place(Done(_with(below, tuple(rest), change, depth)), place.scope)
    elif change.keeps and key in value.values:
        return value
    else:
        place = _either_of(value, key, place, change)
    return Entries({**value.values, key: place}, value.complete)


def _either_of(value: Entries, key: str, place: Place, change: Change) -> Place:
    if not change.side.choice:
        return place
    before = value.values.get(key, Place(Literal(None), place.scope))
    return Place(OneOf((before, place)), place.scope)


# -- members --------------------------------------------------------------------------------------


def _member(member: Member, scope: Scope, depth: int) -> Value:
    language = scope.unit.language
    if origin(member.of, scope) in language.environment_objects:
        return Variable(member.name)
    if member.name in language.casting_methods:
        return evaluate(Place(member.of, scope), depth - 1)
    owner = evaluate(Place(member.of, scope), depth - 1)
    if isinstance(owner, Entries) and not language.sets_fields:
        return _entry(owner, member.name, depth)
    head = dotted(member.of, scope)
    module = scope.module(head) if head else None
    if module is not None:
        found = module.language.exported(module, member.name, 5)
        if found:
            inner = Scope(module.top)
            value = _values(member.name, found, inner, depth)
            return changed(value, changes_of(member.name, found, inner), depth)
    if language.sets_fields:
        return _set_field(member, owner, scope, depth)
    instance = _instance(Place(member.of, scope), depth - 1)
    if instance is not None:
        return _instance_value(instance, member, scope, depth)
    return Unknown(f"{member.name}, set elsewhere")


def _set_field(member: Member, owner: Value, scope: Scope, depth: int) -> Value:
    """What a field is given anywhere in the program: by the object's own literal or else that of
    any of its class, and by assignments. Where the class is not known, all of its name count."""
    name, sources, language = member.name, scope.unit.sources, scope.unit.language
    definition = _holder(class_of(Place(member.of, scope), depth - 1), name)
    if isinstance(owner, Entries) and name in owner.values:
        places = [owner.values[name]]
    elif definition is not None:
        places = sources.settings(language, f"{definition.name}.{name}")
    else:
        places = sources.settings(language, name)
    for store in sources.stores(language, name):
        where = Scope(store.block)
        target = read(Place(store.target, where))
        found = None
        if definition is not None and isinstance(target, Member):
            found = _holder(class_of(Place(target.of, where), depth - 1), name)
        if found is None or found is definition:
            places.append(Place(store.value, where))
    if not places:
        return Unknown(f"{name}, set elsewhere")
    return _values(f".{definition.name if definition else ''}.{name}", places, scope, depth)


def _holder(definition: Class | None, name: str) -> Class | None:
    """The class, or the one of those that it is made of, that has the field."""
    for _ in range(5):
        if definition is None or name in definition.fields:
            break
        scope = Scope(definition.block)
        bases = (class_named(base, scope) for base in definition.bases)
        definition = next((base for base in bases if base is not None), definition)
    return definition


def _declared_class(name: str, scope: Scope) -> Class | None:
    """The class that a name is declared to be of."""
    block: Block | None = scope.block
    while block is not None:
        declared = block.types.get(name)
        parameter = next((each for each in block.parameters if each.name == name), None)
        if declared or (parameter is not None and parameter.type):
            return class_named(declared or (parameter.type if parameter else ""), scope)
        if name in block.bindings:
            return None
        block = block.parent
    return None


class _Instance(NamedTuple):
    """A class, and the call that makes the instance of it that is meant, where one is seen."""

    definition: Class
    call: Call | None = None
    scope: Scope | None = None


def class_of(place: Place, depth: int) -> Class | None:
    """The class that an expression is, or is an instance of."""
    found = _instance(place, depth)
    return found.definition if found is not None else None


def class_named(name: str, scope: Scope) -> Class | None:
    """The class that a name means, perhaps of a module: ``config.Settings``."""
    head, _, last = name.rpartition(".")
    if not head:
        return scope.class_of(name) if name else None
    module = scope.module(head)
    return Scope(module.top).class_of(last) if module is not None else None


def _instance(place: Place, depth: int) -> _Instance | None:
    node, scope = place
    if depth <= 0 or not scope.unit.sources.step():
        return None
    expression = read(place)
    if isinstance(expression, Inside):
        return _instance(Place(expression.inner, Scope(expression.block, scope.given)), depth - 1)
    if isinstance(expression, Mapping):
        definition = class_named(expression.of, scope)
        return _Instance(definition) if definition is not None else None
    if isinstance(expression, Call):
        definition = class_named(dotted(expression.function, scope), scope)
        if definition is not None:
            return _Instance(definition, expression, scope)
        function = own_function(expression.function, scope)
        if function is not None and function.result:
            named = class_named(function.result, Scope(function))
            return _Instance(named) if named is not None else None
        for returned in function.returns if function is not None else ():
            assert function is not None  # noqa: S101 - it has returns
            found = _instance(Place(returned, Scope(function)), depth - 1)
            if found is not None:
                return found
        return None
    if isinstance(expression, Either):
        first = _instance(Place(expression.first, scope), depth - 1)
        return first or _instance(Place(expression.second, scope), depth - 1)
    name = dotted(node, scope)
    if name in scope.unit.language.selves:
        own = _enclosing(scope.block)
        return _Instance(own) if own is not None else None
    if name and "." not in name:
        return _named_instance(name, scope, depth)
    if not isinstance(expression, Member):
        return None
    head = dotted(expression.of, scope)
    module = scope.module(head) if head else None
    if module is not None:
        return _named_instance(expression.name, Scope(module.top), depth)
    outer = _instance(Place(expression.of, scope), depth - 1)
    return _field_instance(outer.definition, expression.name, depth) if outer else None


def _named_instance(name: str, scope: Scope, depth: int) -> _Instance | None:
    definition = _declared_class(name, scope) or scope.class_of(name)
    if definition is not None:
        return _Instance(definition)
    key = (id(scope.block), f"{name}()")
    if key in scope.unit.pending:
        return None
    scope.unit.pending.add(key)
    try:
        for value in _handed(name, scope) or scope.find(name) or ():
            found = _instance(value, depth - 1)
            if found is not None:
                return found
    finally:
        scope.unit.pending.discard(key)
    block: Block | None = scope.block
    while block is not None:
        for parameter in block.parameters:
            if parameter.name == name and parameter.type:
                definition = class_named(parameter.type, Scope(block))
                return _Instance(definition) if definition is not None else None
        block = block.parent
    return None


def _field_instance(definition: Class, name: str, depth: int) -> _Instance | None:
    for each in _line(definition):
        field = each.fields.get(name)
        if field is None:
            continue
        scope = Scope(field.block or each.block)
        found = None
        if field.value is not None:
            found = _instance(Place(field.value, scope), depth - 1)
        if found is None and field.type:
            named = class_named(field.type, scope)
            found = _Instance(named) if named is not None else None
        return found
    return None


def _enclosing(block: Block | None) -> Class | None:
    while block is not None:
        if block.owner is not None:
            return block.owner
        block = block.parent
    return None


def _line(definition: Class) -> Iterator[Class]:
    """A class and the project's classes that it derives from, the nearest first."""
    following: Class | None = definition
    for _ in range(5):
        if following is None:
            return
        yield following
        scope = Scope(following.block.unit.top)
        bases = [class_named(base, scope) for base in following.bases]
        following = next((b for b in bases if b is not None and b is not following), None)


def _instance_value(instance: _Instance, member: Member, scope: Scope, depth: int) -> Value:
    """The value of a field: what the instance is made with, else what its class gives it."""
    definition, name = instance.definition, member.name
    if instance.call is not None and instance.scope is not None:
        own = argument(instance.call, -1, name)
        if own is not None:
            return evaluate(Place(own, instance.scope), depth - 1)
        has_more = any(each.spread or not each.name for each in instance.call.arguments)
        written = any(name in each.fields for each in _line(definition))
        method = definition.block.unit.functions.get(f"{definition.name}.__init__")
        if has_more and written and method is None:
            return Unknown(f"{name}, set elsewhere")
    outer = read(Place(member.of, scope))
    if isinstance(outer, Member):
        whole = _instance(Place(outer.of, scope), depth - 1)
        language = scope.unit.language
        if whole is not None:
            variable = language.nested_variable(whole.definition, outer.name, name)
            if variable:
                value = _class_value(definition, name, depth)
                return _or_else(Variable(variable), value)
    return _class_value(definition, name, depth)


def _class_value(definition: Class, name: str, depth: int) -> Value:
    """The value of a field: from the environment where it says so, else the one it is given."""
    for each in _line(definition):
        field = each.fields.get(name)
        if field is None:
            continue
        unit, scope = each.block.unit, Scope(field.block or each.block)
        variable = field.variable
        if variable == "":
            variable = unit.language.variable_of(definition, name)
        value = None
        if field.value is not None:
            key = (id(each), name)
            if key in unit.pending:
                return _CIRCLE
            unit.pending.add(key)
            try:
                value = evaluate(Place(field.value, scope), depth - 1)
            finally:
                unit.pending.discard(key)
            value = changed(value, each.changes.get(name, []), depth)
        if variable and (field.variable or not isinstance(value, Variable)):
            return _or_else(Variable(variable), value)
        return value if value is not None else Unknown(f"{name}, set elsewhere")
    return Unknown(f"{name}, set elsewhere")
