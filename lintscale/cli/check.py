"""``lintscale check``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lintscale import reports
from lintscale._record import replace
from lintscale.cli import fixing, output, staged
from lintscale.cli.app import CONTEXT, FAILURE, FINDINGS, NOTHING_TO_CHECK, OK
from lintscale.cli.options import (
    Inputs,
    complete_formats,
    complete_profiles,
    complete_rules,
    names,
    project_options,
    warn_nothing_checked,
)
from lintscale.cli.output import Target, chosen_targets, style_for_stdout, write, write_file
from lintscale.project.discovery import STDIN, relative_name

if TYPE_CHECKING:
    from lintscale.api import CheckResult
    from lintscale.baseline.file import Entry
    from lintscale.project.config import Settings
    from lintscale.reports import Style

_SEVERITIES = ("error", "warning", "info")


@click.command("check", context_settings=CONTEXT)
@click.option(
    "--output-format",
    "targets",
    callback=output.targets,
    multiple=True,
    metavar="FORMAT[=FILE]",
    shell_complete=complete_formats(*reports.FORMATS),
    help=f"{', '.join(reports.FORMATS)}; repeatable. Default: full, in GitHub Actions github.",
)
@click.option(
    "--select",
    callback=names,
    multiple=True,
    metavar="RULE|CATEGORY,…",
    shell_complete=complete_rules,
    help="Only these; repeatable.",
)
@click.option(
    "--ignore",
    callback=names,
    multiple=True,
    metavar="RULE|CATEGORY,…",
    shell_complete=complete_rules,
    help="Not these; repeatable.",
)
@click.option(
    "--min-severity",
    type=click.Choice(_SEVERITIES),
    help="Report nothing less severe. Default: info.",
)
@click.option(
    "--fail-on",
    type=click.Choice((*_SEVERITIES, "never")),
    help="Exit with 1 at findings of this severity or above. Default: warning.",
)
@click.option("--fix", "wants_fix", is_flag=True, help="Apply the available fixes.")
@click.option(
    "--diff",
    "wants_diff",
    is_flag=True,
    help="Print what --fix would change instead; exit with 1 if anything would change.",
)
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="With --fix and --diff, also apply fixes that may change what a service does.",
)
@click.option(
    "--profile",
    metavar="NAME",
    shell_complete=complete_profiles,
    help="balanced, conservative, aggressive or your own.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Your own rules, in addition to the built-in ones; repeatable.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report only findings that are not in FILE, written by --write-baseline.",
)
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all findings to FILE and exit with 0.",
)
@click.option(
    "--no-baseline",
    is_flag=True,
    help="Report also the findings in the configured baseline.",
)
@click.option(
    "--pre-commit",
    "as_hook",
    is_flag=True,
    help=(
        "Run as the pre-commit hook: check nothing without PATHS, but report on the whole project"
        " if the commit deletes a file that it may need, or changes its configuration, baseline or"
        " policies."
    ),
)
@click.option("--allow-empty", is_flag=True, help="Exit with 0 when there is nothing to check.")
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
@project_options
def command(
    *,
    inputs: Inputs,
    targets: tuple[Target, ...],
    wants_fix: bool,
    wants_diff: bool,
    unsafe_fixes: bool | None,
    baseline: Path | None,
    write_baseline: Path | None,
    no_baseline: bool,
    as_hook: bool,
    allow_empty: bool,
    no_cache: bool,
    **overrides: Any,
) -> int:
    """Find what will go wrong when services scale.

    Findings are reported if they are in PATHS or depend on what is there (default: the current
    folder; “-” is standard input). The whole project is read: the configuration's folder, or the
    git repository.
    """
    from lintscale.project.loading import Request

    if no_baseline and baseline is not None:
        raise click.UsageError("--baseline and --no-baseline cannot be combined.")
    if baseline is not None and write_baseline is not None and baseline != write_baseline:
        raise click.UsageError("--baseline and --write-baseline cannot be combined.")
    if as_hook:
        runs = staged.reported(inputs.paths, inputs.config, isolated=inputs.isolated)
        if len(runs) != 1:
            context = click.get_current_context()
            same = {**context.params, "as_hook": False}
            return max(
                (context.invoke(command, **{**same, "paths": run}) for run in runs), default=OK
            )
        inputs = replace(inputs, paths=runs[0])
    fixes = wants_fix or wants_diff
    if fixes and write_baseline is not None:
        raise click.UsageError("--fix and --write-baseline cannot be combined; fix first.")
    inputs = inputs.checked()
    prints_text = wants_diff or (wants_fix and STDIN in inputs.paths)
    if not prints_text:
        targets = chosen_targets(targets)
    elif any(target.file is None for target in targets):
        what = "--diff" if wants_diff else "--fix of standard input"
        raise click.UsageError(f"{what} prints to standard output; give the format a file.")
    settings = inputs.settings(**overrides)
    if no_baseline or write_baseline is not None:
        baseline = None
    elif baseline is None and settings.baseline:
        baseline = settings.root / settings.baseline
    request = Request(
        inputs.paths,
        settings,
        stdin=inputs.stdin(),
        stdin_filename=inputs.stdin_filename or "",
        use_cache=not no_cache,
    )
    run = fixing.Run(request, _entries(baseline))
    if write_baseline is not None:
        return OK if fixing.write_baseline(run, write_baseline) else FAILURE
    result = run.check()
    unsafe = settings.unsafe_fixes if unsafe_fixes is None else unsafe_fixes
    style = replace(
        style_for_stdout(),
        path_prefix=_prefix(settings.root, _repository(settings.root)),
        cwd_prefix=_prefix(settings.root, Path.cwd()),
        unsafe_fixes=unsafe,
        include_suppressed=os.environ.get("GITHUB_ACTIONS") != "true",
    )
    changes = False
    if fixes:
        result, changes = run.fix(result, style, only_show=wants_diff)
    _report(result, targets, style)
    if inputs.verbose:
        _print_details(result, settings)
    if result.fixed and baseline is not None and not wants_diff:
        fixing.report_fixed(result, baseline)
    would_change = changes if wants_diff else None
    return _exit_code(result, settings, inputs.paths, would_change, allow_empty=allow_empty)


def _entries(baseline: Path | None) -> Sequence[Entry] | None:
    if baseline is None:
        return None
    from lintscale.baseline import file

    return file.read(baseline)


def _report(result: CheckResult, targets: Sequence[Target], style: Style) -> None:
    """Write all reports, also after one has failed. Raises ClickException."""
    failed = []
    for target in targets:
        try:
            _write(result, target, style)
        except click.ClickException as error:
            failed.append(error.message)
    if failed:
        raise click.ClickException("\n".join(failed))


def _write(result: CheckResult, target: Target, style: Style) -> None:
    if target.file is not None:
        plain = replace(style, color=False, width=output.DEFAULT_WIDTH)
        write_file(reports.render(target.format, result, plain), target.file)
        return
    text = reports.render(target.format, result, style)
    write(text, for_people=target.format in reports.FOR_PEOPLE, color=style.color)


def _repository(root: Path) -> Path | None:
    """The repository that contains the project: the checkout of a GitHub or GitLab job, whose
    images may lack ``.git``, else the folder with ``.git``."""
    from lintscale.project.config import repository_of

    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        top = os.environ.get(name)
        if top and root.resolve().is_relative_to(Path(top).resolve()):
            return Path(top)
    return repository_of(root.resolve())


def _prefix(root: Path, folder: Path | None) -> str:
    """The path of the project's root from another folder, "" for the same folder."""
    if folder is None:
        return ""
    try:
        name = relative_name(root.resolve(), folder.resolve())
    except ValueError:  # another drive
        return ""
    return "" if name == "." else f"{name}/"


def _exit_code(
    result: CheckResult,
    settings: Settings,
    paths: Sequence[str],
    would_change: bool | None,
    *,
    allow_empty: bool,
) -> int:
    """The exit code; with --diff it depends on ``would_change``, whether there is a fix."""
    if result.failed_rules:
        return FAILURE
    if not result.findings and not result.summary.files_checked:
        if allow_empty:
            return OK
        warn_nothing_checked(result, paths)
        return NOTHING_TO_CHECK
    if would_change is not None:
        return FINDINGS if would_change else OK
    if settings.fail_on == "never":
        return OK
    from lintscale.engine.finding import Severity

    least = Severity(settings.fail_on).rank
    return FINDINGS if any(f.severity.rank <= least for f in result.findings) else OK


def _print_details(result: CheckResult, settings: Settings) -> None:
    from lintscale.reports.text import plural, printable

    facts: dict[str, Any] = {
        "root": settings.root,
        "configuration": settings.config_file or "none",
        "read": plural(len(result.files), "file"),
        "time": f"{result.seconds:.3f} s",
    }
    for name, value in facts.items():
        click.echo(f"lintscale: {name}: {printable(str(value))}", err=True)
