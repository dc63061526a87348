"""What hosted databases take: by the provider that a host name gives away, and the plan that the
configuration names. The figures stand in hosted_limits.toml, each with its source and date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lintscale._record import record
from lintscale.syntax.regex import regex

TABLE = Path(__file__).with_name("hosted_limits.toml")

_HOSTS = (
    (r"\.cluster-(?:ro-|custom-)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com", "aurora"),
    (r"\.rds\.amazonaws\.com", "rds"),
    (r"\.cache\.amazonaws\.com", "elasticache"),
    (r"\.neon\.tech\b", "neon"),
    (r"\.supabase\.(?:co|com)\b", "supabase"),
    (r"\.postgres\.database\.azure\.com", "azure"),
)
"""Providers by what their host names end with; compiled when the first host turns up."""

_GIB = 1024**3
_CLASS = regex(r"(?:db|cache)\.([a-z]+)\d+[a-z]*\.(?:(\d*)x)?(micro|small|medium|large)\Z")
_LARGE_GIB = {"t": 8, "m": 8, "r": 16, "x": 32, "c": 4}
"""GiB of memory of a family's ``large``; each doubling of its size doubles it
(aws.amazon.com/rds/instance-types, August 2026)."""
_SMALL_GIB = {"micro": 1, "small": 2, "medium": 4}


@record
class HostedLimit:
    """``connections`` the database takes, ``reserved`` of them kept back, ``pooler`` what its own
    pooler takes from clients; None where it is not known. ``reason`` names provider, plan, date."""

    connections: int | None
    reserved: int
    pooler: int | None
    reason: str


def provider_of(names: Iterable[str]) -> str:
    """The provider that one of these host names belongs to; "" when none does."""
    for name in names:
        if "." not in name:
            continue
        for pattern, provider in _HOSTS:
            if re.search(pattern, name.lower()):
                return provider
    return ""


def hosted_limit(provider: str, engine: str, plan: str) -> HostedLimit | None:
    """What a provider's database of this engine ("" is PostgreSQL where it has only that) takes
    on this plan; None where the table does not say."""
    for row in _rows():
        if row["provider"] != provider or engine not in ("", row["engine"]):
            continue
        if engine == "" and provider in ("rds", "aurora"):
            return None
        found = _by_row(row, _normal(plan))
        if found is not None:
            return found
    return None


def known_plans(provider: str) -> list[str]:
    """The plans that the table lists for a provider."""
    return sorted(
        {plan for row in _rows() if row["provider"] == provider for plan in row.get("plans", ())}
    )


def _by_row(row: dict[str, Any], plan: str) -> HostedLimit | None:
    connections: int | None = row.get("connections")
    if connections is None and plan:
        connections = row.get("plans", {}).get(plan)
        memory = _memory_gib(plan)
        if connections is None and "per-byte" in row and memory is not None:
            connections = min(memory * _GIB // row["per-byte"], row.get("at-most", 10**6))
    if connections is None:
        return None
    pooler = row.get("poolers", {}).get(plan, row.get("pooler"))
    about = f"{row['provider']} {plan}".strip()
    nominal = (
        ", by its nominal memory; the real limit is a little lower" if "per-byte" in row else ""
    )
    return HostedLimit(
        connections, row["reserved"], pooler, f"{about} (read {row['read']}{nominal})"
    )


def _memory_gib(plan: str) -> int | None:
    """Nominal memory of an AWS instance class ("db.r6g.2xlarge")."""
    match = _CLASS.match(plan)
    if match is None:
        return None
    family, times, size = match.groups()
    if size != "large":
        return _SMALL_GIB[size] if family == "t" and times is None else None
    large = _LARGE_GIB.get(family)
    if large is None:
        return None
    if times is None:
        return large
    return large * 2 * int(times or 1)


def _normal(plan: str) -> str:
    text = plan.strip().lower().replace("_", "-")
    cu = re.fullmatch(r"([\d.]+)\s*cu", text)
    return f"{cu[1]}cu" if cu else text


@cache
def _rows() -> list[dict[str, Any]]:
    import tomllib

    rows: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["limit"]
    return rows
