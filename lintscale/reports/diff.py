"""Unified diffs: of files, as ``git apply`` and ``patch -p1`` read them, and of one fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence

from lintscale.engine.finding import Edit, Fix
from lintscale.model.location import Span
from lintscale.reports import PLAIN, Style
from lintscale.reports.code_frame import HIDDEN, Annotation, SourceLines, Sources, display_line
from lintscale.reports.secrets import MASK
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import printable
from lintscale.syntax.text import Positions, decode

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
    return to_text(rows, color=True)


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


def _marked(annotation: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield annotation + line.removesuffix("\n")
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


# -- of one fix ------------------------------------------------------------------------------------

_MOST_CHARACTERS = 20_000
"""Of lines around a fix; longer ones are a machine's, whose diff nobody reads."""


def fix_diff(fix: Fix, sources: Sources, width: int) -> Iterator[tuple[str, list[Row]]]:
    """For each file that the fix changes, the diff, without secrets and no wider than ``width``
    cells. Nothing of a file whose text is not known, or where the lines are too long."""
    for file in sorted({edit.file for edit in fix.edits}):
        source = sources.lines(file)
        if source is None:
            continue
        edits = sorted((e for e in fix.edits if e.file == file), key=lambda edit: edit.start)
        rows: list[Row] = []
        grown = 0
        for near in _near(edits):
            first = max(min(near[0].start[0], source.last) - CONTEXT, 1)
            last = min(near[-1].end[0] + CONTEXT, len(source.positions.starts))
            if source.size(first, last) <= _MOST_CHARACTERS:
                window = _Window(source.with_hidden_secrets(first, last), near, first)
                rows += [_row(line) for line in window.lines(width, grown)]
            grown += sum(edit.text.count("\n") + edit.start[0] - edit.end[0] for edit in near)
        if rows:
            yield file, rows


def _row(line: str) -> Row:
    ink = INKS.get(line[0])
    return [(line, ink)] if ink else [(line[0], "gutter"), (line[1:], "context")]


def _near(edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits in groups whose surroundings do not meet."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.start[0] - groups[-1][-1].end[0] <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


class _Window:
    """The lines around edits, before and after, and in both where the edits stand."""

    def __init__(self, text: str, edits: Sequence[Edit], first: int) -> None:
        self.first = first
        positions = Positions(text)
        pieces, here, there = [], [], []
        at = size = 0
        for edit in edits:
            start, end = (
                min(positions.offset(line - self.first + 1, column), len(text))
                for line, column in (edit.start, edit.end)
            )
            pieces += [text[at:start], edit.text]
            size += start - at
            here.append((start, end))
            there.append((size, size + len(edit.text)))
            size += len(edit.text)
            at = end
        self.before = SourceLines(text)
        self.after = SourceLines("".join([*pieces, text[at:]]))
        self.here, self.there = here, there

    def lines(self, width: int, grown: int) -> Iterator[str]:
        """The diff's lines; what stands before has ``grown`` by so many lines."""
        old = _shown(self.before, self.here, width - 1)
        new = _shown(self.after, self.there, width - 1)
        for line in hunks(old, new, (self.first - 1, self.first - 1 + grown)):
            yield re.sub(f"{HIDDEN}+", MASK, line)


def _shown(source: SourceLines, places: Sequence[tuple[int, int]], room: int) -> list[str]:
    """The lines as they are shown, a long one where the first of the places is in it."""
    positions = Positions(source.text)
    annotations: dict[int, list[Annotation]] = {}
    for start, end in places:
        span = positions.span(start, end)
        annotations.setdefault(span.line, []).append(Annotation(span, ""))
        if span.end_line != span.line:
            rest = Span(span.end_line, 1, span.end_line, span.end_column)
            annotations.setdefault(span.end_line, []).append(Annotation(rest, ""))
    if not source.text:
        return []
    return [
        f"{display_line(source, number, room, annotations.get(number, ()))}\n"
        for number in range(1, source.last + 1)
    ]
