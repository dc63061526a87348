"""The programs that a container's command runs."""

from __future__ import annotations

from lintscale._record import field, record
from lintscale.model.location import Location


@record
class Branch:
    """A side of a choice in a script: only one side of each choice runs."""

    choice: int
    """The choice; numbers tell those of one command apart."""
    side: int
    """The side, counted from 0."""


@record
class Invocation:
    """One program run by a command."""

    program: str
    """Its bare name: "uvicorn"; for ``python -m x.y`` it is x."""
    arguments: tuple[str, ...] = ()
    """Its arguments; what is not known stands there as it is written."""
    settings: dict[str, str] = field(default_factory=dict)
    """The variables that the command or a script sets for it."""
    background: bool = False
    """The next one does not wait for it."""
    module: str = ""
    """The module that ``python -m`` runs."""
    branches: tuple[Branch, ...] = ()
    """The sides of choices on which it stands, the outermost first."""
    location: Location | None = None
    """Where it is written, if that is not the command itself."""
    unknown: str = ""
    """Why it is not known what runs; "" where it is known."""

    def option(self, *names: str) -> str | None:
        """The value of the last of these options that is given: ``-w 4``, ``-w4``, ``--workers
        4``, ``--workers=4``; None when none is, "" when its value is missing."""
        found = None
        arguments = self.arguments
        for index, argument in enumerate(arguments):
            if argument == "--":
                break
            for name in names:
                if argument == name:
                    found = arguments[index + 1] if index + 1 < len(arguments) else ""
                elif name.startswith("--"):
                    if argument.startswith(name + "="):
                        found = argument[len(name) + 1 :]
                elif len(name) == 2 and argument.startswith(name) and argument[:2] != "--":
                    found = argument[2:].removeprefix("=")
        return found

    def has(self, *names: str) -> bool:
        return any(argument in names for argument in self.arguments)
