"""What is wrong with a text that ruamel.yaml cannot read. Only a broken file imports this."""

from __future__ import annotations

import re
from typing import Any

from lintscale.syntax.regex import regex

_UNACCEPTABLE = regex("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not allow (YAML 1.2.2, production c-printable)."""

_UNQUOTED_VALUE = regex(r"\s*(?:- +)*([^\s:{\[\"']+):[ \t]+(?!\{)")
_NEEDS_QUOTES = (
    "mapping values are not allowed",  # key: text: more
    "cannot start any token",  # key: @text
    "did not find expected key",  # key: [text] more
)
"""Errors behind the key of a line, whose value is meant as text."""


def explained(error: Any, text: str) -> tuple[str, int, int]:
    """The message of an error that ruamel.yaml raised about the text, and the offsets of its first
    character and of the one after its last."""
    wrong = _UNACCEPTABLE.search(text)
    if wrong is not None:
        message = f"invalid YAML: the character U+{ord(wrong[0]):04X} is not allowed"
        return message, wrong.start(), wrong.end()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None)
    if "unexpected end of stream" in str(problem):
        # A quote that nothing closes: where it opens says more than where the text ends.
        mark = getattr(error, "context_mark", None) or mark
    # What is missing at the end of a chunk is missing after its last word, not lines later.
    at = min(mark.index, len(text.rstrip())) if mark is not None else 0
    message = f"invalid YAML: {problem or error}"
    context = getattr(error, "context", None)
    if context:
        message += f" ({context})"
    if "tab character" in message or _is_indented_with_tab(text, at):
        message += "; YAML is indented with spaces, never with tabs"
    elif (unquoted := _UNQUOTED_VALUE.match(_line_before(text, at))) and any(
        each in message for each in _NEEDS_QUOTES
    ):
        message += f"; put the value of “{unquoted[1]}” in quotes"
    return message, at, at


def _is_indented_with_tab(text: str, offset: int) -> bool:
    """Whether the line of an offset is indented with a tab as far as there."""
    line = _line_before(text, offset + 1)
    return "\t" in line[: len(line) - len(line.lstrip())]


def _line_before(text: str, offset: int) -> str:
    return re.split(r"[\r\n]", text[:offset])[-1]
