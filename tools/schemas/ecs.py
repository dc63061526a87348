"""Makes schemas/ecs/*.json: the inputs of the AWS calls that lintscale reads.

    python -m tools.schemas.ecs            # write the files
    python -m tools.schemas.ecs --check    # exit with 1 when they are not what would be written

Source: the service models in botocore (Apache-2.0), by which the AWS CLI checks an input before it
sends anything: keys, types, required keys. It leaves enumerations and most ranges to the service;
the enumerations are taken over, and the ranges that the models keep in prose are added here, each
with the shape whose documentation says so.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

from tools.schemas.layout import dump

Schema = dict[str, Any]

TARGET = Path(__file__).parent.parent.parent / "schemas" / "ecs"

PACKAGE = "botocore"
DATE = "2026-11-25"
"""When the package was read last; changed with its version."""

ECS = ("ecs", "2014-11-13")
SCALING = ("application-autoscaling", "2016-02-06")

CALLS = {
    "register-task-definition": (ECS, "RegisterTaskDefinitionRequest", "TaskDefinition"),
    "create-service": (ECS, "CreateServiceRequest", "Service"),
    "update-service": (ECS, "UpdateServiceRequest", "Service"),
    "register-scalable-target": (SCALING, "RegisterScalableTargetRequest", "ScalableTarget"),
    "put-scaling-policy": (SCALING, "PutScalingPolicyRequest", "ScalingPolicy"),
    "put-scheduled-action": (SCALING, "PutScheduledActionRequest", "ScheduledAction"),
}
"""By file: the model, the call's input in it, and what the describe calls print of the object."""

ON_THE_COMMAND_LINE = {
    "register-task-definition": ("family",),
    "create-service": ("serviceName",),
    "update-service": ("service",),
    "register-scalable-target": ("ServiceNamespace", "ResourceId", "ScalableDimension"),
    "put-scaling-policy": ("PolicyName", "ServiceNamespace", "ResourceId", "ScalableDimension"),
    "put-scheduled-action": (
        "ServiceNamespace", "ScheduledActionName", "ResourceId", "ScalableDimension",
    ),
}  # fmt: skip
"""Required keys that people keep out of the file: the CLI takes them beside --cli-input-json, and
deploy scripts know the service's name anyway."""

RANGES: dict[str, dict[str, Schema]] = {
    "HealthCheck": {
        "interval": {"minimum": 5, "maximum": 300},
        "timeout": {"minimum": 2, "maximum": 60},
        "retries": {"minimum": 1, "maximum": 10},
        "startPeriod": {"minimum": 0, "maximum": 300},
    },
    "EphemeralStorage": {"sizeInGiB": {"minimum": 21, "maximum": 200}},
    "ContainerRestartPolicy": {"restartAttemptPeriod": {"minimum": 60, "maximum": 1800}},
    "LinuxParameters": {"swappiness": {"minimum": 0, "maximum": 100}},
    "PortMapping": {
        "containerPort": {"minimum": 0, "maximum": 65535},
        "hostPort": {"minimum": 0, "maximum": 65535},
    },
}
"""What the service checks and the models say in prose only, by shape and member; botocore's
documentation of the shape is the source. Ports are the numbers there are."""

BELONGS = {
    "KeyValuePair": {"valueFrom": "it belongs in an entry of “secrets”"},
    "Secret": {"value": "it belongs in an entry of “environment”"},
}
"""Keys that people write into a shape and that belong elsewhere."""

NOTES: Schema = {r"^\$schema$": {}}
"""A key that speaks to editors. Keys for people ("_comment") are unknown ones: the AWS CLI rejects
them (botocore's ParamValidator: "Unknown parameter in input")."""

FARGATE_TIMEOUT: Schema = {"minimum": 2, "maximum": 120}
"""startTimeout and stopTimeout on Fargate (ECS API reference, ContainerDefinition, Aug 2026)."""

_TYPES = {
    "string": "string",
    "integer": "integer",
    "long": "integer",
    "double": "number",
    "float": "number",
    "boolean": "boolean",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    changed = 0
    for name, text in files():
        path = TARGET / f"{name}.json"
        if check:
            changed += not path.is_file() or path.read_text(encoding="utf-8") != text
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 1 if changed else 0


def files() -> Iterator[tuple[str, str]]:
    """Each file's name without ".json", and its text."""
    for name, (model, shape, described) in CALLS.items():
        yield name, dump(_call(name, *model, shape, described))


def members(service: str, version: str, shape: str) -> set[str]:
    """The keys of a structure in a model."""
    return set(_shapes(service, version)[shape]["members"])


def _call(name: str, service: str, version: str, shape: str, described: str) -> Schema:
    shapes = _shapes(service, version)
    definitions = {each: _structure(each, shapes) for each in _reachable(shape, shapes)}
    whole = definitions[shape]
    whole["required"] = [
        key for key in whole.get("required", ()) if key not in ON_THE_COMMAND_LINE[name]
    ]
    printed: Schema = {
        key: {} for key in shapes[described]["members"] if key not in whole["properties"]
    }
    # Of a service, one call takes what the other does not; both print the same.
    whole["properties"] |= {key: printed[key] for key in sorted(printed)}
    if name == "register-task-definition":
        _add_fargate(whole)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-origin": {
            "source": f"{PACKAGE} on PyPI, data/{service}/{version}",
            "version": f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
            "date": DATE,
            "licence": "Apache-2.0",
        },
        "$ref": f"#/$defs/{shape}",
        "$defs": definitions,
    }


def _shapes(service: str, version: str) -> dict[str, Any]:
    model = Loader().load_service_model(service, "service-2", version)
    shapes: dict[str, Any] = model["shapes"]
    return shapes


def _reachable(root: str, shapes: dict[str, Any]) -> list[str]:
    """The structures that ``root`` is made of, itself first, the others sorted."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        shape = shapes[name]
        if shape["type"] == "structure":
            if name in found:
                continue
            found.add(name)
            waiting.extend(member["shape"] for member in shape["members"].values())
        elif shape["type"] == "list":
            waiting.append(shape["member"]["shape"])
        elif shape["type"] == "map":
            waiting.append(shape["value"]["shape"])
    return [root, *sorted(found - {root})]


def _structure(name: str, shapes: dict[str, Any]) -> Schema:
    shape = shapes[name]
    properties = {key: _value(member["shape"], shapes) for key, member in shape["members"].items()}
    for key, bounds in RANGES.get(name, {}).items():
        properties[key] = properties[key] | bounds
    for key, where in BELONGS.get(name, {}).items():
        properties[key] = {"not": {}, "x-belongs": where}
    if shape.get("document"):
        return {"type": "object"}  # free in form
    schema: Schema = {"type": "object", "additionalProperties": False, "patternProperties": NOTES}
    if shape.get("required"):
        schema["required"] = list(shape["required"])
    return {**schema, "properties": properties}


def _value(name: str, shapes: dict[str, Any]) -> Schema:
    shape = shapes[name]
    kind = shape["type"]
    if kind == "structure":
        return {"$ref": f"#/$defs/{name}"}
    if kind == "list":
        least = {"minItems": shape["min"]} if shape.get("min") else {}
        return {"type": "array", **least, "items": _value(shape["member"]["shape"], shapes)}
    if kind == "map":
        return {"type": "object", "additionalProperties": _value(shape["value"]["shape"], shapes)}
    if kind not in _TYPES:
        return {}  # a time, in whatever form
    schema: Schema = {"type": _TYPES[kind]}
    if shape.get("enum"):
        # Tools that save what a service has write "" for what is not set, and leave it out again.
        schema["enum"] = [*shape["enum"], ""]
    if schema["type"] == "string" and shape.get("min") and "enum" not in schema:
        schema["minLength"] = shape["min"]
    if schema["type"] in ("integer", "number"):
        for key, bound in (("minimum", "min"), ("maximum", "max")):
            if bound in shape:
                schema[key] = shape[bound]
    return schema


def _add_fargate(whole: Schema) -> None:
    timeouts = {"startTimeout": FARGATE_TIMEOUT, "stopTimeout": FARGATE_TIMEOUT}
    whole["if"] = {
        "required": ["requiresCompatibilities"],
        "properties": {
            "requiresCompatibilities": {"not": {"items": {"not": {"const": "FARGATE"}}}}
        },
    }
    whole["then"] = {"properties": {"containerDefinitions": {"items": {"properties": timeouts}}}}


if __name__ == "__main__":
    sys.exit(main())
