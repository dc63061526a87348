"""What a production service needs to stay up."""

from __future__ import annotations

from tests.mutations.form import (
    MILD_RENDER,
    MILD_TASK,
    PATIENT_TASK,
    TWO_REPLICAS,
    Also,
    Edit,
    Mutation,
    block,
    cut,
)
from tests.one_service import BUDGET, FILES, K8S, POLICY, RAILWAY, RENDER, SERVICE, TASK

READINESS = block(FILES[K8S], "        readinessProbe:")
HEALTH_CHECK = cut(FILES[TASK], ',\n      "healthCheck"', "\n    }\n  ]")
LIVENESS = block(FILES[K8S], "        livenessProbe:")
SCALING = block(FILES[RENDER], "    scaling:")
ONE_SUBNET = """\
  "networkConfiguration": {
    "awsvpcConfiguration": {
      "subnets": ["subnet-0a1b2c3d4e5f60718"]
    }
  },
"""
SECOND_BUDGET = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: everything
spec:
  maxUnavailable: 25%
  selector: {}
"""
SPREAD = """\
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector:
          matchLabels:
            app: bookshop-api
"""

AVAILABILITY = (
    Mutation(
        "min-instances", "render", "error",
        RENDER, "minInstances: 2", "minInstances: 1",
        at="minInstances: 1",
    ),
    Mutation(
        "min-instances", "railway", "error",
        RAILWAY, '"numReplicas": 2', '"numReplicas": 1',
        at='"numReplicas": 1', given=(TWO_REPLICAS,),
    ),
    Mutation(
        "min-instances", "ecs", "error",
        POLICY, '"MinCapacity": 2', '"MinCapacity": 1',
        at='"MinCapacity": 1', beside=(TASK,),
    ),
    Mutation(
        "min-instances", "kubernetes", "error",
        K8S, "minReplicas: 2", "minReplicas: 1",
        at="minReplicas: 1",
    ),
    Mutation(
        "min-instances", "kubernetes", "error",
        K8S, "  minReplicas: 2\n", "",
        at="spec:", below="bookshop-api-hpa", about="by default",
    ),
    Mutation(
        "missing-readiness-probe", "render", "error",
        RENDER, "    healthCheckPath: /health/ready\n", "",
        at="- type: web",
    ),
    Mutation(
        "missing-readiness-probe", "railway", "error",
        RAILWAY, '    "healthcheckPath": "/health/ready",\n', "",
        at='"deploy"',
    ),
    Mutation(
        "missing-readiness-probe", "ecs", "error",
        TASK, HEALTH_CHECK, "",
        at='"name": "bookshop-api"', beside=(SERVICE,),
    ),
    Mutation(
        "missing-readiness-probe", "ecs", "info",
        TASK, HEALTH_CHECK, "",
        at='"name": "bookshop-api"', about="without the service",
    ),
    Mutation(
        "missing-readiness-probe", "kubernetes", "error",
        K8S, READINESS, "",
        at="- name: api",
    ),
    Mutation(
        "identical-probes", "kubernetes", "warning",
        K8S,
        "path: /health\n            port: 8000\n"
        "          initialDelaySeconds: 30\n          periodSeconds: 10",
        "path: /health/ready\n            port: 8000\n"
        "          initialDelaySeconds: 10\n          periodSeconds: 5",
        at="livenessProbe",
    ),
    Mutation(
        "missing-disruption-budget", "kubernetes", "warning",
        K8S, "app: bookshop-api", "app: bookshop",
        at="name: bookshop-api", beside=(BUDGET,), all_places=True,
        also=(
            Also(
                "dangling-disruption-budget", "kubernetes", "warning", BUDGET, "selector:",
                because="the budget has lost its workload as the workload its budget",
            ),
        ),
    ),
    Mutation(
        "blocking-disruption-budget", "kubernetes", "error",
        BUDGET, "maxUnavailable: 1", "maxUnavailable: 0",
        at="maxUnavailable: 0", beside=(K8S,), about="none ever",
    ),
    Mutation(
        "blocking-disruption-budget", "kubernetes", "error",
        K8S, "minReplicas: 3", "minReplicas: 2",
        at="minAvailable: 2", where=BUDGET, about="none at the smallest size", beside=(BUDGET,),
        given=(
            Edit(K8S, "minReplicas: 2", "minReplicas: 3"),
            Edit(BUDGET, "maxUnavailable: 1", "minAvailable: 2"),
        ),
    ),
    Mutation(
        "missing-spread", "kubernetes", "warning",
        K8S, SPREAD, "",
        at="    spec:",
        given=(Edit(K8S, "      containers:\n", f"{SPREAD}      containers:\n"),),
    ),
    Mutation(
        "missing-liveness-probe", "kubernetes", "info",
        K8S, LIVENESS, "",
        at="- name: api",
    ),
    Mutation(
        "impatient-liveness", "kubernetes", "warning",
        K8S, "periodSeconds: 10", "periodSeconds: 4",
        at="livenessProbe",
    ),
    Mutation(
        "liveness-on-dependencies", "render", "warning",
        RENDER, "healthCheckPath: /health\n", "healthCheckPath: /health/ready\n",
        at="healthCheckPath",
        given=(MILD_RENDER,),
    ),
    Mutation(
        "liveness-on-dependencies", "ecs", "warning",
        TASK, ":8000/health ", ":8000/health/db ",
        at='"command"',
        given=(MILD_TASK,),
    ),
    Mutation(
        "liveness-on-dependencies", "kubernetes", "warning",
        K8S, "path: /health\n", "path: /health/deps\n",
        at="path: /health/deps",
    ),
    Mutation(
        "slow-start-without-startup-probe", "ecs", "warning",
        TASK, ',\n        "startPeriod": 60', "",
        at='"healthCheck"',
        given=(PATIENT_TASK,),
    ),
    Mutation(
        "slow-start-without-startup-probe", "kubernetes", "warning",
        K8S, "initialDelaySeconds: 30", "initialDelaySeconds: 31",
        at="initialDelaySeconds: 31",
    ),
    Mutation(
        "probe-port-mismatch", "kubernetes", "info",
        K8S, "path: /health\n            port: 8000", "path: /health\n            port: 8001",
        at="port: 8001",
    ),
    Mutation(
        "probe-port-mismatch", "kubernetes", "warning",
        K8S, "path: /health\n            port: 8000", "path: /health\n            port: http",
        at="port: http", about="by name",
    ),
    Mutation(
        "probe-timeout", "ecs", "warning",
        TASK, '"timeout": 5', '"timeout": 30',
        at='"timeout": 30',
    ),
    Mutation(
        "probe-timeout", "kubernetes", "warning",
        K8S, "periodSeconds: 5", "periodSeconds: 5\n          timeoutSeconds: 10",
        at="timeoutSeconds: 10",
    ),
    Mutation(
        "conflicting-disruption-budgets", "kubernetes", "error",
        BUDGET, "      app: bookshop-api\n", f"      app: bookshop-api\n{SECOND_BUDGET}",
        at="name: bookshop-api", where=K8S, beside=(K8S,),
    ),
    Mutation(
        "dangling-disruption-budget", "kubernetes", "warning",
        BUDGET, "app: bookshop-api", "app: bookshop",
        at="selector:", beside=(K8S,),
        # With a single instance nobody misses a budget.
        given=(Edit(K8S, "minReplicas: 2", "minReplicas: 1"),),
    ),
    Mutation(
        "single-zone", "ecs", "warning",
        SERVICE, '  "desiredCount": 2,\n', f'  "desiredCount": 2,\n{ONE_SUBNET}',
        at='"subnets"',
    ),
    Mutation(
        "single-zone", "kubernetes", "warning",
        K8S, "      containers:\n",
        "      nodeSelector:\n        topology.kubernetes.io/zone: eu-west-1a\n      containers:\n",
        at="topology.kubernetes.io/zone",
        given=(Edit(K8S, "      containers:\n", f"{SPREAD}      containers:\n"),),
    ),
    Mutation(
        "spot-only", "ecs", "warning",
        SERVICE, '"launchType": "FARGATE"',
        '"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]',
        at='"capacityProviderStrategy"',
    ),
    Mutation(
        "spot-only", "kubernetes", "warning",
        K8S, "      containers:\n",
        "      nodeSelector:\n        karpenter.sh/capacity-type: spot\n      containers:\n",
        at="karpenter.sh/capacity-type",
    ),
    Mutation(
        "sleeping-service", "render", "warning",
        RENDER, "    env: python\n", "    env: python\n    plan: free\n",
        at="plan: free", given=(Edit(RENDER, SCALING, ""),),
    ),
    Mutation(
        "sleeping-service", "railway", "warning",
        RAILWAY, '"numReplicas": 2', '"numReplicas": 2,\n    "sleepApplication": true',
        at='"sleepApplication": true', given=(TWO_REPLICAS,),
    ),
)  # fmt: skip
