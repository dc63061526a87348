"""Values and keys as each format writes them."""

from __future__ import annotations

import json

from lintscale.syntax.document import SCHEMA_KINDS, Format
from lintscale.syntax.editing.place import is_plainly
from lintscale.syntax.editing.source_text import SourceText
from lintscale.syntax.nodes import Scalar, ScalarValue
from lintscale.syntax.regex import regex
from lintscale.syntax.yaml_stream import resolve_plain

_SIMPLE = regex(r"[A-Za-z0-9_](?:[A-Za-z0-9_. /-]*[A-Za-z0-9_%])?\Z")
"""Text that means itself in all three formats, between quotes of either kind or without them."""

_SIMPLE_VALUE = regex(r"[A-Za-z0-9_](?:(?:[A-Za-z0-9_. /@+-]|:(?! ))*[A-Za-z0-9_%])?\Z")
"""As a value also an image with its tag or digest, which in braces of YAML wants quotes: not every
reader takes a colon there."""

_BARE = regex(r"[A-Za-z0-9_-]+\Z")
"""A TOML key that needs no quotes."""

_NUMBER = regex(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")
_AFTER_KEY = regex(r"[ \t]*[=.]")
_TAG = regex(r"(?<![^\s,\[{])![^\s,\[\]{}]*\s+(?:&\S+\s+)?\Z")
_LONGEST_TAG = 200
"""Characters before a value that are searched for its tag."""


def value(new: ScalarValue, form: Format, like: str = "") -> str | None:
    """The text of a new value, in a flow mapping after the raw key ``like``; None for a value that
    would need escapes."""
    if isinstance(new, str):
        if not _SIMPLE_VALUE.match(new):
            return None
        # What has keys in double quotes there is to be JSON as well, as a rule.
        is_plain = form == "yaml" and like[:1] != '"' and isinstance(resolve_plain(new), str)
        if ":" in new:
            # YAML 1.1 reads 12:30:45 as a number.
            is_plain = is_plain and not like and any(map(str.isalpha, new))
        return new if is_plain else json.dumps(new)
    if new is None:
        return None if form == "toml" else "null"
    if isinstance(new, bool):
        return "true" if new else "false"
    if isinstance(new, float) and new.is_integer() and abs(new) < 1e15:
        return str(int(new))
    return repr(new)


def key(new: str, like: str, form: Format) -> str | None:
    """The text of a key next to the raw key ``like``."""
    if not _SIMPLE.match(new):
        return None
    if form == "json" or (like[:1] == '"' and form == "yaml"):
        return json.dumps(new)
    if like[:1] == "'" and form == "yaml":
        return f"'{new}'"
    if form == "toml":
        return new if _BARE.match(new) else json.dumps(new)
    return value(new, form)


def in_place_of(source: SourceText, scalar: Scalar, new: ScalarValue, like: str = "") -> str | None:
    """The text of ``new`` in place of a value or key: in the same quotes unless the schema forbids
    them, or without quotes if the scalar has none and ``new`` needs none. None for a scalar that is
    an alias or a block, or that has escapes or another type's tag. ``like`` is as in
    :func:`value`."""
    raw = source.raw(scalar)
    written = value(new, source.format, like)
    if written is None or scalar.span.line != scalar.span.end_line:
        return None
    if type(new) is not type(scalar.value) and _has_tag(source, scalar):
        return None
    if not raw and scalar.value is None:
        # Right after the colon; a list's empty item is nowhere to be seen.
        is_after_key = source.text[: source.range(scalar.span)[0]].endswith(":")
        return f" {written}" if is_after_key else None
    if not is_plainly(raw, scalar):
        return None
    if raw[:1] in ("'", '"'):
        if not isinstance(new, str) and _breaks_schema(source, scalar):
            return written  # a number in quotes where the schema wants a number
        text = new if isinstance(new, str) else written
        return f"{raw[0]}{text}{raw[0]}"
    if isinstance(new, str) and not isinstance(scalar.value, str) and _NUMBER.match(new):
        return new  # an amount like "1" in the place of one like 2
    if isinstance(new, str) and source.format == "toml":
        is_key = _AFTER_KEY.match(source.text, source.range(scalar.span)[1])
        if is_key and _BARE.match(new):
            return new
    return written


def _breaks_schema(source: SourceText, scalar: Scalar) -> bool:
    """Does a schema violation begin on the value's line, with its key, and end with the value?"""
    own = scalar.span
    spans = [each.span for each in source.file.problems if each.kind in SCHEMA_KINDS]
    return any(span.line == own.line and span[2:] == own[2:] for span in spans)


def _has_tag(source: SourceText, scalar: Scalar) -> bool:
    """Does the scalar have a tag, as in ``!!bool "true"``?"""
    if source.format != "yaml":
        return False
    start, _ = source.range(scalar.span)
    return _TAG.search(source.text, max(start - _LONGEST_TAG, 0), start) is not None
