"""How many processes one instance runs: each has connection pools of its own."""

from __future__ import annotations

import re
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.commands import Invocation, invocations, runs_of
from lintscale.model.declared import CodePool, Container, EnvironmentVariable
from lintscale.model.location import Location
from lintscale.model.resolved import WorkerCount
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.regex import regex

MOST = 10_000
"""More worker processes than one machine runs; larger numbers are taken for mistakes."""

WEB_CONCURRENCY = "WEB_CONCURRENCY"

_LATER = "not known before the start"

_VARIABLE = regex(
    r"\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?::?[-=](?P<default>[^{}]*))?\}\Z"
    r"|\$(?P<bare>[A-Za-z_][A-Za-z0-9_]*)\Z"
    r"|\$\((?P<expanded>[A-Za-z_][A-Za-z0-9_]*)\)\Z"
)


_STARTS_ANYTHING = regex(r".*\.sh\Z|(?:ba|da|a|z|k)?sh\Z|(?:python|pypy)[0-9.]*\Z")
"""Programs behind which a web server may be that reads the common variable."""


class Program(NamedTuple):
    """Where a program takes its number of processes from: ``options`` on its command line,
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
    # php.net, "Built-in web server": one process, or $PHP_CLI_SERVER_WORKERS. Laravel's
    # ServeCommand (12.x, December 2026) heeds that with --no-reload only.
    "php -S": Program((), ("PHP_CLI_SERVER_WORKERS",)),
    "artisan serve --no-reload": Program((), ("PHP_CLI_SERVER_WORKERS",)),
    "artisan serve": Program(),
    "artisan queue:work": Program(),
    "node cluster": Program(("--cluster-workers",)),
}


def processes_of(container: Container) -> Sourced[int]:
    """The number of processes of one instance; always a number, with the place and the reason
    it comes from. A number that nothing tells is 1, marked as assumed."""
    starts, reason = _largest(_starts(container))
    count = _total(starts)
    return Sourced(count.value, count.source, count.location, f"{count.reason}{reason}")


def processes_of_pool(container: Container, pool: CodePool) -> Sourced[int]:
    """The number of processes that hold a pool, where the container runs several programs: those
    of the programs that load its file, and of servers that may."""
    every = _starts(container)
    if any(start.run.unknown for start in every):
        return processes_of(container)
    starts = [
        start
        for position, start in enumerate(every)
        if position in pool.held_by or (position not in pool.not_held_by and _is_counted(start))
    ]
    kept, reason = _largest(starts)
    count = _sum([each.known_count() if _is_counted(each) else _of_one(each) for each in kept])
    return replace(count, reason=f"{count.reason}{reason}")


def _of_one(start: _Start) -> Sourced[int]:
    return start.assumed(f"number of processes of {start.run.program} not known")


def _largest(starts: list[_Start]) -> tuple[list[_Start], str]:
    """Of each choice the side that runs the most processes, and words for that."""
    reason = ""
    while any(start.run.branches for start in starts):
        # What stands deepest is chosen first, so that of a choice all sides are there.
        path = max((start.run.branches for start in starts), key=len)
        choice = path[-1].choice
        sides: dict[int, list[_Start]] = {}
        for start in starts:
            if start.run.branches and start.run.branches[-1].choice == choice:
                sides.setdefault(start.run.branches[-1].side, []).append(start)
        best = max(sides, key=lambda side: (_rank(sides[side]), -side))
        counted = [side for side in sides.values() if any(map(_is_counted, side))]
        if len(counted) > 1 and _is_counted_in(sides[best]):
            reason = f", the largest of {len(counted)} branches"
        kept = [
            start.outside(choice)
            for start in starts
            if start in sides[best] or not start.stands_on(choice)
        ]
        starts = kept
    return starts, reason


def _rank(starts: list[_Start]) -> tuple[bool, bool, int]:
    """What is not known comes first: it may be the larger."""
    total = _total(starts)
    is_unknown = any(start.run.unknown for start in starts) or total.reason.endswith(_LATER)
    return is_unknown, _is_counted_in(starts), total.value or 1


def _is_counted(start: _Start) -> bool:
    return start.name in PROGRAMS


def _is_counted_in(starts: list[_Start]) -> bool:
    return any(map(_is_counted, starts))


def _total(starts: list[_Start]) -> Sourced[int]:
    """What runs side by side: all in the background, and the last of the others."""
    unknown = next((start for start in starts if start.run.unknown), None)
    if unknown is not None:
        return unknown.assumed(unknown.run.unknown)
    servers = [start for start in starts if start.name in PROGRAMS]
    if not servers:
        return starts[-1].unknown_count()
    behind = [server for server in servers if server.run.background]
    before = [server for server in servers if not server.run.background]
    return _sum([server.known_count() for server in (*behind, *before[-1:])])


def _sum(parts: list[Sourced[int]]) -> Sourced[int]:
    if len(parts) == 1:
        return parts[0]
    is_assumed = any(part.source is Source.ASSUMED for part in parts)
    number = min(MOST, sum(part.value or 1 for part in parts))
    reason = "; ".join(sorted({part.reason for part in parts}))
    source = Source.ASSUMED if is_assumed else parts[0].source
    return Sourced(number, source, parts[0].location, reason)


def worker_counts_of(container: Container) -> list[WorkerCount]:
    """Every place that sets the number of workers of the container's web server, the one in force
    first, without those whose number is not known. None where the container runs several servers,
    as a variable may mean any of them."""
    servers = [start for start in _starts(container) if start.name in PROGRAMS]
    if len(servers) != 1 or WEB_CONCURRENCY not in PROGRAMS[servers[0].name].variables:
        return []
    return [
        WorkerCount(name, count.value or 1, count.location)
        for name, count in servers[0].counts()
        if count.written and count.location is not None
    ]


def program_of(container: Container) -> str:
    """The server program that the container starts, or the last program of its command; "" when
    the command is not known."""
    names = [_program(run) for run in runs_of(container)]
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
    if name == "node" and run.option("--cluster-workers") is not None:
        return "node cluster"
    if name == "fastapi" and run.has("dev"):
        return "fastapi dev"
    if name == "php":
        return _of_php(run)
    return name


def _of_php(run: Invocation) -> str:
    if run.has("-S"):
        return "php -S"
    if run.arguments[:2] == ("artisan", "serve"):
        return "artisan serve --no-reload" if run.has("--no-reload") else "artisan serve"
    return "artisan queue:work" if run.arguments[:2] == ("artisan", "queue:work") else "php"


def answers_one_at_a_time(container: Container) -> bool:
    """Whether each process of its program of PHP does one thing after the other."""
    return program_of(container).startswith(("php -S", "artisan "))


class _Start(NamedTuple):
    """One program that a container starts."""

    container: Container
    run: Invocation
    environment: dict[str, EnvironmentVariable]

    @property
    def name(self) -> str:
        return _program(self.run)

    @property
    def location(self) -> Location:
        own = self.run.location or self.container.command.location
        return own or self.container.location

    def stands_on(self, choice: int) -> bool:
        return bool(self.run.branches) and self.run.branches[-1].choice == choice

    def outside(self, choice: int) -> _Start:
        """Without the side of that choice."""
        if not self.stands_on(choice):
            return self
        return self._replace(run=replace(self.run, branches=self.run.branches[:-1]))

    def known_count(self) -> Sourced[int]:
        name, run = self.name, self.run
        program = PROGRAMS[name]
        if name == "uvicorn" and run.has("--reload"):
            return Sourced(1, Source.FILE, self.location, "uvicorn --reload: one process")
        if name == "celery":
            pool = run.option("-P", "--pool")
            if pool in ("solo", "threads", "gevent", "eventlet"):
                return Sourced(1, Source.FILE, self.location, f"celery --pool {pool}: one process")
            autoscale = run.option("--autoscale")
            if autoscale:
                return self._parsed(autoscale.split(",")[0], "celery --autoscale")
        value = run.option(*program.options)
        if value is not None:
            return self._parsed(value, f"{name} {program.options[-1]}")
        if name == "gunicorn":
            count = self._from_gunicorn_arguments()
            if count is not None:
                return count
        return self._without_option(program)

    def counts(self) -> list[tuple[str, Sourced[int]]]:
        """What each of the program's options and variables says, by precedence."""
        name, run = self.name, self.run
        program = PROGRAMS[name]
        if name == "uvicorn" and run.has("--reload"):
            return []
        counts: list[tuple[str, Sourced[int] | None]] = []
        value = run.option(*program.options)
        if value is not None:
            option = program.options[-1]
            counts.append((option, self._parsed(value, option)))
        if name == "gunicorn":
            counts.append(("GUNICORN_CMD_ARGS", self._from_gunicorn_arguments()))
        counts += [(variable, self._from_variable(variable, "")) for variable in program.variables]
        return [(place, count) for place, count in counts if count is not None]

    def _without_option(self, program: Program) -> Sourced[int]:
        name, run = self.name, self.run
        own_file = run.option(*program.config_options) not in (None, "")
        own_file = own_file or any("ecosystem" in word for word in run.arguments)
        for variable in program.variables:
            count = self._from_variable(variable, f"{variable}, which {name} reads")
            if count is None:
                continue
            if own_file:
                reason = f"{count.reason}, configuration file not read"
                return Sourced(count.value, Source.ASSUMED, count.location, reason)
            return count
        if own_file:
            return self.assumed(f"configuration file of {name} not read")
        if program.per_cpu:
            return self.assumed(f"default of {name}: one process per CPU of its machine")
        reason = f"default of {name}: one process"
        return Sourced(1, Source.PLATFORM_DEFAULT, self.location, reason)

    def unknown_count(self) -> Sourced[int]:
        program = self.run.program
        is_hidden = not program or program.startswith("-")
        if is_hidden or _STARTS_ANYTHING.match(program):
            count = self._from_variable(
                WEB_CONCURRENCY, f"{WEB_CONCURRENCY}: most web servers read it"
            )
            if count is not None:
                return count
        if is_hidden:
            return self.assumed("program not in the scanned files")
        if not re.fullmatch(r"[\w.+-]{1,40}", program):
            program = "its program"
        return self.assumed(f"number of processes of {program} not known")

    def _from_gunicorn_arguments(self) -> Sourced[int] | None:
        name = "GUNICORN_CMD_ARGS"
        line, location = self.run.settings.get(name), self.location
        if line is None and name in self.environment:
            line, location = self.environment[name].value.value, self.environment[name].location
        inner = invocations(f"gunicorn {line}") if line else []
        value = inner[0].option("-w", "--workers") if inner else None
        return None if value is None else self._parsed(value, name, location)

    def _from_variable(self, variable: str, by: str) -> Sourced[int] | None:
        if variable in self.run.settings:
            text = self.run.settings[variable]
            return self._parsed(text, by) if text.strip() else None
        written = self.environment.get(variable)
        if written is None:
            return None
        if written.value.value is None:
            reason = f"{variable}, value not known"
            return Sourced(1, Source.ASSUMED, written.location, reason)
        if not written.value.value.strip():
            return None
        return self._parsed(written.value.value, by, written.value.location or written.location)

    def _parsed(self, text: str, by: str, location: Location | None = None) -> Sourced[int]:
        """The number that ``text`` says, directly or through a variable."""
        number = self._number(text)
        if number == 0 and not self.name.startswith(("puma", "rails")):
            number = None
        if number is None:
            reason = f"{by}, {_LATER}"
            return Sourced(1, Source.ASSUMED, location or self.location, reason)
        # Puma's 0 workers are one process without a cluster; elsewhere 0 is "as many as CPUs".
        return Sourced(max(1, number), Source.FILE, location or self.location, by)

    def _number(self, text: str, depth: int = 3) -> int | None:
        text = text.strip().strip("\"'").strip()
        if re.fullmatch(r"[0-9]{1,5}", text):
            return int(text) if int(text) <= MOST else None
        match = _VARIABLE.match(text)
        if match is None or depth == 0:
            return None
        name = match["braced"] or match["bare"] or match["expanded"]
        if name in self.run.settings:
            return self._number(self.run.settings[name], depth - 1)
        written = self.environment.get(name)
        if written is not None:
            value = written.value.value
            return None if value is None else self._number(value, depth - 1)
        default = match["default"]
        return None if default is None else self._number(default, depth - 1)

    def assumed(self, reason: str) -> Sourced[int]:
        return Sourced(1, Source.ASSUMED, self.location, reason)


def _starts(container: Container) -> list[_Start]:
    """The programs of the command in order; one without a name where there is none."""
    environment = {variable.name: variable for variable in container.environment}
    runs = runs_of(container)
    return [_Start(container, run, environment) for run in runs or (Invocation(""),)]
