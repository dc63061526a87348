"""Files, their documents, comments and problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from lintscale._record import field, record, replace
from lintscale.model.location import Location, PathKey, Span
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, Sequence, node_at

Format = Literal["yaml", "json", "toml", "hcl", "javascript", "python", "go"]
"""The last three are programs: what they describe is read, and never edited."""

PROGRAMS = frozenset({"javascript", "python", "go"})

_FORMATS: dict[str, Format] = {
    ".toml": "toml",
    **dict.fromkeys((".tf", ".tfvars"), "hcl"),
    **dict.fromkeys((".json", ".jsonc"), "json"),
    **dict.fromkeys((".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"), "javascript"),
    ".py": "python",
    ".go": "go",
}


def format_of(file_name: str) -> Format:
    """The format that a file's extension says; YAML for any other."""
    return _FORMATS.get("." + file_name.lower().rpartition(".")[2], "yaml")


@record
class Comment:
    """A comment without its mark (``#``, ``//``, ``/* */``). ``own_line``: only indentation is
    before it."""

    text: str
    span: Span
    own_line: bool


@record(frozen=False)
class Document:
    """One document of a file's stream. ``root`` is None when it is empty. ``aliased`` are the
    nodes that a YAML alias or merge repeats in other places; ``tags`` are the YAML tags of nodes,
    by the nodes' identities."""

    file: str
    index: int
    format: Format
    root: Node | None
    span: Span
    aliased: list[Node] = field(default_factory=list)
    tags: dict[int, str] = field(default_factory=dict)

    def keys(self) -> set[str]:
        """The string keys of the root mapping; empty when the root is no mapping."""
        if not isinstance(self.root, Mapping):
            return set()
        return {key for key in self.root.entries if isinstance(key, str)}

    def node(self, path: tuple[PathKey, ...]) -> Node | None:
        """The node at a path; None where there is none."""
        return node_at(self.root, path)

    def start(self) -> Location:
        """The location of the document as a whole: its first line with content."""
        root = self.root
        if isinstance(root, Mapping) and root.entries and not root.flow:
            entry = next(iter(root.entries.values()))
            end = entry.value.span if isinstance(entry.value, Scalar) else entry.key.span
            start = entry.key.span
            if end.end_line != start.line:
                end = start
            span = Span(start.line, start.column, end.end_line, end.end_column)
        elif root is not None:
            span = Span(root.span.line, root.span.column, root.span.line, root.span.column + 1)
        else:
            span = Span(self.span.line, self.span.column, self.span.line, self.span.column + 1)
        return Location(self.file, span, (), self.index)


def derived(
    document: Document,
    *,
    span: Callable[[Span], Span] | None = None,
    key: Callable[[Scalar], Scalar] | None = None,
) -> Document:
    """A copy of a document, each of its spans and keys as these functions give them. Aliases are
    shared as in the original, which stays as it is."""
    copies = _Copies(span, key)
    return replace(
        document,
        root=copies.of(document.root) if document.root is not None else None,
        span=span(document.span) if span is not None else document.span,
        aliased=[copies.of(node) for node in document.aliased],
    )


class _Copies:
    """Copies of nodes by the originals' identities, so that an alias has one copy. Scalars are not
    copied where nothing about them changes."""

    def __init__(
        self,
        span: Callable[[Span], Span] | None,
        key: Callable[[Scalar], Scalar] | None,
    ) -> None:
        self.span = span
        self.key = key
        self.copies: dict[int, Node] = {}

    def of(self, node: Node) -> Node:
        copy = self.copies.get(id(node))
        if copy is not None:
            return copy
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Mapping):
            mapping = Mapping({}, self._span(node.span), node.flow)
            self.copies[id(node)] = mapping
            for name, entry in node.entries.items():
                key = self._key(entry.key)
                renamed = key.value if name == entry.key.value else name
                mapping.entries[renamed] = Entry(key, self.of(entry.value))
            return mapping
        sequence = Sequence([], self._span(node.span), node.flow)
        self.copies[id(node)] = sequence
        sequence.items.extend(self.of(item) for item in node.items)
        return sequence

    def _key(self, node: Scalar) -> Scalar:
        copy = self._scalar(node)
        return self.key(copy) if self.key is not None else copy

    def _scalar(self, node: Scalar) -> Scalar:
        if self.span is None:
            return node
        copy = Scalar(node.value, node.text, self.span(node.span), node.quoted)
        self.copies[id(node)] = copy
        return copy

    def _span(self, span: Span) -> Span:
        return self.span(span) if self.span is not None else span


@record
class Problem:
    """Why a file or a part of it cannot be read, or breaks its schema. ``kind`` is the id of the
    rule that reports it: "syntax-error", "duplicate-key", "schema-violation" or "unknown-key".

    The rule fills in an empty ``severity`` or ``help``. ``related`` is another span in the file,
    with its message. ``rename`` is the right name of the key at ``span``, ``intended`` the path
    at which the key of ``path`` belongs. ``workload`` is the display name of the object.
    ``missing``: a required key is absent. ``assumed`` is as in
    :class:`lintscale.model.location.Rendering`."""

    kind: str
    message: str
    span: Span
    path: tuple[PathKey, ...] = ()
    related: Span | None = None
    related_message: str = "first defined here"
    document: int = 0
    severity: str = ""
    help: str = ""
    rename: str = ""
    workload: str = ""
    intended: tuple[PathKey, ...] = ()
    missing: bool = False
    assumed: str = ""


SCHEMA_KINDS = frozenset({"schema-violation", "unknown-key"})
"""The kinds of problems of documents that were read and break their schema."""


@record(frozen=False)
class ParseResult:
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@record(frozen=False)
class SourceFile:
    """A file that was read: its path relative to the project root (forward slashes), its text,
    its documents with each key where it is meant to stand, and whose they are (``platform``)."""

    path: str
    text: str
    format: Format
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    platform: str = ""

    def document(self, index: int) -> Document | None:
        """The document with this index in the file's stream."""
        return next((each for each in self.documents if each.index == index), None)

    def node(self, location: Location) -> Node | None:
        """The node at a location's document and path."""
        document = self.document(location.document)
        return document.node(location.path) if document is not None else None
