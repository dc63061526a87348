"""What all three readers bound, and say, in the same way."""

from __future__ import annotations

from lintscale.model.location import PathKey, Span
from lintscale.syntax.document import Problem
from lintscale.syntax.nodes import Scalar

MAX_DEPTH = 200
"""Levels of nesting. Deeper than any CRD schema (about 60); far under Python's own limit."""

MAX_DIGITS = 400
"""A longer number is no quantity; Python refuses to convert integers of more than 4300 digits."""

TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"


_MAX_EXCERPT = 30
"""Characters of the text that a message repeats."""


def excerpt(text: str) -> str:
    """A piece of the file as a message may repeat it: short, and of a URL only its scheme, since
    a password may follow."""
    scheme, separator, _ = text.partition("://")
    if separator:
        text = f"{scheme}://…"
    return text if len(text) <= _MAX_EXCERPT else text[: _MAX_EXCERPT - 1] + "…"


class BrokenError(Exception):
    """A document ends here; no reader lets it out."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span

    def problem(self) -> Problem:
        return Problem("syntax-error", self.message, self.span)


def duplicate_key(key: Scalar, first: Scalar, path: tuple[PathKey, ...]) -> Problem:
    """``path`` is that of the mapping which holds both."""
    return Problem(
        "duplicate-key",
        f"the key “{key.text}” stands here twice; the first is on line {first.span.line}, and the "
        "platform takes this one or rejects the file",
        key.span,
        (*path, key.text),
        first.span,
    )
