"""What the expressions of a program come to, as far as following it tells. Values know where they
are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from lintscale.code.programs import nodes
from lintscale.model.location import Span
from lintscale.syntax import nodes as tree

MOST_ITEMS = 2000
"""Items of one list; what programs double for ever ends here."""

MOST_NODES = 20_000
"""Nodes of what is written out."""


class Plain:
    """A constant; ``absent``: nothing at all, which is no entry of what is written out."""

    __slots__ = ("absent", "mark", "span", "value")

    def __init__(
        self,
        value: str | int | float | bool | None,
        span: Span | None = None,
        absent: bool = False,
        mark: str = "",
    ) -> None:
        self.value = value
        self.span = span
        self.absent = absent
        self.mark = mark
        """What the caller calls the value, so that it hears what it is compared with."""


class Fields:
    """A mapping: its values by key, with the places of the keys. ``complete`` False: it may have
    others, or other values. ``hidden`` are members that are not written out, ``keep`` False: it
    takes no new ones."""

    __slots__ = ("complete", "entries", "hidden", "keep", "keys", "kind", "span")

    def __init__(self, span: Span | None = None, kind: str = "") -> None:
        self.entries: dict[str, Value] = {}
        self.keys: dict[str, Span | None] = {}
        self.hidden: dict[str, Value] = {}
        self.complete = True
        self.keep = True
        self.kind = kind
        self.span = span

    def get(self, key: str) -> Value:
        """Nothing where the key is not there; unknown where it may be."""
        found = self.entries.get(key)
        if found is not None:
            return found
        return NOTHING if self.complete else Unknown(f"{key}, set elsewhere", "", self.span)

    def put(self, key: str, value: Value, span: Span | None = None) -> None:
        self.entries[key] = value
        self.keys[key] = span if span is not None else self.keys.get(key) or value.span

    def take(self, other: Fields) -> None:
        """The entries of another mapping as well."""
        if not other.complete:
            for key in self.entries:
                self.entries[key] = Unknown(f"{key}, set elsewhere", "", self.keys[key])
            self.complete = False
        for key, value in other.entries.items():
            self.put(key, value, other.keys.get(key))

    def copy(self, kind: str = "") -> Fields:
        copied = Fields(self.span, kind)
        copied.take(self)
        return copied


class Items:
    """A list. ``complete`` False: it may have other items."""

    __slots__ = ("complete", "items", "span")

    def __init__(
        self, items: Iterable[Value] = (), span: Span | None = None, complete: bool = True
    ) -> None:
        self.items: list[Value] = []
        self.span = span
        self.complete = complete
        self.extend(items)

    def extend(self, items: Iterable[Value]) -> None:
        """More items, as many as there is room for."""
        self.items += islice(items, MOST_ITEMS - len(self.items) + 1)
        if len(self.items) > MOST_ITEMS:
            del self.items[MOST_ITEMS:]
            self.complete = False


class Routine:
    """A function of the program, with the names that it sees."""

    __slots__ = ("function", "names", "span")

    def __init__(self, function: nodes.Function, names: Names) -> None:
        self.function = function
        self.names = names
        self.span: Span | None = function.span


class Native:
    """A function of a library: takes the arguments and those with keywords, and where it is called
    from."""

    __slots__ = ("call", "members", "span")

    def __init__(
        self,
        call: Callable[[list[Value], Fields, Span], Value],
        members: Mapping[str, Value] | None = None,
    ) -> None:
        self.call = call
        self.members = members or {}
        self.span: Span | None = None


class Members:
    """An object that has a value for every name."""

    __slots__ = ("get", "span")

    def __init__(self, get: Callable[[str], Value]) -> None:
        self.get = get
        self.span: Span | None = None


class Unknown:
    """Nothing that can be known by reading; ``text`` has a placeholder where that is so."""

    __slots__ = ("reason", "span", "text")

    def __init__(self, reason: str, text: str = "", span: Span | None = None) -> None:
        self.reason = reason
        self.text = text or placeholder(reason)
        self.span = span


Value = Plain | Fields | Items | Routine | Native | Members | Unknown


def placeholder(source: str) -> str:
    """What stands in a text for a part that is not known."""
    return "{{ " + " ".join(source[:200].replace("}}", "} }").split()) + " }}"


NOTHING = Plain(None, absent=True)


class Names:
    """What the names of a block stand for."""

    __slots__ = ("known", "outer")

    def __init__(self, outer: Names | None = None) -> None:
        self.outer = outer
        self.known: dict[str, Value] = {}

    def find(self, name: str) -> Value | None:
        holder = self.holder(name)
        return holder.known[name] if holder is not None else None

    def holder(self, name: str) -> Names | None:
        names: Names | None = self
        while names is not None and name not in names.known:
            names = names.outer
        return names


def truth(value: Value) -> bool | None:
    """Whether it counts as true in a test; None where that is not known."""
    if isinstance(value, Plain):
        return bool(value.value)
    return None if isinstance(value, Unknown) else True


def is_null(value: Value) -> bool:
    return isinstance(value, Plain) and value.value is None


def text_of(value: Value) -> str | None:
    return value.value if isinstance(value, Plain) and isinstance(value.value, str) else None


class Part(tree.Mapping):
    """A mapping that may have other entries than those that are known."""

    __slots__ = ()


def written(value: Value, fallback: Span) -> tree.Node | None:
    """The value as a node of a document; None for what is not written out. What is not known is a
    text with a placeholder."""
    return _written(value, fallback, 40, iter(range(MOST_NODES)))


def _written(value: Value, fallback: Span, depth: int, left: Iterator[int]) -> tree.Node | None:
    span = value.span or fallback
    if isinstance(value, Plain):
        if value.absent:
            return None
        return tree.Scalar(value.value, _shown(value.value), span, isinstance(value.value, str))
    if isinstance(value, Unknown) or depth <= 0 or next(left, None) is None:
        text = value.text if isinstance(value, Unknown) else placeholder("computed")
        return tree.Scalar(text, text, span, True)
    if isinstance(value, Items):
        inner = [_written(each, span, depth - 1, left) for each in value.items]
        return tree.Sequence([each for each in inner if each is not None], span, True)
    if isinstance(value, Fields):
        entries: dict[Any, tree.Entry] = {}
        for key, each in value.entries.items():
            key_span = value.keys.get(key) or each.span or span
            node = _written(each, key_span, depth - 1, left)
            if node is not None:
                entries[key] = tree.Entry(tree.Scalar(key, key, key_span), node)
        return tree.Mapping(entries, span, True) if value.complete else Part(entries, span, True)
    return None


def _shown(value: str | int | float | bool | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
