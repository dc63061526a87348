"""What a run has to do with a baseline: which findings it holds back, and what the run can say of
entries that nothing matches."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from lintscale.baseline import entries as baseline
from lintscale.suppressions import run as suppressing
from lintscale.suppressions.usage import UNREADABLE

if TYPE_CHECKING:
    from lintscale.engine.finding import Finding
    from lintscale.engine.rules import Rule
    from lintscale.project.config import Settings
    from lintscale.resolve.loading import Loaded


def compare(
    findings: Sequence[Finding],
    known: Sequence[baseline.Entry],
    *,
    paths: Sequence[str],
    settings: Settings,
    loaded: Loaded,
    reported: AbstractSet[str],
    chosen: Sequence[Rule],
) -> baseline.Comparison:
    """The findings held against a baseline. ``reported`` are the files that they may stand in,
    ``chosen`` the rules that judged."""
    crashed = {finding.rule for finding in findings if finding.internal}
    judging = {rule.id for rule in chosen} - crashed
    there = loaded.files.keys() | {skipped.file for skipped in loaded.skipped}
    holders = {(each.location.file, each.display_name) for each in loaded.project.workloads}
    certain = _is_certain(paths, settings, loaded, known)

    def is_told(entry: baseline.Entry) -> bool:
        in_reach = entry.file in reported or entry.file not in there
        in_reach &= entry.file not in loaded.unrendered
        return certain and in_reach and entry.rule in judging

    def has_moved(finding: Finding, entry: baseline.Entry) -> bool:
        if entry.file not in there:
            return True
        return bool(finding.workload) and (entry.file, finding.workload) not in holders

    return baseline.compare(findings, known, is_told=is_told, has_moved=has_moved)


def _is_certain(
    paths: Sequence[str], settings: Settings, loaded: Loaded, known: Sequence[baseline.Entry]
) -> bool:
    """Whether what is not found is not there. Not where only a part was read, or another
    environment or profile supposed; nor where a file that used to be readable no longer is."""
    if settings.supposes or not suppressing.reads_everything(paths, settings):
        return False
    broken = {
        name
        for name, source in loaded.files.items()
        if any(problem.kind == UNREADABLE for problem in source.problems)
    }
    return broken <= {entry.file for entry in known if entry.rule == UNREADABLE}
