"""The comments of a text. Found on demand: few runs need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lintscale.model.location import Span
from lintscale.syntax import yaml_stream
from lintscale.syntax.document import Comment, Format
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions, TextRange
from lintscale.syntax.yaml_stream import chunks, is_empty

_YAML_COMMENT = regex(r"(?<![^ \t\r\n])#[^\r\n]*")
_LINE_BREAK = regex(r"[\r\n]|\Z")
_JSON_COMMENT = regex(r'"(?:[^"\\\r\n]++|\\.)*+"?|(//[^\r\n]*|/\*(?s:.*?)\*/)')
_TOML_COMMENT = regex(
    r'"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"?'
    r"|'[^'\r\n]*+'?"
    r"|(#[^\r\n]*)"
)

_GO_COMMENT = regex(
    r'"(?:[^"\\\r\n]++|\\.)*+"?'
    r"|'(?:[^'\\\r\n]++|\\.)*+'?"
    r"|`(?:[^`\\]++|\\(?s:.))*+`?"
    r"|(//[^\r\n]*|/\*(?s:.*?)\*/)"
)
_PYTHON_COMMENT = regex(
    r'"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+"""'
    r"|'''(?:[^'\\]++|\\(?s:.)|'{1,2}(?!'))*+'''"
    r'|"(?:[^"\\\r\n]++|\\.)*+"?'
    r"|'(?:[^'\\\r\n]++|\\.)*+'?"
    r"|(#[^\r\n]*)"
)
_PATTERNS = {
    "json": _JSON_COMMENT,
    "toml": _TOML_COMMENT,
    "javascript": _GO_COMMENT,
    "go": _GO_COMMENT,
    "python": _PYTHON_COMMENT,
}


def comments(text: str, format: Format) -> list[Comment]:  # noqa: A002 - the field's word
    """All comments, in file order. None of a broken YAML document, in which comments and values
    cannot be distinguished."""
    if format == "hcl":
        return list(_in_hcl(text))
    text = text.removeprefix("\ufeff")
    if format == "yaml":
        found = list(_in_yaml(text))
    else:
        found = [match.span(1) for match in _PATTERNS[format].finditer(text) if match[1]]
    if not found:
        return []
    positions = Positions(text)
    return [_comment(text, start, end, positions) for start, end in found]


def _comment(text: str, start: int, end: int, positions: Positions) -> Comment:
    content = text[start:end]
    if content.startswith("/*"):
        content = content[2:-2]
    else:
        content = content[2 if content.startswith("//") else 1 :]
    span = positions.span(start, end)
    before = text[start - span.column + 1 : start]
    return Comment(content.strip(), span, not before.strip(" \t"))


def _in_hcl(text: str) -> Iterator[Comment]:
    from lintscale.syntax.hcl import Source

    source = Source("", text)
    lines = Positions(text.removeprefix("\ufeff"))
    pending = [source.root] if source.root is not None else []
    while pending:
        node = pending.pop()
        if node.type == "comment":
            content = source.raw(node).rstrip("\r\n")
            span = source.span(node)
            before = lines.line(span.line)[: span.column - 1]
            if content.startswith("/*"):
                content = content[2:-2]
            else:
                content = content[2 if content.startswith("//") else 1 :]
                end = span.column + len(source.raw(node).rstrip("\r\n"))
                span = Span(span.line, span.column, span.line, end)
            yield Comment(content.strip(), span, not before.strip(" \t"))
        else:
            pending.extend(reversed(node.children))


def _in_yaml(text: str) -> Iterator[TextRange]:
    for start, end, _ in chunks(text):
        if _YAML_COMMENT.search(text, start, end) is None:
            continue
        chunk = text[start:end]
        hiding = [] if is_empty(chunk) else _values_with_a_hash(chunk)
        if hiding is not None:
            yield from _outside(text, start, end, [(a + start, b + start) for a, b in hiding])


def _outside(text: str, start: int, end: int, hiding: list[TextRange]) -> Iterator[TextRange]:
    """The comments between two offsets that do not begin in a range of ``hiding``."""
    for hidden_start, hidden_end in [*hiding, (end, end)]:
        for match in _YAML_COMMENT.finditer(text, start, end):
            if match.start() >= hidden_start:
                break
            yield match.span()
            start = match.end()
        start = max(start, hidden_end)


def _values_with_a_hash(chunk: str) -> list[TextRange] | None:
    """The ranges of scalars with a ``#``; None if the chunk cannot be read."""
    from ruamel.yaml.error import YAMLError

    try:
        try:
            return _values_by(yaml_stream.event_parser, chunk)
        except YAMLError as error:
            if not yaml_stream.worth_a_second_try(error, chunk):
                raise
        return _values_by(yaml_stream.PureParser, chunk)
    except (YAMLError, UnicodeEncodeError):
        return None


def _values_by(make: Callable[[str], yaml_stream.EventParser], chunk: str) -> list[TextRange]:
    from ruamel.yaml.events import ScalarEvent

    found: list[TextRange] = []
    parser = make(chunk)
    try:
        for event in iter(parser.get_event, None):
            if isinstance(event, ScalarEvent) and "#" in event.value:
                start, end = event.start_mark.index, event.end_mark.index
                start = yaml_stream.after_properties(chunk, start, end)
                if chunk[start] in "|>":
                    # The rest of the line on which a block scalar begins may be a comment.
                    header = _LINE_BREAK.search(chunk, start)
                    start = header.start() if header is not None else start
                found.append((start, end))
    finally:
        parser.dispose()
    return found
