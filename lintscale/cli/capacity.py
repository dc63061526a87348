"""``lintscale capacity``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lintscale.cli.app import CONTEXT
from lintscale.cli.options import Inputs, project_options
from lintscale.cli.output import style_for_stdout, write

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.resolve.what_if import Change


@click.command("capacity", context_settings=CONTEXT)
@click.option(
    "--output-format",
    type=click.Choice(("table", "json", "markdown")),
    default="table",
    show_default=True,
    help="For people, for other tools, or for a job summary.",
)
@click.option(
    "--what-if",
    multiple=True,
    metavar="NAME.FIELD=NUMBER",
    help=(
        "Change a value (repeatable): min, max, replicas, processes, pool_size or"
        " max_overflow of a service, limit or reserved of a database."
    ),
)
@project_options
def command(*, inputs: Inputs, output_format: str, what_if: Sequence[str]) -> int:
    """Show the database connections of each service against the limits.

    Sums up all workloads of an environment that use the same database: instances x processes x
    (pool + overflow). Assumed values are marked.
    """
    from lintscale.reports import capacity

    changes = _changes(what_if)
    result = inputs.load(what_if=changes)
    _refuse_unmatched(result, changes)
    if output_format == "json":
        write(capacity.render_json(result), for_people=False)
    elif output_format == "markdown":
        write(capacity.render_markdown(result), for_people=False)
    else:
        style = style_for_stdout()
        write(capacity.render(result, style), color=style.color)
    return inputs.exit_code(result)


def _changes(texts: Sequence[str]) -> tuple[Change, ...]:
    from lintscale.resolve.what_if import ChangeError, parse_change

    try:
        return tuple(parse_change(text) for text in texts)
    except ChangeError as error:
        raise click.BadParameter(str(error), param_hint="--what-if") from error


def _refuse_unmatched(result: CheckResult, changes: Sequence[Change]) -> None:
    from lintscale.resolve.what_if import unmatched
    from lintscale.syntax.text import closest

    for change, names in unmatched(changes, result.project):
        close = closest(change.target, names)
        known = ", ".join(names) or "none in the scanned files"
        hint = f"did you mean “{close}”?" if close else f"known: {known}"
        raise click.BadParameter(
            f"no service or database is called “{change.target}”; {hint}", param_hint="--what-if"
        )
