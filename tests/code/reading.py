"""Reads the pools of source code that is written down in a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lintscale.code.files import Files
from lintscale.code.languages import language_of, pack_of
from lintscale.code.units import Sources
from lintscale.model.declared import CodeNumber, CodePool

NOT_KNOWN = "not known"


class Texts(Files):
    """Files that are written down."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(Path(), texts)
        self._data = {name: text.encode() for name, text in texts.items()}


def pools_of(name: str, text: str, **others: str) -> list[CodePool]:
    """The pools of a file; ``others`` are files beside it, "__" standing for the dot in a name."""
    texts = {name: text, **{key.replace("__", "."): value for key, value in others.items()}}
    sources = Sources(Texts(texts), language_of)
    sources.program = tuple(texts)
    pack, unit = pack_of(name), sources.unit(name)
    assert pack is not None
    if unit is None or not pack.may_make_pools(text.encode()):
        return []
    return pack.pools_in(unit)


def size(pool: CodePool) -> object:
    """The number, or ("VARIABLE", default); None for the library's default."""
    return value(pool.size)


def value(number: CodeNumber | None) -> object:
    if number is None:
        return None
    if number.reason:
        return NOT_KNOWN
    return (number.variable, number.number) if number.variable else number.number


def assert_places_exist(text: str, pools: list[CodePool]) -> None:
    lines = text.split("\n")
    for pool in pools:
        numbers = [number for number in (pool.size, pool.overflow) if number is not None]
        for place in (pool.location, *(number.location for number in numbers)):
            span = place.span
            assert span.line == span.end_line <= len(lines)
            assert 1 <= span.column < span.end_column <= len(lines[span.line - 1]) + 2
