"""The fixes to apply together: wanted ones whose edits do not overlap."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence

from lintscale.engine.finding import Edit, Finding, Fix

SAFE = "safe"

_Position = tuple[int, int]


def plan(findings: Sequence[Finding], wanted: Callable[[Finding], bool]) -> list[Finding]:
    """The ``wanted`` findings with a safe fix; those with an unsafe one where there are no safe
    ones, so that each kind is verified by itself. Of two that overlap, the later one waits for
    another round, whatever the order of the findings. Findings with the same edits go
    together."""
    candidates = [each for each in findings if each.fix is not None and wanted(each)]
    safe = [each for each in candidates if each.fix is not None and each.fix.safety == SAFE]
    reserved = _ReservedRanges()
    ordered = sorted(safe or candidates, key=_order)
    return [each for each in ordered if each.fix is not None and reserved.add(each.fix)]


def edits_of(findings: Iterable[Finding]) -> dict[str, list[Edit]]:
    """The edits of the findings' fixes by file, each once, sorted."""
    found = {edit for finding in findings if finding.fix for edit in finding.fix.edits}
    by_file: dict[str, list[Edit]] = {}
    for edit in sorted(found, key=lambda edit: (edit.file, edit.start, edit.end, edit.text)):
        by_file.setdefault(edit.file, []).append(edit)
    return by_file


def _order(finding: Finding) -> tuple[object, ...]:
    edits = finding.fix.edits if finding.fix else ()
    places = sorted((edit.file, edit.start, edit.end, edit.text) for edit in edits)
    return (places, finding.rule, finding.location.span, finding.message)


class _ReservedRanges:
    """The ranges of each file that a chosen fix replaces."""

    def __init__(self) -> None:
        self.fixes: set[tuple[Edit, ...]] = set()
        self.by_file: dict[str, list[tuple[_Position, _Position]]] = {}
        self.touched: set[tuple[object, ...]] = set()

    def add(self, fix: Fix) -> bool:
        """Reserve the ranges of a fix; false if one of them overlaps a reserved one."""
        edits = fix.edits
        if edits in self.fixes:
            return True
        # Two that write the same new mapping would write it twice.
        if any(map(self._overlaps, edits)) or not self.touched.isdisjoint(fix.touched):
            return False
        self.fixes.add(edits)
        self.touched.update(fix.touched)
        for edit in edits:
            insort(self.by_file.setdefault(edit.file, []), (edit.start, edit.end))
        return True

    def _overlaps(self, edit: Edit) -> bool:
        # Reserved ranges do not overlap, so that only the neighbours matter. Adjacent ones conflict
        # where one of the two inserts, as the order of the two texts would be arbitrary.
        ranges = self.by_file.get(edit.file, [])
        at = bisect_left(ranges, (edit.start, edit.end))
        for start, end in ranges[max(at - 1, 0) : at + 1]:
            if start == end or edit.start == edit.end:
                if start <= edit.end and edit.start <= end:
                    return True
            elif start < edit.end and edit.start < end:
                return True
        return False
