"""The positions of the keys and values of a TOML text.

tomllib knows the values of a text and whether it is valid, but no positions; tomlkit keeps none
either once a text is parsed. This scanner finds the positions only. It assumes valid TOML, and
stops where a text is not.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress

from lintscale._record import field, record
from lintscale.model.location import PathKey
from lintscale.syntax.readers import MAX_DEPTH
from lintscale.syntax.regex import regex
from lintscale.syntax.text import TextRange

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


@record(frozen=False)
class ScalarShape:
    at: TextRange


@record(frozen=False)
class Array:
    """``of_tables``: written as one ``[[header]]`` for each item; ``at`` is then the first."""

    at: TextRange
    items: list[Shape] = field(default_factory=list)
    of_tables: bool = False


@record(frozen=False)
class Table:
    """``at`` is the header, or the dotted key that first names the table, or all of an inline
    table; ``declared``: by a header of its own, or by a dotted key, so that none may follow."""

    at: TextRange
    pairs: dict[str, KeyValue] = field(default_factory=dict)
    inline: bool = False
    declared: bool = False


@record(frozen=False)
class KeyValue:
    """A key and its value. ``statement``: the whole ``key = value``, where it has its own line."""

    key: TextRange
    value: Shape
    statement: TextRange | None = None


Shape = ScalarShape | Array | Table


@record
class Duplicate:
    """A key that is defined again at ``key``; ``first`` is its first definition."""

    name: str
    key: TextRange
    first: KeyValue
    path: tuple[PathKey, ...]


class TooDeepError(Exception):
    def __init__(self, at: TextRange) -> None:
        super().__init__()
        self.at = at


class _NotTomlError(Exception):
    """The text is not TOML; tomllib reports why."""


class Scan:
    """The shape of a text and its duplicate keys. Raises TooDeepError beyond the readers' common
    limit."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = Table((0, 0), declared=True)
        self.duplicates: list[Duplicate] = []
        self.table = self.root  # under the current header
        self.path: tuple[PathKey, ...] = ()
        with suppress(_NotTomlError):
            self._read()

    def _read(self) -> None:
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
        pair = table.pairs.get(name)
        if closing == "]]":
            array = pair.value if pair is not None else None
            if not isinstance(array, Array) or not array.of_tables:
                if pair is not None:
                    self.duplicates.append(Duplicate(name, key, pair, path))
                array = Array(header, of_tables=True)
                table.pairs[name] = KeyValue(key, array)
            self.table = Table(header, declared=True)
            self.path = (*path, name, len(array.items))
            array.items.append(self.table)
            return end
        below = pair.value if pair is not None else None
        if not isinstance(below, Table) or below.declared or below.inline:
            if pair is not None:
                self.duplicates.append(Duplicate(name, key, pair, path))
            below = Table(header)
            table.pairs[name] = KeyValue(key, below)
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
        known = table.pairs.get(name)
        if known is not None:
            self.duplicates.append(Duplicate(name, key, known, path))
        value = self._value(at, (*path, name))
        end = value.at[1]
        table.pairs[name] = KeyValue(key, value, (start, end) if statement else None)
        return end

    def _descend(
        self,
        table: Table,
        path: tuple[PathKey, ...],
        keys: list[tuple[str, TextRange]],
        at: TextRange,
        *,
        declared: bool = False,
    ) -> tuple[Table, tuple[PathKey, ...]]:
        """The table under ``keys`` and its path; a new table begins ``at``."""
        for name, key in keys:
            _check_depth((*path, name), key)
            pair = table.pairs.get(name)
            if pair is None:
                pair = table.pairs[name] = KeyValue(key, Table(at, {}, table.inline, declared))
            below = pair.value
            holder, path = path, (*path, name)
            if isinstance(below, Array) and below.of_tables:
                path = (*path, len(below.items) - 1)
                below = below.items[-1]
            if not isinstance(below, Table):
                self.duplicates.append(Duplicate(name, key, pair, holder))
                raise _NotTomlError
            table = below
        return table, path

    def _value(self, at: int, path: tuple[PathKey, ...]) -> Shape:
        bracket = self.text[at : at + 1]
        if bracket not in ("[", "{"):
            match = _SCALAR.match(self.text, at)
            if match is None:
                raise _NotTomlError
            return ScalarShape(match.span())
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
                raise _NotTomlError
        shape.at = (at, end + 1)
        return shape

    def _keys(self, at: int) -> tuple[list[tuple[str, TextRange]], int]:
        """The parts of a dotted key, and the offset after it."""
        keys: list[tuple[str, TextRange]] = []
        while True:
            match = _KEY.match(self.text, at)
            if match is None:
                raise _NotTomlError
            bare, basic, literal = match.groups()
            name = bare or literal or ""
            quotes = 0 if bare is not None else 1
            if basic is not None:
                name = self._unescaped(basic)
            kind = match.lastindex or 1
            keys.append((name, (match.start(kind) - quotes, match.end())))
            dot = _DOT.match(self.text, match.end())
            if dot is None:
                return keys, match.end()
            at = dot.end()

    def _unescaped(self, text: str) -> str:
        if "\\" not in text:
            return text
        try:
            return str(tomllib.loads(f'key = "{text}"')["key"])
        except tomllib.TOMLDecodeError as error:
            raise _NotTomlError from error

    def _skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at)
        return match.end() if match is not None else at

    def _expect(self, mark: str, at: int) -> int:
        at = self._skip(_SPACES, at)
        if not self.text.startswith(mark, at):
            raise _NotTomlError
        return at + len(mark)


def _check_depth(path: tuple[PathKey, ...], at: TextRange) -> None:
    """Raises TooDeepError where a collection at ``path`` is too deep; the root is level one."""
    if len(path) >= MAX_DEPTH:
        raise TooDeepError(at)
