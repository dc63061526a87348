"""A YAML stream below its trees: its chunks, its events, and the values of its plain scalars.

Events come from ruamel.yaml's C parser, or from its Python one where the C part is not installed.
Both answer the same for what people write. Known differences of the Python parser:

- a tab may not separate a colon or a ``---`` from the value, nor a ``#`` follow a ``|`` directly;
- an entry may lack its key, and a block scalar that is the whole document may be in column 1;
- a colon belongs to the name of the anchor that it follows, which is YAML 1.2;
- U+2028, U+2029 and U+0085 do not end a line, which is YAML 1.2;
- a byte order mark within the text is a character of the value that holds it;
- its messages are worded differently.

Plain scalars are typed as by go-yaml v2 (resolve.go), the parser behind both Kubernetes
(sigs.k8s.io/yaml) and Render: YAML 1.1 words for booleans (y/n/yes/no/on/off), YAML 1.2 for the
rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Protocol

from lintscale.syntax.nodes import ScalarValue
from lintscale.syntax.readers import MAX_DIGITS
from lintscale.syntax.regex import regex

_MARKER_END = r"(?=[ \t\r\n]|\Z)"
# That a line begins there is asked last: beginning with it costs three times as much.
_START_OF_DOCUMENT = rf"---(?<![^\r\n]---){_MARKER_END}"
_END_OF_DOCUMENT = rf"\.\.\.(?<![^\r\n]\.\.\.){_MARKER_END}[^\r\n]*(?:\r\n?|\n|\Z)"
_BOUNDARY = regex(rf"{_START_OF_DOCUMENT}|{_END_OF_DOCUMENT}")
_MARKER = regex(_START_OF_DOCUMENT)
_DIRECTIVE = regex(r"(?<![^\r\n])%")
_EMPTY_LINE = rf"(?:%[^\r\n]*+|(?:(?:---|\.\.\.){_MARKER_END})?[ \t]*+(?:#[^\r\n]*+)?)"
_EMPTY = regex(rf"{_EMPTY_LINE}(?:[\r\n]{_EMPTY_LINE})*+")


def chunks(text: str) -> Iterator[tuple[int, int, int]]:
    """(start offset, end offset, lines before) of each chunk of a stream, found without parsing:
    from one ``---`` to the next, or to the ``...`` that ends it. Directives belong to the marker
    that follows them."""
    bounds = [0]
    for match in _BOUNDARY.finditer(text):
        bound = match.start() if match[0].startswith("-") else match.end()
        if bounds[-1] < bound < len(text):
            bounds.append(bound)
    bounds.append(len(text))
    first = lines = 0
    for start, end in pairwise(bounds):
        if text.startswith("---", end) and _holds_directives(text[start:end]):
            continue
        yield first, end, lines
        lines += _line_breaks(text, first, end)
        first = end


def is_empty(chunk: str) -> bool:
    """Does it hold nothing but comments, directives and markers?"""
    return _EMPTY.fullmatch(chunk) is not None


def has_marker(chunk: str) -> bool:
    return _MARKER.search(chunk) is not None


def _holds_directives(chunk: str) -> bool:
    return (
        "%" in chunk
        and _DIRECTIVE.search(chunk) is not None
        and is_empty(chunk)
        and not has_marker(chunk)
    )


def _line_breaks(text: str, start: int, end: int) -> int:
    """Line breaks as an editor counts them: LF, CRLF and a lone CR."""
    count = text.count("\n", start, end)
    if text.find("\r", start, end) >= 0:
        count += text.count("\r", start, end) - text.count("\r\n", start, end)
    return count


# -- events ----------------------------------------------------------------------------------------

BLANK = r"(?:\s|(?<=\s)#[^\r\n]*)*+"
"""A pattern for what may be between two tokens."""

_PROPERTIES = regex(rf"(?:(?:!<[^>\s]*>|[&!][^\s,\[\]{{}}]*){BLANK})*")


class EventParser(Protocol):
    def get_event(self) -> Any:
        """The next event of ruamel.yaml.events, None after the last one. Raises YAMLError."""

    def dispose(self) -> None:
        """Free what the parser holds."""


def event_parser(text: str) -> EventParser:
    """The fastest installed parser. Raises YAMLError or UnicodeEncodeError for characters
    that YAML does not allow."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return PureParser(text)
    parser: EventParser = CParser(text)
    return parser


class PureParser:
    """ruamel.yaml's Python parser with the C parser's interface."""

    def __init__(self, text: str) -> None:
        from ruamel.yaml import YAML

        self._events: Iterator[Any] = iter(YAML(typ="safe", pure=True).parse(text))

    def get_event(self) -> Any:
        return next(self._events, None)

    def dispose(self) -> None:
        self._events = iter(())


_SECOND_TRY_CHARACTERS = 500_000
"""About five seconds for the Python parser; what is longer keeps the C parser's verdict."""


def worth_a_second_try(error: Exception, text: str) -> bool:
    """Is this the C parser's refusal of a colon in an unquoted scalar of a flow collection
    (``{image: shop:1.4}``), which YAML 1.2 and go-yaml allow, and so does the Python parser?"""
    refused = "found unexpected ':'" in str(error)
    return refused and len(text) <= _SECOND_TRY_CHARACTERS


def after_properties(text: str, start: int, end: int) -> int:
    """Where a node's own text begins: after its anchor and its tag, with which its event does."""
    match = _PROPERTIES.match(text, start, end)
    return match.end() if match is not None else start


# -- plain scalars ---------------------------------------------------------------------------------

_WORDS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(
        ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True
    ),
    **dict.fromkeys(
        ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False
    ),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = regex(r"[+-]?(?:0|[1-9][0-9_]*)\Z")
_FLOAT = regex(r"[+-]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]+)?\Z")
_RADIX = regex(r"([+-]?)0(?:x([0-9a-fA-F_]+)|b([01_]+)|o?([0-7_]+))\Z")
_NUMBER_STARTS = frozenset("+-.0123456789")
TYPED_STARTS = frozenset(word[0] for word in _WORDS if word) | _NUMBER_STARTS
"""What a plain scalar begins with if it can be anything but text."""


def resolve_plain(text: str) -> ScalarValue:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or len(text) > MAX_DIGITS:
        return text
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    radix = _RADIX.match(text)
    if radix is not None:
        sign, *bodies = radix.groups()
        for body, base in zip(bodies, (16, 2, 8), strict=True):
            digits = (body or "").replace("_", "")
            if digits:
                return int(sign + digits, base)
        return text
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text
