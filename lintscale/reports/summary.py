"""The end of the full report: what was found how often, in how much, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lintscale._record import record
from lintscale.api import CheckResult
from lintscale.engine.finding import Severity
from lintscale.reports import Style
from lintscale.reports.concise import unreported_counts
from lintscale.reports.styled import Row
from lintscale.reports.text import plural, printable, shown_name, wrap

_FEW_FINDINGS = 3
"""So many findings are counted at a glance; a table by rule says nothing new."""

_MOST_NAMES = 3
"""Skipped files named for one reason."""


FIXABLE = "[*]"
"""Marks a finding that --fix takes care of."""


def summary(result: CheckResult, style: Style) -> Iterator[Row]:
    width = style.width
    if result.findings:
        yield [("─" * width, "rule")]
        yield _found(result)
    else:
        yield nothing(result)
    if len(result.findings) > _FEW_FINDINGS:
        yield []
        yield from _by_rule(result)
    told, applied = fixable(result, unsafe=style.unsafe_fixes)
    if told:
        yield []
        yield [(f"{FIXABLE} " if applied else "", "fix"), (told, "")]
    yield from skipped_rows(result, width)


def nothing(result: CheckResult) -> Row:
    """That nothing was found, in how much."""
    if not result.summary.files_checked:
        return [("Nothing to check.", "heading")]
    told = f"Nothing to report in {checked(result)}{unreported_counts(result)}."
    return [("✓ ", "good"), (told, "heading")]


def checked(result: CheckResult) -> str:
    """In how much something was looked for."""
    summary = result.summary
    return f"{plural(summary.files_checked, 'file')} with {plural(summary.workloads, 'workload')}"


def _found(result: CheckResult) -> Row:
    summary = result.summary
    numbers = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info"))
    row: Row = []
    for count, severity in numbers:
        if count:
            row += [(", " if row else "", ""), (plural(count, severity), severity)]
    return [*row, (f" in {checked(result)}", ""), (unreported_counts(result), "dim")]


def fixable(result: CheckResult, *, unsafe: bool) -> tuple[str, bool]:
    """How many findings --fix takes care of, "" for none, and whether it does without more."""
    tally = Counter(each.fix.safety == "safe" or unsafe for each in result.findings if each.fix)
    applied, more = tally[True], tally[False]
    told = f"{applied} fixable with --fix" if applied else ""
    if more:
        told += f", {more} more" if applied else f"{more} fixable"
        told += " with --unsafe-fixes" if applied else " with --fix --unsafe-fixes"
    return told, bool(applied)


def _by_rule(result: CheckResult) -> Iterator[Row]:
    tally = Counter((finding.severity, finding.rule) for finding in result.findings)
    ranked = sorted(tally.items(), key=lambda item: (item[0][0].rank, -item[1], item[0][1]))
    widest = max(len(rule) for (_, rule), _ in ranked)
    longest = max(len(severity.value) for severity in Severity)
    where = {(f.severity, f.rule, f.location.file) for f in result.findings}
    files = Counter((severity, rule) for severity, rule, _ in where)
    for (severity, rule), count in ranked:
        yield [
            (f"{count:>5}  ", "heading"),
            (f"{severity.value:<{longest}}  ", severity.value),
            (f"{rule:<{widest}}", ""),
            (f"  in {files[severity, rule]} files" if files[severity, rule] > 1 else "", "dim"),
        ]


@record
class Reason:
    """Why files are left out; ``command`` would have the first of them checked ("": none)."""

    text: str
    files: list[str]
    command: str = ""


def reasons(result: CheckResult) -> list[Reason]:
    """Those of all that is left out, the most frequent first."""
    files: dict[str, list[str]] = {}
    commands: dict[str, str] = {}
    for skip in result.summary.skipped:
        files.setdefault(skip.reason, []).append(skip.file)
        if skip.command:
            commands.setdefault(skip.reason, skip.command)
    found = [Reason(text, names, commands.get(text, "")) for text, names in files.items()]
    return sorted(found, key=lambda reason: (-len(reason.files), reason.text))


def skipped_rows(result: CheckResult, width: int) -> Iterator[Row]:
    """The reasons with some of the files, and the commands."""
    if not result.summary.skipped:
        return
    yield []
    yield [(f"Left out: {plural(len(result.summary.skipped), 'file')}", "heading")]
    for reason in reasons(result):
        first, *others = wrap(printable(reason.text), width - 7)
        yield [(f"{len(reason.files):>5}  ", "heading"), (first, "")]
        for line in [*others, *wrap(_names(reason.files), width - 7)]:
            yield [(f"{'':7}{line}", "dim")]
        if reason.command:
            # In one piece, to be copied.
            yield [(f"{'':7}{printable(reason.command)}", "dim")]


def _names(files: Sequence[str]) -> str:
    named = ", ".join(shown_name(file) for file in files[:_MOST_NAMES])
    more = len(files) - _MOST_NAMES
    return f"{named} and {more} more" if more > 0 else named
