"""A Blueprint in the common model.

Facts from render.com/docs/blueprint-spec and the pages it links to, as of Aug 2026 where no
other date is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from lintscale.model.declared import DocumentNote, Fragments
from lintscale.platforms.base import Reader, SchemaChoice, Versions
from lintscale.platforms.render import databases, environment, services
from lintscale.platforms.render.deprecated import deprecations
from lintscale.platforms.render.shape import (
    DETECTED_NAME,
    KEY_VALUE_TYPES,
    SERVICE_TYPES,
    UNREAD_NAMES,
    places,
    recognise,
)
from lintscale.syntax.document import Document
from lintscale.syntax.field import Field

__all__ = ["normalise", "recognise", "schemas"]

_REJECTS = "Render rejects the whole Blueprint"
"""Its decoder is strict ("field disks not found in type file.Service"), and so is its validator
("services[0] docker runtime must not have startCommand"): public bug reports of 2024 to 2026."""


def schemas(document: Document, file_name: str, versions: Versions) -> Iterable[SchemaChoice]:
    """That of a Blueprint, for the whole document. Under a name of its own it may be a piece of
    one, which somebody pastes or puts together."""
    root = Field.root(document)
    name = PurePosixPath(file_name).name
    yield SchemaChoice(
        name="render/blueprint",
        reader="Render",
        unknown_key_effect=_REJECTS,
        violation_effect=_REJECTS,
        scalar_is_text=True,
        partial=name != DETECTED_NAME and name not in UNREAD_NAMES,
        workloads=tuple(
            (service.path, service.get("name").string() or "")
            for place, _ in places(root)
            for service in place.get("services").items()
        ),
    )


def normalise(document: Document, file_name: str) -> Fragments:
    """What a Blueprint says. A service's key in the model is its name, which Render requires to
    be unique in a workspace; one of a type that Render does not have is left out."""
    fragments = Fragments()
    for place, environment_name in places(Field.root(document)):
        for group in place.get("envVarGroups").items():
            known = environment.environment_group(group)
            if known is not None:
                fragments.environment_groups.append(known)
        for database in place.get("databases").items():
            fragments.databases.extend(databases.postgres(database, environment_name))
        for service in place.get("services").items():
            _add_service(fragments, service, environment_name)
    fragments.notes.extend(_notes(document, file_name))
    fragments.deprecations.extend(deprecations(Field.root(document)))
    return fragments


def _add_service(fragments: Fragments, service: Field, environment_name: str) -> None:
    kind = services.kind_of(service)
    if kind not in SERVICE_TYPES and kind != "static":
        return
    name = service.get("name").string() or f"services[{service.path[-1]}]"
    if kind in KEY_VALUE_TYPES:
        fragments.databases.append(databases.key_value(service, name, environment_name))
        fragments.ignored_settings.extend(services.ignored_scaling(service, "keyvalue", ""))
        return
    workload = services.workload(service, kind, name, environment_name)
    fragments.workloads.append(workload)
    scaler = services.autoscaler(service, kind, name, environment_name)
    if scaler is not None:
        fragments.autoscalers.append(scaler)
        fragments.ignored_settings.extend(services.ignored_scaling(service, kind, workload.id))


def _notes(document: Document, file_name: str) -> list[DocumentNote]:
    name = PurePosixPath(file_name).name
    if name not in UNREAD_NAMES:
        return []
    detail = (
        f"Render only detects a file named {DETECTED_NAME} in the repository's root."
        f" Rename {name} to {DETECTED_NAME}, or set its path when you create the Blueprint."
    )
    return [DocumentNote("render", "unread file name", document.start(), detail)]


READER = Reader(recognise, normalise, schemas)
