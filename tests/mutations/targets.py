"""What it aims at, how far it goes, and what else decides over the same count."""

from __future__ import annotations

from tests.mutations.form import PINNED_POD, PINNED_TASK, TWO_REPLICAS, Edit, Mutation
from tests.one_service import K8S, POLICY, RAILWAY, RENDER, SERVICE, TARGET, TASK

CPU_TARGET = "averageUtilization: 70"
MEMORY_TARGET = "averageUtilization: 80"
EQUAL_CPU = Edit(K8S, "            cpu: 2000m\n", "            cpu: 500m\n")
"""The limit is the request."""
EQUAL_MEMORY = Edit(K8S, "            memory: 2Gi\n", "            memory: 512Mi\n")
TWICE_THE_MEMORY = Edit(K8S, "            memory: 2Gi\n", "            memory: 1Gi\n")
FIXED = Edit(K8S, "  replicas: 2\n", "")

SECOND_HPA = """
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: bookshop-api-peak
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: bookshop-api
  minReplicas: 2
  maxReplicas: 10
  metrics:
  - type: Pods
    pods:
      metric:
        name: requests_per_second
      target:
        type: AverageValue
        averageValue: "40"
"""
VERTICAL = """
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: bookshop-api-vpa
spec:
  targetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: bookshop-api
  updatePolicy:
    updateMode: Recreate
"""
LAST_LINE = "      selectPolicy: Max\n"

TARGETS = (
    Mutation(
        "max-instances-ceiling", "render", "info",
        RENDER, "maxInstances: 10", "maxInstances: 40",
        at="maxInstances: 40", about="above the profile",
    ),
    Mutation(
        "max-instances-ceiling", "render", "error",
        RENDER, "maxInstances: 10", "maxInstances: 400",
        at="maxInstances: 400", about="above the cap",
    ),
    Mutation(
        "max-instances-ceiling", "railway", "info",
        RAILWAY, '"numReplicas": 2', '"numReplicas": 20',
        at='"numReplicas": 20', about="above the profile", given=(TWO_REPLICAS,),
    ),
    Mutation(
        "max-instances-ceiling", "railway", "error",
        RAILWAY, '"numReplicas": 2', '"numReplicas": 60',
        at='"numReplicas": 60', about="above the cap", given=(TWO_REPLICAS,),
    ),
    Mutation(
        "max-instances-ceiling", "ecs", "info",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 40',
        at='"MaxCapacity": 40', about="above the profile", beside=(TASK,),
    ),
    Mutation(
        "max-instances-ceiling", "ecs", "error",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 5001',
        at='"MaxCapacity": 5001', about="above the cap", beside=(TASK,),
    ),
    Mutation(
        "max-instances-ceiling", "kubernetes", "info",
        K8S, "maxReplicas: 10", "maxReplicas: 40",
        at="maxReplicas: 40",
    ),
    Mutation(
        "target-out-of-range", "render", "error",
        RENDER, "targetCPUPercent: 70", "targetCPUPercent: 95",
        at="targetCPUPercent: 95", about="above",
    ),
    Mutation(
        "target-out-of-range", "render", "error",
        RENDER, "targetMemoryPercent: 80", "targetMemoryPercent: 0",
        at="targetMemoryPercent: 0", about="below",
    ),
    Mutation(
        "target-out-of-range", "ecs", "error",
        POLICY, '"TargetValue": 70.0', '"TargetValue": 170.0',
        at='"TargetValue": 170.0', about="above", beside=(TASK,),
    ),
    Mutation(
        "target-out-of-range", "ecs", "error",
        POLICY, '"TargetValue": 80.0', '"TargetValue": -1',
        at='"TargetValue": -1', about="below", beside=(TASK,),
    ),
    Mutation(
        "target-out-of-range", "kubernetes", "error",
        K8S, CPU_TARGET, "averageUtilization: 401",
        at="averageUtilization: 401", about="above the limit",
    ),
    Mutation(
        "target-out-of-range", "kubernetes", "error",
        K8S, CPU_TARGET, "averageUtilization: 0",
        at="averageUtilization: 0", about="nothing",
    ),
    Mutation(
        "target-too-high", "render", "warning",
        RENDER, "targetCPUPercent: 70", "targetCPUPercent: 81",
        at="targetCPUPercent: 81",
    ),
    Mutation(
        "target-too-high", "ecs", "warning",
        POLICY, '"TargetValue": 80.0', '"TargetValue": 91.0',
        at='"TargetValue": 91.0', beside=(TASK,),
    ),
    Mutation(
        "target-too-high", "kubernetes", "warning",
        K8S, CPU_TARGET, "averageUtilization: 95",
        at="averageUtilization: 95",
    ),
    Mutation(
        "target-too-low", "render", "info",
        RENDER, "targetMemoryPercent: 80", "targetMemoryPercent: 29",
        at="targetMemoryPercent: 29",
    ),
    Mutation(
        "target-too-low", "ecs", "info",
        POLICY, '"TargetValue": 70.0', '"TargetValue": 29.5',
        at='"TargetValue": 29.5', beside=(TASK,),
    ),
    Mutation(
        "target-too-low", "kubernetes", "info",
        K8S, CPU_TARGET, "averageUtilization: 20",
        at="averageUtilization: 20",
    ),
    Mutation(
        "unreachable-target", "kubernetes", "warning",
        K8S, CPU_TARGET, "averageUtilization: 95",
        at="averageUtilization: 95", about="CPU", given=(EQUAL_CPU,),
    ),
    Mutation(
        "unreachable-target", "kubernetes", "warning",
        K8S, MEMORY_TARGET, "averageUtilization: 100",
        at="averageUtilization: 100", about="memory", given=(EQUAL_MEMORY,),
    ),
    Mutation(
        "competing-autoscalers", "ecs", "error",
        POLICY, "ECSServiceAverageMemoryUtilization", "ECSServiceAverageCPUUtilization",
        at='"TargetValue": 80.0', beside=(TASK,),
    ),
    Mutation(
        "competing-autoscalers", "kubernetes", "error",
        K8S, LAST_LINE, LAST_LINE + SECOND_HPA,
        at="    name: bookshop-api\n", below="bookshop-api-peak", about="two HPAs",
    ),
    Mutation(
        "competing-autoscalers", "kubernetes", "error",
        K8S, LAST_LINE, LAST_LINE + VERTICAL,
        at="    name: bookshop-api\n", below="bookshop-api-hpa", about="a VPA",
    ),
    Mutation(
        "disabled-autoscaler", "ecs", "error",
        SERVICE, '"desiredCount": 2', '"desiredCount": 0',
        at='"desiredCount": 0', about="no task", beside=(TASK, POLICY),
    ),
    Mutation(
        "disabled-autoscaler", "ecs", "error",
        POLICY, '"MinCapacity": 2', '"MinCapacity": 0',
        at='"MinCapacity": 0', about="down to nothing", beside=(TASK,),
    ),
    Mutation(
        "disabled-autoscaler", "ecs", "error",
        TARGET, '"MinCapacity": 2,\n  "MaxCapacity": 10', '"MinCapacity": 0,\n  "MaxCapacity": 0',
        at='"MaxCapacity": 0', about="nothing at all", beside=(TASK,), given=(PINNED_TASK,),
    ),
    Mutation(
        "disabled-autoscaler", "kubernetes", "error",
        K8S, "spec:\n  selector:\n", "spec:\n  replicas: 0\n  selector:\n",
        at="  replicas: 0", about="no pod", given=(FIXED,),
    ),
    Mutation(
        "disabled-autoscaler", "kubernetes", "error",
        K8S, "minReplicas: 2", "minReplicas: 0",
        at="minReplicas: 0", about="down to nothing", given=(FIXED, PINNED_POD),
    ),
    Mutation(
        "disabled-autoscaler", "kubernetes", "error",
        K8S, LAST_LINE, "      selectPolicy: Disabled\n",
        at="      selectPolicy: Disabled\n", about="it may not scale up",
    ),
    Mutation(
        "memory-scaling-gap", "kubernetes", "info",
        K8S, "            memory: 1Gi\n", "            memory: 1100Mi\n",
        at=MEMORY_TARGET, given=(TWICE_THE_MEMORY,),
    ),
)  # fmt: skip
