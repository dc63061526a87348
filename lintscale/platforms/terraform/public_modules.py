"""Modules of the public registry, by their variables."""

from __future__ import annotations

from lintscale.platforms.terraform.folders import registry_source
from lintscale.platforms.terraform.modules import Object
from lintscale.platforms.terraform.values import Unknown, Value, unknown


def source_of(thing: Object) -> str:
    """The source of a module that is kept elsewhere, without its host."""
    return registry_source(thing.block).removeprefix("registry.terraform.io/").lower()


_CONTAINER = {
    "container_name": "name",
    "container_image": "image",
    "container_cpu": "cpu",
    "container_memory": "memory",
    "container_memory_reservation": "memoryReservation",
    "essential": "essential",
    "command": "command",
    "entrypoint": "entryPoint",
    "port_mappings": "portMappings",
    "environment": "environment",
    "secrets": "secrets",
    "healthcheck": "healthCheck",
    "stop_timeout": "stopTimeout",
}
"""cloudposse/terraform-aws-ecs-container-definition v0.61.2 (2025-09-14), variables.tf."""


def container_definition(value: Value) -> Value | None:
    """The container of cloudposse/ecs-container-definition, of which a value is an output."""
    for ref in value.refs:
        if not (isinstance(ref, Object) and ref.type == "module"):
            continue
        if "cloudposse/ecs-container-definition" not in source_of(ref):
            continue
        entries = {}
        for variable, key in _CONTAINER.items():
            if ref.has(variable):
                entries[key] = ref.get(variable)
        if ref.has("map_environment") and "environment" not in entries:
            entries["environment"] = _named(ref.get("map_environment"), "value")
        if ref.has("map_secrets") and "secrets" not in entries:
            entries["secrets"] = _named(ref.get("map_secrets"), "valueFrom")
        return Value(entries, None, (ref,))
    return None


def _named(value: Value, key: str) -> Value:
    if not isinstance(value.data, dict):
        return value if isinstance(value.data, Unknown) else unknown("${map}")
    items = [Value({"name": Value(name), key: item}) for name, item in value.data.items()]
    return Value(items, value.place)
