"""Where the keys and values of a TOML text stand.

tomllib knows what a text means and whether it is valid, but not where anything is written. This
scanner knows only that. It takes valid TOML for granted; where a text is not, it stops and keeps
what it has seen.
"""

from __future__ import annotations

import re
from contextlib import suppress

from lintscale._record import field, record
from lintscale.model.location import PathKey
from lintscale.syntax.problems import MAX_DEPTH
from lintscale.syntax.regex import regex

_BLANK = regex(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
_SPACES = regex(r"[ \t]*+")
_DOT = regex(r"[ \t]*+\.[ \t]*+")
_KEY = regex(r"""[ \t]*+(?:([A-Za-z0-9_-]++)|"((?:[^"\\\r\n]++|\\.)*+)"|'([^'\r\n]*+)')""")
_SCALAR = regex(
    r'"""(?:[^"\\]++|\\(?s:.)|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+'"
    r"|\d{4}-\d\d-\d\d \d\d:[^\s,#\]}]++"  # a date and a time may have a space between them
    r"""|[^\s,#\[\]{}"'=]++"""
)
_ESCAPE = regex(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))")
_SHORT_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}

Stretch = tuple[int, int]
"""Offsets of a first character and of the one after the last."""


@record(frozen=False)
class Leaf:
    at: Stretch


@record(frozen=False)
class Array:
    """``of_tables``: written as one ``[[header]]`` for each item; ``at`` is then the first."""

    at: Stretch
    items: list[Shape] = field(default_factory=list)
    of_tables: bool = False


@record(frozen=False)
class Table:
    """``at`` is the header, or the dotted key that first names the table, or all of an inline
    table; ``declared``: by a header of its own, or by a dotted key, so that none may follow."""

    at: Stretch
    slots: dict[str, Slot] = field(default_factory=dict)
    inline: bool = False
    declared: bool = False


@record(frozen=False)
class Slot:
    """A key and its value. ``statement``: the whole ``key = value``, for one of its own line."""

    key: Stretch
    value: Shape
    statement: Stretch | None = None


Shape = Leaf | Array | Table


@record
class Duplicate:
    """A key that stands at ``key`` and, before that, in the slot ``first``."""

    name: str
    key: Stretch
    first: Slot
    path: tuple[PathKey, ...]


class TooDeepError(Exception):
    def __init__(self, at: Stretch) -> None:
        super().__init__()
        self.at = at


class _LostError(Exception):
    """This is no TOML; tomllib will say why."""


@record(frozen=False)
class Scan:
    root: Table
    duplicates: list[Duplicate]


def scan(text: str) -> Scan:
    """What stands where. Raises TooDeepError beyond the readers' common limit."""
    scanner = _Scanner(text)
    with suppress(_LostError):
        scanner.run()
    return Scan(scanner.root, scanner.duplicates)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Table((0, 0), declared=True)
        self.duplicates: list[Duplicate] = []
        self.table = self.root  # under the current header
        self.path: tuple[PathKey, ...] = ()

    def run(self) -> None:
        text = self.text
        at = self._skip(_BLANK, 0)
        while at < len(text):
            header = text[at] == "["
            end = self._header(at) if header else self._assign(at, self.table, self.path)
            at = self._skip(_BLANK, end)

    def _header(self, start: int) -> int:
        closing = "]]" if self.text.startswith("[[", start) else "]"
        keys, at = self._keys(start + len(closing))
        end = self._expect(closing, at)
        header = (start, end)
        *parents, (name, key) = keys
        table, path = self._descend(self.root, (), parents, header)
        _check_depth((*path, name, 0) if closing == "]]" else (*path, name), key)
        slot = table.slots.get(name)
        if closing == "]]":
            array = slot.value if slot is not None else None
            if not isinstance(array, Array) or not array.of_tables:
                if slot is not None:
                    self.duplicates.append(Duplicate(name, key, slot, path))
                array = Array(header, of_tables=True)
                table.slots[name] = Slot(key, array)
            self.table = Table(header, declared=True)
            self.path = (*path, name, len(array.items))
            array.items.append(self.table)
            return end
        below = slot.value if slot is not None else None
        if not isinstance(below, Table) or below.declared or below.inline:
            if slot is not None:
                self.duplicates.append(Duplicate(name, key, slot, path))
            below = Table(header)
            table.slots[name] = Slot(key, below)
        below.declared = True
        self.table, self.path = below, (*path, name)
        return end

    def _assign(self, start: int, table: Table, path: tuple[PathKey, ...]) -> int:
        """Read ``key = value`` into ``table``."""
        keys, at = self._keys(start)
        at = self._skip(_SPACES, self._expect("=", at))
        *parents, (name, key) = keys
        statement = not table.inline
        table, path = self._descend(table, path, parents, (start, at), declared=True)
        known = table.slots.get(name)
        if known is not None:
            self.duplicates.append(Duplicate(name, key, known, path))
        value = self._value(at, (*path, name))
        end = value.at[1]
        table.slots[name] = Slot(key, value, (start, end) if statement else None)
        return end

    def _descend(
        self,
        table: Table,
        path: tuple[PathKey, ...],
        keys: list[tuple[str, Stretch]],
        at: Stretch,
        *,
        declared: bool = False,
    ) -> tuple[Table, tuple[PathKey, ...]]:
        """The table under ``keys`` and its path; a table that is not there yet begins ``at``."""
        for name, key in keys:
            _check_depth((*path, name), key)
            slot = table.slots.get(name)
            if slot is None:
                slot = table.slots[name] = Slot(key, Table(at, {}, table.inline, declared))
            below = slot.value
            holder, path = path, (*path, name)
            if isinstance(below, Array) and below.of_tables:
                path = (*path, len(below.items) - 1)
                below = below.items[-1]
            if not isinstance(below, Table):
                self.duplicates.append(Duplicate(name, key, slot, holder))
                raise _LostError
            table = below
        return table, path

    def _value(self, at: int, path: tuple[PathKey, ...]) -> Shape:
        bracket = self.text[at : at + 1]
        if bracket not in ("[", "{"):
            match = _SCALAR.match(self.text, at)
            if match is None:
                raise _LostError
            return Leaf(match.span())
        _check_depth(path, (at, at + 1))
        closing = "]" if bracket == "[" else "}"
        shape = Array((at, at + 1)) if bracket == "[" else Table((at, at + 1), inline=True)
        end = self._skip(_BLANK, at + 1)
        while not self.text.startswith(closing, end):
            if isinstance(shape, Array):
                item = self._value(end, (*path, len(shape.items)))
                shape.items.append(item)
                end = item.at[1]
            else:
                end = self._assign(end, shape, path)
            end = self._skip(_BLANK, end)
            if self.text.startswith(",", end):
                end = self._skip(_BLANK, end + 1)
            elif not self.text.startswith(closing, end):
                raise _LostError
        shape.at = (at, end + 1)
        return shape

    def _keys(self, at: int) -> tuple[list[tuple[str, Stretch]], int]:
        """The parts of a dotted key, and the offset after it."""
        keys: list[tuple[str, Stretch]] = []
        while True:
            match = _KEY.match(self.text, at)
            if match is None:
                raise _LostError
            bare, basic, literal = match.groups()
            name = bare or literal or ""
            quotes = 0 if bare is not None else 1
            if basic is not None:
                name = _ESCAPE.sub(_escaped, basic)
            kind = match.lastindex or 1
            keys.append((name, (match.start(kind) - quotes, match.end())))
            dot = _DOT.match(self.text, match.end())
            if dot is None:
                return keys, match.end()
            at = dot.end()

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        return match.end() if match is not None else at

    def _expect(self, mark: str, at: int) -> int:
        at = self._skip(_SPACES, at)
        if not self.text.startswith(mark, at):
            raise _LostError
        return at + len(mark)


def _check_depth(path: tuple[PathKey, ...], at: Stretch) -> None:
    """Whether a collection may stand at ``path``; the root is the first level."""
    if len(path) >= MAX_DEPTH:
        raise TooDeepError(at)


def _escaped(match: re.Match[str]) -> str:
    short, long, byte, character = match.groups()
    code = short or long or byte
    if code is None:
        return _SHORT_ESCAPES.get(character, character)
    point = int(code, 16)
    return chr(point) if point < 0x110000 else "\ufffd"
