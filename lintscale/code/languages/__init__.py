"""One module per language: how its syntax is read; beside it, a table of the calls that make pools.

Both are imported when a file of the language is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from lintscale.code.pool_calls import Bound, PoolCall, pools_in, pools_of_program
from lintscale.code.units import Language, Unit
from lintscale.model.declared import CodePool

_BY_SUFFIX = {
    ".py": ("python", "Python"),
    **dict.fromkeys(
        (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"), ("javascript", "JavaScript")
    ),
    ".java": ("java", "Java"),
    ".kt": ("kotlin", "Kotlin"),
    ".cs": ("csharp", "CSharp"),
    ".rb": ("ruby", "Ruby"),
    ".php": ("php", "Php"),
    **dict.fromkeys((".ex", ".exs"), ("elixir", "Elixir")),
    ".go": ("go", "Go"),
    ".rs": ("rust", "Rust"),
}


class Pack(NamedTuple):
    """A language with its table of pools: the calls that make them, the methods that bound them,
    and what finds those that a file only configures. A file without any of ``hints`` has none."""

    language: Language
    calls: Mapping[str, PoolCall]
    bounds: Mapping[str, Bound]
    configured: Callable[[Unit], Iterable[CodePool]]
    hints: tuple[bytes, ...]

    def pools_in(self, unit: Unit) -> list[CodePool]:
        return pools_in(unit, self.calls, self.bounds, self.configured)

    def pools_of_program(self, units: Iterable[Unit]) -> list[CodePool]:
        return pools_of_program(units, self.calls, self.bounds, self.configured)

    def may_make_pools(self, data: bytes) -> bool:
        return any(hint in data for hint in self.hints)


def pack_of(name: str) -> Pack | None:
    """The language of a file by its name; None where it is none that is read."""
    entry = _BY_SUFFIX.get("." + name.rpartition(".")[2])
    return _pack(*entry) if entry is not None else None


@cache
def _pack(module: str, language: str) -> Pack:
    source = import_module(f"lintscale.code.languages.{module}")
    pools = import_module(f"lintscale.code.languages.{module}_pools")
    return Pack(
        getattr(source, language)(), pools.CALLS, pools.BOUNDS, pools.configured, pools.HINTS
    )


def language_of(name: str) -> Language | None:
    pack = pack_of(name)
    return pack.language if pack is not None else None
