"""Which schema speaks of an object."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.platforms.base import SchemaChoice
from lintscale.platforms.kubernetes.api_versions import api_version, served
from lintscale.platforms.kubernetes.manifest import Manifest

_REJECTS = "the API server rejects the object"
"""kubectl has asked for strict validation since 1.27: kubernetes.io/docs/reference/using-api/
api-concepts, "Field validation" (read November 2026)."""


def choices(manifest: Manifest, version: str, *, partial: bool) -> Iterator[SchemaChoice]:
    """The schema for an object on a cluster of a Kubernetes version, if there is one."""
    name = f"{manifest.group}/{manifest.version}".removeprefix("/")
    written = api_version(manifest.kind, name)
    if written is None or not written.definition:
        return
    others = tuple(
        (each.name, f"kubernetes/{each.definition}")
        for each in served(manifest.kind, version)
        if each is not written
    )
    yield SchemaChoice(
        name=f"kubernetes/{written.definition}",
        reader="Kubernetes",
        path=manifest.root.path,
        unknown_key_effect=_REJECTS,
        others=others,
        version=version,
        version_key="kubernetes-version",
        partial=partial,
        workload=f"{manifest.kind}/{manifest.name}",
    )
