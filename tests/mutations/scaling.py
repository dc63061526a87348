"""Whether and within which bounds it scales."""

from __future__ import annotations

from tests.mutations.form import (
    CRON,
    DRAINED,
    NO_MEMORY_LIMIT,
    PINNED_POD,
    TWO_REPLICAS,
    Also,
    Edit,
    Mutation,
    block,
    cut,
)
from tests.one_service import FILES, K8S, POLICY, RAILWAY, RENDER, SERVICE, TASK

AUTOSCALER = FILES[K8S][FILES[K8S].index("---") :]
RESOURCES = block(FILES[K8S], "        resources:")
METRICS = block(FILES[K8S], "  metrics:")
SCALING = block(FILES[RENDER], "    scaling:")
POLICIES = cut(FILES[POLICY], ',\n  "TargetTrackingScalingPolicies"', "\n}\n")

SCALING_ROWS = (
    Mutation(
        "no-autoscaling", "render", "info",
        RENDER, SCALING, "    numInstances: 4\n",
        at="numInstances: 4",
    ),
    Mutation(
        "no-autoscaling", "railway", "info",
        RAILWAY, '    "cronSchedule": "0 4 * * *",\n', "",
        at='"numReplicas": 2', given=(CRON, DRAINED, TWO_REPLICAS),
    ),
    Mutation(
        "no-autoscaling", "ecs", "info",
        POLICY, "ecs:service:DesiredCount", "dynamodb:table:ReadCapacityUnits",
        at='"desiredCount"', where=SERVICE, beside=(TASK, SERVICE),
    ),
    Mutation(
        "no-autoscaling", "kubernetes", "info",
        K8S, AUTOSCALER, "",
        at="  replicas: 2",
    ),
    Mutation(
        "min-exceeds-max", "render", "error",
        RENDER, "maxInstances: 10", "maxInstances: 1",
        at="minInstances: 2",
    ),
    Mutation(
        "min-exceeds-max", "railway", "error",
        RAILWAY, '"maxInstances": 10', '"maxInstances": 1',
        at='"minInstances": 2',
    ),
    Mutation(
        "min-exceeds-max", "ecs", "error",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 1',
        at='"MinCapacity": 2', beside=(TASK,),
    ),
    Mutation(
        "min-exceeds-max", "kubernetes", "error",
        K8S, "maxReplicas: 10", "maxReplicas: 1",
        at="minReplicas: 2",
    ),
    Mutation(
        "min-equals-max", "render", "warning",
        RENDER, "maxInstances: 10", "maxInstances: 2",
        at="maxInstances: 2",
    ),
    Mutation(
        "min-equals-max", "railway", "warning",
        RAILWAY, '"maxInstances": 10', '"maxInstances": 2',
        at='"maxInstances": 2',
    ),
    Mutation(
        "min-equals-max", "ecs", "warning",
        POLICY, '"MaxCapacity": 10', '"MaxCapacity": 2',
        at='"MaxCapacity": 2', beside=(TASK,),
    ),
    Mutation(
        "min-equals-max", "kubernetes", "warning",
        K8S, "maxReplicas: 10", "maxReplicas: 2",
        at="maxReplicas: 2",
    ),
    Mutation(
        "missing-scaling-target", "render", "error",
        RENDER, "      targetCPUPercent: 70\n      targetMemoryPercent: 80\n", "",
        at="    scaling:",
    ),
    Mutation(
        "missing-scaling-target", "ecs", "error",
        POLICY, POLICIES, ',\n  "TargetTrackingScalingPolicies": []',
        at='"ServiceName"', beside=(TASK,),
    ),
    Mutation(
        "missing-scaling-target", "kubernetes", "warning",
        K8S, METRICS, "",
        at="spec:", below="bookshop-api-hpa", about="the default stands in",
    ),
    Mutation(
        "utilization-without-request", "kubernetes", "error",
        K8S, RESOURCES,
        "        resources:\n"
        "          requests: {memory: 512Mi}\n"
        "          limits: {memory: 2Gi}\n",
        at="averageUtilization: 70", about="of CPU",
    ),
    Mutation(
        "utilization-without-request", "kubernetes", "error",
        K8S, "            memory: 512Mi\n", "",
        at="averageUtilization: 80", about="of memory", given=(NO_MEMORY_LIMIT,),
    ),
    Mutation(
        "replicas-beside-autoscaler", "render", "warning",
        RENDER, "    healthCheckPath: /health/ready\n",
        "    healthCheckPath: /health/ready\n    numInstances: 4\n",
        at="numInstances: 4",
    ),
    Mutation(
        "replicas-beside-autoscaler", "ecs", "warning",
        POLICY, '"MinCapacity": 2', '"MinCapacity": 4',
        at='"desiredCount": 2', where=SERVICE, beside=(TASK, SERVICE),
    ),
    Mutation(
        "replicas-beside-autoscaler", "kubernetes", "warning",
        K8S, "spec:\n  selector:\n", "spec:\n  replicas: 2\n  selector:\n",
        at="  replicas: 2", given=(Edit(K8S, "  replicas: 2\n", ""),),
    ),
    Mutation(
        "unscalable-workload", "render", "error",
        RENDER, "    env: python\n", "    env: python\n    plan: free\n",
        at="    scaling:", about="a free plan",
        also=(
            Also(
                "sleeping-service", "render", "warning", RENDER, "plan: free",
                because="what is on the free plan is also stopped when it is idle",
            ),
        ),
    ),
    Mutation(
        "unscalable-workload", "render", "error",
        RENDER, "    env: python\n",
        "    env: python\n    disk: {name: covers, mountPath: /var/covers, sizeGB: 10}\n",
        at="    scaling:", about="a disk",
    ),
    Mutation(
        "unscalable-workload", "railway", "error",
        RAILWAY, '"numReplicas": 2',
        '"numReplicas": 2,\n    "requiredMountPath": "/var/covers"',
        at='"numReplicas": 2', given=(TWO_REPLICAS,),
    ),
    Mutation(
        "unscalable-workload", "kubernetes", "error",
        K8S, "kind: Deployment", "kind: DaemonSet",
        at="name: bookshop-api-hpa", all_places=True,
        given=(PINNED_POD, Edit(K8S, "  replicas: 2\n", "")),
    ),
)  # fmt: skip
