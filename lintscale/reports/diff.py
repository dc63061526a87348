"""What files are to become, as a unified diff that ``git apply`` and ``patch -p1`` take."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from lintscale.reports import PLAIN, Style
from lintscale.reports.frame import Row
from lintscale.reports.ink import paint
from lintscale.reports.text import printable
from lintscale.source.decode import decode

_NO_NEWLINE = "\\ No newline at end of file"
_INKS = {"+": "added", "-": "removed", "@": "place"}
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
            ink = "heading" if number < 2 else _INKS.get(line[:1], "")
            rows.append([(printable(line.removesuffix("\r")), ink)])
    return paint(rows, color=True)


def _file(name: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of the diff, without the line feeds that end them."""
    old, new = _lines(before), _lines(after)
    lines = difflib.unified_diff(old, new, _name(f"a/{name}"), _name(f"b/{name}"), lineterm="")
    for number, line in enumerate(lines):
        yield line.removesuffix("\n")
        if number > 1 and not line.startswith("@@") and not line.endswith("\n"):
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
