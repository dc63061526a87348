"""Connection pools in Elixir: Ecto's repositories are sized in config/*.exs.

Options as of Ecto SQL 3.13 and Postgrex 0.21 (``pool_size``, DBConnection's 10; ``pool_count``
pools of it), read in their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lintscale._record import replace
from lintscale.code.evaluate import read
from lintscale.code.expressions import Call, Name
from lintscale.code.pool_calls import Bound, PoolCall, by_origin, made, number
from lintscale.code.tree import part, text
from lintscale.code.units import Place, Scope, Unit
from lintscale.model.declared import CodeNumber, CodePool

CALLS = by_origin(
    (
        PoolCall(
            ("Postgrex.start_link", "MyXQL.start_link"),
            "Ecto",
            size=(("pool_size",), (0, "pool_size")),
            address=(("hostname",), (0, "hostname")),
        ),
    )
)

BOUNDS: Mapping[str, Bound] = {}

HINTS = (b"Repo", b"Postgrex", b"MyXQL")
"""A file without any of these words makes no pool."""

_REPOSITORY = PoolCall(
    (),
    "Ecto",
    size=(("pool_size",), (2, "pool_size")),
    address=(("url",), ("hostname",), (2, "url"), (2, "hostname")),
)
_NOT_DEPLOYED = ("dev.exs", "test.exs")
_ORDER = ("config.exs", "prod.exs", "runtime.exs")
"""The files of a folder that are merged for production, the last of which holds."""

_OTHERS = (":dev", ":test")


def configured(unit: Unit) -> Iterator[CodePool]:
    """``config :shop, Shop.Repo, pool_size: 20``: a repository is one pool in whichever of the
    files it is configured; it is yielded for the last of these."""
    if unit.name.endswith(_NOT_DEPLOYED):
        return
    folder, _, last = unit.name.rpartition("/")
    own = _repositories(unit)
    if last not in _ORDER:
        yield from (pool for pools in own.values() for pool in pools if _says_anything(pool))
        return
    before: list[dict[str, list[CodePool]]] = []
    for name in _ORDER:
        path = f"{folder}/{name}" if folder else name
        other = unit if name == last else None
        if other is None and path in unit.sources.files:
            other = unit.sources.unit(path)
        found = own if name == last else _repositories(other) if other is not None else {}
        if _ORDER.index(name) < _ORDER.index(last):
            before.append(found)
        else:
            # What a later file says of a repository holds there.
            own = {key: pools for key, pools in own.items() if name == last or key not in found}
    for key, pools in own.items():
        earlier = [pool for each in before for pool in each.get(key, ())]
        for pool in (_over(earlier, pool) for pool in pools):
            if _says_anything(pool):
                yield pool


def _says_anything(pool: CodePool) -> bool:
    return pool.size is not None or bool(pool.variables)


def _over(earlier: list[CodePool], pool: CodePool) -> CodePool:
    """The pool with what files before say where it says nothing."""
    sized = next((each for each in reversed(earlier) if each.size is not None), None)
    addressed = next((each for each in reversed(earlier) if each.variables), None)
    if pool.size is None and sized is not None:
        pool = replace(pool, size=sized.size)
    if not pool.variables and addressed is not None:
        pool = replace(pool, variables=addressed.variables)
    return pool


def _repositories(unit: Unit) -> dict[str, list[CodePool]]:
    """The pools of each repository that a file configures: those on one side of a condition are
    one; what holds without a condition holds on each side."""
    found: dict[str, list[CodePool]] = {}
    for site in unit.calls:
        scope = Scope(site.block)
        call = read(Place(site.node, scope))
        if (
            not isinstance(call, Call)
            or call.function is None
            or text_of(call.function) != "config"
            or _is_of_another(site.node)
        ):
            continue
        positional = [each.value for each in call.arguments if not each.name]
        if len(positional) < 2 or not text_of(positional[1]).endswith("Repo"):
            continue
        pool = made(scope, call, _REPOSITORY, site.node)
        if pool is None:
            continue
        pools = next((each.value for each in call.arguments if each.name == "pool_count"), None)
        if pools is not None and _says_anything(pool):
            pool = replace(pool, size=_times(pool.size, number(Place(pools, scope))))
        pool = replace(pool, choice=site.side.choice, side=site.side.side)
        own = found.setdefault(text_of(positional[1]), [])
        at = next(
            (
                i
                for i, other in enumerate(own)
                if (other.choice, other.side) == (pool.choice, pool.side)
            ),
            None,
        )
        if at is None:
            own.append(_over([other for other in own if not other.choice], pool))
        else:
            own[at] = _over([own[at]], pool)
    return {name: [pool for pool in own if pool.choice] or own for name, own in found.items()}


def _is_of_another(node: Any) -> bool:
    """Whether it stands below ``if config_env() == :test``, or :dev."""
    for _ in range(20):
        node = node.parent
        if node is None:
            break
        if node.type == "call" and text(part(node, "target")) == "if":
            tested = next((each for each in node.named_children if each.type == "arguments"), None)
            words = text(tested).split() if tested is not None else []
            if "==" in words and words[-1].strip("()") in _OTHERS:
                return True
    return False


def text_of(node: object) -> str:
    return node.name if isinstance(node, Name) else text(node)


def _times(size: CodeNumber | None, pools: CodeNumber) -> CodeNumber:
    """A repository with ``pool_count`` has that many pools."""
    if size is not None and size.number and pools.number and not size.variable:
        return replace(size, number=size.number * pools.number)
    return CodeNumber(pools.location, reason="pool_count pools of a size that is not known")
