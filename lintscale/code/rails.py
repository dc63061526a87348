"""The pools of a Rails application: ``config/database.yml``, which is YAML with Ruby between
``<%=`` and ``%>``.

Of several databases ("Multiple Databases with Active Record", guides.rubyonrails.org, Dec 2026)
each has a pool of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.code.evaluate import Text, Value, Variable, evaluate, names_in
from lintscale.code.expressions import Joined, Literal, Node, Other
from lintscale.code.languages.ruby import Ruby
from lintscale.code.pool_calls import number_at
from lintscale.code.tree import named
from lintscale.code.units import Place, Scope, Sources, Unit
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.syntax.field import Field
from lintscale.syntax.grammars import parse
from lintscale.syntax.yaml import parse_yaml

DATABASE_YML = "config/database.yml"

_DEPLOYED = "production"
_NOT_DEPLOYED = frozenset({"test", "development"})
_SETTINGS = frozenset({"adapter", "url", "database", "pool", "max_connections", "host", "username"})
"""Keys of one database; a section without any of them holds several."""

_FIRST_CODE, _MOST_CODES = 0xE000, 6000
"""Private characters of Unicode: each stands for one piece of Ruby, as long as that was."""

_FILES = ("sqlite",)


def rails_pools_in(sources: Sources, name: str) -> list[CodePool]:
    """The pools that production gets: by its own section, or by that which it merges in (default,
    or the only other one)."""
    document = _Template(sources, name)
    sections = dict(document.root.entries()) if document.root is not None else {}
    for section in (_DEPLOYED, "default"):
        if section in sections:
            return list(_pools(document, sections[section]))
    others = [key for key in sections if key not in _NOT_DEPLOYED]
    return list(_pools(document, sections[others[0]])) if len(others) == 1 else []


def _pools(document: _Template, section: Field) -> Iterator[CodePool]:
    entries = dict(section.entries())
    if _SETTINGS & set(entries):
        yield from _pool(document, section, "primary")
        return
    for key, entry in entries.items():
        yield from _pool(document, entry, key)


def _pool(document: _Template, entry: Field, name: str) -> Iterator[CodePool]:
    adapter = document.text(entry.get("adapter"))
    if (isinstance(adapter, str) and adapter.startswith(_FILES)) or _is_replica(document, entry):
        return
    size = document.number(entry.get("max_connections")) or document.number(entry.get("pool"))
    variables = tuple(
        dict.fromkeys(
            variable
            for key in ("url", "host", "database", "username")
            for variable in document.variables(entry.get(key))
        )
    )
    # database_configurations/connection_url_resolver and hash_config: DATABASE_URL is merged into
    # the primary database, NAME_DATABASE_URL into the others.
    own = "DATABASE_URL" if name == "primary" else f"{name.upper()}_DATABASE_URL"
    if entry.get("url").node is None:
        variables = (own, *(each for each in variables if each != own))
    location = size.location if size is not None else entry.location
    # A host from Rails' encrypted credentials is one, wherever it is.
    hidden = document.is_ruby(entry.get("host")) and not document.variables(entry.get("host"))
    yield CodePool("Active Record", "sql", size, None, variables, location, elsewhere=hidden)


def _is_replica(document: _Template, entry: Field) -> bool:
    """A replica is another server."""
    return document.text(entry.get("replica")) == "true"


class _Template:
    """A YAML file with Ruby in it."""

    def __init__(self, sources: Sources, name: str) -> None:
        self._sources = sources
        self._name = name
        self._code: list[str] = []
        text = self._without_ruby(sources.files.text(name))
        documents = parse_yaml(text, name).documents
        self.root = Field.root(documents[0]) if documents else None

    def _without_ruby(self, text: str) -> str:
        """The text with a private character for each character of ``<%= … %>``, and blanks for
        other tags."""
        parts: list[str] = []
        at = 0
        while True:
            start = text.find("<%", at)
            end = text.find("%>", start)
            if start < 0 or end < 0:
                return "".join((*parts, text[at:]))
            inside = text[start + 2 : end]
            stand_in = " "
            if inside.startswith("=") and len(self._code) < _MOST_CODES:
                stand_in = chr(_FIRST_CODE + len(self._code))
                self._code.append(inside[1:].rstrip("-"))
            blank = "".join(c if c in "\r\n" else stand_in for c in text[start : end + 2])
            parts += [text[at:start], blank]
            at = end + 2

    def text(self, field: Field) -> object:
        """The text of a value without any Ruby; None for another one."""
        written = field.raw_text().value
        return None if written is None or self._pieces(written)[1] else written

    def is_ruby(self, field: Field) -> bool:
        written = field.raw_text().value
        return written is not None and bool(self._pieces(written)[1])

    def number(self, field: Field) -> CodeNumber | None:
        place = self._place(field)
        if place is None:
            return None
        found = number_at(place, field.location)
        return found if found.number is not None or found.variable or found.reason else None

    def variables(self, field: Field) -> tuple[str, ...]:
        place = self._place(field)
        value: Value | None = evaluate(place) if place is not None else None
        return names_in(value) if isinstance(value, Text | Variable) else ()

    def _place(self, field: Field) -> Place | None:
        written = field.raw_text().value
        if written is None:
            return None
        self._sources.begin()
        unit = Unit(self._name, Ruby(), self._sources)
        nodes = [
            Literal(each) if isinstance(each, str) else self._ruby(unit, each)
            for each in self._pieces(written)[0]
        ]
        return Place(nodes[0] if len(nodes) == 1 else Joined(tuple(nodes)), Scope(unit.top))

    def _ruby(self, unit: Unit, piece: int) -> Node:
        root = parse("ruby", self._code[piece].encode())
        if root is None or root.has_error or not Ruby().take_up(unit, root):
            return Other("Ruby that does not parse")
        return next(iter(named(root)[-1:]), Literal(None))

    @staticmethod
    def _pieces(written: str) -> tuple[list[str | int], bool]:
        """Texts, and the numbers of the pieces of Ruby between them."""
        parts: list[str | int] = []
        for character in written:
            code = ord(character) - _FIRST_CODE
            piece = code if 0 <= code < _MOST_CODES else character
            if isinstance(piece, str) and parts and isinstance(parts[-1], str):
                parts[-1] += piece
            elif not parts or parts[-1] != piece:
                parts.append(piece)
        return parts, any(isinstance(each, int) for each in parts)
