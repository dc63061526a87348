"""What an image or a process file starts when the config does not say: Dockerfile and Procfile."""

from __future__ import annotations

import json
import re
import shlex

from lintscale._record import record
from lintscale.code.files import prefix_of
from lintscale.model.declared import EnvironmentVariable
from lintscale.model.location import Location, Span
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.regex import regex
from lintscale.syntax.text import Positions

_INSTRUCTION = regex(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_ESCAPED_END = regex(r"\\[ \t]*$")
_PROCESS = regex(r"^([A-Za-z0-9_-]+)\s*:[ \t]*(\S.*)$", re.MULTILINE)


@record
class Image:
    """What a Dockerfile says of its last stage: the start command as one shell line (None: not
    said, or said by a base image that is not read), the variables it sets, and the ENTRYPOINT where
    arguments of a container follow it. ``sources`` are the files and folders that any stage copies
    from the build's context; "" is all of it."""

    command: Sourced[str] | None = None
    environment: tuple[EnvironmentVariable, ...] = ()
    entry_point: str = ""
    sources: tuple[str, ...] = ()

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


class _Stage:
    def __init__(self, base: _Stage | None = None) -> None:
        self.instructions: dict[str, tuple[str, int]] = dict(base.instructions) if base else {}
        self.variables: dict[str, EnvironmentVariable] = dict(base.variables) if base else {}


def read_dockerfile(name: str, text: str) -> Image:
    """docs.docker.com/reference/dockerfile: the last stage counts, with the stages that it
    builds upon; CMD are the arguments of ENTRYPOINT where that is in exec form."""
    stages: dict[str, _Stage] = {}
    stage = _Stage()
    sources: dict[str, None] = {}
    for number, line in _lines(text):
        match = _INSTRUCTION.match(line)
        if match is None:
            continue
        instruction, rest = match[1].upper(), match[2].strip()
        if instruction == "FROM":
            words = [word for word in rest.split() if not word.startswith("--")]
            stage = _Stage(stages.get(words[0].lower()) if words else None)
            if len(words) > 2 and words[1].lower() == "as":
                stages[words[2].lower()] = stage
        elif instruction in ("CMD", "ENTRYPOINT"):
            stage.instructions[instruction] = (rest, number)
            if instruction == "ENTRYPOINT":
                stage.instructions.pop("CMD", None)
        elif instruction == "ENV":
            for key, value in _settings(rest):
                where = Location(name, Span(number, 1, number, len(line.split("\n")[0]) + 1))
                variable = EnvironmentVariable(key, Sourced(value, Source.FILE, where), where)
                stage.variables[key] = variable
        elif instruction in ("COPY", "ADD"):
            sources.update(dict.fromkeys(_copied(rest)))
    return Image(
        _command(name, text, stage.instructions),
        tuple(stage.variables[key] for key in sorted(stage.variables)),
        _entry_point(stage.instructions),
        tuple(sources),
    )


def _copied(text: str) -> list[str]:
    """What is copied from the context, without patterns and variables: those mean anything in the
    folder before them. Files from other stages and other images are none of the project's."""
    words = _exec_form(text) if text.startswith("[") else text.split()
    options = [word for word in words or () if word.startswith("--")]
    if any(option.startswith("--from") for option in options):
        return []
    sources = [word for word in words or () if not word.startswith("--")][:-1]
    found = []
    for source in sources:
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


def _entry_point(instructions: dict[str, tuple[str, int]]) -> str:
    words = _exec_form(instructions["ENTRYPOINT"][0]) if "ENTRYPOINT" in instructions else None
    return shlex.join(words) if words else ""


def _lines(text: str) -> list[tuple[int, str]]:
    """Instructions with the number of their first line; continued lines joined."""
    found: list[tuple[int, str]] = []
    pending = ""
    start = 0
    for number, line in enumerate(Positions(text).lines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        if not pending:
            start = number
        if _ESCAPED_END.search(line):
            pending += _ESCAPED_END.sub(" ", line)
            continue
        joined = pending + line
        pending = ""
        if joined.strip():
            found.append((start, joined))
    if pending.strip():
        found.append((start, pending))
    return found


def _command(name: str, text: str, instructions: dict[str, tuple[str, int]]) -> Sourced[str] | None:
    entry, arguments = instructions.get("ENTRYPOINT"), instructions.get("CMD")
    if entry is None and arguments is None:
        return None
    main = entry or arguments
    assert main is not None  # noqa: S101 - one of the two is there
    words = _exec_form(main[0])
    line = shlex.join(words) if words is not None else main[0]
    if entry is not None and arguments is not None and words is not None:
        more = _exec_form(arguments[0])
        line += " " + (shlex.join(more) if more is not None else arguments[0])
    number = (arguments or main)[1]
    length = len(Positions(text).line(number))
    where = Location(name, Span(number, 1, number, length + 1))
    return Sourced(line, Source.FILE, where, "the image's own command")


def _exec_form(text: str) -> list[str] | None:
    if not text.startswith("["):
        return None
    try:
        words = json.loads(text)
    except ValueError:
        return None
    return [str(word) for word in words] if isinstance(words, list) else None


def _settings(text: str) -> list[tuple[str, str]]:
    """``A=1 B="two"``, or the old form ``A 1``."""
    try:
        words = shlex.split(text)
    except ValueError:
        return []
    if words and "=" not in words[0]:
        return [(words[0], " ".join(words[1:]))] if len(words) > 1 else []
    return [(key, value) for key, eq, value in (word.partition("=") for word in words) if eq]


def read_procfile(name: str, text: str) -> dict[str, Sourced[str]]:
    """Start commands by process type (devcenter.heroku.com/articles/procfile)."""
    found: dict[str, Sourced[str]] = {}
    positions = Positions(text)
    for match in _PROCESS.finditer(text):
        number, _ = positions.at(match.start())
        where = Location(name, Span(number, 1, number, len(match[0]) + 1))
        found.setdefault(match[1], Sourced(match[2].strip(), Source.FILE, where, "the Procfile"))
    return found
