"""Connection pools that source code makes: by the calls of libraries that each language's table
names, the options that these are given, and the methods that size what they return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

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
    callings,
    dotted,
    evaluate,
    never_runs,
    origin,
    read,
    roots_of,
    texts_of,
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
    Other,
    Same,
)
from lintscale.code.units import CallSite, Place, Scope, Side, Unit
from lintscale.model.declared import CodeNumber, CodePool
from lintscale.model.location import Location, Span
from lintscale.syntax.regex import regex

MOST_POOLS = 40
"""Pools of one file; no service makes so many."""

Path = tuple[int | str, ...]
"""Where an option stands: the position or the keyword of an argument, then keys of mappings."""

ELSEWHERE = "options from elsewhere"
"""Why a size is not known that is not among what is seen of a call's options."""

_FILES = ("sqlite", "duckdb", "file:", ":memory:", "better-sqlite")
_ADDRESSES = ("url", "uri", "dsn", "connectionstring")
_HOST = regex(r"[\w.-]{1,253}")
_URL_HOST = regex(r"[\w+.-]{1,40}://(?:[^@/?#\s]{0,500}@)?(?P<host>[\w.-]{1,253})(?:[:/?#]|\Z)")
_INTEGER = regex(r"-?[0-9]{1,7}")


class PoolCall(NamedTuple):
    """A call of ``library`` that makes a pool, by what it is called after imports are followed, or
    as a method of any object: ".UseNpgsql".

    ``size`` and ``overflow`` are where connections are bounded, the first that is given;
    ``address`` is where the database's address stands, and ``kind`` what names its sort (a dialect,
    a driver). ``implicit`` are environment variables that the library reads without being told.
    ``library`` "" is that of files, which are no servers. ``setters`` are methods of what the call
    returns, and of what those return, whose first argument is the size, or properties of it;
    ``overflow_setters`` and ``address_setters`` the same for the overflow and the address. Without
    one of the arguments ``needs`` it makes no pool, with one of ``takes`` it takes another's.
    ``kinds`` is where a class of pool is chosen, and the size of each that has its own, or why that
    is not known.
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
    shared: tuple[Path, ...] = ()
    """Options that hand over a pool which another call makes: with one of them this is none."""
    parameter: str = ""
    """The parameter of the address's query that gives the size."""
    keywords: tuple[str, ...] = ()
    """The keywords of a connection string that give the size, in lower case without spaces."""

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.setters, *self.overflow_setters, *self.address_setters)


class Bound(NamedTuple):
    """The size that a method or property gives a pool, wherever that is made: ``library`` is ""
    where the name alone does not tell. ``package`` is what a file loads in which it tells."""

    name: str
    library: str
    family: str = "sql"
    position: int = 0
    package: str = ""


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
    return pools_of_program((unit,), calls, bounds, configured)


def pools_of_program(
    units: Iterable[Unit],
    calls: Mapping[str, PoolCall],
    bounds: Mapping[str, Bound],
    configured: Callable[[Unit], Iterable[CodePool]],
) -> list[CodePool]:
    """The pools of a program's units: one that a unit makes may be bounded in another."""
    unsized: list[tuple[int, PoolCall, CodePool]] = []
    setters: list[_Setter] = []
    found: list[CodePool] = []
    for unit in units:
        unit.sources.begin()
        own, without, unlinked = _in_unit(unit, calls, bounds)
        is_empty = not own and not without and not unlinked
        if is_empty or unit.language.configures:
            own += islice(configured(unit), MOST_POOLS)
        if is_empty and not own:
            own += _broken(unit, calls)
        found += own
        unsized += without
        setters += unlinked
    found += _linked(unsized, setters, bounds)
    return sorted(_alternatives(found), key=lambda pool: (pool.location.file, pool.location.span))


def _in_unit(
    unit: Unit, calls: Mapping[str, PoolCall], bounds: Mapping[str, Bound]
) -> tuple[list[CodePool], list[tuple[int, PoolCall, CodePool]], list[_Setter]]:
    """The pools of a unit, those with methods or properties for their size by which none has been
    given, with the keys of their calls, and the sizes that are given to pools made elsewhere."""
    found: list[CodePool] = []
    unsized: list[tuple[int, PoolCall, CodePool]] = []
    is_used = unit.language.is_used
    setters = [
        setter for setter in _setters(unit, calls, bounds) if is_used(setter.value.scope.block)
    ]
    for site in unit.calls:
        if len(found) + len(unsized) >= MOST_POOLS:
            break
        call = _call_of(site)
        known = _known(call, Scope(site.block), calls) if call is not None else None
        if call is None or known is None or len(call.arguments) < known.least_arguments:
            continue
        if not is_used(site.block):
            continue
        own = _own(setters, call, site, known)
        setters = [setter for setter in setters if setter not in own]
        ways: list[CodePool] = []
        if known.library and not _is_handed(site, call, known, calls):
            ways = _made(unit, site, call, known)
        pool = ways[0] if ways else None
        addresses = [setter.value for setter in own if setter.name in known.address_setters]
        if pool is None or any(_is_no_server(place) for place in addresses):
            continue
        for setter in own:
            pool = pool if setter.name in known.setters else setter.applied(pool, known)
        sizes = [setter for setter in own if setter.name in known.setters]
        if sizes:
            found += _sized(pool, known, sizes)
        elif pool.size is None and (broken := _broken_part(unit, known.setters)) is not None:
            size = CodeNumber(broken, reason="source that does not parse")
            found.append(replace(pool, size=size))
        elif pool.size is None and any(name in bounds for name in known.setters):
            unsized.append((unit.language.key(site.node), known, pool))
        elif pool.size is None and _is_broken(site.node):
            size = CodeNumber(unit.location(site.node), reason="source that does not parse")
            found += [replace(each, size=each.size or size) for each in ways]
        else:
            found += ways
    return found, unsized, setters[:MOST_POOLS]


def _own(setters: list[_Setter], call: Call, site: CallSite, known: PoolCall) -> list[_Setter]:
    """Those of what a call returns, or of what it is given; else those of the same function whose
    owner is not known."""
    own = [setter for setter in setters if setter.name in known.names]
    exact = [setter for setter in own if setter.belongs_to(call, site)]
    body = site.block.body
    return exact or [
        setter
        for setter in own
        if not setter.root
        and setter.value.scope.block.body is body
        and setter.name in known.setters
    ]


def _is_no_server(place: Place) -> bool:
    """Whether what a pool is built from is, by its name, about files, or a cache."""
    expression = read(place)
    given = place.scope.find(expression.name) if isinstance(expression, Name) else None
    source = (given[0] if given else place).node
    written = b"" if isinstance(source, KINDS) else source.text.lower()
    return b"sqlite" in written or b"redis" in written


def _broken_part(unit: Unit, names: tuple[str, ...]) -> Location | None:
    """Where one of the names stands in a part that does not parse."""
    for site in unit.errors[:MOST_POOLS]:
        if any(name.encode() in site.node.text for name in names):
            return unit.location(site.node)
    return None


def _is_broken(node: Node) -> bool:
    """Whether a part of a call does not parse, or what stands directly behind it."""
    following: Any = node
    if not getattr(following, "has_error", False) and hasattr(following, "next_sibling"):
        end = following.end_byte
        for _ in range(MAX_DEPTH):
            if following.next_sibling is not None or following.parent is None:
                break
            following = following.parent
        return following.end_byte == end and getattr(following.next_sibling, "is_error", False)
    return bool(getattr(following, "has_error", False))


def _sized(pool: CodePool, known: PoolCall, setters: Sequence[_Setter]) -> list[CodePool]:
    """The pool with the size that it is given; sizes that depend on a choice exclude each other,
    and of others the last one holds."""
    always = [setter for setter in setters if not setter.side.choice][-1:]
    chosen = [setter for setter in setters if setter.side.choice]
    if len(always) + len(chosen) == 1:
        return [setter.applied(pool, known) for setter in (*always, *chosen)]
    sized = []
    for setter in (*always, *chosen):
        side = setter.side if setter.side.choice else Side(chosen[0].side.choice, "otherwise")
        sized.append(replace(setter.applied(pool, known), choice=side.choice, side=side.side))
    return sized


def _linked(
    unsized: list[tuple[int, PoolCall, CodePool]],
    setters: list[_Setter],
    bounds: Mapping[str, Bound],
) -> list[CodePool]:
    """The pools of several units with the sizes that they are given: by the calls that make them,
    or because there is only one pool, or only one size."""
    found: list[CodePool] = []
    left: list[tuple[PoolCall, CodePool]] = []
    for key, known, pool in unsized:
        own = [each for each in setters if key in each.roots and each.name in known.setters]
        if own:
            setters = [setter for setter in setters if setter not in own]
            found += _sized(pool, known, own)
        else:
            left.append((known, pool))
    for name, bound in bounds.items():
        sizes = [setter for setter in setters if setter.name == name]
        pools = [(known, pool) for known, pool in left if name in known.setters]
        if sizes and pools:
            left = [entry for entry in left if entry not in pools]
        if len(pools) == 1 or len(sizes) == 1:
            found += [each for known, pool in pools for each in _sized(pool, known, sizes) if sizes]
        if not pools or min(len(pools), len(sizes)) > 1:
            found += [setter.alone(bound) for setter in sizes if setter.tells(bound)]
    return found + [pool for _, pool in left]


def _alternatives(pools: list[CodePool]) -> list[CodePool]:
    """Ways to one database (if there is a URL, by it, else by a host) mean the same one: each is
    told the variables of the others, its own first."""
    sides: dict[tuple[str, str], dict[str, list[CodePool]]] = {}
    for pool in pools:
        if pool.choice and not is_for_tests(pool):
            key = (pool.choice, pool.family)
            sides.setdefault(key, {}).setdefault(pool.side, []).append(pool)
    found = []
    for pool in pools:
        own = (
            sides.get((pool.choice, pool.family), {})
            if pool.variables and not is_for_tests(pool)
            else {}
        )
        number = own[pool.side].index(pool) if own else 0
        others = (each[number] for each in own.values() if number < len(each))
        names = dict.fromkeys((*pool.variables, *(v for each in others for v in each.variables)))
        found.append(replace(pool, variables=tuple(names)))
    return found


def is_for_tests(pool: CodePool) -> bool:
    """Whether all variables of its address are, by their names, those of tests."""
    return bool(pool.variables) and all(
        not _OF_TESTS.isdisjoint(name.upper().split("_")) for name in pool.variables
    )


_OF_TESTS = frozenset({"TEST", "TESTS", "TESTING"})


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


def unread(name: str, data: bytes, calls: Mapping[str, PoolCall]) -> Iterator[CodePool]:
    """The pools of a file that cannot be read as a whole (it does not parse, or is too long), one
    of each family: where it says the names of a call and of its module, the size is not known."""
    found: dict[str, tuple[int, PoolCall]] = {}
    for path, known in calls.items():
        module, _, last = path.replace("()", "").rpartition(".")
        head = module.partition(".")[0].encode()
        at = _word(data, last.encode() + b"(") if known.library and module else -1
        if at >= 0 and _word(data, head) >= 0 and at < found.get(known.family, (at + 1,))[0]:
            found[known.family] = (at, known)
    for at, known in found.values():
        line = data.count(b"\n", 0, at) + 1
        column = len(data[data.rfind(b"\n", 0, at) + 1 : at].decode("utf-8", "replace")) + 1
        place = Location(name, Span(line, column, line, column + 1))
        size = CodeNumber(place, reason="source that is not read")
        yield CodePool(known.library, known.family, size, None, (), place)


def _word(data: bytes, word: bytes) -> int:
    """Where a word, perhaps with an opening bracket, stands; -1 where it does not."""
    at = data.find(word)
    for _ in range(MOST_POOLS):
        before, after = data[max(at - 1, 0) : at], data[at + len(word) : at + len(word) + 1]
        begins = not before.isalnum() and before != b"_"
        if at < 0 or (begins and (word.endswith(b"(") or not after.isalnum())):
            return at
        at = data.find(word, at + 1)
    return -1


def _call_of(site: CallSite) -> Call | None:
    expression = read(Place(site.node, Scope(site.block)))
    return expression if isinstance(expression, Call) else None


def _made(unit: Unit, site: CallSite, call: Call, known: PoolCall) -> list[CodePool]:
    """One for each way in which its function is called, if these differ; none for a file, which is
    no server."""
    found: list[CodePool] = []
    if never_runs(site.side, unit):
        return found
    ways = callings(site.block) if not known.setters else []
    for given, side in ways[:MOST_POOLS]:
        pool = made(Scope(site.block, given), call, known, site.node)
        side = side if side.choice else site.side  # noqa: PLW2901 - that of the caller, if any
        if pool is not None:
            pool = replace(pool, choice=side.choice, side=side.side)
            found += [pool] if not any(_is_like(pool, other) for other in found) else []
    if ways and len(found) <= _MOST_WAYS:
        return found
    pool = made(Scope(site.block), call, known, site.node)
    return [replace(pool, choice=site.side.choice, side=site.side.side)] if pool else []


def _is_like(one: CodePool, other: CodePool) -> bool:
    """Whether two pools are as large and lead to the same place, so that one is meant."""
    sizes = [
        [number and (number.number, number.variable, number.reason) for number in numbers]
        for numbers in ((one.size, one.overflow), (other.size, other.overflow))
    ]
    return one.variables == other.variables and sizes[0] == sizes[1]


_MOST_WAYS = 6
"""Databases to which one function makes pools; more are taken for one and the same."""


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
        if kind is not None and (
            is_file(evaluate(kind), by_default=True) or "sqlite" in origin(*kind).lower()
        ):
            return None
    if any(_at(call, scope, path) is not None for path in known.shared):
        return None
    variables: dict[str, None] = {}
    is_addressed, host = False, ""
    for path in known.address:
        address = _at(call, scope, path)
        value = evaluate(address) if address is not None else None
        if address is None or value is None or isinstance(value, Entries):
            continue
        if is_file(value):
            return None
        is_addressed = True
        host = host or _host(value, path[-1])
        variables.update(dict.fromkeys(variables_of(address)))
    size = _option(unit, call, scope, known.size, known.address)
    for path in known.address if known.parameter and size is None else ():
        address = _at(call, scope, path)
        size = size or (_parameter(address, known.parameter) if address is not None else None)
    for path in known.address if known.keywords and size is None else ():
        address = _at(call, scope, path)
        size = size or (_keyword(address, known.keywords) if address is not None else None)
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
        host=host if not variables else "",
    )


def _host(value: Value, key: int | str) -> str:
    """The host of an address that is written; "" where none is."""
    text = value.value if isinstance(value, Known) else None
    if not isinstance(text, str):
        return ""
    if "://" in text:
        match = _URL_HOST.match(text)
        return match["host"].lower() if match else ""
    is_host = isinstance(key, str) and key.lower() in ("host", "hostname", "server")
    return text.lower() if is_host and _HOST.fullmatch(text) else ""


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
                inner = value.values.get(str(key)) if key not in value.unsure else None
                if inner is None:
                    if not value.complete:
                        elsewhere = CodeNumber(unit.location(node), reason=ELSEWHERE)
                    break
                place = inner
                continue
            is_address = path[:position] in address and _is_address(place, value, call)
            if not is_address and not (isinstance(value, Known) and position == 1):
                elsewhere = CodeNumber(unit.location(node), reason=ELSEWHERE)
            break
        else:
            found = number(place)
            if found.number is not None or found.variable or found.reason:
                return found
    if elsewhere is None and paths and any(each.spread for each in call.arguments):
        spread = next(each for each in call.arguments if each.spread)
        elsewhere = CodeNumber(unit.location(spread.value), reason="arguments from elsewhere")
    return elsewhere


def _parameter(address: Place, name: str) -> CodeNumber | None:
    """A parameter of an address that is written in the source: ``…?pool_max_conns=20``."""
    written = ""
    for part in texts_of(address):
        before = written
        written = part if isinstance(part, str) else ""
        if not isinstance(part, str) and before.endswith(f"{name}="):
            return number(part)
        _, found, rest = written.partition(f"{name}=")
        if found and rest:
            digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
            location = address.scope.unit.location(address.node)
            if digits and _INTEGER.fullmatch(digits):
                return CodeNumber(location, number=int(digits))
            return CodeNumber(location, reason="not a number")
    return None


def _keyword(address: Place, keywords: tuple[str, ...]) -> CodeNumber | None:
    """A keyword of a connection string that is written in the source, by itself or as a part of a
    text that is put together: ``…;Max Pool Size=20``. The last one holds."""
    found: CodeNumber | None = None
    location = address.scope.unit.location(address.node)
    is_open = False
    for part in islice(texts_of(address), MOST_POOLS):
        if not isinstance(part, str):
            within = b"" if isinstance(part.node, KINDS) else part.node.text.lower()
            if is_open:
                found = number(part)
            elif any(each.encode() in within.replace(b" ", b"") for each in keywords):
                found = CodeNumber(location, reason="computed")
            is_open = False
            continue
        own, is_open = size_in(part, keywords, location)
        found = own or found
    return found


def size_in(
    text: str, keywords: tuple[str, ...], location: Location
) -> tuple[CodeNumber | None, bool]:
    """The size in a part of a connection string, and whether the part ends in its keyword."""
    found: CodeNumber | None = None
    is_open = False
    for pair in text.split(";"):
        key, sign, value = pair.partition("=")
        is_open = bool(sign) and "".join(key.split()).lower() in keywords
        value = value.strip().strip("\"'")
        if is_open and _INTEGER.fullmatch(value):
            found = CodeNumber(location, number=int(value))
        elif is_open:
            found = CodeNumber(location, reason="not a number")
    return found, is_open


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
    roots: frozenset[int]
    """The keys of all calls that it may come from, known or not."""

    def belongs_to(self, call: Call, site: CallSite) -> bool:
        """Whether it is about what this call returns, or what it is given."""
        if self.root:
            return self.root == site.block.unit.language.key(site.node)
        if site.block.unit.language.key(site.node) in self.roots:
            return True
        given = (Place(each.value, Scope(site.block)) for each in call.arguments[:2])
        return bool(self.roots) and any(self.roots & roots_of(place) for place in given)

    def tells(self, bound: Bound) -> bool:
        """Whether its name is enough to know that it sizes a pool."""
        loads = self.value.scope.unit.loads
        return bool(bound.library) and (
            not bound.package or any(each.startswith(bound.package) for each in loads)
        )

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
        of = Place(function.of, scope)
        given = Place(value if value is not None else Other(), scope)
        root, roots = _root(of, calls), roots_of(of)
        if value is not None or function.name in bounds:
            found.append(_Setter(function.name, given, root, site.side, roots))
    for store in unit.stores if names else ():
        scope = Scope(store.block)
        target = read(Place(store.target, scope))
        if isinstance(target, Member) and target.name in names:
            of, value = Place(target.of, scope), Place(store.value, scope)
            root = _root(of, calls)
            found.append(_Setter(target.name, value, root, store.side, roots_of(of)))
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
