"""``lintscale init``."""

from __future__ import annotations

from pathlib import Path

import click

from lintscale.cli.app import CONTEXT, OK
from lintscale.cli.output import write, write_file

CONFIG, PRE_COMMIT, WORKFLOW = (
    "lintscale.toml",
    ".pre-commit-config.yaml",
    ".github/workflows/lintscale.yml",
)


@click.command("init", context_settings=CONTEXT)
@click.option("--pre-commit", is_flag=True, help=f"Write {PRE_COMMIT} too.")
@click.option("--workflow", is_flag=True, help=f"Write {WORKFLOW} too, for GitHub Actions.")
@click.option("--stdout", is_flag=True, help="Print it instead of writing files.")
@click.option("--force", is_flag=True, help=f"Write {CONFIG} even if there is one.")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
def command(*, folder: Path, pre_commit: bool, workflow: bool, stdout: bool, force: bool) -> int:
    """Look at the repository and write a commented lintscale.toml with what was found.

    A file that is there already is left alone: what would stand in it is printed.
    """
    from lintscale import api, starting
    from lintscale.config import load_settings

    config = folder / CONFIG
    if config.exists() and not (force or stdout):
        raise click.ClickException(f"{config} is there already (--force writes it anew)")
    settings = load_settings(folder, isolated=True)
    text = starting.configuration(api.load([str(folder)], settings=settings))
    if stdout:
        write(text, for_people=False)
        return OK
    _written(config, text)
    if pre_commit:
        _unless_there(folder / PRE_COMMIT, starting.PRE_COMMIT)
    if workflow:
        _unless_there(folder / WORKFLOW, starting.WORKFLOW)
    click.echo("Next: lintscale check, or lintscale check --write-baseline lintscale-baseline.json")
    return OK


def _written(path: Path, text: str) -> None:
    write_file(text, path)
    click.echo(f"Wrote {path}")


def _unless_there(path: Path, text: str) -> None:
    if path.exists():
        click.echo(f"{path} is there already; what belongs in it:\n")
        click.echo(text)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{path.parent} cannot be made: {error.strerror}") from error
    _written(path, text)
