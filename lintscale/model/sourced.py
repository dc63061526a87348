"""A value with its provenance."""

from __future__ import annotations

import enum
from typing import Any, Generic, TypeVar

from lintscale._record import record
from lintscale.model.location import Location

T = TypeVar("T")


class Source(enum.StrEnum):
    """Where a value comes from."""

    FILE = "file"
    PLATFORM_DEFAULT = "platform default"
    CONFIG = "config"
    ASSUMED = "assumed"


@record
class Sourced(Generic[T]):
    """A value with its provenance.

    ``source`` None means: absent, and the platform has no default for it (``value`` is None).
    ``source`` FILE with ``value`` None means: something is written that cannot be known here (a
    ``${PLACEHOLDER}``, a value of the wrong type); rules stay silent about such a value.
    ``reason`` says why a value applies that no file sets.
    """

    value: T | None
    source: Source | None = None
    location: Location | None = None
    reason: str = ""

    @property
    def written(self) -> bool:
        return self.source is Source.FILE

    @property
    def unknown(self) -> bool:
        """Whether it is written in a file and its value is not known."""
        return self.source is Source.FILE and self.value is None


ABSENT: Sourced[Any] = Sourced(None)
"""A value that does not exist on this platform, or was not written and has no default."""
