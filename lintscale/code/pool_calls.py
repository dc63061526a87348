"""Connection pools that source code makes: by the calls of libraries that each language's table
names, the options that these are given, and the methods that size what they return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from lintscale._record import replace
from lintscale.code.evaluate import (
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
from lintscale.code.expressions import Call, Member, Node
from lintscale.code.units import Block, CallSite, Place, Scope, Side, Unit
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.syntax.regex import regex

MOST_POOLS = 40
"""Pools of one file; no service makes so many."""

Path = tuple[int | str, ...]
"""Where an option stands: the position or the keyword of an argument, then keys of mappings."""

_FILES = ("sqlite", "duckdb", "file:", ":memory:", "better-sqlite")
_ADDRESSES = ("url", "uri", "dsn", "connectionstring")
_INTEGER = regex(r"-?[0-9]{1,7}")


class PoolCall(NamedTuple):
    """A call of ``library`` that makes a pool, by what it is called after imports are followed.

    ``size`` and ``overflow`` are where connections are bounded, the first that is given;
    ``address`` is where the database's address stands, and ``kind`` what names its sort (a dialect,
    a driver). ``implicit`` are environment variables that the library reads without being told.
    ``setters`` are methods of what the call returns, or of the same chain of calls, that give the
    size as their first argument, ``fields`` properties of it. ``closes`` True: it makes a builder,
    and the address is an argument of a method of ``address_methods`` in its chain.
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
    fields: tuple[str, ...] = ()
    address_methods: tuple[str, ...] = ()
    least_arguments: int = 0


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
    linked: set[int] = set()
    setters = _setters(unit, bounds)
    for site in unit.calls:
        if len(found) >= MOST_POOLS:
            break
        call = _call_of(site)
        known = calls.get(origin(call.function, Scope(site.block))) if call is not None else None
        if call is None or known is None or len(call.arguments) < known.least_arguments:
            continue
        pool = _made(unit, site, call, known)
        if pool is None:
            continue
        own = [s for s in setters if s.belongs_to(known, site)] if known.setters else []
        for setter in own:
            linked.add(id(setter))
            pool = replace(pool, size=setter.number, location=setter.number.location)
        found.append(pool)
    for setter in setters:
        if id(setter) not in linked and len(found) < MOST_POOLS:
            found.append(
                CodePool(
                    library=setter.bound.library,
                    family=setter.bound.family,
                    size=setter.number,
                    overflow=None,
                    variables=(),
                    location=setter.number.location,
                    choice=setter.side.choice,
                    side=setter.side.side,
                )
            )
    found = found or [*islice(configured(unit), MOST_POOLS)]
    found = found or [*_broken(unit, calls)]
    return sorted(found, key=lambda pool: pool.location.span)


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
    if pool is None:
        return None
    size, overflow, variables = pool.size, pool.overflow, pool.variables
    for method, arguments, where in (
        _chain(unit, site) if known.setters or known.address_methods else ()
    ):
        if method in known.setters and arguments:
            size = number(Place(arguments[0], where))
        if method in known.overflow_setters and arguments:
            overflow = number(Place(arguments[0], where))
        if method in known.address_methods and arguments:
            variables = (*variables, *variables_of(Place(arguments[0], where)))
    return replace(
        pool,
        size=size,
        overflow=overflow,
        variables=tuple(dict.fromkeys(variables)),
        choice=site.side.choice,
        side=site.side.side,
    )


def made(scope: Scope, call: Call, known: PoolCall, node: Node) -> CodePool | None:
    """The pool that a call with these options makes; ``node`` is where it stands. None: it is about
    a file, which is no server."""
    unit = scope.unit
    for path in known.kind:
        kind = _at(call, scope, path)
        if kind is not None and _is_file(evaluate(kind)):
            return None
    variables: dict[str, None] = {}
    is_addressed = False
    for path in known.address:
        address = _at(call, scope, path)
        value = evaluate(address) if address is not None else None
        if address is None or value is None or isinstance(value, Entries):
            continue
        if _is_file(value):
            return None
        is_addressed = True
        variables.update(dict.fromkeys(variables_of(address)))
    return CodePool(
        library=known.library,
        family=known.family,
        size=_option(unit, call, scope, known.size, known.address),
        overflow=_option(unit, call, scope, known.overflow, known.address),
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
            is_address = position == 1 and path[:1] in address and _is_address(place, value, call)
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


def _is_file(value: Value) -> bool:
    if isinstance(value, Variable) and value.default is not None:
        value = value.default
    return (
        isinstance(value, Known)
        and isinstance(value.value, str)
        and value.value.lower().startswith(_FILES)
    )


def number(place: Place) -> CodeNumber:
    """What an expression says as a number. One without number, variable and reason is null."""
    location = place.scope.unit.location(place.node)
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
        is_number = isinstance(default, int) and not isinstance(default, bool)
        return CodeNumber(location, int(default) if is_number else None, value.name)  # type: ignore[arg-type]
    reason = value.reason if isinstance(value, Unknown) else "computed"
    return CodeNumber(location, reason=reason)


# -- methods of what a call returns ---------------------------------------------------------------


def _chain(unit: Unit, site: CallSite) -> Iterator[tuple[str, list[Node], Scope]]:
    """The methods that are called on what a call returns, in the same chain of calls."""
    inner = unit.language.key(site.node)
    for each in unit.calls:
        call = _call_of(each)
        function = read(Place(call.function, Scope(each.block))) if call is not None else None
        if call is None or not isinstance(function, Member):
            continue
        node = function.of
        for _ in range(20):
            if not isinstance(node, tuple) and unit.language.key(node) == inner:
                yield function.name, [a.value for a in call.arguments], Scope(each.block)
                break
            expression = read(Place(node, Scope(each.block)))
            if isinstance(expression, Call):
                node = expression.function
            elif isinstance(expression, Member):
                node = expression.of
            else:
                break


class _Setter(NamedTuple):
    """A method or a property that gives a pool its size."""

    bound: Bound
    number: CodeNumber
    origin: str
    block: Block
    side: Side

    def belongs_to(self, call: PoolCall, site: CallSite) -> bool:
        """Whether it sizes what this call returns."""
        if self.bound.name not in (*call.setters, *call.fields):
            return False
        if self.origin:
            return any(self.origin.startswith(f"{name}()") for name in call.origins)
        return self.block is site.block


def _setters(unit: Unit, bounds: Mapping[str, Bound]) -> list[_Setter]:
    found = []
    for site in unit.calls if bounds else ():
        call = _call_of(site)
        function = read(Place(call.function, Scope(site.block))) if call is not None else None
        if call is None or not isinstance(function, Member) or function.name not in bounds:
            continue
        bound = bounds[function.name]
        value = argument(call, bound.position)
        if value is not None:
            where = origin(function.of, Scope(site.block))
            size = number(Place(value, Scope(site.block)))
            found.append(_Setter(bound, size, where, site.block, site.side))
    for store in unit.stores if bounds else ():
        target = read(Place(store.target, Scope(store.block)))
        if isinstance(target, Member) and target.name in bounds:
            where = origin(target.of, Scope(store.block))
            size = number(Place(store.value, Scope(store.block)))
            found.append(_Setter(bounds[target.name], size, where, store.block, store.side))
    return found
