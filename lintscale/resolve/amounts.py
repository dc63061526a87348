"""Amounts that Kubernetes writes as a number or a percentage."""

from __future__ import annotations

from lintscale.syntax.regex import regex

CEILING = 10**15
"""The largest sum: no real count comes near it, and expressions know 64-bit integers only."""

_AMOUNT = regex(r"\s*(\d{1,9})(%?)\s*\Z")


def resolved(amount: str, of: int, *, round_up: bool) -> int | None:
    """``amount`` ("2", "25%") of ``of``; None when it is neither. Source: Kubernetes
    apimachinery's intstr.GetScaledValueFromIntOrPercent (2025), where the caller chooses which
    way a percentage rounds."""
    match = _AMOUNT.match(amount)
    if match is None:
        return None
    number = int(match[1])
    if not match[2]:
        return number
    return ceil_percent(number, of) if round_up else floor_percent(number, of)


def is_none_of(amount: str) -> bool:
    """ "0" or "0%": none, whatever it is a part of."""
    match = _AMOUNT.match(amount)
    return match is not None and int(match[1]) == 0


def is_all_of(amount: str) -> bool:
    """ "100%" or more: all, whatever it is a part of."""
    match = _AMOUNT.match(amount)
    return match is not None and match[2] == "%" and int(match[1]) >= 100


def floor_percent(percent: int, of: int) -> int:
    return percent * of // 100


def ceil_percent(percent: int, of: int) -> int:
    return -(-percent * of // 100)


def product(*factors: int) -> int:
    """The product of numbers that are not negative, at most :data:`CEILING`."""
    result = 1
    for factor in factors:
        result = min(CEILING, result * min(factor, CEILING))
    return result


def total(numbers: list[int]) -> int:
    """Their sum, at most :data:`CEILING`."""
    return min(CEILING, sum(numbers))
