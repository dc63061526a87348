"""``lintscale explain``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lintscale.cli.app import CONTEXT, OK
from lintscale.cli.options import (
    complete_rules,
    config_option,
    isolated_option,
    settings_for,
    verbose_option,
)
from lintscale.cli.output import style_for_stdout, write

if TYPE_CHECKING:
    from lintscale.engine.rules import Rule
    from lintscale.project.config import Settings
    from lintscale.reports import Style

PROFILES = "profiles"


@click.command("explain", context_settings=CONTEXT)
@click.argument("name", metavar="RULE|CATEGORY|profiles", shell_complete=complete_rules)
@click.option("--all", "everything", is_flag=True, help="Show every example in full.")
@config_option
@isolated_option
@verbose_option
def command(name: str, everything: bool, config: Path | None, isolated: bool, verbose: bool) -> int:
    """Explain a rule: why it matters, what to do, options, examples.

    For a category, list its rules; for “profiles”, show their figures and what the platforms
    support.
    """
    settings = settings_for(config=config, isolated=isolated)
    style = style_for_stdout()
    text = _page(name, settings, style, everything)
    if everything and sys.stdout.isatty():
        click.echo_via_pager(text, color=style.color)
    else:
        write(text, color=style.color)
    return OK


def _page(name: str, settings: Settings, style: Style, everything: bool) -> str:
    from lintscale import api
    from lintscale.project.config import no_such
    from lintscale.reports import rule_tables

    rule = api.rule(name, settings.policies)
    if rule is not None:
        return _rule_page(rule, settings, style, everything)
    if name == PROFILES or name in settings.profiles:
        return rule_tables.render_profiles(settings.profiles, style)
    rules = api.rules(settings.policies)
    of_category = [each for each in rules if each.category == name]
    if of_category:
        return rule_tables.render_rules(of_category, style)
    known = {*(each.id for each in rules), *(each.category for each in rules), PROFILES}
    raise click.UsageError(no_such("rule or category", name, known))


def _rule_page(rule: Rule, settings: Settings, style: Style, everything: bool) -> str:
    from lintscale.policies import examples
    from lintscale.reports import rule_page

    wanted = rule.examples if everything else examples.first_examples(rule)
    return rule_page.render(
        rule,
        settings.profiles,
        examples.check_examples(rule, wanted, policies=settings.policies),
        style,
        profile=settings.profile_for("production").name,
        everything=everything,
    )
