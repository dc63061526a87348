"""Calendar dates as people write them into files: ISO 8601, YYYY-MM-DD."""

from __future__ import annotations

import datetime
import re


def is_date(text: str) -> bool:
    """Whether ``text`` is a day that exists. Such texts sort as the days do."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
