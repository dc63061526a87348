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

_MOST_NAMED = 10
"""Files and rules of fixed findings that are listed."""


def write(run: Run, path: Path) -> bool:
    """Write what is found into ``path``, which is as it was where the run could not tell (of
    files that are not reported on, or with rules that do not judge). Whether all rules could
    judge. Raises ConfigError where another file than a baseline stands there."""
    from lintscale.baseline import entries as baseline
    from lintscale.reports.text import plural

    there = path.exists() and path.stat().st_size > 0
    known = baseline.read(path) if there else []
    run = replace(
        run,
        settings=replace(run.settings, min_severity="info"),
        options={**run.options, "known": known},
    )
    result = run.check()
    found = [*result.findings, *result.baselined]
    baseline.write(baseline.of(found, result.untold), path)
    count = sum(not finding.internal for finding in found)
    told = f"lintscale: {plural(count, 'finding')} written to {path}"
    kept = sum(entry.count for entry in result.untold)
    if kept:
        told += f", beside {kept} that stand there of what was not checked"
    click.echo(told, err=True)
    config = run.settings.root / run.settings.baseline if run.settings.baseline else None
    if config is None or config.resolve() != path.resolve():
        name = Path(os.path.relpath(path.resolve(), run.settings.root.resolve())).as_posix()
        click.echo(
            f'lintscale: from now on: --baseline {path}, or in lintscale.toml: baseline = "{name}"',
            err=True,
        )
    return not result.failed_rules


def say_fixed(result: CheckResult, path: Path) -> None:
    """Entries that nothing matches any more, so that a baseline only shrinks."""
    from lintscale.reports.text import plural, printable, shown_name

    count = sum(entry.count for entry in result.fixed)
    name = path.as_posix()
    if path.is_relative_to(Path.cwd()):
        name = path.relative_to(Path.cwd()).as_posix()
    gone, them = ("is", "it") if count == 1 else ("are", "them")
    click.echo(
        f"lintscale: {plural(count, 'finding')} of {name} {gone} gone; to remove {them}:"
        f" lintscale check --write-baseline {name}",
        err=True,
    )
    by_place: Counter[tuple[str, str]] = Counter()
    for entry in result.fixed:
        by_place[entry.file, entry.rule] += entry.count
    for (file, rule), number in sorted(by_place.items())[:_MOST_NAMED]:
        times = f" ({number})" if number > 1 else ""
        click.echo(f"  {shown_name(file)}: {printable(rule)}{times}", err=True)
    if len(by_place) > _MOST_NAMED:
        click.echo(f"  and {len(by_place) - _MOST_NAMED} more", err=True)
