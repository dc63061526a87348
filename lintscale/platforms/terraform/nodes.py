"""Values as the nodes of documents, each with the place where it is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lintscale.model.location import Location, PathKey, Span
from lintscale.platforms.terraform.plan import PlanSource
from lintscale.platforms.terraform.values import (
    Encoded,
    Mapped,
    Partial,
    Place,
    Unknown,
    Value,
)
from lintscale.syntax import parse
from lintscale.syntax.document import Document, Format
from lintscale.syntax.field import has_placeholder
from lintscale.syntax.hcl import Source, mirrored
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence, Supplied
from lintscale.syntax.text import Positions

_NOWHERE = Span(1, 1, 1, 1)
MAX_NODES = 100_000


class Carried:
    """One document that Terraform carries, made node by node. ``places`` are where its nodes are
    written, by the nodes' identities."""

    def __init__(self, file: str, index: int, head: Place) -> None:
        self.head = head
        self.places: dict[int, Place] = {}
        self.root = Mapping({}, _NOWHERE)
        self.places[id(self.root)] = head
        self.document = Document(file, index, "hcl", self.root, _NOWHERE)
        self.count = 0

    def put(self, path: tuple[str, ...], node: Node | None, key: Place | None = None) -> None:
        """Set what stands at a path; mappings on the way are made."""
        if node is None:
            return
        mapping = self.root
        for name in path[:-1]:
            inner = mapping.get(name)
            if not isinstance(inner, Mapping):
                inner = self.mapping(key or self.head)
                mapping.entries[name] = Entry(Scalar(name, name, _NOWHERE), inner)
            mapping = inner
        name = path[-1]
        mapping.entries[name] = Entry(Scalar(name, name, _NOWHERE), node)

    def mapping(self, place: Place | None) -> Mapping:
        node = Mapping({}, _NOWHERE)
        self._note(node, place)
        return node

    def sequence(self, items: Iterable[Node], place: Place | None) -> Sequence:
        node = Sequence(list(items), _NOWHERE)
        self._note(node, place)
        return node

    def text(self, text: str, place: Place | None) -> Scalar:
        node = Scalar(text, text, _NOWHERE, True)
        self._note(node, place)
        return node

    def supplied(
        self, value: Any, reason: str, place: Place | None = None, *, chosen: bool = False
    ) -> Supplied:
        """What is sent where nothing is written, by Terraform or as a module's author chose."""
        node = Supplied(value, str(value), _NOWHERE, reason, chosen)
        self._note(node, place or self.head)
        return node

    def value(self, value: Value, otherwise: Place | None = None) -> Node | None:
        """The node of a value; None for null. ``otherwise`` is its place where it has none."""
        place = value.place or otherwise
        data = value.data
        self.count += 1
        if data is None or self.count > MAX_NODES:
            return None
        node: Node
        if isinstance(data, dict):
            mapping = self.mapping(place)
            for name, item in data.items():
                inner = self.value(item, place)
                if inner is not None:
                    mapping.entries[name] = Entry(Scalar(name, name, _NOWHERE), inner)
            return mapping
        if isinstance(data, list):
            nodes = (self.value(item, place) for item in data)
            return self.sequence([each for each in nodes if each is not None], place)
        if isinstance(data, Encoded):
            return self.value(data.value, place)
        if isinstance(data, Unknown):
            text = data.text or "${unknown}"
            node = Scalar(text, text, _NOWHERE, True)
        elif isinstance(data, str):
            node = Scalar(str(data), str(data), _NOWHERE, True)
        elif isinstance(data, (bool, int, float)):
            text = ("true" if data else "false") if isinstance(data, bool) else str(data)
            node = Scalar(data, text, _NOWHERE)
        else:
            node = Scalar("${object}", "${object}", _NOWHERE, True)
        self._note(node, place)
        return node

    def _note(self, node: Node, place: Place | None) -> None:
        if place is not None:
            self.places[id(node)] = place


# -- texts that hold documents --------------------------------------------------------------------


def parsed(value: Value, form: Format) -> Value | None:
    """The value that a JSON or YAML text holds; None where it cannot be read."""
    text = value.data
    if not isinstance(text, str):
        return None
    source = text.source.file if isinstance(text, Mapped) else ""
    result = parse(str(text), source, form)
    if any(problem.kind == "syntax-error" for problem in result.problems) or not result.documents:
        return None
    root = result.documents[0].root
    return _Reader(value).value(root) if root is not None else Value(None)


class _Reader:
    def __init__(self, origin: Value) -> None:
        self.origin = origin
        self.text = origin.data
        self.positions = Positions(str(origin.data))

    def value(self, node: Node) -> Value:
        place = self._place(node.span)
        if isinstance(node, Mapping):
            entries = {entry.key.text: self.value(entry.value) for entry in node.entries.values()}
            return Value(entries, place)
        if isinstance(node, Sequence):
            return Value([self.value(item) for item in node.items], place)
        data: Any = node.value
        if isinstance(data, str) and "${" in data and has_placeholder(data):
            partial = not (isinstance(self.text, Mapped) and self.text.whole)
            if partial:
                data = Partial(data)
        return Value(data, place, self.origin.refs if isinstance(data, Partial) else ())

    def _place(self, span: Span) -> Place | None:
        if not isinstance(self.text, Mapped):
            return self.origin.place
        start = self.positions.offset(*span[:2])
        end = self.positions.offset(*span[2:])
        first, exact = self._byte(start)
        last, _ = self._byte(max(end - 1, start))
        return Place(self.text.source, first, max(last + 1, first + 1), exact)

    def _byte(self, offset: int) -> tuple[int, bool]:
        segments = self.text.segments
        low, high = 0, len(segments)
        while high - low > 1:
            middle = (low + high) // 2
            if segments[middle].offset <= offset:
                low = middle
            else:
                high = middle
        if not segments:
            return 0, False
        segment = segments[low]
        if not segment.linear:
            return segment.byte, False
        return segment.byte + len(str(self.text)[segment.offset : offset].encode()), True


# -- places ---------------------------------------------------------------------------------------


class Places:
    """Where the nodes of carried documents stand in their files: spans, and paths in the files'
    own documents."""

    def __init__(self) -> None:
        self.documents: dict[int, Carried] = {}
        self.mirrors: dict[str, Document] = {}
        self._by_span: dict[str, dict[Span, tuple[PathKey, ...]]] = {}
        self.files: dict[str, Source] = {}

    def add(self, carried: Carried) -> None:
        self.documents[carried.document.index] = carried

    def located(self, location: Location) -> Location:
        """The place of a location in a carried document."""
        carried = self.documents.get(location.document)
        if carried is None:
            return location
        node: Node = carried.root
        place = carried.head
        used = 0
        for key in location.path:
            inner = _child(node, key)
            if inner is None or isinstance(inner, Supplied):
                break
            node, used = inner, used + 1
            place = carried.places.get(id(inner), place)
        missing = location.path[used:]
        present = location.present and not missing
        file, span, path = self.of(place)
        written = (*path, *(_snake(key) for key in missing))
        return Location(file, span, written, 0, present)

    def of(self, place: Place) -> tuple[str, Span, tuple[PathKey, ...]]:
        source = place.source
        self.files.setdefault(source.file, source)
        if isinstance(source, PlanSource):
            return source.file, *source.place(place.start)
        span = Span(*source.at(place.start), *source.at(place.end))
        if source.lines_before or not source.file.endswith((".tf", ".tfvars")):
            return source.file, _first_line(span), ()
        mirror = self.mirrors.get(source.file)
        if mirror is None:
            mirror = self.mirrors[source.file] = mirrored(source)
            self._by_span[source.file] = dict(_paths(mirror.root))
        spans = self._by_span[source.file]
        path = spans.get(span)
        if path is None:
            return source.file, _first_line(span), _around(spans, span)
        return source.file, _entry_span(mirror, path, span), path


def _child(node: Node, key: PathKey) -> Node | None:
    if isinstance(node, Mapping):
        return node.get(key)
    if isinstance(node, Sequence) and isinstance(key, int) and 0 <= key < len(node.items):
        return node.items[key]
    return None


def _paths(root: Node | None) -> Iterable[tuple[Span, tuple[PathKey, ...]]]:
    """The span of each node with its path, the innermost of equal spans last."""
    pending: list[tuple[tuple[PathKey, ...], Node]] = [((), root)] if root is not None else []
    while pending:
        path, node = pending.pop()
        if path:
            yield node.span, path
        if isinstance(node, Mapping):
            pending += [((*path, each.key.text), each.value) for each in node.entries.values()]
        elif isinstance(node, Sequence):
            pending += [((*path, number), item) for number, item in enumerate(node.items)]


def _around(spans: dict[Span, tuple[PathKey, ...]], span: Span) -> tuple[PathKey, ...]:
    """The path of the smallest node around a span."""
    best: tuple[PathKey, ...] = ()
    for each, path in spans.items():
        if each[:2] <= span[:2] and span[2:] <= each[2:] and len(path) > len(best):
            best = path
    return best


def _entry_span(mirror: Document, path: tuple[PathKey, ...], span: Span) -> Span:
    """What is underlined: a key with its value on the same line, the head of a block."""
    holder = mirror.node(path[:-1])
    if not isinstance(holder, Mapping):
        return _first_line(span)
    entry = holder.entry(path[-1])
    if entry is None:
        return _first_line(span)
    key = entry.key.span
    if isinstance(entry.value, Scalar) and span.line == span.end_line == key.line:
        return Span(key.line, key.column, span.end_line, span.end_column)
    return key


def _first_line(span: Span) -> Span:
    if span.line == span.end_line:
        return span
    return Span(span.line, span.column, span.line, span.column + 1)


_WRITTEN = {
    "maximumPercent": "deployment_maximum_percent",
    "minimumHealthyPercent": "deployment_minimum_healthy_percent",
    "deploymentCircuitBreaker": "deployment_circuit_breaker",
    "loadBalancers": "load_balancer",
}


def _snake(key: PathKey) -> PathKey:
    if isinstance(key, int):
        return key
    if key in _WRITTEN:
        return _WRITTEN[key]
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in key).lstrip("_")
