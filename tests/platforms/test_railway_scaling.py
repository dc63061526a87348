"""Scaling settings in Railway's files: dropped by Railway, read for what they promise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lintscale.model.declared import Fragments
from lintscale.platforms.railway.normalise import normalise
from lintscale.syntax import parse

GUIDE = """\
{
  "build": {"builder": "RAILPACK"},
  "deploy": {"startCommand": "uvicorn shop:app"},
  "scaling": {
    "minInstances": 2,
    "maxInstances": 10,
    "targetCPU": 70,
    "targetMemory": 80
  }
}
"""


def read(content: str | dict[str, Any]) -> Fragments:
    text = content if isinstance(content, str) else json.dumps(content)
    [document] = parse(text, "railway.json", "json").documents
    return normalise(document, "railway.json")


def test_root_block() -> None:
    fragments = read(GUIDE)
    [ignored] = fragments.ignored_settings
    assert (ignored.platform, ignored.topic, ignored.key) == ("railway", "scaling", "scaling")
    assert ignored.location.span == (4, 3, 4, 12)
    assert ignored.effect == (
        "Railway has no autoscaler; the file asks for 1 replica (numReplicas is not set)"
    )
    assert ignored.workload == fragments.workloads[0].id

    [scaler] = fragments.autoscalers
    assert not scaler.effective
    assert scaler.ineffective_reason
    assert (scaler.target.kind, scaler.target.name) == ("service", ".")
    assert (scaler.kind, scaler.environment_hint) == ("scaling", "")
    assert (scaler.min.value, scaler.max.value) == (2, 10)
    assert scaler.min.location is not None
    assert scaler.min.location.span == (5, 5, 5, 22)
    assert [(m.kind, m.name, m.target.value, m.unit, m.location.line) for m in scaler.metrics] == [
        ("cpu", "targetCPU", 70, "utilization percent", 7),
        ("memory", "targetMemory", 80, "utilization percent", 8),
    ]


@pytest.mark.parametrize(
    "block",
    [
        {"minReplicas": 2, "maxReplicas": 6, "targetCPUUtilizationPercentage": 60},
        {"min": 2, "max": 6, "cpu": 60},
        {"min_instances": 2, "max_instances": 6, "target_cpu_percent": 60},
        {"minimum": "2", "maximum": "6", "cpuThreshold": "60"},
    ],
)
def test_names_that_people_use(block: dict[str, Any]) -> None:
    [scaler] = read({"deploy": {"autoscaling": block}}).autoscalers
    assert (scaler.min.value, scaler.max.value) == (2, 6)
    assert [(metric.kind, metric.target.value) for metric in scaler.metrics] == [("cpu", 60)]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_names_for_one_bound_the_same_one_counts_in_any_order(turned: bool) -> None:
    pairs = [("minInstances", 2), ("min", 5), ("min_instances", 7)]
    block = dict(reversed(pairs) if turned else pairs)
    [scaler] = read({"scaling": block, "deploy": {}}).autoscalers
    assert scaler.min.value == 2


@pytest.mark.parametrize("key", ["scaling", "autoscaling", "autoScaling", "auto_scaling"])
def test_keys_and_places(key: str) -> None:
    block = {"minInstances": 2}
    config = {
        key: block,
        "deploy": {key: block, "numReplicas": 3},
        "environments": {
            "staging": {key: block, "deploy": {key: block}},
            "production": {"deploy": {"numReplicas": 4}},
        },
    }
    fragments = read(config)
    assert [setting.key for setting in fragments.ignored_settings] == [
        key,
        f"deploy.{key}",
        f"environments.staging.{key}",
        f"environments.staging.deploy.{key}",
    ]
    assert [scaler.environment_hint for scaler in fragments.autoscalers] == [
        "",
        "",
        "staging",
        "staging",
    ]
    for setting in fragments.ignored_settings[:2]:
        assert setting.effect.endswith(
            "the file asks for 3 replicas in staging, 4 replicas in production"
        )
    for setting in fragments.ignored_settings[2:]:
        assert setting.effect.endswith("the file asks for 3 replicas")
        [staging] = [w for w in fragments.workloads if w.environment_hint == "staging"]
        assert setting.workload == staging.id


def test_other_environments_are_named_beside_the_base() -> None:
    config = {
        "scaling": {"min": 2},
        "environments": {"staging": {"deploy": {"numReplicas": 2}}},
    }
    [setting] = read(config).ignored_settings
    assert setting.effect.endswith(
        "the file asks for 1 replica (numReplicas is not set) in other environments,"
        " 2 replicas in staging"
    )


@pytest.mark.parametrize(
    ("deploy", "words"),
    [
        ({"numReplicas": 1}, "the file asks for 1 replica"),
        (
            {"numReplicas": "${N}"},
            "the file asks for a number of replicas that is not known",
        ),
        (
            {"cronSchedule": "0 3 * * *"},
            "the file asks for one run at a time, by its cron schedule",
        ),
    ],
)
def test_effect_says_what_runs_instead(deploy: dict[str, Any], words: str) -> None:
    [setting] = read({"scaling": {"min": 2}, "deploy": deploy}).ignored_settings
    assert setting.effect.endswith("; " + words)


@pytest.mark.parametrize("block", [False, None, {"enabled": False, "min": 2}])
def test_scaling_that_is_off_is_not_held_against_anybody(block: Any) -> None:
    fragments = read({"deploy": {"autoscaling": block}})
    assert fragments.ignored_settings == []
    assert fragments.autoscalers == []


@pytest.mark.parametrize("block", [True, "auto", [1]])
def test_block_that_is_no_mapping(block: Any) -> None:
    fragments = read({"deploy": {"autoscaling": block}})
    assert len(fragments.ignored_settings) == 1
    [scaler] = fragments.autoscalers
    assert scaler.min.unknown
    assert scaler.max.unknown
    assert not scaler.policies_complete


def test_missing_bound_would_stand_in_the_block() -> None:
    [scaler] = read(GUIDE.replace('    "maxInstances": 10,\n', "")).autoscalers
    assert scaler.max.source is None
    assert scaler.max.location is not None
    assert scaler.max.location.path == ("scaling", "maxInstances")
    assert scaler.max.location.line == 4


def test_healthy_file_has_nothing_of_the_kind() -> None:
    fragments = read({"deploy": {"numReplicas": 3, "healthcheckPath": "/up"}})
    assert fragments.ignored_settings == []
    assert fragments.autoscalers == []
