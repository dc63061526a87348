"""What stands around workloads: budgets, Services, ConfigMaps, Secrets, LimitRanges, selectors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from lintscale.model.declared import (
    Disk,
    DisruptionBudget,
    EnvironmentGroup,
    EnvironmentVariable,
    Requirement,
    ResourceDefaults,
    Route,
    RoutePort,
    Selector,
)
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import (
    Manifest,
    integer_or_percent,
    is_written_otherwise,
    platform_default,
)
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.regex import regex

_OPERATORS = frozenset({"In", "NotIn", "Exists", "DoesNotExist"})


def label_selector(field: Field, *, empty_selects_everything: bool = True) -> Selector:
    """A LabelSelector (``matchLabels`` and ``matchExpressions``). Absent, it selects nothing;
    empty, everything, except in the one API version that says otherwise."""
    if not field.present:
        return Selector()
    if not field.is_mapping:
        return Selector(unknown=True)
    labels, unknown = _equalities(field.get("matchLabels"))
    requirements = list(labels)
    expressions = field.get("matchExpressions")
    unknown = unknown or (expressions.present and not expressions.is_sequence)
    for expression in expressions.items():
        requirement = _requirement(expression)
        if requirement is None:
            unknown = True
        else:
            requirements.append(requirement)
            unknown = unknown or any(
                has_placeholder(text) for text in (requirement.key, *requirement.values)
            )
    everything = empty_selects_everything and not requirements and not unknown
    return Selector(tuple(requirements), everything, unknown)


def plain_selector(field: Field) -> Selector:
    """A map of labels, as a Service has it; absent or empty it selects nothing."""
    if field.present and not field.is_mapping:
        return Selector(unknown=True)
    requirements, unknown = _equalities(field)
    return Selector(requirements, False, unknown)


def _equalities(field: Field) -> tuple[tuple[Requirement, ...], bool]:
    unknown = field.present and not field.is_mapping
    requirements = []
    for key, value in field.entries():
        text = value.string()
        if text is None:
            unknown = True
            continue
        requirements.append(Requirement(key, "In", (text,)))
        unknown = unknown or has_placeholder(text) or has_placeholder(key)
    return tuple(requirements), unknown


def _requirement(expression: Field) -> Requirement | None:
    """None when the API server would not take it."""
    key = expression.get("key").string()
    operator = expression.get("operator").string()
    if key is None or operator not in _OPERATORS:
        return None
    values = tuple(
        text for item in expression.get("values").items() if (text := item.string()) is not None
    )
    if operator in ("In", "NotIn") and not values:
        return None
    return Requirement(key, operator, values)


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
    return Route(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        selector=plain_selector(manifest.spec.get("selector")),
        location=manifest.location,
        ports=tuple(map(_service_port, manifest.spec.get("ports").items())),
        headless=manifest.spec.get("clusterIP").string() == "None",
    )


def _service_port(port: Field) -> RoutePort:
    """A port of a Service; one without a name goes by its target's, "" where that is a number."""
    target = port.first("targetPort", "port").string() or ""
    return RoutePort(port.get("name").string() or ("" if target.isdigit() else target), target)


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


_ONE_NODE = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})


def disk(manifest: Manifest) -> Disk:
    """A PersistentVolumeClaim (kubernetes.io, "Persistent Volumes", access modes, Dec 2026)."""
    modes = {mode.string() for mode in manifest.spec.get("accessModes").items()}
    return Disk(
        platform="kubernetes",
        name=manifest.name,
        namespace=manifest.namespace,
        one_node=bool(modes) and modes <= _ONE_NODE,
        many_nodes="ReadWriteMany" in modes,
        location=manifest.location,
    )


# -- Secrets -----------------------------------------------------------------------------------

_LONGEST = 4096
"""Characters of a value; longer ones are certificates and files."""

_ADDRESS = regex(
    r"(?P<scheme>(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|rediss?|mongodb)(?:\+[a-z0-9_]+)?://)"
    r"(?:[^/?#\s]*@)?(?P<host>[A-Za-z0-9.,_-]+(?::\d{1,5})?)(?P<path>/[A-Za-z0-9_-]*)?"
    r"(?:\?(?P<query>[^#\s@]*))?\Z"
)
_SIZE = regex(r"(?:[a-z_]*(?:pool|conn|max)[a-z_]*=\d{1,6})\Z", 2)
"""A parameter that says how large a pool is."""

_HOST_KEY = regex(r"(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|REDIS|MONGO|MONGODB)_?HOST")
_HOST = regex(r"[A-Za-z][A-Za-z0-9.-]{0,252}\Z")


def secret_group(manifest: Manifest) -> EnvironmentGroup:
    """The addresses of databases among a Secret's entries, without users and passwords. All are
    said to stand at the Secret's name, since its lines are not to be shown."""
    return EnvironmentGroup(
        f"secret:{manifest.namespace}/{manifest.name}",
        tuple(_addresses(manifest)),
        manifest.location,
        complete=False,
    )


def _addresses(manifest: Manifest) -> Iterator[EnvironmentVariable]:
    location = manifest.location
    for section in ("data", "stringData"):
        for key, field in manifest.root.get(section).entries():
            text = field.string() or ""
            address = _address(key, text if section == "stringData" else _decoded(text))
            if address:
                value = Sourced(address, Source.FILE, location, "a Secret holds it")
                yield EnvironmentVariable(key, value, location)


def _decoded(text: str) -> str:
    """ "" for what is no base64 of a text."""
    if len(text) > 2 * _LONGEST:
        return ""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _address(key: str, text: str) -> str:
    """A database's URL with nothing in it but its host, its name and the sizes of pools, or the
    host alone; "" for everything else."""
    text = text.strip()
    if len(text) > _LONGEST:
        return ""
    if _HOST_KEY.fullmatch(key.upper()):
        return text if _HOST.match(text) else ""
    match = _ADDRESS.match(text)
    if match is None:
        return ""
    sizes = [part for part in (match["query"] or "").split("&") if _SIZE.match(part)]
    query = f"?{'&'.join(sizes)}" if sizes else ""
    return f"{match['scheme']}{match['host']}{match['path'] or ''}{query}"
