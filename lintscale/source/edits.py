"""Texts that take another's place in a file."""

from __future__ import annotations

import json
import re

from lintscale.source.document import Format
from lintscale.source.nodes import Scalar
from lintscale.source.yaml_values import resolve_plain

_SIMPLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_. -]*[A-Za-z0-9_])?\Z")
"""Text that means itself in all three formats, between quotes of either kind or without them."""

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
"""A TOML key that needs no quotes."""


def in_place_of(scalar: Scalar, text: str, source: str, form: Format) -> str | None:
    """``text``, a string or a key, as it is written where ``scalar`` stands: in the same quotes,
    or, where it stands without, in none if it stays a string without them. None where the file
    does not plainly hold the scalar there: an alias, an escape, a tag, a block of lines."""
    span = scalar.span
    line = source.split("\n")[span.line - 1]
    before = line[span.column - 1 : span.end_column - 1]
    if span.line != span.end_line or not _SIMPLE.match(text):
        return None
    quote = before[:1] if before[:1] in ("'", '"') else ""
    if before != f"{quote}{scalar.text}{quote}":
        return None
    if quote:
        return f"{quote}{text}{quote}"
    if form == "yaml":
        return text if isinstance(resolve_plain(text), str) else json.dumps(text)
    is_bare_key = line[span.end_column - 1 :].lstrip()[:1] in ("=", ".") and _BARE.match(text)
    return text if is_bare_key else json.dumps(text)
