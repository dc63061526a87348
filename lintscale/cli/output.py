"""Writing reports (destination, encoding, colour), and the progress bar."""

from __future__ import annotations

import codecs
import os
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from lintscale import reports
from lintscale._record import record
from lintscale.reports import Style

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DEFAULT_WIDTH = 100
_NARROWEST, _WIDEST = 40, 400

_STDOUT = ("-", "/dev/stdout")
"""Opened again, a standard output that is a file would be overwritten from its start."""


@record
class Target:
    """A format and its file; None is standard output."""

    format: str
    file: Path | None = None


def targets(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[Target, ...]:
    """Each ``FORMAT[=FILE]`` of a repeated option. Raises BadParameter for a file that would be
    written twice."""
    chosen = tuple(target(value, reports.FORMATS) for value in values)
    taken: set[str] = set()
    for each in chosen:
        real = os.path.realpath(each.file) if each.file else os.devnull
        if real in taken:
            raise click.BadParameter(f"“{each.file}” can hold only one report.")
        if real != os.devnull:
            taken.add(real)
    return chosen


def target(value: str, formats: Collection[str]) -> Target:
    """``FORMAT[=FILE]`` of one of ``formats``. Raises BadParameter."""
    name, equals, file = value.partition("=")
    if name not in formats:
        raise click.BadParameter(_no_format(name, formats))
    if equals and not file:
        raise click.BadParameter(f"“{value}” names no file after “=”.")
    return Target(name, Path(file) if file and file not in _STDOUT else None)


def _no_format(name: str, formats: Collection[str]) -> str:
    from lintscale.syntax.text import closest

    close = closest(name, formats)
    hint = f"Did you mean “{close}”?" if close else f"There is {', '.join(formats)}."
    return f"There is no format “{name}”. {hint}"


def chosen_targets(chosen: Sequence[Target]) -> tuple[Target, ...]:
    """The chosen targets, or the default. Raises UsageError for two on standard output."""
    if not chosen:
        in_github = os.environ.get("GITHUB_ACTIONS") == "true"
        return (Target("github" if in_github else "full"),)
    if sum(1 for target in chosen if target.file is None) > 1:
        raise click.UsageError(
            "Only one format can go to standard output; give the others a file: FORMAT=FILE."
        )
    return tuple(chosen)


def style_for_stdout() -> Style:
    """Colour on a terminal, unless NO_COLOR is set or TERM is "dumb"; FORCE_COLOR enables it
    elsewhere. The terminal's width, else DEFAULT_WIDTH; COLUMNS overrides both."""
    return Style(width=min(max(_columns(), _NARROWEST), _WIDEST), color=_wants_color())


def _columns() -> int:
    # As shutil does, whose import takes longer than most reports.
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError, AttributeError):
        return DEFAULT_WIDTH


def _wants_color() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout is not None and sys.stdout.isatty()


def write(text: str | bytes, *, for_people: bool = True, color: bool = False) -> None:
    """Print ``text``: in UTF-8 for other tools, in the terminal's encoding for people, with the
    nearest character, or "?", for one that it lacks. Bytes are written unchanged. A closed pipe or
    a closed standard output is no error. Raises ClickException when writing fails."""
    if sys.stdout is None:
        return
    try:
        if isinstance(text, bytes):
            click.echo(text, nl=False)
        elif for_people:
            click.echo(_in_encoding(text, sys.stdout.encoding or "utf-8"), nl=False, color=color)
        else:
            click.echo(text.encode("utf-8"), nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_rest()
    except OSError as error:
        _discard_rest()
        reason = error.strerror or str(error)
        raise click.ClickException(f"standard output cannot be written: {reason}") from error


_NEAREST = str.maketrans("─│…✓“”–−×·█▒▲", '-|.+""--x.#:^')  # noqa: RUF001 - signs of tables
"""Replacements for characters of reports that an encoding (of Windows, say) does not have."""


def _in_encoding(text: str, encoding: str) -> str:
    def nearest(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - nothing is decoded
        missing = error.object[error.start : error.end].translate(_NEAREST)
        return "".join(each if each.isascii() else "?" for each in missing), error.end

    codecs.register_error("lintscale.nearest", nearest)
    return text.encode(encoding, errors="lintscale.nearest").decode(encoding)


def _discard_rest() -> None:
    """The rest of the buffer must not fail again at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())


def write_file(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{path} cannot be written: {reason}") from error


# -- progress -------------------------------------------------------------------------------------

DELAY_SECONDS = 0.5


class ProgressBar:
    """A transient bar on a terminal's standard error, shown after ``delay_seconds``. Call it with
    the number of files read and of all files."""

    def __init__(self, delay_seconds: float = DELAY_SECONDS) -> None:
        self.delay_seconds = delay_seconds
        self.started = time.monotonic()
        self.visible = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.bar: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None:
            waited = time.monotonic() - self.started
            if not self.visible or waited < self.delay_seconds or done >= total:
                return
            self._start(total)
        if self.bar is not None and self.task is not None:
            self.bar.update(self.task, completed=done, total=total)

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.bar = Progress(
            TextColumn("Reading files"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.bar.start()
        self.task = self.bar.add_task("", total=total)
