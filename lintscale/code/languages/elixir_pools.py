"""Connection pools in Elixir: Ecto's repositories are sized in config/*.exs.

Options as of Ecto SQL 3.13 and Postgrex 0.21 (``pool_size``, DBConnection's 10; ``pool_count``
pools of it), read in their documentation in December 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintscale._record import replace
from lintscale.code.evaluate import read
from lintscale.code.expressions import Call, Name
from lintscale.code.pool_calls import Bound, PoolCall, by_origin, made, number
from lintscale.code.tree import text
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


def configured(unit: Unit) -> Iterator[CodePool]:
    """``config :shop, Shop.Repo, pool_size: 20``."""
    if unit.name.endswith(_NOT_DEPLOYED):
        return
    for site in unit.calls:
        scope = Scope(site.block)
        call = read(Place(site.node, scope))
        if (
            not isinstance(call, Call)
            or call.function is None
            or text_of(call.function) != "config"
        ):
            continue
        positional = [each.value for each in call.arguments if not each.name]
        if len(positional) < 2 or not text_of(positional[1]).endswith("Repo"):
            continue
        pool = made(scope, call, _REPOSITORY, site.node)
        if pool is not None and (pool.size is not None or pool.variables):
            pools = next((each.value for each in call.arguments if each.name == "pool_count"), None)
            if pools is not None:
                pool = replace(pool, size=_times(pool.size, number(Place(pools, scope))))
            yield replace(pool, choice=site.side.choice, side=site.side.side)


def text_of(node: object) -> str:
    return node.name if isinstance(node, Name) else text(node)


def _times(size: CodeNumber | None, pools: CodeNumber) -> CodeNumber:
    """A repository with ``pool_count`` has that many pools."""
    if size is not None and size.number and pools.number and not size.variable:
        return replace(size, number=size.number * pools.number)
    return CodeNumber(pools.location, reason="pool_count pools of a size that is not known")
