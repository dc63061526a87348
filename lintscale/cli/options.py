"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lintscale import platforms
from lintscale.project.discovery import STDIN

if TYPE_CHECKING:
    from lintscale.project.config import KnownRule, Settings

_Function = TypeVar("_Function", bound=Callable[..., Any])


def project_options(function: _Function) -> _Function:
    """PATHS, and options on how they are read."""
    options: tuple[Callable[[Any], Any], ...] = (
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
        click.option("--stdin-filename", metavar="NAME", help="The name of standard input (-)."),
        verbose_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


def config_option(function: _Function) -> _Function:
    return click.option(
        "--config",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="The configuration; by default the nearest lintscale.toml or pyproject.toml.",
    )(function)


def isolated_option(function: _Function) -> _Function:
    return click.option("--isolated", is_flag=True, help="Read no configuration.")(function)


def verbose_option(function: _Function) -> _Function:
    return click.option("-v", "--verbose", is_flag=True, help="Print details, also of errors.")(
        function
    )


def names(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    """The unique names of a repeated option with comma-separated values."""
    every = (part.strip() for value in values for part in value.split(","))
    return tuple(dict.fromkeys(name for name in every if name))


def checked_paths(paths: Sequence[str], stdin_filename: str | None) -> tuple[str, ...]:
    """PATHS, or the current folder. Raises UsageError for a combination that is not allowed."""
    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("Standard input (-) is checked alone, not together with paths.")
    if stdin_filename and STDIN not in paths:
        raise click.UsageError("--stdin-filename needs “-” as the path.")
    return tuple(paths) or (".",)


def read_stdin(paths: Sequence[str]) -> bytes | None:
    return sys.stdin.buffer.read() if STDIN in paths else None


def settings_for(
    paths: Sequence[str],
    *,
    config: Path | None,
    isolated: bool,
    stdin_filename: str | None = None,
    **overrides: Any,
) -> Settings:
    """The settings of a run on ``paths``. Raises ConfigError, UsageError."""
    from lintscale.project.config import load_settings

    if config is not None and isolated:
        raise click.UsageError("--config and --isolated cannot be combined.")
    start = Path(paths[0])
    if paths[0] == STDIN:
        start = Path(stdin_filename or ".")
    return load_settings(
        start, config=config, isolated=isolated, known_rules=known_rules, **overrides
    )


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
    from lintscale.project.config.settings import BUILT_IN_PROFILES

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
