"""Which of the programs that a command runs go on running: only their pools are held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lintscale.model.invocations import Invocation

_WAIT = frozenset(
    {"", "cd", "chmod", "chown", "cp", "date", "echo", "env", "exit", "export", "kill", "ls",
     "mkdir", "printf", "ps", "pwd", "rm", "set", "sleep", "tail", "touch", "trap", "true",
     "ulimit", "umask", "unset", "wait", "wait-for-it", "wait-for-it.sh", "whoami"}
)  # fmt: skip
"""Programs that tell nothing of what ran before them: a script may only wait or tidy up then."""

_DETACH = frozenset({"-D", "--daemon", "--daemonize", "--detach"})
"""Options of gunicorn, Celery and uWSGI that let the program go on in the background."""


def lasting(runs: Iterable[Invocation]) -> tuple[Invocation, ...]:
    """The programs in the background, and those after which none is sure to follow; and changes of
    folder, which hold for what comes next."""
    runs = tuple(runs)
    telling = [position for position, run in enumerate(runs) if run.program not in _WAIT]
    return tuple(
        run
        for position, run in enumerate(runs)
        if run.program in _WAIT
        or goes_on(run)
        or not _is_followed(run, [runs[each] for each in telling if each > position])
    )


def goes_on(run: Invocation) -> bool:
    """Whether the next program runs beside it."""
    return run.background or run.program == "pm2" or not _DETACH.isdisjoint(run.arguments)


def _is_followed(run: Invocation, later: Sequence[Invocation]) -> bool:
    """Whether another program follows it on each side of a choice on which it runs."""
    return any(set(other.branches) <= set(run.branches) for other in later)
