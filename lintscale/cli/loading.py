"""What commands that judge nothing have in common: the project is read, understood and shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lintscale._record import replace
from lintscale.cli.app import NOTHING_TO_CHECK, OK
from lintscale.cli.check import say_nothing_checked
from lintscale.cli.options import checked_paths, read_stdin, settings_for
from lintscale.cli.output import ProgressBar

if TYPE_CHECKING:
    from lintscale.api import CheckResult


def load_project(
    paths: Sequence[str],
    *,
    environment: str | None,
    config: Path | None,
    isolated: bool,
    no_render: bool,
    stdin_filename: str | None,
    **more: Any,
) -> CheckResult:
    """What the options of a command ask for; ``more`` are fields of the settings. Raises
    ConfigError, UsageError."""
    from lintscale import api

    paths = checked_paths(paths, stdin_filename)
    settings = settings_for(
        paths,
        config=config,
        isolated=isolated,
        stdin_filename=stdin_filename,
        environment=environment or "",
        render=not no_render,
    )
    with ProgressBar() as progress:
        return api.load(
            paths,
            settings=replace(settings, **more),
            stdin=read_stdin(paths),
            stdin_filename=stdin_filename or "",
            progress=progress,
        )


def exit_code(result: CheckResult, paths: Sequence[str]) -> int:
    """Says on standard error where there was nothing to show."""
    if result.summary.files_checked:
        return OK
    say_nothing_checked(result, tuple(paths) or (".",))
    return NOTHING_TO_CHECK
