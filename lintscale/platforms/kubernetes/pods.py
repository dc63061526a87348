"""Pod templates: containers, placement, shutdown and volumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lintscale._record import record
from lintscale.model.declared import Container, Placement, Selector, Separation, Shutdown
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.containers import containers, longest_wait
from lintscale.platforms.kubernetes.manifest import unknown
from lintscale.platforms.kubernetes.surroundings import label_selector
from lintscale.syntax.field import Field, has_placeholder


@record
class Pod:
    """What one pod of a workload is like."""

    labels: dict[str, str]
    containers: tuple[Container, ...]
    placement: Placement
    shutdown: Shutdown
    health_check_path: Sourced[str]
    disk: Sourced[str]
    shared_disks: tuple[str, ...]
    account: str


def pod(template: Field, namespace: str) -> Pod:
    """The pod that a template (``metadata`` and ``spec``) describes."""
    spec = template.get("spec")
    labels = template.get("metadata", "labels").labels()
    found = containers(spec, namespace)
    return Pod(
        labels=labels,
        containers=found,
        placement=_placement(spec, labels, namespace),
        shutdown=_shutdown(spec, found),
        health_check_path=_health_check_path(found),
        disk=_claim(spec),
        shared_disks=tuple(sorted({claim.string() or "" for claim in _claims(spec)})),
        account=spec.get("serviceAccountName").string()
        or spec.get("serviceAccount").string()
        or "",
    )


def _shutdown(spec: Field, found: tuple[Container, ...]) -> Shutdown:
    return Shutdown(
        grace_seconds=spec.get("terminationGracePeriodSeconds").integer(
            30, "Kubernetes gives a pod 30 s to end unless told otherwise"
        ),
        pre_stop_seconds=longest_wait(found, spec.get("containers").location),
    )


def _health_check_path(found: tuple[Container, ...]) -> Sourced[str]:
    """The HTTP path of the readiness probe: of a container with ports before one without. Where
    several qualify the first by name, so that their order says nothing."""
    running = sorted((c for c in found if not c.init), key=lambda c: (not c.ports, c.name))
    for container in running:
        if container.readiness is not None and container.readiness.kind == "http":
            return container.readiness.path
    return Sourced(None, None, running[0].readiness_location if running else None)


def _claim(spec: Field) -> Sourced[str]:
    """The persistent volume claim that the pods share; the first by name of several."""
    claims = list(_claims(spec))
    if not claims:
        return Sourced(None, None, spec.get("volumes").location)
    return min(claims, key=lambda claim: claim.string() or "").raw_text()


def _claims(spec: Field) -> Iterator[Field]:
    """The names of the persistent volume claims."""
    for volume in spec.get("volumes").items():
        claim = volume.get("persistentVolumeClaim", "claimName")
        if claim.is_scalar:
            yield claim


# -- placement ------------------------------------------------------------------------------------


def _placement(spec: Field, labels: dict[str, str], namespace: str) -> Placement:
    constraints = spec.get("topologySpreadConstraints")
    if not spec.present:
        return Placement(spreads=None, location=constraints.location)
    affinity = spec.get("affinity", "podAntiAffinity")
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    preferred = affinity.get("preferredDuringSchedulingIgnoredDuringExecution")
    terms = [*required.items(), *(item.get("podAffinityTerm") for item in preferred.items())]
    judged = [
        *((item, _constraint_spreads(item, labels)) for item in constraints.items()),
        *((term, _term_separates(term, labels, namespace)) for term in terms),
    ]
    verdicts = [
        *(verdict for _, verdict in judged),
        *(None for block in (constraints, spec.get("affinity"), affinity) if block.is_scalar),
    ]
    spreads: bool | None = any(verdict is True for verdict in verdicts)
    if not spreads and None in verdicts:
        spreads = None
    over = {item.get("topologyKey").string() or "" for item, verdict in judged if verdict}
    return Placement(
        spreads=spreads,
        spread_over=tuple(sorted(over)),
        location=constraints.location,
        zones=zones(spec),
        spot_only=spot_only(spec),
        separating=() if labels else tuple(_separating((*constraints.items(), *terms))),
    )


def _separating(terms: Iterable[Field]) -> Iterator[Separation]:
    for term in terms:
        selector = label_selector(term.get("labelSelector"))
        if not selector.unknown:
            yield Separation(term.get("topologyKey").string() or "", selector)


def _constraint_spreads(constraint: Field, labels: dict[str, str]) -> bool | None:
    """A spread constraint counts the pods that its selector picks. Without a selector it counts
    none; with ``matchLabelKeys`` alone, those that share these labels with the pod."""
    if not constraint.is_mapping:
        return None
    selector = constraint.get("labelSelector")
    if not selector.present:
        return any(True for _ in constraint.get("matchLabelKeys").items())
    return _selects(label_selector(selector), labels)


def _term_separates(term: Field, labels: dict[str, str], namespace: str) -> bool | None:
    """Does an anti-affinity term keep these pods away from one another?"""
    if not term.is_mapping:
        return None
    namespaces = {item.string() for item in term.get("namespaces").items()}
    if namespaces and namespace and namespace not in namespaces:
        return False
    if any(item.string() in labels for item in term.get("mismatchLabelKeys").items()):
        return False
    return _selects(label_selector(term.get("labelSelector")), labels)


def _selects(selector: Selector, labels: dict[str, str]) -> bool | None:
    if selector.matches(labels):
        return True
    if selector.unknown or any(has_placeholder(value) for value in labels.values()):
        return None
    return False


# -- which nodes a pod may run on: zones and spot capacity -----------------------------------------
#
# ``nodeSelector`` and the required node affinity must both hold; the affinity's terms are
# alternatives, the expressions of one term are not (kubernetes.io, "Assigning Pods to Nodes", read
# Aug 2026). What is only preferred bounds nothing, and neither does a toleration.

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
