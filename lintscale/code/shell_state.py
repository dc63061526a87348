"""What a shell script has done at one point of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lintscale.code.shell_marks import unknown
from lintscale.code.shell_words import MOST_ALTERNATIVES, Expander
from lintscale.model.invocations import Branch, Invocation
from lintscale.model.location import Location, Span

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 60

YES, NO, MAYBE, ASSUMED = "yes", "no", "maybe", "assumed"
"""Whether a command succeeds: ASSUMED is a program of which nothing is known."""


class Part(NamedTuple):
    """Something else that a program starts: a line of the shell with the folder it runs in, and
    where it is written."""

    text: str
    folder: str
    location: Location | None = None
    background: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    unknown: str = ""


class ScriptFile(NamedTuple):
    """A file of the project, or a part of one that begins at ``line``."""

    name: str
    text: str
    line: int = 1


class Project(Protocol):
    """The files beside a command."""

    def script(self, path: str, folder: str) -> ScriptFile | None:
        """The file that a program finds at ``path``, seen from ``folder``."""

    def started(self, run: Invocation, folder: str) -> list[Part] | None:
        """What else a program starts; None where it is not one that starts others."""


class Origin(NamedTuple):
    """The file of a script; "" where it is the command itself. ``at`` stands for all lines."""

    file: str = ""
    at: Location | None = None
    line: int = 1

    def location(self, node: Node | None) -> Location | None:
        if not self.file or self.at is not None:
            return self.at
        row = node.start_point[0] if node is not None else 0
        length = len((node.text or b"").split(b"\n")[0]) if node is not None else 0
        column = node.start_point[1] + 1 if node is not None else 1
        line = self.line + row
        return Location(self.file, Span(line, column, line, column + max(1, length)))


class NotKnownError(Exception):
    pass


class State:
    """``folder`` is None where it is not known; ``path`` are the sides of choices on which the
    script is; ``ended`` says why nothing more runs: "exit", "return" or "break"."""

    def __init__(self, words: Expander, folder: str | None = "") -> None:
        self.words = words
        self.folder = folder
        self.exported: frozenset[str] = frozenset()
        self.functions: dict[str, Node] = {}
        self.path: tuple[Branch, ...] = ()
        self.ended = ""

    def copy(self, *more: Branch) -> State:
        words = Expander(self.words.environment)
        words.variables = dict(self.words.variables)
        words.arguments, words.name = self.words.arguments, self.words.name
        own = State(words, self.folder)
        own.exported, own.functions = self.exported, dict(self.functions)
        own.path, own.ended = (*self.path, *more), self.ended
        return own


class Nesting(Protocol):
    depth: int


class Deeper:
    """Bounds how deep a script nests."""

    def __init__(self, nesting: Nesting, by: int = 1) -> None:
        self.nesting, self.by = nesting, by

    def __enter__(self) -> None:
        self.nesting.depth += self.by
        if self.nesting.depth > _DEEPEST:
            raise NotKnownError

    def __exit__(self, *_: object) -> None:
        self.nesting.depth -= self.by


def join_states(state: State, alive: Sequence[State]) -> None:
    names = {name for each in alive for name in each.words.variables}
    for name in names:
        values = dict.fromkeys(v for each in alive for v in each.words.values(name))
        if len(values) > MOST_ALTERNATIVES:
            values = {unknown(f"${name}"): None}
        state.words.variables[name] = tuple(values)
    arguments = dict.fromkeys(a for each in alive for a in each.words.arguments)
    state.words.arguments = tuple(arguments)[:MOST_ALTERNATIVES]
    state.exported = frozenset().union(*(each.exported for each in alive))
    state.functions = {name: body for each in alive for name, body in each.functions.items()}
    folders = {each.folder for each in alive}
    state.folder = folders.pop() if len(folders) == 1 else None
