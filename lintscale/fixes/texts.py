"""Edits applied to a file's content, and a look at whether they do what they are to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lintscale.engine.finding import Edit
from lintscale.model.location import PathKey
from lintscale.syntax import SourceFile, parse
from lintscale.syntax.decode import decode, encode
from lintscale.syntax.document import Format
from lintscale.syntax.editing import Touched
from lintscale.syntax.nodes import to_plain
from lintscale.syntax.positions import Positions

_GONE: Any = object()


def applied(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The content after ``edits`` (in the order of their places, none of which overlap), in its
    encoding and with its byte order mark."""
    text, _ = decode(data)
    positions = Positions(text)
    pieces = []
    at = 0
    for edit in edits:
        start, end = positions.offset(*edit.start), positions.offset(*edit.end)
        pieces += [text[at:start], edit.text]
        at = end
    return encode("".join([*pieces, text[at:]]), data)


def is_exact(source: SourceFile, data: bytes) -> bool:
    """Is this what was read, and can it be written again byte for byte?"""
    text, problem = decode(data)
    return problem is None and text == source.text and encode(text, data) == data


def unintended(before: bytes, after: bytes, form: Format, touched: Iterable[Touched]) -> str:
    """What is wrong with a change of a file: that it cannot be read any more, or says something
    else at a place that is not ``touched``. "" for a change that does what it is to do."""
    old, new = (parse(decode(each)[0], "", form) for each in (before, after))
    if len(new.problems) > len(old.problems):
        return f"the file would be broken ({new.problems[-1].message})"
    if [each.index for each in old.documents] != [each.index for each in new.documents]:
        return "the file would have other documents"
    allowed = set(touched)
    for was, now in zip(old.documents, new.documents, strict=True):
        paths = {path for document, path in allowed if document == was.index}
        found = _difference(to_plain(was.root), to_plain(now.root), (), paths)
        if found is not None:
            return f"it would change {'.'.join(str(key) for key in found) or 'the document'} too"
    return ""


def _difference(
    old: Any, new: Any, path: tuple[PathKey, ...], allowed: set[tuple[PathKey, ...]]
) -> tuple[PathKey, ...] | None:
    """The first path at which the two say something else and may not."""
    if path in allowed:
        return None
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            name = key if isinstance(key, str) else str(key)
            below = (*path, name)
            found = _difference(old.get(key, _GONE), new.get(key, _GONE), below, allowed)
            if found is not None:
                return found
        return None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(old, new, strict=True)):
            found = _difference(was, now, (*path, index), allowed)
            if found is not None:
                return found
        return None
    same = type(old) is type(new) and (old == new or (old != old and new != new))  # noqa: PLR0124
    return None if same else path
