"""What Render's plans give: CPU, memory and connections.

The newer plan names say it themselves (``2c-4g``: two CPUs, 4 GB); the older ones stand in
tables. A plan that is in neither is unknown: Render adds plans.

Render writes MB and GB for what are powers of 1024.
"""

from __future__ import annotations

from lintscale.syntax.regex import regex

_MIB = 1024**2
_GIB = 1024**3

AS_OF = "Render, Aug 2026"
"""When the figures of this module were read, for people."""

DEFAULT_SERVICE_PLAN = "starter"
DEFAULT_POSTGRES_PLAN = "basic-256mb"
DEFAULT_KEY_VALUE_PLAN = "starter"
"""What a new resource gets when ``plan`` is absent (render.com/docs/blueprint-spec, Aug 2026)."""

_SERVICE_PLANS: dict[str, tuple[float, int]] = {
    "free": (0.1, 512 * _MIB),
    "starter": (0.5, 512 * _MIB),
    "standard": (1.0, 2 * _GIB),
    "pro": (2.0, 4 * _GIB),
    "pro plus": (4.0, 8 * _GIB),
    "pro max": (4.0, 16 * _GIB),
    "pro ultra": (8.0, 32 * _GIB),
}
"""CPU cores and bytes of memory (render.com/pricing, Aug 2026)."""

_POSTGRES_LIMITS = ((8 * _GIB, 100), (16 * _GIB, 200), (32 * _GIB, 400))
_POSTGRES_TOP_LIMIT = 500
"""Connections below so many bytes of memory, and above the last of them
(render.com/docs/postgresql-creating-connecting, "Connection limits", Aug 2026)."""

POSTGRES_RESERVED = 3
"""What PostgreSQL keeps back for superusers (superuser_reserved_connections, its default)."""

_LEGACY_POSTGRES_LIMITS = {"starter": 97, "standard": 97, "pro": 97, "pro plus": 197}
"""Plans of before October 2024. Render states these without the superusers' three
(render.com/docs/postgresql-legacy-instance-types, Aug 2026)."""

_FREE_POSTGRES_BYTES = 256 * _MIB

_KEY_VALUE_LIMITS = {
    "free": 50,
    "256mb": 250,
    "1g": 1_000,
    "5g": 5_000,
    "10g": 10_000,
    "20g": 20_000,
    "40g": 40_000,
    # The older names of the same sizes.
    "starter": 250,
    "standard": 1_000,
    "pro": 5_000,
    "pro plus": 10_000,
    "pro max": 20_000,
    "pro ultra": 40_000,
}
"""Connections (render.com/docs/blueprint-spec, plans of Key Value, Sep 2026)."""

_BY_SIZE = regex(r"(\d{1,4}(?:\.\d{1,2})?)c-(\d{1,6})(mb|g)")
_BY_MEMORY = regex(r"(?:basic|pro|accelerated)-(\d{1,6})(mb|gb)")


def service_size(plan: str) -> tuple[float, int] | None:
    """CPU cores and bytes of memory of one instance on this plan."""
    name = _normal(plan)
    return _SERVICE_PLANS.get(name) or _size_by_name(name)


def postgres_connections(plan: str) -> tuple[int, int] | None:
    """max_connections of a database on this plan, and how many of them are reserved."""
    name = _normal(plan)
    legacy = _LEGACY_POSTGRES_LIMITS.get(name)
    if legacy is not None:
        return legacy, 0
    memory = _postgres_memory(name)
    if memory is None:
        return None
    limit = next(
        (limit for below, limit in _POSTGRES_LIMITS if memory < below), _POSTGRES_TOP_LIMIT
    )
    return limit, POSTGRES_RESERVED


def key_value_connections(plan: str) -> int | None:
    """How many clients a Key Value instance on this plan takes."""
    return _KEY_VALUE_LIMITS.get(_normal(plan))


def is_free(plan: str | None) -> bool:
    return plan is not None and _normal(plan) == "free"


def _normal(plan: str) -> str:
    """Render's API writes ``pro_plus`` where a Blueprint has ``pro plus``."""
    return plan.strip().lower().replace("_", " ")


def _postgres_memory(name: str) -> int | None:
    if name == "free":
        return _FREE_POSTGRES_BYTES
    match = _BY_MEMORY.fullmatch(name)
    if match is not None:
        return _bytes(match[1], match[2])
    size = _size_by_name(name)
    return size[1] if size is not None else None


def _size_by_name(name: str) -> tuple[float, int] | None:
    match = _BY_SIZE.fullmatch(name)
    return (float(match[1]), _bytes(match[2], match[3])) if match is not None else None


def _bytes(amount: str, unit: str) -> int:
    return int(amount) * (_MIB if unit == "mb" else _GIB)
