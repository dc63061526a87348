"""How it behaves while it scales."""

from __future__ import annotations

from tests.mutations.form import Edit, Mutation, cut
from tests.one_service import ALARMS, FILES, K8S, POLICY, STEPS, TARGET, TASK

TRACKING = """\
"PolicyName": "bookshop-api-cpu",
    "ServiceNamespace": "ecs",
    "ResourceId": "service/shops/bookshop-api",
    "ScalableDimension": "ecs:service:DesiredCount",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
      "TargetValue": 70.0,
      "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
      "ScaleInCooldown": 300,
      "ScaleOutCooldown": 60
    }
  },
  {
    """


def window(seconds: int) -> Edit:
    """Another wait before the pods are taken away."""
    key = "stabilizationWindowSeconds"
    return Edit(K8S, f"{key}: 300", f"{key}: {seconds}")


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
        POLICY, CPU_POLICY, CPU_POLICY.replace("60", "240").replace("300", "200"),
        at='"ScaleInCooldown": 200', beside=(TASK,),
    ),
    Mutation(
        "scale-in-faster-than-out", "kubernetes", "warning",
        K8S, "    scaleUp:\n      stabilizationWindowSeconds: 0",
        "    scaleUp:\n      stabilizationWindowSeconds: 240",
        at="      stabilizationWindowSeconds: 200", given=(window(200),),
    ),
    Mutation(
        "short-scale-in-cooldown", "ecs", "warning",
        POLICY, CPU_POLICY, CPU_POLICY.replace("300", "30"),
        at='"ScaleInCooldown": 30', beside=(TASK,),
    ),
    Mutation(
        "short-scale-in-cooldown", "kubernetes", "warning",
        K8S, "stabilizationWindowSeconds: 300", "stabilizationWindowSeconds: 60",
        at="stabilizationWindowSeconds: 60",
    ),
    Mutation(
        "slow-scale-out", "ecs", "warning",
        POLICY, CPU_POLICY, CPU_POLICY.replace("60", "600"),
        at='"ScaleOutCooldown": 600', beside=(TASK,),
    ),
    Mutation(
        "slow-scale-out", "kubernetes", "warning",
        K8S, "    scaleUp:\n      stabilizationWindowSeconds: 0",
        "    scaleUp:\n      stabilizationWindowSeconds: 600",
        at="      stabilizationWindowSeconds: 600",
    ),
    Mutation(
        "scale-in-disabled", "ecs", "warning",
        POLICY, '"ScaleInCooldown": 300', '"DisableScaleIn": true',
        at='"DisableScaleIn": true', beside=(TASK,), all_places=True,
    ),
    Mutation(
        "scale-in-disabled", "kubernetes", "warning",
        K8S, "    scaleUp:\n", "      selectPolicy: Disabled\n    scaleUp:\n",
        at="      selectPolicy: Disabled",
    ),
    Mutation(
        "narrow-threshold-band", "ecs", "warning",
        ALARMS, '"Threshold": 30,', '"Threshold": 55,',
        at='"Threshold": 55,', beside=(TASK, TARGET, STEPS),
    ),
    Mutation(
        "abrupt-scale-in", "kubernetes", "warning",
        K8S, "        value: 50\n        periodSeconds: 60",
        "        value: 100\n        periodSeconds: 15",
        at="        value: 100", given=(window(200),),
    ),
    Mutation(
        "tracking-and-step", "ecs", "warning",
        STEPS, '"PolicyName": "bookshop-api-low"',
        TRACKING + '"PolicyName": "bookshop-api-low"',
        at='"PolicyName": "bookshop-api-low"', beside=(TASK, TARGET),
    ),
)  # fmt: skip
