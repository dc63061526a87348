"""A file's text for edits: offsets, lines, comments and shared nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from lintscale._record import record
from lintscale.model.location import PathKey, Span
from lintscale.syntax.document import Document, SourceFile
from lintscale.syntax.nodes import Entry, Mapping, Node, Sequence, scalars
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions, TextRange

Touched = tuple[int, tuple[PathKey, ...]]
"""A document's index and a key path in it."""

_HASH, _SLASHES = r"#[^\r\n]*", r"//[^\r\n]*|/\*[^\r\n]*?\*/"
_COMMENT = {
    **dict.fromkeys(("yaml", "toml", "python"), _HASH),
    **dict.fromkeys(("json", "javascript", "go"), _SLASHES),
    "hcl": f"{_HASH}|{_SLASHES}",
}
_MARKER = regex(r"\{[{%]|\[(?:START|END)\b|#(?:end)?region\b", re.IGNORECASE)
"""A comment that begins or ends something: a template's action, a region."""

_LINE_END = regex(r"\r\n?|\n|\Z")


@record
class Replacement:
    """Replaces the text from ``start`` to ``end``."""

    start: int
    end: int
    text: str


Replacements = tuple[Replacement, ...]


@record
class Change:
    """The replacements that change a value. ``touched`` are the key paths whose values change;
    all others are the same. ``loses_comment``: a comment is removed too."""

    replacements: Replacements
    touched: tuple[Touched, ...]
    loses_comment: bool = False


class SourceText:
    """One file that is to be edited. Offsets count from the text's first character."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.text = file.text
        self.format = file.format
        comment = _COMMENT[file.format]
        # In YAML and in a value of TOML a mark without a blank before it is none.
        self._rest = re.compile(rf"[ \t]*({comment})?[ \t]*(?=[\r\n]|\Z)")
        self._comment = re.compile(rf"(?<![^ \t\r\n,\[\]{{}}])(?:{comment})")
        self._blank = re.compile(rf"(?:\s|{comment})*+")
        self._aliased: dict[int, set[int]] = {}

    @cached_property
    def positions(self) -> Positions:
        return Positions(self.text)

    @cached_property
    def newline(self) -> str:
        """The line break of the file's first line."""
        found = _LINE_END.search(self.text)
        return (found[0] if found else "") or "\n"

    def newline_at(self, offset: int) -> str:
        """The line break after an offset, as a file may have several kinds."""
        return self._break(offset)[0] or self.newline

    # -- offsets ----------------------------------------------------------------------------------

    def range(self, span: Span) -> TextRange:
        return self.positions.offset(*span[:2]), self.positions.offset(*span[2:])

    def raw(self, node: Node) -> str:
        """The text of a node."""
        start, end = self.range(node.span)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        return self.positions.offset(self.positions.at(offset)[0], 1)

    def line_end(self, offset: int) -> int:
        """Before the line break."""
        return self._break(offset).start()

    def next_line(self, offset: int) -> int:
        """After the line break; the end of the text where the line has none."""
        return self._break(offset).end()

    def _break(self, offset: int) -> re.Match[str]:
        found = _LINE_END.search(self.text, offset)
        assert found is not None  # noqa: S101 - the end of the text is one
        return found

    def before_on_line(self, offset: int) -> str:
        return self.text[self.line_start(offset) : offset]

    def rest_of_line(self, offset: int) -> re.Match[str] | None:
        """The rest of a line, if it is blank or a comment (group 1)."""
        return self._rest.match(self.text, offset)

    def is_blank(self, start: int, end: int) -> bool:
        """Are there only blanks, line breaks and comments between two offsets?"""
        return self._blank.fullmatch(self.text, start, end) is not None

    def comma_after(self, offset: int) -> int | None:
        """The offset of the next comma, after blanks and comments only."""
        found = self._blank.match(self.text, offset)
        at = found.end() if found is not None else offset
        return at if self.text.startswith(",", at) else None

    def holds_comment(self, start: int, end: int) -> bool:
        """Whether there may be a comment between two offsets."""
        return self._comment.search(self.text, start, end) is not None

    def above_comments(self, line_start: int) -> int:
        """The start of the comment lines directly above a line."""
        mark = "//" if self.format == "json" else "#"
        while line_start > 0:
            above = self.line_start(line_start - 1)
            if not self.text[above:line_start].lstrip(" \t").startswith(mark):
                break
            line_start = above
        return line_start

    def own_comments(self, document: Document, line_start: int) -> int:
        """The start of the comment lines about a line: directly above it, at the same indentation.
        Those at the beginning of a document are about the document."""
        first, start = self.above_comments(line_start), line_start
        while start > first:
            above = self.line_start(start - 1)
            if self._indent(above) != self._indent(line_start):
                break
            if _MARKER.search(self.text, above, start):
                break
            start = above
        root = document.root
        if start == line_start or root is None or self.is_blank(0, start):
            return line_start
        texts = (self.range(node.span) for node in scalars(root))
        if start <= self.range(root.span)[0] or any(a < start < b for a, b in texts):
            return line_start
        return start

    def _indent(self, line_start: int) -> str:
        line = self.text[line_start : self.line_end(line_start)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    # -- whole lines ------------------------------------------------------------------------------

    def whole_lines(self, start: int, end: int) -> TextRange:
        """The range of whole lines around a range, with their line breaks. In a file without a
        final newline, the last line takes the breaks above it, so that the file stays without."""
        first, after = self.line_start(start), self.next_line(end)
        if after == self.line_end(end):  # nothing ends the last line
            first = len(self.text[:first].rstrip("\r\n"))
        return first, after

    def new_lines(self, after: int, lines: list[str]) -> Replacement:
        """Lines after the one of an offset. A file without a final newline stays without one."""
        newline = self.newline_at(after)
        text = newline.join(lines)
        start = self.next_line(after)
        if start == self.line_end(after):  # the last line, and nothing ends it
            return Replacement(start, start, f"{newline}{text}")
        return Replacement(start, start, f"{text}{newline}")

    # -- what is shared ---------------------------------------------------------------------------

    def is_shared(self, document: Document, nodes: Iterable[Node]) -> bool:
        """Is any of these nodes shared by an alias or merge?"""
        if document.index not in self._aliased:
            self._aliased[document.index] = {id(node) for node in document.aliased}
        aliased = self._aliased[document.index]
        return any(id(node) in aliased for node in nodes)

    def holds_shared(self, document: Document, start: int, end: int) -> bool:
        """Does a node that is shared by an alias or merge begin between two offsets?"""
        return any(start <= self.range(node.span)[0] < end for node in document.aliased)


def paths_of(
    document: Document, entry: Entry, path: tuple[PathKey, ...]
) -> Iterable[tuple[PathKey, ...]]:
    """All key paths of the entry at ``path``, also through aliases and merges."""
    if not document.aliased:
        yield path
        return
    todo: list[tuple[Node | None, tuple[PathKey, ...]]] = [(document.root, ())]
    while todo:
        node, prefix = todo.pop()
        if isinstance(node, Mapping):
            for each in node.entries.values():
                below = (*prefix, each.key.text)
                todo.append((each.value, below))
                if each is entry:
                    yield below
        elif isinstance(node, Sequence):
            todo += [(item, (*prefix, index)) for index, item in enumerate(node.items)]
