"""``lintscale init``."""

from __future__ import annotations

from pathlib import Path

import click

from lintscale._record import replace
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
@click.option("--force", is_flag=True, help=f"Write {CONFIG} even if one exists.")
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default="."
)
def command(*, folder: Path, pre_commit: bool, workflow: bool, stdout: bool, force: bool) -> int:
    """Write a commented lintscale.toml with what is found in the repository.

    A workflow or hook file that already exists is not changed; what to add to it is printed.
    """
    from lintscale import api
    from lintscale.platforms import titles
    from lintscale.project.config import load_settings
    from lintscale.reports import starter_config as starting
    from lintscale.reports.summary import counts

    config = folder / CONFIG
    if not (force or stdout):
        there = _config_in(folder)
        if there is not None:
            raise click.ClickException(f"{there} (--force writes {config} anyway)")
    # Globs are relative to the folder of the new file, which becomes the project's root.
    settings = replace(
        load_settings(folder, isolated=True), root=folder.absolute(), whole_project=True
    )
    result = api.check([str(folder)], settings=settings)
    text = starting.configuration(result)
    if stdout:
        write(text, for_people=False)
        return OK
    _written(config, text)
    if pre_commit:
        _unless_there(folder / PRE_COMMIT, starting.PRE_COMMIT)
    if workflow:
        _unless_there(folder / WORKFLOW, starting.WORKFLOW)
    if not result.summary.files_checked:
        click.echo(f"Nothing was found that {titles('or')} reads.")
        return OK
    click.echo(f"lintscale check reports {counts(result.findings) or 'nothing'}.")
    if result.findings:
        click.echo(
            "To report only new findings from now on: lintscale check --write-baseline"
            " lintscale-baseline.json"
        )
    return OK


def _config_in(folder: Path) -> str | None:
    """Describes the folder's configuration (also a broken one); None without one."""
    if (folder / CONFIG).exists():
        return f"{folder / CONFIG} already exists"
    from lintscale.project.config import ConfigError, load_settings

    try:
        file = load_settings(folder).config_file
    except ConfigError as error:
        return f"a configuration already exists: {error}"
    if file is None:
        return None
    if file.absolute().parent == folder.absolute():
        return f"{file} already has a table [tool.lintscale]"
    return None


def _written(path: Path, text: str) -> None:
    write_file(text, path)
    click.echo(f"Wrote {path}")


def _unless_there(path: Path, text: str) -> None:
    if path.exists():
        click.echo(f"{path} already exists; add this to it:\n")
        click.echo(text)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{path.parent} cannot be created: {error.strerror}") from error
    _written(path, text)
