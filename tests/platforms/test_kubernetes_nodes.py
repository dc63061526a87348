"""Which nodes a pod is bound to: zones, and capacity that the provider takes back."""

from __future__ import annotations

from textwrap import indent

import pytest

from lintscale.model.declared import Placement
from lintscale.model.sourced import Source
from lintscale.platforms.kubernetes.normalise import normalise
from lintscale.syntax import parse

ZONE = "topology.kubernetes.io/zone"
OLD_ZONE = "failure-domain.beta.kubernetes.io/zone"
CAPACITY = "karpenter.sh/capacity-type"

Expression = tuple[str, str, str]


def placement(spec: str) -> Placement:
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n"
        "    spec:\n      containers: [{name: shop, image: shop}]\n" + indent(spec, " " * 6)
    )
    result = parse(text, "k8s/shop.yaml", "yaml")
    assert not result.problems
    [document] = result.documents
    [workload] = normalise(document, "k8s/shop.yaml").workloads
    return workload.placement


def selected(**labels: str) -> str:
    return "nodeSelector: {" + ", ".join(f"{key}: {value}" for key, value in labels.items()) + "}\n"


def required(*terms: list[Expression]) -> str:
    """Required node affinity; an expression is a key, an operator and the values as YAML."""
    lines = "".join(
        "- matchExpressions: ["
        + ", ".join(f"{{key: {key}, operator: {op}, values: {values}}}" for key, op, values in term)
        + "]\n"
        for term in terms
    )
    return (
        "affinity:\n  nodeAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n"
        "      nodeSelectorTerms:\n" + indent(lines, " " * 6)
    )


@pytest.mark.parametrize(
    ("spec", "zones"),
    [
        ("", None),
        (selected(disktype="ssd"), None),
        (selected(**{ZONE: "a"}), 1),
        (selected(**{OLD_ZONE: "a"}), 1),
        (required([(ZONE, "In", "[a]")]), 1),
        (required([(ZONE, "In", "[a, b]")]), 2),
        (required([(ZONE, "In", "[a]")], [(ZONE, "In", "[b]")]), 2),
        (required([(ZONE, "In", "[a]")], [(ZONE, "In", "[a]")]), 1),
        # The second alternative leaves the zone open.
        (required([(ZONE, "In", "[a]")], [("disktype", "In", "[ssd]")]), None),
        (required([(ZONE, "NotIn", "[a]")]), None),
        (required([(ZONE, "Exists", "[]")]), None),
        (required([(ZONE, "In", "[a, b]"), ("disktype", "In", "[ssd]")]), 2),
        (required([(ZONE, "In", "[a, b]")]) + selected(**{ZONE: "a"}), 1),
        (required([(ZONE, "In", "[a, b]")]) + selected(**{OLD_ZONE: "b"}), 1),
        ("affinity: ${AFFINITY}\n", None),
        ("nodeSelector: ${SELECTOR}\n", None),
    ],
)
def test_zones(spec: str, zones: int | None) -> None:
    found = placement(spec).zones
    assert (found.value, found.written) == (zones, zones is not None)


@pytest.mark.parametrize(
    "spec",
    [
        selected(**{ZONE: "'${ZONE}'"}),
        required([(ZONE, "In", "['<ZONE>']")]),
        required([(ZONE, "In", "'${ZONES}'")]),
        required([(ZONE, "In", "[a]")], [(ZONE, "In", "['${OTHER}']")]),
    ],
)
def test_zones_behind_placeholders(spec: str) -> None:
    assert placement(spec).zones.unknown


def test_what_is_preferred_bounds_nothing() -> None:
    preferred = (
        "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1,"
        " preference: {matchExpressions: ["
        f"{{key: {ZONE}, operator: In, values: [a]}},"
        f" {{key: {CAPACITY}, operator: In, values: [spot]}}]}}}}]}}}}\n"
    )
    tolerated = f"tolerations: [{{key: {CAPACITY}, operator: Equal, value: spot}}]\n"
    found = placement(preferred + tolerated)
    assert (found.zones.source, found.spot_only.source) == (None, None)


@pytest.mark.parametrize(
    ("spec", "spot_only"),
    [
        (selected(**{"eks.amazonaws.com/capacityType": "SPOT"}), True),
        (selected(**{"eks.amazonaws.com/capacityType": "ON_DEMAND"}), False),
        (selected(**{CAPACITY: "spot"}), True),
        (selected(**{CAPACITY: "on-demand"}), False),
        (selected(**{"cloud.google.com/gke-spot": "'true'"}), True),
        (selected(**{"cloud.google.com/gke-spot": "'false'"}), False),
        (selected(**{"cloud.google.com/gke-preemptible": "'true'"}), True),
        (selected(**{"kubernetes.azure.com/scalesetpriority": "spot"}), True),
        (selected(**{"node.kubernetes.io/lifecycle": "spot"}), True),
        (required([(CAPACITY, "In", "[spot]")]), True),
        (required([(CAPACITY, "In", "[spot, on-demand]")]), False),
        (required([("cloud.google.com/gke-spot", "Exists", "[]")]), True),
        (
            required(
                [(CAPACITY, "In", "[spot]")], [("eks.amazonaws.com/capacityType", "In", "[SPOT]")]
            ),
            True,
        ),
        (required([(CAPACITY, "In", "[spot]")], [("disktype", "In", "[ssd]")]), False),
        (required([(CAPACITY, "In", "[on-demand]")]), False),
    ],
)
def test_spot_only(spec: str, spot_only: bool) -> None:
    found = placement(spec).spot_only
    assert (found.value, found.source) == (spot_only, Source.FILE)


@pytest.mark.parametrize(
    "spec", [selected(**{CAPACITY: "'${CAPACITY}'"}), required([(CAPACITY, "In", "['$TYPE']")])]
)
def test_spot_behind_placeholders(spec: str) -> None:
    assert placement(spec).spot_only.unknown


def test_both_stand_where_they_are_written() -> None:
    found = placement(f"nodeSelector:\n  {ZONE}: a\n  {CAPACITY}: spot\n")
    for value, key in ((found.zones, ZONE), (found.spot_only, CAPACITY)):
        assert value.location is not None
        assert value.location.path[-2:] == ("nodeSelector", key)


def test_spread_names_the_places() -> None:
    spec = (
        "topologySpreadConstraints:\n"
        "- {topologyKey: zone, labelSelector: {}}\n"
        "- {topologyKey: other, labelSelector: {matchLabels: {app: other}}}\n"
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: ["
        "{topologyKey: kubernetes.io/hostname, labelSelector: {}}]}}\n"
    )
    assert placement(spec).spread_over == ("kubernetes.io/hostname", "zone")
