"""What ``lintscale check`` does for ``--baseline`` and ``--write-baseline``."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lintscale._record import replace

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.cli.fixing import Run

_MOST_LISTED = 10
"""Files and rules of fixed findings that are listed."""


def write(run: Run, path: Path) -> bool:
    """Write the findings to ``path``. Its entries stay where the run cannot tell: those of files
    that are not reported on, and of rules that are not selected. Returns whether no rule failed.
    Raises ConfigError where another file than a baseline exists there."""
    from lintscale.baseline import file
    from lintscale.reports.text import plural

    exists = path.exists() and path.stat().st_size > 0
    settings = replace(run.request.settings, min_severity="info")
    result = replace(
        run,
        request=replace(run.request, settings=settings),
        baseline=file.read(path) if exists else [],
    ).check()
    found = [*result.findings, *result.baselined]
    file.write(file.entries_of(found, result.unknown), path)
    count = sum(not finding.internal for finding in found)
    message = f"lintscale: wrote {plural(count, 'finding')} to {path}"
    unknown = sum(entry.count for entry in result.unknown)
    if unknown:
        message += f" and kept {unknown} that this run did not check"
    click.echo(message, err=True)
    config = settings.root / settings.baseline if settings.baseline else None
    if config is None or config.resolve() != path.resolve():
        name = Path(os.path.relpath(path.resolve(), settings.root.resolve())).as_posix()
        click.echo(
            f'lintscale: to use it: --baseline {path}, or in lintscale.toml: baseline = "{name}"',
            err=True,
        )
    return not result.failed_rules


def report_fixed(result: CheckResult, path: Path) -> None:
    """List the entries without a finding on standard error, so that they are removed."""
    from lintscale.reports.text import plural, printable, shown_name

    count = sum(entry.count for entry in result.fixed)
    name = path.as_posix()
    if path.is_relative_to(Path.cwd()):
        name = path.relative_to(Path.cwd()).as_posix()
    are, them = ("is", "it") if count == 1 else ("are", "them")
    click.echo(
        f"lintscale: {plural(count, 'finding')} in {name} {are} fixed; to remove {them}:"
        f" lintscale check --write-baseline {name}",
        err=True,
    )
    by_place: Counter[tuple[str, str]] = Counter()
    for entry in result.fixed:
        by_place[entry.file, entry.rule] += entry.count
    for (file, rule), number in sorted(by_place.items())[:_MOST_LISTED]:
        times = f" ({number})" if number > 1 else ""
        click.echo(f"  {shown_name(file)}: {printable(rule)}{times}", err=True)
    if len(by_place) > _MOST_LISTED:
        click.echo(f"  and {len(by_place) - _MOST_LISTED} more", err=True)
