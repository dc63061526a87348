"""What Railway's file still may say and Railway wants said in another way."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model.declared import Deprecation
from lintscale.syntax.field import Field

NIXPACKS = "NIXPACKS"
RAILPACK = "RAILPACK"
"""The builder of before 2025 and its successor (docs.railway.com/builds/build-configuration:
services that have Nixpacks keep it, and move on by naming Railpack; Aug 2026)."""

_NIXPACKS_KEYS = ("nixpacksPlan", "nixpacksConfigPath", "nixpacksVersion")
"""What only Nixpacks reads: a file with one of them has more to move than the builder's name."""


def deprecations(root: Field, workload_id: str) -> Iterator[Deprecation]:
    """Everything of the kind in the file, that of its environments included."""
    yield from _of_build(root.get("build"), workload_id)
    for _, environment in root.get("environments").entries():
        yield from _of_build(environment.get("build"), workload_id)


def _of_build(build: Field, workload_id: str) -> Iterator[Deprecation]:
    builder = build.get("builder")
    if (builder.string() or "").upper() != NIXPACKS:
        return
    needs_more = [key for key in _NIXPACKS_KEYS if build.get(key).present]
    detail = "Railpack builds a different image from the same source: test it before you deploy."
    if needs_more:
        detail += f" It does not read {', '.join(needs_more)}."
    yield Deprecation(
        platform="railway",
        old=f"builder: {builder.string()}",
        replacement=f"builder: {RAILPACK}",
        location=builder.location,
        detail=detail,
        new_value="" if needs_more else RAILPACK,
        equivalent=False,
        workload=workload_id,
    )
