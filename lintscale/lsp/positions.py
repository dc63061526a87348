"""Places and addresses as the protocol writes them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from lsprotocol import types

from lintscale.model.location import Span
from lintscale.syntax.positions import Positions

Encoding = types.PositionEncodingKind | str

_BYTES = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
"""How many bytes of which encoding are one unit; UTF-16 is what holds when nothing is agreed."""


class Lines:
    """Where a text's lines and columns stand, in the units that the two sides agreed on. Lines end
    as they do everywhere in lintscale, which is as the protocol has them end."""

    def __init__(self, text: str, encoding: Encoding = types.PositionEncodingKind.Utf16) -> None:
        self.text = text
        self.positions = Positions(text)
        self.codec, self.size = _BYTES.get(types.PositionEncodingKind(encoding), ("utf-16-le", 2))

    def line(self, number: int) -> str:
        """A line (from 1) with its end; "" where there is none."""
        starts = self.positions.starts
        if not 0 < number <= len(starts):
            return ""
        return self.text[starts[number - 1] : (starts[number : number + 1] or [len(self.text)])[0]]

    def position(self, line: int, column: int) -> types.Position:
        """``line`` and ``column`` count from 1, the column in Unicode characters."""
        before = self.line(line)[: max(column - 1, 0)]
        units = len(before.encode(self.codec, "surrogatepass")) // self.size
        return types.Position(max(line - 1, 0), units)

    def at(self, offset: int) -> types.Position:
        return self.position(*self.positions.at(offset))

    def range(self, span: Span) -> types.Range:
        return types.Range(
            self.position(span.line, span.column), self.position(span.end_line, span.end_column)
        )


def covers(outer: types.Range, inner: types.Range) -> bool:
    """Whether the two have a place in common."""
    start, end = (outer.start.line, outer.start.character), (outer.end.line, outer.end.character)
    first = (inner.start.line, inner.start.character)
    last = (inner.end.line, inner.end.character)
    return first <= end and start <= last


def to_file(uri: str) -> Path | None:
    """The file that an address means, which need not be there; None for what cannot be one."""
    path = to_path(uri)
    try:
        return None if path is None or path.is_dir() else path
    except OSError:  # its name is too long
        return None


def to_path(uri: str) -> Path | None:
    """The file or folder that an address means; None for none (untitled:, git:, a broken one)."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or "%00" in parts.path:
        return None
    if os.name == "nt":
        host = f"//{parts.netloc}" if parts.netloc else ""
        name = url2pathname(host + parts.path)
    else:
        name = os.fsdecode(unquote_to_bytes(parts.path))
    return Path(os.path.abspath(name)) if name else None  # noqa: PTH100 - links stay as they are
