"""Objects in an API version that Kubernetes has removed."""

from __future__ import annotations

from collections.abc import Iterator

from lintscale.model import DocumentNote
from lintscale.platforms.kubernetes.api_versions import ApiVersion, api_version
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.source.nodes import Mapping


def removal(manifest: Manifest) -> Iterator[DocumentNote]:
    """A note on an object whose API version some Kubernetes version no longer has. ``successor``
    is set where nothing but the apiVersion has to change."""
    written = api_version(manifest.kind, manifest.api_version)
    if written is None or not written.removed:
        return
    as_it_stands = _as_it_stands(manifest, written)
    detail = written.successor
    if written.otherwise and not as_it_stands:
        detail = f"{detail}, {written.otherwise}"
    yield DocumentNote(
        platform="kubernetes",
        kind="removed API version",
        location=manifest.root.get("apiVersion").location,
        detail=detail,
        from_version=written.removed,
        subject=f"{manifest.kind} {manifest.name}".rstrip(),
        value=manifest.api_version,
        successor=written.successor if as_it_stands else None,
    )


def _as_it_stands(manifest: Manifest, written: ApiVersion) -> bool:
    """Is the object valid, and the same, in the successor?"""
    if not written.same_shape:
        return False
    needed = [manifest.spec.get(key).node for key in written.needs]
    return all(isinstance(node, Mapping) and node.entries for node in needed)
