"""Which fixes to apply together: those that are wanted and do not get in each other's way."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from lintscale.engine.finding import Edit, Finding, Fix

SAFE = "safe"

_Place = tuple[int, int]


def plan(findings: Sequence[Finding], wanted: Callable[[Finding], bool]) -> list[Finding]:
    """Those of the ``wanted`` findings with a safe fix; with an unsafe one where there are no safe
    ones, so that each kind is judged by itself. Of two that overlap one is left for another time:
    which one depends on their places, not on the order of the findings. Findings with the very
    same edits go together."""
    candidates = [each for each in findings if each.fix is not None and wanted(each)]
    safe = [each for each in candidates if each.fix is not None and each.fix.safety == SAFE]
    taken = _Taken()
    ordered = sorted(safe or candidates, key=_order)
    return [each for each in ordered if each.fix is not None and taken.take(each.fix)]


def edits_of(findings: Iterable[Finding]) -> dict[str, list[Edit]]:
    """The edits of the findings' fixes by file, each once, in the order of their places."""
    found = {edit for finding in findings if finding.fix for edit in finding.fix.edits}
    by_file: dict[str, list[Edit]] = {}
    for edit in sorted(found, key=lambda edit: (edit.file, edit.start, edit.end, edit.text)):
        by_file.setdefault(edit.file, []).append(edit)
    return by_file


def _order(finding: Finding) -> tuple[object, ...]:
    edits = finding.fix.edits if finding.fix else ()
    places = sorted((edit.file, edit.start, edit.end, edit.text) for edit in edits)
    return (places, finding.rule, finding.location.span, finding.message)


class _Taken:
    """The stretches of each file that some fix is to replace."""

    def __init__(self) -> None:
        self.fixes: set[tuple[Edit, ...]] = set()
        self.by_file: dict[str, list[tuple[_Place, _Place]]] = {}
        self.said: set[tuple[object, ...]] = set()

    def take(self, fix: Fix) -> bool:
        """Whether nothing else is to change there; it is taken then."""
        edits = fix.edits
        if edits in self.fixes:
            return True
        # Two that write the same new mapping would write it twice.
        if any(map(self._overlaps, edits)) or not self.said.isdisjoint(fix.touched):
            return False
        self.fixes.add(edits)
        self.said.update(fix.touched)
        for edit in edits:
            places = self.by_file.setdefault(edit.file, [])
            places.insert(bisect_left(places, (edit.start, edit.end)), (edit.start, edit.end))
        return True

    def _overlaps(self, edit: Edit) -> bool:
        # Stretches that are taken do not overlap, so that only the neighbours matter. What only
        # touches counts where one of the two inserts: in which order would be anybody's guess.
        places = self.by_file.get(edit.file, [])
        at = bisect_left(places, (edit.start, edit.end))
        for start, end in places[max(at - 1, 0) : at + 1]:
            if start == end or edit.start == edit.end:
                if start <= edit.end and edit.start <= end:
                    return True
            elif start < edit.end and edit.start < end:
                return True
        return False
