"""What files are to become, as a unified diff that ``git apply`` and ``patch -p1`` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from lintscale.reports import PLAIN, Style
from lintscale.reports.ink import Row, paint
from lintscale.reports.text import printable
from lintscale.syntax.decode import decode

CONTEXT = 3
"""Lines around a change, as git shows them."""

_ALIKE = 8
"""So many lines in a row that are alike are the same lines again."""

_FARTHEST = 400
"""Lines, of both sides together, within which a change is looked for the end of."""

_NO_NEWLINE = "\\ No newline at end of file"
INKS = {"+": "added", "-": "removed", "@": "place"}
"""How lines are styled that begin like this."""

_QUOTED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def render(changes: Iterable[tuple[str, bytes, bytes]], style: Style = PLAIN) -> str:
    """The differences of (name, before, after), one after another. In colour it is for people,
    who see control characters as pictures; without, it is what the files hold."""
    files = [list(_file(*change)) for change in changes]
    if not style.color:
        return "".join(f"{line}\n" for lines in files for line in lines)
    rows: list[Row] = []
    for lines in files:
        for number, line in enumerate(lines):
            ink = "heading" if number < 2 else INKS.get(line[:1], "")
            rows.append([(printable(line.removesuffix("\r")), ink)])
    return paint(rows, color=True)


def _file(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of the diff, without the line feeds that end them."""
    old, new = _lines(before), _lines(after)
    yield f"--- {_name(f'a/{name}')}"
    yield f"+++ {_name(f'b/{name}')}"
    yield from hunks(old, new)


def hunks(
    old: Sequence[str], new: Sequence[str], before: tuple[int, int] = (0, 0)
) -> Iterator[str]:
    """What differs between lines, of which so many others stand ``before`` these in the file, and
    in the new one."""
    above, new_above = before
    for group in _Matcher(old, new).get_grouped_opcodes(CONTEXT):
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        old_range = _range(above + start, above + end)
        yield f"@@ -{old_range} +{_range(new_above + new_start, new_above + new_end)} @@"
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from _marked(" ", old[old_from:old_to])
            else:
                yield from _marked("-", old[old_from:old_to])
                yield from _marked("+", new[new_from:new_to])


class _Matcher(difflib.SequenceMatcher[str]):
    """difflib compares stretches between which everything stays. Given a long file as a whole it
    leaves lines out of account that occur often ("spec:"), and then shows as changed what is not;
    without that it takes minutes."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new)
        self.old, self.new = old, new

    def get_matching_blocks(self) -> list[difflib.Match]:
        found: list[difflib.Match] = []
        old, new = self.old, self.new
        i = j = 0
        while i < len(old) or j < len(new):
            start = i
            while i < len(old) and j < len(new) and old[i] == new[j]:
                i, j = i + 1, j + 1
            if i > start:
                found.append(difflib.Match(start, j - (i - start), i - start))
            to_i, to_j = _alike_again(old, new, i, j)
            is_short = to_i - i < 2 * _FARTHEST
            piece = difflib.SequenceMatcher(None, old[i:to_i], new[j:to_j], not is_short)
            found += [
                difflib.Match(i + match.a, j + match.b, match.size)
                for match in piece.get_matching_blocks()
                if match.size
            ]
            i, j = to_i, to_j
        return [*found, difflib.Match(len(old), len(new), 0)]


def _alike_again(old: Sequence[str], new: Sequence[str], i: int, j: int) -> tuple[int, int]:
    """Where, after a change at ``i`` and ``j``, both go on with the same lines; their ends where
    that is nowhere near."""
    left = len(old) - i + len(new) - j
    for far in range(1, min(_FARTHEST, left)):
        for step in range(far + 1):
            k, m = i + far - step, j + step
            if k >= len(old) or m >= len(new) or old[k] != new[m]:
                continue
            if old[k : k + _ALIKE] == new[m : m + _ALIKE]:
                return k, m
    return len(old), len(new)


def _range(start: int, end: int) -> str:
    """Lines as a hunk's head counts them: from 1, and from the one before where there are none."""
    count = end - start
    return str(start + 1) if count == 1 else f"{start + bool(count)},{count}"


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _lines(data: bytes) -> list[str]:
    """As git counts lines: a line feed ends one and nothing else does."""
    text, _ = decode(data)
    if data.startswith(b"\xef\xbb\xbf"):
        text = f"\ufeff{text}"
    *ended, last = text.split("\n")
    lines = [f"{line}\n" for line in ended]
    return [*lines, last] if last else lines


def _name(name: str) -> str:
    """As git writes a path: in quotes where it has to, with a tab after one that has a space."""
    if any(character in _QUOTED or ord(character) < 32 for character in name):
        escaped = "".join(
            _QUOTED.get(each, f"\\{ord(each):03o}" if ord(each) < 32 else each) for each in name
        )
        return f'"{escaped}"'
    return f"{name}\t" if " " in name else name
