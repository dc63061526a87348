"""What a workload works on instead of requests, as its start commands tell: the jobs of a queue,
or the schedule that says when jobs are due.

Programs are known by a table. A file or a program of somebody's own is known by its name alone
("node dist/worker.js"), which says less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lintscale._record import record
from lintscale.code.commands import Invocation, invocations, runs_of
from lintscale.model.declared import Container, Workload
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.resolve.roles import only_monitored
from lintscale.resolve.work_names import CONSOLES, SCHEDULER, WORKER, named, words_behind


@record
class Work:
    """What one program works on."""

    kind: str
    """WORKER, or SCHEDULER: a second one starts each job again."""
    program: str
    """The program as people call it: "celery beat"."""
    certain: bool
    """The program does nothing else; False: only its name says so."""


# -- programs -------------------------------------------------------------------------------------

_ANY = ""
"""Whatever the first word behind the program."""

_PROGRAMS: Mapping[str, Mapping[str, str]] = {
    # Python. Celery's and Taskiq's documentation ask for a single scheduler (docs.celeryq.dev
    # "Periodic Tasks", taskiq-python.github.io "Scheduling tasks", Dec 2026), Dagster's for one
    # daemon.
    "celery": {"worker": WORKER, "beat": SCHEDULER},
    "rq": {"worker": WORKER, "worker-pool": WORKER},
    "rqworker": {_ANY: WORKER},
    # Several take turns by a lock (rq-scheduler's README, "Running Multiple Schedulers").
    "rqscheduler": {_ANY: WORKER},
    "arq": {_ANY: WORKER},
    "dramatiq": {_ANY: WORKER},
    "dramatiq-gevent": {_ANY: WORKER},
    "periodiq": {_ANY: SCHEDULER},
    "huey_consumer": {_ANY: WORKER},
    "huey_consumer.py": {_ANY: WORKER},
    "taskiq": {"worker": WORKER, "scheduler": SCHEDULER},
    "saq": {_ANY: WORKER},
    "streaq": {_ANY: WORKER},
    "procrastinate": {"worker": WORKER},
    "pgq": {"run": WORKER},
    "faust": {"worker": WORKER},
    "dagster-daemon": {"run": SCHEDULER},
    "prefect": {"worker": WORKER, "agent": WORKER},
    # Airflow's schedulers share their work ("Running More Than One Scheduler", since 2.0).
    "airflow": {
        "celery worker": WORKER,
        "scheduler": WORKER,
        "triggerer": WORKER,
        "dag-processor": WORKER,
    },
    # Ruby. clockwork's README: "run exactly one clockwork process".
    "sidekiq": {_ANY: WORKER},
    "sidekiqswarm": {_ANY: WORKER},
    "good_job": {"start": WORKER, _ANY: WORKER},
    "delayed_job": {"run": WORKER, "start": WORKER},
    "que": {_ANY: WORKER},
    "shoryuken": {_ANY: WORKER},
    "racecar": {_ANY: WORKER},
    "hutch": {_ANY: WORKER},
    "karafka": {"server": WORKER},
    "clockwork": {_ANY: SCHEDULER},
    "resque-pool": {_ANY: WORKER},
    # Node, Java, Go and others.
    "graphile-worker": {_ANY: WORKER},
    "n8n": {"worker": WORKER},
    "faktory-worker": {_ANY: WORKER},
    "kafka-console-consumer": {_ANY: WORKER},
    "kafka-console-consumer.sh": {_ANY: WORKER},
    "taskmanager.sh": {_ANY: WORKER},
    "gitlab-runner": {"run": WORKER},
    "buildkite-agent": {"start": WORKER},
    "taskmanager": {_ANY: WORKER},
    # Each instance runs every line of its crontab.
    "cron": {_ANY: SCHEDULER},
    "crond": {_ANY: SCHEDULER},
    "supercronic": {_ANY: SCHEDULER},
}
"""Programs by the first word behind them."""

_CRONS = frozenset({"cron", "crond", "supercronic"})

_TASKS: Mapping[str, str] = {
    # rake and rails
    "jobs:work": WORKER,
    "jobs:workoff": WORKER,
    "resque:work": WORKER,
    "resque:workers": WORKER,
    "solid_queue:start": WORKER,
    "good_job:start": WORKER,
    "qc:work": WORKER,
    "que:work": WORKER,
    "sneakers:run": WORKER,
    # Laravel (laravel.com/docs, "Queues", "Task Scheduling": one server runs the scheduler)
    "queue:work": WORKER,
    "queue:listen": WORKER,
    "horizon": WORKER,
    "horizon:work": WORKER,
    "horizon:supervisor": WORKER,
    "schedule:work": SCHEDULER,
    "schedule:run": SCHEDULER,
    "short-schedule:run": SCHEDULER,
    # Symfony, Yii, Magento, AdonisJS
    "messenger:consume": WORKER,
    "enqueue:consume": WORKER,
    "rabbitmq:consumer": WORKER,
    "queue/listen": WORKER,
    "queue:consumers:start": WORKER,
    # Django
    "rqworker": WORKER,
    "rqworker-pool": WORKER,
    "rqscheduler": WORKER,
    "process_tasks": WORKER,
    "qcluster": WORKER,
    "run_huey": WORKER,
    "rundramatiq": WORKER,
    "db_worker": WORKER,
    "runapscheduler": SCHEDULER,
}
"""Tasks of a project's own console, by what is written behind it."""

_HELPERS = frozenset(
    {
        ":", "cat", "date", "done", "echo", "esac", "exit", "false", "fi", "grep", "sed", "set",
        "sleep", "source", "tail", "tee", "trap", "true", "ulimit", "umask", "wait",
    }
)  # fmt: skip
"""What stands behind a program in a script, or takes its output."""

_SERVERS = frozenset(
    {
        "apache2", "apache2-foreground", "apache2ctl", "apachectl", "bjoern", "caddy", "daphne",
        "falcon", "fastapi", "frankenphp", "granian", "gunicorn", "haproxy", "httpd", "hypercorn",
        "lighttpd", "nginx", "passenger", "puma", "rackup", "streamlit", "thin", "traefik",
        "unicorn", "uvicorn", "uwsgi", "waitress-serve",
    }
)  # fmt: skip
"""Programs that answer requests, some of which go into the background by themselves."""


def work_of(workload: Workload) -> Work | None:
    """What the programs of its containers work on; None where one may answer requests. A scheduler
    among them counts for all. A container of which nothing is known is taken for a helper of the
    others (a proxy, a log shipper) where it has no port."""
    running = [each for each in workload.containers if not each.init]
    works = []
    for container in running:
        work = _work_of(container)
        if work is not None:
            works.append(work)
        elif any(not only_monitored(port.name, container) for port in container.ports):
            return None
    return _first(works) if works else None


def scheduler_of(workload: Workload) -> Sourced[str]:
    """The scheduler that one of its containers runs, beside other programs too; assumed where only
    a name says so. The crontab of a server is taken for the housekeeping of each instance."""
    for container in workload.containers:
        if container.init:
            continue
        works = [work for work in _works(container) if work is not None]
        found = next((work for work in works if work.kind == SCHEDULER), None)
        alone = _work_of(container) is not None
        if found is None or (not alone and (found.program in _CRONS or _branches(container))):
            continue
        if _branches(container) and any(work.kind == WORKER for work in works):
            continue
        source = Source.FILE if found.certain else Source.ASSUMED
        return Sourced(found.program, source, container.command.location)
    return ABSENT


def _first(works: Sequence[Work]) -> Work:
    """The scheduler, else the one that is known least."""
    schedulers = [work for work in works if work.kind == SCHEDULER]
    return next(iter(schedulers), None) or min(works, key=lambda work: work.certain)


def _work_of(container: Container) -> Work | None:
    works = list(_works(container))
    known = [work for work in works if work is not None]
    return _first(known) if known and len(known) == len(works) else None


def _works(container: Container) -> Iterator[Work | None]:
    """What each program works on that goes on running, None for one that may answer requests:
    those in the background, and those after which none is sure to follow."""
    command = container.command.value or ""
    runs = [run for run in runs_of(container) if run.program not in _HELPERS]
    for position, run in enumerate(runs):
        found = _of_run(run)
        if run.program == "jobs" and not run.arguments and "bin/jobs" not in command:
            found = None
        if found is not None:
            kind, program, certain = found
            yield Work(kind, program, certain)
        elif run.background or _serves(run.program) or not _ends(run, runs[position + 1 :]):
            yield None


def _ends(run: Invocation, later: Sequence[Invocation]) -> bool:
    """Whether another program follows it on each side of a choice on which it runs."""
    return any(set(other.branches) <= set(run.branches) for other in later)


def _branches(container: Container) -> bool:
    return any(run.branches for run in runs_of(container))


def _serves(program: str) -> bool:
    return program in _SERVERS or program.startswith("php-fpm")


def _of_run(run: Invocation, depth: int = 2) -> tuple[str, str, bool] | None:
    program = run.program.removesuffix(".exe")
    found = _known(program, run)
    if found is not None:
        return (*found, True)
    if run.unknown or _serves(program):
        return None
    rest = [each for each in run.arguments if each and not each.startswith("-")]
    if program.endswith(".sh") and rest and depth:
        # An entry point that runs what is written behind it.
        inner = " ".join(run.arguments)
        for each in invocations(inner)[:1]:
            behind = _of_run(each, depth - 1)
            if behind is not None:
                return behind
    return named(program, run)


def _known(program: str, run: Invocation) -> tuple[str, str] | None:
    """The kind of a program of the tables, and what it is called."""
    behind = words_behind(program, run.arguments)
    word = behind[0] if behind else ""
    if program == "celery" and word == "worker" and run.has("-B", "--beat"):
        return (WORKER, "celery worker") if _locks(run) else (SCHEDULER, "celery worker --beat")
    if program == "celery" and word == "beat" and _locks(run):
        return WORKER, "celery beat"
    if program == "saq" and run.has("--web"):
        return None
    if program == "jobs" and word in ("", "start"):
        return WORKER, "bin/jobs"
    kinds = _PROGRAMS.get(program, {})
    two = " ".join(behind[:2])
    word = two if two in kinds else word
    kind = kinds.get(word) or kinds.get(_ANY)
    if kind:
        return kind, f"{program} {word}" if word in kinds and word else program
    return _task(program, behind)


def _locks(run: Invocation) -> bool:
    """RedBeat's scheduler holds a lock, so that a second one waits (redbeat.readthedocs.io,
    ``redbeat_lock_key``, Dec 2026)."""
    return any("redbeat" in argument.lower() for argument in run.arguments)


def _task(program: str, behind: Sequence[str]) -> tuple[str, str] | None:
    chain = [program, *behind]
    for position, word in enumerate(chain[:3]):
        console = word.rsplit("/", 1)[-1]
        if console in CONSOLES:
            tasks = chain[position + 1 :]
            if console not in ("rake", "rails"):
                tasks = tasks[:1]
            for task in tasks:
                if task in _TASKS:
                    return _TASKS[task], f"{console} {task}"
    return None
