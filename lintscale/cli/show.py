"""``lintscale show``."""

from __future__ import annotations

import click

from lintscale.cli.app import CONTEXT
from lintscale.cli.options import Inputs, project_options
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
def command(*, inputs: Inputs, output_format: str) -> int:
    """Show the resolved model: every value of each workload with its source.

    Values that no file sets (platform defaults, assumptions) show the reason.
    """
    from lintscale.reports import model_json, model_table

    result = inputs.load()
    if output_format == "json":
        write(model_json.render(result), for_people=False)
    else:
        style = style_for_stdout()
        write(model_table.render(result, style), color=style.color)
    return inputs.exit_code(result)
