"""What an image or a process file starts when the config does not say: Dockerfile and Procfile."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from lintscale._record import field, record
from lintscale.code.dockerfiles import Instruction, filled_in, instructions_in
from lintscale.code.files import prefix_of
from lintscale.model.declared import EnvironmentVariable
from lintscale.model.location import Location, Span
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

_PROCESS = regex(r"^([A-Za-z0-9_-]+)\s*:[ \t]*(\S.*)$", 8)
_SHELL = ("/bin/sh", "-c")
_MOST_STAGES = 20
_MOST_CHARACTERS = 1_000_000
"""Of the values of all variables of a file; those behind them are not known."""


class Written(NamedTuple):
    """A file that a Dockerfile writes by itself: its text, and the line where that begins."""

    text: str
    line: int


class Copy(NamedTuple):
    """``sources`` go to ``destination``, an absolute path. ``stage`` is where they come from; None:
    from the context."""

    sources: tuple[str, ...]
    destination: str
    into_folder: bool
    stage: _Stage | None = None


@record
class Image:
    """What a Dockerfile says of its last stage: the start command as one shell line (None: not
    said, or said by a base image that is not read), the variables it sets, and the ENTRYPOINT where
    arguments of a container follow it. ``sources`` are the files and folders that any stage copies
    from the build's context; "" is all of it. ``folder`` is its WORKDIR."""

    command: Sourced[str] | None = None
    environment: tuple[EnvironmentVariable, ...] = ()
    entry_point: str = ""
    sources: tuple[str, ...] = ()
    name: str = ""
    folder: str = "/"
    copies: tuple[Copy, ...] = ()
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def holds_anything(self) -> bool:
        """Whether anything of the project goes into it: one that takes a finished program from
        elsewhere runs that."""
        return bool(self.sources)

    def holds(self, name: str, folder: str) -> bool:
        """Whether the file goes into it, be the context ``folder`` or the project's root."""
        inside = name.removeprefix(prefix_of(folder))
        return any(
            not source or each == source or each.startswith(f"{source}/")
            for source in self.sources
            for each in (name, inside)
        )

    def origins(self, path: str) -> Iterator[str]:
        """Where in the context a file of the image may come from, the last copy first."""
        yield from _origins(path, self.copies, _MOST_STAGES)


def _origins(path: str, copies: tuple[Copy, ...], depth: int) -> Iterator[str]:
    if depth <= 0:
        return
    for copy in reversed(copies):
        for source in copy.sources:
            for name in _before(path, copy, source):
                if copy.stage is None:
                    yield posixpath.normpath(name.lstrip("/")).removeprefix("./")
                else:
                    own = posixpath.join(copy.stage.folder or "/", name)
                    yield from _origins(own, tuple(copy.stage.copies), depth - 1)


def _before(path: str, copy: Copy, source: str) -> Iterator[str]:
    """The names that a path may have had before it was copied."""
    if path == copy.destination and not copy.into_folder:
        yield source
    inside = path.removeprefix(copy.destination.rstrip("/") + "/")
    if inside == path:
        return
    last = source.rstrip("/").rpartition("/")[2]
    if any(character in last for character in "*?["):
        if fnmatchcase(inside, last):
            yield posixpath.join(posixpath.dirname(source.rstrip("/")), inside)
        return
    if last == inside:
        yield source
    yield posixpath.join(source or ".", inside)


class _Stage:
    def __init__(self, base: _Stage | None = None) -> None:
        self.instructions: dict[str, Instruction] = dict(base.instructions) if base else {}
        self.variables: dict[str, EnvironmentVariable] = dict(base.variables) if base else {}
        self.arguments: dict[str, str | None] = {}
        self.shell: tuple[str, ...] = base.shell if base else _SHELL
        self.folder: str | None = base.folder if base else "/"
        self.copies: list[Copy] = list(base.copies) if base else []
        self.written: dict[str, Written] = dict(base.written) if base else {}
        self.is_base_known = base is not None

    @property
    def values(self) -> dict[str, str | None]:
        environment = {name: each.value.value for name, each in self.variables.items()}
        return {**self.arguments, **environment}


def read_dockerfile(name: str, text: str) -> Image:
    """docs.docker.com/reference/dockerfile: the last stage counts, with the stages that it
    builds upon; CMD are the arguments of ENTRYPOINT where that is in exec form."""
    reader = _Reader(name, text)
    for instruction in reader.instructions:
        reader.read(instruction)
    stage = reader.stage
    return Image(
        reader.command(),
        tuple(stage.variables[key] for key in sorted(stage.variables)),
        reader.entry_point(),
        tuple(reader.sources),
        name,
        stage.folder or "",
        tuple(stage.copies),
        stage.written,
    )


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.instructions, self.escape = instructions_in(text)
        self.stage = _Stage()
        self.stages: dict[str, _Stage] = {}
        self.count = 0
        self.globals: dict[str, str | None] = {}
        self.sources: dict[str, None] = {}
        self.left = _MOST_CHARACTERS

    def read(self, instruction: Instruction) -> None:
        how = _READERS.get(instruction.name)
        if how is not None:
            how(self, instruction)

    def from_(self, instruction: Instruction) -> None:
        words = instruction.words
        base = filled_in(words[0], self.globals, self.escape) if words else None
        self.stage = _Stage(self.stages.get((base or "").lower()))
        self.stages[str(self.count)] = self.stage
        self.count += 1
        if len(words) > 2 and words[1].lower() == "as":
            self.stages[words[2].lower()] = self.stage

    def argument(self, instruction: Instruction) -> None:
        into = self.stage.arguments if self.count else self.globals
        for word in instruction.words:
            name, sign, default = word.partition("=")
            # What a build is called with is not known, but a default stands for it.
            value = self._value(default, self._values) if sign else None
            into[name] = value if sign or name not in self.globals else self.globals[name]

    def environment(self, instruction: Instruction) -> None:
        values = self._values
        for key, text in zip(instruction.words[::2], instruction.words[1::2], strict=True):
            where = self._location(instruction.line)
            value = self._value(text, values)
            variable = EnvironmentVariable(key, Sourced(value, Source.FILE, where), where)
            self.stage.variables[key] = variable

    def _value(self, text: str, values: dict[str, str | None]) -> str | None:
        value = filled_in(text, values, self.escape)
        self.left -= len(value or "")
        return value if self.left > 0 else None

    def start(self, instruction: Instruction) -> None:
        self.stage.instructions[instruction.name] = instruction
        if instruction.name == "ENTRYPOINT":
            self.stage.instructions.pop("CMD", None)

    def shell(self, instruction: Instruction) -> None:
        self.stage.shell = instruction.words

    def work_folder(self, instruction: Instruction) -> None:
        folder = filled_in(" ".join(instruction.words), self._values, self.escape)
        self.stage.folder = None if folder is None else self._path(folder)

    def copy(self, instruction: Instruction) -> None:
        words = [filled_in(word, self._values, self.escape) for word in instruction.words]
        if instruction.in_exec_form:
            words = list(instruction.words)
        origin = next((f for f in instruction.flags if f.startswith("--from")), None)
        if origin is None:
            self.sources.update(dict.fromkeys(_copied(list(instruction.words))))
        if len(words) < 2 or words[-1] is None or self.stage.folder is None:
            return
        target, into = self._path(words[-1]), words[-1].endswith(("/", ".")) or len(words) > 2
        marks = {heredoc.name: heredoc for heredoc in instruction.heredocs}
        for word in words[:-1]:
            mark = (word or "").removeprefix("<<").removeprefix("-").strip("'\"")
            if word and word.startswith("<<") and mark in marks:
                heredoc = marks[mark]
                text: str | None = heredoc.text
                if heredoc.expands:
                    text = filled_in_text(heredoc.text, self._values, self.escape)
                if text is not None:
                    path = posixpath.join(target, mark) if into else target
                    self.stage.written[path] = Written(text, heredoc.line)
        sources = tuple(word for word in words[:-1] if word is not None and "<<" not in word)
        sources = tuple(s for s in sources if not s.startswith(("http://", "https://", "git@")))
        stage = self.stages.get(origin.partition("=")[2].lower()) if origin else None
        if sources and (origin is None or stage is not None):
            sources = tuple("" if s in (".", "./", "/") and stage is None else s for s in sources)
            self.stage.copies.append(Copy(sources, target, into, stage))
        for source in sources if stage is not None else ():
            for path, written in list(stage.written.items() if stage else ()):
                for name in (source, f"{source.rstrip('/')}/"):
                    if path == name:
                        own = posixpath.join(target, posixpath.basename(path)) if into else target
                        self.stage.written[own] = written
                    elif name.endswith("/") and path.startswith(name):
                        self.stage.written[posixpath.join(target, path[len(name) :])] = written

    def run(self, instruction: Instruction) -> None:
        """The scripts that RUN writes: by a here-document, or by echo and printf."""
        if instruction.in_exec_form or not instruction.words or self.stage.folder is None:
            return
        text = instruction.words[0]
        if ">" not in text and not instruction.heredocs:
            return
        if instruction.heredocs and text.lstrip().startswith("<<") and len(text.split()) == 1:
            text = instruction.heredocs[0].text
        else:
            text += "\n" + "".join(f"{each.text}{each.name}\n" for each in instruction.heredocs)
        if ">" not in text:
            return
        from lintscale.code.shell import Interpreter

        interpreter = Interpreter(self._values)
        interpreter.start(text, self.stage.folder)
        line = instruction.heredocs[0].line if instruction.heredocs else instruction.line
        for path, content in interpreter.written.items():
            self.stage.written[path] = Written(content, line)

    # -- what is started --------------------------------------------------------------------------

    def entry_point(self) -> str:
        entry = self.stage.instructions.get("ENTRYPOINT")
        if entry is None or not entry.in_exec_form:
            return ""
        return shlex.join(entry.words)

    def command(self) -> Sourced[str] | None:
        entry = self.stage.instructions.get("ENTRYPOINT")
        arguments = self.stage.instructions.get("CMD")
        if entry is not None and not entry.words:
            entry = None
        if arguments is not None and not arguments.words:
            arguments = None
        main = entry or arguments
        if main is None:
            return None
        line = self._line(main)
        if entry is not None and arguments is not None and entry.in_exec_form and line is not None:
            more = self._argument_line(arguments)
            line = None if more is None else f"{line} {more}"
        where = self._location((arguments or main).line)
        return Sourced(line, Source.FILE, where, "the image's own command")

    def _line(self, instruction: Instruction) -> str | None:
        """As one line for sh; None where another kind of shell runs it."""
        if instruction.in_exec_form:
            return shlex.join(instruction.words)
        shell = (self.stage.shell or ("",))[0].replace("\\", "/").rpartition("/")[2].lower()
        return instruction.words[0] if shell in ("sh", "bash", "ash", "dash", "zsh") else None

    def _argument_line(self, instruction: Instruction) -> str | None:
        line = self._line(instruction)
        if instruction.in_exec_form or line is None:
            return line
        return shlex.join([*self.stage.shell, line])

    # -- small things -----------------------------------------------------------------------------

    @property
    def _values(self) -> dict[str, str | None]:
        return self.stage.values if self.count else self.globals

    def _path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.stage.folder or "/", path))

    def _location(self, line: int) -> Location:
        return Location(self.name, Span(line, 1, line, len(Positions(self.text).line(line)) + 1))


_READERS: dict[str, Callable[[_Reader, Instruction], None]] = {
    "FROM": _Reader.from_,
    "ARG": _Reader.argument,
    "ENV": _Reader.environment,
    "CMD": _Reader.start,
    "ENTRYPOINT": _Reader.start,
    "SHELL": _Reader.shell,
    "WORKDIR": _Reader.work_folder,
    "COPY": _Reader.copy,
    "ADD": _Reader.copy,
    "RUN": _Reader.run,
}


def filled_in_text(text: str, variables: dict[str, str | None], escape: str) -> str | None:
    """A here-document's text: quotes in it are text."""
    parts = []
    for part in text.split('"'):
        pieces = [filled_in(piece, variables, escape) for piece in part.split("'")]
        if any(piece is None for piece in pieces):
            return None
        parts.append("'".join(piece for piece in pieces if piece is not None))
    return '"'.join(parts)


def _copied(words: list[str]) -> list[str]:
    """What is copied from the context, without patterns and variables: those mean anything in the
    folder before them."""
    found = []
    for source in words[:-1]:
        if source.startswith(("http://", "https://", "<<", "git@")):
            continue
        parts: list[str] = []
        for part in source.strip("\"'").split("/"):
            if any(character in part for character in "*?[$"):
                break
            if part not in ("", "."):
                parts.append(part)
        found.append("/".join(parts))
    return found


def read_procfile(name: str, text: str) -> dict[str, Sourced[str]]:
    """Start commands by process type (devcenter.heroku.com/articles/procfile)."""
    found: dict[str, Sourced[str]] = {}
    positions = Positions(text)
    for match in _PROCESS.finditer(text):
        number, _ = positions.at(match.start())
        where = Location(name, Span(number, 1, number, len(match[0]) + 1))
        found.setdefault(match[1], Sourced(match[2].strip(), Source.FILE, where, "the Procfile"))
    return found
