"""What is not known in the words of a shell script: it stands as written between two marks."""

from __future__ import annotations

from lintscale.syntax.regex import regex

OPEN, CLOSE = "\ue000", "\ue001"
"""The marks around what is not known; no script holds these."""

_SET = "\ue002"
"""Behind OPEN: what is not known is not empty."""

_MARKED = regex(f"{OPEN}|{CLOSE}|{_SET}")
_OUTSIDE = regex(f"{OPEN}[^{CLOSE}]*{CLOSE}")


def is_known(text: str) -> bool:
    return OPEN not in text


def unmarked(text: str) -> str:
    return _MARKED.sub("", text) if OPEN in text else text


def unknown(text: str) -> str:
    return f"{OPEN}{unmarked(text)}{CLOSE}"


def given(name: str) -> str:
    """The value of a variable that is set, to what is not known."""
    return f"{OPEN}{_SET}${name}{CLOSE}"


def is_filled(text: str) -> bool:
    """Whether a text is known not to be empty, whatever it is."""
    return _SET in text or bool(_OUTSIDE.sub("", text))
