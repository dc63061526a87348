"""HorizontalPodAutoscaler and VerticalPodAutoscaler."""

from __future__ import annotations

from lintscale.model.declared import Autoscaler, ScalingPolicy, VerticalAutoscaler
from lintscale.model.location import Span
from lintscale.platforms.kubernetes.behavior import scaling_behavior
from lintscale.platforms.kubernetes.manifest import Manifest, reference
from lintscale.platforms.kubernetes.metrics import (
    default_metric,
    listed_metrics,
    written_metrics,
)
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Entry, Mapping, Node, Scalar
from lintscale.syntax.readers import parse

_METRICS_ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics"
_BEHAVIOR_ANNOTATION = "autoscaling.alpha.kubernetes.io/behavior"
"""Where autoscaling/v1 keeps what it has no fields for (pkg/apis/autoscaling/annotations.go and
v1/conversion.go, read Aug 2026), as in files that were exported from a cluster."""


def horizontal(manifest: Manifest) -> Autoscaler:
    """An HPA of any API version. It scales in by a window over its recommendations, and knows
    no cooldown."""
    spec = manifest.spec
    behavior = spec.get("behavior")
    if not behavior.present:
        behavior = _annotated(manifest, _BEHAVIOR_ANNOTATION) or behavior
    scale_out, scale_in = scaling_behavior(behavior)
    found = written_metrics(spec)
    annotated = _annotated(manifest, _METRICS_ANNOTATION)
    if annotated is not None:
        found = (*found, *listed_metrics(annotated))
    policy = ScalingPolicy(
        kind="target tracking",
        name=manifest.name,
        metrics=found or (default_metric(spec),),
        scale_out=scale_out,
        scale_in=scale_in,
        location=manifest.location,
    )
    return Autoscaler(
        platform="kubernetes",
        kind=manifest.kind,
        name=manifest.name,
        target=reference(spec.get("scaleTargetRef"), manifest.namespace),
        min=spec.get("minReplicas").integer(1, "the default minimum of an HPA is 1"),
        max=spec.get("maxReplicas").integer(),
        policies=(policy,),
        location=manifest.location,
        labels=manifest.labels,
    )


def vertical(manifest: Manifest) -> VerticalAutoscaler:
    """A VPA. Default mode: ``PodUpdatePolicy`` in kubernetes/autoscaler, vertical-pod-autoscaler/
    pkg/apis/autoscaling.k8s.io/v1/types.go (read Aug 2026); it was called Auto before, and did
    the same."""
    spec = manifest.spec
    return VerticalAutoscaler(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        target=reference(spec.get("targetRef"), manifest.namespace),
        mode=spec.get("updatePolicy", "updateMode").text(
            "Recreate", "the default update mode of a VPA"
        ),
        location=manifest.location,
        resources=_controlled(spec.get("resourcePolicy", "containerPolicies")),
    )


def _controlled(policies: Field) -> tuple[str, ...]:
    """The resources that a VPA sets for at least one container. A container without a policy of
    its own, or of everyone's ("*"), has both set."""
    controlled: set[str] = set()
    default_off = False
    any_on = False
    for policy in policies.items():
        if policy.get("mode").string() == "Off":
            default_off = default_off or policy.get("containerName").string() == "*"
            continue
        any_on = True
        listed = policy.get("controlledResources")
        if listed.is_sequence:
            controlled |= {item.string() or "" for item in listed.items()}
        else:
            controlled |= {"cpu", "memory"}
    if not any_on and not default_off:
        controlled = {"cpu", "memory"}
    return tuple(sorted(controlled & {"cpu", "memory"}))


def _annotated(manifest: Manifest, key: str) -> Field | None:
    """The JSON in an annotation as a field whose every part stands where the annotation does."""
    annotation = manifest.annotations.get(key)
    text = annotation.string()
    if not text:
        return None
    documents = parse(text, annotation.document.file, "yaml").documents
    span = annotation.location.span
    node = documents[0].root if documents else None
    if node is None:
        node = annotation.node
    else:
        _settle(node, span)
    return Field(annotation.document, annotation.path, node, span, span)


def _settle(root: Node, span: Span) -> None:
    """Move the tree to ``span``. Keys get a small first letter: the API server writes the names
    of its own structures there (``ScaleUp``), and reads both."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.span is span:
            continue
        node.span = span
        if isinstance(node, Mapping):
            entries = list(node.entries.items())
            node.entries.clear()
            for key, entry in entries:
                name = key[:1].lower() + key[1:] if isinstance(key, str) else key
                text = entry.key.text
                moved = Scalar(name, text[:1].lower() + text[1:], span, entry.key.quoted)
                node.entries[name] = Entry(moved, entry.value)
                pending.append(entry.value)
        elif not isinstance(node, Scalar):
            pending.extend(node.items)
