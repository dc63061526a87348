"""Keys and names: keys in either case of the first letter (ECS writes camelCase, Application Auto
Scaling PascalCase, and people write both for both), names inside of ARNs and resource ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from lintscale.model.declared import Reference
from lintscale.syntax.field import PLACEHOLDER, Field, has_placeholder
from lintscale.syntax.nodes import Mapping, Node, Scalar
from lintscale.syntax.regex import regex

_MAX_TEXT = 2048
"""No name, ARN or other word of AWS is as long; longer texts are not searched."""


def flipped(key: str) -> str:
    """The key with the case of its first letter changed."""
    first = key[:1]
    return (first.lower() if first.isupper() else first.upper()) + key[1:]


def child(field: Field, *keys: str) -> Field:
    """The field at ``keys`` below ``field``, each in either case. Where one is absent, its path
    has the case that its neighbours have: that is how a person would write it there."""
    current = field
    for key in keys:
        current = current.get(_as_written(current, key))
    return current


def first_child(field: Field, *keys: str) -> Field:
    """The first of these keys that is written, in either case; the first one, absent, when none
    is."""
    for key in keys:
        found = child(field, key)
        if found.present:
            return found
    return child(field, keys[0])


def _as_written(field: Field, key: str) -> str:
    node = field.node
    if not isinstance(node, Mapping):
        return _in_style_of([part for part in field.path if isinstance(part, str)][-1:], key)
    entries = node.entries
    if key in entries:
        return key
    other = flipped(key)
    return other if other in entries else _in_style_of(entries, key)


def _in_style_of(names: Iterable[object], key: str) -> str:
    """The key with its first letter in the case that most of the names have."""
    balance = 0
    for name in names:
        if isinstance(name, str):
            first = name[:1]
            balance += first.isupper() - first.islower()
    if balance == 0:
        return key
    return key[:1].upper() + key[1:] if balance > 0 else key[:1].lower() + key[1:]


def key_set(node: Node | None) -> frozenset[str]:
    """The string keys of a mapping that hold something, first letters in lower case; empty for
    anything else."""
    if not isinstance(node, Mapping):
        return frozenset()
    return frozenset(
        key[:1].lower() + key[1:]
        for key, entry in node.entries.items()
        if isinstance(key, str)
        and not (isinstance(entry.value, Scalar) and entry.value.value is None)
    )


def known_text(field: Field) -> str:
    """The scalar's text; "" when there is none or a placeholder hides it."""
    text = field.string()
    if text is None or len(text) > _MAX_TEXT or has_placeholder(text):
        return ""
    return text


def items_or_one(field: Field) -> list[Field]:
    """The items of a sequence, or the single mapping that stands where a sequence should."""
    if field.is_mapping:
        return [field]
    return list(field.items())


def tags(field: Field) -> dict[str, str]:
    """Tags as a mapping, from ECS's list of key and value or from a plain mapping."""
    if field.is_mapping:
        return field.labels()
    found = {}
    for item in field.items():
        key, value = child(item, "key").string(), child(item, "value").string()
        if key and value is not None:
            found[key] = value
    return found


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
    """The cluster that a document names, by key, ARN or resource id; "" when it is unknown, and
    for "default", which ECS takes where none is named (API_CreateService, read Dec 2026)."""
    for key in ("cluster", "clusterName", "clusterArn"):
        name = known_text(child(field, key)).rpartition("/")[2]
        if name:
            break
    else:
        name, _ = resource_parts(child(field, "ResourceId").string() or "")
    return "" if name == "default" or has_placeholder(name) else name


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
