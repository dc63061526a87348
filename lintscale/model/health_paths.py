"""What the path of a health check says that it asks. Like :mod:`lintscale._record`, this knows
nothing of the rest of lintscale."""

from __future__ import annotations

import re

_LONGEST = 2000
"""Characters of a path that are looked at; no health check has more."""

_WORD = r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z]+(?:[0-9]+[a-z]*)?"
_VERSION = r"v[0-9]+[a-z]*\Z"
_NUMBERED = frozenset({"s3", "db2", "auth0", "neo4j"})
"""Names that end in a number; of others ("db1") the number says which one."""

_EMPTY = frozenset(
    (
        *("check", "checks", "healthcheck", "healthchecks", "health", "healthz", "probe", "ping"),
        *("status", "state", "ok", "up"),
        *("json", "html", "htm", "php", "txt"),
    )
)
"""Words that say that there is a check, or in what form, and not of what."""

_OF_ITSELF = frozenset(
    (
        *("live", "livez", "liveness", "alive", "heartbeat", "self", "process", "running", "me"),
        *("startup", "started", "startupz", "ready", "readyz", "readiness", "isready"),
        *("basic", "simple", "shallow", "lite", "light", "quick", "fast", "local", "internal"),
        *("app", "application", "api", "web", "http", "https", "service", "server", "node", "core"),
        *("k", "k8s", "kube", "kubernetes", "kubelet", "lb", "elb", "alb", "nlb", "aws", "gcp"),
        *("index", "get", "version", "info", "general", "default", "main", "root", "public"),
        *("monitor", "monitoring", "metrics", "uptime", "test", "actuator", "system", "global"),
    )
)
"""Words behind a check's name that still mean the process that is asked, or which say nothing."""

_YES = frozenset({"", "1", "true", "yes", "on"})


def asked_after(path: str | None) -> tuple[str, ...]:
    """The words, in lower case, that name what the path asks after; usually one. It is the last
    word of the path that says anything ("/api/health-db" and "/db-check" ask after db, "/isReady"
    after ready, "/db-admin" after admin), and all words of what follows a check's name
    ("/health/redis-primary"). Where the last segment says nothing it is the one before it if that
    is a single word ("/db/ping", but not "/orders-db/health", which is a service's name). Switches
    of the query that are on count as well ("/health?ready=1").
    """
    segments, query = _taken_apart(path)
    telling = _telling(segments[-1]) if segments else []
    if not telling and len(segments) > 1 and len(segments[-2]) == 1:
        telling = _telling(segments[-2])
    found = telling if _is_behind_check(segments) else telling[-1:]
    for switch in query.split("&"):
        name, _, value = switch.partition("=")
        if value.lower() in _YES and name:
            found.append(name.lower())
    return tuple(found)


def checked_part(path: str | None) -> str:
    """What follows a check's name and seems to be one of several things that are checked:
    "orders" of "/health/orders"; "" where nothing does, or it means the process itself."""
    segments, _ = _taken_apart(path)
    telling = _telling(segments[-1]) if _is_behind_check(segments) else []
    return "" if _OF_ITSELF & set(telling) else "-".join(telling)


def _taken_apart(path: str | None) -> tuple[list[list[str]], str]:
    place, _, query = (path or "")[:_LONGEST].partition("?")
    return [words for part in place.split("/") if (words := _words(part))], query


def _is_behind_check(segments: list[list[str]]) -> bool:
    return len(segments) > 1 and not _telling(segments[-2]) and bool(_telling(segments[-1]))


def _words(segment: str) -> list[str]:
    words = [word.lower() for word in re.findall(_WORD, segment)]
    return [
        word if word in _NUMBERED else word.rstrip("0123456789")
        for word in words
        if not re.match(_VERSION, word)
    ]


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in _EMPTY]
