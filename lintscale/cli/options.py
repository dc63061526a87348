"""Options that several commands share, and the settings and the project they lead to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lintscale import platforms
from lintscale._record import fields, record, replace
from lintscale.cli.app import NOTHING_TO_CHECK, OK
from lintscale.cli.output import ProgressBar
from lintscale.project.discovery import STDIN

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.project.config import KnownRule, Settings

config_option = click.option(
    "--config",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The configuration; by default the nearest lintscale.toml or pyproject.toml.",
)
isolated_option = click.option("--isolated", is_flag=True, help="Read no configuration.")
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Print details, also of errors."
)

_PROJECT_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument(
        "paths",
        nargs=-1,
        # An unreadable file is a finding, not a usage error.
        type=click.Path(exists=True, readable=False, allow_dash=True),
        metavar="[PATHS]…",
    ),
    click.option("--environment", metavar="NAME", help="The environment of every workload."),
    config_option,
    isolated_option,
    click.option(
        "--no-render",
        is_flag=True,
        help=f"Run no {platforms.render_tools()}; read files as they are.",
    ),
    click.option(
        "--stdin-filename", metavar="NAME", help="The file whose place standard input (-) takes."
    ),
    verbose_option,
)


@record
class Inputs:
    """The values of :func:`project_options`: what is read, and how."""

    paths: tuple[str, ...]
    environment: str | None
    config: Path | None
    isolated: bool
    no_render: bool
    stdin_filename: str | None
    verbose: bool

    def checked(self) -> Inputs:
        """With the current folder for no PATHS. Raises UsageError for a combination that is not
        allowed."""
        if STDIN in self.paths and len(self.paths) > 1:
            raise click.UsageError("Standard input (-) is checked alone, not together with paths.")
        if self.stdin_filename and STDIN not in self.paths:
            raise click.UsageError("--stdin-filename needs “-” as the path.")
        return replace(self, paths=self.paths or (".",))

    def stdin(self) -> bytes | None:
        return sys.stdin.buffer.read() if STDIN in self.paths else None

    def settings(self, **overrides: Any) -> Settings:
        """The settings of a run on the paths. Raises ConfigError, UsageError."""
        start = self.paths[0]
        return settings_for(
            Path((self.stdin_filename or ".") if start == STDIN else start),
            config=self.config,
            isolated=self.isolated,
            environment=self.environment,
            render=not self.no_render,
            **overrides,
        )

    def load(self, **more: Any) -> CheckResult:
        """The project, not judged; ``more`` are fields of the settings. Raises ConfigError,
        UsageError."""
        from lintscale import api

        inputs = self.checked()
        settings = replace(inputs.settings(), **more)
        with ProgressBar() as progress:
            return api.load(
                inputs.paths,
                settings=settings,
                stdin=inputs.stdin(),
                stdin_filename=self.stdin_filename or "",
                progress=progress,
            )

    def exit_code(self, result: CheckResult) -> int:
        """The exit code of a command that shows ``result``; warns if there is nothing to show."""
        if result.summary.files_checked:
            return OK
        warn_nothing_checked(result, self.paths or (".",))
        return NOTHING_TO_CHECK


def project_options(function: Callable[..., int]) -> Callable[..., int]:
    """PATHS, and options on how they are read; the function takes them as ``inputs``."""

    @wraps(function)
    def command(**values: Any) -> int:
        own = {name: values.pop(name) for name in fields(Inputs)}
        return function(inputs=Inputs(**own), **values)

    for option in reversed(_PROJECT_OPTIONS):
        command = option(command)
    return command


def names(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    """The unique names of a repeated option with comma-separated values."""
    every = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(name for name in every if name))


def settings_for(
    start: Path = Path(), *, config: Path | None, isolated: bool, **overrides: Any
) -> Settings:
    """The settings of a run that starts at a path. Raises ConfigError, UsageError."""
    from lintscale.project.config import RunOptions, load_settings

    if config is not None and isolated:
        raise click.UsageError("--config and --isolated cannot be combined.")
    options = RunOptions(**overrides)
    return load_settings(start, options, config=config, isolated=isolated, known_rules=known_rules)


_MOST_REASONS = 5
"""Reasons for leaving files out that are named when no file was checked."""


def warn_nothing_checked(result: CheckResult, paths: Sequence[str]) -> None:
    """Explain NOTHING_TO_CHECK on standard error."""
    from lintscale.platforms import titles
    from lintscale.reports.summary import skipped_groups
    from lintscale.reports.text import plural, printable, shown_name

    where = ", ".join(printable(path) for path in paths[:3]) + (", …" if len(paths) > 3 else "")
    summary = result.summary
    looked = plural(summary.files_looked_at, "YAML, JSON or TOML file")
    skipped = len(summary.skipped)
    why = f"{skipped} left out" if skipped else f"none that {titles('or')} reads"
    click.echo(
        f"lintscale: warning: nothing to check in {where}: {looked} looked at, {why} "
        "(--allow-empty makes that a success)",
        err=True,
    )
    for group in skipped_groups(result)[:_MOST_REASONS]:
        more = f" and {len(group.files) - 1} more" if len(group.files) > 1 else ""
        click.echo(f"  {shown_name(group.files[0])}{more}: {printable(group.reason)}", err=True)
        if group.command:
            click.echo(f"    {printable(group.command)}", err=True)


def known_rules(policies: Sequence[Path] = ()) -> Mapping[str, KnownRule]:
    from lintscale import api

    return api.known_rules(policies)


def complete_rules(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Rules, policies and categories for shell completion; of a list with commas the last name is
    completed."""
    settings = _settings_or_none()
    known = known_rules(settings.policies if settings is not None else ())
    before, comma, prefix = incomplete.rpartition(",")
    taken = set(before.split(","))
    names_ = {*known, *(rule.category for rule in known.values())} - taken
    return sorted(f"{before}{comma}{name}" for name in names_ if name.startswith(prefix))


def complete_profiles(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[str]:
    """Built-in and configured profiles for shell completion."""
    from lintscale.project.config import BUILT_IN_PROFILES

    settings = _settings_or_none()
    names_ = settings.profiles if settings is not None else BUILT_IN_PROFILES
    return sorted(name for name in names_ if name.startswith(incomplete))


def complete_formats(*formats: str) -> Callable[..., list[str]]:
    """Shell completion of ``FORMAT[=FILE]``."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        return [name for name in formats if name.startswith(incomplete)]

    return complete


def _settings_or_none() -> Settings | None:
    """The settings of the current folder; None where they are broken, which a completion
    ignores."""
    from lintscale.project.config import ConfigError, load_settings

    try:
        return load_settings(Path())
    except ConfigError:
        return None
