"""What the health endpoint of a framework asks besides the process.

Spring Boot's ``/actuator/health`` is down when one of its indicators is: those of databases, Redis,
MongoDB, RabbitMQ and others are there as soon as the program is configured for them, and
``/actuator/health/liveness`` has none of them (docs.spring.io, "Production-ready features",
"Auto-configured HealthIndicators" and "Kubernetes Probes", Dec 2026).
"""

from __future__ import annotations

from lintscale.model.declared import Application, Container
from lintscale.syntax.regex import regex

_ASKED = (
    ("database", regex(r"SPRING_(?:DATASOURCE|R2DBC)_URL\Z")),
    ("MongoDB", regex(r"SPRING_(?:DATA_)?MONGODB_(?:URI|HOST)\Z")),
    ("Redis", regex(r"SPRING_(?:DATA_)?REDIS_(?:URL|HOST|CLUSTER_NODES|SENTINEL_NODES)\Z")),
    ("RabbitMQ", regex(r"SPRING_RABBITMQ_(?:HOST|ADDRESSES)\Z")),
    ("Elasticsearch", regex(r"SPRING_(?:DATA_)?ELASTICSEARCH_(?:REST_)?URIS\Z")),
    ("Cassandra", regex(r"SPRING_(?:DATA_)?CASSANDRA_CONTACT_?POINTS\Z")),
)
"""What is asked, and the variable that configures it."""

_LIBRARIES = frozenset({"HikariCP", "r2dbc-pool"})
_PACKAGES = frozenset({"maven:hikari", "maven:r2dbc-pool"})

_SWITCHED = regex(r"MANAGEMENT_(?:HEALTH_\w+_ENABLED|ENDPOINT_HEALTH_(?:STATUS|GROUP)_\w+)\Z")
"""Variables that change what is asked."""


def aggregate_health(container: Container, application: Application | None) -> str:
    """What the aggregate health of a Spring Boot program asks, as people call it; "" for nothing,
    and where that is not known."""
    names = [variable.name.upper() for variable in container.environment]
    if any(map(_SWITCHED.match, names)) or (application is not None and application.health_is_cut):
        return ""
    for asked, pattern in _ASKED:
        if any(map(pattern.match, names)):
            return asked
    if application is None:
        return ""
    packages = {dependency.package for dependency in application.dependencies}
    libraries = {pool.library for pool in application.pools}
    return "database" if packages & _PACKAGES or libraries & _LIBRARIES else ""
