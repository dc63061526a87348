"""Databases of AWS that templates make, with their class."""

from __future__ import annotations

from lintscale.model.declared import Database
from lintscale.model.location import Location
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.cloudformation.template import Template
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping, Node, Scalar

TYPES = {
    "AWS::RDS::DBInstance": ("DBInstanceClass", "rds"),
    "AWS::RDS::DBCluster": ("DBClusterInstanceClass", "aurora"),
    "AWS::ElastiCache::ReplicationGroup": ("CacheNodeType", "elasticache"),
    "AWS::ElastiCache::CacheCluster": ("CacheNodeType", "elasticache"),
}


def reference(template: Template, resource: str) -> str:
    """What environment references call the database."""
    return f"cloudformation {template.document.file} {resource}"


def database(template: Template, resource: str, kind: str) -> Database | None:
    """None for an instance of a cluster, and for an engine that is not known to be one of ours."""
    properties = template.properties(resource)
    engine = _engine(kind, properties.get("Engine"))
    in_cluster = kind.endswith("::DBInstance") and "DBClusterIdentifier" in properties.entries
    if engine is None or in_cluster:
        return None
    key, provider = TYPES[kind]
    plan = _plan(template, properties.get(key))
    scaling = properties.get("ServerlessV2ScalingConfiguration")
    if isinstance(scaling, Mapping):
        most = scaling.get("MaxCapacity")
        units = _plan(template, most)
        plan = Sourced(
            f"{units.value} ACU" if units.value else None, Source.FILE, units.location, units.reason
        )
    elif provider == "aurora" and plan.source is None:
        plan = _class_of_instances(template, resource)
    return Database(
        key=reference(template, resource),
        name=resource,
        engine=engine,
        platform="ecs",
        location=Field.root(template.document).at(template.head(resource)).location,
        plan=plan,
        provider=provider,
    )


def _engine(kind: str, node: Node | None) -> str | None:
    text = node.text.lower() if isinstance(node, Scalar) else ""
    if kind.startswith("AWS::ElastiCache::"):
        return "redis" if text in ("", "redis", "valkey") else None
    if "postgres" in text:
        return "postgresql"
    if "mysql" in text or text in ("mariadb", "aurora"):
        return "mysql"
    return "sqlserver" if text.startswith("sqlserver") else None


def _class_of_instances(template: Template, cluster: str) -> Sourced[str]:
    for name, kind in template.resources():
        if kind != "AWS::RDS::DBInstance":
            continue
        properties = template.properties(name)
        if cluster in template.refs_of(properties.get("DBClusterIdentifier")):
            return _plan(template, properties.get("DBInstanceClass"))
    return ABSENT


def _plan(template: Template, node: Node | None) -> Sourced[str]:
    if node is None:
        return ABSENT
    path = template.paths.get(id(node), ())
    where: Location = Field.root(template.document).at(path).location
    if not isinstance(node, Scalar) or "${" in node.text:
        return Sourced(None, Source.FILE, where, "not known")
    return Sourced(node.text, Source.FILE, where)
