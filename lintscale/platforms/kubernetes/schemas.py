"""Which schema speaks of an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lintscale._record import replace
from lintscale.platforms.base import SchemaChoice
from lintscale.platforms.kubernetes.api_versions import (
    API_VERSIONS,
    CUSTOM,
    Custom,
    api_version,
    is_removed,
    served,
)
from lintscale.platforms.kubernetes.manifest import Manifest, is_ours
from lintscale.syntax.regex import regex

_REJECTS = "the API server rejects the object"
"""kubectl has asked for strict validation since 1.27: kubernetes.io/docs/reference/using-api/
api-concepts, "Field validation" (read November 2026)."""


_PART_MARKS = ("$patch", "$retainKeys", "$setElementOrder", "$deleteFromPrimitiveList", "(")
"""Keys of strategic merge patches (apimachinery, pkg/util/strategicpatch/patch.go), and JMESPath
expressions, which stand in objects that Chainsaw compares with what a cluster has."""


_EXPECTATION = regex(r"(?:^|[-_.\d])(?:assert|errors?)(?:[-_.]|$)")


def is_expectation(file_name: str) -> bool:
    """Is this what KUTTL and Chainsaw compare a cluster's objects with? It says of them what a test
    is about, and no more."""
    return _EXPECTATION.search(file_name.rsplit("/", 1)[-1]) is not None


def has_schema(manifest: Manifest) -> bool:
    """Is it a custom resource that there is a schema for?"""
    return (manifest.group, manifest.kind) in CUSTOM


def choices(manifest: Manifest, version: str, *, partial: bool) -> Iterator[SchemaChoice]:
    """The schemas for an object on a cluster of a Kubernetes version, if there are any. An object
    in an API version that does not exist is held against the one that was probably meant; one in
    a removed version against what it must become, but for what that requires in addition."""
    choice = SchemaChoice(
        name="",
        reader="Kubernetes",
        path=manifest.root.path,
        unknown_key_effect=_REJECTS,
        part_marks=_PART_MARKS,
        version=version,
        versioned="Kubernetes",
        version_key="kubernetes-version",
        partial=partial,
        workload=f"{manifest.kind}/{manifest.name}".removesuffix("/"),
    )
    custom = CUSTOM.get((manifest.group, manifest.kind))
    if custom is not None:
        yield from _for_project(choice, manifest, custom)
    elif is_ours(manifest.kind, manifest.group, manifest.version):
        yield from _built_in(choice, manifest)


def _for_project(
    choice: SchemaChoice, manifest: Manifest, custom: Custom
) -> Iterator[SchemaChoice]:
    choice = replace(
        choice,
        reader=custom.project,
        newest=f"{custom.project} of {custom.date}",
        partial=choice.partial or custom.loose,
    )
    written = next((each for each in custom.versions if each.name == manifest.api_version), None)
    if written is not None:
        yield replace(choice, name=f"kubernetes/{written.definition}")
    else:
        yield replace(choice, inline=_only([each.name for each in custom.versions]))


def _only(api_versions: list[str]) -> dict[str, Any]:
    return {"properties": {"apiVersion": {"enum": api_versions}}}


def _built_in(choice: SchemaChoice, manifest: Manifest) -> Iterator[SchemaChoice]:
    versions = API_VERSIONS.get(manifest.kind, ())
    written = api_version(manifest.kind, manifest.api_version)
    if written is None:
        names = [each.name for each in served(manifest.kind, choice.version)]
        names = names or [
            each.name
            for (_, kind), custom in CUSTOM.items()
            if kind == manifest.kind
            for each in custom.versions
        ]
        if names:
            yield replace(choice, inline=_only(names))
        written = next(iter(versions), None)
    if written is None or not written.definition:
        return
    removed = is_removed(written, choice.version)
    others = tuple(
        (each.name, f"kubernetes/{each.definition}")
        for each in served(manifest.kind, choice.version)
        if each.definition != written.definition
    )
    yield replace(
        choice,
        name=f"kubernetes/{written.definition}",
        others=() if removed else others,
        version="" if removed else choice.version,
        partial=choice.partial or removed,
    )
