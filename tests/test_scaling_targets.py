"""One value, one finding: which rule speaks of a target, or of a pair of waits."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.manifests import Manifest, as_yaml, autoscaler, deployment
from tests.one_service import checked, write

ON_TARGETS = {
    "target-out-of-range",
    "unreachable-target",
    "target-too-high",
    "target-too-low",
    "memory-scaling-gap",
}
ON_WAITS = {
    "missing-scale-in-cooldown",
    "short-scale-in-cooldown",
    "scale-in-faster-than-out",
    "slow-scale-out",
    "abrupt-scale-in",
}


def said(files: dict[str, str], about: set[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        result = checked(write(Path(folder) / "bookshop", files))
        return sorted(finding.rule for finding in result.findings if finding.rule in about)


def scaled_on(
    resource: str, target: int, request: str, limit: str | None, *, tolerance: str = ""
) -> dict[str, str]:
    resources = {"requests": {resource: request}, "limits": {resource: limit} if limit else {}}
    shop = deployment()
    shop["spec"]["template"]["spec"]["containers"][0]["resources"] = resources
    scaler = autoscaler()
    utilization = {"type": "Utilization", "averageUtilization": target}
    scaler["spec"]["metrics"] = [
        {"type": "Resource", "resource": {"name": resource, "target": utilization}}
    ]
    if tolerance:
        scaler["spec"]["behavior"] = {"scaleUp": {"tolerance": tolerance}}
    return {"shop.yaml": as_yaml(shop, scaler)}


@pytest.mark.parametrize(
    ("resource", "target", "request_", "limit", "expected"),
    [
        ("cpu", 0, "500m", "1", ["target-out-of-range"]),
        ("cpu", -5, "500m", "1", ["target-out-of-range"]),
        ("cpu", 29, "500m", "1", ["target-too-low"]),
        ("cpu", 30, "500m", "1", []),
        ("cpu", 80, "500m", "1", []),
        ("cpu", 81, "500m", "1", ["target-too-high"]),
        ("cpu", 100, "500m", "1", ["target-too-high"]),
        # Above the request somebody counts on the limit, which is far enough here ...
        ("cpu", 150, "500m", "1", []),
        # ... and here it is not.
        ("cpu", 170, "500m", "1", ["target-too-high"]),
        ("cpu", 150, "500m", None, ["target-too-high"]),
        # A tenth past the target must lie below the limit.
        ("cpu", 181, "500m", "1", ["target-too-high"]),
        ("cpu", 182, "500m", "1", ["unreachable-target"]),
        ("cpu", 200, "500m", "1", ["unreachable-target"]),
        ("cpu", 201, "500m", "1", ["target-out-of-range"]),
        ("cpu", 90, "500m", "500m", ["target-too-high"]),
        ("cpu", 91, "500m", "500m", ["unreachable-target"]),
        ("cpu", 101, "500m", "500m", ["target-out-of-range"]),
        # Thirds are not exact in floating point.
        ("cpu", 300, "100m", "300m", ["unreachable-target"]),
        ("cpu", 301, "100m", "300m", ["target-out-of-range"]),
        ("memory", 90, "1Gi", "1Gi", []),
        ("memory", 91, "1Gi", "1Gi", ["unreachable-target"]),
        ("memory", 91, "1Gi", None, ["target-too-high"]),
        ("memory", 80, "512Mi", "1Gi", []),
        ("memory", 80, "511Mi", "1Gi", ["memory-scaling-gap"]),
        ("memory", 250, "256Mi", "1Gi", []),
    ],
)
def test_kubernetes_targets(
    resource: str, target: int, request_: str, limit: str | None, expected: list[str]
) -> None:
    assert said(scaled_on(resource, target, request_, limit), ON_TARGETS) == expected


@pytest.mark.parametrize(
    ("tolerance", "expected"),
    [
        ("0.05", ["target-too-high"]),
        ("0.1", ["unreachable-target"]),
        ("", ["unreachable-target"]),
        # What is written and cannot be read is taken for what most have.
        ("${TOLERANCE}", ["unreachable-target"]),
    ],
)
def test_a_tolerance_of_its_own(tolerance: str, expected: list[str]) -> None:
    files = scaled_on("cpu", 93, "500m", "500m", tolerance=tolerance)
    assert said(files, ON_TARGETS) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    target=st.integers(-10, 500),
    request=st.integers(1, 1000),
    limit=st.none() | st.integers(1, 1000),
)
def test_a_target_is_told_once_at_most(target: int, request: int, limit: int | None) -> None:
    bound = None if limit is None else f"{max(limit, request)}m"
    assert len(said(scaled_on("cpu", target, f"{request}m", bound), ON_TARGETS)) <= 1


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (0, ["target-out-of-range"]),
        (1, ["target-too-low"]),
        (80, []),
        (81, ["target-too-high"]),
        (90, ["target-too-high"]),
        (91, ["target-out-of-range"]),
        ("${TARGET}", []),
    ],
)
def test_render_targets(target: object, expected: list[str]) -> None:
    text = (
        "services:\n  - type: web\n    name: shop\n    runtime: python\n    plan: standard\n"
        "    scaling:\n      minInstances: 2\n      maxInstances: 8\n"
        f"      targetCPUPercent: {target}\n"
    )
    assert said({"render.yaml": text}, ON_TARGETS) == expected


def policy(**configuration: object) -> dict[str, str]:
    metric = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    document = {
        "PolicyName": "shop-cpu",
        "ServiceNamespace": "ecs",
        "ResourceId": "service/bookshop/shop",
        "ScalableDimension": "ecs:service:DesiredCount",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 70,
            "PredefinedMetricSpecification": metric,
            **configuration,
        },
    }
    return {"policy.json": json.dumps(document, indent=2)}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (0, ["target-out-of-range"]),
        (29.9, ["target-too-low"]),
        (80, []),
        (80.5, ["target-too-high"]),
        (100, ["target-too-high"]),
        (100.1, ["target-out-of-range"]),
        ("TARGET_PLACEHOLDER", []),
    ],
)
def test_ecs_targets(target: object, expected: list[str]) -> None:
    assert said(policy(TargetValue=target), ON_TARGETS) == expected


WAITS = [
    # scale-in, scale-out
    (0, 60, ["missing-scale-in-cooldown"]),
    (30, 0, ["short-scale-in-cooldown"]),
    # Raising the first to what is asked for puts the two in order, too.
    (30, 60, ["short-scale-in-cooldown"]),
    # Here it takes more than that.
    (60, 300, ["scale-in-faster-than-out"]),
    (150, 150, []),
    (150, 151, ["scale-in-faster-than-out"]),
    (300, 300, []),
    # It is the second that is wrong ...
    (300, 301, ["slow-scale-out"]),
    (900, 600, ["slow-scale-out"]),
    # ... and here both are.
    (60, 600, ["scale-in-faster-than-out", "slow-scale-out"]),
]


# A window on Kubernetes is over low load; a cooldown on ECS is between removals.
WINDOWS = [(149, 150, ["short-scale-in-cooldown"]), (60, 0, ["short-scale-in-cooldown"])]
COOLDOWNS = [
    (59, 60, ["short-scale-in-cooldown"]),
    (60, 60, []),
    (149, 60, []),
    (30, 61, ["scale-in-faster-than-out"]),
    (149, 150, ["scale-in-faster-than-out"]),
]


@pytest.mark.parametrize(("scale_in", "scale_out", "expected"), [*WAITS, *COOLDOWNS])
def test_waits_on_ecs(scale_in: int, scale_out: int, expected: list[str]) -> None:
    files = policy(ScaleInCooldown=scale_in, ScaleOutCooldown=scale_out)
    assert said(files, ON_WAITS) == expected


@pytest.mark.parametrize(("scale_in", "scale_out", "expected"), [*WAITS, *WINDOWS])
def test_waits_on_kubernetes(scale_in: int, scale_out: int, expected: list[str]) -> None:
    gently = [{"type": "Percent", "value": 20, "periodSeconds": 60}]
    files = behaving(
        scaleDown={"stabilizationWindowSeconds": scale_in, "policies": gently},
        scaleUp={"stabilizationWindowSeconds": scale_out},
    )
    assert said(files, ON_WAITS) == expected


def behaving(low: int = 2, high: int = 8, **behavior: object) -> dict[str, str]:
    scaler: Manifest = autoscaler(low=low, high=high)
    scaler["spec"]["behavior"] = behavior
    return {"shop.yaml": as_yaml(scaler)}


def limit(kind: str, value: object, seconds: object) -> dict[str, object]:
    return {"type": kind, "value": value, "periodSeconds": seconds}


ALL_AT_ONCE = limit("Percent", 100, 15)


@pytest.mark.parametrize(
    ("scale_in", "expected"),
    [
        ({}, []),
        ({"stabilizationWindowSeconds": 300, "policies": [ALL_AT_ONCE]}, []),
        ({"stabilizationWindowSeconds": 299, "policies": [ALL_AT_ONCE]}, ["abrupt-scale-in"]),
        ({"stabilizationWindowSeconds": 200}, ["abrupt-scale-in"]),
        # Nobody wrote a limit: the window alone is at fault.
        ({"stabilizationWindowSeconds": 100}, ["short-scale-in-cooldown"]),
        ({"stabilizationWindowSeconds": 0}, ["missing-scale-in-cooldown"]),
        # Both were written, and each is wrong by itself.
        (
            {"stabilizationWindowSeconds": 0, "policies": [ALL_AT_ONCE]},
            ["abrupt-scale-in", "missing-scale-in-cooldown"],
        ),
        (
            {"stabilizationWindowSeconds": 200, "policies": [limit("Percent", 100, 16)]},
            [],
        ),
        ({"stabilizationWindowSeconds": 200, "policies": [limit("Percent", 99, 15)]}, []),
        (
            {
                "stabilizationWindowSeconds": 200,
                "policies": [limit("Pods", 1, 60), ALL_AT_ONCE, limit("Percent", 10, 60)],
            },
            ["abrupt-scale-in"],
        ),
        (
            {
                "stabilizationWindowSeconds": 200,
                "selectPolicy": "Min",
                "policies": [ALL_AT_ONCE, limit("Percent", 10, 60)],
            },
            [],
        ),
        ({"stabilizationWindowSeconds": 200, "policies": [limit("Percent", "${P}", 15)]}, []),
        ({"stabilizationWindowSeconds": 200, "policies": [limit("Percent", 100, 0)]}, []),
        ({"stabilizationWindowSeconds": 200, "policies": "none"}, []),
    ],
)
def test_how_much_goes_at_once(scale_in: dict[str, object], expected: list[str]) -> None:
    assert said(behaving(scaleDown=scale_in), ON_WAITS) == expected


def test_one_instance_is_no_abrupt_loss() -> None:
    scale_in = {"stabilizationWindowSeconds": 200, "policies": [ALL_AT_ONCE]}
    assert said(behaving(low=2, high=3, scaleDown=scale_in), ON_WAITS) == []
