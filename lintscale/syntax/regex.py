"""Regular expressions that are compiled when they are first used.

A start compiles none of the many that the files at hand never need; together they took a tenth
of the time of a small run.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class _Regex(Generic[AnyStr]):
    """Stands for an ``re.Pattern`` and hands on its methods; each is looked up only once."""

    _text: AnyStr
    _flags: int

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Called for what is not set yet: at the first use of each method."""
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, for the constants of a module. A mistake in it shows at its first use."""
    return cast("re.Pattern[AnyStr]", _Regex(text, flags))
