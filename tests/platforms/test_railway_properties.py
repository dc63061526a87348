"""What holds for every document, however odd, and whatever the order of its keys."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lintscale._record import fields, is_record
from lintscale.model.declared import Fragments
from lintscale.model.location import Location, Span
from lintscale.platforms.railway.normalise import normalise, recognise
from lintscale.syntax import Document
from tests.platforms.trees import node, sourced_values

KEYS = [
    "$schema", "build", "deploy", "environments", "production", "prod", "staging", "pr",
    "scaling", "autoscaling", "autoScaling", "minInstances", "min", "maxReplicas", "targetCPU",
    "memory", "enabled", "numReplicas", "multiRegionConfig", "us-west2", "cronSchedule",
    "startCommand", "healthcheckPath", "overlapSeconds", "drainingSeconds", "requiredMountPath",
    "limitOverride", "containers", "cpu", "memoryBytes", "sleepApplication", "variables",
    "envVars", "name", "key", "value",
]  # fmt: skip
WORDS = ["https://railway.com/railway.schema.json", "${VAR}", "", "2", "0 3 * * *", "/data"]
FILES = ["railway.json", "shop/railway.toml", "railway.worker.json", "x/railway.staging.json"]

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
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=30,
)
sections = st.dictionaries(
    st.sampled_from(KEYS), scalars | st.dictionaries(keys, scalars, max_size=4), max_size=6
)
configs = st.fixed_dictionaries(
    {"deploy": sections},
    optional={
        "scaling": sections,
        "variables": sections,
        "environments": st.dictionaries(
            st.sampled_from(["production", "prod", "staging", "pr"]),
            st.fixed_dictionaries({}, optional={"deploy": sections, "scaling": sections}),
        ),
    },
)


def normalised(data: Any, file_name: str = "railway.json", turned: bool = False) -> Fragments:
    span = Span(1, 1, 1, 2)
    document = Document(file_name, 0, "json", node(data, turned), span)
    recognise(document, file_name)
    return normalise(document, file_name)


def meaning(thing: Any) -> Any:
    """Everything but where it stands; variables without their order."""
    if isinstance(thing, Location):
        return ()
    if isinstance(thing, (list, tuple)):
        return sorted((meaning(item) for item in thing), key=repr)
    if is_record(thing) and not isinstance(thing, type):
        return (
            type(thing).__name__,
            *((field, meaning(getattr(thing, field))) for field in fields(thing)),
        )
    return repr(thing)


@given(trees | configs, st.sampled_from(FILES))
def test_no_document_is_too_odd(data: Any, file_name: str) -> None:
    fragments = normalised(data, file_name)
    assert fragments.workloads
    assert len(fragments.notes) == 1
    assert len(fragments.autoscalers) == len(fragments.ignored_settings)
    assert all(workload.name for workload in fragments.workloads)
    known = {workload.id for workload in fragments.workloads}
    assert {setting.workload for setting in fragments.ignored_settings} <= known
    for value in sourced_values(fragments):
        assert value.value is None or type(value.value) in (str, int, float, bool)
        if type(value.value) is int:
            assert -(2**63) <= value.value < 2**63


@given(configs)
def test_order_of_keys_changes_nothing_but_order(config: dict[str, Any]) -> None:
    assert meaning(normalised(config)) == meaning(normalised(config, turned=True))
