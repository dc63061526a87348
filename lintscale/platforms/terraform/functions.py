"""Terraform's functions, as far as configurations of services use them.

A function that is not here, or an argument that is not known where it must be, makes a value
unknown (developer.hashicorp.com/terraform/language/functions, read Dec 2026).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from lintscale.platforms.terraform.values import (
    Encoded,
    Partial,
    Unknown,
    Value,
    number_of,
    plain,
    text_of,
    truth_of,
)

Function = Callable[[Sequence[Value]], "Value | None"]
"""None: not to be known."""

_LONGEST_RANGE = 1024


def _merge(values: Sequence[Value]) -> Value | None:
    merged: dict[str, Value] = {}
    refs: tuple[Any, ...] = ()
    for value in values:
        if value.data is None:
            continue
        if not isinstance(value.data, dict):
            return None
        merged.update(value.data)
        refs += value.refs
    return Value(merged, None, refs)


def _concat(values: Sequence[Value]) -> Value | None:
    items: list[Value] = []
    for value in values:
        if not isinstance(value.data, list):
            return None
        items += value.data
    return Value(items)


def _lookup(values: Sequence[Value]) -> Value | None:
    holder, key = values[0], values[1]
    name = text_of(key)
    if not isinstance(holder.data, dict) or not key.is_known or name is None:
        return None
    if name in holder.data:
        found: Value = holder.data[name]
        return found
    return values[2] if len(values) > 2 else None


def _coalesce(values: Sequence[Value]) -> Value | None:
    for value in values:
        if isinstance(value.data, Unknown):
            return None
        if value.data is not None and value.data != "":
            return value
    return None


def _coalescelist(values: Sequence[Value]) -> Value | None:
    for value in values:
        if not isinstance(value.data, list):
            return None
        if value.data:
            return value
    return None


def _try(values: Sequence[Value]) -> Value | None:
    for value in values:
        if not (isinstance(value.data, Unknown) and value.data.failed):
            return value
    return None


def _can(values: Sequence[Value]) -> Value | None:
    data = values[0].data
    if isinstance(data, Unknown):
        return Value(False) if data.failed else None
    return Value(True)


def _numbers(choose: Callable[[list[int | float]], int | float]) -> Function:
    def function(values: Sequence[Value]) -> Value | None:
        numbers = [number_of(value) for value in values]
        known = [number for number in numbers if number is not None]
        if not known or len(known) < len(values):
            return None
        chosen = choose(known)
        return values[known.index(chosen)] if chosen in known else Value(chosen)

    return function


def _texts(function: Callable[..., Any]) -> Function:
    """A function of known texts."""

    def wrapped(values: Sequence[Value]) -> Value | None:
        if not all(value.is_known for value in values):
            return None
        texts = [text_of(value) for value in values]
        return None if None in texts else Value(function(*texts), None, values[0].refs)

    return wrapped


def _tostring(values: Sequence[Value]) -> Value | None:
    if values[0].data is None:
        return values[0]
    text = text_of(values[0])
    if text is None or isinstance(values[0].data, Unknown):
        return None
    return values[0] if isinstance(values[0].data, str) else values[0]._replace(data=text)


def _tonumber(values: Sequence[Value]) -> Value | None:
    if values[0].data is None:
        return values[0]
    number = number_of(values[0])
    return None if number is None else values[0]._replace(data=number)


def _tobool(values: Sequence[Value]) -> Value | None:
    if values[0].data is None:
        return values[0]
    truth = truth_of(values[0])
    return None if truth is None else values[0]._replace(data=truth)


def _same(values: Sequence[Value]) -> Value | None:
    return values[0]


def _distinct(values: Sequence[Value]) -> Value | None:
    if not isinstance(values[0].data, list):
        return None
    items: list[Value] = []
    for item in values[0].data:
        if not item.is_known or all(plain(item) != plain(each) for each in items):
            items.append(item)
    return values[0]._replace(data=items)


def _toset(values: Sequence[Value]) -> Value | None:
    found = _distinct(values)
    if found is None or not all(isinstance(item.data, str) for item in found.data):
        return found
    return found._replace(data=sorted(found.data, key=lambda item: item.data))


def _length(values: Sequence[Value]) -> Value | None:
    data = values[0].data
    if isinstance(data, (list, dict)) or (isinstance(data, str) and values[0].is_known):
        return Value(len(data))
    return None


def _contains(values: Sequence[Value]) -> Value | None:
    if not isinstance(values[0].data, list) or not values[1].is_known:
        return None
    wanted = plain(values[1])
    if any(item.is_known and plain(item) == wanted for item in values[0].data):
        return Value(True)
    return Value(False) if values[0].is_known else None


def _flatten(values: Sequence[Value]) -> Value | None:
    items: list[Value] = []
    pending = list(values)
    while pending:
        value = pending.pop(0)
        if isinstance(value.data, list):
            pending = [*value.data, *pending]
        elif isinstance(value.data, Unknown):
            return None
        else:
            items.append(value)
    return Value(items)


def _keys(values: Sequence[Value]) -> Value | None:
    data = values[0].data
    return Value([Value(key) for key in sorted(data)]) if isinstance(data, dict) else None


def _values(values: Sequence[Value]) -> Value | None:
    data = values[0].data
    return Value([data[key] for key in sorted(data)]) if isinstance(data, dict) else None


def _element(values: Sequence[Value]) -> Value | None:
    items, number = values[0].data, number_of(values[1])
    if not isinstance(items, list) or not items or number is None:
        return None
    found: Value = items[int(number) % len(items)]
    return found


def _one(values: Sequence[Value]) -> Value | None:
    items = values[0].data
    if not isinstance(items, list) or len(items) > 1:
        return None
    return items[0] if items else Value(None)


def _compact(values: Sequence[Value]) -> Value | None:
    if not isinstance(values[0].data, list):
        return None
    return Value([item for item in values[0].data if item.data not in (None, "")])


def _slice(values: Sequence[Value]) -> Value | None:
    start, end = number_of(values[1]), number_of(values[2])
    if not isinstance(values[0].data, list) or start is None or end is None:
        return None
    return Value(values[0].data[int(start) : int(end)])


def _range(values: Sequence[Value]) -> Value | None:
    numbers = [number_of(value) for value in values]
    if None in numbers or not all(isinstance(number, int) for number in numbers):
        return None
    whole = range(*numbers)  # type: ignore[arg-type]
    return Value([Value(number) for number in whole]) if len(whole) <= _LONGEST_RANGE else None


def _zipmap(values: Sequence[Value]) -> Value | None:
    keys, items = values[0], values[1]
    if not (isinstance(keys.data, list) and isinstance(items.data, list) and keys.is_known):
        return None
    names = [text_of(key) for key in keys.data]
    if None in names or len(names) != len(items.data):
        return None
    return Value(dict(zip([name or "" for name in names], items.data, strict=True)))


def _setproduct(values: Sequence[Value]) -> Value | None:
    rows: list[list[Value]] = [[]]
    for value in values:
        if not isinstance(value.data, list) or len(rows) * len(value.data) > _LONGEST_RANGE:
            return None
        rows = [[*row, item] for row in rows for item in value.data]
    return Value([Value(row) for row in rows])


def _joined(parts: Sequence[str], whole: bool, refs: tuple[Any, ...]) -> Value:
    text = "".join(parts)
    return Value(text if whole else Partial(text), None, refs)


def _join(values: Sequence[Value]) -> Value | None:
    """Also of parts that are not known, as placeholders."""
    separator = text_of(values[0])
    if separator is None or not values[0].is_known:
        return None
    parts: list[Value] = []
    for value in values[1:]:
        if not isinstance(value.data, list):
            return None
        parts += value.data
    texts = [text_of(part) for part in parts]
    if None in texts:
        return None
    refs = tuple(ref for part in parts for ref in part.refs)
    pieces = [separator.join(text or "" for text in texts)]
    return _joined(pieces, all(part.is_known for part in parts), refs)


def _format(values: Sequence[Value]) -> Value | None:
    """The verbs %s, %v, %d and %%, and %s of what is not known as a placeholder."""
    pattern = text_of(values[0])
    if pattern is None or not values[0].is_known:
        return None
    pieces: list[str] = []
    arguments = list(values[1:])
    used: list[Value] = []
    rest = pattern
    while "%" in rest:
        before, _, rest = rest.partition("%")
        pieces.append(before)
        verb, rest = rest[:1], rest[1:]
        if verb == "%":
            pieces.append("%")
            continue
        if verb not in ("s", "v", "d") or not arguments:
            return None
        used.append(arguments.pop(0))
        text = text_of(used[-1])
        if text is None:
            return None
        pieces.append(text)
    pieces.append(rest)
    refs = tuple(ref for value in used for ref in value.refs)
    return _joined(pieces, all(value.is_known for value in used), refs)


def _split(values: Sequence[Value]) -> Value | None:
    if not (values[0].is_known and values[1].is_known):
        return None
    separator, text = text_of(values[0]), text_of(values[1])
    if not separator or text is None:
        return None
    return Value([Value(part) for part in text.split(separator)])


def _encode(values: Sequence[Value]) -> Value | None:
    return Value(Encoded(values[0]), values[0].place, values[0].refs)


def _replace(text: str, old: str, new: str) -> str | None:
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        return None  # a regular expression
    return text.replace(old, new)


def _replaced(values: Sequence[Value]) -> Value | None:
    found = _texts(_replace)(values)
    return None if found is None or found.data is None else found


def _boolean(decide: Callable[[list[bool]], bool]) -> Function:
    def function(values: Sequence[Value]) -> Value | None:
        if not isinstance(values[0].data, list):
            return None
        truths = [truth_of(item) for item in values[0].data]
        known = [truth for truth in truths if truth is not None]
        return Value(decide(known)) if len(known) == len(truths) else None

    return function


def _rounded(function: Callable[[float], int]) -> Function:
    def wrapped(values: Sequence[Value]) -> Value | None:
        number = number_of(values[0])
        return None if number is None else Value(function(number))

    return wrapped


FUNCTIONS: dict[str, Function] = {
    "alltrue": _boolean(all),
    "anytrue": _boolean(any),
    "can": _can,
    "ceil": _rounded(math.ceil),
    "coalesce": _coalesce,
    "coalescelist": _coalescelist,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "endswith": _texts(lambda text, end: text.endswith(end)),
    "flatten": _flatten,
    "floor": _rounded(math.floor),
    "format": _format,
    "join": _join,
    "jsonencode": _encode,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lower": _texts(str.lower),
    "max": _numbers(max),
    "merge": _merge,
    "min": _numbers(min),
    "nonsensitive": _same,
    "one": _one,
    "range": _range,
    "replace": _replaced,
    "sensitive": _same,
    "setproduct": _setproduct,
    "slice": _slice,
    "split": _split,
    "startswith": _texts(lambda text, start: text.startswith(start)),
    "title": _texts(str.title),
    "tobool": _tobool,
    "tolist": _same,
    "tomap": _same,
    "tonumber": _tonumber,
    "toset": _toset,
    "tostring": _tostring,
    "trimprefix": _texts(lambda text, start: text.removeprefix(start)),
    "trimspace": _texts(str.strip),
    "trimsuffix": _texts(lambda text, end: text.removesuffix(end)),
    "try": _try,
    "upper": _texts(str.upper),
    "values": _values,
    "yamlencode": _encode,
    "zipmap": _zipmap,
}

LENIENT = frozenset(
    {
        "coalesce", "concat", "element", "format", "join", "jsonencode", "keys", "length",
        "lookup", "merge", "one", "slice", "tolist", "tomap", "tostring", "try", "can", "values",
        "yamlencode", "zipmap", "setproduct", "sensitive", "nonsensitive", "compact", "contains",
        "flatten", "distinct", "toset",
    }
)  # fmt: skip
"""Functions of which some argument, or a part of one, may be unknown; all others need them
known."""
