"""Databases of AWS that Terraform makes, with their class."""

from __future__ import annotations

from lintscale.model.declared import Database
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.terraform.bodies import Body
from lintscale.platforms.terraform.modules import Object
from lintscale.platforms.terraform.nodes import Places
from lintscale.platforms.terraform.values import Place, number_of, text_of

TYPES = frozenset(
    {
        "aws_db_instance",
        "aws_rds_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_cluster",
    }
)


def reference(thing: Object) -> str:
    """What environment references call the database."""
    return f"terraform {thing.address}"


def database(thing: Object, places: Places, environment: str) -> Database | None:
    """None for an engine that is not known to be one of ours."""
    body = Body(thing.block, thing.scope)
    engine = _engine(thing)
    if engine is None:
        return None
    file, span, path = places.of(body.place)
    location = Location(file, span, path, 0)
    plan, provider = _plan(thing, body, places, engine)
    name = next(
        (
            text_of(thing.get(key))
            for key in ("identifier", "cluster_identifier", "replication_group_id", "cluster_id")
            if thing.has(key) and thing.get(key).is_known
        ),
        None,
    )
    return Database(
        key=reference(thing),
        name=name or thing.name,
        engine=engine,
        platform="ecs",
        location=location,
        plan=plan,
        provider=provider,
        environment=environment,
    )


def _engine(thing: Object) -> str | None:
    if thing.type == "aws_elasticache_replication_group":
        return "redis"
    text = text_of(thing.get("engine")) or ""
    if not thing.get("engine").is_known and "data.aws_rds_engine_version" not in text:
        text = ""
    if thing.type == "aws_elasticache_cluster":
        return "redis" if text in ("redis", "valkey") else None
    if not thing.get("engine").is_known:
        text = _engine_of_version(thing)
    if "postgres" in text:
        return "postgresql"
    if "mysql" in text or text in ("mariadb", "aurora"):
        return "mysql"
    return "sqlserver" if text.startswith("sqlserver") else None


def _engine_of_version(thing: Object) -> str:
    for ref in thing.get("engine").refs:
        if isinstance(ref, Object) and ref.type == "aws_rds_engine_version":
            return text_of(ref.get("engine")) or ""
    return ""


def _plan(thing: Object, body: Body, places: Places, engine: str) -> tuple[Sourced[str], str]:
    """The class with the provider whose rules speak of it."""
    if thing.type.startswith("aws_elasticache"):
        return _text(thing, body, places, "node_type"), "elasticache"
    if thing.type == "aws_db_instance":
        return _text(thing, body, places, "instance_class"), "rds"
    for scaling in body.blocks("serverlessv2_scaling_configuration"):
        most = scaling.get("max_capacity")
        number = number_of(most)
        place = most.place or scaling.place
        where = _located(places, place)
        if number is not None:
            return Sourced(f"{number:g} ACU", Source.FILE, where), "aurora"
        return Sourced(None, Source.FILE, where, "the largest capacity is not known"), "aurora"
    if body.has("db_cluster_instance_class"):
        return _text(thing, body, places, "db_cluster_instance_class"), "rds"
    classes = [
        (each, Body(each.block, each.scope))
        for each in thing.module.objects()
        if each.type == "aws_rds_cluster_instance"
        and any(ref is thing for ref in each.get("cluster_identifier").refs)
    ]
    for each, its_body in classes:
        return _text(each, its_body, places, "instance_class"), "aurora"
    return ABSENT, "aurora"


def _text(thing: Object, body: Body, places: Places, name: str) -> Sourced[str]:
    value = thing.get(name)
    place = value.place or body.attribute_place(name) or body.place
    where = _located(places, place)
    if not thing.has(name):
        return Sourced(None, None, where)
    text = text_of(value) if value.is_known else None
    return Sourced(text, Source.FILE, where, "" if text else "not known")


def _located(places: Places, place: Place) -> Location:
    file, span, path = places.of(place)
    return Location(file, span, path, 0)
