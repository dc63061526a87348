"""The source files of a program as units: what each defines, imports and calls.

A unit is made by its language from a syntax tree, once, when something asks for it. Nothing is
run. The work in one project is bounded, since a hostile source can lead from name to name in more
ways than anybody can follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from lintscale.code.expressions import Call, Expression, Member, Node
from lintscale.code.files import Files, parent_of
from lintscale.model.location import Location
from lintscale.syntax.regex import regex

MOST_PARSED_BYTES = 3 * 1024 * 1024
"""Source of one project that is parsed, in bytes."""

MOST_STEPS = 200_000
"""Expressions that are looked at in one project, and a tenth of it in one unit."""

MOST_NODES = 400_000
"""Nodes of the syntax tree of one unit that are looked at; the rest of a longer one is not."""

_VARIABLE_NAME = regex(r"[A-Z][A-Z0-9_]{1,80}")

MOST_VALUES = 100
"""What one name is given; of one that is given more it is not known what it is."""

_MOST_HOPS = 10
"""Units through which a name is followed from import to import."""


class Side(NamedTuple):
    """The side of a choice that code stands on: the branches of a condition. ``choice`` is "" where
    it always runs. Of a choice within a choice the outer one counts."""

    choice: str = ""
    side: str = ""

    def within(self, choice: str, number: int) -> Side:
        if self.choice:
            return Side(self.choice, f"{self.side}.{number}")
        return Side(choice, str(number))


class Parameter(NamedTuple):
    """``type`` is the name of its class where that is written; ``rest``: it is a mapping of all
    keywords that are no parameters."""

    name: str
    default: Node | None = None
    type: str = ""
    rest: bool = False


class Import(NamedTuple):
    """What a name that a unit imports stands for: ``name`` of ``module``, the module itself where
    ``name`` is ""."""

    module: str
    name: str = ""


class Block:
    """The body of a function, or the top of a unit: what its names are given. An ``inner`` one is a
    block of statements within a function, with names of its own."""

    __slots__ = (
        "bindings", "changes", "inner", "name", "owner", "parameters", "parent", "receiver",
        "result", "returns", "types", "unit",
    )  # fmt: skip

    def __init__(
        self,
        unit: Unit,
        parent: Block | None,
        name: str = "",
        parameters: tuple[Parameter, ...] = (),
        owner: Class | None = None,
    ) -> None:
        self.unit = unit
        self.owner = owner
        """The class whose method it is."""
        self.receiver: Node | None = None
        """What a plain name that is given a value in it is a property of."""
        self.parent = parent
        self.name = name
        self.parameters = parameters
        self.bindings: dict[str, list[Node]] = {}
        """Everything that each name is given."""
        self.changes: dict[str, list[Change]] = {}
        """What the mappings of each name are given afterwards, in the order in which it stands."""
        self.returns: list[Node] = []
        self.inner = False
        self.types: dict[str, str] = {}
        """The classes that its names are declared to be."""
        self.result = ""
        """The class of what the function returns, where it is declared."""

    def within(self) -> Block:
        """A block of statements in this one."""
        inner = Block(self.unit, self, self.name, (), self.owner)
        inner.inner = True
        return inner

    @property
    def body(self) -> Block:
        """The function's own block."""
        block = self
        while block.inner and block.parent is not None:
            block = block.parent
        return block

    def bind(self, name: str, value: Node) -> None:
        self.bindings.setdefault(name, []).append(value)


class Change(NamedTuple):
    """What a mapping is given after it is made: the entry at ``path``, or with an empty path the
    entries of another mapping. ``keeps``: only where there is none yet."""

    path: tuple[str, ...]
    value: Node
    block: Block
    side: Side
    keeps: bool = False


class Field(NamedTuple):
    """A field of a class: its value, and the environment variable that it is read from where a tag
    or an annotation says so; the value is then what holds without it. ``variable`` None: it is read
    from none, whatever the class is. ``type`` is the name of its class where that is written,
    ``block`` where its value stands when that is a method."""

    value: Node | None
    variable: str | None = ""
    type: str = ""
    block: Block | None = None


class Class:
    """A class, structure or module with fields."""

    __slots__ = ("bases", "block", "changes", "fields", "name", "node")

    def __init__(self, name: str, block: Block, bases: tuple[str, ...] = ()) -> None:
        self.name = name
        self.block = block
        self.bases = bases
        self.fields: dict[str, Field] = {}
        self.changes: dict[str, list[Change]] = {}
        """What the mappings of its fields are given afterwards."""
        self.node: Node = None


class CallSite(NamedTuple):
    """A call or another node, its block, and the side of the choice that it depends on."""

    node: Node
    block: Block
    side: Side


class Store(NamedTuple):
    """An assignment to something else than a plain name: ``config.MaxConns = 20``."""

    target: Node
    value: Node
    block: Block
    side: Side


class Unit:
    """One source file."""

    def __init__(self, name: str, language: Language, sources: Sources) -> None:
        self.name = name
        self.language = language
        self.sources = sources
        self.lines: list[bytes] = []
        """The text's lines in UTF-8."""
        self.tree: Node = None
        """Kept where the ids of nodes are only theirs as long as the tree is there."""
        self.top = Block(self, None)
        self.imports: dict[str, Import] = {}
        self.stars: list[str] = []
        """Modules all of whose names it imports."""
        self.loads: list[str] = []
        """Modules that it loads, as written, in the order in which they stand."""
        self.functions: dict[str, Block] = {}
        """By name; a method also as "Class.method"."""
        self.lambdas: dict[int, Block] = {}
        """The blocks of functions that are expressions, by the ids of their nodes."""
        self.classes: dict[str, Class] = {}
        self.exports: dict[str, Node] = {}
        """What it exports under another name than its own; "default" is the unnamed one."""
        self.settings: dict[str, list[Place]] = {}
        """The values of named fields in object literals: of languages in which the object that a
        field is read from often comes as an argument."""
        self.calls: list[CallSite] = []
        self.stores: list[Store] = []
        self._stored: dict[str, list[Store]] | None = None
        self.macros = 0
        """Macros whose contents have been read."""
        self.tests: dict[str, list[Place]] = {}
        """By the name of a choice, what is tested for each of its sides in turn."""
        self.errors: list[CallSite] = []
        """Parts that do not parse."""
        self.pending: set[tuple[int, str]] = set()
        """Names whose values are being looked for, so that a circle ends."""

    @property
    def folder(self) -> str:
        return parent_of(self.name)

    def stored(self, name: str) -> list[Store]:
        """The assignments to members of this name."""
        if self._stored is None:
            self._stored = {}
            for store in self.stores:
                target = self.language.read(store.target, store.block)
                if isinstance(target, Member):
                    self._stored.setdefault(target.name, []).append(store)
        return self._stored.get(name, [])

    def location(self, node: Node) -> Location:
        return self.language.location(self, node)


_NOTHING_GIVEN: Mapping[str, Place] = MappingProxyType({})


class Scope(NamedTuple):
    """Where a name is looked up: in a block, with the arguments of the call that is followed."""

    block: Block
    given: Mapping[str, Place] = _NOTHING_GIVEN

    @property
    def unit(self) -> Unit:
        return self.block.unit

    def find(self, name: str, hops: int = _MOST_HOPS) -> list[Place] | None:
        """What the name is given, everywhere it is; None when that cannot be known."""
        if name in self.given:
            return [self.given[name]]
        block: Block | None = self.block
        scope = self
        while block is not None:
            values = block.bindings.get(name)
            parameter = next((each for each in block.parameters if each.name == name), None)
            if values is not None:
                return [Place(value, scope) for value in values[: MOST_VALUES + 1]]
            if parameter is not None:
                return [] if parameter.default is None else [Place(parameter.default, scope)]
            # What a call gives holds in the whole of its function.
            given = scope.given if block.inner else _NOTHING_GIVEN
            block = block.parent
            scope = Scope(block, given) if block is not None else scope
        if hops <= 0:
            return None
        for unit, inner in self.unit.language.origins(self.unit, name):
            found = unit.language.exported(unit, inner, hops - 1)
            if found is not None:
                return found
        return None

    def function(self, name: str, hops: int = _MOST_HOPS) -> Block | None:
        """The function that a name stands for."""
        own = self.unit.functions.get(name)
        if own is not None or hops <= 0:
            return own
        for unit, inner in self.unit.language.origins(self.unit, name):
            found = Scope(unit.top).function(inner, hops - 1)
            if found is not None:
                return found
        return None

    def class_of(self, name: str, hops: int = _MOST_HOPS) -> Class | None:
        """The class that a name stands for."""
        own = self.unit.classes.get(name)
        if own is not None or hops <= 0:
            return own
        for unit, inner in self.unit.language.origins(self.unit, name):
            found = Scope(unit.top).class_of(inner, hops - 1)
            if found is not None:
                return found
        return None

    def module(self, name: str) -> Unit | None:
        """The unit of the project that a name stands for as a whole."""
        return self.unit.language.module_of(self.unit, name)


class Place(NamedTuple):
    """An expression and where its names mean something."""

    node: Node
    scope: Scope


class Language:
    """How one language is read. Names of functions are as the source writes them after the imports
    are followed: ``os.Getenv``, ``process.env``."""

    suffixes: ClassVar[tuple[str, ...]] = ()
    environment_objects: ClassVar[frozenset[str]] = frozenset()
    """Objects whose members and items are environment variables."""
    environment_calls: ClassVar[Mapping[str, tuple[int, int] | tuple[int, int, str]]] = (
        MappingProxyType({})
    )
    """Functions that read a variable: the positions of its name and of its default, -1 for none,
    and the name where none is given."""
    environment_methods: ClassVar[Mapping[str, tuple[int, int]]] = MappingProxyType({})
    """Methods of any object that read a variable where the name is in capitals."""
    casts: ClassVar[frozenset[str]] = frozenset()
    """Functions that give their first argument, as another type."""
    casting_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods and properties that give what they belong to, as another type."""
    entry_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods of a mapping that give the entry of a key, or their second argument."""
    selves: ClassVar[frozenset[str]] = frozenset({"this", "self"})
    """What a method calls its object."""
    sets_fields: ClassVar[bool] = False
    """A field of an object that comes from elsewhere has the only value that a field of its name
    is given anywhere in the program."""
    fallback_methods: ClassVar[frozenset[str]] = frozenset()
    """Methods that give their argument, or what it returns, where their object has no value."""

    follows: ClassVar[bool] = False
    """It is known which files a file loads."""
    configures: ClassVar[bool] = False
    """What a file only configures counts beside the pools that it makes."""

    def outline(self, unit: Unit, data: bytes) -> bool:
        """Fill the unit in; False where the text cannot be parsed."""
        raise NotImplementedError

    def read(self, node: Node, block: Block) -> Expression:
        """A node as an expression. ``block`` is where it stands."""
        raise NotImplementedError

    def location(self, unit: Unit, node: Node) -> Location:
        raise NotImplementedError

    def key(self, node: Node) -> int:
        """The same number for the same node."""
        return id(node)

    def variable_name(self, method: str, key: str) -> str:
        """The environment variable that a method of ``environment_methods`` reads for ``key``; ""
        where it reads something else."""
        return key if _VARIABLE_NAME.fullmatch(key) else ""

    def variable_of(self, definition: Class, name: str) -> str:
        """The environment variable that a field is read from because of its class; "" for none."""
        return ""

    def nested_variable(self, outer: Class, field: str, name: str) -> str:
        """The environment variable that ``name`` of the field ``field`` is read from; "" for
        none."""
        return ""

    def meaning(self, call: Call, name: str, scope: Scope) -> Expression | None:
        """What a call of a library's function comes to that only the language knows; None for all
        others. ``name`` is what is called, after imports are followed."""
        return None

    def is_used(self, block: Block) -> bool:
        """Whether the program may call the function that code stands in."""
        return True

    def may_hold_settings(self, data: bytes) -> bool:
        """Whether a file may give fields the values of environment variables; with
        ``sets_fields``."""
        return False

    def units_of(self, unit: Unit, module: str) -> Iterable[Unit]:
        """The units of the project that ``module``, as ``unit`` imports it, stands for."""
        return ()

    def is_own(self, unit: Unit, module: str) -> bool:
        """Whether ``module`` is one of the project's."""
        return any(True for _ in self.units_of(unit, module))

    def module_of(self, unit: Unit, name: str) -> Unit | None:
        """The unit of the project that a name of this one stands for as a whole."""
        imported = unit.imports.get(name)
        if imported is None or imported.name not in ("", "*"):
            return None
        return next(iter(self.units_of(unit, imported.module)), None)

    def loaded(self, files: Files, name: str) -> Iterable[str]:
        """The files of the project that a file loads; with ``follows``. By its text, so that what
        says nothing of pools need not be parsed: too many rather than too few."""
        return ()

    def origins(self, unit: Unit, name: str) -> Iterator[tuple[Unit, str]]:
        """The units that a name of this one may come from, and its name there."""
        imported = unit.imports.get(name)
        if imported is not None:
            if imported.name:
                for source in self.units_of(unit, imported.module):
                    yield source, imported.name
            return
        for module in unit.stars:
            for source in self.units_of(unit, module):
                yield source, name

    def exported(self, unit: Unit, name: str, hops: int) -> list[Place] | None:
        """What a unit gives under a name to those that import it."""
        if name in unit.exports:
            return [Place(unit.exports[name], Scope(unit.top))]
        return Scope(unit.top).find(name, hops)


class Sources:
    """The source files of a project by name, each parsed once when it is asked for."""

    def __init__(self, files: Files, language_of: Callable[[str], Language | None]) -> None:
        self.files = files
        self._language_of = language_of
        self._units: dict[str, Unit | None] = {}
        self.program: tuple[str, ...] = ()
        """The names of the files of the program that is looked at."""
        self.callers: dict[int, list[tuple[Node, Scope, Side]]] = {}
        """The calls of functions of the program by the ids of their blocks."""
        self._parsed_bytes = 0
        self._steps = MOST_STEPS
        self._steps_here = 0

    def unit(self, name: str) -> Unit | None:
        """None when the file is in no language that is read, cannot be parsed, or too much has been
        parsed already."""
        if name not in self._units:
            self._units[name] = None
            data = self.files.data(name)
            language = self._language_of(name) if data else None
            self._parsed_bytes += len(data)
            if language is not None and data and self._parsed_bytes <= MOST_PARSED_BYTES:
                unit = Unit(name, language, self)
                if language.outline(unit, data):
                    self._units[name] = unit
        return self._units[name]

    def look_at(self, program: tuple[str, ...]) -> None:
        """What is asked from now on is about the program of these files."""
        if program != self.program:
            self.program = program
            self.callers = {}

    def settings(self, language: Language, name: str) -> list[Place]:
        """What fields called ``name``, or "Class.name", are given in the program's files of a
        language."""
        return [
            place for unit in self.holding(language, name) for place in unit.settings.get(name, ())
        ]

    def stores(self, language: Language, name: str) -> list[Store]:
        """The assignments to members called ``name`` in the program's files of a language."""
        return [store for unit in self.holding(language, name) for store in unit.stored(name)]

    def holding(self, language: Language, name: str) -> Iterator[Unit]:
        """The units of the program in which a field is named."""
        needle = name.rpartition(".")[2].encode()
        for each in self.program:
            if each.endswith(language.suffixes):
                data = self.files.data(each)
                if needle in data and language.may_hold_settings(data):
                    unit = self.unit(each)
                    if unit is not None:
                        yield unit

    def begin(self) -> None:
        """One more unit is looked at: it may take a tenth of the steps that are left for all."""
        self._steps_here = MOST_STEPS // 10

    def step(self) -> bool:
        """Whether one more expression may be looked at."""
        self._steps -= 1
        self._steps_here -= 1
        return self._steps > 0 and self._steps_here > 0
