"""Positions and URIs of the language server protocol."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

from lsprotocol import types

from lintscale.model.location import Span
from lintscale.syntax.text import Positions

Encoding = types.PositionEncodingKind | str

_CODECS = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16-le",
    types.PositionEncodingKind.Utf32: "utf-32-le",
}


class Lines:
    """The lines and columns of a text as protocol positions, in the agreed encoding. Lines end in
    the protocol as they do in lintscale."""

    def __init__(self, text: str, encoding: Encoding = types.PositionEncodingKind.Utf16) -> None:
        self.positions = Positions(text)
        self.codec = _CODECS[types.PositionEncodingKind(encoding)]

    def position(self, line: int, column: int) -> types.Position:
        """The position of a line and column, both from 1, the column in Unicode characters."""
        return types.Position(max(line - 1, 0), self.positions.units(line, column, self.codec))

    def at(self, offset: int) -> types.Position:
        return self.position(*self.positions.at(offset))

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(*span[:2]), self.position(*span[2:]))


def covers(outer: types.Range, inner: types.Range) -> bool:
    """Whether the two ranges have a position in common."""
    start, end = (outer.start.line, outer.start.character), (outer.end.line, outer.end.character)
    first = (inner.start.line, inner.start.character)
    last = (inner.end.line, inner.end.character)
    return first <= end and start <= last


def to_file(uri: str) -> Path | None:
    """The file of a URI, whether it exists or not; None for a folder or no file."""
    path = to_path(uri)
    try:
        return None if path is None or path.is_dir() else path
    except OSError:  # its name is too long
        return None


def to_path(uri: str) -> Path | None:
    """The path of a file URI; None for another scheme (untitled:, git:) or an invalid URI."""
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
