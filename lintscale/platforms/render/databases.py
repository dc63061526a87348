"""Render Postgres and Render Key Value."""

from __future__ import annotations

from lintscale._record import replace
from lintscale.model.declared import Database
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.render import plans
from lintscale.platforms.render.environment import database_key, key_value_key
from lintscale.syntax.field import Field


def postgres(database: Field, environment: str) -> list[Database]:
    """The database and its read replicas; nothing when it has no name to refer to it by."""
    name = database.get("name").string()
    if not name:
        return []
    plan = database.get("plan").text(
        plans.DEFAULT_POSTGRES_PLAN,
        f"Render gives a new database {plans.DEFAULT_POSTGRES_PLAN} when plan is absent;"
        " an existing one keeps its own",
    )
    connections = plans.postgres_connections(plan.value) if plan.value is not None else None
    limit, reserved = connections or (None, None)
    kept_back = (
        "Render states the limit without the connections kept for superusers"
        if reserved == 0
        else "PostgreSQL keeps 3 connections for superusers"
    )
    primary = Database(
        key=database_key(name),
        name=name,
        engine="postgresql",
        platform="render",
        location=database.location,
        plan=plan,
        limit=_by_plan(limit, plan),
        reserved=_known(reserved, plan.location, kept_back),
        pooler=_pooler(database.get("connectionPool")),
        environment=environment,
    )
    return [primary, *_read_replicas(database, primary)]


def key_value(service: Field, name: str, environment: str) -> Database:
    plan = service.get("plan").text(
        plans.DEFAULT_KEY_VALUE_PLAN,
        f"Render gives a new Key Value instance {plans.DEFAULT_KEY_VALUE_PLAN} when plan is"
        " absent; an existing one keeps its own",
    )
    limit = plans.key_value_connections(plan.value) if plan.value is not None else None
    return Database(
        key=key_value_key(name),
        name=name,
        engine="redis",
        platform="render",
        location=service.location,
        plan=plan,
        limit=_by_plan(limit, plan),
        environment=environment,
    )


def _read_replicas(database: Field, primary: Database) -> list[Database]:
    """Instances of their own, with the plan of the primary
    (render.com/docs/postgresql-read-replicas, Aug 2026) and no pooler in front."""
    replicas = []
    for item in database.get("readReplicas").items():
        name = item.get("name").string()
        if name:
            replicas.append(
                replace(
                    primary,
                    key=database_key(name),
                    name=name,
                    location=item.location,
                    pooler=Sourced(None, None, item.location),
                )
            )
    return replicas


def _by_plan(limit: int | None, plan: Sourced[str]) -> Sourced[int]:
    origin = "" if plan.written else ", the default of a new instance"
    return _known(limit, plan.location, f"plan {plan.value} ({plans.AS_OF}){origin}")


def _known(value: int | None, location: Location | None, reason: str) -> Sourced[int]:
    if value is None:
        return Sourced(None, None, location)
    return Sourced(value, Source.PLATFORM_DEFAULT, location, reason)


def _pooler(field: Field) -> Sourced[str]:
    """ "" where there is none, so that a pooler is simply a text that says something."""
    pooler = field.text("none", "a new database on Render has no pooler")
    return replace(pooler, value="") if pooler.value == "none" else pooler
