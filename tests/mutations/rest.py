"""What a deploy does, what stands in plain text, what differs between platforms."""

from __future__ import annotations

from tests.mutations.form import (
    K8S_POOL,
    NO_MEMORY_LIMIT,
    PINNED_POD,
    PINNED_TASK,
    Also,
    Edit,
    Mutation,
    block,
)
from tests.one_service import FILES, K8S, POLICY, RAILWAY, RENDER, SERVICE, TASK

MEMORY_METRIC = FILES[K8S][
    FILES[K8S].index("  - type: Resource\n    resource:\n      name: memory") : FILES[K8S].index(
        "  behavior:"
    )
]
DATABASE_REFERENCE = block(FILES[K8S], "          valueFrom:")

REST = (
    Mutation(
        "rollout-stops-service", "ecs", "error",
        SERVICE, '"minimumHealthyPercent": 100', '"minimumHealthyPercent": 0',
        at='"minimumHealthyPercent": 0', beside=(TASK, POLICY),
    ),
    Mutation(
        "rollout-stops-service", "kubernetes", "error",
        K8S, "  replicas: 2\n", "  replicas: 2\n  strategy:\n    type: Recreate\n",
        at="    type: Recreate", about="Recreate",
    ),
    Mutation(
        "rollout-stops-service", "kubernetes", "error",
        K8S, "  replicas: 2\n",
        "  replicas: 2\n  strategy:\n    rollingUpdate:\n      maxUnavailable: 100%\n",
        at="maxUnavailable: 100%", about="all unavailable",
    ),
    Mutation(
        "unpinned-image", "ecs", "warning",
        TASK, "bookshop/api:2.4.1", "bookshop/api:latest",
        at='"image"', about="latest", beside=(POLICY,),
        given=(PINNED_TASK,),
    ),
    Mutation(
        "unpinned-image", "kubernetes", "warning",
        K8S, "bookshop/api:2.4.1", "bookshop/api:latest",
        at="image:", about="latest",
        given=(PINNED_POD,),
    ),
    Mutation(
        "unpinned-image", "kubernetes", "warning",
        K8S, "bookshop/api:2.4.1", "bookshop/api",
        at="image:", about="no tag",
        given=(PINNED_POD,),
    ),
    # Where the autoscaler does not measure against the request: there it would be an error.
    Mutation(
        "missing-requests", "kubernetes", "warning",
        K8S, "            memory: 512Mi\n", "",
        at="- name: api", given=(Edit(K8S, MEMORY_METRIC, ""), NO_MEMORY_LIMIT),
    ),
    Mutation(
        "invalid-fargate-size", "ecs", "error",
        TASK, '"memory": "1024"', '"memory": "512"',
        at='"memory": "512"', beside=(POLICY,),
    ),
    Mutation(
        "plaintext-credential", "render", "warning",
        RENDER, "DATABASE_URL\n        sync: false",
        "DATABASE_URL\n        value: postgresql://api:9vQ2xLk7Rm@orders.internal/bookshop",
        at="orders.internal",
    ),
    Mutation(
        "plaintext-credential", "railway", "warning",
        RAILWAY, '"deploy": {\n',
        '"deploy": {\n    "envVars": {"CARRIER_API_KEY": "ck-93mfk2ls8dk3jd"},\n',
        at="CARRIER_API_KEY",
        also=(
            Also(
                "unknown-key", "railway", "warning", RAILWAY, '"envVars"',
                because="Railway's file holds no variables",
            ),
        ),
    ),
    Mutation(
        "plaintext-credential", "ecs", "warning",
        TASK, "postgresql+asyncpg://...",
        "postgresql+asyncpg://api:9vQ2xLk7Rm@orders.internal/bookshop",
        at="orders.internal", beside=(POLICY,),
    ),
    Mutation(
        "plaintext-credential", "kubernetes", "warning",
        K8S, DATABASE_REFERENCE,
        "          value: postgresql://api:9vQ2xLk7Rm@orders.internal/bookshop\n",
        at="orders.internal", given=(K8S_POOL,),
    ),
    # The one platform that differs from two others is where it stands.
    Mutation(
        "platform-drift", "render", "warning",
        RENDER, "maxInstances: 10", "maxInstances: 8",
        at="maxInstances: 8", about="max", beside=(K8S, TASK, POLICY),
    ),
    Mutation(
        "platform-drift", "railway", "warning",
        RAILWAY, '"healthcheckPath": "/health/ready"', '"healthcheckPath": "/healthz"',
        at="healthcheckPath", about="health path", beside=(K8S, RENDER),
    ),
    Mutation(
        "platform-drift", "ecs", "warning",
        POLICY, '"TargetValue": 70.0', '"TargetValue": 50.0',
        at='"TargetValue": 50.0', about="CPU target", beside=(TASK, K8S, RENDER),
    ),
    Mutation(
        "platform-drift", "kubernetes", "warning",
        K8S, "minReplicas: 2", "minReplicas: 3",
        at="minReplicas: 3", about="min", beside=(RENDER, TASK, POLICY),
    ),
)  # fmt: skip
