"""Writing reports: where to, in which encoding, with or without colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import click

from lintscale import reports
from lintscale.record import record
from lintscale.reports import Style

DEFAULT_WIDTH = 100
_NARROWEST, _WIDEST = 40, 400


@record
class Target:
    """A format, and the file that it goes to; None is standard output."""

    format: str
    file: Path | None = None


def targets(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[Target, ...]:
    """Each ``FORMAT[=FILE]`` of a repeated option."""
    return tuple(target(value, reports.FORMATS) for value in values)


def target(value: str, formats: Collection[str]) -> Target:
    """``FORMAT[=FILE]`` of one of ``formats``. Raises BadParameter."""
    name, equals, file = value.partition("=")
    if name not in formats:
        raise click.BadParameter(_no_format(name, formats))
    if equals and not file:
        raise click.BadParameter(f"“{value}” names no file after “=”.")
    return Target(name, Path(file) if file and file != "-" else None)


def _no_format(name: str, formats: Collection[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, formats, n=1)
    hint = f"Did you mean “{close[0]}”?" if close else f"There is {', '.join(formats)}."
    return f"There is no format “{name}”. {hint}"


def chosen_targets(chosen: Sequence[Target]) -> tuple[Target, ...]:
    """The default where none is chosen. Raises UsageError for two on standard output."""
    if not chosen:
        in_github = os.environ.get("GITHUB_ACTIONS") == "true"
        return (Target("github" if in_github else "full"),)
    if sum(1 for target in chosen if target.file is None) > 1:
        raise click.UsageError(
            "Only one format can go to standard output; give the others a file: FORMAT=FILE."
        )
    return tuple(chosen)


def style_for_stdout() -> Style:
    """Colour on a terminal, unless NO_COLOR is set or TERM is "dumb"; FORCE_COLOR is for when it
    is none. A width of DEFAULT_WIDTH where there is no terminal; COLUMNS overrides both."""
    return Style(width=min(max(_columns(), _NARROWEST), _WIDEST), color=_wants_color())


def _columns() -> int:
    # What shutil does, whose import takes longer than most reports.
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError, AttributeError):
        return DEFAULT_WIDTH


def _wants_color() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def write(text: str | bytes, *, for_people: bool = True, color: bool = False) -> None:
    """Print ``text``. What other tools read is UTF-8; what people read is in the terminal's
    encoding, with "?" for what it does not have. Bytes stay as they are. A reader that went away
    is no error."""
    try:
        if isinstance(text, bytes):
            click.echo(text, nl=False)
        elif for_people:
            encoding = sys.stdout.encoding or "utf-8"
            safe = text.encode(encoding, errors="replace").decode(encoding)
            click.echo(safe, nl=False, color=color)
        else:
            click.echo(text.encode("utf-8"), nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left in the buffer must not fail once more at exit.
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())


def write_file(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{path} cannot be written: {reason}") from error
