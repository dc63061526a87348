"""What an expression in source code says, in the same words for every language.

A language reads a node of its syntax tree as one of these, one level deep: the parts of an
expression are nodes again, or expressions where the language's tree has none for them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Node = Any
"""A node of a language's syntax tree, or an expression."""


class Literal(NamedTuple):
    """A number, text, truth value, or None for the language's null."""

    value: int | float | str | bool | None


class Name(NamedTuple):
    name: str


class Member(NamedTuple):
    """``of.name``."""

    of: Node
    name: str


class Item(NamedTuple):
    """``of[key]``."""

    of: Node
    key: Node


class Argument(NamedTuple):
    """An argument of a call: ``name`` is its keyword, "" without one; ``spread`` says that the
    value holds further arguments."""

    value: Node
    name: str = ""
    spread: bool = False


KEYWORDS = "**"
"""The name of an argument that is a mapping of further keywords, with ``spread``."""


class Call(NamedTuple):
    """A call, or the construction of an object. ``block`` is a block that is handed over."""

    function: Node
    arguments: tuple[Argument, ...] = ()
    block: Node | None = None


class Entry(NamedTuple):
    """An entry of a mapping. ``key`` None: the key is computed, or with ``spread`` the value is a
    mapping whose entries these are."""

    key: str | None
    value: Node
    spread: bool = False


class Mapping(NamedTuple):
    """``of`` is the name of the class whose fields these are, "" for none."""

    entries: tuple[Entry, ...]
    of: str = ""


class Sequence(NamedTuple):
    items: tuple[Node, ...]


class Joined(NamedTuple):
    """A text that is put together from texts and expressions."""

    parts: tuple[Node, ...]


class Either(NamedTuple):
    """``first`` or, where that is missing or empty, ``second``."""

    first: Node
    second: Node


class Conditional(NamedTuple):
    test: Node
    yes: Node
    no: Node


class Operation(NamedTuple):
    """A binary operation; ``operator`` is "+", "-", "*", "/", "//" (rounded down), "quotient" and
    "remainder" (rounded towards zero), "<<" or ">>", another one as written."""

    operator: str
    left: Node
    right: Node


class Negative(NamedTuple):
    inner: Node


class Same(NamedTuple):
    """An expression around another one that has its value: parentheses, await, a type."""

    inner: Node


class Lambda(NamedTuple):
    """A function that is written as an expression; its block is the node's own."""

    node: Node


class Inside(NamedTuple):
    """An expression in ``block``, a block of statements of the function that it is looked at
    from."""

    inner: Node
    block: Any


class Setting(NamedTuple):
    """An environment variable by its name, and what holds where it is not set."""

    variable: str
    default: Node | None = None


class Module(NamedTuple):
    """A module as a whole: ``require("x")``."""

    name: str


class OneOf(NamedTuple):
    """One of several expressions that stand elsewhere (``units.Place``); a single one is that."""

    places: tuple[Any, ...]


class Done(NamedTuple):
    """What is evaluated already (``evaluate.Value``)."""

    value: Any


class Other(NamedTuple):
    """Nothing that can be known by reading."""

    reason: str = "computed"


Expression = (
    Literal
    | Name
    | Member
    | Item
    | Call
    | Mapping
    | Sequence
    | Joined
    | Either
    | Conditional
    | Operation
    | Negative
    | Same
    | Lambda
    | Inside
    | Setting
    | Module
    | OneOf
    | Done
    | Other
)

KINDS: tuple[type, ...] = (
    Literal,
    Name,
    Member,
    Item,
    Call,
    Mapping,
    Sequence,
    Joined,
    Either,
    Conditional,
    Operation,
    Negative,
    Same,
    Lambda,
    Inside,
    Setting,
    Module,
    OneOf,
    Done,
    Other,
)
