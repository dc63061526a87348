"""The programs that a start command runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lintscale.code.plain import plain_words
from lintscale.code.shell_marks import given, unknown, unmarked
from lintscale.code.wrappers import unwrapped
from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.invocations import Invocation

if TYPE_CHECKING:
    from lintscale.code.shell_state import Project

__all__ = ["Invocation", "as_line", "environment_of", "followed", "invocations", "runs_of"]

Environment = tuple[tuple[str, str | None], ...]
"""Names and values; None: set, to something that is not known."""


@lru_cache(maxsize=1024)
def invocations(command: str, environment: Environment = ()) -> tuple[Invocation, ...]:
    """The programs that a shell line runs, in order, wrappers taken off. Scripts in files are not
    followed. Kept, as one command is asked about for every folder that may hold its program."""
    found = _of_plain_words(command, dict(environment))
    if found is not None:
        return found
    from lintscale.code.shell import Interpreter

    return Interpreter(dict(environment)).start(command)


def _of_plain_words(
    command: str, environment: Mapping[str, str | None]
) -> tuple[Invocation, ...] | None:
    """The programs without what reads the shell; None where the command takes more."""

    def value(name: str) -> tuple[str | None, ...]:
        if name not in environment:
            return (None,)
        return (unknown(f"${name}") if (own := environment[name]) is None else own,)

    lines = plain_words(command, value)
    if lines is None:
        return None
    found = []
    for words in lines:
        line = unwrapped(words, {})
        if line.words and line.words[0] in ("command", "true", ":", "["):
            return None
        if line.words:
            program, arguments, module = line.program
            settings = {name: unmarked(text) for name, text in line.settings.items()}
            plain = tuple(map(unmarked, arguments))
            found.append(Invocation(unmarked(program), plain, settings, module=module))
    return tuple(found)


def followed(
    command: str, environment: Mapping[str, str | None], project: Project, folder: str
) -> tuple[Invocation, ...]:
    """The same with the scripts of a project, as they run in ``folder``."""
    from lintscale.code.shell import Interpreter

    return Interpreter(environment, project).start(command, folder)


def runs_of(container: Container) -> tuple[Invocation, ...]:
    """The programs that a container's command runs, as far as its files were followed."""
    if container.runs:
        return container.runs
    command = container.command.value
    return invocations(command, environment_of(container.environment)) if command else ()


def environment_of(variables: Iterable[EnvironmentVariable]) -> Environment:
    """What is set from elsewhere has a value, but for that it is not known."""
    values = {
        each.name: given(each.name)
        if each.value.value is None and each.reference
        else each.value.value
        for each in variables
    }
    return tuple(sorted(values.items()))


def as_line(runs: Iterable[Invocation]) -> str:
    """One line that runs these programs one after another."""
    lines = []
    for run in runs:
        words = ["python", "-m", run.module] if run.module else [run.program]
        settings = [f"{name}={value}" for name, value in run.settings.items()]
        if run.program:
            lines.append(shlex.join([*settings, *words, *run.arguments]))
    return " && ".join(lines)
