"""The part of an example that passes which makes the difference."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from lintscale._record import record

_AROUND = 1
"""Lines before and after those that differ."""

_MOST = 8
"""Lines that are shown."""

_ALIKE = 0.5
"""Of two files' lines so many are the same where one is a version of the other."""


@record
class Excerpt:
    """Lines of ``file`` as (number from 1, text, whether it differs). ``more``: there are others
    to look at."""

    file: str
    lines: tuple[tuple[int, str, bool], ...] = ()
    more: bool = False


def excerpt(files: Mapping[str, str], other: Mapping[str, str]) -> Excerpt:
    """Where ``files`` differ from ``other``: the beginning of a file that ``other`` has nothing
    like, else the lines that differ in the first file that does."""
    pairs = {name: _counterpart(name, text, other) for name, text in files.items()}
    new = [name for name, (_, likeness) in pairs.items() if likeness < _ALIKE]
    changed = [name for name, (text, _) in pairs.items() if text != files[name]]
    file = next(iter([*new, *changed, *files]))
    lines = _split(files[file])
    before = [] if file in new else _split(pairs[file][0])
    differing, near = _difference(before, lines)
    wanted = sorted(
        {
            number
            for line in near
            for number in range(line - _AROUND, line + _AROUND + 1)
            if 0 <= number < len(lines)
        }
    )
    shown = wanted[:_MOST]
    rows = tuple((number + 1, lines[number], number in differing) for number in shown)
    return Excerpt(file, rows, more=len(wanted) > len(shown))


def _counterpart(name: str, text: str, other: Mapping[str, str]) -> tuple[str, float]:
    """The text of the same name, else the one most like ``text``; and how like it is, 0 to 1."""
    if name in other:
        return other[name], 1.0
    likeness = {each: _likeness(_split(each), _split(text)) for each in other.values()}
    best = max(likeness, key=lambda each: likeness[each], default="")
    return best, likeness.get(best, 0.0)


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def _split(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


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
