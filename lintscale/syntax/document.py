"""Documents and what reading them can go wrong with."""

from __future__ import annotations

from typing import Literal

from lintscale._record import field, record
from lintscale.model.location import Location, Span
from lintscale.syntax.nodes import Mapping, Node, Scalar

Format = Literal["yaml", "json", "toml"]


@record
class Comment:
    """A comment without its mark (``#``, ``//``, ``/* */``). ``own_line``: nothing but
    indentation stands before it."""

    text: str
    span: Span
    own_line: bool


@record(frozen=False)
class Document:
    """One document of a file's stream. ``root`` is None when it is empty. ``aliased`` are the
    nodes that stand in other places as well, by a YAML alias or merge."""

    file: str
    index: int
    format: Format
    root: Node | None
    span: Span
    aliased: list[Node] = field(default_factory=list)

    def keys(self) -> set[str]:
        """The string keys of the root mapping; empty when the root is no mapping."""
        if not isinstance(self.root, Mapping):
            return set()
        return {key for key in self.root.entries if isinstance(key, str)}

    def start(self) -> Location:
        """The document as a whole: its first line that says something."""
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


@record
class Problem:
    """Why a file, or a part of it, cannot be read as it stands. ``kind`` is the id of the rule
    that reports it: "syntax-error", "duplicate-key", "schema-violation" or "unknown-key".

    What is empty is left to the rule: ``severity``, ``help``. ``related`` is another place in the
    file, with what it says. ``rename`` is the name that the key at ``span`` is to have instead.
    ``workload`` is the display name of the object.
    ``meant`` is the path at which the key of ``path`` can only be meant to stand. ``missing``: the
    key is required and not there."""

    kind: str
    message: str
    span: Span
    path: tuple[str | int, ...] = ()
    related: Span | None = None
    related_message: str = "it stands here first"
    document: int = 0
    severity: str = ""
    help: str = ""
    rename: str = ""
    workload: str = ""
    meant: tuple[str | int, ...] = ()
    missing: bool = False


SCHEMA_KINDS = frozenset({"schema-violation", "unknown-key"})
"""The kinds of problems that say how a document that was read differs from what is expected."""


@record(frozen=False)
class ParseResult:
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@record(frozen=False)
class SourceFile:
    """A file that was read: its path relative to the project root (forward slashes), its text
    and what was parsed of it."""

    path: str
    text: str
    format: Format
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
