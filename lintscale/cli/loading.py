"""Loading a project for the commands that do not judge it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lintscale._record import replace
from lintscale.cli.app import NOTHING_TO_CHECK, OK
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
    """The project for the options of a command; ``more`` are fields of the settings. Raises
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
    """The exit code; warns if there was nothing to show."""
    if result.summary.files_checked:
        return OK
    warn_nothing_checked(result, tuple(paths) or (".",))
    return NOTHING_TO_CHECK


def warn_nothing_checked(result: CheckResult, paths: Sequence[str]) -> None:
    """Explain NOTHING_TO_CHECK on standard error."""
    from lintscale.platforms import titles
    from lintscale.reports.text import plural, printable

    where = ", ".join(printable(path) for path in paths[:3]) + (", …" if len(paths) > 3 else "")
    summary = result.summary
    looked = plural(summary.files_looked_at, "YAML, JSON or TOML file")
    skipped = f", {len(summary.skipped)} left out" if summary.skipped else ""
    click.echo(
        f"lintscale: warning: nothing to check in {where}: {looked} looked at{skipped}, none that "
        f"{titles('or')} reads (--allow-empty makes that a success)",
        err=True,
    )
