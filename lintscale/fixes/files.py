"""Files that may be written, and writing them."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


class WriteError(Exception):
    """A file could not be written; it holds what it held before."""


def why_not(path: Path, root: Path) -> str:
    """Why a file is not one to write; "" for one that is. A symbolic link is followed as long as
    it stays below the project's root, or for a file elsewhere below that file's folder."""
    inside = Path(os.path.abspath(path)).is_relative_to(os.path.abspath(root))  # noqa: PTH100
    base = root if inside else path.parent
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(base)):
        return "a symbolic link leads out of the project"
    if not target.is_file():
        return "there is no such file to write"
    if not os.access(target, os.W_OK):
        return "the file is write-protected"
    if not os.access(target.parent, os.W_OK):
        return "its folder is write-protected"
    return ""


def write(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before`` in one step, so that nobody ever sees a half, and
    keep the file's mode and, where that is allowed, its owner. Raises WriteError, also when
    something else is in the file by now."""
    target = Path(os.path.realpath(path))
    temporary = ""
    try:
        now = target.read_bytes()
        if now == after:
            return  # the same file by another name
        if now != before:
            raise WriteError("it was changed meanwhile")
        status = target.stat()
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(handle, "wb") as file:  # noqa: PTH123 - an open file, not a path
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        _give_to(temporary, status)
        Path(temporary).chmod(stat.S_IMODE(status.st_mode))
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        raise WriteError(f"it cannot be written: {error.strerror or error}") from error
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()


def _give_to(name: str, status: os.stat_result) -> None:
    """Who fixes files as root, in a container for example, takes them from nobody."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.chown(name, status.st_uid, status.st_gid)
