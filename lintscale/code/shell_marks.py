"""What is not known in the words of a shell script: it stands as written between two marks."""

from __future__ import annotations

from lintscale.syntax.regex import regex

OPEN, CLOSE = "\ue000", "\ue001"
"""The marks around what is not known; no script holds these."""

_MARKED = regex(f"{OPEN}|{CLOSE}")


def is_known(text: str) -> bool:
    return OPEN not in text


def unmarked(text: str) -> str:
    return _MARKED.sub("", text) if OPEN in text else text


def unknown(text: str) -> str:
    return f"{OPEN}{unmarked(text)}{CLOSE}"
