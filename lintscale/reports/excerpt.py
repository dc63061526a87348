"""The part of an example that passes which makes the difference."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from lintscale.record import record

_AROUND = 1
"""Lines before and after those that differ."""

_MOST = 8
"""Lines that are shown."""


@record
class Excerpt:
    """Lines of ``file`` as (number from 1, text, whether it differs). ``more``: there are others
    to look at."""

    file: str
    lines: tuple[tuple[int, str, bool], ...] = ()
    more: bool = False


def excerpt(files: Mapping[str, str], other: Mapping[str, str]) -> Excerpt:
    """Where ``files`` differ from ``other``, in the first file that does; its beginning where
    nothing of it is alike."""
    file = next((name for name, text in files.items() if other.get(name) != text), "")
    file = file or next(iter(files))
    lines = files[file].rstrip("\n").split("\n")
    differing, near = _difference(other.get(file, "").rstrip("\n").split("\n"), lines)
    wanted = sorted(
        {
            number
            for line in near
            for number in range(line - _AROUND, line + _AROUND + 1)
            if 0 <= number < len(lines)
        }
    )
    numbers = wanted or list(range(len(lines)))
    shown = numbers[:_MOST]
    rows = tuple((number + 1, lines[number], number in differing) for number in shown)
    return Excerpt(file, rows, more=len(numbers) > len(shown))


def _difference(before: Sequence[str], after: Sequence[str]) -> tuple[set[int], set[int]]:
    """Lines of ``after`` (from 0) that ``before`` does not have, and those to look at: the same,
    and where lines were taken away."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    differing: set[int] = set()
    near: set[int] = set()
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        differing.update(range(start, end))
        near.update(range(start, end) if end > start else (start - 1, start))
    return differing, {line for line in near if 0 <= line < len(after)}
