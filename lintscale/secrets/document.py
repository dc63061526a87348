"""What of a file is hidden: by its documents where it could be parsed, by its text everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from lintscale.model.location import Span
from lintscale.secrets.names import is_hidden_name, may_be_hidden_name
from lintscale.secrets.shapes import Range
from lintscale.secrets.text import NAME_KEYS, OTHER_THINGS, READABLE, hidden_ranges, merged
from lintscale.secrets.values import looks_random, may_be_secret
from lintscale.syntax.document import Document
from lintscale.syntax.nodes import Mapping, Node, Scalar, Sequence
from lintscale.syntax.text import Positions

_BLOCK = 8192
"""A file is read in blocks of so many characters, each with half as many before and after it: of a
file of many megabytes only what is near the shown lines."""

_ABOUT_OBJECTS = frozenset({"apiVersion", "kind", "metadata", "type", "immutable"})


class HiddenText:
    """The hidden ranges of one text, found where they are asked for."""

    def __init__(
        self, positions: Positions, documents: Iterable[Document] = (), spans: Iterable[Span] = ()
    ) -> None:
        self.positions = positions
        self.text = positions.text
        self._documents = documents
        self._spans = spans
        self._blocks: dict[int, list[Range]] = {}

    def ranges(self, start: int, end: int) -> list[Range]:
        """The hidden ranges between two offsets, cut off there."""
        found = [*self._parsed]
        for block in range(max(start, 0) // _BLOCK, max(end, 0) // _BLOCK + 1):
            found += self._block(block)
        cut = ((max(first, start), min(last, end)) for first, last in found)
        return merged(cut)

    def _block(self, block: int) -> list[Range]:
        if block not in self._blocks:
            first = max(0, block * _BLOCK - _BLOCK // 2)
            near = self.text[first : (block + 1) * _BLOCK + _BLOCK // 2]
            self._blocks[block] = [
                (first + start, first + end) for start, end in hidden_ranges(near)
            ]
        return self._blocks[block]

    @cached_property
    def _parsed(self) -> list[Range]:
        spans = [*self._spans]
        for document in self._documents:
            spans += (scalar.span for scalar in _hidden_scalars(document.root))
        return merged(self._content(span) for span in spans)

    def _content(self, span: Span) -> Range:
        """The range of a span without its quotation marks."""
        start = self.positions.offset(span.line, span.column)
        end = self.positions.offset(span.end_line, span.end_column)
        is_quoted = end - start > 1 and self.text[start] == self.text[end - 1] in ("'", '"')
        return (start + 1, end - 1) if is_quoted else (start, end)


def _hidden_scalars(root: Node | None) -> Iterator[Scalar]:
    seen: set[tuple[int, bool, bool]] = set()
    pending: list[tuple[Node | None, bool, bool]] = [(root, False, False)]
    while pending:
        node, hides, everything = pending.pop()
        # A node that aliases repeat is looked at once for each way of looking.
        if node is None or (id(node), hides, everything) in seen:
            continue
        seen.add((id(node), hides, everything))
        if isinstance(node, Scalar):
            if hides and _is_secret(node, everything=everything):
                yield node
        elif isinstance(node, Sequence):
            pending += [(item, hides, everything) for item in node.items]
        else:
            pending += _entries(node, hides=hides, everything=everything)


def _is_secret(node: Scalar, *, everything: bool) -> bool:
    if node.value is None or isinstance(node.value, bool):
        return False
    return everything or may_be_secret(node.text)


def _entries(node: Mapping, *, hides: bool, everything: bool) -> Iterator[tuple[Node, bool, bool]]:
    kind = node.get("kind")
    is_secret = isinstance(kind, Scalar) and kind.value == "Secret"
    of_secret = _names_secret(node)
    for entry in node.entries.values():
        key = entry.key.text
        if everything or (is_secret and key not in _ABOUT_OBJECTS):
            yield entry.value, True, True
        elif key.lower() in READABLE:
            yield entry.value, False, False
        elif (
            (key == "secrets" and isinstance(entry.value, Mapping))
            or hides
            or of_secret
            or is_hidden_name(key)
        ):
            yield entry.value, True, False
        else:
            value = entry.value
            text = value.text if isinstance(value, Scalar) and may_be_hidden_name(key) else ""
            yield value, looks_random(text), False


def _names_secret(node: Mapping) -> bool:
    """Has the mapping a name that is one of a secret, as a variable has? Volumes and containers
    have one as well."""
    if OTHER_THINGS & {entry.key.text.lower() for entry in node.entries.values()}:
        return False
    values = (entry.value for entry in node.entries.values() if entry.key.text.lower() in NAME_KEYS)
    return any(isinstance(each, Scalar) and is_hidden_name(each.text) for each in values)
