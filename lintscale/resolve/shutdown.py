"""How long a program says it takes to finish what it has begun when it is asked to stop."""

from __future__ import annotations

import re

from lintscale.code.commands import Invocation, invocations, runs_of
from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.images import parse_image
from lintscale.model.sourced import Source, Sourced
from lintscale.resolve.words import words
from lintscale.syntax.regex import regex

LONGEST = 7 * 24 * 3600
"""Seconds; a longer time to stop is a mistake of typing, or in another unit."""

_OPTIONS: dict[str, tuple[str, ...]] = {
    # gunicorn 27, config.py: GracefulTimeout.
    "gunicorn": ("--graceful-timeout",),
    # uvicorn 0.54, main.py.
    "uvicorn": ("--timeout-graceful-shutdown",),
    # hypercorn 0.18, __main__.py.
    "hypercorn": ("--graceful-timeout",),
    # sidekiq 8, cli.rb.
    "sidekiq": ("-t", "--timeout"),
}
"""Options that say it, in seconds, by program."""

_VARIABLE = regex(
    r"(?:^|_)(?:GRACEFUL_(?:SHUTDOWN|STOP|EXIT|TERMINATION)|SHUTDOWN|DRAIN|DRAINING)"
    r"(?:_(?:GRACE_)?(?:TIMEOUT|PERIOD|DURATION|TIME|WAIT))?"
    r"(?:_(?P<unit>SECONDS|SECS|SEC|S|MILLISECONDS|MILLIS|MS))?\Z"
)
_PROPERTIES = {
    # Spring Boot, "Graceful shutdown": how long each phase may take.
    "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE": "",
    # uvicorn reads its options from variables of its own, through click.
    "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": "S",
}
_NAMED_UNITS = {"MS": 0.001, "MILLIS": 0.001, "MILLISECONDS": 0.001}

_DURATION = regex(r"(?:PT)?((?:\d{1,9}(?:\.\d{1,3})?(?:ms|[smh])){1,3})\Z", re.IGNORECASE)
_PART = regex(r"(\d{1,9}(?:\.\d{1,3})?)(ms|[smh])", re.IGNORECASE)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


_ENVOY = regex(r"(?:^|_)(?:DRAIN|PARENT_SHUTDOWN)_TIME(?:_S|_SECONDS)?\Z")
"""Envoy's --drain-time-s and --parent-shutdown-time-s: how long a listener that is removed drains,
and the process before a hot restart. At SIGTERM Envoy ends at once (envoyproxy.io, "Draining" and
"Command line options", read Dec 2026)."""


def drain_seconds_of(container: Container) -> Sourced[int]:
    """The longest time that an option of the container's programs or a variable declares, in
    whole seconds; absent when none does. A number whose unit is not said is not known."""
    found = [*_from_command(container), *_from_environment(container)]
    known = [drain for drain in found if drain.value is not None]
    return max(known, key=_longest, default=Sourced(None, None, container.location))


def _longest(drain: Sourced[int]) -> tuple[object, ...]:
    place = drain.location
    return (drain.value or 0, (place.file, place.span) if place else ("",))


def _from_command(container: Container) -> list[Sourced[int]]:
    location = container.command.location
    runs = runs_of(container)
    found = [(_option(run), run.program, run.location or location) for run in runs]
    for variable in container.environment:
        text = variable.value.value
        if variable.name == "GUNICORN_CMD_ARGS" and text:
            inner = invocations(f"gunicorn {text}")
            found += [(_option(run), variable.name, variable.location) for run in inner]
    return [
        Sourced(seconds, Source.FILE, place, program)
        for text, program, place in found
        if (seconds := _seconds(text or "", 1.0)) is not None
    ]


def _option(run: Invocation) -> str | None:
    options = _OPTIONS.get(run.program)
    return run.option(*options) if options else None


def _from_environment(container: Container) -> list[Sourced[int]]:
    envoy = "envoy" in words(parse_image(container.image.value or "").name)
    return [
        Sourced(seconds, Source.FILE, variable.value.location or variable.location, variable.name)
        for variable in container.environment
        if not (envoy and "DRAIN" in variable.name.upper())
        and (seconds := _of_variable(variable)) is not None
    ]


def _of_variable(variable: EnvironmentVariable) -> int | None:
    name, text = variable.name.upper(), (variable.value.value or "").strip()
    match = None if _ENVOY.search(name) else _VARIABLE.search(name)
    unit = _PROPERTIES.get(name, match["unit"] if match else None)
    if match is None and name not in _PROPERTIES:
        return None
    return _seconds(text, _NAMED_UNITS.get(unit, 1.0) if unit else None)


def _seconds(text: str, of_bare_number: float | None) -> int | None:
    """Whole seconds of "30", "30s", "1m30s", "500ms" or "PT30S"; ``of_bare_number`` is what one
    without a unit counts in, None where that is not known."""
    seconds: float | None = None
    if re.fullmatch(r"[0-9]{1,9}", text):
        seconds = None if of_bare_number is None else int(text) * of_bare_number
    elif match := _DURATION.match(text):
        seconds = sum(float(n) * _UNITS[unit.lower()] for n, unit in _PART.findall(match[1]))
    return int(seconds) if seconds is not None and 0 < seconds <= LONGEST else None
