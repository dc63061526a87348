"""Calendar dates as people write them into files: ISO 8601, YYYY-MM-DD."""

from __future__ import annotations

import datetime

from lintscale.regex import regex

_DATE = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_date(text: str) -> bool:
    """Whether ``text`` is a day that exists. Such texts sort as the days do."""
    if _DATE.fullmatch(text) is None:
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
