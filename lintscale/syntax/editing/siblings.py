"""Where among its siblings a new key is written: where a person would look for it."""

from __future__ import annotations

from collections.abc import Sequence

from lintscale._record import record
from lintscale.syntax.editing.place import is_in_place
from lintscale.syntax.nodes import Entry
from lintscale.syntax.regex import regex

_WORD = regex(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_LOW, _HIGH = ("min", "Min"), ("max", "Max")


@record
class InsertionPoint:
    """Beside which entry: before it, or after it."""

    entry: Entry
    before: bool = False


def spot(own: Sequence[Entry], key: str) -> InsertionPoint | None:
    """Beside the entry that is most alike (``minReplicas`` before ``maxReplicas``), else after
    the last of those that take one line, before anything long begins; else as the first. ``own``
    are the mapping's entries in their order. None where there is no entry."""
    alike = [(_common_ending(key, entry.key.text), number) for number, entry in enumerate(own)]
    most, number = max(alike, default=(0, 0))
    if most:
        entry = own[number]
        return InsertionPoint(entry, key.startswith(_LOW) and entry.key.text.startswith(_HIGH))
    short = []
    for entry in own:
        if is_in_place(entry) and entry.value.span.end_line != entry.key.span.line:
            break
        short.append(entry)
    if short:
        return InsertionPoint(short[-1])
    return InsertionPoint(own[0], before=True) if own else None


def first_of_its_kind(own: Sequence[Entry], entry: Entry) -> Entry:
    """The first of the entries that stand together with this one and begin with the same word
    (restartPolicyType, restartPolicyMaxRetries), so that nothing comes between them."""
    number = next(index for index, each in enumerate(own) if each is entry)
    word = _WORD.findall(entry.key.text)[:1]
    while number and word and _WORD.findall(own[number - 1].key.text)[:1] == word:
        number -= 1
    return own[number]


def _common_ending(one: str, other: str) -> int:
    """How many of their last words two keys have in common: 1 of minReplicas and maxReplicas."""
    count = 0
    for first, second in zip(
        reversed(_WORD.findall(one)), reversed(_WORD.findall(other)), strict=False
    ):
        if first.lower() != second.lower():
            break
        count += 1
    return count
