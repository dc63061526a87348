"""What instances take, and what one environment has beside another."""

from __future__ import annotations

from tests.mutations.form import DRAINED, TWO_REPLICAS, Edit, Mutation
from tests.one_service import (
    K8S,
    POLICY,
    RAILWAY,
    RENDER,
    STAGING_K8S,
    STAGING_TASK,
    TASK,
)

DEVELOPMENT = """\
[environments]
development = ["**"]
"""
PRODUCTION = f"""\
[environments]
production = ["{TASK}", "{K8S}"]
"""
STAGING_ON_RENDER = (
    Edit(RENDER, "    name: bookshop-api\n", "    name: bookshop-api-prod\n"),
    Edit(
        RENDER,
        "services:\n",
        "services:\n"
        "  - type: web\n"
        "    name: bookshop-api-staging\n"
        "    runtime: python\n"
        "    healthCheckPath: /health\n"
        "    scaling: {minInstances: 1, maxInstances: 4, targetCPUPercent: 70}\n",
    ),
)
STAGING_ON_RAILWAY = Edit(
    RAILWAY,
    '"scaling"',
    '"environments": {\n'
    '    "production": {"deploy": {"numReplicas": 3, "drainingSeconds": 30}},\n'
    '    "staging": {"deploy": {"numReplicas": 2, "drainingSeconds": 30}}\n  },\n  "scaling"',
)

SIZES = (
    Mutation(
        "missing-memory-limit", "kubernetes", "warning",
        K8S, "            memory: 2Gi\n", "",
        at="- name: api",
    ),
    Mutation(
        "container-exceeds-task", "ecs", "error",
        TASK, '"image": "bookshop/api:latest"',
        '"image": "bookshop/api:latest",\n      "memory": 1536',
        at='"memory": "1024"', about="memory", beside=(POLICY,),
    ),
    Mutation(
        "container-exceeds-task", "ecs", "error",
        TASK, '"image": "bookshop/api:latest"',
        '"image": "bookshop/api:latest",\n      "cpu": 768',
        at='"cpu": "512"', about="CPU", beside=(POLICY,),
    ),
    Mutation(
        "requests-exceed-limits", "kubernetes", "error",
        K8S, "memory: 512Mi", "memory: 4Gi",
        at="memory: 4Gi",
    ),
    Mutation(
        "expensive-floor", "render", "info",
        RENDER, "minInstances: 1", "minInstances: 2",
        at="minInstances: 2", config=DEVELOPMENT,
        given=(Edit(RENDER, "minInstances: 2", "minInstances: 1"),),
    ),
    Mutation(
        "expensive-floor", "railway", "info",
        RAILWAY, '"numReplicas": 1', '"numReplicas": 2',
        at='"numReplicas": 2', config=DEVELOPMENT,
        given=(DRAINED, TWO_REPLICAS, Edit(RAILWAY, '"numReplicas": 2', '"numReplicas": 1')),
    ),
    Mutation(
        "expensive-floor", "ecs", "info",
        POLICY, '"MinCapacity": 1', '"MinCapacity": 2',
        at='"MinCapacity": 2', beside=(TASK,), config=DEVELOPMENT,
        given=(Edit(POLICY, '"MinCapacity": 2', '"MinCapacity": 1'),),
    ),
    Mutation(
        "expensive-floor", "kubernetes", "info",
        K8S, "minReplicas: 1", "minReplicas: 2",
        at="minReplicas: 2", config=DEVELOPMENT,
        given=(Edit(K8S, "minReplicas: 2", "minReplicas: 1"),),
    ),
    Mutation(
        "environment-drift", "render", "info",
        RENDER, "maxInstances: 10", "maxInstances: 3",
        at="maxInstances: 3", given=STAGING_ON_RENDER,
    ),
    Mutation(
        "environment-drift", "railway", "info",
        RAILWAY,
        '"staging": {"deploy": {"numReplicas": 2', '"staging": {"deploy": {"numReplicas": 4',
        at='"production"', given=(STAGING_ON_RAILWAY,),
    ),
    Mutation(
        "environment-drift", "ecs", "info",
        STAGING_TASK, '"memory": "1024"', '"memory": "2048"',
        at='"memory": "1024"', where=TASK, beside=(TASK,), config=PRODUCTION,
    ),
    Mutation(
        "environment-drift", "kubernetes", "info",
        STAGING_K8S, "replicas: 2", "replicas: 3",
        at="minReplicas: 2", where=K8S, beside=(K8S,), config=PRODUCTION,
    ),
)  # fmt: skip
