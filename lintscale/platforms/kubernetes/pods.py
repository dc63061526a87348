"""Pod templates: containers, placement, shutdown and volumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lintscale._record import record
from lintscale.model.declared import Container, Placement, Selector, Separation, Shutdown
from lintscale.model.sourced import Sourced
from lintscale.platforms.kubernetes.containers import containers, longest_wait
from lintscale.platforms.kubernetes.nodes import spot_only, zones
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
