"""Why a fix is not applied, or a changed file not written. Reports put it into words."""

from __future__ import annotations

import enum

from lintscale._record import record
from lintscale.engine.finding import Finding
from lintscale.model.location import PathKey


class Cause(enum.Enum):
    REMAINS = enum.auto()
    """The finding would still be there."""
    NEW_FINDING = enum.auto()
    """The ``finding`` would be new."""
    INVALID_FILE = enum.auto()
    """The file could not be read afterwards; ``detail`` is the parser's message."""
    OTHER_DOCUMENTS = enum.auto()
    """The file would have another number of documents."""
    OTHER_VALUE = enum.auto()
    """The value at ``path`` would change too."""
    CHANGED_MEANWHILE = enum.auto()
    """The file is no longer what was checked."""
    UNREADABLE = enum.auto()
    """``detail`` is the system's message."""
    UNWRITTEN = enum.auto()
    """The attempt to write failed; ``detail`` is the system's message."""
    LINK_LEADS_OUT = enum.auto()
    """A symbolic link leads out of the project."""
    NO_FILE = enum.auto()
    FILE_PROTECTED = enum.auto()
    FOLDER_PROTECTED = enum.auto()


@record
class Refused:
    """A cause with what it is about."""

    cause: Cause
    detail: str = ""
    path: tuple[PathKey, ...] = ()
    finding: Finding | None = None


def of_system(cause: Cause, error: OSError) -> Refused:
    return Refused(cause, error.strerror or str(error))
