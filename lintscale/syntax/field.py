"""A field of a document, written or not.

Platforms read documents through this class: it gives typed values with provenance and, where a
field is absent, the location at which it would be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lintscale.model.location import Location, PathKey, Span
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.document import Document
from lintscale.syntax.nodes import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Supplied,
    is_null,
    to_plain,
    walk,
)
from lintscale.syntax.regex import regex

PLACEHOLDER = regex(
    r"\$\{[^}]{0,200}\}"  # ${VAR}, shell and envsubst
    r"|\$\([^)]{0,200}\)"  # $(VAR), Kubernetes and Azure
    r"|\{\{.{0,300}?\}\}"  # {{ value }}, Jinja and Go templates
    r"|<[A-Za-z][A-Za-z0-9_ .-]{0,100}>"  # <IMAGE>
    r"|%[A-Z][A-Z0-9_]{0,100}%"  # %IMAGE%
    r"|@@?[A-Z][A-Z0-9_]{0,100}@@?"  # @IMAGE@
    r"|\$[A-Z_][A-Z0-9_]*"  # $VAR
    r"|__[A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,60}){0,9}__"  # __IMAGE__
    r"|\b(?:[A-Z][A-Z0-9]*_)*(?:ACCOUNT|REGION|PLACEHOLDER|CHANGEME|REPLACE|YOUR)(?:_[A-Z0-9]+)*\b",
    re.DOTALL,
)
"""Text that a deploy script replaces; a value that holds one is unknown."""


def has_placeholder(text: str) -> bool:
    return PLACEHOLDER.search(text) is not None


class Field:
    """``node`` is None for a field that is not written; a finding underlines ``nearest`` then.
    Reading never raises: a value of the wrong type is unknown."""

    __slots__ = ("document", "key_span", "nearest", "node", "path")

    def __init__(
        self,
        document: Document,
        path: tuple[PathKey, ...],
        node: Node | None,
        nearest: Span,
        key_span: Span | None = None,
    ) -> None:
        self.document = document
        self.path = path
        self.node = node
        self.nearest = nearest
        self.key_span = key_span

    @classmethod
    def root(cls, document: Document) -> Field:
        return cls(document, (), document.root, document.start().span)

    # -- moving about ---------------------------------------------------------------------------

    def get(self, *keys: str) -> Field:
        """The field at ``keys`` below this one; absent as soon as one of them is."""
        current = self
        for key in keys:
            node = current.node
            entry: Entry | None = None
            if isinstance(node, Mapping):
                entry = node.entries.get(key)
            path = (*current.path, key)
            if entry is not None and not is_null(entry.value):
                current = Field(
                    current.document, path, entry.value, current.anchor(), entry.key.span
                )
            else:
                nearest = current.anchor() if entry is None else entry.key.span
                current = Field(current.document, path, None, nearest)
        return current

    def at(self, path: tuple[PathKey, ...]) -> Field:
        """The field at a path below this one. Unlike with :meth:`get`, a null counts as written."""
        current = self
        for step in walk(self.node, path):
            below = (*current.path, step.key)
            key_span = step.entry.key.span if step.entry is not None else None
            current = Field(current.document, below, step.node, current.anchor(), key_span)
        return current

    def first(self, *keys: str) -> Field:
        """The first of these keys that is written; the first key, absent, when none is."""
        for key in keys:
            found = self.get(key)
            if found.present:
                return found
        return self.get(keys[0])

    def items(self) -> Iterator[Field]:
        """The items of the sequence; none for an absent field or another node."""
        if isinstance(self.node, Sequence):
            for index, item in enumerate(self.node.items):
                yield Field(self.document, (*self.path, index), item, self.anchor())

    def entries(self) -> Iterator[tuple[str, Field]]:
        """The entries of the mapping by their keys' text; null values included."""
        if isinstance(self.node, Mapping):
            for entry in self.node.entries.values():
                key, path = entry.key.text, (*self.path, entry.key.text)
                yield key, Field(self.document, path, entry.value, self.anchor(), entry.key.span)

    # -- what it holds ---------------------------------------------------------------------------

    @property
    def present(self) -> bool:
        return self.node is not None

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, Mapping)

    @property
    def is_sequence(self) -> bool:
        return isinstance(self.node, Sequence)

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, Scalar)

    def plain(self) -> Any:
        """The value as plain Python data; None when absent."""
        return to_plain(self.node)

    def string(self) -> str | None:
        """The text of a scalar of any type, placeholders included; else None."""
        return self.node.text if isinstance(self.node, Scalar) else None

    def labels(self) -> dict[str, str]:
        """The mapping's scalars as text by key."""
        return {
            key: value.node.text
            for key, value in self.entries()
            if isinstance(value.node, Scalar) and value.node.value is not None
        }

    # -- typed values ---------------------------------------------------------------------------

    def text(self, default: str | None = None, reason: str = "") -> Sourced[str]:
        """The scalar's text; unknown when it holds a placeholder."""
        if isinstance(self.node, Scalar):
            if has_placeholder(self.node.text):
                return self._unknown("a placeholder")
            return self._written(self.node.text)
        return self._otherwise(default, reason)

    def raw_text(self, default: str | None = None, reason: str = "") -> Sourced[str]:
        """The scalar's text, placeholders included (commands, images, URLs)."""
        if isinstance(self.node, Scalar):
            return self._written(self.node.text)
        return self._otherwise(default, reason)

    def integer(self, default: int | None = None, reason: str = "") -> Sourced[int]:
        """A whole number, also in quotes: types are checked by the schemas."""
        if isinstance(self.node, Scalar):
            value = self.node.value
            if isinstance(value, bool):
                return self._unknown("not a number")
            if isinstance(value, int):
                return self._written(_bounded(value))
            if isinstance(value, float) and value.is_integer():
                return self._written(_bounded(int(value)))
            if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,400}\s*", value):
                return self._written(_bounded(int(value)))
            return self._unknown("not a whole number")
        return self._otherwise(default, reason)

    def number(self, default: float | None = None, reason: str = "") -> Sourced[float]:
        if isinstance(self.node, Scalar):
            value = self.node.value
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return self._written(_finite(value))
            if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d{1,18}(\.\d+)?\s*", value):
                return self._written(float(value))
            return self._unknown("not a number")
        return self._otherwise(default, reason)

    def boolean(self, default: bool | None = None, reason: str = "") -> Sourced[bool]:
        if isinstance(self.node, Scalar):
            if isinstance(self.node.value, bool):
                return self._written(self.node.value)
            return self._unknown("neither true nor false")
        return self._otherwise(default, reason)

    def _written(self, value: Any) -> Sourced[Any]:
        if isinstance(self.node, Supplied):
            source = Source.FILE if self.node.chosen else Source.PLATFORM_DEFAULT
            return Sourced(value, source, self.location, self.node.reason)
        return Sourced(value, Source.FILE, self.location)

    def _unknown(self, reason: str) -> Sourced[Any]:
        return Sourced(None, Source.FILE, self.location, reason)

    def _otherwise(self, default: Any, reason: str) -> Sourced[Any]:
        if self.node is not None:
            return self._unknown("not a single value")
        if default is None:
            return Sourced(None, None, self.location, reason)
        return Sourced(default, Source.PLATFORM_DEFAULT, self.location, reason)

    # -- where ----------------------------------------------------------------------------------

    @property
    def location(self) -> Location:
        """See :class:`lintscale.model.declared.Location` for what is underlined."""
        if self.node is None:
            return Location(self.document.file, self.nearest, self.path, self.document.index, False)
        return Location(self.document.file, self._span(), self.path, self.document.index)

    def anchor(self) -> Span:
        """What to underline for something that is missing directly below this field."""
        node = self.node
        if node is None:
            return self.nearest
        if self.key_span is not None:
            return self.key_span
        if isinstance(node, Mapping) and node.entries and self.path:
            return _entry_span(next(iter(node.entries.values())))
        return self.nearest if not self.path else self._span()

    def _span(self) -> Span:
        node = self.node
        assert node is not None  # noqa: S101 - callers looked
        if self.key_span is not None:
            return _joined(self.key_span, node)
        if isinstance(node, Scalar):
            return _one_line(node.span)
        if isinstance(node, Mapping) and node.entries:
            return _entry_span(next(iter(node.entries.values())))
        return _one_line(node.span)


def _joined(key: Span, value: Node) -> Span:
    """From the key to the end of its scalar if both are on one line, else the key."""
    span = value.span
    # An alias or a merged value is elsewhere in the file, possibly before its key.
    if isinstance(value, Scalar) and span.line == span.end_line == key.line:
        if span.column < key.end_column:
            return key
        return Span(key.line, key.column, span.end_line, span.end_column)
    return key


def _entry_span(entry: Entry) -> Span:
    return _joined(entry.key.span, entry.value)


def _one_line(span: Span) -> Span:
    if span.line == span.end_line:
        return span
    return Span(span.line, span.column, span.line, span.column + 1)


LARGEST = 2**60
"""What stands for an integer as large or larger: far above every platform's caps, so that a rule
about one still holds, and small enough for the arithmetic of rules in 64 bits."""


def _bounded(value: int) -> int:
    return max(-LARGEST, min(value, LARGEST))


def _finite(value: float) -> float | None:
    # Compared before it is converted: an integer may be larger than any float. NaN is not less.
    return float(value) if abs(value) < 1e18 else None
