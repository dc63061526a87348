"""What depends on the versions of the platforms that the files are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lintscale.model.versions import numbers

if TYPE_CHECKING:
    from lintscale.model.declared import DocumentNote


def holds(note: DocumentNote, versions: Mapping[str, str]) -> bool:
    """Does a note hold for the version in use? ``versions`` are by platform, as in "1.31"; one
    that is not told is taken for the newest."""
    used = versions.get(note.platform)
    if not note.from_version or used is None:
        return True
    return numbers(used) >= numbers(note.from_version)
