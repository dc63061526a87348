"""Keeping secrets out of what is quoted from files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from lintscale.model.location import Location, Span
from lintscale.model.resolved import Credential
from lintscale.syntax import Scalar, SourceFile

MASK = "***"

_WORDS = r"(?:password|passwd|secret|token|private[_-]?key|api[_-]?key)"

_HINTS = ("://", "pass", "secret", "token", "key")
"""One of these is in every line that the pattern can match (in small letters)."""


@cache
def _secret() -> re.Pattern[str]:
    """Compiled when first needed: that takes longer than most reports."""
    return re.compile(
        r"://[^\s/@:'\"]*:(?P<url>[^\s'\"]*)@"  # the password of a URL, up to the last "@"
        rf"|{_WORDS}['\"]?\s*[:=]\s*['\"]?(?P<value>[^\s'\",{{}}\[\]$<][^\s'\",]*)"
        rf"|--?[a-z0-9_-]*{_WORDS}(?:\s+|['\"]?\s*,\s*)['\"]?(?P<flag>[^\s'\",$<-][^\s'\",]*)"
        r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<key>.*)",
        re.IGNORECASE,
    )


_NO_SECRETS = frozenset({"true", "false", "null", "~", "yes", "no", "none"})


def secret_columns(line: str) -> Iterator[tuple[int, int]]:
    """The stretches (from 0, end exclusive) of a line that look like a secret's value."""
    small = line.lower()
    if not any(hint in small for hint in _HINTS):
        return
    for match in _secret().finditer(line):
        start, end = match.span(match.lastgroup or 0)
        if end > start and match.group(match.lastgroup or 0).lower() not in _NO_SECRETS:
            yield start, end


@cache
def _flag_and_value() -> tuple[re.Pattern[str], re.Pattern[str]]:
    flag = rf"--?[a-z0-9_-]*{_WORDS}['\"]?\s*,?\s*\Z"
    value = r"\s*(?:-\s+)?['\"]?(?P<value>[^\s'\",$<-][^\s'\",]*)"
    return re.compile(flag, re.IGNORECASE), re.compile(value)


def value_after_flag(before: str, line: str) -> Iterator[tuple[int, int]]:
    """The stretch of a line that is the value of a flag which ends the line ``before``: each of
    a command's arguments often has a line of its own."""
    small = before.lower()
    if not any(hint in small for hint in _HINTS):
        return
    flag, value = _flag_and_value()
    match = value.match(line) if flag.search(before) else None
    if match is not None:
        yield match.span("value")


def mask(text: str) -> str:
    """``text`` with what looks like a secret's value replaced."""
    for start, end in reversed(list(secret_columns(text))):
        text = text[:start] + MASK + text[end:]
    return text


def secret_spans(credentials: Iterable[Credential], source: SourceFile) -> list[Span]:
    """Where the values of the credentials that were found in a file stand."""
    return [
        _value_span(credential.location, source)
        for credential in credentials
        if credential.location.file == source.path
    ]


def _value_span(location: Location, source: SourceFile) -> Span:
    """The scalar's own span, without its key; the location's where it cannot be found."""
    node = source.node(location)
    return node.span if isinstance(node, Scalar) else location.span
