"""Task sizes: how they are written, and which of them Fargate sells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from lintscale.model.declared import Container, InstanceSize
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.ecs.names import child
from lintscale.syntax.field import Field
from lintscale.syntax.regex import regex

MIB = 1024 * 1024
CPU_UNITS_PER_CORE = 1024

FARGATE_MEMORY_MIB: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}
"""CPU units → memory in MiB that Fargate runs with them. ECS developer guide, "Troubleshoot
Amazon ECS task definition invalid CPU or memory errors", and the ECS API reference,
RegisterTaskDefinition; read Aug 2026. 32 vCPU: ECS developer guide, "Task size" (by way of
github.com/aws-cloudformation/cfn-lint/pull/4668, read Dec 2026)."""

_LINUX_ONLY = frozenset({8192, 16384, 32768})
"""The same pages: these need Linux."""

_MANY = 2**62
"""The largest sum: no machine comes near it, and expressions know 64-bit integers only."""

_CPU_UNITS = regex(r"\s*(\d{1,9})\s*")
_VCPUS = regex(r"\s*(\d{0,6}(?:\.\d{1,9})?)\s*vcpu\s*", re.IGNORECASE)
_GIGABYTES = regex(r"\s*(\d{0,6}(?:\.\d{1,9})?)\s*gb\s*", re.IGNORECASE)


def task_size(definition: Field, contained: tuple[Container, ...]) -> InstanceSize:
    """CPU and memory of a whole task, whether Fargate sells the pair where it must, and what its
    containers come to together. One that says nothing takes what the others leave."""
    cpu_units = _amount(child(definition, "cpu"), _VCPUS, CPU_UNITS_PER_CORE)
    memory_mib = _amount(child(definition, "memory"), _GIGABYTES, 1024)
    offered, sizes = None, ""
    if requires_fargate(definition) and cpu_units.value and memory_mib.value:
        sold = _sold_for(definition)
        offered = memory_mib.value in sold.get(cpu_units.value, ())
        sizes = fargate_sizes(cpu_units.value, sold)
    return InstanceSize(
        cpu_cores=_converted(cpu_units, 1 / CPU_UNITS_PER_CORE),
        memory_bytes=Sourced(
            memory_mib.value * MIB if memory_mib.value is not None else None,
            memory_mib.source,
            memory_mib.location,
            memory_mib.reason,
        ),
        offered=offered,
        offered_sizes=sizes,
        containers_cpu_cores=_sum([Sourced(0.0), *(each.cpu_request_cores for each in contained)]),
        containers_memory_bytes=_sum([_most_memory(each) for each in contained]),
        containers_reserved_bytes=_sum([each.memory_request_bytes for each in contained]),
    )


N = TypeVar("N", int, float)


def _sum(amounts: list[Sourced[N]]) -> N | None:
    """None where one of them is written and cannot be known."""
    if any(amount.unknown for amount in amounts):
        return None
    known = [amount.value for amount in amounts if amount.value is not None]
    return min(sum(known), _MANY)


def _most_memory(container: Container) -> Sourced[int]:
    """The hard limit; the reservation where there is none."""
    limit = container.memory_limit_bytes
    return limit if limit.source is not None else container.memory_request_bytes


def requires_fargate(definition: Field) -> bool:
    """Whether the definition must run on Fargate (beside EC2 or not): ECS then checks the size
    when it is registered."""
    wanted = child(definition, "requiresCompatibilities")
    texts = [wanted.string()] if wanted.is_scalar else [item.string() for item in wanted.items()]
    return any(text is not None and text.strip().upper() == "FARGATE" for text in texts)


def _sold_for(definition: Field) -> Mapping[int, tuple[int, ...]]:
    """What Fargate sells for the operating system of the task, which is Linux by default."""
    system = child(definition, "runtimePlatform", "operatingSystemFamily").string() or ""
    if not system.strip().upper().startswith("WINDOWS"):
        return FARGATE_MEMORY_MIB
    return {cpu: sold for cpu, sold in FARGATE_MEMORY_MIB.items() if cpu not in _LINUX_ONLY}


def fargate_sizes(cpu_units: int, sold: Mapping[int, tuple[int, ...]] = FARGATE_MEMORY_MIB) -> str:
    """What Fargate sells beside this many CPU units, in words; where it does not sell these CPU
    units at all, which it does."""
    memory = sold.get(cpu_units)
    if memory is None:
        return f"{_listed(tuple(sold))} CPU units"
    if len(memory) <= 4:
        amounts = _listed(memory)
    else:
        amounts = f"{memory[0]} to {memory[-1]} in steps of {memory[1] - memory[0]}"
    return f"{amounts} MiB with {cpu_units} CPU units"


def _listed(numbers: tuple[int, ...]) -> str:
    return f"{', '.join(str(number) for number in numbers[:-1])} or {numbers[-1]}"


def _amount(field: Field, unit: re.Pattern[str], per_unit: int) -> Sourced[int]:
    """A count of CPU units or MiB, written as such or as a decimal number with ``unit``."""
    if not field.is_scalar:
        return field.integer()
    text = field.string() or ""
    plain = _CPU_UNITS.fullmatch(text)
    if plain:
        return Sourced(int(plain[1]), Source.FILE, field.location)
    named = unit.fullmatch(text)
    if named and named[1]:
        amount = float(named[1]) * per_unit
        if amount.is_integer():
            return Sourced(int(amount), Source.FILE, field.location)
    return Sourced(None, Source.FILE, field.location, "not a size that ECS accepts")


def _converted(units: Sourced[int], factor: float) -> Sourced[float]:
    value = units.value * factor if units.value is not None else None
    return Sourced(value, units.source, units.location, units.reason)
