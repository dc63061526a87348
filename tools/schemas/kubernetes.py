"""Makes schemas/kubernetes/core.json: the built-in kinds that lintscale reads, in all versions.

    python -m tools.schemas.kubernetes            # write the file
    python -m tools.schemas.kubernetes --check    # exit with 1 when it is not what would be written

Source: the package kubernetes-validate (Apache-2.0), which ships for each Kubernetes version the
JSON Schemas that follow from upstream's OpenAPI document. The versions are merged into one schema:
a property that came later than the oldest version says ``x-since``, one that went says
``x-until``. Descriptions, formats and what only the API server writes are left out.

Upstream's schemas leave to the API server's validation functions what OpenAPI cannot, or does not,
say: enumerations, ranges, quantities. Those that people get wrong are added here, each with its
source.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

from tools.schemas.additions import ADDITIONS
from tools.schemas.layout import dump

Schema = dict[str, Any]

TARGET = Path(__file__).parent.parent.parent / "schemas" / "kubernetes" / "core.json"

PACKAGE = "kubernetes-validate"
DATE = "2026-11-25"
"""When the package was read last; changed with its version."""

OLDEST = 25
"""Minor version of the oldest Kubernetes whose schemas the package has."""

ROOTS = (
    "apps.v1.Deployment",
    "apps.v1.StatefulSet",
    "apps.v1.ReplicaSet",
    "apps.v1.DaemonSet",
    "batch.v1.Job",
    "batch.v1.CronJob",
    "core.v1.Pod",
    "core.v1.ReplicationController",
    "core.v1.Service",
    "core.v1.ConfigMap",
    "core.v1.LimitRange",
    "core.v1.ResourceQuota",
    "autoscaling.v1.HorizontalPodAutoscaler",
    "autoscaling.v2.HorizontalPodAutoscaler",
    "autoscaling.v2beta2.HorizontalPodAutoscaler",
    "policy.v1.PodDisruptionBudget",
    "scheduling.v1.PriorityClass",
)
"""The kinds themselves. What they refer to follows."""

_PREFIXES = (
    "io.k8s.api.",
    "io.k8s.apimachinery.pkg.apis.",
    "io.k8s.apimachinery.pkg.api.resource.",
    "io.k8s.apimachinery.pkg.util.intstr.",
)
BOUNDS = {"int32": {"minimum": -(2**31), "maximum": 2**31 - 1}}
"""By format: what fits into the Go type. Anything else does not unmarshal, whatever validates."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    text = dump(merged())
    if parser.parse_args().check:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


def merged() -> Schema:
    """The whole file."""
    versions = published()
    oldest, newest = min(versions), max(versions)
    definitions: dict[str, Schema] = {}
    for name in sorted(_reachable(versions)):
        definitions[name] = _over_time(name, versions)
    for name, addition in ADDITIONS.items():
        _add(definitions, name, addition)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-origin": {
            "source": f"the Python package {PACKAGE}, made from api/openapi-spec/swagger.json in "
            "github.com/kubernetes/kubernetes",
            "version": f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
            "date": DATE,
            "licence": "Apache-2.0",
        },
        "x-versions": [f"1.{minor}" for minor in range(oldest, newest + 1)],
        "$defs": definitions,
    }


def published() -> dict[int, dict[str, Schema]]:
    """By minor version: the definitions by our names for them, trimmed."""
    files = importlib.metadata.files(PACKAGE) or []
    found = {}
    for file in files:
        folder, name = file.parts[-2:] if len(file.parts) > 1 else ("", "")
        if name == "_definitions.json" and folder.endswith("-local-strict"):
            minor = int(folder.split(".")[1])
            definitions = json.loads(Path(str(file.locate())).read_text("utf-8"))["$defs"]
            found[minor] = {_short(key): _trimmed(value) for key, value in definitions.items()}
    return {minor: each for minor, each in sorted(found.items()) if minor >= OLDEST}


def _short(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _trimmed(schema: Schema) -> Schema:
    """Without what only people or code generators read; null is taken for absent everywhere."""
    result: Schema = {}
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{_short(schema['$ref'].rpartition('/')[2])}"}
    if "oneOf" in schema:  # Quantity and IntOrString, and nothing else
        types = [kind for part in schema["oneOf"] for kind in part["type"] if kind != "null"]
        return {"type": types} | (BOUNDS["int32"] if "integer" in types else {})
    kinds = schema.get("type")
    if isinstance(kinds, list):
        kinds = [kind for kind in kinds if kind != "null"]
        kinds = kinds[0] if len(kinds) == 1 else kinds
    if kinds:
        result["type"] = kinds
    result |= BOUNDS.get(schema.get("format", ""), {})
    for key in ("required", "enum"):
        if schema.get(key):
            result[key] = schema[key]
    extra = schema.get("additionalProperties")
    if extra is not None:
        result["additionalProperties"] = _trimmed(extra) if isinstance(extra, dict) else extra
    if "items" in schema:
        result["items"] = _trimmed(schema["items"])
    if "properties" in schema:
        is_object = {"apiVersion", "kind"} <= set(schema["properties"])
        result["properties"] = {
            key: _open(part)
            if key == "managedFields" or (key == "status" and is_object)
            # Files hold these two only as copies of what a cluster printed.
            else _trimmed(part)
            for key, part in schema["properties"].items()
        }
        # Which schema speaks of an object is chosen by these two.
        if is_object:
            for key in ("apiVersion", "kind"):
                result["properties"][key] = {"type": "string"}
    return result


def _open(part: Schema) -> Schema:
    return {"type": "array" if "items" in part else "object"}


def _reachable(versions: dict[int, dict[str, Schema]]) -> set[str]:
    every: set[str] = set()
    for definitions in versions.values():
        reached: set[str] = set()
        waiting = [name for name in ROOTS if name in definitions]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(_references(definitions[name]))
        every |= reached
    return every


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for each in part for name in _references(each)]
    if not isinstance(part, dict):
        return []
    found = [name for key, each in part.items() if key != "$ref" for name in _references(each)]
    if isinstance(part.get("$ref"), str):
        found.append(part["$ref"].rpartition("/")[2])
    return found


def _over_time(name: str, versions: dict[int, dict[str, Schema]]) -> Schema:
    """A definition as the newest version that has it says, with the properties that older ones
    had."""
    having = [minor for minor, definitions in versions.items() if name in definitions]
    schema = dict(versions[having[-1]][name])
    if "properties" not in schema:
        return schema
    every: dict[str, list[int]] = {}
    for minor in having:
        for key in versions[minor][name].get("properties", {}):
            every.setdefault(key, []).append(minor)
    properties = {}
    for key in sorted(every):
        minors = every[key]
        part = dict(versions[minors[-1]][name]["properties"][key])
        if minors[0] > having[0]:
            part["x-since"] = f"1.{minors[0]}"
        if minors[-1] < having[-1]:
            part["x-until"] = f"1.{minors[-1]}"
        properties[key] = part
    order = ("type", "required", "additionalProperties")
    head = {key: schema[key] for key in order if key in schema}
    return {**head, "properties": properties}


def _add(definitions: dict[str, Schema], name: str, addition: Schema) -> None:
    """Put an addition into a definition, or "Definition.property" of one. What is not there any
    more is a mistake: the addition speaks of something else than it did."""
    definition, _, key = name.partition(":")
    place = definitions[definition]
    if key:
        place = place["properties"][key]
    for each, value in addition.items():
        if each == "properties" and not key:
            place["properties"] = dict(sorted({**place["properties"], **value}.items()))
        else:
            place[each] = value


if __name__ == "__main__":
    sys.exit(main())
