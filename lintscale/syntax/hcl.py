"""HCL to a located document, by tree-sitter's grammar.

The document mirrors the file: an attribute is an entry, a block one under its type and labels
("resource.aws_ecs_service.web"; a second one of that name has "[1]" behind it), a call an entry
under the function's name with the list of its arguments. Literals have their values; any other
expression is a scalar whose text is a placeholder that holds the expression.

The grammar (version 1.2.0) does not know exponents without a fraction: ``1e3`` is an error to it,
so it is shown ``1.3``. A broken line damages what stands beside it: :func:`damaged` says which
attributes cannot be trusted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lintscale.model.location import Span
from lintscale.syntax.document import Document, ParseResult
from lintscale.syntax.grammars import parse
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar, ScalarValue, Sequence
from lintscale.syntax.readers import MAX_DEPTH, MAX_DIGITS
from lintscale.syntax.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

_ESCAPE = regex(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", flags=re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_EXPONENT = regex(rb"(?<![\w.])(\d+)[eE]([+-]?)(\d+)(?![\w.])")
_AFTER_ATTRIBUTE = regex(rb"[ \t]*(?:[\r\n#}]|//|/\*|\Z)")
_MAX_SHOWN = 80


class Source:
    """The text of one file with its tree; ``root`` is None where the grammar is missing or the
    file too long. Trees count bytes, spans count characters. ``lines_before`` are lines that were
    put before the file's own, to have it read as something else."""

    def __init__(self, file: str, text: str, lines_before: int = 0) -> None:
        self.file = file
        self.text = text
        self.lines_before = lines_before
        self.data = text.encode("utf-8", "surrogatepass")
        self._starts = [0]
        at = self.data.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        self._ascii = len(self.data) == len(text)
        self._mark = 3 if text.startswith("\ufeff") else 0

    @cached_property
    def root(self) -> Tree | None:
        return parse("hcl", _EXPONENT.sub(_as_fraction, self.data))

    def at(self, byte: int) -> tuple[int, int]:
        """The line and column of a byte."""
        line = bisect_right(self._starts, byte)
        start = self._starts[line - 1]
        if line == 1:
            start = min(self._mark, byte)
        line = max(line - self.lines_before, 1)
        if self._ascii:
            return line, byte - start + 1
        return line, len(self.data[start:byte].decode("utf-8", "replace")) + 1

    def span(self, node: Tree) -> Span:
        return Span(*self.at(node.start_byte), *self.at(node.end_byte))

    def between(self, start: int, end: int) -> str:
        """The text between two bytes, with line feeds for all ends of lines."""
        return self.data[start:end].decode("utf-8", "replace").replace("\r\n", "\n")

    def raw(self, node: Tree) -> str:
        return self.between(node.start_byte, node.end_byte)


def parse_hcl(text: str, file: str) -> ParseResult:
    """The file as one document. What does not parse is left out, or a placeholder."""
    source = Source(file, text)
    return ParseResult([mirrored(source)])


def mirrored(source: Source) -> Document:
    """The document of a parsed file."""
    root = source.root
    if root is None:
        return Document(source.file, 0, "hcl", None, Span(1, 1, 1, 1))
    body = next((child for child in root.children if child.type == "body"), None)
    mirror = _Mirror(source)
    node = mirror.body(body, source.span(root), 0)
    return Document(source.file, 0, "hcl", node, source.span(root))


# -- the parts of a tree --------------------------------------------------------------------------


def _as_fraction(found: re.Match[bytes]) -> bytes:
    """A number of the same length."""
    return found[1] + b"." + b"0" * len(found[2]) + found[3]


def attributes(source: Source, body: Tree | None) -> Iterator[tuple[str, Tree, Tree, bool]]:
    """(name, its node, the expression, whether it can be trusted) of a body."""
    if body is None:
        return
    bad = damaged(source, body)
    for child in body.children:
        if child.type == "attribute":
            name = next((each for each in child.children if each.type == "identifier"), None)
            value = next((each for each in child.children if each.type == "expression"), None)
            if name is not None and value is not None:
                yield source.raw(name), name, value, child.id not in bad


def lost_names(source: Source, body: Tree) -> set[str]:
    """Names that stand in what does not parse, directly in the body or in one of its attributes:
    they may be attributes that are set."""
    names: set[str] = set()
    for child in body.children:
        if not child.has_error or child.type == "block":
            continue
        pending = [child]
        while pending:
            node = pending.pop()
            if node.type == "identifier" and node.parent is not None and node.parent.is_error:
                names.add(source.raw(node))
            if node.has_error or node.is_error:
                pending.extend(node.children)
    return names


def blocks(
    source: Source, body: Tree | None
) -> Iterator[tuple[str, tuple[str, ...], Tree, Tree | None]]:
    """(type, labels, the block, its body) of the blocks directly in a body."""
    if body is None:
        return
    for child in body.children:
        if child.type == "block":
            kind, *labels = [
                _label(source, each)
                for each in child.children
                if each.type in ("identifier", "string_lit")
            ]
            inner = next((each for each in child.children if each.type == "body"), None)
            yield kind, tuple(labels), child, inner


def _label(source: Source, node: Tree) -> str:
    text = source.raw(node)
    return text[1:-1] if node.type == "string_lit" else text


def damaged(source: Source, body: Tree) -> set[int]:
    """The ids of the attributes of a body that cannot be trusted: those that hold an error or
    whose expression begins on a later line, and what has anything behind it on its line (there is
    a line break between attributes)."""
    bad: set[int] = set()
    previous: Tree | None = None
    for child in body.children:
        if child.type == "comment":
            continue
        is_attribute = child.type == "attribute"
        broken = child.is_error or (is_attribute and (child.has_error or _breaks_early(child)))
        if broken or (is_attribute and not _AFTER_ATTRIBUTE.match(source.data, child.end_byte)):
            bad.add(child.id)
        if previous is not None and previous.end_point.row == child.start_point.row:
            near = broken or previous.id in bad or previous.is_error or is_attribute
            if near:
                bad.update((child.id, previous.id))
        previous = child
    return bad


def _breaks_early(attribute: Tree) -> bool:
    value = next((each for each in attribute.children if each.type == "expression"), None)
    return value is None or value.start_point.row != attribute.start_point.row


def unescaped(text: str) -> str:
    """The content of a quoted template's literal part."""
    return _ESCAPE.sub(_character, text) if "\\" in text or "{" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    if found[3] is not None:
        return _ESCAPED.get(found[3], str(found[0]))
    return str(found[0])[1:]


def literal(source: Source, node: Tree) -> tuple[bool, ScalarValue]:
    """(whether it is one, its value) of an expression that is a plain literal."""
    node = unwrapped(node)
    negative = False
    if node.type == "operation" and node.child_count == 1:
        inner = node.children[0]
        if inner.type == "unary_operation" and inner.child_count == 2:
            sign, value = inner.children
            if sign.type == "-" and value.type == "literal_value":
                node, negative = value, True
    if node.type != "literal_value" or node.child_count != 1 or node.has_error:
        return False, None
    kind = node.children[0]
    if kind.type == "numeric_lit":
        number = _number(source.raw(kind))
        return number is not None, -number if negative and number is not None else number
    if negative:
        return False, None
    if kind.type == "string_lit":
        return True, unescaped(source.raw(kind)[1:-1])
    if kind.type == "bool_lit":
        return True, source.raw(kind) == "true"
    return kind.type == "null_lit", None


def _number(text: str) -> int | float | None:
    if len(text) > MAX_DIGITS:
        return None
    try:
        return int(text) if text.isdigit() else float(text)
    except ValueError:
        return None


def unwrapped(node: Tree) -> Tree:
    """An expression without the nodes that hold only another one."""
    while node.type in ("expression", "collection_value", "for_expr"):
        named = [child for child in node.children if child.is_named and child.type != "comment"]
        if len(named) != 1:
            break
        node = named[0]
    return node


def shown(source: Source, node: Tree) -> str:
    """An expression as a placeholder that holds its text."""
    text = " ".join(source.raw(node)[:_MAX_SHOWN].split())
    return "${" + text.replace("{", "(").replace("}", ")").replace("$", "") + "}"


class _Mirror:
    def __init__(self, source: Source) -> None:
        self.source = source

    def body(self, body: Tree | None, span: Span, depth: int) -> Mapping:
        mapping = Mapping({}, span)
        if body is None or depth > MAX_DEPTH:
            return mapping
        for name, key, value, trusted in attributes(self.source, body):
            node = self.value(value, depth + 1, trusted)
            mapping.entries[name] = Entry(Scalar(name, name, self.source.span(key)), node)
        for kind, labels, block, inner in blocks(self.source, body):
            name = block_key(kind, labels, mapping)
            head = Span(
                *self.source.at(block.start_byte),
                *self.source.at(block.children[len(labels)].end_byte),
            )
            node = self.body(inner, self.source.span(block), depth + 1)
            mapping.entries[name] = Entry(Scalar(name, name, head), node)
        return mapping

    def value(self, node: Tree, depth: int, trusted: bool = True) -> Node:
        source = self.source
        is_literal, value = literal(source, node) if trusted else (False, None)
        inner = unwrapped(node)
        if is_literal:
            text = value if isinstance(value, str) else source.raw(inner)
            return Scalar(value, text, source.span(inner), isinstance(value, str))
        if trusted and depth < MAX_DEPTH and not inner.has_error:
            if inner.type == "object":
                mapping = Mapping({}, source.span(inner), flow=True)
                for name, key, item in object_entries(source, inner):
                    if name is not None:
                        entry = Entry(
                            Scalar(name, name, source.span(key)), self.value(item, depth + 1)
                        )
                        mapping.entries[name] = entry
                return mapping
            if inner.type == "tuple":
                items = [each for each in inner.children if each.type == "expression"]
                nodes = [self.value(each, depth + 1) for each in items]
                return Sequence(nodes, source.span(inner), flow=True)
            if inner.type == "function_call":
                name, arguments = call_parts(source, inner)
                nodes = [self.value(each, depth + 1) for each in arguments]
                head = Scalar(name, name, source.span(inner.children[0]))
                inside = Sequence(nodes, source.span(inner), flow=True)
                return Mapping({name: Entry(head, inside)}, source.span(inner), flow=True)
        text = shown(source, inner)
        return Scalar(text, text, source.span(inner), True)


def block_key(kind: str, labels: tuple[str, ...], mapping: Mapping) -> str:
    """Under which key a block is held in the mapping of its body."""
    name = ".".join((kind, *labels))
    if name not in mapping.entries:
        return name
    number = 1
    while f"{name}[{number}]" in mapping.entries:
        number += 1
    return f"{name}[{number}]"


def object_entries(source: Source, node: Tree) -> Iterator[tuple[str | None, Tree, Tree]]:
    """(key, its node, the value) of an object; the key is None where it is computed."""
    for child in node.children:
        if child.type != "object_elem":
            continue
        key, value = child.child_by_field_name("key"), child.child_by_field_name("val")
        if key is None or value is None:
            continue
        inner = unwrapped(key)
        if inner.type == "variable_expr" and source.raw(key).isidentifier():
            yield source.raw(inner), key, value
            continue
        if inner.type == "variable_expr" and key.child_count == 1:
            yield source.raw(inner), key, value  # has-a-dash
            continue
        is_literal, name = literal(source, key)
        yield (str(name) if is_literal and name is not None else None), key, value


def call_parts(source: Source, node: Tree) -> tuple[str, list[Tree]]:
    """The name and the arguments of a function call."""
    name = source.raw(node.children[0])
    holder = next((each for each in node.children if each.type == "function_arguments"), None)
    arguments = [each for each in holder.children if each.type == "expression"] if holder else []
    return name, arguments
