"""``lintscale capacity``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lintscale.cli.app import CONTEXT, NOTHING_TO_CHECK, OK
from lintscale.cli.check import say_nothing_checked
from lintscale.cli.options import checked_paths, project_options, read_stdin, settings_for
from lintscale.cli.output import style_for_stdout, write
from lintscale.cli.progress import ProgressBar
from lintscale.record import replace

if TYPE_CHECKING:
    from lintscale.api import Change, CheckResult


@click.command("capacity", context_settings=CONTEXT)
@click.option(
    "--output-format",
    type=click.Choice(("table", "json", "markdown")),
    default="table",
    show_default=True,
    help="For people, for other tools, for a job summary.",
)
@click.option(
    "--what-if",
    multiple=True,
    metavar="NAME.FIELD=NUMBER",
    help=(
        "Reckon with another value (repeatable): min, max, replicas, processes, pool_size or"
        " max_overflow of a service, limit or reserved of a database."
    ),
)
@project_options
def command(
    *,
    paths: Sequence[str],
    environment: str | None,
    config: Path | None,
    isolated: bool,
    stdin_filename: str | None,
    output_format: str,
    what_if: Sequence[str],
    no_render: bool,
    verbose: bool,
) -> int:
    """Connections: who opens how many, at peak and in a deploy, against what limit.

    Counted are all workloads of one environment that lead to the same database: instances x
    processes x (pool + overflow). What is assumed says so.
    """
    from lintscale import api
    from lintscale.reports import capacity

    paths = checked_paths(paths, stdin_filename)
    settings = settings_for(
        paths,
        config=config,
        isolated=isolated,
        stdin_filename=stdin_filename,
        environment=environment or "",
        render=not no_render,
    )
    settings = replace(settings, what_if=_changes(what_if))
    with ProgressBar() as progress:
        result = api.load(
            paths,
            settings=settings,
            stdin=read_stdin(paths),
            stdin_filename=stdin_filename or "",
            progress=progress,
        )
    _refuse_unmatched(result, settings.what_if)
    if output_format == "json":
        write(capacity.render_json(result), for_people=False)
    elif output_format == "markdown":
        write(capacity.render_markdown(result), for_people=False)
    else:
        style = style_for_stdout()
        write(capacity.render(result, style), color=style.color)
    if not result.summary.files_checked:
        say_nothing_checked(result, paths)
        return NOTHING_TO_CHECK
    return OK


def _changes(texts: Sequence[str]) -> tuple[Change, ...]:
    from lintscale.api import ChangeError, parse_change

    try:
        return tuple(parse_change(text) for text in texts)
    except ChangeError as error:
        raise click.BadParameter(str(error), param_hint="--what-if") from error


def _refuse_unmatched(result: CheckResult, changes: Sequence[Change]) -> None:
    import difflib

    from lintscale.api import unmatched_changes

    for change, names in unmatched_changes(result, changes):
        close = difflib.get_close_matches(change.target, names, n=1)
        known = ", ".join(names) or "none among the scanned files"
        hint = f"did you mean “{close[0]}”?" if close else f"there is {known}"
        raise click.BadParameter(
            f"nothing is called “{change.target}”; {hint}", param_hint="--what-if"
        )
