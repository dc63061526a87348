"""Bytes to text, and back."""

from __future__ import annotations

import codecs

from lintscale.model.location import Span
from lintscale.syntax.document import Problem
from lintscale.syntax.positions import Positions

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    # UTF-32's marks begin as UTF-16's do.
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def decode(data: bytes) -> tuple[str, Problem | None]:
    """The text of a file, without its byte order mark, and what is wrong with it: bytes that are
    no text in the file's encoding (U+FFFD stands for them), or NUL bytes.

    The encoding is the one that the byte order mark tells, UTF-8 without one.
    """
    for mark, encoding, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding, name)
    return _decode(data, "utf-8", "")


def encode(text: str, like: bytes) -> bytes:
    """The text in the encoding of ``like``, with its byte order mark if it has one. Raises
    UnicodeEncodeError for characters that the encoding does not have."""
    for mark, encoding, _ in _BYTE_ORDER_MARKS:
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode("utf-8")


def _decode(data: bytes, encoding: str, marked: str) -> tuple[str, Problem | None]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, errors="replace")
        if "\0" in text:
            return text, _binary(text)
        before = data[: error.start].decode(encoding)
        return text, _undecodable(before, data[error.start], marked)
    return text, _binary(text) if "\0" in text else None


def _undecodable(before: str, byte: int, marked: str) -> Problem:
    if marked and marked != "UTF-8":
        message = (
            f"the byte 0x{byte:02X} is no {marked}, as which its byte order mark marks the file"
        )
    else:
        message = f"the byte 0x{byte:02X} is no UTF-8; the file must be UTF-8"
    line, column = Positions(before).at(len(before))
    return Problem("syntax-error", message, Span(line, column, line, column + 1))


def _binary(text: str) -> Problem:
    line, column = Positions(text).at(text.index("\0"))
    message = "a binary file: it holds a NUL byte, which no text does"
    return Problem("syntax-error", message, Span(line, column, line, column + 1))
