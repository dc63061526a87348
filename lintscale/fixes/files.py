"""The files that fixes change: their contents with edits applied, verified and written."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from lintscale._record import record
from lintscale.engine.finding import Edit
from lintscale.fixes.refusal import Cause, Refused, of_system
from lintscale.model.location import PathKey
from lintscale.syntax import SourceFile, parse
from lintscale.syntax.document import Format
from lintscale.syntax.editing import Touched
from lintscale.syntax.nodes import to_plain
from lintscale.syntax.text import Positions, decode, encode

_ABSENT: Any = object()


def applied(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The content after ``edits`` (sorted, none overlapping), in its encoding and with its byte
    order mark."""
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
    """Is ``data`` what was read, and can it be written again byte for byte?"""
    text, problem = decode(data)
    return problem is None and text == source.text and encode(text, data) == data


def unintended(
    before: bytes, after: bytes, file_format: Format, touched: Iterable[Touched]
) -> Refused | None:
    """Why a change of a file is wrong: the file is invalid afterwards, or has another value at a
    path that is not ``touched``. None for a correct change."""
    old, new = (parse(decode(each)[0], "", file_format) for each in (before, after))
    if len(new.problems) > len(old.problems):
        return Refused(Cause.INVALID_FILE, new.problems[-1].message)
    if [each.index for each in old.documents] != [each.index for each in new.documents]:
        return Refused(Cause.OTHER_DOCUMENTS)
    allowed = set(touched)
    for was, now in zip(old.documents, new.documents, strict=True):
        paths = {path for document, path in allowed if document == was.index}
        found = _difference(to_plain(was.root), to_plain(now.root), (), paths)
        if found is not None:
            return Refused(Cause.OTHER_VALUE, path=found)
    return None


def _difference(
    old: Any, new: Any, path: tuple[PathKey, ...], allowed: set[tuple[PathKey, ...]]
) -> tuple[PathKey, ...] | None:
    """The first path that is not ``allowed`` at which the values differ."""
    if path in allowed:
        return None
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            name = key if isinstance(key, str) else str(key)
            below = (*path, name)
            found = _difference(old.get(key, _ABSENT), new.get(key, _ABSENT), below, allowed)
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


@record
class ChangedFile:
    """A file with its content before and after the fixes. ``name`` is its name in reports, ``path``
    is None for standard input."""

    name: str
    path: Path | None
    before: bytes
    after: bytes


class WriteError(Exception):
    """A file could not be written; its content is unchanged."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


def unwritable(path: Path, root: Path) -> Refused | None:
    """Why a file must not be written; None if it may. A symbolic link may lead to a file below the
    project's root, or for a file outside of it below the file's own folder."""
    inside = Path(os.path.abspath(path)).is_relative_to(os.path.abspath(root))  # noqa: PTH100
    base = root if inside else path.parent
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(base)):
        return Refused(Cause.LINK_LEADS_OUT)
    if not target.is_file():
        return Refused(Cause.NO_FILE)
    if not os.access(target, os.W_OK):
        return Refused(Cause.FILE_PROTECTED)
    if not os.access(target.parent, os.W_OK):
        return Refused(Cause.FOLDER_PROTECTED)
    return None


def write(path: Path, before: bytes, after: bytes) -> None:
    """Replace the file's content in one step, keeping its mode and, where that is allowed, its
    owner. Raises WriteError, also when the file no longer holds ``before``."""
    target = Path(os.path.realpath(path))
    temporary = ""
    try:
        now = target.read_bytes()
        if now == after:
            return  # the same file by another name
        if now != before:
            raise WriteError(Refused(Cause.CHANGED_MEANWHILE))
        status = target.stat()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(handle, "wb") as file:  # noqa: PTH123 - an open file, not a path
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _keep_owner(temporary, status)
        Path(temporary).chmod(stat.S_IMODE(status.st_mode))
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        raise WriteError(of_system(Cause.UNWRITTEN, error)) from error
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def write_all(changed: Iterable[ChangedFile]) -> dict[str, Refused]:
    """Write files; return why some could not be written, by name."""
    failures = {}
    for each in changed:
        try:
            if each.path is not None:
                write(each.path, each.before, each.after)
        except WriteError as error:
            failures[each.name] = error.refused
    return failures


def _keep_owner(name: str, status: os.stat_result) -> None:
    """Keep the owner of a file that root fixes, for example in a container."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
