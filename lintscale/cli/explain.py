"""``lintscale explain``."""

from __future__ import annotations

from pathlib import Path

import click

from lintscale.cli.app import CONTEXT, OK
from lintscale.cli.options import config_option, isolated_option, settings_for, verbose_option
from lintscale.cli.output import style_for_stdout, write


@click.command("explain", context_settings=CONTEXT)
@click.argument("rule")
@config_option
@isolated_option
@verbose_option
def command(rule: str, config: Path | None, isolated: bool, verbose: bool) -> int:
    """All about one rule: why it matters, what to do, options, examples.

    --verbose shows every example.
    """
    from lintscale import api
    from lintscale.config import no_such
    from lintscale.reports import rule_page

    rules = {each.id: each for each in api.rules(examples=True)}
    if rule not in rules:
        raise click.UsageError(no_such("rule", rule, rules))
    settings = settings_for((".",), config=config, isolated=isolated)
    style = style_for_stdout()
    page = rule_page.render(rules[rule], settings.profiles, style, all_examples=verbose)
    write(page, color=style.color)
    return OK
