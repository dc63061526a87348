"""Makes the schemas of custom resources: KEDA, Argo Rollouts, Knative, vertical autoscaler.

    python -m tools.schemas.custom_resources FOLDER [--check]

FOLDER holds the packages @kubernetes-models/… (MIT) of the versions below, as `npm pack` and tar or
`npm install` leave them. They are made from the projects' Go types, and ship what a schema says in
two halves: TypeScript declarations (structure, required keys, enumerations), and compiled
validators, from which only is taken which numbers are whole ones, and of 32 bits. What the
projects' newest versions have beyond that is in ``_NEWER``. Types that Kubernetes itself defines
are references into core.json.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tools.schemas.kubernetes import BOUNDS
from tools.schemas.kubernetes import TARGET as CORE
from tools.schemas.layout import dump

Schema = dict[str, Any]

FOLDER = CORE.parent
DATE = "2026-11-25"
"""When the packages were read last; changed with their versions."""


class Package(NamedTuple):
    """``kinds`` are the declarations of the kinds, relative to the package."""

    version: str
    kinds: tuple[str, ...]
    project: str


PACKAGES = {
    "keda": Package("2.0.0", ("keda.sh/v1alpha1/ScaledObject",), "kedacore/keda"),
    "argo-rollouts": Package("2.0.0", ("argoproj.io/v1alpha1/Rollout",), "argoproj/argo-rollouts"),
    "knative": Package("4.0.0", ("serving.knative.dev/v1/Service",), "knative/serving"),
    "autoscaler": Package(
        "5.0.0",
        (
            "autoscaling.k8s.io/v1/VerticalPodAutoscaler",
            "autoscaling.k8s.io/v1beta2/VerticalPodAutoscaler",
        ),
        "kubernetes/autoscaler",
    ),
}
"""By the packages' names, which are also those of the files."""

_TRIGGERS = """
    activemq apache-kafka arangodb artemis-queue aws-cloudwatch aws-dynamodb
    aws-dynamodb-streams aws-kinesis-stream aws-sqs-queue azure-app-insights azure-blob
    azure-cosmosdb azure-data-explorer azure-eventhub azure-log-analytics azure-monitor
    azure-pipelines azure-queue azure-servicebus beanstalkd cassandra clickhouse couchdb cpu
    cron datadog dynatrace elastic-forecast elasticsearch etcd external external-mock
    external-push forgejo-runner gcp-cloudtasks gcp-pubsub gcp-spanner gcp-stackdriver
    gcp-storage github-runner graphite huawei-cloudeye ibmmq influxdb kafka
    kubernetes-resource kubernetes-workload liiklus loki memory metrics-api mongodb mssql
    mysql nats-jetstream new-relic nsq opensearch openstack-metric openstack-swift postgresql
    predictkube prometheus pulsar rabbitmq redis redis-cluster redis-cluster-streams
    redis-sentinel redis-sentinel-streams redis-streams selenium-grid solace-direct-messaging
    solace-event-queue solarwinds solr splunk splunk-observability stan sumologic temporal
"""
"""The types in kedacore/keda 2.21, pkg/scaling/scalers_builder.go, and "stan", which earlier
versions have; the project's own schema takes any text (read December 2026)."""

_NEWER: dict[str, dict[str, Schema]] = {
    "keda": {
        "keda.sh.v1alpha1.Fallback": {
            "behavior": {
                "enum": [
                    "static", "currentReplicas", "currentReplicasIfHigher",
                    "currentReplicasIfLower", "scalingModifiers",
                ]
            }
        },
        "keda.sh.v1alpha1.ScaleTriggers": {
            "type": {"enum": _TRIGGERS.split(), "x-expected": "a trigger type of KEDA 2.21"}
        },
    },
    "autoscaler": {
        "autoscaling.k8s.io.v1.UpdateMode": {
            "enum": ["Off", "Initial", "Recreate", "InPlaceOrRecreate", "InPlace", "Auto"]
        },
        "autoscaling.k8s.io.v1.PodUpdatePolicy": {
            "evictAfterOOMSeconds": {"type": "integer"} | BOUNDS["int32"],
        },
        "autoscaling.k8s.io.v1.ContainerResourcePolicy": {
            "memoryAggregationIntervalCount": {"type": "integer"},
            "memoryAggregationIntervalSeconds": {"type": "integer"},
            "startupBoost": {"type": "object"},
        },
        "autoscaling.k8s.io.v1.VerticalPodAutoscalerSpec": {"startupBoost": {"type": "object"}},
    },
}  # fmt: skip
"""What the projects' newest versions have and the packages do not, by definition and property
(of an enumeration, its values): KEDA 2.21.0 (apis/keda/v1alpha1/scaledobject_types.go) and the
vertical autoscaler 1.8.1 (pkg/apis/autoscaling.k8s.io/v1/types.go), read December 2026."""

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r"import \{ (\w+) \} from \"([^\"]+)\"")
_INTERFACE = re.compile(
    r"export interface (\w+)(?: extends ([^{]+))? \{\n(.*?)^\}", re.DOTALL | re.MULTILINE
)
_ALIAS = re.compile(r"export type I\w+ = ([^;]+);")
_PROPERTY = re.compile(
    r"^    \"([^\"]+)\"(\?)?: (.*?);(?=\n    \"|\s*\Z)", re.MULTILINE | re.DOTALL
)
_MAP = re.compile(r"\{\s*\[key: string\]: (.*?);\s*\}\Z", re.DOTALL)
_LITERALS = re.compile(r"\"[^\"]*\"(?: \| \"[^\"]*\")*\Z")
_ARRAY = re.compile(r"Array<(.*)>\Z", re.DOTALL)
_FUNCTION = re.compile(r"function (validate\d+)\(")
_CALL = re.compile(r"(validate\d+)\(data(?:\.(\w+)|\[\"([^\"]+)\"\])")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    stale = 0
    for name in PACKAGES:
        text = dump(made(name, arguments.folder))
        target = FOLDER / f"{name}.json"
        if arguments.check:
            stale += target.read_text(encoding="utf-8") != text
        else:
            target.write_text(text, encoding="utf-8")
    return 1 if stale else 0


def made(name: str, folder: Path) -> Schema:
    """The whole file for one package. Raises FileNotFoundError where ``folder`` does not hold it in
    the version that is wanted."""
    package = PACKAGES[name]
    reader = _Reader(_unpacked(name, package.version, folder))
    for kind in package.kinds:
        group, version, own = kind.split("/")
        reader.kind(kind, f"{group}.{version}.{own}")
    for definition, newer in _NEWER.get(name, {}).items():
        known = reader.definitions[definition]
        if "properties" in known:
            known["properties"] = dict(sorted((known["properties"] | newer).items()))
        else:
            known.update(newer)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "x-origin": {
            "source": f"the npm package @kubernetes-models/{name}, made from the Go types of "
            f"github.com/{package.project}",
            "version": f"@kubernetes-models/{name} {package.version}",
            "date": DATE,
            "licence": "MIT",
        },
        "$defs": dict(sorted(reader.definitions.items())),
    }


def _unpacked(name: str, version: str, folder: Path) -> Path:
    for manifest in sorted(folder.rglob("package.json")):
        plain = json.loads(manifest.read_text(encoding="utf-8"))
        if plain.get("name") == f"@kubernetes-models/{name}" and plain["version"] == version:
            return manifest.parent
    raise FileNotFoundError(f"no @kubernetes-models/{name} {version} in {folder}")


class _Reader:
    """Declarations of one package into definitions."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.definitions: dict[str, Schema] = {}
        self.core: dict[str, Schema] = json.loads(CORE.read_text(encoding="utf-8"))["$defs"]

    def kind(self, declaration: str, name: str) -> None:
        """Add the definition of an object."""
        self.definitions[name] = schema = self._read(self.package / f"{declaration}.d.ts")
        for key in ("apiVersion", "kind"):
            schema["properties"][key] = {"type": "string"}
        schema["properties"] = dict(sorted(schema["properties"].items()))
        schema["required"] = [
            key for key in schema["required"] if key not in ("apiVersion", "kind")
        ]
        if "status" in schema["properties"]:
            schema["properties"]["status"] = {"type": "object"}

    def _read(self, file: Path) -> Schema:
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        imports = dict(_IMPORT.findall(text))
        interface = _INTERFACE.search(text)
        if interface is None:
            alias = _ALIAS.search(text)
            if alias is None:
                raise ValueError(f"neither an interface nor a type in {file}")
            return self._type(alias[1], imports, file)
        properties: Schema = {}
        required = []
        whole = _whole_numbers(self._validator(text))
        for base in filter(None, (each.strip() for each in (interface[2] or "").split(","))):
            if base in imports and not base.startswith("TypeMeta"):
                inherited = self._inherited(imports[base], file)
                properties.update(inherited.get("properties", {}))
                required.extend(inherited.get("required", []))
        for key, optional, written in _PROPERTY.findall(interface[3]):
            if key == "status":
                properties[key] = {"type": "object"}
                continue
            properties[key] = self._type(written, imports, file, whole.get(key))
            if not optional:
                required.append(key)
        head: Schema = {"type": "object"}
        if required:
            head["required"] = required
        return {
            **head,
            "additionalProperties": False,
            "properties": dict(sorted(properties.items())),
        }

    def _validator(self, declaration: str) -> str:
        """The compiled validator that belongs to a declaration."""
        exported = re.search(r"export type \{.* (?:\w+) as (\w+) \};", declaration)
        file = self.package / "_schemas" / f"{exported[1]}.js" if exported else None
        return file.read_text(encoding="utf-8") if file and file.exists() else ""

    def _type(
        self, written: str, imports: dict[str, str], file: Path, whole: Schema | None = None
    ) -> Schema:
        """``whole``: what its numbers are held to, where they are whole ones."""
        written = written.strip()
        simple: dict[str, Schema] = {
            "string": {"type": "string"},
            "boolean": {"type": "boolean"},
            "number": whole or {"type": "number"},
            "any": {},
            "{}": {"type": "object"},
            "object": {"type": "object"},
        }
        if written in simple:
            return simple[written]
        if _LITERALS.match(written):
            return {"enum": re.findall(r"\"([^\"]*)\"", written)}
        array, mapping = _ARRAY.match(written), _MAP.match(written)
        if array:
            return {
                "type": "array",
                "items": self._type(array[1], imports, file, whole),
            }
        if mapping:
            values = self._type(mapping[1], imports, file, whole)
            return {"type": "object", **({"additionalProperties": values} if values else {})}
        if written in imports:
            return self._reference(imports[written], file)
        raise ValueError(f"{file}: a type that this program does not know: {written}")

    def _reference(self, source: str, file: Path) -> Schema:
        name = _core_name(source)
        if name is not None:
            if name not in self.core:
                raise ValueError(f"{file}: {name} is not in core.json")
            return {"$ref": f"core.json#/$defs/{name}"}
        target = (file.parent / source).resolve().with_suffix("").with_suffix(".d.ts")
        name = ".".join(target.relative_to(self.package.resolve()).parts).removesuffix(".d.ts")
        if name not in self.definitions:
            self.definitions[name] = {}  # it may refer to itself
            self.definitions[name] = self._read(target)
        return {"$ref": f"#/$defs/{name}"}

    def _inherited(self, source: str, file: Path) -> Schema:
        """What a base has, references turned to where it stands."""
        name = _core_name(source)
        if name is None:
            return self.definitions[self._reference(source, file)["$ref"].rpartition("/")[2]]
        text = json.dumps(self.core[name]).replace('"#/$defs/', '"core.json#/$defs/')
        return dict(json.loads(text))


def _core_name(source: str) -> str | None:
    """Our name for a type of Kubernetes' own; None for one of the package."""
    api = source.removeprefix("kubernetes-models/")
    if api != source:
        return (
            api.replace("/", ".")
            if "/" in api.partition("/")[2]
            else f"core.{api}".replace("/", ".")
        )
    machinery = source.removeprefix("@kubernetes-models/apimachinery/")
    if machinery == source:
        return None
    for prefix in ("apis/", "api/resource/", "util/intstr/"):
        machinery = machinery.removeprefix(prefix)
    return machinery.replace("/", ".")


def _whole_numbers(validator: str) -> dict[str, Schema]:
    """What the validator wants of the properties whose values are integers."""
    starts = [(match[1], match.start()) for match in _FUNCTION.finditer(validator)]
    bodies = {
        name: validator[start:end]
        for (name, start), end in zip(
            starts, [*(start for _, start in starts[1:]), len(validator)], strict=True
        )
    }
    whole = {
        name: {"type": "integer"} | (BOUNDS["int32"] if 'format:"int32"' in body else {})
        for name, body in bodies.items()
        if 'type:"integer"' in body
    }
    return {
        key or quoted: whole[name]
        for name, key, quoted in _CALL.findall(validator)
        if name in whole
    }


if __name__ == "__main__":
    sys.exit(main())
