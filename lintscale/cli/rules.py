"""``lintscale rules``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from lintscale.cli.app import CONTEXT, OK
from lintscale.cli.options import (
    complete_formats,
    config_option,
    isolated_option,
    settings_for,
    verbose_option,
)
from lintscale.cli.output import Target, style_for_stdout, target, write, write_file

_FORMATS = ("full", "json", "markdown")


@click.command("rules", context_settings=CONTEXT)
@click.option(
    "--output-format",
    "chosen",
    callback=lambda context, parameter, value: target(value, _FORMATS),
    default="full",
    metavar="FORMAT[=FILE]",
    shell_complete=complete_formats(*_FORMATS),
    help="full (the default), json, or markdown, which with =FOLDER writes a page for each rule.",
)
@config_option
@isolated_option
@verbose_option
def command(chosen: Target, config: Path | None, isolated: bool, verbose: bool) -> int:
    """List the rules with severity, platforms and fix, including the configured policies."""
    from lintscale import api
    from lintscale.reports import Style, rule_markdown, rule_tables

    rules = api.rules(settings_for(config=config, isolated=isolated).policies)
    if chosen.format == "markdown" and chosen.file is not None:
        write_pages(pages(), chosen.file)
    elif chosen.file is not None:
        plain = rule_tables.render_rules(rules, Style())
        text = rule_tables.rules_json(rules) if chosen.format == "json" else plain
        write_file(text, chosen.file)
    elif chosen.format == "full":
        style = style_for_stdout()
        write(rule_tables.render_rules(rules, style), color=style.color)
    else:
        markdown = chosen.format == "markdown"
        text = rule_markdown.index(rules) if markdown else rule_tables.rules_json(rules)
        write(text, for_people=False)
    return OK


def pages() -> Mapping[str, str]:
    """The pages of all rules, by file name."""
    from lintscale import api
    from lintscale.policies import examples
    from lintscale.project.config import BUILT_IN_PROFILES
    from lintscale.reports import rule_markdown

    rules = api.rules(examples=True)
    checked = {rule.id: examples.check_examples(rule, rule.examples) for rule in rules}
    return rule_markdown.files(rules, checked, BUILT_IN_PROFILES)


def write_pages(pages: Mapping[str, str], folder: Path) -> None:
    """Write the pages, and delete generated pages of rules that no longer exist."""
    from lintscale.reports.rule_markdown import MADE

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page in folder.glob("*.md"):
            ours = page.read_text(encoding="utf-8", errors="replace").startswith(MADE)
            if page.name not in pages and ours:
                page.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"{folder} cannot be written: {reason}") from error
    for name, text in pages.items():
        write_file(text, folder / name)
