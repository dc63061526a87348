"""What the path of a health check says that it asks. Like :mod:`lintscale._record`, this knows
nothing of the rest of lintscale."""

from __future__ import annotations

import re

_LONGEST = 2000
"""Characters of a path that are looked at; no health check has more."""

_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+"

_EMPTY = frozenset(
    (
        *("check", "checks", "healthcheck", "health", "healthz", "probe", "ping"),
        *("status", "state", "ok", "up"),
        *("json", "html", "htm", "php", "txt"),
    )
)
"""Words that say that there is a check, or in what form, and not of what."""

_YES = frozenset({"", "1", "true", "yes", "on"})


def asked_after(path: str | None) -> tuple[str, ...]:
    """The words, in lower case, that name what the path asks after; usually one. It is the last
    word of the path that says anything ("/api/health-db" and "/db-check" ask after db, "/isReady"
    after ready, "/db-admin" after admin) or, where the last segment says nothing, the one before
    it if that is a single word ("/db/ping", but not "/orders-db/health", which is a service's
    name). Switches of the query that are on count as well ("/health?ready=1").
    """
    place, _, query = (path or "")[:_LONGEST].partition("?")
    segments = [words for part in place.split("/") if (words := _words(part))]
    telling = _telling(segments[-1]) if segments else []
    if not telling and len(segments) > 1 and len(segments[-2]) == 1:
        telling = _telling(segments[-2])
    found = telling[-1:]
    for switch in query.split("&"):
        name, _, value = switch.partition("=")
        if value.lower() in _YES and name:
            found.append(name.lower())
    return tuple(found)


def _words(segment: str) -> list[str]:
    return [word.lower() for word in re.findall(_WORD, segment)]


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in _EMPTY]
