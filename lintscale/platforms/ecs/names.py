"""Names inside of ARNs and resource ids."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lintscale.model.declared import Reference
from lintscale.platforms.ecs.keys import child, first_child, known_text
from lintscale.syntax.field import PLACEHOLDER, Field, has_placeholder
from lintscale.syntax.regex import regex

TASK_DEFINITION = "task-definition"

_FAMILY = regex(r"[A-Za-z0-9_-]{1,255}")
"""Letters, digits, hyphens and underscores, up to 255 (ECS API reference,
RegisterTaskDefinition, read Aug 2026)."""
_RESOURCE = regex(r"(?:\A|\Aarn:.*:)service/([^/]+)/([^/]+)\Z", re.DOTALL)
_MAX_NAME = 2048
"""No AWS name or ARN is as long; longer texts are not searched."""
_FIRST_MASK = 0xE000
"""Where Unicode's private use area begins: no name holds a character of it."""


def file_stem(file_name: str) -> str:
    """What to call something that has no name of its own."""
    name = PurePosixPath(file_name).name
    return name.split(".")[0] or name


def without_arn(name: str) -> str:
    """The bare name where AWS takes a name or an ARN that ends in it."""
    return name.rpartition("/")[2] if name.startswith("arn:") else name


def family_reference(field: Field) -> Reference | None:
    """The task definition that a service runs; None where it says nothing of it."""
    text = field.string()
    if text is None:
        return None
    name, placeholder = family(text)
    return Reference(TASK_DEFINITION, name, "", field.location, placeholder)


def family(text: str) -> tuple[str | None, str]:
    """(family, what stands in its place) of a service's ``taskDefinition``: "shop", "shop:7" or
    an ARN, whose account and revision may well be placeholders. The family is None when it holds
    one itself, or is none that ECS takes."""
    masked, placeholders = _masked(text)
    if masked.startswith("arn:"):
        masked = masked.partition(":task-definition/")[2]
    name = masked.partition(":")[0]
    return (name, "") if _FAMILY.fullmatch(name) else (None, _restored(name, placeholders))


def scaled_service(field: Field) -> Reference:
    """The service that a scaling document is about: by its name, else by ``ResourceId``. The
    cluster is to a service what a namespace is elsewhere."""
    named, resource = first_child(field, "ServiceName", "service"), child(field, "ResourceId")
    where = cluster(field)
    name = without_arn((named.string() or "")[:_MAX_NAME])
    if name and not has_placeholder(name):
        return Reference("", name, where, named.location)
    if resource.present:
        _, service = resource_parts(resource.string() or "")
        if service and not has_placeholder(service):
            return Reference("", service, where, resource.location)
        return Reference("", None, where, resource.location, service or name)
    return Reference("", None, where, named.location, name)


def resource_parts(text: str) -> tuple[str, str]:
    """(cluster, service) of a resource id ``service/<cluster>/<service>``, placeholders as they
    stand; two empty texts for any other."""
    masked, placeholders = _masked(text)
    found = _RESOURCE.match(masked)
    if found is None:
        return "", ""
    return _restored(found[1], placeholders), _restored(found[2], placeholders)


def cluster(field: Field) -> str:
    """The cluster that a document names, by key, ARN or resource id; "" when it is unknown."""
    for key in ("cluster", "clusterName", "clusterArn"):
        name = known_text(child(field, key)).rpartition("/")[2]
        if name:
            return name
    name, _ = resource_parts(child(field, "ResourceId").string() or "")
    return "" if has_placeholder(name) else name


def _masked(text: str) -> tuple[str, dict[str, str]]:
    """The text with a single character for each placeholder, and what these stand for:
    ``${NAME:-a/b}`` holds characters that otherwise separate the parts of a name."""
    placeholders: dict[str, str] = {}

    def mask(found: re.Match[str]) -> str:
        character = chr(_FIRST_MASK + len(placeholders))
        placeholders[character] = found[0]
        return character

    return PLACEHOLDER.sub(mask, text[:_MAX_NAME]), placeholders


def _restored(part: str, placeholders: dict[str, str]) -> str:
    return "".join(placeholders.get(character, character) for character in part)
