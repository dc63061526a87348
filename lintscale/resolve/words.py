"""Names as words."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from lintscale.syntax.regex import regex

_WORD = regex(r"[a-z0-9]+")
_CAMEL = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in lower case, split at everything that is no letter or digit:
    "Shop-dev/v2" gives shop, dev, v2."""
    return tuple(_WORD.findall(text.lower()))


def camel_words(text: str) -> tuple[str, ...]:
    """Like :func:`words`, split before capitals too: "dbPassword" gives db, password."""
    return words(_CAMEL.sub(" ", text))


def matches_glob(patterns: Iterable[str], names: Iterable[str]) -> bool:
    """Does one of the shell patterns match one of the names? Upper and lower case are the same:
    so they are in host names, and people write the names of variables either way."""
    lowered = [name.lower() for name in names]
    return any(
        fnmatch.fnmatchcase(name, pattern.lower()) for pattern in patterns for name in lowered
    )
