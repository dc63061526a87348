"""What ``lintscale check`` does for ``--fix``, ``--diff`` and ``--write-baseline``."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lintscale._record import record, replace
from lintscale.cli.output import ProgressBar, write
from lintscale.project.discovery import STDIN

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.baseline.file import Entry
    from lintscale.fixes.loop import FixResult
    from lintscale.project.loading import Request
    from lintscale.reports import Style

_MOST_LISTED = 10
"""Files of fixes, refused fixes, files and rules of fixed findings that are listed; the others are
counted."""


@record
class Run:
    """A check that may be repeated."""

    request: Request
    baseline: Sequence[Entry] | None

    def check(self, stdin: bytes | None = None) -> CheckResult:
        from lintscale import api

        stdin = self.request.stdin if stdin is None else stdin
        with ProgressBar() as progress:
            request = replace(self.request, stdin=stdin, progress=progress)
            return api.check_request(request, self.baseline)

    def fix(
        self, result: CheckResult, style: Style, *, only_show: bool
    ) -> tuple[CheckResult, bool]:
        """Fix what ``result`` reports: in the files, or on standard output for standard input;
        with ``only_show`` print the difference instead. Returns the result of a check afterwards,
        and whether anything changes. Raises ClickException where a file cannot be written."""
        from lintscale import api

        outcome = api.fix(result, unsafe=style.unsafe_fixes)
        if only_show:
            _print_diff(outcome, style)
        else:
            stdin = self._write(outcome)
            if outcome.changed:
                result = self.check(stdin)
        _print_summary(outcome, only_show=only_show)
        return result, bool(outcome.changed)

    def _write(self, outcome: FixResult) -> bytes | None:
        """Standard input as it is after the fixes; None where files were written."""
        from lintscale.fixes.files import write_all
        from lintscale.reports.refusals import refusal_text
        from lintscale.reports.text import plural, shown_name

        if STDIN in self.request.paths:
            text = next((each.after for each in outcome.changed), self.request.stdin or b"")
            write(text)
            return text
        failures = write_all(outcome.changed)
        lines = [
            f"{shown_name(name)} is not fixed: {refusal_text(why)}"
            for name, why in failures.items()
        ]
        if failures and len(failures) < len(outcome.changed):
            of = plural(len(outcome.changed), "file")
            lines.append(f"{len(outcome.changed) - len(failures)} of {of} fixed")
        if failures:
            raise click.ClickException("\n".join(lines))
        return None


def _print_diff(outcome: FixResult, style: Style) -> None:
    from lintscale.reports import diff

    text = diff.render(((e.name, e.before, e.after) for e in outcome.changed), style)
    write(text, for_people=style.color, color=style.color)


def _print_summary(outcome: FixResult, *, only_show: bool) -> None:
    """Print what was fixed, what was refused and why, and the notes of the fixes."""
    from lintscale.reports.refusals import refusal_text
    from lintscale.reports.text import place, plural, printable, shown_name

    count = len(outcome.fixed)
    summary = f"would fix {count}" if only_show else f"{count} fixed"
    if outcome.rule_failed:
        summary = "nothing is fixed: a rule failed, findings after the fixes are unknown"
    elif not count and not outcome.refused:
        summary = "nothing to fix"
    if outcome.changed:
        summary += f" in {plural(len(outcome.changed), 'file')}"
    if outcome.refused:
        summary += f", {len(outcome.refused)} not fixed"
    if outcome.unsafe_left:
        summary += f" ({outcome.unsafe_left} unsafe left: --unsafe-fixes)"
    click.echo(f"lintscale: {summary}", err=True)
    by_file = Counter((finding.location.file, finding.rule) for finding in outcome.fixed)
    names = sorted({file for file, _ in by_file})
    for name in names[:_MOST_LISTED]:
        rules = ", ".join(
            f"{rule} ({number})" if number > 1 else rule
            for (file, rule), number in sorted(by_file.items())
            if file == name
        )
        click.echo(f"  {shown_name(name)}: {rules}", err=True)
    if len(names) > _MOST_LISTED:
        click.echo(f"  and {plural(len(names) - _MOST_LISTED, 'more file')}", err=True)
    for refusal in outcome.refused[:_MOST_LISTED]:
        where = f"{place(refusal.finding.location)}: {refusal.finding.rule}"
        click.echo(
            f"lintscale: not fixed: {where}: {printable(refusal_text(refusal.reason))}", err=True
        )
    more = len(outcome.refused) - _MOST_LISTED
    if more > 0:
        click.echo(f"lintscale: not fixed: {more} more", err=True)
    notes = {(each.rule, each.fix.note) for each in outcome.fixed if each.fix and each.fix.note}
    for rule, note in sorted(notes):
        click.echo(f"lintscale: note on {rule}: {printable(note)}", err=True)
    if not outcome.settled:
        click.echo("lintscale: there is more to fix: run it again", err=True)


# -- the baseline ---------------------------------------------------------------------------------


def write_baseline(run: Run, path: Path) -> bool:
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
