"""What a platform is to the rest of lintscale."""

from __future__ import annotations

from typing import Protocol

from lintscale.model import Fragments
from lintscale.source.document import Document


class Platform(Protocol):
    """The functions that ``lintscale/platforms/<name>/normalise.py`` offers.

    Both are pure: the same document gives the same answer, whatever else is scanned.
    """

    def recognise(self, document: Document, file_name: str) -> bool:
        """Does this parsed document belong to this platform? By its content; by its name only
        where the platform itself goes by the name."""
        ...

    def normalise(self, document: Document, file_name: str) -> Fragments:
        """What the document says, in the common model, platform defaults filled in. Never
        raises, whatever the document holds: a value of the wrong type is unknown."""
        ...
