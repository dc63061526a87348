"""Scaling settings that people write and Railway drops.

Railway has no horizontal autoscaler: the replica count is set by hand
(docs.railway.com/deployments/scaling, Aug 2026), and unknown keys of the file are dropped. The
settings are read all the same, as an autoscaler without effect, so that what they promise can be
reported and contradictions in them are seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lintscale.model.declared import (
    Autoscaler,
    IgnoredSetting,
    Metric,
    Reference,
    ScalingBehavior,
    ScalingPolicy,
    Workload,
)
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.field import Field

REASON = "Railway has no autoscaler"

_BLOCKS = frozenset(
    f"{horizontal}{auto}scal{ending}"
    for horizontal in ("", "horizontal")
    for auto in ("", "auto")
    for ending in ("ing", "e", "er")
)
"""What people call them; the schema leaves keys of these names to the remark on them."""

_MIN = ("mininstances", "minreplicas", "min", "minimum", "mincount", "mincapacity")
_MAX = ("maxinstances", "maxreplicas", "max", "maximum", "maxcount", "maxcapacity")
_METRICS = {
    "cpu": (
        "targetcpu", "targetcpupercent", "targetcpuutilization", "targetcpuutilizationpercent",
        "targetcpuutilizationpercentage", "cputarget", "cpupercent", "cputhreshold", "cpu",
    ),
    "memory": (
        "targetmemory", "targetmemorypercent", "targetmemoryutilization",
        "targetmemoryutilizationpercent", "targetmemoryutilizationpercentage", "memorytarget",
        "memorypercent", "memorythreshold", "memory",
    ),
}  # fmt: skip
"""Names as the scaling guides and the other platforms have them, without case and separators;
an earlier one wins where several are written."""


def blocks(place: Field) -> Iterator[Field]:
    """The scaling settings directly in this mapping, those that say they are off left out."""
    for key, _ in place.entries():
        block = place.get(key)
        if _plain(key) in _BLOCKS and block.present and not _is_off(block):
            yield block


def autoscaler(block: Field, name: str, environment: str) -> Autoscaler:
    """The settings as an autoscaler without effect. ``environment`` "" means all of the file's."""
    fields = _by_plain_name(block)
    metrics = tuple(_metrics(fields))
    behavior = ScalingBehavior(location=block.location)
    policy = ScalingPolicy("target tracking", "", metrics, behavior, behavior, block.location)
    return Autoscaler(
        platform="railway",
        kind=str(block.path[-1]),
        name=str(block.path[-1]),
        target=Reference("service", name, location=block.location),
        min=_bound(block, fields, _MIN, "minInstances"),
        max=_bound(block, fields, _MAX, "maxInstances"),
        policies=(policy,) if metrics else (),
        location=block.location,
        effective=False,
        ineffective_reason=REASON,
        policies_complete=block.is_mapping,
        environment_hint=environment,
    )


def ignored(block: Field, workloads: Iterable[Workload]) -> IgnoredSetting:
    """The remark on a block that speaks of these workloads, with what runs instead."""
    affected = list(workloads)
    key = ".".join(str(step) for step in block.path)
    effect = f"{REASON}; {_what_runs(affected)}"
    return IgnoredSetting("railway", "scaling", key, effect, block.location, affected[0].id)


def _what_runs(workloads: list[Workload]) -> str:
    said = {workload.environment_hint: _count(workload) for workload in workloads}
    if len(set(said.values())) == 1:
        return f"the file asks for {next(iter(said.values()))}"
    parts = [f"{count} in {hint or 'other environments'}" for hint, count in said.items()]
    return "the file asks for " + ", ".join(sorted(parts))


def _count(workload: Workload) -> str:
    if workload.role == "job":
        return "one run at a time, by its cron schedule"
    count = workload.replicas.value
    if count is None:
        return "a number of replicas that is not known"
    replicas = "1 replica" if count == 1 else f"{count} replicas"
    if workload.replicas.source is Source.PLATFORM_DEFAULT:
        return f"{replicas} (numReplicas is not set)"
    return replicas


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _is_off(block: Field) -> bool:
    return block.boolean().value is False or block.get("enabled").boolean().value is False


def _by_plain_name(block: Field) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for key in sorted(key for key, _ in block.entries()):
        fields.setdefault(_plain(key), block.get(key))
    return fields


def _bound(
    block: Field, fields: dict[str, Field], names: tuple[str, ...], usual: str
) -> Sourced[int]:
    if not block.is_mapping:
        return Sourced(None, Source.FILE, block.location, "the block is not a mapping")
    field = next((fields[name] for name in names if name in fields), None)
    return (field or block.get(usual)).integer()


def _metrics(fields: dict[str, Field]) -> Iterator[Metric]:
    for kind, names in _METRICS.items():
        field = next((fields[name] for name in names if name in fields), None)
        if field is not None and field.is_scalar:
            name = str(field.path[-1])
            yield Metric(kind, name, field.number(), "utilization percent", field.location)
