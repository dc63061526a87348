"""Objects in an API version that Kubernetes has removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lintscale._record import replace
from lintscale.model.declared import DocumentNote
from lintscale.platforms.kubernetes.api_versions import ApiVersion, api_version
from lintscale.platforms.kubernetes.manifest import Manifest
from lintscale.syntax.nodes import Mapping

KIND = "removed API version"


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
        kind=KIND,
        location=manifest.root.get("apiVersion").location,
        detail=detail,
        from_version=written.removed,
        subject=f"{manifest.kind} {manifest.name}".rstrip(),
        value=manifest.api_version,
        successor=written.successor if as_it_stands else None,
    )


def with_patches(notes: Iterable[DocumentNote], texts: Sequence[str]) -> list[DocumentNote]:
    """The notes, told of those objects whose version one of ``texts`` names: kustomizations, and
    what they say are patches. A patch that finds no object of its version stops the build, and a
    target that selects none is passed over in silence (kubernetes-sigs/kustomize:
    kyaml/resid/gvk.go and api/internal/builtins/PatchTransformer.go, read November 2026)."""
    return [
        replace(note, patched=True)
        if note.kind == KIND and any(map(_naming(note.value).search, texts))
        else note
        for note in notes
    ]


def _naming(api_version: str) -> re.Pattern[str]:
    """As a whole, or as the version of a target."""
    version = re.escape(api_version.rpartition("/")[2])
    target = rf"(?<![A-Za-z])version[\"']?: *[\"']?{version}"
    return re.compile(rf"(?:{re.escape(api_version)}|{target})(?![A-Za-z0-9])")


def _as_it_stands(manifest: Manifest, written: ApiVersion) -> bool:
    """Is the object valid, and the same, in the successor?"""
    if not written.same_shape:
        return False
    needed = [manifest.spec.get(key).node for key in written.needs]
    return all(isinstance(node, Mapping) and node.entries for node in needed)
