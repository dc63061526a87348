"""How it behaves while it scales."""

from __future__ import annotations

from tests.mutations.form import Mutation, cut
from tests.one_service import FILES, K8S, POLICY, TASK

CPU_POLICY = cut(FILES[POLICY], '"TargetValue": 70.0', "\n    },\n    {")

STABILITY = (
    Mutation(
        "missing-scale-in-cooldown", "ecs", "warning",
        POLICY, CPU_POLICY, CPU_POLICY.replace(',\n      "ScaleInCooldown": 300', ""),
        at='"PredefinedMetricSpecification"', about="left out", beside=(TASK,),
    ),
    Mutation(
        "missing-scale-in-cooldown", "ecs", "error",
        POLICY, CPU_POLICY, CPU_POLICY.replace("300", "0"),
        at='"ScaleInCooldown": 0', about="zero", beside=(TASK,),
    ),
    Mutation(
        "missing-scale-in-cooldown", "kubernetes", "error",
        K8S, "stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: 0",
        at="stabilizationWindowSeconds: 0", about="zero",
    ),
    Mutation(
        "scale-in-faster-than-out", "ecs", "warning",
        POLICY, CPU_POLICY, CPU_POLICY.replace("60", "600"),
        at='"ScaleInCooldown": 300', beside=(TASK,),
    ),
    Mutation(
        "scale-in-faster-than-out", "kubernetes", "warning",
        K8S, "    scaleUp:\n      stabilizationWindowSeconds: 0",
        "    scaleUp:\n      stabilizationWindowSeconds: 600",
        at="      stabilizationWindowSeconds: 300",
    ),
)  # fmt: skip
