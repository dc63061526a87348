"""``lintscale show``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lintscale.cli.app import CONTEXT, NOTHING_TO_CHECK, OK
from lintscale.cli.check import say_nothing_checked
from lintscale.cli.options import checked_paths, project_options, read_stdin, settings_for
from lintscale.cli.output import style_for_stdout, write
from lintscale.cli.progress import ProgressBar


@click.command("show", context_settings=CONTEXT)
@click.option(
    "--output-format",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="For people or for other tools.",
)
@project_options
def command(
    *,
    paths: Sequence[str],
    environment: str | None,
    config: Path | None,
    isolated: bool,
    no_render: bool,
    stdin_filename: str | None,
    output_format: str,
    verbose: bool,
) -> int:
    """Print the model: what was understood of each workload, and from where.

    Values that nobody wrote (a platform's defaults, assumptions) say why they hold.
    """
    from lintscale import api
    from lintscale.reports import model_json, model_table

    paths = checked_paths(paths, stdin_filename)
    settings = settings_for(
        paths,
        config=config,
        isolated=isolated,
        render=not no_render,
        stdin_filename=stdin_filename,
        environment=environment or "",
    )
    with ProgressBar() as progress:
        result = api.load(
            paths,
            settings=settings,
            stdin=read_stdin(paths),
            stdin_filename=stdin_filename or "",
            progress=progress,
        )
    if output_format == "json":
        write(model_json.render(result), for_people=False)
    else:
        style = style_for_stdout()
        write(model_table.render(result, style), color=style.color)
    if not result.summary.files_checked:
        say_nothing_checked(result, paths)
        return NOTHING_TO_CHECK
    return OK
