"""The command group, and how errors are reported."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click

from lintscale import __version__

OK, FINDINGS, FAILURE, NOTHING_TO_CHECK, INTERRUPTED = 0, 1, 2, 3, 130

ISSUES = "https://github.com/lintscale/lintscale/issues"

COMMANDS = {
    "check": "Find what will go wrong when services scale.",
    "capacity": "Show the database connections of each service against the limits.",
    "show": "Show the resolved model: every value with its source.",
    "explain": "Explain a rule, a category or the profiles.",
    "rules": "List the rules.",
    "policy": "Test your own rules, or create one.",
    "server": "Run the language server for editors.",
    "init": "Write a commented configuration for this repository.",
    "completion": "Print the completion script for a shell.",
}

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, import_module(f"lintscale.cli.{cmd_name}").command)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from lintscale.platforms import titles

        self.help = (self.help or "").replace("PLATFORMS", titles("and"))
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(_no_command(args[0]), ctx)
        return super().resolve_command(ctx, args)


def _no_command(name: str) -> str:
    from lintscale.syntax.text import closest

    if close := closest(name, COMMANDS):
        return f"No such command “{name}”. Did you mean “{close}”?"
    if os.path.exists(name):  # noqa: PTH110 - pathlib is not needed to start
        return f"No such command “{name}”. To check that path: lintscale check {name}"
    return f"No such command “{name}”."


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="lintscale", message="%(prog)s %(version)s")
def commands() -> None:
    """Reads how services scale on PLATFORMS, and says what will go wrong.

    \b
    Exit codes:
      0  nothing at or above --fail-on
      1  findings
      2  usage, configuration or internal error
      3  nothing recognised to check
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code. Raises nothing."""
    verbose = bool({"--verbose", "-v"} & set(arguments))
    if not sys.warnoptions:
        # Of libraries, about what a config or a file holds; they name the library's own files.
        warnings.simplefilter("ignore")
    try:
        result = commands.main(list(arguments), prog_name="lintscale", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return FAILURE
    except Exception as error:
        return _failed(error, verbose=verbose)
    return result if isinstance(result, int) else OK


def _failed(error: Exception, *, verbose: bool) -> int:
    """Print the error: its message if it is the user's, else that it is internal."""
    from lintscale.engine.rules import RuleError
    from lintscale.project.config import ConfigError
    from lintscale.reports.text import printable, shown_name

    if isinstance(error, (ConfigError, RuleError)):
        for line in str(error).split("\n"):
            # Each begins with the name of a file.
            click.echo(shown_name(line), err=True)
        return FAILURE
    if verbose or os.environ.get("LINTSCALE_DEBUG"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    what = printable(f"{type(error).__name__}: {error}")
    click.echo(f"lintscale: internal error: {what}", err=True)
    click.echo(f"Please report it at {ISSUES}; --verbose shows where it happened.", err=True)
    return FAILURE
