"""Versions of platforms, as in "1.31"."""

from __future__ import annotations


def numbers(version: str) -> tuple[int, ...]:
    """ "1.31" as (1, 31), so that versions compare; () for ""."""
    return tuple(int(part) for part in version.split(".")) if version else ()
