"""What was found how often, in how much, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import record
from lintscale.api import CheckResult
from lintscale.engine.finding import Finding, Severity
from lintscale.reports import Style
from lintscale.reports.styled import Row
from lintscale.reports.text import plural, printable, shown_name, wrap

_MAX_WITHOUT_TABLE = 3
"""More findings than this are counted by rule too."""

_MAX_NAMES = 3
"""Skipped files named per reason."""

FIXABLE = "[*]"
"""Marks a finding that --fix fixes."""


def summary(result: CheckResult, style: Style) -> Iterator[Row]:
    width = style.width
    if result.findings:
        yield [("─" * width, "rule")]
        yield _found(result)
    else:
        yield nothing(result)
    if len(result.findings) > _MAX_WITHOUT_TABLE:
        yield []
        yield from _by_rule(result)
    text, applied = fixable(result, unsafe=style.unsafe_fixes)
    if text:
        yield []
        yield [(f"{FIXABLE} " if applied else "", "fix"), (text, "")]
    yield from skipped_rows(result, width)


def nothing(result: CheckResult) -> Row:
    """The summary of a run without findings."""
    if not result.summary.files_checked:
        return [("Nothing to check.", "heading")]
    text = f"No findings in {checked(result)}{unreported_counts(result)}."
    return [("✓ ", "good"), (text, "heading")]


def checked(result: CheckResult) -> str:
    """What was checked: "5 files with 4 workloads"."""
    summary = result.summary
    return f"{plural(summary.files_checked, 'file')} with {plural(summary.workloads, 'workload')}"


def summary_line(result: CheckResult) -> str:
    """The counts of findings, files and workloads in one line."""
    summary = result.summary
    found = counts(result.findings) or "No findings"
    looked = f"{plural(summary.files_checked, 'file')} ({plural(summary.workloads, 'workload')})"
    skipped = f", {len(summary.skipped)} skipped" if summary.skipped else ""
    return f"{found} in {looked}{unreported_counts(result)}{skipped}"


def counts(findings: Iterable[Finding]) -> str:
    """ "2 errors, 1 warning"; "" without findings."""
    return ", ".join(plural(number, severity) for severity, number in by_severity(findings))


def by_severity(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    """The severities of the findings, the highest first, with their numbers."""
    return sorted(
        Counter(finding.severity for finding in findings).items(), key=lambda each: each[0].rank
    )


def unreported_counts(result: CheckResult) -> str:
    """The counts of findings that are not reported: ", 2 suppressed"."""
    summary = result.summary
    numbers = ((summary.suppressed, "suppressed"), (summary.baselined, "in the baseline"))
    return "".join(f", {count} {what}" for count, what in numbers if count)


def _found(result: CheckResult) -> Row:
    row: Row = []
    for severity, count in by_severity(result.findings):
        row += [(", " if row else "", ""), (plural(count, severity), severity.value)]
    return [*row, (f" in {checked(result)}", ""), (unreported_counts(result), "dim")]


def fixable(result: CheckResult, *, unsafe: bool) -> tuple[str, bool]:
    """How many findings can be fixed with which options ("" for none), and whether --fix with the
    options of this run fixes any."""
    tally = Counter(each.fix.safety == "safe" or unsafe for each in result.findings if each.fix)
    applied, more = tally[True], tally[False]
    text = f"{applied} fixable with --fix" if applied else ""
    if more:
        text += f", {more} more" if applied else f"{more} fixable"
        text += " with --unsafe-fixes" if applied else " with --fix --unsafe-fixes"
    return text, bool(applied)


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
class SkippedGroup:
    """The files skipped for one reason; ``command`` checks the first of them ("": none does)."""

    reason: str
    files: list[str]
    command: str = ""


def skipped_groups(result: CheckResult) -> list[SkippedGroup]:
    """The skipped files by reason, the most frequent reason first."""
    files: dict[str, list[str]] = {}
    commands: dict[str, str] = {}
    for skip in result.summary.skipped:
        files.setdefault(skip.reason, []).append(skip.file)
        if skip.command:
            commands.setdefault(skip.reason, skip.command)
    groups = [SkippedGroup(text, names, commands.get(text, "")) for text, names in files.items()]
    return sorted(groups, key=lambda group: (-len(group.files), group.reason))


def skipped_rows(result: CheckResult, width: int) -> Iterator[Row]:
    """The reasons, some of the files for each, and the commands."""
    if not result.summary.skipped:
        return
    yield []
    yield [(f"Skipped: {plural(len(result.summary.skipped), 'file')}", "heading")]
    for group in skipped_groups(result):
        first, *others = wrap(printable(group.reason), width - 7)
        yield [(f"{len(group.files):>5}  ", "heading"), (first, "")]
        for line in [*others, *wrap(_names(group.files), width - 7)]:
            yield [(f"{'':7}{line}", "dim")]
        if group.command:
            # On one line, so that it can be copied.
            yield [(f"{'':7}{printable(group.command)}", "dim")]


def _names(files: Sequence[str]) -> str:
    named = ", ".join(shown_name(file) for file in files[:_MAX_NAMES])
    more = len(files) - _MAX_NAMES
    return f"{named} and {more} more" if more > 0 else named
