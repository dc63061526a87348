"""What stands around workloads: budgets, Services, ConfigMaps, LimitRanges."""

from __future__ import annotations

from lintscale.model.declared import (
    DisruptionBudget,
    EnvironmentGroup,
    EnvironmentVariable,
    ResourceDefaults,
    Route,
    speaks_of_metrics,
)
from lintscale.platforms.kubernetes.manifest import (
    Manifest,
    integer_or_percent,
    is_written_otherwise,
    platform_default,
)
from lintscale.platforms.kubernetes.selectors import label_selector, plain_selector


def disruption_budget(manifest: Manifest) -> DisruptionBudget:
    """A PodDisruptionBudget. One that says neither how many must stay nor how many may go
    allows no eviction at all (``getExpectedPodCount`` leaves the expected count at 0, and
    ``updatePdbStatus`` then allows none: pkg/controller/disruption/disruption.go, read Aug
    2026). An empty selector means everything, in policy/v1beta1 nothing."""
    spec = manifest.spec
    min_available = integer_or_percent(spec.get("minAvailable"))
    max_unavailable = integer_or_percent(spec.get("maxUnavailable"))
    if not min_available.written and not max_unavailable.written:
        max_unavailable = platform_default(
            "0",
            spec.get("maxUnavailable"),
            "a budget with neither minAvailable nor maxUnavailable allows no eviction",
        )
    return DisruptionBudget(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        selector=label_selector(
            spec.get("selector"), empty_selects_everything=manifest.version != "v1beta1"
        ),
        min_available=min_available,
        max_unavailable=max_unavailable,
        location=manifest.location,
        selector_location=spec.get("selector").location,
    )


def route(manifest: Manifest) -> Route:
    """A Service; one without a selector sends nothing to any pod that it picks."""
    ports = [port.get("name").string() or "" for port in manifest.spec.get("ports").items()]
    return Route(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        selector=plain_selector(manifest.spec.get("selector")),
        location=manifest.location,
        for_metrics=bool(ports) and all(speaks_of_metrics(name) for name in ports),
    )


def environment_group(manifest: Manifest) -> EnvironmentGroup:
    """A ConfigMap: each key as a variable, as ``envFrom`` and ``configMapKeyRef`` take them."""
    return EnvironmentGroup(
        identity=f"configmap:{manifest.namespace}/{manifest.name}",
        variables=tuple(
            EnvironmentVariable(key, value.raw_text(), value.location)
            for key, value in manifest.root.get("data").entries()
        ),
        location=manifest.location,
    )


def resource_defaults(manifest: Manifest) -> ResourceDefaults:
    """A LimitRange: does it give a request, or a limit, to containers that have none? A default
    request, a default limit, a maximum and a minimum all lead to a request, a default limit and
    a maximum to a limit (``SetDefaults_LimitRangeItem``)."""
    limits = manifest.spec.get("limits")
    cpu = memory = memory_limit = is_written_otherwise(limits)
    for item in limits.items():
        if item.get("type").string() != "Container":
            continue
        for section in ("defaultRequest", "default", "max", "min"):
            amounts = item.get(section)
            hidden = is_written_otherwise(amounts)
            cpu = cpu or hidden or amounts.get("cpu").present
            memory = memory or hidden or amounts.get("memory").present
            if section in ("default", "max"):
                memory_limit = memory_limit or hidden or amounts.get("memory").present
    where = manifest.location
    return ResourceDefaults("kubernetes", manifest.namespace, cpu, memory, where, memory_limit)
