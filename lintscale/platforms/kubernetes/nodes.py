"""Which nodes a pod may run on, as far as its template bounds them: zones and spot capacity.

``nodeSelector`` and the required node affinity must both hold; the affinity's terms are
alternatives, the expressions of one term are not (kubernetes.io, "Assigning Pods to Nodes", read
Aug 2026). What is only preferred bounds nothing, and neither does a toleration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lintscale._record import record
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import unknown
from lintscale.syntax.field import Field, has_placeholder

ZONE_LABELS = frozenset(
    {
        "topology.kubernetes.io/zone",
        "failure-domain.beta.kubernetes.io/zone",
        "topology.gke.io/zone",
    }
)
"""Labels that name a node's zone: the well-known one, the one before it, and GKE's own."""

SPOT_LABELS: Mapping[str, str] = {
    "eks.amazonaws.com/capacityType": "SPOT",
    "karpenter.sh/capacity-type": "spot",
    "cloud.google.com/gke-spot": "true",
    "cloud.google.com/gke-preemptible": "true",
    "kubernetes.azure.com/scalesetpriority": "spot",
    "node.kubernetes.io/lifecycle": "spot",
}
"""Labels of nodes that the provider may take back, with the value that says so: EKS managed node
groups, Karpenter, GKE Spot and preemptible VMs, AKS spot node pools, and the label that AWS's
guides for self-managed nodes give (the vendors' pages, read Aug 2026)."""

_ONLY_ON_SPOT = frozenset(
    {
        "cloud.google.com/gke-spot",
        "cloud.google.com/gke-preemptible",
        "kubernetes.azure.com/scalesetpriority",
    }
)
"""Of these, the labels that other nodes do not have at all."""


@record
class _Pin:
    """A label of the node and the values it may have; None where a placeholder hides them."""

    key: str
    values: frozenset[str] | None
    field: Field

    @property
    def is_spot(self) -> bool:
        return self.key in SPOT_LABELS and self.values == frozenset({SPOT_LABELS[self.key]})


def zones(spec: Field) -> Sourced[int]:
    """How many zones the pods may run in, where the template names them."""
    found = [pin for pin in _selected(spec) if pin.key in ZONE_LABELS]
    terms = [[pin for pin in term if pin.key in ZONE_LABELS] for term in _terms(spec)]
    if terms and all(terms):
        # Within one term, the first zone label stands for the others: they name the same zone.
        found.append(_either([term[0] for term in terms]))
    if not found:
        return Sourced(None, None, spec.get("nodeSelector").location)
    allowed: frozenset[str] | None = None
    for pin in found:
        if pin.values is None:
            return unknown(pin.field, "a placeholder")
        allowed = pin.values if allowed is None else allowed & pin.values
    return Sourced(len(allowed or ()), Source.FILE, found[0].field.location)


def spot_only(spec: Field) -> Sourced[bool]:
    """Whether the pods run on spot nodes only."""
    selected = [pin for pin in _selected(spec) if pin.key in SPOT_LABELS]
    terms = [[pin for pin in term if pin.key in SPOT_LABELS] for term in _terms(spec)]
    mentioned = [*selected, *(pin for term in terms for pin in term)]
    if not mentioned:
        return Sourced(None, None, spec.get("nodeSelector").location)
    spot = [pin for pin in selected if pin.is_spot]
    if terms and all(any(pin.is_spot for pin in term) for term in terms):
        spot += [pin for term in terms for pin in term if pin.is_spot]
    if spot:
        return Sourced(True, Source.FILE, spot[0].field.location)
    hidden = [pin for pin in mentioned if pin.values is None]
    if hidden:
        return unknown(hidden[0].field, "a placeholder")
    return Sourced(False, Source.FILE, mentioned[0].field.location)


def _selected(spec: Field) -> list[_Pin]:
    return [_Pin(key, _known([value]), value) for key, value in spec.get("nodeSelector").entries()]


def _terms(spec: Field) -> list[list[_Pin]]:
    """What each alternative of the required node affinity asks of labels."""
    affinity = spec.get("affinity", "nodeAffinity")
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return [
        [
            pin
            for expression in term.get("matchExpressions").items()
            if (pin := _expression(expression)) is not None
        ]
        for term in required.get("nodeSelectorTerms").items()
    ]


def _expression(expression: Field) -> _Pin | None:
    """What an expression pins; None for one that only excludes."""
    key, operator = expression.get("key").string() or "", expression.get("operator").string()
    if operator == "In":
        values = expression.get("values")
        known = _known(values.items()) if values.is_sequence else None
        return _Pin(key, known, expression.get("key"))
    if operator == "Exists" and key in _ONLY_ON_SPOT:
        return _Pin(key, frozenset({SPOT_LABELS[key]}), expression.get("key"))
    return None


def _known(values: Iterable[Field]) -> frozenset[str] | None:
    texts = [value.string() for value in values]
    if any(text is None or has_placeholder(text) for text in texts):
        return None
    return frozenset(text for text in texts if text is not None)


def _either(pins: list[_Pin]) -> _Pin:
    """What alternatives allow together."""
    allowed: frozenset[str] | None = frozenset()
    for pin in pins:
        allowed = None if allowed is None or pin.values is None else allowed | pin.values
    return _Pin(pins[0].key, allowed, pins[0].field)
