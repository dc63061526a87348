"""What a program describes, in the common model: see :mod:`lintscale.platforms.railway.program`.

The program is all there is: what it leaves out goes back to Railway's default when it is applied
(docs.railway.com, infrastructure as code, Aug 2026).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from lintscale.code.files import joined
from lintscale.code.programs.values import Part
from lintscale.model.declared import (
    BuildSource,
    Container,
    Database,
    DocumentNote,
    EnvironmentVariable,
    Fragments,
    InstanceSize,
    Rollout,
    Shutdown,
    Workload,
)
from lintscale.model.sourced import ABSENT, Source, Sourced
from lintscale.platforms.railway.facts import ASIDE, CAP, MAX_COUNT
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Scalar

_ENGINES = {
    "postgres": ("postgresql", "ghcr.io/railwayapp-templates/postgres-ssl:", 100, 3),
    "mysql": ("mysql", "mysql:", 151, 0),
    "redis": ("redis", "railwayapp/redis:", 10_000, 0),
    "mongo": ("mongodb", "mongo:", None, None),
}
"""Engines by Railway's word for them: the image, and what it takes and keeps back by itself, as no
file sets another number (postgresql.org, max_connections and superuser_reserved_connections;
dev.mysql.com, max_connections; redis.io, maxclients)."""

UNKNOWN = "set where it cannot be known by reading"


def normalise(document: Document, file_name: str) -> Fragments:
    root = Field.root(document)
    environment = root.get("environment").string() or ""
    fragments = Fragments()
    for node in root.get("project", "resources").items():
        kind = node.get("type").string()
        only = [each.string() for each in node.get("environments").items()]
        if only and environment and environment not in only:
            continue
        if kind == "service":
            fragments.workloads.append(_service(node, environment, file_name))
        elif kind == "database":
            fragments.databases += _database(node, environment)
    for node in root.get("unreachable").items():
        name, kind = node.get("name").string() or "", node.get("type").string() or "resource"
        fragments.notes.append(
            DocumentNote("railway", "not deployed", node.get("name").location, kind, subject=name)
        )
    return fragments


def _service(node: Field, environment: str, file_name: str) -> Workload:
    name = node.get("name").string() or ""
    place = node.get("name").location
    deploy = node.get("deploy")
    schedule = deploy.get("cronSchedule")
    scheduled = schedule.present and schedule.string() != ""
    volume = _volume(node)
    source = node.get("source")
    return Workload(
        platform="railway",
        kind="service",
        name=name,
        location=place,
        role="job" if scheduled else "service",
        environment_hint=environment,
        replicas=_replicas(node),
        containers=(
            Container(
                name=name,
                image=source.get("image").raw_text(),
                location=place,
                command=_value(node, Field.raw_text, "deploy", "startCommand"),
                environment=_variables(node),
                env_complete=_may_only_be(node, "variables", ""),
            ),
        ),
        health_check_path=_value(node, Field.text, "deploy", "healthcheckPath"),
        health_check_timeout_seconds=_value(
            node, Field.integer, "deploy", "healthcheckTimeout", default=300,
            reason="Railway waits 300 s for a healthy answer when healthcheckTimeout is absent",
        ),
        serves_traffic=not scheduled,
        rollout=Rollout(surge_percent=_surge(node, volume)),
        shutdown=_shutdown(node),
        disk=volume,
        sleeps=_value(
            node, Field.boolean, "deploy", "sleepApplication", default=False,
            reason="Railway lets no service sleep unless sleepApplication says so",
        ),
        instance_size=InstanceSize(
            cpu_cores=deploy.get("limitOverride", "containers", "cpu").number(),
            memory_bytes=deploy.get("limitOverride", "containers", "memoryBytes").integer(),
        ),
        cap=CAP,
        unscalable_reason="a service with a volume has one replica" if volume.written else "",
        can_autoscale=False,
        build=_build(node, file_name),
    )  # fmt: skip


def _may_only_be(node: Field, *keys: str) -> bool:
    """Whether a value that is absent at the keys is absent for certain."""
    for key in keys:
        if isinstance(node.node, Scalar):
            return False
        below = node.get(key)
        if isinstance(node.node, Part) and not below.present:
            return False
        node = below
    return True


def _value(
    node: Field,
    read: Callable[..., Sourced[Any]],
    *keys: str,
    default: object = None,
    reason: str = "",
) -> Sourced[Any]:
    """The value at the keys; the default only where nothing else can be meant."""
    found = node.get(*keys)
    if not found.present and not _may_only_be(node, *keys):
        return Sourced(None, Source.FILE, found.location, UNKNOWN)
    return read(found, default, reason)


def _replicas(node: Field) -> Sourced[int]:
    """The count over all regions, where regions are set; numReplicas otherwise."""
    regions = node.get("deploy", "multiRegionConfig")
    unknown = Sourced[int](None, Source.FILE, regions.location, UNKNOWN)
    if not regions.present:
        if not _may_only_be(node, "deploy", "multiRegionConfig"):
            number = node.get("deploy", "numReplicas")
            return number.integer() if number.present else unknown
        return _value(
            node, Field.integer, "deploy", "numReplicas", default=1,
            reason="Railway runs one replica of a service for which the program sets no number",
        )  # fmt: skip
    if not regions.is_mapping or isinstance(regions.node, Part):
        return unknown
    counts = []
    for _, region in regions.entries():
        number = region.get("numReplicas")
        if not number.present:
            return unknown
        counts.append(number.integer())
    if len(counts) == 1:
        return counts[0]
    values = [count.value for count in counts if count.value is not None]
    if not counts or len(values) < len(counts) or abs(sum(values)) > MAX_COUNT:
        return unknown
    return Sourced(
        sum(values), Source.FILE, regions.location, f"the sum over {len(counts)} regions"
    )


def _volume(node: Field) -> Sourced[str]:
    required = node.get("deploy", "requiredMountPath")
    if required.present:
        return required.raw_text()
    for attached in ("volumeAttachments", "volumeMounts"):
        for key, each in node.get(attached).entries():
            path = each.get("mountPath").string() if attached == "volumeAttachments" else key
            return Sourced(path or key, Source.FILE, each.location)
    return ABSENT


def _surge(node: Field, volume: Sourced[str]) -> Sourced[int]:
    if volume.written:
        reason = "with a volume, Railway stops the old deployment before it starts the new one"
        return Sourced(0, Source.PLATFORM_DEFAULT, volume.location, reason)
    return Sourced(100, Source.ASSUMED, node.get("name").location, ASIDE)


def _shutdown(node: Field) -> Shutdown:
    return Shutdown(
        drain_seconds=_teardown(
            node,
            "drainingSeconds",
            "RAILWAY_DEPLOYMENT_DRAINING_SECONDS",
            "Railway kills the old deployment at once when drainingSeconds is absent",
        ),
        pre_stop_seconds=_teardown(
            node,
            "overlapSeconds",
            "RAILWAY_DEPLOYMENT_OVERLAP_SECONDS",
            "Railway stops the old deployment at the switch when overlapSeconds is absent",
        ),
    )


def _teardown(node: Field, key: str, variable: str, reason: str) -> Sourced[int]:
    """A setting that a variable of the service sets as well (docs.railway.com, deployment
    teardown, Aug 2026)."""
    if not node.get("deploy", key).present:
        value = node.get("variables", variable)
        if value.present:
            text = value.get("value")
            return (
                text.integer()
                if text.is_scalar
                else Sourced(None, Source.FILE, value.location, UNKNOWN)
            )
        if not _may_only_be(node, "variables", variable):
            return Sourced(None, Source.FILE, value.location, UNKNOWN)
    return _value(node, Field.integer, "deploy", key, default=0, reason=reason)


def _build(node: Field, file_name: str) -> BuildSource | None:
    """A service that is built from a repository is taken to be built from this one."""
    source = node.get("source")
    if source.get("type").string() in ("image", "template"):
        return None
    base = PurePosixPath(file_name).parent.parent.as_posix()
    root = source.get("rootDirectory").string() or ""
    folder = joined("" if base in (".", "..", "/") else base, root)
    dockerfile = (node.get("build", "dockerfilePath").string() or "").lstrip("./")
    inside = f"{folder}/{dockerfile}" if folder and dockerfile else dockerfile
    return BuildSource(folder, inside, runs_procfile=True)


def _variables(node: Field) -> tuple[EnvironmentVariable, ...]:
    found = []
    for name, value in node.get("variables").entries():
        kind = value.get("type").string()
        text: Sourced[str] = Sourced(None, Source.FILE, value.location, UNKNOWN)
        reference, output = "", ""
        if kind == "literal":
            text = value.get("value").raw_text()
        elif kind == "raw":
            text = value.get("value", "value").raw_text()
        elif kind == "reference":
            # "database.shop" and "service.web" are named by what follows.
            output = value.get("output").string() or ""
            owner = (value.get("resource").string() or "").partition(".")[2]
            reference = f"railway service:{owner}"
        elif kind == "sharedReference":
            output = value.get("name").string() or ""
            reference = f"railway shared:{output}"
        found.append(EnvironmentVariable(name, text, value.location, reference, output))
    return tuple(found)


def _database(node: Field, environment: str) -> list[Database]:
    name = node.get("name").string()
    known = _ENGINES.get(node.get("engine").string() or "")
    if not name or known is None:
        return []
    engine, image, limit, reserved = known
    place = node.get("name").location
    is_stock = (node.get("image").string() or "").startswith(image)
    reason = "what the image takes where nobody sets another number"

    def by_image(value: int | None) -> Sourced[int]:
        if value is None or not is_stock:
            return Sourced(None, None, place)
        return Sourced(value, Source.PLATFORM_DEFAULT, place, reason)

    return [
        Database(
            key=f"railway service:{name}",
            name=name,
            engine=engine,
            platform="railway",
            location=place,
            limit=by_image(limit),
            reserved=by_image(reserved),
            environment=environment,
        )
    ]
