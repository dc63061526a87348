"""What a program says, in the same words for every language. Each node knows where it stands."""

from __future__ import annotations

from lintscale._record import record
from lintscale.model.location import Span


@record
class Constant:
    value: str | int | float | bool | None
    span: Span


@record
class Name:
    name: str
    span: Span


@record
class Member:
    """``of.name``."""

    of: Expression
    name: str
    span: Span


@record
class Index:
    """``of[key]``."""

    of: Expression
    key: Expression
    span: Span


@record
class Argument:
    """An argument or an item of a list. ``name`` is its keyword, at ``span``; ``spread``: the value
    holds further ones."""

    value: Expression
    name: str = ""
    spread: bool = False
    span: Span | None = None


@record
class Call:
    function: Expression
    arguments: tuple[Argument, ...]
    span: Span


@record
class Entry:
    """An entry of a mapping. With ``spread`` the value is a mapping whose entries these are."""

    key: Expression | None
    value: Expression
    spread: bool = False


@record
class Table:
    entries: tuple[Entry, ...]
    span: Span


@record
class List:
    items: tuple[Argument, ...]
    span: Span


@record
class Template:
    parts: tuple[Expression, ...]
    span: Span


@record
class Choice:
    test: Expression
    yes: Expression
    no: Expression
    span: Span


@record
class Binary:
    """``operator`` is Python's word for it: "==", "and", "+", "in"; "??" takes the right side where
    the left one is null, "strict ==" does not convert."""

    operator: str
    left: Expression
    right: Expression
    span: Span


@record
class Unary:
    """``operator`` is "-" or "not"."""

    operator: str
    inner: Expression
    span: Span


@record
class Parameter:
    target: Target
    default: Expression | None = None
    rest: str = ""
    """"*" takes the further arguments, "**" those with keywords."""


@record
class Function:
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    span: Span


@record
class Listed:
    """A list, or with ``key`` a mapping, of ``value`` for each item of ``source`` that passes
    ``tests``."""

    target: Target
    source: Expression
    tests: tuple[Expression, ...]
    value: Expression
    key: Expression | None
    span: Span


@record
class Computed:
    """An expression that is not followed. ``text`` is its source."""

    text: str
    span: Span


@record
class Property:
    key: str
    target: Target
    default: Expression | None = None


@record
class Pattern:
    """The names that take parts of a value: of a mapping by ``properties``, of a list by
    ``items``; ``rest`` takes what is left."""

    properties: tuple[Property, ...] = ()
    items: tuple[Target | None, ...] = ()
    rest: str = ""


Expression = (
    Constant | Name | Member | Index | Call | Table | List | Template | Choice | Binary | Unary
    | Function | Listed | Computed
)  # fmt: skip
Target = Name | Member | Index | Pattern


@record
class Let:
    """Gives ``target`` a value; ``declares`` a name of the block."""

    target: Target
    value: Expression
    declares: bool = False


@record
class Do:
    value: Expression


@record
class If:
    test: Expression
    yes: tuple[Statement, ...]
    no: tuple[Statement, ...] = ()


@record
class Each:
    target: Target
    source: Expression
    body: tuple[Statement, ...]


@record
class Return:
    value: Expression | None


@record
class Skip:
    """The next round of the loop; ``ends``: none."""

    ends: bool = False


@record
class Import:
    """``name`` stands for ``part`` of ``module``, for the module itself where that is ""."""

    name: str
    module: str
    part: str = ""


@record
class Opaque:
    """Statements that are not followed. ``names`` are those in them, which may have changed;
    ``returns``: the function may end in them."""

    names: frozenset[str]
    returns: bool = False


Statement = Let | Do | If | Each | Return | Skip | Import | Opaque

PARTS = (
    Constant, Name, Member, Index, Argument, Call, Entry, Table, List, Template, Choice, Binary,
    Unary, Parameter, Function, Listed, Computed, Property, Pattern, Let, Do, If, Each, Return,
    Skip, Import, Opaque,
)  # fmt: skip

DEFAULT = "export default"
"""What a module's unnamed export is bound to."""
