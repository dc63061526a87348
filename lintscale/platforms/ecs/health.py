"""A container's health check, and what its command asks."""

from __future__ import annotations

import shlex

from lintscale.model.declared import Probe
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.asked_urls import asked_url
from lintscale.platforms.ecs.names import child
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

DEFAULT_INTERVAL_SECONDS = 30
DEFAULT_TIMEOUT_SECONDS = 5
DEFAULT_RETRIES = 3
DEFAULT_START_PERIOD_SECONDS = 0
"""ECS API reference, HealthCheck, read Aug 2026; without startPeriod the first failure counts."""

_MAX_COMMAND = 4000
"""Characters of a command that are searched; no health check says more."""

_SHELL_FORM = regex(r"\s*CMD(?:-SHELL)?\s*,\s*")


def health_check(field: Field) -> Probe | None:
    """The container's health check; None where there is none (``["NONE"]`` switches off the
    image's own)."""
    if not field.present:
        return None
    command = child(field, "command")
    line = _command_line(command)
    if line == "NONE":
        return None
    action, path, port, host = _asked(line, command)
    return Probe(
        kind="health check",
        action=action,
        path=path,
        port=port,
        initial_delay_seconds=_seconds(field, "startPeriod", DEFAULT_START_PERIOD_SECONDS),
        period_seconds=_seconds(field, "interval", DEFAULT_INTERVAL_SECONDS),
        timeout_seconds=_seconds(field, "timeout", DEFAULT_TIMEOUT_SECONDS),
        failure_threshold=child(field, "retries").integer(
            DEFAULT_RETRIES, f"ECS gives up after {DEFAULT_RETRIES} failures in a row"
        ),
        success_threshold=Sourced(None),
        location=field.location,
        host=host,
        purpose="health check",
    )


def _seconds(field: Field, key: str, default: int) -> Sourced[int]:
    if field.present and not field.is_mapping:
        return Sourced(None, Source.FILE, field.location, "not a health check")
    return child(field, key).integer(default, f"ECS takes {default} s when {key} is absent")


def _command_line(command: Field) -> str | None:
    """What the shell or the kernel runs, as one line; None when it is not to be known."""
    if command.is_scalar:
        return _SHELL_FORM.sub("", command.string() or "", count=1).strip()[:_MAX_COMMAND]
    words = [item.string() for item in command.items()]
    if not command.is_sequence or any(word is None for word in words):
        return None
    texts = [word for word in words if word is not None]
    if texts and texts[0] == "CMD":
        return shlex.join(texts[1:])[:_MAX_COMMAND]
    if texts and texts[0] == "CMD-SHELL":
        return " ".join(texts[1:])[:_MAX_COMMAND]
    if len(texts) == 1:
        return _SHELL_FORM.sub("", texts[0], count=1).strip()[:_MAX_COMMAND]
    return shlex.join(texts)[:_MAX_COMMAND]


def _asked(line: str | None, command: Field) -> tuple[str, Sourced[str], Sourced[str], str]:
    """(action, path, port, host). A URL anywhere in the command counts, whatever program asks."""
    if line is None:
        unknown: Sourced[str] = Sourced(
            None, Source.FILE if command.present else None, command.location
        )
        return "exec", unknown, unknown, ""
    asked = asked_url(line)
    if asked is None:
        absent: Sourced[str] = Sourced(None, None, command.location, "the command asks no URL")
        return f"exec {line}".strip(), absent, absent, ""
    return (
        f"http get {asked.scheme}://{asked.host}:{asked.port}{asked.path}",
        _known(asked.path, command),
        _known(asked.port, command),
        asked.host,
    )


def _known(text: str, command: Field) -> Sourced[str]:
    if has_placeholder(text) or "$" in text:
        return Sourced(None, Source.FILE, command.location, "a placeholder")
    return Sourced(text, Source.FILE, command.location)
