"""Operators, and the methods of texts, lists and mappings that descriptions use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from lintscale.code.programs.values import (
    NOTHING,
    Fields,
    Items,
    Native,
    Plain,
    Unknown,
    Value,
    text_of,
    truth,
)
from lintscale.model.location import Span

_LARGEST = 10**15
_LONGEST = 4096
_MOST = 1000
_NOWHERE = Span(1, 1, 1, 2)


def shown(value: Plain) -> str:
    """The text that a constant becomes in a text."""
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if value.value is None:
        return "null"
    if isinstance(value.value, float) and value.value.is_integer():
        return str(int(value.value))
    return str(value.value)


def computed(operator: str, left: Value, right: Value, span: Span, *, loose: bool) -> Value:
    """A binary operation. ``loose``: a number that is added to a text becomes one, and dividing
    gives a whole number where it can."""
    unknown = Unknown("computed", "", span)
    if operator == "|" and isinstance(left, Fields) and isinstance(right, Fields):
        joined = left.copy()
        joined.take(right)
        return joined
    if operator == "+" and isinstance(left, Items) and isinstance(right, Items) and not loose:
        return Items(left.items + right.items, span, left.complete and right.complete)
    if operator in ("in", "not in"):
        held = _holds(right, left)
        return unknown if held is None else Plain(held == (operator == "in"), span)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if operator == "+":
            text = "".join(
                each.text if isinstance(each, Unknown) else shown(each)
                for each in (left, right)
                if isinstance(each, Unknown | Plain)
            )
            return Unknown("computed", text[:_LONGEST], span)
        return unknown
    if operator in ("strict ==", "strict !=", "==", "!=", "is", "is not"):
        same = _same(left, right)
        return (
            unknown
            if same is None
            else Plain(same == (operator[-1:] != "t" and "!" not in operator), span)
        )
    if not isinstance(left, Plain) or not isinstance(right, Plain):
        return unknown
    value = _arithmetic(operator, left, right, loose=loose)
    return unknown if value is None else Plain(value, span)


def _same(left: Value, right: Value) -> bool | None:
    if isinstance(left, Plain) and isinstance(right, Plain):
        if isinstance(left.value, bool) != isinstance(right.value, bool):
            return False
        return left.value == right.value
    if isinstance(left, Plain) or isinstance(right, Plain):
        return False
    return True if left is right else None


def _holds(container: Value, value: Value) -> bool | None:
    if not isinstance(value, Plain):
        return None
    if isinstance(container, Items):
        same = [_same(each, value) for each in container.items]
        if True in same:
            return True
        return False if container.complete and None not in same else None
    if isinstance(container, Fields):
        if shown(value) in container.entries:
            return True
        return False if container.complete else None
    text = text_of(container)
    return shown(value) in text if text is not None else None


def _arithmetic(
    operator: str, left: Plain, right: Plain, *, loose: bool
) -> int | float | str | bool | None:
    one, other = left.value, right.value
    if isinstance(one, str) or isinstance(other, str):
        both = isinstance(one, str) and isinstance(other, str)
        if operator == "+" and (both or loose):
            return (shown(left) + shown(right))[:_LONGEST]
        if both and operator in ("<", ">", "<=", ">="):
            return _ordered(operator, str(one) > str(other), one == other)
        return None
    if one is None or other is None or abs(one) > _LARGEST or abs(other) > _LARGEST:
        return None
    if operator in ("<", ">", "<=", ">="):
        return _ordered(operator, one > other, one == other)
    value: int | float | None = None
    if operator == "+":
        value = one + other
    elif operator == "-":
        value = one - other
    elif operator == "*":
        value = one * other
    elif operator == "/" and other:
        value = one / other
    elif operator == "//" and other:
        value = one // other
    elif operator == "%" and other and one >= 0 and other > 0:
        value = one % other
    elif operator == "**" and 0 <= other <= 64 and abs(one) <= 1024:
        value = one**other
    if loose and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _ordered(operator: str, greater: bool, equal: bool) -> bool:
    if operator == "<":
        return not greater and not equal
    if operator == ">":
        return greater
    return greater or equal if operator == ">=" else not greater


# -- methods --------------------------------------------------------------------------------------


class Follower(Protocol):
    """What follows a program: what methods ask of it."""

    @property
    def compared(self) -> list[str]: ...
    def call(self, function: Value, given: list[Value], named: Fields, span: Span) -> Value: ...
    def items(self, value: Value) -> list[Value] | None: ...


_Method = Callable[[Follower, Value, list[Value], Fields, Span], Value | None]


def bound(follower: Follower, owner: Value, name: str) -> Native | None:
    """The method of a value; None where there is none that is known."""
    kind = str if text_of(owner) is not None else type(owner)
    method = _METHODS.get(kind, {}).get(name)
    if method is None:
        return None

    def call(given: list[Value], named: Fields, span: Span) -> Value:
        result = method(follower, owner, given, named, span)
        return Unknown("computed", "", span) if result is None else result

    return Native(call)


def _mapped(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if not isinstance(owner, Items) or not given:
        return None
    values = [
        follower.call(given[0], [each, Plain(number, span)], Fields(), span)
        for number, each in enumerate(owner.items[:_MOST])
    ]
    return Items(values, span, owner.complete)


def _flat_mapped(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    mapped = _mapped(follower, owner, given, named, span)
    return flat(mapped, 1) if isinstance(mapped, Items) else None


def _filtered(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if not isinstance(owner, Items) or not given:
        return None
    kept, complete = [], owner.complete
    for number, each in enumerate(owner.items[:_MOST]):
        holds = truth(follower.call(given[0], [each, Plain(number, span)], Fields(), span))
        if holds:
            kept.append(each)
        complete = complete and holds is not None
    return Items(kept, span, complete)


def _each(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    return NOTHING if _mapped(follower, owner, given, named, span) is not None else None


def _found(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    kept = _filtered(follower, owner, given, named, span)
    if not isinstance(kept, Items) or not kept.complete:
        return None
    return kept.items[0] if kept.items else NOTHING


def _added(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if isinstance(owner, Items):
        owner.extend(given)
    return NOTHING


def _extended(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    for each in given:
        items = follower.items(each)
        if isinstance(owner, Items):
            owner.extend(items or [])
            owner.complete = owner.complete and items is not None
    return NOTHING


def _concatenated(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if not isinstance(owner, Items):
        return None
    joined = Items(owner.items, span, owner.complete)
    for each in given:
        joined.extend(each.items if isinstance(each, Items) else [each])
        joined.complete = joined.complete and not isinstance(each, Unknown)
        joined.complete = joined.complete and getattr(each, "complete", True)
    return joined


def flat(value: Items, depth: int) -> Items:
    """The list with the items of lists in it in their places."""
    found = Items((), value.span, value.complete)
    for each in value.items:
        if isinstance(each, Items) and depth > 0:
            inner = flat(each, depth - 1)
            found.extend(inner.items)
            found.complete = found.complete and inner.complete
        else:
            found.extend([each])
            found.complete = found.complete and not isinstance(each, Unknown)
    return found


def _flattened(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    depth = given[0].value if given and isinstance(given[0], Plain) else (20 if given else 1)
    return (
        flat(owner, min(int(depth), 20))
        if isinstance(owner, Items) and isinstance(depth, int)
        else None
    )


def _includes(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if not given:
        return None
    if isinstance(given[0], Plain) and given[0].mark and isinstance(owner, Items):
        follower.compared.extend(filter(None, map(text_of, owner.items)))
    held = _holds(owner, given[0])
    return None if held is None else Plain(held, span)


def _joined(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    """``list.join(text)``, or ``text.join(list)``."""
    items, glue = owner, given[0] if given else Plain(",")
    if isinstance(owner, Plain):
        items, glue = glue, owner
    if not isinstance(items, Items) or not items.complete:
        return None
    between = text_of(glue)
    texts = [shown(each) if isinstance(each, Plain) else None for each in items.items]
    if between is None or None in texts:
        return None
    return Plain(between.join(str(each) for each in texts)[:_LONGEST], span)


def _entry(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    """``mapping.get(key, default)``."""
    key = given[0] if given else NOTHING
    if not isinstance(owner, Fields) or not isinstance(key, Plain):
        return None
    if key.mark:
        follower.compared.extend(owner.entries)
    found = owner.get(shown(key))
    if isinstance(found, Plain) and found.absent:
        return given[1] if len(given) > 1 else Plain(None, span)
    return found


def entries_of(owner: Value, span: Span, *, keys: bool, values: bool) -> Value | None:
    if not isinstance(owner, Fields):
        return None
    found: list[Value] = []
    for key, value in owner.entries.items():
        name = Plain(key, owner.keys.get(key))
        found.append(Items([name, value], span) if keys and values else name if keys else value)
    return Items(found, span, owner.complete)


def _pairs(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    return entries_of(owner, span, keys=True, values=True)


def _keys(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    return entries_of(owner, span, keys=True, values=False)


def _values(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    return entries_of(owner, span, keys=False, values=True)


def _updated(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if isinstance(owner, Fields):
        for each in (*given, named):
            if isinstance(each, Fields):
                owner.take(each)
            else:
                owner.complete = False
    return NOTHING


def _copied(
    follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
) -> Value | None:
    if isinstance(owner, Fields):
        return owner.copy()
    return Items(owner.items, span, owner.complete) if isinstance(owner, Items) else None


def _of_text(change: Callable[..., object]) -> _Method:
    """A method of a text that takes texts."""

    def method(
        follower: Follower, owner: Value, given: list[Value], named: Fields, span: Span
    ) -> Value | None:
        text = text_of(owner)
        texts = [text_of(each) for each in given]
        if text is None or None in texts:
            return None
        try:
            value = change(text, *texts)
        except (TypeError, ValueError):
            return None
        if isinstance(value, list):
            return Items([Plain(str(each), span) for each in value[:_MOST]], span)
        return Plain(value, span) if isinstance(value, str | bool) else None

    return method


_OF_TEXTS: dict[str, _Method] = {
    **dict.fromkeys(("toUpperCase", "upper"), _of_text(str.upper)),
    **dict.fromkeys(("toLowerCase", "lower"), _of_text(str.lower)),
    **dict.fromkeys(("trim", "strip"), _of_text(str.strip)),
    **dict.fromkeys(("startsWith", "startswith"), _of_text(str.startswith)),
    **dict.fromkeys(("endsWith", "endswith"), _of_text(str.endswith)),
    **dict.fromkeys(("replaceAll",), _of_text(str.replace)),
    "split": _of_text(str.split),
    "concat": _of_text(lambda *texts: "".join(texts)),
    "includes": _includes,
    "join": _joined,
    "toString": _of_text(str),
}

_METHODS: dict[type, dict[str, _Method]] = {
    str: _OF_TEXTS,
    Items: {
        "map": _mapped, "flatMap": _flat_mapped, "filter": _filtered, "forEach": _each,
        "find": _found, "push": _added, "append": _added, "extend": _extended,
        "concat": _concatenated, "flat": _flattened, "includes": _includes, "join": _joined,
        "slice": lambda follower, owner, given, named, span: (
            None if given else _copied(follower, owner, given, named, span)
        ),
        "copy": _copied,
    },
    Fields: {
        "get": _entry, "items": _pairs, "keys": _keys, "values": _values, "update": _updated,
        "copy": _copied,
    },
}  # fmt: skip


# -- what a program has without importing it ------------------------------------------------------


def native(call: Callable[..., Value | None]) -> Native:
    """A function of the values by position, and the place of the call."""

    def called(given: list[Value], named: Fields, span: Span) -> Value:
        result = None if named.entries or not named.complete else call(given, span)
        return Unknown("computed", "", span) if result is None else result

    return Native(called)


def _number(given: list[Value], span: Span) -> Value | None:
    value = given[0] if given else None
    if not isinstance(value, Plain) or value.absent:
        return None
    try:
        return Plain(
            int(str(value.value)) if not isinstance(value.value, int | float) else value.value, span
        )
    except ValueError:
        return None


def _text(given: list[Value], span: Span) -> Value | None:
    value = given[0] if given else None
    return Plain(shown(value), span, mark=value.mark) if isinstance(value, Plain) else None


def _printed(given: list[Value], span: Span) -> Value:
    return NOTHING


def _true(given: list[Value], span: Span) -> Value | None:
    holds = truth(given[0]) if given else False
    return None if holds is None else Plain(holds, span)


def _extreme(choose: Callable[..., int | float]) -> Callable[..., Value | None]:
    def call(given: list[Value], span: Span) -> Value | None:
        if len(given) == 1 and isinstance(given[0], Items) and given[0].complete:
            given = given[0].items
        numbers = [
            each.value
            for each in given
            if isinstance(each, Plain) and isinstance(each.value, int | float)
        ]
        return Plain(choose(numbers), span) if numbers and len(numbers) == len(given) else None

    return call


def _whole(change: Callable[[float], int]) -> Callable[..., Value | None]:
    def call(given: list[Value], span: Span) -> Value | None:
        value = given[0].value if given and isinstance(given[0], Plain) else None
        is_number = isinstance(value, int | float) and abs(value) < _LARGEST
        return Plain(change(value), span) if is_number else None  # type: ignore[arg-type]

    return call


def _assign(given: list[Value], span: Span) -> Value | None:
    if not given or not isinstance(given[0], Fields):
        return None
    for each in given[1:]:
        if isinstance(each, Fields):
            given[0].take(each)
        elif not isinstance(each, Plain):
            given[0].complete = False
    return given[0]


def _from_entries(given: list[Value], span: Span) -> Value | None:
    if not given or not isinstance(given[0], Items):
        return None
    found = Fields(span)
    found.complete = given[0].complete
    for each in given[0].items:
        pair = each.items if isinstance(each, Items) else []
        if len(pair) == 2 and isinstance(pair[0], Plain):
            found.put(shown(pair[0]), pair[1], pair[0].span)
        else:
            found.complete = False
    return found


def _entries(*, keys: bool, values: bool) -> Callable[..., Value | None]:
    return lambda given, span: (
        entries_of(given[0], span, keys=keys, values=values) if given else None
    )


def _dict(given: list[Value], named: Fields, span: Span) -> Value:
    found = Fields(span)
    for each in given:
        source = _from_entries([each], span) if isinstance(each, Items) else each
        if isinstance(source, Fields):
            found.take(source)
        else:
            found.complete = False
    found.take(named)
    return found


def _list(given: list[Value], span: Span) -> Value | None:
    if not given:
        return Items((), span)
    if isinstance(given[0], Fields):
        return entries_of(given[0], span, keys=True, values=False)
    return Items(given[0].items, span, given[0].complete) if isinstance(given[0], Items) else None


def _range(given: list[Value], span: Span) -> Value | None:
    numbers = [each.value for each in given if isinstance(each, Plain)]
    whole = [each for each in numbers if isinstance(each, int)]
    if (
        not whole
        or len(whole) != len(given)
        or len(whole) > 3
        or (len(whole) == 3 and not whole[2])
    ):
        return None
    steps = range(*whole)
    return Items([Plain(each, span) for each in steps], span) if len(steps) <= _MOST else None


def _enumerated(given: list[Value], span: Span) -> Value | None:
    if not given or not isinstance(given[0], Items):
        return None
    pairs = [Items([Plain(n, span), each], span) for n, each in enumerate(given[0].items)]
    return Items(pairs, span, given[0].complete)


def _length(given: list[Value], span: Span) -> Value | None:
    value = given[0] if given else None
    if isinstance(value, Items) and value.complete:
        return Plain(len(value.items), span)
    text = text_of(value) if value is not None else None
    return Plain(len(text), span) if text is not None else None


def javascript() -> dict[str, Value]:
    """The names that every program in JavaScript has."""
    nothing = native(lambda given, span: None)
    return {
        "undefined": NOTHING,
        "console": Native(
            nothing.call,
            dict.fromkeys(("log", "info", "warn", "error", "debug"), native(_printed)),
        ),
        "Number": native(_number),
        "parseInt": native(_number),
        "String": native(_text),
        "Boolean": native(_true),
        "Math": Native(
            nothing.call,
            {
                "max": native(_extreme(max)),
                "min": native(_extreme(min)),
                "floor": native(_whole(lambda value: int(value // 1))),
                "ceil": native(_whole(lambda value: -int(-value // 1))),
                "round": native(_whole(lambda value: int((value + 0.5) // 1))),
            },
        ),
        "Object": Native(
            nothing.call,
            {
                "entries": native(_entries(keys=True, values=True)),
                "keys": native(_entries(keys=True, values=False)),
                "values": native(_entries(keys=False, values=True)),
                "fromEntries": native(_from_entries),
                "assign": native(_assign),
                "freeze": native(lambda given, span: given[0] if given else None),
            },
        ),
    }


def _appended(given: list[Value], span: Span) -> Value | None:
    if not given or not isinstance(given[0], Items):
        return None
    return Items([*given[0].items, *given[1:]], span, given[0].complete)


def _empty_map(given: list[Value], span: Span) -> Value | None:
    kind = given[0].text if given and isinstance(given[0], Unknown) else ""
    return Fields(span) if kind.startswith("{{ map[") else None


def golang() -> dict[str, Value]:
    """The names that every program in Go has."""
    return {
        "append": native(_appended),
        "len": native(_length),
        "make": native(_empty_map),
        "string": native(_text),
    }


def python() -> dict[str, Value]:
    """The names that every program in Python has."""
    return {
        "print": Native(lambda given, named, span: NOTHING),
        "int": native(_number),
        "str": native(_text),
        "bool": native(_true),
        "max": native(_extreme(max)),
        "min": native(_extreme(min)),
        "dict": Native(_dict),
        "list": native(_list),
        "tuple": native(_list),
        "range": native(_range),
        "enumerate": native(_enumerated),
        "len": native(_length),
    }
