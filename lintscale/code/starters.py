"""Programs that start what a file of the project says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from lintscale.code.project_files import ProjectFiles
from lintscale.code.shell_state import Part
from lintscale.model.invocations import Invocation

Starter = Callable[[ProjectFiles, Invocation, str], list[Part] | None]

_NODE = {
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun"), "package_script"),
    **dict.fromkeys(("pm2", "pm2-runtime"), "pm2"),
    **dict.fromkeys(("npm-run-all", "run-p", "run-s"), "run_all"),
    "turbo": "turbo",
    "node": "node_run",
    "concurrently": "concurrently",
}
_LISTS = {
    **dict.fromkeys(("honcho", "foreman", "overmind", "hivemind", "goreman"), "procfile"),
    **dict.fromkeys(("make", "gmake"), "make"),
    "supervisord": "supervisord",
}
_SERVERS = {"gunicorn": "gunicorn", "puma": "puma", "rails": "puma"}


@cache
def starter(program: str) -> Starter | None:
    """What follows the program; None where it starts nothing else."""
    if program in _NODE:
        from lintscale.code import starters_node

        return getattr(starters_node, _NODE[program])  # type: ignore[no-any-return]
    if program in _LISTS:
        from lintscale.code import starters_lists

        return getattr(starters_lists, _LISTS[program])  # type: ignore[no-any-return]
    if program in _SERVERS:
        from lintscale.code import starters_servers

        return getattr(starters_servers, _SERVERS[program])  # type: ignore[no-any-return]
    return None
