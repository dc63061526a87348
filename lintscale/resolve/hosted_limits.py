"""How many connections hosted databases take: the provider by the host name or the configuration,
the plan by the configuration. hosted_limits.toml has the rules, each with its source and date."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lintscale._record import record

HOSTED_TABLE = Path(__file__).with_name("hosted_limits.toml")

_HOSTS = (
    (r"\.cluster-(?:ro-|custom-)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com", "aurora"),
    (r"\.rds\.amazonaws\.com", "rds"),
    (r"\.cache\.amazonaws\.com", "elasticache"),
    (r"\.neon\.tech\b", "neon"),
    (r"\.supabase\.(?:co|com)\b", "supabase"),
    (r"\.(?:postgres|mysql)\.database\.azure\.com", "azure"),
    (r"\.db\.ondigitalocean\.com", "digitalocean"),
)
"""Providers by what their host names end with; compiled when the first host turns up."""

_GIB = 1024**3


@record
class HostedLimit:
    """``connections`` the database takes, ``reserved`` of them for administrators. ``reason``
    names the provider, the plan and the date."""

    connections: int | None
    reserved: int
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
    """What a provider's database of this engine takes on this plan; None where no rule says it.
    An engine of "" is PostgreSQL where the provider has only that."""
    rows = [row for row in _rows() if row["provider"] == provider]
    if engine == "" and len({row["engine"] for row in rows}) > 1:
        return None
    for row in rows:
        if engine not in ("", row["engine"]):
            continue
        found = _connections(row, plan.strip().lower().replace("_", "-"))
        if found is not None:
            about = f"{provider} {plan.strip().lower()}".strip()
            nominal = ", upper bound by nominal memory" if row.get("nominal") else ""
            return HostedLimit(found, row["reserved"], f"{about} (read {row['read']}{nominal})")
    return None


def _connections(row: dict[str, Any], plan: str) -> int | None:
    if "connections" in row:
        return int(row["connections"])
    size = _SIZES[row["sizes"]](plan) if plan else None
    if isinstance(size, str):
        by_name: dict[str, int] = row.get("plans", {})
        return by_name.get(size)
    if size is None or not 0 < size < 100_000:
        return None
    return _by_memory(row, size)


def _by_memory(row: dict[str, Any], gib: float) -> int | None:
    reached = [connections for least, connections in row.get("steps", ()) if gib >= least]
    if reached and reached[-1]:
        return int(reached[-1])
    most = int(row.get("at-most", 1_000_000))
    if "doublings" in row:
        least, each = row["doublings"]
        found: int = max(0, math.ceil(math.log2(gib / least))) * each
        return found if 0 < found <= most else None
    if "per-byte" in row:
        return min(most, math.floor(gib * _GIB / int(row["per-byte"])))
    if "per-gib" not in row:
        return None
    exact = gib * float(row["per-gib"])
    return min(most, round(exact) if row.get("nearest") else math.floor(exact))


# -- what plans say -------------------------------------------------------------------------------

_Size = float | str | None
"""GiB of memory, or the name of a plan as the table has it."""

_PLAIN_MEMORY = r"(\d+(?:\.\d+)?)\s*-?gi?b"


def _plain(plan: str) -> float | None:
    """ "16 GB", "16gib": memory alone."""
    match = re.fullmatch(_PLAIN_MEMORY, plan)
    return float(match[1]) if match else None


_LARGE_GIB = {
    **dict.fromkeys(("t2", "t3", "t4g"), 8.0),
    **dict.fromkeys(("r3", "r4"), 15.25),
    "m3": 7.5,
    "x1": 30.5,
    "x1e": 61.0,
    "x2iedn": 64.0,
    "z1d": 16.0,
}
"""GiB of memory of a family's ``large``, where it is not that of its letter."""

_LETTER_GIB = {"m": 8.0, "r": 16.0, "c": 4.0, "x": 32.0}
"""The same by letter, for families that are still to come: each size doubles it, from the 4th
generation on (aws.amazon.com/rds/instance-types, aws.amazon.com/ec2/instance-types, Aug 2026)."""

_CLASS = r"(?:db\.|cache\.)?((t|m|r|c|x|z)\d+[a-z-]*)\.(?:(\d*)x)?(micro|small|medium|large)"


def _aws(plan: str) -> float | None:
    """Nominal memory of an instance class ("db.r6g.2xlarge"), or of a serverless cluster's
    largest capacity ("8 ACU": 2 GiB each)."""
    capacity = re.fullmatch(r"(\d+(?:\.\d+)?)\s*-?acus?", plan)
    if capacity:
        return 2 * float(capacity[1])
    match = re.fullmatch(_CLASS, plan)
    if match is None:
        return _plain(plan)
    family, letter, times, size = match.groups()
    large = _LARGE_GIB.get(family) or _LETTER_GIB.get(letter)
    if large is None:
        return None
    if size == "large":
        return large if times is None else large * 2 * int(times or 1)
    if times is not None:
        return None
    shrunk = {"medium": 2, "small": 4, "micro": 8}[size]
    return large / shrunk if letter == "t" or size == "medium" else None


def _burstable(plan: str) -> float | None:
    return _aws(plan) if re.match(r"(?:db\.)?t\d", plan) else None


def _memory_optimised(plan: str) -> float | None:
    return _aws(plan) if re.match(r"(?:db\.)?[rx]\d", plan) else None


def _neon(plan: str) -> float | None:
    """Compute units of 4 GiB; where it scales, by its largest size."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*-?(?:cus?)?", plan)
    return 4 * float(match[1]) if match else None


def _supabase(plan: str) -> str:
    """ "2XL", "2xlarge" and "ci_2xlarge" are one."""
    return re.sub(r"(?<=x)large\Z", "l", plan.removeprefix("ci-"))


def _azure(plan: str) -> float | None:
    """ "Standard_D4ds_v5", "GP_Standard_D4ds_v5", "B2ms": GiB for each vCPU by the series
    (learn.microsoft.com/azure/postgresql/flexible-server/concepts-compute, Nov 2026)."""
    match = re.fullmatch(r"(?:(?:b|gp|mo)-)?(?:standard-)?([bde])(\d{1,3})([a-z]*)(?:-v\d)?", plan)
    if match is None:
        return _plain(plan)
    series, cores, kind = match[1], int(match[2]), match[3]
    if series == "b":
        if "m" in kind:
            return 2.0 if cores == 1 else 4.0 * cores
        return {1: 1.0, 2: 4.0}.get(cores) if kind == "s" else None
    return (4.0 if series == "d" else 8.0) * cores


def _google(plan: str) -> float | None:
    """ "db-custom-2-7680", "db-n1-standard-4", "db-perf-optimized-N-4"
    (cloud.google.com/sql/docs/postgres/create-instance, machine types)."""
    custom = re.fullmatch(r"db-custom-\d+-(\d+)", plan)
    if custom:
        return int(custom[1]) / 1024
    match = re.fullmatch(r"db-(?:n1-)?(standard|highmem|perf-optimized-n)-(\d+)", plan)
    if match:
        return {"standard": 3.75, "highmem": 6.5, "perf-optimized-n": 8.0}[match[1]] * int(match[2])
    return {"db-f1-micro": 0.6, "db-g1-small": 1.7}.get(plan) or _plain(plan)


def _digitalocean(plan: str) -> float | None:
    """ "db-s-1vcpu-2gb", "gd-4vcpu-16gb"."""
    match = re.fullmatch(rf"[a-z0-9-]+vcpu-{_PLAIN_MEMORY}", plan)
    return float(match[1]) if match else _plain(plan)


def _heroku(plan: str) -> str:
    """Tiers of one number take the same, from 3 on all do."""
    match = re.fullmatch(
        r"(?:heroku-postgresql:)?(standard|premium|private|shield)-(\d{1,2})", plan
    )
    if match is None:
        return plan.removeprefix("heroku-postgresql:")
    return f"standard-{min(3, int(match[2]))}"


_SIZES: dict[str, Callable[[str], _Size]] = {
    "aws": _aws,
    "aws-burstable": _burstable,
    "aws-memory-optimised": _memory_optimised,
    "azure": _azure,
    "digitalocean": _digitalocean,
    "google": _google,
    "heroku": _heroku,
    "neon": _neon,
    "supabase": _supabase,
}


@cache
def _rows() -> list[dict[str, Any]]:
    import tomllib

    rows: list[dict[str, Any]] = tomllib.loads(HOSTED_TABLE.read_text(encoding="utf-8"))["limit"]
    return rows
