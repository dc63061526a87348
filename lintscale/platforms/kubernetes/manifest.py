"""What every Kubernetes object has: its kind and API group, name, namespace and labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lintscale._record import record
from lintscale.model.declared import ObjectSuppression, Reference
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.nodes import Scalar
from lintscale.syntax.regex import regex

GROUPS: dict[str, frozenset[str]] = {
    "Deployment": frozenset({"apps", "extensions"}),
    "StatefulSet": frozenset({"apps"}),
    "ReplicaSet": frozenset({"apps", "extensions"}),
    "DaemonSet": frozenset({"apps", "extensions"}),
    "ReplicationController": frozenset({""}),
    "Rollout": frozenset({"argoproj.io"}),
    "Job": frozenset({"batch", "extensions"}),
    "CronJob": frozenset({"batch"}),
    "Pod": frozenset({""}),
    "Service": frozenset({""}),
    "ConfigMap": frozenset({""}),
    "Secret": frozenset({""}),
    "PersistentVolumeClaim": frozenset({""}),
    "LimitRange": frozenset({""}),
    "ResourceQuota": frozenset({""}),
    "PriorityClass": frozenset({"scheduling.k8s.io"}),
    "HorizontalPodAutoscaler": frozenset({"autoscaling", "extensions"}),
    "PodDisruptionBudget": frozenset({"policy"}),
    "VerticalPodAutoscaler": frozenset({"autoscaling.k8s.io", "poc.autoscaling.k8s.io"}),
    "ScaledObject": frozenset({"keda.sh", "keda.k8s.io"}),
    "Kustomization": frozenset({"kustomize.config.k8s.io"}),
    "Component": frozenset({"kustomize.config.k8s.io"}),
}
"""The kinds that are read, with the API groups in which they are what their name says, retired
groups included. The same kind in another group is another thing (a Knative ``Service``)."""

_OF_OPERATORS = frozenset({("postgresql.cnpg.io", "Cluster"), ("postgresql.cnpg.io", "Pooler")})
"""Those of operators, by group and kind: elsewhere such kinds are other things."""

_BUILT_IN = frozenset({"scheduling.k8s.io"})
"""Groups with a dot whose kinds Kubernetes itself defines. Those without one are all its own: a
custom resource's group is a domain name (apiextensions validation.go, ValidateCustomResource-
DefinitionSpec)."""

_ANYBODYS = frozenset({"Kustomization", "Component"})
"""Kinds that are read by their group and stand for other things elsewhere."""

_VERSION = regex(r"v[0-9]+(?:(?:alpha|beta)[0-9]+)?\Z")

_MAX_LIST_DEPTH = 20

SUPPRESSIONS = "lintscale.dev/ignore"
"""The annotation with which an object says what is not to be reported about it."""

_ANNOTATED: tuple[tuple[str, ...], ...] = (
    (),
    ("spec", "template"),
    ("spec", "jobTemplate"),
    ("spec", "jobTemplate", "spec", "template"),
)
"""Where in an object there is metadata of its own, or of what it makes."""


@record
class Manifest:
    """One object. ``location`` is that of its name. A namespace that is absent, a placeholder
    or ``default`` is "": which one an object without lands in is the deployer's choice."""

    root: Field
    kind: str
    group: str
    version: str
    name: str
    namespace: str
    location: Location

    @property
    def spec(self) -> Field:
        return self.root.get("spec")

    @property
    def labels(self) -> dict[str, str]:
        return self.root.get("metadata", "labels").labels()

    @property
    def annotations(self) -> Field:
        return self.root.get("metadata", "annotations")

    def suppressions(self) -> Iterator[ObjectSuppression]:
        """Those that the object carries, or the template of the pods that it makes."""
        for place in _ANNOTATED:
            annotation = self.root.get(*place, "metadata", "annotations", SUPPRESSIONS)
            text = annotation.string()
            if text is not None:
                yield ObjectSuppression("kubernetes", text, self.root.path, annotation.location)

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}".removeprefix("/")

    @property
    def made_by_controller(self) -> bool:
        """Whether another object made this one, as in files that were exported from a cluster:
        the maker is what people edit."""
        return any(True for _ in self.root.get("metadata", "ownerReferences").items())


def is_ours(kind: str, group: str, version: str) -> bool:
    """Is this one of the kinds that are read, or meant to be: in a group of Kubernetes itself, to
    which nobody else can add a kind?"""
    if group in GROUPS.get(kind, ()):
        return True
    if kind not in GROUPS or kind in _ANYBODYS or has_placeholder(group):
        return False
    return (group in _BUILT_IN or "." not in group) and _VERSION.match(version) is not None


def manifests(root: Field) -> Iterator[Manifest]:
    """The objects that are read, of those at ``root``."""
    for each in objects(root):
        is_operated = (each.group, each.kind) in _OF_OPERATORS
        if is_operated or is_ours(each.kind, each.group, each.version):
            yield each


def objects(root: Field, depth: int = 0) -> Iterator[Manifest]:
    """The object at ``root``; the objects of a ``List``, which kubectl applies one by one."""
    kind = root.get("kind").string()
    api_version = root.get("apiVersion").string()
    if kind is None or api_version is None:
        return
    if kind.endswith("List") and root.get("items").is_sequence:
        if depth < _MAX_LIST_DEPTH:
            for item in root.get("items").items():
                yield from objects(item, depth + 1)
        return
    group, _, version = api_version.strip().rpartition("/")
    metadata = root.get("metadata")
    name = metadata.first("name", "generateName")
    yield Manifest(
        root=root,
        kind=kind,
        group=group,
        version=version,
        name=name.string() or "",
        namespace=namespace(metadata.get("namespace")),
        location=name.location,
    )


def namespace(field: Field) -> str:
    text = field.string() or ""
    return "" if text == "default" or has_placeholder(text) else text


def reference(target: Field, namespace_: str, default_kind: str = "") -> Reference:
    """A pointer by kind and name (``scaleTargetRef``, ``targetRef``, ``workloadRef``). The kind
    carries its API group where that makes it another thing than ours. The group is taken on
    trust where it is not written, or is the core group, as people often get it wrong."""
    name = target.get("name")
    text = name.string()
    kind = target.get("kind").string() or default_kind
    if has_placeholder(kind):
        kind = ""
    group = (target.get("apiVersion").string() or "").rpartition("/")[0]
    if group and kind in GROUPS and group not in GROUPS[kind] and not has_placeholder(group):
        kind = f"{kind}.{group}"
    known = None if text is None or has_placeholder(text) else text
    written = text if known is None and text else ""
    return Reference(kind, known, namespace_, name.location, written)


def unknown(field: Field, reason: str = "") -> Sourced[Any]:
    """A value that is written at ``field`` and not known."""
    return Sourced(None, Source.FILE, field.location, reason)


def platform_default(value: Any, field: Field, reason: str) -> Sourced[Any]:
    return Sourced(value, Source.PLATFORM_DEFAULT, field.location, reason)


_INT_OR_PERCENT = regex(r"[0-9]{1,9}%?\Z")


def integer_or_percent(field: Field, default: str | None = None, reason: str = "") -> Sourced[str]:
    """Kubernetes' IntOrString as it is written: "1" or "25%"."""
    value = field.text(default, reason)
    if value.value is not None and _INT_OR_PERCENT.match(value.value) is None:
        return unknown(field, "neither a whole number nor a percentage")
    return value


def positive_integer(field: Field, default: int, reason: str) -> Sourced[int]:
    """A whole number of which the API server takes 0 for absent (``SetDefaults_Probe``)."""
    value = field.integer(default, reason)
    return platform_default(default, field, reason) if value.value == 0 else value


def is_written_otherwise(field: Field) -> bool:
    """Whether something is written that should be a mapping or a sequence and is a
    scalar: a placeholder that stands for the whole block."""
    return isinstance(field.node, Scalar) and field.node.value is not None
