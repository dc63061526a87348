"""Secrets in quoted text: finding and masking them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lintscale.model.location import Location, Span
from lintscale.model.resolved import Credential
from lintscale.syntax import Field, Scalar, SourceFile
from lintscale.syntax.regex import regex

MASK = "***"

_WORDS = r"(?:password|passwd|secret|token|private[_-]?key|api[_-]?key)"

_HINTS = ("://", "pass", "secret", "token", "key")
"""Every line that matches the pattern contains one of these in lower case."""


_SECRET = regex(
    r"://[^\s/@:'\"]*:(?P<url>[^\s'\"]*)@"  # the password of a URL, up to the last "@"
    rf"|{_WORDS}['\"]?\s*[:=]\s*['\"]?(?P<value>[^\s'\",{{}}\[\]$<][^\s'\",]*)"
    rf"|--?[a-z0-9_-]*{_WORDS}(?:\s+|['\"]?\s*,\s*)['\"]?(?P<flag>[^\s'\",$<-][^\s'\",]*)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<key>.*)",
    re.IGNORECASE,
)

_FLAG = regex(rf"--?[a-z0-9_-]*{_WORDS}['\"]?\s*,?\s*\Z", re.IGNORECASE)
_VALUE_AFTER_FLAG = regex(r"\s*(?:-\s+)?['\"]?(?P<value>[^\s'\",$<-][^\s'\",]*)")

_NOT_SECRET = frozenset({"true", "false", "null", "~", "yes", "no", "none"})


def secret_columns(line: str) -> Iterator[tuple[int, int]]:
    """The columns (from 0, end exclusive) of a line that look like the value of a secret."""
    small = line.lower()
    if not any(hint in small for hint in _HINTS):
        return
    for match in _SECRET.finditer(line):
        start, end = match.span(match.lastgroup or 0)
        if end > start and match.group(match.lastgroup or 0).lower() not in _NOT_SECRET:
            yield start, end


def value_after_flag(before: str, line: str) -> Iterator[tuple[int, int]]:
    """The columns of a line that hold the value of a flag at the end of the line ``before``, as
    the arguments of a command are often written one per line."""
    small = before.lower()
    if not any(hint in small for hint in _HINTS):
        return
    match = _VALUE_AFTER_FLAG.match(line) if _FLAG.search(before) else None
    if match is not None:
        yield match.span("value")


def mask(text: str) -> str:
    """``text`` with everything that looks like the value of a secret masked."""
    for start, end in reversed(list(secret_columns(text))):
        text = text[:start] + MASK + text[end:]
    return text


def secret_spans(credentials: Iterable[Credential], source: SourceFile) -> list[Span]:
    """The spans of the values of a file's credentials, and of all that its Secrets hold."""
    spans = [
        _value_span(credential.location, source)
        for credential in credentials
        if credential.location.file == source.path
    ]
    for document in source.documents:
        root = Field.root(document)
        for each in (root, *root.get("items").items()):
            if each.get("kind").string() == "Secret":
                spans += [
                    value.node.span
                    for section in ("data", "stringData")
                    for _, value in each.get(section).entries()
                    if value.node is not None
                ]
    return spans


def _value_span(location: Location, source: SourceFile) -> Span:
    """The scalar's own span, without its key; the location's where it cannot be found."""
    node = source.node(location)
    return node.span if isinstance(node, Scalar) else location.span
