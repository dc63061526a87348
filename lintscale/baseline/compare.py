"""Findings compared with a baseline: which are new, known, fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from lintscale._record import field, record, replace
from lintscale.baseline.file import Entry, entry_order
from lintscale.engine.check_run import SYNTAX_ERROR, CheckRun
from lintscale.engine.finding import Finding


@record
class Comparison:
    """``new`` findings are reported, ``known`` ones are in the baseline. Entries without a finding
    (the ``count`` of each that has none) are ``fixed`` and may be removed, or ``unknown`` where
    the run could not have found them."""

    new: list[Finding] = field(default_factory=list)
    known: list[Finding] = field(default_factory=list)
    fixed: list[Entry] = field(default_factory=list)
    unknown: list[Entry] = field(default_factory=list)


def compare(findings: Sequence[Finding], entries: Sequence[Entry], run: CheckRun) -> Comparison:
    """The findings of a run, in the order of the report, compared with a baseline."""
    judging, loaded = run.judging(findings), run.loaded
    present = loaded.files.keys() | {skipped.file for skipped in loaded.skipped}
    workloads = {(each.location.file, each.display_name) for each in run.project.workloads}
    is_complete = run.is_complete({each.file for each in entries if each.rule == SYNTAX_ERROR})
    reported = loaded.reported

    def is_checked(entry: Entry) -> bool:
        in_reach = entry.file in reported or entry.file not in present
        in_reach &= entry.file not in loaded.unrendered
        return is_complete and in_reach and entry.rule in judging

    def has_moved(finding: Finding, entry: Entry) -> bool:
        if entry.file not in present:
            return True
        return bool(finding.workload) and (entry.file, finding.workload) not in workloads

    return matched(findings, entries, is_checked=is_checked, has_moved=has_moved)


def matched(
    findings: Sequence[Finding],
    entries: Iterable[Entry],
    *,
    is_checked: Callable[[Entry], bool] = lambda entry: True,
    has_moved: Callable[[Finding, Entry], bool] = lambda finding, entry: False,
) -> Comparison:
    """Known are, of each fingerprint, the first findings up to its count; then those with the
    subject of an entry in another file, from which they moved. Findings about rules that failed
    are always new.

    ``is_checked``: whether the run would report a finding of this entry. ``has_moved``: whether
    the subject of a finding was in the entry's file and no longer is.
    """
    by_fingerprint = {entry.fingerprint: entry for entry in entries}
    left = Counter({entry.fingerprint: entry.count for entry in by_fingerprint.values()})
    ordered = sorted(by_fingerprint.values(), key=entry_order)
    result = Comparison()
    others = []
    for finding in findings:
        if left[finding.fingerprint] > 0 and not finding.internal:
            left[finding.fingerprint] -= 1
            result.known.append(finding)
        else:
            others.append(finding)
    by_subject: dict[str, list[Entry]] = {}
    for entry in ordered:
        if entry.subject and left[entry.fingerprint] > 0 and is_checked(entry):
            by_subject.setdefault(entry.subject, []).append(entry)
    for finding in others:
        for entry in () if finding.internal else by_subject.get(finding.subject, ()):
            if left[entry.fingerprint] > 0 and has_moved(finding, entry):
                left[entry.fingerprint] -= 1
                result.known.append(finding)
                break
        else:
            result.new.append(finding)
    for entry in ordered:
        if (count := left[entry.fingerprint]) > 0:
            without_finding = result.fixed if is_checked(entry) else result.unknown
            without_finding.append(replace(entry, count=count))
    return result
