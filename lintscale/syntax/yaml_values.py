"""What an unquoted YAML scalar means.

Typed as go-yaml types them, the parser behind both Kubernetes and Render: YAML 1.1 words for
booleans (yes/no/on/off), YAML 1.2 for the rest.
"""

from __future__ import annotations

from lintscale.syntax.nodes import ScalarValue
from lintscale.syntax.problems import MAX_DIGITS
from lintscale.syntax.regex import regex

_WORDS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = regex(r"[+-]?(?:0|[1-9][0-9_]*)\Z")
_FLOAT = regex(r"[+-]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]+)?\Z")
_RADIX = regex(r"([+-]?)0(?:x([0-9a-fA-F_]+)|b([01_]+)|o?([0-7_]+))\Z")
_NUMBER_STARTS = frozenset("+-.0123456789")
TYPED_STARTS = frozenset(word[0] for word in _WORDS if word) | _NUMBER_STARTS
"""What a plain scalar begins with if it can be anything but text."""


def resolve_plain(text: str) -> ScalarValue:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or len(text) > MAX_DIGITS:
        return text
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    radix = _RADIX.match(text)
    if radix is not None:
        sign, *bodies = radix.groups()
        for body, base in zip(bodies, (16, 2, 8), strict=True):
            digits = (body or "").replace("_", "")
            if digits:
                return int(sign + digits, base)
        return text
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text
