"""What a container waits for before it is asked to stop."""

from __future__ import annotations

from collections.abc import Iterable

from lintscale.model.declared import Container
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex

_SLEEP = regex(r"\bsleep\s+([0-9]{1,6})(?:\.[0-9]+)?([smh]?)\b")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}

LONGEST_WAIT = 10**9
"""Seconds; a longer wait is a mistake of typing, and no number to calculate with."""


def pre_stop_seconds(container: Field) -> Sourced[int]:
    """How long the container's preStop hook sleeps, of its own kind (``sleep``) or in a command;
    absent where it does not, or where nothing tells how long its command takes."""
    hook = container.get("lifecycle", "preStop")
    slept = hook.get("sleep", "seconds").integer()
    if slept.value is not None and 0 <= slept.value <= LONGEST_WAIT:
        return slept
    command = hook.get("exec", "command")
    text = " ".join(word.string() or "" for word in command.items())
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _SLEEP.findall(text))
    if 0 < seconds <= LONGEST_WAIT:
        return Sourced(seconds, Source.FILE, command.location)
    return Sourced(None, None, hook.location)


def longest_wait(containers: Iterable[Container], nowhere: Location) -> Sourced[int]:
    """The longest of the containers' waits: a pod is gone when its last container is."""
    waits = [
        (container.pre_stop_seconds.value, container.pre_stop_seconds.location)
        for container in containers
    ]
    known = [(seconds, place) for seconds, place in waits if seconds is not None and place]
    if not known:
        return Sourced(None, None, nowhere)
    seconds, place = max(known, key=lambda wait: (wait[0], wait[1].span))
    return Sourced(seconds, Source.FILE, place)
