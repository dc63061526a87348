"""What a Blueprint looks like, and where in it the resources stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lintscale.syntax.document import Document
from lintscale.syntax.field import Field, has_placeholder
from lintscale.syntax.nodes import Mapping

DETECTED_NAME = "render.yaml"
"""The one name, in the repository's root, that Render finds by itself (Blueprint YAML
Reference, render.com/docs/blueprint-spec, Aug 2026); any other path is set by hand."""

UNREAD_NAMES = frozenset({".render.yaml", "render.yml"})
"""Names that people expect Render to find."""

KEY_VALUE_TYPES = frozenset({"keyvalue", "redis"})
"""A Key Value instance; ``redis`` is its older name."""

SERVICE_TYPES = frozenset({"web", "pserv", "worker", "cron", "workflow"}) | KEY_VALUE_TYPES

_LISTS = ("services", "databases", "envVarGroups", "projects")
_MAPPINGS = ("previews", "ungrouped")

_DATABASE_KEYS = frozenset(
    {
        "name", "databaseName", "user", "region", "plan", "diskSizeGB",
        "storageAutoscalingEnabled", "connectionPool", "previewPlan", "previewDiskSizeGB",
        "postgresMajorVersion", "highAvailability", "ipAllowList", "readReplicas",
    }
)  # fmt: skip
"""All keys of a database; a list of anything else under ``databases`` is not Render's."""

_PLAIN_DATABASE_KEYS = frozenset({"name", "user", "region"})
"""Those that other tools' lists of databases have as well."""


def recognise(document: Document, file_name: str) -> bool:
    """Is this document a Blueprint? By its resources, or by its name alone where Render goes by
    that: whatever stands in ``render.yaml`` is what Render will try to read."""
    root = Field.root(document)
    if _is_something_else(root):
        return False
    if any(_holds_resources(place) for place, _ in places(root)):
        return True
    path = PurePosixPath(file_name)
    if path.name == DETECTED_NAME:
        return len(path.parts) == 1 or _has_blueprint_keys(root)
    return path.name in UNREAD_NAMES and _has_blueprint_keys(root)


def places(root: Field) -> Iterator[tuple[Field, str]]:
    """Each mapping that lists services, databases and environment groups, with the name of the
    Render environment it belongs to ("" where it belongs to none): the root, ``ungrouped`` and
    ``projects[].environments[]``."""
    yield root, ""
    yield root.get("ungrouped"), ""
    for project in root.get("projects").items():
        for environment in project.get("environments").items():
            name = environment.get("name").string() or ""
            yield environment, "" if has_placeholder(name) else name


def _holds_resources(place: Field) -> bool:
    if any(item.get("type").string() in SERVICE_TYPES for item in place.get("services").items()):
        return True
    databases = list(place.get("databases").items())
    return bool(databases) and all(_is_database(item) for item in databases)


def _is_database(item: Field) -> bool:
    keys = {key for key, _ in item.entries()}
    return "name" in keys and keys <= _DATABASE_KEYS and not keys <= _PLAIN_DATABASE_KEYS


def _has_blueprint_keys(root: Field) -> bool:
    return any(root.get(key).is_sequence for key in _LISTS) or any(
        root.get(key).is_mapping for key in _MAPPINGS
    )


def _is_something_else(root: Field) -> bool:
    """A Kubernetes object, or a CI workflow about rendering something."""
    if root.get("apiVersion").present and root.get("kind").present:
        return True
    # YAML 1.1 reads the bare key ``on`` of a workflow as a boolean.
    has_trigger = root.get("on").present or (
        isinstance(root.node, Mapping) and True in root.node.entries
    )
    return has_trigger and root.get("jobs").is_mapping
