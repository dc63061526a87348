"""Values of Terraform's expressions: what is known of them, and where they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lintscale.syntax.hcl import Source

MAX_ITEMS = 2_000
"""Of a collection that is gone over."""


class Place(NamedTuple):
    """Bytes of a source. ``exact``: the very value is written there."""

    source: Source
    start: int
    end: int
    exact: bool = False


class Unknown(NamedTuple):
    """A value that the files do not say; ``text`` is the expression as a placeholder.
    ``failed``: evaluating it is an error, which try() catches."""

    text: str
    failed: bool = False


class Partial(str):
    """A text some parts of which are placeholders for what is not known."""

    __slots__ = ()


class Segment(NamedTuple):
    """From which offset on a text stems from which byte; ``linear``: character by character."""

    offset: int
    byte: int
    linear: bool


class Mapped(Partial):
    """A text of several lines that knows where each of its characters comes from. It may have
    placeholders."""

    source: Source
    segments: list[Segment]
    whole: bool


class Encoded(NamedTuple):
    """The JSON or YAML text of a value."""

    value: Value


class Namespace(NamedTuple):
    """``var``, ``local``, ``module`` …, or the resources of a type, before a name is taken."""

    kind: str
    type: str = ""


class Value(NamedTuple):
    """``data`` is None, a bool, a number, a text, a list or dict of values, or one of the classes
    above. ``refs`` are the objects (resources) that went into it, those that it is last asked
    of first."""

    data: Any
    place: Place | None = None
    refs: tuple[Any, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is a value of its own and known to the last part."""
        data = self.data
        if isinstance(data, list):
            return all(item.is_known for item in data)
        if isinstance(data, dict):
            return all(item.is_known for item in data.values())
        if isinstance(data, Mapped):
            return data.whole
        return data is None or (
            isinstance(data, (bool, int, float, str)) and not isinstance(data, Partial)
        )

    def at(self, place: Place | None) -> Value:
        """The same, at this place where it has none of its own."""
        return self if self.place is not None else self._replace(place=place)


def unknown(text: str, *refs: Any) -> Value:
    return Value(Unknown(text), None, refs)


def failed(text: str) -> Value:
    return Value(Unknown(text, failed=True))


def text_of(value: Value) -> str | None:
    """A scalar as Terraform writes it into a template; None for what is none."""
    data = value.data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return data
    if isinstance(data, float) and data.is_integer() and abs(data) < 1e15:
        return str(int(data))
    if isinstance(data, (int, float)):
        return repr(data)
    return data.text if isinstance(data, Unknown) else None


def number_of(value: Value) -> int | float | None:
    """A number, also one that is written as text."""
    data = value.data
    if isinstance(data, bool) or not value.is_known:
        return None
    if isinstance(data, (int, float)):
        return data
    if isinstance(data, str):
        try:
            number = float(data)
        except ValueError:
            return None
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return None


def truth_of(value: Value) -> bool | None:
    """A condition's value; None where it is not known."""
    if isinstance(value.data, bool):
        return value.data
    if isinstance(value.data, str) and value.is_known:
        return {"true": True, "false": False}.get(value.data)
    return None


def plain(value: Value) -> Any:
    """Known data without places, for comparisons."""
    data = value.data
    if isinstance(data, list):
        return [plain(item) for item in data]
    if isinstance(data, dict):
        return {key: plain(item) for key, item in data.items()}
    return data


def pairs_of(collection: Value) -> list[tuple[Value, Value]] | None:
    """(key, item) of a collection, in Terraform's order; None where it is not known."""
    data = collection.data
    if isinstance(data, list) and len(data) <= MAX_ITEMS:
        return [(Value(number), item) for number, item in enumerate(data)]
    if isinstance(data, dict) and len(data) <= MAX_ITEMS:
        return [(Value(key, _inexact(data[key].place)), data[key]) for key in sorted(data)]
    return None


def _inexact(place: Place | None) -> Place | None:
    return place._replace(exact=False) if place is not None else None


def each_of(collection: Value) -> Iterator[tuple[Value, Value]] | None:
    """(each.key, each.value) of what for_each is given."""
    pairs = pairs_of(collection)
    if pairs is None:
        return None
    if isinstance(collection.data, list):
        return iter([(item, item) for _, item in pairs])
    return iter(pairs)
