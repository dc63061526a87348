"""What the readers of all formats share: limits, errors, excerpts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

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
    """A piece of the file as a message may repeat it: shortened, and of a URL only the scheme,
    since a password may follow."""
    scheme, separator, _ = text.partition("://")
    if separator:
        text = f"{scheme}://…"
    return text if len(text) <= _MAX_EXCERPT else text[: _MAX_EXCERPT - 1] + "…"


class BrokenError(Exception):
    """Ends the reading of a document; caught by each reader."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span

    def problem(self) -> Problem:
        return Problem("syntax-error", self.message, self.span)


TWO_MERGES = "some parsers merge both mappings, and others reject the file"
"""What two merge keys do, where the file's platform does not say it."""


def duplicate_key(key: Scalar, first: Scalar, path: tuple[PathKey, ...]) -> Problem:
    """The problem of a key that is defined twice in the mapping at ``path``."""
    effect, fix = "the platform uses this one or rejects the file", ""
    if key.text == "<<" and not key.quoted:
        effect, fix = TWO_MERGES, "Merge a list under one key: “<<: [*first, *second]”."
    return Problem(
        "duplicate-key",
        f"the key “{key.text}” is defined twice; the first is on line {first.span.line}, and "
        f"{effect}",
        key.span,
        (*path, key.text),
        first.span,
        help=fix,
    )


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause Python's cyclic garbage collector while a tree is built: a tree holds no garbage, and
    looking for some takes two thirds of the time of reading a large file."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
