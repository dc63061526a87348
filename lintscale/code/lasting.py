"""Which of the programs that a command runs go on running: only their pools are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lintscale._record import replace
from lintscale.code.commands import as_line
from lintscale.code.files import Files
from lintscale.code.reach import reached
from lintscale.code.starts import starts_of
from lintscale.model.declared import CodePool
from lintscale.model.invocations import Invocation

_WAIT = frozenset(
    {"", "cd", "chmod", "chown", "cp", "date", "echo", "env", "exit", "export", "kill", "ls",
     "mkdir", "printf", "ps", "pwd", "rm", "set", "sleep", "tail", "touch", "trap", "true",
     "ulimit", "umask", "unset", "wait", "wait-for-it", "wait-for-it.sh", "whoami"}
)  # fmt: skip
"""Programs that tell nothing of what ran before them: a script may only wait or tidy up then."""

_DETACH = frozenset({"-D", "--daemon", "--daemonize", "--detach"})
"""Options of gunicorn, Celery and uWSGI that let the program go on in the background."""


def lasting(runs: Sequence[Invocation]) -> tuple[Invocation, ...]:
    """The programs in the background, and those after which none is sure to follow; and changes of
    folder, which hold for what comes next."""
    kept = _lasting(runs)
    return tuple(run for at, run in enumerate(runs) if at in kept or run.program in _WAIT)


def _lasting(runs: Sequence[Invocation]) -> list[int]:
    telling = [position for position, run in enumerate(runs) if run.program not in _WAIT]
    return [
        at
        for at in telling
        if goes_on(runs[at]) or not _is_followed(runs[at], [runs[o] for o in telling if o > at])
    ]


def with_programs(
    files: Files,
    runs: Sequence[Invocation],
    folder: str,
    settings: Mapping[str, str],
    pools: Sequence[CodePool],
) -> list[CodePool]:
    """The pools with the programs that load their files, where several go on running."""
    programs = _lasting(runs)
    if len(programs) < 2:
        return list(pools)
    loaded: dict[int, frozenset[str]] = {}
    for position in programs:
        before = [run for run in runs[:position] if run.program == "cd"]
        # What the environment names is loaded by any program, if by one of this language.
        own = replace(runs[position], settings=_without_modules(runs[position].settings))
        plain = as_line([*before, own])
        if starts_of(files, plain, folder, _without_modules(settings)):
            line = as_line([*before, runs[position]])
            starts = starts_of(files, line, folder, settings)
            loaded[position] = frozenset(n for start in starts for n in reached(files, start))
    marked = []
    for pool in pools:
        held = tuple(at for at, names in loaded.items() if pool.location.file in names)
        others = tuple(
            at for at in range(len(runs)) if at not in held and (at in loaded or at not in programs)
        )
        marked.append(replace(pool, held_by=held, not_held_by=others) if held else pool)
    return marked


def _without_modules(settings: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in settings.items() if name != "DJANGO_SETTINGS_MODULE"}


def goes_on(run: Invocation) -> bool:
    """Whether the next program runs beside it."""
    return run.background or run.program == "pm2" or not _DETACH.isdisjoint(run.arguments)


def _is_followed(run: Invocation, later: Sequence[Invocation]) -> bool:
    """Whether another program follows it on each side of a choice on which it runs."""
    return any(set(other.branches) <= set(run.branches) for other in later)
