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

_PLATFORMS = ("render", "railway", "ecs", "kubernetes")
_FOLDER = Path("policies")


@click.group("policy", context_settings=CONTEXT)
def command() -> None:
    """Rules of your own: one YAML file each, in the format of those that ship."""


@command.command("test")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@config_option
@isolated_option
def test(*, folders: Sequence[Path], config: Path | None, isolated: bool) -> int:
    """Run the examples of the policies in FOLDERS (default: those that the configuration names).

    Exits with 1 when an example does not do what it says, with 2 when a policy is broken.
    """
    from lintscale.policies import trial as policies
    from lintscale.reports.text import plural, printable, shown_name

    if not folders:
        named = settings_for((".",), config=config, isolated=isolated).policies
        folders = [Path(os.path.relpath(folder)) for folder in named]
    if not folders:
        raise click.UsageError("Name a folder, or set “policies” in the configuration.")
    rules, mistakes = policies.usable(folders)
    for mistake in mistakes:
        click.echo(shown_name(str(mistake)), err=True)
    failed = count = 0
    last = ""
    for each in policies.tried(rules, folders):
        count += 1
        if each.rule.id != last:
            last = each.rule.id
            click.echo(printable(f"{last} ({each.rule.file})"))
        failed += bool(each.mistake)
        mark = click.style("✗", fg="red") if each.mistake else click.style("✓", fg="green")
        place = f"{each.rule.file}:{each.example.stands_on}"
        told = f" ({place}) - {each.mistake}" if each.mistake else ""
        click.echo(f"  {mark} {printable(each.name + told)}")
    told = f", {failed} failed" if failed else ", all as they say"
    count_of_rules = f"{len(rules)} {'policy' if len(rules) == 1 else 'policies'}"
    if rules:
        click.echo(f"{count_of_rules}, {plural(count, 'example')}{told}")
    if mistakes:
        return FAILURE
    return FINDINGS if failed else OK


@command.command("new")
@click.argument("rule_id", metavar="ID")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=_FOLDER,
    show_default=True,
    help="Where the policies are.",
)
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    type=click.Choice(_PLATFORMS),
    help="Which it is about; repeatable. Default: all.",
)
def new(*, rule_id: str, folder: Path, platforms: Sequence[str]) -> int:
    """Write a policy that works, to be changed."""
    from lintscale.policies import trial as policies

    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule_id):
        raise click.BadParameter(
            f"“{rule_id}” is no id: small letters, digits and dashes, as in max-memory-quota.",
            param_hint="ID",
        )
    path = folder / f"{rule_id}.yaml"
    if path.exists():
        raise click.ClickException(f"{path} is there already")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}") from error
    write_file(policies.starting_file(rule_id, tuple(platforms) or _PLATFORMS), path)
    click.echo(f"Wrote {path}. Next: lintscale policy test {folder}; then, in lintscale.toml:")
    click.echo(f'policies = ["{folder.as_posix()}"]')
    return OK
