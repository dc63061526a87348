"""What the tests of several platforms share: documents from plain data, and values in models."""

from __future__ import annotations

from typing import Any

from lintscale._record import fields, is_record
from lintscale.model.location import Span
from lintscale.model.sourced import Sourced
from lintscale.syntax import Mapping, Scalar, Sequence
from lintscale.syntax.nodes import Entry, Node


def node(data: Any, turned: bool = False) -> Node:
    """The tree of plain data; ``turned`` with each mapping's entries in reverse."""
    span = Span(1, 1, 1, 2)
    if isinstance(data, dict):
        order = list(reversed(data)) if turned else list(data)
        return Mapping({key: Entry(scalar(key), node(data[key], turned)) for key in order}, span)
    if isinstance(data, list):
        return Sequence([node(item, turned) for item in data], span)
    return scalar(data)


def scalar(value: Any) -> Scalar:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(value, text, Span(1, 1, 1, 2))


def sourced_values(thing: Any) -> list[Sourced[Any]]:
    """All of them in a record, at any depth."""
    if isinstance(thing, Sourced):
        return [thing]
    if isinstance(thing, (list, tuple)):
        return [value for item in thing for value in sourced_values(item)]
    if is_record(thing):
        return [v for field in fields(thing) for v in sourced_values(getattr(thing, field))]
    return []


def place(value: Sourced[Any]) -> tuple[int, int, int]:
    """First line, first column and end column of where a value stands."""
    assert value.location is not None
    span = value.location.span
    assert span.line == span.end_line
    return span.line, span.column, span.end_column


def camel(data: Any) -> Any:
    """The same data with its keys in camelCase."""
    if isinstance(data, dict):
        return {key[0].lower() + key[1:]: camel(value) for key, value in data.items()}
    return [camel(item) for item in data] if isinstance(data, list) else data
