"""The one place that decides what a secret is where text is shown.

Whatever is printed, kept or sent goes through here: findings, frames, diffs, tables. More is hidden
than is worth a finding (lintscale.resolve.secrets judges that): text is masked by the name before
it, by its place and by its shape, whether or not the file around it can be parsed.
"""

from __future__ import annotations

from lintscale.secrets.document import HiddenText
from lintscale.secrets.text import hidden_ranges

__all__ = ["MASK", "HiddenText", "hidden_ranges", "mask"]

MASK = "***"


def mask(text: str) -> str:
    """``text`` with everything in it masked that looks like the value of a secret."""
    ranges = hidden_ranges(text)
    if not ranges:
        return text
    pieces, at = [], 0
    for start, end in ranges:
        pieces += [text[at:start], MASK]
        at = end
    return "".join([*pieces, text[at:]])
