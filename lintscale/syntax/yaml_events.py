"""The event stream that YAML is composed from: ruamel.yaml's C parser, or its Python one where
the C part is not installed.

Both answer the same for what people write. Known differences of the Python parser:

- a tab may not separate a colon or a ``---`` from the value, nor a ``#`` follow a ``|`` directly;
- an entry may lack its key, and a block scalar that is the whole document may stand in column 1;
- a colon belongs to the name of the anchor that it follows, which is YAML 1.2;
- U+2028, U+2029 and U+0085 do not end a line, which is YAML 1.2;
- a byte order mark within the text is a character of the value it stands in;
- its messages are worded differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from lintscale.syntax.regex import regex

BLANK = r"(?:\s|(?<=\s)#[^\r\n]*)*+"
"""A pattern for what may stand between two tokens."""

_PROPERTIES = regex(rf"(?:(?:!<[^>\s]*>|[&!][^\s,\[\]{{}}]*){BLANK})*")


class EventParser(Protocol):
    def get_event(self) -> Any:
        """The next event of ruamel.yaml.events, None after the last one. Raises YAMLError."""

    def dispose(self) -> None:
        """Free what the parser holds."""


def event_parser(text: str) -> EventParser:
    """The fastest parser there is here. Raises YAMLError or UnicodeEncodeError for characters
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
