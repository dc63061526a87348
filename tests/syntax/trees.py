"""What the tests of the readers share: looking at trees, and generating YAML to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from lintscale.model.location import Span
from lintscale.syntax import Mapping, Node, ParseResult, Scalar, Sequence
from lintscale.syntax.nodes import to_plain


def cut(text: str, span: Span) -> str:
    """The text that a span covers, found by counting lines and columns as an editor does."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = lines[span.line : span.end_line - 1]
    first = lines[span.line - 1][span.column - 1 :]
    return first + "".join(middle) + lines[span.end_line - 1][: span.end_column - 1]


def at(node: Node, *path: str | int) -> Any:
    """The node at a path of keys and indices."""
    for step in path:
        node = node.items[step] if isinstance(node, Sequence) else node.entries[step].value
    return node


def bomb(width: int, levels: int) -> str:
    """YAML whose aliases expand to ``width`` to the power of ``levels`` nodes."""
    lines = (
        f"a{level}: &a{level} [" + (f"*a{level - 1}, " if level else "x, ") * width + "]\n"
        for level in range(levels)
    )
    return "".join(lines)


def scalars(node: Node | None) -> Iterator[Scalar]:
    """All keys and values, in the order of the text."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.entries.values():
            yield key
            yield from scalars(value)
    elif node is not None:
        for item in node.items:
            yield from scalars(item)


def picture(node: Node | None) -> Any:
    """Everything that a tree knows, comparable."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return (repr(node.value), node.text, node.span, node.quoted)
    if isinstance(node, Mapping):
        entries = [(picture(key), picture(value)) for key, value in node.entries.values()]
        return ("mapping", node.span, node.flow, entries)
    return ("sequence", node.span, node.flow, [picture(item) for item in node.items])


def pictures(result: ParseResult) -> list[Any]:
    return [(d.index, d.span, picture(d.root)) for d in result.documents]


def roots(result: ParseResult) -> list[Any]:
    """The documents as plain data; fails on any problem."""
    assert result.problems == []
    return [to_plain(document.root) for document in result.documents]


def only_problem(result: ParseResult) -> tuple[str, str, Span]:
    (problem,) = result.problems
    return problem.kind, problem.message, problem.span


TEXT = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cc",),
        exclude_characters="\ufeff\u2028\u2029\ufffe\uffff",
    )
    | st.sampled_from("\n\t #:'\"-{}[]|>&*!%,é😀"),
    max_size=12,
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
DATA = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
    max_leaves=12,
)


@dataclass
class Emitted:
    """A YAML text, and the source of each key and value in it, in order."""

    text: str = ""
    sources: list[str] = field(default_factory=list)


class Emitter:
    """Writes data as YAML in styles that hypothesis draws."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.out = Emitted()

    def emit(self, data: Any) -> Emitted:
        self._block(data, 0)
        if not self.out.text.endswith("\n"):
            self._comment_or_break()
        return self.out

    def _block(self, data: Any, indent: int) -> None:
        """At the start of a line, or after the indicator that ``data`` belongs to."""
        if isinstance(data, (dict, list)) and data and self.draw(st.integers(0, 3)):
            self._collection(data, indent)
        else:
            self._write(" " if self.out.text[-1:] in (":", "-") else "")
            self._leaf(data, indent)

    def _collection(self, data: Any, indent: int) -> None:
        if self.out.text.endswith(":"):
            self._comment_or_break()
        elif self.out.text.endswith("-"):
            self._write(" ")
        for number, item in enumerate(data.items() if isinstance(data, dict) else data):
            if number or self.out.text[-1:] in ("", "\n"):
                self._write(" " * indent)
            if isinstance(data, dict):
                key, item = item  # noqa: PLW2901 - the same thing, unpacked
                self._scalar(key, as_key=True)
                self._write(":")
            else:
                self._write("-")
            self._block(item, indent + 2)
            if not self.out.text.endswith("\n"):
                self._comment_or_break()

    def _comment_or_break(self) -> None:
        self._write(self.draw(st.sampled_from(["\n", "\n", ' # it\'s a "note"\n', "\n\n"])))

    def _leaf(self, data: Any, indent: int) -> None:
        if isinstance(data, dict):
            self._write("{")
            for number, (key, value) in enumerate(data.items()):
                self._write(", " if number else "")
                self._scalar(key, as_key=True)
                self._write(": ")
                self._leaf(value, -1)
            self._write("}")
        elif isinstance(data, list):
            self._write("[")
            for number, value in enumerate(data):
                self._write(", " if number else "")
                self._leaf(value, -1)
            self._write("]")
        elif (
            isinstance(data, str) and indent > 0 and _is_literal(data) and self.draw(st.booleans())
        ):
            lines = [" " * indent + line for line in data.split("\n")[:-1]]
            self._source("\n".join(["|", *lines]))
            self._write("\n")
        else:
            self._scalar(data)

    def _scalar(self, data: Any, *, as_key: bool = False) -> None:
        styles = [json.dumps(data, ensure_ascii=False)]
        if isinstance(data, str):
            if not re.search(r"[\n\t\x85]", data):
                styles.append("'" + data.replace("'", "''") + "'")
            if re.fullmatch(r"(?!(?:[yntfo]|null))[a-zé][a-zA-Z0-9é]*(?: [a-z0-9]+)*", data):
                styles.append(data)
            if not as_key and re.fullmatch(r"[a-z😀]+ [a-z😀]+", data):
                styles.append('"' + data.replace(" ", "\n      ") + '"')
        self._source(self.draw(st.sampled_from(styles)))

    def _source(self, text: str) -> None:
        self.out.sources.append(text)
        self._write(text)

    def _write(self, text: str) -> None:
        self.out.text += text


def _is_literal(data: str) -> bool:
    """Whether a literal block scalar without indicators can hold it."""
    return re.fullmatch(r"(?:[^\s][^\n\t\x85]*\S\n|[^\s]\n)+", data) is not None


@st.composite
def yaml_texts(draw: Any) -> tuple[Any, Emitted]:
    """Data, and a YAML text that says it."""
    lines = st.lists(
        st.from_regex(r"[a-z#:é😀]( #)?[a-z]*", fullmatch=True), min_size=1, max_size=3
    )
    leaves = (
        LEAVES
        | lines.map(lambda lines: "\n".join(lines) + "\n")
        | st.from_regex(r"[a-z😀]{1,4} [a-z😀]{1,4}", fullmatch=True)
    )
    data = draw(
        st.recursive(
            leaves,
            lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXT, below, max_size=4),
            max_leaves=10,
        )
    )
    return data, Emitter(draw).emit(data)
