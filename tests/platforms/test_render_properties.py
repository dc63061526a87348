"""What holds for every document, however odd, and whatever the order of its entries."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import fields, is_record
from lintscale.model.declared import Fragments
from lintscale.model.location import Location, Span
from lintscale.platforms.render.normalise import normalise, recognise
from lintscale.syntax import Document
from tests.platforms.trees import node, sourced_values

KEYS = [
    "services", "databases", "envVarGroups", "projects", "environments", "ungrouped", "type",
    "name", "plan", "runtime", "env", "scaling", "minInstances", "maxInstances",
    "targetCPUPercent", "targetMemoryPercent", "numInstances", "disk", "mountPath", "image", "url",
    "envVars", "key", "value", "fromDatabase", "fromService", "fromGroup", "property", "sync",
    "generateValue", "healthCheckPath", "maxShutdownDelaySeconds", "readReplicas",
    "connectionPool", "apiVersion", "kind", "jobs", "on",
]  # fmt: skip
WORDS = [
    "web", "pserv", "worker", "cron", "keyvalue", "redis", "workflow", "static", "free", "starter",
    "2c-4g", "basic-1gb", "none", "${VAR}", "<NAME>", "", "99999999999999999999",
]  # fmt: skip

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.text(max_size=8)
)
keys = st.sampled_from(KEYS) | st.none() | st.booleans() | st.integers() | st.text(max_size=4)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=30,
)
parts = (
    scalars
    | st.dictionaries(keys, scalars, max_size=4)
    | st.lists(st.dictionaries(keys, scalars, max_size=3), max_size=2)
)
mappings = st.dictionaries(st.sampled_from(KEYS), parts, max_size=6)
services = st.builds(
    lambda kind, name, rest: {**rest, "type": kind, "name": name},
    st.sampled_from(WORDS[:7]),
    st.sampled_from(["shop", "ledger", "mailer"]),
    mappings,
)
blueprints = trees | st.fixed_dictionaries(
    {"services": st.lists(services, max_size=4)},
    optional={"databases": trees, "projects": trees, "ungrouped": trees, "envVarGroups": trees},
)


def normalised(data: Any, file_name: str = "render.yaml") -> Fragments:
    span = Span(1, 1, 1, 2)
    document = Document(file_name, 0, "yaml", node(data) if data is not None else None, span)
    recognise(document, file_name)
    return normalise(document, file_name)


def meaning(thing: Any) -> str:
    """Everything but where it stands."""
    if isinstance(thing, Location):
        return ""
    if isinstance(thing, (list, tuple)):
        return "[" + ", ".join(meaning(item) for item in thing) + "]"
    if is_record(thing) and not isinstance(thing, type):
        inside = (f"{f}={meaning(getattr(thing, f))}" for f in fields(thing))
        return f"{type(thing).__name__}({', '.join(inside)})"
    return repr(thing)


def contents(fragments: Fragments) -> dict[str, list[str]]:
    return {
        field: sorted(meaning(item) for item in getattr(fragments, field))
        for field in fields(fragments)
        if field != "ignored_settings"  # it names workloads by an id with their place
    }


@given(blueprints, st.sampled_from(["render.yaml", ".render.yaml", "infra/blueprint.yaml"]))
def test_no_document_is_too_odd(data: Any, file_name: str) -> None:
    fragments = normalised(data, file_name)
    for value in sourced_values(fragments):
        assert value.value is None or type(value.value) in (str, int, float, bool)
        if type(value.value) is int:
            assert -(2**63) <= value.value < 2**63
    for workload in fragments.workloads:
        assert workload.name
        assert workload.role in ("service", "worker", "job", "static")


@given(st.lists(services, max_size=4, unique_by=lambda service: service["name"]), st.randoms())
def test_order_of_services_changes_nothing_but_order(entries: list[Any], random: Any) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert contents(normalised({"services": entries})) == contents(
        normalised({"services": shuffled})
    )


@given(
    st.lists(mappings, max_size=5),
    st.randoms(),
)
def test_order_of_variables_changes_nothing_but_order(entries: list[Any], random: Any) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)

    def variables(env_vars: list[Any]) -> tuple[list[str], list[str]]:
        service = {"type": "web", "name": "shop", "envVars": env_vars}
        [container] = normalised({"services": [service]}).workloads[0].containers
        return sorted(meaning(v) for v in container.environment), sorted(container.env_from)

    assert variables(entries) == variables(shuffled)


@given(services)
def test_order_of_a_services_keys_changes_nothing(service: dict[str, Any]) -> None:
    turned = dict(reversed(service.items()))
    assert contents(normalised({"services": [service]})) == contents(
        normalised({"services": [turned]})
    )
