"""The programs that a start command runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from functools import lru_cache

from lintscale.code.shell import Interpreter
from lintscale.code.shell_state import Project
from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.invocations import Invocation

__all__ = ["Invocation", "as_line", "environment_of", "followed", "invocations", "runs_of"]

Environment = tuple[tuple[str, str | None], ...]
"""Names and values; None: set, to something that is not known."""


@lru_cache(maxsize=1024)
def invocations(command: str, environment: Environment = ()) -> tuple[Invocation, ...]:
    """The programs that a shell line runs, in order, wrappers taken off. Scripts in files are not
    followed. Kept, as one command is asked about for every folder that may hold its program."""
    return Interpreter(dict(environment)).start(command)


def followed(
    command: str, environment: Mapping[str, str | None], project: Project, folder: str
) -> tuple[Invocation, ...]:
    """The same with the scripts of a project, as they run in ``folder``."""
    return Interpreter(environment, project).start(command, folder)


def runs_of(container: Container) -> tuple[Invocation, ...]:
    """The programs that a container's command runs, as far as its files were followed."""
    if container.runs:
        return container.runs
    command = container.command.value
    return invocations(command, environment_of(container.environment)) if command else ()


def environment_of(variables: Iterable[EnvironmentVariable]) -> Environment:
    return tuple(sorted({variable.name: variable.value.value for variable in variables}.items()))


def as_line(runs: Iterable[Invocation]) -> str:
    """One line that runs these programs one after another."""
    lines = []
    for run in runs:
        words = ["python", "-m", run.module] if run.module else [run.program]
        settings = [f"{name}={value}" for name, value in run.settings.items()]
        if run.program:
            lines.append(shlex.join([*settings, *words, *run.arguments]))
    return " && ".join(lines)
