"""Programs that run the command behind them: ``exec``, ``env``, ``nice``, ``poetry run`` …"""

from __future__ import annotations

from typing import NamedTuple

from lintscale.syntax.regex import regex

ASSIGNMENT = regex(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z", 16)
_PYTHON = regex(r"(?:python|pypy)[0-9.]*\Z")

_PREFIXES: dict[str, frozenset[str]] = {
    "exec": frozenset({"-a"}),
    "command": frozenset(),
    "builtin": frozenset(),
    "time": frozenset(),
    "nohup": frozenset(),
    "setsid": frozenset(),
    "cross-env": frozenset(),
    "numactl": frozenset({"-m", "-N", "-C"}),
    "setpriv": frozenset({"--reuid", "--regid"}),
    "chpst": frozenset({"-u", "-U", "-e", "-n", "-m"}),
    "catatonit": frozenset(),
    "with-contenv": frozenset(),
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
"""Programs that run the command behind them, with those of their options that take a
value."""

_OPERANDS = {"s6-setuidgid": 1, "setuidgid": 1, "timeout": 1, "gosu": 1, "su-exec": 1, "chroot": 1}
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
    {"aws-vault", "catatonit", "chamber", "dockerize", "dotenvx", "dumb-init", "op", "runuser",
     "tini", "wait-for", "wait-for-it", "wait-for-it.sh", "wait-for.sh"}
)  # fmt: skip
"""Programs whose own arguments may end with ``--``; what follows is the command."""


class Command(NamedTuple):
    """The words of a command, wrappers taken off, with the variables that are set for it."""

    words: list[str]
    settings: dict[str, str]

    @property
    def program(self) -> tuple[str, list[str], str]:
        """Its bare name, its arguments and the module that Python runs."""
        program, arguments = _base(self.words[0]), self.words[1:]
        if _PYTHON.match(program) and "-m" in arguments[:4]:
            at = arguments.index("-m")
            if at + 1 < len(arguments):
                module = arguments[at + 1]
                return module.lower().split(".")[0], arguments[at + 2 :], module
        return program, arguments, ""


def unwrapped(words: list[str], settings: dict[str, str]) -> Command:
    """The command that runs in the end; without words where nothing does."""
    settings = dict(settings)
    while words:
        if not words[0]:
            words = words[1:]
            continue
        match = ASSIGNMENT.match(words[0])
        if match:
            settings[match[1]] = match[2]
            words = words[1:]
            continue
        inner = _inside(_base(words[0]), words[1:])
        if inner is None:
            break
        words = inner
    return Command(words, settings)


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


def _base(word: str) -> str:
    """ "/usr/local/bin/uvicorn" is uvicorn."""
    return word.rsplit("/", 1)[-1].lower()
