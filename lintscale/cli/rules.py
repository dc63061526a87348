"""``lintscale rules``."""

from __future__ import annotations

import click

from lintscale.cli.app import CONTEXT, OK
from lintscale.cli.options import verbose_option
from lintscale.cli.output import style_for_stdout, write


@click.command("rules", context_settings=CONTEXT)
@click.option(
    "--output-format",
    type=click.Choice(("full", "json")),
    default="full",
    show_default=True,
    help="For people or for other tools.",
)
@verbose_option
def command(output_format: str, verbose: bool) -> int:
    """List the rules: severity, platforms, whether there is a fix, and what each is about."""
    from lintscale import api
    from lintscale.reports import rule_list

    rules = api.rules()
    if output_format == "json":
        write(rule_list.render_json(rules), for_people=False)
    else:
        style = style_for_stdout()
        write(rule_list.render(rules, style), color=style.color)
    return OK
