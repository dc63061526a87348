"""What Railway's config as code looks like, what it configures, and for which environments.

The file overrides the dashboard for one service's deployments. ``environments.<name>`` overrides
the file's own base for one environment; a pull request's environment takes, in falling order,
``environments.<its name>``, ``environments.pr``, the environment it is a copy of, the base
(docs.railway.com/config-as-code/reference, Aug 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lintscale._record import record
from lintscale.model.location import Location
from lintscale.platforms.railway import OWN_KEYS, SUFFIXES
from lintscale.syntax.document import PROGRAMS, Document
from lintscale.syntax.field import Field
from lintscale.syntax.nodes import Mapping
from lintscale.syntax.regex import regex

ROOT_FOLDER_NAME = "."
"""The workload's name where the file stands in the project's root: what the folder is called is
not in the file's path relative to it. The facts stage puts the project folder's name there."""

PREVIEW_ENVIRONMENT = "pr"
"""The name under ``environments`` that means every pull request's environment."""

_PRODUCTION = frozenset({"production", "prod"})

_SECTIONS = ("build", "deploy", "environments")
_INVENTIONS = (
    "scaling", "autoscaling", "scale", "start", "plugins", "variables", "envVars", "mounts",
)  # fmt: skip
"""Root keys that Railway does not know and that people write in files of its name."""

_OF_SERVICES = frozenset({"build", "deploy", "source", "startCommand", "dockerfilePath", "image"})
"""Keys of what people list under "services", which Railway does not know either."""

_EXACT_NAMES = frozenset({"railway.json", "railway.toml"})
_VARIANT = regex(
    r"(?:railway[._-](?P<after>.+)|(?P<before>.+)[._-]railway)\.(?:jsonc?|toml)\Z", re.IGNORECASE
)
_ENVIRONMENT_WORDS = frozenset(
    {"prod", "production", "staging", "stage", "dev", "development", "preview", "test", "qa"}
)
_UNTELLING = frozenset(
    {"config", "deploy", "deployment", "service", "app", "railway", "settings", "base", "template"}
)
"""Names of files that do not say which service they are for."""
_SEPARATOR = regex(r"[._-]")


@record
class Layers:
    """Mappings of which an earlier one overrides a later one key by key. A null override takes
    the key back to nothing, as it does at Railway ("This field can be set to null")."""

    fields: tuple[Field, ...]

    def get(self, *keys: str) -> Field:
        """The field that holds; absent, where the least specific mapping would have it."""
        for field in self.fields:
            if isinstance(field.node, Mapping) and keys[0] in field.node.entries:
                return field.get(*keys)
        return self.fields[-1].get(*keys)


@record
class Target:
    """One environment that the file configures. ``overrides`` are the mappings under
    ``environments`` that speak of it, the most specific first; ``hint`` is "" for the base."""

    hint: str
    location: Location
    overrides: tuple[Field, ...]
    root: Field

    def section(self, name: str) -> Layers:
        return Layers(tuple(place.get(name) for place in (*self.overrides, self.root)))


def recognise(document: Document, file_name: str) -> bool:
    """Is this Railway's config as code? By the schema it names, or by the file's name together
    with a section that Railway has, or that people think it has."""
    if document.format in PROGRAMS:
        return True
    root = Field.root(document)
    has_section = any(root.get(name).is_mapping for name in _SECTIONS)
    if "railway" in (root.get("$schema").string() or "").lower():
        # Not the schema itself, which names the JSON Schema it is written in.
        return has_section or _names_railway(file_name)
    name = PurePosixPath(file_name).name.lower()
    if name in _EXACT_NAMES:
        invented = any(root.get(key).present for key in _INVENTIONS)
        return has_section or invented or _lists_services(root.get("services"))
    return has_section and (_names_railway(file_name) or _has_only_own(root, file_name))


def _has_only_own(root: Field, file_name: str) -> bool:
    """Whether a file of any name holds nothing but Railway's sections, with keys of its own."""
    keys = {key for key, _ in root.entries()}
    return (
        file_name.rpartition(".")[2].lower() in SUFFIXES
        and keys <= {"$schema", *_SECTIONS}
        and any(root.get("deploy", key).present for key in OWN_KEYS)
    )


def _lists_services(services: Field) -> bool:
    """Whether a list, or a mapping of names, describes services: timetables have such a key too."""
    entries = [entry for _, entry in services.entries()] + list(services.items())
    return any(entry.get(key).present for entry in entries for key in _OF_SERVICES)


def targets(document: Document) -> list[Target]:
    """The environments that the file tells apart. Without an override for production, the base
    stands for it; environments that no override names are the base's too."""
    root = Field.root(document)
    environments = {
        name: field for name, field in root.get("environments").entries() if field.is_mapping
    }
    production = sorted(name for name in environments if name.lower() in _PRODUCTION)
    found = [
        Target(name.lower(), document.start(), (environments[name],), root) for name in production
    ] or [Target("", document.start(), (), root)]
    for name, field in environments.items():
        if name in production:
            continue
        overrides: tuple[Field, ...] = (field,)
        hint = name
        if name == PREVIEW_ENVIRONMENT:
            # What a pull request's environment is a copy of is production unless the project's
            # settings say otherwise (docs.railway.com, PR environments, Aug 2026).
            hint = "preview"
            overrides = (field, *(environments[prod] for prod in production[:1]))
        found.append(Target(hint, field.location, overrides, root))
    return found


def workload_name(file_name: str) -> tuple[str, str]:
    """The service's name and its environment ("" where unsaid), by the file's place and name.

    Railway's file does not name its service. Several services in one folder have files such as
    ``railway.worker.json``, ``railway-worker.json`` or, by the path that each is set to,
    ``worker.json``; other files are named after the folder they stand in.
    """
    path = PurePosixPath(file_name)
    folders = [part for part in path.parent.parts if part not in ("..", "/", ".railway")]
    folder = folders[-1] if folders else ROOT_FOLDER_NAME
    match = _VARIANT.match(path.name)
    if match is not None:
        variant = match["after"] or match["before"]
    else:
        variant = "" if path.name.lower() in _EXACT_NAMES else path.name.rpartition(".")[0]
    words = [word for word in _SEPARATOR.split(variant) if word]
    environment = words[-1].lower() if words and words[-1].lower() in _ENVIRONMENT_WORDS else ""
    if environment:
        variant = variant[: -len(environment)].rstrip("._-")
    if match is None and variant.lower() in _UNTELLING:
        variant = ""
    return variant or folder, environment


def scaling_places(target: Target) -> Iterator[Field]:
    """The mappings in which people write scaling settings for this environment alone."""
    for override in target.overrides[:1]:
        yield override
        yield override.get("deploy")


def _names_railway(file_name: str) -> bool:
    name = PurePosixPath(file_name).name.lower()
    return name in _EXACT_NAMES or _VARIANT.match(name) is not None
