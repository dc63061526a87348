"""Commands of plain words, which need no grammar of the shell."""

from __future__ import annotations

import re
from collections.abc import Callable

from lintscale.code.shell_marks import is_known, unknown
from lintscale.code.wrappers import ASSIGNMENT
from lintscale.syntax.regex import regex

_PLAIN = regex(r"[A-Za-z0-9_./:=@%+,\- \t]*\Z")
_VARIABLE = regex(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_OF_THE_SHELL = frozenset(
    {"export", "set", "shift", "exit", "return", "eval", "source", ".", "test", "unset", "exec",
     "local", "readonly", "declare", "typeset", "let", "break", "continue", "read", "getopts",
     "false", "if", "for", "while", "until", "case", "function", "select", "time", "coproc"}
)  # fmt: skip
"""Words that mean something to the shell where a command begins."""


def plain_words(
    text: str, value: Callable[[str], tuple[str | None, ...]]
) -> list[list[str]] | None:
    """The words of ``a b && c $D`` without anything else of the shell; None for another text.
    ``value`` gives the alternatives of a variable."""
    text = text.strip()
    if not _PLAIN.match(_VARIABLE.sub("", text).replace(" && ", " ")):
        return None
    found = []
    parts = text.split(" && ")
    for number, part in enumerate(parts, start=1):
        words = []
        for word in part.split():
            names = [match[1] or match[2] for match in _VARIABLE.finditer(word)]
            values = {name: value(name) for name in names}
            if any(len(each) != 1 for each in values.values()):
                return None
            whole = _filled_in(word, {name: each[0] for name, each in values.items()})
            words.extend(whole.split() if values and is_known(whole) else [whole])
        first = words[0] if words else ""
        is_last = number == len(parts)
        if first in _OF_THE_SHELL and not (is_last and first in ("exec", "time")):
            return None
        if words and ASSIGNMENT.match(words[-1]):
            return None
        if words:
            found.append(words)
    return found


def _filled_in(word: str, values: dict[str, str | None]) -> str:
    def value(match: re.Match[str]) -> str:
        found = values[match[1] or match[2]]
        return unknown(match[0]) if found is None else found

    return _VARIABLE.sub(value, word)
