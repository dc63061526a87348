"""How many processes one instance runs: each has connection pools of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

from lintscale.code.commands import Invocation, invocations
from lintscale.model.declared import Container, EnvironmentVariable
from lintscale.model.location import Location
from lintscale.model.resolved import WorkerCount
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.regex import regex

MOST = 10_000
"""More worker processes than one machine runs; larger numbers are taken for mistakes."""

WEB_CONCURRENCY = "WEB_CONCURRENCY"

_VARIABLE = regex(
    r"\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?::?[-=](?P<default>[^{}]*))?\}\Z"
    r"|\$(?P<bare>[A-Za-z_][A-Za-z0-9_]*)\Z"
    r"|\$\((?P<kubernetes>[A-Za-z_][A-Za-z0-9_]*)\)\Z"
)


class Program(NamedTuple):
    """How a program is told its number of processes: ``options`` on its command line,
    ``variables`` in its environment (the first that is set wins), else one, or with ``per_cpu``
    one per CPU of the machine, which nobody can know from here. ``config_options`` name a file
    that may say it instead."""

    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    config_options: tuple[str, ...] = ()
    per_cpu: bool = False


PROGRAMS: dict[str, Program] = {
    # uvicorn 0.54, main.py and config.py: $UVICORN_WORKERS through click, then $WEB_CONCURRENCY.
    "uvicorn": Program(("--workers",), ("UVICORN_WORKERS", WEB_CONCURRENCY)),
    # gunicorn 27, config.py: Workers; app/base.py: file, then GUNICORN_CMD_ARGS, then options.
    "gunicorn": Program(("-w", "--workers"), (WEB_CONCURRENCY,), ("-c", "--config")),
    # hypercorn 0.18, __main__.py; reads no variable.
    "hypercorn": Program(("-w", "--workers"), (), ("-c", "--config")),
    # granian 2.8, cli.py: click's GRANIAN_ prefix.
    "granian": Program(("--workers",), ("GRANIAN_WORKERS",)),
    # fastapi-cli 0.0.34 hands --workers to uvicorn, which reads $WEB_CONCURRENCY without it.
    "fastapi": Program(("--workers",), (WEB_CONCURRENCY,)),
    "daphne": Program(),
    "waitress-serve": Program(),
    "flask": Program(),
    "runserver": Program(),
    # uWSGI reads its options from UWSGI_… variables too; without any it runs one process.
    "uwsgi": Program(
        ("-p", "--processes", "--workers"),
        ("UWSGI_PROCESSES", "UWSGI_WORKERS"),
        ("--ini", "--yaml", "--json", "--xml", "--emperor"),
    ),
    # puma, lib/puma/configuration.rb (2026): workers 0, which is one process without a cluster.
    "puma": Program(("-w", "--workers"), (WEB_CONCURRENCY,), ("-C", "--config")),
    "rails": Program((), (WEB_CONCURRENCY,)),
    "sidekiq": Program(),
    # celery 5.7, bin/worker.py.
    "celery": Program(("-c", "--concurrency"), per_cpu=True),
    # dramatiq 2.2, cli.py.
    "dramatiq": Program(("-p", "--processes"), per_cpu=True),
    "rq": Program(),
    # pm2.keymetrics.io/docs/usage/cluster-mode (2026): one process unless -i says otherwise.
    "pm2": Program(("-i", "--instances")),
    "pm2-runtime": Program(("-i", "--instances")),
}


def processes_of(container: Container) -> Sourced[int]:
    """The number of processes of one instance; always a number, with the place and the reason
    it comes from. A number that nothing tells is 1, marked as assumed."""
    command = container.command
    environment = {variable.name: variable for variable in container.environment}
    found = invocations(command.value) if command.value else []
    starts = [_Start(container, run, environment) for run in found]
    servers = [start for start in starts if start.name in PROGRAMS]
    if not servers:
        last = starts[-1] if starts else _Start(container, Invocation(""), environment)
        return last.of_unknown()
    if len(servers) > 1 and any(run.background for run in found):
        # "worker & server": all of them run side by side.
        parts = [server.of_known() for server in servers]
        assumed = any(part.source is Source.ASSUMED for part in parts)
        number = min(MOST, sum(part.value or 1 for part in parts))
        reason = "; ".join(sorted({part.reason for part in parts}))
        source = Source.ASSUMED if assumed else parts[0].source
        return Sourced(number, source, command.location, reason)
    return servers[-1].of_known()


def worker_counts_of(container: Container) -> list[WorkerCount]:
    """Every place that tells the web server of the container its number of workers, the one that
    counts first; those whose number is not known here are left out. Nothing for a container that
    runs several servers: whose number is meant is not said."""
    command = container.command
    environment = {variable.name: variable for variable in container.environment}
    runs = invocations(command.value) if command.value else []
    starts = [_Start(container, run, environment) for run in runs]
    servers = [start for start in starts if start.name in PROGRAMS]
    if len(servers) != 1 or WEB_CONCURRENCY not in PROGRAMS[servers[0].name].variables:
        return []
    return [
        WorkerCount(name, told.value or 1, told.location)
        for name, told in servers[0].all_told()
        if told.written and told.location is not None
    ]


def program_of(container: Container) -> str:
    """The server program that the container starts, or the last program of its command; "" when
    the command is not known."""
    found = invocations(container.command.value) if container.command.value else []
    names = [_program(run) for run in found]
    known = [name for name in names if name in PROGRAMS]
    return known[-1] if known else names[-1] if names else ""


def _program(run: Invocation) -> str:
    """The program, with its subcommand where that makes another program of it."""
    name = run.program
    if "runserver" in run.arguments[:2]:
        return "runserver"
    if name == "rails" and not run.has("s", "server"):
        return "rails command"
    if name == "celery" and not run.has("worker"):
        return "celery command"
    if name == "fastapi" and run.has("dev"):
        return "fastapi dev"
    return name


class _Start(NamedTuple):
    """One program that a container starts."""

    container: Container
    run: Invocation
    environment: dict[str, EnvironmentVariable]

    @property
    def name(self) -> str:
        return _program(self.run)

    @property
    def here(self) -> Location:
        return self.container.command.location or self.container.location

    def of_known(self) -> Sourced[int]:
        name, run = self.name, self.run
        program = PROGRAMS[name]
        if name == "uvicorn" and run.has("--reload"):
            return Sourced(1, Source.FILE, self.here, "uvicorn --reload runs one process")
        if name == "celery":
            pool = run.option("-P", "--pool")
            if pool in ("solo", "threads", "gevent", "eventlet"):
                return Sourced(1, Source.FILE, self.here, f"celery --pool {pool} is one process")
            autoscale = run.option("--autoscale")
            if autoscale:
                return self._told(autoscale.split(",")[0], "celery --autoscale")
        value = run.option(*program.options)
        if value is not None:
            return self._told(value, f"{name} {program.options[-1]}")
        if name == "gunicorn":
            told = self._gunicorn_arguments()
            if told is not None:
                return told
        return self._without_option(program)

    def all_told(self) -> list[tuple[str, Sourced[int]]]:
        """What each of the program's options and variables says, by precedence."""
        name, run = self.name, self.run
        program = PROGRAMS[name]
        if name == "uvicorn" and run.has("--reload"):
            return []
        told: list[tuple[str, Sourced[int] | None]] = []
        value = run.option(*program.options)
        if value is not None:
            option = program.options[-1]
            told.append((option, self._told(value, option)))
        if name == "gunicorn":
            told.append(("GUNICORN_CMD_ARGS", self._gunicorn_arguments()))
        told += [(variable, self._from_variable(variable, "")) for variable in program.variables]
        return [(place, count) for place, count in told if count is not None]

    def _without_option(self, program: Program) -> Sourced[int]:
        name, run = self.name, self.run
        own_file = run.option(*program.config_options) is not None
        own_file = own_file or any("ecosystem" in word for word in run.arguments)
        for variable in program.variables:
            told = self._from_variable(variable, f"{variable}, which {name} reads")
            if told is None:
                continue
            if own_file:
                reason = f"{told.reason}, unless its configuration file says otherwise"
                return Sourced(told.value, Source.ASSUMED, told.location, reason)
            return told
        if own_file:
            return self._assumed(f"{name}'s configuration file was not read")
        if program.per_cpu:
            return self._assumed(f"{name} runs one process per CPU of its machine unless told")
        reason = f"{name} runs one process unless told"
        return Sourced(1, Source.PLATFORM_DEFAULT, self.here, reason)

    def of_unknown(self) -> Sourced[int]:
        told = self._from_variable(WEB_CONCURRENCY, f"{WEB_CONCURRENCY}: most web servers read it")
        if told is not None:
            return told
        program = self.run.program
        if not program or program.startswith("-"):
            return self._assumed("the program is not in the scanned files")
        if not re.fullmatch(r"[\w.+-]{1,40}", program):
            program = "its program"
        return self._assumed(f"how many processes {program} runs is not known")

    def _gunicorn_arguments(self) -> Sourced[int] | None:
        name = "GUNICORN_CMD_ARGS"
        line, here = self.run.settings.get(name), self.here
        if line is None and name in self.environment:
            line, here = self.environment[name].value.value, self.environment[name].location
        inner = invocations(f"gunicorn {line}") if line else []
        value = inner[0].option("-w", "--workers") if inner else None
        return None if value is None else self._told(value, name, here)

    def _from_variable(self, variable: str, by: str) -> Sourced[int] | None:
        if variable in self.run.settings:
            return self._told(self.run.settings[variable], by)
        written = self.environment.get(variable)
        if written is None:
            return None
        if written.value.value is None:
            reason = f"{variable} is set, and its value is not known here"
            return Sourced(1, Source.ASSUMED, written.location, reason)
        if not written.value.value.strip():
            return None
        return self._told(written.value.value, by, written.value.location or written.location)

    def _told(self, text: str, by: str, location: Location | None = None) -> Sourced[int]:
        """The number that ``text`` says, directly or through a variable."""
        number = self._number(text)
        if number == 0 and not self.name.startswith(("puma", "rails")):
            number = None
        if number is None:
            reason = f"{by} is not known before it starts"
            return Sourced(1, Source.ASSUMED, location or self.here, reason)
        # Puma's 0 workers are one process without a cluster; elsewhere 0 is "as many as CPUs".
        return Sourced(max(1, number), Source.FILE, location or self.here, by)

    def _number(self, text: str, depth: int = 3) -> int | None:
        text = text.strip().strip("\"'").strip()
        if re.fullmatch(r"[0-9]{1,5}", text):
            return int(text) if int(text) <= MOST else None
        match = _VARIABLE.match(text)
        if match is None or depth == 0:
            return None
        name = match["braced"] or match["bare"] or match["kubernetes"]
        if name in self.run.settings:
            return self._number(self.run.settings[name], depth - 1)
        written = self.environment.get(name)
        if written is not None:
            value = written.value.value
            return None if value is None else self._number(value, depth - 1)
        default = match["default"]
        return None if default is None else self._number(default, depth - 1)

    def _assumed(self, reason: str) -> Sourced[int]:
        return Sourced(1, Source.ASSUMED, self.here, reason)
