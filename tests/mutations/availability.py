"""What a production service needs to stay up."""

from __future__ import annotations

from tests.mutations.form import TWO_REPLICAS, Edit, Mutation, block, cut
from tests.one_service import BUDGET, FILES, K8S, POLICY, RAILWAY, RENDER, SERVICE, TASK

READINESS = block(FILES[K8S], "        readinessProbe:")
HEALTH_CHECK = cut(FILES[TASK], ',\n      "healthCheck"', "\n    }\n  ]")
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
)  # fmt: skip
