"""``lintscale policy test`` and ``lintscale policy new``."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click

from lintscale.cli.app import CONTEXT, FAILURE, FINDINGS, OK
from lintscale.cli.options import config_option, isolated_option, settings_for
from lintscale.cli.output import write_file
from lintscale.platforms import TABLE

_FOLDER = Path("policies")


@click.group("policy", context_settings=CONTEXT)
def command() -> None:
    """Your own rules: one YAML file each, in the format of the rules that ship."""


@command.command("test")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@config_option
@isolated_option
def test(*, folders: Sequence[Path], config: Path | None, isolated: bool) -> int:
    """Run the examples of the policies in FOLDERS (default: those that the configuration names).

    Exits with 1 when an example fails, with 2 when a policy is broken.
    """
    from lintscale.policies import authoring as policies
    from lintscale.reports.text import plural, printable, shown_name

    if not folders:
        named = settings_for(config=config, isolated=isolated).policies
        folders = [Path(os.path.relpath(folder)) for folder in named]
    if not folders:
        raise click.UsageError("Name a folder, or set “policies” in the configuration.")
    rules, problems = policies.load_policies(folders)
    for problem in problems:
        click.echo(shown_name(str(problem)), err=True)
    failed = count = 0
    last = ""
    for each in policies.run_examples(rules, folders):
        count += 1
        if each.rule.id != last:
            last = each.rule.id
            click.echo(printable(f"{last} ({each.rule.file})"))
        failed += bool(each.failure)
        mark = click.style("✗", fg="red") if each.failure else click.style("✓", fg="green")
        place = f"{each.rule.file}:{each.example.rule_line}"
        failure = f" ({place}) - {each.failure}" if each.failure else ""
        click.echo(f"  {mark} {printable(each.name + failure)}")
    if rules:
        summary = f"{len(rules)} {'policy' if len(rules) == 1 else 'policies'}"
        outcome = f"{failed} failed" if failed else "all passed"
        click.echo(f"{summary}, {plural(count, 'example')}, {outcome}")
    if problems:
        return FAILURE
    return FINDINGS if failed else OK


@command.command("new")
@click.argument("rule_id", metavar="ID")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=_FOLDER,
    show_default=True,
    help="The folder of the policies.",
)
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    type=click.Choice(list(TABLE)),
    help="A platform that it applies to; repeatable. Default: all.",
)
def new(*, rule_id: str, folder: Path, platforms: Sequence[str]) -> int:
    """Write a working policy to start from."""
    from lintscale.policies import authoring as policies

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule_id):
        raise click.BadParameter(
            f"“{rule_id}” is not an id: use small letters, digits and dashes (max-memory-quota).",
            param_hint="ID",
        )
    path = folder / f"{rule_id}.yaml"
    if path.exists():
        raise click.ClickException(f"{path} already exists")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be created: {error.strerror}") from error
    write_file(policies.starting_file(rule_id, tuple(platforms) or tuple(TABLE)), path)
    click.echo(f"Wrote {path}. Next: lintscale policy test {folder}; then, in lintscale.toml:")
    click.echo(f'policies = ["{folder.as_posix()}"]')
    return OK
