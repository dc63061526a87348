"""How large the pools are, and whether what says so is heeded."""

from __future__ import annotations

from tests.mutations.form import DRAINED, K8S_POOL, RENDER_POOL, TWO_REPLICAS, Edit, Mutation, block
from tests.one_service import FILES, K8S, POLICY, RAILWAY, RENDER, TASK

DATABASE_REFERENCE = block(FILES[K8S], "          valueFrom:")

RAILWAY_POOL = Edit(
    RAILWAY,
    '"deploy": {\n',
    '"deploy": {\n    "envVars": {"DATABASE_URL": "${{Postgres.DATABASE_URL}}",\n'
    '      "DB_POOL_SIZE": "5",\n      "DB_MAX_OVERFLOW": "0"},\n',
)
URL_ON_RAILWAY = Edit(
    RAILWAY,
    '"deploy": {\n',
    '"deploy": {\n    "envVars":'
    ' {"DATABASE_URL": "postgresql+psycopg://orders.internal/bookshop"},\n',
)
ECS_POOL = Edit(
    TASK,
    '      "environment": [\n',
    '      "environment": [\n'
    '        {"name": "DB_POOL_SIZE", "value": "5"},\n'
    '        {"name": "DB_MAX_OVERFLOW", "value": "0"},\n',
)
CONCURRENCY_ON_RENDER = Edit(
    RENDER,
    "    healthCheckPath:",
    '      - {key: WEB_CONCURRENCY, value: "2"}\n    healthCheckPath:',
)
CONCURRENCY_ON_RAILWAY = Edit(
    RAILWAY, '"deploy": {\n', '"deploy": {\n    "envVars": {"WEB_CONCURRENCY": "2"},\n'
)
CONCURRENCY_ON_ECS = (
    Edit(
        TASK,
        '      "environment": [\n',
        '      "environment": [\n        {"name": "WEB_CONCURRENCY", "value": "2"},\n',
    ),
    Edit(
        TASK,
        '"portMappings"',
        '"command": ["gunicorn", "bookshop.wsgi"],\n      "portMappings"',
    ),
)
CONCURRENCY_ON_KUBERNETES = Edit(
    K8S,
    "        env:\n",
    "        command: [gunicorn, bookshop.wsgi]\n        env:\n"
    '        - {name: WEB_CONCURRENCY, value: "2"}\n',
)

POOLS = (
    Mutation(
        "undeclared-pool-size", "render", "warning",
        RENDER, RENDER_POOL.new, RENDER_POOL.old,
        at="- key: DATABASE_URL", given=(RENDER_POOL,),
    ),
    Mutation(
        "undeclared-pool-size", "railway", "info",
        RAILWAY, ',\n      "DB_POOL_SIZE": "5",\n      "DB_MAX_OVERFLOW": "0"', "",
        at="DATABASE_URL", given=(RAILWAY_POOL, DRAINED, TWO_REPLICAS),
    ),
    Mutation(
        "undeclared-pool-size", "ecs", "warning",
        TASK, ECS_POOL.new, ECS_POOL.old,
        at="postgresql+asyncpg", beside=(POLICY,), given=(ECS_POOL,),
    ),
    Mutation(
        "undeclared-pool-size", "kubernetes", "warning",
        K8S, K8S_POOL.new, K8S_POOL.old,
        at="valueFrom:", given=(K8S_POOL,),
    ),
    Mutation(
        "unbounded-pool", "render", "warning",
        RENDER, '{key: DB_MAX_OVERFLOW, value: "0"}', '{key: DB_MAX_OVERFLOW, value: "-1"}',
        at="DB_MAX_OVERFLOW", given=(RENDER_POOL,),
    ),
    Mutation(
        "unbounded-pool", "railway", "warning",
        RAILWAY, '"DB_MAX_OVERFLOW": "0"', '"DB_MAX_OVERFLOW": "-1"',
        at="DB_MAX_OVERFLOW", given=(RAILWAY_POOL,),
    ),
    Mutation(
        "unbounded-pool", "ecs", "warning",
        TASK, '"DB_POOL_SIZE", "value": "5"', '"DB_POOL_SIZE", "value": "0"',
        at="DB_POOL_SIZE", beside=(POLICY,), given=(ECS_POOL,),
    ),
    Mutation(
        "unbounded-pool", "kubernetes", "warning",
        K8S, '{name: DB_MAX_OVERFLOW, value: "0"}', '{name: DB_MAX_OVERFLOW, value: "-1"}',
        at="DB_MAX_OVERFLOW", given=(K8S_POOL,),
    ),
    Mutation(
        "ineffective-pool-parameter", "render", "error",
        RENDER, "DATABASE_URL\n        sync: false",
        "DATABASE_URL\n        value: postgresql+psycopg://orders.internal/bookshop?pool_size=20",
        at="orders.internal",
    ),
    Mutation(
        "ineffective-pool-parameter", "railway", "error",
        RAILWAY, "orders.internal/bookshop", "orders.internal/bookshop?max_overflow=0",
        at="orders.internal", given=(URL_ON_RAILWAY,),
    ),
    Mutation(
        "ineffective-pool-parameter", "ecs", "error",
        TASK, "postgresql+asyncpg://...", "postgresql+asyncpg://orders.internal/bookshop?pool_size=20",
        at="orders.internal", beside=(POLICY,),
    ),
    Mutation(
        "ineffective-pool-parameter", "kubernetes", "error",
        K8S, DATABASE_REFERENCE,
        "          value: postgresql+asyncpg://orders.internal/bookshop?pool_size=20\n",
        at="orders.internal",
    ),
    Mutation(
        "worker-count-conflict", "render", "warning",
        RENDER, "--port $PORT", "--port $PORT --workers 4",
        at="startCommand", given=(CONCURRENCY_ON_RENDER,),
    ),
    Mutation(
        "worker-count-conflict", "railway", "warning",
        RAILWAY, "--port $PORT", "--port $PORT --workers 4",
        at="startCommand", given=(CONCURRENCY_ON_RAILWAY,),
    ),
    Mutation(
        "worker-count-conflict", "ecs", "warning",
        TASK, '"bookshop.wsgi"]', '"bookshop.wsgi", "-w", "4"]',
        at='"command": ["gunicorn"', beside=(POLICY,), given=CONCURRENCY_ON_ECS,
    ),
    Mutation(
        "worker-count-conflict", "kubernetes", "warning",
        K8S, "bookshop.wsgi]", 'bookshop.wsgi, --workers, "4"]',
        at="command:", given=(CONCURRENCY_ON_KUBERNETES,),
    ),
)  # fmt: skip
