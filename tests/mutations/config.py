"""Is the file what the platform reads?"""

from __future__ import annotations

from tests.mutations.form import (
    CRON,
    MILD_RENDER,
    MILD_TASK,
    NEW_RAILWAY,
    NEW_RENDER,
    PATIENT_TASK,
    PINNED_TASK,
    RENDER_POOL,
    Edit,
    Mutation,
    cut,
)
from tests.one_service import FILES, K8S, POLICY, RAILWAY, RENDER, SERVICE, TARGET, TASK

RAILWAY_SCALING = cut(FILES[RAILWAY], ',\n  "scaling"', "\n}\n")
POLICIES = cut(FILES[POLICY], ',\n  "TargetTrackingScalingPolicies"', "\n}\n")

CONFIG = (
    Mutation(
        "syntax-error", "render", "error",
        RENDER, "    healthCheckPath:", "  healthCheckPath:",
        at="  healthCheckPath:",
    ),
    Mutation(
        "syntax-error", "railway", "error",
        RAILWAY, '"healthcheckTimeout": 120,', '"healthcheckTimeout": 120',
        at='"restartPolicyType"',
    ),
    Mutation(
        "syntax-error", "ecs", "error",
        TASK, '"cpu": "512",', '"cpu": "512"',
        at='"memory": "1024"', beside=(POLICY,),
    ),
    Mutation(
        "syntax-error", "kubernetes", "error",
        K8S, "  replicas: 2", "\treplicas: 2",
        at="\treplicas: 2",
    ),
    Mutation(
        "duplicate-key", "render", "error",
        RENDER, "    env: python\n", "    env: python\n    env: node\n",
        at="env: node",
    ),
    Mutation(
        "duplicate-key", "railway", "error",
        RAILWAY, '"healthcheckTimeout": 120',
        '"healthcheckTimeout": 120,\n    "healthcheckTimeout": 60',
        at='"healthcheckTimeout": 60',
    ),
    Mutation(
        "duplicate-key", "ecs", "error",
        TASK, '"networkMode": "awsvpc",', '"networkMode": "awsvpc",\n  "networkMode": "bridge",',
        at='"networkMode": "bridge"',
    ),
    Mutation(
        "duplicate-key", "kubernetes", "error",
        K8S, "  replicas: 2\n", "  replicas: 2\n  replicas: 3\n",
        at="replicas: 3",
    ),
    Mutation(
        "schema-violation", "kubernetes", "error",
        K8S, "maxReplicas: 10", 'maxReplicas: "10"',
        at='maxReplicas: "10"',
    ),
    Mutation(
        "unknown-key", "kubernetes", "error",
        K8S, "readinessProbe:", "readynessProbe:",
        at="readynessProbe:",
    ),
    Mutation(
        "removed-api-version", "kubernetes", "error",
        K8S, "apiVersion: autoscaling/v2", "apiVersion: autoscaling/v2beta2",
        at="apiVersion: autoscaling/v2beta2",
    ),
    Mutation(
        "ignored-scaling", "render", "error",
        RENDER, "type: web", 'type: cron\n    schedule: "0 4 * * *"',
        at="    scaling:", given=(Edit(RENDER, "    healthCheckPath: /health/ready\n", ""),),
    ),
    Mutation(
        "ignored-scaling", "railway", "error",
        RAILWAY, '"restartPolicyMaxRetries": 5',
        '"restartPolicyMaxRetries": 5,\n    "autoscaling": {"minReplicas": 2, "maxReplicas": 6}',
        at='"autoscaling"',
    ),
    Mutation(
        "ignored-scaling", "ecs", "error",
        POLICY, '"MaxCapacity": 10,',
        '"MaxCapacity": 10,\n  "SuspendedState": {"DynamicScalingOutSuspended": true},',
        at='"SuspendedState"', about="one direction", beside=(TASK,),
    ),
    Mutation(
        "ignored-scaling", "ecs", "error",
        TARGET, '"MaxCapacity": 10',
        '"MaxCapacity": 10,\n  "SuspendedState": {\n    "DynamicScalingInSuspended": true,\n'
        '    "DynamicScalingOutSuspended": true\n  }',
        at='"SuspendedState"', about="both directions", beside=(SERVICE, TASK),
    ),
    Mutation(
        "unread-file-name", "render", "warning",
        "render.yaml", "", "", renamed=".render.yaml",
        at="services:", about="hidden", given=(MILD_RENDER, NEW_RENDER, RENDER_POOL),
    ),
    Mutation(
        "unread-file-name", "render", "warning",
        "render.yaml", "", "", renamed="render.yml",
        at="services:", about="short extension", given=(MILD_RENDER, NEW_RENDER, RENDER_POOL),
    ),
    # A cron job without scaling: of anything else under this name Railway wants more.
    Mutation(
        "retired-format", "railway", "warning",
        "railway.example.json", "", "", renamed=RAILWAY,
        at='{\n', given=(CRON, NEW_RAILWAY, Edit(RAILWAY, RAILWAY_SCALING, "")),
    ),
    Mutation(
        "not-an-api-shape", "ecs", "error",
        POLICY, '"MaxCapacity": 10', f'"MaxCapacity": 10{POLICIES}',
        at="{\n", beside=(TASK,),
        given=(
            Edit(POLICY, POLICIES, ""),
            Edit(POLICY, '"ServiceName": "bookshop-api"',
                 '"ServiceNamespace": "ecs",\n  "ResourceId": "service/shops/bookshop-api"'),
        ),
    ),
    Mutation(
        "dangling-autoscaler", "ecs", "warning",
        TASK, '"family": "bookshop-api"', '"family": "bookshop-app"',
        at='"ServiceName"', where=POLICY, beside=(POLICY,),
        given=(PINNED_TASK, MILD_TASK, PATIENT_TASK),
    ),
    Mutation(
        "dangling-autoscaler", "kubernetes", "warning",
        K8S, "    name: bookshop-api\n", "    name: bookshop-app\n",
        at="    name: bookshop-app",
    ),
)  # fmt: skip
