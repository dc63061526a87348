"""Quoted templates and heredocs, with interpolations and directives.

The grammar leaves white space beside an interpolation out of its nodes, so a template's text is
what stands between its nodes. Each part remembers where it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from lintscale.platforms.terraform.values import (
    Mapped,
    Partial,
    Segment,
    Value,
    pairs_of,
    text_of,
    truth_of,
    unknown,
)
from lintscale.syntax.hcl import Source, shown, unescaped

if TYPE_CHECKING:
    from tree_sitter import Node as Tree


class Scope(Protocol):
    """What evaluates the expressions in a template."""

    @property
    def source(self) -> Source: ...
    def evaluate(self, node: Tree) -> Value: ...
    def binding(self, **names: Value) -> Scope: ...


class _Piece(NamedTuple):
    text: str
    byte: int
    literal: bool
    known: bool = True


_INTERPOLATIONS = frozenset({"template_interpolation", "template_directive"})
_OPENINGS = frozenset({"quoted_template_start", "heredoc_start"})


def templated(scope: Scope, node: Tree) -> Value:
    """The text of a template. One that only interpolates a single value is that value."""
    while node.type == "template_expr" and node.child_count == 1:
        node = node.children[0]
    inside = [child for child in node.children if child.type in _INTERPOLATIONS]
    start, end = _content(scope.source, node)
    is_quoted = node.type == "quoted_template"
    if is_quoted and len(inside) == 1 and inside[0].type == "template_interpolation":
        only = inside[0]
        if (only.start_byte, only.end_byte) == (start, end):
            return _interpolated(scope, only)
    refs: list[object] = []
    pieces = _pieces(scope, inside, (start, end), refs, is_quoted)
    if pieces is None:
        return unknown(shown(scope.source, node), *refs)
    if not is_quoted and scope.source.raw(node.children[0]) == "<<-":
        pieces = _without_indentation(pieces)
    return mapped(scope.source, pieces, tuple(refs), is_quoted)


def mapped(source: Source, pieces: list[_Piece], refs: tuple[object, ...], quoted: bool) -> Value:
    """The pieces as one text; that of a heredoc knows where its characters are written."""
    text = "".join(piece.text for piece in pieces)
    whole = all(piece.known for piece in pieces)
    if quoted and "\n" not in text and not text.lstrip().startswith(("[", "{")):
        return Value(text if whole else Partial(text), None, refs)
    result = Mapped(text)
    result.source, result.whole, result.segments = source, whole, []
    offset = 0
    for piece in pieces:
        result.segments.append(Segment(offset, piece.byte, piece.literal))
        offset += len(piece.text)
    return Value(result, None, refs)


def file_text(file: str, text: str) -> Value:
    """The content of a file."""
    source = Source(file, text)
    return mapped(source, [_Piece(text, 0, True)], (), False)


def _content(source: Source, node: Tree) -> tuple[int, int]:
    """The bytes between a template's delimiters."""
    children = node.children
    if node.type == "quoted_template":
        return children[0].end_byte, children[-1].start_byte
    # After the line of the first delimiter, up to the line of the last one.
    opening = children[1] if len(children) > 1 else children[0]
    start = source.data.find(b"\n", opening.end_byte) + 1
    end = source.data.rfind(b"\n", 0, children[-1].start_byte) + 1
    return (start, max(start, end)) if start else (opening.end_byte, opening.end_byte)


def _interpolated(scope: Scope, node: Tree) -> Value:
    inner = next((child for child in node.children if child.type == "expression"), None)
    return scope.evaluate(inner) if inner is not None else unknown(shown(scope.source, node))


def _pieces(
    scope: Scope, inside: list[Tree], content: tuple[int, int], refs: list[object], quoted: bool
) -> list[_Piece] | None:
    source = scope.source
    at, end = content
    pieces: list[_Piece] = []
    strip = False
    for child in inside:
        before = _literal(source, at, child.start_byte, quoted)
        pieces += _stripped_left(before) if strip else before
        if _strips(child, 0):
            _strip_right(pieces)
        if child.type == "template_interpolation":
            value = _interpolated(scope, child)
            refs.extend(value.refs)
            text = text_of(value)
            if text is None:
                text = shown(source, child)
                pieces.append(_Piece(text, child.start_byte, False, False))
            else:
                pieces.append(_Piece(text, child.start_byte, False, value.is_known))
        else:
            made = _directive(scope, child, refs, quoted)
            if made is None:
                return None
            pieces += made
        strip = _strips(child, -1)
        at = child.end_byte
    rest = _literal(source, at, end, quoted)
    return pieces + (_stripped_left(rest) if strip else rest)


def _literal(source: Source, start: int, end: int, quoted: bool) -> list[_Piece]:
    """Escapes, and line breaks of two characters, end a piece: within one, characters and places
    go side by side."""
    if end <= start:
        return []
    raw = source.data[start:end]
    if quoted:
        return [_Piece(unescaped(source.between(start, end)), start, b"\\" not in raw)]
    if b"\r" not in raw and b"${" not in raw and b"%{" not in raw:
        return [_Piece(raw.decode("utf-8", "replace"), start, True)]
    pieces = []
    for line in raw.splitlines(keepends=True):
        text = line.decode("utf-8", "replace").replace("\r\n", "\n")
        pieces.append(_Piece(text.replace("$${", "${").replace("%%{", "%{"), start, True))
        start += len(line)
    return pieces


def _directive(scope: Scope, node: Tree, refs: list[object], quoted: bool) -> list[_Piece] | None:
    inner = node.children[0] if node.child_count else node
    if inner.type == "template_if":
        return _if(scope, inner, refs, quoted)
    if inner.type == "template_for":
        return _for(scope, inner, refs, quoted)
    return None


def _if(scope: Scope, node: Tree, refs: list[object], quoted: bool) -> list[_Piece] | None:
    intro = node.children[0]
    otherwise = next((each for each in node.children if each.type == "template_else_intro"), None)
    end = node.children[-1]
    test = next((each for each in intro.children if each.type == "expression"), None)
    truth = truth_of(scope.evaluate(test)) if test is not None else None
    if truth is None or end.type != "template_if_end":
        return None
    if truth:
        first, last = intro, otherwise or end
    elif otherwise is not None:
        first, last = otherwise, end
    else:
        return []
    return _inside(scope, node, (first, last), refs, quoted)


def _for(scope: Scope, node: Tree, refs: list[object], quoted: bool) -> list[_Piece] | None:
    intro, end = node.children[0], node.children[-1]
    names = [scope.source.raw(each) for each in intro.children if each.type == "identifier"]
    over = next((each for each in intro.children if each.type == "expression"), None)
    pairs = pairs_of(scope.evaluate(over)) if over is not None else None
    if pairs is None or not names or end.type != "template_for_end":
        return None
    pieces: list[_Piece] = []
    for key, item in pairs:
        bound = {names[-1]: item} if len(names) == 1 else {names[0]: key, names[1]: item}
        made = _inside(scope.binding(**bound), node, (intro, end), refs, quoted)
        if made is None:
            return None
        pieces += made
    return pieces


def _inside(
    scope: Scope, node: Tree, ends: tuple[Tree, Tree], refs: list[object], quoted: bool
) -> list[_Piece] | None:
    """What stands between two parts of a directive."""
    first, last = ends
    start, end = first.end_byte, last.start_byte
    inside = [
        child
        for child in node.children
        if child.type in _INTERPOLATIONS and start <= child.start_byte and child.end_byte <= end
    ]
    pieces = _pieces(scope, inside, (start, end), refs, quoted)
    if pieces is None:
        return None
    if _strips(first, -1):
        pieces = _stripped_left(pieces)
    if _strips(last, 0):
        _strip_right(pieces)
    return pieces


def _strips(node: Tree, side: int) -> bool:
    """Whether ``~`` stands at the beginning (0) or the end (-1) of an interpolation or of the
    part of a directive."""
    children = node.children
    if node.type == "template_directive":
        return _strips(children[0], side) if children else False
    if node.type in ("template_if", "template_for"):
        return _strips(children[side], side) if children else False
    at = 1 if side == 0 else -2
    return len(children) > 2 and children[at].type == "strip_marker"


def _stripped_left(pieces: list[_Piece]) -> list[_Piece]:
    for number, piece in enumerate(pieces):
        text = piece.text.lstrip() if piece.literal or not piece.known else piece.text
        if text:
            cut = len(piece.text) - len(text)
            return [
                _Piece(text, piece.byte + cut, piece.literal, piece.known),
                *pieces[number + 1 :],
            ]
    return []


def _strip_right(pieces: list[_Piece]) -> None:
    while pieces and pieces[-1].literal:
        text = pieces[-1].text.rstrip()
        if text:
            pieces[-1] = pieces[-1]._replace(text=text)
            return
        pieces.pop()


def _without_indentation(pieces: list[_Piece]) -> list[_Piece]:
    """``<<-``: the smallest indentation of the lines goes from each of them. Lines without
    content count as in Terraform only where they have an interpolation."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        if not piece.literal:
            lines[-1].append(piece)
            continue
        start = 0
        while start < len(piece.text):
            stop = piece.text.find("\n", start) + 1 or len(piece.text)
            part = piece.text[start:stop]
            bytes_before = len(piece.text[:start].encode())
            lines[-1].append(piece._replace(text=part, byte=piece.byte + bytes_before))
            if part.endswith("\n"):
                lines.append([])
            start = stop
    depths = []
    for line in lines:
        text = "".join(piece.text if piece.literal else "x" for piece in line)
        if text.strip():
            depths.append(len(text) - len(text.lstrip(" \t")))
    depth = min(depths, default=0)
    found: list[_Piece] = []
    for line in lines:
        left = depth
        for piece in line:
            cut = 0
            if left and piece.literal:
                cut = min(left, len(piece.text) - len(piece.text.lstrip(" \t")))
            left = left - cut if piece.literal and cut == len(piece.text) else 0
            if piece.text[cut:]:
                found.append(piece._replace(text=piece.text[cut:], byte=piece.byte + cut))
    return found
