"""What a comment covers: its line, the block that begins there, or the file.

A comment on a line of its own speaks of the line directly below (other comments may stand
between). Where a line opens a block, that is everything in it; where it stands for a document,
all of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lintscale.suppressions.suppression import Block, Cover, Path
from lintscale.suppressions.syntax import IGNORE_FILE, Directive
from lintscale.syntax import Document, Mapping, Node, Scalar, SourceFile, parse
from lintscale.syntax import Sequence as Items
from lintscale.syntax.document import Comment
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

NOTHING_BELOW = "nothing stands directly below it"
ABOVE_A_MARKER = "it ends a document; to cover the next one, put it below the “---”"

_DASHES = regex(r"[ \t]*(?:-[ \t]+)*-[ \t]*(?:[&!][^ \t]*[ \t]*)*")
_MARKER = regex(r"---(?:[ \t]|\Z)")
_QUIET = regex(r"[ \t]*(?:---(?:[ \t]+[{\[]?)?|%.*|[{\[])?[ \t]*")
"""A line that says nothing, or only opens something."""


class Places:
    """Answers for the comments of one file."""

    def __init__(self, source: SourceFile, comments: Sequence[Comment]) -> None:
        self.source = source
        self.lines = Positions(source.text).lines()
        self.bare = _without_comments(self.lines, comments)
        self.first_content = next(
            (number for number, line in enumerate(self.bare, 1) if not _QUIET.fullmatch(line)),
            len(self.lines) + 1,
        )
        self.first_marker = next(
            (number for number, line in enumerate(self.bare, 1) if _MARKER.match(line)), 0
        )
        self.below = self._content_below(comments)
        self._blocks: dict[int, list[Block]] | None = None

    def cover(self, comment: Comment, directive: Directive) -> Cover:
        file = self.source.path
        if directive.verb == IGNORE_FILE:
            if comment.span.line < self.first_content:
                return Cover(file, whole_file=True, where="in this file")
            return Cover(misplaced=f"{IGNORE_FILE} holds at the top, before the first key")
        line = self._target(comment)
        if line is None:
            return Cover(misplaced=NOTHING_BELOW)
        if self._ends_document(line) and line != comment.span.line:
            return Cover(misplaced=ABOVE_A_MARKER)
        blocks = tuple(self.blocks().get(line, ()))
        return Cover(file, line, blocks, where=_in_words(line, blocks))

    def _target(self, comment: Comment) -> int | None:
        """The line that the comment speaks of; None if there is none."""
        line = comment.span.end_line
        if self.bare[line - 1].strip() and not self._only_opens(line):
            return line
        line = self.below[line]
        if line > len(self.lines) or not self.bare[line - 1].strip():
            return None
        return line

    def _ends_document(self, line: int) -> bool:
        """Whether a marker stands there with a document before it."""
        if self.source.format != "yaml" or not _MARKER.match(self.bare[line - 1]):
            return False
        return line != self.first_marker or line > self.first_content

    def _content_below(self, comments: Sequence[Comment]) -> list[int]:
        """For each line (the first is 1) the next below it that is no comment alone; one more
        than there are at the end."""
        only_comment = {
            line
            for comment in comments
            for line in range(comment.span.line, comment.span.end_line + 1)
            if not self.bare[line - 1].strip()
        }
        last = len(self.lines)
        below = [last + 1] * (last + 1)
        for line in range(last - 1, 0, -1):
            following = line + 1
            passed = following in only_comment or self._only_opens(following)
            below[line] = below[following] if passed else following
        return below

    def _only_opens(self, line: int) -> bool:
        """Whether the item of a YAML list begins here, and its content on the next line."""
        text = self.bare[line - 1]
        return (
            self.source.format == "yaml"
            and _DASHES.fullmatch(text) is not None
            and not _MARKER.match(text)
        )

    def blocks(self) -> dict[int, list[Block]]:
        """The blocks that begin on each line."""
        if self._blocks is None:
            self._blocks = {}
            for document in self._documents():
                for line, block in _blocks(document, self.lines):
                    self._blocks.setdefault(line, []).append(block)
        return self._blocks

    def _documents(self) -> Sequence[Document]:
        """Of a file that is a part of others' objects, none were kept."""
        source = self.source
        if source.documents:
            return source.documents
        return parse(source.text, source.path, source.format).documents


def _in_words(line: int, blocks: Sequence[Block]) -> str:
    if any(not block.path for block in blocks):
        return "in this document"
    if any(block.last_line > line for block in blocks):
        return f"in the block that begins on line {line}"
    return f"on line {line}"


def _without_comments(lines: Sequence[str], comments: Sequence[Comment]) -> list[str]:
    """The lines with blanks in the place of comments."""
    bare = list(lines)
    for comment in comments:
        span = comment.span
        for number in range(span.line, span.end_line + 1):
            text = bare[number - 1]
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(text)
            bare[number - 1] = text[:start] + " " * (end - start) + text[end:]
    return bare


def _blocks(document: Document, lines: Sequence[str]) -> Iterator[tuple[int, Block]]:
    """Every entry and item of a document with the line on which it begins."""
    root = document.root
    if root is None:
        return
    index = document.index
    for line in _lines_of_document(document, root, lines):
        yield line, Block(index, (), root.span.end_line)
    nested = document.format == "toml"
    stack: list[tuple[Path, Node]] = [((), root)]
    while stack:
        path, node = stack.pop()
        below: list[tuple[Path, int, Node]] = []
        if isinstance(node, Mapping):
            for key, value in node.entries.values():
                below.append(((*path, key.text), key.span.line, value))
        elif isinstance(node, Items):
            for number, item in enumerate(node.items):
                below.append(((*path, number), item.span.line, item))
        for place, line, value in below:
            if not (nested and _goes_on(value, line)):
                yield line, Block(index, place, value.span.end_line)
            if not isinstance(value, Scalar):
                stack.append((place, value))


def _lines_of_document(document: Document, root: Node, lines: Sequence[str]) -> Iterator[int]:
    """The lines that stand for a whole document: its marker, its opening bracket, or the first
    key of a YAML document unless that opens a block of its own."""
    if document.format == "toml":
        return
    marker = document.span.line
    if document.format == "yaml" and _MARKER.match(lines[marker - 1]):
        yield marker
    if isinstance(root, Mapping) and not root.flow:
        first = next(iter(root.entries.values()), None)
        if first is not None and isinstance(first.value, Scalar):
            yield first.key.span.line
    elif not isinstance(root, Scalar) and root.flow:
        yield root.span.line


def _goes_on(value: Node, line: int) -> bool:
    """Whether a TOML table begins here only as a part of another's name: ``[a.b]`` is about b,
    ``[[a]]`` about one of a's items."""
    if isinstance(value, Mapping) and not value.flow:
        return any(key.span.line == line for key, _ in value.entries.values())
    return isinstance(value, Items) and not value.flow
