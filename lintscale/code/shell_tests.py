"""Conditions of the shell: ``[ … ]``, ``test …`` and ``[[ … ]]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from lintscale.code.shell_marks import is_filled, is_known
from lintscale.code.shell_words import Expander

if TYPE_CHECKING:
    from tree_sitter import Node

Word = tuple[str, ...]
"""The alternatives of a word."""

_OPERATORS = frozenset({"(", ")", "&&", "||", "!", "=", "==", "!=", "<", ">", "=~", "-a", "-o"})
_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": int.__eq__, "-ne": int.__ne__, "-lt": int.__lt__,
    "-le": int.__le__, "-gt": int.__gt__, "-ge": int.__ge__,
}  # fmt: skip
_UNARY = frozenset("-" + letter for letter in "abcdefghknoprstuvwxzGLNOS")
_MOST_WORDS = 200


def tested(variables: Expander, node: Node) -> bool | None:
    """Whether a ``test_command`` holds; None: not known."""
    if node.has_error:
        return None
    words: list[Word] = []
    pending = list(reversed(node.children[1:-1]))
    while pending and len(words) < _MOST_WORDS:
        child = pending.pop()
        text = (child.text or b"").decode("utf-8", "replace")
        if child.type.endswith("_expression"):
            pending.extend(reversed(child.children))
        elif child.type == "test_operator" or not child.is_named:
            words.append((text,))
        else:
            words.append(tuple(variables.text(child)))
    return holds(words, patterns=node.children[0].type == "[[") if not pending else None


def holds(words: Sequence[Word], *, patterns: bool = False) -> bool | None:
    """``patterns``: the right side of ``=`` is one."""
    if not words:
        return False
    try:
        test = _Test(words, patterns)
        found = test.either()
    except (IndexError, RecursionError):
        return None
    return found if test.at == len(words) else None


class _Test:
    def __init__(self, words: Sequence[Word], patterns: bool) -> None:
        self.words, self.patterns, self.at = words, patterns, 0

    def either(self) -> bool | None:
        found = self.both()
        while self._takes("||", "-o"):
            other = self.both()
            found = True if found or other else None if found is None or other is None else False
        return found

    def both(self) -> bool | None:
        found = self.one()
        while self._takes("&&", "-a"):
            other = self.one()
            wrong = found is False or other is False
            found = False if wrong else None if found is None or other is None else True
        return found

    def one(self) -> bool | None:
        if self._takes("!"):
            found = self.one()
            return None if found is None else not found
        if self._takes("("):
            found = self.either()
            self.at += 1
            return found
        first = self._next()
        if self._is_binary():
            sign = self._next()[0]
            return self._compared(first, sign, self._next())
        if len(first) == 1 and first[0] in _UNARY and self.at < len(self.words):
            if first[0] in ("-z", "-n"):
                return _each(_filled(self._next()), lambda text: bool(text) is (first[0] == "-n"))
            self.at += 1
            return None
        return _each(_filled(first), bool)

    def _is_binary(self) -> bool:
        if self.at + 1 >= len(self.words):
            return False
        word = self.words[self.at]
        return len(word) == 1 and (
            word[0] in _NUMBERS or (word[0] in _OPERATORS and word[0] not in _CONNECTIVES)
        )

    def _compared(self, first: Word, sign: str, second: Word) -> bool | None:
        if len(second) != 1 or not is_known(second[0]):
            return None
        right = second[0]
        if not right:
            first = _filled(first)
        if sign in ("=", "=="):
            return _each(first, lambda text: self._same(text, right))
        if sign == "!=":
            return _each(first, lambda text: not self._same(text, right))
        compare = _NUMBERS.get(sign)
        if compare is None or not right.lstrip("-").isdigit():
            return None
        if not all(each.lstrip("-").isdigit() for each in first):
            return None
        return _each(first, lambda text: compare(int(text), int(right)))

    def _same(self, text: str, other: str) -> bool:
        return fnmatchcase(text, other) if self.patterns else text == other

    def _next(self) -> Word:
        word = self.words[self.at]
        self.at += 1
        return word

    def _takes(self, *signs: str) -> bool:
        word = self.words[self.at] if self.at < len(self.words) else ()
        if len(word) == 1 and word[0] in signs and self.at + 1 < len(self.words):
            self.at += 1
            return True
        return False


_CONNECTIVES = frozenset({"(", ")", "&&", "||", "!", "-a", "-o"})


def _filled(word: Word) -> Word:
    """The word where it only matters whether it is empty: what is not known may be known not to."""
    return tuple("x" if is_filled(text) else text for text in word)


def _each(word: Word, test: Callable[[str], bool]) -> bool | None:
    found = {test(text) if is_known(text) else None for text in word}
    return found.pop() if len(found) == 1 else None
