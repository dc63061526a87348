"""``lintscale show``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lintscale.cli.app import CONTEXT
from lintscale.cli.loading import exit_code, load_project
from lintscale.cli.options import project_options
from lintscale.cli.output import style_for_stdout, write


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
    """Show the resolved model: every value of each workload with its source.

    Values that no file sets (platform defaults, assumptions) show the reason.
    """
    from lintscale.reports import model_json, model_table

    result = load_project(
        paths,
        environment=environment,
        config=config,
        isolated=isolated,
        no_render=no_render,
        stdin_filename=stdin_filename,
    )
    if output_format == "json":
        write(model_json.render(result), for_people=False)
    else:
        style = style_for_stdout()
        write(model_table.render(result, style), color=style.color)
    return exit_code(result, paths)
