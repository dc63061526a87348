"""Start commands taken apart: which programs a shell line runs, with which arguments."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from lintscale.syntax.regex import regex

MAX_LENGTH = 20_000
"""Longer commands are scripts; they are not read."""

MAX_NESTING = 4
"""sh -c "sh -c …" and no deeper."""

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
_SEPARATORS = frozenset({"&&", "||", ";", "|", "&", ";;", "|&"})
_ASSIGNMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z", re.DOTALL)
_REDIRECTION = regex(r"\d*>>?&\d+|&>>?")
_PYTHON = regex(r"(?:python|pypy)[0-9.]*\Z")

_PREFIXES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ["if", "then", "elif", "else", "fi", "while", "until", "do", "done", "!", "{", "}"],
        frozenset(),
    ),
    "exec": frozenset({"-a"}),
    "command": frozenset(),
    "time": frozenset(),
    "nohup": frozenset(),
    "setsid": frozenset(),
    "env": frozenset({"-u", "--unset", "-C", "--chdir"}),
    "nice": frozenset({"-n", "--adjustment"}),
    "ionice": frozenset({"-c", "-n"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "timeout": frozenset({"-k", "-s"}),
    "sudo": frozenset({"-u", "-g"}),
    "tini": frozenset({"-p", "-e"}),
    "dumb-init": frozenset({"-r", "--rewrite"}),
    "ddtrace-run": frozenset(),
    "opentelemetry-instrument": frozenset({"--traces_exporter", "--metrics_exporter"}),
    "npx": frozenset({"-p", "--package"}),
    "bunx": frozenset(),
}
"""Keywords of the shell, and programs that run the command behind them, with those of their options
that take a value."""

_OPERANDS = {"timeout": 1, "gosu": 1, "su-exec": 1, "chroot": 1}
"""How many arguments of their own stand between such a program and the command."""

_SUBCOMMANDS: dict[str, dict[str, frozenset[str]]] = {
    "bundle": {"exec": frozenset()},
    "poetry": {"run": frozenset()},
    "pipenv": {"run": frozenset()},
    "pdm": {"run": frozenset()},
    "rye": {"run": frozenset()},
    "hatch": {"run": frozenset()},
    "uv": {
        "run": frozenset(
            {"--with", "--extra", "--group", "--python", "-p", "--project", "--directory",
             "--env-file", "--package", "--index", "--no-group", "--only-group"}
        )
    },
    "pnpm": {"exec": frozenset(), "dlx": frozenset()},
    "yarn": {"exec": frozenset(), "dlx": frozenset()},
    "npm": {"exec": frozenset()},
    "newrelic-admin": {"run-program": frozenset()},
    "doppler": {"run": frozenset({"-p", "-c", "--project", "--config", "--token"})},
    "infisical": {"run": frozenset({"--env", "--path", "--projectId"})},
    "dotenv": {"run": frozenset({"-f", "--file"})},
    "chamber": {"exec": frozenset()},
}  # fmt: skip
"""Tools whose subcommand runs the command behind it, and the subcommand's options with a value."""

_SPACED_BY_DASHES = frozenset(
    {"tini", "dumb-init", "wait-for-it.sh", "wait-for-it", "wait-for", "wait-for.sh", "chamber"}
)
"""Programs whose own arguments may end with ``--``; what follows is the command."""


class Invocation(NamedTuple):
    """One program run by a command. ``program`` is its bare name ("uvicorn"; for ``python -m x.y``
    it is x, and ``module`` is "x.y"), ``settings`` are the assignments in front of it,
    ``background`` tells that the next one does not wait for it."""

    program: str
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, str] = MappingProxyType({})
    background: bool = False
    module: str = ""

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


@lru_cache(maxsize=1024)
def invocations(command: str) -> tuple[Invocation, ...]:
    """The programs that a shell line runs, in order, wrappers taken off. Empty when the line is
    empty or too long; a line with an unclosed quote is split at its spaces. Kept, as one command is
    asked about for every folder that may hold its program."""
    if len(command) > MAX_LENGTH:
        return ()
    return tuple(_of_line(command, {}, MAX_NESTING))


def _of_line(line: str, settings: dict[str, str], depth: int) -> Iterator[Invocation]:
    exported = dict(settings)
    for words, background in _simple_commands(line):
        if words[0] == "export":
            exported.update(_assignments(words[1:]))
            continue
        if all(_ASSIGNMENT.match(word) for word in words):
            exported.update(_assignments(words))
            continue
        yield from _of_words(words, exported, background, depth)


def _simple_commands(line: str) -> Iterator[tuple[list[str], bool]]:
    words: list[str] = []
    for part in _parts(line):
        if part in _SEPARATORS:
            if words:
                yield words, part == "&"
            words = []
        else:
            words.append(part)
    if words:
        yield words, False


def _parts(line: str) -> list[str]:
    """Words and separators; parentheses of subshells and redirections of numbers taken off."""
    line = re.sub(r"\\\r?\n", " ", line)
    line = re.sub(r"[\r\n]+", " ; ", line)
    line = _REDIRECTION.sub(" ", line)
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return [_without_subshell(part) for part in lexer]
    except ValueError:
        return line.split()


def _without_subshell(word: str) -> str:
    word = word.lstrip("(")
    while word.endswith(")") and word.count(")") > word.count("("):
        word = word[:-1]
    return word


def _of_words(
    words: list[str], settings: dict[str, str], background: bool, depth: int
) -> Iterator[Invocation]:
    words = [word for word in words if word]
    settings = dict(settings)
    while words:
        match = _ASSIGNMENT.match(words[0])
        if match:
            settings[match[1]] = match[2]
            words = words[1:]
            continue
        program = _base(words[0])
        inner = _inside(program, words[1:])
        if inner is None:
            break
        words = inner
    if not words:
        return
    program, arguments, module = _base(words[0]), words[1:], ""
    if program in _SHELLS:
        script = _script(arguments)
        if script is not None and depth > 0:
            yield from _of_line(script, settings, depth - 1)
            return
    if _PYTHON.match(program) and "-m" in arguments[:4]:
        at = arguments.index("-m")
        if at + 1 < len(arguments):
            module = arguments[at + 1]
            program = module.lower().split(".")[0]
            arguments = arguments[at + 2 :]
    yield Invocation(program, tuple(arguments), settings, background, module)


def _inside(program: str, rest: list[str]) -> list[str] | None:
    """The command that a wrapper runs; None when ``program`` is no wrapper."""
    if program in _SPACED_BY_DASHES and "--" in rest:
        return rest[rest.index("--") + 1 :]
    subcommands = _SUBCOMMANDS.get(program)
    if subcommands is not None:
        for index, word in enumerate(rest):
            if word in subcommands:
                return _after_options(rest[index + 1 :], subcommands[word])
            if not word.startswith("-"):
                break
        return None
    if program not in _PREFIXES and program not in _OPERANDS:
        return None
    inner = _after_options(rest, _PREFIXES.get(program, frozenset()))
    return inner[_OPERANDS.get(program, 0) :]


def _after_options(words: list[str], with_value: frozenset[str]) -> list[str]:
    index = 0
    while index < len(words) and words[index].startswith("-"):
        if words[index] == "--":
            return words[index + 1 :]
        index += 2 if words[index] in with_value else 1
    return words[index:]


def _script(arguments: list[str]) -> str | None:
    """What ``sh -c`` (or -lc, -ec, -euxo pipefail -c) runs."""
    for index, argument in enumerate(arguments):
        if re.match(r"-[A-Za-z]*c\Z", argument):
            return next((each for each in arguments[index + 1 :] if each != "--"), None)
    return None


def _assignments(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        match = _ASSIGNMENT.match(word)
        if match:
            found[match[1]] = match[2]
    return found


def _base(word: str) -> str:
    """ "/usr/local/bin/uvicorn" is uvicorn."""
    return word.rsplit("/", 1)[-1].lower()
