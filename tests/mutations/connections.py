"""What the pools of 10 instances (Railway: 2) take of the 97 connections that a database gives."""

from __future__ import annotations

from tests.mutations.form import TWO_REPLICAS, Edit, Mutation
from tests.one_service import K8S, POLICY, RAILWAY, RENDER, TASK

DATABASE = """\
[databases.orders]
match = ["DATABASE_URL", "bookshop-secrets*"]
engine = "postgresql"
max-connections = 100
"""
"""100 connections, 3 of which a PostgreSQL keeps for superusers."""

RAILWAY_POOL = Edit(
    RAILWAY,
    '"deploy": {\n',
    '"deploy": {\n    "envVars": {"DATABASE_URL": "${{Postgres.DATABASE_URL}}", '
    '"DB_POOL_SIZE": "5"},\n',
)
ECS_POOL = (
    Edit(
        TASK,
        '      "environment": [\n',
        '      "environment": [\n'
        '        {"name": "DB_POOL_SIZE", "value": "2"},\n'
        '        {"name": "DB_MAX_OVERFLOW", "value": "0"},\n',
    ),
)

CONNECTIONS = (
    Mutation(
        "pool-exceeds-limit", "render", "error",
        RENDER, "    healthCheckPath:",
        '      - {key: DB_POOL_SIZE, value: "10"}\n    healthCheckPath:',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "railway", "error",
        RAILWAY, '"DB_POOL_SIZE": "5"', '"DB_POOL_SIZE": "60"',
        at="DB_POOL_SIZE", given=(TWO_REPLICAS, RAILWAY_POOL), config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "ecs", "error",
        TASK, '"DB_POOL_SIZE", "value": "2"', '"DB_POOL_SIZE", "value": "10"',
        at="DB_POOL_SIZE", beside=(POLICY,), given=ECS_POOL, config=DATABASE,
    ),
    Mutation(
        "pool-exceeds-limit", "kubernetes", "error",
        K8S, "        env:\n",
        '        env:\n        - {name: DB_POOL_SIZE, value: "10"}\n',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "render", "warning",
        RENDER, "    healthCheckPath:",
        '      - {key: DB_POOL_SIZE, value: "6"}\n    healthCheckPath:',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "railway", "warning",
        RAILWAY, '"DB_POOL_SIZE": "5"', '"DB_POOL_SIZE": "30"',
        at="DB_POOL_SIZE", given=(TWO_REPLICAS, RAILWAY_POOL), config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "ecs", "warning",
        TASK, '"DB_POOL_SIZE", "value": "2"', '"DB_POOL_SIZE", "value": "8"',
        at="DB_POOL_SIZE", beside=(POLICY,), given=ECS_POOL, config=DATABASE,
    ),
    Mutation(
        "pool-headroom", "kubernetes", "warning",
        K8S, "        env:\n",
        '        env:\n        - {name: DB_POOL_SIZE, value: "8"}\n',
        at="DB_POOL_SIZE", config=DATABASE,
    ),
)  # fmt: skip
