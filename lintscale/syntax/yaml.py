"""YAML streams to located documents, from the event stream of ruamel.yaml's C parser.

A composer of our own, because the ready-made ones either lose positions or cost forty times as
much. It is iterative, bounded in depth and in what aliases expand to, and reads each ``---``
chunk by itself, so that a mistake in one document leaves the others readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from lintscale._record import replace
from lintscale.model.location import PathKey, Span
from lintscale.syntax import yaml_stream
from lintscale.syntax.document import Document, ParseResult, Problem
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence
from lintscale.syntax.readers import (
    MAX_DEPTH,
    TOO_DEEP,
    BrokenError,
    duplicate_key,
    paused_collector,
)
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions
from lintscale.syntax.yaml_stream import TYPED_STARTS, chunks, has_marker, is_empty, resolve_plain

MAX_DUPLICATES = 100
"""Duplicate keys that are reported of one chunk."""

MAX_ALIAS_NODES = 200_000
"""Nodes that aliases may add to a document when expanded, against "billion laughs" files.
Kubernetes and go-yaml bound the same thing (go-yaml: decode.go, allowedAliasRatio)."""

_QUOTES = ("'", '"')
_OTHER_LINE_BREAKS = regex("[\x85\u2028\u2029]")
_COLON = regex(rf"{yaml_stream.BLANK}:")
_DASH = regex(rf"{yaml_stream.BLANK}[-?,\[{{]")


def parse_yaml(text: str, file: str, wanted: Callable[[str], bool] | None = None) -> ParseResult:
    """Read all documents of a stream. ``wanted``, when given, is asked for each chunk's text
    whether to parse it at all; what it declines keeps its place in the numbering."""
    result = ParseResult()
    text = text.removeprefix("\ufeff")
    index = 0
    with paused_collector():
        for start, end, lines_before in chunks(text):
            chunk = text[start:end]
            if is_empty(chunk):
                # Comments or directives before the first marker are no document of their own.
                index += has_marker(chunk)
            elif wanted is not None and not wanted(chunk):
                index += 1
            else:
                index += _Composer(chunk, file, index, lines_before, result).run()
    return result


class _Frame:
    """A collection that is still open. ``before``: the nodes counted when it began; ``levels``:
    of collections within it, through aliases too."""

    __slots__ = ("anchor", "before", "key", "levels", "merges", "node")

    def __init__(self, node: Mapping | Sequence, anchor: str | None, before: int) -> None:
        self.node = node
        self.anchor = anchor
        self.before = before
        self.levels = 0
        self.key: Scalar | None = None
        self.merges: list[Entry] = []


class _Anchored(NamedTuple):
    """An anchored node, and the numbers of nodes and of levels of collections in it."""

    node: Node
    size: int
    levels: int


class _Composer:
    """One chunk's events into documents."""

    def __init__(
        self, chunk: str, file: str, index: int, lines_before: int, result: ParseResult
    ) -> None:
        self.chunk = chunk
        self.file = file
        self.index = index
        self.lines_before = lines_before
        self.result = result
        self.positions: Positions | None = None
        # libyaml counts these as line breaks; editors, and so our readers, do not.
        other_breaks = _OTHER_LINE_BREAKS.search(chunk) is not None
        self.span = self._by_offset if other_breaks else self._by_mark
        self.alias_nodes = 0
        self.duplicates = 0

    def run(self) -> int:
        """Compose; return how many documents the chunk holds (at least one)."""
        from ruamel.yaml.error import YAMLError

        documents: list[Document] = []
        first_index, known_problems = self.index, len(self.result.problems)
        parsers = [yaml_stream.event_parser]
        for make in parsers:
            parser = None
            try:
                parser = make(self.chunk)
                documents.extend(self._documents(parser.get_event))
                self.result.documents += documents
            except BrokenError as broken:
                self.result.problems.append(broken.problem())
            except (YAMLError, UnicodeEncodeError) as error:
                if yaml_stream.worth_a_second_try(error, self.chunk) and len(parsers) == 1:
                    parsers.append(yaml_stream.PureParser)
                    documents, self.index = [], first_index
                    del self.result.problems[known_problems:]
                    continue
                self.result.problems.append(self._problem(error))
            finally:
                if parser is not None:
                    parser.dispose()
        return max(len(documents), 1)

    def _documents(self, get_event: Callable[[], Any]) -> Iterator[Document]:  # noqa: PLR0915
        # One long loop with everything in locals: a call per event would double the time.
        from ruamel.yaml import events

        scalar_event, alias_event = events.ScalarEvent, events.AliasEvent
        start_events = (events.MappingStartEvent, events.SequenceStartEvent)
        end_events = (events.MappingEndEvent, events.SequenceEndEvent)
        span_of, new = self.span, tuple.__new__
        stack: list[_Frame] = []
        frame: _Frame | None = None  # the innermost
        anchors: dict[str, _Anchored | None] = {}
        aliased: list[Node] = []
        tags: dict[int, str] = {}
        root: Node | None = None
        nodes = 0
        last = marker = Span(1, 1, 1, 1)
        last_offset = 0  # of what follows the token before

        for event in iter(get_event, None):
            kind = type(event)
            node: Node
            if kind is scalar_event:
                text, style = event.value, event.style
                nodes += 1
                if (
                    event.ctag is None
                    and event.anchor is None
                    and (style in _QUOTES if style else text)
                ):
                    last_offset = event.end_mark.index
                    last = span_of(event.start_mark, event.end_mark)
                    if style:
                        node = Scalar(text, text, last, True)
                    elif text[0] in TYPED_STARTS:
                        node = Scalar(resolve_plain(text), text, last)
                    else:
                        node = Scalar(text, text, last)
                else:
                    node, last_offset = self._scalar(event, last_offset, frame)
                    last = node.span
                    if event.ctag is not None:
                        tags[id(node)] = str(event.ctag)
                    if event.anchor is not None:
                        anchors[event.anchor] = _Anchored(node, 1, 0)

            elif kind in start_events:
                start = self._start(event)
                if len(stack) >= MAX_DEPTH:
                    raise BrokenError(TOO_DEEP, start._replace(end_column=start.column + 1))
                last_offset = event.end_mark.index
                flow = bool(event.flow_style)
                opened: Mapping | Sequence = (
                    Mapping({}, start, flow)
                    if kind is start_events[0]
                    else Sequence([], start, flow)
                )
                if event.ctag is not None:
                    tags[id(opened)] = str(event.ctag)
                frame = _Frame(opened, event.anchor, nodes)
                stack.append(frame)
                nodes += 1
                if event.anchor is not None:
                    anchors[event.anchor] = None
                continue

            elif kind in end_events:
                closed = stack.pop()
                frame = stack[-1] if stack else None
                node = closed.node
                if node.flow and self.chunk[event.end_mark.index - 1] in "]}":
                    last_offset = event.end_mark.index
                    last = span_of(event.end_mark, event.end_mark)
                # A block ends where its last token does; the parser only notices lines later.
                node.span = last = new(Span, (*node.span[:2], *last[2:]))
                levels = closed.levels + 1
                if frame is not None:
                    frame.levels = max(frame.levels, levels)
                if closed.merges:
                    _merge(closed)
                if closed.anchor is not None:
                    anchors[closed.anchor] = _Anchored(node, nodes - closed.before, levels)

            elif kind is alias_event:
                last = span_of(event.start_mark, event.end_mark)
                last_offset = event.end_mark.index
                anchored = self._anchored(event.anchor, anchors, last, len(stack))
                node = anchored.node
                aliased.append(node)
                nodes += anchored.size
                if frame is not None:
                    frame.levels = max(frame.levels, anchored.levels)
                    if isinstance(frame.node, Mapping) and frame.key is None:
                        node = _as_key(node, last)

            elif kind is events.DocumentStartEvent:
                anchors.clear()
                aliased = []
                tags = {}
                root = None
                self.alias_nodes = 0
                last_offset = event.end_mark.index
                marker = self._start_of_document(event)
                continue

            elif kind is events.DocumentEndEvent:
                empty = isinstance(root, Scalar) and root.value is None and not root.text
                whole = None if empty else root
                yield Document(self.file, self.index, "yaml", whole, marker, aliased, tags)
                self.index += 1
                continue

            else:
                continue

            if frame is None:
                root = node
                continue
            parent = frame.node
            if isinstance(parent, Sequence):
                parent.items.append(node)
                continue
            key = frame.key
            if key is None:
                frame.key = node if isinstance(node, Scalar) else _as_key(node, node.span)
                continue
            frame.key = None
            entry = new(Entry, (key, node))
            value = key.value
            if value == "<<" and not key.quoted:
                if frame.merges:
                    self._duplicate(key, frame.merges[0].key, stack)
                frame.merges.append(entry)
            elif value in parent.entries:
                self._add_again(entry, parent, stack)
            else:
                parent.entries[value] = entry

    def _scalar(self, event: Any, last_offset: int, frame: _Frame | None) -> tuple[Scalar, int]:
        """A scalar with an anchor or a tag, a block scalar, or one that is not written at all;
        with the offset after it. Its span is its own text: without its properties, without the
        blank lines after it."""
        start, end = event.start_mark.index, event.end_mark.index
        text, tag = event.value, event.ctag
        if tag is not None or event.anchor is not None:
            start = yaml_stream.after_properties(self.chunk, start, end)
        elif not text and not event.style:
            # Parsers do not agree on where nothing stands: here, right after its indicator.
            pattern = _COLON if frame is not None and frame.key is not None else _DASH
            match = pattern.match(self.chunk, last_offset)
            start = end = match.end() if match is not None else last_offset
        span = self._at(start, start + len(self.chunk[start:end].rstrip()))
        if tag is None:
            plain = not event.style
        else:
            plain = str(tag).endswith((":int", ":float", ":bool", ":null"))
        return Scalar(resolve_plain(text) if plain else text, text, span, not plain), end

    def _start(self, event: Any) -> Span:
        """Where a collection's own text begins, its anchor and tag left out."""
        if event.anchor is None and event.ctag is None:
            return self.span(event.start_mark, event.start_mark)
        at = event.end_mark.index
        if self.chunk[at - 1 : at] in ("[", "{") or (
            self.chunk[at - 1 : at] == "-" and self.chunk[at : at + 1] != "-"
        ):
            at -= 1
        return self._at(at, at)

    def _start_of_document(self, event: Any) -> Span:
        if not event.explicit:
            return self.span(event.start_mark, event.start_mark)
        at = event.end_mark.index
        return self._at(at - len("---"), at)

    def _anchored(
        self, name: str, anchors: dict[str, _Anchored | None], span: Span, depth: int
    ) -> _Anchored:
        """The anchored node of the alias at ``span``."""
        anchored = anchors.get(name)
        if anchored is None:
            where = "is inside its own anchor" if name in anchors else "has no anchor before it"
            raise BrokenError(f"the alias *{name} {where}", span)
        self.alias_nodes += anchored.size
        if self.alias_nodes > MAX_ALIAS_NODES:
            raise BrokenError(
                f"aliases expand this document to more than {MAX_ALIAS_NODES:,} nodes"
                " (a “billion laughs” file?)",
                span,
            )
        if depth + anchored.levels > MAX_DEPTH:
            raise BrokenError(TOO_DEEP, span)
        return anchored

    def _add_again(self, entry: Entry, parent: Mapping, stack: list[_Frame]) -> None:
        """Add an entry whose key is, to Python, there already."""
        key = entry.key
        place = key.value
        if type(parent.entries[place].key.value) is not type(place):
            place = key.text  # 1 and true are two keys to everybody else
        before = parent.entries.get(place)
        if before is not None and type(before.key.value) is type(key.value):
            self._duplicate(key, before.key, stack)
        parent.entries[place] = entry

    def _duplicate(self, key: Scalar, first: Scalar, stack: list[_Frame]) -> None:
        self.duplicates += 1
        if self.duplicates > MAX_DUPLICATES:
            return
        problem = replace(duplicate_key(key, first, _path(stack)), document=self.index)
        if self.duplicates == MAX_DUPLICATES:
            more = "; further ones in this document are not listed"
            problem = replace(problem, message=problem.message + more)
        self.result.problems.append(problem)

    def _problem(self, error: Any) -> Problem:
        from lintscale.syntax.yaml_errors import explained

        message, start, end = explained(error, self.chunk)
        span = self._at(start, end)
        if start == end:
            span = span._replace(end_column=span.column + 1)
        return Problem("syntax-error", message, span)

    def _by_mark(self, start: Any, end: Any) -> Span:
        before = self.lines_before + 1
        return tuple.__new__(
            Span, (start.line + before, start.column + 1, end.line + before, end.column + 1)
        )

    def _by_offset(self, start: Any, end: Any) -> Span:
        return self._at(start.index, end.index)

    def _at(self, start: int, end: int) -> Span:
        """The span of two offsets within the chunk."""
        if self.positions is None:
            self.positions = Positions(self.chunk)
        span = self.positions.span(start, end)
        return span._replace(
            line=span.line + self.lines_before, end_line=span.end_line + self.lines_before
        )


def _path(stack: list[_Frame]) -> tuple[PathKey, ...]:
    """The path of the innermost collection."""
    path: list[PathKey] = []
    for frame in stack[:-1]:
        if isinstance(frame.node, Sequence):
            path.append(len(frame.node.items))
        elif frame.key is not None:
            path.append(frame.key.text)
    return tuple(path)


def _as_key(node: Node, span: Span) -> Scalar:
    """A key from a collection, or from the node of an alias at ``span``."""
    if isinstance(node, Scalar):
        return Scalar(node.value, node.text, span, node.quoted)
    text = "{…}" if isinstance(node, Mapping) else "[…]"
    return Scalar(f"{text} {span.line}:{span.column}", text, span, quoted=True)


def _merge(frame: _Frame) -> None:
    """``<<``: own keys win over merged ones, earlier merged mappings over later ones."""
    assert isinstance(frame.node, Mapping)  # noqa: S101 - only mappings have keys
    entries = frame.node.entries
    for _, merged in frame.merges:
        for source in merged.items if isinstance(merged, Sequence) else [merged]:
            if isinstance(source, Mapping):
                for key, entry in source.entries.items():
                    entries.setdefault(key, entry)
