"""PostgreSQL as CloudNativePG's operator runs it (cloudnative-pg.io/docs/1.28, Nov 2026)."""

from __future__ import annotations

from lintscale.model.declared import Database
from lintscale.model.location import Location
from lintscale.model.sourced import Source, Sourced
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.syntax.field import Field

GROUP = "postgresql.cnpg.io"

_ADDRESS_KEYS = ("uri", "jdbc-uri", "fqdn-uri", "fqdn-jdbc-uri", "host")
"""Of the Secret "<cluster>-app" ("Connecting from an application"), those that say where it is."""

_MAX_CONNECTIONS = 100
_SUPERUSER_RESERVED = 3
"""PostgreSQL's own defaults, which the operator leaves as they are ("PostgreSQL configuration")."""

_MAX_CLIENTS = 100
_POOL_SIZE = 20
"""PgBouncer's defaults of max_client_conn and default_pool_size, which the operator leaves too
("Connection pooling")."""


def cluster(manifest: Manifest) -> Database:
    """The primary, to which the Service "<cluster>-rw" leads. Replicas are servers of their own."""
    parameters = manifest.spec.get("postgresql", "parameters")
    name = manifest.name
    secret = f"secret:{manifest.namespace}/{name}-app"
    return Database(
        key=_key(manifest, name),
        name=name,
        engine="postgresql",
        platform="kubernetes",
        location=manifest.location,
        limit=parameters.get("max_connections").integer(
            _MAX_CONNECTIONS, "PostgreSQL's default max_connections"
        ),
        reserved=parameters.get("superuser_reserved_connections").integer(
            _SUPERUSER_RESERVED, "superuser_reserved_connections"
        ),
        aliases=(
            _host(manifest, f"{name}-rw"),
            *(f"{secret}/{key}" for key in _ADDRESS_KEYS),
        ),
    )


def pooler(manifest: Manifest) -> Database:
    """A pooler is what its clients connect to: it takes max_client_conn in each instance."""
    spec = manifest.spec
    kind = spec.get("type").string() or "rw"
    parameters = spec.get("pgbouncer", "parameters")
    clients = parameters.get("max_client_conn").integer(
        _MAX_CLIENTS, "PgBouncer's default max_client_conn"
    )
    instances = spec.get("instances").integer(1, "the operator's default")
    return Database(
        key=f"pooler:kubernetes/{_path(manifest, manifest.name)}",
        name=manifest.name,
        engine="postgresql",
        platform="kubernetes",
        location=manifest.location,
        limit=_times(clients, instances, spec),
        reserved=Sourced(0, Source.PLATFORM_DEFAULT, manifest.location, ""),
        pooler=Sourced("pgbouncer", Source.PLATFORM_DEFAULT, manifest.location, ""),
        aliases=(_host(manifest, manifest.name),),
        server="" if kind == "ro" else _key(manifest, spec.get("cluster", "name").string() or ""),
        server_connections=_times(_server_pool(parameters), instances, spec),
    )


def _times(each: Sourced[int], instances: Sourced[int], spec: Field) -> Sourced[int]:
    if each.value is None or instances.value is None:
        unknown: Location = spec.location
        return Sourced(None, Source.FILE, unknown, "not a number")
    count = each.value * max(0, instances.value)
    return Sourced(count, each.source, each.location or spec.location, each.reason)


def _server_pool(parameters: Field) -> Sourced[int]:
    """Of one instance, to one database for one user."""
    most = parameters.get("max_db_connections").integer()
    if most.value:
        return most
    return parameters.get("default_pool_size").integer(
        _POOL_SIZE, "PgBouncer's default default_pool_size"
    )


def _key(manifest: Manifest, name: str) -> str:
    return f"kubernetes cluster:{_path(manifest, name)}"


def _path(manifest: Manifest, name: str) -> str:
    return f"{manifest.namespace}/{name}" if manifest.namespace else name


def _host(manifest: Manifest, service: str) -> str:
    """The key under which a reference to that host is known."""
    return f"host:kubernetes/{_path(manifest, service)}"
