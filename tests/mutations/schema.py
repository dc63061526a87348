"""Keys and values that the platform does not take, or takes no longer: as people write them."""

from __future__ import annotations

from tests.mutations.form import (
    CRON,
    NEW_RAILWAY,
    NEW_RENDER,
    PINNED_TASK,
    TWO_REPLICAS,
    Edit,
    Mutation,
)
from tests.one_service import RAILWAY, RENDER, SERVICE, TARGET, TASK

START = "    startCommand: cd api && uvicorn"
ENVIRONMENT = '        {\n          "name": "DATABASE_URL",\n'
HEALTHCHECK_PATH = '"healthcheckPath": "/health/ready"'
LAST = "      targetMemoryPercent: 80\n"
REFERENCE = '{"name": "CARD_KEY", "valueFrom": "arn:aws:ssm:::parameter/card"}'

SCHEMA = (
    # -- Render ----------------------------------------------------------------------------------
    Mutation(
        "schema-violation", "render", "error",
        RENDER, LAST, f"{LAST}  - type: static\n    name: shelves\n",
        at="- type: static", about="a static site by type",
    ),
    Mutation(
        "schema-violation", "render", "error",
        RENDER, "minInstances: 2", 'minInstances: "2"',
        at='minInstances: "2"', about="a number in quotes",
    ),
    Mutation(
        "schema-violation", "render", "error",
        RENDER, "runtime: python\n", "runtime: docker\n",
        at="startCommand:", about="a command beside docker", given=(NEW_RENDER,),
    ),
    Mutation(
        "schema-violation", "render", "error",
        RENDER, LAST, f"{LAST}  - {{type: keyvalue, name: basket, plan: standard}}\n",
        at="name: basket", about="nobody said who may come in",
    ),
    Mutation(
        "schema-violation", "render", "error",
        RENDER, "    healthCheckPath:", "    region: sydney\n    healthCheckPath:",
        at="region: sydney", about="a region that Render does not have",
    ),
    Mutation(
        "schema-violation", "render", "error",
        RENDER, "key: CARRIER_URL\n", "key: CARRIER_URL\n        value: https://carrier.example\n",
        at="value: https", about="a value that is asked for",
    ),
    Mutation(
        "unknown-key", "render", "error",
        RENDER, "services:\n", "region: ohio\nservices:\n",
        at="region: ohio", about="a region of everything",
    ),
    Mutation(
        "unknown-key", "render", "error",
        RENDER, START, f"    numReplicas: 3\n{START}",
        at="numReplicas", about="replicas",
    ),
    Mutation(
        "unknown-key", "render", "error",
        RENDER, START, f"    autoscaling: {{minInstances: 2, maxInstances: 10}}\n{START}",
        at="autoscaling", about="autoscaling",
    ),
    Mutation(
        "unknown-key", "render", "error",
        RENDER, START, f'    pythonversion: "3.13"\n{START}',
        at="pythonversion", about="a version",
    ),
    Mutation(
        "unknown-key", "render", "error",
        RENDER, "targetCPUPercent", "targetCpuPercent",
        at="targetCpuPercent", about="inside of scaling",
    ),
    Mutation(
        "unknown-key", "render", "warning",
        RENDER, "key: CARRIER_URL\n", "key: CARRIER_URL\n        scope: build\n",
        at="scope: build", about="inside of a variable",
    ),
    Mutation(
        "deprecated-key", "render", "warning",
        RENDER, "    runtime: python\n", "    env: python\n",
        at="env: python", about="env", given=(NEW_RENDER,),
    ),
    Mutation(
        "deprecated-key", "render", "warning",
        RENDER, START, f"    autoDeploy: false\n{START}",
        at="autoDeploy", about="autoDeploy",
    ),
    Mutation(
        "deprecated-key", "render", "warning",
        RENDER, START, f"    previewPlan: starter\n{START}",
        at="previewPlan", about="previewPlan",
    ),
    Mutation(
        "deprecated-key", "render", "warning",
        RENDER, "services:\n", "previewsExpireAfterDays: 7\nservices:\n",
        at="previewsExpireAfterDays", about="previews that expire",
    ),
    Mutation(
        "deprecated-key", "render", "warning",
        RENDER, LAST,
        f"{LAST}  - {{type: redis, name: basket, plan: standard, ipAllowList: []}}\n",
        at="type: redis", about="redis",
    ),
    # -- Railway ---------------------------------------------------------------------------------
    Mutation(
        "schema-violation", "railway", "error",
        RAILWAY, '"deploy": {\n', '"deploy": {\n    "overlapSeconds": "30",\n',
        at="overlapSeconds", about="seconds in quotes",
    ),
    Mutation(
        "schema-violation", "railway", "error",
        RAILWAY, '"RAILPACK"', '"docker"',
        at='"docker"', about="no builder", given=(NEW_RAILWAY,),
    ),
    Mutation(
        "schema-violation", "railway", "warning",
        RAILWAY, '"ON_FAILURE"', '"on_failure"',
        at='"on_failure"', about="lower case",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, HEALTHCHECK_PATH, HEALTHCHECK_PATH.replace("checkPath", "CheckPath"),
        at='"healthCheckPath"', about="a capital letter",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, '"deploy": {\n', '"deploy": {\n    "envVars": {"LOG_LEVEL": "info"},\n',
        at='"envVars"', about="variables",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, '  "build"', '  "plugins": ["postgresql"],\n  "build"',
        at='"plugins"', about="plugins",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, '  "build"', '  "version": 2,\n  "build"',
        at='"version"', about="version",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, '  "build"', '  "start": {"command": "node server.js"},\n  "build"',
        at='"start"', about="start",
    ),
    Mutation(
        "unknown-key", "railway", "warning",
        RAILWAY, '  "build"', '  "mounts": [{"source": "covers"}],\n  "build"',
        at='"mounts"', about="mounts",
    ),
    Mutation(
        "ignored-scaling", "railway", "error",
        RAILWAY, '"numReplicas": 2',
        '"numReplicas": 2,\n    "autoscaling": {"minReplicas": 2, "maxReplicas": 8}',
        at='"autoscaling"', about="and no unknown key", given=(CRON, TWO_REPLICAS),
    ),
    Mutation(
        "deprecated-key", "railway", "warning",
        RAILWAY, '"builder": "RAILPACK"', '"builder": "NIXPACKS"',
        at='"NIXPACKS"', given=(NEW_RAILWAY,),
    ),
    # -- ECS -------------------------------------------------------------------------------------
    Mutation(
        "schema-violation", "ecs", "error",
        TASK, '"cpu": "512"', '"cpu": 512',
        at='"cpu": 512', about="a number that must be text",
    ),
    Mutation(
        "schema-violation", "ecs", "error",
        TASK, '"interval": 30', '"interval": 3',
        at='"interval": 3', about="too often",
        given=(Edit(TASK, '"timeout": 5', '"timeout": 2'),),
    ),
    Mutation(
        "schema-violation", "ecs", "error",
        SERVICE, '"desiredCount": 2', '"desiredCount": "2"',
        at='"desiredCount"', about="a count in quotes", beside=(TASK,),
    ),
    Mutation(
        "schema-violation", "ecs", "error",
        TARGET, '"MaxCapacity": 10', '"MaxCapacity": "10"',
        at='"MaxCapacity"', about="a capacity in quotes", beside=(TASK, SERVICE),
    ),
    Mutation(
        "invalid-fargate-size", "ecs", "error",
        TASK, '"memory": "1024"', '"memory": "8192"',
        at='"memory"', about="and no violation",
    ),
    Mutation(
        "unknown-key", "ecs", "warning",
        TASK, ENVIRONMENT,
        f"        {REFERENCE},\n{ENVIRONMENT}",
        at='"valueFrom"', about="a secret among variables",
    ),
    Mutation(
        "unknown-key", "ecs", "warning",
        SERVICE, '"launchType"', '"replicas": 2,\n  "launchType"',
        at='"replicas"', about="another tool's word", beside=(TASK,),
    ),
    Mutation(
        "describe-only-key", "ecs", "info",
        TASK, '"networkMode"', '"status": "ACTIVE",\n  "revision": 7,\n  "networkMode"',
        at='"status"', given=(PINNED_TASK,),
    ),
)  # fmt: skip
