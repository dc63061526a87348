"""Connection pools that source code makes: by the calls of libraries that each language's table
names, the options that these are given, and the methods that size what they return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.evaluate import (
    MAX_DEPTH,
    Entries,
    Known,
    Unknown,
    Value,
    Variable,
    argument,
    block_of,
    dotted,
    evaluate,
    origin,
    read,
    variables_of,
)
from lintscale.code.expressions import (
    KEYWORDS,
    KINDS,
    Argument,
    Call,
    Member,
    Name,
    Node,
    OneOf,
    Same,
)
from lintscale.code.units import CallSite, Place, Scope, Side, Unit
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location
from lintscale.syntax.regex import regex

MOST_POOLS = 40
"""Pools of one file; no service makes so many."""

Path = tuple[int | str, ...]
"""Where an option stands: the position or the keyword of an argument, then keys of mappings."""

_FILES = ("sqlite", "duckdb", "file:", ":memory:", "better-sqlite")
_ADDRESSES = ("url", "uri", "dsn", "connectionstring")
_INTEGER = regex(r"-?[0-9]{1,7}")


class PoolCall(NamedTuple):
    """A call of ``library`` that makes a pool, by what it is called after imports are followed, or
    as a method of any object: ".UseNpgsql".

    ``size`` and ``overflow`` are where connections are bounded, the first that is given;
    ``address`` is where the database's address stands, and ``kind`` what names its sort (a dialect,
    a driver). ``implicit`` are environment variables that the library reads without being told.
    ``setters`` are methods of what the call returns, and of what those return, whose first argument
    is the size, or properties of it; ``overflow_setters`` and ``address_setters`` the same for the
    overflow and the address. Without one of the arguments ``needs`` it makes no pool, with one of
    ``takes`` it takes another's. ``kinds`` is where a class of pool is chosen, and the size of each
    that has its own, or why that is not known.
    """

    origins: tuple[str, ...]
    library: str
    family: str = "sql"
    size: tuple[Path, ...] = ()
    overflow: tuple[Path, ...] = ()
    address: tuple[Path, ...] = ((0,),)
    kind: tuple[Path, ...] = ()
    implicit: tuple[str, ...] = ()
    setters: tuple[str, ...] = ()
    overflow_setters: tuple[str, ...] = ()
    address_setters: tuple[str, ...] = ()
    least_arguments: int = 0
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    kinds: tuple[Path, Mapping[str, int | str]] = ((), {})


class Bound(NamedTuple):
    """The size that a method or property gives a pool, wherever that is made: ``library`` is ""
    where the name alone does not tell."""

    name: str
    library: str
    family: str = "sql"
    position: int = 0


def by_origin(calls: tuple[PoolCall, ...]) -> Mapping[str, PoolCall]:
    return {name: call for call in calls for name in call.origins}


def pools_in(
    unit: Unit,
    calls: Mapping[str, PoolCall],
    bounds: Mapping[str, Bound],
    configured: Callable[[Unit], Iterable[CodePool]],
) -> list[CodePool]:
    """The pools that a unit makes or bounds, in the order in which they stand. What it only
    configures (``configured``) counts where it makes none."""
    unit.sources.begin()
    found: list[CodePool] = []
    setters = _setters(unit, calls, bounds)
    linked: set[int] = set()
    for site in unit.calls:
        if len(found) >= MOST_POOLS:
            break
        call = _call_of(site)
        known = _known(call, Scope(site.block), calls) if call is not None else None
        if call is None or known is None or len(call.arguments) < known.least_arguments:
            continue
        pool = None if _is_handed(site, call, known, calls) else _made(unit, site, call, known)
        if pool is None:
            continue
        for number_of, setter in enumerate(setters):
            if setter.belongs_to(site, known):
                linked.add(number_of)
                pool = setter.applied(pool, known)
        found.append(pool)
    for number_of, setter in enumerate(setters):
        bound = bounds.get(setter.name)
        if bound is not None and number_of not in linked and len(found) < MOST_POOLS:
            found.append(setter.alone(bound))
    if not found or unit.language.configures:
        found += islice(configured(unit), MOST_POOLS)
    found = found or [*_broken(unit, calls)]
    return sorted(_alternatives(found), key=lambda pool: pool.location.span)


def _alternatives(pools: list[CodePool]) -> list[CodePool]:
    """Ways to one database (if there is a URL, by it, else by a host) mean the same one: each is
    told the variables of the others, its own first."""
    sides: dict[tuple[str, str], dict[str, list[CodePool]]] = {}
    for pool in pools:
        if pool.choice:
            key = (pool.choice, pool.family)
            sides.setdefault(key, {}).setdefault(pool.side, []).append(pool)
    found = []
    for pool in pools:
        own = sides.get((pool.choice, pool.family), {}) if pool.variables else {}
        number = own[pool.side].index(pool) if own else 0
        others = (each[number] for each in own.values() if number < len(each))
        names = dict.fromkeys((*pool.variables, *(v for each in others for v in each.variables)))
        found.append(replace(pool, variables=tuple(names)))
    return found


def _known(call: Call, scope: Scope, calls: Mapping[str, PoolCall]) -> PoolCall | None:
    """The row of a call: by its full name, or as a method of anything by ".name"."""
    known = calls.get(origin(call.function, scope))
    if known is None:
        function = read(Place(call.function, scope))
        known = calls.get(f".{function.name}") if isinstance(function, Member) else None
    return known


def _is_handed(site: CallSite, call: Call, known: PoolCall, calls: Mapping[str, PoolCall]) -> bool:
    """Whether the call is given a pool of its library, or the configuration of one."""
    for each in call.arguments:
        made_by, opened, _ = origin(each.value, Scope(site.block)).partition("()")
        other = calls.get(made_by) if opened else None
        if other is not None and other.library == known.library:
            return True
    return False


def _broken(unit: Unit, calls: Mapping[str, PoolCall]) -> Iterator[CodePool]:
    """The pool that a part is about which does not parse: its size is not known."""
    for site in unit.errors[:MOST_POOLS]:
        for node in site.node.named_children[:MOST_POOLS]:
            known = calls.get(origin(node, Scope(site.block)))
            if known is not None:
                place = unit.location(node)
                size = CodeNumber(place, reason="source that does not parse")
                yield CodePool(known.library, known.family, size, None, (), place)
                return


def _call_of(site: CallSite) -> Call | None:
    expression = read(Place(site.node, Scope(site.block)))
    return expression if isinstance(expression, Call) else None


def _made(unit: Unit, site: CallSite, call: Call, known: PoolCall) -> CodePool | None:
    """None: the call is about a file, which is no server."""
    pool = made(Scope(site.block), call, known, site.node)
    return pool and replace(pool, choice=site.side.choice, side=site.side.side)


def made(scope: Scope, call: Call, known: PoolCall, node: Node) -> CodePool | None:
    """The pool that a call with these options makes; ``node`` is where it stands. None: it is about
    a file, which is no server."""
    unit = scope.unit
    call = _whole(call, scope)
    given = {each.name for each in call.arguments}
    if not given.issuperset(known.needs) or not given.isdisjoint(known.takes):
        return None
    for path in known.kind:
        kind = _at(call, scope, path)
        if kind is not None and is_file(evaluate(kind), by_default=True):
            return None
    variables: dict[str, None] = {}
    is_addressed = False
    for path in known.address:
        address = _at(call, scope, path)
        value = evaluate(address) if address is not None else None
        if address is None or value is None or isinstance(value, Entries):
            continue
        if is_file(value):
            return None
        is_addressed = True
        variables.update(dict.fromkeys(variables_of(address)))
    size = _option(unit, call, scope, known.size, known.address)
    overflow = _option(unit, call, scope, known.overflow, known.address)
    chosen = _at(call, scope, known.kinds[0]) if known.kinds[0] else None
    own = known.kinds[1].get(dotted(*chosen).rpartition(".")[2]) if chosen is not None else None
    if own is not None:
        place = unit.location(node)
        is_known = isinstance(own, int)
        size = CodeNumber(place, own if is_known else None, reason="" if is_known else str(own))  # type: ignore[arg-type]
        overflow = CodeNumber(place, 0) if is_known else None
    return CodePool(
        library=known.library,
        family=known.family,
        size=size,
        overflow=overflow,
        variables=tuple(variables) if is_addressed else known.implicit,
        location=unit.location(node),
    )


# -- options --------------------------------------------------------------------------------------


def _at(call: Call, scope: Scope, path: Path) -> Place | None:
    """What stands at a path of a call's options; None where nothing is known to."""
    node = _argument(call, path[0])
    if node is None:
        return None
    place = Place(node, scope)
    for key in path[1:]:
        value = _options(place)
        if not isinstance(value, Entries) or str(key) not in value.values:
            return None
        place = value.values[str(key)]
    return place


def _whole(call: Call, scope: Scope) -> Call:
    """The call with the keywords of mappings that are handed on (``**options``) among its own."""
    if not any(each.name == KEYWORDS for each in call.arguments):
        return call
    arguments: list[Argument] = []
    for each in call.arguments:
        value = evaluate(Place(each.value, scope)) if each.name == KEYWORDS else None
        if value is None or not isinstance(value, Entries):
            if not (isinstance(value, Known) and not value.value):
                arguments.append(each)
            continue
        known = {other.name for other in call.arguments}
        arguments += [
            Argument(OneOf((place,)), name)
            for name, place in value.values.items()
            if name not in known
        ]
        if not value.complete:
            arguments.append(each)
    return Call(call.function, tuple(arguments), call.block)


def _argument(call: Call, which: int | str) -> Node | None:
    return argument(call, -1, which) if isinstance(which, str) else argument(call, which)


def _options(place: Place) -> Value:
    """The value of an argument; of a function that is handed over, what it returns."""
    block = block_of(place)
    if block is not None and len(block.returns) == 1:
        return evaluate(Place(block.returns[0], Scope(block)))
    return evaluate(place)


def _option(
    unit: Unit, call: Call, scope: Scope, paths: tuple[Path, ...], address: tuple[Path, ...]
) -> CodeNumber | None:
    """The number that the first path that is given leads to; one that is not known where options
    come from elsewhere; None where all are seen, and none is there."""
    elsewhere: CodeNumber | None = None
    for path in paths:
        node = _argument(call, path[0])
        if node is None:
            continue
        place = Place(node, scope)
        for position, key in enumerate(path[1:], start=1):
            value = _options(place)
            if isinstance(value, Entries):
                inner = value.values.get(str(key))
                if inner is None:
                    if not value.complete:
                        elsewhere = CodeNumber(unit.location(node), reason="options from elsewhere")
                    break
                place = inner
                continue
            is_address = path[:position] in address and _is_address(place, value, call)
            if not is_address and not (isinstance(value, Known) and position == 1):
                elsewhere = CodeNumber(unit.location(node), reason="options from elsewhere")
            break
        else:
            found = number(place)
            if found.number is not None or found.variable or found.reason:
                return found
    if elsewhere is None and paths and any(each.spread for each in call.arguments):
        spread = next(each for each in call.arguments if each.spread)
        elsewhere = CodeNumber(unit.location(spread.value), reason="arguments from elsewhere")
    return elsewhere


def _is_address(place: Place, value: Value, call: Call) -> bool:
    """Whether an argument that may be an address or options is the former: by its value, by what
    stands beside it, or by its name."""
    if not isinstance(value, Unknown) or len(call.arguments) > 1:
        return True
    name = dotted(place.node, place.scope).rpartition(".")[2].lower()
    return name.replace("_", "").endswith(_ADDRESSES)


def is_file(value: Value, *, by_default: bool = False) -> bool:
    """Whether an address is that of a file, or a variable without value means one."""
    if by_default and isinstance(value, Variable) and value.default is not None:
        value = value.default
    return (
        isinstance(value, Known)
        and isinstance(value.value, str)
        and value.value.lower().startswith(_FILES)
    )


def written(place: Place) -> Place:
    """Where an expression that stands elsewhere is written."""
    for _ in range(MAX_DEPTH):
        node = place.node
        if not isinstance(node, OneOf) or len(node.places) != 1:
            break
        place = node.places[0]
    return place


def number(place: Place) -> CodeNumber:
    """What an expression says as a number. One without number, variable and reason is null."""
    place = written(place)
    return number_at(place, place.scope.unit.location(place.node))


def number_at(place: Place, location: Location) -> CodeNumber:
    """The same for an expression that stands at ``location``."""
    value = evaluate(place)
    if isinstance(value, Known):
        if isinstance(value.value, str) and _INTEGER.fullmatch(value.value.strip()):
            return CodeNumber(location, number=int(value.value))
        if isinstance(value.value, int) and not isinstance(value.value, bool):
            return CodeNumber(location, number=value.value)
        if isinstance(value.value, float) and value.value.is_integer():
            return CodeNumber(location, number=int(value.value))
        reason = "" if value.value is None else "not a number"
        return CodeNumber(location, reason=reason)
    if isinstance(value, Variable):
        default = value.default.value if value.default is not None else None
        if isinstance(default, str) and _INTEGER.fullmatch(default.strip()):
            default = int(default)
        number = default if isinstance(default, int) and not isinstance(default, bool) else None
        return CodeNumber(location, number, value.name, others=value.others)
    reason = value.reason if isinstance(value, Unknown) else "computed"
    return CodeNumber(location, reason=reason)


# -- methods and properties of what a call returns ------------------------------------------------


class _Setter(NamedTuple):
    """A method or a property that gives a pool its size, or its address. ``root`` is the key of the
    call that made what it belongs to; 0 where that is not known."""

    name: str
    value: Place
    root: int
    side: Side

    def belongs_to(self, site: CallSite, known: PoolCall) -> bool:
        if self.root:
            return self.root == site.block.unit.language.key(site.node)
        return self.value.scope.block is site.block and self.name in known.setters

    def applied(self, pool: CodePool, known: PoolCall) -> CodePool:
        if self.name in known.setters:
            return replace(pool, size=number(self.value))
        if self.name in known.overflow_setters:
            return replace(pool, overflow=number(self.value))
        if self.name in known.address_setters:
            names = (*pool.variables, *variables_of(self.value))
            return replace(pool, variables=tuple(dict.fromkeys(names)))
        return pool

    def alone(self, bound: Bound) -> CodePool:
        """The pool of which only this is known."""
        size = number(self.value)
        return CodePool(
            library=bound.library,
            family=bound.family,
            size=size,
            overflow=None,
            variables=(),
            location=size.location,
            choice=self.side.choice,
            side=self.side.side,
        )


def _setters(
    unit: Unit, calls: Mapping[str, PoolCall], bounds: Mapping[str, Bound]
) -> list[_Setter]:
    names = {
        name
        for call in calls.values()
        for name in (*call.setters, *call.overflow_setters, *call.address_setters)
    }
    names.update(bounds)
    found = []
    for site in unit.calls if names else ():
        call = _call_of(site)
        scope = Scope(site.block)
        function = read(Place(call.function, scope)) if call is not None else None
        if call is None or not isinstance(function, Member) or function.name not in names:
            continue
        bound = bounds.get(function.name)
        value = argument(call, bound.position if bound is not None else 0)
        if value is not None:
            root = _root(Place(function.of, scope), calls)
            found.append(_Setter(function.name, Place(value, scope), root, site.side))
    for store in unit.stores if names else ():
        scope = Scope(store.block)
        target = read(Place(store.target, scope))
        if isinstance(target, Member) and target.name in names:
            root = _root(Place(target.of, scope), calls)
            found.append(_Setter(target.name, Place(store.value, scope), root, store.side))
    return found


def _root(place: Place, calls: Mapping[str, PoolCall]) -> int:
    """The key of the known call that an expression comes from; 0 where there is none."""
    for _ in range(30):
        node, scope = place
        language = scope.unit.language
        expression = language.read(node, scope.block)
        if isinstance(expression, Same):
            place = Place(expression.inner, scope)
        elif isinstance(expression, Call):
            if origin(expression.function, scope) in calls and not isinstance(node, KINDS):
                return language.key(node)
            place = Place(expression.function, scope)
        elif isinstance(expression, Member):
            place = Place(expression.of, scope)
        elif isinstance(expression, Name):
            given = scope.find(expression.name)
            if not given:
                return 0
            place = given[0]
        else:
            return 0
    return 0
