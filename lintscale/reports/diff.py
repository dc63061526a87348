"""Unified diffs: of files, as ``git apply`` and ``patch -p1`` read them, and of one fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator, Sequence

from lintscale.engine.finding import Edit, Fix
from lintscale.model.location import Span
from lintscale.reports import PLAIN, Style
from lintscale.reports.code_frame import HIDDEN, Annotation, SourceLines, Sources, display_line
from lintscale.reports.styled import Row, to_text
from lintscale.reports.text import printable
from lintscale.secrets import MASK, HiddenText
from lintscale.syntax import parse
from lintscale.syntax.document import format_of
from lintscale.syntax.text import Positions, decode

CONTEXT = 3
"""Lines around a change, as git shows them."""

_IN_STEP = 8
"""Equal lines in a row after which both sides are taken to be in step again."""

_MAX_DISTANCE = 400
"""The end of a change is searched within this many lines, of both sides together."""

_NO_NEWLINE = "\\ No newline at end of file"
STYLES = {"+": "added", "-": "removed", "@": "place"}
"""Styles of lines by their first character."""

_Change = tuple[str, int, int, int, int]
"""As difflib's: what happens, a range of the old lines, a range of the new."""

_QUOTED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def render(changes: Iterable[tuple[str, bytes, bytes]], style: Style = PLAIN) -> str:
    """The differences of (name, before, after), one after another. In colour control characters
    are made visible; without colour the bytes stay as they are, so that the diff applies. Lines
    that hold a secret are left out around a change; in the change itself the secret is masked."""
    files = [list(_file(*change)) for change in changes]
    if not style.color:
        return "".join(f"{line}\n" for lines in files for line in lines)
    rows: list[Row] = []
    for lines in files:
        for number, line in enumerate(lines):
            style_ = "heading" if number < 2 else STYLES.get(line[:1], "")
            rows.append([(printable(line.removesuffix("\r")), style_)])
    return to_text(rows, color=True)


def _file(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of the diff, without the line feeds that end them."""
    old, new = _lines(before), _lines(after)
    yield f"--- {_name(f'a/{name}')}"
    yield f"+++ {_name(f'b/{name}')}"
    shown = _without_secrets(name, old), _without_secrets(name, new)
    yield from hunks(old, new, shown=shown)


def _without_secrets(name: str, lines: Sequence[str]) -> dict[int, str]:
    """The lines that hold a secret, by index, masked."""
    text = "".join(lines)
    positions = Positions(text)
    hidden = HiddenText(positions, parse(text, name, format_of(name)).documents)
    masked: dict[int, str] = {}
    at = 0
    for number, line in enumerate(lines):
        pieces, done = [], 0
        for start, end in hidden.ranges(at, at + len(line.rstrip("\r\n"))):
            pieces += [line[done : start - at], MASK]
            done = end - at
        if pieces:
            masked[number] = "".join([*pieces, line[done:]])
        at += len(line)
    return masked


def hunks(
    old: Sequence[str],
    new: Sequence[str],
    before: tuple[int, int] = (0, 0),
    shown: tuple[dict[int, str], dict[int, str]] = ({}, {}),
) -> Iterator[str]:
    """The hunks between two lists of lines. ``before`` counts the lines that precede them in the
    old and in the new file; ``shown`` are lines of both as they are shown, which are no context."""
    above, new_above = before
    groups = _Matcher(old, new).get_grouped_opcodes(CONTEXT)
    for group in (part for whole in groups for part in _without_context(whole, shown[0])):
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        old_range = _range(above + start, above + end)
        yield f"@@ -{old_range} +{_range(new_above + new_start, new_above + new_end)} @@"
        for kind, old_from, old_to, new_from, new_to in group:
            if kind == "equal":
                yield from _marked(" ", old[old_from:old_to])
            else:
                yield from _marked("-", _shown(old, old_from, old_to, shown[0]))
                yield from _marked("+", _shown(new, new_from, new_to, shown[1]))


def _shown(lines: Sequence[str], start: int, end: int, masked: dict[int, str]) -> list[str]:
    return [masked.get(number, lines[number]) for number in range(start, end)]


def _without_context(group: Sequence[_Change], lines: Container[int]) -> Iterator[list[_Change]]:
    """The changes, without these lines in their context: in parts where they stand between."""
    part: list[_Change] = []
    for change in group:
        kind, start, end, new_start, new_end = change
        left_out = [number for number in range(start, end) if number in lines]
        if kind != "equal" or not left_out:
            part.append(change)
            continue
        first, after = left_out[0], left_out[-1] + 1
        if part:
            if first > start:
                part.append((kind, start, first, new_start, new_start + first - start))
            yield part
        part = [(kind, after, end, new_end - (end - after), new_end)] if after < end else []
    if any(kind != "equal" for kind, *_ in part):
        yield part


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
            to_i, to_j = _in_step_again(old, new, i, j)
            is_short = to_i - i < 2 * _MAX_DISTANCE
            piece = difflib.SequenceMatcher(None, old[i:to_i], new[j:to_j], not is_short)
            found += [
                difflib.Match(i + match.a, j + match.b, match.size)
                for match in piece.get_matching_blocks()
                if match.size
            ]
            i, j = to_i, to_j
        return [*found, difflib.Match(len(old), len(new), 0)]


def _in_step_again(old: Sequence[str], new: Sequence[str], i: int, j: int) -> tuple[int, int]:
    """Where both sides are equal again after a change at ``i`` and ``j``; their ends if that is not
    within _MAX_DISTANCE."""
    left = len(old) - i + len(new) - j
    for far in range(1, min(_MAX_DISTANCE, left)):
        for step in range(far + 1):
            k, m = i + far - step, j + step
            if k >= len(old) or m >= len(new) or old[k] != new[m]:
                continue
            if old[k : k + _IN_STEP] == new[m : m + _IN_STEP]:
                return k, m
    return len(old), len(new)


def _range(start: int, end: int) -> str:
    """A range of lines in a hunk's header: from 1; an empty one names the line before it."""
    count = end - start
    return str(start + 1) if count == 1 else f"{start + bool(count)},{count}"


def _marked(annotation: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield annotation + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield _NO_NEWLINE


def _lines(data: bytes) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    text, _ = decode(data)
    if data.startswith(b"\xef\xbb\xbf"):
        text = f"\ufeff{text}"
    *ended, last = text.split("\n")
    lines = [f"{line}\n" for line in ended]
    return [*lines, last] if last else lines


def _name(name: str) -> str:
    """A path as git writes it: quoted if necessary, with a tab after one that contains a space."""
    if any(character in _QUOTED or ord(character) < 32 for character in name):
        escaped = "".join(
            _QUOTED.get(each, f"\\{ord(each):03o}" if ord(each) < 32 else each) for each in name
        )
        return f'"{escaped}"'
    return f"{name}\t" if " " in name else name


# -- of one fix ------------------------------------------------------------------------------------

_MAX_CHARACTERS = 20_000
"""Of the lines around a fix; longer ones are generated, and nobody reads their diff."""


def fix_diff(fix: Fix, sources: Sources, width: int) -> Iterator[tuple[str, list[Row]]]:
    """The diff of each file that the fix changes: secrets masked, at most ``width`` cells wide.
    Files whose text is not known, or whose lines are too long, are left out."""
    for file in sorted({edit.file for edit in fix.edits}):
        source = sources.lines(file)
        if source is None:
            continue
        edits = sorted((e for e in fix.edits if e.file == file), key=lambda edit: edit.start)
        rows: list[Row] = []
        grown = 0
        for near in _groups(edits):
            first = max(min(near[0].start[0], source.last) - CONTEXT, 1)
            last = min(near[-1].end[0] + CONTEXT, len(source.positions.starts))
            if source.size(first, last) <= _MAX_CHARACTERS:
                window = _Window(source.with_hidden_secrets(first, last), near, first)
                rows += [_row(line) for line in window.lines(width, grown)]
            grown += sum(edit.text.count("\n") + edit.start[0] - edit.end[0] for edit in near)
        if rows:
            yield file, rows


def _row(line: str) -> Row:
    style = STYLES.get(line[0])
    return [(line, style)] if style else [(line[0], "gutter"), (line[1:], "context")]


def _groups(edits: Sequence[Edit]) -> list[list[Edit]]:
    """The edits in groups whose contexts do not overlap."""
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.start[0] - groups[-1][-1].end[0] <= 2 * CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


class _Window:
    """The lines around edits, before and after them, with the ranges of the edits in both."""

    def __init__(self, text: str, edits: Sequence[Edit], first: int) -> None:
        self.first = first
        positions = Positions(text)
        pieces, old, new = [], [], []
        at = size = 0
        for edit in edits:
            start, end = (
                min(positions.offset(line - self.first + 1, column), len(text))
                for line, column in (edit.start, edit.end)
            )
            pieces += [text[at:start], edit.text]
            size += start - at
            old.append((start, end))
            new.append((size, size + len(edit.text)))
            size += len(edit.text)
            at = end
        self.before = SourceLines(text)
        self.after = SourceLines("".join([*pieces, text[at:]]))
        self.old_ranges, self.new_ranges = old, new

    def lines(self, width: int, grown: int) -> Iterator[str]:
        """The diff's lines; the edits before these add ``grown`` lines."""
        old = _displayed(self.before, self.old_ranges, width - 1)
        new = _displayed(self.after, self.new_ranges, width - 1)
        for line in hunks(old, new, (self.first - 1, self.first - 1 + grown)):
            yield re.sub(f"{HIDDEN}+", MASK, line)


def _displayed(source: SourceLines, ranges: Sequence[tuple[int, int]], room: int) -> list[str]:
    """The lines as they are displayed, long ones cut around the first of their ranges."""
    positions = Positions(source.text)
    annotations: dict[int, list[Annotation]] = {}
    for start, end in ranges:
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
